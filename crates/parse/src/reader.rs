//! Runs one document through all stages, from its text to its error tables.

use docdrift_model::{
    ErrorTable, Lang, Page, Reading, Warning, WarningKind,
    read_rules::ReadHints,
    table::{Format, LeftOut, Place},
    trace::Trace,
};
use jiff::civil::Date;

use crate::{
    decode,
    page::{facts, no_table},
    recover::Outline,
    rows::{TableRows, build_table},
    select::{self, Evaluated, FEATURES, Proposal, SelectionRules, Verdict},
    syntax::{
        self,
        block::{Content, Document},
    },
    trace,
};

/// Everything read from one document: a page, or a part of a script's data.
#[derive(Debug)]
pub(crate) struct DocumentReading {
    pub(crate) title: Option<String>,
    pub(crate) lang: Option<Lang>,
    pub(crate) updated_on: Option<Date>,
    pub(crate) format: Format,
    pub(crate) ends_in_table: Option<bool>,
    pub(crate) tables: Vec<ErrorTable>,
    pub(crate) warnings: Vec<Warning>,
    pub(crate) left_out: Vec<LeftOut>,
    pub(crate) trace: Trace,
}

/// Reads one document.
pub(crate) fn read_document(text: &str, hints: &ReadHints) -> DocumentReading {
    read_with_rules(text, &SelectionRules { hints, table_weights: &select::TABLE_WEIGHTS })
}

/// Reads the error tables of a page with other weights than the fitted ones, to measure them.
pub fn read_tables_with(page: &Page, table_weights: &[f64; FEATURES.len()]) -> Vec<ErrorTable> {
    let (text, _) = decode::decode(page);
    read_with_rules(&text, &SelectionRules { hints: &ReadHints::default(), table_weights }).tables
}

fn read_with_rules(text: &str, rules: &SelectionRules<'_>) -> DocumentReading {
    let hints = rules.hints;
    let format = syntax::detect_format(text);
    let Document { blocks, mut warnings } = syntax::read_blocks(text, format, hints.within.as_deref());
    let lines = source_lines(text, format);
    let outline = Outline::new(&blocks, &lines, format == Format::Markdown);
    let title = facts::find_title(&blocks);
    let evaluated = select::select_candidates(&outline, outline.propose(), title.as_deref().unwrap_or_default(), rules);
    let found = collect_tables(&outline, &evaluated);
    let left_out = list_left_out(&evaluated);
    warnings.extend(found.warnings);
    if found.tables.is_empty() {
        warnings.push(no_table::diagnose(&blocks).to_warning(left_out.len()));
    }
    DocumentReading {
        title,
        lang: facts::detect_lang(&found.tables, &blocks),
        updated_on: facts::find_update_date(&blocks),
        format,
        ends_in_table: (format != Format::Html).then(|| ends_in_table(&outline, &evaluated)),
        tables: found.tables,
        warnings,
        left_out,
        trace: trace::build_trace(&outline, &evaluated),
    }
}

impl DocumentReading {
    /// Names the script's data that contains the document.
    pub(crate) fn in_script(mut self, place: &str) -> Self {
        for candidate in &mut self.trace.candidates {
            candidate.script = Some(place.to_owned());
            candidate.lines = None;
        }
        self
    }

    /// Appends the tables of another document.
    pub(crate) fn append_tables(mut self, other: Self) -> Self {
        let shift = self.tables.len();
        if other.tables == self.tables {
            return self;
        }
        self.tables.extend(other.tables);
        self.warnings.extend(other.warnings.into_iter().map(|mut warning| {
            warning.place = warning.place.map(|place| Place { table: place.table + shift, ..place });
            warning
        }));
        self.left_out.extend(other.left_out);
        self.trace.append(other.trace, shift);
        self
    }

    /// Replaces the visible tables by those of an embedded document, and keeps title, language and date of the page.
    pub(crate) fn replace_tables(mut self, embedded: Self) -> Self {
        let is_about_tables = |kind| matches!(kind, WarningKind::NoTable | WarningKind::Empty | WarningKind::Wall);
        self.warnings.retain(|warning| !is_about_tables(warning.kind) && warning.place.is_none());
        self.warnings.extend(embedded.warnings);
        self.trace.reject_all("a document in a script's data was read instead");
        self.trace.append(embedded.trace, 0);
        Self {
            title: self.title.or(embedded.title),
            lang: embedded.lang.or(self.lang),
            updated_on: self.updated_on.or(embedded.updated_on),
            tables: embedded.tables,
            ..self
        }
    }

    /// Converts to the reading of a page of this vendor.
    pub(crate) fn into_reading(self, vendor: Option<String>) -> Reading {
        Reading {
            vendor,
            title: self.title,
            lang: self.lang,
            updated_on: self.updated_on,
            format: self.format,
            ends_in_table: self.ends_in_table,
            tables: self.tables,
            warnings: self.warnings,
            left_out: self.left_out,
            trace: self.trace,
        }
    }
}

