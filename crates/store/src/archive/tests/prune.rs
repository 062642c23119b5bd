use std::{collections::BTreeSet, fs, path::Path};

use docdrift_model::{Lang, Page, Retention, SourceId};
use jiff::civil::{Date, date};
use proptest::prelude::*;

use super::{
    super::{Archive, Index, Pruned, Snapshotted, Visit, page_at},
    INDEX, id, keep_zh, latest_page, object_path, page,
};

const TODAY: Date = date(2024, 5, 31);

fn rules(keep_days: u32, keep_versions: u32) -> Retention {
    Retention { keep_days, keep_versions }
}

fn prune(folder: &Path, rules: Retention, snapshotted: &Snapshotted) -> Pruned {
    Archive::new(folder, &mut Index::default()).unwrap().prune(Some(folder), rules, TODAY, snapshotted).unwrap()
}

fn visits(folder: &Path) -> Vec<Visit> {
    Archive::new(folder, &mut Index::default()).unwrap().visits().good.clone()
}

/// The days of the visits still told.
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
        keep_zh(folder, &page(&body.to_string(), day));
    }
}

#[test]
fn what_goes_and_what_stays() {
    let snapshot = |body: &str| Snapshotted::from([(id(), page(body, 1).digest())]);
    for (rules, snapshotted, expected, bodies) in [
        (rules(30, 1), Snapshotted::new(), vec![1, 2, 3, 4, 5, 6, 7, 8, 9], 4),
        (rules(25, 1), Snapshotted::new(), vec![6, 7, 8, 9], 2),
        (rules(1, 1), Snapshotted::new(), vec![9], 1),
        (rules(1, 3), Snapshotted::new(), vec![4, 6, 9], 3),
        (rules(1, 9), Snapshotted::new(), vec![3, 4, 6, 9], 4),
        (rules(1, 1), snapshot("b"), vec![3, 9], 2),
        (rules(1, 1), snapshot("a"), vec![4, 9], 2),
        (rules(1, 1), snapshot("unknown"), vec![9], 1),
        (rules(u32::from(u16::MAX), 1), Snapshotted::new(), vec![1, 2, 3, 4, 5, 6, 7, 8, 9], 4),
    ] {
        let dir = tempfile::tempdir().unwrap();
        let folder = dir.path();
        nine_days(folder);
        let before = fs::read(folder.join(INDEX)).unwrap();
        let mut index = Index::default();
        let mut archive = Archive::new(folder, &mut index).unwrap();
        let told = archive.prune(None, rules, TODAY, &snapshotted).unwrap();
        assert_eq!(fs::read(folder.join(INDEX)).unwrap(), before, "a dry run");

        assert_eq!(prune(folder, rules, &snapshotted), told);
        assert_eq!((days(folder), objects(folder)), (expected.clone(), bodies), "{rules:?}");
        assert_eq!((told.visits_kept, told.visits_gone), (expected.len(), 9 - expected.len()));
        assert_eq!((told.objects_kept, told.objects_gone), (bodies, 4 - bodies));
        assert_eq!(told.bytes_gone > 0, bodies < 4);
        let again = prune(folder, rules, &snapshotted);
        assert_eq!((again.visits_gone, again.objects_gone), (0, 0), "once is enough");
        keep_zh(folder, &page("e", 10));
        assert_eq!(latest_page(folder, &id(), Lang::Zh).unwrap(), Some(page("e", 10)));
    }
}

#[test]
fn nothing_is_there_to_prune() {
    let dir = tempfile::tempdir().unwrap();
    assert_eq!(prune(dir.path(), rules(1, 1), &Snapshotted::new()), Pruned::default());
}

#[test]
fn a_page_of_another_language_and_a_visit_without_a_date_stay() {
    let dir = tempfile::tempdir().unwrap();
    let folder = dir.path();
    nine_days(folder);
    super::keep(folder, &id(), Lang::En, &page("b", 2)).unwrap();
    super::keep(folder, &id(), Lang::En, &Page { fetched_at: "once".into(), ..page("f", 3) }).unwrap();
    prune(folder, rules(1, 1), &Snapshotted::new());
    let left = visits(folder);
    let left: Vec<(Lang, &str)> = left.iter().map(|visit| (visit.lang, visit.fetched_at.as_str())).collect();
    assert_eq!(left, [(Lang::Zh, "2024-05-09T07:08:09Z"), (Lang::En, "once")]);
}

