use std::{
    collections::BTreeMap,
    fs,
    io::{BufRead as _, BufReader},
    path::{Path, PathBuf},
    process::{Command, Stdio},
    time::{Duration, SystemTime},
};

use docdrift_files::{Result, StorageError, StorageErrorKind, list_folder};
use docdrift_model::{Field, Publish, Snapshot, config::Config, drift::PendingRemovals};
use jiff::civil::date;
use tempfile::TempDir;

use super::Store;
use crate::{
    dataset::read_dataset,
    history::{Histories, SnapshotSlot},
    journal::recover,
    publish::Published,
    samples::{config, snapshot},
    snapshots::read_snapshot,
    state::{CacheEntry, RefreshFailure},
};

/// Reads all files below `root` except those of `.docdrift/`, by path.
fn files(root: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut all = BTreeMap::new();
    let mut folders = vec![root.to_path_buf()];
    while let Some(folder) = folders.pop() {
        for item in fs::read_dir(folder).unwrap() {
            let path = item.unwrap().path();
            match path.strip_prefix(root).unwrap() {
                private if private == Path::new(".docdrift") => {}
                link if path.is_symlink() => drop(all.insert(link.to_path_buf(), b"a link".to_vec())),
                _ if path.is_dir() => folders.push(path),
                relative => drop(all.insert(relative.to_path_buf(), fs::read(&path).unwrap())),
            }
        }
    }
    all
}

/// Returns the histories on disk with new snapshots added.
fn with_new(store: &Store, new: &[Snapshot], config: &Config) -> Result<Histories> {
    let mut histories = store.histories(config)?;
    new.iter().try_for_each(|snapshot| histories.add(snapshot.clone()))?;
    Ok(histories)
}

type Feeds = BTreeMap<PathBuf, Vec<u8>>;

/// Publishes the snapshots of a run.
trait PublishNew {
    fn publish_new(&self, new: &[Snapshot], config: &Config, feeds: &Feeds) -> Result<Published>;
    fn preview_new(&self, new: &[Snapshot], config: &Config, feeds: &Feeds) -> Result<Published>;
}

impl PublishNew for Store {
    fn publish_new(&self, new: &[Snapshot], config: &Config, feeds: &Feeds) -> Result<Published> {
        self.publish(&with_new(self, new, config)?, config, feeds)
    }

    fn preview_new(&self, new: &[Snapshot], config: &Config, feeds: &Feeds) -> Result<Published> {
        self.preview(&with_new(self, new, config)?, config, feeds)
    }
}

fn no_feeds() -> BTreeMap<PathBuf, Vec<u8>> {
    BTreeMap::new()
}

fn feeds(all: &[(&str, &str)]) -> BTreeMap<PathBuf, Vec<u8>> {
    let path = |name: &str| Path::new("history").join(format!("{name}.atom"));
    all.iter().map(|(name, text)| (path(name), (*text).into())).collect()
}

fn names(paths: &[PathBuf]) -> Vec<&str> {
    paths.iter().map(|path| path.to_str().unwrap()).collect()
}

/// Returns a root with two published sources, and a change: one source changed, one no longer watched, one new.
fn published() -> (TempDir, Config, [Snapshot; 2]) {
    let dir = tempfile::tempdir().unwrap();
    let store = Store::open(dir.path()).unwrap();
    let old = [snapshot("acme/vault", "2024-05-06", 3), snapshot("zeta/queue", "2024-05-06", 2)];
    store.publish_new(&old, &config(&["acme/vault", "zeta/queue"]), &no_feeds()).unwrap();
    let new = [snapshot("acme/vault", "2024-05-07", 4), snapshot("beta/mail", "2024-05-07", 1)];
    (dir, config(&["acme/vault", "beta/mail"]), new)
}

