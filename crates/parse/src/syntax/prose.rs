//! Rendered inline markup, and the conversion of blocks to the text of a cell.

use docdrift_model::text::tidy;

use super::block::{Block, Content, Prose, RawTable};

/// The visible text of inline markup, before its white space is folded.
#[derive(Debug, Default)]
pub(super) struct Rendered {
    pub(super) text: String,
    /// The number of emphasized first bytes.
    pub(super) lead: usize,
    /// Whether the lead is strong text rather than code.
    pub(super) is_lead_strong: bool,
}

impl Rendered {
    /// Appends emphasized text. It becomes the lead if no visible text is before it.
    pub(super) fn push_emphasised(&mut self, text: &str, is_strong: bool) {
        let is_first = self.text.trim().is_empty();
        self.text.push_str(text);
        if is_first && !text.trim().is_empty() {
            self.lead = self.text.len();
            self.is_lead_strong = is_strong;
        }
    }

    /// Removes the blanks before a mark that leaves no text, such as a footnote mark.
    pub(super) fn trim_blanks(&mut self) {
        let length = self.text.trim_end_matches(' ').len();
        if length >= self.lead {
            self.text.truncate(length);
        }
    }

    /// Whether the whole text is strong.
    pub(super) fn is_all_strong(&self) -> bool {
        let rest = self.text.get(self.lead..).unwrap_or_default().trim();
        self.is_lead_strong && self.lead > 0 && matches!(rest, "" | ":" | "：")
    }

    pub(super) fn into_prose(self, depth: u8) -> Prose {
        let text = tidy(&self.text);
        let lead = tidy(self.text.get(..self.lead).unwrap_or_default());
        let lead = if text.starts_with(&lead) { lead.len() } else { 0 };
        Prose { text, lead, depth }
    }
}

/// Returns the visible text of a cell made of `blocks`, and the tables inside it.
pub(super) fn into_cell(blocks: Vec<Block>) -> (String, Vec<RawTable>) {
    let mut text = String::new();
    let mut tables = Vec::new();
    for block in blocks {
        let part = match block.content {
            Content::Heading { text, .. } | Content::Sample(text) => text,
            Content::Text(prose) | Content::Item(prose) | Content::Term(prose) | Content::Definition(prose) => {
                prose.text
            }
            Content::Table(table) => {
                tables.push(table);
                continue;
            }
        };
        text.push_str(&part);
        text.push('\n');
    }
    (tidy(&text), tables)
}

/// Returns the title of a table, or `None` if it has no text.
pub(super) fn into_caption(rendered: &Rendered) -> Option<String> {
    Some(tidy(&rendered.text)).filter(|text| !text.is_empty())
}
