use std::{collections::BTreeSet, fs, path::Path};

use docdrift_model::{Lang, Page, SourceId, config::Retention};
use jiff::civil::{Date, date};
use proptest::prelude::*;

use super::{INDEX, add, add_all, add_zh, id, latest_page, object_path, page};
use crate::{
    contents::Contents,
    index::{Index, Visit},
    objects::read_page,
    prune::{PruneSummary, SnapshotPages},
};

const TODAY: Date = date(2024, 5, 31);

fn rules(keep_days: u32, keep_versions: u32) -> Retention {
    Retention { keep_days, keep_versions }
}

fn prune(folder: &Path, rules: Retention, snapshot_pages: &SnapshotPages) -> PruneSummary {
    Contents::open(folder, &mut Index::default()).unwrap().prune(Some(folder), rules, TODAY, snapshot_pages).unwrap()
}

fn visits(folder: &Path) -> Vec<Visit> {
    Contents::open(folder, &mut Index::default()).unwrap().visits().good.clone()
}

/// Returns the days of the visits in the index.
fn days(folder: &Path) -> Vec<u8> {
    visits(folder).iter().map(|visit| visit.fetched_at[8..10].parse().unwrap()).collect()
}

fn objects(folder: &Path) -> usize {
    let folders = fs::read_dir(folder.join("objects")).unwrap();
    folders.map(|folder| fs::read_dir(folder.unwrap().path()).unwrap().count()).sum()
}

/// Days 1 to 9: `a`, `a`, `b`, `a`, `c`, `c`, `d`, `d`, `d`.
fn nine_days(folder: &Path) {
    for (day, body) in (1..).zip("aabaccddd".chars()) {
        add_zh(folder, &page(&body.to_string(), day));
    }
}

#[test]
fn the_rules_decide_which_visits_stay() {
    let snapshot = |body: &str| SnapshotPages::from([(id(), page(body, 1).digest())]);
    for (rules, snapshot_pages, expected, bodies) in [
        (rules(30, 1), SnapshotPages::new(), vec![1, 2, 3, 4, 5, 6, 7, 8, 9], 4),
        (rules(25, 1), SnapshotPages::new(), vec![6, 7, 8, 9], 2),
        (rules(1, 1), SnapshotPages::new(), vec![9], 1),
        (rules(1, 3), SnapshotPages::new(), vec![4, 6, 9], 3),
        (rules(1, 9), SnapshotPages::new(), vec![3, 4, 6, 9], 4),
        (rules(1, 1), snapshot("b"), vec![3, 9], 2),
        (rules(1, 1), snapshot("a"), vec![4, 9], 2),
        (rules(1, 1), snapshot("unknown"), vec![9], 1),
        (rules(u32::from(u16::MAX), 1), SnapshotPages::new(), vec![1, 2, 3, 4, 5, 6, 7, 8, 9], 4),
    ] {
        let dir = tempfile::tempdir().unwrap();
        let folder = dir.path();
        nine_days(folder);
        let before = fs::read(folder.join(INDEX)).unwrap();
        let mut index = Index::default();
        let mut archive = Contents::open(folder, &mut index).unwrap();
        let summary = archive.prune(None, rules, TODAY, &snapshot_pages).unwrap();
        assert_eq!(fs::read(folder.join(INDEX)).unwrap(), before, "a dry run");

        assert_eq!(prune(folder, rules, &snapshot_pages), summary);
        assert_eq!((days(folder), objects(folder)), (expected.clone(), bodies), "{rules:?}");
        assert_eq!((summary.kept_visit_count, summary.removed_visit_count), (expected.len(), 9 - expected.len()));
        assert_eq!((summary.kept_object_count, summary.removed_object_count), (bodies, 4 - bodies));
        assert_eq!(summary.removed_bytes > 0, bodies < 4);
        let again = prune(folder, rules, &snapshot_pages);
        assert_eq!((again.removed_visit_count, again.removed_object_count), (0, 0), "a second prune removes nothing");
        add_zh(folder, &page("e", 10));
        assert_eq!(latest_page(folder, &id(), Lang::Zh).unwrap(), Some(page("e", 10)));
    }
}

#[test]
fn an_empty_archive_has_nothing_to_prune() {
    let dir = tempfile::tempdir().unwrap();
    assert_eq!(prune(dir.path(), rules(1, 1), &SnapshotPages::new()), PruneSummary::default());
}

#[test]
fn a_page_of_another_language_and_a_visit_without_a_date_stay() {
    let dir = tempfile::tempdir().unwrap();
    let folder = dir.path();
    nine_days(folder);
    add(folder, &id(), Lang::En, &page("b", 2)).unwrap();
    add(folder, &id(), Lang::En, &Page { fetched_at: "once".into(), ..page("f", 3) }).unwrap();
    prune(folder, rules(1, 1), &SnapshotPages::new());
    let left = visits(folder);
    let left: Vec<(Lang, &str)> = left.iter().map(|visit| (visit.lang, visit.fetched_at.as_str())).collect();
    assert_eq!(left, [(Lang::Zh, "2024-05-09T07:08:09Z"), (Lang::En, "once")]);
}

