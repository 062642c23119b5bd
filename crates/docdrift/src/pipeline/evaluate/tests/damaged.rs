//! Damaged pages, which must not replace intact ones.

use docdrift_model::Outcome;
use rayon::prelude::*;

use super::{
    Baseline, Line, bodies, check_change,
    damages::damages,
    pages::{Doc, Site, sites},
    print_lines,
};
use crate::pipeline::Evaluation;

/// Returns whether the pages are quarantined, or nothing is lost, or the report lists a few removals and nothing else.
fn is_right(evaluation: &Evaluation, rows: usize) -> bool {
    let drift = &evaluation.drift;
    let only_removals = || {
        drift.added.is_empty() && drift.renamed.is_empty() && drift.moved.is_empty() && are_in_one_language(evaluation)
    };
    match evaluation.outcome {
        Outcome::Quarantined(_) | Outcome::Unchanged => true,
        Outcome::Changed => only_removals() && drift.removed.len() * 5 <= rows.max(10),
        _ => false,
    }
}

/// A row that only one page lost is reported as a loss of the texts in that language.
fn are_in_one_language(evaluation: &Evaluation) -> bool {
    let snapshot = evaluation.snapshots.last().unwrap();
    let ids = evaluation.drift.changed.iter().map(|change| change.key.id.as_str());
    let entries = ids.filter_map(|id| snapshot.entries.iter().find(|entry| entry.id == id));
    entries.into_iter().all(|entry| entry.pairing.method.ends_with("-only"))
}

#[test]
fn damaged_pages_are_quarantined_or_reported_as_removals() {
    let damaged = |site: Site| {
        let mut lines = Vec::new();
        let good = bodies(&site);
        let before = Baseline::new(&good);
        let rows = site.docs.iter().filter_map(|(_, doc)| doc.as_ref()).map(Doc::row_count).max().unwrap();
        for (name, edit) in damages() {
            let Some(now) = edit(&site).filter(|now| *now != good) else { continue };
            lines.extend(check_change(&site, &name, (&before, &now), |evaluation| is_right(evaluation, rows)));
        }
        lines
    };
    let lines: Vec<Line> = sites().into_par_iter().flat_map(damaged).collect();
    let missed = print_lines(&lines);
    println!("{} damaged, {} missed", lines.len(), missed.len());
    assert!(missed.is_empty(), "{}", missed.join("\n"));
}
