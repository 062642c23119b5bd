//! Compares the texts of two entries, where either text may be the digest of the other.

use docdrift_model::{
    Entry, Field, Lang,
    text::{fold, half_width, is_digest, placeholders, published, same},
};
use rapidfuzz::fuzz;

/// The number of characters compared of each text. Error messages differ within it, and it bounds the cost of long
/// solutions.
const MAX_COMPARED_CHARS: usize = 128;

/// The weight of a digest as evidence. It is below the minimum for a rename, since the digest may hide a generic text.
const DIGEST_WEIGHT: usize = 12;

/// The similarity of entries that have no text in common: no evidence either way.
const NEUTRAL_SIMILARITY: f64 = 0.5;

/// The texts that identify an error. Solutions and groups are shared by many errors.
pub(crate) const IDENTIFYING_FIELDS: [Field; 2] = [Field::Message, Field::Description];

/// The compared fields with their weights. Message and description say what went wrong; solution and group are often
/// the same for several errors and count half.
const WEIGHTED_FIELDS: [(Field, f64); 4] =
    [(Field::Message, 2.0), (Field::Description, 2.0), (Field::Solution, 1.0), (Field::Group, 1.0)];

/// Whether a cell of the code column holds a code; it may be empty or a dash.
pub(crate) fn is_code(code: &str) -> bool {
    code.chars().any(char::is_alphanumeric)
}

/// Returns the text of `field` in `lang`, or an empty text.
pub(crate) fn field_text(entry: &Entry, field: Field, lang: Lang) -> &str {
    entry.text(field).map_or("", |both| both.get(lang))
}

/// Whether two texts differ at most in white space, punctuation width and letter case.
pub(crate) fn are_equivalent(a: &str, b: &str) -> bool {
    same(a, b) || (!is_digest(a) && !is_digest(b) && fold(a) == fold(b))
}

/// Whether two printed statuses are the same HTTP status, regardless of the words around the numbers.
pub(crate) fn has_same_status(old: &Entry, new: &Entry) -> bool {
    if old.status == new.status {
        return true;
    }
    let (a, b) = (old.status_numbers(), new.status_numbers());
    if a.is_empty() && b.is_empty() { fold(&old.status) == fold(&new.status) } else { a == b }
}

/// Counts the identifying texts that agree. Returns `None` if a text that both entries have differs.
pub(crate) fn count_agreeing_texts(old: &Entry, new: &Entry) -> Option<usize> {
    let mut agreed = 0;
    for field in IDENTIFYING_FIELDS {
        for lang in Lang::ALL {
            let (a, b) = (field_text(old, field, lang), field_text(new, field, lang));
            if a.is_empty() || b.is_empty() {
                continue;
            }
            if !are_equivalent(a, b) {
                return None;
            }
            agreed += 1;
        }
    }
    Some(agreed)
}

/// The texts of an entry, prepared for comparison with many others.
pub(crate) struct Texts(Vec<Option<ComparableText>>);

struct ComparableText {
    key: String,
    /// The beginning of the text; `None` if only a digest is known.
    start: Option<Vec<char>>,
}

impl Texts {
    pub(crate) fn from_entry(entry: &Entry, keys: TextKeys) -> Self {
        let comparable = |text: &str| ComparableText {
            key: keys.text_key(text),
            start: (!is_digest(text)).then(|| text.chars().take(MAX_COMPARED_CHARS).collect()),
        };
        let all = WEIGHTED_FIELDS.iter().flat_map(|(field, _)| Lang::ALL.map(|lang| field_text(entry, *field, lang)));
        Self(all.map(|text| (!text.is_empty()).then(|| comparable(text))).collect())
    }

    /// Returns the weighted similarity (0 to 1) of the texts that both entries have, or [`NEUTRAL_SIMILARITY`] if there
    /// are none.
    pub(crate) fn similarity(&self, other: &Self) -> f64 {
        let weights_by_text = WEIGHTED_FIELDS.iter().flat_map(|(_, weight)| Lang::ALL.map(|_| weight));
        let (mut sum, mut weights) = (0.0, 0.0);
        for ((a, b), weight) in self.0.iter().zip(&other.0).zip(weights_by_text) {
            if let (Some(a), Some(b)) = (a, b) {
                sum += weight * a.similarity(b);
                weights += weight;
            }
        }
        if weights > 0.0 { sum / weights } else { NEUTRAL_SIMILARITY }
    }
}

impl ComparableText {
    fn similarity(&self, other: &Self) -> f64 {
        match (&self.start, &other.start) {
            _ if self.key == other.key => 1.0,
            (Some(a), Some(b)) => fuzz::ratio(a.iter().copied(), b.iter().copied()),
            _ => 0.0,
        }
    }
}

