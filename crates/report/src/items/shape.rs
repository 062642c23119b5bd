//! Compares what surrounds the words that two wordings share: “pump failed” and “failed to pump” are “… failed” and
//! “failed to …”.

use crate::pieces::words;

/// Longer texts are not compared: the comparison grows with the square of their length.
const MAX_WORDS: usize = 120;

/// Returns the text before and after the longest run of words that both texts share, old and new, without their common
/// beginning and end. `None` where they share no letter or digit, or differ in nothing else.
pub(super) fn shape(old: &str, new: &str) -> Option<[[String; 2]; 2]> {
    let (old, new) = (words(old), words(new));
    if old.len().max(new.len()) > MAX_WORDS {
        return None;
    }
    let (old, new) = trimmed(&old, &new);
    let (a, b, length) = longest_run(old, new)?;
    let says = old[a..a + length].iter().any(|word| word.contains(char::is_alphanumeric));
    let around = |words: &[&str], at: usize| [words[..at].concat(), words[at + length..].concat()];
    let (before, now) = (around(old, a), around(new, b));
    (says && before != now).then_some([before, now])
}

/// Returns both texts without their common beginning and end.
fn trimmed<'w, 't>(old: &'w [&'t str], new: &'w [&'t str]) -> (&'w [&'t str], &'w [&'t str]) {
    let head = old.iter().zip(new).take_while(|(a, b)| a == b).count();
    let (old, new) = (&old[head..], &new[head..]);
    let tail = old.iter().rev().zip(new.iter().rev()).take_while(|(a, b)| a == b).count();
    (&old[..old.len() - tail], &new[..new.len() - tail])
}

/// Returns where the longest common run starts in either text, and its length. Its first word may differ in the case of
/// its first letter, as at the beginning of a sentence.
fn longest_run(old: &[&str], new: &[&str]) -> Option<(usize, usize, usize)> {
    let mut best = (0, 0, 0);
    let mut above = vec![0; new.len() + 1];
    for (a, word) in old.iter().enumerate() {
        let mut row = vec![0; new.len() + 1];
        for (b, other) in new.iter().enumerate() {
            row[b + 1] = if word == other { above[b] + 1 } else { usize::from(same_but_capital(word, other)) };
            if row[b + 1] > best.2 {
                best = (a + 1 - row[b + 1], b + 1 - row[b + 1], row[b + 1]);
            }
        }
        above = row;
    }
    (best.2 > 0).then_some(best)
}

fn same_but_capital(word: &str, other: &str) -> bool {
    word.eq_ignore_ascii_case(other) && word.get(1..) == other.get(1..)
}

#[cfg(test)]
mod tests {
    use super::shape;

    #[test]
    fn wordings_and_their_shapes() {
        for (old, new, expected) in [
            ("Start pump failed.", "Failed to start pump.", Some([["", " failed"], ["Failed to ", ""]])),
            (
                "Farm 3: open lid failed. Retry.",
                "Farm 3: cannot open lid. Retry.",
                Some([["", " failed"], ["cannot ", ""]]),
            ),
            ("启动水泵失败。", "无法启动水泵。", Some([["", "失败"], ["无法", ""]])),
            ("Dry.", "Empty!", None),
            ("Pump off", "Pump off", None),
            ("", "Pump", None),
        ] {
            let expected = expected.map(|shape: [[&str; 2]; 2]| shape.map(|part| part.map(str::to_owned)));
            assert_eq!(shape(old, new), expected, "{old} → {new}");
        }
    }
}
