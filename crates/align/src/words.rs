//! Text as evidence: what of a cell can be compared with a cell of the other page, whichever language either is in.

use std::collections::HashMap;
use std::ops::Range;
use std::sync::LazyLock;

use docdrift_model::text::{half_width, is_invisible};
use rapidfuzz::fuzz;
use regex::Regex;

use crate::glossary;

/// Endings make more forms of an English word than this many letters do.
const STEM: usize = 5;

static PLACEHOLDER: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"\$?\{[^{}]*\}|<[^<>]*>|%[sd]|\[[^\[\]]{0,3}\]|\*{2,}").expect("a valid pattern"));
static LATIN: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"[A-Za-z0-9]+").expect("a valid pattern"));
/// The words that a name such as `DestinationImageName` is made of.
static PART: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"[A-Z]+[a-z]*|[a-z]+|[0-9]+").expect("a valid pattern"));
static HAN: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"\p{Han}+").expect("a valid pattern"));

/// What a text is made of, as far as comparing goes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Script {
    /// Nothing at all.
    #[default]
    Blank,
    /// Placeholders, punctuation and digits: nothing that says which error it is.
    Bare,
    /// Latin letters only.
    Latin,
    /// Chinese, with or without Latin words in it.
    Han,
}

/// Gives each word a number and knows how many rows of each page have it.
#[derive(Default)]
pub(crate) struct Vocabulary {
    ids: HashMap<String, u32>,
    pages: Vec<Rows>,
}

/// How many rows a page has, and how many with each word.
#[derive(Default)]
struct Rows {
    all: u32,
    with: Vec<u32>,
}

impl Vocabulary {
    /// The sorted numbers of words; those of glossary terms come before all others.
    fn ids<'a>(&mut self, words: impl IntoIterator<Item = &'a str>) -> Vec<u32> {
        let mut ids = Vec::new();
        for word in words {
            let known = self.ids.get(word).copied();
            ids.push(known.unwrap_or_else(|| {
                let next = number(glossary::len() + self.ids.len());
                self.ids.insert(word.to_owned(), next);
                next
            }));
        }
        sorted(ids)
    }

    /// Counts the rows of one page, given as what each row reads.
    pub(crate) fn count<'a>(&mut self, page: impl Iterator<Item = &'a Text>) {
        let mut rows = Rows { all: 0, with: vec![0; glossary::len() + self.ids.len()] };
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

    /// How many rows of the page that has more of them have the word.
    pub(crate) fn rows(&self, id: u32) -> u32 {
        self.pages.iter().filter_map(|page| page.with.get(id as usize)).copied().max().unwrap_or(0)
    }

    /// How much a word says: the rarer, the more. What every row of one page says, says next to nothing.
    fn weight(&self, id: u32) -> f64 {
        let share = |page: &Rows| f64::from(*page.with.get(id as usize).unwrap_or(&0)) / f64::from(page.all.max(1));
        let share = self.pages.iter().map(share).fold(0.0, f64::max);
        if share > 0.0 { 0.1 - share.ln() } else { 1.0 }
    }

    fn sum(&self, ids: impl IntoIterator<Item = u32>) -> f64 {
        ids.into_iter().map(|id| self.weight(id)).sum()
    }
}

/// A cell, or several, ready to be compared.
#[derive(Clone, Debug, Default)]
pub(crate) struct Text {
    /// Letters and digits only, in lower case and half width.
    pub(crate) key: String,
    /// What it is made of.
    pub(crate) script: Script,
    /// The stems of its Latin words and its numbers, sorted.
    pub(crate) words: Vec<u32>,
    /// The glossary terms it speaks of, sorted.
    pub(crate) concepts: Vec<u32>,
    /// Pairs of neighbouring Chinese characters, sorted.
    pub(crate) grams: Vec<u32>,
}

impl Text {
    /// Reads `text`.
    pub(crate) fn new(text: &str, vocabulary: &mut Vocabulary) -> Self {
        let plain = half_width(text);
        let bare = PLACEHOLDER.replace_all(&plain, " ");
        // Of the same length, so that a part found in one is the same part in the other.
        let lower = bare.to_ascii_lowercase();
        let names: Vec<Range<usize>> = LATIN.find_iter(&bare).map(|name| name.range()).collect();
        let parts = |name: &Range<usize>| {
            let start = name.start;
            PART.find_iter(&bare[name.clone()]).map(move |part| start + part.start()..start + part.end())
        };
        let words: Vec<&str> = names.iter().flat_map(parts).map(|part| &lower[part]).collect();
        // A name of several words also stands for itself.
        let whole = names.iter().filter(|name| parts(name).nth(1).is_some()).map(|name| &lower[name.clone()]);
        Self {
            key: key(&plain.to_lowercase()),
            script: script(&bare, &plain),
            concepts: sorted(glossary::concepts(&bare, &words).into_iter().map(number).collect()),
            grams: vocabulary.ids(HAN.find_iter(&bare).flat_map(|run| grams(run.as_str()))),
            words: vocabulary.ids(words.iter().map(|word| &word[..word.len().min(STEM)]).chain(whole)),
        }
    }

