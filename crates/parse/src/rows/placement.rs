//! Places the cells of a row. A saved copy that lost a cell shifts the rest of its row, and the content of the cells
//! shows where they belong. A row that fits as printed is never changed.

use docdrift_model::Role;

use crate::{
    columns::{Columns, Profile},
    lexicon::cells::{CodeForm, is_code, is_printed_code, is_sentence, is_status},
};

/// The minimum advantage of another placement over the printed one: about one cell that fits and did not.
const MIN_GAIN: f64 = 0.9;
/// A placement that is worse than the best by less than this makes the row uncertain.
const UNCERTAIN_MARGIN: f64 = 0.25;
/// The maximum number of columns for placement. The search takes quadratic time for each row, and error tables are
/// narrower.
const MAX_PLACED_COLUMNS: usize = 24;
/// The cost of a cell inherited from the row above. It is small, since lost row spans are common.
const INHERITED_COST: f64 = 0.15;
/// The cost of an empty cell in a column that is always filled.
const EMPTY_COST: f64 = 0.5;

/// The fit of a word in a column that may hold any text or code, which proves little.
const WORD_FIT: f64 = 0.2;
/// The fit of a sentence in a text column, and as much again if the column consists of sentences. It is below the fit
/// of a status in its column (1), since sentences fit several columns.
const SENTENCE_FIT: f64 = 0.4;
/// The cost of a sentence in a column of names.
const MISPLACED_SENTENCE_COST: f64 = 0.3;
/// The cost of a code or status in a text column.
const MISPLACED_CODE_COST: f64 = 0.5;

/// A placement of the cells of one row, with its fit.
struct Placement {
    /// The column of each non-empty cell, in order.
    columns: Vec<usize>,
    /// The number of first cells taken from the row above.
    inherited: usize,
    fit: f64,
}

/// Places the cells of `row` where they fit best, and fills the cells of a lost row span from the row above. Returns a
/// remark about the change, or `None` if the row fits as printed.
pub(super) fn place_cells(row: &mut Vec<String>, above: Option<&Vec<String>>, columns: &Columns) -> Option<String> {
    let key = columns.key?;
    let free = row.iter().rev().take_while(|cell| cell.is_empty()).count();
    let is_whole = is_printed_code(&row[key]) && columns.status().is_none_or(|status| is_status(&row[status]));
    if free == 0 || free == row.len() || is_whole || row.len() > MAX_PLACED_COLUMNS {
        return None;
    }
    let printed = row_fit(row, columns);
    let cells: Vec<&str> = row.iter().map(String::as_str).filter(|cell| !cell.is_empty()).collect();
    let mut find_placements = find_placements(&cells, above, columns);
    find_placements.sort_by(|a, b| b.fit.total_cmp(&a.fit));
    let best = find_placements.first().filter(|best| best.fit > printed + MIN_GAIN)?;
    let is_near = find_placements.get(1).is_some_and(|second| best.fit - second.fit < UNCERTAIN_MARGIN);
    let mut placed = vec![String::new(); row.len()];
    for (cell, inherited) in placed.iter_mut().zip(above.into_iter().flatten()).take(best.inherited) {
        inherited.clone_into(cell);
    }
    for (cell, column) in cells.iter().zip(&best.columns) {
        (*cell).clone_into(&mut placed[*column]);
    }
    let inherited = best.inherited;
    let unsure = if is_near { "; another placement fits nearly as well" } else { "" };
    *row = placed;
    Some(match inherited {
        0 => format!("its cells were moved to the columns that they fit{unsure}"),
        n => format!("its first {n} cell(s) were missing and are taken from the row above{unsure}"),
    })
}

/// Returns the best placement for each number of inherited cells. The order of cells is kept.
fn find_placements(cells: &[&str], above: Option<&Vec<String>>, columns: &Columns) -> Vec<Placement> {
    let width = columns.roles.len();
    let most = if above.is_some() { width.saturating_sub(cells.len()) } else { 0 };
    (0..=most).filter_map(|inherited| best_placing(cells, inherited, columns)).collect()
}

