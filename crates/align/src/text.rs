//! Prepares texts for comparison with a text of the other page in either language.

use std::collections::HashMap;
use std::ops::Range;
use std::sync::LazyLock;

use docdrift_model::text::{half_width, is_invisible};
use rapidfuzz::fuzz;
use regex::Regex;

use crate::glossary;

/// The number of letters kept of an English word. It removes most endings (`exceeded`, `exceeds`) and keeps most words
/// distinct.
const STEM_LETTERS: usize = 5;

/// The weight of a word that every row of a page has. It is not 0, so that equal texts of such words remain similar.
const COMMON_WORD_WEIGHT: f64 = 0.1;

/// The share of letters that two unrelated English sentences have in common, in order.
const UNRELATED_LETTERS: f64 = 0.5;

static PLACEHOLDER: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"\$?\{[^{}]*\}|<[^<>]*>|%[sd]|\[[^\[\]]{0,3}\]|\*{2,}").expect("a valid pattern"));
static LATIN: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"[A-Za-z0-9]+").expect("a valid pattern"));
/// The words of a name such as `DestinationImageName`.
static PART: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"[A-Z]+[a-z]*|[a-z]+|[0-9]+").expect("a valid pattern"));
static HAN: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"\p{Han}+").expect("a valid pattern"));

/// The kind of characters that a text consists of.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Script {
    /// No characters.
    #[default]
    Blank,
    /// Only placeholders, punctuation and digits, which do not identify an error.
    Bare,
    /// Latin letters only.
    Latin,
    /// Chinese characters, possibly with Latin words.
    Han,
}

/// Numbers words and counts the rows of each page that have them.
#[derive(Default)]
pub(crate) struct Vocabulary {
    ids: HashMap<String, u32>,
    pages: Vec<PageCounts>,
}

/// The number of rows of a page, and of those with each word.
#[derive(Default)]
struct PageCounts {
    all: u32,
    with: Vec<u32>,
}

impl Vocabulary {
    /// Returns the sorted numbers of words. The numbers of glossary terms are lower than all of these.
    fn number_words<'a>(&mut self, words: impl IntoIterator<Item = &'a str>) -> Vec<u32> {
        let mut ids = Vec::new();
        for word in words {
            let existing = self.ids.get(word).copied();
            ids.push(existing.unwrap_or_else(|| {
                let next = to_id(glossary::term_count() + self.ids.len());
                self.ids.insert(word.to_owned(), next);
                next
            }));
        }
        sorted_unique(ids)
    }

    /// Counts the rows of one page. `page` has the text of each row.
    pub(crate) fn count_page<'a>(&mut self, page: impl Iterator<Item = &'a Text>) {
        let mut rows = PageCounts { all: 0, with: vec![0; glossary::term_count() + self.ids.len()] };
        for text in page {
            rows.all += 1;
            for id in [&text.words, &text.concepts, &text.grams].into_iter().flatten() {
                if let Some(with) = rows.with.get_mut(*id as usize) {
                    *with += 1;
                }
            }
        }
        self.pages.push(rows);
    }

    /// Returns the number of rows with the word on the page that has more of them.
    pub(crate) fn row_count(&self, id: u32) -> u32 {
        self.pages.iter().filter_map(|page| page.with.get(id as usize)).copied().max().unwrap_or(0)
    }

    /// Returns the weight of a word: rarer words weigh more, and a word in every row of a page hardly weighs anything.
    fn word_weight(&self, id: u32) -> f64 {
        let share =
            |page: &PageCounts| f64::from(*page.with.get(id as usize).unwrap_or(&0)) / f64::from(page.all.max(1));
        let share = self.pages.iter().map(share).fold(0.0, f64::max);
        if share > 0.0 { COMMON_WORD_WEIGHT - share.ln() } else { 1.0 }
    }

    fn total_weight(&self, ids: impl IntoIterator<Item = u32>) -> f64 {
        ids.into_iter().map(|id| self.word_weight(id)).sum()
    }
}

