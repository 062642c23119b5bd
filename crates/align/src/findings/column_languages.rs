//! Determines the language of a column by the majority of its texts.

use std::collections::BTreeMap;

use docdrift_model::{Bilingual, Entry, Field, Lang};

use crate::text::{has_words, is_chinese};

/// The number of Chinese texts and of all texts of each column.
pub(super) struct ColumnLanguages<'a>(BTreeMap<(&'a str, Field, Lang), (usize, usize)>);

impl<'a> ColumnLanguages<'a> {
    /// Counts the texts that contain words, table by table.
    pub(super) fn from_entries(entries: &'a [Entry]) -> Self {
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

    /// Returns the page whose text of this entry is in the other page's language, if most of its column is not.
    pub(super) fn untranslated_lang(&self, entry: &Entry, field: Field) -> Option<Lang> {
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
