//! One error in both languages.

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::{
    Bilingual, Field, Lang, Publish, date,
    text::{code_list, published, status_numbers},
};

/// How the zh row and the en row of an entry were paired.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Pairing {
    /// The evidence, as `code`; `zh-only` or `en-only` where one language has no such row.
    pub method: String,
    /// The confidence, from 0 to 1.
    pub score: f64,
}

impl Pairing {
    /// Below this score a person should review a pair; `docs/aligning.md` says why.
    pub const SURE: f64 = 0.75;

    /// Whether a person should review it.
    pub fn needs_review(&self) -> bool {
        self.score < Self::SURE
    }
}

/// Status and code as one language's page prints them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Printed {
    /// The HTTP status.
    pub status: String,
    /// The error code.
    pub code: String,
}

/// One error of one service, in both languages. Texts are tidied ([`crate::text::tidy`]), empty where the page has
/// none, and `sha256:…` digests where they are not published.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Entry {
    /// Stable over refreshes; unique in the dataset.
    #[serde(default)]
    pub id: String,
    /// The title of its table, unique among the source's tables; empty where the only table has none.
    #[serde(default)]
    pub table: String,
    /// The HTTP status as printed, leading zeros, words and all.
    #[serde(default, rename = "http_status")]
    pub status: String,
    /// The error code as printed.
    pub code: String,
    /// Status and code of each page, where the two pages do not print the same.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub printed: Option<Box<Bilingual<Printed>>>,
    /// The wire message.
    #[serde(default, skip_serializing_if = "Bilingual::is_empty")]
    pub message: Bilingual<String>,
    /// What the error means.
    #[serde(default, skip_serializing_if = "Bilingual::is_empty")]
    pub description: Bilingual<String>,
    /// What to do about it.
    #[serde(default, skip_serializing_if = "Bilingual::is_empty")]
    pub solution: Bilingual<String>,
    /// Module, category or product.
    #[serde(default, skip_serializing_if = "Bilingual::is_empty")]
    pub group: Bilingual<String>,
    /// Cells of columns without a role, by header.
    #[serde(default, skip_serializing_if = "no_extra")]
    pub extra: Bilingual<BTreeMap<String, String>>,
    /// How the languages were paired.
    pub pairing: Pairing,
    /// The date of the first snapshot that had it; `None` before it is in one.
    #[serde(default, deserialize_with = "date::deserialize_or_empty", skip_serializing_if = "Option::is_none")]
    pub first_seen: Option<Date>,
    /// The date of the snapshot with its last change; `None` before it is in one.
    #[serde(default, deserialize_with = "date::deserialize_or_empty", skip_serializing_if = "Option::is_none")]
    pub last_changed: Option<Date>,
}

fn no_extra(extra: &Bilingual<BTreeMap<String, String>>) -> bool {
    extra.zh.is_empty() && extra.en.is_empty()
}

impl Entry {
    /// Whether both entries are equal except for their dates.
    pub fn says_the_same(&self, other: &Self) -> bool {
        let Self {
            id,
            table,
            status,
            code,
            printed,
            message,
            description,
            solution,
            group,
            extra,
            pairing,
            first_seen: _,
            last_changed: _,
        } = self;
        (id, table, status, code, printed) == (&other.id, &other.table, &other.status, &other.code, &other.printed)
            && (message, description, solution) == (&other.message, &other.description, &other.solution)
            && (group, extra, pairing) == (&other.group, &other.extra, &other.pairing)
    }

    /// Returns the numbers in the printed status.
    pub fn status_numbers(&self) -> Vec<u16> {
        status_numbers(&self.status)
    }

    /// Returns the codes in the printed code, mostly one.
    pub fn codes(&self) -> Vec<String> {
        code_list(&self.code)
    }

    /// Returns status and code as the page in `lang` prints them.
    pub fn printed(&self, lang: Lang) -> (&str, &str) {
        match &self.printed {
            Some(printed) => (&printed.get(lang).status, &printed.get(lang).code),
            None => (&self.status, &self.code),
        }
    }

    /// Returns the text of a field other than [`Field::Extra`].
    pub fn text(&self, field: Field) -> Option<&Bilingual<String>> {
        match field {
            Field::Message => Some(&self.message),
            Field::Description => Some(&self.description),
            Field::Solution => Some(&self.solution),
            Field::Group => Some(&self.group),
            Field::Extra => None,
        }
    }

    /// Whether the page in `lang` has this row.
    pub fn has(&self, lang: Lang) -> bool {
        self.pairing.method != format!("{}-only", if lang == Lang::Zh { Lang::En } else { Lang::Zh })
    }

    /// Returns the publishable entry: texts of fields that `publish` leaves out become digests.
    #[must_use]
    pub fn published(mut self, publish: &Publish) -> Self {
        let hide = |field: Field, text: &mut Bilingual<String>| {
            if !publish.carries(field) {
                *text = std::mem::take(text).map(|t| published(&t));
            }
        };
        hide(Field::Message, &mut self.message);
        hide(Field::Description, &mut self.description);
        hide(Field::Solution, &mut self.solution);
        hide(Field::Group, &mut self.group);
        if !publish.carries(Field::Extra) {
            self.extra = self.extra.map(|cells| cells.into_iter().map(|(k, v)| (k, published(&v))).collect());
        }
        self
    }
}
