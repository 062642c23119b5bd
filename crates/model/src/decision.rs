//! A maintainer's decisions about rows.

use crate::{Bilingual, SourceId};

/// Names rows of one page by what they print; compared folded ([`crate::text::fold`]).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RowName {
    /// The HTTP status; any where none is given.
    pub status: Option<String>,
    /// The error code.
    pub code: String,
    /// The wire message; any where none is given.
    pub message: Option<String>,
}

/// What a maintainer decided about rows of the two pages.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// These two rows are the same error.
    Pair(Bilingual<RowName>),
    /// No two rows so named are the same error.
    Apart(Bilingual<RowName>),
    /// The zh code is the en code in another spelling.
    Respelled(Bilingual<String>),
}

impl Verdict {
    /// The name of its section in `overrides.toml`.
    pub fn as_str(&self) -> &'static str {
        match self {
            Verdict::Pair(_) => "pair",
            Verdict::Apart(_) => "apart",
            Verdict::Respelled(_) => "respelled",
        }
    }
}

/// One section of `overrides.toml`: a maintainer's decision, which overrides the evidence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decision {
    /// The source of the pages.
    pub source: SourceId,
    /// The title of its table. It applies to all tables where no title is given or no table has it.
    pub table: Option<String>,
    /// What was decided.
    pub verdict: Verdict,
    /// Why.
    pub reason: String,
    /// Its line in the file, from one.
    pub line: usize,
}