#[test]
fn publishing_writes_snapshots_and_output() {
    let (dir, config, new) = published();
    fs::write(dir.path().join("output/NOTES"), "mine").unwrap();
    let store = Store::open(dir.path()).unwrap();
    let expected = store.preview_new(&new, &config, &no_feeds()).unwrap();
    let done = store.publish_new(&new, &config, &no_feeds()).unwrap();
    assert_eq!(done, expected);
    assert_eq!(
        names(&done.written),
        [
            "output/README.md",
            "output/acme/vault.json",
            "output/beta/mail.json",
            "output/datapackage.json",
            "output/error-codes.csv",
            "snapshots/acme/vault/2024-05-07.jsonl",
            "snapshots/beta/mail/2024-05-07.jsonl",
        ]
    );
    assert_eq!(names(&done.removed), ["output/zeta/queue.json"]);
    let all: Vec<PathBuf> = files(dir.path()).into_keys().collect();
    insta::assert_snapshot!(names(&all).join("\n"), @r"
    output/NOTES
    output/README.md
    output/acme/vault.json
    output/beta/mail.json
    output/datapackage.json
    output/error-codes.csv
    snapshots/acme/vault/2024-05-06.jsonl
    snapshots/acme/vault/2024-05-07.jsonl
    snapshots/beta/mail/2024-05-07.jsonl
    snapshots/zeta/queue/2024-05-06.jsonl
    ");
    assert!(!dir.path().join("output/zeta").exists(), "the empty folder is removed");
    assert_eq!(read_dataset(&dir.path().join("output")).unwrap().len(), 2);
    let last = store.last_snapshot(&new[0].source).unwrap().unwrap();
    assert_eq!((last.date, last.entries.len()), (date(2024, 5, 7), 4));
}

#[test]
fn publishing_again_writes_nothing() {
    let (dir, config, new) = published();
    let store = Store::open(dir.path()).unwrap();
    store.publish_new(&new, &config, &no_feeds()).unwrap();
    let before = files(dir.path());
    let long_ago = SystemTime::UNIX_EPOCH + Duration::from_secs(1_000_000_000);
    for path in before.keys() {
        let file = fs::File::options().write(true).open(dir.path().join(path)).unwrap();
        file.set_modified(long_ago).unwrap();
    }
    let tomorrow = new.clone().map(|snapshot| Snapshot { date: date(2024, 5, 8), ..snapshot });
    for again in [&new[..], &tomorrow, &[]] {
        assert_eq!(store.publish_new(again, &config, &no_feeds()).unwrap(), super::Published::default());
    }
    assert_eq!(files(dir.path()), before);
    for path in before.keys() {
        assert_eq!(fs::metadata(dir.path().join(path)).unwrap().modified().unwrap(), long_ago, "{path:?}");
    }
}

#[test]
fn a_second_change_of_the_day_and_a_wrong_clock_get_the_next_number() {
    let (dir, config, new) = published();
    let store = Store::open(dir.path()).unwrap();
    store.publish_new(&new, &config, &no_feeds()).unwrap();
    for (day, size, expected) in [("2024-05-07", 5, "2024-05-07.2.jsonl"), ("1970-01-01", 6, "2024-05-07.3.jsonl")] {
        let done = store.publish_new(&[snapshot("acme/vault", day, size)], &config, &no_feeds()).unwrap();
        let path = done.written.iter().find(|path| path.starts_with("snapshots")).unwrap();
        assert!(path.ends_with(expected), "{path:?}");
        assert_eq!(read_snapshot(&dir.path().join(path)).unwrap().date, date(2024, 5, 7));
    }
}

#[test]
fn a_killed_run_leaves_the_old_state_or_the_new() {
    let feeds = feeds(&[("all", "1"), ("acme", "1")]);
    let (dir, config, new) = published();
    let old_state = files(dir.path());
    Store::open(dir.path()).unwrap().publish_new(&new, &config, &feeds).unwrap();
    let new_state = files(dir.path());
    assert_ne!(old_state, new_state);
    let mut seen = Vec::new();
    for steps in 0.. {
        let (dir, config, new) = published();
        let store = Store::open(dir.path()).unwrap();
        let histories = with_new(&store, &new, &config).unwrap();
        let whole = store.publish_in_steps(&histories, &config, &feeds, &mut killed_after(steps)).is_ok();
        drop(store);
        let half_made = Store::open_read_only(dir.path()).is_err();
        drop(Store::open(dir.path()).unwrap());
        let state = files(dir.path());
        assert!(state == old_state || state == new_state, "mixed after step {steps}");
        assert!(!half_made || state == new_state, "a half-made change is finished");
        seen.push(state == new_state);
        // In every case the next run makes the new state and leaves nothing private behind.
        let store = Store::open(dir.path()).unwrap();
        store.publish_new(&new, &config, &feeds).unwrap();
        assert_eq!(files(dir.path()), new_state, "after step {steps}");
        let private = list_folder(&dir.path().join(".docdrift")).unwrap();
        assert_eq!(private, ["lock"], "after step {steps}");
        if whole {
            break;
        }
    }
    assert!(seen.is_sorted() && seen.contains(&false), "first the old state, then the new: {seen:?}");
    assert!(seen.iter().filter(|new| **new).count() > 5, "killed in the middle of the moves, too");
}

/// Feeds that are not given are removed, and unchanged ones are not written.
#[test]
fn feeds_are_part_of_the_change() {
    let (dir, config, new) = published();
    let store = Store::open(dir.path()).unwrap();
    let old = feeds(&[("all", "1"), ("acme", "1"), ("zeta", "1")]);
    let given = feeds(&[("all", "2"), ("acme", "1"), ("beta", "1")]);
    store.publish_new(&[], &crate::samples::config(&["acme/vault", "zeta/queue"]), &old).unwrap();
    let before = files(dir.path());
    let expected = store.preview_new(&new, &config, &given).unwrap();
    assert_eq!(files(dir.path()), before);
    let done = store.publish_new(&new, &config, &given).unwrap();
    assert_eq!(done, expected);
    let feeds_of = |paths: &[PathBuf]| -> Vec<PathBuf> {
        paths.iter().filter(|path| path.starts_with("output/history")).cloned().collect()
    };
    assert_eq!(names(&feeds_of(&done.written)), ["output/history/all.atom", "output/history/beta.atom"]);
    assert_eq!(names(&feeds_of(&done.removed)), ["output/history/zeta.atom"]);
    let mut after = files(dir.path());
    after.retain(|path, _| path.starts_with("output/history"));
    let shown: Vec<_> =
        after.iter().map(|(path, text)| (path.strip_prefix("output").unwrap().into(), text.clone())).collect();
    assert_eq!(BTreeMap::from_iter(shown), given);
    assert_eq!(store.publish_new(&new, &config, &given).unwrap(), super::Published::default());

    store.publish_new(&[], &config, &no_feeds()).unwrap();
    assert!(!dir.path().join("output/history").exists(), "the empty folder is removed");
    let without_snapshots = Store::open(tempfile::tempdir().unwrap().path()).unwrap().publish_new(&[], &config, &given);
    assert_eq!(without_snapshots.unwrap(), super::Published::default(), "no feeds without a dataset");
}

#[test]
fn a_feed_that_is_refused_leaves_the_old_state() {
    let (dir, config, new) = published();
    let before = files(dir.path());
    let feeds = BTreeMap::from([(PathBuf::from("error-codes.csv"), b"x".to_vec())]);
    let error = Store::open(dir.path()).unwrap().publish_new(&new, &config, &feeds).unwrap_err().to_string();
    assert!(error.contains("`error-codes.csv` is no file directly in the folder history/"), "{error}");
    assert_eq!(files(dir.path()), before);
}

#[test]
fn the_place_of_a_new_snapshot_is_known_before_publishing() {
    let (dir, config, new) = published();
    let store = Store::open(dir.path()).unwrap();
    for (day, size, expected) in [
        ("2024-05-07", 4, "2024-05-07 1 snapshots/acme/vault/2024-05-07.jsonl"),
        ("2024-05-07", 5, "2024-05-07 2 snapshots/acme/vault/2024-05-07.2.jsonl"),
        ("1970-01-01", 6, "2024-05-07 3 snapshots/acme/vault/2024-05-07.3.jsonl"),
    ] {
        let snapshot = snapshot("acme/vault", day, size);
        let histories = with_new(&store, std::slice::from_ref(&snapshot), &config).unwrap();
        let history = histories.get(&snapshot.source).unwrap();
        let place = history.slots().last().unwrap().at.clone();
        assert_eq!(format!("{} {} {}", place.date, place.number, place.path.display()), expected);
        assert_eq!(history.newest().unwrap().date, date(2024, 5, 7));
        let done = store.publish_new(std::slice::from_ref(&snapshot), &config, &no_feeds()).unwrap();
        assert!(done.written.contains(&place.path), "{done:?}");
        assert_eq!(store.snapshots(&new[0].source).unwrap().last(), Some(&place));
        assert_eq!(place.read().unwrap(), store.last_snapshot(&new[0].source).unwrap().unwrap());
    }
    let dates: Vec<_> = store.snapshots(&new[0].source).unwrap().into_iter().map(|at| (at.date, at.number)).collect();
    let expected = [("2024-05-06", 1), ("2024-05-07", 1), ("2024-05-07", 2), ("2024-05-07", 3)];
    assert_eq!(dates, expected.map(|(date, number)| (date.parse().unwrap(), number)));
    assert_eq!(
        store
            .entries_with_code(&new[0].source, "005")
            .unwrap()
            .iter()
            .map(|(_, entries)| entries.len())
            .collect::<Vec<_>>(),
        [0, 0, 1, 1]
    );
    assert_eq!(store.entries_with_code(&"acme/unseen".parse().unwrap(), "005").unwrap(), []);
}

/// Snapshots without dates of entries are not rewritten for the dates. The next change adds them.
#[test]
fn dates_alone_are_not_a_change() {
    let (dir, _, _) = published();
    let store = Store::open(dir.path()).unwrap();
    let config = config(&["acme/vault", "zeta/queue"]);
    let dated = |size: usize, last_changed: &str| {
        let mut new = snapshot("acme/vault", "2024-06-07", size);
        for entry in &mut new.entries {
            (entry.first_seen, entry.last_changed) = (Some(date(2024, 5, 6)), last_changed.parse().ok());
        }
        new
    };
    for last_changed in ["2024-05-06", "2024-06-07"] {
        let done = store.publish_new(&[dated(3, last_changed)], &config, &no_feeds()).unwrap();
        assert_eq!(done, super::Published::default(), "{last_changed}");
    }
    assert!(lines_about("acme/vault", dir.path()).contains(",2024-05-06,2024-05-06,"));
    store.publish_new(&[dated(4, "2024-06-07")], &config, &no_feeds()).unwrap();
    assert!(lines_about("acme/vault", dir.path()).contains(",2024-05-06,2024-06-07,"));
    let last = store.last_snapshot(&"acme/vault".parse().unwrap()).unwrap().unwrap();
    assert_eq!(last.entries[0].last_changed, Some(date(2024, 6, 7)));
    let done = store.publish_new(&[dated(4, "2024-06-08")], &config, &no_feeds()).unwrap();
    assert_eq!(done, super::Published::default());
}

/// Returns a hook that fails after this many steps.
fn killed_after(mut steps: usize) -> impl FnMut() -> Result<()> {
    move || {
        if steps == 0 {
            return Err(StorageError::new(StorageErrorKind::Io, "killed"));
        }
        steps -= 1;
        Ok(())
    }
}

#[test]
fn a_run_killed_while_it_recovers_still_ends_in_the_new_state() {
    let (dir, config, new) = published();
    Store::open(dir.path()).unwrap().publish_new(&new, &config, &no_feeds()).unwrap();
    let new_state = files(dir.path());
    for steps in 0..10 {
        let (dir, config, new) = published();
        let store = Store::open(dir.path()).unwrap();
        // Eight files were checked, seven were staged and the journal exists: the moves begin.
        assert!(
            store
                .publish_in_steps(
                    &with_new(&store, &new, &config).unwrap(),
                    &config,
                    &no_feeds(),
                    &mut killed_after(8 + 7 + 2 + 2)
                )
                .is_err()
        );
        assert!(Store::open_read_only(dir.path()).is_err(), "half-made");
        assert!(recover(dir.path(), &mut killed_after(steps)).is_err());
        // The same store continues: the half-made change is finished before the next one is planned.
        assert!(store.publish_new(&new, &config, &no_feeds()).unwrap().written.is_empty());
        assert_eq!(files(dir.path()), new_state, "{steps}");
    }
}

#[test]
fn a_damaged_journal_or_stage_is_an_error() {
    let (dir, _, _) = published();
    let state = files(dir.path());
    let digest = docdrift_model::text::digest(b"x");
    let journal = dir.path().join(".docdrift/journal.json");
    for bad in [
        "{".to_owned(),
        format!(r#"{{"moves":[{{"staged":"0","to":"output/x","digest":"{digest}"}}],"removes":[]}}"#),
        format!(r#"{{"moves":[{{"staged":"../lock","to":"output/x","digest":"{digest}"}}],"removes":[]}}"#),
        r#"{"moves":[],"removes":["../../etc/passwd"]}"#.to_owned(),
    ] {
        fs::write(&journal, &bad).unwrap();
        let error = format!("{:#}", Store::open(dir.path()).unwrap_err());
        assert!(error.contains("half-made") && error.contains("journal.json"), "{error}");
        assert_eq!(files(dir.path()), state, "{bad}");
    }
}

#[test]
fn only_one_run_at_a_time_opens_a_root_for_writing() {
    let dir = tempfile::tempdir().unwrap();
    let first = Store::open(dir.path()).unwrap();
    let error = Store::open(dir.path()).unwrap_err();
    assert_eq!(error.kind(), StorageErrorKind::Locked);
    let error = error.to_string();
    assert!(error.contains(&format!("(pid {}, started 20", std::process::id())), "{error}");
    assert!(Store::open_read_only(dir.path()).is_ok());
    drop(first);
    Store::open(dir.path()).unwrap();
}

/// Another process has the lock until it is killed. It runs this same test, with the root in its environment.
#[test]
fn a_lock_is_released_with_its_process() {
    const ROOT: &str = "DOCDRIFT_TEST_ROOT";
    if let Some(root) = std::env::var_os(ROOT) {
        let _held = Store::open(Path::new(&root)).unwrap();
        println!("\nheld");
        let _ = std::io::stdin().read_line(&mut String::new());
        return;
    }
    let dir = tempfile::tempdir().unwrap();
    let mut other = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "store::tests::a_lock_is_released_with_its_process", "--nocapture"])
        .env(ROOT, dir.path())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let lines = BufReader::new(other.stdout.take().unwrap()).lines();
    let is_held = lines.map_while(std::result::Result::ok).any(|line| line == "held");
    assert!(is_held, "the other process has the lock");
    let error = Store::open(dir.path()).unwrap_err().to_string();
    other.kill().unwrap();
    other.wait().unwrap();
    assert!(error.contains(&format!("another run holds {}", dir.path().join(".docdrift/lock").display())), "{error}");
    assert!(error.contains(&format!("(pid {}, ", other.id())), "{error}");
    assert!(dir.path().join(".docdrift/lock").exists(), "the file stays, the lock is released");
    Store::open(dir.path()).unwrap();
}

#[test]
fn a_store_open_for_reading_writes_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let store = Store::open_read_only(dir.path()).unwrap();
    let id = "acme/vault".parse().unwrap();
    assert_eq!(store.last_snapshot(&id).unwrap(), None);
    let new = [snapshot("acme/vault", "2024-05-06", 1)];
    assert_eq!(store.preview_new(&new, &config(&["acme/vault"]), &no_feeds()).unwrap().written.len(), 5);
    for error in [
        store.publish_new(&new, &config(&["acme/vault"]), &no_feeds()).unwrap_err(),
        store.write_report("x.md", "").unwrap_err(),
        store.state().store_cache(&BTreeMap::new()).unwrap_err(),
    ] {
        assert_eq!((error.kind(), error.path()), (StorageErrorKind::ReadOnly, Some(dir.path())));
        assert!(error.to_string().contains("open for reading only"), "{error}");
    }
    assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 0);
    for error in [
        Store::open_read_only(&dir.path().join("nowhere")).unwrap_err(),
        Store::open(&dir.path().join("nowhere")).unwrap_err(),
    ] {
        assert_eq!(error.kind(), StorageErrorKind::Missing);
    }
}

