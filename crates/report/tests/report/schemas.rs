//! The published schemas describe what is written: every key of it, and nothing else passes.

use docdrift_report::{drift_json, history_json, json};
use jsonschema::{Registry, Validator};
use serde_json::{Value, json as value};

use crate::{
    history::lives,
    sample::{run, sample},
};

const DRIFT: &str = include_str!("../../../../docs/schemas/drift.schema.json");
const REPORT: &str = include_str!("../../../../docs/schemas/report.schema.json");
const HISTORY: &str = include_str!("../../../../docs/schemas/history.schema.json");

fn parsed(schema: &str) -> Value {
    serde_json::from_str(schema).expect("JSON")
}

fn validator(schema: &Value, drift: &Value) -> Validator {
    let registry = Registry::new().add("json-schema:///drift.schema.json", drift.clone()).expect("a name");
    let registry = registry.prepare().expect("a schema");
    jsonschema::options().with_registry(&registry).build(schema).expect("a schema")
}

/// The schema with no key let through that it does not describe.
fn strict(schema: &Value) -> Value {
    match schema {
        Value::Array(items) => items.iter().map(strict).collect(),
        Value::Object(keys) => {
            let mut keys: serde_json::Map<_, _> =
                keys.iter().map(|(key, value)| (key.clone(), strict(value))).collect();
            if schema["type"] == "object" && schema["properties"].is_object() {
                keys.insert("additionalProperties".into(), value!(false));
            }
            Value::Object(keys)
        }
        other => other.clone(),
    }
}

fn answers() -> [(&'static str, Value, Value); 3] {
    [
        ("drift", parsed(DRIFT), drift_json(&sample())),
        ("report", parsed(REPORT), json(&run())),
        ("history", parsed(HISTORY), history_json(&lives())),
    ]
}

#[test]
fn answers_keep_to_the_schemas_and_every_key_is_described() {
    for (name, schema, answer) in answers() {
        let errors = |schema: &Value, drift: &Value| {
            let validator = validator(schema, drift);
            validator
                .iter_errors(&answer)
                .map(|error| format!("{}: {error}", error.instance_path()))
                .collect::<Vec<_>>()
        };
        assert_eq!(errors(&schema, &parsed(DRIFT)), Vec::<String>::new(), "{name}");
        assert_eq!(errors(&strict(&schema), &strict(&parsed(DRIFT))), Vec::<String>::new(), "{name}, strictly");
    }
}

#[test]
fn whatever_is_described_is_said_in_words() {
    fn check(schema: &Value, path: &str) {
        let properties = schema["properties"].as_object().into_iter().flatten();
        for (key, property) in properties {
            assert!(property["description"].is_string(), "{path}/{key} has no description");
        }
        match schema {
            Value::Object(keys) => keys.iter().for_each(|(key, value)| check(value, &format!("{path}/{key}"))),
            Value::Array(items) => items.iter().for_each(|item| check(item, path)),
            _ => {}
        }
    }
    for (name, schema, _) in answers() {
        jsonschema::meta::validate(&schema).unwrap();
        check(&schema, name);
    }
}

#[test]
fn wrong_documents_fail() {
    let spoil: [(&str, &str, Value); 13] = [
        ("drift", "/severity", value!("terrible")),
        ("drift", "/removed", Value::Null),
        ("drift", "/changed/0/edits/0/lang", value!("fr")),
        ("drift", "/severities", value!({"colour": "none"})),
        ("report", "/schema", value!(2)),
        ("report", "/sources/0/outcome", value!("fine")),
        ("report", "/sources/2/drift/added/0/code", value!(400)),
        ("report", "/sources/2/evidence/pages/en/new/digest", value!("sha256:0")),
        ("report", "/sources/2/reader", value!([])),
        ("report", "/sources/2/reader/from", value!("1")),
        ("report", "/sources/2/reader/drift/added/0/code", value!(400)),
        ("report", "/sources/2/reader/drift/severity", Value::Null),
        ("history", "/lives/0/events/0/event", value!("born")),
    ];
    let answers = answers();
    for (name, pointer, wrong) in spoil {
        let (_, schema, answer) = answers.iter().find(|(answer, ..)| *answer == name).unwrap();
        let mut answer = answer.clone();
        *answer.pointer_mut(pointer).unwrap() = wrong;
        assert!(!validator(schema, &parsed(DRIFT)).is_valid(&answer), "{name} {pointer}");
    }
    for (name, schema, answer) in &answers {
        for key in schema["required"].as_array().unwrap() {
            let mut answer = answer.clone();
            answer.as_object_mut().unwrap().remove(key.as_str().unwrap());
            assert!(!validator(schema, &parsed(DRIFT)).is_valid(&answer), "{name} without {key}");
        }
    }
}
