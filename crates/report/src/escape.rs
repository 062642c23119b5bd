//! Escapes page text for display. It may contain anything.

/// The mark of a line break in a text that is shown on one line.
const LINE_BREAK: char = '⏎';

/// Returns `text` on one line of plain characters: control characters and escapes, direction overrides and other invisible
/// characters are shown as `\u{…}`, line breaks as `⏎`.
pub fn visible(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\n' => out.push(LINE_BREAK),
            '\t' => out.push(' '),
            c if is_unseen(c) => out.extend(c.escape_unicode()),
            c => out.push(c),
        }
    }
    out
}

/// Returns `text` on one line that neither a terminal nor the log of a GitHub workflow interprets: as [`visible`], with
/// the beginning of a workflow command escaped.
pub fn terminal(text: &str) -> String {
    let plain = visible(text).replace("##[", r"##\u{5b}");
    let start = plain.len() - plain.trim_start().len();
    match plain.get(start..).and_then(|rest| rest.strip_prefix(':')) {
        // Another colon may follow: one of its own, or one of the words around it.
        Some(rest) if rest.is_empty() || rest.starts_with(':') => format!(r"{}\u{{3a}}{rest}", &plain[..start]),
        _ => plain,
    }
}

/// Returns `text` as inline Markdown that renders as the text itself, also in a table cell. Markup, HTML, pipes and what
/// [`visible`] escapes are escaped; mentions, issue numbers and addresses do not become links.
pub fn markdown(text: &str) -> String {
    let plain = visible(text);
    let mut out = String::with_capacity(plain.len());
    let first = block_mark(&plain);
    for (at, c) in plain.char_indices() {
        match c {
            ' ' if at == 0 => out.push_str("&#32;"),
            c if first == Some(at) => out.extend(['\\', c]),
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '\\' | '`' | '*' | '_' | '[' | ']' | '|' | '~' | '$' => out.extend(['\\', c]),
            '@' | '#' => out.extend([c, BREAK]),
            ':' if is_link_or_emoji(&plain[at..]) => out.extend([c, BREAK]),
            '.' if follows(&plain[..at], "www") => out.extend([BREAK, c]),
            '-' if follows(&plain[..at], "gh") => out.extend([c, BREAK]),
            c => out.push(c),
        }
    }
    out
}

/// Finds the character that would turn a line with this beginning into a list, a rule or a heading.
fn block_mark(text: &str) -> Option<usize> {
    let start = text.len() - text.trim_start().len();
    let digits = text[start..].bytes().take_while(u8::is_ascii_digit).count();
    match text.as_bytes().get(start + digits)? {
        // A digit that follows makes a number of it, not the count of a list.
        b'.' | b')' if digits > 0 && !text[start + digits + 1..].starts_with(|c: char| c.is_alphanumeric()) => {
            Some(start + digits)
        }
        b'-' | b'+' | b'=' if digits == 0 => Some(start),
        _ => None,
    }
}

/// `://` and `:name:`.
fn is_link_or_emoji(text: &str) -> bool {
    let rest = text.trim_start_matches(':');
    let name = rest.bytes().take_while(|c| c.is_ascii_alphanumeric() || b"_+-".contains(c)).count();
    text.starts_with("://") || (name > 0 && rest[name..].starts_with(':'))
}

/// Returns `text` as a Markdown code span.
pub(crate) fn markdown_code(text: &str) -> String {
    let plain = visible(text);
    let longest = plain.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(longest + 1);
    // A code span drops one space at either end, where both are there.
    let space = if plain.starts_with(['`', ' ']) || plain.ends_with(['`', ' ']) { " " } else { "" };
    format!("{fence}{space}{plain}{space}{fence}")
}

/// Quotes `word` so that a shell reads it as one word.
pub fn shell(word: &str) -> String {
    let is_plain = |c: char| c.is_alphanumeric() || "-_./:=@+,".contains(c);
    if !word.is_empty() && word.chars().all(is_plain) {
        word.to_owned()
    } else {
        format!("'{}'", word.replace('\'', r"'\''"))
    }
}

/// A zero-width space. It splits what GitHub would turn into a link.
const BREAK: char = '\u{200b}';

