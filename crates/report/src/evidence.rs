//! Renders the evidence of a drift: the pages with their dates and digests before and now, and the command that shows the
//! drift again.

use docdrift_model::{
    Lang,
    report::{Evidence, PageEvidence},
};

use crate::{
    span::{Line, MAX_NAME_CHARS, Span, fill_template, joined, plain, text},
    words::Words,
};

/// The number of hexadecimal digits of a digest that are shown. Twelve tell any two pages of a source apart.
const MAX_DIGEST_DIGITS: usize = 12;

/// Returns a line for each page, and one for the command.
pub(crate) fn lines(evidence: &Evidence, words: &Words) -> Vec<Line> {
    let pages = evidence.pages.iter().filter_map(|(lang, page)| Some(page_line(lang, page.as_ref()?, words)));
    let command = (!evidence.reproduce.is_empty())
        .then(|| fill_template(words.reproduce, &[vec![Span::Code(evidence.reproduce.clone())]]));
    pages.chain(command).collect()
}

fn page_line(lang: Lang, page: &PageEvidence, words: &Words) -> Line {
    let (old, new) = (page.old.as_ref(), page.new.as_ref());
    let [old_date, new_date] = [old, new].map(|stamp| stamp?.updated_on.map(|date| date.to_string()));
    let date = then_and_now(old_date.as_deref(), new_date.as_deref(), words);
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

/// Returns the old and the new value; one value where they are equal or only the new one is known.
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