/// One or several cells, prepared for comparison.
#[derive(Clone, Debug, Default)]
pub(crate) struct Text {
    /// The letters and digits in lower case and half width.
    pub(crate) key: String,
    /// The kind of characters.
    pub(crate) script: Script,
    /// The stems of Latin words and the numbers, sorted.
    pub(crate) words: Vec<u32>,
    /// The glossary terms, sorted.
    pub(crate) concepts: Vec<u32>,
    /// The pairs of adjacent Chinese characters, sorted.
    pub(crate) grams: Vec<u32>,
}

impl Text {
    /// Analyzes `text` and numbers its words.
    pub(crate) fn new(text: &str, vocabulary: &mut Vocabulary) -> Self {
        let plain = half_width(text);
        let bare = PLACEHOLDER.replace_all(&plain, " ");
        // ASCII lower case keeps the length, so ranges of one text are valid in the other.
        let lower = bare.to_ascii_lowercase();
        let names: Vec<Range<usize>> = LATIN.find_iter(&bare).map(|name| name.range()).collect();
        let parts = |name: &Range<usize>| {
            let start = name.start;
            PART.find_iter(&bare[name.clone()]).map(move |part| start + part.start()..start + part.end())
        };
        let words: Vec<&str> = names.iter().flat_map(parts).map(|part| &lower[part]).collect();
        // A name of several words also counts as a whole.
        let whole = names.iter().filter(|name| parts(name).nth(1).is_some()).map(|name| &lower[name.clone()]);
        Self {
            key: letters_and_digits(&plain.to_lowercase()),
            script: detect_script(&bare, &plain),
            concepts: sorted_unique(glossary::find_concepts(&bare, &words).into_iter().map(to_id).collect()),
            grams: vocabulary.number_words(HAN.find_iter(&bare).flat_map(|run| bigrams(run.as_str()))),
            words: vocabulary.number_words(words.iter().map(|word| &word[..word.len().min(STEM_LETTERS)]).chain(whole)),
        }
    }

    /// Joins two cells into one text.
    pub(crate) fn join(&self, other: &Self) -> Self {
        let both = |a: &[u32], b: &[u32]| sorted_unique([a, b].concat());
        Self {
            key: format!("{}{}", self.key, other.key),
            script: self.script.max(other.script),
            words: both(&self.words, &other.words),
            concepts: both(&self.concepts, &other.concepts),
            grams: both(&self.grams, &other.grams),
        }
    }

    fn has_letters(&self) -> bool {
        matches!(self.script, Script::Latin | Script::Han)
    }
}

fn to_id(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}

fn sorted_unique(mut ids: Vec<u32>) -> Vec<u32> {
    ids.sort_unstable();
    ids.dedup();
    ids
}

fn detect_script(bare: &str, plain: &str) -> Script {
    if plain.chars().all(char::is_whitespace) {
        Script::Blank
    } else if HAN.is_match(bare) {
        Script::Han
    } else if bare.chars().any(char::is_alphabetic) {
        Script::Latin
    } else {
        Script::Bare
    }
}

/// Returns all pairs of adjacent characters.
fn bigrams(run: &str) -> impl Iterator<Item = &str> {
    let ends = run.char_indices().map(|(at, c)| at + c.len_utf8()).skip(1);
    run.char_indices().zip(ends).map(|((start, _), end)| &run[start..end])
}

/// Returns letters and digits of a text that is already in half width and lower case.
fn letters_and_digits(plain: &str) -> String {
    plain.chars().filter(|c| c.is_alphanumeric()).collect()
}

/// Normalizes a code: ignores case, width, blanks and punctuation, except for a leading minus sign.
pub(crate) fn code_key(code: &str) -> String {
    let plain = half_width(code).to_lowercase();
    let plain: String = plain.chars().filter(|c| !is_invisible(*c)).collect();
    let key = letters_and_digits(&plain);
    let negative =
        plain.trim_start().strip_prefix('-').is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()));
    if negative { format!("-{key}") } else { key }
}

