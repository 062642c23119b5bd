//! `docdrift archive …` seen from outside.

use std::fs;

use docdrift_archive::Archive;
use docdrift_model::{Lang, Page, SourceId};
use docdrift_store::Store;
use serde_json::Value;

use crate::site::{Site, assert_untouched, write};

const LOCKER: &str = "nimbus/key-locker";

/// A page as a server gives it, so many days ago.
pub(crate) fn page(body: &str, days_ago: i64) -> Page {
    let then = jiff::Timestamp::now() - jiff::SignedDuration::from_hours(24 * days_ago);
    Page {
        url: "https://docs.nimbus.test/zh/locker.html".into(),
        fetched_at: format!("{then:.0}"),
        status: Some(200),
        headers: vec![
            ("content-type".into(), "text/html; charset=utf-8".into()),
            ("etag".into(), format!("\"{}\"", body.len())),
            ("x-hostile".into(), "\u{1b}[31mred".into()),
        ],
        body: body.into(),
    }
}

/// The demo, refreshed, with further visits of one page: two bodies, each twice, the first one once more.
pub(crate) fn visited() -> Site {
    let site = Site::refreshed_demo();
    let archive = Archive::new(&site.root(), Store::open(&site.root()).unwrap().lock());
    let id: SourceId = LOCKER.parse().unwrap();
    for (body, days_ago) in
        [("<p>一</p>", 90), ("<p>一</p>", 80), ("<p>二</p>", 70), ("<p>二</p>", 60), ("<p>一</p>", 50)]
    {
        archive.add(&id, Lang::Zh, &page(body, days_ago)).unwrap();
    }
    site
}

fn versions(site: &Site, arguments: &str) -> Vec<Value> {
    let told = site.run(&format!("archive ls --format json {arguments}")).ends(0).json();
    assert_eq!(told["damaged_lines"], serde_json::json!([]));
    told["versions"].as_array().unwrap().clone()
}

#[test]
fn ls_lists_the_versions() {
    let site = visited();
    let before = site.files();
    let of_locker = versions(&site, &format!("--source {LOCKER}"));
    let told: Vec<(&str, u64, u64)> = of_locker
        .iter()
        .map(|it| {
            let number = |key: &str| it[key].as_u64().unwrap_or_default();
            (it["lang"].as_str().unwrap(), number("visits"), number("status"))
        })
        .collect();
    assert_eq!(told, [("zh", 1, 0), ("zh", 2, 200), ("zh", 2, 200), ("zh", 1, 200), ("en", 1, 0)]);
    assert_eq!(of_locker[1]["digest"], of_locker[3]["digest"]);
    assert_eq!(of_locker[1]["bytes"], 10);
    assert_eq!(versions(&site, "--source nobody/*"), Vec::<Value>::new());
    site.run("archive ls").ends(0).says(&["first seen", LOCKER, "file", "200", "digest"]);
    site.run("archive ls --source [").ends(2).says(&["--source ["]);
    assert_untouched(&before, &site.files(), "archive ls");
    Site::demo().run("archive ls").ends(0).says(&["no page is archived"]);
}

#[test]
fn show_hands_a_page_out() {
    let site = visited();
    assert_eq!(site.run(&format!("archive show {LOCKER} zh")).ends(0).out, "<p>一</p>");
    let then =
        |days: i64| (jiff::Timestamp::now() - jiff::SignedDuration::from_hours(24 * days)).to_string()[..10].to_owned();
    assert_eq!(site.run(&format!("archive show {LOCKER} zh --at {}", then(55))).ends(0).out, "<p>二</p>");
    assert_eq!(site.run(&format!("archive show {LOCKER} zh --at {}", then(60))).ends(0).out, "<p>二</p>");
    assert_eq!(site.run(&format!("archive show {LOCKER} zh --at {}", then(85))).ends(0).out, "<p>一</p>");
    let saved = fs::read_to_string(site.page(&format!("{LOCKER}/en.html"))).unwrap();
    assert_eq!(site.run(&format!("archive show {LOCKER} en")).ends(0).out, saved);

    let head = site.run(&format!("archive show {LOCKER} zh --headers")).ends(0);
    let head = head.says(&[
        "url: https://docs.nimbus.test/zh/locker.html",
        "status: 200",
        "bytes: 10",
        "etag: \"10\"",
        "sha256:",
    ]);
    assert!(!head.out.contains('\u{1b}'), "{}", head.out);
    site.run(&format!("archive show {LOCKER} zh --at 1999-01-01")).ends(2).says(&["until 1999-01-01", "archive ls"]);
    site.run("archive show nobody/there zh").ends(2).says(&["no zh page of nobody/there is archived"]);
    site.run(&format!("archive show {LOCKER} zh --at soon")).ends(2);
    site.run("archive show there zh").ends(2).says(&["no source id"]);
}

/// The object of a page's version.
fn object(site: &Site, digest: &str) -> std::path::PathBuf {
    let hex = digest.strip_prefix("sha256:").unwrap();
    site.root().join(format!(".docdrift/archive/objects/{}/{hex}.warc.gz", &hex[..2]))
}

