//! Compares texts word by word; every Han character is a word.

use similar::{Algorithm, ChangeTag, utils::diff_slices};

/// Longer texts are not compared by words: the comparison grows with the square of their length.
const MAX_COMPARED_BYTES: usize = 4_096;

/// The least share of the longer text, and of the shorter one, that must be kept, in percent. Where neither is, the text
/// is replaced as a whole: a few common words in a new text make a diff that nobody can read.
const MIN_KEPT_OF_LONGER: usize = 35;
const MIN_KEPT_OF_SHORTER: usize = 90;

/// A run of a text that was kept, deleted or inserted.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Piece {
    Kept(String),
    Deleted(String),
    Inserted(String),
}

/// Returns the pieces from `old` to `new`; a deletion comes before the insertion in its place. Texts that have little in
/// common are replaced as a whole.
pub(crate) fn pieces(old: &str, new: &str) -> Vec<Piece> {
    let pieces = every_piece(old, new);
    let kept =
        pieces.iter().map(|piece| if let Piece::Kept(text) = piece { count_letters(text) } else { 0 }).sum::<usize>();
    let (a, b) = (count_letters(old), count_letters(new));
    if 100 * kept < MIN_KEPT_OF_LONGER * a.max(b) && 100 * kept < MIN_KEPT_OF_SHORTER * a.min(b).max(1) {
        return whole(old, new);
    }
    pieces
}

/// Returns the pieces from `old` to `new`, however little they have in common.
pub(crate) fn every_piece(old: &str, new: &str) -> Vec<Piece> {
    if old.len().max(new.len()) > MAX_COMPARED_BYTES {
        return whole(old, new);
    }
    let mut pieces = join(&diff_slices(Algorithm::Myers, &words(old), &words(new)));
    for at in 1..pieces.len().saturating_sub(1) {
        if let Some([before, change, after]) =
            pieces.get_mut(at - 1..=at + 1).and_then(|run| <&mut [_; 3]>::try_from(run).ok())
        {
            slide(before, change, after);
        }
    }
    pieces.retain(|piece| !matches!(piece, Piece::Kept(text) if text.is_empty()));
    pieces
}

/// Moves an insertion or deletion to the equivalent place where it begins and ends like words do: in `a(b)(c)` the `(c)`
/// is new, not the `)(c`.
fn slide(before: &mut Piece, change: &mut Piece, after: &mut Piece) {
    let (Piece::Kept(before), Piece::Deleted(run) | Piece::Inserted(run), Piece::Kept(after)) = (before, change, after)
    else {
        return;
    };
    let whole: Vec<char> = before.chars().chain(run.chars()).chain(after.chars()).collect();
    let (start, length) = (before.chars().count(), run.chars().count());
    let left = (0..start).take_while(|back| whole[start - 1 - back] == whole[start + length - 1 - back]).count();
    let right = (start..whole.len() - length).take_while(|at| whole[*at] == whole[at + length]).count();
    let places = (start - left..=start + right).map(|at| (edges(&whole, at, length), at.abs_diff(start), at));
    let Some((.., at)) = places.min() else { return };
    let part = |from: usize, to: usize| whole[from..to].iter().collect::<String>();
    (*before, *run, *after) = (part(0, at), part(at, at + length), part(at + length, whole.len()));
}

/// Counts the ends of the run that are inside a word, or that separate a bracket or sentence from its end.
fn edges(whole: &[char], at: usize, length: usize) -> usize {
    let is_cut = |at: usize| {
        let (before, after) = (at.checked_sub(1).and_then(|at| whole.get(at)), whole.get(at));
        before.zip(after).is_some_and(|(a, b)| a.is_alphanumeric() && b.is_alphanumeric())
    };
    let closes = |c: &char| ")]}）】」》”.。,，;；!！?？、".contains(*c);
    let opens_wrongly = whole.get(at).is_some_and(closes) && length > 1;
    usize::from(is_cut(at)) + usize::from(is_cut(at + length)) + 2 * usize::from(opens_wrongly)
}

fn whole(old: &str, new: &str) -> Vec<Piece> {
    vec![Piece::Deleted(old.to_owned()), Piece::Inserted(new.to_owned())]
}

/// Counts the letters and digits in `text`.
fn count_letters(text: &str) -> usize {
    text.chars().filter(|c| c.is_alphanumeric()).count()
}