/// The result of comparing two texts.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Likeness {
    /// At least one text has no words, and none consists of placeholders alone next to words.
    Unknown,
    /// Equal except for case, width, blanks and punctuation.
    Same,
    /// Both in one script: the similarity from 0 (nothing in common) to 1.
    Alike(f64),
    /// In two languages: the share of common names, numbers and glossary terms, from 0 to 1.
    Translated(f64),
    /// One text consists of placeholders, the other has words.
    Bare,
}

/// Compares two texts.
pub(crate) fn compare_texts(a: &Text, b: &Text, vocabulary: &Vocabulary) -> Likeness {
    match (a.has_letters(), b.has_letters()) {
        (true, true) if a.key == b.key => Likeness::Same,
        (true, true) if a.script == b.script => Likeness::Alike(text_similarity(a, b, vocabulary)),
        (true, true) => Likeness::Translated(translation_share(a, b, vocabulary)),
        (false, false) => Likeness::Unknown,
        _ if a.script == Script::Bare || b.script == Script::Bare => Likeness::Bare,
        _ => Likeness::Unknown,
    }
}

fn text_similarity(a: &Text, b: &Text, vocabulary: &Vocabulary) -> f64 {
    let common = vocabulary.total_weight(intersection(&a.words, &b.words))
        + vocabulary.total_weight(intersection(&a.grams, &b.grams));
    let all = vocabulary.total_weight(a.words.iter().chain(&a.grams).chain(&b.words).chain(&b.grams).copied());
    let by_words = if all > 0.0 { 2.0 * common / all } else { 0.0 };
    let by_letters = (fuzz::ratio(a.key.chars(), b.key.chars()) - UNRELATED_LETTERS) / (1.0 - UNRELATED_LETTERS);
    by_words.max(by_letters).clamp(0.0, 1.0)
}

/// Compares only what survives a translation: the Latin words of the Chinese text, and terms of both languages.
fn translation_share(a: &Text, b: &Text, vocabulary: &Vocabulary) -> f64 {
    let (han, latin) = if a.script == Script::Han { (a, b) } else { (b, a) };
    let names = vocabulary.total_weight(intersection(&han.words, &latin.words));
    let terms = vocabulary.total_weight(intersection(&han.concepts, &latin.concepts));
    let han_weight = vocabulary.total_weight(han.words.iter().chain(&han.concepts).copied());
    let latin_weight = names + vocabulary.total_weight(latin.concepts.iter().copied());
    if han_weight > 0.0 && latin_weight > 0.0 { (names + terms) / (han_weight * latin_weight).sqrt() } else { 0.0 }
}

/// Returns the numbers that two sorted lists share.
fn intersection(a: &[u32], b: &[u32]) -> Vec<u32> {
    a.iter().copied().filter(|id| b.binary_search(id).is_ok()).collect()
}

/// Whether a text is in Chinese, apart from names in `<…>` and other placeholders.
pub(crate) fn is_chinese(text: &str) -> bool {
    HAN.is_match(&PLACEHOLDER.replace_all(text, " "))
}

/// Whether a text has words of a language: Chinese, or at least two Latin words that are neither names nor codes.
pub(crate) fn has_words(text: &str) -> bool {
    let is_word = |word: &str| word.len() > 1 && word.chars().skip(1).all(|c| c.is_ascii_lowercase());
    let latin =
        || PLACEHOLDER.replace_all(text, " ").split_whitespace().filter(|word| is_word(trim_punctuation(word))).count();
    is_chinese(text) || latin() > 1
}

fn trim_punctuation(word: &str) -> &str {
    word.trim_matches(|c: char| c.is_ascii_punctuation())
}
