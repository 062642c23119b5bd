//! Decides which candidates list errors, and which of two overlapping ones is accepted. Nothing else decides this.

mod features;
mod header;
mod proposal;
mod weights;

use std::collections::HashMap;

use docdrift_model::{ErrorTable, Role, read_rules::ReadHints, trace::TracedFeature};

pub use features::FEATURES;
use features::{Surroundings, measure_features};
pub use proposal::{Proposal, ProposalFeatures};
pub use weights::PRIOR_WEIGHTS;
pub(crate) use weights::TABLE_WEIGHTS;

use crate::{
    columns::{Columns, assign_list_roles, assign_roles},
    lexicon::{
        cells::{is_code, is_status, looks_like_identifier},
        headers,
        words::{Topic, mentions_errors},
    },
    recover::{Candidate, Outline},
};

/// The score above which a candidate is accepted. The weights are fitted so that errors are as likely as not at 0.
const MIN_SCORE: f64 = 0.0;
/// The minimum share of rows, in percent, with a code (and a status, if there is such a column) in a table that
/// continues the previous one.
const MIN_CONTINUED_PERCENT: usize = 80;
/// The minimum share of codes that look like identifiers in a list of codes.
const MIN_IDENTIFIER_LIST: f64 = 0.5;
/// The minimum share of codes named after errors in a list under a title that speaks of errors.
const MIN_NAMED_LIST: f64 = 0.25;
/// The minimum share of codes named after errors or ending in long numbers, for a list without a title that speaks of
/// errors.
const MIN_UNTITLED_NAMES: f64 = 0.6;
/// The share of names of HTTP statuses from which a table lists statuses.
const ALL_PHRASES: f64 = 0.9;
/// The share of header words among the codes from which a table lists the fields of a response.
const MAX_FIELD_NAMES: f64 = 0.5;
/// The same share in any column of a table without a header.
const MAX_HEADLESS_FIELD_NAMES: f64 = 0.3;
/// The minimum share of different codes in a list. A code stands in a list once, with few exceptions.
const MIN_UNIQUE_LIST: f64 = 0.8;
/// The minimum share of codes of a list with a text. A table of contents has none.
const MIN_DESCRIBED_LIST: f64 = 0.5;
/// The minimum number of rows of a table without a header. One row of two cells may be anything.
const MIN_HEADLESS_ROWS: usize = 2;
/// The number of features named as reasons of a rejection.
const MAX_REASONS: usize = 2;
/// The value of a table inside a cell relative to an outer one: of two that explain the same rows the outer one wins.
const INNER_FACTOR: f64 = 0.5;
/// The value of a table recovered from text relative to a drawn one. The drawing is evidence that the recovery lacks.
const RECOVERED_FACTOR: f64 = 0.7;
/// The maximum difference in the shares of symbols and of numbers between a table and its continuation.
const MAX_SHAPE_DIFFERENCE: f64 = 0.5;
/// The length of a bare status. A heading that is only a number may be the number of a section.
const BARE_STATUS_BYTES: usize = 3;
/// The number of headings above the nearest one that are inspected.
const MAX_HEADINGS_ABOVE: usize = 4;

/// A candidate with the results of its evaluation.
#[derive(Debug)]
pub(crate) struct Evaluated<'a> {
    pub(crate) candidate: Candidate<'a>,
    pub(crate) header: Vec<String>,
    /// The index of the header row; `None` for a table without one.
    pub(crate) header_row: Option<usize>,
    pub(crate) columns: Columns,
    /// The caption or the nearest title above.
    pub(crate) title: Option<String>,
    /// Whether the hint `tables` names it.
    pub(crate) is_hinted: bool,
    /// Whether the hint `skip` names it.
    pub(crate) is_skipped: bool,
    pub(crate) features: [f64; FEATURES.len()],
    /// The contribution of each feature to the score.
    points: [f64; FEATURES.len()],
    pub(crate) score: f64,
    pub(crate) verdict: Verdict,
}

