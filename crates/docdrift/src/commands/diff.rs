//! `docdrift diff OLD NEW`: what changed between two pages, snapshots or datasets.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
};

use clap::Args;
use docdrift_diff::diff_with;
use docdrift_model::{Drift, Evidence, Outcome, Report, Severities, SourceReport};
use docdrift_report::drift_json;
use serde_json::json;

use crate::{
    cli::FailOn,
    evidence::{command_line, evidence},
    exit::{Ended, Exit},
    output, settings,
    side::{self, Side, State},
    telling::{Form, Telling},
};

/// What `diff` can be asked.
#[derive(Args)]
pub(crate) struct Options {
    /// A page file, a snapshot file, a dataset's folder, or REV:PATH for either of the last two as git has it
    old: String,
    /// The same for the new state
    new: String,
    #[command(flatten)]
    telling: Telling,
    /// Exit with 1 for drift of this severity or graver
    #[arg(long, value_enum, default_value = "cosmetic")]
    fail_on: FailOn,
}

pub(crate) fn command(root: Option<&Path>, options: &Options) -> Result<Exit, Ended> {
    let rules = settings::load_read_rules(root)?;
    let (old, new) = (side::side(&options.old, &rules)?, side::side(&options.new, &rules)?);
    let no_tables: Vec<&str> = [&old, &new].into_iter().filter_map(Side::no_table).collect();
    if !no_tables.is_empty() {
        answer_without_tables(&options.telling, &no_tables)?;
        return Ok(Exit::NothingToAnswer);
    }
    let reproduce = command_line(["docdrift", "diff", &options.old, &options.new]);
    let severities = if old.is_named() || new.is_named() { severities(root)? } else { BTreeMap::new() };
    let report = report(old, new, &reproduce, &severities);
    let severity = report.severity();
    match options.telling.format {
        Form::Json => output::json(&drift_json(&merged(report))),
        _ => options.telling.tell(&report)?,
    }
    Ok(options.fail_on.exit(severity))
}

/// Answers that there is nothing to compare: a page without an error table is no page that lost all its errors.
fn answer_without_tables(telling: &Telling, no_tables: &[&str]) -> Result<(), Ended> {
    if telling.format == Form::Json {
        let mut answer = drift_json(&Drift::default());
        answer["warnings"] = no_tables.iter().map(|why| json!({"kind": "no-table", "detail": why})).collect();
        output::json(&answer);
        return Ok(());
    }
    let failed = |why: &&str| SourceReport {
        source: String::new(),
        evidence: Evidence::default(),
        outcome: Outcome::Failed(format!("no error table: {why}")),
        drift: Drift::default(),
        reader: None,
        warnings: Vec::new(),
        doubts: Vec::new(),
        stale: Vec::new(),
    };
    telling.tell(&Report { sources: no_tables.iter().map(failed).collect() })
}

/// What sources.toml says of how grave changes are, by source; nothing where there is no such file.
fn severities(root: Option<&Path>) -> Result<BTreeMap<String, Severities>, Ended> {
    let Some(root) = root else { return Ok(BTreeMap::new()) };
    let config = settings::load_config(root)?;
    Ok(config.sources.into_iter().map(|source| (source.id.to_string(), source.severities)).collect())
}

/// What changed from `old` to `new`, source by source.
pub(crate) fn report(old: Side, new: Side, reproduce: &str, severities: &BTreeMap<String, Severities>) -> Report {
    let (mut old, mut new) = by_name(old, new);
    let names: BTreeSet<String> = old.keys().chain(new.keys()).cloned().collect();
    let told = |name: String| {
        let (before, now) = (old.remove(&name).unwrap_or_default(), new.remove(&name).unwrap_or_default());
        let severities = severities.get(&name).cloned().unwrap_or_default();
        source(name, &before, &now, reproduce, &severities)
    };
    Report { sources: names.into_iter().map(told).collect() }
}

fn source(name: String, old: &State, new: &State, reproduce: &str, severities: &Severities) -> SourceReport {
    let drift = diff_with(&old.entries, &new.entries, severities);
    SourceReport {
        source: name,
        evidence: evidence(Some(&old.pages), Some(&new.pages), reproduce.to_owned()),
        outcome: if drift.is_empty() { Outcome::Unchanged } else { Outcome::Changed },
        drift,
        reader: None,
        warnings: Vec::new(),
        doubts: Vec::new(),
        stale: Vec::new(),
    }
}

type ByName = BTreeMap<String, State>;

/// The states of either side under the names by which they are compared: a single one is held against the one of its
/// name, else all of a side are taken together.
fn by_name(old: Side, new: Side) -> (ByName, ByName) {
    let named = |states: Vec<State>| states.into_iter().map(|state| (state.name.clone(), state)).collect::<ByName>();
    match (old, new) {
        (Side::Sources(old), Side::Sources(new)) => (named(old), named(new)),
        (Side::One(old), Side::Sources(new)) if new.iter().any(|state| state.name == old.name) => {
            let new = new.into_iter().filter(|state| state.name == old.name).collect();
            (named(vec![*old]), named(new))
        }
        (Side::Sources(old), Side::One(new)) if old.iter().any(|state| state.name == new.name) => {
            let old = old.into_iter().filter(|state| state.name == new.name).collect();
            (named(old), named(vec![*new]))
        }
        (old, new) => {
            let (mut old, mut new) = (old.all(), new.all());
            let name = if old.name == new.name || new.is_nothing() { old.name.clone() } else { String::new() };
            let name = if old.is_nothing() { new.name.clone() } else { name };
            old.name.clone_from(&name);
            new.name = name;
            (named(vec![old]), named(vec![new]))
        }
    }
}

/// All drift in one, as the JSON answer has it.
fn merged(report: Report) -> Drift {
    report.sources.into_iter().map(|source| source.drift).fold(Drift::default(), |mut all, one| {
        all.added.extend(one.added);
        all.removed.extend(one.removed);
        all.renamed.extend(one.renamed);
        all.changed.extend(one.changed);
        all.moved.extend(one.moved);
        all.columns.extend(one.columns);
        all.languages.extend(one.languages);
        all.severity = all.severity.max(one.severity);
        all
    })
}
