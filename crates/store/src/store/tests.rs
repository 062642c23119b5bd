use std::{
    collections::BTreeMap,
    fs,
    io::{BufRead as _, BufReader},
    path::{Path, PathBuf},
    process::{Command, Stdio},
    time::{Duration, SystemTime},
};

use anyhow::ensure;
use docdrift_model::{Config, Field, Lang, Page, Publish, Snapshot};
use tempfile::TempDir;

use super::Store;
use crate::{
    dataset::read_dataset,
    failing::Failing,
    history::Histories,
    journal::recover,
    publish::Published,
    samples::{config, snapshot},
    snapshots::read_snapshot,
};

/// All files below `root` but those of `.docdrift/`, by path.
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

/// The histories on disk with new snapshots added.
fn with(store: &Store, new: &[Snapshot], config: &Config) -> anyhow::Result<Histories> {
    let mut histories = store.histories(config)?;
    new.iter().try_for_each(|snapshot| histories.add(snapshot.clone()))?;
    Ok(histories)
}

type Feeds = BTreeMap<PathBuf, Vec<u8>>;

/// Publishing of what a run found.
trait PublishNew {
    fn publish_new(&self, new: &[Snapshot], config: &Config, feeds: &Feeds) -> anyhow::Result<Published>;
    fn preview_new(&self, new: &[Snapshot], config: &Config, feeds: &Feeds) -> anyhow::Result<Published>;
}

impl PublishNew for Store {
    fn publish_new(&self, new: &[Snapshot], config: &Config, feeds: &Feeds) -> anyhow::Result<Published> {
        self.publish(&with(self, new, config)?, config, feeds)
    }

    fn preview_new(&self, new: &[Snapshot], config: &Config, feeds: &Feeds) -> anyhow::Result<Published> {
        self.preview(&with(self, new, config)?, config, feeds)
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

/// A root with two published sources, and a change of it: one source changed, one dropped, one new.
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
    assert!(!dir.path().join("output/zeta").exists(), "nor its folder");
    assert_eq!(read_dataset(&dir.path().join("output")).unwrap().len(), 2);
    let last = store.last_snapshot(&new[0].source).unwrap().unwrap();
    assert_eq!((last.date.as_str(), last.entries.len()), ("2024-05-07", 4));
}

#[test]
fn publishing_again_touches_nothing() {
    let (dir, config, new) = published();
    let store = Store::open(dir.path()).unwrap();
    store.publish_new(&new, &config, &no_feeds()).unwrap();
    let before = files(dir.path());
    let long_ago = SystemTime::UNIX_EPOCH + Duration::from_secs(1_000_000_000);
    for path in before.keys() {
        let file = fs::File::options().write(true).open(dir.path().join(path)).unwrap();
        file.set_modified(long_ago).unwrap();
    }
    let tomorrow = new.clone().map(|snapshot| Snapshot { date: "2024-05-08".into(), ..snapshot });
    for again in [&new[..], &tomorrow, &[]] {
        assert_eq!(store.publish_new(again, &config, &no_feeds()).unwrap(), super::Published::default());
    }
    assert_eq!(files(dir.path()), before);
    for path in before.keys() {
        assert_eq!(fs::metadata(dir.path().join(path)).unwrap().modified().unwrap(), long_ago, "{path:?}");
    }
}

#[test]
fn a_second_change_of_the_day_and_a_clock_gone_wrong() {
    let (dir, config, new) = published();
    let store = Store::open(dir.path()).unwrap();
    store.publish_new(&new, &config, &no_feeds()).unwrap();
    for (date, size, expected) in [("2024-05-07", 5, "2024-05-07.2.jsonl"), ("1970-01-01", 6, "2024-05-07.3.jsonl")] {
        let done = store.publish_new(&[snapshot("acme/vault", date, size)], &config, &no_feeds()).unwrap();
        let path = done.written.iter().find(|path| path.starts_with("snapshots")).unwrap();
        assert!(path.ends_with(expected), "{path:?}");
        assert_eq!(read_snapshot(&dir.path().join(path)).unwrap().date, "2024-05-07");
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
        let histories = with(&store, &new, &config).unwrap();
        let whole = store.publish_in_steps(&histories, &config, &feeds, &mut killed_after(steps)).is_ok();
        drop(store);
        let half_made = Store::open_read_only(dir.path()).is_err();
        drop(Store::open(dir.path()).unwrap());
        let state = files(dir.path());
        assert!(state == old_state || state == new_state, "mixed after step {steps}");
        assert!(!half_made || state == new_state, "what is half-made is finished");
        seen.push(state == new_state);
        // However it ended, the next run brings the new state, and nothing private is left behind.
        let store = Store::open(dir.path()).unwrap();
        store.publish_new(&new, &config, &feeds).unwrap();
        assert_eq!(files(dir.path()), new_state, "after step {steps}");
        let private = crate::files::list(&dir.path().join(".docdrift")).unwrap();
        assert_eq!(private, ["lock"], "after step {steps}");
        if whole {
            break;
        }
    }
    assert!(seen.is_sorted() && seen.contains(&false), "first the old state, then the new: {seen:?}");
    assert!(seen.iter().filter(|new| **new).count() > 5, "killed in the middle of the moves, too");
}

/// Those of vendors that are gone leave, what is the same is not written.
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
    assert!(!dir.path().join("output/history").exists(), "nor their folder");
    let nothing_good = Store::open(tempfile::tempdir().unwrap().path()).unwrap().publish_new(&[], &config, &given);
    assert_eq!(nothing_good.unwrap(), super::Published::default(), "no feeds without a dataset");
}

