//! An invented run that has a bit of everything.

use docdrift_model::{
    Bilingual, Drift, Lang, Outcome, Reason, Report, Severity, Warning, WarningKind,
    drift::{Change, ColumnChange, Edit, Key, LanguageChange, Move, Rename, Return},
    entry::Pairing,
    report::{Doubt, Evidence, PageEvidence, PageStamp, ReaderDrift, SourceReport},
    severities::{ChangeKind, Severities},
    table::Place,
    text::{digest, published},
};
use jiff::civil::{Date, date};

pub(crate) const ZH: Option<Lang> = Some(Lang::Zh);
pub(crate) const EN: Option<Lang> = Some(Lang::En);

pub(crate) fn key(status: &str, code: &str) -> Key {
    Key { status: status.into(), code: code.into(), table: "Errors".into(), id: String::new() }
}

pub(crate) fn edit(field: &str, lang: Option<Lang>, old: &str, new: &str, severity: Severity) -> Edit {
    Edit { field: field.into(), lang, old: old.into(), new: new.into(), severity }
}

pub(crate) fn change(status: &str, code: &str, edits: Vec<Edit>) -> Change {
    let mut fields: Vec<String> = edits.iter().map(|edit| edit.field.clone()).collect();
    fields.dedup();
    let severity = edits.iter().map(|edit| edit.severity).max().unwrap_or_default();
    Change { key: key(status, code), fields, severity, edits }
}

/// One edit of each of these entries.
fn each(
    from: u32,
    to: u32,
    field: &str,
    lang: Option<Lang>,
    severity: Severity,
    text: impl Fn(u32) -> (String, String),
) -> Vec<Change> {
    let one = |n: u32| {
        let (old, new) = text(n);
        change("400", &format!("Farm.{n}"), vec![edit(field, lang, &old, &new, severity)])
    };
    (from..to).map(one).collect()
}

fn changes() -> Vec<Change> {
    use Severity::{Breaking, Cosmetic, Editorial, Wording};
    let plants = ["barley", "maize", "oats", "rye"];
    let plant = |n: u32| plants[n as usize % 4];
    let mut changed = each(30, 35, "description", EN, Editorial, |n| {
        let text = |word: &str| format!("The {word} store of farm {n} is being moved; see the {word} store.");
        (text("grain"), text("seed"))
    });
    changed.extend(each(40, 44, "message", EN, Wording, |n| {
        (format!("Harvest {} failed.", plant(n)), format!("Failed to harvest {}.", plant(n)))
    }));
    changed.extend(each(50, 53, "Owner", EN, Editorial, |n| (String::new(), format!("team {n}"))));
    changed
        .extend(each(60, 63, "description", ZH, Editorial, |n| (format!("水箱 {n} 已空"), format!("水箱 {n} 已空。"))));
    changed.extend(each(70, 72, "solution", ZH, Editorial, |n| (published("a"), published(&n.to_string()))));
    changed.extend([
        change("409", "Farm.2", vec![edit("status", None, "400", "409", Breaking)]),
        change(
            "400",
            "Farm.3",
            vec![
                edit("message", EN, "Tank {0} of farm {1} is dry.", "Tank {0} is dry.", Breaking),
                edit("description", ZH, "水箱已空，请加水。", "水箱空了，请先加水。", Editorial),
            ],
        ),
        change("400", "Farm.4", vec![edit("message", EN, "Pump off.", "Pump is off.", Wording)]),
        change("400", "Farm.6", vec![edit("solution", EN, "", "Fill the tank.", Editorial)]),
        change("400", "Farm.7", vec![edit("message", EN, "Tank is  dry", "Tank is dry", Cosmetic)]),
    ]);
    changed
}

pub(crate) fn sample() -> Drift {
    Drift {
        added: vec![key("404", "Farm.8"), key("404", "Farm.12")],
        removed: vec![key("400", "Farm.9"), key("403", "Farm.10")],
        renamed: (1..=3)
            .map(|n| Rename { from: key("400", &format!("IdentityFarm.{n}")), to: key("400", &format!("IF.{n}")) })
            .collect(),
        changed: changes(),
        moved: vec![Move { status: "400".into(), code: "Farm.11".into(), from: "Errors".into(), to: "Pumps".into() }],
        columns: vec![ColumnChange {
            table: "Errors".into(),
            lang: Lang::En,
            column: "Owner".into(),
            gained: true,
            severity: Severity::Editorial,
        }],
        languages: vec![],
        returned: vec![Return { key: key("404", "Farm.12"), removed_on: date(2024, 6, 1) }],
        severities: Severities::from_iter([(ChangeKind::Moved, Severity::None)]),
        severity: Severity::Breaking,
    }
}

