//! `docdrift explain` prints the checks of the guard and writes nothing.

use std::fs;

use serde_json::Value;

use crate::site::{Site, assert_untouched};

const ID: &str = "borealis/data-relay-fabric";

/// A refreshed site where the page of one source has lost half of its rows.
fn site_with_half_a_page() -> Site {
    let site = Site::refreshed_demo();
    let page = site.page("borealis/data-relay-fabric/en.html");
    let text = fs::read_to_string(&page).unwrap();
    let rows: Vec<&str> = text.split_inclusive("</tr>").collect();
    let is_kept = |n: usize| n < rows.len() / 2 || n + 1 == rows.len();
    let kept: String = rows.iter().enumerate().filter(|(n, _)| is_kept(*n)).map(|(_, row)| *row).collect();
    fs::write(&page, kept).unwrap();
    site
}

#[test]
fn explain_prints_each_check_with_its_figure_and_limit() {
    let site = site_with_half_a_page();
    let before = site.data();
    let run = site.run(&format!("explain {ID} --pages ../pages"));
    run.exits_with(3).prints(&[
        &format!("{ID}: quarantined"),
        "HELD",
        "rows-lost",
        "rows of the en page",
        "20 %, or 2",
        " …)",
    ]);
    assert_untouched(&before, &site.data(), "explain");
    site.run(&format!("explain {ID} --offline")).exits_with(0).prints(&[
        &format!("{ID}: unchanged"),
        "ok",
        "rows-lost",
    ]);
}

#[test]
fn explain_prints_each_check_as_json() {
    let site = site_with_half_a_page();
    let run = site.run(&format!("explain {ID} --pages ../pages --format json"));
    let answer = run.json();
    assert_eq!((&answer["source"], &answer["outcome"]), (&ID.into(), &"quarantined".into()));
    let checks = answer["checks"].as_array().unwrap();
    let lost = checks.iter().find(|check| check["check"] == "rows-lost" && check["lang"] == "en").unwrap();
    assert_eq!((&lost["passed"], lost["sample"].as_array().unwrap().len()), (&false.into(), 3));
    assert_eq!(answer["reasons"][0], lost["reason"], "the first reason is the same");
    let is_complete =
        |check: &Value| ["check", "what", "figure"].iter().all(|key| !check[key].as_str().unwrap().is_empty());
    assert!(checks.iter().all(is_complete), "{answer:#}");
}

#[test]
fn an_unknown_source_is_an_error() {
    let site = Site::refreshed_demo();
    site.run("explain borealis/nothing --offline")
        .exits_with(2)
        .prints_exactly("", "error: `borealis/nothing` is no source of sources.toml; `docdrift status` lists them\n");
    site.run("explain borealis --offline").exits_with(2).prints_lines(&[
        "error: invalid value 'borealis' for '<SOURCE>': `borealis` is no source id: write `vendor/service`, \
         each of a-z 0-9 - _ . and not starting with a dot",
    ]);
}

#[test]
fn explain_uses_the_thresholds_of_sources_toml() {
    let site = site_with_half_a_page();
    let config = site.root().join("sources.toml");
    let lax = "[guard]\nlost_percent = 80\n\n".to_owned() + &fs::read_to_string(&config).unwrap();
    fs::write(&config, lax).unwrap();
    site.run(&format!("explain {ID} --pages ../pages"))
        .exits_with(0)
        .prints(&[&format!("{ID}: changed"), "80 %, or 2"]);
}

#[test]
fn explain_and_check_answer_in_chinese() {
    let site = site_with_half_a_page();
    let run = site.run(&format!("explain {ID} --pages ../pages --lang zh")).exits_with(3);
    let run = run.prints(&[&format!("{ID}：已隔离"), "拦截", "英文页的行", "已消失", "20% 或 2 个"]);
    assert!(!run.out.contains(" of the ") && !run.out.contains(" gone"), "{}", run.out);
    let run = site.run("check --pages ../pages --lang zh").exits_with(3);
    let run = run.prints(&["英文页的行：共 ", "已消失"]);
    assert!(!run.out.contains(" of the ") && !run.out.contains(" gone"), "{}", run.out);
}
