"""Prints each record that warcio reads in WARC files as a line of JSON. Exits with an error if a digest is wrong.

The first argument is the folder of an archive's objects, the others are files.
"""

import hashlib
import io
import json
import pathlib
import sys
from contextlib import redirect_stdout

from warcio.archiveiterator import ArchiveIterator
from warcio.cli import main as warcio


def records(path):
    with open(path, "rb") as stream:
        for record in ArchiveIterator(stream, check_digests="raise"):
            head, http = record.rec_headers, record.http_headers
            body = record.content_stream().read()
            yield {
                "file": path.name,
                "type": record.rec_type,
                "url": head.get_header("WARC-Target-URI"),
                "date": head.get_header("WARC-Date"),
                "digest": head.get_header("WARC-Payload-Digest"),
                "refers_to_date": head.get_header("WARC-Refers-To-Date"),
                "status": int(http.get_statuscode()) if http else None,
                "content_type": http.get_header("content-type") if http else None,
                "body": "sha256:" + hashlib.sha256(body).hexdigest(),
                "length": len(body),
                "was_checked": record.digest_checker.passed,
            }


def check(path):
    """Returns the exit code and the output of `warcio check -v`."""
    output = io.StringIO()
    with redirect_stdout(output):
        try:
            warcio(["check", "-v", str(path)])
            code = 0
        except SystemExit as end:
            code = end.code or 0
    return {"file": path.name, "type": "check", "code": code, "output": output.getvalue()}


objects = sorted(pathlib.Path(sys.argv[1]).glob("*/*.warc.gz"))
for path in objects + [pathlib.Path(name) for name in sys.argv[2:]]:
    for record in records(path):
        print(json.dumps(record))
    print(json.dumps(check(path)))
