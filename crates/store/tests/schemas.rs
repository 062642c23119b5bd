//! The published schemas describe what is written to `snapshots/` and `output/`: every key of it, and nothing else passes.
#![allow(clippy::disallowed_methods, reason = "the other crates leave the file system to this crate")]
#![allow(clippy::unwrap_used, reason = "helpers of tests fail like tests do")]

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

use docdrift_model::{
    Bilingual, Entry, Field, Lang, PageFacts, Publish, Snapshot, Source,
    config::{Config, FetchSettings},
    entry::{Pairing, Printed},
    read_rules::ReadHints,
    severities::Severities,
    snapshot::Accepted,
    source::Fetching,
    table::Format,
    text::digest,
    thresholds::Thresholds,
};
use docdrift_store::Store;
use jiff::civil::date;
use jsonschema::Validator;
use serde_json::{Value, json};

const SNAPSHOT: &str = include_str!("../../../docs/schemas/snapshot.schema.json");
const DATASET: &str = include_str!("../../../docs/schemas/dataset-file.schema.json");

/// One source, of which two fields are published.
fn config() -> Config {
    let both = |zh: &str, en: &str| Bilingual { zh: zh.to_owned(), en: en.to_owned() };
    let source = Source {
        id: "acme/vault".parse().unwrap(),
        names: both("保管库", "Vault"),
        pages: both("https://docs.acme.invalid/zh", "https://docs.acme.invalid/en").map(Some),
        licence: "Written for this test.".into(),
        local: false,
        fetching: Fetching::default(),
        read: ReadHints::default(),
        ignore: Vec::new(),
        severities: Severities::default(),
        guard: Thresholds::default(),
    };
    Config {
        sources: vec![source],
        vendors: Vec::new(),
        publish: Publish::only([Field::Message, Field::Group]),
        fetch: FetchSettings::default(),
        archive: None,
        guard: Thresholds::default(),
    }
}

/// Returns a snapshot with all optional data, and an entry with only the required data.
fn full() -> Snapshot {
    let page = |lang: Lang| PageFacts {
        url: format!("https://docs.acme.invalid/{lang}"),
        digest: digest(lang.as_str().as_bytes()),
        format: Format::Html,
        lang: Some(lang),
        updated_on: Some(date(2024, 1, 2)),
        ends_in_table: Some(true),
        bytes: Some(1234),
    };
    let both = |text: &str| Bilingual { zh: format!("{text}。"), en: text.to_owned() };
    let printed = |code: &str| Printed { status: "400".into(), code: code.into() };
    let pairing = || Pairing { method: "code".into(), score: 0.75 };
    let entry = Entry {
        id: "e0123456789ab".into(),
        table: "Codes".into(),
        status: "400/404".into(),
        code: "Vault.1/Vault.2".into(),
        printed: Some(Box::new(Bilingual { zh: printed("Vault.1"), en: printed("vault.1") })),
        message: both("No key {0}"),
        description: both("There is none"),
        solution: both("Make one"),
        group: both("Keys"),
        extra: Bilingual { zh: BTreeMap::from([("备注".into(), "甲".into())]), en: BTreeMap::new() },
        pairing: pairing(),
        first_seen: Some(date(2024, 5, 6)),
        last_changed: Some(date(2024, 5, 6)),
    };
    let plain = Entry { id: "eba9876543210".into(), code: "Vault.3".into(), pairing: pairing(), ..Entry::default() };
    Snapshot {
        source: "acme/vault".parse().unwrap(),
        date: date(2024, 5, 6),
        reader: 7,
        pages: Bilingual { zh: Some(page(Lang::Zh)), en: Some(page(Lang::En)) },
        accepted: Some(Accepted { reason: "they told us".into(), against: vec!["half is gone".into()] }),
        entries: vec![plain, entry],
    }
}

/// The lines of a snapshot file and the dataset file, as a refresh writes them.
fn written() -> (Vec<Value>, Value) {
    let dir = tempfile::tempdir().unwrap();
    let config = config();
    let store = Store::open(dir.path()).unwrap();
    let mut histories = store.histories(&config).unwrap();
    histories.add(full()).unwrap();
    store.publish(&histories, &config, &BTreeMap::new()).unwrap();
    let read = |path: &str| fs::read_to_string(dir.path().join(path)).unwrap();
    (
        lines(&read("snapshots/acme/vault/2024-05-06.jsonl")),
        serde_json::from_str(&read("output/acme/vault.json")).unwrap(),
    )
}

