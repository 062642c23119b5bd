//! Which language a column is written in, told by most of its texts.

use std::collections::BTreeMap;

use docdrift_model::{Bilingual, Entry, Field, Lang};

use crate::words::{has_words, is_chinese};

/// Of the texts of one column, how many are Chinese and how many there are.
pub(super) struct Columns<'a>(BTreeMap<(&'a str, Field, Lang), (usize, usize)>);

impl<'a> Columns<'a> {
    /// Counts the texts that say something, table by table.
    pub(super) fn of(entries: &'a [Entry]) -> Self {
        let mut columns = BTreeMap::<_, (usize, usize)>::new();
        for entry in entries {
            for field in [Field::Message, Field::Description, Field::Solution] {
                for (lang, text) in entry.text(field).into_iter().flat_map(Bilingual::iter) {
                    if has_words(text) {
                        let (chinese, all) = columns.entry((entry.table.as_str(), field, lang)).or_default();
                        *chinese += usize::from(is_chinese(text));
                        *all += 1;
                    }
                }
            }
        }
        Self(columns)
    }

    /// The page whose text of this entry is written in the other page's language, unlike most of its column.
    pub(super) fn untranslated(&self, entry: &Entry, field: Field) -> Option<Lang> {
        let is_odd = |lang: &Lang| {
            let text = entry.text(field).map_or("", |texts| texts.get(*lang));
            let (chinese, all) = self.0.get(&(entry.table.as_str(), field, *lang)).copied().unwrap_or_default();
            has_words(text)
                && match lang {
                    Lang::Zh => !is_chinese(text) && 2 * chinese > all,
                    Lang::En => is_chinese(text) && 2 * chinese < all,
                }
        };
        Lang::ALL.into_iter().find(is_odd)
    }
}
