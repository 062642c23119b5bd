//! No page that looks wrong ever replaces good data, and none stops another source.

use std::fs;

use docdrift_model::Lang;

use crate::site::{DemoPage, Site, assert_untouched, demo_pages, write};

/// A refreshed site where one source's page is broken again and again, while another source changes each time.
struct Case {
    site: Site,
    page: DemoPage,
    healthy: &'static str,
    edition: usize,
}

impl Case {
    fn new(name: &str) -> Self {
        let site = Site::demo();
        let page = demo_pages().into_iter().find(|page| page.name == name).unwrap();
        let is_borealis = name.starts_with("borealis");
        let healthy = if is_borealis { "petrel/message-courier" } else { "borealis/data-relay-fabric" };
        site.run(&format!("refresh --pages ../pages --source {} --source {healthy}", page.source)).ends(0);
        Self { site, page, healthy, edition: 1 }
    }

    /// Refreshes with `body` as the page, or without the page. Nothing of its source may be lost: what is kept is the
    /// same byte for byte and the run says which source was kept and why. True where that was needed; a damaged page
    /// that still tells all that it told may pass.
    #[track_caller]
    fn nothing_is_lost(&mut self, broken: &str, body: Option<&[u8]>) -> bool {
        match body {
            Some(body) => write(&self.site.page(&self.page.name), body),
            None => fs::remove_file(self.site.page(&self.page.name)).unwrap(),
        }
        let id = self.page.source.to_string();
        self.edition = 3 - self.edition;
        self.site.put_source(self.healthy, self.edition);
        let (kept, other) = (self.site.data_of(&id), self.site.data_of(self.healthy));

        let run = self.site.run(&format!("refresh --pages ../pages --source {id} --source {}", self.healthy));
        let name = format!("{} {broken}", self.page.name);
        assert_eq!(self.site.told_of(self.healthy)["outcome"], "changed", "{name}: the other source was not done");
        assert!(self.site.data_of(self.healthy) != other, "{name}: the other source was not done");
        assert_untouched(&kept, &self.site.data_of(&id), &format!("{name}\n{}", run.out));
        if self.site.told_of(&id)["outcome"] == "unchanged" {
            run.ends(0);
            return false;
        }
        let reasons = self.site.told_of(&id)["reasons"].clone();
        let why: String = reasons[0].as_str().unwrap_or_else(|| panic!("{name}: no reason")).chars().take(30).collect();
        run.ends(3).says(&[&format!("{id}: the last good data is kept"), &why, "1 changed, 1 "]);
        true
    }

    fn must_be_kept(&mut self, broken: &str, body: Option<&[u8]>) {
        assert!(self.nothing_is_lost(broken, body), "{} {broken}: it passed as a whole page", self.page.name);
    }

    /// The page cut at each tenth of its length.
    fn cut_at_each_tenth(&mut self) {
        let whole = self.page.in_edition(1);
        let kept = (1..10).filter(|n| {
            let body = &whole[..whole.len() * n / 10];
            self.nothing_is_lost(&format!("cut at {n}0 %"), Some(body))
        });
        assert!(kept.count() >= 8, "{}: most cuts go through its table", self.page.name);
    }
}

/// One page of each shape.
const SHAPES: [&str; 5] = [
    "borealis/data-relay-fabric/en.html",
    "larkspur/batch-loom/zh.md",
    "nimbus/object-vault/en.html",
    "petrel/message-courier/zh.html",
    "quarrystone/trace-lens/en.txt",
];

const NO_TABLES: &str = "<!DOCTYPE html><html><body><h1>Error codes</h1><p>This reference has moved to our new help \
                         centre. Ask for it there by the name of the service.</p></body></html>";

/// Bytes of no text, the same each time.
fn noise() -> Vec<u8> {
    let next = |state: &u32| Some(state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223));
    std::iter::successors(Some(7u32), next).map(|state| state.to_be_bytes()[0]).take(5000).collect()
}

#[test]
fn pages_that_are_none() {
    let pages = demo_pages();
    let wall = pages.iter().find(|page| page.name == "nimbus/key-locker/en.html").unwrap().in_edition(2);
    for name in SHAPES {
        let mut case = Case::new(name);
        case.must_be_kept("empty", Some(b""));
        case.must_be_kept("blank", Some(" \r\n\t\u{3000}\u{feff}\n\n".as_bytes()));
        case.must_be_kept("noise", Some(&noise()));
        case.must_be_kept("without tables", Some(NO_TABLES.as_bytes()));
        case.must_be_kept("a login form", Some(&wall));
    }
}