#[test]
fn damaged_lines_and_every_object_stay() {
    let dir = tempfile::tempdir().unwrap();
    let folder = dir.path();
    nine_days(folder);
    let index = folder.join(INDEX);
    let lines = fs::read_to_string(&index).unwrap();
    let damaged = lines.replacen("\"digest\"", "\"dig", 1) + "{\"source\":\"acme/va";
    fs::write(&index, &damaged).unwrap();
    let summary = prune(folder, rules(1, 1), &SnapshotPages::new());
    assert_eq!(
        (
            summary.damaged_line_count,
            summary.removed_visit_count,
            summary.removed_object_count,
            summary.kept_object_count
        ),
        (1, 7, 0, 4)
    );
    let (first, last) = (damaged.lines().next().unwrap(), lines.lines().last().unwrap());
    assert_eq!(fs::read_to_string(&index).unwrap(), format!("{first}\n{last}\n"), "unchanged without the torn line");

    fs::write(&index, format!("{last}\n")).unwrap();
    assert_eq!(
        prune(folder, rules(1, 1), &SnapshotPages::new()).removed_object_count,
        3,
        "once repaired, the rest is removed"
    );
}

#[test]
fn without_an_index_every_object_stays() {
    let dir = tempfile::tempdir().unwrap();
    let folder = dir.path();
    nine_days(folder);
    fs::remove_file(folder.join(INDEX)).unwrap();
    assert_eq!(prune(folder, rules(1, 1), &SnapshotPages::new()).kept_object_count, 4);
    assert_eq!(objects(folder), 4);
}

/// A prune killed after the index was written, or between two objects: no damage is left, and the next prune completes it.
#[test]
fn a_killed_prune_leaves_orphans_only() {
    for removed in 0..=3 {
        let dir = tempfile::tempdir().unwrap();
        let folder = dir.path();
        nine_days(folder);
        let mut index = Index::default();
        let mut archive = Contents::open(folder, &mut index).unwrap();
        let plan = archive.plan_prune(rules(1, 1), TODAY, &SnapshotPages::new()).unwrap();
        archive.write_index(folder, &plan).unwrap();
        for body in ["a", "b", "c"].iter().take(removed) {
            fs::remove_file(object_path(folder, &page(body, 1).digest()).unwrap()).unwrap();
        }
        let problems = Contents::open(folder, &mut Index::default()).unwrap().check().unwrap().problems;
        assert!(problems.iter().all(|problem| !problem.kind.is_damage()), "{problems:?}");
        assert_eq!((problems.len(), days(folder)), (3 - removed, vec![9]));
        let summary = prune(folder, rules(1, 1), &SnapshotPages::new());
        assert_eq!((summary.removed_object_count, summary.kept_object_count, objects(folder)), (3 - removed, 1, 1));
    }
}

fn any_visits() -> impl Strategy<Value = Vec<(bool, u8, u8)>> {
    prop::collection::vec((any::<bool>(), 0u8..5, 1u8..31), 1..20)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    /// With any rules, the last visit of each page, the versions that a snapshot was read from and the newest versions
    /// stay readable, and what stays is unchanged.
    #[test]
    fn needed_versions_are_never_removed(
        seen in any_visits(),
        keep_days in 1u32..40,
        keep_versions in 1u32..4,
        snapshot_pages in prop::collection::btree_set(0u8..5, 0..3),
    ) {
        let dir = tempfile::tempdir().unwrap();
        let folder = dir.path();
        let body = |body: &u8| format!("body {body}");
        let lang = |zh: bool| if zh { Lang::Zh } else { Lang::En };
        let to_page = |(zh, number, day): &(bool, u8, u8)| (lang(*zh), page(&body(number), *day));
        let added: Vec<(Lang, Page)> = seen.iter().map(to_page).collect();
        let id = id();
        add_all(folder, added.iter().map(|(lang, page)| (&id, *lang, page)));
        let before = visits(folder);
        let digests: SnapshotPages = snapshot_pages.iter().map(|n| (id.clone(), page(&body(n), 1).digest())).collect();
        prune(folder, rules(keep_days, keep_versions), &digests);
        let after = visits(folder);
        let mut rest = before.iter();
        prop_assert!(after.iter().all(|visit| rest.any(|other| other == visit)), "unchanged and in order");
        for visit in &after {
            prop_assert!(read_page(folder, visit).is_ok());
        }
        for lang in Lang::ALL {
            let in_lang = |visits: &[Visit]| visits.iter().filter(|v| v.lang == lang).cloned().collect::<Vec<_>>();
            let (before, after) = (in_lang(&before), in_lang(&after));
            prop_assert_eq!(before.last(), after.last());
            let versions: BTreeSet<&str> = after.iter().map(|visit| visit.digest.as_str()).collect();
            let all: BTreeSet<&str> = before.iter().map(|visit| visit.digest.as_str()).collect();
            prop_assert!(versions.len() >= all.len().min(keep_versions as usize));
            for (_, digest) in digests.iter().filter(|(_, digest)| all.contains(digest.as_str())) {
                prop_assert!(versions.contains(digest.as_str()));
            }
        }
        let named: BTreeSet<&str> = after.iter().map(|visit| visit.digest.as_str()).collect();
        prop_assert_eq!(objects(folder), named.len());
    }
}

#[test]
fn the_snapshot_of_another_source_keeps_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let folder = dir.path();
    nine_days(folder);
    let other: SourceId = "acme/queue".parse().unwrap();
    prune(folder, rules(1, 1), &SnapshotPages::from([(other, page("b", 1).digest())]));
    assert_eq!(days(folder), [9]);
}