/// The rules for evaluating candidates.
pub(crate) struct SelectionRules<'a> {
    pub(crate) hints: &'a ReadHints,
    /// The weights of tables, in the order of [`FEATURES`].
    pub(crate) table_weights: &'a [f64; FEATURES.len()],
}

/// The decision on a candidate.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Verdict {
    Accepted,
    Rejected(String),
    Overlapped(&'static str),
}

/// Evaluates the candidates and decides on each. Returns them in page order.
pub(crate) fn select_candidates<'a>(
    outline: &Outline<'a>,
    candidates: Vec<Candidate<'a>>,
    page_title: &str,
    rules: &SelectionRules<'_>,
) -> Vec<Evaluated<'a>> {
    let hints = hints_for_lists(outline, &candidates, rules.hints);
    let list_rules = SelectionRules { hints: &hints, ..*rules };
    let evaluate = |candidate: Candidate<'a>| {
        let rules = if candidate.is_list { &list_rules } else { rules };
        evaluate(outline, candidate, page_title, rules)
    };
    let mut evaluated: Vec<Evaluated<'a>> = candidates.into_iter().map(evaluate).collect();
    // The sort is stable: among candidates with the same start, the earlier pass stays first.
    evaluated.sort_by_key(|found| found.candidate.start());
    resolve_overlaps(outline, &mut evaluated);
    accept_continuations(&mut evaluated);
    evaluated
}

/// Returns the hints for lists. A name that selects a table does not select the lists under the same title.
fn hints_for_lists(outline: &Outline<'_>, candidates: &[Candidate<'_>], hints: &ReadHints) -> ReadHints {
    let calls = |name: &str, candidate: &Candidate<'_>| {
        let header = header::find_header(candidate).map_or(&[][..], |n| &candidate.table.rows[n]);
        is_called(name, find_title(outline, candidate).as_deref(), header)
    };
    let is_of_table = |name: &String| candidates.iter().any(|candidate| !candidate.is_list && calls(name, candidate));
    let tables = hints.tables.iter().filter(|name| !is_of_table(name)).cloned().collect();
    ReadHints { tables, ..hints.clone() }
}

fn evaluate<'a>(
    outline: &Outline<'a>,
    candidate: Candidate<'a>,
    page_title: &str,
    rules: &SelectionRules<'_>,
) -> Evaluated<'a> {
    let hints = rules.hints;
    let header_row = header::find_header(&candidate);
    let rows = &candidate.table.rows;
    let width = rows.iter().map(Vec::len).max().unwrap_or_default();
    let header = header_row.map_or_else(|| vec![String::new(); width], |n| rows[n].clone());
    let body = header_row.map_or(0, |n| candidate.table.head.max(n + 1)).min(rows.len());
    let mut columns = if candidate.is_list {
        assign_list_roles(&header, &rows[body..])
    } else {
        assign_roles(&header, &rows[body..], &hints.columns)
    };
    let title = find_title(outline, &candidate);
    let is_hinted = is_named(&hints.tables, title.as_deref(), &header);
    if is_hinted && columns.key.is_none() {
        columns.choose_key(&header);
    }
    let page_title = if candidate.is_list && candidate.path.is_empty() { "" } else { page_title };
    let around = find_surroundings(outline, &candidate, title.as_deref(), page_title);
    let is_about_errors = around.is_about_errors();
    let row_count = rows.len() - body;
    let features = measure_features(&header, row_count, &columns, &around);
    let weights = if candidate.is_list { &weights::LIST_WEIGHTS } else { rules.table_weights };
    let points: [f64; FEATURES.len()] = std::array::from_fn(|n| features[n] * weights[n]);
    let score = points.iter().sum();
    let is_skipped = is_named(&hints.skip, title.as_deref(), &header);
    let verdict = Verdict::Accepted;
    let mut found = Evaluated {
        candidate,
        header,
        header_row,
        columns,
        title,
        is_hinted,
        is_skipped,
        features,
        points,
        score,
        verdict,
    };
    found.verdict = found.decide(row_count, is_about_errors);
    found
}

