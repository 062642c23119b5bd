//! Whatever pages say, it stays text: in no format does it become markup, a command or a link.

use docdrift_model::{
    Bilingual, Drift, Lang, Outcome, Reason, Report, Severity, Warning, WarningKind,
    drift::{Change, ColumnChange, Edit, Key, LanguageChange, Move, Rename, Return},
    entry::Pairing,
    report::{Doubt, Evidence, PageEvidence, PageStamp, ReaderDrift, SourceReport},
    severities::Severities,
};
use docdrift_report::{MARKDOWN_LIMIT, escape, github, html, json, junit, markdown, terminal};
use jiff::civil::{Date, date};
use proptest::prelude::*;
use scraper::{Html, Selector};

const NASTY: [&str; 16] = [
    "<script>alert(1)</script>",
    "</script><img src=x onerror=alert(1)>",
    "\"><b onmouseover='x'>",
    "{{ words.title }}{% raw %}{#",
    "]]></failure><error>",
    "::error::owned",
    "a\r\n::stop-commands::x",
    "##[add-mask]x",
    "\u{1b}[2J\u{1b}]8;;http://b.example\u{7}",
    "\u{202e}gnp.exe\u{2066}",
    "# title\n\n<!-- -->\n- x | y `z`",
    "[a](javascript:b) ![c](http://d.example)",
    "@everyone #1 GH-1 www.e.example http://f.example",
    "</details></summary>",
    "\u{0}\u{b}\u{ffff}\u{feff}",
    "$x$ ~~y~~ **z** \\",
];

fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        3 => prop::sample::select(NASTY.as_slice()).prop_map(str::to_owned),
        1 => any::<String>(),
        2 => "[ab .]{0,6}",
        1 => Just(String::new()),
    ]
}

fn key() -> impl Strategy<Value = Key> {
    (text(), text(), text(), text()).prop_map(|(status, code, table, id)| Key { status, code, table, id })
}

fn day() -> impl Strategy<Value = Date> {
    prop::sample::select(vec![Date::ZERO, Date::MAX, date(2024, 2, 29)])
}

fn severity() -> impl Strategy<Value = Severity> {
    use Severity::{Added, Breaking, Cosmetic, Editorial, None, Wording};
    prop::sample::select(vec![None, Cosmetic, Editorial, Wording, Added, Breaking])
}

fn lang() -> impl Strategy<Value = Lang> {
    prop::sample::select(Lang::ALL.to_vec())
}

fn edit() -> impl Strategy<Value = Edit> {
    let field = prop_oneof![Just("message".to_owned()), text()];
    (field, prop::option::of(lang()), text(), text(), severity()).prop_map(|(field, lang, old, new, severity)| Edit {
        field,
        lang,
        old,
        new,
        severity,
    })
}

fn change() -> impl Strategy<Value = Change> {
    (key(), prop::collection::vec(edit(), 0..4), severity()).prop_map(|(key, edits, severity)| Change {
        key,
        fields: vec![],
        severity,
        edits,
    })
}

fn columns() -> impl Strategy<Value = Vec<ColumnChange>> {
    let column = (text(), lang(), text(), any::<bool>(), severity());
    let column = column.prop_map(|(table, lang, column, gained, severity)| ColumnChange {
        table,
        lang,
        column,
        gained,
        severity,
    });
    prop::collection::vec(column, 0..3)
}

fn languages() -> impl Strategy<Value = Vec<LanguageChange>> {
    let language = (lang(), any::<bool>(), severity());
    prop::collection::vec(language.prop_map(|(lang, gained, severity)| LanguageChange { lang, gained, severity }), 0..2)
}

fn moves() -> impl Strategy<Value = Vec<Move>> {
    let one = (text(), text(), text(), text()).prop_map(|(status, code, from, to)| Move { status, code, from, to });
    prop::collection::vec(one, 0..4)
}

fn drift() -> impl Strategy<Value = Drift> {
    let keys = || prop::collection::vec(key(), 0..4);
    let renamed = prop::collection::vec((key(), key()).prop_map(|(from, to)| Rename { from, to }), 0..4);
    let rest = (columns(), languages(), day(), severity());
    (keys(), keys(), renamed, prop::collection::vec(change(), 0..6), moves(), rest).prop_map(
        |(added, removed, renamed, changed, moved, (columns, languages, removed_on, severity))| {
            let returned = added.iter().take(1).map(|key| Return { key: key.clone(), removed_on });
            Drift {
                returned: returned.collect(),
                severities: Severities::default(),
                added,
                removed,
                renamed,
                changed,
                moved,
                columns,
                languages,
                severity,
            }
        },
    )
}

