//! How two wire messages differ, and which terms are at odds throughout a reference.

use std::{
    collections::{BTreeMap, BTreeSet},
    ops::Range,
    sync::LazyLock,
};

use docdrift_model::{
    Bilingual, Finding, How,
    text::{fold, half_width},
};
use regex::Regex;
use similar::{Algorithm, DiffOp, capture_diff_slices};

use crate::words::is_chinese;

/// A term has at most so many words.
const TERM: usize = 3;
/// So many findings make a lone replacement a term.
const RECURS: usize = 2;
/// A neighbouring word belongs to a term if it is there in so many different messages, and in all.
const CONTEXTS: usize = 3;
/// Shorter words are of the sentence, not of a term.
const LETTERS: usize = 4;
/// Beyond so many bytes a message is not compared word by word.
const COMPARED: usize = 4_096;

static WORD: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"[\p{L}\p{N}_]+").expect("a valid pattern"));

/// How two messages in one language differ; `None` where they do not. [`name_terms`] tells terms from rewordings.
pub(super) fn how(zh: &str, en: &str) -> Option<How> {
    if zh == en {
        None
    } else if without_space(zh) == without_space(en) {
        Some(How::WhiteSpace)
    } else if letters(zh) == letters(en) {
        Some(How::Typography)
    } else {
        Some(How::Reworded)
    }
}

fn without_space(text: &str) -> String {
    text.split_whitespace().collect()
}

fn letters(text: &str) -> String {
    half_width(text).to_lowercase().chars().filter(|c| c.is_alphanumeric()).collect()
}

/// Finds the rewordings that are one term for another: where several messages of the source have the same two terms at
/// odds, or where nothing else differs in a message, not even letter case.
pub(super) fn name_terms(found: &mut [Finding]) {
    let mut by_words: BTreeMap<Words, Vec<(usize, Replacement)>> = BTreeMap::new();
    for (n, finding) in found.iter().enumerate().filter(|(_, finding)| finding.how == Some(How::Reworded)) {
        if let Some(replacement) = replacement(&finding.texts.zh, &finding.texts.en) {
            by_words.entry(replacement.words.clone()).or_default().push((n, replacement));
        }
    }
    for (words, places) in by_words {
        let replacements: Vec<&Replacement> = places.iter().map(|(_, replacement)| replacement).collect();
        let term = How::Term(term(&words, &replacements));
        for (n, replacement) in &places {
            if places.len() >= RECURS || (replacement.is_all && is_term(&words)) {
                found[*n].how = Some(term.clone());
            }
        }
    }
}

/// Whether words at odds in one message only may be a term: as many long words for as many.
fn is_term((zh, en): &Words) -> bool {
    zh.len() == en.len() && zh.iter().chain(en).all(|word| word.chars().count() >= LETTERS)
}

/// The words of the zh message, and those of the en message that stand in their place.
type Words = (Vec<String>, Vec<String>);

/// The words before and after a place, in lower case.
type Around = (Option<String>, Option<String>);

/// One term instead of another, once or several times in a message.
struct Replacement {
    words: Words,
    /// Of each place.
    around: Vec<Around>,
    /// The zh message, folded.
    message: String,
    /// Whether nothing else differs.
    is_all: bool,
}

fn replacement(zh: &str, en: &str) -> Option<Replacement> {
    if is_chinese(zh) || zh.len().max(en.len()) > COMPARED {
        return None;
    }
    let (zh_spans, en_spans) = (spans(zh), spans(en));
    let (zh_words, en_words) = (lower(zh, &zh_spans), lower(en, &en_spans));
    let mut places = Vec::new();
    for change in capture_diff_slices(Algorithm::Myers, &zh_words, &en_words) {
        match change {
            DiffOp::Equal { .. } => {}
            DiffOp::Replace { old_index, old_len, new_index, new_len } if old_len.max(new_len) <= TERM => {
                places.push((old_index..old_index + old_len, new_index..new_index + new_len));
            }
            _ => return None,
        }
    }
    let words = |(z, e): &(Range<usize>, Range<usize>)| (zh_words[z.clone()].to_vec(), en_words[e.clone()].to_vec());
    let first = words(places.first()?);
    if places.iter().any(|place| words(place) != first) {
        return None;
    }
    let (zh_places, en_places): (Vec<_>, Vec<_>) = places.into_iter().unzip();
    let neighbour = |at: Option<usize>| at.and_then(|at| zh_words.get(at)).cloned();
    Some(Replacement {
        words: first,
        around: zh_places.iter().map(|z| (neighbour(z.start.checked_sub(1)), neighbour(Some(z.end)))).collect(),
        message: fold(zh),
        is_all: rest(zh, &zh_spans, &zh_places) == rest(en, &en_spans, &en_places),
    })
}

fn spans(text: &str) -> Vec<Range<usize>> {
    WORD.find_iter(text).map(|word| word.range()).collect()
}

fn lower(text: &str, spans: &[Range<usize>]) -> Vec<String> {
    spans.iter().map(|span| half_width(&text[span.clone()]).to_lowercase()).collect()
}

/// The text with a mark for each place, which tells whether the words there begin with a capital.
fn rest(text: &str, spans: &[Range<usize>], places: &[Range<usize>]) -> String {
    let (mut out, mut end) = (String::new(), 0);
    for place in places {
        let (Some(first), Some(last)) = (spans.get(place.start), spans.get(place.end - 1)) else { continue };
        out.push_str(&text[end..first.start]);
        let is_capital = text[first.start..].starts_with(char::is_uppercase);
        out.push_str(if is_capital { "\0A" } else { "\0a" });
        end = last.end;
    }
    out + &text[end..]
}

/// The two terms: the words replaced, with a long word beside them that is there in every one of several messages.
fn term((zh, en): &Words, replacements: &[&Replacement]) -> Bilingual<String> {
    let messages: BTreeSet<&str> = replacements.iter().map(|replacement| replacement.message.as_str()).collect();
    let around: Vec<_> = replacements.iter().flat_map(|replacement| &replacement.around).collect();
    let always = |side: fn(&Around) -> &Option<String>| {
        let first = side(around.first()?).as_deref().filter(|word| word.chars().count() > LETTERS)?;
        let there = messages.len() >= CONTEXTS && around.iter().all(|places| side(places).as_deref() == Some(first));
        there.then_some(first)
    };
    let (before, after) = (always(|places| &places.0), always(|places| &places.1));
    let whole = |words: &[String]| {
        let words = before.into_iter().chain(words.iter().map(String::as_str)).chain(after);
        words.collect::<Vec<_>>().join(" ")
    };
    Bilingual { zh: whole(zh), en: whole(en) }
}
