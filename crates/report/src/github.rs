//! The report as annotations of a GitHub workflow run: commands that the runner reads from a step's output.

use std::cmp::Reverse;

use docdrift_model::{Lang, Outcome, Reason, Report, Severity, report::SourceReport};

use crate::{
    reader,
    reasons::reason_text,
    run::{accepted, in_order, title},
    span::joined,
    style::plain_text,
    weight::Weight,
    words::Words,
};

/// The number of annotations of each level that GitHub shows for one step.
const MAX_ANNOTATIONS: usize = 10;

/// The level of an annotation.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Level {
    Error,
    Warning,
    Notice,
}

impl Level {
    fn from_weight(weight: Weight) -> Self {
        match weight {
            Weight::Vendor(Severity::Breaking) => Level::Error,
            Weight::Vendor(Severity::Added | Severity::Wording) => Level::Warning,
            Weight::Vendor(_) | Weight::NotTaken | Weight::Reader => Level::Notice,
        }
    }

    fn as_str(self) -> &'static str {
        match self {
            Level::Error => "error",
            Level::Warning => "warning",
            Level::Notice => "notice",
        }
    }
}

struct Annotation {
    weight: Weight,
    title: String,
    message: String,
}

/// Renders the report as workflow commands, a line each: errors for sources that could not be refreshed and for breaking
/// changes, warnings for new codes and reworded messages, notices for the rest. Each level has at most ten lines, the
/// gravest first; where there are more, the last line counts the rest.
pub fn github(report: &Report, lang: Lang) -> String {
    let words = Words::for_lang(lang);
    let mut all: Vec<Annotation> = in_order(report).into_iter().flat_map(|source| annotations(source, words)).collect();
    all.sort_by_key(|annotation| Reverse(annotation.weight));
    let levels = [Level::Error, Level::Warning, Level::Notice];
    levels.into_iter().map(|level| commands(level, &all, words)).collect()
}

fn annotations(source: &SourceReport, words: &Words) -> Vec<Annotation> {
    let or_read_otherwise = reader::remark(source, words).map_or("", |_| words.or_read_otherwise);
    let weighed = |weight: Weight, message: String| {
        let or = if weight == Weight::Reader { "" } else { or_read_otherwise };
        let name = format!("{}{or}", words.weight(weight));
        let title = if source.source.is_empty() { name } else { format!("{}: {name}", source.source) };
        Annotation { weight, title, message }
    };
    let rendered = accepted(source, words).into_iter().map(|rendered| {
        let urls = rendered.pages.iter().map(|(_, url)| url.clone());
        let said = plain_text(&joined(rendered.lines, "; "));
        weighed(rendered.weight, std::iter::once(said).chain(urls).collect::<Vec<_>>().join(" "))
    });
    let read = reader::note(source, words).map(|note| weighed(Weight::Reader, plain_text(&note)));
    rendered.chain(read).chain(ending(source, words)).collect()
}

/// Returns the annotation of a source as a whole, if it needs one.
fn ending(source: &SourceReport, words: &Words) -> Option<Annotation> {
    let (severity, headline) = title(source, words);
    if matches!(source.outcome, Outcome::Changed | Outcome::Unchanged) {
        return None;
    }
    let reasons = source.outcome.reasons().unwrap_or_default();
    let severity = if reasons.is_empty() { Severity::Editorial } else { severity };
    let weight = Weight::Vendor(severity);
    Some(Annotation { weight, title: plain_text(&headline), message: join_reasons(reasons, words) })
}

fn join_reasons(reasons: &[Reason], words: &Words) -> String {
    reasons.iter().map(|reason| reason_text(reason, words.lang)).collect::<Vec<_>>().join(words.semicolon)
}

fn commands(level: Level, all: &[Annotation], words: &Words) -> String {
    let of_level: Vec<&Annotation> =
        all.iter().filter(|annotation| Level::from_weight(annotation.weight) == level).collect();
    let rendered = if of_level.len() > MAX_ANNOTATIONS { MAX_ANNOTATIONS - 1 } else { of_level.len() };
    let mut out: String =
        of_level[..rendered].iter().map(|rendered| command(level, &rendered.title, &rendered.message)).collect();
    let rest = of_level.len() - rendered;
    if rest > 0 {
        let more = plain_text(&words.more_annotations.with_count(rest));
        out += &command(level, words.title, &more);
    }
    out
}

/// `::error title=…::…`. The runner does not show an empty message.
fn command(level: Level, title: &str, message: &str) -> String {
    let message = if message.is_empty() { title } else { message };
    format!("::{} title={}::{}\n", level.as_str(), property(title), data(message))
}

fn data(text: &str) -> String {
    crate::escape::visible(text).replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::{Level, command};

    #[test]
    fn a_command_is_one_line() {
        let said = command(Level::Error, "a: b,\nc", "50%\r\n::error::x");
        assert_eq!(said, "::error title=a%3A b%2C⏎c::50%25\\u{d}⏎::error::x\n");
        assert_eq!(command(Level::Notice, "a", ""), "::notice title=a::a\n");
    }
}
