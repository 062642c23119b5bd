use std::collections::{BTreeMap, BTreeSet};

use docdrift_model::{
    Bilingual, Entry, ErrorTable, Lang, Role,
    entry::{Pairing, Printed},
    text::{status_numbers, tidy},
};

use crate::align::align;
use crate::alignment::{Alignment, Pair, RowPosition, unpaired_method};
use crate::keys::agree_on_keys;

/// Aligns two pages and merges each pair into one entry. Each row without a partner becomes an entry of its own.
///
/// The entries are in the order of the en page. A zh row without a partner follows the row before it on its page. Ids
/// are left empty.
///
/// ```
/// use docdrift_model::{ErrorTable, Role};
///
/// let table = |message: &str| ErrorTable {
///     header: vec!["Code".into(), "Message".into()],
///     roles: vec![Role::Code, Role::Description],
///     rows: vec![vec!["Basket.Full".into(), message.into()]],
///     ..ErrorTable::default()
/// };
/// let entries = docdrift_align::align_entries(&[table("篮子已满")], &[table("The basket is full")]);
/// assert_eq!(entries.len(), 1);
/// assert_eq!(entries[0].pairing.method, "code");
/// assert_eq!(entries[0].description.zh, "篮子已满");
/// ```
pub fn align_entries(zh: &[ErrorTable], en: &[ErrorTable]) -> Vec<Entry> {
    let (mut zh, mut en) = (zh.to_vec(), en.to_vec());
    agree_on_keys(&mut zh, &mut en);
    merge_entries(&zh, &en, &align(&zh, &en))
}

/// Merges two pages that are already aligned into entries: one for each pair and one for each row without a partner, in
/// the order of [`align_entries`].
pub fn merge_entries(zh: &[ErrorTable], en: &[ErrorTable], alignment: &Alignment) -> Vec<Entry> {
    let names = TableNames::new(zh, en, alignment);
    list_entry_rows(alignment, en)
        .into_iter()
        .map(|row| match row {
            EntryRows::Pair(pair) => paired_entry(zh, en, pair, names.en_name(pair.en)),
            EntryRows::Zh(position) => single_entry(Lang::Zh, zh, position, names.zh_name(position)),
            EntryRows::En(position) => single_entry(Lang::En, en, position, names.en_name(position)),
        })
        .collect()
}

/// The rows of one entry.
enum EntryRows<'a> {
    Pair(&'a Pair),
    Zh(RowPosition),
    En(RowPosition),
}

/// Lists the rows of each entry in page order.
fn list_entry_rows<'a>(alignment: &'a Alignment, en: &[ErrorTable]) -> Vec<EntryRows<'a>> {
    let paired: BTreeMap<RowPosition, &Pair> = alignment.pairs.iter().map(|pair| (pair.en, pair)).collect();
    let mut unpaired = unpaired_by_predecessor(alignment);
    let mut rows = Vec::new();
    for (z, e) in &alignment.tables {
        if let Some(z) = z {
            rows.extend(unpaired.remove(&(*z, None)).unwrap_or_default().into_iter().map(EntryRows::Zh));
        }
        let Some(e) = *e else { continue };
        for r in 0..en.get(e).map_or(0, |table| table.rows.len()) {
            let Some(pair) = paired.get(&(e, r)) else {
                rows.push(EntryRows::En((e, r)));
                continue;
            };
            rows.push(EntryRows::Pair(pair));
            let after = unpaired.remove(&(pair.zh.0, Some(pair.zh.1)));
            rows.extend(after.unwrap_or_default().into_iter().map(EntryRows::Zh));
        }
    }
    rows
}

/// Groups the unpaired zh rows by their table and the nearest paired row above them.
fn unpaired_by_predecessor(alignment: &Alignment) -> BTreeMap<(usize, Option<usize>), Vec<RowPosition>> {
    let paired: BTreeSet<RowPosition> = alignment.pairs.iter().map(|pair| pair.zh).collect();
    let mut unpaired: BTreeMap<(usize, Option<usize>), Vec<RowPosition>> = BTreeMap::new();
    for position in &alignment.zh_only {
        let above = paired.range((position.0, 0)..*position).next_back().map(|(_, row)| *row);
        unpaired.entry((position.0, above)).or_default().push(*position);
    }
    unpaired
}

/// The names of tables in entries: the en title, or else the zh title. All names are different.
struct TableNames {
    zh: BTreeMap<usize, String>,
    en: BTreeMap<usize, String>,
}

impl TableNames {
    fn new(zh: &[ErrorTable], en: &[ErrorTable], alignment: &Alignment) -> Self {
        let mut names = Self { zh: BTreeMap::new(), en: BTreeMap::new() };
        let mut taken = BTreeSet::new();
        let title = |tables: &[ErrorTable], n: Option<usize>| -> Option<String> {
            let title = tidy(tables.get(n?)?.title.as_deref()?);
            (!title.is_empty()).then_some(title)
        };
        for (z, e) in &alignment.tables {
            let name = unique_name(title(en, *e).or_else(|| title(zh, *z)).unwrap_or_default(), &mut taken);
            names.zh.extend(z.map(|z| (z, name.clone())));
            names.en.extend(e.map(|e| (e, name)));
        }
        names
    }

