mod read;
mod retention;
mod vendor;

use std::{collections::BTreeSet, fs, path::Path};

use docdrift_model::{
    Bilingual, Field, Lang, Publish, Severity,
    config::FetchSettings,
    decision::Verdict,
    severities::{ChangeKind, Severities},
    thresholds::{Threshold, Thresholds},
};

use super::{Problem, find_root, load_config, load_overrides, overrides, parse};

const WHOLE: &str = r#"
[publish]
fields = ["message", "group"]

[fetch]
contact = "https://acme.test/bot"
interval_ms = 250

[[source]]
vendor = "zeta"
service = "vault"
name = { zh = "保管库", en = "Vault" }
pages = { zh = "https://zeta.test/zh/errors", en = "https://zeta.test/en/errors" }
licence = "© Zeta"

[[source]]
vendor = "acme"
service = "queue"
name = { en = "Queue" }
pages = { en = "http://localhost:8080/queue" }
licence = "CC-BY-4.0"
local = true
ignore = [
    { kind = "message-differs", code = "Queue.*", reason = "both are sent" },
    { kind = "only-in-en", reason = "there is one page" },
]
"#;

#[test]
fn a_complete_file_is_parsed() {
    let config = parse::parse_config(WHOLE).unwrap();
    let ids: Vec<String> = config.sources.iter().map(|source| source.id.to_string()).collect();
    assert_eq!(ids, ["acme/queue", "zeta/vault"], "sorted");
    assert_eq!(config.publish, Publish::only([Field::Message, Field::Group]));
    assert_eq!((config.fetch.contact.as_deref(), config.fetch.interval_ms), (Some("https://acme.test/bot"), Some(250)));
    let [queue, vault] = config.sources.as_slice() else { panic!("two sources") };
    assert_eq!((queue.names.zh.as_str(), queue.names.en.as_str(), queue.local), ("", "Queue", true));
    assert_eq!(queue.pages.zh, None);
    assert_eq!(vault.pages.zh.as_deref(), Some("https://zeta.test/zh/errors"));
    assert!(!vault.local);
    assert!(vault.ignore.is_empty());
    let ignored: Vec<_> = queue.ignore.iter().map(|i| (i.kind.as_str(), i.code.as_deref(), i.line)).collect();
    assert_eq!(ignored, [("message-differs", Some("Queue.*"), 24), ("only-in-en", None, 25)]);
    assert_eq!(queue.ignore[0].reason, "both are sent");
}

#[test]
fn optional_tables_have_defaults() {
    let (_, sources) = WHOLE.split_once("interval_ms = 250").unwrap();
    let config = parse::parse_config(sources).unwrap();
    assert_eq!(config.publish, Publish::all());
    assert_eq!(config.fetch, FetchSettings::default());
    let none = parse::parse_config(&format!("[publish]\nfields = []\n{sources}")).unwrap();
    assert_eq!(none.publish, Publish::only([]));
}

