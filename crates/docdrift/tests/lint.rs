//! `lint`, `align --review` and `overrides.toml` on the command line.
#![allow(clippy::disallowed_methods, clippy::unwrap_used, reason = "tests make the folders that docdrift works in")]

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use serde_json::Value;
use tempfile::TempDir;

const SOURCES: &str = r#"
[[source]]
vendor = "acme"
service = "tea"
name = { zh = "茶馆", en = "Tea-house" }
pages = { zh = "https://acme.test/zh/tea", en = "https://acme.test/en/tea" }
licence = "© Acme"
"#;

const ZH: &str = "\
# 茶的错误

| 状态码 | 错误码 | 错误信息 | 错误描述 | 处理措施 |
|---|---|---|---|---|
| 400 | Tea.0001 | Green leaf {0} is gone. | 绿茶没有了。 | 请换茶。 |
| 404 | Tea.0002 | No such cup. | 没有这个杯子。 | 最多用 3 个杯子。 |
| 409 | Tea.0003 | The table is taken. | 桌子有人了。 | 请稍后重试。 |
| 503 | Guest.Early | The guest came before the tea was ready. | 客人来早了。 | 请等待。 |
";

const EN: &str = "\
# When tea fails

| Status Code | Error Code | Error Message | Description | Solution |
|---|---|---|---|---|
| 400 | Tea.0001 | Green bag {0} is gone. | There is no green tea left. | Take another tea. |
| 404 | Tea.0002 | No such <script>cup. | There is no such cup. | Use at most 5 cups. |
| 409 | Tea.0003 | The table is taken. | Somebody sits at the table. | Try again later. |
| 503 | Visitor.9 | The guest came before the tea was ready. | The guest is early. | Wait. |
";

/// Returns a root with one source, and its pages in `pages/`.
fn site(sources: &str, overrides: Option<&str>) -> TempDir {
    let site = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| {
        let path = site.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    };
    write("sources.toml", sources);
    write("pages/acme/tea/zh.md", ZH);
    write("pages/acme/tea/en.md", EN);
    if let Some(overrides) = overrides {
        write("overrides.toml", overrides);
    }
    site
}

/// Runs docdrift, checks the exit code, and returns stdout followed by stderr.
#[track_caller]
fn run(root: &Path, args: &str, code: i32) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_docdrift")).args(args.split(' ')).current_dir(root).output().unwrap();
    let decode = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    let (out, err) = (decode(output.stdout), decode(output.stderr));
    assert_eq!(output.status.code(), Some(code), "{args}\n{out}\n{err}");
    out + &err
}

#[track_caller]
fn json(root: &Path, args: &str) -> Value {
    serde_json::from_str(&run(root, args, 0)).unwrap()
}

#[track_caller]
fn assert_contains(printed: &str, expected: &[&str]) {
    for line in expected {
        assert!(printed.contains(line), "no `{line}` in\n{printed}");
    }
}

/// The report of `lint` on the two pages.
const FINDINGS: &str = "\
acme/tea: 4 findings
    zh page https://acme.test/zh/tea
    en page https://acme.test/en/tea

code-respelled (1)
    503 Guest.Early · (c3a1db498866)
        zh: Guest.Early
        en: Visitor.9

message-differs (1): 1 × reworded
    400 Tea.0001 · reworded · (62f1f1dc7a47)
        zh: Green leaf {0} is gone.
        en: Green bag {0} is gone.

placeholders-differ (1)
    404 Tea.0002 · (62d698e2d31a)
        zh: No such cup.
        en: No such <script>cup.

literals-differ (1)
    404 Tea.0002 · solution · 3 in zh only; 5 in en only · (a6732807dc9e)
        zh: 最多用 3 个杯子。
        en: Use at most 5 cups.

1 source: 4 findings
";

