use docdrift_model::{Role, read_rules::ReadHints};

use super::assert_only_problem;
use crate::parse::parse_config;

fn file(read: &str) -> String {
    format!(
        "[[source]]\nvendor = \"acme\"\nservice = \"vault\"\nname = {{ en = \"Vault\" }}\nlicence = \"their own\"\n\
         pages = {{ en = \"https://docs.acme.test/en/errors\" }}\n{read}\n"
    )
}

#[test]
fn hints_of_a_source_are_read() {
    let text = file(
        "read = { within = \"main .doc\", tables = [\"Error codes\"], skip = [\"A | B\"], \
         columns = { \"Returned Value\" = \"code\", \"Answer\" = \"status\" } }",
    );
    let expected = ReadHints {
        within: Some("main .doc".into()),
        tables: vec!["Error codes".into()],
        skip: vec!["A | B".into()],
        columns: vec![("Returned Value".into(), Role::Code), ("Answer".into(), Role::Status)],
    };
    assert_eq!(parse_config(&text).unwrap().sources[0].read, expected, "in the order of the file");
    for none in ["", "read = {}"] {
        assert_eq!(parse_config(&file(none)).unwrap().sources[0].read, ReadHints::default());
    }
}

#[test]
fn each_mistake_has_a_problem_with_its_line() {
    const ROLES: &str = "status, code, message, description, solution, group, other";
    for (read, expected) in [
        ("read = 1", "7:8: `read` must be a table, not an integer".to_owned()),
        (
            "read = { inside = \"main\" }",
            "7:10: unknown key `inside` in `read`; allowed: within, tables, skip, columns".into(),
        ),
        ("read.within = [\"main\"]", "7:15: `read.within` must be a string, not an array".into()),
        ("read.within = \" \"", "7:15: `read.within` must be one line of text".into()),
        ("read.tables = \"Errors\"", "7:15: `read.tables` must be a list of strings, not a string".into()),
        ("read.skip = [1]", "7:14: `read.skip` must be a string, not an integer".into()),
        ("read = { tables = [\"A\"], skip = [\"A\"] }", "7:8: `A` is in `read.tables` and in `read.skip`".into()),
        ("read.columns = [\"A\"]", "7:16: `read.columns` must be a table of roles, not an array".into()),
        ("read.columns.Fault = \"key\"", format!("7:22: unknown role `key` in `read.columns`; allowed: {ROLES}")),
        ("read.columns.Fault = 1", "7:22: `read.columns` must be a string, not an integer".into()),
        ("read.columns.\" \" = \"code\"", "7:14: a key of `read.columns` is a header word".into()),
    ] {
        assert_only_problem(&file(read), &expected);
    }
}
