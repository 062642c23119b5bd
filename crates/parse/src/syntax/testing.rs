//! Helpers for the tests of the markup readers.

use super::block::{Content, Document, Prose, RawTable};

/// Prints each block as a short line: a sign for its kind, the depth if it has one, and the text with `^` after the
/// lead.
pub(super) fn outline(document: &Document) -> Vec<String> {
    document.blocks.iter().map(|block| outline_block(&block.content)).collect()
}

fn outline_block(content: &Content) -> String {
    match content {
        Content::Heading { level, text } => format!("h{level} {text}"),
        Content::Text(prose) => format!("p{} {}", depth(prose), marked(prose)),
        Content::Item(prose) => format!("i{} {}", depth(prose), marked(prose)),
        Content::Term(prose) => format!("t{} {}", depth(prose), marked(prose)),
        Content::Definition(prose) => format!("d{} {}", depth(prose), marked(prose)),
        Content::Sample(text) => format!("s {text}"),
        Content::Table(table) => {
            let caption = table.caption.as_deref().unwrap_or_default();
            format!("table {caption}/{}: {}", table.head, rows(table).join(" // "))
        }
    }
}

fn depth(prose: &Prose) -> String {
    if prose.depth == 0 { String::new() } else { prose.depth.to_string() }
}

fn marked(prose: &Prose) -> String {
    let (lead, rest) = prose.text.split_at(prose.lead);
    if lead.is_empty() { rest.to_owned() } else { format!("{lead}^{rest}") }
}

/// Joins the cells of each row by `|`.
pub(super) fn rows(table: &RawTable) -> Vec<String> {
    table.rows.iter().map(|row| row.join("|")).collect()
}

/// Returns the only table of a page.
pub(super) fn only_table(document: Document) -> RawTable {
    let mut tables = document.blocks.into_iter().filter_map(|block| match block.content {
        Content::Table(table) => Some(table),
        _ => None,
    });
    let table = tables.next().expect("a table");
    assert!(tables.next().is_none(), "one table only");
    table
}

/// Pieces of markup for random pages.
const PIECES: [&str; 48] = [
    "\n",
    "\n\n",
    "  ",
    "   ",
    "\t",
    " ",
    "* ",
    "- ",
    "1. ",
    "a",
    "错误",
    "é",
    "*",
    "**",
    "`",
    "``",
    "_",
    "|",
    "||",
    "+",
    "+--+",
    "+--+--+\n",
    "|  |  |\n",
    "== ==\n",
    "-----\n",
    "====\n",
    "----\n",
    "|===\n",
    "!===\n",
    ",===\n",
    ".. ",
    "::",
    "::\n\n",
    ".. list-table:: x\n",
    ".. flat-table::\n",
    ".. csv-table:: y\n",
    ":cspan:`1`",
    ":ref:`a <b>`",
    ".. |a| replace:: b\n",
    "[a,cols=\"2*a\"]\n",
    "2.3+|",
    "<<",
    ">>",
    "[[",
    "]",
    "\\",
    "{a}",
    "link:",
];

proptest::proptest! {
    #[test]
    fn any_page_is_read(pieces in proptest::collection::vec(proptest::sample::select(&PIECES[..]), 0..80)) {
        let page = pieces.concat();
        for document in [super::rst::read(&page), super::asciidoc::read(&page)] {
            let lines = page.lines().count();
            for block in &document.blocks {
                proptest::prop_assert!(block.span.first <= block.span.last && block.span.last <= lines, "{:?}", block);
            }
            // Slicing at the leads must not panic.
            outline(&document);
        }
        let _ = (super::rst::is_rst(&page), super::asciidoc::is_asciidoc(&page));
    }
}
