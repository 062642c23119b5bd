//! The decisions of the reader.

use serde::Serialize;

use crate::Role;

/// Every decision of reading a page: the candidates for error tables, and what was decided about each.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Trace {
    /// The candidates in page order.
    pub candidates: Vec<TracedCandidate>,
    /// Runs of blocks that no accepted table was made of.
    pub unused: Vec<UnusedBlocks>,
}

/// One candidate for an error table.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct TracedCandidate {
    /// The pass that proposed it, as `printed` or `entries`.
    pub pass: &'static str,
    /// The script's data that it stands in; `None` for what the page shows.
    pub script: Option<String>,
    /// Its source lines, from one, both included; `None` where they are not known.
    pub lines: Option<(usize, usize)>,
    /// The headings above, outermost first, and the caption.
    pub sections: Vec<String>,
    /// Its header cells.
    pub header: Vec<String>,
    /// The role of each column.
    pub roles: Vec<Role>,
    /// How many rows it has.
    pub rows: usize,
    /// The sum of its features times their weights; errors are listed above 0.
    pub score: f64,
    /// The parts of the score.
    pub features: Vec<TracedFeature>,
    /// The decision.
    pub verdict: TraceVerdict,
    /// The hint in sources.toml that would accept it, if it was not accepted.
    pub hint: Option<String>,
}

/// One feature of a candidate.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct TracedFeature {
    /// Its name; docs/reading.md says what it measures.
    pub name: &'static str,
    /// Its value, mostly from 0 to 1.
    pub value: f64,
    /// What it adds to the score.
    pub points: f64,
}

/// The decision about a candidate.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum TraceVerdict {
    /// It is an error table.
    Accepted {
        /// The index among the error tables.
        table: usize,
    },
    /// It lists no errors.
    Rejected {
        /// Why, in words.
        reason: String,
    },
    /// Another candidate with the same blocks was accepted.
    Overlapped {
        /// The pass that proposed the other.
        by: &'static str,
    },
}

/// Blocks that no accepted table was made of.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct UnusedBlocks {
    /// Their source lines, from one, both included; `None` where they are not known.
    pub lines: Option<(usize, usize)>,
    /// How many blocks there are.
    pub blocks: usize,
    /// The first words.
    pub text: String,
}

impl Trace {
    /// Appends the candidates of another document, whose tables are numbered from `shift` on.
    pub fn append(&mut self, other: Self, shift: usize) {
        self.candidates.extend(other.candidates.into_iter().map(|mut candidate| {
            if let TraceVerdict::Accepted { table } = &mut candidate.verdict {
                *table += shift;
            }
            candidate
        }));
        self.unused.extend(other.unused);
    }

    /// Rejects every accepted candidate for `reason`.
    pub fn reject_all(&mut self, reason: &str) {
        for candidate in &mut self.candidates {
            if matches!(candidate.verdict, TraceVerdict::Accepted { .. }) {
                candidate.verdict = TraceVerdict::Rejected { reason: reason.to_owned() };
            }
        }
    }
}