#[test]
fn damaged_lines_stay_and_with_them_every_object() {
    let dir = tempfile::tempdir().unwrap();
    let folder = dir.path();
    nine_days(folder);
    let index = folder.join(INDEX);
    let lines = fs::read_to_string(&index).unwrap();
    let damaged = lines.replacen("\"digest\"", "\"dig", 1) + "{\"source\":\"acme/va";
    fs::write(&index, &damaged).unwrap();
    let told = prune(folder, rules(1, 1), &Snapshotted::new());
    assert_eq!((told.damaged_lines, told.visits_gone, told.objects_gone, told.objects_kept), (1, 7, 0, 4));
    let (first, last) = (damaged.lines().next().unwrap(), lines.lines().last().unwrap());
    assert_eq!(fs::read_to_string(&index).unwrap(), format!("{first}\n{last}\n"), "as it is, less the torn line");

    fs::write(&index, format!("{last}\n")).unwrap();
    assert_eq!(prune(folder, rules(1, 1), &Snapshotted::new()).objects_gone, 3, "mended, the rest goes");
}

#[test]
fn without_its_index_no_object_goes() {
    let dir = tempfile::tempdir().unwrap();
    let folder = dir.path();
    nine_days(folder);
    fs::remove_file(folder.join(INDEX)).unwrap();
    assert_eq!(prune(folder, rules(1, 1), &Snapshotted::new()).objects_kept, 4);
    assert_eq!(objects(folder), 4);
}

/// Killed after the index was written, or between two objects: what is left is sound, and the next prune ends it.
#[test]
fn a_killed_prune_leaves_orphans_only() {
    for removed in 0..=3 {
        let dir = tempfile::tempdir().unwrap();
        let folder = dir.path();
        nine_days(folder);
        let mut index = Index::default();
        let mut archive = Archive::new(folder, &mut index).unwrap();
        let plan = archive.plan(rules(1, 1), TODAY, &Snapshotted::new()).unwrap();
        archive.write_index(folder, &plan).unwrap();
        for body in ["a", "b", "c"].iter().take(removed) {
            fs::remove_file(object_path(folder, &page(body, 1).digest()).unwrap()).unwrap();
        }
        let problems = Archive::new(folder, &mut Index::default()).unwrap().check().unwrap().problems;
        assert!(problems.iter().all(|problem| !problem.kind.is_damage()), "{problems:?}");
        assert_eq!((problems.len(), days(folder)), (3 - removed, vec![9]));
        let told = prune(folder, rules(1, 1), &Snapshotted::new());
        assert_eq!((told.objects_gone, told.objects_kept, objects(folder)), (3 - removed, 1, 1));
    }
}

fn any_visits() -> impl Strategy<Value = Vec<(bool, u8, u8)>> {
    prop::collection::vec((any::<bool>(), 0u8..5, 1u8..31), 1..20)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    /// Whatever the rules, the last visit of each page, versions that a snapshot was read from and the newest versions
    /// stay and can be read; and what stays is as it was.
    #[test]
    fn what_is_needed_never_goes(
        seen in any_visits(),
        keep_days in 1u32..40,
        keep_versions in 1u32..4,
        snapshotted in prop::collection::btree_set(0u8..5, 0..3),
    ) {
        let dir = tempfile::tempdir().unwrap();
        let folder = dir.path();
        let body = |body: &u8| format!("body {body}");
        let lang = |zh: bool| if zh { Lang::Zh } else { Lang::En };
        let arrived = |(zh, number, day): &(bool, u8, u8)| (lang(*zh), page(&body(number), *day));
        let arrived: Vec<(Lang, Page)> = seen.iter().map(arrived).collect();
        let id = id();
        super::keep_all(folder, arrived.iter().map(|(lang, page)| (&id, *lang, page)));
        let before = visits(folder);
        let digests: Snapshotted = snapshotted.iter().map(|n| (id.clone(), page(&body(n), 1).digest())).collect();
        prune(folder, rules(keep_days, keep_versions), &digests);
        let after = visits(folder);
        let mut rest = before.iter();
        prop_assert!(after.iter().all(|visit| rest.any(|other| other == visit)), "in their order, as they were");
        for visit in &after {
            prop_assert!(page_at(folder, visit).is_ok());
        }
        for lang in Lang::ALL {
            let of = |visits: &[Visit]| visits.iter().filter(|v| v.lang == lang).cloned().collect::<Vec<_>>();
            let (before, after) = (of(&before), of(&after));
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
fn snapshots_are_of_their_source() {
    let dir = tempfile::tempdir().unwrap();
    let folder = dir.path();
    nine_days(folder);
    let other: SourceId = "acme/queue".parse().unwrap();
    prune(folder, rules(1, 1), &Snapshotted::from([(other, page("b", 1).digest())]));
    assert_eq!(days(folder), [9]);
}
