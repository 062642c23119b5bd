use std::fs;

use docdrift_model::{Entry, Field, Publish, Snapshot, entry::Pairing};
use jiff::civil::date;
use proptest::prelude::*;

use super::{
    SnapshotFile,
    folder::{SnapshotRef, parse_file_name},
    list, next, normalized, parse_snapshot, read_last, render, sort_entries,
};
use crate::samples::snapshot;

#[test]
fn the_text_of_a_snapshot() {
    let publish = Publish::only([Field::Message]);
    let text = render(&normalized(snapshot("acme/vault", "2024-05-06", 2), &publish), &publish).unwrap();
    insta::assert_snapshot!(text, @r#"
    {"schema":2,"source":"acme/vault","date":"2024-05-06","reader":7,"pages":{"zh":{"url":"https://docs.test/zh/acme/vault/errors.html","digest":"sha256:9bd072f21c2f03e1c4276c4c2fb9fdeee455ffb5689e2f4e336933cc42cad25e","format":"html","lang":"zh","updated_on":"2024-01-02"},"en":{"url":"https://docs.test/en/acme/vault/errors.html","digest":"sha256:b2f3eb373387bd95894fd1dac2778e09cd626c9aadec4fdcdab113a77fa7af2b","format":"html","lang":"en","updated_on":null}},"publish":["message"],"entries":2,"digest":"sha256:0fad29c52c5a9189d9c953743de56aedae17a40198a277ab02b08dbee876383a"}
    {"id":"acme/vault:2","table":"","http_status":"404/500","code":"002","message":{"zh":"密钥 {0}\n不存在。","en":"No key {0}."},"description":{"zh":"sha256:efec70f679aa9f247c4c667b23b1496883c1f3ec8ddabb388cb7b10aa413087a","en":"sha256:188299bd9084b36ea1263b1a17d262fd28b98235a0dd8863413b72691409f98e"},"extra":{"zh":{"备注":"sha256:59f402a0eaa781d17d9cbf6996f2a1110630a0c770205e7b6d52abf86d59e3a7"},"en":{}},"pairing":{"method":"code","score":0.667}}
    {"id":"acme/vault:1","table":"Codes, \"general\"","http_status":"404/500","code":"001","message":{"zh":"密钥 {0}\n不存在。","en":"No key {0}."},"description":{"zh":"sha256:efec70f679aa9f247c4c667b23b1496883c1f3ec8ddabb388cb7b10aa413087a","en":"sha256:188299bd9084b36ea1263b1a17d262fd28b98235a0dd8863413b72691409f98e"},"extra":{"zh":{"备注":"sha256:59f402a0eaa781d17d9cbf6996f2a1110630a0c770205e7b6d52abf86d59e3a7"},"en":{}},"pairing":{"method":"code","score":0.667}}
    "#);
}

/// A file without digest, and the same snapshot as it is written now.
#[test]
fn older_schemas_are_read() {
    let old = include_str!("schema-1.jsonl");
    let snapshot = parse_snapshot("x.jsonl", old).unwrap();
    let codes: Vec<&str> = snapshot.entries.iter().map(|entry| entry.code.as_str()).collect();
    assert_eq!((codes, snapshot.entries[0].first_seen), (vec!["Vault.2", "Vault.10"], None));
    let publish = Publish::only([Field::Message]);
    let now = render(&normalized(snapshot.clone(), &publish), &publish).unwrap();
    assert_eq!(parse_snapshot("x.jsonl", &now).unwrap(), snapshot);
    assert!(now.starts_with("{\"schema\":2,"));
    let (sealed, _) = now.split_once('\n').unwrap();
    let (unsealed, _) = sealed
        .replacen("\"schema\":2", "\"schema\":1", 1)
        .rsplit_once(",\"digest\"")
        .map(|(a, b)| (a.to_owned(), b.len()))
        .unwrap();
    assert!(old.starts_with(&unsealed), "only schema and digest differ");
}

/// Any change of a file makes reading it an error.
#[test]
fn every_edit_is_noticed() {
    let text = render(&snapshot("acme/vault", "2024-05-06", 2), &Publish::all()).unwrap();
    for at in 0..text.len() {
        let mut bytes = text.clone().into_bytes();
        bytes[at] ^= 1;
        if let Ok(edited) = String::from_utf8(bytes) {
            assert!(parse_snapshot("x.jsonl", &edited).is_err(), "{at}: {}", &edited[at.saturating_sub(20)..=at]);
        }
    }
    let advice = parse_snapshot("x.jsonl", &text.replacen("No key", "No door", 1)).unwrap_err().to_string();
    assert_eq!(
        advice,
        "x.jsonl is not what its digest tells of: it was edited or damaged after it was written, restore it from git"
    );
}

#[test]
fn sorted_by_table_code_status_and_id() {
    let entry = |table: &str, code: &str, status: &str, id: &str| Entry {
        table: table.into(),
        code: code.into(),
        status: status.into(),
        id: id.into(),
        ..Entry::default()
    };
    let sorted = [
        entry("A", "X.2", "400", "q"),
        entry("A", "X.10", "400", "b"),
        entry("A", "X.10", "400", "c"),
        entry("A", "X.10", "404", "a"),
        entry("B", "X.1", "", "d"),
    ];
    let mut entries = sorted.clone();
    entries.reverse();
    sort_entries(&mut entries);
    assert_eq!(entries, sorted);
}

#[test]
fn every_cut_is_noticed() {
    let text = render(&snapshot("acme/vault", "2024-05-06", 3), &Publish::all()).unwrap();
    for cut in (0..text.len()).filter(|at| text.is_char_boundary(*at)) {
        assert!(parse_snapshot("x.jsonl", &text[..cut]).is_err(), "{cut}");
    }
    assert!(parse_snapshot("x.jsonl", &format!("{text}{text}")).is_err());
}

#[test]
fn errors_name_file_and_line() {
    let text = render(&snapshot("acme/vault", "2024-05-06", 3), &Publish::all()).unwrap();
    let lines: Vec<&str> = text.lines().collect();
    for (bad, expected) in [
        (String::new(), "x.jsonl is empty"),
        ("nonsense\n".into(), "x.jsonl:1 is no header line"),
        (text.replacen("\"schema\":2", "\"schema\":3", 1), "schema 3, this docdrift reads up to 2"),
        (text.replacen("\"schema\":2", "\"schema\":0", 1), "there is no schema 0"),
        (
            text.replacen("2024-05-06", "2024-13-06", 1),
            "x.jsonl:1 is no header line of a snapshot: `2024-13-06` is no date YYYY-MM-DD",
        ),
        (text.replacen("acme/vault", "../vault", 1), "x.jsonl:1 is no header line"),
        (format!("{}\n{}\n{{}}\n{}\n", lines[0], lines[1], lines[3]), "x.jsonl:3 is no entry"),
        (format!("{}\n{}\n{}\n", lines[0], lines[1], lines[2]), "x.jsonl:3: the file ends after 2 of 3 entries"),
    ] {
        let error = format!("{:#}", parse_snapshot("x.jsonl", &bad).unwrap_err());
        assert!(error.contains(expected), "{error}");
    }
}

#[test]
fn invalid_dates_of_an_entry_are_refused() {
    let mut dated = snapshot("acme/vault", "2024-05-07", 2);
    dated.entries[1].last_changed = Some(date(2024, 5, 6));
    let text = render(&dated, &Publish::all()).unwrap();
    assert!(parse_snapshot("x.jsonl", &text).is_ok());
    for bad in ["2024-5-6", "=1+1", "2024-05-06T07:08"] {
        let error = parse_snapshot("x.jsonl", &text.replace("2024-05-06", bad)).unwrap_err();
        let expected = format!("x.jsonl:3 is no entry: `{bad}` is no date YYYY-MM-DD at line 1 column ");
        assert!(format!("{error:#}").starts_with(&expected), "{error:#}");
    }
}

#[test]
fn invalid_dates_of_a_page_are_refused() {
    let text = render(&snapshot("acme/vault", "2024-05-07", 2), &Publish::all()).unwrap();
    let error = parse_snapshot("x.jsonl", &text.replace("2024-01-02", "2024-02-30")).unwrap_err();
    let expected = "x.jsonl:1 is no header line of a snapshot: `2024-02-30` is no date YYYY-MM-DD";
    assert!(format!("{error:#}").starts_with(expected), "{error:#}");
}

#[test]
fn id_and_code_are_found_without_parsing_where_unescaped() {
    for (line, id, code) in [
        (r#"{"id":"e1","table":"a:b","http_status":"","code":"X.1","pairing":{}}"#, Some("e1"), Some("X.1")),
        (r#"{"id":"","table":"","http_status":"","code":"","pairing":{}}"#, Some(""), Some("")),
        (r#"{"id":"e1","table":"\"code\":\"Y\"","code":"X.1"}"#, Some("e1"), Some("X.1")),
        (r#"{"id":"e\"1","code":"X\n1"}"#, None, None),
        (r#"{"id":"e\\","code":"\\"}"#, None, None),
        (r#"{"id":"e1","printed":{"zh":{"code":"Y"}},"code":"X.1"}"#, Some("e1"), None),
        (r#"{"code":"X.1","id":"e1"}"#, None, Some("X.1")),
        (r#"{ "id": "e1", "code": "X.1" }"#, None, None),
        ("{\"id\":\"e1", None, None),
        ("", None, None),
    ] {
        let text = format!("{}{line}\n", render(&snapshot("acme/vault", "2024-05-06", 1), &Publish::all()).unwrap());
        let text = text.replacen("\"entries\":1", "\"entries\":2", 1);
        let file = SnapshotFile::parse("x.jsonl", &text).unwrap();
        let last = file.lines().last().unwrap();
        assert_eq!((last.id(), last.code()), (id, code), "{line}");
    }
}

#[test]
fn file_names() {
    for (name, number) in [
        ("2024-05-06.jsonl", Some(1)),
        ("2024-05-06.2.jsonl", Some(2)),
        ("2024-05-06.10.jsonl", Some(10)),
        ("2024-05-06.1.jsonl", None),
        ("2024-05-06.02.jsonl", None),
        ("2024-05-32.jsonl", None),
        ("20240506.jsonl", None),
        ("2024-05-06.jsonl~", None),
        ("notes.jsonl", None),
    ] {
        assert_eq!(parse_file_name(name), number.map(|number| (date(2024, 5, 6), number)), "{name}");
    }
}

#[test]
fn the_last_file_is_the_newest() {
    let dir = tempfile::tempdir().unwrap();
    let id = "acme/vault".parse().unwrap();
    assert!(read_last(dir.path(), &id).unwrap().is_none());
    let folder = dir.path().join("snapshots/acme/vault");
    fs::create_dir_all(&folder).unwrap();
    for (name, size) in [("2024-05-06.10", 3), ("2024-05-06.2", 2), ("2024-05-06", 1), ("2023-12-31", 4)] {
        let text = render(&snapshot("acme/vault", &name[..10], size), &Publish::all()).unwrap();
        fs::write(folder.join(format!("{name}.jsonl")), text).unwrap();
    }
    fs::write(folder.join("readme.txt"), "ignored").unwrap();
    assert_eq!(list(dir.path(), &id).unwrap().len(), 4);
    assert_eq!(read_last(dir.path(), &id).unwrap().unwrap().entries.len(), 3);
    let other = "acme/other".parse().unwrap();
    fs::rename(&folder, dir.path().join("snapshots/acme/other")).unwrap();
    assert!(read_last(dir.path(), &other).unwrap_err().to_string().contains("holds a snapshot of acme/vault"));
}

#[test]
fn the_next_snapshot_is_never_before_the_last() {
    let dir = tempfile::tempdir().unwrap();
    let day = |text: &str| text.parse().unwrap();
    for (taken, last, expected) in [
        ("2024-05-06", None, ("2024-05-06", 1, "2024-05-06.jsonl")),
        ("2024-05-06", Some(("2024-05-05", 3)), ("2024-05-06", 1, "2024-05-06.jsonl")),
        ("2024-05-06", Some(("2024-05-06", 1)), ("2024-05-06", 2, "2024-05-06.2.jsonl")),
        ("2024-05-06", Some(("2024-05-06", 9)), ("2024-05-06", 10, "2024-05-06.10.jsonl")),
        ("2024-05-06", Some(("2024-06-01", 1)), ("2024-06-01", 2, "2024-06-01.2.jsonl")),
    ] {
        let mut new = snapshot("acme/vault", taken, 1);
        let last = last.map(|(text, number)| SnapshotRef::new(dir.path(), &new.source, day(text), number));
        let place = next(dir.path(), &mut new, last.as_ref()).unwrap();
        let name = place.path.strip_prefix("snapshots/acme/vault").unwrap();
        assert_eq!((&*place.date.to_string(), place.number, name.to_str().unwrap()), expected);
        assert_eq!(new.date, place.date);
    }
    let mut new = snapshot("acme/vault", "2024-05-06", 1);
    let end = SnapshotRef::new(dir.path(), &new.source, date(2024, 5, 6), u32::MAX);
    assert!(next(dir.path(), &mut new, Some(&end)).unwrap_err().to_string().contains("is the last of its day"));
}

proptest! {
    #[test]
    fn matching_lines_are_those_whose_text_matches(texts in prop::collection::vec("[ab\\PC]{0,6}", 0..8), wanted in "[abAB]{0,2}") {
        let entries = texts.into_iter().map(|code| Entry { code, ..Entry::default() });
        let new = Snapshot { entries: entries.collect(), ..snapshot("acme/vault", "2024-05-06", 0) };
        let text = render(&new, &Publish::all()).unwrap();
        let file = SnapshotFile::parse("x.jsonl", &text).unwrap();
        let pattern = regex::Regex::new(&wanted).unwrap();
        let found: Vec<_> = file.matching_lines(&pattern).collect();
        let expected: Vec<_> = file.lines().filter(|line| pattern.is_match(&serde_json::to_string(&file.parse_entry(*line).unwrap()).unwrap())).collect();
        prop_assert_eq!(found, expected);
        let read: Vec<Entry> = file.lines().map(|line| file.parse_entry(line).unwrap()).collect();
        prop_assert_eq!(read, new.entries);
    }

    #[test]
    fn a_written_snapshot_reads_back(
        codes in prop::collection::vec("\\PC{0,12}", 0..8),
        text: String,
        score: f64,
        fields in prop::sample::subsequence(Field::ALL.to_vec(), 0..=5),
    ) {
        let entries = codes.into_iter().map(|code| Entry {
            code,
            message: docdrift_model::Bilingual { zh: text.clone(), en: text.clone() },
            pairing: Pairing { method: "code".into(), score },
            ..Entry::default()
        });
        let publish = Publish::only(fields);
        let new = Snapshot { entries: entries.collect(), ..snapshot("acme/vault", "2024-05-06", 0) };
        let normalized_once = normalized(new, &publish);
        let text = render(&normalized_once, &publish).unwrap();
        let back = parse_snapshot("x.jsonl", &text).unwrap();
        prop_assert_eq!(&back, &normalized_once);
        prop_assert_eq!(render(&normalized(back, &publish), &publish).unwrap(), text);
    }
}