fn evidence() -> impl Strategy<Value = Evidence> {
    let url = prop_oneof![text(), text().prop_map(|path| format!("https://a.example/{path}"))];
    let stamp =
        || prop::option::of((day(), text()).prop_map(|(date, digest)| PageStamp { updated_on: Some(date), digest }));
    let page = (url, stamp(), stamp()).prop_map(|(url, old, new)| PageEvidence { url, old, new });
    (prop::option::of(page.boxed()), text())
        .prop_map(|(page, reproduce)| Evidence { pages: Bilingual { zh: page.clone(), en: page }, reproduce })
}

fn outcome() -> impl Strategy<Value = Outcome> {
    prop_oneof![
        6 => Just(Outcome::Changed),
        1 => Just(Outcome::First(3)),
        1 => Just(Outcome::Unchanged),
        1 => text().prop_map(|text| Outcome::Failed(Reason::Other(text))),
        1 => prop::collection::vec(text().prop_map(Reason::Other), 0..3).prop_map(Outcome::Quarantined),
    ]
}

fn reader() -> impl Strategy<Value = Option<ReaderDrift>> {
    let reader = (any::<u32>(), any::<u32>(), prop::option::weighted(0.8, drift()));
    prop::option::weighted(0.6, reader.prop_map(|(from, to, drift)| ReaderDrift { from, to, drift }))
}

fn source() -> impl Strategy<Value = SourceReport> {
    (text(), evidence(), outcome(), drift(), reader(), text()).prop_map(
        |(source, evidence, outcome, drift, reader, said)| SourceReport {
            source,
            evidence,
            outcome,
            drift,
            reader,
            warnings: vec![(Lang::Zh, Warning::page(WarningKind::Wall, said.clone()))],
            doubts: vec![Doubt {
                status: said.clone(),
                code: said.clone(),
                pairing: Pairing { method: said.clone(), score: 0.5 },
            }],
            stale: vec![said],
        },
    )
}

fn report() -> impl Strategy<Value = Report> {
    prop::collection::vec(source(), 0..3).prop_map(|sources| Report { sources })
}

/// Nothing turns the text round, and no control character is left.
fn is_plain(text: &str) -> bool {
    !text.chars().any(|c| c == '\u{202e}' || c == '\u{2066}' || (c.is_control() && c != '\n'))
}

/// The names of all elements and attributes of a page.
fn markup(page: &Html) -> (Vec<&str>, Vec<&str>) {
    let all = Selector::parse("*").expect("a selector");
    let elements: Vec<_> = page.select(&all).map(|element| element.value()).collect();
    let attributes = elements.iter().flat_map(|element| element.attrs().map(|(name, _)| name)).collect();
    (elements.iter().map(|element| element.name()).collect(), attributes)
}

