//! Reads error codes in JSON code samples: an object of texts by their codes, or a list of objects whose keys are
//! header words. A sample response is neither.

use std::borrow::Cow;

use docdrift_model::{Role, text::tidy};
use serde_json::{Map, Value};

use super::{Candidate, Outline, Section};
use crate::{
    lexicon::{
        cells::{has_han, is_code, is_http_status, looks_like_identifier},
        headers,
    },
    syntax::block::{Content, RawTable},
};

/// The minimum number of errors of a map or list. A response has few keys.
const MIN_ERRORS: usize = 3;
/// The maximum length of a sample in bytes, which bounds the time to parse it.
const MAX_BYTES: usize = 1 << 20;

/// Proposes the samples that are maps or lists of errors.
pub(super) fn propose<'a>(outline: &Outline<'a>, section: &Section) -> Vec<Candidate<'a>> {
    let candidate = |at: usize| {
        let sample = match &outline.blocks[at].content {
            Content::Sample(sample) => sample,
            Content::Text(prose) => &prose.text,
            _ => return None,
        };
        let (table, is_list) = read_sample(sample)?;
        Some(Candidate { is_list, ..Candidate::new(section, at..at + 1, Cow::Owned(table)) })
    };
    section.own.clone().filter_map(candidate).collect()
}

/// Returns the table in a code sample, and whether it has no header.
fn read_sample(sample: &str) -> Option<(RawTable, bool)> {
    let sample = sample.trim();
    if sample.len() > MAX_BYTES || !sample.starts_with(['{', '[']) {
        return None;
    }
    match serde_json::from_str(sample).ok()? {
        Value::Object(map) => Some((read_map(&map)?, true)),
        Value::Array(list) => Some((read_list(&list)?, false)),
        _ => None,
    }
}

/// Reads an object whose keys are codes and whose values are sentences.
fn read_map(map: &Map<String, Value>) -> Option<RawTable> {
    let row = |(code, text): (&String, &Value)| {
        let text = tidy(text.as_str()?);
        let is_prose = has_han(&text) || text.contains(' ') || text.ends_with('.');
        let has_form = code.chars().any(|c| c.is_ascii_digit() || c.is_ascii_uppercase());
        let is_key = is_code(code) && looks_like_identifier(code) && has_form && headers::lookup_role(code).is_none();
        (is_key && is_prose).then(|| vec![code.clone(), text])
    };
    let rows: Option<Vec<Vec<String>>> = map.iter().map(row).collect();
    let are_statuses = || map.keys().all(|code| is_http_status(code));
    let rows = rows.filter(|rows| rows.len() >= MIN_ERRORS && !are_statuses())?;
    let header = vec![String::new(), String::new()];
    Some(RawTable { head: 1, rows: [vec![header], rows].concat(), ..RawTable::default() })
}

/// Reads a list of objects of one shape, whose keys are header words and include the code.
fn read_list(list: &[Value]) -> Option<RawTable> {
    let header: Vec<String> = list.first()?.as_object()?.keys().cloned().collect();
    let roles: Vec<Option<Role>> =
        header.iter().map(|key| Some(headers::lookup_role(&key.replace('_', " "))?.0)).collect();
    let code = roles.iter().position(|role| *role == Some(Role::Code))?;
    let row = |item: &Value| {
        let item = item.as_object()?;
        let cell = |key: &String| match item.get(key)? {
            Value::String(text) => Some(tidy(text)),
            Value::Number(number) => Some(number.to_string()),
            Value::Null => Some(String::new()),
            _ => None,
        };
        let row: Option<Vec<String>> = header.iter().map(cell).collect();
        row.filter(|row| item.len() == header.len() && is_code(&row[code]))
    };
    let rows: Option<Vec<Vec<String>>> = list.iter().map(row).collect();
    let rows = rows.filter(|rows| rows.len() >= MIN_ERRORS && roles.iter().flatten().count() > 1)?;
    let header = header.iter().map(|key| key.replace('_', " ")).collect();
    Some(RawTable { head: 1, rows: [vec![header], rows].concat(), ..RawTable::default() })
}

#[cfg(test)]
mod tests {
    use super::read_sample;

    #[test]
    fn reads_samples_that_list_errors() {
        let map = r#"{"Lamp.0001": "It is dark.", "Lamp.0002": "灯太热", "1003": "No such lamp."}"#;
        let rows = [["", ""], ["Lamp.0001", "It is dark."], ["Lamp.0002", "灯太热"], ["1003", "No such lamp."]];
        assert_eq!(read_sample(map).unwrap().0.rows, rows);
        let list = r#"[{"code": 1, "message": "a"}, {"code": 2, "message": "b"}, {"code": 3, "message": "c"}]"#;
        assert_eq!(read_sample(list).unwrap().0.rows, [["code", "message"], ["1", "a"], ["2", "b"], ["3", "c"]]);
    }

    #[test]
    fn rejects_other_samples() {
        for sample in [
            r#"{"error_code": "Lamp.0001", "error_msg": "It is dark.", "request_id": "a b"}"#,
            r#"{"RequestId": "1 2", "ErrorCode": "Lamp.1", "HostId": "a b"}"#,
            r#"{"LampId1": "a-1", "LampId2": "a-2", "LampId3": "a-3"}"#,
            r#"{"A.1": "one text", "A.2": "two texts"}"#,
            r#"[{"id": 1}, {"id": 2}, {"id": 3}]"#,
            r#"{"A.1": {"b": 1}, "A.2": 1, "A.3": 2}"#,
            "{ cut",
            "",
            "[]",
        ] {
            assert!(read_sample(sample).is_none(), "{sample}");
        }
    }
}