fn lines(text: &str) -> Vec<Value> {
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn parsed(schema: &str) -> Value {
    serde_json::from_str(schema).unwrap()
}

/// The schema with no key let through that it does not describe.
fn strict(schema: &Value) -> Value {
    match schema {
        Value::Array(items) => items.iter().map(strict).collect(),
        Value::Object(keys) => {
            let mut keys: serde_json::Map<_, _> =
                keys.iter().map(|(key, value)| (key.clone(), strict(value))).collect();
            // Conditions name only what they are about.
            let is_object = [json!("object"), json!(["object", "null"])].contains(&schema["type"]);
            if is_object && schema["properties"].is_object() {
                keys.insert("additionalProperties".into(), json!(false));
            }
            Value::Object(keys)
        }
        other => other.clone(),
    }
}

/// What a schema says of one kind of line.
fn line(schema: &Value, kind: &str) -> Validator {
    let mut schema = schema.clone();
    schema.as_object_mut().unwrap().remove("anyOf");
    schema["$ref"] = format!("#/$defs/{kind}").into();
    jsonschema::validator_for(&schema).unwrap()
}

fn errors(validator: &Validator, document: &Value) -> Vec<String> {
    validator.iter_errors(document).map(|error| format!("{}: {error}", error.instance_path())).collect()
}

/// The errors of a snapshot file's lines.
fn errors_of_lines(schema: &Value, lines: &[Value]) -> Vec<String> {
    let (header, entry) = (line(schema, "header"), line(schema, "entry"));
    let (first, entries) = lines.split_first().unwrap();
    errors(&header, first).into_iter().chain(entries.iter().flat_map(|line| errors(&entry, line))).collect()
}

#[test]
fn what_is_written_keeps_to_the_schemas_and_every_key_is_described() {
    let (snapshot, dataset) = written();
    for of in [parsed, |schema: &str| strict(&parsed(schema))] {
        assert_eq!(errors_of_lines(&of(SNAPSHOT), &snapshot), Vec::<String>::new());
        assert_eq!(errors(&jsonschema::validator_for(&of(DATASET)).unwrap(), &dataset), Vec::<String>::new());
    }
    let any = jsonschema::validator_for(&parsed(SNAPSHOT)).unwrap();
    assert!(snapshot.iter().all(|line| any.is_valid(line)));
}

/// The files below a folder of this repository with that ending.
fn committed(folder: &str, ending: &str) -> Vec<PathBuf> {
    let (mut found, mut folders) = (Vec::new(), vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(folder)]);
    while let Some(folder) = folders.pop() {
        for item in fs::read_dir(folder).unwrap() {
            let path = item.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == ending) {
                found.push(path);
            }
        }
    }
    found
}

#[test]
fn what_this_repository_publishes_keeps_to_the_schemas() {
    let snapshots = committed("snapshots", "jsonl");
    let is_source = |path: &PathBuf| !path.ends_with("datapackage.json");
    let sources: Vec<PathBuf> = committed("output", "json").into_iter().filter(is_source).collect();
    assert!(snapshots.len() >= sources.len() && sources.len() >= 4);
    for path in snapshots {
        let lines = lines(&fs::read_to_string(&path).unwrap());
        assert_eq!(errors_of_lines(&strict(&parsed(SNAPSHOT)), &lines), Vec::<String>::new(), "{}", path.display());
    }
    let validator = jsonschema::validator_for(&strict(&parsed(DATASET))).unwrap();
    for path in sources {
        let file = serde_json::from_str(&fs::read_to_string(&path).unwrap()).unwrap();
        assert_eq!(errors(&validator, &file), Vec::<String>::new(), "{}", path.display());
    }
}

#[test]
fn older_snapshots_keep_to_the_schema() {
    let old = lines(include_str!("../src/snapshots/schema-1.jsonl"));
    assert_eq!(errors_of_lines(&strict(&parsed(SNAPSHOT)), &old), Vec::<String>::new());
}

#[test]
fn wrong_documents_fail() {
    let (snapshot, dataset) = written();
    for (place, wrong) in [
        ("/schema", json!(3)),
        ("/schema", json!(1)),
        ("/digest", json!("sha256:0")),
        ("/source", json!("../vault")),
        ("/date", json!("tomorrow")),
        ("/pages/zh/format", json!("pdf")),
        ("/pages/en/bytes", json!(-1)),
        ("/publish", json!(["everything"])),
        ("/accepted", json!({"reason": "x"})),
        ("/entries", json!("2")),
    ] {
        let mut header = snapshot[0].clone();
        *header.pointer_mut(place).unwrap() = wrong;
        assert!(!line(&parsed(SNAPSHOT), "header").is_valid(&header), "{place}");
    }
    let mut unsealed = snapshot[0].clone();
    unsealed.as_object_mut().unwrap().remove("digest");
    assert!(!line(&parsed(SNAPSHOT), "header").is_valid(&unsealed));
    for (place, wrong) in [
        ("/id", json!("")),
        ("/code", json!(404)),
        ("/message", json!("text")),
        ("/extra/zh/备注", json!(1)),
        ("/pairing/score", json!(1.5)),
        ("/first_seen", json!("=1+1")),
        ("/printed/zh", json!({"code": "x"})),
    ] {
        let mut entry = snapshot[2].clone();
        *entry.pointer_mut(place).unwrap() = wrong.clone();
        assert!(!line(&parsed(SNAPSHOT), "entry").is_valid(&entry), "{place}");
        let mut file = dataset.clone();
        *file.pointer_mut(&format!("/entries/1{place}")).unwrap() = wrong;
        assert!(!jsonschema::validator_for(&parsed(DATASET)).unwrap().is_valid(&file), "{place}");
    }
    for (place, wrong) in [
        ("/schema", json!(2)),
        ("/vendor", json!("..")),
        ("/last_change", json!("| soon |")),
        ("/entries/1/codes", Value::Null),
    ] {
        let mut file = dataset.clone();
        *file.pointer_mut(place).unwrap() = wrong;
        assert!(!jsonschema::validator_for(&parsed(DATASET)).unwrap().is_valid(&file), "{place}");
    }
}

#[test]
fn whatever_is_described_is_said_in_words() {
    fn check(schema: &Value, path: &str) {
        let is_condition = path.ends_with("/if") || path.ends_with("/then") || path.ends_with("/else");
        for (key, property) in schema["properties"].as_object().into_iter().flatten().filter(|_| !is_condition) {
            assert!(property["description"].is_string(), "{path}/{key} has no description");
        }
        match schema {
            Value::Object(keys) => keys.iter().for_each(|(key, value)| check(value, &format!("{path}/{key}"))),
            Value::Array(items) => items.iter().for_each(|item| check(item, path)),
            _ => {}
        }
    }
    for schema in [SNAPSHOT, DATASET].map(parsed) {
        jsonschema::meta::validate(&schema).unwrap();
        check(&schema, schema["title"].as_str().unwrap());
    }
}
