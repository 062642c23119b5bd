//! What a drift was told from: the pages, their stamps then and now, and the command that tells it again.

use docdrift_model::{Evidence, Lang, PageEvidence};

use crate::{
    span::{Line, MAX_NAME_CHARS, Span, fill_template, joined, plain, text},
    words::Words,
};

/// So many hexadecimal digits of a digest are shown.
const MAX_DIGEST_DIGITS: usize = 12;

/// A line for each page, and one for the command.
pub(crate) fn lines(evidence: &Evidence, words: &Words) -> Vec<Line> {
    let pages = evidence.pages.iter().filter_map(|(lang, page)| Some(page_line(lang, page.as_ref()?, words)));
    let command = (!evidence.reproduce.is_empty())
        .then(|| fill_template(words.reproduce, &[vec![Span::Code(evidence.reproduce.clone())]]));
    pages.chain(command).collect()
}

fn page_line(lang: Lang, page: &PageEvidence, words: &Words) -> Line {
    let (old, new) = (page.old.as_ref(), page.new.as_ref());
    let date = then_and_now(
        old.and_then(|stamp| stamp.updated_on.as_deref()),
        new.and_then(|stamp| stamp.updated_on.as_deref()),
        words,
    );
    let digest = then_and_now(old.map(|stamp| hex(&stamp.digest)), new.map(|stamp| hex(&stamp.digest)), words);
    let mut digest = digest.unwrap_or_default();
    if !digest.is_empty() {
        digest.insert(0, Span::Words("sha256 ".to_owned()));
    }
    let date = date.map(|date| fill_template(words.updated, &[date])).unwrap_or_default();
    let facts = words.list([date, digest].into_iter().filter(|line| !line.is_empty()));
    let link = vec![words.page_link(lang, &page.url)];
    // A URL ends at a space in every terminal; before a full-width colon in none.
    joined([link, facts].into_iter().filter(|line| !line.is_empty()), " · ")
}

/// What was and what is, once where that is the same or only one is known at all.
fn then_and_now(old: Option<&str>, new: Option<&str>, words: &Words) -> Option<Line> {
    let unknown = || plain(words.unknown_date);
    match (old, new) {
        (None, None) => None,
        (Some(old), Some(new)) if old == new => Some(text(new, MAX_NAME_CHARS)),
        (None, Some(new)) => Some(text(new, MAX_NAME_CHARS)),
        (old, new) => {
            let said = |value: Option<&str>| value.map_or_else(unknown, |value| text(value, MAX_NAME_CHARS));
            Some(fill_template("{0} → {1}", &[said(old), said(new)]))
        }
    }
}

fn hex(digest: &str) -> &str {
    let hex = digest.strip_prefix("sha256:").unwrap_or(digest);
    hex.char_indices().nth(MAX_DIGEST_DIGITS).map_or(hex, |(end, _)| &hex[..end])
}
