use std::{collections::BTreeMap, fs, path::Path};

use docdrift_model::{Entry, Field, Publish, Snapshot, config::Config};

use super::{Part, parse_dataset_file, read_dataset, read_part, render};
use crate::{
    samples::{config, snapshot},
    snapshots::normalized,
};

fn parts(config: &Config, snapshots: &[Snapshot]) -> Vec<Part> {
    let part = |snapshot: &Snapshot| {
        let source = config.sources.iter().find(|source| source.id == snapshot.source).unwrap();
        Part::from_snapshot(source, normalized(snapshot.clone(), &config.publish))
    };
    let mut parts: Vec<Part> = snapshots.iter().map(part).collect();
    parts.sort_by(|a, b| a.id.cmp(&b.id));
    parts
}

fn dataset(config: &Config, snapshots: &[Snapshot]) -> BTreeMap<String, String> {
    let files = render(&parts(config, snapshots), false).unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    files.into_iter().map(|(path, bytes)| (path.to_str().unwrap().to_owned(), text(bytes))).collect()
}

fn two() -> (Config, [Snapshot; 2]) {
    let snapshots = [snapshot("zeta/queue", "2024-02-03", 1), snapshot("acme/vault", "2024-05-06", 3)];
    (config(&["zeta/queue", "acme/vault", "acme/unseen"]), snapshots)
}

#[test]
fn a_dataset_has_common_files_and_one_per_source() {
    let (config, snapshots) = two();
    let names: Vec<String> = dataset(&config, &snapshots).into_keys().collect();
    assert_eq!(names, ["README.md", "acme/vault.json", "datapackage.json", "error-codes.csv", "zeta/queue.json"]);
}

