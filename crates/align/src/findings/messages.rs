//! Determines how two wire messages differ, and which terms differ throughout a reference.

use std::{
    collections::{BTreeMap, BTreeSet},
    ops::Range,
    sync::LazyLock,
};

use docdrift_model::{
    Bilingual,
    finding::{Finding, How},
    text::{fold, half_width},
};
use regex::Regex;
use similar::{Algorithm, DiffOp, capture_diff_slices};

use crate::text::is_chinese;

/// The maximum number of words of a term. Longer replacements are rephrased sentences.
const MAX_TERM_WORDS: usize = 3;
/// The minimum number of findings with the same replacement to call it a term. A rewording that recurs is systematic.
const MIN_RECURRENCES: usize = 2;
/// The minimum number of different messages, all with the same neighbouring word, for the word to belong to the term.
/// Two messages share a neighbour by chance.
const MIN_CONTEXTS: usize = 3;
/// The minimum number of letters of a word of a term. Shorter words, such as `of` or `the`, belong to the sentence.
const MIN_TERM_LETTERS: usize = 4;
/// The maximum length of a message in bytes for a comparison by words. The comparison takes quadratic time, and error
/// messages are far shorter.
const MAX_COMPARED_BYTES: usize = 4_096;

static WORD: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"[\p{L}\p{N}_]+").expect("a valid pattern"));

/// Returns how two messages in one language differ, or `None` if they are equal. [`name_terms`] later distinguishes
/// terms from rewordings.
pub(super) fn difference_kind(zh: &str, en: &str) -> Option<How> {
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

/// Turns rewordings into term replacements if several messages of the source have the same replacement, or if nothing
/// else in the message differs, not even letter case.
pub(super) fn name_terms(found: &mut [Finding]) {
    let mut by_words: BTreeMap<ReplacedWords, Vec<(usize, Replacement)>> = BTreeMap::new();
    for (n, finding) in found.iter().enumerate().filter(|(_, finding)| finding.how == Some(How::Reworded)) {
        if let Some(replacement) = find_replacement(&finding.texts.zh, &finding.texts.en) {
            by_words.entry(replacement.words.clone()).or_default().push((n, replacement));
        }
    }
    for (words, places) in by_words {
        let replacements: Vec<&Replacement> = places.iter().map(|(_, replacement)| replacement).collect();
        let term = How::Term(extended_term(&words, &replacements));
        for (n, replacement) in &places {
            if places.len() >= MIN_RECURRENCES || (replacement.is_only_difference && is_term(&words)) {
                found[*n].how = Some(term.clone());
            }
        }
    }
}

/// Whether a replacement found in one message only may be a term: it has equally many words on both sides, all of them
/// long.
fn is_term((zh, en): &ReplacedWords) -> bool {
    zh.len() == en.len() && zh.iter().chain(en).all(|word| word.chars().count() >= MIN_TERM_LETTERS)
}

/// The replaced words of the zh message and those of the en message.
type ReplacedWords = (Vec<String>, Vec<String>);

/// The words before and after a replacement, in lower case.
type Neighbours = (Option<String>, Option<String>);

/// A replacement of one term by another, once or several times in a message.
struct Replacement {
    words: ReplacedWords,
    /// The neighbouring words of each occurrence.
    neighbours: Vec<Neighbours>,
    /// The zh message, folded.
    message: String,
    /// Whether nothing else differs.
    is_only_difference: bool,
}

fn find_replacement(zh: &str, en: &str) -> Option<Replacement> {
    if is_chinese(zh) || zh.len().max(en.len()) > MAX_COMPARED_BYTES {
        return None;
    }
    let (zh_spans, en_spans) = (word_spans(zh), word_spans(en));
    let (zh_words, en_words) = (lowercase_words(zh, &zh_spans), lowercase_words(en, &en_spans));
    let mut places = Vec::new();
    for change in capture_diff_slices(Algorithm::Myers, &zh_words, &en_words) {
        match change {
            DiffOp::Equal { .. } => {}
            DiffOp::Replace { old_index, old_len, new_index, new_len } if old_len.max(new_len) <= MAX_TERM_WORDS => {
                places.push((old_index..old_index + old_len, new_index..new_index + new_len));
            }
            _ => return None,
        }
    }
    let words = |(z, e): &(Range<usize>, Range<usize>)| (zh_words[z.clone()].to_vec(), en_words[e.clone()].to_vec());
    let first = words(places.first()?);
    if places.iter().any(|position| words(position) != first) {
        return None;
    }
    let (zh_places, en_places): (Vec<_>, Vec<_>) = places.into_iter().unzip();
    let neighbour = |at: Option<usize>| at.and_then(|at| zh_words.get(at)).cloned();
    Some(Replacement {
        words: first,
        neighbours: zh_places.iter().map(|z| (neighbour(z.start.checked_sub(1)), neighbour(Some(z.end)))).collect(),
        message: fold(zh),
        is_only_difference: mask_places(zh, &zh_spans, &zh_places) == mask_places(en, &en_spans, &en_places),
    })
}

fn word_spans(text: &str) -> Vec<Range<usize>> {
    WORD.find_iter(text).map(|word| word.range()).collect()
}

fn lowercase_words(text: &str, spans: &[Range<usize>]) -> Vec<String> {
    spans.iter().map(|span| half_width(&text[span.clone()]).to_lowercase()).collect()
}

/// Returns the text with a mark in place of each replacement. The mark records whether the replaced words begin with a
/// capital.
fn mask_places(text: &str, spans: &[Range<usize>], places: &[Range<usize>]) -> String {
    let (mut out, mut end) = (String::new(), 0);
    for position in places {
        let (Some(first), Some(last)) = (spans.get(position.start), spans.get(position.end - 1)) else { continue };
        out.push_str(&text[end..first.start]);
        let is_capital = text[first.start..].starts_with(char::is_uppercase);
        out.push_str(if is_capital { "\0A" } else { "\0a" });
        end = last.end;
    }
    out + &text[end..]
}

/// Returns the two terms: the replaced words, extended by a long neighbouring word that all of several messages share.
fn extended_term((zh, en): &ReplacedWords, replacements: &[&Replacement]) -> Bilingual<String> {
    let messages: BTreeSet<&str> = replacements.iter().map(|replacement| replacement.message.as_str()).collect();
    let neighbours: Vec<_> = replacements.iter().flat_map(|replacement| &replacement.neighbours).collect();
    let shared_neighbour = |side: fn(&Neighbours) -> &Option<String>| {
        let first = side(neighbours.first()?).as_deref().filter(|word| word.chars().count() > MIN_TERM_LETTERS)?;
        let is_shared =
            messages.len() >= MIN_CONTEXTS && neighbours.iter().all(|places| side(places).as_deref() == Some(first));
        is_shared.then_some(first)
    };
    let (before, after) = (shared_neighbour(|places| &places.0), shared_neighbour(|places| &places.1));
    let join_words = |words: &[String]| {
        let words = before.into_iter().chain(words.iter().map(String::as_str)).chain(after);
        words.collect::<Vec<_>>().join(" ")
    };
    Bilingual { zh: join_words(zh), en: join_words(en) }
}