/// Splits a text into white space, words with the braces and signs of placeholders, and single other characters.
pub(crate) fn words(text: &str) -> Vec<&str> {
    let kind = |c: char| match c {
        c if c.is_whitespace() => 1,
        '_' | '{' | '}' | '%' | '$' | '<' | '>' => 2,
        c if c.is_alphanumeric() && c < '\u{2e80}' => 2,
        _ => 0,
    };
    let mut out = Vec::new();
    let mut start = 0;
    let mut last = None;
    for (at, c) in text.char_indices() {
        let kind = kind(c);
        if at > 0 && (kind == 0 || last != Some(kind)) {
            out.push(&text[start..at]);
            start = at;
        }
        last = Some(kind);
    }
    if !text.is_empty() {
        out.push(&text[start..]);
    }
    out
}

/// Joins runs; white space kept between two changes belongs to the change.
fn join(changes: &[(ChangeTag, &[&str])]) -> Vec<Piece> {
    let mut out = Vec::new();
    let (mut deleted, mut inserted) = (String::new(), String::new());
    for (at, (tag, words)) in changes.iter().enumerate() {
        let run = words.concat();
        let inside = at > 0 && at + 1 < changes.len() && run.trim().is_empty();
        match tag {
            ChangeTag::Delete => deleted += &run,
            ChangeTag::Insert => inserted += &run,
            ChangeTag::Equal if inside && !deleted.is_empty() && !inserted.is_empty() => {
                deleted += &run;
                inserted += &run;
            }
            ChangeTag::Equal => {
                flush(&mut out, &mut deleted, &mut inserted);
                out.push(Piece::Kept(run));
            }
        }
    }
    flush(&mut out, &mut deleted, &mut inserted);
    out
}

fn flush(out: &mut Vec<Piece>, deleted: &mut String, inserted: &mut String) {
    if !deleted.is_empty() {
        out.push(Piece::Deleted(std::mem::take(deleted)));
    }
    if !inserted.is_empty() {
        out.push(Piece::Inserted(std::mem::take(inserted)));
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{Piece, pieces};

    fn shown(old: &str, new: &str) -> String {
        let show = |piece: Piece| match piece {
            Piece::Kept(text) => text,
            Piece::Deleted(text) => format!("[-{text}-]"),
            Piece::Inserted(text) => format!("{{+{text}+}}"),
        };
        pieces(old, new).into_iter().map(show).collect()
    }

    #[test]
    fn words_and_characters() {
        for (old, new, expected) in [
            ("The tank {0} is dry.", "The tank {1} is dry.", "The tank [-{0}-]{+{1}+} is dry."),
            ("Fill the old tank.", "Fill a new tank.", "Fill [-the old-]{+a new+} tank."),
            ("水箱已空。", "水箱空了。", "水箱[-已-]空{+了+}。"),
            ("Pump off", "The well needs a lid", "[-Pump off-]{+The well needs a lid+}"),
            ("a b", "a  b", "a[- -]{+  +}b"),
            (
                "Fill the tank.",
                "Fill the tank. Then start the pump and open all the lids.",
                "Fill the tank.{+ Then start the pump and open all the lids.+}",
            ),
            ("大小(MB)", "大小(MB)(GB)", "大小(MB){+(GB)+}"),
            ("请加水。请检查水箱。", "请加水。请稍候。请检查水箱。", "请加水。{+请稍候。+}请检查水箱。"),
            ("数量{0}，单位{1}，", "数量{0}，单位{1}，时间{2}，", "数量{0}，单位{1}，{+时间{2}，+}"),
            ("", "new", "{+new+}"),
            ("A", "a", "[-A-]{+a+}"),
        ] {
            assert_eq!(shown(old, new).replace("[--]", "").replace("{++}", ""), expected, "{old} → {new}");
        }
    }

    proptest! {
        #[test]
        fn both_texts_are_in_the_pieces(old in "[ab{}% 水箱\n]{0,30}", new in "[ab{}% 水箱\n]{0,30}") {
            let (mut before, mut now) = (String::new(), String::new());
            for piece in pieces(&old, &new) {
                match piece {
                    Piece::Kept(text) => { before += &text; now += &text; }
                    Piece::Deleted(text) => before += &text,
                    Piece::Inserted(text) => now += &text,
                }
            }
            prop_assert_eq!((before, now), (old, new));
        }
    }
}
