//! The lines that delimit blocks and tables.

/// The minimum length of a delimiter, as in the language.
const MIN_DELIMITER: usize = 4;

/// Whether a line delimits a block: it repeats `sign`.
pub(super) fn is_delimiter(line: &str, sign: char) -> bool {
    line.len() >= MIN_DELIMITER && line.chars().all(|c| c == sign)
}

/// Returns the cell separator of a table that starts with this line.
pub(super) fn cell_separator(line: &str) -> Option<char> {
    let sign = line.chars().next().filter(|c| matches!(c, '|' | ',' | ':' | '!'))?;
    let rule = &line[1..];
    (rule.len() + 1 >= MIN_DELIMITER && rule.bytes().all(|b| b == b'=')).then_some(sign)
}
