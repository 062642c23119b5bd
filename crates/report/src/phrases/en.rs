use super::{Phrases, Plural};

pub(super) static PHRASES: Phrases = Phrases {
    colon: ": ",

    status_header: ["source", "last success", "last change", "failing since"],
    never: "never",
    failing_since: "{0} ({1})",

    check_header: ["", "check", "of", "seen", "let through"],
    passed: "ok",
    failed: "HELD",

    pair: "{0} = {1}  ({2}, {3})",
    pair_for_review: "{0} = {1}  ({2}, {3}, for review)",
    only_in_zh: "{0} = nothing in en",
    only_in_en: "nothing in zh = {0}",
    pair_counts: "{0} pair(s), {1} row(s) in zh only, {2} in en only",
    review_count: "{0} pair(s) for review",
    no_error_table: "{0} page: no error table: {1}",

    note: "note: {0}",
    not_checked_against_pages: "not checked against pages: {0}, whose pages are not archived or were read by another \
                                version of docdrift",
    last_snapshots: Plural("{0} last snapshot", "{0} last snapshots"),
    all_consistent: "all consistent",
    wrong: Plural("{0} thing wrong", "{0} things wrong"),
    sources: Plural("{0} source", "{0} sources"),
    with_snapshots: "{0} with snapshots",
    entries: Plural("{0} entry", "{0} entries"),
    files: Plural("{0} file", "{0} files"),
    verify_summary: "{0}, {1}, {2}, {3}: {4}",

    version_header: ["source", "lang", "status", "first seen", "last seen", "visits", "bytes", "digest"],
    no_page_archived: "no page is archived",
    from_file: "file",
    archive_sound: "nothing is damaged",
    archive_damaged: "{0} damaged; remove these objects and lines, or put them back from a copy: what its server still \
                      gives is archived again by the next refresh",
    archive_summary: "{0} visit(s), {1} object(s): {2}",
    index_line: " (line {0} of the index)",
    index_lines: " (line {0} of the index and {1} more)",
    would_be_removed: "would be removed",
    removed: "removed",
    prune_summary: "{0} visit(s) and {1} object(s), {2} bytes, {3}\n{4} visit(s) and {5} object(s), {6} bytes, stay",

    files_written: "{0} file(s) written, {1} removed; the report is {2}",
    nothing_written: "nothing was written; a refresh would write {0} and remove {1} file(s)",
    interrupted: "interrupted: what was fetched is kept, the other sources stay as they are",
    host_summary: "{0}: {1} request(s), {2} bytes, {3} not modified, {4} again, {5} failed, waited {6} s",
};