#[test]
fn the_page_of_the_other_language() {
    let pages = demo_pages();
    for name in SHAPES {
        let mut case = Case::new(name);
        let other = pages.iter().find(|page| page.source == case.page.source && page.lang != case.page.lang);
        if let Some(other) = other {
            case.must_be_kept("in the other language", Some(&other.in_edition(1)));
        }
    }
}

#[test]
fn the_only_page_is_one_of_another_service() {
    let mut case = Case::new("borealis/data-relay-fabric/en.html");
    for other in demo_pages().iter().filter(|page| page.lang == Lang::En && page.source.vendor != "borealis") {
        case.must_be_kept(&format!("is {}", other.name), Some(&other.in_edition(1)));
    }
}

#[test]
fn one_of_two_pages_is_one_of_another_service() {
    let pages = demo_pages();
    for name in SHAPES.into_iter().filter(|name| !name.starts_with("borealis")) {
        let mut case = Case::new(name);
        let others = pages.iter().filter(|page| page.lang == case.page.lang && page.source != case.page.source);
        for other in others.collect::<Vec<_>>() {
            case.must_be_kept(&format!("is {}", other.name), Some(&other.in_edition(1)));
        }
    }
}

#[test]
fn a_page_that_is_not_there() {
    for name in SHAPES.into_iter().filter(|name| !name.starts_with("borealis")) {
        Case::new(name).must_be_kept("missing", None);
    }
}

#[test]
fn html_cut_at_each_tenth() {
    for name in ["borealis/data-relay-fabric/en.html", "nimbus/object-vault/zh.html", "petrel/message-courier/en.html"]
    {
        Case::new(name).cut_at_each_tenth();
    }
}

#[test]
fn markdown_and_piped_text_cut_at_each_tenth() {
    for name in ["larkspur/batch-loom/zh.md", "quarrystone/trace-lens/zh.txt"] {
        Case::new(name).cut_at_each_tenth();
    }
}

#[test]
fn text_of_one_cell_a_line_cut_at_each_tenth() {
    Case::new("quarrystone/trace-lens/en.txt").cut_at_each_tenth();
}

#[test]
fn two_copies_of_a_page() {
    let site = Site::refreshed_demo();
    let before = site.data();
    fs::copy(site.page("larkspur/batch-loom/zh.md"), site.page("larkspur/batch-loom/zh.txt")).unwrap();
    site.run("refresh --pages ../pages").ends(3).says(&["FAILED larkspur/batch-loom", "zh.md and", "5 unchanged"]);
    assert_untouched(&before, &site.data(), "two copies");
}

#[test]
fn a_source_that_begins_broken_is_not_published() {
    let site = Site::demo();
    site.put_source("nimbus/key-locker", 2);
    site.run("refresh --pages ../pages").ends(3).says(&["QUARANTINED nimbus/key-locker", "5 new, 1 quarantined"]);
    assert!(site.data_of("nimbus/key-locker").is_empty());
    assert!(!site.data_as_text().contains("KLK.01."));
    site.put_source("nimbus/key-locker", 1);
    site.run("refresh --pages ../pages").ends(0).says(&["1 new, 5 unchanged"]);
}

/// A refreshed site with the second edition's pages and a snapshot of one source cut in the middle.
fn with_a_damaged_snapshot(id: &str) -> Site {
    let site = Site::refreshed_demo();
    site.put_edition(2);
    let (path, (bytes, _)) = site
        .data_of(id)
        .into_iter()
        .find(|(path, _)| path.extension().is_some_and(|ending| ending == "jsonl"))
        .unwrap();
    write(&path, &bytes[..bytes.len() / 2]);
    site
}

#[test]
fn a_damaged_snapshot_is_never_built_on() {
    let id = "petrel/message-courier";
    let site = with_a_damaged_snapshot(id);
    let before = site.data_of(id);
    for command in ["refresh --pages ../pages", "refresh --offline", "check --pages ../pages"] {
        site.run(command).ends(3).says(&[id, ".jsonl"]);
        assert_untouched(&before, &site.data_of(id), command);
    }
}

#[test]
fn a_damaged_snapshot_stops_its_source_only() {
    let site = with_a_damaged_snapshot("petrel/message-courier");
    site.run("refresh --pages ../pages").ends(3).says(&["FAILED petrel/message-courier", "4 changed"]);
    assert_eq!(site.told_of("quarrystone/trace-lens")["outcome"], "changed");
    assert!(site.data_as_text().contains("TL.1303"));
}

