//! The entries of the last snapshot, paired with the new ones.

use std::{
    collections::{HashMap, HashSet},
    sync::LazyLock,
};

use docdrift_model::{Entry, Field, Lang, Snapshot, text};

/// The fields that describe an error in words.
pub(super) const PROSE: [Field; 3] = [Field::Message, Field::Description, Field::Solution];

/// What a page shows in a cell while its text is loading or after loading failed, in lower case.
const PLACEHOLDERS: [&str; 8] =
    ["loading", "undefined", "nan", "[object object]", "please wait", "加载中", "正在加载", "加载失败"];
/// The beginnings of templates that were not filled in.
const TEMPLATE_PREFIXES: [&str; 3] = ["{{", "${", "<%="];
/// Longer cells are not compared with the words for “nothing”, which have at most four characters, spaces aside.
const MAX_NOTHING_CHARS: usize = 8;
/// Longer cells are not compared with [`PLACEHOLDERS`], the longest of which has 15 characters.
const MAX_PLACEHOLDER_CHARS: usize = 24;

/// The digests of placeholders, for snapshots that have digests in place of texts.
static PLACEHOLDER_DIGESTS: LazyLock<HashSet<String>> = LazyLock::new(|| {
    let spelled = |word: &'static str| ["", ".", "...", "!"].map(|end| text::published(&format!("{word}{end}")));
    PLACEHOLDERS.into_iter().flat_map(spelled).collect()
});

/// The entries of the last snapshot, each with the new entry of the same id. They are compared one by one: in a sum, the
/// rows of another page would make up for the lost ones.
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

    /// Returns the entries that are still there, old and new.
    pub(super) fn pairs(&self) -> impl Iterator<Item = (&'a Entry, &'a Entry)> {
        self.entries.iter().filter_map(|(old, now)| Some((*old, (*now)?)))
    }

    /// Returns the entries that a page had and still has, old and new.
    pub(super) fn pairs_in(&self, lang: Lang) -> impl Iterator<Item = (&'a Entry, &'a Entry)> {
        self.pairs().filter(move |(old, now)| old.has(lang) && now.has(lang))
    }

    /// Returns how many rows a page had, and the codes of those that it lost.
    pub(super) fn rows_in(&self, lang: Lang) -> (usize, Vec<&'a str>) {
        let rows: Vec<_> = self.entries.iter().filter(|(entry, _)| entry.has(lang)).collect();
        let lost = rows.iter().filter(|(_, now)| !now.is_some_and(|now| now.has(lang)));
        (rows.len(), lost.map(|(entry, _)| entry.printed(lang).1).collect())
    }
}

/// Returns the text of a field, unless it is blank.
pub(super) fn meaningful_text(entry: &Entry, field: Field, lang: Lang) -> Option<&str> {
    entry.text(field).map(|text| text.get(lang).as_str()).filter(|text| !is_blank(text))
}

/// Whether a cell is empty, a word for “nothing”, or a placeholder.
pub(super) fn is_blank(cell: &str) -> bool {
    if text::is_digest(cell) {
        return text::says_nothing(cell) || PLACEHOLDER_DIGESTS.contains(cell);
    }
    // Most cells are long, and folding them would take most of the time of a comparison.
    let is_within = |max_chars: usize| cell.chars().nth(max_chars).is_none();
    (is_within(MAX_NOTHING_CHARS) && text::says_nothing(cell))
        || (is_within(MAX_PLACEHOLDER_CHARS) && is_placeholder(cell))
}

/// Whether a cell is a placeholder or an unfilled template.
pub(super) fn is_placeholder(cell: &str) -> bool {
    let cell = cell.to_lowercase();
    let word = cell.trim_end_matches(['.', '…', '。', '!', ' ']);
    PLACEHOLDERS.contains(&word) || TEMPLATE_PREFIXES.iter().any(|mark| cell.starts_with(mark))
}

/// Whether any column of the row has this text.
pub(super) fn has_anywhere(entry: &Entry, cell: &str, lang: Lang) -> bool {
    let fields = Field::ALL.into_iter().filter_map(|field| entry.text(field));
    let texts = fields.map(|text| text.get(lang)).chain(entry.extra.get(lang).values());
    texts.map(String::as_str).chain([entry.printed(lang).0]).any(|other| text::same(other, cell))
}

#[cfg(test)]
mod tests {
    use super::is_blank;

    #[test]
    fn placeholders_are_blank() {
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
