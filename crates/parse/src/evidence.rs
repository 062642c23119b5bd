//! What speaks for a list without a table being one of error codes: parameters, headers, settings and terms are listed
//! just so.

use docdrift_model::Role;

use crate::{classify::speaks_of_errors, read::Block, roles::is_http_status, vocabulary};

/// Words of a title, in lower case, that say what is listed below it even where it speaks of errors too.
const OTHER_LISTS: [&str; 25] = [
    "parameter",
    "element",
    "header",
    "field",
    "attribute",
    "propert",
    "setting",
    "config",
    "option",
    "glossary",
    "terminology",
    "object",
    "syntax",
    "faq",
    "question",
    "notes",
    "常见问题",
    "参数",
    "元素",
    "字段",
    "属性",
    "配置",
    "术语",
    "请求头",
    "名词",
];

/// A code that ends in so many digits is no name of anything else.
const MIN_DIGITS: usize = 3;

/// What the headings above a block say of it, told block by block. A line that reads like a title is none: navigation
/// reads so too.
#[derive(Default)]
pub(crate) struct Titles {
    of_page: Option<bool>,
    nearest: Nearest,
}

#[derive(Clone, Copy, Default, PartialEq, Eq)]
enum Nearest {
    Errors,
    Others,
    #[default]
    Unsaid,
}

impl Titles {
    /// Goes on to the next block.
    pub(crate) fn pass(&mut self, block: &Block) {
        let Block::Heading(_, title) = block else { return };
        let lower = title.to_lowercase();
        let speaks = speaks_of_errors(title);
        self.of_page.get_or_insert(speaks);
        self.nearest = match () {
            () if OTHER_LISTS.iter().any(|word| lower.contains(word)) => Nearest::Others,
            () if speaks => Nearest::Errors,
            () => Nearest::Unsaid,
        };
    }

    /// Whether what follows is listed under a title of errors, the nearest or the page's own.
    pub(crate) fn speak_of_errors(&self) -> bool {
        self.nearest == Nearest::Errors || (self.nearest == Nearest::Unsaid && self.of_page == Some(true))
    }

    /// Whether the title right above speaks of errors.
    pub(crate) fn nearest_speaks_of_errors(&self) -> bool {
        self.nearest == Nearest::Errors
    }
}

/// Whether the words may be error codes rather than names: hardly any header words, which are the fields of an answer;
/// not HTTP statuses alone; and most of them written as codes are.
pub(crate) fn are_codes<'a>(words: impl Iterator<Item = &'a str> + Clone) -> bool {
    let is_field = |word: &str| {
        let word = word.replace(['_', '-'], " ");
        matches!(vocabulary::role(&word), Some((Role::Code | Role::Message | Role::Status, _)))
    };
    let is_header = |word: &str| word.get(..2).is_some_and(|start| start.eq_ignore_ascii_case("x-"));
    let others = words.clone().filter(|word| is_field(word) || is_header(word)).count();
    let is_name = |word: &&str| word.starts_with(|c: char| c.is_ascii_lowercase()) && !is_numbered(word);
    let count = words.clone().count();
    others * 4 < count.max(1) && !words.clone().all(is_http_status) && words.filter(is_name).count() * 2 < count
}

/// Whether most of the words are codes by their numbers alone.
pub(crate) fn are_numbered<'a>(words: impl Iterator<Item = &'a str> + Clone) -> bool {
    let count = words.clone().count();
    words.filter(|word| is_numbered(word)).count() * 10 >= count * 6
}

fn is_numbered(word: &str) -> bool {
    word.len() - word.trim_end_matches(|c: char| c.is_ascii_digit()).len() >= MIN_DIGITS
}

#[cfg(test)]
mod tests {
    use super::{Titles, are_codes, are_numbered};
    use crate::read::Block;

    #[test]
    fn words_that_may_be_codes() {
        for (words, expected) in [
            (&["LampBusy", "Throttling"][..], true),
            (&["ces.0001", "ces.0002"], true),
            (&["1001", "1002"], true),
            (&["rateExceeded", "Lamp.0001", "Lamp.0002"], true),
            (&["errorCode", "RequestId"], false),
            (&["Code", "Message", "RequestId", "HostId"], false),
            (&["error_code", "Lamp.0001"], false),
            (&["maxRetries", "onError"], false),
            (&["X-Lamp-Id", "Accept"], false),
            (&["lamp-1", "lamp-2"], false),
            (&["400", "404"], false),
        ] {
            assert_eq!(are_codes(words.iter().copied()), expected, "{words:?}");
        }
        assert!(are_numbered(["Lamp.0001", "LAMP_404"].into_iter()));
        assert!(!are_numbered(["v1.2.3", "1.2.4", "LampId"].into_iter()));
    }

    #[test]
    fn titles_above() {
        let after = |titles: &[&str]| {
            let blocks: Vec<Block> = titles.iter().map(|title| Block::Heading(2, (*title).to_owned())).collect();
            let mut above = Titles::default();
            for block in &blocks {
                above.pass(block);
            }
            above.speak_of_errors()
        };
        for (titles, expected) in [
            (&["Error Codes"][..], true),
            (&["Error Codes", "Lamps"], true),
            (&["Lamps", "Errors"], true),
            (&["Error Codes", "Request Parameters"], false),
            (&["Lamps", "Error Response Elements"], false),
            (&["Errors", "错误响应参数"], false),
            (&["Lamps"], false),
            (&[], false),
        ] {
            assert_eq!(after(titles), expected, "{titles:?}");
        }
    }
}