/// Whether `before` ends with `word` in any letter case.
fn follows(before: &str, word: &str) -> bool {
    let start = before.len().checked_sub(word.len());
    start.and_then(|start| before.get(start..)).is_some_and(|end| end.eq_ignore_ascii_case(word))
}

/// Whether a character is a control character, or hides or reorders the text around it.
fn is_unseen(c: char) -> bool {
    c.is_control()
        || docdrift_model::text::is_invisible(c)
        || matches!(c, '\u{61c}' | '\u{2028}' | '\u{2029}' | '\u{180e}' | '\u{e0000}'..='\u{e007f}' | '\u{fff9}'..='\u{fffb}')
        || u32::from(c) & 0xfffe == 0xfffe
}

#[cfg(test)]
mod tests {
    use super::{markdown, markdown_code, shell, terminal};

    #[test]
    fn terminals_obey_nothing() {
        for (hostile, shown) in [
            ("plain 文字 {0}", "plain 文字 {0}"),
            ("\u{1b}[31mred\u{7}", r"\u{1b}[31mred\u{7}"),
            ("a\r\nb\tc", r"a\u{d}⏎b c"),
            ("abc\u{202e}txt.exe\u{2066}", r"abc\u{202e}txt.exe\u{2066}"),
            ("\u{9b}2J\u{85}", r"\u{9b}2J\u{85}"),
            ("a\u{200b}b\u{2028}", r"a\u{200b}b\u{2028}"),
            ("\u{e0041}", r"\u{e0041}"),
            ("a\u{ffff}", r"a\u{ffff}"),
            ("::error::a::b", r"\u{3a}:error::a::b"),
            (":", r"\u{3a}"),
            (":8080", ":8080"),
            (" ::stop-commands::a", r" \u{3a}:stop-commands::a"),
            ("a ##[add-mask]b", r"a ##\u{5b}add-mask]b"),
        ] {
            assert_eq!(terminal(hostile), shown, "{hostile:?}");
        }
    }

    #[test]
    fn markdown_renders_as_the_text() {
        for (hostile, shown) in [
            ("plain 文字 {0}", "plain 文字 {0}"),
            ("<script>alert(1)</script>", "&lt;script&gt;alert(1)&lt;/script&gt;"),
            ("&lt;b&gt;", "&amp;lt;b&amp;gt;"),
            ("@everyone, see #1 or GH-2", "@\u{200b}everyone, see #\u{200b}1 or GH-\u{200b}2"),
            ("a | b `c` *d* _e_ ~~f~~ $g$", r"a \| b \`c\` \*d\* \_e\_ \~\~f\~\~ \$g\$"),
            ("[x](javascript:y) ![z](w)", r"\[x\](javascript:y) !\[z\](w)"),
            ("https://evil.example", "https:\u{200b}//evil.example"),
            ("www.evil.example", "www\u{200b}.evil.example"),
            ("a\n# b\n- c", "a⏎#\u{200b} b⏎- c"),
            ("\\", r"\\"),
            ("- a", r"\- a"),
            ("12. a", r"12\. a"),
            (" === ", r"&#32;\=== "),
            ("404.1 a-b", "404.1 a-b"),
            ("a :+1: b::c: d", "a :\u{200b}+1: b:\u{200b}:\u{200b}c: d"),
            ("\u{1b}\u{202e}", r"\\u{1b}\\u{202e}"),
        ] {
            assert_eq!(markdown(hostile), shown, "{hostile:?}");
        }
    }

    #[test]
    fn a_shell_reads_one_word() {
        for (word, quoted) in [
            ("acme/farm-2", "acme/farm-2"),
            ("a b", "'a b'"),
            ("it's", r"'it'\''s'"),
            ("$(x);*", "'$(x);*'"),
            ("", "''"),
        ] {
            assert_eq!(shell(word), quoted, "{word}");
        }
    }

    #[test]
    fn code_spans_hold_anything() {
        for (command, shown) in [
            ("docdrift diff a b", "`docdrift diff a b`"),
            ("a `b` ``c", "```a `b` ``c```"),
            ("`", "`` ` ``"),
            ("a\nb", "`a⏎b`"),
        ] {
            assert_eq!(markdown_code(command), shown, "{command}");
        }
    }
}