#[test]
fn the_table_has_a_record_per_entry() {
    let (config, snapshots) = two();
    insta::assert_snapshot!(dataset(&config, &snapshots)["error-codes.csv"], @r#"
    id,vendor,service,table,http_status,code,message_en,message_zh,description_en,description_zh,solution_en,solution_zh,group_en,group_zh,extra_en,extra_zh,pairing,score,first_seen,last_changed,url_en,url_zh
    acme/vault:2,acme,vault,,404/500,002,No key {0}.,"密钥 {0}
    不存在。","Not found, ""sorry""",<b>未找到</b> | `密钥`,,,,,,"{""备注"":""甲, 乙""}",code,0.667,2024-05-06,2024-05-06,https://docs.test/en/acme/vault/errors.html,https://docs.test/zh/acme/vault/errors.html
    acme/vault:1,acme,vault,"Codes, ""general""",404/500,001,No key {0}.,"密钥 {0}
    不存在。","Not found, ""sorry""",<b>未找到</b> | `密钥`,,,,,,"{""备注"":""甲, 乙""}",code,0.667,2024-05-06,2024-05-06,https://docs.test/en/acme/vault/errors.html,https://docs.test/zh/acme/vault/errors.html
    acme/vault:3,acme,vault,"Codes, ""general""",404/500,003,,"=HYPERLINK(""x"")","Not found, ""sorry""",<b>未找到</b> | `密钥`,,,,,,"{""备注"":""甲, 乙""}",zh-only,0,2024-05-06,2024-05-06,,https://docs.test/zh/acme/vault/errors.html
    zeta/queue:1,zeta,queue,"Codes, ""general""",404/500,001,No key {0}.,"密钥 {0}
    不存在。","Not found, ""sorry""",<b>未找到</b> | `密钥`,,,,,,"{""备注"":""甲, 乙""}",code,0.667,2024-02-03,2024-02-03,https://docs.test/en/zeta/queue/errors.html,https://docs.test/zh/zeta/queue/errors.html
    "#);
}

#[test]
#[allow(clippy::too_many_lines, reason = "nearly all of it is the expected text")]
fn a_source_has_all_its_data_in_its_file() {
    let (mut config, snapshots) = two();
    config.publish = Publish::only([Field::Message]);
    insta::assert_snapshot!(dataset(&config, &snapshots)["zeta/queue.json"], @r#"
    {
      "schema": 1,
      "vendor": "zeta",
      "service": "queue",
      "name": {
        "zh": "保管库",
        "en": "The | zeta/queue"
      },
      "pages": {
        "zh": {
          "url": "https://docs.test/zh/zeta/queue/errors.html",
          "digest": "sha256:4c828eb982f7d1fc8f823abe6ce6129a187f425b52c40cb7592a2b6d098de875",
          "format": "html",
          "lang": "zh",
          "updated_on": "2024-01-02"
        },
        "en": {
          "url": "https://docs.test/en/zeta/queue/errors.html",
          "digest": "sha256:bd4e8c3a77760f18e9a8cb057bd3d7a5004786ed4eab25488ff68d4bf9a1b3cf",
          "format": "html",
          "lang": "en",
          "updated_on": null
        }
      },
      "licence": "© its vendor",
      "last_change": "2024-02-03",
      "entries": [
        {
          "id": "zeta/queue:1",
          "table": "Codes, \"general\"",
          "http_status": "404/500",
          "code": "001",
          "message": {
            "zh": "密钥 {0}\n不存在。",
            "en": "No key {0}."
          },
          "description": {
            "zh": "sha256:efec70f679aa9f247c4c667b23b1496883c1f3ec8ddabb388cb7b10aa413087a",
            "en": "sha256:188299bd9084b36ea1263b1a17d262fd28b98235a0dd8863413b72691409f98e"
          },
          "extra": {
            "zh": {
              "备注": "sha256:59f402a0eaa781d17d9cbf6996f2a1110630a0c770205e7b6d52abf86d59e3a7"
            },
            "en": {}
          },
          "pairing": {
            "method": "code",
            "score": 0.667
          },
          "first_seen": "2024-02-03",
          "last_changed": "2024-02-03",
          "http_statuses": [
            404,
            500
          ],
          "codes": [
            "001"
          ]
        }
      ]
    }
    "#);
}

/// A missing date of an entry is that of the snapshot.
#[test]
fn missing_dates_are_filled_in() {
    let (config, mut snapshots) = two();
    for (own, expected) in [
        (["", ""], ["2024-02-03", "2024-02-03"]),
        (["2023-01-02", "2023-03-04"], ["2023-01-02", "2023-03-04"]),
        (["2023-01-02", ""], ["2023-01-02", "2024-02-03"]),
    ] {
        let entry = &mut snapshots[0].entries[0];
        [entry.first_seen, entry.last_changed] = own.map(|text| text.parse().ok());
        let files = dataset(&config, &snapshots);
        let entries = parse_dataset_file("x.json", &files["zeta/queue.json"]).unwrap().entries;
        assert_eq!([entries[0].first_seen, entries[0].last_changed].map(|date| date.unwrap().to_string()), expected);
        let record = files["error-codes.csv"].lines().last().unwrap();
        assert!(record.contains(&format!(",code,0.667,{},https", expected.join(","))), "{record}");
    }
}

#[test]
fn the_readme_lists_the_sources() {
    let (config, snapshots) = two();
    let readme = dataset(&config, &snapshots).remove("README.md").unwrap();
    let (_, sources) = readme.split_once("## Sources\n").unwrap();
    insta::assert_snapshot!(sources, @r"
    A page's own date is the one that it prints; the last change is the day docdrift saw one.

    | source | name | codes | entries | languages | last change | page's own date |
    |---|---|---|---|---|---|---|
    | [acme/vault](acme/vault.json) | The \| acme/vault / 保管库 | 3 | 3 | zh, en | 2024-05-06 | zh 2024-01-02 |
    | [zeta/queue](zeta/queue.json) | The \| zeta/queue / 保管库 | 1 | 1 | zh, en | 2024-02-03 | zh 2024-01-02 |
    ");
    for text in ["`sha256:`", "`first_seen`", "`last_changed`"] {
        assert!(readme.contains(text), "{text}");
    }
    let line = "| `history/` | what changed";
    assert!(!readme.contains(line), "there are no feeds");
    let with_feeds = render(&parts(&config, &snapshots), true).unwrap();
    assert!(String::from_utf8_lossy(&with_feeds[Path::new("README.md")]).contains(line));
}

#[test]
fn the_data_package_describes_the_table() {
    let (config, snapshots) = two();
    let files = dataset(&config, &snapshots);
    let package: serde_json::Value = serde_json::from_str(&files["datapackage.json"]).unwrap();
    let resource = &package["resources"][0];
    assert_eq!(resource["bytes"], files["error-codes.csv"].len());
    let described: Vec<&str> =
        resource["schema"]["fields"].as_array().unwrap().iter().map(|f| f["name"].as_str().unwrap()).collect();
    assert_eq!(described.join(","), files["error-codes.csv"].lines().next().unwrap());
    let dates = resource["schema"]["fields"].as_array().unwrap().iter().filter(|field| field["type"] == "date");
    let dates: Vec<&str> = dates.map(|field| field["name"].as_str().unwrap()).collect();
    assert_eq!(dates, ["first_seen", "last_changed"]);
    assert_eq!(resource["schema"]["primaryKey"], "id");
    assert_eq!(package["sources"][0]["title"], "acme/vault (zh)");
    assert_eq!(package["sources"].as_array().unwrap().len(), 4);
}

#[test]
fn unpublished_texts_are_in_no_file() {
    let (mut config, snapshots) = two();
    config.publish = Publish::only([Field::Message]);
    for (name, text) in dataset(&config, &snapshots) {
        for secret in ["Not found", "未找到", "甲"] {
            assert!(!text.contains(secret), "{name}: {secret}");
        }
    }
}

#[test]
fn a_dataset_reads_back() {
    let (config, snapshots) = two();
    let dir = tempfile::tempdir().unwrap();
    for (name, text) in dataset(&config, &snapshots) {
        let path = dir.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    fs::write(dir.path().join("acme/notes.txt"), "ignored").unwrap();
    let back = read_dataset(dir.path()).unwrap();
    let [queue, vault] = snapshots.map(|snapshot| normalized(snapshot, &config.publish));
    let dated = |entries: Vec<Entry>, date: &str| -> Vec<Entry> {
        let date = date.parse().ok();
        let dated = |entry| Entry { first_seen: date, last_changed: date, ..entry };
        entries.into_iter().map(dated).collect()
    };
    let expected =
        [(vault.source, dated(vault.entries, "2024-05-06")), (queue.source, dated(queue.entries, "2024-02-03"))];
    let back: Vec<_> = back.into_iter().map(|source| (source.source, source.entries)).collect();
    assert_eq!(back, expected);

    for part in parts(&config, &two().1) {
        assert_eq!(read_part(dir.path(), &part.id).unwrap().unwrap(), part, "every field");
    }
    fs::rename(dir.path().join("acme/vault.json"), dir.path().join("acme/other.json")).unwrap();
    assert!(read_dataset(dir.path()).unwrap_err().to_string().contains("holds the entries of acme/vault"));
    let nothing = read_dataset(&dir.path().join("nowhere")).unwrap_err().to_string();
    assert!(nothing.contains("holds no dataset"), "{nothing}");
}

#[test]
fn invalid_dataset_files_are_refused() {
    let (config, snapshots) = two();
    let good = &dataset(&config, &snapshots)["acme/vault.json"];
    assert!(parse_dataset_file("x.json", good).is_ok());
    for (bad, expected) in [
        (good[..good.len() / 2].to_owned(), "x.json is no dataset file"),
        (good.replacen("\"schema\": 1", "\"schema\": 9", 1), "schema 9, this docdrift reads up to 1"),
        (good.replacen("\"schema\": 1,", "", 1), "it has no `schema`"),
        (good.replacen("\"acme\"", "\"..\"", 1), "is no source id"),
        (good.replacen("2024-05-06", "| soon |", 1), "x.json is no dataset file: `| soon |` is no date"),
        (
            good.replacen("\"first_seen\": \"2024", "\"first_seen\": \"=24", 1),
            "x.json is no dataset file: `=24-05-06` is no date",
        ),
    ] {
        let error = format!("{:#}", parse_dataset_file("x.json", &bad).unwrap_err());
        assert!(error.contains(expected), "{error}");
    }
}

#[test]
fn an_id_is_unique() {
    let (config, mut snapshots) = two();
    snapshots[0].entries[0].id = "acme/vault:2".into();
    let error = render(&parts(&config, &snapshots), false).unwrap_err().to_string();
    assert!(error.contains("`acme/vault:2`: `002` of acme/vault and `001` of zeta/queue"), "{error}");
}

#[test]
fn the_csv_is_readable_by_others() {
    let (config, snapshots) = two();
    let text = &dataset(&config, &snapshots)["error-codes.csv"];
    let mut reader = ::csv::Reader::from_reader(text.as_bytes());
    let rows: Vec<BTreeMap<String, String>> = reader.deserialize().map(Result::unwrap).collect();
    assert_eq!(rows.len(), 4);
    let odd = rows.iter().find(|row| row["pairing"] == "zh-only").unwrap();
    assert_eq!((odd["message_zh"].as_str(), odd["url_en"].as_str()), ("=HYPERLINK(\"x\")", ""));
    assert!(rows.iter().all(|row| row["code"].starts_with("00")));
    assert!(!text.contains('\r') && Path::new(super::csv::FILE_NAME).is_relative());
}