#[test]
fn what_is_damaged_is_told_and_not_trusted() {
    let site = visited();
    site.run("archive verify").ends(0).says(&["nothing is damaged"]);
    let sound = site.run("archive verify --format json").ends(0).json();
    assert_eq!((&sound["is_sound"], sound["problems"].as_array().unwrap().len()), (&Value::Bool(true), 0));
    let digest = versions(&site, &format!("--source {LOCKER}"))[1]["digest"].as_str().unwrap().to_owned();
    let path = object(&site, &digest);
    let good = fs::read(&path).unwrap();
    write(&path, &good[..good.len() / 2]);
    site.run("archive verify").ends(3).says(&["damaged-object", "(line ", " of the index and 2 more)", "1 damaged"]);
    let told = site.run("archive verify --format json").ends(3).json();
    assert_eq!((&told["is_sound"], &told["problems"][0]["kind"]), (&Value::Bool(false), &"damaged-object".into()));
    site.run(&format!("archive show {LOCKER} zh")).ends(3).says(&["the archived zh page", "is lost", "fetch it again"]);
    site.run("archive export ../all.warc.gz").ends(3).says(&["is lost"]);
    assert!(!site.root().join("../all.warc.gz").exists());
    assert_eq!(fs::read_dir(site.root().join("..")).unwrap().count(), 2, "nor anything half-written");

    write(&path, &good);
    let index = site.root().join(".docdrift/archive/index.jsonl");
    let lines = fs::read_to_string(&index).unwrap();
    write(&index, format!("{{\"\u{1b}[31m\n{lines}"));
    let run = site.run("archive verify").ends(3).says(&["index.jsonl: damaged-line", "(line 1 of the index)"]);
    assert!(!run.out.contains('\u{1b}'), "{}", run.out);
    site.run("archive ls")
        .ends(0)
        .says(&["1 line(s) of .docdrift/archive/index.jsonl are damaged, the first is line 1"]);
    fs::remove_file(object(&site, &digest)).unwrap();
    site.run("archive verify").ends(3).says(&["missing-object", "2 damaged"]);
}

#[test]
fn prune_lets_go_of_what_the_rules_say() {
    let site = visited();
    let rules = |text: &str| {
        let sources = fs::read_to_string(site.root().join("sources.toml")).unwrap();
        let sources = sources.split("[archive]").next().unwrap().to_owned();
        write(&site.root().join("sources.toml"), sources + text);
    };
    let before = site.files();
    site.run("archive prune").ends(2).says(&["no [archive] section"]);
    assert_untouched(&before, &site.files(), "no rules");
    rules("[archive]\nkeep_versions = 2\n");
    site.run("archive prune").ends(2).says(&["sources.toml:", "`keep_days`"]);
    rules("[archive]\nkeep_days = 65\n");

    let before = site.files();
    site.run("archive prune --dry-run").ends(0).says(&["3 visit(s) and 0 object(s), 0 bytes, would be removed"]);
    assert_untouched(&before, &site.files(), "a dry run");
    site.run("archive prune").ends(0).says(&["3 visit(s) and 0 object(s), 0 bytes, removed"]);
    let left = versions(&site, &format!("--source {LOCKER}"));
    let visits: Vec<u64> = left.iter().map(|it| it["visits"].as_u64().unwrap()).collect();
    assert_eq!(visits, [1, 1, 1, 1], "the snapshot's version, the two young visits, the en page");

    rules("[archive]\nkeep_days = 1\n");
    site.run("archive prune").ends(0).says(&["1 visit(s) and 1 object(s)"]);
    site.run("archive verify").ends(0).says(&["nothing is damaged"]);
    site.run("verify").ends(0);
    site.run("archive prune").ends(0).says(&["0 visit(s) and 0 object(s)"]);
    assert_eq!(site.run(&format!("archive show {LOCKER} zh")).ends(0).out, "<p>一</p>");
}

#[test]
fn a_prune_with_a_damaged_snapshot_removes_nothing() {
    let site = visited();
    let sources = fs::read_to_string(site.root().join("sources.toml")).unwrap();
    write(&site.root().join("sources.toml"), sources + "[archive]\nkeep_days = 1\n");
    let data = site.data();
    let snapshot = data.keys().find(|path| path.extension().is_some_and(|ending| ending == "jsonl")).unwrap();
    write(snapshot, "{}");
    let before = site.files();
    site.run("archive prune").ends(3).says(&[snapshot.file_name().unwrap().to_str().unwrap()]);
    let kept =
        |files: &crate::site::Files| files.keys().filter(|path| path.to_string_lossy().contains("archive")).count();
    assert_eq!(kept(&before), kept(&site.files()));
}

#[test]
fn export_writes_what_was_chosen() {
    let site = visited();
    let outside = site.root().join("../some.warc.gz");
    site.run(&format!("archive export --source {LOCKER} ../some.warc.gz")).ends(0).says(&["4 page(s), 3 revisit(s)"]);
    let once = fs::read(&outside).unwrap();
    site.run(&format!("archive export --source {LOCKER} ../some.warc.gz")).ends(0);
    assert_eq!(fs::read(&outside).unwrap(), once, "same visits, same bytes");
    let day = (jiff::Timestamp::now() - jiff::SignedDuration::from_hours(24 * 65)).to_string()[..10].to_owned();
    site.run(&format!("archive export --source {LOCKER} --to {day} ../some.warc.gz"))
        .ends(0)
        .says(&["2 page(s), 1 revisit(s)"]);
    site.run(&format!("archive export --from {day} --to {day} ../none.warc.gz")).ends(2).says(&["no such visit"]);
    assert!(!site.root().join("../none.warc.gz").exists());
    site.run("archive export ../nowhere/some.warc.gz").ends(3).says(&["cannot write"]);
}