#[test]
fn reports_are_written_under_plain_names_only() {
    let dir = tempfile::tempdir().unwrap();
    let store = Store::open(dir.path()).unwrap();
    let path = store.write_report("drift.md", "# Drift\n").unwrap();
    assert_eq!(path, dir.path().join(".docdrift/report/drift.md"));
    assert_eq!(fs::read_to_string(path).unwrap(), "# Drift\n");
    for bad in ["", "..", "a/b", "/etc/x", "../x"] {
        assert!(store.write_report(bad, "").is_err(), "{bad}");
    }
}

/// The tests may run as root, whom no folder denies access. A file in place of the folder of snapshots has a
/// similar effect: the system refuses to list it, and with another error than `not found`.
#[test]
fn unreadable_snapshots_are_not_called_missing() {
    let (dir, config, new) = published();
    let folder = dir.path().join("snapshots/acme/vault");
    fs::remove_dir_all(&folder).unwrap();
    fs::write(&folder, "").unwrap();
    let store = Store::open_read_only(dir.path()).unwrap();
    let error = store.last_snapshot(&new[0].source).unwrap_err();
    assert_eq!((error.kind(), error.path()), (StorageErrorKind::Io, Some(folder.as_path())));
    assert_eq!(error.to_string(), format!("cannot list {}", folder.display()));
    let error = store.histories(&config).unwrap().get(&new[0].source).unwrap_err();
    assert_eq!(error.kind(), StorageErrorKind::Io);

    fs::remove_file(&folder).unwrap();
    let error = store.last_snapshot(&new[0].source).unwrap_err();
    assert_eq!((error.kind(), error.path()), (StorageErrorKind::Missing, Some(folder.as_path())));
}

