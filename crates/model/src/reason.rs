//! Why the last good data of a source is kept, as plain data. `docdrift_report` puts it into words.

use jiff::civil::Date;

use crate::{Field, Lang, SourceId, Warning, named_enum::named_enum, trace::TraceVerdict};

/// Why the last good data of a source is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reason {
    /// One page of the source is wrong or missing.
    Page {
        /// Which page.
        lang: Lang,
        /// What is wrong with it.
        problem: Box<PageProblem>,
        /// The rows that it lost, where that is part of the reason.
        lost_rows: Option<LostRows>,
    },
    /// Too large a share of something was lost or damaged.
    Share {
        /// What was counted.
        subject: Subject,
        /// What happened to the share.
        damage: Damage,
        /// The codes of the rows concerned.
        codes: Sample,
        /// How many there were before.
        total: usize,
    },
    /// Columns of single tables are gone with their texts.
    ColumnsLost(Vec<LostColumn>),
    /// Most of the rows of single tables are gone.
    TablesLost(Vec<LostTable>),
    /// Too many sources of the run failed at once.
    TooManyFailing {
        /// How many sources failed.
        failed: usize,
        /// How many sources count.
        total: usize,
        /// The share that may fail, in percent.
        limit: u64,
    },
    /// More runs have to find the same codes removed.
    UnconfirmedRemovals {
        /// The removed codes.
        codes: Sample,
        /// How many successive runs found them removed.
        runs: u64,
        /// How many have to.
        needed: u64,
    },
    /// The last pages, read again by this version of docdrift, give this reason.
    Reread(Box<Reason>),
    /// The last snapshot cannot be read; the error says why.
    LastSnapshotUnreadable(String),
    /// The snapshots before the last one cannot be read; the error says why.
    EarlierSnapshotsUnreadable(String),
    /// A newer reader made the last snapshot.
    NewerReader {
        /// The version of the reader that made it.
        snapshot: u32,
        /// The version of this reader.
        ours: u32,
    },
    /// A page given by name has no error table.
    NoTable {
        /// The page's URL or path.
        page: String,
        /// What was seen in place of a table, where reading noticed anything.
        warning: Option<Warning>,
    },
    /// A replay leaves the source as it is.
    NotReplayed(Box<Reason>),
    /// No archived state of the source can be accepted.
    NothingAcceptable(Vec<Reason>),
    /// A snapshot would be quarantined today.
    SnapshotRejected {
        /// The date of the snapshot.
        date: Date,
        /// Why.
        reasons: Vec<Reason>,
    },
    /// The archive lacks a page of a snapshot.
    PageNotArchived {
        /// Which page.
        lang: Lang,
        /// The date of the snapshot.
        date: Date,
    },
    /// Several reasons at once.
    All(Vec<Reason>),
    /// An error of the operating system or the store, in its own words.
    Other(String),
}

impl Reason {
    /// Returns the reason that a page has a problem, without a count of lost rows.
    pub fn page(lang: Lang, problem: PageProblem) -> Self {
        Self::Page { lang, problem: Box::new(problem), lost_rows: None }
    }
}

/// What is wrong with one page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PageProblem {
    /// The last snapshot was read from it, and this run does not have it.
    Missing,
    /// Reading noticed that it cannot be used.
    Unusable(Warning),
    /// It is cut.
    Truncated(Truncation),
    /// Its text is garbled.
    Garbled(Garbling),
    /// Its tables are in another language.
    WrongLanguage(WrittenLanguage),
    /// It is the page of the other language as well.
    SameAsOtherLanguage,
    /// It is the page of another source as well.
    SameAsSource(SourceId),
    /// It is much shorter than before and has lost some of its content.
    Smaller {
        /// Its length in bytes.
        bytes: u64,
        /// By how much it is shorter, in percent.
        percent: u64,
    },
    /// Error codes are placeholders or cut.
    CodesUnfilled(Sample),
    /// Lost codes are still on the page.
    CodesFound(FoundCodes),
    /// These hints in `sources.toml` would read the lost codes.
    HintsFound {
        /// The hints as `sources.toml` takes them.
        hints: String,
        /// The source that the hints are for.
        source: SourceId,
    },
    /// It could not be fetched.
    NotFetched(FetchFailure),
    /// The server says that it is unchanged, but the archive lacks it.
    NotArchived,
    /// It has no error table.
    NoTable(Option<Warning>),
    /// It cannot be read; the error says why.
    Unreadable(String),
}

/// How a page is cut.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Truncation {
    /// Reading noticed it.
    Noticed(Warning),
    /// It ends with its last table, which more followed before.
    EndsWithTable,
    /// Its last row, which has this code, is incomplete.
    LastRow(String),
    /// Too many of its texts end in dots.
    Dots {
        /// How many texts end in dots.
        count: usize,
        /// How many texts there are.
        total: usize,
    },
}

