use std::collections::{BTreeMap, BTreeSet};

use docdrift_model::{Bilingual, Entry, ErrorTable, Lang, Pairing, Printed, Role, status_numbers, text::tidy};

use crate::align::align;
use crate::alignment::{Alignment, Pair, Place, only};
use crate::keys::agree_on_keys;

/// Aligns two pages and merges each pair into one entry, each row without a partner into one of its own. In page order:
/// that of the en page, a zh row without a partner after the row before it on its page. Ids are left empty.
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
/// let entries = docdrift_align::entries(&[table("篮子已满")], &[table("The basket is full")]);
/// assert_eq!(entries.len(), 1);
/// assert_eq!(entries[0].pairing.method, "code");
/// assert_eq!(entries[0].description.zh, "篮子已满");
/// ```
pub fn entries(zh: &[ErrorTable], en: &[ErrorTable]) -> Vec<Entry> {
    let (mut zh, mut en) = (zh.to_vec(), en.to_vec());
    agree_on_keys(&mut zh, &mut en);
    merge(&zh, &en, &align(&zh, &en))
}

/// The entries of two pages that are aligned already: one for each pair and one for each row alone, as [`entries`]
/// has them.
pub fn merge(zh: &[ErrorTable], en: &[ErrorTable], alignment: &Alignment) -> Vec<Entry> {
    let names = Names::new(zh, en, alignment);
    rows(alignment, en)
        .into_iter()
        .map(|row| match row {
            Merged::Pair(pair) => paired(zh, en, pair, names.en(pair.en)),
            Merged::Zh(place) => single(Lang::Zh, zh, place, names.zh(place)),
            Merged::En(place) => single(Lang::En, en, place, names.en(place)),
        })
        .collect()
}

/// The rows of one entry.
enum Merged<'a> {
    Pair(&'a Pair),
    Zh(Place),
    En(Place),
}

/// What becomes an entry, in page order.
fn rows<'a>(alignment: &'a Alignment, en: &[ErrorTable]) -> Vec<Merged<'a>> {
    let paired: BTreeMap<Place, &Pair> = alignment.pairs.iter().map(|pair| (pair.en, pair)).collect();
    let mut alone = alone_after(alignment);
    let mut rows = Vec::new();
    for (z, e) in &alignment.tables {
        if let Some(z) = z {
            rows.extend(alone.remove(&(*z, None)).unwrap_or_default().into_iter().map(Merged::Zh));
        }
        let Some(e) = *e else { continue };
        for r in 0..en.get(e).map_or(0, |table| table.rows.len()) {
            let Some(pair) = paired.get(&(e, r)) else {
                rows.push(Merged::En((e, r)));
                continue;
            };
            rows.push(Merged::Pair(pair));
            let after = alone.remove(&(pair.zh.0, Some(pair.zh.1)));
            rows.extend(after.unwrap_or_default().into_iter().map(Merged::Zh));
        }
    }
    rows
}

/// The zh rows without a partner by their table and the nearest paired row above them in it.
fn alone_after(alignment: &Alignment) -> BTreeMap<(usize, Option<usize>), Vec<Place>> {
    let paired: BTreeSet<Place> = alignment.pairs.iter().map(|pair| pair.zh).collect();
    let mut alone: BTreeMap<(usize, Option<usize>), Vec<Place>> = BTreeMap::new();
    for place in &alignment.zh_only {
        let above = paired.range((place.0, 0)..*place).next_back().map(|(_, row)| *row);
        alone.entry((place.0, above)).or_default().push(*place);
    }
    alone
}

/// What the tables are called in entries: the en title, or the zh one; no two alike.
struct Names {
    zh: BTreeMap<usize, String>,
    en: BTreeMap<usize, String>,
}

impl Names {
    fn new(zh: &[ErrorTable], en: &[ErrorTable], alignment: &Alignment) -> Self {
        let mut names = Self { zh: BTreeMap::new(), en: BTreeMap::new() };
        let mut taken = BTreeSet::new();
        let title = |tables: &[ErrorTable], n: Option<usize>| -> Option<String> {
            let title = tidy(tables.get(n?)?.title.as_deref()?);
            (!title.is_empty()).then_some(title)
        };
        for (z, e) in &alignment.tables {
            let name = unique(title(en, *e).or_else(|| title(zh, *z)).unwrap_or_default(), &mut taken);
            names.zh.extend(z.map(|z| (z, name.clone())));
            names.en.extend(e.map(|e| (e, name)));
        }
        names
    }

