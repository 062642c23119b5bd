//! Page text made harmless where it is shown: it may hold anything.

/// What stands between the cells and paragraphs of a text shown on one line.
const LINE_BREAK: char = '⏎';

/// `text` on one line that no terminal obeys: control characters and escapes, direction overrides and other invisible
/// characters are shown as `\u{…}`, line breaks as `⏎`.
pub fn terminal(text: &str) -> String {
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

/// `text` as inline Markdown that renders as the text itself, also in a table's cell: markup, HTML and pipes are
/// escaped, what [`terminal`] shows as escapes is too, and mentions, issue numbers and addresses link to nobody.
pub fn markdown(text: &str) -> String {
    let plain = terminal(text);
    let mut out = String::with_capacity(plain.len());
    for (at, c) in plain.char_indices() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '\\' | '`' | '*' | '_' | '[' | ']' | '|' | '~' | '$' => out.extend(['\\', c]),
            '@' | '#' => out.extend([c, BREAK]),
            ':' if plain[at..].starts_with("://") => out.extend([c, BREAK]),
            '.' if follows(&plain[..at], "www") => out.extend([BREAK, c]),
            '-' if follows(&plain[..at], "gh") => out.extend([c, BREAK]),
            c => out.push(c),
        }
    }
    out
}

/// Takes no room, and what GitHub would link is in two pieces.
const BREAK: char = '\u{200b}';

/// Whether `before` ends with `word` in any letter case.
fn follows(before: &str, word: &str) -> bool {
    let start = before.len().checked_sub(word.len());
    start.and_then(|start| before.get(start..)).is_some_and(|end| end.eq_ignore_ascii_case(word))
}

/// Control characters, and those that hide or turn the text around them round.
fn is_unseen(c: char) -> bool {
    c.is_control()
        || docdrift_model::text::is_invisible(c)
        || matches!(c, '\u{61c}' | '\u{2028}' | '\u{2029}' | '\u{180e}' | '\u{e0000}'..='\u{e007f}' | '\u{fff9}'..='\u{fffb}')
}

#[cfg(test)]
mod tests {
    use super::{markdown, terminal};

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
            ("\u{1b}\u{202e}", r"\\u{1b}\\u{202e}"),
        ] {
            assert_eq!(markdown(hostile), shown, "{hostile:?}");
        }
    }
}
