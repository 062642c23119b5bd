//! The only place that prints. Answers go to stdout, notes to stderr. A closed pipe is no error.

use std::{
    fmt::Write as _,
    io::{IsTerminal as _, Write as _},
};

use docdrift_model::text::is_invisible;

/// Prints an answer.
pub(crate) fn answer(text: &str) {
    let mut out = std::io::stdout().lock();
    let _ = out.write_all(text.as_bytes());
    if !text.ends_with('\n') {
        let _ = out.write_all(b"\n");
    }
    let _ = out.flush();
}

/// Writes an answer byte by byte. Not for a terminal, which would interpret control characters.
pub(crate) fn raw(bytes: &[u8]) {
    let mut out = std::io::stdout().lock();
    let _ = out.write_all(bytes).and_then(|()| out.flush());
}

/// Whether stdout is a terminal.
pub(crate) fn is_terminal() -> bool {
    std::io::stdout().is_terminal()
}

/// Prints a line to stderr.
pub(crate) fn note(line: &str) {
    let _ = writeln!(std::io::stderr().lock(), "{line}");
}

/// Prints a JSON answer. Control and direction characters, which JSON allows and a terminal interprets, are escaped. A
/// program reads the same text.
pub(crate) fn json(value: &impl serde::Serialize) {
    let mut out = String::new();
    // Answers consist of strings, numbers and lists, which JSON can always represent.
    for c in serde_json::to_string_pretty(value).unwrap_or_default().chars() {
        let is_interpreted = (c != '\u{ad}' && is_invisible(c))
            || matches!(c, '\u{7f}'..='\u{9f}' | '\u{2028}' | '\u{2029}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}');
        if is_interpreted {
            for unit in c.encode_utf16(&mut [0; 2]) {
                // Writing to a String cannot fail.
                let _ = write!(out, "\\u{unit:04x}");
            }
        } else {
            out.push(c);
        }
    }
    answer(&out);
}

/// Whether answers may be coloured: stdout is a terminal, and `NO_COLOR` is unset (<https://no-color.org>).
pub(crate) fn colour() -> bool {
    is_terminal() && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty())
}