#[test]
fn damage_and_newer_formats_are_told_apart() {
    let (dir, _, new) = published();
    let store = Store::open_read_only(dir.path()).unwrap();
    let file = dir.path().join("snapshots/acme/vault/2024-05-06.jsonl");
    let text = fs::read_to_string(&file).unwrap();
    for (text, expected) in [
        (text.replacen("\"schema\":2", "\"schema\":3", 1), StorageErrorKind::NewerFormat),
        (text.replacen("No key", "No door", 1), StorageErrorKind::Damaged),
        (String::new(), StorageErrorKind::Damaged),
    ] {
        fs::write(&file, text).unwrap();
        let error = store.last_snapshot(&new[0].source).unwrap_err();
        assert_eq!((error.kind(), error.path()), (expected, Some(file.as_path())), "{error:#}");
    }
}

/// Each obstacle, and its error. The old state stays.
#[test]
fn obstacles_leave_the_old_state() {
    type Obstacle = fn(&Path);
    let obstacles: [(&str, Obstacle); 4] = [
        ("a file in the place of a folder", |root| fs::write(root.join("output/beta"), "x").unwrap()),
        ("is in the place of a file", |root| fs::create_dir_all(root.join("output/beta/mail.json")).unwrap()),
        #[cfg(unix)]
        ("is a link that leads outside", |root| {
            std::os::unix::fs::symlink(std::env::temp_dir(), root.join("output/beta")).unwrap();
        }),
        #[cfg(unix)]
        ("is a link: docdrift writes plain files only", |root| {
            fs::remove_file(root.join("output/README.md")).unwrap();
            std::os::unix::fs::symlink(root.join("output/acme/vault.json"), root.join("output/README.md")).unwrap();
        }),
    ];
    for (expected, put) in obstacles {
        let (dir, config, new) = published();
        let store = Store::open(dir.path()).unwrap();
        put(dir.path());
        let before = files(dir.path());
        let error = store.publish_new(&new, &config, &no_feeds()).unwrap_err();
        assert_eq!(error.kind(), StorageErrorKind::Obstructed, "{expected}");
        let error = format!("{error:#}");
        assert!(error.contains(expected), "{error}");
        assert_eq!(files(dir.path()), before, "{expected}");
        assert!(Store::open_read_only(dir.path()).is_ok(), "nothing is half-made: {expected}");
    }
}

