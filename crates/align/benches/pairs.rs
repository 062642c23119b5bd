//! Measures the rows aligned per second, compared with a plain join on status and code of the same rows: `cargo bench
//! -p docdrift-align`.

use std::collections::BTreeMap;

use divan::{Bencher, counter::ItemsCount};
use docdrift_align::align;
use docdrift_model::{ErrorTable, Lang, Role};

const ROW_COUNTS: [u32; 2] = [1_000, 10_000];

fn main() {
    divan::main();
}

#[divan::bench(name = "align", args = ROW_COUNTS, max_time = 2)]
fn align_pages(bencher: Bencher, row_count: u32) {
    let (zh, en) = ([page(Lang::Zh, row_count)], [page(Lang::En, row_count)]);
    let (aligned_count, joined_count) = (align(&zh, &en).pairs.len(), join(&zh[0], &en[0]));
    assert!(aligned_count > joined_count, "{aligned_count} pairs aligned, {joined_count} joined");
    bencher.counter(ItemsCount::new(row_count)).bench(|| align(&zh, &en));
}

#[divan::bench(name = "join on status and code", args = ROW_COUNTS, max_time = 2)]
fn join_pages(bencher: Bencher, row_count: u32) {
    let (zh, en) = (page(Lang::Zh, row_count), page(Lang::En, row_count));
    bencher.counter(ItemsCount::new(row_count)).bench(|| join(&zh, &en));
}

/// Makes a typical reference: every tenth code stands at two statuses, every fiftieth row is on the other page only,
/// and every thirtieth code is misspelled on one page.
fn page(lang: Lang, rows: u32) -> ErrorTable {
    let is_kept = |n: &u32| n % 50 != if lang == Lang::Zh { 7 } else { 31 };
    ErrorTable {
        title: None,
        header: ["Status", "Code", "Message", "Description"].map(str::to_owned).to_vec(),
        roles: vec![Role::Status, Role::Code, Role::Message, Role::Description],
        rows: (0..rows).filter(is_kept).map(|n| row(lang, n)).collect(),
    }
}

fn row(lang: Lang, n: u32) -> Vec<String> {
    let noun = ["kettle", "cup", "saucer", "spoon", "teapot"][n as usize % 5];
    let shelf = n / 10 * 10;
    let number = if n % 10 == 1 { n - 1 } else { n };
    let code = format!("Tea.{}{noun}.{number:05}", if n % 30 == 4 && lang == Lang::Zh { "The" } else { "" });
    let status = if n % 10 == 1 { "409" } else { "400" };
    let message = format!("The {noun} {number} of shelf {shelf} cannot be served: {{0}}.");
    let description = match lang {
        Lang::Zh => format!("第 {shelf} 层的 {noun}{number} 不存在，状态 {status}。"),
        Lang::En => format!("There is no {noun}{number} on shelf {shelf}, status {status}."),
    };
    vec![status.to_owned(), code, message, description]
}

/// Joins rows on status and code, as a program without an aligner does.
fn join(zh: &ErrorTable, en: &ErrorTable) -> usize {
    let key = |row: &[String]| (row[0].clone(), row[1].clone());
    let rows: BTreeMap<_, _> = en.rows.iter().enumerate().map(|(n, row)| (key(row), n)).collect();
    zh.rows.iter().filter(|row| rows.contains_key(&key(row))).count()
}
