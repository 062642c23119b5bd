//! Disagreements between the two languages of a source.

use crate::{Bilingual, SourceId, named_enum::named_enum};

named_enum! {
    /// A kind of disagreement between the two languages.
    pub enum FindingKind {
        /// The HTTP status.
        StatusDiffers = "status-differs",
        /// The spelling of the error code.
        CodeRespelled = "code-respelled",
        /// A wire message that both pages print in one language.
        MessageDiffers = "message-differs",
        /// The placeholders of the wire message.
        PlaceholdersDiffer = "placeholders-differ",
        /// Numbers, quoted literals or parameter names of a description or solution.
        LiteralsDiffer = "literals-differ",
        /// A text is in the other page's language, unlike the rest of its column.
        Untranslated = "untranslated",
        /// One page lacks many of the other's rows.
        LanguageLags = "language-lags",
        /// Only the zh page has the row.
        OnlyInZh = "only-in-zh",
        /// Only the en page has the row.
        OnlyInEn = "only-in-en",
    }
}

/// How two wire messages differ. Where several apply, the first counts.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum How {
    /// One term is replaced by another, wherever it occurs.
    Term(Bilingual<String>),
    /// Letter case or punctuation only.
    Typography,
    /// White space only.
    WhiteSpace,
    /// Other words.
    Reworded,
}

impl How {
    /// The name used in reports.
    pub fn as_str(&self) -> &'static str {
        match self {
            How::Term(_) => "term",
            How::Typography => "typography",
            How::WhiteSpace => "white-space",
            How::Reworded => "reworded",
        }
    }
}

/// One disagreement between the two pages of a source.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// What it is about.
    pub kind: FindingKind,
    /// How the messages differ, for [`FindingKind::MessageDiffers`].
    pub how: Option<How>,
    /// The field the texts are of: `status`, `code`, `message`, `description`, `solution`; `page` for what is about
    /// whole pages.
    pub field: &'static str,
    /// The HTTP status of the entry; empty for what is about whole pages.
    pub status: String,
    /// The error code of the entry; empty for what is about whole pages.
    pub code: String,
    /// What each page says, in full; empty where it has no such row.
    pub texts: Bilingual<String>,
    /// What exactly differs, where the texts alone do not show it.
    pub detail: String,
    /// Twelve hexadecimal digits that stay the same as long as source, kind, status, code, field and folded texts do.
    pub fingerprint: String,
}

/// A finding that a maintainer accepts: `ignore` of a source in `sources.toml`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ignore {
    /// The kind of the findings.
    pub kind: FindingKind,
    /// Their code, where `*` stands for any letters; every code where none is given.
    pub code: Option<String>,
    /// Why they are accepted.
    pub reason: String,
    /// Its line in the file, from one.
    pub line: usize,
}

impl Ignore {
    /// Whether it applies to the finding.
    pub fn covers(&self, finding: &Finding) -> bool {
        self.kind == finding.kind && self.code.as_ref().is_none_or(|pattern| fits(pattern, &finding.code))
    }
}

fn fits(pattern: &str, code: &str) -> bool {
    let Some((start, rest)) = pattern.split_once('*') else { return pattern == code };
    let Some(mut left) = code.strip_prefix(start) else { return false };
    let mut parts: Vec<&str> = rest.split('*').collect();
    let end = parts.pop().unwrap_or("");
    for part in parts {
        let Some((_, after)) = left.split_once(part) else { return false };
        left = after;
    }
    left.ends_with(end)
}

/// The disagreements between the two pages of one source.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SourceFindings {
    /// Which source.
    pub source: SourceId,
    /// The URLs of its pages.
    pub pages: Bilingual<Option<String>>,
    /// Kind by kind, in the order of the entries.
    pub findings: Vec<Finding>,
    /// How many more findings sources.toml ignores.
    pub ignored: usize,
    /// Ignores and decisions that no longer apply, each a sentence.
    pub stale: Vec<String>,
}

#[cfg(test)]
mod tests {
    use super::fits;

    #[test]
    fn stars_match_any_letters() {
        for (pattern, code, expected) in [
            ("Tea.1", "Tea.1", true),
            ("Tea.1", "Tea.10", false),
            ("Tea.*", "Tea.10", true),
            ("Tea.*", "Cup.10", false),
            ("*", "", true),
            ("*.1*2", "Tea.1002", true),
            ("*.1*2", "Tea.1003", false),
            ("a*a", "a", false),
            ("*b*b*", "abab", true),
            ("*b*b*", "ab", false),
            ("[ab]", "a", false),
        ] {
            assert_eq!(fits(pattern, code), expected, "{pattern} {code}");
        }
    }
}
