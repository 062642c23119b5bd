//! What speaks for and against two rows documenting the same error. The weights are in points; a pair needs
//! [`ENOUGH`] of them, which neither a common message nor the order of the rows can bring without the code.

use rapidfuzz::distance::osa;

use crate::side::Row;
use crate::words::Likeness;

/// The least sum of a pair.
pub(crate) const ENOUGH: f64 = 5.0;
/// The sum from which a pair counts as certain.
const CERTAIN: f64 = 12.0;

const SAME_CODE: f64 = 6.0;
const SAME_CODE_FOLDED: f64 = 5.5;
/// Two codes that differ in one digit are two codes as often as a slip.
const OTHER_DIGIT: f64 = -1.0;
const OTHER_CODE: f64 = -1.0;
/// Two numbers of one series are two errors, whatever their messages.
const OTHER_NUMBER: f64 = -3.5;
const SAME_STATUS: f64 = 1.0;
const SAME_MESSAGE: f64 = 3.0;
/// A message that stands once on either page names its error as well as a code does.
const RARE_MESSAGE: f64 = 2.0;
const OTHER_MESSAGE: f64 = -4.5;

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
    /// Of two rows that a maintainer keeps apart: below anything that other evidence comes to.
    pub(crate) const APART: Self =
        Self { code: -10.0, status: -10.0, message: -10.0, text: -10.0, table: -10.0, order: -10.0 };

    /// Whether status, message and table or texts all say that these are two errors, which one code may well name.
    pub(crate) fn contradicts(&self) -> bool {
        self.status < 0.0 && self.message <= OTHER_MESSAGE / 2.0 && self.text <= 0.0
    }

    /// All points together.
    pub(crate) fn total(&self) -> f64 {
        self.code + self.status + self.message + self.text + self.table + self.order
    }

    /// The total as a number from 0 to 1, in hundredths: one row more on a page must not change the score of all.
    pub(crate) fn score(&self) -> f64 {
        (100.0 * self.total() / CERTAIN).round().clamp(0.0, 100.0) / 100.0
    }
}

/// How much the codes speak for the rows being the same error.
pub(crate) fn code(a: &Row, b: &Row) -> f64 {
    if a.key.is_empty() || b.key.is_empty() {
        0.0
    } else if a.key == b.key {
        if a.code == b.code { SAME_CODE } else { SAME_CODE_FOLDED }
    } else {
        respelled(&a.key, &b.key)
    }
}

/// How much two different codes look like one with a slip: the more letters and the fewer slips, the more. Below zero
/// they are two codes.
pub(crate) fn respelled(a: &str, b: &str) -> f64 {
    let length = a.chars().count().max(b.chars().count());
    let slips = osa::distance(a.chars(), b.chars());
    if slips > 1 + length / 8 {
        return if without_digits(a) == without_digits(b) { OTHER_NUMBER } else { OTHER_CODE };
    }
    if only_digits(a) != only_digits(b) && unmistaken(a) != unmistaken(b) {
        return if slips > 1 { OTHER_NUMBER } else { OTHER_DIGIT };
    }
    let wide = |n: usize| f64::from(u32::try_from(n).unwrap_or(u32::MAX));
    // Two series may number their errors alike, so a digit says less than a letter.
    let letters = without_digits(a).chars().count().min(without_digits(b).chars().count());
    let says = wide(letters) + wide(length - letters) / 2.0;
    (1.0 + 0.35 * says).min(4.5) - 0.5 * wide(slips.saturating_sub(1))
}

fn only_digits(code: &str) -> String {
    code.chars().filter(char::is_ascii_digit).collect()
}

fn without_digits(code: &str) -> String {
    code.chars().filter(|c| !c.is_ascii_digit()).collect()
}

/// The code with digits for the letters that they are mistaken for.
fn unmistaken(code: &str) -> String {
    let digit = |c| match c {
        'o' => '0',
        'l' | 'i' => '1',
        c => c,
    };
    code.chars().map(digit).collect()
}

/// How much the statuses speak.
pub(crate) fn status(a: &Row, b: &Row) -> f64 {
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

/// How much the wire messages speak; `rare` where the message stands once on either page.
pub(crate) fn message(likeness: Likeness, rare: bool) -> f64 {
    match likeness {
        Likeness::Unknown | Likeness::Translated(_) => 0.0,
        Likeness::Same => SAME_MESSAGE + if rare { RARE_MESSAGE } else { 0.0 },
        Likeness::Alike(share) if share < 0.3 => OTHER_MESSAGE,
        Likeness::Alike(share) if share < 0.55 => OTHER_MESSAGE * (0.55 - share) / 0.25,
        Likeness::Alike(share) => SAME_MESSAGE * (share - 0.55) / 0.45,
        Likeness::Bare => -1.0,
    }
}

/// How much the other texts speak.
pub(crate) fn text(likeness: Likeness) -> f64 {
    match likeness {
        Likeness::Unknown | Likeness::Bare => 0.0,
        Likeness::Same => 2.0,
        Likeness::Alike(share) => 2.5 * share - 0.5,
        // Nine of ten descriptions of two errors share less than this, nineteen of twenty translations share more.
        Likeness::Translated(share) => (5.0 * (share - 0.35)).max(-2.0),
    }
}