    fn zh_name(&self, position: RowPosition) -> &str {
        self.zh.get(&position.0).map_or("", String::as_str)
    }

    fn en_name(&self, position: RowPosition) -> &str {
        self.en.get(&position.0).map_or("", String::as_str)
    }
}

/// Returns `name`, or `name (2)` and so on if it is taken. An empty name becomes `(2)` without a leading space.
fn unique_name(name: String, taken: &mut BTreeSet<String>) -> String {
    let numbered = (2_usize..).map(|n| format!("{name} ({n})").trim_start().to_owned());
    let free = std::iter::once(name.clone()).chain(numbered).find(|name| !taken.contains(name)).unwrap_or(name);
    taken.insert(free.clone());
    free
}

/// The cells of one row by role.
#[derive(Default)]
struct RowCells {
    printed: Printed,
    message: String,
    description: String,
    solution: String,
    group: String,
    extra: BTreeMap<String, String>,
}

impl RowCells {
    fn from_row(tables: &[ErrorTable], (table, row): RowPosition) -> Self {
        let mut cells = Self::default();
        let Some(table) = tables.get(table) else { return cells };
        let Some(row) = table.rows.get(row) else { return cells };
        let mut headers = BTreeSet::new();
        let mut roles = BTreeSet::new();
        for (n, text) in row.iter().enumerate() {
            let role = table.roles.get(n).copied().unwrap_or(Role::Other);
            // A second column of a role and a column without a role become extras.
            match cells.cell_mut(role).filter(|_| roles.insert(role)) {
                Some(cell) => *cell = tidy(text),
                None => cells.add_extra(table.header.get(n), n, text, &mut headers),
            }
        }
        cells
    }

    fn cell_mut(&mut self, role: Role) -> Option<&mut String> {
        match role {
            Role::Status => Some(&mut self.printed.status),
            Role::Code => Some(&mut self.printed.code),
            Role::Message => Some(&mut self.message),
            Role::Description => Some(&mut self.description),
            Role::Solution => Some(&mut self.solution),
            Role::Group => Some(&mut self.group),
            Role::Other => None,
        }
    }

    fn add_extra(&mut self, header: Option<&String>, column: usize, text: &str, taken: &mut BTreeSet<String>) {
        let header = header.map(|header| tidy(header)).filter(|header| !header.is_empty());
        let header = unique_name(header.unwrap_or_else(|| format!("column {}", column + 1)), taken);
        let text = tidy(text);
        if !text.is_empty() {
            self.extra.insert(header, text);
        }
    }
}

fn single_entry(lang: Lang, tables: &[ErrorTable], position: RowPosition, table: &str) -> Entry {
    let mut cells = Bilingual::<RowCells>::default();
    *cells.get_mut(lang) = RowCells::from_row(tables, position);
    let printed = cells.get(lang).printed.clone();
    let pairing = Pairing { method: unpaired_method(lang).to_owned(), score: 1.0 };
    Entry { status: printed.status, code: printed.code, ..merged_entry(cells, table, pairing) }
}

fn paired_entry(zh: &[ErrorTable], en: &[ErrorTable], pair: &Pair, table: &str) -> Entry {
    let cells = Bilingual { zh: RowCells::from_row(zh, pair.zh), en: RowCells::from_row(en, pair.en) };
    let printed = Bilingual { zh: cells.zh.printed.clone(), en: cells.en.printed.clone() };
    let pairing = pair.pairing();
    Entry {
        status: better_text(&printed.zh.status, &printed.en.status, rank_status),
        code: better_text(&printed.zh.code, &printed.en.code, rank_code),
        printed: (printed.zh != printed.en).then(|| Box::new(printed)),
        ..merged_entry(cells, table, pairing)
    }
}

fn merged_entry(cells: Bilingual<RowCells>, table: &str, pairing: Pairing) -> Entry {
    let Bilingual { zh, en } = cells;
    Entry {
        table: table.to_owned(),
        message: Bilingual { zh: zh.message, en: en.message },
        description: Bilingual { zh: zh.description, en: en.description },
        solution: Bilingual { zh: zh.solution, en: en.solution },
        group: Bilingual { zh: zh.group, en: en.group },
        extra: Bilingual { zh: zh.extra, en: en.extra },
        pairing,
        ..Entry::default()
    }
}

/// Returns the text in the better form, or the en text if both are equally good.
fn better_text<F: Ord>(zh: &str, en: &str, rank: impl Fn(&str) -> F) -> String {
    if rank(zh) > rank(en) { zh.to_owned() } else { en.to_owned() }
}

/// Ranks a status: best is a bare number, then a text with a number, then words.
fn rank_status(text: &str) -> (bool, bool, bool) {
    let bare = text.bytes().all(|b| b.is_ascii_digit());
    (!text.is_empty(), !status_numbers(text).is_empty(), bare)
}

/// Ranks a code: best is one word of ASCII. Among two spellings, more capitals and separators are better, since editors
/// and translations flatten codes.
fn rank_code(text: &str) -> (bool, bool, bool, usize) {
    let structure = text.chars().filter(|c| c.is_ascii_uppercase() || c.is_ascii_punctuation()).count();
    (!text.is_empty(), !text.contains(char::is_whitespace), text.is_ascii(), structure)
}
