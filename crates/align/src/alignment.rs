use docdrift_model::{Lang, entry::Pairing};

/// The position of a row on its page: the indexes of table and row, from zero.
pub(crate) type RowPosition = (usize, usize);

/// The evidence that distinguishes the rows of a pair from their rivals.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Method {
    /// The code is unique on both pages.
    Code,
    /// The code is repeated; the HTTP status identifies the row.
    CodeAndStatus,
    /// The code is repeated; the wire message identifies the row.
    CodeAndMessage,
    /// The code is repeated; the other texts identify the row.
    CodeAndText,
    /// The code is repeated; the table identifies the row.
    CodeAndTable,
    /// The code is repeated; only the order identifies the row.
    CodeAndOrder,
    /// The codes differ by a misspelling; status and texts agree.
    RespelledCode,
    /// The codes differ or are missing; status and wire message are the same.
    Message,
    /// The codes differ or are missing; the other texts and the neighbours agree.
    Text,
    /// A maintainer's decision.
    Decision,
}

impl Method {
    /// The name used in files and reports.
    pub fn as_str(self) -> &'static str {
        match self {
            Method::Code => "code",
            Method::CodeAndStatus => "code-and-status",
            Method::CodeAndMessage => "code-and-message",
            Method::CodeAndText => "code-and-text",
            Method::CodeAndTable => "code-and-table",
            Method::CodeAndOrder => "code-and-order",
            Method::RespelledCode => "respelled-code",
            Method::Message => "message",
            Method::Text => "text",
            Method::Decision => "decision",
        }
    }
}

/// Returns the name that stands for a method if only the page in `lang` has the row.
pub(crate) fn unpaired_method(lang: Lang) -> &'static str {
    match lang {
        Lang::Zh => "zh-only",
        Lang::En => "en-only",
    }
}

/// A zh row and an en row that document the same error.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Pair {
    /// Table and row index on the zh page, from zero.
    pub zh: (usize, usize),
    /// Table and row index on the en page, from zero.
    pub en: (usize, usize),
    /// The evidence.
    pub method: Method,
    /// The confidence, from 0 to 1.
    pub score: f64,
}

impl Pair {
    /// Returns the pairing as stored in an entry.
    pub fn pairing(&self) -> Pairing {
        Pairing { method: self.method.as_str().to_owned(), score: self.score }
    }

    /// Whether a person should check the pair.
    pub fn needs_review(&self) -> bool {
        self.pairing().needs_review()
    }
}

/// The tables and rows of the zh page with their counterparts on the en page. Every table and every row occurs exactly
/// once.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Alignment {
    /// zh and en index of each table, in the order of the en page. A zh table without a counterpart follows the table
    /// before it on its page.
    pub tables: Vec<(Option<usize>, Option<usize>)>,
    /// The pairs, sorted by their zh position.
    pub pairs: Vec<Pair>,
    /// The zh rows without a counterpart, in page order.
    pub zh_only: Vec<(usize, usize)>,
    /// The en rows without a counterpart, in page order.
    pub en_only: Vec<(usize, usize)>,
}
