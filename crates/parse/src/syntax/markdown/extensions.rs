//! Handles what documentation generators add to Markdown: front matter, comments, imports, admonitions, tabs and
//! shortcodes. Their markup is no text of the page, but their content is.

use std::sync::LazyLock;

use docdrift_model::text::tidy;
use regex::Regex;

/// The maximum number of lines of front matter.
const MAX_FRONT_MATTER: usize = 200;

/// `import x from 'y'` and `export const …` of MDX.
static MODULE_LINE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r#"^(?:import\s+(?:[\w{*][^'"]*\s+from\s+)?['"][^'"]+['"];?|export\s+(?:const|let|default|function)\s.*)\s*$"#,
    )
    .expect("a valid pattern")
});
/// `:::tip Title`, `:::`, `{{< note >}}`, `{{% tab %}}`, `{% raw %}`, `{: .class}`, `[block:code]`.
static MARKER_LINE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"^\s*(?::{3,}\s*\{?[\w-]*\}?(?:\s*\[[^\]]*\])?|\{\{[<%].*[>%]\}\}|\{%.*%\}|\{:.*\}|\[/?block[^\]]*\])\s*$",
    )
    .expect("a valid pattern")
});
/// `!!! note "Title"`, `??? tip`, `=== "Tab"`: indented lines below belong to it.
static INDENTING_LINE: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r#"^\s*(?:!!!|\?\?\?\+?)\s+\w|^\s*===\+?!?\s+".*"\s*$"#).expect("a valid pattern"));
/// Lines that contain only component tags, such as `<Tabs>` and `</TabItem>`.
static COMPONENT_LINE: LazyLock<Regex> = LazyLock::new(|| {
    let tag = r"</?(?:[A-Z][\w.]*|a|div|span|section|details|center|br|hr|img|nav|main|article|p)(?:\s[^<>]*)?/?>";
    Regex::new(&format!(r"^\s*(?:{tag}\s*)+$")).expect("a valid pattern")
});
/// `:::tip text :::` on one line.
static ADMONITION_WITH_TEXT: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"^\s*:{3,}\s*(?:tip|note|info|warning|danger|caution|important|details)\s+(.+)$")
        .expect("a valid pattern")
});

/// Returns the title in the front matter, and the lines of the page without the markup of generators.
pub(super) fn strip_extensions(text: &str) -> (Option<String>, Vec<&str>) {
    let mut lines: Vec<&str> = text.trim_start_matches('\u{feff}').lines().collect();
    let title = blank_front_matter(&mut lines);
    let mut in_comment = false;
    let mut indents: Vec<usize> = Vec::new();
    for line in &mut lines {
        *line = unquote(line);
        if blank_comment(line, &mut in_comment) {
            continue;
        }
        dedent(line, &mut indents);
        if let Some(found) = ADMONITION_WITH_TEXT.captures(line) {
            *line = found.get(1).map_or("", |text| text.as_str());
        } else if is_markup_only(line) {
            *line = "";
        }
    }
    (title, lines)
}

/// Blanks the front matter and returns its title. Line numbers do not change.
fn blank_front_matter(lines: &mut [&str]) -> Option<String> {
    let fence = lines.first().map(|line| line.trim_end()).filter(|line| matches!(*line, "---" | "+++"))?;
    let end = 1 + lines.iter().skip(1).take(MAX_FRONT_MATTER).position(|line| line.trim_end() == fence)?;
    let is_data = |line: &&str| {
        let line = line.trim();
        line.is_empty() || line.contains([':', '=']) || line.starts_with(['-', '#', '"', '\''])
    };
    if !lines[1..end].iter().all(|line| is_data(line) || line.starts_with([' ', '\t'])) {
        return None;
    }
    let title = lines[1..end].iter().find_map(|line| line.strip_prefix("title").and_then(title_value));
    lines[..=end].fill("");
    title
}