/// Mistakes in each part of the whole file, and the problem of each.
#[test]
#[allow(clippy::too_many_lines, reason = "nearly all of it is a table")]
fn each_mistake_has_a_problem_with_its_line() {
    for (right, wrong, expected) in [
        (
            "licence = \"©",
            "lisence = \"©",
            "14:1: unknown key `lisence` in [[source]]; allowed: vendor, service, name, pages, licence, local, robots, render, redirect_hosts, read, ignore, severity, guard",
        ),
        ("licence = \"©", "lisence = \"©", "9:1: missing key `licence` in [[source]]: whose text"),
        (
            "[fetch]",
            "[fetsch]",
            "5:2: unknown key `fetsch` in sources.toml; allowed: publish, fetch, hosts, severity, guard, archive, vendor, source",
        ),
        (
            "\"group\"",
            "\"grupp\"",
            "3:22: unknown field `grupp` in `fields`; allowed: message, description, solution, group, extra",
        ),
        ("\"group\"", "7", "3:22: `fields` must be a string, not an integer"),
        ("[\"message\", \"group\"]", "\"message\"", "3:10: `fields` must be a list of strings, not a string"),
        ("= 250", "= -1", "7:15: `interval_ms` must be a whole number"),
        ("= 250", "= 3_600_001", "7:15: `interval_ms` must be a whole number of milliseconds, 0 to 3600000"),
        ("= 250", "= 2.5", "7:15: `interval_ms` must be a whole number"),
        ("https://acme.test/bot", "acme.test", "6:11: `contact` must be a URL"),
        ("https://acme.test/bot", "https://acme.test/b t", "6:11: `contact` must be a URL"),
        ("\"zeta\"", "\"../zeta\"", "10:10: `vendor` becomes a folder name"),
        ("\"zeta\"", "\"a/b\"", "10:10: `vendor` becomes a folder name"),
        ("\"vault\"", "\"Vault\"", "11:11: `service` becomes a folder name"),
        ("\"vault\"", "[]", "11:11: `service` must be a string, not an array"),
        ("\"vault\"", "\" \"", "11:11: `service` must be one line of text"),
        ("\"© Zeta\"", "\"a\\nb\"", "14:11: `licence` must be one line of text"),
        ("https://zeta.test/zh", "zeta.test/zh", "13:16: `pages.zh` is no absolute URL"),
        ("https://zeta.test/zh", "http://zeta.test/zh", "13:16: `pages.zh` is plain http: write https://…"),
        ("https://zeta.test/zh", "file:///zh", "13:16: `pages.zh` has the scheme `file`"),
        ("https://zeta.test/zh", "https://me:pw@zeta.test/zh", "13:16: `pages.zh` holds credentials"),
        ("https://zeta.test/zh", "https://127.0.0.1/zh", "13:16: `pages.zh` lies on this machine or network"),
        ("https://zeta.test/zh", "https://[::1]/zh", "13:16: `pages.zh` lies on this machine or network"),
        ("https://zeta.test/zh", "https://[::ffff:10.0.0.1]/zh", "13:16: `pages.zh` lies on this machine or network"),
        ("zh = \"https", "jp = \"https", "13:11: unknown key `jp` in `pages`; allowed: zh, en"),
        (
            "pages = { en = \"http://localhost:8080/queue\" }",
            "pages = {}",
            "20:9: `pages` is empty: give `zh`, `en` or both",
        ),
        ("pages = { en = \"http://localhost:8080/queue\" }", "", "16:1: missing key `pages` in [[source]]"),
        ("{ en = \"Queue\" }", "\"Queue\"", "19:8: `name` must be a table, not a string"),
        ("local = true", "local = \"yes\"", "22:9: `local` must be true or false, not a string"),
        ("local = true", "local = false", "20:16: `pages.en` is plain http"),
        (
            "vendor = \"acme\"\nservice = \"queue\"",
            "vendor = \"zeta\"\nservice = \"vault\"",
            "16:1: `zeta/vault` is there already (line 9)",
        ),
        ("[[source]]\nvendor = \"zeta\"", "[[source]\nvendor = \"zeta\"", "9:10: not valid TOML: unclosed array table"),
        ("local = true", "local = true\nlocal = true", "23:1: not valid TOML: duplicate key"),
    ] {
        assert!(WHOLE.contains(right), "{right}");
        assert_reported(&parse::parse_config(&WHOLE.replacen(right, wrong, 1)).unwrap_err(), expected);
    }
}

/// The same for what is ignored.
#[test]
fn each_mistake_in_ignores_has_a_problem_with_its_line() {
    for (right, wrong, expected) in [
        (
            "\"only-in-en\"",
            "\"only-in-jp\"",
            "25:14: unknown kind `only-in-jp` in `ignore`; allowed: status-differs, code-",
        ),
        (
            "reason = \"both are sent\"",
            "why = \"both\"",
            "24:51: unknown key `why` in `ignore`; allowed: kind, code, reason",
        ),
        ("reason = \"both are sent\"", "why = \"both\"", "24:5: missing key `reason` in `ignore`: why these"),
        ("kind = \"only-in-en\", ", "", "25:5: missing key `kind` in `ignore`: the kind of findings"),
        ("code = \"Queue.*\"", "code = 7", "24:40: `code` must be a string, not an integer"),
        ("ignore = [", "ignore = [1,", "23:11: `ignore` must be a table, not an integer"),
    ] {
        assert!(WHOLE.contains(right), "{right}");
        assert_reported(&parse::parse_config(&WHOLE.replacen(right, wrong, 1)).unwrap_err(), expected);
    }
}

