//! The last entries beside what became of each.

use std::{
    collections::{HashMap, HashSet},
    sync::LazyLock,
};

use docdrift_model::{Entry, Field, Lang, Snapshot, text};

/// The fields that say in words what an error is.
pub(super) const PROSE: [Field; 3] = [Field::Message, Field::Description, Field::Solution];

/// What a page shows in a cell while its text has not come yet, or did not come, in lower case.
const PLACEHOLDERS: [&str; 8] =
    ["loading", "undefined", "nan", "[object object]", "please wait", "加载中", "正在加载", "加载失败"];
/// The same, with anything behind: a template that nobody filled in.
const TEMPLATES: [&str; 3] = ["{{", "${", "<%="];
/// A longer cell that is no placeholder says something.
const NOTHING_LENGTH: usize = 8;
/// A longer cell says something.
const PLACEHOLDER_LENGTH: usize = 24;

/// The digests that stand for placeholders where texts are not published.
static HIDDEN_PLACEHOLDERS: LazyLock<HashSet<String>> = LazyLock::new(|| {
    let spelled = |word: &'static str| ["", ".", "...", "!"].map(|end| text::published(&format!("{word}{end}")));
    PLACEHOLDERS.into_iter().flat_map(spelled).collect()
});

/// The last entries beside what became of each: looked at one by one, since as many rows of another page would make up
/// for the lost ones in a sum.
pub(super) struct EntryComparison<'a> {
    pub(super) last: &'a Snapshot,
    pub(super) new: &'a Snapshot,
    pub(super) entries: Vec<(&'a Entry, Option<&'a Entry>)>,
}

impl<'a> EntryComparison<'a> {
    pub(super) fn new(last: &'a Snapshot, new: &'a Snapshot) -> Self {
        let by_id: HashMap<&str, &Entry> = new.entries.iter().map(|entry| (entry.id.as_str(), entry)).collect();
        let entries = last.entries.iter().map(|entry| (entry, by_id.get(entry.id.as_str()).copied())).collect();
        Self { last, new, entries }
    }

    /// The entries that are still there.
    pub(super) fn pairs(&self) -> impl Iterator<Item = (&'a Entry, &'a Entry)> {
        self.entries.iter().filter_map(|(old, now)| Some((*old, (*now)?)))
    }

    /// The entries of a page that it still has.
    pub(super) fn pairs_in(&self, lang: Lang) -> impl Iterator<Item = (&'a Entry, &'a Entry)> {
        self.pairs().filter(move |(old, now)| old.has(lang) && now.has(lang))
    }

    /// How many rows the page had, and the codes of those that it lost.
    pub(super) fn rows_in(&self, lang: Lang) -> (usize, Vec<&'a str>) {
        let rows: Vec<_> = self.entries.iter().filter(|(entry, _)| entry.has(lang)).collect();
        let gone = rows.iter().filter(|(_, now)| !now.is_some_and(|now| now.has(lang)));
        (rows.len(), gone.map(|(entry, _)| entry.printed(lang).1).collect())
    }
}

/// The text of a field, unless it says nothing.
pub(super) fn meaningful_text(entry: &Entry, field: Field, lang: Lang) -> Option<&str> {
    entry.text(field).map(|text| text.get(lang).as_str()).filter(|text| !is_blank(text))
}

/// Whether a cell says nothing, or only that its text has not come.
pub(super) fn is_blank(cell: &str) -> bool {
    if text::is_digest(cell) {
        return text::says_nothing(cell) || HIDDEN_PLACEHOLDERS.contains(cell);
    }
    // Most cells are long, and to look at them closely takes long.
    let is_within = |length: usize| cell.chars().nth(length).is_none();
    (is_within(NOTHING_LENGTH) && text::says_nothing(cell)) || (is_within(PLACEHOLDER_LENGTH) && is_placeholder(cell))
}

/// Whether a cell shows that its text has not come, or not whole.
pub(super) fn is_placeholder(cell: &str) -> bool {
    let cell = cell.to_lowercase();
    let word = cell.trim_end_matches(['.', '…', '。', '!', ' ']);
    PLACEHOLDERS.contains(&word) || TEMPLATES.iter().any(|mark| cell.starts_with(mark))
}

/// Whether the row still has a text, in whatever column.
pub(super) fn has_anywhere(entry: &Entry, cell: &str, lang: Lang) -> bool {
    let fields = Field::ALL.into_iter().filter_map(|field| entry.text(field));
    let texts = fields.map(|text| text.get(lang)).chain(entry.extra.get(lang).values());
    texts.map(String::as_str).chain([entry.printed(lang).0]).any(|other| text::same(other, cell))
}

#[cfg(test)]
mod tests {
    use super::is_blank;

    #[test]
    fn cells_that_only_say_that_their_text_has_not_come() {
        for blank in ["", "-", "Loading…", "loading...", "undefined", "NaN", "加载中…", "{{ row.text }}", "${message}"]
        {
            assert!(is_blank(blank), "{blank}");
        }
        for hidden in ["Loading…", "undefined", "加载中..."] {
            assert!(is_blank(&docdrift_model::text::published(hidden)), "{hidden}");
        }
        for text in ["Loading the disk failed.", "The value is undefined.", "{0} is no lamp."] {
            assert!(!is_blank(text), "{text}");
        }
    }
}
