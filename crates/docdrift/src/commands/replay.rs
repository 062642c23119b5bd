//! `docdrift replay`: snapshots and dataset made anew from the archived pages, by this version of the reader.

use std::path::Path;

use clap::Args;
use docdrift_diff::diff_with;
use docdrift_model::{Config, Decision, Outcome, ReaderDrift, Report, Snapshot, Source, SourceReport};
use docdrift_report::escape;
use docdrift_store::{Histories, SnapshotRef, Store, Visits};
use jiff::civil::Date;

use crate::{
    cli::day,
    evidence::evidence,
    exit::{Ended, Exit, wrong},
    feeds::feeds,
    output,
    replay::Replay,
    settings,
    telling::Telling,
};

/// What `replay` can be asked.
#[derive(Args)]
pub(crate) struct Options {
    /// Make anew only the snapshots from this day on, YYYY-MM-DD
    #[arg(long, value_name = "DATE", value_parser = day)]
    from: Option<Date>,
    /// Only sources whose `vendor/service` matches; may be given more than once
    #[arg(long, value_name = "GLOB")]
    source: Vec<String>,
    /// Say what would happen and write nothing
    #[arg(long)]
    dry_run: bool,
    #[command(flatten)]
    telling: Telling,
}

pub(crate) fn command(root: &Path, options: &Options) -> Result<Exit, Ended> {
    let (config, decisions) = settings::load(root)?;
    let sources = settings::selected(&config, &options.source, None)?;
    let store = if options.dry_run { Store::open_read_only(root)? } else { Store::open(root)? };
    let visits = store.visits()?;
    for damaged in &visits.damaged {
        output::note(&escape::terminal(&format!(
            "line {} of the archive's index is damaged: passed over",
            damaged.number
        )));
    }
    let run = Run { store: &store, config: &config, decisions: &decisions, visits: &visits, options };
    let mut histories = store.histories(&config)?;
    let (mut report, mut states) = (Report::default(), 0);
    for source in sources {
        let (told, replayed) = run.source(source, &mut histories);
        states += replayed;
        report.sources.extend(told);
    }
    if report.sources.is_empty() {
        return Err(wrong(anyhow::anyhow!(
            "there is nothing to replay: these sources have no snapshot from that day on, and the archive has no pages \
             of those without any"
        )));
    }
    let feeds = feeds(&store, &config.sources, &histories)?;
    feeds.tell_damage();
    let write = if options.dry_run { Store::preview } else { Store::publish };
    let changed = write(&store, &histories, &config, &feeds.files)?;
    options.telling.tell(&report)?;
    output::note(&format!(
        "{states} state(s) replayed: {} file(s) {}, {} removed",
        changed.written.len(),
        if options.dry_run { "would be written" } else { "written" },
        changed.removed.len()
    ));
    Ok(if report.is_whole() { Exit::Done } else { Exit::Incomplete })
}

/// What the sources are replayed with.
struct Run<'a> {
    store: &'a Store,
    config: &'a Config,
    decisions: &'a [Decision],
    visits: &'a Visits,
    options: &'a Options,
}

impl Run<'_> {
    /// Replays a source into its history, which stays as it is where anything would be lost; with the number of states
    /// that were read. Nothing is told of a source that was never had.
    fn source(&self, source: &Source, histories: &mut Histories) -> (Option<SourceReport>, usize) {
        match self.replayed(source, histories) {
            Ok(None) => (None, 0),
            Ok(Some((old, states))) => {
                let new = histories.of(&source.id).ok().and_then(|history| history.newest());
                (Some(told(source, old.as_ref(), new)), states)
            }
            Err(error) => {
                let outcome = Outcome::Failed(format!("it stays as it is: {error:#}"));
                (Some(SourceReport { outcome, ..told(source, None, None) }), 0)
            }
        }
    }

    /// The last snapshot before, and how many states were read; `None` where there is nothing to replay.
    fn replayed(
        &self,
        source: &Source,
        histories: &mut Histories,
    ) -> anyhow::Result<Option<(Option<Snapshot>, usize)>> {
        let from = self.options.from.map(|from| from.to_string()).unwrap_or_default();
        let (old, kept): (Vec<SnapshotRef>, Vec<SnapshotRef>) =
            self.store.snapshots(&source.id)?.into_iter().partition(|at| at.date >= from);
        let old = old.iter().map(SnapshotRef::read).collect::<anyhow::Result<Vec<_>>>()?;
        let decisions = settings::about(self.decisions, &source.id);
        let (store, publish) = (self.store, &self.config.publish);
        let rules = settings::read_rules(self.config, source);
        let replay = Replay { store, source, rules: &rules, decisions: &decisions, publish };
        let replayed = replay.run(&self.visits.good, &kept, &old)?;
        if replayed.states == 0 {
            return Ok(None);
        }
        histories.replace(&source.id, &from, replayed.snapshots)?;
        Ok(Some((old.into_iter().next_back(), replayed.states)))
    }
}

/// What replaying changed of what is known of a source now: the reader's doing, since its pages are the same.
fn told(source: &Source, old: Option<&Snapshot>, new: Option<&Snapshot>) -> SourceReport {
    let entries = |snapshot: Option<&'_ Snapshot>| snapshot.map_or_else(Vec::new, |snapshot| snapshot.entries.clone());
    let reader = old.zip(new).map(|(old, new)| ReaderDrift {
        from: old.reader,
        to: new.reader,
        drift: Some(diff_with(&old.entries, &new.entries, &source.severities)),
    });
    SourceReport {
        source: source.id.to_string(),
        evidence: evidence(old.map(|old| &old.pages), new.map(|new| &new.pages), String::new()),
        outcome: if old.is_none() { Outcome::First(entries(new).len()) } else { Outcome::Unchanged },
        drift: docdrift_model::Drift::default(),
        reader,
        warnings: Vec::new(),
        doubts: Vec::new(),
        stale: Vec::new(),
    }
}
