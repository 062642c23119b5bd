//! What the suites print.

use std::io::Write as _;

/// Prints a line. A reader that went away is no reason to stop.
pub(crate) fn print_line(line: &str) {
    let _ = writeln!(std::io::stdout().lock(), "{line}");
}
