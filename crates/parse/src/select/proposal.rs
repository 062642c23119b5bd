//! Candidates without a decision, for fitting the weights.

use super::features::FEATURES;

/// A candidate as the weights see it, for fitting them.
#[derive(Clone, Debug)]
pub struct Proposal {
    /// The name of the pass that proposed it.
    pub pass: &'static str,
    /// Whether it was made of a list.
    pub is_list: bool,
    /// Its header cells.
    pub header: Vec<String>,
    /// The proposed rows below the header.
    pub rows: Vec<Vec<String>>,
    /// The values that are multiplied by the weights.
    pub features: ProposalFeatures,
}

/// The features of a candidate.
#[derive(Clone, Debug)]
pub struct ProposalFeatures {
    /// Whether any column looks like codes. Otherwise the candidate is rejected regardless of its score.
    pub has_key: bool,
    /// The values in the order of [`FEATURES`].
    pub values: [f64; FEATURES.len()],
}
