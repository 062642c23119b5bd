//! Recognizes what a cell is: a status, a code, a sentence. Each kind has one definition.

use std::sync::LazyLock;

use docdrift_model::text::{half_width, status_numbers};
use regex::Regex;

/// The maximum length of a status or a list of codes in bytes. Longer texts are prose.
const MAX_KEY_BYTES: usize = 600;
/// The maximum length of a code in bytes. The longest codes, with placeholders, are below it.
const MAX_CODE_BYTES: usize = 160;

/// `400`, `5XX`, `404/500`, `403Forbidden`, `400 Bad Request`, `BadRequest (400)`, `冲突 (409)`, `HTTP 400`, and the odd
/// `0`.
static STATUS: LazyLock<Regex> = LazyLock::new(|| {
    let number = r"(?:[1-5][0-9]{2}|[1-5][xX]{2})";
    let list = format!(r"{number}(?:\s*(?:/|,|、|;|or|或|-|~|\n)\s*{number})*");
    Regex::new(&format!(r"^(?:(?:HTTP[ /]?(?:1\.1 )?)?{list}|{number}[\s:：(-]*[A-Za-z][A-Za-z '()-]{{1,40}}|[\p{{L}} ]{{1,40}}[\s(（]+{number}[)）]?|0|[1-9][0-9]{{3}})$"))
        .expect("a valid pattern")
});

/// Letters or digits with the joints of codes. A template may contain placeholders.
static CODE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"^[A-Za-z0-9_%{}<>*$\[\]&#+-][A-Za-z0-9_%{}<>*$.:/\[\]()&#+-]*$").expect("a valid pattern")
});

/// Codes of two parts: `code=10001`, `NAME=206`, `ERROR 1045 (28000)`, `(3) NAME`, `NAME (3)`, `-1000 NAME`, `NAME:
/// 12`.
static COMPOUND: LazyLock<Regex> = LazyLock::new(|| {
    let number = r"[-+]?(?:0x[0-9A-Fa-f]+|[0-9]{1,10})";
    let name = r"[A-Za-z][A-Za-z0-9_.:-]*";
    Regex::new(&format!(
        r"^(?:{name}\s*[=:]\s*{number}|(?:ERROR|Error|error|HTTP|SQLSTATE)\s+{number}(?:\s*\([0-9A-Z]+\))?|\({number}\)\s*{name}|{name}\s*[(\[]\s*{number}\s*[)\]]|{number}\s*[(\[]\s*{name}\s*[)\]]|{number}(?:\s+[-–]?\s*|\s*[:/]\s*)[A-Z][A-Z0-9_]{{3,}}|[A-Z][A-Z0-9_]{{3,}}\s+{number})$"
    ))
    .expect("a valid pattern")
});

/// A range of numbers: `1000-1999`, `40000 ~ 49999`.
static RANGE: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"^-?[0-9]{1,10}\s*(?:-|~|to|至|到|\.\.+)\s*-?[0-9]{1,10}$").expect("a valid pattern"));

/// Whether the text is an HTTP status as pages print it.
pub(crate) fn is_status(text: &str) -> bool {
    text.len() <= MAX_KEY_BYTES && STATUS.is_match(half_width(text).trim())
}

/// Whether the text is a status that HTTP registers or servers use. A misprinted one is not, since application codes
/// may have three digits as well.
pub(crate) fn is_http_status(cell: &str) -> bool {
    if !is_status(cell) {
        return false;
    }
    let numbers = status_numbers(cell);
    // `5XX` is a class of statuses.
    if numbers.is_empty() {
        cell.contains(['x', 'X'])
    } else {
        numbers.iter().all(|number| HTTP_STATUSES.contains(number))
    }
}

/// The registered statuses (IANA, HTTP Status Code Registry), and those of common servers and proxies.
const HTTP_STATUSES: [u16; 90] = [
    100, 101, 102, 103, 200, 201, 202, 203, 204, 205, 206, 207, 208, 226, 300, 301, 302, 303, 304, 305, 306, 307, 308,
    400, 401, 402, 403, 404, 405, 406, 407, 408, 409, 410, 411, 412, 413, 414, 415, 416, 417, 418, 419, 420, 421, 422,
    423, 424, 425, 426, 428, 429, 431, 440, 444, 449, 450, 451, 460, 463, 494, 495, 496, 497, 498, 499, 500, 501, 502,
    503, 504, 505, 506, 507, 508, 509, 510, 511, 520, 521, 522, 523, 524, 525, 526, 527, 529, 530, 598, 599,
];

