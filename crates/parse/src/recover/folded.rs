//! Unfolds tables that are printed as two or more blocks of columns side by side, each under the same header.

use std::borrow::Cow;

use super::{Candidate, Outline, Section};
use crate::syntax::block::{Content, RawTable};

/// Proposes the tables of the section with a repeated header.
pub(super) fn propose<'a>(outline: &Outline<'a>, section: &Section) -> Vec<Candidate<'a>> {
    let candidate = |at: usize| match &outline.blocks[at].content {
        Content::Table(table) => Some(Candidate::new(section, at..at + 1, Cow::Owned(unfold(table)?))),
        _ => None,
    };
    section.own.clone().filter_map(candidate).collect()
}

/// Puts the blocks of columns below each other.
fn unfold(table: &RawTable) -> Option<RawTable> {
    let header = table.rows.first()?;
    let period = find_period(header)?;
    let mut rows = vec![header[..period].to_vec()];
    for block in 0..header.len() / period {
        let cells = table.rows.iter().skip(1).filter_map(|row| row.get(block * period..(block + 1) * period));
        rows.extend(cells.filter(|cells| cells.iter().any(|cell| !cell.is_empty())).map(<[String]>::to_vec));
    }
    let caption = table.caption.clone();
    Some(RawTable { caption, head: 1, rows, ..RawTable::default() })
}

/// Returns the number of columns after which the header repeats: two or more, all different.
fn find_period(header: &[String]) -> Option<usize> {
    let repeats = |period: &usize| {
        header.len().is_multiple_of(*period) && header.iter().enumerate().all(|(n, cell)| *cell == header[n % period])
    };
    let is_long_enough = |period: &usize| {
        let block = &header[..*period];
        block.iter().all(|cell| !cell.is_empty()) && block.iter().any(|cell| *cell != block[0])
    };
    (2..=header.len() / 2).find(repeats).filter(is_long_enough)
}

#[cfg(test)]
mod tests {
    use super::unfold;
    use crate::syntax::block::RawTable;

    fn unfolded(rows: &[&[&str]]) -> Option<Vec<Vec<String>>> {
        let rows = rows.iter().map(|row| row.iter().map(ToString::to_string).collect()).collect();
        unfold(&RawTable { rows, ..RawTable::default() }).map(|table| table.rows)
    }

    #[test]
    fn unfolds_blocks_side_by_side() {
        let rows = unfolded(&[&["Code", "Text", "Code", "Text"], &["1", "a", "3", "c"], &["2", "b", "", ""]]);
        assert_eq!(rows.unwrap(), [["Code", "Text"], ["1", "a"], ["2", "b"], ["3", "c"]]);
        assert!(unfolded(&[&["Code", "Text"], &["1", "a"]]).is_none());
        assert!(unfolded(&[&["Code", "Code"], &["1", "a"]]).is_none());
    }
}