#[test]
fn findings_show_the_texts_and_urls_of_both_pages() {
    let site = site(SOURCES, None);
    assert_eq!(run(site.path(), "lint --pages pages", 0), FINDINGS);
    let printed = run(site.path(), "lint --pages pages --format markdown --fail-on-findings", 1);
    assert_contains(
        &printed,
        &["### acme/tea: 4 findings", "[zh page](https://acme.test/zh/tea)", "en: No such &lt;script&gt;cup."],
    );
    let answer = json(site.path(), "lint --pages pages --format json");
    let finding = &answer["sources"][0]["findings"][1];
    assert_eq!(answer["findings"], 4);
    assert_eq!((finding["kind"].as_str(), finding["how"].as_str()), (Some("message-differs"), Some("reworded")));
    assert_eq!(
        (finding["code"].as_str(), finding["texts"]["zh"].as_str()),
        (Some("Tea.0001"), Some("Green leaf {0} is gone."))
    );
    assert_eq!(finding["urls"]["en"], "https://acme.test/en/tea");
    assert_eq!(finding["fingerprint"], "62f1f1dc7a47");
    assert_eq!(answer["sources"][0]["message_differences"][0]["count"], 1);
}

#[test]
fn lint_reads_archived_pages_by_default() {
    let site = site(SOURCES, None);
    assert_contains(&run(site.path(), "lint", 3), &["the archive holds no page of these sources"]);
    run(site.path(), "refresh --pages pages", 0);
    assert_contains(&run(site.path(), "lint", 0), &["1 source: 4 findings"]);
    assert_contains(&run(site.path(), "lint --source acme/*", 0), &["1 source: 4 findings"]);
    let one = tempfile::tempdir().unwrap();
    fs::create_dir_all(one.path().join("acme/tea")).unwrap();
    fs::write(one.path().join("acme/tea/en.md"), EN).unwrap();
    let printed = run(site.path(), &format!("lint --pages {}", one.path().display()), 0);
    assert_contains(&printed, &["no source has pages in both languages", "0 sources: 0 findings"]);
    assert_contains(&run(site.path(), "lint --source acme/cup", 2), &["no source of sources.toml matches"]);
    fs::write(site.path().join("pages/acme/tea/en.md"), "Please log in.").unwrap();
    assert_contains(&run(site.path(), "lint --pages pages", 3), &["acme/tea: en page: ", "0 sources: 0 findings"]);
}

#[test]
fn ignored_findings_are_counted_and_unused_rules_are_reported() {
    let ignore = r#"ignore = [
    { kind = "message-differs", code = "Tea.*", reason = "known" },
    { kind = "placeholders-differ", reason = "a tag" },
    { kind = "status-differs", code = "Tea.0001", reason = "once it did" },
]
"#;
    let site = site(&format!("{SOURCES}{ignore}"), None);
    let printed = run(site.path(), "lint --pages pages", 0);
    assert_contains(
        &printed,
        &[
            "1 source: 2 findings, 2 ignored",
            "sources.toml:11: `ignore` of status-differs of `Tea.0001` is about no finding",
        ],
    );
    assert!(!printed.contains("message-differs"), "{printed}");
    let wrong = format!("{SOURCES}ignore = [{{ kind = \"reworded\", reason = \"x\" }}]\n");
    fs::write(site.path().join("sources.toml"), wrong).unwrap();
    assert_contains(
        &run(site.path(), "lint --pages pages", 2),
        &["sources.toml:8:20: unknown kind `reworded` in `ignore`; allowed: status-differs, code-respelled,"],
    );
}

#[test]
fn decisions_settle_pairs_for_review() {
    let pair = "[[pair]]\nsource = \"acme/tea\"\nzh = { code = \"Guest.Early\" }\nen = { code = \"Visitor.9\" }\nreason = \"renamed\"\n";
    let site = site(SOURCES, None);
    let pages = "pages/acme/tea/zh.md pages/acme/tea/en.md";
    assert_contains(
        &run(site.path(), "refresh --pages pages", 0),
        &["1 pair for review: 503 Guest.Early (message, 0.44)"],
    );
    assert_contains(
        &run(site.path(), "refresh --offline", 0),
        &["no drift", "acme/tea: unchanged", "1 pair for review"],
    );
    let printed = run(site.path(), &format!("align {pages} --review"), 0);
    assert_contains(
        &printed,
        &[
            "503 Guest.Early = 503 Visitor.9  (message, 0.44)\n",
            "  en: 503 | Visitor.9 | The guest came before the tea was ready. | The guest is early. | Wait.\n",
            "1 pair(s) for review",
        ],
    );
    assert!(!printed.contains("Tea.0003"), "{printed}");
    let answer = json(site.path(), &format!("align {pages} --format json"));
    let reviewed: Vec<bool> = answer["pairs"].as_array().unwrap().iter().map(|pair| pair["review"] == true).collect();
    assert_eq!(reviewed, [false, false, false, true]);
    assert_eq!(
        json(site.path(), &format!("align {pages} --review --format json"))["pairs"].as_array().unwrap().len(),
        1
    );

    let path = site.path().join("overrides.toml");
    fs::write(&path, pair).unwrap();
    let decided = format!("align {pages} --overrides overrides.toml --source acme/tea --format json");
    assert_eq!(json(site.path(), &decided)["pairs"][3]["method"], "decision");
    let printed = run(site.path(), "refresh --offline", 0);
    assert!(!printed.contains("for review") && !printed.contains("overrides.toml"), "{printed}");
    let printed = run(site.path(), "refresh --offline", 0);
    assert_contains(&printed, &["no drift"]);

    fs::write(&path, format!("{pair}\n{}", pair.replace("Guest.Early", "Tea.0002").replace("Visitor.9", "Tea.0002")))
        .unwrap();
    let stale =
        "overrides.toml:7: [[pair]] does not apply: it changes nothing: the rows are paired the same way without it";
    assert_contains(&run(site.path(), "refresh --offline --dry-run", 0), &["acme/tea: unchanged", stale]);
    assert_contains(&run(site.path(), "lint", 0), &[stale]);
    let answer = json(site.path(), "lint --format json");
    assert_eq!(answer["sources"][0]["stale"][0], stale);
}