impl Evaluated<'_> {
    fn decide(&self, row_count: usize, is_titled: bool) -> Verdict {
        if self.is_skipped {
            return Verdict::Rejected("the hint `skip` names it".to_owned());
        }
        if row_count == 0 {
            return Verdict::Rejected("it has a header but no rows".to_owned());
        }
        if self.columns.key.is_none() {
            return Verdict::Rejected("no column looks like error codes, by its header or its cells".to_owned());
        }
        if self.is_hinted {
            return Verdict::Accepted;
        }
        if self.header.len() < 2 {
            return Verdict::Rejected("no column beside its code column describes errors".to_owned());
        }
        if self.is_field_list() {
            return Verdict::Rejected("it lists the fields of a response or the labels of one error".to_owned());
        }
        if row_count < MIN_HEADLESS_ROWS && self.header.iter().all(String::is_empty) {
            return Verdict::Rejected("a single row without a header may be anything".to_owned());
        }
        if self.columns.key.is_some_and(|key| self.columns.profiles[key].reason_phrases >= ALL_PHRASES) {
            return Verdict::Rejected("it explains HTTP statuses, not error codes".to_owned());
        }
        if self.candidate.is_list && !self.is_code_list(is_titled) {
            return Verdict::Rejected("its entries do not look like codes".to_owned());
        }
        if self.score > MIN_SCORE {
            return Verdict::Accepted;
        }
        Verdict::Rejected(self.explain_rejection())
    }

    /// Whether the cells are header words: the codes, or any column if there is no header.
    fn is_field_list(&self) -> bool {
        let is_fields = |n: usize| self.columns.profiles[n].field_names >= MAX_FIELD_NAMES;
        let is_headless = self.header.iter().all(String::is_empty) && !self.candidate.is_list;
        let any_column = || self.columns.profiles.iter().any(|profile| profile.field_names >= MAX_HEADLESS_FIELD_NAMES);
        self.columns.key.is_some_and(is_fields) || (is_headless && any_column())
    }

    /// Whether the keys of a list look like codes: words with inner capitals, joints or numbers. Under a title about
    /// errors, names of errors count too.
    fn is_code_list(&self, is_titled: bool) -> bool {
        let Some(key) = self.columns.profiles.first() else { return false };
        // A number beside a name is no description: a table of contents has numbers too.
        let texts = self.columns.profiles.iter().zip(&self.columns.roles).skip(1);
        let is_described =
            texts.filter(|(_, role)| **role != Role::Other).any(|(text, _)| text.filled >= MIN_DESCRIBED_LIST);
        let labels = self.header.iter().zip(&self.columns.roles).skip(1);
        let has_label = labels.filter(|(label, _)| !label.is_empty()).any(|(label, role)| {
            mentions_errors(label) || matches!(role, Role::Message | Role::Solution | Role::Status)
        });
        let is_named = key.error_names >= MIN_UNTITLED_NAMES || key.numbered >= MIN_UNTITLED_NAMES;
        let is_of_others = self.title.as_deref().is_some_and(|title| Topic::parse(title) == Topic::Others);
        // A sample shows a response more often than a list.
        let needs_title = self.candidate.pass == "samples";
        let is_evident = is_titled || (!needs_title && !is_of_others && (has_label || is_named));
        let is_written_so = key.identifiers >= MIN_IDENTIFIER_LIST || (is_titled && key.error_names >= MIN_NAMED_LIST);
        is_described && is_evident && is_written_so && key.unique >= MIN_UNIQUE_LIST
    }

    /// Proposes hints that make the reader accept the candidate with `key` as the code column. Returns `None` if no
    /// hints can. `names` are those of all candidates; the proposed name must be unique among them.
    pub(crate) fn propose_hints(&self, key: usize, names: &CandidateNames) -> Option<ReadHints> {
        let mut hints = if self.is_accepted() { ReadHints::default() } else { self.propose_hints_for_table(names)? };
        if self.columns.key != Some(key) {
            let word = one_line(self.header.get(key)?);
            let can_be_named = !self.candidate.is_list && !headers::is_same_header(&word, "");
            hints.columns.push(can_be_named.then_some((word, Role::Code))?);
        }
        Some(hints)
    }

    /// Proposes hints that make the reader accept the candidate with any code column.
    pub(crate) fn propose_hints_for_table(&self, names: &CandidateNames) -> Option<ReadHints> {
        Some(ReadHints { tables: vec![self.choose_name(names)?], ..ReadHints::default() })
    }

    /// Returns the title, or the header if other candidates have the same title or there is none.
    fn choose_name(&self, names: &CandidateNames) -> Option<String> {
        let header = self.header.iter().any(|cell| !cell.is_empty()).then(|| one_line(&self.header.join(" | ")));
        let own = self.title.as_deref().map(one_line).into_iter().chain(header);
        let own: Vec<String> = own.filter(|name| !headers::is_same_header(name, "")).collect();
        own.iter().find(|name| names.count(name) == 1).or(own.first()).cloned()
    }

    /// Explains a low score by the features that reduced it most.
    fn explain_rejection(&self) -> String {
        let mut against: Vec<TracedFeature> = self.traced_features().into_iter().filter(|f| f.points < 0.0).collect();
        against.retain(|feature| feature.name != "bias");
        against.sort_by(|a, b| a.points.total_cmp(&b.points));
        let mut reasons: Vec<&str> =
            against.iter().take(MAX_REASONS).map(|feature| features::describe_objection(feature.name)).collect();
        reasons.dedup();
        match &reasons[..] {
            [] => "there is too little evidence of errors".to_owned(),
            reasons => format!("it does not look like a table of errors: {}", reasons.join("; ")),
        }
    }

    /// Returns the features with their contributions to the score.
    pub(crate) fn traced_features(&self) -> Vec<TracedFeature> {
        let all = FEATURES.iter().zip(self.features).zip(self.points);
        let traced = all.map(|((name, value), points)| TracedFeature { name, value, points });
        traced.filter(|feature| feature.value != 0.0).collect()
    }

    pub(crate) fn is_accepted(&self) -> bool {
        self.verdict == Verdict::Accepted
    }

    /// Converts to the proposal that the weights see.
    pub(crate) fn into_proposal(self) -> Proposal {
        let rows = self.rows().to_vec();
        let features = ProposalFeatures { has_key: self.columns.key.is_some(), values: self.features };
        Proposal { pass: self.candidate.pass, is_list: self.candidate.is_list, header: self.header, rows, features }
    }

    /// Returns the number of rows below the header.
    pub(crate) fn row_count(&self) -> usize {
        self.rows().len()
    }

    /// Returns the rows below the header.
    pub(crate) fn rows(&self) -> &[Vec<String>] {
        let rows = &self.candidate.table.rows;
        &rows[self.body().min(rows.len())..]
    }

    fn body(&self) -> usize {
        self.header_row.map_or(0, |n| self.candidate.table.head.max(n + 1))
    }
}

