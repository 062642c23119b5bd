//! Finds documents in the data of a page's scripts. Sites that render in the browser keep the page there as a string of
//! HTML or Markdown: in JSON (`__NEXT_DATA__`), in an assignment (`window.__STATE__ = {…}`) or in calls that push
//! parts. Strings are found by their quotes, so the data may be incomplete or malformed.

/// The maximum total length of the searched strings in bytes. It bounds the work on nested data.
const MAX_TOTAL_BYTES: usize = 16 << 20;
/// The maximum number of documents in the scripts of a page.
const MAX_DOCUMENTS: usize = 64;
/// The minimum length of a document in bytes. An error table with markup is longer.
const MIN_DOCUMENT_BYTES: usize = 120;
/// The maximum depth of strings inside the data of strings.
const MAX_DEPTH: usize = 3;
/// The number of characters that identify a script in the trace.
const PLACE_CHARS: usize = 40;

/// A document with its location.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct EmbeddedDocument {
    /// The attributes of the script, or its first words.
    pub(crate) place: String,
    /// HTML or Markdown.
    pub(crate) text: String,
}

/// Finds the documents in the scripts of a page, without repetitions.
pub(crate) fn find_documents(html: &str) -> Vec<EmbeddedDocument> {
    let mut found: Vec<EmbeddedDocument> = Vec::new();
    let mut budget = MAX_TOTAL_BYTES;
    for script in scripts(html) {
        let mut texts = Vec::new();
        collect_strings(script.body, 0, &mut budget, &mut texts);
        for text in texts {
            let is_known = found.iter().any(|known| known.text == text);
            if !is_known && found.len() < MAX_DOCUMENTS {
                found.push(EmbeddedDocument { place: script.place(), text });
            }
        }
    }
    found
}

struct Script<'a> {
    attributes: &'a str,
    body: &'a str,
}

impl Script<'_> {
    fn place(&self) -> String {
        let words = if self.attributes.trim().is_empty() { self.body.trim_start() } else { self.attributes.trim() };
        words.chars().take(PLACE_CHARS).collect()
    }
}

fn scripts(html: &str) -> impl Iterator<Item = Script<'_>> {
    let mut rest = html;
    std::iter::from_fn(move || {
        let at = find_ignoring_case(rest, "<script")?;
        let tag = &rest[at + "<script".len()..];
        let open = tag.find('>')?;
        let body = &tag[open + 1..];
        let end = find_ignoring_case(body, "</script").unwrap_or(body.len());
        rest = &body[end..];
        Some(Script { attributes: &tag[..open], body: &body[..end] })
    })
}

fn find_ignoring_case(text: &str, tag: &str) -> Option<usize> {
    let starts = text.match_indices('<').map(|(at, _)| at);
    starts.into_iter().find(|at| {
        text.as_bytes()[*at..].get(..tag.len()).is_some_and(|start| start.eq_ignore_ascii_case(tag.as_bytes()))
    })
}

/// Collects the strings that are documents, in the order of the data.
fn collect_strings(data: &str, depth: usize, budget: &mut usize, found: &mut Vec<String>) {
    let mut rest = data;
    while let Some(at) = rest.find(['"', '\'', '`']) {
        let quote = char::from(rest.as_bytes()[at]);
        let inside = &rest[at + 1..];
        let Some(end) = string_end(inside, quote) else {
            // A quote that never closes starts no string; it may be an apostrophe in a comment.
            rest = inside;
            continue;
        };
        rest = &inside[end + 1..];
        if end < MIN_DOCUMENT_BYTES || end > *budget {
            continue;
        }
        *budget -= end;
        let text = unescape(&inside[..end]);
        if is_document(&text) {
            found.push(text);
        } else if depth < MAX_DEPTH && text.contains(['{', '[']) {
            collect_strings(&text, depth + 1, budget, found);
        }
    }
}

