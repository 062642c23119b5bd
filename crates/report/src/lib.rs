//! Says what happened in a run and what changed, for people (terminal, Markdown) and for programs (JSON).
//!
//! Computes no drift and reads no page; it only chooses words, order and length. One outline serves both forms: `items`
//! makes a drift into things to say, identical ones once with their members counted; `lines` puts each into words, in a
//! `style` that escapes whatever pages said; `layout` orders them, gravest first, and keeps them within a length.

pub mod escape;
mod findings;
mod items;
mod layout;
mod lines;
mod pieces;
mod run;
mod style;

use docdrift_model::Drift;

pub use findings::{findings_json, findings_markdown, findings_terminal};
pub use lines::warning_line;
pub use run::{markdown, terminal};

use crate::{
    layout::Chapter,
    style::{Markdown, Style, Terminal},
};

/// What GitHub takes as the body of a pull request or comment, in characters.
pub const MARKDOWN_LIMIT: usize = 65_536;

/// The drift for a terminal, gravest first; `colour` as ANSI escapes, else `[-old-]{+new+}`.
///
/// ```
/// use docdrift_model::{Drift, Key, Severity};
///
/// let gone = Key { status: "400".into(), code: "Tank.1".into(), ..Key::default() };
/// let drift = Drift { removed: vec![gone], severity: Severity::Breaking, ..Drift::default() };
/// let said = docdrift_report::drift_terminal(&drift, false);
/// assert_eq!(said, "breaking: 1 removed\n  breaking (1)\n    removed: 400 Tank.1\n\n");
/// ```
pub fn drift_terminal(drift: &Drift, colour: bool) -> String {
    one(drift, &Terminal { colour }, usize::MAX)
}

/// The drift as GitHub Markdown, gravest first, within [`MARKDOWN_LIMIT`] characters.
pub fn drift_markdown(drift: &Drift) -> String {
    one(drift, &Markdown, MARKDOWN_LIMIT)
}

fn one(drift: &Drift, style: &dyn Style, limit: usize) -> String {
    if drift.is_empty() {
        return "no drift\n".to_owned();
    }
    let chapter = Chapter { head: vec![lines::headline(drift, style)], sections: lines::sections(drift, style) };
    layout::fit(vec![chapter], style, limit)
}

/// The drift for programs: `added`, `removed`, `renamed`, `changed`, `moved` and `severity`, always all of them.
pub fn drift_json(drift: &Drift) -> serde_json::Value {
    // A drift holds strings and lists only, which JSON always has a form for.
    serde_json::to_value(drift).unwrap_or_default()
}