/// The number of rejected candidates for each title and header.
pub(crate) struct CandidateNames(HashMap<String, usize>);

impl CandidateNames {
    pub(crate) fn new(evaluated: &[Evaluated<'_>]) -> Self {
        let mut counts = HashMap::new();
        for found in evaluated.iter().filter(|found| !found.is_accepted()) {
            let title = found.title.as_deref().map(headers::fold_header);
            let header =
                Some(headers::fold_header(&found.header.join(" | "))).filter(|header| Some(header) != title.as_ref());
            title.into_iter().chain(header).for_each(|name| *counts.entry(name).or_default() += 1);
        }
        Self(counts)
    }

    fn count(&self, name: &str) -> usize {
        self.0.get(&headers::fold_header(name)).copied().unwrap_or_default()
    }
}

/// Whether any of the hint texts names a table by its title or header.
fn is_named(names: &[String], title: Option<&str>, header: &[String]) -> bool {
    names.iter().any(|name| is_called(name, title, header))
}

/// Whether a hint text is the title of a table or its header cells joined by ` | `.
fn is_called(name: &str, title: Option<&str>, header: &[String]) -> bool {
    let is_same = |text: &str| headers::is_same_header(text, name);
    title.is_some_and(is_same) || is_same(&header.join(" | "))
}

/// Returns the text on one line, as in configuration files.
fn one_line(text: &str) -> String {
    text.split(|c: char| c.is_whitespace() || c.is_control())
        .filter(|word| !word.is_empty())
        .collect::<Vec<_>>()
        .join(" ")
}

/// Returns the caption or the nearest title above: a heading, or a line that reads like a title on a page whose
/// headings are lost.
fn find_title(outline: &Outline<'_>, candidate: &Candidate<'_>) -> Option<String> {
    if let Some(caption) = &candidate.table.caption {
        return Some(caption.clone());
    }
    let heading = candidate.path.last().copied();
    let from = heading.map_or(0, |at| at + 1).min(candidate.start());
    // Navigation reads like titles too, and a list has no header that would tell them apart.
    let line = if candidate.is_list { None } else { outline.title_line(from..candidate.start()) };
    line.or(heading).map(|at| outline.heading_text(at).to_owned())
}

fn find_surroundings<'a>(
    outline: &Outline<'a>,
    candidate: &Candidate<'_>,
    title: Option<&'a str>,
    page: &'a str,
) -> Surroundings<'a> {
    let heading = candidate.path.last().copied();
    let from = heading.map_or(0, |at| at + 1).min(candidate.start());
    let mut above: Vec<&str> =
        candidate.path.iter().rev().map(|at| outline.heading_text(*at)).take(MAX_HEADINGS_ABOVE + 1).collect();
    if !above.is_empty() && title == above.first().copied() {
        above.remove(0);
    }
    let intro: Vec<&str> = outline.intro_texts(from, candidate.start()).collect();
    Surroundings { title: title.unwrap_or_default(), above, page, intro: intro.join("\n") }
}

