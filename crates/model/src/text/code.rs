/// Returns the codes in a printed code: `A.1/A.2`, or `A.1` and `A.2` on two lines, are two. A text that contains anything
/// else is one code, as printed.
pub fn list(printed: &str) -> Vec<String> {
    let parts: Vec<&str> = printed
        .split(|c: char| c.is_whitespace() || matches!(c, ',' | ';' | '/' | '，' | '；' | '、'))
        .filter(|part| !part.is_empty())
        .collect();
    if parts.len() > 1 && parts.iter().all(|part| looks_like_identifier(part)) {
        parts.into_iter().map(str::to_owned).collect()
    } else if printed.is_empty() {
        Vec::new()
    } else {
        vec![printed.to_owned()]
    }
}

/// Whether a part is a code. The words of a sentence contain no digits, dots, underscores or inner capitals.
fn looks_like_identifier(part: &str) -> bool {
    part.is_ascii()
        && part.chars().next().is_some_and(char::is_alphanumeric)
        && part.len() > 2
        && part.chars().skip(1).any(|c| c.is_ascii_digit() || c.is_ascii_uppercase() || matches!(c, '.' | '_'))
}

#[cfg(test)]
mod tests {
    use super::list;

    #[test]
    fn one_cell_can_have_many_codes() {
        for (printed, expected) in [
            ("IIC.400", vec!["IIC.400"]),
            ("AS.0001/AS.0002", vec!["AS.0001", "AS.0002"]),
            ("AS.0001\nAS.0002", vec!["AS.0001", "AS.0002"]),
            ("LampHot, LampCold", vec!["LampHot", "LampCold"]),
            ("Forbidden. RAM is not supported.", vec!["Forbidden. RAM is not supported."]),
            ("1104", vec!["1104"]),
            ("SVC/a", vec!["SVC/a"]),
            ("", vec![]),
        ] {
            assert_eq!(list(printed), expected, "{printed}");
        }
    }
}