/// Returns the best placement with the first `inherited` columns taken from above, by dynamic programming over cells
/// and columns.
fn best_placing(cells: &[&str], inherited: usize, columns: &Columns) -> Option<Placement> {
    let width = columns.roles.len();
    // best[i][j] is the best fit of the first i cells in the columns up to j; `None` if they do not fit.
    let mut best: Vec<Vec<Option<f64>>> = vec![vec![None; width + 1]; cells.len() + 1];
    let cost = INHERITED_COST * f64::from(u32::try_from(inherited).unwrap_or(u32::MAX));
    best[0][inherited] = Some(-cost);
    for column in inherited..width {
        let profile = &columns.profiles[column];
        for placed in 0..=cells.len() {
            let Some(so_far) = best[placed][column] else { continue };
            let mut offer = |placed: usize, fit: f64| {
                let known = &mut best[placed][column + 1];
                if known.is_none_or(|known| fit > known) {
                    *known = Some(fit);
                }
            };
            offer(placed, so_far - EMPTY_COST * profile.filled);
            if let Some(cell) = cells.get(placed) {
                offer(placed + 1, so_far + cell_fit(cell, columns.roles[column], profile));
            }
        }
    }
    let fit = best[cells.len()][width]?;
    let chosen = trace_columns(cells, &best, columns, width);
    Some(Placement { columns: chosen, inherited, fit })
}

fn trace_columns(cells: &[&str], best: &[Vec<Option<f64>>], columns: &Columns, width: usize) -> Vec<usize> {
    let mut chosen = Vec::with_capacity(cells.len());
    let mut left = cells.len();
    for column in (0..width).rev() {
        let Some(cell) = left.checked_sub(1).and_then(|last| cells.get(last)) else { break };
        let fit_here =
            best[left - 1][column].map(|fit| fit + cell_fit(cell, columns.roles[column], &columns.profiles[column]));
        if fit_here.is_some() && fit_here == best[left][column + 1] {
            chosen.push(column);
            left -= 1;
        }
    }
    chosen.reverse();
    chosen
}

/// Returns the fit of a row as printed.
fn row_fit(row: &[String], columns: &Columns) -> f64 {
    let fit = |(n, cell): (usize, &String)| match columns.profiles.get(n) {
        Some(profile) if cell.is_empty() => -EMPTY_COST * profile.filled,
        Some(profile) => cell_fit(cell, columns.roles[n], profile),
        None => 0.0,
    };
    row.iter().enumerate().map(fit).sum()
}

/// Returns the fit of a cell in a column, from -1 to 1.
fn cell_fit(cell: &str, role: Role, profile: &Profile) -> f64 {
    match role {
        Role::Code => code_fit(cell, profile),
        Role::Status if is_status(cell) => 1.0,
        Role::Status => -profile.statuses,
        Role::Message | Role::Description | Role::Solution => {
            let is_sentence = is_sentence(cell);
            let is_symbol = CodeForm::parse(cell) == CodeForm::Symbol || is_status(cell);
            match () {
                () if is_sentence => SENTENCE_FIT + SENTENCE_FIT * profile.sentences,
                () if is_symbol => -MISPLACED_CODE_COST * (1.0 - profile.codes),
                () => WORD_FIT,
            }
        }
        Role::Group | Role::Other if is_sentence(cell) => {
            SENTENCE_FIT * profile.sentences - MISPLACED_SENTENCE_COST * (1.0 - profile.sentences)
        }
        Role::Group | Role::Other => WORD_FIT,
    }
}

/// Returns the fit of a code: best among codes of the same form.
fn code_fit(cell: &str, profile: &Profile) -> f64 {
    let form = CodeForm::parse(cell);
    if form == CodeForm::None {
        return -profile.codes;
    }
    let is_alike = match form {
        CodeForm::Symbol => profile.symbols,
        CodeForm::Number | CodeForm::SmallNumber => profile.numbers,
        _ => 1.0 - profile.symbols - profile.numbers,
    };
    WORD_FIT + (1.0 - WORD_FIT) * is_alike
}

/// Removes the repetition of a code that its cell holds twice, as bilingual pages print it. Returns a remark.
pub(super) fn merge_repeated_code(row: &mut [String], columns: &Columns) -> Option<String> {
    let cell = row.get_mut(columns.key?)?;
    let words: Vec<&str> = cell.split_whitespace().collect();
    let [first, second] = words[..] else { return None };
    if first != second || !is_code(first) {
        return None;
    }
    *cell = first.to_owned();
    Some("its code stands twice in its cell and was taken once".to_owned())
}