/// Whether the text can be an error code, or several of them.
pub(crate) fn is_code(text: &str) -> bool {
    if text.is_empty() || text.len() > MAX_KEY_BYTES {
        return false;
    }
    let plain = normalize_code(text);
    is_word_code(&plain) || COMPOUND.is_match(&plain) || RANGE.is_match(&plain)
}

/// Returns the text in half-width characters, without quotes and with a plain minus sign.
fn normalize_code(text: &str) -> String {
    let plain = half_width(text).replace(['\u{2212}', '\u{2010}', '\u{2011}'], "-");
    plain.trim().trim_matches(['"', '\'', '`']).trim().to_owned()
}

/// Whether the text is one word of letters, digits and joints, or several that each look like a code.
fn is_word_code(plain: &str) -> bool {
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
        // `1)` and `a)` number the items of a list.
        let is_item_number = word.ends_with(')') && !word.contains('(');
        if !CODE.is_match(word) || word.len() > MAX_CODE_BYTES || word.ends_with(':') || is_item_number {
            return false;
        }
        all_marked &= looks_like_identifier(word);
    }
    count == 1 || (count > 1 && all_marked)
}

/// Whether the text is a code with its status in brackets, as columns of both print them: `A.1 (400)`.
pub(crate) fn is_code_beside_status(text: &str) -> bool {
    let plain = half_width(text);
    let parts = plain.trim().strip_suffix(')').and_then(|rest| rest.rsplit_once('('));
    parts.is_some_and(|(code, status)| is_code(code) && is_status(status))
}

/// Whether the text is a code with a colon, as in columns made from lists: `A.1:`.
pub(crate) fn is_code_before_colon(text: &str) -> bool {
    text.trim_end().strip_suffix([':', '：']).is_some_and(|code| is_code(code) && !code.ends_with([':', '：']))
}

/// Whether the text is a code in any printed form.
pub(crate) fn is_printed_code(cell: &str) -> bool {
    is_code(cell) || is_code_beside_status(cell) || is_code_before_colon(cell)
}

/// The form in which a code is written. [`CodeForm::weight`] rates it as evidence.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum CodeForm {
    /// Not a code.
    None,
    /// An ordinary word: `success`, `timeout`, `lampId`, `/v1/lamps`.
    Word,
    /// A short number: `0`, `12`.
    SmallNumber,
    /// A word in capitals or capitalized, or lower-case words with joints: `BUSY`, `Throttling`, `not_found`.
    Name,
    /// A number of three or more digits, a negative number or a hexadecimal one.
    Number,
    /// Capitals with joints, words run together, or letters and numbers with joints: `LAMP_BUSY`, `LampBusy`,
    /// `Lamp.0001`.
    Symbol,
}

impl CodeForm {
    /// Returns the form of a cell.
    pub(crate) fn parse(cell: &str) -> Self {
        if !is_printed_code(cell) {
            return Self::None;
        }
        let plain = normalize_code(cell);
        let plain = plain.trim_end_matches([':', '：']);
        if let Some(form) = Self::parse_number(plain) {
            return form;
        }
        let (mut upper, mut lower, mut digits, mut joints) = (0usize, 0usize, 0usize, 0usize);
        let mut humps = 0usize;
        let mut before = ' ';
        for c in plain.chars() {
            match c {
                c if c.is_ascii_uppercase() => {
                    upper += 1;
                    humps += usize::from(before.is_ascii_lowercase());
                }
                c if c.is_ascii_lowercase() => lower += 1,
                c if c.is_ascii_digit() => digits += 1,
                '_' | '.' | '-' | ':' | ' ' | '(' | '=' => joints += 1,
                _ => {}
            }
            before = c;
        }
        let starts_upper = plain.starts_with(|c: char| c.is_ascii_uppercase());
        match () {
            () if plain.contains('/') && lower > upper => Self::Word,
            () if starts_upper && (humps > 0 || (upper > 2 && lower == 0 && joints > 0)) => Self::Symbol,
            () if digits > 1 && (upper + lower) > 0 && (joints > 0 || starts_upper) => Self::Symbol,
            () if starts_upper && (joints > 0 || (upper > 2 && is_errno(plain))) => Self::Symbol,
            () if starts_upper => Self::Name,
            () if lower > 0 && joints > 0 && humps == 0 => Self::Name,
            () => Self::Word,
        }
    }

