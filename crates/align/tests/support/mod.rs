//! Loads real pages with the right answers and scores an alignment against them. The rules of the score are those of
//! the corpus: optional rows are left out, and indistinguishable rows count as one.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use docdrift_align::{Pair, align};
use docdrift_model::{ErrorTable, Role};
use serde_json::Value;

pub(crate) mod damage;

/// A row with a number that it keeps while its page is damaged.
#[derive(Clone)]
pub(crate) struct Row {
    pub(crate) id: usize,
    pub(crate) cells: Vec<String>,
}

#[derive(Clone)]
pub(crate) struct Table {
    pub(crate) title: Option<String>,
    pub(crate) header: Vec<String>,
    pub(crate) roles: Vec<Role>,
    pub(crate) rows: Vec<Row>,
}

/// The page of one language. Row numbers are unique on it.
#[derive(Clone, Default)]
pub(crate) struct Page {
    pub(crate) tables: Vec<Table>,
    /// Maps a row to the first row that is indistinguishable from it.
    representative: BTreeMap<usize, usize>,
    optional: BTreeSet<usize>,
}

impl Page {
    pub(crate) fn error_tables(&self) -> Vec<ErrorTable> {
        let rows = |table: &Table| table.rows.iter().map(|row| row.cells.clone()).collect();
        self.tables
            .iter()
            .map(|table| ErrorTable {
                title: table.title.clone(),
                header: table.header.clone(),
                roles: table.roles.clone(),
                rows: rows(table),
            })
            .collect()
    }

    fn id(&self, place: (usize, usize)) -> usize {
        self.tables[place.0].rows[place.1].id
    }

    fn representative(&self, id: usize) -> usize {
        self.representative.get(&id).copied().unwrap_or(id)
    }

    fn ids(&self) -> BTreeSet<usize> {
        self.tables.iter().flat_map(|table| table.rows.iter().map(|row| row.id)).collect()
    }
}

/// Two pages and the right pairs.
#[derive(Clone)]
pub(crate) struct Case {
    pub(crate) name: String,
    pub(crate) zh: Page,
    pub(crate) en: Page,
    pub(crate) pairs: BTreeMap<usize, usize>,
}

#[expect(clippy::print_stderr, reason = "tests say what they skip")]
pub(crate) fn corpus() -> Option<PathBuf> {
    let folder = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/corpus"));
    if !folder.is_dir() {
        eprintln!("skipped: no corpus at {}", folder.display());
        return None;
    }
    Some(folder)
}