const ELEMENTS: [&str; 36] = [
    "html", "head", "meta", "title", "style", "body", "header", "h1", "h2", "h3", "p", "form", "fieldset", "legend",
    "label", "input", "select", "option", "output", "main", "section", "ul", "li", "a", "bdi", "del", "ins", "code",
    "strong", "details", "summary", "span", "script", "br", "b", "i",
];
const ATTRIBUTES: [&str; 22] = [
    "lang",
    "charset",
    "http-equiv",
    "content",
    "name",
    "class",
    "id",
    "hidden",
    "aria-label",
    "type",
    "value",
    "checked",
    "autocomplete",
    "role",
    "data-source",
    "data-severity",
    "data-kind",
    "data-langs",
    "href",
    "rel",
    "open",
    "for",
];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn a_terminal_and_a_log_obey_nothing(report in report(), lang in lang()) {
        let said = terminal(&report, lang, false);
        prop_assert!(is_plain(&said), "{said}");
        prop_assert!(!said.contains("##["), "{said}");
        for line in said.lines() {
            prop_assert!(!line.trim_start().starts_with("::"), "{line}");
        }
    }

    #[test]
    fn annotations_are_commands_of_ours(report in report(), lang in lang()) {
        let said = github(&report, lang);
        prop_assert!(is_plain(&said), "{said}");
        for line in said.lines() {
            let ours = ["::error title=", "::warning title=", "::notice title="];
            prop_assert!(ours.iter().any(|start| line.starts_with(start)), "{line}");
            let title = line.split_once("title=").and_then(|(_, rest)| rest.split_once("::")).unwrap().0;
            prop_assert!(!title.contains([':', ',']), "{line}");
        }
        for level in ["::error", "::warning", "::notice"] {
            prop_assert!(said.lines().filter(|line| line.starts_with(level)).count() <= 10);
        }
    }

    #[test]
    fn markdown_renders_markup_of_ours_only(report in report(), lang in lang()) {
        use pulldown_cmark::{Event, Options, Parser, Tag};
        let said = markdown(&report, lang, Some(MARKDOWN_LIMIT));
        prop_assert!(said.chars().count() <= MARKDOWN_LIMIT);
        prop_assert!(is_plain(&said), "{said}");
        let ours = ["<details>", "<summary>", "</summary>", "</details>", "<del>", "</del>", "<ins>", "</ins>"];
        let mut text = String::new();
        for event in Parser::new_ext(&said, Options::all()) {
            match event {
                Event::Html(html) | Event::InlineHtml(html) => {
                    let left = ours.iter().fold(html.to_string(), |left, tag| left.replace(tag, ""));
                    prop_assert!(!left.contains('<'), "{html} in {said}");
                }
                Event::Start(Tag::Link { dest_url, .. }) => {
                    prop_assert!(dest_url.starts_with("https://a.example/"), "{dest_url} in {said}");
                }
                Event::Text(part) => text += &part,
                Event::Start(Tag::Image { .. } | Tag::Table(_) | Tag::BlockQuote(_)) => prop_assert!(false, "{said}"),
                _ => {}
            }
        }
        for live in ["@everyone", "http://b.example", "http://f.example", "www.e.example"] {
            prop_assert!(!text.contains(live), "{live} in {said}");
        }
    }

    #[test]
    fn markdown_shows_the_text_itself(said in text(), more in "[-+=#>*.:0-9) |`\\[\\]a]{0,12}") {
        use pulldown_cmark::{Event, Options, Parser};
        let said = said + &more;
        let options = Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH | Options::ENABLE_TASKLISTS
            | Options::ENABLE_FOOTNOTES | Options::ENABLE_MATH | Options::ENABLE_GFM;
        let item = format!("- {}", escape::markdown(&said));
        let shown: String = Parser::new_ext(&item, options)
            .map(|event| if let Event::Text(text) = event { text.replace('\u{200b}', "") } else { String::new() })
            .collect();
        let words = |text: &str| text.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
        prop_assert_eq!(words(&shown), words(&escape::visible(&said)), "{}", item);
    }

    #[test]
    fn a_page_has_elements_of_ours_only(report in report(), lang in lang()) {
        let said = html(&report, lang);
        let page = Html::parse_document(&said);
        let (elements, attributes) = markup(&page);
        let foreign: Vec<_> = elements.iter().filter(|name| !ELEMENTS.contains(name)).collect();
        prop_assert!(foreign.is_empty(), "{foreign:?} in {said}");
        let foreign: Vec<_> = attributes.iter().filter(|name| !ATTRIBUTES.contains(name)).collect();
        prop_assert!(foreign.is_empty(), "{foreign:?} in {said}");
        prop_assert_eq!(elements.iter().filter(|name| **name == "script").count(), 1);
        for link in page.select(&Selector::parse("[href]").unwrap()) {
            let href = link.attr("href").unwrap();
            prop_assert!(href.starts_with("https://a.example/"), "{href}");
        }
        prop_assert!(is_plain(&said), "control characters");
    }

    #[test]
    fn xml_can_be_read(report in report(), lang in lang()) {
        let said = junit(&report, lang);
        let read = quick_junit::Report::deserialize_from_str(&said);
        prop_assert!(read.is_ok(), "{read:?} of {said}");
        prop_assert_eq!(read.unwrap().test_suites.len(), report.sources.len());
        prop_assert!(is_plain(&said), "{said}");
    }

    #[test]
    fn programs_get_every_text_as_it_is(report in report()) {
        let read = json(&report);
        for (source, told) in report.sources.iter().zip(read["sources"].as_array().unwrap()) {
            prop_assert_eq!(&told["source"], &source.source);
            let read: Drift = serde_json::from_value(told["drift"].clone()).unwrap();
            prop_assert_eq!(&read, &source.drift);
            let reader = source.reader.as_ref().and_then(|reader| reader.drift.as_ref());
            let read: Option<Drift> = serde_json::from_value(told["reader"]["drift"].clone()).unwrap();
            prop_assert_eq!(read.as_ref(), reader);
        }
    }
}