/// How texts are turned into keys: by their fold, or by the digest of the fold if one side hides texts.
#[derive(Clone, Copy)]
pub(crate) struct TextKeys {
    uses_digests: bool,
}

impl TextKeys {
    pub(crate) fn for_states(old: &[Entry], new: &[Entry]) -> Self {
        Self { uses_digests: old.iter().chain(new).any(has_digest) }
    }

    /// Returns a key that equivalent texts share; it is empty for an empty text.
    pub(crate) fn text_key(self, text: &str) -> String {
        if self.uses_digests { published(text) } else { fold(text) }
    }

    /// Returns one key for all texts of an entry.
    pub(crate) fn entry_signature(self, entry: &Entry) -> String {
        let mut out = String::new();
        for (field, _) in WEIGHTED_FIELDS {
            for lang in Lang::ALL {
                out += &self.text_key(field_text(entry, field, lang));
                out.push('\0');
            }
        }
        for (_, cells) in entry.extra.iter() {
            for (header, cell) in cells {
                out.extend([header, "\0", &self.text_key(cell), "\0"]);
            }
            out.push('\0');
        }
        out
    }
}

fn has_digest(entry: &Entry) -> bool {
    let plain = WEIGHTED_FIELDS.iter().flat_map(|(field, _)| Lang::ALL.map(|lang| field_text(entry, *field, lang)));
    plain.chain(entry.extra.iter().flat_map(|(_, cells)| cells.values().map(String::as_str))).any(is_digest)
}

/// Texts that services return for any problem, folded to letters. Such a text does not identify an error.
const GENERIC_TEXTS: [&str; 28] = [
    "badrequest",
    "conflict",
    "forbidden",
    "gatewaytimeout",
    "internalerror",
    "internalservererror",
    "internalserviceerror",
    "invalidparameter",
    "invalidparameters",
    "invalidrequest",
    "methodnotallowed",
    "networkauthenticationrequired",
    "notacceptable",
    "notfound",
    "operationfailed",
    "requesttimeout",
    "resourcenotfound",
    "serviceunavailable",
    "systemerror",
    "toomanyrequests",
    "unauthorized",
    "unknownerror",
    "unprocessableentity",
    "内部错误",
    "参数错误",
    "服务内部错误",
    "系统内部错误",
    "请求参数错误",
];

/// Returns the evidence weight of a text: its letters without placeholders, where a Han character counts as three. A
/// generic text has none.
pub(crate) fn evidence_weight(text: &str) -> usize {
    if is_digest(text) {
        return DIGEST_WEIGHT;
    }
    let prose = placeholders::without(&half_width(text));
    let letters: String = prose.chars().filter(|c| c.is_alphabetic()).flat_map(char::to_lowercase).collect();
    if GENERIC_TEXTS.contains(&letters.as_str()) {
        return 0;
    }
    letters.chars().map(|c| if c.is_ascii() { 1 } else { 3 }).sum()
}

#[cfg(test)]
mod tests {
    use docdrift_model::{Entry, text::published};

    use super::{are_equivalent, evidence_weight, has_same_status};

    #[test]
    fn equivalent_texts() {
        for (a, b, expected) in [
            ("Try again.", "try  again．", true),
            ("Try again.", "Try later.", false),
            ("", "", true),
            ("Try again.", "", false),
        ] {
            assert_eq!(are_equivalent(a, b), expected, "{a} / {b}");
            assert_eq!(are_equivalent(&published(a), b), expected, "digest of {a} / {b}");
            assert_eq!(are_equivalent(&published(a), &published(b)), expected, "digests of {a} / {b}");
        }
    }

    #[test]
    fn compares_statuses_by_their_numbers() {
        for (a, b, expected) in [
            ("400", "400 Bad Request", true),
            ("400", "404", false),
            ("404/500", "404", false),
            ("5XX", "5xx", true),
            ("", "400", false),
        ] {
            let entry = |status: &str| Entry { status: status.into(), ..Entry::default() };
            assert_eq!(has_same_status(&entry(a), &entry(b)), expected, "{a} / {b}");
        }
    }

    #[test]
    fn generic_texts_have_no_weight() {
        assert_eq!(evidence_weight("Bad Request: {0}."), 0);
        assert_eq!(evidence_weight("参数错误（%s）。"), 0);
        assert_eq!(evidence_weight("Pump {0} off"), 7);
        assert_eq!(evidence_weight("水箱已空"), 12);
        assert_eq!(evidence_weight(&published("x")), 12);
    }
}
