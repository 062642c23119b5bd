//! What became of each route, and the table of it.

use std::{collections::BTreeSet, time::Duration};

use anyhow::Context as _;

use crate::{
    hostile::{
        folder::{Files, Folder, Told},
        route::{Expected, Route},
    },
    say,
};

/// No page may take longer, retries and all.
pub(crate) const LIMIT: Duration = Duration::from_secs(20);

/// The published state of a source.
pub(crate) struct State {
    files: Files,
    entries: BTreeSet<String>,
}

impl State {
    pub(crate) fn of(folder: &Folder, route: &Route) -> anyhow::Result<Self> {
        let read = || anyhow::Ok(Self { files: folder.data(route.name)?, entries: folder.entries(route.name)? });
        read().with_context(|| format!("the data of {}", route.name))
    }

    /// The entries that another state has no longer.
    pub(crate) fn lost(&self, now: &Self) -> usize {
        self.entries.difference(&now.entries).count()
    }

    pub(crate) fn is_same(&self, other: &Self) -> bool {
        self.files == other.files
    }
}

/// What became of a route.
pub(crate) struct Verdict<'a> {
    pub(crate) route: &'a Route,
    pub(crate) seen: String,
    pub(crate) reason: String,
    pub(crate) time: Option<Duration>,
    pub(crate) lost: usize,
    /// Whether its files are the same, byte by byte.
    pub(crate) is_untouched: bool,
}

impl<'a> Verdict<'a> {
    pub(crate) fn new(
        route: &'a Route,
        told: Option<&Told>,
        time: Option<Duration>,
        before: &State,
        after: &State,
    ) -> Self {
        Self {
            route,
            seen: told.map_or_else(|| "nothing".to_owned(), seen),
            reason: told.map(|told| told.reasons.join("; ")).unwrap_or_default(),
            time,
            lost: before.lost(after),
            is_untouched: before.is_same(after),
        }
    }

    /// Whether the route ended as it must, in time and without a loss.
    pub(crate) fn is_survived(&self) -> bool {
        let may_change = self.route.expected == Expected::Changed;
        self.seen == self.route.expected.to_string()
            && self.time.is_none_or(|time| time <= LIMIT)
            && self.lost == 0
            && (self.is_untouched || may_change)
    }

    fn line(&self) -> String {
        let mark = if self.is_survived() { " " } else { "!" };
        let time = self.time.map_or_else(|| "-".to_owned(), |time| format!("{:.1} s", time.as_secs_f64()));
        let data = match (self.is_untouched, self.lost) {
            (true, _) => "kept".to_owned(),
            (false, 0) => "more".to_owned(),
            (false, lost) => format!("{lost} lost"),
        };
        let Route { name, what, expected, .. } = self.route;
        let expected = expected.to_string();
        format!("{mark} {name:<22} {what:<68} {expected:<28} {:<28} {time:>7}  {data}", self.seen)
    }
}

/// Prints the table, and what was said of each route that did not end as it must.
pub(crate) fn print(verdicts: &[Verdict<'_>]) {
    let [route, what, expected, seen] = ["route", "what the server does", "expected", "seen"];
    say(&format!("  {route:<22} {what:<68} {expected:<28} {seen:<28} {:>7}  data", "time"));
    for verdict in verdicts {
        say(&verdict.line());
        if !verdict.is_survived() {
            say(&format!("      {}", verdict.reason.escape_debug()));
        }
    }
}

/// How a source ended, with the kind of failure where it failed.
fn seen(told: &Told) -> String {
    let reason = told.reasons.first().and_then(|reason| reason.strip_prefix("en page: "));
    match reason.and_then(|reason| reason.split_once(": ")) {
        Some((kind, _)) if told.outcome == "failed" => format!("failed: {kind}"),
        _ => told.outcome.clone(),
    }
}