/// Rejects candidates that share blocks with a better one. A better candidate is more certain and explains more rows.
/// Hinted ones come first; drawn tables are preferred to recovered ones, outer tables to inner ones, and tables to
/// lists.
fn resolve_overlaps(outline: &Outline<'_>, evaluated: &mut [Evaluated<'_>]) {
    let mut order: Vec<usize> = (0..evaluated.len()).filter(|n| evaluated[*n].is_accepted()).collect();
    let rank = |n: &usize| (!evaluated[*n].is_hinted, evaluated[*n].candidate.is_list);
    order.sort_by(|a, b| {
        rank(a).cmp(&rank(b)).then(explanatory_value(&evaluated[*b]).total_cmp(&explanatory_value(&evaluated[*a])))
    });
    let mut owner: Vec<Option<usize>> = vec![None; outline.blocks.len() + 1];
    for n in order {
        let candidate = &evaluated[n].candidate;
        // A code of a list may have tables in its text.
        let claimed: Vec<usize> = if candidate.is_list {
            candidate.blocks.iter().map(|range| range.start).collect()
        } else {
            candidate.blocks.iter().flat_map(Clone::clone).collect()
        };
        let taken = claimed.iter().find_map(|at| owner.get(*at).copied().flatten());
        let both_inner = |other: usize| candidate.is_inner && evaluated[other].candidate.is_inner;
        match taken {
            Some(other) if !both_inner(other) => {
                evaluated[n].verdict = Verdict::Overlapped(evaluated[other].candidate.pass);
            }
            _ => claimed.into_iter().for_each(|at| owner[at] = Some(n)),
        }
    }
}

