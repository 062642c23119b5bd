//! What each column of a table is: told by its header and, where that is not sure, by its cells.

use std::cmp::Reverse;

use docdrift_model::{Role, status_numbers};

use crate::{
    cell::{has_han, is_code, is_code_before_colon, is_code_beside_status, is_marked, is_reason_phrase, is_status},
    listed,
    read::RawTable,
    vocabulary::{self, Strength},
};

/// The roles of a list made into a table: the code, the text beside it, and the labels. Where a label describes, the
/// text beside the code is but a short name.
pub(crate) fn of_list(table: &RawTable) -> Vec<Role> {
    let header = table.rows.first().map_or(&[][..], Vec::as_slice);
    let labels = header.iter().skip(1).map(|label| (!label.is_empty()).then(|| label_role(label)));
    let labels: Vec<Option<Role>> = labels.collect();
    let is_described = labels.iter().flatten().any(|role| matches!(role, Role::Message | Role::Description));
    let text = if is_described { Role::Other } else { Role::Description };
    std::iter::once(Role::Code).chain(labels.into_iter().map(|label| label.unwrap_or(text))).collect()
}

/// The role of a label; one that ends in a status stands in for its header.
fn label_role(label: &str) -> Role {
    match vocabulary::role(label) {
        Some((Role::Code, _)) | None if listed::is_status_label(label) => Role::Status,
        Some((Role::Code, _)) | None => Role::Other,
        Some((role, _)) => role,
    }
}

/// The role of each column, or why the table lists no error codes.
pub(crate) fn of(header: &[String], rows: &[Vec<String>], is_titled: bool) -> Result<Vec<Role>, String> {
    if rows.is_empty() {
        return Err("it has a header but no rows".to_owned());
    }
    let columns: Vec<Column<'_>> = header.iter().enumerate().map(|(n, cell)| Column::new(n, cell, rows)).collect();
    let mut roles: Vec<Role> =
        columns.iter().map(|column| column.named.map_or_else(|| column.suggested(), |(role, _)| role)).collect();
    let key = key_column(&columns, &mut roles).ok_or("no column is headed as an error code")?;
    check_key(key, &columns, &roles, is_titled)?;
    choose_status(&columns, &mut roles);
    choose_texts(&columns, &mut roles, key);
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

/// What speaks for a column being the key, the weightiest reason first.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct KeyCase {
    holds_codes: bool,
    is_headed_so: bool,
    /// Where a page prints a code as a word and as a number, the word is the key.
    is_symbolic: bool,
    is_first: Reverse<usize>,
}

impl KeyCase {
    fn of(n: usize, column: &Column<'_>) -> Self {
        let is_symbol = |cell: &str| is_code(cell) && cell.chars().any(|c| c.is_ascii_alphabetic());
        Self {
            holds_codes: column.percent(is_printed_code) >= 50,
            is_headed_so: column.is_sure(),
            is_symbolic: column.percent(is_symbol) >= 50,
            is_first: Reverse(n),
        }
    }
}

/// Picks the one key column; what else is headed as a code becomes the status or an extra.
fn key_column(columns: &[Column<'_>], roles: &mut [Role]) -> Option<usize> {
    if !roles.contains(&Role::Code) {
        // Two statuses beside a text: the later one is the code, badly headed.
        let has_text = roles.iter().any(|role| matches!(role, Role::Message | Role::Description | Role::Solution));
        let second = roles.iter().rposition(|role| *role == Role::Status).filter(|_| has_text)?;
        roles[second] = Role::Code;
    }
    let candidates: Vec<usize> = (0..roles.len()).filter(|n| roles[*n] == Role::Code).collect();
    let key = candidates.iter().copied().max_by_key(|n| KeyCase::of(*n, &columns[*n]))?;
    let has_status = roles.contains(&Role::Status);
    for n in candidates.into_iter().filter(|n| *n != key) {
        let is_weak = matches!(columns[n].named, Some((_, Strength::Weak)));
        let is_status_column = !has_status && is_weak && columns[n].percent(is_http_status) >= 80;
        roles[n] = if is_status_column { Role::Status } else { Role::Other };
    }
    Some(key)
}

/// Whether the column picked as the key makes the table one of error codes; if not, why.
fn check_key(key: usize, columns: &[Column<'_>], roles: &[Role], is_titled: bool) -> Result<(), String> {
    let is_company = |(n, role): (usize, &Role)| n != key && !matches!(role, Role::Other | Role::Group);
    if !roles.iter().enumerate().any(is_company) {
        return Err("its code column stands alone: no status, message or description beside it".to_owned());
    }
    let column = &columns[key];
    match column.percent(is_printed_code) {
        codes if codes >= 50 || (column.is_sure() && codes >= 10) => weak_code_is_code(column, columns, is_titled),
        codes => Err(format!("only {codes} % of the cells under `{}` look like codes", column.header)),
    }
}

/// A code, alone, with its status in brackets, or with the colon that stands before its text.
fn is_printed_code(cell: &str) -> bool {
    is_code(cell) || is_code_beside_status(cell) || is_code_before_colon(cell)
}

/// A status that HTTP knows, not one with a slip in it.
pub(crate) fn is_http_status(cell: &str) -> bool {
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
    if let Some(field) = field(column) {
        return Err(format!("it lists the fields of an answer: `{field}` is one"));
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

/// A cell that names a field which answers have beside an error: no code is called so.
fn field<'a>(column: &Column<'a>) -> Option<&'a str> {
    let role = |cell: &str| vocabulary::role(&cell.replace('_', " "));
    let is = |cell: &str, role_sought: Role| matches!(role(cell), Some((found, _)) if found == role_sought);
    let sure =
        column.cells.iter().find(|cell| matches!(role(cell), Some((Role::Code | Role::Message, Strength::Sure))));
    let message = column.cells.iter().find(|cell| is(cell, Role::Message));
    sure.or(message.filter(|_| column.cells.iter().any(|cell| is(cell, Role::Code)))).copied()
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
    let all = |roles: &[Role], role: Role| (0..roles.len()).filter(|n| roles[*n] == role).collect::<Vec<usize>>();
    let (messages, descriptions) = (all(roles, Role::Message), all(roles, Role::Description));
    let is_chinese = |n: usize| columns[n].percent(has_han) > 50;
    let is_english = |n: usize| columns[n].percent(has_han) < 20;
    match (&messages[..], &descriptions[..]) {
        // Two describing columns: the wire message is the one that stays English where the other is Chinese.
        ([], [first, second, ..]) if is_english(*first) && is_chinese(*second) => roles[*first] = Role::Message,
        ([], [first, second, ..]) if is_chinese(*first) && is_english(*second) => roles[*second] = Role::Message,
        ([], [first, second, ..]) if columns[*first].header == columns[*second].header => {
            roles[*first] = Role::Message;
        }
        // A message in two languages: what goes over the wire is English, its translation describes.
        ([first, second], []) if is_english(*first) && is_chinese(*second) => roles[*second] = Role::Description,
        ([first, second], []) if is_chinese(*first) && is_english(*second) => roles[*first] = Role::Description,
        // Some generated pages head the describing column, which stands before the code, as the message, and the wire
        // message, which follows the code, as the description.
        ([message, ..], [description, ..])
            if *message < code
                && *description == code + 1
                && columns[*message].percent(has_han) >= columns[*description].percent(has_han) =>
        {
            roles.swap(*message, *description);
        }
        _ => {}
    }
}