fn title_value(rest: &str) -> Option<String> {
    let value = rest.trim_start().strip_prefix([':', '='])?.trim().trim_matches(['"', '\'']);
    Some(tidy(value)).filter(|title| !title.is_empty())
}

/// Removes the mark of a quotation, whose text is text of the page.
fn unquote(line: &str) -> &str {
    let mut inner = line;
    while let Some(rest) = inner.strip_prefix('>') {
        inner = rest.strip_prefix(' ').unwrap_or(rest);
    }
    inner
}

/// Blanks a line that is in a comment. Returns whether it did.
fn blank_comment(line: &mut &str, in_comment: &mut bool) -> bool {
    let (text, was_open) = (*line, *in_comment);
    let starts = was_open || text.trim_start().starts_with("<!--") || text.trim_start().starts_with("{/*");
    if !starts {
        return false;
    }
    let after = ["-->", "*/}"].iter().find_map(|end| text.split_once(end).map(|(_, after)| after));
    *in_comment = after.is_none();
    *line = after.unwrap_or_default();
    line.trim().is_empty()
}

/// Removes the indentation of the content of an admonition or tab.
fn dedent<'a>(line: &mut &'a str, indents: &mut Vec<usize>) {
    if line.trim().is_empty() {
        return;
    }
    let text: &'a str = line;
    let indent = text.len() - text.trim_start_matches(' ').len();
    while indents.last().is_some_and(|outer| indent < outer + 4) {
        indents.pop();
    }
    if let Some(outer) = indents.last() {
        *line = &text[outer + 4..];
    }
    if INDENTING_LINE.is_match(text) {
        indents.push(indent);
        *line = "";
    }
}

fn is_markup_only(line: &str) -> bool {
    let start = line.trim_start();
    match start.as_bytes().first() {
        Some(b'i' | b'e') => MODULE_LINE.is_match(line),
        Some(b':' | b'{' | b'[') => MARKER_LINE.is_match(line),
        Some(b'<') => COMPONENT_LINE.is_match(line),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::strip_extensions;

    fn filled(text: &str) -> Vec<&str> {
        strip_extensions(text).1.into_iter().filter(|line| !line.trim().is_empty()).collect()
    }

    #[test]
    fn takes_the_title_from_the_front_matter() {
        let text = "---\nid: lamps\ntitle: \"Lamp errors\"\ntags:\n  - lamps\n---\nText";
        assert_eq!(strip_extensions(text), (Some("Lamp errors".into()), vec!["", "", "", "", "", "", "Text"]));
        assert_eq!(strip_extensions("---\nA rule is no front matter.\n---\nText").0, None);
        assert_eq!(strip_extensions("+++\ntitle = 'Lamps'\n+++\nText").0.as_deref(), Some("Lamps"));
    }

    #[test]
    fn drops_the_markup_of_generators() {
        for (text, seen) in [
            ("import Tabs from '@theme/Tabs';\n\nimport this text stays", vec!["import this text stays"]),
            (":::tip\nMind the lamp.\n:::", vec!["Mind the lamp."]),
            (":::warning Mind the lamp.\n:::", vec!["Mind the lamp."]),
            ("<Tabs>\n<TabItem value=\"a\">\nText\n</TabItem>\n</Tabs>", vec!["Text"]),
            ("{{< note >}}\nText\n{{< /note >}}", vec!["Text"]),
            ("{% raw %}\nText\n{: .wide}", vec!["Text"]),
            ("<!-- Copyright\nall of it -->\nText", vec!["Text"]),
            ("<!-- a -->\nText", vec!["Text"]),
            ("> quoted\n>> twice", vec!["quoted", "twice"]),
            ("!!! note \"Lamps\"\n    Text\n\n    | a | b |\nOut", vec!["Text", "| a | b |", "Out"]),
            ("=== \"Tab\"\n    !!! tip\n        Deep\n    Less", vec!["Deep", "Less"]),
            ("<b>Text</b> stays", vec!["<b>Text</b> stays"]),
        ] {
            assert_eq!(filled(text), seen, "{text}");
        }
    }
}