/// Returns how much a candidate explains, weighted by its certainty.
fn explanatory_value(found: &Evaluated<'_>) -> f64 {
    let rows = f64::from(u32::try_from(found.row_count()).unwrap_or(u32::MAX));
    let certainty = 1.0 / (1.0 + (-found.score).exp());
    let outer_first = if found.candidate.is_inner { INNER_FACTOR } else { 1.0 };
    let drawn_first = if matches!(found.candidate.pass, "borderless" | "collapsed") { RECOVERED_FACTOR } else { 1.0 };
    certainty * (1.0 + rows) * outer_first * drawn_first
}

/// Accepts tables without a header that continue the accepted table before them.
fn accept_continuations(evaluated: &mut [Evaluated<'_>]) {
    let mut before: Option<usize> = None;
    for n in 0..evaluated.len() {
        if evaluated[n].is_accepted() {
            before = Some(n);
            continue;
        }
        let Some(earlier) = before.filter(|earlier| continues(&evaluated[*earlier], &evaluated[n])) else { continue };
        let (header, columns) = (evaluated[earlier].header.clone(), evaluated[earlier].columns.clone());
        let found = &mut evaluated[n];
        (found.header, found.columns, found.header_row) = (header, columns, None);
        found.verdict = Verdict::Accepted;
        before = Some(n);
    }
}

/// Whether a table continues an earlier one: it has the same width, no header, and codes of the same shape.
fn continues(before: &Evaluated<'_>, found: &Evaluated<'_>) -> bool {
    let table = &found.candidate.table;
    let is_rejected = matches!(found.verdict, Verdict::Rejected(_));
    let Some(key) = before.columns.key.filter(|_| is_rejected && !before.candidate.is_list) else { return false };
    let is_bare = table.head == 0 && table.caption.is_none() && !found.candidate.is_inner && !found.candidate.is_list;
    if !is_bare || table.rows.first().map(Vec::len) != Some(before.header.len()) {
        return false;
    }
    let status = before.columns.status();
    let is_row = |row: &&Vec<String>| {
        let cell = |column: usize| row.get(column).map_or("", String::as_str);
        match status {
            Some(status) => is_code(cell(key)) && is_status(cell(status)),
            None => is_code(cell(key)) && looks_like_identifier(cell(key)),
        }
    };
    let count = table.rows.iter().filter(is_row).count();
    let is_alike = || {
        let known = &before.columns.profiles[key];
        let these = crate::columns::Profile::measure_column(&table.rows, key);
        (known.symbols - these.symbols).abs() < MAX_SHAPE_DIFFERENCE
            && (known.numbers - these.numbers).abs() < MAX_SHAPE_DIFFERENCE
    };
    count * 100 >= table.rows.len() * MIN_CONTINUED_PERCENT && is_alike()
}

/// Returns the status that a heading such as `404—Not Found` gives to the tables of its section.
pub(crate) fn status_above<'a>(outline: &Outline<'a>, candidate: &Candidate<'_>) -> Option<&'a str> {
    let headings = candidate.path.iter().rev().map(|at| outline.heading_text(*at));
    headings.into_iter().find(|text| {
        let spaced = text.replace(['—', '–'], " ");
        is_status(&spaced) && spaced.trim().len() > BARE_STATUS_BYTES
    })
}

/// Gives a table without a status column the status of the heading above it.
pub(crate) fn add_status(table: &mut ErrorTable, status: &str) {
    if !table.roles.contains(&Role::Status) {
        table.header.insert(0, String::new());
        table.roles.insert(0, Role::Status);
        table.rows.iter_mut().for_each(|row| row.insert(0, status.to_owned()));
    }
}
