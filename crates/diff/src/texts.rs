//! Comparing the texts of two entries, where either may be the digest of the other.

use docdrift_model::{
    Entry, Field, Lang, placeholders,
    text::{fold, half_width, is_digest, published, same},
};
use rapidfuzz::fuzz;

/// Similarity looks at this many characters of each text: enough to tell two errors apart, cheap for long solutions.
const LOOK: usize = 128;

/// What a digest counts for as evidence: half a short sentence, since it may hide a generic text.
const DIGEST_WEIGHT: usize = 12;

/// The texts that say which error an entry is, rather than what to do about it.
pub(crate) const TELLING: [Field; 2] = [Field::Message, Field::Description];

const COMPARED: [(Field, f64); 4] =
    [(Field::Message, 2.0), (Field::Description, 2.0), (Field::Solution, 1.0), (Field::Group, 1.0)];

/// The text of `field` in `lang`; empty where there is none.
pub(crate) fn text(entry: &Entry, field: Field, lang: Lang) -> &str {
    entry.text(field).map_or("", |both| both.get(lang))
}

/// Whether two texts read the same but for white space, punctuation width and letter case.
pub(crate) fn alike(a: &str, b: &str) -> bool {
    same(a, b) || (!is_digest(a) && !is_digest(b) && fold(a) == fold(b))
}

/// Whether two printed statuses are the same HTTP status, whatever words stand around the numbers.
pub(crate) fn same_status(old: &Entry, new: &Entry) -> bool {
    if old.status == new.status {
        return true;
    }
    let (a, b) = (old.status_numbers(), new.status_numbers());
    if a.is_empty() && b.is_empty() { fold(&old.status) == fold(&new.status) } else { a == b }
}

/// How many telling texts agree; `None` as soon as one that both entries have does not.
pub(crate) fn agreement(old: &Entry, new: &Entry) -> Option<usize> {
    let mut agreed = 0;
    for field in TELLING {
        for lang in Lang::ALL {
            let (a, b) = (text(old, field, lang), text(new, field, lang));
            if a.is_empty() || b.is_empty() {
                continue;
            }
            if !alike(a, b) {
                return None;
            }
            agreed += 1;
        }
    }
    Some(agreed)
}

/// The texts of an entry, made ready to be compared with many others.
pub(crate) struct Texts(Vec<Option<Told>>);

struct Told {
    key: String,
    /// How it begins; `None` where only a digest is known.
    start: Option<Vec<char>>,
}

impl Texts {
    pub(crate) fn of(entry: &Entry, keys: Keys) -> Self {
        let told = |text: &str| Told {
            key: keys.key(text),
            start: (!is_digest(text)).then(|| text.chars().take(LOOK).collect()),
        };
        let all = COMPARED.iter().flat_map(|(field, _)| Lang::ALL.map(|lang| text(entry, *field, lang)));
        Self(all.map(|text| (!text.is_empty()).then(|| told(text))).collect())
    }

    /// How much two entries resemble each other in the texts that both have, 0 to 1; one half where there are none.
    pub(crate) fn similarity(&self, other: &Self) -> f64 {
        let weights_by_text = COMPARED.iter().flat_map(|(_, weight)| Lang::ALL.map(|_| weight));
        let (mut sum, mut weights) = (0.0, 0.0);
        for ((a, b), weight) in self.0.iter().zip(&other.0).zip(weights_by_text) {
            if let (Some(a), Some(b)) = (a, b) {
                sum += weight * a.resemblance(b);
                weights += weight;
            }
        }
        if weights > 0.0 { sum / weights } else { 0.5 }
    }
}

impl Told {
    fn resemblance(&self, other: &Self) -> f64 {
        match (&self.start, &other.start) {
            _ if self.key == other.key => 1.0,
            (Some(a), Some(b)) => fuzz::ratio(a.iter().copied(), b.iter().copied()),
            _ => 0.0,
        }
    }
}

/// How entries are keyed by their texts: by fold, or by digest of the fold where one side hides texts.
#[derive(Clone, Copy)]
pub(crate) struct Keys {
    hidden: bool,
}

impl Keys {
    pub(crate) fn of(old: &[Entry], new: &[Entry]) -> Self {
        Self { hidden: old.iter().chain(new).any(hides) }
    }

    /// A key that alike texts share; empty for an empty text.
    pub(crate) fn key(self, text: &str) -> String {
        if self.hidden { published(text) } else { fold(text) }
    }

    /// One key for all texts of an entry.
    pub(crate) fn signature(self, entry: &Entry) -> String {
        let mut out = String::new();
        for (field, _) in COMPARED {
            for lang in Lang::ALL {
                out += &self.key(text(entry, field, lang));
                out.push('\0');
            }
        }
        for (_, cells) in entry.extra.iter() {
            for (header, cell) in cells {
                out.extend([header, "\0", &self.key(cell), "\0"]);
            }
            out.push('\0');
        }
        out
    }
}

fn hides(entry: &Entry) -> bool {
    let plain = COMPARED.iter().flat_map(|(field, _)| Lang::ALL.map(|lang| text(entry, *field, lang)));
    plain.chain(entry.extra.iter().flat_map(|(_, cells)| cells.values().map(String::as_str))).any(is_digest)
}

/// What services answer whatever the matter is, as folded letters: such a text tells no error from another.
const GENERIC: [&str; 28] = [
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

/// How much a text says: its letters without placeholders, a Han character for three; nothing for a generic text.
pub(crate) fn weight(text: &str) -> usize {
    if is_digest(text) {
        return DIGEST_WEIGHT;
    }
    let said = placeholders::without(&half_width(text));
    let letters: String = said.chars().filter(|c| c.is_alphabetic()).flat_map(char::to_lowercase).collect();
    if GENERIC.contains(&letters.as_str()) {
        return 0;
    }
    letters.chars().map(|c| if c.is_ascii() { 1 } else { 3 }).sum()
}

#[cfg(test)]
mod tests {
    use docdrift_model::{Entry, text::published};

    use super::{alike, same_status, weight};

    #[test]
    fn alike_texts() {
        for (a, b, expected) in [
            ("Try again.", "try  again．", true),
            ("Try again.", "Try later.", false),
            ("", "", true),
            ("Try again.", "", false),
        ] {
            assert_eq!(alike(a, b), expected, "{a} / {b}");
            assert_eq!(alike(&published(a), b), expected, "digest of {a} / {b}");
            assert_eq!(alike(&published(a), &published(b)), expected, "digests of {a} / {b}");
        }
    }

    #[test]
    fn statuses_are_compared_by_their_numbers() {
        for (a, b, expected) in [
            ("400", "400 Bad Request", true),
            ("400", "404", false),
            ("404/500", "404", false),
            ("5XX", "5xx", true),
            ("", "400", false),
        ] {
            let entry = |status: &str| Entry { status: status.into(), ..Entry::default() };
            assert_eq!(same_status(&entry(a), &entry(b)), expected, "{a} / {b}");
        }
    }

    #[test]
    fn generic_texts_weigh_little() {
        assert_eq!(weight("Bad Request: {0}."), 0);
        assert_eq!(weight("参数错误（%s）。"), 0);
        assert_eq!(weight("Pump {0} off"), 7);
        assert_eq!(weight("水箱已空"), 12);
        assert_eq!(weight(&published("x")), 12);
    }
}
