//! Compressed bodies: too large, broken, or not what the head says.

use std::{io::Write as _, sync::LazyLock};

use brotli::{CompressorWriter, enc::BrotliEncoderParams};
use flate2::{
    Compression,
    write::{GzEncoder, ZlibEncoder},
};

use crate::{
    hostile::{
        page::english_page,
        route::{
            Expected::{Failed, Unchanged},
            Route,
        },
    },
    reply::Reply,
};

/// The size of each bomb when decompressed: above the largest page that is accepted (20 MB).
const BOMB: usize = 32 << 20;

static GZIP_BOMB: LazyLock<Vec<u8>> = LazyLock::new(|| gzip(&blanks()));
static DEFLATE_BOMB: LazyLock<Vec<u8>> = LazyLock::new(|| deflate(&blanks()));
static BROTLI_BOMB: LazyLock<Vec<u8>> = LazyLock::new(|| brotli(&blanks()));
static ZSTD_BOMB: LazyLock<Vec<u8>> = LazyLock::new(|| zstd(&blanks()));

/// Compresses the bombs: that takes longer than a client waits for an answer.
pub(super) fn prepare() {
    for bomb in [&GZIP_BOMB, &DEFLATE_BOMB, &BROTLI_BOMB, &ZSTD_BOMB] {
        LazyLock::force(bomb);
    }
}

pub(super) fn routes() -> Vec<Route> {
    let large = Failed("too-large");
    vec![
        Route::new("gzip-bomb", "unfolds 32 KB of gzip to 32 MB", large, |_| packed("gzip", &GZIP_BOMB)),
        Route::new("deflate-bomb", "unfolds 32 KB of deflate to 32 MB", large, |_| packed("deflate", &DEFLATE_BOMB)),
        Route::new("brotli-bomb", "unfolds a few bytes of brotli to 32 MB", large, |_| packed("br", &BROTLI_BOMB)),
        Route::new("zstd-bomb", "unfolds a few KB of zstd to 32 MB", large, |_| packed("zstd", &ZSTD_BOMB)),
        Route::new("gzip-good", "packs the good page", Unchanged, |_| packed("gzip", &gzip(english_page().as_bytes()))),
        Route::new("gzip-cut", "sends half of the gzip stream under its own length", Failed("truncated"), |_| {
            let packed_page = gzip(english_page().as_bytes());
            packed("gzip", &packed_page[..packed_page.len() / 2])
        }),
        Route::new("gzip-wrong-sum", "ends gzip with a wrong checksum", Failed("truncated"), |_| {
            let mut bytes = gzip(english_page().as_bytes());
            if let Some(byte) = bytes.len().checked_sub(6).and_then(|at| bytes.get_mut(at)) {
                *byte ^= 0xff;
            }
            packed("gzip", &bytes)
        }),
        Route::new("gzip-declared", "says gzip and sends the plain page", Failed("truncated"), |_| {
            packed("gzip", english_page().as_bytes())
        }),
        Route::new("gzip-undeclared", "sends gzip and does not say so", Failed("wrong-type"), |_| {
            Reply::page(gzip(english_page().as_bytes()))
        }),
        Route::new("gzip-nested", "packs the page twice and says so once", Failed("wrong-type"), |_| {
            packed("gzip", &gzip(&gzip(english_page().as_bytes())))
        }),
        Route::new("encoding-unknown", "packs the page in a way that nobody knows", Failed("wrong-type"), |_| {
            packed("x-tide", &gzip(english_page().as_bytes()))
        }),
    ]
}

/// The beginning of a page, and then blanks.
fn blanks() -> Vec<u8> {
    [b"<table><tr><td>".to_vec(), vec![b' '; BOMB]].concat()
}

fn packed(encoding: &str, body: &[u8]) -> Reply {
    Reply::page_with(&format!("content-encoding: {encoding}\r\n"), body)
}

fn gzip(body: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    // Writing to memory cannot fail.
    let _ = encoder.write_all(body);
    encoder.finish().unwrap_or_default()
}

fn deflate(body: &[u8]) -> Vec<u8> {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::default());
    let _ = encoder.write_all(body);
    encoder.finish().unwrap_or_default()
}

fn brotli(body: &[u8]) -> Vec<u8> {
    let params = BrotliEncoderParams { quality: 1, ..BrotliEncoderParams::default() };
    let mut encoder = CompressorWriter::with_params(Vec::new(), 1 << 16, &params);
    let _ = encoder.write_all(body);
    encoder.into_inner()
}

fn zstd(body: &[u8]) -> Vec<u8> {
    ::zstd::bulk::compress(body, 1).unwrap_or_default()
}