#[test]
fn a_feed_that_is_refused_leaves_the_old_state() {
    let (dir, config, new) = published();
    let before = files(dir.path());
    let feeds = BTreeMap::from([(PathBuf::from("error-codes.csv"), b"x".to_vec())]);
    let error = Store::open(dir.path()).unwrap().publish_new(&new, &config, &feeds).unwrap_err().to_string();
    assert!(error.contains("`error-codes.csv` is no file right in the folder history/"), "{error}");
    assert_eq!(files(dir.path()), before);
}

#[test]
fn where_a_snapshot_will_lie_is_known_before() {
    let (dir, config, new) = published();
    let store = Store::open(dir.path()).unwrap();
    for (date, size, expected) in [
        ("2024-05-07", 4, "2024-05-07 1 snapshots/acme/vault/2024-05-07.jsonl"),
        ("2024-05-07", 5, "2024-05-07 2 snapshots/acme/vault/2024-05-07.2.jsonl"),
        ("1970-01-01", 6, "2024-05-07 3 snapshots/acme/vault/2024-05-07.3.jsonl"),
    ] {
        let snapshot = snapshot("acme/vault", date, size);
        let histories = with(&store, std::slice::from_ref(&snapshot), &config).unwrap();
        let history = histories.of(&snapshot.source).unwrap();
        let place = history.placed().last().unwrap().at.clone();
        assert_eq!(format!("{} {} {}", place.date, place.number, place.path.display()), expected);
        assert_eq!(history.newest().unwrap().date, "2024-05-07");
        let done = store.publish_new(std::slice::from_ref(&snapshot), &config, &no_feeds()).unwrap();
        assert!(done.written.contains(&place.path), "{done:?}");
        assert_eq!(store.snapshots(&new[0].source).unwrap().last(), Some(&place));
        assert_eq!(place.read().unwrap(), store.last_snapshot(&new[0].source).unwrap().unwrap());
    }
    let dates: Vec<_> = store.snapshots(&new[0].source).unwrap().into_iter().map(|at| (at.date, at.number)).collect();
    let expected = [("2024-05-06", 1), ("2024-05-07", 1), ("2024-05-07", 2), ("2024-05-07", 3)];
    assert_eq!(dates, expected.map(|(date, number)| (date.to_owned(), number)));
    assert_eq!(
        store.trace(&new[0].source, "005").unwrap().iter().map(|(_, of)| of.len()).collect::<Vec<_>>(),
        [0, 0, 1, 1]
    );
    assert_eq!(store.trace(&"acme/unseen".parse().unwrap(), "005").unwrap(), []);
}

