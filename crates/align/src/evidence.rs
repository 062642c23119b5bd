//! Scores the evidence that two rows document the same error. Weights are in points. A pair needs [`MIN_PAIR_POINTS`],
//! which neither an equal message nor the order of rows reaches without the code.

use rapidfuzz::distance::osa;

use crate::page_rows::Row;
use crate::text::Likeness;

/// The minimum total of a pair. An equal code (5.5 or 6) exceeds it; an equal message with an equal status (4) does
/// not.
pub(crate) const MIN_PAIR_POINTS: f64 = 5.0;
/// The total from which a pair is certain: an equal code (6), rare message (5) and status (1).
const CERTAIN_POINTS: f64 = 12.0;

/// The points of equal codes.
const SAME_CODE: f64 = 6.0;
/// The points of codes that differ only in case, width, blanks or punctuation, which pages often flatten.
const SAME_CODE_FOLDED: f64 = 5.5;
/// The points of codes that differ in one digit: they are different codes as often as misspellings.
const OTHER_DIGIT: f64 = -1.0;
/// The points of different codes. They are weak evidence, since a page may misprint or renumber a code.
const OTHER_CODE: f64 = -1.0;
/// The points of two numbers of one series. They are two errors even if their messages are the same.
const OTHER_NUMBER: f64 = -3.5;
/// The points of a misspelling before its letters are counted.
const MISSPELLING_BASE: f64 = 1.0;
/// The points for each letter of a misspelled code: a long code is misspelled more often than it resembles another.
const MISSPELLING_LETTER: f64 = 0.35;
/// The maximum points of a misspelling. It is below [`MIN_PAIR_POINTS`], so that a misspelling needs further evidence.
const MAX_MISSPELLING: f64 = 4.5;
/// The points lost by each slip after the first.
const EXTRA_SLIP: f64 = 0.5;
/// The number of letters that may contain one slip beyond the first. A typed code has one or two slips, not one in
/// every word.
const LETTERS_PER_SLIP: usize = 8;

/// The points of equal statuses, and the loss for different ones. Few statuses cover all errors, so they say little.
const SAME_STATUS: f64 = 1.0;

/// The points of equal messages. They are not enough for a pair, since several errors may send one message.
const SAME_MESSAGE: f64 = 3.0;
/// The additional points of a message that is unique on both pages: it identifies its error as well as a code does.
const RARE_MESSAGE: f64 = 2.0;
/// The points of unrelated messages: they outweigh most of an equal code, which may name several errors.
const OTHER_MESSAGE: f64 = -4.5;
/// The points of a message with words against one of placeholders only.
const BARE_MESSAGE: f64 = -1.0;
/// The similarity below which two messages are unrelated. Unrelated messages share words such as `parameter`.
const UNRELATED_SHARE: f64 = 0.3;
/// The similarity at which two messages are evidence neither for nor against a pair. Different errors of one family,
/// such as `The user does not exist` and `The group does not exist`, are around it.
const NEUTRAL_SHARE: f64 = 0.55;

/// The points of equal descriptions, solutions and the like.
const SAME_TEXT: f64 = 2.0;
/// The points of two texts in one language that share nothing. Descriptions are rewritten more often than messages.
const UNRELATED_TEXT: f64 = -0.5;
/// The points that the whole share of a translation adds.
const TRANSLATION_SLOPE: f64 = 5.0;
/// The share of names and terms at which a translation is evidence neither for nor against a pair. Of the descriptions
/// of two different errors nine of ten share less; of translations nineteen of twenty share more.
const UNRELATED_TRANSLATION_SHARE: f64 = 0.35;

/// The points of one candidate pair by kind of evidence.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Evidence {
    pub(crate) code: f64,
    pub(crate) status: f64,
    pub(crate) message: f64,
    pub(crate) text: f64,
    pub(crate) table: f64,
    pub(crate) order: f64,
}

impl Evidence {
    /// The evidence of two rows that a maintainer keeps apart. It is below any total that other evidence reaches.
    pub(crate) const APART: Self =
        Self { code: -10.0, status: -10.0, message: -10.0, text: -10.0, table: -10.0, order: -10.0 };

    /// Whether status, message and texts all indicate two different errors. One code may name both.
    pub(crate) fn contradicts(&self) -> bool {
        self.status < 0.0 && self.message <= OTHER_MESSAGE / 2.0 && self.text <= 0.0
    }

