//! Findings in each form, and that hostile text does no harm in any of them.

use docdrift_model::{
    Bilingual, Lang,
    finding::{Finding, FindingKind, How, SourceFindings},
};
use docdrift_report::{findings_json, findings_markdown, findings_terminal};
use insta::assert_snapshot;

fn finding(kind: FindingKind, how: Option<How>, code: &str, zh: &str, en: &str) -> Finding {
    Finding {
        kind,
        how,
        field: "message",
        status: "400".into(),
        code: code.into(),
        texts: Bilingual { zh: zh.into(), en: en.into() },
        detail: String::new(),
        fingerprint: "0123456789ab".into(),
    }
}

fn term(zh: &str, en: &str) -> How {
    How::Term(Bilingual { zh: zh.into(), en: en.into() })
}

fn source(findings: Vec<Finding>) -> SourceFindings {
    SourceFindings {
        source: "acme/hens".parse().expect("a source id"),
        pages: Bilingual { zh: None, en: Some("https://acme.test/hens".into()) },
        findings,
        ignored: 2,
        stale: vec!["overrides.toml:3: [[pair]] does not apply: it changes nothing".into()],
    }
}

fn sources() -> Vec<SourceFindings> {
    let differs = |how, code, zh, en| finding(FindingKind::MessageDiffers, how, code, zh, en);
    let lacks =
        Finding { detail: "3 in zh only".into(), ..finding(FindingKind::LiteralsDiffer, None, "Hen.7", "3", "") };
    vec![source(vec![
        differs(Some(How::Reworded), "Hen.1", "No egg.", "There is no egg."),
        differs(Some(term("coop", "barn")), "Hen.2", "Coop full.", "Barn full."),
        differs(Some(term("egg", "ovum")), "Hen.3", "Egg gone.", "Ovum gone."),
        differs(Some(term("egg", "ovum")), "Hen.4", "Egg lost.", "Ovum lost."),
        differs(Some(How::WhiteSpace), "Hen.5", "No  hen", "No hen"),
        differs(Some(How::Typography), "Hen.6", "no hen", "No hen."),
        lacks,
    ])]
}

#[test]
fn for_a_terminal() {
    assert_snapshot!(findings_terminal(&sources(), Lang::En, false));
}

#[test]
fn for_a_pull_request() {
    assert_snapshot!(findings_markdown(&sources(), Lang::En));
}

#[test]
fn for_programs() {
    assert_snapshot!(format!("{:#}", findings_json(&sources()[..1])));
}

#[test]
fn nothing_found() {
    assert_eq!(findings_terminal(&[], Lang::En, false), "0 sources: 0 findings\n");
    let clean = SourceFindings { stale: Vec::new(), ignored: 0, ..source(Vec::new()) };
    assert_eq!(findings_markdown(&[clean], Lang::En), "**1 source: 0 findings**\n");
}

#[test]
fn hostile_texts_do_no_harm() {
    let hostile = "\u{1b}[31m<img src=x>\u{202e} | `x` @all [y](javascript:z)\n# title";
    let mut found = finding(FindingKind::MessageDiffers, Some(term(hostile, hostile)), hostile, hostile, hostile);
    found.detail = hostile.into();
    let mut source = source(vec![found]);
    source.pages.zh = Some(hostile.into());
    source.stale = vec![hostile.into()];
    let shown = findings_terminal(std::slice::from_ref(&source), Lang::En, false);
    assert!(!shown.contains(['\u{1b}', '\u{202e}']), "{shown}");
    let shown = findings_markdown(&[source], Lang::En);
    assert!(!shown.contains(['\u{1b}', '\u{202e}']) && !shown.contains("<img") && !shown.contains("[y]("), "{shown}");
    assert!(!shown.contains("@all") && !shown.contains("\n# title"), "{shown}");
}

#[test]
fn for_readers_of_chinese() {
    assert_snapshot!(findings_markdown(&sources(), Lang::Zh));
}
