//! Codes that may be one code with a slip.

use std::collections::{BTreeMap, HashMap};

use crate::evidence;

/// What more codes than this come to by losing a letter leads to none of them.
const COMMON: usize = 64;

/// For each code that belongs to others, the name of the group. `codes`: folded codes and whether only one page has
/// them; only such a code is held for a misspelling.
pub(crate) fn joined<'a>(codes: impl Iterator<Item = (&'a str, bool)>) -> BTreeMap<&'a str, &'a str> {
    let codes: Vec<(&str, bool)> = codes.collect();
    let mut by_form: HashMap<String, Vec<usize>> = HashMap::new();
    for (n, (code, _)) in codes.iter().enumerate() {
        for form in forms(code) {
            by_form.entry(form).or_default().push(n);
        }
    }
    let mut leader: Vec<usize> = (0..codes.len()).collect();
    for (n, (code, _)) in codes.iter().enumerate().filter(|(_, (_, lonely))| *lonely) {
        let near = forms(code).into_iter().filter_map(|form| by_form.get(&form)).filter(|near| near.len() <= COMMON);
        for other in near.flatten().copied() {
            if other != n && evidence::respelled(code, codes[other].0) > 0.0 {
                let (a, b) = (lead(&leader, n), lead(&leader, other));
                leader[a.max(b)] = a.min(b);
            }
        }
    }
    let led = (0..codes.len()).map(|n| (codes[n].0, codes[lead(&leader, n)].0));
    led.filter(|(code, leader)| code != leader).collect()
}

fn lead(leader: &[usize], mut n: usize) -> usize {
    while leader[n] != n {
        n = leader[n];
    }
    n
}

/// Longer texts in a code column are compared as a whole only.
const MAX_CODE_BYTES: usize = 160;

/// The code, and the code without each of its letters: two codes with one slip between them have such a form in common.
fn forms(code: &str) -> Vec<String> {
    // No code is that long; the forms of a long text would fill the memory.
    if code.len() > MAX_CODE_BYTES {
        return vec![code.to_owned()];
    }
    let without = code.char_indices().map(|(at, c)| format!("{}{}", &code[..at], &code[at + c.len_utf8()..]));
    std::iter::once(code.to_owned()).chain(without).collect()
}

#[cfg(test)]
mod tests {
    use super::joined;

    #[test]
    fn a_lonely_code_joins_what_it_looks_like() {
        let codes = [
            ("accessdenied", false),
            ("accessdeneid", true),
            ("basketfull", false),
            ("basketfill", false),
            ("tea1001", true),
            ("tea1002", false),
        ];
        let joined = joined(codes.into_iter());
        assert_eq!(joined.into_iter().collect::<Vec<_>>(), [("accessdeneid", "accessdenied")]);
    }
}
