//! Parses the text of `overrides.toml` into a maintainer's decisions, or into all problems of it.

use docdrift_model::{
    Bilingual, Lang, SourceId,
    decision::{Decision, RowName, Verdict},
};

use crate::{
    Problem,
    fields::{Problems, Section, Value, parse_text},
};

/// The kinds of decisions: the tables that the file may have.
const KINDS: [&str; 3] = ["pair", "apart", "respelled"];

/// Parses the whole file. `Err` holds every problem, in the order of the file.
pub(crate) fn parse_overrides(file: &str) -> Result<Vec<Decision>, Vec<Problem>> {
    let mut problems = Problems::new(file);
    let decisions = Section::read_file("overrides.toml", file, &mut problems, |top, problems| {
        let mut decisions: Vec<Decision> = Vec::new();
        for kind in KINDS {
            decisions.extend(parse_kind(kind, top, problems));
        }
        decisions.sort_by_key(|decision| decision.line);
        Some(decisions)
    });
    problems.into_result(decisions)
}

fn parse_kind(kind: &'static str, top: &Section<'_, '_>, problems: &mut Problems<'_>) -> Vec<Decision> {
    let Some(list) = top.get(kind) else { return Vec::new() };
    let Some(tables) = list.get_ref().as_array() else {
        problems.add(&list.span(), format!("`{kind}` must be a list: write [[{kind}]] with two brackets"));
        return Vec::new();
    };
    tables.iter().filter_map(|value| parse_decision(kind, value, problems)).collect()
}

fn parse_decision(kind: &str, value: &Value<'_>, problems: &mut Problems<'_>) -> Option<Decision> {
    Section::read_value(&format!("[[{kind}]]"), value, problems, |section, problems| {
        let source = section.required("source", "whose pages it is about, as \"vendor/service\"", problems);
        let source = source.and_then(|value| parse_source_id(value, problems));
        let table = section.text("table", problems);
        let verdict = read_verdict(kind, section, problems);
        let reason = section.required_text("reason", "why it was decided so", problems);
        let line = problems.position(value.span().start).0;
        Some(Decision { source: source?, table, verdict: verdict?, reason: reason?, line })
    })
}

fn parse_source_id(value: &Value<'_>, problems: &mut Problems<'_>) -> Option<SourceId> {
    match parse_text("source", value, problems)?.parse() {
        Ok(id) => Some(id),
        Err(message) => {
            problems.add(&value.span(), message);
            None
        }
    }
}

fn read_verdict(kind: &str, section: &Section<'_, '_>, problems: &mut Problems<'_>) -> Option<Verdict> {
    if kind == "respelled" {
        let advice = "the code as that page spells it, as \"Tea.Cold\"";
        let [zh, en] = Lang::ALL.map(|lang| section.required_text(lang.as_str(), advice, problems));
        return Some(Verdict::Respelled(Bilingual { zh: zh?, en: en? }));
    }
    let advice = "the row there, { status = \"…\", code = \"…\", message = \"…\" }, of which `code` suffices";
    let [zh, en] = Lang::ALL.map(|lang| {
        let value = section.required(lang.as_str(), advice, problems)?;
        parse_row(lang, value, problems)
    });
    let rows = Bilingual { zh: zh?, en: en? };
    Some(if kind == "pair" { Verdict::Pair(rows) } else { Verdict::Apart(rows) })
}

fn parse_row(lang: Lang, value: &Value<'_>, problems: &mut Problems<'_>) -> Option<RowName> {
    Section::read_value(&format!("`{lang}`"), value, problems, |section, problems| {
        let status = section.get("status").and_then(|value| parse_text(&format!("{lang}.status"), value, problems));
        let code = section.required("code", "the error code of the row", problems);
        let code = code.and_then(|value| parse_text(&format!("{lang}.code"), value, problems));
        let message = section.get("message").and_then(|value| parse_text(&format!("{lang}.message"), value, problems));
        Some(RowName { status: status.map(str::to_owned), code: code?.to_owned(), message: message.map(str::to_owned) })
    })
}
