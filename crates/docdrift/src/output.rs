//! The only place that prints. Answers go to stdout, notes to stderr; a reader that went away ends nothing.

use std::io::{IsTerminal as _, Write as _};

/// Prints an answer.
pub(crate) fn answer(text: &str) {
    let mut out = std::io::stdout().lock();
    let _ = out.write_all(text.as_bytes());
    if !text.ends_with('\n') {
        let _ = out.write_all(b"\n");
    }
    let _ = out.flush();
}

/// Prints a line for whoever watches.
pub(crate) fn note(line: &str) {
    let _ = writeln!(std::io::stderr().lock(), "{line}");
}

/// Prints a JSON answer.
pub(crate) fn json(value: &serde_json::Value) {
    answer(&format!("{value:#}\n"));
}

/// Whether answers may be coloured: a terminal, and nobody asked not to (<https://no-color.org>).
pub(crate) fn colour() -> bool {
    std::io::stdout().is_terminal() && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty())
}
