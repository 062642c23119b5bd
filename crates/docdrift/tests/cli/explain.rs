//! `docdrift explain`: what the guard looked at, and that it writes nothing.

use std::fs;

use serde_json::Value;

use crate::site::{Site, assert_untouched};

const ID: &str = "borealis/data-relay-fabric";

/// A refreshed site where the page of one source has lost half of its rows.
fn with_half_a_page() -> Site {
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
fn each_check_with_its_figure_and_its_limit() {
    let site = with_half_a_page();
    let before = site.data();
    let run = site.run(&format!("explain {ID} --pages ../pages"));
    run.ends(3).says(&[&format!("{ID}: quarantined"), "HELD", "rows-lost", "rows of the en page", "20 %, or 2", " …)"]);
    assert_untouched(&before, &site.data(), "explain");
    site.run(&format!("explain {ID} --offline")).ends(0).says(&[&format!("{ID}: unchanged"), "ok", "rows-lost"]);
}

#[test]
fn the_same_for_programs() {
    let site = with_half_a_page();
    let run = site.run(&format!("explain {ID} --pages ../pages --format json"));
    let told: Value = serde_json::from_str(&run.out).unwrap();
    assert_eq!((&told["source"], &told["outcome"]), (&ID.into(), &"quarantined".into()));
    let checks = told["checks"].as_array().unwrap();
    let lost = checks.iter().find(|check| check["check"] == "rows-lost" && check["lang"] == "en").unwrap();
    assert_eq!((&lost["passed"], lost["sample"].as_array().unwrap().len()), (&false.into(), 3));
    assert_eq!(told["reasons"][0], lost["reason"], "the report leads with the same");
    let is_told =
        |check: &Value| ["check", "what", "figure"].iter().all(|key| !check[key].as_str().unwrap().is_empty());
    assert!(checks.iter().all(is_told), "{told:#}");
}

#[test]
fn only_known_sources_can_be_explained() {
    let site = Site::refreshed_demo();
    site.run("explain borealis/nothing --offline").ends(2).says(&["is no source of sources.toml"]);
    site.run("explain borealis --offline").ends(2).says(&["is no source id"]);
}

#[test]
fn thresholds_of_the_root_are_weighed_by() {
    let site = with_half_a_page();
    let config = site.root().join("sources.toml");
    let lax = "[guard]\nlost_percent = 80\n\n".to_owned() + &fs::read_to_string(&config).unwrap();
    fs::write(&config, lax).unwrap();
    site.run(&format!("explain {ID} --pages ../pages")).ends(0).says(&[&format!("{ID}: changed"), "80 %, or 2"]);
}
