//! Compressed bodies, valid and invalid.

use docdrift_fetch::FailureKind;
use docdrift_testkit::{HTML, LoopbackServer, ReceivedRequest, Reply};

use crate::setup::{CAP, PAGE, assert_outcomes, gzip, pack, packed, page};

fn routes(request: &ReceivedRequest) -> Reply {
    match request.path.as_str() {
        "/gzip" => packed("gzip", &gzip(PAGE)),
        "/br" => packed("br", &pack("br", PAGE)),
        "/zstd" => packed("zstd", &pack("zstd", PAGE)),
        "/deflate" => packed("Deflate", &pack("deflate", PAGE)),
        "/two-members" => packed("gzip", &[gzip(&PAGE[..9]), gzip(&PAGE[9..])].concat()),
        "/identity" => packed("identity", PAGE),
        "/packed-empty" => packed("gzip", b""),
        "/compress" => packed("compress", PAGE),
        "/packed-twice" => packed("gzip, br", &pack("br", &gzip(PAGE))),
        "/not-gzip" => packed("gzip", PAGE),
        "/bomb" => packed("gzip", &gzip(&vec![b'x'; CAP * 512])),
        "/cut-gzip" => {
            let body = gzip(PAGE);
            packed("gzip", &body[..body.len() / 2])
        }
        "/cut-br" => packed("br", &pack("br", PAGE)[..PAGE.len() / 2]),
        "/cut-zstd" => packed("zstd", &pack("zstd", PAGE)[..PAGE.len() / 2]),
        "/cut-deflate" => packed("deflate", &pack("deflate", PAGE)[..PAGE.len() / 2]),
        "/cut-after-gzip" => {
            let head = format!("HTTP/1.1 200 OK\r\n{HTML}content-encoding: gzip\r\ntransfer-encoding: chunked\r\n\r\n");
            let body = gzip(PAGE);
            Reply::raw([head.as_bytes(), format!("{:x}\r\n", body.len()).as_bytes(), &body, b"\r\n"].concat())
        }
        _ => page(),
    }
}

#[test]
fn each_encoding_has_its_outcome() {
    use FailureKind::{Empty, TooLarge, Truncated, WrongType};
    let server = LoopbackServer::start(routes);
    let expected = [
        ("/gzip", Ok(PAGE), 1),
        ("/br", Ok(PAGE), 1),
        ("/zstd", Ok(PAGE), 1),
        ("/deflate", Ok(PAGE), 1),
        ("/two-members", Ok(PAGE), 1),
        ("/identity", Ok(PAGE), 1),
        ("/packed-empty", Err(Empty), 1),
        ("/compress", Err(WrongType), 1),
        ("/packed-twice", Err(WrongType), 1),
        ("/not-gzip", Err(Truncated), 3),
        ("/bomb", Err(TooLarge), 1),
        ("/cut-gzip", Err(Truncated), 3),
        ("/cut-br", Err(Truncated), 3),
        ("/cut-zstd", Err(Truncated), 3),
        ("/cut-deflate", Err(Truncated), 3),
        ("/cut-after-gzip", Err(Truncated), 3),
    ];
    assert_outcomes(&server, &expected);
}