/// Returns the end of the string whose text begins here. A string in plain quotes stays within its line.
fn string_end(text: &str, quote: char) -> Option<usize> {
    let mut is_escaped = false;
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            _ if is_escaped => is_escaped = false,
            b'\\' => is_escaped = true,
            b'\n' if quote != '`' => return None,
            _ if char::from(byte) == quote => return Some(at),
            _ => {}
        }
    }
    None
}

/// Returns the text of a string, with the escapes of JSON and JavaScript resolved.
fn unescape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars();
    // A character beyond the basic plane is written as two surrogates.
    let mut high: Option<u32> = None;
    while let Some(c) = chars.next() {
        if c != '\\' {
            out.push(c);
            continue;
        }
        match chars.next() {
            Some('n') => out.push('\n'),
            Some('t') => out.push('\t'),
            Some('r' | 'b' | 'f') | None => {}
            Some(kind @ ('u' | 'x')) => {
                let digits: String = chars.clone().take(if kind == 'u' { 4 } else { 2 }).collect();
                let Ok(unit) = u32::from_str_radix(&digits, 16) else { continue };
                chars.nth(digits.len().saturating_sub(1));
                match (high.take(), unit) {
                    (_, 0xd800..=0xdbff) => high = Some(unit),
                    (Some(first), 0xdc00..=0xdfff) => {
                        out.extend(char::from_u32(0x10000 + ((first - 0xd800) << 10) + (unit - 0xdc00)));
                    }
                    _ => out.extend(char::from_u32(unit)),
                }
            }
            Some(other) => out.push(other),
        }
    }
    out
}

/// Whether a string is HTML or Markdown with a table, a definition list or headings.
fn is_document(text: &str) -> bool {
    const HTML: [&str; 4] = ["<table", "<dl", "<h2", "<h3"];
    let has_markdown_table =
        || text.contains("|--") || text.contains("| --") || text.contains("|:-") || text.contains("\n## ");
    // Data with documents in its own strings is no document.
    let is_data = text.trim_start().starts_with(['{', '[']);
    text.len() >= MIN_DOCUMENT_BYTES && !is_data && (HTML.iter().any(|tag| text.contains(tag)) || has_markdown_table())
}

#[cfg(test)]
mod tests {
    use super::{find_documents, unescape};

    fn texts(html: &str) -> Vec<String> {
        find_documents(html).into_iter().map(|document| document.text).collect()
    }

    #[test]
    fn finds_documents_where_sites_keep_them() {
        let table = format!("<h2>Errors</h2><table><tr><td>A.1</td></tr></table>{}", "x".repeat(120));
        let escaped = table.replace('<', "\\u003c").replace('/', "\\/");
        let twice = format!("{{\\\"html\\\":\\\"{}\\\"}}", table.replace('<', "\\\\u003c"));
        for script in [
            format!("<script id=\"__NEXT_DATA__\" type=\"application/json\">{{\"body\":\"{escaped}\"}}</script>"),
            format!("<script>window.__STATE__ = {{body: '{table}'}};</script>"),
            format!("<script>self.__next_f.push([1,\"{escaped}\"])</script>"),
            format!("<SCRIPT>var it's = 1\nconst page = `{table}`</SCRIPT>"),
            format!("<script>window.data = \"{twice}\"</script>"),
        ] {
            assert_eq!(texts(&format!("<html>{script}</html>")), std::slice::from_ref(&table), "{script}");
        }
    }

    #[test]
    fn rejects_other_strings() {
        for html in ["<script>var a = \"short\"</script>", "<script>", "<p>\"<table>\"</p>", "<script>'</script>"] {
            assert!(texts(html).is_empty(), "{html}");
        }
    }

    #[test]
    fn resolves_escapes() {
        for (source, text) in [
            (r"a\nb", "a\nb"),
            (r"\u4e2d\/", "中/"),
            (r"\ud83d\ude00", "😀"),
            (r"\x3cb", "<b"),
            (r"\", ""),
            (r"\uzz", "zz"),
            (r"\\", "\\"),
        ] {
            assert_eq!(unescape(source), text, "{source}");
        }
    }
}
