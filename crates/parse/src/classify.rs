//! Which of a page's tables hold error codes.

use std::collections::BTreeSet;

use docdrift_model::{ErrorTable, LeftOut, Place, Role, Warning, WarningKind};

use crate::{
    cell::{is_code, is_marked, is_status},
    mapped,
    read::{Block, RawTable},
    roles,
    rows::{self, Rows},
    vocabulary,
};

/// A header stands among so many first rows: a title row and a row of group names may come before it.
const HEADER_WITHIN: usize = 4;

/// What classifying a page's blocks found.
#[derive(Debug, Default)]
pub(crate) struct Classified {
    pub(crate) tables: Vec<ErrorTable>,
    pub(crate) left_out: Vec<LeftOut>,
    pub(crate) warnings: Vec<Warning>,
}

/// The error tables among the blocks, in page order.
pub(crate) fn classify(blocks: Vec<Block>) -> Classified {
    let mut found = Classified::default();
    let mut title = None;
    let mut status = None;
    for block in blocks {
        match block {
            Block::Heading(level, text) => {
                status = status_heading(level, &text).or(status.filter(|(above, _)| *above < level));
                title = Some(text);
            }
            Block::Text(text) if is_title_like(&text) => title = Some(text),
            Block::Text(sample) | Block::Sample(sample) => {
                let is_titled = title.as_deref().is_some_and(speaks_of_errors);
                if let Some(table) = is_titled.then(|| mapped::table(&sample)).flatten() {
                    found.take(table, title.as_deref());
                }
            }
            Block::Term(_) | Block::Definition(_) => {}
            Block::Table(table) => {
                let before = found.tables.len();
                found.take(table, title.as_deref());
                if let Some((_, status)) = &status {
                    found.tables[before..].iter_mut().for_each(|table| put_status(table, status));
                }
            }
        }
    }
    found
}

/// Takes tables once that a page holds several times over: in saved copies of two prints, in tabs.
pub(crate) fn undouble(found: &mut Classified) {
    let count = found.tables.len();
    let is_period =
        |n: &usize| count.is_multiple_of(*n) && found.tables.chunks(*n).all(|part| part == &found.tables[..*n]);
    let Some(period) = (1..count).find(is_period) else { return };
    found.tables.truncate(period);
    found.warnings.retain(|warning| warning.place.is_none_or(|place| place.table < period));
    let detail = match count / period {
        2 => "the page holds its tables twice; they were taken once".to_owned(),
        n => format!("the page holds its tables {n} times; they were taken once"),
    };
    found.warnings.push(Warning::page(WarningKind::Doubled, detail));
}

/// The status that a heading such as `404—Not Found` puts above the tables of its section.
fn status_heading(level: u8, text: &str) -> Option<(u8, String)> {
    let spaced = text.replace(['—', '–'], " ");
    (is_status(&spaced) && spaced.trim().len() > 3).then(|| (level, text.to_owned()))
}

/// Gives a table without a status column the status of the heading above it.
fn put_status(table: &mut ErrorTable, status: &str) {
    if !table.roles.contains(&Role::Status) {
        table.header.insert(0, String::new());
        table.roles.insert(0, Role::Status);
        table.rows.iter_mut().for_each(|row| row.insert(0, status.to_owned()));
    }
}

/// A short line that speaks of errors, above a table in a page whose headings are lost: navigation is short as well.
pub(crate) fn is_title_like(text: &str) -> bool {
    let is_short = (2..=40).contains(&text.chars().count());
    let names_codes = text.to_lowercase().contains("code");
    is_short
        && (names_codes || speaks_of_errors(text))
        && !text.contains(['.', '。', '：', ':', '！', '？', '?', '!', '\n', '{', '|', '"'])
}

/// Whether a title has a word for errors.
pub(crate) fn speaks_of_errors(title: &str) -> bool {
    let lower = title.to_lowercase();
    ["error", "错误", "錯誤", "返回码", "异常", "exception"].iter().any(|word| lower.contains(word))
}