/// A source that has a Chinese page now.
fn translated() -> Drift {
    let gains = |n: u32| {
        let text = |field: &str, text: &str| edit(field, ZH, "", text, Severity::Editorial);
        change("400", &format!("Sheep.{n}"), vec![text("message", "羊圈已满。"), text("solution", "扩建羊圈。")])
    };
    Drift {
        changed: (1..=2).map(gains).collect(),
        languages: vec![LanguageChange { lang: Lang::Zh, gained: true, severity: Severity::Editorial }],
        severity: Severity::Editorial,
        ..Drift::default()
    }
}

/// What version 2 of the reader changed, as far as the archive knows.
pub(crate) fn reader(drift: Option<Drift>) -> ReaderDrift {
    ReaderDrift { from: 1, to: 2, drift }
}

/// Rows that another version of the reader makes something else of.
pub(crate) fn read_otherwise() -> Drift {
    let edits = vec![
        edit("message", EN, "Goat {0} is away", "Goat {0} is away.", Severity::Wording),
        edit("solution", EN, "", "Call the goat.", Severity::Editorial),
    ];
    Drift {
        removed: vec![key("400", "Goat.9")],
        added: vec![key("400", "Goat.8")],
        renamed: vec![Rename { from: key("400", "Goat1"), to: key("400", "Goat.1") }],
        changed: vec![change("400", "Goat.1", edits)],
        severity: Severity::Breaking,
        ..Drift::default()
    }
}

pub(crate) fn evidence(service: &str) -> Evidence {
    let stamp = |date: Option<Date>, body: &str| PageStamp { updated_on: date, digest: digest(body.as_bytes()) };
    let zh = PageEvidence { url: "pages/hens (zh).html".into(), old: None, new: Some(stamp(None, "zh")) };
    let en = PageEvidence {
        url: format!("https://docs.acme.example/{service}.html?a=1&b=2"),
        old: Some(stamp(Some(date(2025, 1, 2)), "old")),
        new: Some(stamp(Some(date(2025, 3, 4)), "new")),
    };
    Evidence {
        pages: Bilingual { zh: (service == "hens").then_some(zh), en: Some(en) },
        reproduce: format!("docdrift diff HEAD~1:snapshots/acme/{service} snapshots/acme/{service}"),
    }
}

pub(crate) fn source(service: &str, outcome: Outcome, drift: Drift) -> SourceReport {
    SourceReport {
        source: format!("acme/{service}"),
        evidence: evidence(service),
        outcome,
        drift,
        reader: None,
        warnings: Vec::new(),
        doubts: Vec::new(),
        stale: Vec::new(),
    }
}

/// As `diff` has it: two files of no known source.
pub(crate) fn nameless(drift: Drift) -> Report {
    let outcome = if drift.is_empty() { Outcome::Unchanged } else { Outcome::Changed };
    let source = SourceReport { source: String::new(), evidence: Evidence::default(), ..source("", outcome, drift) };
    Report { sources: vec![source] }
}

pub(crate) fn run() -> Report {
    let uncertain = Warning {
        kind: WarningKind::UncertainRow,
        place: Some(Place { table: 0, row: Some(12) }),
        detail: "the row has four cells, the header five".into(),
    };
    let gutted = Drift {
        removed: (0..270).map(|n| key("400", &format!("Hen.{n}"))).collect(),
        severity: Severity::Breaking,
        ..Drift::default()
    };
    let mut farm = source("farm", Outcome::Changed, sample());
    farm.evidence.pages.zh =
        Some(PageEvidence { url: "https://docs.acme.example/zh/farm#top".into(), old: None, new: None });
    farm.warnings.push((Lang::En, uncertain));
    let doubt = |n: u32| Doubt {
        status: "400".into(),
        code: format!("Farm.{n}"),
        pairing: Pairing { method: "text".into(), score: 0.5 },
    };
    farm.doubts = (0..7).map(doubt).collect();
    farm.stale = vec!["overrides.toml:3: [[pair]] does not apply".into()];
    farm.reader = Some(reader(Some(read_otherwise())));
    let with = |drift, source| SourceReport { reader: Some(reader(drift)), ..source };
    Report {
        sources: vec![
            with(Some(Drift::default()), source("barn", Outcome::Unchanged, Drift::default())),
            source("cows", Outcome::First(12), Drift::default()),
            farm,
            with(Some(read_otherwise()), source("goats", Outcome::Unchanged, Drift::default())),
            source(
                "hens",
                Outcome::Quarantined(vec![Reason::Other("the en page has 3 rows, 273 last time".into())]),
                gutted,
            ),
            source(
                "pigs",
                Outcome::Failed(Reason::Other("the server answered 503 four times".into())),
                Drift::default(),
            ),
            with(None, source("sheep", Outcome::Changed, translated())),
        ],
    }
}
