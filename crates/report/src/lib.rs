//! Says what happened in a run and what changed, for people (terminal, Markdown, HTML, feed) and for programs (JSON,
//! `GitHub` annotations, `JUnit`), in English or Chinese.
//!
//! Computes no drift and reads no page; it only chooses words, order and length. One model serves all forms: `items`
//! makes a drift into things to fill_template, identical ones once with their members counted; `told` puts each into the `words`
//! of a language, our words and the pages' texts told apart (`span`); each form escapes what pages said as it must.
//! What another version of the `reader` changed is told beside the drift, of a source in `quarantine` only a sample.
//! Terminal and Markdown are one outline (`run`, `layout`) in two looks (`style`).

pub mod escape;
mod evidence;
mod feed;
mod findings;
mod github;
mod history;
mod html;
mod items;
mod json;
mod junit;
mod layout;
mod links;
mod phrases;
mod pieces;
mod quarantine;
mod reader;
mod reasons;
mod rendered;
mod run;
mod span;
mod style;
mod weight;
mod words;

pub use feed::feed;
pub use findings::{findings_json, findings_markdown, findings_terminal};
pub use github::github;
pub use history::{history_markdown, history_terminal};
pub use html::html;
pub use json::{drift_json, history_json, json};
pub use junit::junit;
pub use phrases::{Phrases, Plural, fill, method_text, outcome_text};
pub use reasons::{
    english_reasons, figure_text, found_codes_text, limit_text, no_table_text, problem_text, reason_text, subject_text,
    warning_line,
};
pub use run::{MARKDOWN_LIMIT, markdown, terminal};
