//! Finds one-to-one assignments with the highest total gain.

use lapjv::{Matrix, lapjv};

/// The maximum total reduction of a gain that makes ties resolve in order. It is below any meaningful difference:
/// evidence is in steps of hundredths of a point.
const MAX_TIE_REDUCTION: f64 = 1e-4;

/// Assigns rows `0..rows` to columns `0..columns` with the highest sum of gains. A pair without a positive gain is left
/// out. Ties are resolved in the order of rows and columns.
pub(crate) fn assign_best(rows: usize, columns: usize, gain: impl Fn(usize, usize) -> f64) -> Vec<(usize, usize)> {
    let side = rows.max(columns);
    let scale = MAX_TIE_REDUCTION / ratio(side, 1).powi(2).max(1.0);
    let gains = Matrix::from_shape_fn((side, side), |(i, j)| {
        let gain = if i < rows && j < columns { gain(i, j).max(0.0) } else { 0.0 };
        // The reduction is convex, so two crossed pairs cost more than the same two in order. The second term prefers
        // early pairs.
        let reduction = ratio(i.abs_diff(j), 1).powi(2) + ratio(i + j, 4 * side.max(1));
        if gain > 0.0 { (gain - scale * reduction).max(f64::MIN_POSITIVE) } else { 0.0 }
    });
    let Ok((columns_of_rows, _)) = lapjv(&gains.mapv(|gain| -gain)) else { return Vec::new() };
    let pairs = columns_of_rows.into_iter().enumerate().take(rows);
    pairs.filter(|(i, j)| *j < columns && gains.get((*i, *j)).is_some_and(|gain| *gain > 0.0)).collect()
}

fn ratio(a: usize, b: usize) -> f64 {
    let wide = |n: usize| f64::from(u32::try_from(n).unwrap_or(u32::MAX));
    wide(a) / wide(b)
}

/// Takes pairs by decreasing gain while both sides are free. For groups too large for the optimal assignment.
pub(crate) fn assign_greedy(mut edges: Vec<(usize, usize, f64)>) -> Vec<(usize, usize)> {
    edges.sort_by(|a, b| b.2.total_cmp(&a.2).then((a.0, a.1).cmp(&(b.0, b.1))));
    let (mut rows, mut columns) = (std::collections::BTreeSet::new(), std::collections::BTreeSet::new());
    let mut pairs = Vec::new();
    for (i, j, gain) in edges {
        if gain > 0.0 && !rows.contains(&i) && columns.insert(j) {
            rows.insert(i);
            pairs.push((i, j));
        }
    }
    pairs
}

#[cfg(test)]
mod tests {
    use super::{assign_best, assign_greedy};

    #[test]
    fn maximizes_the_total_gain() {
        let gains = [[3.0, 2.9], [2.9, 0.0]];
        assert_eq!(assign_best(2, 2, |i, j| gains[i][j]), [(0, 1), (1, 0)]);
        let edges = vec![(0, 0, 3.0), (0, 1, 2.9), (1, 0, 2.9)];
        assert_eq!(assign_greedy(edges), [(0, 0)]);
    }

    #[test]
    fn resolves_ties_in_order_and_forces_nothing() {
        assert_eq!(assign_best(3, 3, |_, _| 1.0), [(0, 0), (1, 1), (2, 2)]);
        assert_eq!(assign_best(3, 1, |_, _| 1.0), [(0, 0)]);
        assert_eq!(assign_best(1, 3, |_, _| 1.0), [(0, 0)]);
        assert_eq!(assign_best(2, 2, |_, _| -1.0), []);
        assert_eq!(assign_best(0, 0, |_, _| 1.0), []);
        assert_eq!(assign_best(0, 2, |_, _| 1.0), []);
    }
}
