//! Groups codes that may be misspellings of each other.

use std::collections::{BTreeMap, HashMap};

use crate::evidence;

/// The maximum number of codes that share a form. Codes that differ in one letter from more codes than this belong to a
/// series, and their pairs would grow with the square.
const MAX_CODES_PER_FORM: usize = 64;

/// Maps each code of a group to the name of the group. `codes` are folded codes with a flag for codes that only one
/// page has; only those can be misspellings.
pub(crate) fn group_misspellings<'a>(codes: impl Iterator<Item = (&'a str, bool)>) -> BTreeMap<&'a str, &'a str> {
    let codes: Vec<(&str, bool)> = codes.collect();
    let mut by_form: HashMap<String, Vec<usize>> = HashMap::new();
    for (n, (code, _)) in codes.iter().enumerate() {
        for form in deletion_forms(code) {
            by_form.entry(form).or_default().push(n);
        }
    }
    let mut leader: Vec<usize> = (0..codes.len()).collect();
    for (n, (code, _)) in codes.iter().enumerate().filter(|(_, (_, is_on_one_page))| *is_on_one_page) {
        let near = deletion_forms(code)
            .into_iter()
            .filter_map(|form| by_form.get(&form))
            .filter(|near| near.len() <= MAX_CODES_PER_FORM);
        for other in near.flatten().copied() {
            if other != n && evidence::score_misspelling(code, codes[other].0) > 0.0 {
                let (a, b) = (find_leader(&leader, n), find_leader(&leader, other));
                leader[a.max(b)] = a.min(b);
            }
        }
    }
    let leaders = (0..codes.len()).map(|n| (codes[n].0, codes[find_leader(&leader, n)].0));
    leaders.filter(|(code, leader)| code != leader).collect()
}

fn find_leader(leader: &[usize], mut n: usize) -> usize {
    while leader[n] != n {
        n = leader[n];
    }
    n
}

/// The maximum length of a code whose forms are compared. Real codes are shorter. A longer text has a form for each of
/// its letters, which would fill the memory.
const MAX_CODE_BYTES: usize = 160;

/// Returns the code and the code without each of its letters. Two codes that differ by one slip share one of these
/// forms.
fn deletion_forms(code: &str) -> Vec<String> {
    if code.len() > MAX_CODE_BYTES {
        return vec![code.to_owned()];
    }
    let without = code.char_indices().map(|(at, c)| format!("{}{}", &code[..at], &code[at + c.len_utf8()..]));
    std::iter::once(code.to_owned()).chain(without).collect()
}

#[cfg(test)]
mod tests {
    use super::group_misspellings;

    #[test]
    fn a_code_of_one_page_joins_the_code_it_resembles() {
        let codes = [
            ("accessdenied", false),
            ("accessdeneid", true),
            ("basketfull", false),
            ("basketfill", false),
            ("tea1001", true),
            ("tea1002", false),
        ];
        let groups = group_misspellings(codes.into_iter());
        assert_eq!(groups.into_iter().collect::<Vec<_>>(), [("accessdeneid", "accessdenied")]);
    }
}