pub(crate) fn json(path: &Path) -> Value {
    #[expect(clippy::disallowed_methods, reason = "the corpus lies outside the repository's own store")]
    let bytes = std::fs::read(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    serde_json::from_slice(&bytes).expect("a well-formed answer")
}

/// Loads all cases of the corpus: the 31 page pairs and identity-center.
pub(crate) fn cases() -> Vec<Case> {
    let Some(corpus) = corpus() else { return Vec::new() };
    #[expect(clippy::disallowed_methods, reason = "the corpus lies outside the repository's own store")]
    let folders = std::fs::read_dir(corpus.join("align")).expect("a well-formed answer");
    let mut folders: Vec<PathBuf> =
        folders.map(|entry| entry.expect("a well-formed answer").path()).filter(|path| path.is_dir()).collect();
    folders.sort();
    let mut cases: Vec<Case> = folders.iter().map(|folder| case(folder)).collect();
    cases.push(identity_center(&corpus));
    cases
}

fn case(folder: &Path) -> Case {
    let gold = json(&folder.join("gold.json"));
    let (zh, en) = (page(&gold, "zh"), page(&gold, "en"));
    let pairs = gold["pairs"].as_array().expect("a well-formed answer").iter();
    let pairs = pairs.map(|pair| (zh.id(place(&pair["zh"])), en.id(place(&pair["en"])))).collect();
    Case { name: folder.file_name().expect("a well-formed answer").to_string_lossy().into_owned(), zh, en, pairs }
}

fn identity_center(corpus: &Path) -> Case {
    let read = |what: &str| json(&corpus.join(format!("seeds/expected/huaweicloud.identity-center.{what}.json")));
    let page = |lang| Page { tables: tables(&read(lang)["tables"]), ..Page::default() };
    let (zh, en) = (page("zh"), page("en"));
    let index =
        |value: &Value| usize::try_from(value.as_u64().expect("a well-formed answer")).expect("a well-formed answer");
    let pairs = read("pairs");
    let pairs = pairs["pairs"].as_array().expect("a well-formed answer").iter();
    let pairs = pairs
        .map(|pair| {
            let table = index(&pair["table"]);
            (zh.id((table, index(&pair["zh_row"]))), en.id((table, index(&pair["en_row"]))))
        })
        .collect();
    Case { name: "identity-center".into(), zh, en, pairs }
}

fn page(gold: &Value, lang: &str) -> Page {
    let mut page = Page { tables: tables(&gold[format!("tables_{lang}")]), ..Page::default() };
    let listed = |value: &Value| value.as_array().map_or(Vec::new(), |list| list.iter().map(place).collect());
    page.optional = listed(&gold["optional"][lang]).into_iter().map(|place| page.id(place)).collect();
    for group in gold["interchangeable"][lang].as_array().into_iter().flatten() {
        let ids: Vec<usize> = listed(group).into_iter().map(|place| page.id(place)).collect();
        let first = ids.iter().map(|id| page.representative(*id)).min().expect("a well-formed answer");
        page.representative.extend(ids.into_iter().map(|id| (id, first)));
    }
    page
}

fn tables(list: &Value) -> Vec<Table> {
    let mut id = 0;
    let mut rows = |list: &Value| -> Vec<Row> {
        let cells = list.as_array().into_iter().flatten().map(texts);
        cells
            .map(|cells| {
                id += 1;
                Row { id, cells }
            })
            .collect()
    };
    let list = list.as_array().expect("a well-formed answer").iter();
    list.map(|table| Table {
        title: table["title"].as_str().map(str::to_owned),
        header: texts(&table["header"]),
        roles: table["roles"].as_array().expect("a well-formed answer").iter().map(role).collect(),
        rows: rows(&table["rows"]).into_iter().chain(rows(&table["rows_after_cut"])).collect(),
    })
    .collect()
}

fn texts(list: &Value) -> Vec<String> {
    list.as_array()
        .expect("a well-formed answer")
        .iter()
        .map(|text| text.as_str().expect("a well-formed answer").to_owned())
        .collect()
}

fn role(name: &Value) -> Role {
    match name.as_str().expect("a well-formed answer") {
        "status" => Role::Status,
        "code" => Role::Code,
        "message" => Role::Message,
        "description" => Role::Description,
        "solution" => Role::Solution,
        "group" => Role::Group,
        "other" => Role::Other,
        name => panic!("no such role: {name}"),
    }
}

fn place(value: &Value) -> (usize, usize) {
    let index =
        |n: usize| usize::try_from(value[n].as_u64().expect("a well-formed answer")).expect("a well-formed answer");
    (index(0), index(1))
}

/// Sums of right, given and wanted answers.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Score {
    pub(crate) right: usize,
    pub(crate) found: usize,
    pub(crate) expected: usize,
    pub(crate) alone_both: usize,
    pub(crate) alone_either: usize,
}

fn ratio(a: usize, b: usize) -> f64 {
    let wide = |n: usize| f64::from(u32::try_from(n).expect("a well-formed answer"));
    if b == 0 { 1.0 } else { wide(a) / wide(b) }
}

impl Score {
    pub(crate) fn f1(&self) -> f64 {
        ratio(2 * self.right, self.found + self.expected)
    }

    pub(crate) fn unpaired(&self) -> f64 {
        ratio(self.alone_both, self.alone_either)
    }

    pub(crate) fn add(&mut self, other: Score) {
        self.right += other.right;
        self.found += other.found;
        self.expected += other.expected;
        self.alone_both += other.alone_both;
        self.alone_either += other.alone_either;
    }
}

type Count<T> = BTreeMap<T, usize>;