#[cfg(unix)]
#[test]
fn a_read_only_folder_leaves_the_old_state() {
    use std::os::unix::fs::PermissionsExt as _;
    let (dir, config, new) = published();
    let before = files(dir.path());
    let folder = dir.path().join("snapshots/acme/vault");
    fs::set_permissions(&folder, fs::Permissions::from_mode(0o555)).unwrap();
    if fs::write(folder.join("probe"), "").is_ok() {
        eprintln!("skipped: this user may write into read-only folders");
        return;
    }
    let error = Store::open(dir.path()).unwrap().publish_new(&new, &config, &no_feeds()).unwrap_err();
    fs::set_permissions(&folder, fs::Permissions::from_mode(0o755)).unwrap();
    assert_eq!(error.kind(), StorageErrorKind::PermissionDenied);
    let error = format!("{error:#}");
    assert!(error.contains("cannot write in the folder"), "{error}");
    assert_eq!(files(dir.path()), before);
}

type Damage = fn(&Path);

/// Returns ways to damage the snapshots of one source, with the error of each.
fn damages() -> [(&'static str, Damage); 5] {
    fn file(root: &Path) -> PathBuf {
        root.join("snapshots/acme/vault/2024-05-06.jsonl")
    }
    [
        ("the file ends after 2 of 3", |root| {
            let text = fs::read_to_string(file(root)).unwrap();
            let cut = text.trim_end().rfind('\n').unwrap() + 1;
            fs::write(file(root), &text[..cut]).unwrap();
        }),
        ("is empty", |root| fs::write(file(root), "").unwrap()),
        ("is not UTF-8", |root| fs::write(file(root), [0xff, 0xfe]).unwrap()),
        ("has no snapshot", |root| fs::remove_file(file(root)).unwrap()),
        ("has no snapshot", |root| fs::remove_dir_all(root.join("snapshots/acme")).unwrap()),
    ]
}

/// Returns the lines about a source in the dataset's files about all sources.
fn lines_about(id: &str, root: &Path) -> String {
    let (vendor, service) = id.split_once('/').unwrap();
    let csv = fs::read_to_string(root.join("output/error-codes.csv")).unwrap();
    let start = csv.find(&format!("\n{id}:")).unwrap();
    let end = csv.rfind(&format!("\n{id}:")).unwrap();
    let end = end + csv[end..].find("/errors.html\n").unwrap();
    let readme = fs::read_to_string(root.join("output/README.md")).unwrap();
    let row = readme.lines().find(|line| line.contains(&format!("({vendor}/{service}.json)"))).unwrap();
    let package = fs::read_to_string(root.join("output/datapackage.json")).unwrap();
    let pages: Vec<&str> = package.lines().filter(|line| line.contains(id)).collect();
    format!("{}\n{row}\n{}", &csv[start..end], pages.join("\n"))
}

#[test]
fn a_damaged_history_does_not_stop_other_sources() {
    for (expected, damage) in damages() {
        let (dir, _, new) = published();
        let config = config(&["acme/vault", "beta/mail", "zeta/queue"]);
        let (path, store) = (dir.path(), Store::open(dir.path()).unwrap());
        damage(path);
        let json = fs::read(path.join("output/acme/vault.json")).unwrap();
        let lines = lines_about("acme/vault", path);
        let error = format!("{:#}", store.last_snapshot(&new[0].source).unwrap_err());
        assert!(error.contains(expected), "{error}");
        let error = format!("{:#}", store.publish_new(&new, &config, &no_feeds()).unwrap_err());
        assert!(error.contains(expected), "nothing is added to it: {error}");

        let others = [new[1].clone(), snapshot("zeta/queue", "2024-05-07", 5)];
        let done = store.preview_new(&others, &config, &no_feeds()).unwrap();
        assert_eq!(store.publish_new(&others, &config, &no_feeds()).unwrap(), done, "{expected}");
        assert!(!done.written.iter().chain(&done.removed).any(|path| path.to_str().unwrap().contains("acme")));
        assert_eq!(fs::read(path.join("output/acme/vault.json")).unwrap(), json, "{expected}");
        assert_eq!(lines_about("acme/vault", path), lines, "{expected}");
        assert_eq!(read_dataset(&path.join("output")).unwrap().len(), 3);
        assert!(lines_about("zeta/queue", path).contains("005"), "the others are published");
        assert_eq!(store.publish_new(&[], &config, &no_feeds()).unwrap(), super::Published::default(), "{expected}");
    }
}

#[test]
fn a_source_with_damaged_history_stays_as_published() {
    let (dir, _, new) = published();
    let path = dir.path().join("output/acme/vault.json");
    let odd = fs::read_to_string(&path).unwrap().replacen("\n{", "{", 1).replace("The | acme", "An older name of acme");
    fs::write(&path, &odd).unwrap();
    damages()[0].1(dir.path());
    let store = Store::open(dir.path()).unwrap();
    let mut config = config(&["acme/vault", "beta/mail"]);
    store.publish_new(&new[1..], &config, &no_feeds()).unwrap();
    assert_eq!(fs::read_to_string(&path).unwrap(), odd);
    assert!(lines_about("acme/vault", dir.path()).contains("An older name of acme"), "as in its file");

    config.publish = Publish::only([Field::Message]);
    store.publish_new(&[], &config, &no_feeds()).unwrap();
    let text = fs::read_to_string(&path).unwrap();
    assert!(text.contains("An older name") && !text.contains("Not found"), "text that may not be published is removed");
}

#[test]
fn a_source_does_not_leave_the_dataset_because_it_was_lost() {
    let file_damages: [Damage; 3] = [
        |path| fs::remove_file(path).unwrap(),
        |path| fs::write(path, "{\"schema\": 1, \"vendor\": \"acme\"").unwrap(),
        |path| fs::write(path, fs::read(path.with_file_name("../zeta/queue.json")).unwrap()).unwrap(),
    ];
    for ((expected, damage), damage_file) in
        damages().into_iter().flat_map(|damage| file_damages.map(|damage_file| (damage, damage_file)))
    {
        let (dir, _, new) = published();
        let (path, store) = (dir.path(), Store::open(dir.path()).unwrap());
        let config = config(&["acme/vault", "beta/mail", "zeta/queue"]);
        damage(path);
        damage_file(&path.join("output/acme/vault.json"));
        let before = files(path);
        let error = format!("{:#}", store.publish_new(&new[1..], &config, &no_feeds()).unwrap_err());
        for said in [expected, "snapshots/acme/vault", "output/acme/vault.json", "from git"] {
            assert!(error.contains(said), "{said}: {error}");
        }
        assert_eq!(files(path), before, "{expected}");

        // Removed from the table by hand, it is no part of the dataset: the others are published, its files stay.
        let csv = path.join("output/error-codes.csv");
        let text = fs::read_to_string(&csv).unwrap();
        fs::write(&csv, text.replace(",acme,vault,", ",other,source,")).unwrap();
        store.publish_new(&new[1..], &config, &no_feeds()).unwrap();
        assert!(!fs::read_to_string(&csv).unwrap().contains("acme"), "{expected}");
        let file = Path::new("output/acme/vault.json");
        assert_eq!(files(path).get(file), before.get(file), "{expected}");
    }
}

#[test]
fn a_source_without_files_starts_again() {
    let (dir, config, new) = published();
    fs::remove_dir_all(dir.path().join("snapshots/acme")).unwrap();
    fs::remove_file(dir.path().join("output/acme/vault.json")).unwrap();
    let store = Store::open(dir.path()).unwrap();
    assert_eq!(store.last_snapshot(&new[0].source).unwrap(), None);
    store.publish_new(&new, &config, &no_feeds()).unwrap();
    assert_eq!(store.last_snapshot(&new[0].source).unwrap().unwrap().entries.len(), 4);
}

#[test]
fn without_valid_snapshots_no_dataset_is_written() {
    let dir = tempfile::tempdir().unwrap();
    let store = Store::open(dir.path()).unwrap();
    let config = config(&["acme/vault"]);
    assert_eq!(store.preview_new(&[], &config, &no_feeds()).unwrap(), super::Published::default());
    assert_eq!(store.publish_new(&[], &config, &no_feeds()).unwrap(), super::Published::default());
    assert_eq!(files(dir.path()), BTreeMap::new());

    let (dir, _, _) = published();
    let before = files(dir.path());
    let others = crate::samples::config(&["beta/mail", "gamma/x"]);
    Store::open(dir.path()).unwrap().publish_new(&[], &others, &no_feeds()).unwrap();
    assert_eq!(files(dir.path()), before, "an existing dataset is not emptied");
}

#[test]
fn snapshots_of_unwatched_sources_are_refused() {
    let (dir, config, _) = published();
    let store = Store::open(dir.path()).unwrap();
    let stranger = snapshot("gamma/x", "2024-05-07", 1);
    assert!(
        store.publish_new(&[stranger], &config, &no_feeds()).unwrap_err().to_string().contains("gamma/x is no source")
    );
}

/// Publishing fewer fields, then more again, rewrites the newest snapshot of every source, with or without a new one.
#[test]
fn publishing_fewer_fields_removes_their_texts_from_the_newest_snapshots() {
    let (dir, _, _) = published();
    let mut config = config(&["acme/vault", "zeta/queue"]);
    let store = Store::open(dir.path()).unwrap();
    let same = [snapshot("acme/vault", "2024-05-08", 3)];
    assert_eq!(store.publish_new(&same, &config, &no_feeds()).unwrap(), super::Published::default());

    config.publish = Publish::only([Field::Message]);
    let done = store.publish_new(&same, &config, &no_feeds()).unwrap();
    let snapshots = ["snapshots/acme/vault/2024-05-06.2.jsonl", "snapshots/zeta/queue/2024-05-06.2.jsonl"];
    assert!(names(&done.written).ends_with(&snapshots), "{done:?}");
    let newest = files(dir.path()).into_iter().filter(|(path, _)| !path.ends_with("2024-05-06.jsonl"));
    for (path, bytes) in newest {
        assert!(!String::from_utf8(bytes).unwrap().contains("Not found"), "{path:?}");
    }
    let readme = fs::read_to_string(dir.path().join("output/README.md")).unwrap();
    assert_eq!(readme.matches("| 2024-05-06 |").count(), 2, "the vendors changed nothing");
    assert_eq!(
        store.publish_new(&same, &config, &no_feeds()).unwrap(),
        super::Published::default(),
        "a second time changes nothing"
    );

    config.publish = Publish::all();
    let done = store.publish_new(&same, &config, &no_feeds()).unwrap();
    assert!(names(&done.written).ends_with(&["snapshots/acme/vault/2024-05-08.jsonl"]), "{done:?}");
    assert!(store.last_snapshot(&same[0].source).unwrap().unwrap().entries[0].description.en.contains("Not found"));
}

#[test]
fn refresh_failures_are_written_only_when_they_change() {
    let dir = tempfile::tempdir().unwrap();
    let store = Store::open(dir.path()).unwrap();
    let state = store.state();
    assert!(state.failures().unwrap().is_empty());
    let failure =
        RefreshFailure { since: "2024-05-06T00:00:00Z".into(), last_success: None, reasons: vec!["gone".into()] };
    let failures = [("acme/vault".parse().unwrap(), failure)].into();
    state.store_failures(&failures).unwrap();
    assert_eq!(state.failures().unwrap(), failures);
    let file = dir.path().join(".docdrift/failing.json");
    let written = fs::metadata(&file).unwrap().modified().unwrap();
    state.store_failures(&failures).unwrap();
    assert_eq!(fs::metadata(&file).unwrap().modified().unwrap(), written);
    fs::write(&file, "{").unwrap();
    let error = state.failures().unwrap_err();
    assert_eq!((error.kind(), error.path()), (StorageErrorKind::Damaged, Some(file.as_path())));
    assert!(error.to_string().contains("is damaged"));
    state.store_failures(&BTreeMap::new()).unwrap();
    assert!(state.failures().unwrap().is_empty(), "a damaged file is replaced");
}

#[test]
fn pending_removals_are_stored() {
    let dir = tempfile::tempdir().unwrap();
    let store = Store::open(dir.path()).unwrap();
    let state = store.state();
    assert!(state.pending_removals().unwrap().is_empty());
    let waiting = PendingRemovals { removed: ["e1".to_owned(), "e2".to_owned()].into(), runs: 2 };
    let pending = [("acme/vault".parse().unwrap(), waiting)].into();
    state.store_pending_removals(&pending).unwrap();
    assert_eq!(state.pending_removals().unwrap(), pending);
    fs::write(dir.path().join(".docdrift/pending.json"), "{").unwrap();
    assert!(state.pending_removals().unwrap_err().to_string().contains("is damaged"));
    state.store_pending_removals(&BTreeMap::new()).unwrap();
    assert!(state.pending_removals().unwrap().is_empty(), "a damaged file is replaced");
}

#[test]
fn a_damaged_cache_is_empty() {
    let dir = tempfile::tempdir().unwrap();
    let store = Store::open(dir.path()).unwrap();
    let state = store.state();
    assert_eq!(state.cache(), BTreeMap::new());
    let entry = CacheEntry { key: "k".into(), value: serde_json::json!(["a"]) };
    let cache = BTreeMap::from([("x".to_owned(), entry)]);
    state.store_cache(&cache).unwrap();
    assert_eq!(state.cache(), cache);
    let file = dir.path().join(".docdrift/known.json");
    let expected = serde_json::json!({ "x": { "key": "k", "told": ["a"] } });
    assert_eq!(serde_json::from_slice::<serde_json::Value>(&fs::read(&file).unwrap()).unwrap(), expected);
    let written = fs::metadata(&file).unwrap().modified().unwrap();
    state.store_cache(&cache).unwrap();
    assert_eq!(fs::metadata(&file).unwrap().modified().unwrap(), written, "an unchanged cache is not written");
    fs::write(&file, "{\"x\": 1").unwrap();
    assert_eq!(state.cache(), BTreeMap::new());
}

#[test]
fn the_data_digest_depends_on_every_byte_of_the_data() {
    let dir = tempfile::tempdir().unwrap();
    let store = Store::open(dir.path()).unwrap();
    let mut seen = vec![store.data_digest().unwrap()];
    let steps: [(&str, Option<&str>); 6] = [
        ("snapshots/a/b/1.jsonl", Some("one")),
        ("snapshots/a/b/1.jsonl", Some("two")),
        ("output/a/b.json", Some("two")),
        ("output/a/c.json", Some("two")),
        ("output/a/b.json", None),
        ("elsewhere/a", Some("x")),
    ];
    for (path, text) in steps {
        let path = dir.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        text.map_or_else(|| fs::remove_file(&path), |text| fs::write(&path, text)).unwrap();
        seen.push(store.data_digest().unwrap());
    }
    assert_eq!(seen.pop(), seen.last().cloned(), "other files do not matter");
    let count = seen.len();
    seen.sort();
    seen.dedup();
    assert_eq!(seen.len(), count);
}

/// Returns the paths of the snapshots below the root, with a `+` before those to write.
fn slot_paths(histories: &Histories) -> Vec<String> {
    let history = histories.get(&"acme/vault".parse().unwrap()).unwrap();
    let path = |slot: &SnapshotSlot| {
        let mark = if slot.is_unwritten() { "+" } else { "" };
        format!("{mark}{}", slot.at.path.display())
    };
    history.slots().iter().map(path).collect()
}

#[test]
fn a_history_grows_and_its_end_is_replaced() {
    let dir = tempfile::tempdir().unwrap();
    let store = Store::open(dir.path()).unwrap();
    let config = config(&["acme/vault"]);
    let mut histories = store.histories(&config).unwrap();
    for (date, entries) in [("2024-05-06", 2), ("2024-05-06", 3), ("2024-05-08", 3), ("2024-05-09", 4)] {
        histories.add(snapshot("acme/vault", date, entries)).unwrap();
    }
    let names =
        ["2024-05-06.jsonl", "2024-05-06.2.jsonl", "2024-05-09.jsonl"].map(|n| format!("snapshots/acme/vault/{n}"));
    assert_eq!(slot_paths(&histories), names.clone().map(|name| format!("+{name}")));
    store.publish(&histories, &config, &no_feeds()).unwrap();

    // The same entries of the same pages, read by the next reader, replace the last snapshot.
    let id = "acme/vault".parse().unwrap();
    let last = store.last_snapshot(&id).unwrap().unwrap();
    let mut histories = store.histories(&config).unwrap();
    assert_eq!(slot_paths(&histories), names);
    histories.add(Snapshot { reader: last.reader + 1, date: date(2024, 6, 1), ..last.clone() }).unwrap();
    assert_eq!(slot_paths(&histories), [names[0].clone(), names[1].clone(), format!("+{}", names[2])]);
    let done = store.publish(&histories, &config, &no_feeds()).unwrap();
    assert_eq!(done.written, [Path::new(&names[2])], "the dataset is unchanged");
    assert_eq!(store.last_snapshot(&id).unwrap(), Some(Snapshot { reader: last.reader + 1, ..last }));

    // The snapshots from a day on are replaced. Those that are no longer needed are removed in the same change.
    let mut histories = store.histories(&config).unwrap();
    let good = snapshot("acme/vault", "2024-05-08", 5);
    let last_number = dir.path().join(format!("snapshots/acme/vault/2024-05-06.{}.jsonl", u32::MAX));
    fs::copy(dir.path().join(&names[1]), &last_number).unwrap();
    let one_too_many = snapshot("acme/vault", "2024-05-06", 6);
    assert!(histories.replace(&id, date(2024, 5, 7), vec![one_too_many]).is_err());
    assert_eq!(slot_paths(&histories), names, "unchanged");
    fs::remove_file(last_number).unwrap();
    histories.replace(&id, date(2024, 5, 7), vec![good]).unwrap();
    assert_eq!(slot_paths(&histories)[..2], names[..2]);
    let done = store.publish(&histories, &config, &no_feeds()).unwrap();
    assert_eq!(done.removed, [Path::new(&names[2])]);
    assert_eq!(store.last_snapshot(&id).unwrap().unwrap().entries.len(), 5);
    let stranger = histories.add(snapshot("acme/other", "2024-05-08", 5)).unwrap_err().to_string();
    assert!(stranger.contains("acme/other is no source"), "{stranger}");
}
