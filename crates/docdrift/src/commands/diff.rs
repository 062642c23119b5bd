//! `docdrift diff OLD NEW`: what changed between two pages, snapshots or datasets.

use std::collections::{BTreeMap, BTreeSet};

use clap::Args;
use docdrift_diff::diff;
use docdrift_model::Drift;
use docdrift_report::{drift_json, drift_markdown, drift_terminal, escape};

use crate::{
    cli::{FailOn, Format},
    exit::{Ended, Exit},
    output,
    side::{self, Side},
};

/// What `diff` can be asked.
#[derive(Args)]
pub(crate) struct Options {
    /// A page file, a snapshot file, a dataset's folder, or REV:PATH for either of the last two as git has it
    old: String,
    /// The same for the new state
    new: String,
    /// How the answer is written
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
    /// Exit with 1 for drift of this severity or graver
    #[arg(long, value_enum, default_value = "cosmetic")]
    fail_on: FailOn,
}

pub(crate) fn command(options: &Options) -> Result<Exit, Ended> {
    let drifts = by_source(side::side(&options.old)?, side::side(&options.new)?);
    let severity = drifts.iter().map(|(_, drift)| drift.severity).max().unwrap_or_default();
    match options.format {
        Format::Json => output::json(&drift_json(&merged(drifts))),
        Format::Text => {
            output::answer(&told(&drifts, |drift| drift_terminal(drift, output::colour()), escape::terminal));
        }
        Format::Markdown => {
            output::answer(&told(&drifts, drift_markdown, |name| format!("## {}\n", escape::markdown(name))));
        }
    }
    Ok(options.fail_on.exit(severity))
}

/// The drift of each source that either side has; pages and snapshots are one source without a name.
fn by_source(old: Side, new: Side) -> Vec<(String, Drift)> {
    let (mut old, mut new): (BTreeMap<_, _>, BTreeMap<_, _>) = match (old, new) {
        (Side::Sources(old), Side::Sources(new)) => (old.into_iter().collect(), new.into_iter().collect()),
        (old, new) => ([(String::new(), old.all())].into(), [(String::new(), new.all())].into()),
    };
    let names: BTreeSet<String> = old.keys().chain(new.keys()).cloned().collect();
    let drift = |name: String| {
        let (old, new) = (old.remove(&name).unwrap_or_default(), new.remove(&name).unwrap_or_default());
        (name, diff(&old, &new))
    };
    names.into_iter().map(drift).collect()
}

fn merged(drifts: Vec<(String, Drift)>) -> Drift {
    drifts.into_iter().fold(Drift::default(), |mut all, (_, one)| {
        all.added.extend(one.added);
        all.removed.extend(one.removed);
        all.renamed.extend(one.renamed);
        all.changed.extend(one.changed);
        all.moved.extend(one.moved);
        all.severity = all.severity.max(one.severity);
        all
    })
}

fn told(drifts: &[(String, Drift)], tell: impl Fn(&Drift) -> String, heading: impl Fn(&str) -> String) -> String {
    let changed: Vec<_> = drifts.iter().filter(|(_, drift)| !drift.is_empty()).collect();
    if changed.is_empty() {
        return tell(&Drift::default());
    }
    let parts = changed
        .iter()
        .map(|(name, drift)| if name.is_empty() { tell(drift) } else { format!("{}\n{}", heading(name), tell(drift)) });
    parts.collect::<Vec<_>>().join("\n")
}