fn count<T: Ord>(things: impl IntoIterator<Item = T>) -> Count<T> {
    let mut counts = Count::new();
    for thing in things {
        *counts.entry(thing).or_default() += 1;
    }
    counts
}

fn intersection_size<T: Ord>(a: &Count<T>, b: &Count<T>) -> usize {
    a.iter().map(|(thing, n)| *n.min(b.get(thing).unwrap_or(&0))).sum()
}

fn union_size<T: Ord>(a: &Count<T>, b: &Count<T>) -> usize {
    a.values().sum::<usize>() + b.values().sum::<usize>() - intersection_size(a, b)
}

/// Returns for each pair whether it is right and whether it is for review.
pub(crate) fn judge_pairs(case: &Case) -> Vec<(bool, bool)> {
    let (zh, en) = (&case.zh, &case.en);
    let expected: BTreeSet<(usize, usize)> =
        case.pairs.iter().map(|(z, e)| (zh.representative(*z), en.representative(*e))).collect();
    let judge_pairs = |pair: &Pair| {
        let (z, e) = (zh.id(pair.zh), en.id(pair.en));
        let scored = !zh.optional.contains(&z) && !en.optional.contains(&e);
        scored.then(|| (expected.contains(&(zh.representative(z), en.representative(e))), pair.needs_review()))
    };
    align(&zh.error_tables(), &en.error_tables()).pairs.iter().filter_map(judge_pairs).collect()
}

/// Aligns the pages of a case and scores the answer. Describes the differences in `wrong`.
pub(crate) fn score(case: &Case, wrong: &mut Vec<String>) -> Score {
    let (zh, en) = (&case.zh, &case.en);
    let alignment = align(&zh.error_tables(), &en.error_tables());
    let named = |z: usize, e: usize| (zh.representative(z), en.representative(e));
    let scored = |z: usize, e: usize| !zh.optional.contains(&z) && !en.optional.contains(&e);
    let found: Vec<(usize, usize)> = alignment.pairs.iter().map(|pair| (zh.id(pair.zh), en.id(pair.en))).collect();
    let given_pairs = count(found.iter().filter(|(z, e)| scored(*z, *e)).map(|(z, e)| named(*z, *e)));
    let wanted_pairs = count(case.pairs.iter().filter(|(z, e)| scored(**z, **e)).map(|(z, e)| named(*z, *e)));

    let alone = |zh_paired: BTreeSet<usize>, en_paired: BTreeSet<usize>| {
        let of_zh = zh.ids().into_iter().filter(|id| !zh_paired.contains(id) && !zh.optional.contains(id));
        let of_en = en.ids().into_iter().filter(|id| !en_paired.contains(id) && !en.optional.contains(id));
        count(of_zh.map(|id| ("zh", zh.representative(id))).chain(of_en.map(|id| ("en", en.representative(id)))))
    };
    let given_alone = alone(found.iter().map(|(z, _)| *z).collect(), found.iter().map(|(_, e)| *e).collect());
    let wanted_alone = alone(case.pairs.keys().copied().collect(), case.pairs.values().copied().collect());

    let cells = |page: &Page, id: usize| -> String {
        let row = page.tables.iter().flat_map(|table| &table.rows).find(|row| page.representative(row.id) == id);
        row.map_or(String::new(), |row| row.cells.join(" | "))
    };
    for (mark, a, b) in [("unmade", &wanted_pairs, &given_pairs), ("wrong", &given_pairs, &wanted_pairs)] {
        for ((z, e), _) in a.iter().filter(|(pair, n)| b.get(*pair).unwrap_or(&0) < *n) {
            wrong.push(format!("{}: {mark}\n    {}\n    {}", case.name, cells(zh, *z), cells(en, *e)));
        }
    }
    Score {
        right: intersection_size(&given_pairs, &wanted_pairs),
        found: given_pairs.values().sum(),
        expected: wanted_pairs.values().sum(),
        alone_both: intersection_size(&given_alone, &wanted_alone),
        alone_either: union_size(&given_alone, &wanted_alone),
    }
}