/// Proposes the tables of a page without a decision, for fitting the weights.
pub fn propose(page: &Page, hints: &ReadHints) -> Vec<Proposal> {
    let (text, _) = decode::decode(page);
    with_candidates(&text, hints, |_, evaluated| evaluated.into_iter().map(Evaluated::into_proposal).collect())
}

/// Passes the evaluated candidates of a document to `use_candidates`.
pub(crate) fn with_candidates<T>(
    text: &str,
    hints: &ReadHints,
    use_candidates: impl FnOnce(&Outline<'_>, Vec<Evaluated<'_>>) -> T,
) -> T {
    let format = syntax::detect_format(text);
    let document = syntax::read_blocks(text, format, hints.within.as_deref());
    let lines = source_lines(text, format);
    let outline = Outline::new(&document.blocks, &lines, format == Format::Markdown);
    let title = facts::find_title(&document.blocks).unwrap_or_default();
    let rules = SelectionRules { hints, table_weights: &select::TABLE_WEIGHTS };
    let evaluated = select::select_candidates(&outline, outline.propose(), &title, &rules);
    use_candidates(&outline, evaluated)
}

/// Returns the source lines, which passes over text need. Returns none for HTML, whose blocks are complete.
fn source_lines(text: &str, format: Format) -> Vec<&str> {
    let has_lines = matches!(format, Format::Markdown | Format::Text);
    if has_lines { text.lines().collect() } else { Vec::new() }
}

/// The error tables of a page, and warnings about their rows.
#[derive(Default)]
struct FoundTables {
    tables: Vec<ErrorTable>,
    warnings: Vec<Warning>,
}

fn collect_tables(outline: &Outline<'_>, evaluated: &[Evaluated<'_>]) -> FoundTables {
    let mut found = FoundTables::default();
    for accepted in evaluated.iter().filter(|found| found.is_accepted()) {
        let TableRows { mut table, notes } = build_table(
            &accepted.candidate.table,
            &accepted.header,
            accepted.header_row,
            accepted.columns.clone(),
            accepted.title.clone(),
        );
        if let Some(status) = select::status_above(outline, &accepted.candidate).filter(|_| !accepted.candidate.is_list)
        {
            select::add_status(&mut table, status);
        }
        let at = found.tables.len();
        let place = |row| Some(Place { table: at, row });
        let warning = |(row, detail)| Warning { kind: WarningKind::UncertainRow, place: place(row), detail };
        found.warnings.extend(notes.into_iter().map(warning));
        found.warnings.extend(accepted.candidate.warnings.iter().cloned());
        found.tables.push(table);
    }
    found.drop_repeated();
    found
}

impl FoundTables {
    /// Drops repeated tables: a saved copy may hold two prints of a page, and tabs may repeat a table.
    fn drop_repeated(&mut self) {
        let count = self.tables.len();
        let is_period =
            |n: &usize| count.is_multiple_of(*n) && self.tables.chunks(*n).all(|part| part == &self.tables[..*n]);
        let Some(period) = (1..count).find(is_period) else { return };
        self.tables.truncate(period);
        self.warnings.retain(|warning| warning.place.is_none_or(|place| place.table < period));
        let detail = match count / period {
            2 => "the page holds its tables twice; they were taken once".to_owned(),
            n => format!("the page contains its tables {n} times; they were read once"),
        };
        self.warnings.push(Warning::page(WarningKind::Doubled, detail));
    }
}

/// Whether the page ends with the last accepted table.
fn ends_in_table(outline: &Outline<'_>, evaluated: &[Evaluated<'_>]) -> bool {
    let last = outline.blocks.len();
    let is_last_table = matches!(outline.blocks.last(), Some(block) if matches!(block.content, Content::Table(_)));
    is_last_table || evaluated.iter().any(|found| found.is_accepted() && found.candidate.end() == last)
}

/// Lists the tables that are not error tables. Rejected lists do not count as tables.
fn list_left_out(evaluated: &[Evaluated<'_>]) -> Vec<LeftOut> {
    let taken: Vec<usize> =
        evaluated.iter().filter(|found| found.is_accepted()).map(|found| found.candidate.start()).collect();
    let left = |found: &&Evaluated<'_>| {
        let is_table = found.candidate.pass == "printed" && !found.candidate.is_inner;
        is_table && !taken.contains(&found.candidate.start())
    };
    let reason = |found: &Evaluated<'_>| match &found.verdict {
        Verdict::Rejected(reason) => Some(reason.clone()),
        _ => None,
    };
    let entry = |found: &Evaluated<'_>| {
        let header = if found.header.iter().all(String::is_empty) {
            found.candidate.table.rows.first().cloned().unwrap_or_default()
        } else {
            found.header.clone()
        };
        Some(LeftOut { title: found.title.clone(), header, rows: found.row_count(), reason: reason(found)? })
    };
    evaluated.iter().filter(left).filter_map(entry).collect()
}