    fn zh(&self, place: Place) -> &str {
        self.zh.get(&place.0).map_or("", String::as_str)
    }

    fn en(&self, place: Place) -> &str {
        self.en.get(&place.0).map_or("", String::as_str)
    }
}

/// `name`, or `name (2)` and so on where it is taken; no name is `(2)` without a space before it.
fn unique(name: String, taken: &mut BTreeSet<String>) -> String {
    let numbered = (2_usize..).map(|n| format!("{name} ({n})").trim_start().to_owned());
    let free = std::iter::once(name.clone()).chain(numbered).find(|name| !taken.contains(name)).unwrap_or(name);
    taken.insert(free.clone());
    free
}

/// The cells of one row by what they hold.
#[derive(Default)]
struct Cells {
    printed: Printed,
    message: String,
    description: String,
    solution: String,
    group: String,
    extra: BTreeMap<String, String>,
}

impl Cells {
    fn read(tables: &[ErrorTable], (table, row): Place) -> Self {
        let mut cells = Self::default();
        let Some(table) = tables.get(table) else { return cells };
        let Some(row) = table.rows.get(row) else { return cells };
        let mut headers = BTreeSet::new();
        let mut roles = BTreeSet::new();
        for (n, text) in row.iter().enumerate() {
            let role = table.roles.get(n).copied().unwrap_or(Role::Other);
            // A later column of a role that is already filled is an extra, and so is what has none.
            match cells.slot(role).filter(|_| roles.insert(role)) {
                Some(slot) => *slot = tidy(text),
                None => cells.add_extra(table.header.get(n), n, text, &mut headers),
            }
        }
        cells
    }

    fn slot(&mut self, role: Role) -> Option<&mut String> {
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
        let header = unique(header.unwrap_or_else(|| format!("column {}", column + 1)), taken);
        let text = tidy(text);
        if !text.is_empty() {
            self.extra.insert(header, text);
        }
    }
}

fn single(lang: Lang, tables: &[ErrorTable], place: Place, table: &str) -> Entry {
    let mut cells = Bilingual::<Cells>::default();
    *cells.get_mut(lang) = Cells::read(tables, place);
    let printed = cells.get(lang).printed.clone();
    let pairing = Pairing { method: only(lang).to_owned(), score: 1.0 };
    Entry { status: printed.status, code: printed.code, ..merged(cells, table, pairing) }
}

fn paired(zh: &[ErrorTable], en: &[ErrorTable], pair: &Pair, table: &str) -> Entry {
    let cells = Bilingual { zh: Cells::read(zh, pair.zh), en: Cells::read(en, pair.en) };
    let printed = Bilingual { zh: cells.zh.printed.clone(), en: cells.en.printed.clone() };
    let pairing = pair.pairing();
    Entry {
        status: better(&printed.zh.status, &printed.en.status, status_form),
        code: better(&printed.zh.code, &printed.en.code, code_form),
        printed: (printed.zh != printed.en).then(|| Box::new(printed)),
        ..merged(cells, table, pairing)
    }
}

fn merged(cells: Bilingual<Cells>, table: &str, pairing: Pairing) -> Entry {
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

/// The text of the better form, the en one of two equally good.
fn better<F: Ord>(zh: &str, en: &str, form: impl Fn(&str) -> F) -> String {
    if form(zh) > form(en) { zh.to_owned() } else { en.to_owned() }
}

/// A status is best as a bare number, then with one in it, then as words.
fn status_form(text: &str) -> (bool, bool, bool) {
    let bare = text.bytes().all(|b| b.is_ascii_digit());
    (!text.is_empty(), !status_numbers(text).is_empty(), bare)
}

/// A code is one word of ASCII; of two spellings the one with more capitals and separators was not flattened by an
/// editor or a translation.
fn code_form(text: &str) -> (bool, bool, bool, usize) {
    let structure = text.chars().filter(|c| c.is_ascii_uppercase() || c.is_ascii_punctuation()).count();
    (!text.is_empty(), !text.contains(char::is_whitespace), text.is_ascii(), structure)
}