    /// Returns the sum of all points.
    pub(crate) fn total(&self) -> f64 {
        self.code + self.status + self.message + self.text + self.table + self.order
    }

    /// Returns the total as a score from 0 to 1. It is rounded to hundredths, so that an added row does not change the
    /// score of every pair through the word frequencies.
    pub(crate) fn score(&self) -> f64 {
        (100.0 * self.total() / CERTAIN_POINTS).round().clamp(0.0, 100.0) / 100.0
    }
}

/// Scores the codes.
pub(crate) fn score_codes(a: &Row, b: &Row) -> f64 {
    if a.key.is_empty() || b.key.is_empty() {
        0.0
    } else if a.key == b.key {
        if a.code == b.code { SAME_CODE } else { SAME_CODE_FOLDED }
    } else {
        score_misspelling(&a.key, &b.key)
    }
}

/// Scores two different codes as one code with a misspelling: more letters and fewer slips give more points. A negative
/// score means two different codes.
pub(crate) fn score_misspelling(a: &str, b: &str) -> f64 {
    let length = a.chars().count().max(b.chars().count());
    let slips = osa::distance(a.chars(), b.chars());
    if slips > 1 + length / LETTERS_PER_SLIP {
        return if without_digits(a) == without_digits(b) { OTHER_NUMBER } else { OTHER_CODE };
    }
    if only_digits(a) != only_digits(b) && without_confusable_letters(a) != without_confusable_letters(b) {
        return if slips > 1 { OTHER_NUMBER } else { OTHER_DIGIT };
    }
    let wide = |n: usize| f64::from(u32::try_from(n).unwrap_or(u32::MAX));
    // Two series may number their errors alike, so a digit counts less than a letter.
    let letters = without_digits(a).chars().count().min(without_digits(b).chars().count());
    let letter_count = wide(letters) + wide(length - letters) / 2.0;
    (MISSPELLING_BASE + MISSPELLING_LETTER * letter_count).min(MAX_MISSPELLING)
        - EXTRA_SLIP * wide(slips.saturating_sub(1))
}

fn only_digits(code: &str) -> String {
    code.chars().filter(char::is_ascii_digit).collect()
}

fn without_digits(code: &str) -> String {
    code.chars().filter(|c| !c.is_ascii_digit()).collect()
}

/// Replaces the letters that are mistaken for digits.
fn without_confusable_letters(code: &str) -> String {
    let digit = |c| match c {
        'o' => '0',
        'l' | 'i' => '1',
        c => c,
    };
    code.chars().map(digit).collect()
}

/// Scores the statuses.
pub(crate) fn score_statuses(a: &Row, b: &Row) -> f64 {
    if a.numbers.is_empty() || b.numbers.is_empty() {
        let same = !a.status.is_empty() && a.status == b.status;
        return if same { SAME_STATUS } else { 0.0 };
    }
    if a.numbers == b.numbers {
        SAME_STATUS
    } else if a.numbers.iter().any(|n| b.numbers.contains(n)) {
        SAME_STATUS / 2.0
    } else {
        -SAME_STATUS
    }
}

/// Scores the wire messages. `rare` means that the message is unique on both pages.
pub(crate) fn score_messages(likeness: Likeness, rare: bool) -> f64 {
    match likeness {
        Likeness::Unknown | Likeness::Translated(_) => 0.0,
        Likeness::Same => SAME_MESSAGE + if rare { RARE_MESSAGE } else { 0.0 },
        Likeness::Alike(share) if share < UNRELATED_SHARE => OTHER_MESSAGE,
        Likeness::Alike(share) if share < NEUTRAL_SHARE => {
            OTHER_MESSAGE * (NEUTRAL_SHARE - share) / (NEUTRAL_SHARE - UNRELATED_SHARE)
        }
        Likeness::Alike(share) => SAME_MESSAGE * (share - NEUTRAL_SHARE) / (1.0 - NEUTRAL_SHARE),
        Likeness::Bare => BARE_MESSAGE,
    }
}

/// Scores the other texts.
pub(crate) fn score_texts(likeness: Likeness) -> f64 {
    match likeness {
        Likeness::Unknown | Likeness::Bare => 0.0,
        Likeness::Same => SAME_TEXT,
        Likeness::Alike(share) => (SAME_TEXT - UNRELATED_TEXT) * share + UNRELATED_TEXT,
        Likeness::Translated(share) => (TRANSLATION_SLOPE * (share - UNRELATED_TRANSLATION_SHARE)).max(-SAME_TEXT),
    }
}
