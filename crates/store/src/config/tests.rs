use std::{collections::BTreeSet, fs, path::Path};

use docdrift_model::{Field, Lang, Publish};

use super::{find_root, load_config, parse};

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
"#;

#[test]
fn a_whole_file() {
    let config = parse::config(WHOLE).unwrap();
    let ids: Vec<String> = config.sources.iter().map(|source| source.id.to_string()).collect();
    assert_eq!(ids, ["acme/queue", "zeta/vault"], "sorted");
    assert_eq!(config.publish, Publish::only([Field::Message, Field::Group]));
    assert_eq!((config.fetch.contact.as_deref(), config.fetch.interval_ms), (Some("https://acme.test/bot"), 250));
    let [queue, vault] = config.sources.as_slice() else { panic!("two sources") };
    assert_eq!((queue.names.zh.as_str(), queue.names.en.as_str(), queue.local), ("", "Queue", true));
    assert_eq!(queue.pages.zh, None);
    assert_eq!(vault.pages.zh.as_deref(), Some("https://zeta.test/zh/errors"));
    assert!(!vault.local);
}

#[test]
fn what_may_be_left_out() {
    let (_, sources) = WHOLE.split_once("interval_ms = 250").unwrap();
    let config = parse::config(sources).unwrap();
    assert_eq!(config.publish, Publish::all());
    assert_eq!((config.fetch.contact, config.fetch.interval_ms), (None, 1000));
    let none = parse::config(&format!("[publish]\nfields = []\n{sources}")).unwrap();
    assert_eq!(none.publish, Publish::only([]));
}

/// Each part of the whole file, made wrong, and what is said about it.
#[test]
fn each_mistake_and_its_line() {
    for (right, wrong, expected) in [
        (
            "licence = \"©",
            "lisence = \"©",
            "14:1: unknown key `lisence` in [[source]]; allowed: vendor, service, name, pages, licence, local",
        ),
        ("licence = \"©", "lisence = \"©", "9:1: missing key `licence` in [[source]]: whose text"),
        ("[fetch]", "[fetsch]", "5:2: unknown key `fetsch` in sources.toml; allowed: publish, fetch, source"),
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
        let problems = parse::config(&WHOLE.replacen(right, wrong, 1)).unwrap_err();
        let shown: Vec<String> = problems
            .iter()
            .map(|problem| problem.at.map_or_else(String::new, |(l, c)| format!("{l}:{c}: ")) + &problem.message)
            .collect();
        assert!(shown.iter().any(|line| line.starts_with(expected)), "{expected}\n{shown:#?}");
    }
}

#[test]
fn a_file_without_sources_is_no_configuration() {
    for text in ["", "source = []", "[source]\nvendor = \"acme\"", "source = 1"] {
        let problems = parse::config(text).unwrap_err();
        assert!(problems.iter().all(|problem| problem.message.contains("[[source]]")), "{text}: {problems:?}");
    }
}

#[test]
fn all_problems_in_one_error() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("sources.toml");
    fs::write(&path, WHOLE.replace("licence", "lisence").replace("[fetch]", "[fetsch]")).unwrap();
    let shown = load_config(&path).unwrap_err().to_string().replace(&path.display().to_string(), "sources.toml");
    insta::assert_snapshot!(shown, @r"
    sources.toml:5:2: unknown key `fetsch` in sources.toml; allowed: publish, fetch, source
    sources.toml:9:1: missing key `licence` in [[source]]: whose text the pages are and under what terms
    sources.toml:14:1: unknown key `lisence` in [[source]]; allowed: vendor, service, name, pages, licence, local
    sources.toml:16:1: missing key `licence` in [[source]]: whose text the pages are and under what terms
    sources.toml:21:1: unknown key `lisence` in [[source]]; allowed: vendor, service, name, pages, licence, local
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
    assert_eq!(find_root(&inner), Some(dir.path().join("a")), "a folder of that name is none");
}

/// The repository's own file: what it watches was chosen once and does not slip away.
#[test]
fn the_sources_of_this_repository() {
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
    otc/identity-access-management
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
    assert_eq!(in_file, ids, "the file is sorted, too");
    let pages = |lang| config.sources.iter().filter(|source| source.pages.get(lang).is_some()).count();
    assert_eq!((pages(Lang::Zh), pages(Lang::En)), (34, 35));
    let urls = config.sources.iter().flat_map(|source| [&source.pages.zh, &source.pages.en]).flatten();
    assert_eq!(urls.collect::<BTreeSet<_>>().len(), 69, "no page is watched twice");
}
