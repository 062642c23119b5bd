//! `docdrift diff OLD NEW`: what changed between two pages, snapshots or datasets.

mod input;

use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
};

use clap::Args;
use docdrift_diff::diff_with;
use docdrift_model::{
    Drift, Lang, Outcome, Reason, Report, WarningKind,
    report::{Evidence, SourceReport},
    severities::Severities,
};
use docdrift_report::{drift_json, no_table_text};
use serde::Serialize;

pub(super) use input::{Input, load_dataset_file, load_snapshot};
use input::{PageWithoutTable, State};

use crate::{
    cli::{Exit, FailOn, ReportArgs, ReportFormat, output},
    pipeline::{Error, build_evidence, load_config, load_read_rules, quote_command},
};

/// The arguments of `diff`.
#[derive(Args)]
pub(crate) struct Options {
    /// A page file, a snapshot file, a dataset's folder, or REV:PATH for either of the last two as git has it
    old: String,
    /// The same for the new state
    new: String,
    #[command(flatten)]
    report: ReportArgs,
    /// Exit with 1 for drift of this severity or graver
    #[arg(long, value_enum, default_value = "cosmetic")]
    fail_on: FailOn,
}

pub(crate) fn run(root: Option<&Path>, options: &Options) -> Result<Exit, Error> {
    let rules = load_read_rules(root)?;
    let (old, new) = (input::load(&options.old, &rules)?, input::load(&options.new, &rules)?);
    let no_tables: Vec<&PageWithoutTable> = [&old, &new].into_iter().filter_map(Input::no_table).collect();
    if !no_tables.is_empty() {
        answer_without_tables(&options.report, &no_tables)?;
        return Ok(Exit::NothingToAnswer);
    }
    let reproduce = quote_command(["docdrift", "diff", &options.old, &options.new]);
    let severities = if old.is_named() || new.is_named() { severities(root)? } else { BTreeMap::new() };
    let report = compare(old, new, &reproduce, &severities);
    let severity = report.severity();
    match options.report.format {
        ReportFormat::Json => output::json(&drift_json(&merged(report))),
        _ => options.report.print(&report)?,
    }
    Ok(options.fail_on.exit(severity))
}

/// Answers that there is nothing to compare: a page without an error table is no page that lost all its errors.
fn answer_without_tables(args: &ReportArgs, no_tables: &[&PageWithoutTable]) -> Result<(), Error> {
    if args.format == ReportFormat::Json {
        let warning = |page: &&PageWithoutTable| WarningAnswer { kind: WarningKind::NoTable, detail: detail(page) };
        let warnings = no_tables.iter().map(warning).collect();
        output::json(&AnswerWithoutTables { drift: Drift::default(), warnings });
        return Ok(());
    }
    let failed = |PageWithoutTable { page, warning }: &&PageWithoutTable| SourceReport {
        source: String::new(),
        evidence: Evidence::default(),
        outcome: Outcome::Failed(Reason::NoTable { page: page.clone(), warning: warning.clone() }),
        drift: Drift::default(),
        reader: None,
        warnings: Vec::new(),
        doubts: Vec::new(),
        stale: Vec::new(),
    };
    Ok(args.print(&Report { sources: no_tables.iter().map(failed).collect() })?)
}

/// A drift that is empty because there is nothing to compare.
#[derive(Serialize)]
struct AnswerWithoutTables {
    #[serde(flatten)]
    drift: Drift,
    warnings: Vec<WarningAnswer>,
}

#[derive(Serialize)]
struct WarningAnswer {
    kind: WarningKind,
    detail: String,
}

fn detail(PageWithoutTable { page, warning }: &PageWithoutTable) -> String {
    format!("{page}: {}", no_table_text(warning.as_ref(), Lang::En))
}

/// What sources.toml says of how grave changes are, by source; nothing where there is no such file.
fn severities(root: Option<&Path>) -> Result<BTreeMap<String, Severities>, Error> {
    let Some(root) = root else { return Ok(BTreeMap::new()) };
    let config = load_config(root)?;
    Ok(config.sources.into_iter().map(|source| (source.id.to_string(), source.severities)).collect())
}

/// What changed from `old` to `new`, source by source.
pub(super) fn compare(old: Input, new: Input, reproduce: &str, severities: &BTreeMap<String, Severities>) -> Report {
    let (mut old, mut new) = match_names(old, new);
    let names: BTreeSet<String> = old.keys().chain(new.keys()).cloned().collect();
    let compare = |name: String| {
        let (before, now) = (old.remove(&name).unwrap_or_default(), new.remove(&name).unwrap_or_default());
        let severities = severities.get(&name).cloned().unwrap_or_default();
        compare_source(name, &before, &now, reproduce, &severities)
    };
    Report { sources: names.into_iter().map(compare).collect() }
}

fn compare_source(name: String, old: &State, new: &State, reproduce: &str, severities: &Severities) -> SourceReport {
    let drift = diff_with(&old.entries, &new.entries, severities);
    SourceReport {
        source: name,
        evidence: build_evidence(Some(&old.pages), Some(&new.pages), reproduce.to_owned()),
        outcome: if drift.is_empty() { Outcome::Unchanged } else { Outcome::Changed },
        drift,
        reader: None,
        warnings: Vec::new(),
        doubts: Vec::new(),
        stale: Vec::new(),
    }
}

/// The states of a side by the name of their source.
type StatesByName = BTreeMap<String, State>;

/// Returns the states of both sides under the names by which they are compared. A single state is compared with the state
/// of its name; otherwise all states of a side count as one.
fn match_names(old: Input, new: Input) -> (StatesByName, StatesByName) {
    let named =
        |states: Vec<State>| states.into_iter().map(|state| (state.name.clone(), state)).collect::<StatesByName>();
    match (old, new) {
        (Input::Sources(old), Input::Sources(new)) => (named(old), named(new)),
        (Input::One(old), Input::Sources(new)) if new.iter().any(|state| state.name == old.name) => {
            let new = new.into_iter().filter(|state| state.name == old.name).collect();
            (named(vec![*old]), named(new))
        }
        (Input::Sources(old), Input::One(new)) if old.iter().any(|state| state.name == new.name) => {
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
