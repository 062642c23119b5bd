//! Real pages, which are not part of the repository.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

use serde_json::Value;

use crate::site::{Site, assert_untouched, read_files, workspace};

const ROWS: [(&str, usize); 4] = [
    ("huaweicloud/identity-center", 285),
    ("huaweicloud/organizations", 97),
    ("otc/identity-access-management", 114),
    ("tencentcloud/ciam", 71),
];

/// Returns a site with the sources of this repository and the saved pages of some of them; `None` without the corpus.
#[allow(clippy::print_stderr, reason = "a test that skips prints why")]
fn site() -> Option<Site> {
    let seeds = seeds_folder().join("pages");
    if !seeds.is_dir() {
        eprintln!("skipped: there is no ../shared/corpus/seeds with real pages");
        return None;
    }
    let site = Site::new(&fs::read_to_string(workspace().join("sources.toml")).unwrap());
    for (path, (bytes, _)) in read_files(&seeds) {
        crate::site::write(&site.page(path.strip_prefix(&seeds).unwrap().to_str().unwrap()), bytes);
    }
    Some(site)
}

fn seeds_folder() -> PathBuf {
    workspace().join("../shared/corpus/seeds")
}

/// Returns the hand-made expected tables of a source by language.
fn expected_tables(id: &str) -> BTreeMap<String, Value> {
    let name = id.replace('/', ".");
    let read_tables = |lang: &str| {
        let text = fs::read_to_string(seeds_folder().join("expected").join(format!("{name}.{lang}.json"))).ok()?;
        Some((lang.to_owned(), serde_json::from_str::<Value>(&text).unwrap()["tables"].clone()))
    };
    ["zh", "en"].into_iter().filter_map(read_tables).collect()
}

/// Returns the cells of the columns with these roles.
fn cells_in_roles(tables: &Value, roles: &[&str]) -> Vec<String> {
    let mut cells = Vec::new();
    for table in tables.as_array().unwrap() {
        let wanted = table["roles"].as_array().unwrap().iter().map(|role| roles.contains(&role.as_str().unwrap()));
        let wanted: Vec<bool> = wanted.collect();
        for row in table["rows"].as_array().unwrap() {
            let row = row.as_array().unwrap().iter().zip(&wanted).filter(|(_, wanted)| **wanted);
            cells.extend(row.map(|(cell, _)| cell.as_str().unwrap().to_owned()));
        }
    }
    cells
}

fn read_codes(dataset_file: &Path) -> Vec<String> {
    let file: Value = serde_json::from_str(&fs::read_to_string(dataset_file).unwrap()).unwrap();
    let entries = file["entries"].as_array().unwrap();
    entries.iter().map(|entry| entry["code"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn refresh_reads_the_expected_codes_of_real_pages() {
    let Some(site) = site() else { return };
    site.run("refresh --pages ../pages").exits_with(0).prints(&["4 sources: 4 new"]);
    for (id, rows) in ROWS {
        let mut found = read_codes(&site.root().join("output").join(format!("{id}.json")));
        assert_eq!(found.len(), rows, "{id}");
        found.sort();
        let mut codes = cells_in_roles(&expected_tables(id)["en"], &["code"]);
        codes.sort();
        assert_eq!(found, codes, "{id}");
    }
    let before = site.data();
    site.run("refresh --pages ../pages").exits_with(0).prints(&[
        "no drift",
        "4 sources: 4 unchanged",
        "0 file(s) written",
    ]);
    assert_untouched(&before, &site.data(), "");
}

#[test]
fn no_description_of_a_real_page_is_published() {
    let Some(site) = site() else { return };
    site.run("refresh --pages ../pages").exits_with(0);
    let published = site.data_as_text();
    let pages: Vec<Value> = ROWS.iter().flat_map(|(id, _)| expected_tables(id).into_values()).collect();
    let messages = pages.iter().flat_map(|tables| cells_in_roles(tables, &["message"])).collect::<Vec<_>>().join("\n");
    let mut searched_count = 0;
    for (id, _) in ROWS {
        for tables in expected_tables(id).into_values() {
            let prose = cells_in_roles(&tables, &["description", "solution"]);
            let some = prose.iter().filter(|text| text.chars().count() > 12 && !messages.contains(*text)).step_by(5);
            for text in some {
                assert!(!published.contains(text), "{id}: {text}");
                searched_count += 1;
            }
        }
    }
    assert!(searched_count > 100, "{searched_count}");
}

#[test]
fn truncated_real_pages_change_no_data() {
    let Some(site) = site() else { return };
    site.run("refresh --pages ../pages").exits_with(0);
    let before = site.data();
    for (id, _) in ROWS {
        for lang in expected_tables(id).into_keys() {
            let name = format!("{id}/{lang}.txt");
            let whole = fs::read(site.page(&name)).unwrap();
            for tenth in 1..10 {
                crate::site::write(&site.page(&name), &whole[..whole.len() * tenth / 10]);
                let run = site.run(&format!("refresh --pages ../pages --source {id}"));
                assert_untouched(&before, &site.data(), &format!("{name} cut at {tenth}0 %\n{}", run.out));
                let passed = run.out.contains("1 unchanged");
                run.exits_with(if passed { 0 } else { 3 });
            }
            crate::site::write(&site.page(&name), whole);
        }
    }
}
