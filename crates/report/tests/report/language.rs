//! A report speaks one language, but for what pages and other parts said.

use docdrift_model::{Lang, Outcome, Reason, reason::PageProblem};
use docdrift_report::{github, html, markdown, terminal};

use crate::sample::run;

/// What is data here: names of sources, pages and warnings, texts of the sample, keys of programs.
const DATA: [&str; 69] = [
    "acme",
    "barn",
    "cows",
    "farm",
    "hens",
    "pigs",
    "sheep",
    "goats",
    "docs",
    "example",
    "https",
    "html",
    "pages",
    "zh",
    "en",
    "top",
    "text",
    "docdrift",
    "diff",
    "refresh",
    "accept",
    "HEAD",
    "snapshots",
    "overrides",
    "toml",
    "pair",
    "sha",
    "reason",
    "Farm",
    "Sheep",
    "Hen",
    "Goat",
    "Errors",
    "Pumps",
    "Owner",
    "IF",
    "IdentityFarm",
    "Tank",
    "of",
    "is",
    "dry",
    "Pump",
    "off",
    "Harvest",
    "harvest",
    "Failed",
    "failed",
    "to",
    "grain",
    "seed",
    "Fill",
    "the",
    "tank",
    "away",
    "Call",
    "goat",
    "uncertain",
    "row",
    "table",
    "report",
    "full",
    "md",
    "does",
    "not",
    "apply",
    "error",
    "warning",
    "notice",
    "title",
];

#[test]
fn a_chinese_report_has_no_english_words() {
    let mut run = run();
    for source in &mut run.sources {
        source.stale.clear();
        if let Outcome::Quarantined(_) = source.outcome {
            source.outcome = Outcome::Quarantined(vec![Reason::page(Lang::Zh, PageProblem::Missing)]);
        }
        if let Outcome::Failed(_) = source.outcome {
            source.outcome = Outcome::Failed(Reason::page(Lang::En, PageProblem::NotArchived));
        }
    }
    let page = html(&run, Lang::Zh);
    let page = page.split_once("<main>").and_then(|(_, rest)| rest.split_once("</main>")).unwrap().0.to_owned();
    let page = scraper::Html::parse_fragment(&page).root_element().text().collect::<Vec<_>>().join(" ");
    let formats =
        [terminal(&run, Lang::Zh, false), markdown(&run, Lang::Zh, Some(65_536)), github(&run, Lang::Zh), page];
    for said in formats {
        let said = ["details", "summary", "<del>", "</del>", "<ins>", "</ins>", "&amp;"]
            .iter()
            .fold(said, |said, tag| said.replace(tag, " "));
        let words = said.split(|c: char| !c.is_ascii_alphabetic()).filter(|word| word.len() > 1);
        // Hexadecimal digits of digests are no words.
        let english: Vec<&str> =
            words.filter(|word| !DATA.contains(word) && !word.chars().all(|c| c.is_ascii_hexdigit())).collect();
        assert_eq!(english, Vec::<&str>::new(), "{said}");
    }
}

#[test]
fn an_english_report_has_no_chinese_words() {
    let mut run = run();
    run.sources.retain(|source| source.source != "acme/farm");
    for said in [terminal(&run, Lang::En, false), html(&run, Lang::En), github(&run, Lang::En)] {
        assert!(!said.chars().any(|c| ('\u{4e00}'..'\u{9fff}').contains(&c)), "{said}");
    }
}
