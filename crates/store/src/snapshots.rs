//! The history of a source: `snapshots/<vendor>/<service>/<date>.jsonl`, a second change of the same day
//! `<date>.2.jsonl`. The first line tells what the file is and how many entries follow, one a line.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail, ensure};
use docdrift_model::{Accepted, Bilingual, Entry, Field, PageFacts, Publish, Snapshot, SourceId, text::natural_key};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::files;

/// The shape of the files that this version writes; it reads this one and those before.
pub(crate) const SCHEMA: u32 = 1;

/// The first line of a snapshot file.
#[derive(Serialize, Deserialize)]
struct Header {
    schema: u32,
    source: SourceId,
    date: String,
    reader: u32,
    pages: Bilingual<Option<PageFacts>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    publish: Option<Vec<Field>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    accepted: Option<Accepted>,
    entries: usize,
}

/// What even a file of a newer version tells.
#[derive(Deserialize)]
struct SchemaOnly {
    schema: u32,
}

/// Refuses what a newer docdrift wrote.
pub(crate) fn check_schema(json: &str) -> Result<()> {
    let SchemaOnly { schema } = serde_json::from_str(json).context("it tells no `schema`")?;
    ensure!(schema <= SCHEMA, "it has schema {schema}, this docdrift reads up to {SCHEMA}: update docdrift");
    Ok(())
}

/// Sorts entries as snapshots and the dataset hold them: by table, then code and status in natural order, then id.
pub fn sort_entries(entries: &mut [Entry]) {
    entries.sort_by_cached_key(|entry| {
        let Entry { table, code, status, id, .. } = entry;
        (table.clone(), natural_key(code), code.clone(), natural_key(status), status.clone(), id.clone())
    });
}

/// The snapshot as files hold it.
pub(crate) fn settled(mut snapshot: Snapshot, publish: &Publish) -> Snapshot {
    snapshot.entries = settled_entries(snapshot.entries, publish);
    snapshot
}

/// Entries as files hold them: sorted, scores rounded, texts that are not published as digests. Doing it again changes
/// nothing.
pub(crate) fn settled_entries(entries: Vec<Entry>, publish: &Publish) -> Vec<Entry> {
    let mut entries: Vec<Entry> = entries.into_iter().map(|entry| entry.published(publish)).collect();
    for entry in &mut entries {
        entry.pairing.score = rounded(entry.pairing.score);
    }
    sort_entries(&mut entries);
    entries
}

/// To three decimals, which reading and writing again leaves as they are.
fn rounded(score: f64) -> f64 {
    if score.is_finite() { (score.clamp(0.0, 1.0) * 1000.0).round() / 1000.0 } else { 0.0 }
}

/// The text of a snapshot file.
pub(crate) fn render(snapshot: &Snapshot, publish: &Publish) -> Result<String> {
    let header = Header {
        schema: SCHEMA,
        source: snapshot.source.clone(),
        date: snapshot.date.clone(),
        reader: snapshot.reader,
        pages: snapshot.pages.clone(),
        publish: (*publish != Publish::all()).then(|| publish.fields().collect()),
        accepted: snapshot.accepted.clone(),
        entries: snapshot.entries.len(),
    };
    let mut text = serde_json::to_string(&header)? + "\n";
    for entry in &snapshot.entries {
        text += &serde_json::to_string(entry)?;
        text.push('\n');
    }
    Ok(text)
}

/// Reads the text of a snapshot file; `name` names it in errors.
pub fn parse_snapshot(name: &str, text: &str) -> Result<Snapshot> {
    let mut lines = text.split_terminator('\n').enumerate();
    let Some((_, first)) = lines.next() else { bail!("{name} is empty: a snapshot starts with a header line") };
    let broken = || format!("{name}:1 is no header line of a snapshot");
    check_schema(first).with_context(broken)?;
    let header: Header = serde_json::from_str(first).with_context(broken)?;
    ensure!(is_date(&header.date), "{name}:1: `{}` is no date YYYY-MM-DD", header.date.escape_debug());
    let mut entries = Vec::new();
    for (index, line) in lines {
        let entry: Entry = serde_json::from_str(line).with_context(|| format!("{name}:{} is no entry", index + 1))?;
        entries.push(entry);
    }
    ensure!(
        entries.len() == header.entries && text.ends_with('\n'),
        "{name}:{}: the file ends after {} of {} entries: it was cut or damaged, restore it",
        entries.len() + 1,
        entries.len(),
        header.entries
    );
    let Header { source, date, reader, pages, accepted, .. } = header;
    Ok(Snapshot { source, date, reader, pages, accepted, entries })
}

