//! The commands of `docdrift archive`.

use std::fs;

use docdrift_archive::Archive;
use docdrift_model::{Lang, Page, SourceId};
use docdrift_store::Store;
use serde_json::Value;

use crate::site::{Site, assert_untouched, write};

const LOCKER: &str = "nimbus/key-locker";

/// Returns a page that was fetched `days_ago`.
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

/// Returns the refreshed demo with five more visits of one page: two bodies, each twice, then the first one again.
pub(crate) fn site_with_visits() -> Site {
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

fn list_versions(site: &Site, arguments: &str) -> Vec<Value> {
    let answer = site.run(&format!("archive ls --format json {arguments}")).exits_with(0).json();
    assert_eq!(answer["damaged_lines"], serde_json::json!([]));
    answer["versions"].as_array().unwrap().clone()
}

#[test]
fn ls_lists_the_archived_versions() {
    let site = site_with_visits();
    let before = site.files();
    let locker_versions = list_versions(&site, &format!("--source {LOCKER}"));
    let summaries: Vec<(&str, u64, u64)> = locker_versions
        .iter()
        .map(|it| {
            let number = |key: &str| it[key].as_u64().unwrap_or_default();
            (it["lang"].as_str().unwrap(), number("visits"), number("status"))
        })
        .collect();
    assert_eq!(summaries, [("zh", 1, 0), ("zh", 2, 200), ("zh", 2, 200), ("zh", 1, 200), ("en", 1, 0)]);
    assert_eq!(locker_versions[1]["digest"], locker_versions[3]["digest"]);
    assert_eq!(locker_versions[1]["bytes"], 10);
    assert_eq!(list_versions(&site, "--source nobody/*"), Vec::<Value>::new());
    site.run("archive ls").exits_with(0).prints(&["first seen", LOCKER, "file", "200", "digest"]);
    site.run("archive ls --source [")
        .exits_with(2)
        .prints_exactly("", "error: --source [: error parsing glob '[': unclosed character class; missing ']'\n");
    assert_untouched(&before, &site.files(), "archive ls");
    Site::demo().run("archive ls").exits_with(0).prints_exactly("no page is archived\n", "");
}

#[test]
fn show_prints_a_page_or_its_headers() {
    let site = site_with_visits();
    assert_eq!(site.run(&format!("archive show {LOCKER} zh")).exits_with(0).out, "<p>一</p>");
    let then =
        |days: i64| (jiff::Timestamp::now() - jiff::SignedDuration::from_hours(24 * days)).to_string()[..10].to_owned();
    assert_eq!(site.run(&format!("archive show {LOCKER} zh --at {}", then(55))).exits_with(0).out, "<p>二</p>");
    assert_eq!(site.run(&format!("archive show {LOCKER} zh --at {}", then(60))).exits_with(0).out, "<p>二</p>");
    assert_eq!(site.run(&format!("archive show {LOCKER} zh --at {}", then(85))).exits_with(0).out, "<p>一</p>");
    let saved = fs::read_to_string(site.page(&format!("{LOCKER}/en.html"))).unwrap();
    assert_eq!(site.run(&format!("archive show {LOCKER} en")).exits_with(0).out, saved);

    let head = site.run(&format!("archive show {LOCKER} zh --headers")).exits_with(0);
    let head = head.prints(&[
        "url: https://docs.nimbus.test/zh/locker.html",
        "status: 200",
        "bytes: 10",
        "etag: \"10\"",
        "sha256:",
    ]);
    assert!(!head.out.contains('\u{1b}'), "{}", head.out);
    site.run(&format!("archive show {LOCKER} zh --at 1999-01-01")).exits_with(2).prints_exactly(
        "",
        &format!("error: no zh page of {LOCKER} is archived until 1999-01-01; `docdrift archive ls` lists what is\n"),
    );
    site.run("archive show nobody/there zh")
        .exits_with(2)
        .prints_exactly("", "error: no zh page of nobody/there is archived; `docdrift archive ls` lists what is\n");
    site.run(&format!("archive show {LOCKER} zh --at soon"))
        .exits_with(2)
        .prints_lines(&["error: invalid value 'soon' for '--at <DATE>': write a day as YYYY-MM-DD"]);
    site.run("archive show there zh").exits_with(2).prints_lines(&[
        "error: invalid value 'there' for '<SOURCE>': `there` is no source id: write `vendor/service`, \
         each of a-z 0-9 - _ . and not starting with a dot",
    ]);
}

/// Returns the path of the archived object with this digest.
fn object_path(site: &Site, digest: &str) -> std::path::PathBuf {
    let hex = digest.strip_prefix("sha256:").unwrap();
    site.root().join(format!(".docdrift/archive/objects/{}/{hex}.warc.gz", &hex[..2]))
}

#[test]
fn damaged_objects_and_index_lines_are_reported_and_not_read() {
    let site = site_with_visits();
    site.run("archive verify").exits_with(0).prints(&["nothing is damaged"]);
    let sound = site.run("archive verify --format json").exits_with(0).json();
    assert_eq!((&sound["is_sound"], sound["problems"].as_array().unwrap().len()), (&Value::Bool(true), 0));
    let digest = list_versions(&site, &format!("--source {LOCKER}"))[1]["digest"].as_str().unwrap().to_owned();
    let path = object_path(&site, &digest);
    let good = fs::read(&path).unwrap();
    write(&path, &good[..good.len() / 2]);
    site.run("archive verify").exits_with(3).prints(&[
        "damaged-object",
        "(line ",
        " of the index and 2 more)",
        "1 damaged",
    ]);
    let damaged = site.run("archive verify --format json").exits_with(3).json();
    assert_eq!(
        (&damaged["is_sound"], &damaged["problems"][0]["kind"]),
        (&Value::Bool(false), &"damaged-object".into())
    );
    site.run(&format!("archive show {LOCKER} zh")).exits_with(3).prints(&[
        "the archived zh page",
        "is lost",
        "fetch it again",
    ]);
    site.run("archive export ../all.warc.gz").exits_with(3).prints(&["is lost"]);
    assert!(!site.root().join("../all.warc.gz").exists());
    assert_eq!(fs::read_dir(site.root().join("..")).unwrap().count(), 2, "no partial file is left");

    write(&path, &good);
    let index = site.root().join(".docdrift/archive/index.jsonl");
    let lines = fs::read_to_string(&index).unwrap();
    write(&index, format!("{{\"\u{1b}[31m\n{lines}"));
    let run = site.run("archive verify").exits_with(3).prints(&["index.jsonl: damaged-line", "(line 1 of the index)"]);
    assert!(!run.out.contains('\u{1b}'), "{}", run.out);
    site.run("archive ls")
        .exits_with(0)
        .prints(&["1 line(s) of .docdrift/archive/index.jsonl are damaged, the first is line 1"]);
    fs::remove_file(object_path(&site, &digest)).unwrap();
    site.run("archive verify").exits_with(3).prints(&["missing-object", "2 damaged"]);
}

#[test]
fn prune_removes_visits_by_the_configured_rules() {
    let site = site_with_visits();
    let rules = |text: &str| {
        let sources = fs::read_to_string(site.root().join("sources.toml")).unwrap();
        let sources = sources.split("[archive]").next().unwrap().to_owned();
        write(&site.root().join("sources.toml"), sources + text);
    };
    let before = site.files();
    site.run("archive prune").exits_with(2).prints_exactly(
        "",
        "error: sources.toml has no [archive] section, so everything stays; write `[archive]` and `keep_days = N` \
         below it\n",
    );
    assert_untouched(&before, &site.files(), "no rules");
    rules("[archive]\nkeep_versions = 2\n");
    site.run("archive prune").exits_with(2).prints(&["sources.toml:", "`keep_days`"]);
    rules("[archive]\nkeep_days = 65\n");

    let before = site.files();
    site.run("archive prune --dry-run")
        .exits_with(0)
        .prints(&["3 visit(s) and 0 object(s), 0 bytes, would be removed\n"]);
    assert_untouched(&before, &site.files(), "a dry run");
    site.run("archive prune").exits_with(0).prints(&["3 visit(s) and 0 object(s), 0 bytes, removed\n"]);
    let left = list_versions(&site, &format!("--source {LOCKER}"));
    let visits: Vec<u64> = left.iter().map(|it| it["visits"].as_u64().unwrap()).collect();
    assert_eq!(visits, [1, 1, 1, 1], "the snapshot's version, the two young visits, the en page");

    rules("[archive]\nkeep_days = 1\n");
    site.run("archive prune").exits_with(0).prints(&["1 visit(s) and 1 object(s)"]);
    site.run("archive verify").exits_with(0).prints(&["nothing is damaged"]);
    site.run("verify").exits_with(0);
    site.run("archive prune").exits_with(0).prints(&["0 visit(s) and 0 object(s)"]);
    assert_eq!(site.run(&format!("archive show {LOCKER} zh")).exits_with(0).out, "<p>一</p>");
}

#[test]
fn prune_removes_nothing_if_a_snapshot_is_damaged() {
    let site = site_with_visits();
    let sources = fs::read_to_string(site.root().join("sources.toml")).unwrap();
    write(&site.root().join("sources.toml"), sources + "[archive]\nkeep_days = 1\n");
    let data = site.data();
    let snapshot = data.keys().find(|path| path.extension().is_some_and(|ending| ending == "jsonl")).unwrap();
    write(snapshot, "{}");
    let before = site.files();
    site.run("archive prune").exits_with(3).prints(&[snapshot.file_name().unwrap().to_str().unwrap()]);
    let kept =
        |files: &crate::site::Files| files.keys().filter(|path| path.to_string_lossy().contains("archive")).count();
    assert_eq!(kept(&before), kept(&site.files()));
}

#[test]
fn export_writes_the_selected_visits() {
    let site = site_with_visits();
    let outside = site.root().join("../some.warc.gz");
    site.run(&format!("archive export --source {LOCKER} ../some.warc.gz"))
        .exits_with(0)
        .prints(&["4 page(s), 3 revisit(s)"]);
    let once = fs::read(&outside).unwrap();
    site.run(&format!("archive export --source {LOCKER} ../some.warc.gz")).exits_with(0);
    assert_eq!(fs::read(&outside).unwrap(), once, "same visits, same bytes");
    let day = (jiff::Timestamp::now() - jiff::SignedDuration::from_hours(24 * 65)).to_string()[..10].to_owned();
    site.run(&format!("archive export --source {LOCKER} --to {day} ../some.warc.gz"))
        .exits_with(0)
        .prints(&["2 page(s), 1 revisit(s)"]);
    site.run(&format!("archive export --from {day} --to {day} ../none.warc.gz"))
        .exits_with(2)
        .prints_exactly("", "error: no such visit is archived; `docdrift archive ls` lists what is\n");
    assert!(!site.root().join("../none.warc.gz").exists());
    site.run("archive export ../nowhere/some.warc.gz").exits_with(3).prints(&["cannot write"]);
}