const WITH_SEVERITIES: &str = r#"
[severity]
removed = "wording"
solution = "none"

[[source]]
vendor = "acme"
service = "queue"
name = { en = "Queue" }
pages = { en = "https://acme.test/queue" }
licence = "CC-BY-4.0"
severity = { removed = "editorial", added = "breaking" }

[[source]]
vendor = "acme"
service = "vault"
name = { en = "Vault" }
pages = { en = "https://acme.test/vault" }
licence = "CC-BY-4.0"
"#;

#[test]
fn severities_of_a_source_win_over_those_of_all() {
    let config = parse::parse_config(WITH_SEVERITIES).unwrap();
    let [queue, vault] = config.sources.as_slice() else { panic!("two sources") };
    let for_all = [(ChangeKind::Removed, Severity::Wording), (ChangeKind::Solution, Severity::None)];
    assert_eq!(vault.severities, Severities::from_iter(for_all));
    let own = [(ChangeKind::Removed, Severity::Editorial), (ChangeKind::Added, Severity::Breaking)];
    assert_eq!(queue.severities, for_all.into_iter().chain(own).collect());
    assert!(parse::parse_config(WHOLE).unwrap().sources.iter().all(|source| source.severities.is_default()));
}

#[test]
fn every_kind_can_have_every_severity() {
    for kind in ChangeKind::ALL {
        for severity in ["none", "cosmetic", "editorial", "wording", "added", "breaking"] {
            let said = format!("{} = \"{severity}\"", kind.as_str());
            let text = WITH_SEVERITIES.replacen("removed = \"wording\"\nsolution = \"none\"", &said, 1);
            let source = parse::parse_config(&text).unwrap().sources.pop().unwrap();
            assert_eq!(source.severities.get_explicit(kind).map(Severity::as_str), Some(severity), "{said}");
        }
    }
}

#[test]
fn each_mistake_in_severities_has_a_problem_with_its_line() {
    const KINDS: &str = "removed, renamed, status, placeholders, added, message, description, solution, group, extra, \
                         moved, column, language, cosmetic";
    const SEVERITIES: &str = "breaking, added, wording, editorial, cosmetic, none";
    for (right, wrong, expected) in [
        ("removed = \"w", "remove = \"w", format!("3:1: unknown key `remove` in [severity]; allowed: {KINDS}")),
        ("added = \"b", "new = \"b", format!("12:37: unknown key `new` in `severity`; allowed: {KINDS}")),
        (
            "\"none\"",
            "\"grave\"",
            format!("4:12: unknown severity `grave` in `severity.solution`; allowed: {SEVERITIES}"),
        ),
        (
            "\"breaking\"",
            "\"None\"",
            format!("12:45: unknown severity `None` in `severity.added`; allowed: {SEVERITIES}"),
        ),
        ("\"none\"", "false", "4:12: `severity.solution` must be a string, not a boolean".into()),
        ("[severity]", "[[severity]]", "2:1: [severity] must be a table, not an array".into()),
        (
            "{ removed = \"editorial\", added = \"breaking\" }",
            "\"none\"",
            "12:12: `severity` must be a table, not a string".into(),
        ),
    ] {
        assert!(WITH_SEVERITIES.contains(right), "{right}");
        assert_reported(&parse::parse_config(&WITH_SEVERITIES.replacen(right, wrong, 1)).unwrap_err(), &expected);
    }
    let both = WITH_SEVERITIES.replace("removed", "gone");
    assert_eq!(parse::parse_config(&both).unwrap_err().len(), 2, "all at once");
}

const WITH_THRESHOLDS: &str = r#"
[guard]
lost_percent = 10
failing_percent = 30

[[source]]
vendor = "acme"
service = "queue"
name = { en = "Queue" }
pages = { en = "https://acme.test/queue" }
licence = "CC-BY-4.0"
guard = { lost_percent = 40, confirm_removals = 3 }