    /// Whether the form is one that hardly any word has.
    pub(crate) fn looks_like_identifier(self) -> bool {
        matches!(self, Self::Symbol | Self::Number)
    }

    fn parse_number(plain: &str) -> Option<Self> {
        if RANGE.is_match(plain) {
            return Some(Self::Number);
        }
        let is_negative = plain.starts_with('-');
        let bare = plain.trim_start_matches(['-', '+']);
        if let Some(hex) = bare.strip_prefix("0x").or_else(|| bare.strip_prefix("0X")) {
            return hex.bytes().all(|b| b.is_ascii_hexdigit() || matches!(b, b'x' | b'X')).then_some(Self::Number);
        }
        let digits = bare.bytes().filter(u8::is_ascii_digit).count();
        let is_number = digits > 0 && bare.bytes().all(|b| b.is_ascii_digit() || matches!(b, b'x' | b'X'));
        match () {
            () if !is_number => None,
            () if is_negative || bare.len() > 2 => Some(Self::Number),
            () => Some(Self::SmallNumber),
        }
    }

    /// Returns how much a column of this form looks like codes, from 0 to 1.
    pub(crate) fn weight(self) -> f64 {
        match self {
            Self::None => 0.0,
            Self::Word => 0.25,
            Self::SmallNumber => 0.5,
            Self::Name => 0.6,
            Self::Number => 0.9,
            Self::Symbol => 1.0,
        }
    }
}

/// Whether a word in capitals is an error name of POSIX or Linux (errno.h): `EACCES`.
fn is_errno(word: &str) -> bool {
    ERRNOS.contains(&word.strip_prefix('E').unwrap_or_default())
}

/// The names in errno.h without their initial `E`.
const ERRNOS: [&str; 131] = [
    "PERM",
    "NOENT",
    "SRCH",
    "INTR",
    "IO",
    "NXIO",
    "2BIG",
    "NOEXEC",
    "BADF",
    "CHILD",
    "AGAIN",
    "NOMEM",
    "ACCES",
    "FAULT",
    "NOTBLK",
    "BUSY",
    "EXIST",
    "XDEV",
    "NODEV",
    "NOTDIR",
    "ISDIR",
    "INVAL",
    "NFILE",
    "MFILE",
    "NOTTY",
    "TXTBSY",
    "FBIG",
    "NOSPC",
    "SPIPE",
    "ROFS",
    "MLINK",
    "PIPE",
    "DOM",
    "RANGE",
    "DEADLK",
    "NAMETOOLONG",
    "NOLCK",
    "NOSYS",
    "NOTEMPTY",
    "LOOP",
    "WOULDBLOCK",
    "NOMSG",
    "IDRM",
    "CHRNG",
    "L2NSYNC",
    "L3HLT",
    "L3RST",
    "LNRNG",
    "UNATCH",
    "NOCSI",
    "L2HLT",
    "BADE",
    "BADR",
    "XFULL",
    "NOANO",
    "BADRQC",
    "BADSLT",
    "DEADLOCK",
    "BFONT",
    "NOSTR",
    "NODATA",
    "TIME",
    "NOSR",
    "NONET",
    "NOPKG",
    "REMOTE",
    "NOLINK",
    "ADV",
    "SRMNT",
    "COMM",
    "PROTO",
    "MULTIHOP",
    "DOTDOT",
    "BADMSG",
    "OVERFLOW",
    "NOTUNIQ",
    "BADFD",
    "REMCHG",
    "LIBACC",
    "LIBBAD",
    "LIBSCN",
    "LIBMAX",
    "LIBEXEC",
    "ILSEQ",
    "RESTART",
    "STRPIPE",
    "USERS",
    "NOTSOCK",
    "DESTADDRREQ",
    "MSGSIZE",
    "PROTOTYPE",
    "NOPROTOOPT",
    "PROTONOSUPPORT",
    "SOCKTNOSUPPORT",
    "OPNOTSUPP",
    "PFNOSUPPORT",
    "AFNOSUPPORT",
    "ADDRINUSE",
    "ADDRNOTAVAIL",
    "NETDOWN",
    "NETUNREACH",
    "NETRESET",
    "CONNABORTED",
    "CONNRESET",
    "NOBUFS",
    "ISCONN",
    "NOTCONN",
    "SHUTDOWN",
    "TOOMANYREFS",
    "TIMEDOUT",
    "CONNREFUSED",
    "HOSTDOWN",
    "HOSTUNREACH",
    "ALREADY",
    "INPROGRESS",
    "STALE",
    "UCLEAN",
    "NOTNAM",
    "NAVAIL",
    "ISNAM",
    "REMOTEIO",
    "DQUOT",
    "NOMEDIUM",
    "MEDIUMTYPE",
    "CANCELED",
    "NOKEY",
    "KEYEXPIRED",
    "KEYREVOKED",
    "KEYREJECTED",
    "OWNERDEAD",
    "NOTRECOVERABLE",
];

