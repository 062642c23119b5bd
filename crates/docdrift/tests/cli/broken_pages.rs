//! A page that looks wrong never replaces good data and never stops another source.

use std::fs;

use docdrift_model::Lang;

use crate::site::{DemoPage, Site, assert_untouched, demo_pages, write};

/// A refreshed site where the page of one source is broken several times, while another source changes each time.
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
        site.run(&format!("refresh --pages ../pages --source {} --source {healthy}", page.source)).exits_with(0);
        Self { site, page, healthy, edition: 1 }
    }

    /// Refreshes with `body` as the page, or without the page. Panics if the data of its source changes, or if the run
    /// does not report the source and the reason. Returns whether the source was held back: a damaged page that still has
    /// all its rows may pass as unchanged.
    #[track_caller]
    fn refresh_keeps_the_data(&mut self, broken: &str, body: Option<&[u8]>) -> bool {
        match body {
            Some(body) => write(&self.site.page(&self.page.name), body),
            None => fs::remove_file(self.site.page(&self.page.name)).unwrap(),
        }
        let id = self.page.source.to_string();
        self.edition = 3 - self.edition;
        self.site.put_source(self.healthy, self.edition);
        let (kept, other) = (self.site.source_data(&id), self.site.source_data(self.healthy));

        let run = self.site.run(&format!("refresh --pages ../pages --source {id} --source {}", self.healthy));
        let name = format!("{} {broken}", self.page.name);
        assert_eq!(
            self.site.reported_source(self.healthy)["outcome"],
            "changed",
            "{name}: the other source did not change"
        );
        assert!(self.site.source_data(self.healthy) != other, "{name}: the other source did not change");
        assert_untouched(&kept, &self.site.source_data(&id), &format!("{name}\n{}", run.out));
        if self.site.reported_source(&id)["outcome"] == "unchanged" {
            run.exits_with(0);
            return false;
        }
        let reasons = self.site.reported_source(&id)["reasons"].clone();
        let why: String = reasons[0].as_str().unwrap_or_else(|| panic!("{name}: no reason")).chars().take(30).collect();
        run.exits_with(3).prints(&[&format!("{id}: the last good data is kept"), &why, "1 changed, 1 "]);
        true
    }

    fn assert_quarantined(&mut self, broken: &str, body: Option<&[u8]>) {
        assert!(self.refresh_keeps_the_data(broken, body), "{} {broken}: it was accepted", self.page.name);
    }

    /// Truncates the page at each tenth of its length.
    fn truncate_at_each_tenth(&mut self) {
        let whole = self.page.read_edition(1);
        let kept = (1..10).filter(|n| {
            let body = &whole[..whole.len() * n / 10];
            self.refresh_keeps_the_data(&format!("cut at {n}0 %"), Some(body))
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

/// Returns bytes that are no text. They are always the same.
fn pseudo_random_bytes() -> Vec<u8> {
    let next = |state: &u32| Some(state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223));
    std::iter::successors(Some(7u32), next).map(|state| state.to_be_bytes()[0]).take(5000).collect()
}

#[test]
fn pages_without_error_tables_are_quarantined() {
    let pages = demo_pages();
    let wall = pages.iter().find(|page| page.name == "nimbus/key-locker/en.html").unwrap().read_edition(2);
    for name in SHAPES {
        let mut case = Case::new(name);
        case.assert_quarantined("empty", Some(b""));
        case.assert_quarantined("blank", Some(" \r\n\t\u{3000}\u{feff}\n\n".as_bytes()));
        case.assert_quarantined("noise", Some(&pseudo_random_bytes()));
        case.assert_quarantined("without tables", Some(NO_TABLES.as_bytes()));
        case.assert_quarantined("a login form", Some(&wall));
    }
}

#[test]
fn a_page_in_the_wrong_language_is_quarantined() {
    let pages = demo_pages();
    for name in SHAPES {
        let mut case = Case::new(name);
        let other = pages.iter().find(|page| page.source == case.page.source && page.lang != case.page.lang);
        if let Some(other) = other {
            case.assert_quarantined("in the other language", Some(&other.read_edition(1)));
        }
    }
}

#[test]
fn the_only_page_of_another_service_is_quarantined() {
    let mut case = Case::new("borealis/data-relay-fabric/en.html");
    for other in demo_pages().iter().filter(|page| page.lang == Lang::En && page.source.vendor != "borealis") {
        case.assert_quarantined(&format!("is {}", other.name), Some(&other.read_edition(1)));
    }
}

#[test]
fn one_of_two_pages_of_another_service_is_quarantined() {
    let pages = demo_pages();
    for name in SHAPES.into_iter().filter(|name| !name.starts_with("borealis")) {
        let mut case = Case::new(name);
        let others = pages.iter().filter(|page| page.lang == case.page.lang && page.source != case.page.source);
        for other in others.collect::<Vec<_>>() {
            case.assert_quarantined(&format!("is {}", other.name), Some(&other.read_edition(1)));
        }
    }
}

#[test]
fn a_missing_page_keeps_the_last_data() {
    for name in SHAPES.into_iter().filter(|name| !name.starts_with("borealis")) {
        Case::new(name).assert_quarantined("missing", None);
    }
}

#[test]
fn truncated_html_keeps_the_last_data() {
    for name in ["borealis/data-relay-fabric/en.html", "nimbus/object-vault/zh.html", "petrel/message-courier/en.html"]
    {
        Case::new(name).truncate_at_each_tenth();
    }
}

#[test]
fn truncated_markdown_and_piped_text_keep_the_last_data() {
    for name in ["larkspur/batch-loom/zh.md", "quarrystone/trace-lens/zh.txt"] {
        Case::new(name).truncate_at_each_tenth();
    }
}

#[test]
fn truncated_text_with_one_cell_per_line_keeps_the_last_data() {
    Case::new("quarrystone/trace-lens/en.txt").truncate_at_each_tenth();
}

#[test]
fn two_files_for_one_page_fail_the_source() {
    let site = Site::refreshed_demo();
    let before = site.data();
    fs::copy(site.page("larkspur/batch-loom/zh.md"), site.page("larkspur/batch-loom/zh.txt")).unwrap();
    site.run("refresh --pages ../pages").exits_with(3).prints(&[
        "FAILED larkspur/batch-loom",
        "zh.md and",
        "5 unchanged",
    ]);
    assert_untouched(&before, &site.data(), "two copies");
}

#[test]
fn a_source_that_is_broken_from_the_start_is_not_published() {
    let site = Site::demo();
    site.put_source("nimbus/key-locker", 2);
    site.run("refresh --pages ../pages")
        .exits_with(3)
        .prints(&["QUARANTINED nimbus/key-locker", "5 new, 1 quarantined"]);
    assert!(site.source_data("nimbus/key-locker").is_empty());
    assert!(!site.data_as_text().contains("KLK.01."));
    site.put_source("nimbus/key-locker", 1);
    site.run("refresh --pages ../pages").exits_with(0).prints(&["1 new, 5 unchanged"]);
}

/// Returns a refreshed site with the pages of the second edition, where the snapshot of one source is truncated.
fn site_with_damaged_snapshot(id: &str) -> Site {
    let site = Site::refreshed_demo();
    site.put_edition(2);
    let (path, (bytes, _)) = site
        .source_data(id)
        .into_iter()
        .find(|(path, _)| path.extension().is_some_and(|ending| ending == "jsonl"))
        .unwrap();
    write(&path, &bytes[..bytes.len() / 2]);
    site
}

#[test]
fn a_damaged_snapshot_is_not_used() {
    let id = "petrel/message-courier";
    let site = site_with_damaged_snapshot(id);
    let before = site.source_data(id);
    for command in ["refresh --pages ../pages", "refresh --offline", "check --pages ../pages"] {
        site.run(command).exits_with(3).prints(&[id, ".jsonl"]);
        assert_untouched(&before, &site.source_data(id), command);
    }
}

#[test]
fn a_damaged_snapshot_fails_only_its_source() {
    let site = site_with_damaged_snapshot("petrel/message-courier");
    site.run("refresh --pages ../pages").exits_with(3).prints(&["FAILED petrel/message-courier", "4 changed"]);
    assert_eq!(site.reported_source("quarrystone/trace-lens")["outcome"], "changed");
    assert!(site.data_as_text().contains("TL.1303"));
}

/// A maintainer can accept pages that the guard holds back. The reason is stored.
#[test]
fn accepted_pages_are_published_with_the_reason() {
    let site = Site::refreshed_demo();
    let page = site.page("borealis/data-relay-fabric/en.html");
    let text = fs::read_to_string(&page).unwrap();
    let rows: Vec<&str> = text.split_inclusive("</tr>").collect();
    // Removes half of the rows and keeps the rest of the page.
    let kept: String =
        rows.iter().enumerate().filter(|(n, _)| *n < 12 || *n + 1 == rows.len()).map(|(_, row)| *row).collect();
    fs::write(&page, kept).unwrap();
    site.run("refresh --pages ../pages").exits_with(3).prints(&["QUARANTINED"]);
    let wrong = site.run("refresh --pages ../pages --accept borealis/*");
    wrong.exits_with(2).prints(&["--reason"]);
    site.run("refresh --pages ../pages --accept borealis/* --reason moved-to-another-page").exits_with(0);
    let kept = site.data_as_text().contains("moved-to-another-page");
    assert!(kept, "the snapshot has the reason");
    site.run("refresh --pages ../pages").exits_with(0).prints(&["no drift"]);
}

/// Returns a page with 20 rows in two tables. `cell(row, column)` returns the text of a cell.
fn lamp_page(cell: impl Fn(usize, usize) -> String) -> String {
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

fn lamp_cell(n: usize, column: usize) -> String {
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
fn misplaced_cells_are_quarantined() {
    type Cell = fn(usize, usize) -> String;
    let damages: [(&str, Cell); 6] = [
        ("columns exchanged", |n, column| lamp_cell(n, [0, 1, 3, 2][column])),
        ("codes shifted", |n, column| lamp_cell(if column == 1 { n } else { (n + 1) % 20 }, column)),
        ("descriptions shifted", |n, column| lamp_cell(if column == 3 { (n + 1) % 20 } else { n }, column)),
        ("the same message in all rows", |n, column| {
            if column == 2 { "Loading, please wait.".into() } else { lamp_cell(n, column) }
        }),
        ("all messages replaced by -", |n, column| if column == 2 { "-".into() } else { lamp_cell(n, column) }),
        (
            "all descriptions replaced by null",
            |n, column| if column == 3 { "null".into() } else { lamp_cell(n, column) },
        ),
    ];
    let site = Site::new(LAMPS);
    let page = site.page("acme/lamps/en.md");
    write(&page, lamp_page(lamp_cell));
    site.run("refresh --pages ../pages").exits_with(0);
    let before = site.data();
    for (name, cell) in damages {
        write(&page, lamp_page(cell));
        site.run("refresh --pages ../pages").exits_with(3).prints(&["QUARANTINED acme/lamps"]);
        assert_untouched(&before, &site.data(), name);
    }
    let (attic, _) =
        lamp_page(lamp_cell).split_once("## Attic").map(|(hall, attic)| (hall.to_owned(), attic.len())).unwrap();
    write(&page, attic + "More.\n");
    site.run("refresh --pages ../pages").exits_with(3).prints(&["all its 4 rows are gone"]);
}

#[test]
fn ordinary_changes_are_accepted() {
    type Cell = fn(usize, usize) -> String;
    let edits: [(&str, Cell); 4] = [
        ("one more word in every message", |n, column| lamp_cell(n, column) + if column == 2 { " Sorry." } else { "" }),
        ("a column reworded", |n, column| {
            if column == 3 { format!("The bulb of lamp {n} is missing.") } else { lamp_cell(n, column) }
        }),
        ("a prefix renamed", |n, column| if column == 1 { format!("Light.{n:04}") } else { lamp_cell(n, column) }),
        ("some statuses changed", |n, column| if column == 0 && n < 5 { "418".into() } else { lamp_cell(n, column) }),
    ];
    for (name, cell) in edits {
        let site = Site::new(LAMPS);
        let page = site.page("acme/lamps/en.md");
        write(&page, lamp_page(lamp_cell));
        site.run("refresh --pages ../pages").exits_with(0);
        write(&page, lamp_page(cell));
        let run = site.run("refresh --pages ../pages");
        assert_eq!(run.code, 0, "{name}: {run:?}");
    }
}
