//! One-to-one with the best total.

use lapjv::{Matrix, lapjv};

/// How much a gain may be bent to let ties fall in order; below any difference that means something.
const TIE: f64 = 1e-4;

/// The pairs of rows `0..rows` and columns `0..columns` with the best sum of gains; a pair without a gain is not made.
/// Among equals those win that keep the order of both.
pub(crate) fn best(rows: usize, columns: usize, gain: impl Fn(usize, usize) -> f64) -> Vec<(usize, usize)> {
    let side = rows.max(columns);
    let scale = TIE / ratio(side, 1).powi(2).max(1.0);
    let gains = Matrix::from_shape_fn((side, side), |(i, j)| {
        let gain = if i < rows && j < columns { gain(i, j).max(0.0) } else { 0.0 };
        // Convex, so that two crossed pairs cost more than the same two in order; and first come, first served.
        let bend = ratio(i.abs_diff(j), 1).powi(2) + ratio(i + j, 4 * side.max(1));
        if gain > 0.0 { (gain - scale * bend).max(f64::MIN_POSITIVE) } else { 0.0 }
    });
    let Ok((of_rows, _)) = lapjv(&gains.mapv(|gain| -gain)) else { return Vec::new() };
    let made = of_rows.into_iter().enumerate().take(rows);
    made.filter(|(i, j)| *j < columns && gains.get((*i, *j)).is_some_and(|gain| *gain > 0.0)).collect()
}

fn ratio(a: usize, b: usize) -> f64 {
    let wide = |n: usize| f64::from(u32::try_from(n).unwrap_or(u32::MAX));
    wide(a) / wide(b)
}

/// The pairs of the greatest gains first, as long as both are free: for groups too large for the best total.
pub(crate) fn greedy(mut edges: Vec<(usize, usize, f64)>) -> Vec<(usize, usize)> {
    edges.sort_by(|a, b| b.2.total_cmp(&a.2).then((a.0, a.1).cmp(&(b.0, b.1))));
    let (mut rows, mut columns) = (std::collections::BTreeSet::new(), std::collections::BTreeSet::new());
    let mut made = Vec::new();
    for (i, j, gain) in edges {
        if gain > 0.0 && !rows.contains(&i) && columns.insert(j) {
            rows.insert(i);
            made.push((i, j));
        }
    }
    made
}

#[cfg(test)]
mod tests {
    use super::{best, greedy};

    #[test]
    fn the_best_total_beats_the_best_first() {
        let gains = [[3.0, 2.9], [2.9, 0.0]];
        assert_eq!(best(2, 2, |i, j| gains[i][j]), [(0, 1), (1, 0)]);
        let edges = vec![(0, 0, 3.0), (0, 1, 2.9), (1, 0, 2.9)];
        assert_eq!(greedy(edges), [(0, 0)]);
    }

    #[test]
    fn ties_fall_in_order_and_nothing_is_forced() {
        assert_eq!(best(3, 3, |_, _| 1.0), [(0, 0), (1, 1), (2, 2)]);
        assert_eq!(best(3, 1, |_, _| 1.0), [(0, 0)]);
        assert_eq!(best(1, 3, |_, _| 1.0), [(0, 0)]);
        assert_eq!(best(2, 2, |_, _| -1.0), []);
        assert_eq!(best(0, 0, |_, _| 1.0), []);
        assert_eq!(best(0, 2, |_, _| 1.0), []);
    }
}