/// Reads a snapshot file.
pub fn read_snapshot(path: &Path) -> Result<Snapshot> {
    parse_snapshot(&path.display().to_string(), &files::read_text(path)?)
}

pub(crate) fn is_date(text: &str) -> bool {
    text.len() == 10 && text.parse::<Date>().is_ok()
}

/// Date and number, from one, of a snapshot file's name; `None` for other files.
fn file_key(name: &str) -> Option<(&str, u32)> {
    let stem = name.strip_suffix(".jsonl")?;
    let (date, number) = match stem.split_once('.') {
        None => (stem, 1),
        Some((date, number)) => (date, number.parse().ok().filter(|n: &u32| *n > 1 && n.to_string() == number)?),
    };
    is_date(date).then_some((date, number))
}

/// Where the snapshots of a source lie below the root.
pub(crate) fn folder(id: &SourceId) -> PathBuf {
    Path::new("snapshots").join(&id.vendor).join(&id.service)
}

/// The snapshot files of a source, the oldest first.
fn list(root: &Path, id: &SourceId) -> Result<Vec<PathBuf>> {
    let folder = root.join(folder(id));
    let names = files::list(&folder)?;
    let mut keyed: Vec<_> = names.iter().filter_map(|name| Some((file_key(name)?, name))).collect();
    keyed.sort();
    Ok(keyed.into_iter().map(|(_, name)| folder.join(name)).collect())
}

/// The last snapshot of a source and its file.
pub(crate) fn last(root: &Path, id: &SourceId) -> Result<Option<(PathBuf, Snapshot)>> {
    let Some(path) = list(root, id)?.pop() else { return Ok(None) };
    let snapshot = read_snapshot(&path)?;
    ensure!(snapshot.source == *id, "{} holds a snapshot of {}, not of {id}", path.display(), snapshot.source);
    Ok(Some((path, snapshot)))
}

/// The file, below the root, for a snapshot taken after the one in `last`. Its date is never before the last one's: a
/// clock that went wrong must not put it into the past.
pub(crate) fn next_file(snapshot: &mut Snapshot, last: Option<&Path>) -> Result<PathBuf> {
    let (source, date) = (&snapshot.source, &snapshot.date);
    ensure!(is_date(date), "`{}` is no date YYYY-MM-DD for a snapshot of {source}", date.escape_debug());
    let last = last.and_then(Path::file_name).and_then(|name| file_key(name.to_str()?));
    let name = match last {
        Some((last_date, number)) if *last_date >= **date => {
            last_date.clone_into(&mut snapshot.date);
            format!("{last_date}.{}.jsonl", number + 1)
        }
        _ => format!("{date}.jsonl"),
    };
    Ok(folder(&snapshot.source).join(name))
}

#[cfg(test)]
mod tests {
    use std::{fs, path::Path};

    use docdrift_model::{Entry, Field, Pairing, Publish, Snapshot};
    use proptest::prelude::*;

    use super::{file_key, last, list, next_file, parse_snapshot, render, settled, sort_entries};
    use crate::samples::snapshot;

    #[test]
    fn the_text_of_a_snapshot() {
        let publish = Publish::only([Field::Message]);
        let text = render(&settled(snapshot("acme/vault", "2024-05-06", 2), &publish), &publish).unwrap();
        insta::assert_snapshot!(text, @r#"
        {"schema":1,"source":"acme/vault","date":"2024-05-06","reader":7,"pages":{"zh":{"url":"https://docs.test/zh/acme/vault/errors.html","digest":"sha256:9bd072f21c2f03e1c4276c4c2fb9fdeee455ffb5689e2f4e336933cc42cad25e","format":"html","lang":"zh","updated_on":"2024-01-02"},"en":{"url":"https://docs.test/en/acme/vault/errors.html","digest":"sha256:b2f3eb373387bd95894fd1dac2778e09cd626c9aadec4fdcdab113a77fa7af2b","format":"html","lang":"en","updated_on":null}},"publish":["message"],"entries":2}
        {"id":"acme/vault:2","table":"","http_status":"404/500","code":"002","message":{"zh":"密钥 {0}\n不存在。","en":"No key {0}."},"description":{"zh":"sha256:efec70f679aa9f247c4c667b23b1496883c1f3ec8ddabb388cb7b10aa413087a","en":"sha256:188299bd9084b36ea1263b1a17d262fd28b98235a0dd8863413b72691409f98e"},"extra":{"zh":{"备注":"sha256:59f402a0eaa781d17d9cbf6996f2a1110630a0c770205e7b6d52abf86d59e3a7"},"en":{}},"pairing":{"method":"code","score":0.667}}
        {"id":"acme/vault:1","table":"Codes, \"general\"","http_status":"404/500","code":"001","message":{"zh":"密钥 {0}\n不存在。","en":"No key {0}."},"description":{"zh":"sha256:efec70f679aa9f247c4c667b23b1496883c1f3ec8ddabb388cb7b10aa413087a","en":"sha256:188299bd9084b36ea1263b1a17d262fd28b98235a0dd8863413b72691409f98e"},"extra":{"zh":{"备注":"sha256:59f402a0eaa781d17d9cbf6996f2a1110630a0c770205e7b6d52abf86d59e3a7"},"en":{}},"pairing":{"method":"code","score":0.667}}
        "#);
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
            (text.replacen("\"schema\":1", "\"schema\":2", 1), "schema 2, this docdrift reads up to 1"),
            (text.replacen("2024-05-06", "2024-13-06", 1), "x.jsonl:1: `2024-13-06` is no date"),
            (text.replacen("acme/vault", "../vault", 1), "x.jsonl:1 is no header line"),
            (format!("{}\n{}\n{{}}\n{}\n", lines[0], lines[1], lines[3]), "x.jsonl:3 is no entry"),
            (format!("{}\n{}\n{}\n", lines[0], lines[1], lines[2]), "x.jsonl:3: the file ends after 2 of 3 entries"),
        ] {
            let error = format!("{:#}", parse_snapshot("x.jsonl", &bad).unwrap_err());
            assert!(error.contains(expected), "{error}");
        }
    }

