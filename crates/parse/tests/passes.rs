//! Tests that no pass loses a cell: each visible cell of an accepted table is in the reading or named in a warning.

use docdrift_model::{Page, ReadRules, Reading};
use proptest::{collection::vec, prelude::*, sample::select, test_runner::TestCaseError};

fn read(text: &str) -> Reading {
    let page = Page {
        url: "saved".into(),
        fetched_at: String::new(),
        status: None,
        headers: Vec::new(),
        body: text.as_bytes().to_vec(),
    };
    docdrift_parse::read(&page, &ReadRules::default())
}

/// Returns the letters and digits of a text. Joints between a code, its name and its text are no cells.
fn squeeze(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).collect()
}

/// Joins everything in a reading: headers, cells and warnings.
fn all_text(reading: &Reading) -> String {
    let tables = reading.tables.iter();
    let cells = tables.flat_map(|table| table.header.iter().chain(table.rows.iter().flatten()));
    let details = reading.warnings.iter().map(|warning| &warning.detail);
    squeeze(&cells.chain(details).cloned().collect::<Vec<_>>().join("\n"))
}

fn assert_nothing_lost(text: &str, rows: &[Vec<String>]) -> Result<(), TestCaseError> {
    let reading = read(text);
    if reading.tables.is_empty() {
        return Ok(());
    }
    let said = all_text(&reading);
    for cell in rows.iter().flatten() {
        prop_assert!(said.contains(&squeeze(cell)), "`{cell}` is lost from\n{text}\n{:#?}", reading.tables);
    }
    Ok(())
}

const TEXTS: [&str; 9] = [
    "The lamp is dark.",
    "No such lamp exists",
    "灯不存在，请检查。",
    "It failed: try again later.",
    "Wait",
    "-",
    "灯坏了",
    "Nobody holds the switch of this lamp.",
    "See the lamp (7) there.",
];

/// Generates rows of a code and texts. Some lose a cell, some have an extra one.
fn rows(columns: usize) -> impl Strategy<Value = Vec<Vec<String>>> {
    let prefix = select(vec!["LAMP_", "Lamp.", "-10", "E00"]);
    let texts = vec(vec(select(TEXTS.to_vec()), columns - 1), 2..9);
    (prefix, texts, vec(0usize..12, 9)).prop_map(move |(prefix, texts, slips)| {
        let last = texts.len() - 1;
        let row = |(n, texts): (usize, Vec<&'static str>)| {
            let code = if prefix == "LAMP_" {
                format!("LAMP_DARK_{}", ["A", "B", "C", "D"][n % 4])
            } else {
                format!("{prefix}{:02}", n + 1)
            };
            let mut row: Vec<String> = std::iter::once(code).chain(texts.into_iter().map(str::to_owned)).collect();
            match slips[n] {
                0 => drop(row.pop()),
                // The text after the last row of a table without drawing belongs to the page.
                1 if n < last => row.push("One more text.".to_owned()),
                _ => {}
            }
            row
        };
        texts.into_iter().enumerate().map(row).collect()
    })
}

fn lines(rows: &[Vec<String>], separator: &str, between: &str) -> String {
    rows.iter().map(|row| row.join(separator)).collect::<Vec<_>>().join(between)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, ..ProptestConfig::default() })]

    #[test]
    fn tabs(rows in rows(3)) {
        assert_nothing_lost(&format!("Error codes\n\nCode\tMessage\tSolution\n{}\n", lines(&rows, "\t", "\n")), &rows)?;
    }

    #[test]
    fn a_cell_a_line(rows in rows(3)) {
        assert_nothing_lost(&format!("Lamps\n\nError Code\nError Message\nSolution\n{}\n", lines(&rows, "\n", "\n")), &rows)?;
    }

    #[test]
    fn pipes_without_a_separator(rows in rows(3)) {
        assert_nothing_lost(&format!("Error Codes\n\nError Code | Error Message | Solution |\n{} |\n", lines(&rows, " | ", " |\n")), &rows)?;
    }

    #[test]
    fn headings(rows in rows(2)) {
        assert_nothing_lost(&format!("# Error codes\n\n## {}\n", lines(&rows, "\n\n", "\n\n## ")), &rows)?;
    }

    #[test]
    fn bullets(rows in rows(2)) {
        let item = |row: &Vec<String>| format!("- **{}**: {}\n", row[0], row[1..].join(" "));
        let items: String = rows.iter().map(item).collect();
        assert_nothing_lost(&format!("# Error codes\n\n{items}"), &rows)?;
    }

    #[test]
    fn terms(rows in rows(2)) {
        let item = |row: &Vec<String>| format!("<dt>{}</dt><dd>{}</dd>", row[0], row[1..].join("</dd><dd>"));
        let items: String = rows.iter().map(item).collect();
        assert_nothing_lost(&format!("<html><body><h1>Error codes</h1><dl>{items}</dl></body></html>"), &rows)?;
    }

    #[test]
    fn labels(rows in rows(3)) {
        let item = |row: &Vec<String>| {
            let text = row.get(1).map_or("", String::as_str);
            let more: Vec<String> = row.iter().skip(2).map(|text| format!("\n  - Solution: {text}")).collect();
            let more = more.concat();
            format!("- {}\n  - Description: {text}{more}\n", row[0])
        };
        let items: String = rows.iter().map(item).collect();
        assert_nothing_lost(&format!("# Error codes\n\n{items}"), &rows)?;
    }

    #[test]
    fn blocks_side_by_side(rows in rows(2)) {
        let pairs: Vec<String> = rows.chunks(2).map(|pair| {
            let cells: Vec<String> = pair.iter().flat_map(|row| [row[0].clone(), row.get(1).cloned().unwrap_or_default()]).collect();
            format!("|{}|", cells.join("|"))
        }).collect();
        let kept: Vec<Vec<String>> = rows.iter().map(|row| row.iter().take(2).cloned().collect()).collect();
        assert_nothing_lost(&format!("# Error codes\n\n|Code|Text|Code|Text|\n|--|--|--|--|\n{}\n", pairs.join("\n")), &kept)?;
    }

    #[test]
    fn html_tables_without_a_header(rows in rows(3)) {
        let row = |row: &Vec<String>| format!("<tr><td>{}</td></tr>", row.join("</td><td>"));
        let drawn: String = rows.iter().map(row).collect();
        assert_nothing_lost(&format!("<html><body><h1>Error codes</h1><table>{drawn}</table></body></html>"), &rows)?;
    }
}
