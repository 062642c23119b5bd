//! Renders what happened in a run and what changed, for people (terminal, Markdown, HTML, feed) and for programs (JSON,
//! `GitHub` annotations, `JUnit`), in English or Chinese.
//!
//! It computes no drift and reads no page; it chooses words, order and length. All forms share one model: `items` turns a
//! drift into items, with identical changes grouped; `rendered` puts each into the `words` of a language and keeps our
//! words and the pages' texts apart (`span`); each form escapes the pages' texts as it must. `reasons` has the sentences
//! of reasons, checks and warnings, `phrases` the words of commands that print no report. Terminal and Markdown share one
//! outline (`run`, `layout`) in two styles (`style`).
//!
//! To add a sentence: write it in `en` and `zh` of `words`, `reasons` or `phrases`.

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