[[source]]
vendor = "acme"
service = "vault"
name = { en = "Vault" }
pages = { en = "https://acme.test/vault" }
licence = "CC-BY-4.0"
"#;

#[test]
fn thresholds_of_a_source_win_over_those_of_all() {
    let config = parse::parse_config(WITH_THRESHOLDS).unwrap();
    let [queue, vault] = config.sources.as_slice() else { panic!("two sources") };
    let values = |thresholds: &Thresholds| {
        [Threshold::LostPercent, Threshold::ConfirmRemovals, Threshold::FailingPercent, Threshold::LostFew]
            .map(|threshold| thresholds.get(threshold))
    };
    assert_eq!(values(&queue.guard), [40, 3, 30, 2]);
    assert_eq!(values(&vault.guard), [10, 1, 30, 2]);
    assert_eq!(values(&config.guard), [10, 1, 30, 2]);
}

#[test]
fn each_mistake_in_thresholds_has_a_problem_with_its_line() {
    const OF_ALL: &str = "lost_percent, lost_few, emptied_percent, strayed_percent, replaced_percent, \
                          smaller_percent, failing_percent, confirm_removals";
    const OF_ONE: &str = "lost_percent, lost_few, emptied_percent, strayed_percent, replaced_percent, \
                          smaller_percent, confirm_removals";
    for (right, wrong, expected) in [
        ("failing_p", "fail_p", format!("4:1: unknown key `fail_percent` in [guard]; allowed: {OF_ALL}")),
        (
            "confirm_removals",
            "failing_percent",
            format!("12:30: unknown key `failing_percent` in `guard`; allowed: {OF_ONE}"),
        ),
        ("= 10", "= 101", "3:16: `lost_percent` must be a whole number, 0 to 100".into()),
        ("= 3 }", "= 0 }", "12:49: `confirm_removals` must be a whole number, 1 to 30".into()),
        ("= 40", "= \"40 %\"", "12:26: `lost_percent` must be a whole number, 0 to 100".into()),
        ("[guard]", "[[guard]]", "2:1: [guard] must be a table, not an array".into()),
    ] {
        assert!(WITH_THRESHOLDS.contains(right), "{right}");
        assert_reported(&parse::parse_config(&WITH_THRESHOLDS.replacen(right, wrong, 1)).unwrap_err(), &expected);
    }
}

/// A valid source, for files about something else.
const SOURCE: &str = r#"
    [[source]]
    vendor = "acme"
    service = "vault"
    name = { en = "Vault" }
    pages = { en = "https://docs.acme.test/en/errors" }
    licence = "their own"
"#;

/// Asserts that a `sources.toml` has just one problem, which starts like this, with its place.
#[track_caller]
fn assert_only_problem(file: &str, expected: &str) {
    let problems = parse::parse_config(file).unwrap_err();
    assert_eq!(problems.len(), 1, "{file}\n{problems:#?}");
    assert_reported(&problems, expected);
}

/// Asserts that one of the problems starts like this, with its place.
#[track_caller]
fn assert_reported(problems: &[Problem], expected: &str) {
    let place = |problem: &Problem| problem.at.map_or_else(String::new, |(line, column)| format!("{line}:{column}: "));
    let shown: Vec<String> = problems.iter().map(|problem| place(problem) + &problem.message).collect();
    assert!(shown.iter().any(|line| line.starts_with(expected)), "{expected}\n{shown:#?}");
}

#[test]
fn a_file_without_sources_is_refused() {
    for text in ["", "source = []", "[source]\nvendor = \"acme\"", "source = 1"] {
        let problems = parse::parse_config(text).unwrap_err();
        assert!(problems.iter().all(|problem| problem.message.contains("[[source]]")), "{text}: {problems:?}");
    }
}

