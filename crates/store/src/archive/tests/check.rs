use std::{
    fs,
    path::{Path, PathBuf},
};

use docdrift_model::{Lang, SourceId};

use super::{
    super::{Archive, ArchiveProblem, Index, page_at},
    INDEX, id, keep, keep_zh, object_path, page,
};

/// What is wrong, as `damage kind path lines`.
fn problems(folder: &Path) -> Vec<String> {
    let mut index = Index::default();
    let state = Archive::new(folder, &mut index).unwrap().check().unwrap();
    let shown = |problem: &ArchiveProblem| {
        let ArchiveProblem { kind, path, lines, .. } = problem;
        let damage = if kind.is_damage() { "!" } else { "" };
        let path = path.to_str().unwrap().replace('\\', "/");
        let short = path.split('/').map(|part| &part[..part.len().min(12)]).collect::<Vec<_>>().join("/");
        format!("{damage}{} {short} {lines:?}", kind.as_str())
    };
    state.problems.iter().map(shown).collect()
}

fn two_pages(folder: &Path) {
    keep_zh(folder, &page("one", 1));
    keep_zh(folder, &page("two", 2));
    keep_zh(folder, &page("one", 3));
}

#[test]
fn a_sound_archive_has_no_problem() {
    let dir = tempfile::tempdir().unwrap();
    assert!(problems(dir.path()).is_empty(), "none at all");
    two_pages(dir.path());
    let mut index = Index::default();
    let state = Archive::new(dir.path(), &mut index).unwrap().check().unwrap();
    assert_eq!((state.visits, state.objects, state.problems), (3, 2, Vec::new()));
}

/// Where the objects of `two_pages` lie, and how their names begin in what is told.
fn objects(folder: &Path) -> [PathBuf; 2] {
    ["one", "two"].map(|body| object_path(folder, &page(body, 1).digest()).unwrap())
}
const ONE: &str = "objects/76/7692c3ad3540";
const TWO: &str = "objects/3f/3fc4ccfe7458";

#[track_caller]
fn told_after(damage: impl FnOnce(&Path), expected: &[&str]) {
    let dir = tempfile::tempdir().unwrap();
    two_pages(dir.path());
    damage(dir.path());
    assert_eq!(problems(dir.path()), expected);
}

#[test]
fn damaged_objects() {
    told_after(|folder| fs::remove_file(&objects(folder)[0]).unwrap(), &[&format!("!missing-object {ONE} [1, 3]")]);
    let good = {
        let dir = tempfile::tempdir().unwrap();
        two_pages(dir.path());
        objects(dir.path()).map(|path| fs::read(path).unwrap())
    };
    let [one, two] = &good;
    for (what, bytes) in [
        ("empty", Vec::new()),
        ("the start", two[..9].to_vec()),
        ("all but the last byte", two[..two.len() - 1].to_vec()),
        ("another page", one.clone()),
        ("twice", [two.as_slice(), two].concat()),
        ("something behind it", [two.as_slice(), b"x"].concat()),
        ("no gzip", b"WARC/1.1\r\n".to_vec()),
    ] {
        println!("{what}");
        told_after(|folder| fs::write(&objects(folder)[1], bytes).unwrap(), &[&format!("!damaged-object {TWO} [2]")]);
    }
}

#[test]
fn a_damaged_index() {
    let edit = |edit: fn(String) -> String| {
        move |folder: &Path| {
            let index = fs::read_to_string(folder.join(INDEX)).unwrap();
            fs::write(folder.join(INDEX), edit(index)).unwrap();
        }
    };
    let [one, two] = [ONE, TWO].map(|path| format!("orphan {path} []"));
    told_after(edit(|index| index + "{\"half\":\n"), &["!damaged-line index.jsonl [4]"]);
    told_after(edit(|index| index + "\n"), &["!damaged-line index.jsonl [4]"]);
    told_after(edit(|index| index + "{\"source\":\"acme/va"), &["torn-line index.jsonl []"]);
    told_after(edit(|index| index.replacen("sha256:7", "md5:", 1)), &["!damaged-line index.jsonl [1]"]);
    told_after(edit(|index| index.replacen("acme/vault", "../vault", 1)), &["!damaged-line index.jsonl [1]"]);
    told_after(edit(|_| String::new()), &["!lost-index index.jsonl []", &two, &one]);
    told_after(|folder| fs::remove_file(folder.join(INDEX)).unwrap(), &["!lost-index index.jsonl []", &two, &one]);
    let without_two = |index: String| {
        let lines: Vec<&str> = index.lines().filter(|line| !line.contains("sha256:3f")).collect();
        lines.join("\n") + "\n"
    };
    told_after(edit(without_two), &[&two]);
}

#[test]
fn what_is_not_the_archives() {
    told_after(|folder| fs::write(folder.join("objects/notes"), "").unwrap(), &["stray objects/notes []"]);
    told_after(
        |folder| fs::rename(&objects(folder)[1], folder.join("objects/76/part.tmp")).unwrap(),
        &[&format!("!missing-object {TWO} [2]"), "stray objects/76/part.tmp []"],
    );
}

/// Whatever bit of the archive's files is flipped, it is told, or it changes nothing of what is read.
#[test]
fn no_flipped_bit_is_trusted() {
    let dir = tempfile::tempdir().unwrap();
    let folder = dir.path();
    two_pages(folder);
    let pages = |folder: &Path| {
        let mut index = Index::default();
        let archive = Archive::new(folder, &mut index).unwrap();
        let visits = archive.visits().good.clone();
        visits.iter().map(|visit| page_at(folder, visit).ok()).collect::<Vec<_>>()
    };
    let good = pages(folder);
    let [_, path] = objects(folder);
    let bytes = fs::read(&path).unwrap();
    for at in 0..bytes.len() {
        for bit in [0, 5] {
            let mut flipped = bytes.clone();
            flipped[at] ^= 1 << bit;
            fs::write(&path, flipped).unwrap();
            let told = !problems(folder).is_empty();
            assert!(told || pages(folder) == good, "byte {at}, bit {bit}");
        }
    }
}

/// What another process adds meanwhile is seen, and what it removes.
#[test]
fn what_is_known_of_the_index_follows_the_file() {
    let dir = tempfile::tempdir().unwrap();
    let folder = dir.path();
    let other: SourceId = "acme/queue".parse().unwrap();
    let mut index = Index::default();
    let mut count = |folder: &Path| Archive::new(folder, &mut index).unwrap().visits().good.len();
    assert_eq!(count(folder), 0);
    keep_zh(folder, &page("one", 1));
    assert_eq!(count(folder), 1);
    keep(folder, &other, Lang::En, &page("two", 2)).unwrap();
    assert_eq!(count(folder), 2);
    fs::remove_file(folder.join(INDEX)).unwrap();
    assert_eq!(count(folder), 0);
    assert_eq!(id().to_string(), "acme/vault");
}