/// The minimum number of Latin words of a sentence. Names and titles are shorter.
const MIN_SENTENCE_WORDS: usize = 3;
/// The minimum number of Chinese characters of a sentence. Most Chinese names of things have two or three.
const MIN_SENTENCE_HAN: usize = 4;

/// Whether the text is a sentence: three words, four Chinese characters, or two words with a full stop.
pub(crate) fn is_sentence(text: &str) -> bool {
    let (mut words, mut han) = (0, 0);
    let mut in_word = false;
    for c in text.chars() {
        han += usize::from(is_han(c) || matches!(c, '\u{3040}'..='\u{30ff}' | '\u{ac00}'..='\u{d7af}'));
        let is_letter = c.is_alphabetic() || (in_word && !c.is_whitespace());
        words += usize::from(is_letter && !in_word);
        in_word = is_letter;
        if words >= MIN_SENTENCE_WORDS || han >= MIN_SENTENCE_HAN {
            return true;
        }
    }
    words == 2 && text.trim_end().ends_with(['.', '!', '。'])
}

/// Whether the text describes a field or parameter: its type, or whether it is required.
pub(crate) fn is_type(text: &str) -> bool {
    TYPE.is_match(text.trim())
}

static TYPE: LazyLock<Regex> = LazyLock::new(|| {
    let types = "u?int(?:eger)?|long|short|float|double|decimal|numeric|number|bigint|string|str|(?:var)?char|text|bool(?:ean)?|bytes?|object|array|list|map|enum|date|datetime|timestamp|uuid|json|any";
    Regex::new(&format!(
        r"(?i)^(?:(?:{types})\s*[0-9]*\s*(?:[(\[<][0-9a-z ,]*[)\]>])?|(?:array|list) of .{{1,20}}|\[(?:{types})?\])\??$"
    ))
    .expect("a valid pattern")
});

/// Whether the text is a yes or no, as in columns of required parameters.
pub(crate) fn is_flag(text: &str) -> bool {
    const FLAGS: [&str; 18] = [
        "yes",
        "no",
        "true",
        "false",
        "是",
        "否",
        "必填",
        "必选",
        "可选",
        "选填",
        "非必填",
        "非必选",
        "optional",
        "required",
        "mandatory",
        "✓",
        "✔",
        "✗",
    ];
    let plain = text.trim();
    plain.len() <= 12 && FLAGS.contains(&plain.to_lowercase().as_str())
}

/// Whether a word looks like an identifier: it has a digit, an inner joint, or capitals after the first letter.
pub(crate) fn looks_like_identifier(word: &str) -> bool {
    let inner = word.get(1..word.len().max(1) - usize::from(word.len() > 1)).unwrap_or_default();
    word.chars().any(|c| c.is_ascii_digit())
        || inner.contains(['.', '_', ':', '/'])
        || inner.chars().any(|c| c.is_ascii_uppercase())
}

/// Whether the text is only the name of an HTTP status (RFC 9110, section 15), such as `Not Found`.
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

/// Whether the character is Chinese (the CJK unified ideographs and extension A).
pub(crate) fn is_han(c: char) -> bool {
    matches!(c, '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}')
}

#[cfg(test)]
mod tests {
    use super::{is_code, is_status};

    #[test]
    fn recognizes_statuses() {
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
    fn recognizes_codes() {
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