#[test]
fn one_error_has_all_problems() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("sources.toml");
    fs::write(&path, WHOLE.replace("licence", "lisence").replace("[fetch]", "[fetsch]")).unwrap();
    let shown = load_config(&path).unwrap_err().to_string().replace(&path.display().to_string(), "sources.toml");
    insta::assert_snapshot!(shown, @r"
    sources.toml:5:2: unknown key `fetsch` in sources.toml; allowed: publish, fetch, hosts, severity, guard, archive, vendor, source
    sources.toml:9:1: missing key `licence` in [[source]]: whose text the pages are and under what terms
    sources.toml:14:1: unknown key `lisence` in [[source]]; allowed: vendor, service, name, pages, licence, local, robots, render, redirect_hosts, read, ignore, severity, guard
    sources.toml:16:1: missing key `licence` in [[source]]: whose text the pages are and under what terms
    sources.toml:21:1: unknown key `lisence` in [[source]]; allowed: vendor, service, name, pages, licence, local, robots, render, redirect_hosts, read, ignore, severity, guard
    ");
    let missing = load_config(&dir.path().join("nowhere.toml")).unwrap_err();
    assert!(missing.to_string().contains("nowhere.toml: cannot be read"), "{missing}");
}

#[test]
fn the_root_is_the_nearest_folder_with_the_file() {
    let dir = tempfile::tempdir().unwrap();
    let inner = dir.path().join("a/b");
    fs::create_dir_all(&inner).unwrap();
    fs::write(dir.path().join("sources.toml"), WHOLE).unwrap();
    assert_eq!(find_root(&inner).as_deref(), Some(dir.path()));
    fs::write(dir.path().join("a/sources.toml"), WHOLE).unwrap();
    assert_eq!(find_root(&inner), Some(dir.path().join("a")));
    fs::create_dir(inner.join("sources.toml")).unwrap();
    assert_eq!(find_root(&inner), Some(dir.path().join("a")), "a folder with that name does not count");
}

/// The repository's own file. Its sources do not change by accident.
#[test]
fn the_sources_of_this_repository_are_complete() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../sources.toml");
    let config = load_config(&path).unwrap();
    assert_eq!(config.publish, Publish::only([Field::Message]));
    assert!(config.fetch.contact.is_some());
    let ids: Vec<String> = config.sources.iter().map(|source| source.id.to_string()).collect();
    insta::assert_snapshot!(ids.join("\n"), @r"
    alibabacloud/dns
    alibabacloud/ess-client-errors
    alibabacloud/player-sdk
    alibabacloud/polardb-client-errors
    alibabacloud/rds-server-errors
    alibabacloud/vod-common
    aws/console
    azure/storage-common
    azure/storage-rp-create-account
    baiducloud/bcc
    baiducloud/blb
    baiducloud/bos
    baiducloud/reference
    huaweicloud/bpconsole
    huaweicloud/cce-autopilot
    huaweicloud/cdn
    huaweicloud/dli
    huaweicloud/ecs
    huaweicloud/elb-tags
    huaweicloud/eps
    huaweicloud/er
    huaweicloud/iam
    huaweicloud/iam5
    huaweicloud/identity-center
    huaweicloud/maas
    huaweicloud/modelarts
    huaweicloud/organizations
    huaweicloud/rgc
    huaweicloud/smn
    huaweicloud/swr
    otc/cts
    otc/dds
    otc/identity-access-management
    otc/modelarts
    tencentcloud/ciam
    tencentcloud/cloudbase-mysql
    tencentcloud/redis-v2
    volcengine/private-dns
    ");

    let in_file: Vec<String> = fs::read_to_string(&path)
        .unwrap()
        .split("[[source]]\nvendor = ")
        .skip(1)
        .map(|part| part.lines().take(2).collect::<String>().replace("service = ", "/").replace('"', ""))
        .collect();
    assert_eq!(in_file, ids, "the file is sorted as well");
    let pages = |lang| config.sources.iter().filter(|source| source.pages.get(lang).is_some()).count();
    assert_eq!((pages(Lang::Zh), pages(Lang::En)), (37, 38));
    let urls = config.sources.iter().flat_map(|source| [&source.pages.zh, &source.pages.en]).flatten();
    assert_eq!(urls.collect::<BTreeSet<_>>().len(), 74, "one page is that of two sources: of modelarts and its sister");
}

const DECISIONS: &str = r#"
[[respelled]]
source = "zeta/vault"
zh = "Valut.1"
en = "Vault.1"
reason = "a slip on the zh page"

