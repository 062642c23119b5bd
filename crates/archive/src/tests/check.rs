use std::{
    fs,
    path::{Path, PathBuf},
};

use docdrift_model::{Lang, SourceId};

use super::{INDEX, add, add_zh, id, object_path, page};
use crate::{check::ArchiveProblem, contents::Contents, index::Index, objects::read_page};

/// Formats each problem as `damage kind path lines`.
fn problems(folder: &Path) -> Vec<String> {
    let mut index = Index::default();
    let result = Contents::open(folder, &mut index).unwrap().check().unwrap();
    let shown = |problem: &ArchiveProblem| {
        let ArchiveProblem { kind, path, lines, .. } = problem;
        let damage = if kind.is_damage() { "!" } else { "" };
        let path = path.to_str().unwrap().replace('\\', "/");
        let short = path.split('/').map(|part| &part[..part.len().min(12)]).collect::<Vec<_>>().join("/");
        format!("{damage}{} {short} {lines:?}", kind.as_str())
    };
    result.problems.iter().map(shown).collect()
}

fn two_pages(folder: &Path) {
    add_zh(folder, &page("one", 1));
    add_zh(folder, &page("two", 2));
    add_zh(folder, &page("one", 3));
}

#[test]
fn an_intact_archive_has_no_problem() {
    let dir = tempfile::tempdir().unwrap();
    assert!(problems(dir.path()).is_empty(), "an empty archive");
    two_pages(dir.path());
    let mut index = Index::default();
    let result = Contents::open(dir.path(), &mut index).unwrap().check().unwrap();
    assert_eq!((result.visit_count, result.object_count, result.problems), (3, 2, Vec::new()));
}

/// Returns the paths of the objects of `two_pages`. `ONE` and `TWO` are their short forms in the problems.
fn objects(folder: &Path) -> [PathBuf; 2] {
    ["one", "two"].map(|body| object_path(folder, &page(body, 1).digest()).unwrap())
}
const ONE: &str = "objects/76/7692c3ad3540";
const TWO: &str = "objects/3f/3fc4ccfe7458";

#[track_caller]
fn assert_problems(damage: impl FnOnce(&Path), expected: &[&str]) {
    let dir = tempfile::tempdir().unwrap();
    two_pages(dir.path());
    damage(dir.path());
    assert_eq!(problems(dir.path()), expected);
}

#[test]
fn missing_and_damaged_objects_are_found() {
    assert_problems(
        |folder| fs::remove_file(&objects(folder)[0]).unwrap(),
        &[&format!("!missing-object {ONE} [1, 3]")],
    );
    let good = {
        let dir = tempfile::tempdir().unwrap();
        two_pages(dir.path());
        objects(dir.path()).map(|path| fs::read(path).unwrap())
    };
    let [one, two] = &good;
    for (what, bytes) in [
        ("empty", Vec::new()),
        ("only the start", two[..9].to_vec()),
        ("all but the last byte", two[..two.len() - 1].to_vec()),
        ("another page", one.clone()),
        ("twice", [two.as_slice(), two].concat()),
        ("something behind it", [two.as_slice(), b"x"].concat()),
        ("no gzip", b"WARC/1.1\r\n".to_vec()),
    ] {
        println!("{what}");
        assert_problems(
            |folder| fs::write(&objects(folder)[1], bytes).unwrap(),
            &[&format!("!damaged-object {TWO} [2]")],
        );
    }
}

#[test]
fn a_damaged_index_is_found() {
    let edit = |edit: fn(String) -> String| {
        move |folder: &Path| {
            let index = fs::read_to_string(folder.join(INDEX)).unwrap();
            fs::write(folder.join(INDEX), edit(index)).unwrap();
        }
    };
    let [one, two] = [ONE, TWO].map(|path| format!("orphan {path} []"));
    assert_problems(edit(|index| index + "{\"half\":\n"), &["!damaged-line index.jsonl [4]"]);
    assert_problems(edit(|index| index + "\n"), &["!damaged-line index.jsonl [4]"]);
    assert_problems(edit(|index| index + "{\"source\":\"acme/va"), &["torn-line index.jsonl []"]);
    assert_problems(edit(|index| index.replacen("sha256:7", "md5:", 1)), &["!damaged-line index.jsonl [1]"]);
    assert_problems(edit(|index| index.replacen("acme/vault", "../vault", 1)), &["!damaged-line index.jsonl [1]"]);
    assert_problems(edit(|_| String::new()), &["!lost-index index.jsonl []", &two, &one]);
    assert_problems(|folder| fs::remove_file(folder.join(INDEX)).unwrap(), &["!lost-index index.jsonl []", &two, &one]);
    let without_two = |index: String| {
        let lines: Vec<&str> = index.lines().filter(|line| !line.contains("sha256:3f")).collect();
        lines.join("\n") + "\n"
    };
    assert_problems(edit(without_two), &[&two]);
}

#[test]
fn files_of_other_programs_are_stray() {
    assert_problems(|folder| fs::write(folder.join("objects/notes"), "").unwrap(), &["stray objects/notes []"]);
    assert_problems(
        |folder| fs::rename(&objects(folder)[1], folder.join("objects/76/part.tmp")).unwrap(),
        &[&format!("!missing-object {TWO} [2]"), "stray objects/76/part.tmp []"],
    );
}

/// A flipped bit of an object is either found or does not change any page.
#[test]
fn no_flipped_bit_is_trusted() {
    let dir = tempfile::tempdir().unwrap();
    let folder = dir.path();
    two_pages(folder);
    let pages = |folder: &Path| {
        let mut index = Index::default();
        let archive = Contents::open(folder, &mut index).unwrap();
        let visits = archive.visits().good.clone();
        visits.iter().map(|visit| read_page(folder, visit).ok()).collect::<Vec<_>>()
    };
    let good = pages(folder);
    let [_, path] = objects(folder);
    let bytes = fs::read(&path).unwrap();
    for at in 0..bytes.len() {
        for bit in [0, 5] {
            let mut flipped = bytes.clone();
            flipped[at] ^= 1 << bit;
            fs::write(&path, flipped).unwrap();
            let is_found = !problems(folder).is_empty();
            assert!(is_found || pages(folder) == good, "byte {at}, bit {bit}");
        }
    }
}

/// What another process adds or removes in the meantime is seen.
#[test]
fn the_index_is_read_again_when_its_file_changes() {
    let dir = tempfile::tempdir().unwrap();
    let folder = dir.path();
    let other: SourceId = "acme/queue".parse().unwrap();
    let mut index = Index::default();
    let mut count = |folder: &Path| Contents::open(folder, &mut index).unwrap().visits().good.len();
    assert_eq!(count(folder), 0);
    add_zh(folder, &page("one", 1));
    assert_eq!(count(folder), 1);
    add(folder, &other, Lang::En, &page("two", 2)).unwrap();
    assert_eq!(count(folder), 2);
    fs::remove_file(folder.join(INDEX)).unwrap();
    assert_eq!(count(folder), 0);
    assert_eq!(id().to_string(), "acme/vault");
}