#[test]
fn invalid_overrides_are_reported() {
    let site = site(SOURCES, Some("[[pair]]\nsource = \"acme/cup\"\n"));
    for command in ["refresh --pages pages", "check --pages pages", "lint --pages pages"] {
        assert_contains(&run(site.path(), command, 2), &["overrides.toml:1:1: missing key `zh` in [[pair]]"]);
    }
    let unknown = "[[respelled]]\nsource = \"acme/cup\"\nzh = \"a\"\nen = \"b\"\nreason = \"c\"\n";
    fs::write(site.path().join("overrides.toml"), unknown).unwrap();
    assert_contains(
        &run(site.path(), "lint --pages pages", 2),
        &["overrides.toml:1:1: `acme/cup` is no source of sources.toml"],
    );
    let pages = "pages/acme/tea/zh.md pages/acme/tea/en.md";
    assert_contains(
        &run(site.path(), &format!("align {pages} --overrides none.toml --source acme/tea"), 2),
        &["no such file"],
    );
    assert_contains(&run(site.path(), &format!("align {pages} --overrides overrides.toml"), 2), &["--source"]);
    assert!(!site.path().join("output").exists(), "nothing was touched");
}

/// The differences between the messages of one pair of real pages are known.
#[test]
fn the_message_differences_of_identity_center_are_found() {
    let seeds = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/corpus/seeds"));
    if !seeds.is_dir() {
        eprintln!("skipped: there are no pages at {}", seeds.display());
        return;
    }
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let lint = format!("lint --source huaweicloud/identity-center --pages {}", seeds.join("pages").display());
    let printed = run(&root, &lint, 0);
    assert_contains(
        &printed,
        &[
            "message-differs (32): 15 × identity store → identity source, 4 × param → parameter, 4 × case or punctuation, \
         1 × white space, 8 × reworded",
        ],
    );
    let known = fs::read(seeds.join("expected/huaweicloud.identity-center.pairs.json")).unwrap();
    let known: Value = serde_json::from_slice(&known).unwrap();
    let mut expected: Vec<[String; 5]> = known["divergences"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| {
            let kind = row["kind"].as_str().unwrap();
            let how = match kind.split(':').next().unwrap() {
                "whitespace only" => "white-space",
                "case or punctuation only" => "typography",
                kind => kind,
            };
            let texts = ["status", "code", "zh_message", "en_message"].map(|key| row[key].as_str().unwrap().to_owned());
            let [status, code, zh, en] = texts;
            [how.to_owned(), status, code, zh, en]
        })
        .collect();
    let answer = json(&root, &format!("{lint} --format json"));
    let findings = answer["sources"][0]["findings"].as_array().unwrap().iter();
    let mut found: Vec<[String; 5]> = findings
        .filter(|finding| finding["kind"] == "message-differs")
        .map(|finding| {
            ["/how", "/status", "/code", "/texts/zh", "/texts/en"]
                .map(|at| finding.pointer(at).unwrap().as_str().unwrap().to_owned())
        })
        .collect();
    expected.sort();
    found.sort();
    assert_eq!(found, expected);
}