[[pair]]
source = "zeta/vault"
table = "Common errors"
zh = { code = "Vault.2" }
en = { status = "404", code = "Vault.3", message = "No such vault." }
reason = "renumbered"

[[apart]]
source = "acme/queue"
zh = { status = "400", code = "Queue.1" }
en = { status = "400", code = "Queue.1" }
reason = "one code, two errors"
"#;

#[test]
fn decisions_are_in_the_order_of_the_file() {
    let decisions = overrides::parse_overrides(DECISIONS).unwrap();
    let shown: Vec<_> = decisions.iter().map(|d| (d.verdict.as_str(), d.source.to_string(), d.line)).collect();
    assert_eq!(
        shown,
        [("respelled", "zeta/vault".into(), 2), ("pair", "zeta/vault".into(), 8), ("apart", "acme/queue".into(), 15)]
    );
    let [respelled, pair, apart] = decisions.as_slice() else { panic!("three decisions") };
    assert_eq!(respelled.verdict, Verdict::Respelled(Bilingual { zh: "Valut.1".into(), en: "Vault.1".into() }));
    assert_eq!((pair.table.as_deref(), pair.reason.as_str()), (Some("Common errors"), "renumbered"));
    let Verdict::Pair(rows) = &pair.verdict else { panic!("a pair") };
    assert_eq!((rows.zh.status.as_deref(), rows.zh.message.as_deref()), (None, None));
    assert_eq!((rows.en.code.as_str(), rows.en.message.as_deref()), ("Vault.3", Some("No such vault.")));
    assert!(matches!(apart.verdict, Verdict::Apart(_)) && apart.table.is_none());
    assert_eq!(overrides::parse_overrides("").unwrap(), []);
}

/// Mistakes in each part of the file of decisions, and the problem of each.
#[test]
fn each_mistake_in_decisions_has_a_problem_with_its_line() {
    for (right, wrong, expected) in [
        ("[[pair]]", "[[pairs]]", "8:3: unknown key `pairs` in overrides.toml; allowed: pair, apart, respelled"),
        ("[[pair]]", "[pair]", "8:1: `pair` must be a list: write [[pair]] with two brackets"),
        ("[[pair]]", "[[pair]", "8:8: not valid TOML"),
        ("table =", "tabel =", "10:1: unknown key `tabel` in [[pair]]; allowed: source, table, zh, en, reason"),
        ("\"Common errors\"", "3", "10:9: `table` must be a string, not an integer"),
        ("reason = \"renumbered\"", "", "8:1: missing key `reason` in [[pair]]: why"),
        ("reason = \"renumbered\"", "reason = \" \"", "13:10: `reason` must be one line of text"),
        ("source = \"acme/queue\"", "", "15:1: missing key `source` in [[apart]]: whose pages"),
        ("\"acme/queue\"", "\"queue\"", "16:10: `queue` is no source id"),
        ("zh = { code = \"Vault.2\" }", "", "8:1: missing key `zh` in [[pair]]: the row there"),
        ("zh = { code = \"Vault.2\" }", "zh = \"Vault.2\"", "11:6: `zh` must be a table, not a string"),
        (
            "{ code = \"Vault.2\" }",
            "{ cod = \"Vault.2\" }",
            "11:8: unknown key `cod` in `zh`; allowed: status, code, message",
        ),
        ("{ code = \"Vault.2\" }", "{ status = \"404\" }", "11:6: missing key `code` in `zh`"),
        ("status = \"404\"", "status = 404", "12:17: `en.status` must be a string, not an integer"),
        ("zh = \"Valut.1\"", "zh = { code = \"Valut.1\" }", "4:6: `zh` must be a string, not a table"),
        ("en = \"Vault.1\"", "", "2:1: missing key `en` in [[respelled]]: the code as that page spells it"),
    ] {
        assert!(DECISIONS.contains(right), "{right}");
        assert_reported(&overrides::parse_overrides(&DECISIONS.replacen(right, wrong, 1)).unwrap_err(), expected);
    }
}

