//! What a maintainer's decisions change in the alignment of two pages.

use std::collections::{BTreeMap, BTreeSet};

use crate::alignment::RowPosition;
use crate::text::code_key;

/// The effect of all decisions on two pages.
#[derive(Default)]
pub(crate) struct Overrides {
    /// Rows that are pairs. No row is in two of them.
    pub(crate) pairs: Vec<(RowPosition, RowPosition)>,
    /// Rows that are not pairs.
    pub(crate) apart: BTreeSet<(RowPosition, RowPosition)>,
    /// The codes of each page that are spelled differently on the other page.
    pub(crate) spellings: (CodeSpellings, CodeSpellings),
}

/// Maps folded codes of one page to the codes of the other page that they stand for.
#[derive(Clone, Default)]
pub(crate) struct CodeSpellings(pub(crate) BTreeMap<String, String>);

impl CodeSpellings {
    /// Returns the folded code by which rows are compared.
    pub(crate) fn code_key(&self, code: &str) -> String {
        let key = code_key(code);
        let key = if OTHER_CODES.contains(&key.as_str()) { OTHER_CODES[0].to_owned() } else { key };
        self.0.get(&key).cloned().unwrap_or(key)
    }
}

/// Names of the row that stands for all codes without a row of their own, as folded codes.
const OTHER_CODES: [&str; 7] = ["others", "other", "其他", "其它", "其他错误", "其它错误", "othererrors"];

impl Overrides {
    /// Returns the overrides with the pages swapped.
    pub(crate) fn swap_pages(&self) -> Self {
        let swap = |(zh, en): &(RowPosition, RowPosition)| (*en, *zh);
        let (zh, en) = self.spellings.clone();
        Self {
            pairs: self.pairs.iter().map(swap).collect(),
            apart: self.apart.iter().map(swap).collect(),
            spellings: (en, zh),
        }
    }
}