impl Classified {
    fn take(&mut self, mut table: RawTable, title: Option<&str>) {
        let inner = std::mem::take(&mut table.inner);
        let title = table.caption.take().or_else(|| title.map(str::to_owned));
        match self.judge(&table, title.as_deref().is_some_and(speaks_of_errors)) {
            Ok((header_row, roles)) => self.keep(table, header_row, roles, title),
            Err(_) if !inner.is_empty() => inner.into_iter().for_each(|table| self.take(table, title.as_deref())),
            Err(reason) => {
                let header = table.rows.first().cloned().unwrap_or_default();
                let rows = table.rows.len().saturating_sub(1);
                self.left_out.push(LeftOut { title, header, rows, reason });
            }
        }
    }

    /// The header row (`None` where the table goes on from an earlier one) and the roles, or why it is no error table.
    fn judge(&self, table: &RawTable, is_titled: bool) -> Result<(Option<usize>, Vec<Role>), String> {
        if table.is_list {
            return Ok((Some(0), roles::of_list(table)));
        }
        // A marked header that heads something else is not looked below: rows of parameters name error codes too.
        let marked = &table.rows[..table.head.max(1).min(table.rows.len())];
        let is_other = marked.iter().flatten().any(|cell| vocabulary::is_of_other_table(cell));
        let within = if is_other { marked.len() } else { HEADER_WITHIN.max(table.head) };
        let candidates = table.rows.iter().take(within).enumerate();
        let best = candidates
            .filter_map(|(n, row)| Some((n, header_score(row)?)))
            .max_by_key(|(n, score)| (*score, usize::MAX - n));
        if let Some((n, _)) = best {
            let body = table.head.max(n + 1).min(table.rows.len());
            let roles = roles::of(&table.rows[n], &table.rows[body..], is_titled)?;
            return Ok((Some(n), roles));
        }
        self.continued(table)
            .map(|roles| (None, roles))
            .ok_or_else(|| "no column is headed as an error code".to_owned())
    }

    /// The roles of the table before, if this one goes on without a header of its own.
    fn continued(&self, table: &RawTable) -> Option<Vec<Role>> {
        let before = self.tables.last()?;
        let code = before.roles.iter().position(|role| *role == Role::Code)?;
        let status = before.roles.iter().position(|role| *role == Role::Status);
        let width = table.rows.first()?.len();
        let is_row = |row: &Vec<String>| {
            let cell = |column: usize| row.get(column).map_or("", String::as_str);
            match status {
                Some(status) => is_code(cell(code)) && is_status(cell(status)),
                None => is_code(cell(code)) && is_marked(cell(code)),
            }
        };
        let count = table.rows.iter().filter(|row| is_row(row)).count();
        let fits = table.head == 0 && width == before.header.len() && count * 100 >= table.rows.len() * 80;
        fits.then(|| before.roles.clone())
    }

    fn keep(&mut self, table: RawTable, header_row: Option<usize>, roles: Vec<Role>, title: Option<String>) {
        let header = match (header_row, self.tables.last()) {
            (Some(n), _) => table.rows[n].clone(),
            (None, Some(before)) => before.header.clone(),
            (None, None) => Vec::new(),
        };
        let Rows { table, notes } = rows::of(table, header, header_row, roles, title);
        let place = |row| Some(Place { table: self.tables.len(), row });
        let warning = |(row, detail)| Warning { kind: WarningKind::UncertainRow, place: place(row), detail };
        self.warnings.extend(notes.into_iter().map(warning));
        self.tables.push(table);
    }
}

/// How well a row heads an error table: how many roles it names, in how many cells; `None` where no cell names the
/// code.
pub(crate) fn header_score(row: &[String]) -> Option<(usize, usize)> {
    let named: Vec<Role> = row.iter().filter_map(|cell| Some(vocabulary::role(cell)?.0)).collect();
    let suggests_code =
        || row.iter().any(|cell| vocabulary::role(cell).is_none() && vocabulary::suggested(cell) == Some(Role::Code));
    let statuses = named.iter().filter(|role| **role == Role::Status).count();
    let two_statuses = statuses > 1 && named.contains(&Role::Message);
    let distinct: BTreeSet<Role> = named.iter().copied().collect();
    (distinct.contains(&Role::Code) || suggests_code() || two_statuses).then_some((distinct.len(), named.len()))
}