#[test]
fn a_missing_file_has_no_decisions() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("overrides.toml");
    assert_eq!(load_overrides(&path).unwrap(), []);
    fs::write(&path, DECISIONS).unwrap();
    assert_eq!(load_overrides(&path).unwrap().len(), 3);
    fs::write(&path, "[pair]").unwrap();
    let shown = load_overrides(&path).unwrap_err().to_string();
    assert!(shown.contains("overrides.toml:1:1: `pair` must be a list"), "{shown}");
    assert!(load_overrides(dir.path()).unwrap_err().to_string().contains("cannot be read"));
}

/// A file with all kinds of settings for fetching.
const FETCHING: &str = r#"[fetch]
browser = "/usr/bin/browser"
interval_ms = 0
concurrency = 4
retries = 0
max_body_mb = 2
[hosts."docs.acme.test"]
interval_ms = 5000
http1 = true
headers = { X-Key = "${DOCDRIFT_HEADER_KEY}" }
[hosts."127.0.0.1:8080"]
concurrency = 32
[[source]]
vendor = "acme"
service = "vault"
name = { en = "Vault" }
pages = { en = "https://docs.acme.test/vault" }
licence = "none"
robots = { ignore = true, reason = "they allowed it" }
render = "browser"
redirect_hosts = ["cdn.acme-docs.test"]
"#;

#[test]
fn settings_for_fetching_are_read() {
    let config = parse::parse_config(FETCHING).unwrap();
    let fetch = &config.fetch;
    assert_eq!((fetch.interval_ms, fetch.concurrency, fetch.retries), (Some(0), Some(4), Some(0)));
    assert_eq!((fetch.max_body_mb, fetch.read_timeout_ms), (Some(2), None));
    assert_eq!(fetch.browser.as_deref(), Some(std::path::Path::new("/usr/bin/browser")));
    let host = &fetch.hosts["docs.acme.test"];
    assert_eq!((host.interval_ms, host.concurrency, host.http1), (Some(5000), None, true));
    assert_eq!(host.headers, [("x-key".to_owned(), "${DOCDRIFT_HEADER_KEY}".to_owned())]);
    assert_eq!(fetch.hosts["127.0.0.1:8080"].concurrency, Some(32));
    let fetching = &config.sources[0].fetching;
    assert_eq!(fetching.ignore_robots.as_deref(), Some("they allowed it"));
    assert!(fetching.rendered);
    assert_eq!(fetching.redirect_hosts, ["cdn.acme-docs.test"]);
}

#[test]
fn each_mistake_in_fetching_has_a_problem_with_its_line() {
    for (right, wrong, expected) in [
        ("concurrency = 4", "concurrency = 0", "4:15: `concurrency` must be a whole number, 1 to 64"),
        ("retries = 0", "retries = \"none\"", "5:11: `retries` must be a whole number, 0 to 10"),
        ("docs.acme.test\"]", "https://docs.acme.test\"]", "7:1: `https://docs.acme.test` in [hosts] is no host"),
        ("docs.acme.test\"]", "me@docs.acme.test\"]", "7:1: `me@docs.acme.test` in [hosts] is no host"),
        ("http1 = true", "http2 = true", "9:1: unknown key `http2` in [hosts]; allowed: interval_ms"),
        ("X-Key =", "\"X Key\" =", "10:13: `X Key` is no header name"),
        ("\"${DOCDRIFT_HEADER_KEY}\"", "7", "10:21: `headers` must be a string"),
        (
            "DOCDRIFT_HEADER_KEY",
            "GITHUB_TOKEN",
            "10:21: `${GITHUB_TOKEN}` is not for headers: only variables named DOCDRIFT_HEADER_",
        ),
        ("ignore = true, reason = \"they allowed it\"", "ignore = true", "19:10: missing key `reason` in `robots`"),
        ("\"browser\"\nredirect", "\"chrome\"\nredirect", "20:10: `render` must be \"browser\""),
        ("[\"cdn.acme-docs.test\"]", "[\"cdn/x\"]", "21:19: `cdn/x` is no host"),
        ("[\"cdn.acme-docs.test\"]", "\"cdn\"", "21:18: `redirect_hosts` must be a list of hosts"),
    ] {
        assert!(FETCHING.contains(right), "{right}");
        assert_reported(&parse::parse_config(&FETCHING.replacen(right, wrong, 1)).unwrap_err(), expected);
    }
}