#[cfg(test)]
mod tests {
    use super::{merge_repeated_code, place_cells};
    use crate::columns::assign_roles;

    type Cells<'a> = &'a [&'a str];

    fn strings(cells: Cells<'_>) -> Vec<String> {
        cells.iter().map(ToString::to_string).collect()
    }

    /// Places `row` below rows that show what the columns are.
    fn placed(header: Cells<'_>, rows: &[Cells<'_>], row: Cells<'_>) -> (Vec<String>, bool) {
        let rows: Vec<Vec<String>> = rows.iter().map(|row| strings(row)).collect();
        let columns = assign_roles(&strings(header), &rows, &[]);
        let mut row = strings(row);
        let remark = place_cells(&mut row, rows.last(), &columns).is_some();
        (row, remark)
    }

    const HEADER: [&str; 5] = ["Status", "Error Code", "Message", "Description", "Solution"];
    const ROWS: [&[&str]; 3] = [
        &["400", "A.0001", "Lamp is dark.", "The lamp gives no light.", "Change the bulb."],
        &["404", "A.0002", "No such lamp.", "There is no lamp here.", "Buy a new lamp."],
        &["403", "A.0003", "Not your lamp.", "The lamp is of others.", "Ask the owner first."],
    ];

    #[test]
    fn moves_slipped_cells() {
        let three: Cells<'_> = &["Status", "Error Code", "Message"];
        let rows: [Cells<'_>; 2] = [&["400", "A.0001", "It is dark."], &["404", "A.0002", "It is not there."]];
        // A row span was lost over the status, over status and code, and over the module.
        assert_eq!(placed(three, &rows, &["A.0003", "It is too hot.", ""]).0, ["404", "A.0003", "It is too hot."]);
        assert_eq!(
            placed(&HEADER, &ROWS, &["It broke again.", "The lamp broke twice.", "Change it again.", "", ""]).0,
            ["403", "A.0003", "It broke again.", "The lamp broke twice.", "Change it again."]
        );
        let four: Cells<'_> = &["Module", "Status", "Error Code", "Message"];
        let rows: [Cells<'_>; 2] =
            [&["Lamp", "400", "A.0001", "It is dark."], &["Lamp", "404", "A.0002", "It is gone now."]];
        assert_eq!(
            placed(four, &rows, &["409", "A.0003", "It is hot.", ""]).0,
            ["Lamp", "409", "A.0003", "It is hot."]
        );
        // The text between code and status is missing.
        let last: Cells<'_> = &["Error Code", "Description", "HTTP Status"];
        let rows: [Cells<'_>; 2] = [&["LampDark", "It is dark.", "400"], &["LampGone", "It is not there.", "404"]];
        assert_eq!(placed(last, &rows, &["LampHot", "400 Bad Request", ""]).0, ["LampHot", "", "400 Bad Request"]);
    }

    #[test]
    fn leaves_fitting_rows_unchanged() {
        for row in [
            ["500", "", "internal error", "The lamp failed.", ""],
            ["404", "A.0004", "It is gone.", "", ""],
            ["", "A.0005", "It is gone.", "", ""],
            ["-", "A.0005", "It is gone.", "", ""],
        ] {
            let (got, remark) = placed(&HEADER, &ROWS, &row);
            assert_eq!((got, remark), (strings(&row), false));
        }
    }

    #[test]
    fn merges_a_repeated_code() {
        let columns = assign_roles(&strings(&["Error Code", "Message"]), &[strings(&["A.1", "x"])], &[]);
        for (cell, expected) in
            [("A.1 A.1", "A.1"), ("A.1\nA.1", "A.1"), ("A.1 A.2", "A.1 A.2"), ("A.1", "A.1"), ("", "")]
        {
            let mut row = strings(&[cell, "x"]);
            assert_eq!(merge_repeated_code(&mut row, &columns).is_some(), cell != expected, "{cell}");
            assert_eq!(row[0], expected);
        }
    }
}
