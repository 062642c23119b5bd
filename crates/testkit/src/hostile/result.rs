//! What became of each route, and the table of it.

use std::{collections::BTreeSet, time::Duration};

use anyhow::Context as _;

use crate::{
    file_tree::FileTree,
    hostile::{
        root::{ReportedSource, TestRoot},
        route::{Expected, Route},
    },
    output::print_line,
};

/// The most time that one page may take, with retries: three tries of 4 s each, and the waits that routes ask for.
const TIME_LIMIT: Duration = Duration::from_secs(20);

/// The published state of a source.
pub(crate) struct PublishedState {
    files: FileTree,
    entry_ids: BTreeSet<String>,
}

impl PublishedState {
    pub(crate) fn read(root: &TestRoot, route: &Route) -> anyhow::Result<Self> {
        let read =
            || anyhow::Ok(Self { files: root.read_data(route.name)?, entry_ids: root.read_entry_ids(route.name)? });
        read().with_context(|| format!("the data of {}", route.name))
    }

    /// The number of entries that a later state lacks.
    pub(crate) fn count_lost(&self, later: &Self) -> usize {
        self.entry_ids.difference(&later.entry_ids).count()
    }
}

/// What became of a route.
pub(crate) struct RouteResult<'a> {
    route: &'a Route,
    /// The outcome in the words of [`Expected`].
    outcome: String,
    reason: String,
    time: Option<Duration>,
    pub(crate) lost_count: usize,
    /// Whether its files are the same, byte by byte.
    is_untouched: bool,
}

impl<'a> RouteResult<'a> {
    pub(crate) fn new(
        route: &'a Route,
        reported: Option<&ReportedSource>,
        time: Option<Duration>,
        before: &PublishedState,
        after: &PublishedState,
    ) -> Self {
        Self {
            route,
            outcome: reported.map_or_else(|| "nothing".to_owned(), describe_outcome),
            reason: reported.map(|source| source.reasons.join("; ")).unwrap_or_default(),
            time,
            lost_count: before.count_lost(after),
            is_untouched: before.files == after.files,
        }
    }

    /// Whether the route ended as expected, in time and without a loss.
    pub(crate) fn is_survived(&self) -> bool {
        let may_change = self.route.expected == Expected::Changed;
        self.outcome == self.route.expected.to_string()
            && self.time.is_none_or(|time| time <= TIME_LIMIT)
            && self.lost_count == 0
            && (self.is_untouched || may_change)
    }

    fn line(&self) -> String {
        let mark = if self.is_survived() { " " } else { "!" };
        let time = self.time.map_or_else(|| "-".to_owned(), |time| format!("{:.1} s", time.as_secs_f64()));
        let data = match (self.is_untouched, self.lost_count) {
            (true, _) => "kept".to_owned(),
            (false, 0) => "more".to_owned(),
            (false, lost) => format!("{lost} lost"),
        };
        let Route { name, description, expected, .. } = self.route;
        let expected = expected.to_string();
        format!("{mark} {name:<22} {description:<68} {expected:<28} {:<28} {time:>7}  {data}", self.outcome)
    }
}

/// Prints the table, with the reasons under each route that did not end as expected.
pub(crate) fn print_table(results: &[RouteResult<'_>]) {
    let [route, description, expected, seen] = ["route", "what the server does", "expected", "seen"];
    print_line(&format!("  {route:<22} {description:<68} {expected:<28} {seen:<28} {:>7}  data", "time"));
    for result in results {
        print_line(&result.line());
        if !result.is_survived() {
            print_line(&format!("      {}", result.reason.escape_debug()));
        }
    }
}

/// The outcome of a source; with the kind of failure where it failed.
fn describe_outcome(source: &ReportedSource) -> String {
    let reason = source.reasons.first().and_then(|reason| reason.strip_prefix("en page: "));
    match reason.and_then(|reason| reason.split_once(": ")) {
        Some((kind, _)) if source.outcome == "failed" => format!("failed: {kind}"),
        _ => source.outcome.clone(),
    }
}
