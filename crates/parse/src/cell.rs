//! What a cell looks like: a status, a code, prose.

use std::sync::LazyLock;

use docdrift_model::text::half_width;
use regex::Regex;

/// A status or a list of codes has no more bytes; longer texts are not even looked at.
const MAX_KEY_BYTES: usize = 600;

/// `400`, `5XX`, `404/500`, `403Forbidden`, `400 Bad Request`, `BadRequest (400)`, `冲突 (409)`, and the odd `0`.
static STATUS: LazyLock<Regex> = LazyLock::new(|| {
    let number = r"(?:[1-5][0-9]{2}|[1-5][xX]{2})";
    let list = format!(r"{number}(?:\s*(?:/|,|、|;|or|或|-|~|\n)\s*{number})*");
    Regex::new(&format!(r"^(?:{list}|{number}[\s:：(-]*[A-Za-z][A-Za-z '()-]{{1,40}}|[\p{{L}} ]{{1,40}}[\s(（]+{number}[)）]?|0|[1-9][0-9]{{3}})$"))
        .expect("a valid pattern")
});

/// Letters or digits with the joints that codes have; a template may hold placeholders.
static CODE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"^[A-Za-z0-9_%{}<>*$\[\]&#+-][A-Za-z0-9_%{}<>*$.:/\[\]()&#+-]*$").expect("a valid pattern")
});

/// Whether the text is an HTTP status as pages print it.
pub(crate) fn is_status(text: &str) -> bool {
    text.len() <= MAX_KEY_BYTES && STATUS.is_match(half_width(text).trim())
}

/// Whether the text can be an error code, or several of them: one word of letters, digits and joints each.
pub(crate) fn is_code(text: &str) -> bool {
    if text.len() > MAX_KEY_BYTES {
        return false;
    }
    let plain = half_width(text);
    let mut words =
        plain.split(|c: char| c.is_whitespace() || matches!(c, ',' | ';')).filter(|word| !word.is_empty()).peekable();
    if words.peek().is_none() {
        return false;
    }
    let mut all_marked = true;
    let mut count = 0;
    for word in words {
        let word = word.trim_matches(['"', '\'', '/']);
        if word.is_empty() {
            continue;
        }
        count += 1;
        if !CODE.is_match(word) || word.len() > 160 || word.ends_with(':') {
            return false;
        }
        all_marked &= is_marked(word);
    }
    count == 1 || (count > 1 && all_marked)
}

/// Whether the text is a code and, in brackets behind it, its status, as columns of both print them: `A.1 (400)`.
pub(crate) fn is_code_beside_status(text: &str) -> bool {
    let plain = half_width(text);
    let parts = plain.trim().strip_suffix(')').and_then(|rest| rest.rsplit_once('('));
    parts.is_some_and(|(code, status)| is_code(code) && is_status(status))
}

/// Whether the text is a code and a colon, as columns print it that were a list: `A.1:`.
pub(crate) fn is_code_before_colon(text: &str) -> bool {
    text.trim_end().strip_suffix([':', '：']).is_some_and(|code| is_code(code) && !code.ends_with([':', '：']))
}

/// Whether a word has what ordinary words lack: a digit, a joint inside, or capitals after the first letter.
pub(crate) fn is_marked(word: &str) -> bool {
    let inner = word.get(1..word.len().max(1) - usize::from(word.len() > 1)).unwrap_or_default();
    word.chars().any(|c| c.is_ascii_digit())
        || inner.contains(['.', '_', ':', '/'])
        || inner.chars().any(|c| c.is_ascii_uppercase())
}

/// Whether the text is no more than the name of an HTTP status (RFC 9110, section 15), as `Not Found`.
pub(crate) fn is_reason_phrase(text: &str) -> bool {
    const PHRASES: [&str; 34] = [
        "continue",
        "switchingprotocols",
        "ok",
        "created",
        "accepted",
        "nonauthoritativeinformation",
        "nocontent",
        "resetcontent",
        "partialcontent",
        "multiplechoices",
        "movedpermanently",
        "found",
        "seeother",
        "notmodified",
        "useproxy",
        "temporaryredirect",
        "badrequest",
        "unauthorized",
        "paymentrequired",
        "forbidden",
        "notfound",
        "methodnotallowed",
        "notacceptable",
        "requesttimeout",
        "conflict",
        "gone",
        "preconditionfailed",
        "toomanyrequests",
        "unprocessableentity",
        "internalservererror",
        "notimplemented",
        "badgateway",
        "serviceunavailable",
        "gatewaytimeout",
    ];
    let letters: String = text.chars().filter(char::is_ascii_alphabetic).collect::<String>().to_ascii_lowercase();
    PHRASES.contains(&letters.as_str())
}

/// Whether the text has Chinese characters.
pub(crate) fn has_han(text: &str) -> bool {
    text.chars().any(is_han)
}

/// Whether the character is Chinese (the CJK unified ideographs and their first extension).
pub(crate) fn is_han(c: char) -> bool {
    matches!(c, '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}')
}

#[cfg(test)]
mod tests {
    use super::{is_code, is_status};

    #[test]
    fn statuses() {
        for yes in [
            "400",
            "404/500",
            "400/404",
            "5XX",
            "4xx",
            "400 Bad Request",
            "403Forbidden",
            "500Internal Server Error",
            "BadRequest (400)",
            "冲突 (409)",
            "冲突（409）",
            "４０４",
            "0",
            "4000",
            "400\n404",
            "400, 404",
        ] {
            assert!(is_status(yes), "{yes}");
        }
        for no in ["", "IIC.400", "Bad Request", "1104.5", "The request has 400 items.", "-", "600", "错误码"] {
            assert!(!is_status(no), "{no}");
        }
    }

    #[test]
    fn codes() {
        for yes in [
            "IIC.1001",
            "1104",
            "0023",
            "InvalidParameter",
            "Invalid%s.Malformed",
            "Missing{ParameterName}",
            "Missing*",
            "ERROR_SERVER",
            "CCI.01.400101",
            "ems.00030002",
            "DRS.M00001",
            "A.1\nA.2",
            "x-forbidden",
            "AS.0001/AS.0002",
            "success",
            "０００１",
        ] {
            assert!(is_code(yes), "{yes}");
        }
        for no in ["", "Bad Request", "请求参数错误", "The code.", "Error code:", "a b"] {
            assert!(!is_code(no), "{no}");
        }
    }
}
