//! Reads delimiter-separated values (RFC 4180 and its relatives), as in tables of reStructuredText and `AsciiDoc`.

/// The format of the values.
#[derive(Clone, Copy)]
pub(super) struct Dialect {
    pub(super) delimiter: char,
    /// The quotation mark of values. Inside a quoted value it is doubled.
    pub(super) quote: Option<char>,
    /// The character that makes the next one literal.
    pub(super) escape: Option<char>,
}

/// Splits `text` into records. Blanks before a value and blank lines are skipped.
pub(super) fn split_records(text: &str, dialect: Dialect) -> Vec<Vec<String>> {
    let mut splits_records = Vec::new();
    let mut record = Vec::new();
    let mut value = String::new();
    let mut is_quoted = false;
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        let is_quote = Some(c) == dialect.quote;
        if Some(c) == dialect.escape {
            value.extend(chars.next());
        } else if is_quoted && is_quote {
            is_quoted = chars.next_if_eq(&c).is_some_and(|quote| {
                value.push(quote);
                true
            });
        } else if is_quoted {
            value.push(c);
        } else if c == '\n' {
            end_record(&mut splits_records, &mut record, &mut value);
        } else if c == dialect.delimiter {
            record.push(std::mem::take(&mut value));
        } else if is_quote && value.is_empty() {
            is_quoted = true;
        } else if !(value.is_empty() && c.is_whitespace()) {
            value.push(c);
        }
    }
    end_record(&mut splits_records, &mut record, &mut value);
    splits_records
}

fn end_record(splits_records: &mut Vec<Vec<String>>, record: &mut Vec<String>, value: &mut String) {
    if !record.is_empty() || !value.is_empty() {
        record.push(std::mem::take(value));
        splits_records.push(std::mem::take(record));
    }
}

#[cfg(test)]
mod tests {
    use super::{Dialect, split_records};

    #[test]
    fn splits_records() {
        let csv = Dialect { delimiter: ',', quote: Some('"'), escape: None };
        let dsv = Dialect { delimiter: ':', quote: None, escape: Some('\\') };
        for (text, dialect, expected) in [
            ("a,b\nc,d\n", csv, vec![vec!["a", "b"], vec!["c", "d"]]),
            ("\"a, b\", \"say \"\"x\"\"\"\n\n", csv, vec![vec!["a, b", "say \"x\""]]),
            ("\"two\nlines\",z", csv, vec![vec!["two\nlines", "z"]]),
            ("a,,\n,", csv, vec![vec!["a", "", ""], vec!["", ""]]),
            ("\"open, never closed\n", csv, vec![vec!["open, never closed\n"]]),
            ("a:b\\:c\nd", dsv, vec![vec!["a", "b:c"], vec!["d"]]),
            ("", csv, vec![]),
        ] {
            assert_eq!(split_records(text, dialect), expected, "{text:?}");
        }
    }
}
