//! Which tables hold error codes, and what each of their columns is.

use std::collections::BTreeSet;

use docdrift_model::{ErrorTable, LeftOut, Place, Role, Warning, WarningKind, status_numbers};

use crate::{
    cell::{has_han, is_code, is_marked, is_reason_phrase, is_status},
    listed,
    read::{Block, RawTable},
    repair,
    vocabulary::{self, Strength},
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
            Block::Text(_) | Block::Term(_) => {}
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

/// Drops the second half of tables that repeat the first half: some saved copies hold their page twice.
pub(crate) fn undouble(tables: &mut Vec<ErrorTable>) -> Option<Warning> {
    let half = tables.len() / 2;
    if half == 0 || tables.len() % 2 == 1 || tables[..half] != tables[half..] {
        return None;
    }
    tables.truncate(half);
    Some(Warning::page(WarningKind::Doubled, "the page holds its tables twice; they were taken once"))
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
fn is_title_like(text: &str) -> bool {
    let is_short = (2..=40).contains(&text.chars().count());
    let names_codes = text.to_lowercase().contains("code");
    is_short
        && (names_codes || speaks_of_errors(text))
        && !text.contains(['.', '。', '：', ':', '！', '？', '?', '!', '\n', '{', '|', '"'])
}

/// Whether a title has a word for errors.
fn speaks_of_errors(title: &str) -> bool {
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
            return Ok((Some(0), list_roles(table)));
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
            let roles = roles(&table.rows[n], &table.rows[body..], is_titled)?;
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

    fn keep(&mut self, table: RawTable, header_row: Option<usize>, mut roles: Vec<Role>, title: Option<String>) {
        let mut header = match (header_row, self.tables.last()) {
            (Some(n), _) => table.rows[n].clone(),
            (None, Some(before)) => before.header.clone(),
            (None, None) => Vec::new(),
        };
        let columns = header.len();
        let width = table.rows.iter().map(|row| own_width(row, columns)).max().unwrap_or_default().max(columns);
        header.resize(width, String::new());
        roles.resize(width, Role::Other);
        let body = header_row.map_or(0, |n| table.head.max(n + 1));
        let mut kept = ErrorTable { title, header, roles, rows: Vec::new() };
        // In the order of the rows, so that each row takes its own from the front.
        let mut uncertain = table.uncertain.into_iter().peekable();
        for (n, mut row) in table.rows.into_iter().enumerate() {
            row.resize(width, String::new());
            let unsure = std::iter::from_fn(|| uncertain.next_if(|(row, _)| *row <= n)).map(|(_, why)| why);
            let unsure: Vec<String> = unsure.collect();
            // Above the header stand titles, and rows of the table before that ran into this one.
            if row == kept.header
                || (n < body && !(header_row.is_some_and(|h| n < h) && repair::fits(&row, &kept.roles)))
            {
                continue;
            }
            if is_banner(&row) {
                let detail = format!("a line across all columns is no row: “{}”", row[0]);
                self.warn_of_row(None, detail);
                continue;
            }
            let mended = repair::mend(&mut row, kept.rows.last(), &kept.roles);
            unsure.into_iter().chain(mended).for_each(|detail| self.warn_of_row(Some(kept.rows.len()), detail));
            kept.rows.push(row);
        }
        self.tables.push(kept);
    }

    /// Warns of a row of the table that is being kept.
    fn warn_of_row(&mut self, row: Option<usize>, detail: String) {
        let place = Some(Place { table: self.tables.len(), row });
        self.warnings.push(Warning { kind: WarningKind::UncertainRow, place, detail });
    }
}

/// How wide a row is without what a span only copies beyond the header's columns.
fn own_width(row: &[String], columns: usize) -> usize {
    let Some(last) = columns.checked_sub(1).and_then(|n| row.get(n)) else { return row.len() };
    let copies = row[columns..].iter().all(|cell| cell == last);
    if copies { columns } else { row.len() }
}

/// Whether a row is a section's name or a note: one cell over the whole row, or one cell alone that is no code.
fn is_banner(row: &[String]) -> bool {
    let [first, rest @ ..] = row else { return false };
    let spans = rest.iter().all(|cell| cell == first);
    let is_alone = rest.iter().all(String::is_empty);
    rest.len() > 1
        && !first.is_empty()
        && (spans || is_alone)
        && !is_status(first)
        && !(is_code(first) && is_marked(first))
}

/// The roles of a list made into a table: the code, the text beside it, and the labels. Where a label describes, the
/// text beside the code is but a short name.
fn list_roles(table: &RawTable) -> Vec<Role> {
    let header = table.rows.first().map_or(&[][..], Vec::as_slice);
    let labels: Vec<Role> = header.iter().skip(2).map(|label| label_role(label)).collect();
    let is_described = labels.iter().any(|role| matches!(role, Role::Message | Role::Description));
    let text = if is_described { Role::Other } else { Role::Description };
    [Role::Code, text].into_iter().chain(labels).collect()
}

/// The role of a label; one that ends in a status stands in for its header.
fn label_role(label: &str) -> Role {
    match vocabulary::role(label) {
        Some((Role::Code, _)) | None if listed::is_status_label(label) => Role::Status,
        Some((Role::Code, _)) | None => Role::Other,
        Some((role, _)) => role,
    }
}

/// How well a row heads an error table: how many roles it names, in how many cells; `None` where no cell names the
/// code.
fn header_score(row: &[String]) -> Option<(usize, usize)> {
    let named: Vec<Role> = row.iter().filter_map(|cell| Some(vocabulary::role(cell)?.0)).collect();
    let suggests_code =
        || row.iter().any(|cell| vocabulary::role(cell).is_none() && vocabulary::suggested(cell) == Some(Role::Code));
    let statuses = named.iter().filter(|role| **role == Role::Status).count();
    let two_statuses = statuses > 1 && named.contains(&Role::Message);
    let distinct: BTreeSet<Role> = named.iter().copied().collect();
    (distinct.contains(&Role::Code) || suggests_code() || two_statuses).then_some((distinct.len(), named.len()))
}

/// The role of each column, by its header and, where that is not sure, by its cells.
fn roles(header: &[String], rows: &[Vec<String>], is_titled: bool) -> Result<Vec<Role>, String> {
    let columns: Vec<Column<'_>> = header.iter().enumerate().map(|(n, cell)| Column::new(n, cell, rows)).collect();
    let mut roles: Vec<Role> =
        columns.iter().map(|column| column.named.map_or_else(|| column.suggested(), |(role, _)| role)).collect();
    let code = choose_code(&columns, &mut roles, is_titled)?;
    if rows.is_empty() {
        return Err("it has a header but no rows".to_owned());
    }
    choose_status(&columns, &mut roles);
    choose_texts(&columns, &mut roles, code);
    Ok(roles)
}

/// A column under judgement.
struct Column<'a> {
    header: &'a str,
    named: Option<(Role, Strength)>,
    cells: Vec<&'a str>,
}

impl<'a> Column<'a> {
    fn new(n: usize, header: &'a str, rows: &'a [Vec<String>]) -> Self {
        let cells =
            rows.iter().filter_map(|row| row.get(n)).map(String::as_str).filter(|cell| !cell.is_empty()).collect();
        Self { header, named: vocabulary::role(header), cells }
    }

    fn suggested(&self) -> Role {
        vocabulary::suggested(self.header).unwrap_or(Role::Other)
    }

    /// The share of its filled cells that pass `test`, in percent; 0 for a column without any.
    fn percent(&self, test: impl Fn(&str) -> bool) -> usize {
        if self.cells.is_empty() {
            0
        } else {
            self.cells.iter().filter(|cell| test(cell)).count() * 100 / self.cells.len()
        }
    }

    fn is_sure(&self) -> bool {
        self.named.is_some_and(|(_, strength)| strength == Strength::Sure)
    }
}

/// Picks the one key column; further code columns become others. The symbolic code is the key, not its number.
fn choose_code(columns: &[Column<'_>], roles: &mut [Role], is_titled: bool) -> Result<usize, String> {
    let is_text = |role: Role| matches!(role, Role::Message | Role::Description | Role::Solution);
    if !roles.contains(&Role::Code) {
        let second =
            roles.iter().rposition(|role| *role == Role::Status).filter(|_| roles.iter().any(|role| is_text(*role)));
        let second = second.ok_or("no column is headed as an error code")?;
        roles[second] = Role::Code;
    }
    let candidates: Vec<usize> = (0..roles.len()).filter(|n| roles[*n] == Role::Code).collect();
    let rank = |n: &usize| {
        let column = &columns[*n];
        let codes = column.percent(is_code);
        let symbolic = column.percent(|cell| is_code(cell) && cell.chars().any(|c| c.is_ascii_alphabetic()));
        (codes >= 50, column.is_sure(), symbolic >= 50, usize::MAX - n)
    };
    let key = candidates.iter().copied().max_by_key(|n| rank(n)).ok_or("no column is headed as an error code")?;
    let has_status = roles.contains(&Role::Status);
    for n in candidates.into_iter().filter(|n| *n != key) {
        let is_status_column = !has_status && !columns[n].is_sure() && columns[n].percent(is_http_status) >= 80;
        roles[n] = if is_status_column { Role::Status } else { Role::Other };
    }
    let column = &columns[key];
    let has_company =
        roles.iter().enumerate().any(|(n, role)| n != key && *role != Role::Other && *role != Role::Group);
    match column.percent(is_code) {
        _ if !has_company => {
            Err("its code column stands alone: no status, message or description beside it".to_owned())
        }
        codes if codes >= 50 || (column.is_sure() && codes >= 10) => {
            weak_code_is_code(column, columns, is_titled).map(|()| key)
        }
        codes => Err(format!("only {codes} % of the cells under `{}` look like codes", column.header)),
    }
}

/// A status that HTTP knows, not one with a slip in it.
fn is_http_status(cell: &str) -> bool {
    is_status(cell) && !status_numbers(cell).is_empty()
}

/// A header such as `Name` or `Code` heads parameters, countries and HTTP statuses too: then neighbours, the title or
/// the cells have to tell of errors.
fn weak_code_is_code(column: &Column<'_>, columns: &[Column<'_>], is_titled: bool) -> Result<(), String> {
    if column.is_sure() {
        return Ok(());
    }
    let is_sure =
        |role: Role| columns.iter().any(|c| c.is_sure() && matches!(c.named, Some((named, _)) if named == role));
    if column.percent(is_reason_phrase) >= 95 || (!is_sure(Role::Status) && column.percent(is_http_status) >= 90) {
        return Err("it explains HTTP statuses, not error codes".to_owned());
    }
    if is_sure(Role::Status) || is_sure(Role::Message) {
        return Ok(());
    }
    if let Some(other) = columns.iter().find(|c| vocabulary::is_of_other_table(c.header)) {
        return Err(format!("`{}` heads a table of something else than errors", other.header));
    }
    // Parameters are words run together; codes have digits or joints as well.
    let has_joints = |cell: &str| cell.contains(|c: char| c.is_ascii_digit() || matches!(c, '.' | '_' | '-' | ':'));
    let is_capital = |cell: &str| !cell.starts_with(|c: char| c.is_ascii_lowercase());
    if (is_titled && column.percent(is_code) >= 80)
        || column.percent(|cell| is_marked(cell) && has_joints(cell) && is_capital(cell)) >= 60
    {
        return Ok(());
    }
    Err(format!("`{}` may head anything, and neither title nor cells tell of error codes", column.header))
}

/// One status column at the most: the one whose cells are statuses.
fn choose_status(columns: &[Column<'_>], roles: &mut [Role]) {
    let candidates: Vec<usize> = (0..roles.len()).filter(|n| roles[*n] == Role::Status).collect();
    let best = candidates.iter().copied().max_by_key(|n| (columns[*n].percent(is_status), usize::MAX - n));
    for n in candidates {
        // A cell may hold its status in two languages: then it is the numbers that tell.
        let is_told =
            columns[n].percent(is_status) >= 20 || columns[n].percent(|cell| !status_numbers(cell).is_empty()) >= 80;
        if Some(n) != best || !(is_told || columns[n].cells.is_empty()) {
            roles[n] = Role::Other;
        }
    }
}

/// Which text is the wire message, which the description, where the header words depend on their neighbours.
fn choose_texts(columns: &[Column<'_>], roles: &mut [Role], code: usize) {
    let at = |roles: &[Role], role: Role| roles.iter().position(|r| *r == role);
    let descriptions: Vec<usize> = (0..roles.len()).filter(|n| roles[*n] == Role::Description).collect();
    if at(roles, Role::Message).is_none() && descriptions.len() > 1 {
        // Two describing columns: the wire message is the one that stays English where the other is Chinese.
        let (first, second) = (&columns[descriptions[0]], &columns[descriptions[1]]);
        let is_wire = first.percent(has_han) < 20 && second.percent(has_han) > 50;
        if is_wire || first.header == second.header {
            roles[descriptions[0]] = Role::Message;
        }
    }
    // Some generated pages head the describing column, which stands before the code, as the message, and the wire
    // message, which follows the code, as the description.
    if let (Some(message), Some(description)) = (at(roles, Role::Message), at(roles, Role::Description))
        && message < code
        && description == code + 1
        && columns[message].percent(has_han) >= columns[description].percent(has_han)
    {
        roles.swap(message, description);
    }
}
