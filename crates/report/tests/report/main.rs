//! Whole answers in each format, what hostile text does to them, and that programs find what the schemas promise.

mod feed;
mod findings;
mod history;
mod hostile;
mod language;
mod large;
mod quarantine;
mod reader;
mod reasons;
mod reports;
mod sample;
mod schemas;