/// A maintainer who has looked may take what the guard holds back; why is kept.
#[test]
fn accepted_pages_are_taken_and_the_reason_is_kept() {
    let site = Site::refreshed_demo();
    let page = site.page("borealis/data-relay-fabric/en.html");
    let text = fs::read_to_string(&page).unwrap();
    let rows: Vec<&str> = text.split_inclusive("</tr>").collect();
    // Half of the rows go; the furniture around the table stays.
    let kept: String =
        rows.iter().enumerate().filter(|(n, _)| *n < 12 || *n + 1 == rows.len()).map(|(_, row)| *row).collect();
    fs::write(&page, kept).unwrap();
    site.run("refresh --pages ../pages").ends(3).says(&["QUARANTINED"]);
    let wrong = site.run("refresh --pages ../pages --accept borealis/*");
    wrong.ends(2).says(&["--reason"]);
    site.run("refresh --pages ../pages --accept borealis/* --reason moved-to-another-page").ends(0);
    let kept = site.data_as_text().contains("moved-to-another-page");
    assert!(kept, "the reason stands in the snapshot");
    site.run("refresh --pages ../pages").ends(0).says(&["no drift"]);
}

/// A page of 20 rows, each cell as `cell(row, column)` makes it, in two tables.
fn drawn(cell: impl Fn(usize, usize) -> String) -> String {
    let rows = |from: usize, to: usize| -> String {
        let row = |n: usize| format!("| {} |\n", [0, 1, 2, 3].map(|column| cell(n, column)).join(" | "));
        (from..to).map(row).collect::<Vec<_>>().concat()
    };
    let header = "| Status Code | Error Code | Error Message | Description |\n|---|---|---|---|\n";
    format!(
        "# Errors\n\n## Hall errors\n\n{header}{}\n## Attic errors\n\n{header}{}\nMore.\n",
        rows(0, 16),
        rows(16, 20)
    )
}

fn whole(n: usize, column: usize) -> String {
    match column {
        0 => (400 + n % 5).to_string(),
        1 => format!("Lamp.{n:04}"),
        2 => format!("Lamp {n} in room {{0}} does not answer to switch {}.", n * 7),
        _ => format!("Somebody took bulb {n} out and put candle {} in.", n * 3),
    }
}

const LAMPS: &str = r#"
[[source]]
vendor = "acme"
service = "lamps"
name = { zh = "灯", en = "Lamps" }
pages = { en = "https://acme.test/lamps" }
licence = "© Acme"
"#;

#[test]
fn cells_that_slipped_never_replace_good_ones() {
    type Cell = fn(usize, usize) -> String;
    let damages: [(&str, Cell); 6] = [
        ("columns exchanged", |n, column| whole(n, [0, 1, 3, 2][column])),
        ("codes shifted", |n, column| whole(if column == 1 { n } else { (n + 1) % 20 }, column)),
        ("descriptions shifted", |n, column| whole(if column == 3 { (n + 1) % 20 } else { n }, column)),
        (
            "one message for all",
            |n, column| if column == 2 { "Loading, please wait.".into() } else { whole(n, column) },
        ),
        ("messages said to be empty", |n, column| if column == 2 { "-".into() } else { whole(n, column) }),
        ("descriptions said to be empty", |n, column| if column == 3 { "null".into() } else { whole(n, column) }),
    ];
    let site = Site::new(LAMPS);
    let page = site.page("acme/lamps/en.md");
    write(&page, drawn(whole));
    site.run("refresh --pages ../pages").ends(0);
    let before = site.data();
    for (name, cell) in damages {
        write(&page, drawn(cell));
        site.run("refresh --pages ../pages").ends(3).says(&["QUARANTINED acme/lamps"]);
        assert_untouched(&before, &site.data(), name);
    }
    let (attic, _) = drawn(whole).split_once("## Attic").map(|(hall, attic)| (hall.to_owned(), attic.len())).unwrap();
    write(&page, attic + "More.\n");
    site.run("refresh --pages ../pages").ends(3).says(&["all its 4 rows are gone"]);
}

#[test]
fn everyday_changes_are_let_through() {
    type Cell = fn(usize, usize) -> String;
    let edits: [(&str, Cell); 4] = [
        ("one word more in every message", |n, column| whole(n, column) + if column == 2 { " Sorry." } else { "" }),
        (
            "a column reworded",
            |n, column| if column == 3 { format!("The bulb of lamp {n} is missing.") } else { whole(n, column) },
        ),
        ("a prefix renamed", |n, column| if column == 1 { format!("Light.{n:04}") } else { whole(n, column) }),
        ("some statuses changed", |n, column| if column == 0 && n < 5 { "418".into() } else { whole(n, column) }),
    ];
    for (name, cell) in edits {
        let site = Site::new(LAMPS);
        let page = site.page("acme/lamps/en.md");
        write(&page, drawn(whole));
        site.run("refresh --pages ../pages").ends(0);
        write(&page, drawn(cell));
        let run = site.run("refresh --pages ../pages");
        assert_eq!(run.code, 0, "{name}: {run:?}");
    }
}
