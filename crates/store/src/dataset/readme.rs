//! `README.md` of the dataset, for people who find it.

use std::{collections::BTreeSet, fmt::Write as _};

use docdrift_model::{Bilingual, Lang, text::is_invisible};

use super::Part;

pub(super) const FILE_NAME: &str = "README.md";

const FILES: &str = "\
# Error codes of cloud APIs

The error codes that cloud vendors document for their APIs, read from their Chinese and English pages and paired row by
row. Made by docdrift; do not edit these files, the next refresh writes them anew.

| file | what |
|---|---|
| `error-codes.csv` | one record an entry, its texts with the line breaks of their paragraphs: UTF-8, comma, header line |
| `datapackage.json` | what the columns of that file mean and whose pages they are from (Frictionless Data Package) |
| `<vendor>/<service>.json` | one source: its pages, its licence note, its entries and all their columns |
";

const FEEDS: &str = "\
| `history/` | what changed and when, as Atom feeds to follow: `all.atom` and one a vendor |
";

const READING: &str = "
Codes are text: leading zeros count, and so do the slips that a page prints. One code may stand in several tables and at
several statuses; `id` tells such entries apart.

`first_seen` and `last_changed` are the days docdrift first saw an entry and last saw it change, be it a text, the status
or the code; the page may have changed before that day. An entry that is older than these columns has in both the day
its source changed last before them.

A text that starts with `sha256:` is not published here, because the vendor owns it. It is the SHA-256 of the text with
white space, punctuation width and letter case folded away, so it changes when the text changes. The pages that `url_en`
and `url_zh` name show the text itself.

Texts stand as the page has them, also those that begin with `=`, `+`, `-` or `@`: import the CSV as text columns into a
spreadsheet program, else it may take such a cell for a formula.

## Sources

A page's own date is the one that it prints; the last change is the day docdrift saw one.

| source | name | codes | entries | languages | last change | page's own date |
|---|---|---|---|---|---|---|
";

pub(super) fn render(parts: &[Part], has_feeds: bool) -> String {
    let mut text = [FILES, if has_feeds { FEEDS } else { "" }, READING].concat();
    for part in parts {
        // Writing to a String cannot fail.
        let _ = writeln!(text, "| {} |", row(part).join(" | "));
    }
    text
}

fn row(part: &Part) -> [String; 7] {
    let codes: BTreeSet<&str> = part.entries.iter().map(|entry| entry.code.as_str()).collect();
    let pages = |show: &dyn Fn(Lang) -> Option<String>| {
        let shown: Vec<String> = Lang::ALL.into_iter().filter_map(show).collect();
        shown.join(", ")
    };
    let languages = pages(&|lang| part.pages.get(lang).as_ref().map(|_| lang.to_string()));
    let dates = pages(&|lang| {
        let date = part.pages.get(lang).as_ref()?.updated_on?;
        Some(format!("{lang} {date}"))
    });
    let id = &part.id;
    [
        format!("[{id}]({}/{}.json)", id.vendor, id.service),
        names(&part.names),
        codes.len().to_string(),
        part.entries.len().to_string(),
        languages,
        part.last_change.to_string(),
        dates,
    ]
}

/// Joins the names of both languages, or returns the only one.
fn names(names: &Bilingual<String>) -> String {
    let mut shown = vec![names.en.as_str(), names.zh.as_str()];
    shown.retain(|name| !name.is_empty());
    shown.dedup();
    cell(&shown.join(" / "))
}

/// Escapes a text for a cell of a Markdown table, so that neither Markdown nor HTML in it has an effect.
fn cell(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            c if is_invisible(c) => {}
            '\u{2028}' | '\u{2029}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}' => {}
            c if c.is_control() => out.push(' '),
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            c if "\\`*_[]|~!#".contains(c) => out.extend(['\\', c]),
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::cell;

    #[test]
    fn a_cell_has_no_markup() {
        assert_eq!(cell("\u{1b}[2Ja\u{202e}b\u{2028}c\u{e0041}"), " \\[2Jabc");
        assert_eq!(cell("a|b\n<i>*x*</i> [l](u) `c` &"), "a\\|b &lt;i&gt;\\*x\\*&lt;/i&gt; \\[l\\](u) \\`c\\` &amp;");
    }
}
