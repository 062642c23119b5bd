use std::sync::LazyLock;

use regex::Regex;

use crate::text::half_width;

static NUMBER: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"[0-9]+").ok());

/// The HTTP status numbers in a printed status: `404/500` has two, `BadRequest (400)` one, `5XX` and typos such as
/// `4000` none.
pub fn numbers(printed: &str) -> Vec<u16> {
    let plain = half_width(printed);
    let Some(number) = NUMBER.as_ref() else { return Vec::new() };
    let mut found: Vec<u16> = Vec::new();
    for text in number.find_iter(&plain) {
        match text.as_str().parse() {
            Ok(n) if (100..=599).contains(&n) && !found.contains(&n) => found.push(n),
            _ => {}
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::numbers;

    #[test]
    fn printed_statuses_and_their_numbers() {
        for (printed, expected) in [
            ("400", vec![400]),
            ("400 Bad Request", vec![400]),
            ("403Forbidden", vec![403]),
            ("冲突 (409)", vec![409]),
            ("404/500", vec![404, 500]),
            ("４０４", vec![404]),
            ("5XX", vec![]),
            ("4000", vec![]),
            ("", vec![]),
            ("99999999999999999999", vec![]),
        ] {
            assert_eq!(numbers(printed), expected, "{printed}");
        }
    }
}
