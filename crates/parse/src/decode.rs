//! Decodes the bytes of a page by its charset.

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use docdrift_model::{Page, Warning, WarningKind};
use encoding_rs::{Encoding, UTF_8};

/// The number of bytes searched for a `<meta charset>`. HTML asks for the first 1024 bytes; real pages put it later.
const META_WINDOW: usize = 4096;

/// Decodes a page. Warns if the page is not text or if bytes had to be replaced.
///
/// The charset is determined in this order: byte-order mark; valid UTF-8 that is not plain ASCII, which never happens
/// by chance; the HTTP header; the `<meta>` element; a guess over the whole body.
pub(crate) fn decode(page: &Page) -> (String, Option<Warning>) {
    let body = &page.body;
    if let Some((encoding, _)) = Encoding::for_bom(body) {
        return decode_as(body, encoding);
    }
    let sample = &body[..body.len().min(8192)];
    if let Some(encoding) = detect_utf16(sample) {
        return decode_as(body, encoding);
    }
    if is_binary(sample) {
        let detail = format!("{} bytes of binary data, not a page; fetch it again or check the URL", body.len());
        return (String::new(), Some(Warning::page(WarningKind::Binary, detail)));
    }
    if let Ok(text) = std::str::from_utf8(body) {
        let seven_bit_charset = body.contains(&0x1b);
        if !text.is_ascii() || !seven_bit_charset {
            return (text.to_owned(), None);
        }
    }
    if let Some(warning) = find_broken_utf8(body) {
        return (String::from_utf8_lossy(body).into_owned(), Some(warning));
    }
    let declared = page.header("content-type").and_then(parse_charset).or_else(|| find_meta_charset(body));
    match declared {
        Some(encoding) if encoding != UTF_8 && !encoding.decode(body).2 => decode_as(body, encoding),
        _ => decode_as(body, guess_encoding(body)),
    }
}

/// Accepts UTF-8 with a few broken bytes: a page cut inside a character, or one bad byte. Text in another charset
/// breaks at nearly every character.
fn find_broken_utf8(body: &[u8]) -> Option<Warning> {
    let (mut good, mut bad) = (0usize, 0usize);
    for chunk in body.utf8_chunks() {
        good += chunk.valid().chars().filter(|c| !c.is_ascii()).count();
        bad += usize::from(!chunk.invalid().is_empty());
    }
    let detail = || format!("{bad} invalid UTF-8 sequence(s) were replaced");
    (bad > 0 && good >= bad * 10).then(|| Warning::page(WarningKind::Charset, detail()))
}

fn decode_as(body: &[u8], encoding: &'static Encoding) -> (String, Option<Warning>) {
    let (text, used, replaced) = encoding.decode(body);
    let warning = replaced.then(|| {
        Warning::page(WarningKind::Charset, format!("bytes that are invalid in {} were replaced", used.name()))
    });
    (text.into_owned(), warning)
}

/// Whether the bytes are binary: text has hardly any control characters.
fn is_binary(sample: &[u8]) -> bool {
    let odd = sample.iter().filter(|b| matches!(b, 0..=8 | 14..=26 | 28..=31 | 127)).count();
    odd * 50 > sample.len()
}

/// Detects UTF-16 without a byte-order mark: nearly every other byte of markup is zero.
fn detect_utf16(sample: &[u8]) -> Option<&'static Encoding> {
    let zeros = |offset: usize| sample.iter().skip(offset).step_by(2).filter(|b| **b == 0).count();
    let (high, low) = (zeros(0), zeros(1));
    let half = sample.len() / 2;
    match () {
        () if low * 10 > half * 3 && high * 20 < half => Some(encoding_rs::UTF_16LE),
        () if high * 10 > half * 3 && low * 20 < half => Some(encoding_rs::UTF_16BE),
        () => None,
    }
}

fn guess_encoding(body: &[u8]) -> &'static Encoding {
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    detector.feed(body, true);
    detector.guess(None, Utf8Detection::Allow)
}