    /// Two cells as one text.
    pub(crate) fn join(&self, other: &Self) -> Self {
        let both = |a: &[u32], b: &[u32]| sorted([a, b].concat());
        Self {
            key: format!("{}{}", self.key, other.key),
            script: self.script.max(other.script),
            words: both(&self.words, &other.words),
            concepts: both(&self.concepts, &other.concepts),
            grams: both(&self.grams, &other.grams),
        }
    }

    fn says_something(&self) -> bool {
        matches!(self.script, Script::Latin | Script::Han)
    }
}

fn number(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}

fn sorted(mut ids: Vec<u32>) -> Vec<u32> {
    ids.sort_unstable();
    ids.dedup();
    ids
}

fn script(bare: &str, plain: &str) -> Script {
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

/// Each two neighbouring characters.
fn grams(run: &str) -> impl Iterator<Item = &str> {
    let ends = run.char_indices().map(|(at, c)| at + c.len_utf8()).skip(1);
    run.char_indices().zip(ends).map(|((start, _), end)| &run[start..end])
}

/// Letters and digits of a text already made half-width and lower-case.
fn key(plain: &str) -> String {
    plain.chars().filter(|c| c.is_alphanumeric()).collect()
}

/// What is left of a code when case, width, blanks and punctuation are forgotten; a leading minus is no punctuation.
pub(crate) fn code_key(code: &str) -> String {
    let plain = half_width(code).to_lowercase();
    let plain: String = plain.chars().filter(|c| !is_invisible(*c)).collect();
    let key = key(&plain);
    let negative =
        plain.trim_start().strip_prefix('-').is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()));
    if negative { format!("-{key}") } else { key }
}

/// How two texts compare.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Likeness {
    /// One of them says nothing, or both say nothing.
    Unknown,
    /// The same but for case, width, blanks and punctuation.
    Same,
    /// Both in one script: from 0 (nothing in common) to 1.
    Alike(f64),
    /// In two languages: from 0 to 1, how much of the names, numbers and glossary terms they share.
    Translated(f64),
    /// One is all placeholders, the other is not.
    Bare,
}

/// Compares two texts.
pub(crate) fn compare(a: &Text, b: &Text, vocabulary: &Vocabulary) -> Likeness {
    match (a.says_something(), b.says_something()) {
        (true, true) if a.key == b.key => Likeness::Same,
        (true, true) if a.script == b.script => Likeness::Alike(alike(a, b, vocabulary)),
        (true, true) => Likeness::Translated(translated(a, b, vocabulary)),
        (false, false) => Likeness::Unknown,
        _ if a.script == Script::Bare || b.script == Script::Bare => Likeness::Bare,
        _ => Likeness::Unknown,
    }
}

fn alike(a: &Text, b: &Text, vocabulary: &Vocabulary) -> f64 {
    let common = vocabulary.sum(common(&a.words, &b.words)) + vocabulary.sum(common(&a.grams, &b.grams));
    let all = vocabulary.sum(a.words.iter().chain(&a.grams).chain(&b.words).chain(&b.grams).copied());
    let by_words = if all > 0.0 { 2.0 * common / all } else { 0.0 };
    // Two English sentences of any content share about half their letters in order.
    let by_letters = (fuzz::ratio(a.key.chars(), b.key.chars()) - 0.5) / 0.5;
    by_words.max(by_letters).clamp(0.0, 1.0)
}

/// Only what can survive a translation counts: the Latin words of the Chinese text, and terms both languages have.
fn translated(a: &Text, b: &Text, vocabulary: &Vocabulary) -> f64 {
    let (han, latin) = if a.script == Script::Han { (a, b) } else { (b, a) };
    let names = vocabulary.sum(common(&han.words, &latin.words));
    let terms = vocabulary.sum(common(&han.concepts, &latin.concepts));
    let of_han = vocabulary.sum(han.words.iter().chain(&han.concepts).copied());
    let of_latin = names + vocabulary.sum(latin.concepts.iter().copied());
    if of_han > 0.0 && of_latin > 0.0 { (names + terms) / (of_han * of_latin).sqrt() } else { 0.0 }
}

/// The numbers that two sorted lists share.
fn common(a: &[u32], b: &[u32]) -> Vec<u32> {
    a.iter().copied().filter(|id| b.binary_search(id).is_ok()).collect()
}

/// Whether a text is written in Chinese; names in `<…>` and the like do not count.
pub(crate) fn is_chinese(text: &str) -> bool {
    HAN.is_match(&PLACEHOLDER.replace_all(text, " "))
}

/// Whether a text has words of a language: Chinese, or at least two Latin ones that are no names or codes.
pub(crate) fn has_words(text: &str) -> bool {
    let is_word = |word: &str| word.len() > 1 && word.chars().skip(1).all(|c| c.is_ascii_lowercase());
    let latin = || PLACEHOLDER.replace_all(text, " ").split_whitespace().filter(|word| is_word(bare(word))).count();
    is_chinese(text) || latin() > 1
}

fn bare(word: &str) -> &str {
    word.trim_matches(|c: char| c.is_ascii_punctuation())
}