/// Snapshots from before entries had dates are not written anew for them; the next change brings them.
#[test]
fn dates_alone_are_no_change() {
    let (dir, _, _) = published();
    let store = Store::open(dir.path()).unwrap();
    let config = config(&["acme/vault", "zeta/queue"]);
    let dated = |size: usize, last_changed: &str| {
        let mut new = snapshot("acme/vault", "2024-06-07", size);
        for entry in &mut new.entries {
            (entry.first_seen, entry.last_changed) = ("2024-05-06".into(), last_changed.into());
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
    assert_eq!(last.entries[0].last_changed, "2024-06-07");
    let done = store.publish_new(&[dated(4, "2024-06-08")], &config, &no_feeds()).unwrap();
    assert_eq!(done, super::Published::default());

    let bad = store.publish_new(&[dated(5, "=1+1")], &config, &no_feeds()).unwrap_err();
    assert_eq!(format!("{bad:#}"), "the new snapshot of acme/vault: last_changed: `=1+1` is no date YYYY-MM-DD");
}

/// A step that is killed after so many.
fn killed_after(mut steps: usize) -> impl FnMut() -> anyhow::Result<()> {
    move || {
        ensure!(steps > 0, "killed");
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
        // Of the eight files each was checked, seven were staged and the journal stands: the moves begin.
        assert!(
            store
                .publish_in_steps(
                    &with(&store, &new, &config).unwrap(),
                    &config,
                    &no_feeds(),
                    &mut killed_after(8 + 7 + 2 + 2)
                )
                .is_err()
        );
        assert!(Store::open_read_only(dir.path()).is_err(), "half-made");
        assert!(recover(dir.path(), &mut killed_after(steps)).is_err());
        // The same store goes on: the half-made change is finished before the next one is planned.
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
fn one_run_at_a_time() {
    let dir = tempfile::tempdir().unwrap();
    let first = Store::open(dir.path()).unwrap();
    let error = Store::open(dir.path()).unwrap_err().to_string();
    assert!(error.contains(&format!("(pid {}, started 20", std::process::id())), "{error}");
    assert!(Store::open_read_only(dir.path()).is_ok());
    drop(first);
    Store::open(dir.path()).unwrap();
}

/// Another process has the root until it is killed. That process runs this same test, with the root in its environment.
#[test]
fn a_lock_goes_with_its_process() {
    const ROOT: &str = "DOCDRIFT_TEST_ROOT";
    if let Some(root) = std::env::var_os(ROOT) {
        let _held = Store::open(Path::new(&root)).unwrap();
        println!("\nheld");
        let _ = std::io::stdin().read_line(&mut String::new());
        return;
    }
    let dir = tempfile::tempdir().unwrap();
    let mut other = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "store::tests::a_lock_goes_with_its_process", "--nocapture"])
        .env(ROOT, dir.path())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let told = BufReader::new(other.stdout.take().unwrap()).lines().map_while(Result::ok).any(|line| line == "held");
    assert!(told, "the other process opened it");
    let error = Store::open(dir.path()).unwrap_err().to_string();
    other.kill().unwrap();
    other.wait().unwrap();
    assert!(error.contains(&format!("another run holds {}", dir.path().join(".docdrift/lock").display())), "{error}");
    assert!(error.contains(&format!("(pid {}, ", other.id())), "{error}");
    assert!(dir.path().join(".docdrift/lock").exists(), "the file stays, the lock is gone");
    Store::open(dir.path()).unwrap();
}

#[test]
fn reading_leaves_no_trace_and_cannot_write() {
    let dir = tempfile::tempdir().unwrap();
    let store = Store::open_read_only(dir.path()).unwrap();
    let id = "acme/vault".parse().unwrap();
    assert_eq!(store.archived(&id, Lang::Zh).unwrap(), None);
    assert_eq!(store.last_snapshot(&id).unwrap(), None);
    let new = [snapshot("acme/vault", "2024-05-06", 1)];
    assert_eq!(store.preview_new(&new, &config(&["acme/vault"]), &no_feeds()).unwrap().written.len(), 5);
    for error in [
        store.publish_new(&new, &config(&["acme/vault"]), &no_feeds()).unwrap_err(),
        store.write_report("x.md", "").unwrap_err(),
        store.archive(&id, Lang::Zh, &page("x")).unwrap_err(),
    ] {
        assert!(error.to_string().contains("open for reading only"), "{error}");
    }
    assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 0);
    assert!(Store::open_read_only(&dir.path().join("nowhere")).is_err());
    assert!(Store::open(&dir.path().join("nowhere")).is_err());
}

fn page(body: &str) -> Page {
    Page {
        url: "https://docs.test/zh".into(),
        fetched_at: "2024-05-06T07:08:09Z".into(),
        status: Some(200),
        headers: vec![("content-type".into(), "text/html".into())],
        body: body.into(),
    }
}

#[test]
fn pages_and_reports() {
    let dir = tempfile::tempdir().unwrap();
    let store = Store::open(dir.path()).unwrap();
    let id = "acme/vault".parse().unwrap();
    store.archive(&id, Lang::Zh, &page("<p>一</p>")).unwrap();
    assert_eq!(store.archived(&id, Lang::Zh).unwrap(), Some(page("<p>一</p>")));
    let path = store.write_report("drift.md", "# Drift\n").unwrap();
    assert_eq!(path, dir.path().join(".docdrift/report/drift.md"));
    assert_eq!(fs::read_to_string(path).unwrap(), "# Drift\n");
    for bad in ["", "..", "a/b", "/etc/x", "../x"] {
        assert!(store.write_report(bad, "").is_err(), "{bad}");
    }
}

/// Each obstacle, what is said about it, and that the old state stays.
#[test]
fn obstacles_leave_the_old_state() {
    type Obstacle = fn(&Path);
    let obstacles: [(&str, Obstacle); 4] = [
        ("a file where a folder should be", |root| fs::write(root.join("output/beta"), "x").unwrap()),
        ("stands where a file should be", |root| fs::create_dir_all(root.join("output/beta/mail.json")).unwrap()),
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
        let error = format!("{:#}", store.publish_new(&new, &config, &no_feeds()).unwrap_err());
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
    let error = format!("{:#}", Store::open(dir.path()).unwrap().publish_new(&new, &config, &no_feeds()).unwrap_err());
    fs::set_permissions(&folder, fs::Permissions::from_mode(0o755)).unwrap();
    assert!(error.contains("cannot write in the folder"), "{error}");
    assert_eq!(files(dir.path()), before);
}

type Damage = fn(&Path);

/// What may happen to the snapshots of one source.
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

/// The lines of the dataset's common files that tell of a source.
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
fn damaged_history_of_one_source_stops_no_other() {
    for (expected, damage) in damages() {
        let (dir, _, new) = published();
        let config = config(&["acme/vault", "beta/mail", "zeta/queue"]);
        let (path, store) = (dir.path(), Store::open(dir.path()).unwrap());
        damage(path);
        let json = fs::read(path.join("output/acme/vault.json")).unwrap();
        let told = lines_about("acme/vault", path);
        let error = format!("{:#}", store.last_snapshot(&new[0].source).unwrap_err());
        assert!(error.contains(expected), "{error}");
        let error = format!("{:#}", store.publish_new(&new, &config, &no_feeds()).unwrap_err());
        assert!(error.contains(expected), "it is not built on: {error}");

        let others = [new[1].clone(), snapshot("zeta/queue", "2024-05-07", 5)];
        let done = store.preview_new(&others, &config, &no_feeds()).unwrap();
        assert_eq!(store.publish_new(&others, &config, &no_feeds()).unwrap(), done, "{expected}");
        assert!(!done.written.iter().chain(&done.removed).any(|path| path.to_str().unwrap().contains("acme")));
        assert_eq!(fs::read(path.join("output/acme/vault.json")).unwrap(), json, "{expected}");
        assert_eq!(lines_about("acme/vault", path), told, "{expected}");
        assert_eq!(read_dataset(&path.join("output")).unwrap().len(), 3);
        assert!(lines_about("zeta/queue", path).contains("005"), "the others are done");
        assert_eq!(store.publish_new(&[], &config, &no_feeds()).unwrap(), super::Published::default(), "{expected}");
    }
}

#[test]
fn what_is_kept_stays_as_it_was_published() {
    let (dir, _, new) = published();
    let path = dir.path().join("output/acme/vault.json");
    let odd = fs::read_to_string(&path).unwrap().replacen("\n{", "{", 1).replace("The | acme", "An older name of acme");
    fs::write(&path, &odd).unwrap();
    damages()[0].1(dir.path());
    let store = Store::open(dir.path()).unwrap();
    let mut config = config(&["acme/vault", "beta/mail"]);
    store.publish_new(&new[1..], &config, &no_feeds()).unwrap();
    assert_eq!(fs::read_to_string(&path).unwrap(), odd);
    assert!(lines_about("acme/vault", dir.path()).contains("An older name of acme"), "as its file tells it");

    config.publish = Publish::only([Field::Message]);
    store.publish_new(&[], &config, &no_feeds()).unwrap();
    let text = fs::read_to_string(&path).unwrap();
    assert!(text.contains("An older name") && !text.contains("Not found"), "what may not be published goes");
}

#[test]
fn a_source_never_leaves_because_all_of_it_was_lost() {
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

        // Taken out of the table by hand it is no part of the dataset: the others go on, its files stay.
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
fn a_source_can_be_started_anew() {
    let (dir, config, new) = published();
    fs::remove_dir_all(dir.path().join("snapshots/acme")).unwrap();
    fs::remove_file(dir.path().join("output/acme/vault.json")).unwrap();
    let store = Store::open(dir.path()).unwrap();
    assert_eq!(store.last_snapshot(&new[0].source).unwrap(), None);
    store.publish_new(&new, &config, &no_feeds()).unwrap();
    assert_eq!(store.last_snapshot(&new[0].source).unwrap().unwrap().entries.len(), 4);
}

#[test]
fn nothing_good_makes_no_dataset() {
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
    assert_eq!(files(dir.path()), before, "nor does it empty one");
}

#[test]
fn what_is_watched_and_given_must_fit() {
    let (dir, config, _) = published();
    let store = Store::open(dir.path()).unwrap();
    let stranger = snapshot("gamma/x", "2024-05-07", 1);
    assert!(
        store.publish_new(&[stranger], &config, &no_feeds()).unwrap_err().to_string().contains("gamma/x is no source")
    );
    let bad = Snapshot { date: "2024".into(), ..snapshot("beta/mail", "2024-05-07", 1) };
    let error = store.publish_new(&[bad], &config, &no_feeds()).unwrap_err().to_string();
    assert!(error.contains("`2024` is no date"), "{error}");
}

/// Publishing less, then more again: what is newest of every source follows, whether or not a new snapshot is given.
#[test]
fn publishing_less_takes_the_prose_out_of_what_is_newest() {
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
    assert_eq!(store.publish_new(&same, &config, &no_feeds()).unwrap(), super::Published::default(), "once is enough");

    config.publish = Publish::all();
    let done = store.publish_new(&same, &config, &no_feeds()).unwrap();
    assert!(names(&done.written).ends_with(&["snapshots/acme/vault/2024-05-08.jsonl"]), "{done:?}");
    assert!(store.last_snapshot(&same[0].source).unwrap().unwrap().entries[0].description.en.contains("Not found"));
}

#[test]
fn which_sources_fail_is_kept_and_written_only_when_it_changes() {
    let dir = tempfile::tempdir().unwrap();
    let store = Store::open(dir.path()).unwrap();
    assert!(store.failing().unwrap().is_empty());
    let why = Failing { since: "2024-05-06T00:00:00Z".into(), last_success: None, reasons: vec!["gone".into()] };
    let failing = [("acme/vault".parse().unwrap(), why)].into();
    store.keep_failing(&failing).unwrap();
    assert_eq!(store.failing().unwrap(), failing);
    let file = dir.path().join(".docdrift/failing.json");
    let written = fs::metadata(&file).unwrap().modified().unwrap();
    store.keep_failing(&failing).unwrap();
    assert_eq!(fs::metadata(&file).unwrap().modified().unwrap(), written);
    fs::write(&file, "{").unwrap();
    assert!(store.failing().unwrap_err().to_string().contains("is damaged"));
    store.keep_failing(&BTreeMap::new()).unwrap();
    assert!(store.failing().unwrap().is_empty(), "a damaged file is replaced");
}

#[test]
fn removals_that_wait_are_kept() {
    let dir = tempfile::tempdir().unwrap();
    let store = Store::open(dir.path()).unwrap();
    assert!(store.pending().unwrap().is_empty());
    let waiting = docdrift_model::PendingRemovals { removed: ["e1".to_owned(), "e2".to_owned()].into(), runs: 2 };
    let pending = [("acme/vault".parse().unwrap(), waiting)].into();
    store.keep_pending(&pending).unwrap();
    assert_eq!(store.pending().unwrap(), pending);
    fs::write(dir.path().join(".docdrift/pending.json"), "{").unwrap();
    assert!(store.pending().unwrap_err().to_string().contains("is damaged"));
    store.keep_pending(&BTreeMap::new()).unwrap();
    assert!(store.pending().unwrap().is_empty(), "a damaged file is replaced");
}
