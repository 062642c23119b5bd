/// The codes in a printed code: `A.1/A.2` or `A.1` and `A.2` in two lines are two. What is not made of codes alone is one
/// code, as it is printed.
pub fn list(printed: &str) -> Vec<String> {
    let parts: Vec<&str> = printed
        .split(|c: char| c.is_whitespace() || matches!(c, ',' | ';' | '/' | '，' | '；' | '、'))
        .filter(|part| !part.is_empty())
        .collect();
    if parts.len() > 1 && parts.iter().all(|part| is_marked(part)) {
        parts.into_iter().map(str::to_owned).collect()
    } else if printed.is_empty() {
        Vec::new()
    } else {
        vec![printed.to_owned()]
    }
}

/// Words of a sentence have neither digits nor dots, underscores or capitals inside.
fn is_marked(part: &str) -> bool {
    part.is_ascii()
        && part.chars().next().is_some_and(char::is_alphanumeric)
        && part.len() > 2
        && part.chars().skip(1).any(|c| c.is_ascii_digit() || c.is_ascii_uppercase() || matches!(c, '.' | '_'))
}

#[cfg(test)]
mod tests {
    use super::list;

    #[test]
    fn one_cell_many_codes() {
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