/// How the text of a page is garbled.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Garbling {
    /// Reading noticed it.
    Noticed(Warning),
    /// Cells lost letters for good.
    LostLetters {
        /// How many cells.
        count: usize,
        /// The beginning of one of them.
        example: String,
    },
    /// Cells were decoded with the wrong charset.
    WrongCharset {
        /// How many cells.
        count: usize,
        /// How many cells were checked.
        checked: usize,
        /// The beginning of one of them.
        example: String,
    },
}

/// The language of a page's tables, as far as the guard tells languages apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(missing_docs, reason = "the names say it")]
pub enum WrittenLanguage {
    /// One of the two that docdrift reads.
    Known(Lang),
    TraditionalChinese,
    SimplifiedChinese,
    French,
    German,
    Spanish,
    Portuguese,
    Italian,
    Dutch,
    Indonesian,
    Turkish,
    Vietnamese,
    Japanese,
    Korean,
    Thai,
    /// Any language in Cyrillic letters.
    Cyrillic,
    /// Any language in Arabic letters.
    Arabic,
}

/// What a check counts or looks at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Subject {
    /// A source as a whole.
    Source,
    /// A page as a whole.
    Page(Lang),
    /// The length of a page.
    PageLength(Lang),
    /// The rows of a page.
    Rows(Lang),
    /// The error codes of a page, or of the source.
    Codes(Option<Lang>),
    /// The texts in one column of a page.
    Texts(Field, Lang),
    /// The HTTP statuses of a page.
    Statuses(Lang),
    /// The columns of all tables.
    Columns,
    /// The tables.
    Tables,
}

/// What happened to a share of rows, codes or texts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Damage {
    /// They are gone.
    Gone,
    /// They have no code any more.
    CodeGone,
    /// Only the beginning is left.
    Clipped,
    /// They are now the texts of other errors or columns, or all alike.
    Misplaced,
    /// They are on the page twice.
    Doubled,
    /// They have other values now.
    Replaced,
    /// They have the same code and otherwise a different content.
    Rewritten,
}

/// Some of many codes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sample {
    /// The first few, each once.
    pub codes: Vec<String>,
    /// How many there are in all.
    pub count: usize,
}

/// The rows that a page lost.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LostRows {
    /// Their codes.
    pub codes: Sample,
    /// How many rows the page had.
    pub total: usize,
}

/// A column that is gone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LostColumn {
    /// Its field or header.
    pub column: String,
    /// The title of its table.
    pub table: String,
    /// The page that it was on.
    pub lang: Lang,
}

/// A table that lost most of its rows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LostTable {
    /// Its title.
    pub title: String,
    /// The codes of the lost rows.
    pub codes: Sample,
    /// How many rows it had.
    pub total: usize,
}

/// Lost codes that are still on a page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FoundCodes {
    /// How many of them were found.
    pub found: usize,
    /// How many codes the page lost.
    pub lost: usize,
    /// The column that they are in; `None` where they are in no table.
    pub column: Option<FoundColumn>,
}

/// A column that holds lost codes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FoundColumn {
    /// Its position in the table, from one.
    pub number: usize,
    /// The header cells of the table on one line; empty where it has no header.
    pub header: String,
    /// The script that the table is in, if it is in one.
    pub script: Option<String>,
    /// The source lines of the table, from one, both included, where they are known.
    pub lines: Option<(usize, usize)>,
    /// What reading made of the table.
    pub verdict: TraceVerdict,
}

/// Why a page was not fetched.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FetchFailure {
    /// What kind of failure it was.
    pub problem: FetchProblem,
    /// The URL that was requested.
    pub url: String,
    /// What was seen, in English.
    pub detail: String,
}

named_enum! {
    /// What kept a page from being fetched.
    pub enum FetchProblem {
        /// The server says that there is no such page.
        Gone = "gone",
        /// The server denies access.
        Blocked = "blocked",
        /// The server failed.
        ServerError = "server-error",
        /// The page redirects to another site, too often, or nowhere.
        Moved = "moved",
        /// docdrift does not connect to this address.
        Refused = "refused",
        /// The host's name has no address.
        UnknownHost = "unreachable-dns",
        /// There is no connection.
        NoConnection = "unreachable-connect",
        /// The TLS handshake or the certificate failed.
        Untrusted = "unreachable-tls",
        /// The answer did not come in time.
        TimedOut = "unreachable-timeout",
        /// The connection was dropped before an answer.
        Dropped = "unreachable-dropped",
        /// The answer has no visible text.
        Empty = "empty",
        /// The body ended early.
        Truncated = "truncated",
        /// The body is larger than the settings allow.
        TooLarge = "too-large",
        /// The answer is not a text page.
        WrongType = "wrong-type",
        /// The host's robots.txt forbids it.
        Robots = "robots",
        /// The requests to the host or the time of the run are used up.
        OverBudget = "over-budget",
        /// The user ended the run.
        Interrupted = "interrupted",
        /// Scripts make the page, and there is no browser to run them.
        NoBrowser = "no-browser",
    }
}
