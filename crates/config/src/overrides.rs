//! The text of `overrides.toml` → the maintainer's decisions, or all that is wrong with it.

use docdrift_model::{Bilingual, Decision, Lang, RowName, SourceId, Verdict};

use crate::{
    Problem,
    fields::{Problems, Section, Value, text},
    parse::{LANG_KEYS, root},
};

const KEYS: [&str; 5] = ["source", "table", "zh", "en", "reason"];
const ROW_KEYS: [&str; 3] = ["status", "code", "message"];
const SECTIONS: [&str; 3] = ["pair", "apart", "respelled"];

/// Reads the whole file. `Err` holds every problem, in the order of the file.
pub(crate) fn overrides(file: &str) -> Result<Vec<Decision>, Vec<Problem>> {
    let mut problems = Problems::of(file);
    let Some(table) = root(file, &mut problems) else { return Err(problems.sorted()) };
    let top = Section { name: "overrides.toml", table: table.get_ref(), span: 0..0 };
    top.refuse_unknown(&SECTIONS, &mut problems);
    let mut decisions: Vec<Decision> = Vec::new();
    for kind in SECTIONS {
        decisions.extend(of_kind(kind, &top, &mut problems));
    }
    decisions.sort_by_key(|decision| decision.line);
    match problems.sorted() {
        none if none.is_empty() => Ok(decisions),
        found => Err(found),
    }
}

fn of_kind(kind: &str, top: &Section<'_, '_>, problems: &mut Problems<'_>) -> Vec<Decision> {
    let Some(list) = top.get(kind) else { return Vec::new() };
    let Some(tables) = list.get_ref().as_array() else {
        problems.add(&list.span(), format!("`{kind}` must be a list: write [[{kind}]] with two brackets"));
        return Vec::new();
    };
    tables.iter().filter_map(|value| decision(kind, value, problems)).collect()
}

fn decision(kind: &str, value: &Value<'_>, problems: &mut Problems<'_>) -> Option<Decision> {
    let name = format!("[[{kind}]]");
    let section = Section::new(&name, value, &KEYS, problems)?;
    let source = section.required("source", "whose pages it is about, as \"vendor/service\"", problems);
    let source = source.and_then(|value| source_id(value, problems));
    let table = section.get("table").map(|value| text("table", value, problems));
    let verdict = verdict(kind, &section, problems);
    let reason = section.required("reason", "why it was decided so", problems);
    let reason = reason.and_then(|value| text("reason", value, problems));
    Some(Decision {
        source: source?,
        table: match table {
            Some(table) => Some(table?.to_owned()),
            None => None,
        },
        verdict: verdict?,
        reason: reason?.to_owned(),
        line: problems.position(value.span().start).0,
    })
}

fn source_id(value: &Value<'_>, problems: &mut Problems<'_>) -> Option<SourceId> {
    match text("source", value, problems)?.parse() {
        Ok(id) => Some(id),
        Err(message) => {
            problems.add(&value.span(), message);
            None
        }
    }
}

fn verdict(kind: &str, section: &Section<'_, '_>, problems: &mut Problems<'_>) -> Option<Verdict> {
    if kind == "respelled" {
        let codes = LANG_KEYS.map(|lang| {
            let value = section.required(lang, "the code as that page spells it, as \"Tea.Cold\"", problems)?;
            text(lang, value, problems).map(str::to_owned)
        });
        let [zh, en] = codes;
        return Some(Verdict::Respelled(Bilingual { zh: zh?, en: en? }));
    }
    let [zh, en] = Lang::ALL.map(|lang| {
        let advice = "the row there, { status = \"…\", code = \"…\", message = \"…\" }, of which `code` suffices";
        let value = section.required(lang.as_str(), advice, problems)?;
        row(lang, value, problems)
    });
    let rows = Bilingual { zh: zh?, en: en? };
    Some(if kind == "pair" { Verdict::Pair(rows) } else { Verdict::Apart(rows) })
}

fn row(lang: Lang, value: &Value<'_>, problems: &mut Problems<'_>) -> Option<RowName> {
    let name = format!("`{lang}`");
    let section = Section::new(&name, value, &ROW_KEYS, problems)?;
    let code = section.required("code", "the error code of the row", problems);
    let code = code.and_then(|value| text(&format!("{lang}.code"), value, problems));
    let mut optional = |key: &str| match section.get(key) {
        Some(value) => text(&format!("{lang}.{key}"), value, problems).map(|text| Some(text.to_owned())),
        None => Some(None),
    };
    let (status, message) = (optional("status"), optional("message"));
    Some(RowName { status: status?, code: code?.to_owned(), message: message? })
}
