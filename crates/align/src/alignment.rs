use docdrift_model::{Lang, Pairing};

/// A row's place on its page: table and row index, both from zero.
pub(crate) type Place = (usize, usize);

/// The evidence that told the two rows of a pair from their rivals.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Method {
    /// The code stands once on either page.
    Code,
    /// The code is repeated; the HTTP status tells its rows apart.
    CodeAndStatus,
    /// The code is repeated; the wire message tells its rows apart.
    CodeAndMessage,
    /// The code is repeated; the other texts tell its rows apart.
    CodeAndText,
    /// The code is repeated; the tables the rows stand in tell them apart.
    CodeAndTable,
    /// The code is repeated and nothing but the order tells its rows apart.
    CodeAndOrder,
    /// The codes differ by a slip of spelling; status and texts agree.
    RespelledCode,
    /// The codes differ or are missing; status and wire message are the same.
    Message,
    /// The codes differ or are missing; the other texts and the neighbours agree.
    Text,
    /// A maintainer says so.
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

/// The name of what stands for a method where only the page in `lang` has the row.
pub(crate) fn only(lang: Lang) -> &'static str {
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
    /// How sure, from 0 to 1.
    pub score: f64,
}

impl Pair {
    /// The pair as an entry tells of it.
    pub fn pairing(&self) -> Pairing {
        Pairing { method: self.method.as_str().to_owned(), score: self.score }
    }

    /// Whether a person should look at it.
    pub fn needs_review(&self) -> bool {
        self.pairing().needs_review()
    }
}

/// Which table and which row of the zh page is which of the en page. Every table and every row is named exactly once.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Alignment {
    /// zh and en table index of each table, in the order of the en page; a zh table without a counterpart follows the
    /// one before it on its page.
    pub tables: Vec<(Option<usize>, Option<usize>)>,
    /// The pairs, sorted by their zh place.
    pub pairs: Vec<Pair>,
    /// The zh rows without a counterpart, in page order.
    pub zh_only: Vec<(usize, usize)>,
    /// The en rows without a counterpart, in page order.
    pub en_only: Vec<(usize, usize)>,
}