/// Returns the encoding that `charset=…` names in a content type or meta element.
fn parse_charset(text: &str) -> Option<&'static Encoding> {
    let at = text.to_ascii_lowercase().find("charset")?;
    let rest = text.get(at + "charset".len()..)?.trim_start().strip_prefix('=')?;
    let label: String = rest
        .trim_start_matches([' ', '"', '\''])
        .chars()
        .take_while(|c| c.is_ascii_alphanumeric() || "-_:.".contains(*c))
        .collect();
    Encoding::for_label(label.as_bytes())
}

fn find_meta_charset(body: &[u8]) -> Option<&'static Encoding> {
    parse_charset(&String::from_utf8_lossy(&body[..body.len().min(META_WINDOW)]))
}

#[cfg(test)]
mod tests {
    use super::decode;
    use docdrift_model::{Page, WarningKind};

    fn page(content_type: Option<&str>, body: Vec<u8>) -> Page {
        Page {
            url: String::new(),
            fetched_at: String::new(),
            status: None,
            headers: content_type.map(|v| ("content-type".into(), v.into())).into_iter().collect(),
            body,
        }
    }

    const TEXT: &str = "<html><p>错误码说明：请求参数不正确，请检查后再试。</p></html>";

    #[test]
    fn decodes_each_charset_with_and_without_declaration() {
        let gbk = encoding_rs::GB18030.encode(TEXT).0.into_owned();
        let big5_text = "<p>錯誤碼說明：請求參數不正確，請檢查後再試。</p>";
        let big5 = encoding_rs::BIG5.encode(big5_text).0.into_owned();
        let marked: Vec<u8> = [0xfe, 0xff].into_iter().chain(TEXT.encode_utf16().flat_map(u16::to_be_bytes)).collect();
        for (name, declared, body, expected) in [
            ("utf-8, undeclared", None, TEXT.as_bytes().to_vec(), TEXT),
            ("utf-8 declared as gbk", Some("text/html; charset=gbk"), TEXT.as_bytes().to_vec(), TEXT),
            ("gbk declared", Some("text/html; charset=GBK"), gbk.clone(), TEXT),
            ("gbk undeclared", None, gbk.clone(), TEXT),
            ("gbk declared as utf-8", Some("text/html; charset=utf-8"), gbk, TEXT),
            ("big5 declared", Some("text/html;charset=\"big5\""), big5.clone(), big5_text),
            ("big5 undeclared", None, big5, big5_text),
            ("utf-16 with mark", None, marked, TEXT),
        ] {
            assert_eq!(decode(&page(declared, body)).0, expected, "{name}");
        }
        let ascii: Vec<u8> =
            "<table><tr><td>Code</td></tr></table>".encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert!(decode(&page(None, ascii)).0.contains("<td>Code</td>"), "utf-16 without mark");
    }

    #[test]
    fn a_few_bad_bytes_do_not_change_the_charset() {
        let text = "<p>The “lamp” isn’t lit: 请检查开关，然后再试一次。</p>";
        let mut bad = text.as_bytes().to_vec();
        bad.insert(3, 0xff);
        let cut = text.as_bytes()[..text.len() - 8].to_vec();
        for (name, body) in [("a bad byte", bad), ("cut inside a character", cut)] {
            let (read, warning) = decode(&page(None, body));
            assert!(read.contains("“lamp” isn’t"), "{name}: {read}");
            assert_eq!(warning.unwrap().kind, WarningKind::Charset, "{name}");
        }
    }

    #[test]
    fn reports_noise_as_binary() {
        let noise: Vec<u8> = (0..4096u32).map(|i| i.wrapping_mul(2_654_435_761).to_be_bytes()[1]).collect();
        let (text, warning) = decode(&page(None, noise));
        assert_eq!((text.as_str(), warning.unwrap().kind), ("", WarningKind::Binary));
    }
}