    #[test]
    fn file_names() {
        for (name, key) in [
            ("2024-05-06.jsonl", Some(("2024-05-06", 1))),
            ("2024-05-06.2.jsonl", Some(("2024-05-06", 2))),
            ("2024-05-06.10.jsonl", Some(("2024-05-06", 10))),
            ("2024-05-06.1.jsonl", None),
            ("2024-05-06.02.jsonl", None),
            ("2024-05-32.jsonl", None),
            ("2024-05-06.jsonl~", None),
            ("notes.jsonl", None),
        ] {
            assert_eq!(file_key(name), key, "{name}");
        }
    }

    #[test]
    fn the_last_file_is_the_youngest() {
        let dir = tempfile::tempdir().unwrap();
        let id = "acme/vault".parse().unwrap();
        assert!(last(dir.path(), &id).unwrap().is_none());
        let folder = dir.path().join("snapshots/acme/vault");
        fs::create_dir_all(&folder).unwrap();
        for (name, size) in [("2024-05-06.10", 3), ("2024-05-06.2", 2), ("2024-05-06", 1), ("2023-12-31", 4)] {
            let text = render(&snapshot("acme/vault", &name[..10], size), &Publish::all()).unwrap();
            fs::write(folder.join(format!("{name}.jsonl")), text).unwrap();
        }
        fs::write(folder.join("readme.txt"), "left alone").unwrap();
        assert_eq!(list(dir.path(), &id).unwrap().len(), 4);
        assert_eq!(last(dir.path(), &id).unwrap().unwrap().1.entries.len(), 3);
        let other = "acme/other".parse().unwrap();
        fs::rename(&folder, dir.path().join("snapshots/acme/other")).unwrap();
        assert!(last(dir.path(), &other).unwrap_err().to_string().contains("holds a snapshot of acme/vault"));
    }

    #[test]
    fn the_next_file_never_lies_in_the_past() {
        for (date, last, expected) in [
            ("2024-05-06", None, "2024-05-06.jsonl"),
            ("2024-05-06", Some("2024-05-05.3.jsonl"), "2024-05-06.jsonl"),
            ("2024-05-06", Some("2024-05-06.jsonl"), "2024-05-06.2.jsonl"),
            ("2024-05-06", Some("2024-05-06.9.jsonl"), "2024-05-06.10.jsonl"),
            ("2024-05-06", Some("2024-06-01.jsonl"), "2024-06-01.2.jsonl"),
        ] {
            let mut new = snapshot("acme/vault", date, 1);
            let path = next_file(&mut new, last.map(Path::new)).unwrap();
            assert_eq!(path, Path::new("snapshots/acme/vault").join(expected));
            assert!(expected.starts_with(&new.date));
        }
        assert!(next_file(&mut snapshot("acme/vault", "tomorrow", 1), None).is_err());
    }

    proptest! {
        #[test]
        fn what_is_written_is_read(
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
            let settled_once = settled(new, &publish);
            let text = render(&settled_once, &publish).unwrap();
            let back = parse_snapshot("x.jsonl", &text).unwrap();
            prop_assert_eq!(&back, &settled_once);
            prop_assert_eq!(render(&settled(back, &publish), &publish).unwrap(), text);
        }
    }
}
