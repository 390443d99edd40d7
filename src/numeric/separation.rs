//! Whether a hyperplane separates two sets of rows: completely, with rows on it, or not at all.
//!
//! With rows a_i = +x_i where the outcome is 1 and -x_i where it is 0, a logistic fit has no finite maximum exactly if
//! some d has a_i'd >= 0 for all i and > 0 for one (Albert and Anderson 1984, doi:10.1093/biomet/71.1.1; Konis 2007,
//! Linear programming algorithms for detecting separated data). By the theorems of the alternative (Stiemke, Gordan)
//! no such d exists exactly if the a_i have a combination with all weights positive that is zero, and none has all
//! a_i'd > 0 exactly if they have one with weights that are not negative and not all zero. Both are questions of
//! feasibility with few equations and many columns, answered by the first phase of the simplex method (Bland's rule,
//! so it ends).

use super::linear::Orthogonal;

/// How far a hyperplane separates the rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Separation {
    /// No hyperplane does: a logistic fit has a finite maximum.
    None,
    /// Some rows lie on the hyperplane, on it only.
    Quasi,
    /// All rows lie strictly on their side.
    Complete,
}

/// A length below this is zero, for rows of length 1.
const ZERO: f64 = 1e-9;

/// Whether the rows of `x` (row after row, `columns` each, no column dependent on the others) are separated by their
/// outcomes. A row may stand for several: `successes` of `totals`; rows with a total of 0 do not count.
///
/// # Errors
/// The first column that depends on the ones before it.
pub fn separation(x: &[f64], columns: usize, successes: &[f64], totals: &[f64]) -> Result<Separation, usize> {
    let used: Vec<usize> = (0..totals.len()).filter(|i| totals[*i] > 0.0).collect();
    let rows: Vec<f64> = used.iter().flat_map(|i| &x[i * columns..(i + 1) * columns]).copied().collect();
    // An invertible change of columns changes no answer, and orthogonal ones keep all lengths comparable.
    let mut basis = Orthogonal::default();
    basis.decompose(&rows, columns)?;
    let row = |k: usize| -> Vec<f64> { (0..columns).map(|j| basis.q(j)[k]).collect() };

    let (mut mixed, mut one_sided) = (Vec::new(), Vec::new());
    for (k, i) in used.iter().enumerate() {
        if successes[*i] > 0.0 && successes[*i] < totals[*i] {
            mixed.push(unit(row(k)));
        } else if successes[*i] > 0.0 {
            one_sided.push(unit(row(k)));
        } else {
            one_sided.push(unit(row(k).iter().map(|v| -v).collect()));
        }
    }
    // d must be orthogonal to every row that has both outcomes: only what they leave of the other rows counts.
    let axes = span(&mixed);
    let left: Vec<Vec<f64>> = one_sided.into_iter().map(|r| without(r, &axes)).collect();
    let any_flat = left.iter().any(|r| length(r) <= ZERO);
    let directions: Vec<Vec<f64>> = left.into_iter().filter(|r| length(r) > ZERO).map(unit).collect();
    if directions.is_empty() {
        return Ok(Separation::None);
    }
    if balanced_with_all(&directions, columns) {
        return Ok(Separation::None);
    }
    if mixed.is_empty() && !any_flat && !balanced_with_some(&directions, columns) {
        return Ok(Separation::Complete);
    }
    Ok(Separation::Quasi)
}

/// Whether weights of at least 1 exist with which the directions sum to zero.
fn balanced_with_all(directions: &[Vec<f64>], dimensions: usize) -> bool {
    let mut right = vec![0.0; dimensions];
    for direction in directions {
        right.iter_mut().zip(direction).for_each(|(r, d)| *r -= d);
    }
    let scale = right.iter().fold(0.0_f64, |m, r| m.max(r.abs()));
    if scale <= ZERO {
        return true;
    }
    right.iter_mut().for_each(|r| *r /= scale);
    feasible(directions, right)
}

/// Whether weights of at least 0 with sum 1 exist with which the directions sum to zero.
fn balanced_with_some(directions: &[Vec<f64>], dimensions: usize) -> bool {
    let mut right = vec![0.0; dimensions];
    right.push(1.0);
    let columns: Vec<Vec<f64>> = directions.iter().map(|d| d.iter().copied().chain([1.0]).collect()).collect();
    feasible(&columns, right)
}

/// Whether `sum of weight_i * columns_i = right` has a solution with no negative weight: the first phase of the
/// simplex method on a dense tableau.
fn feasible(columns: &[Vec<f64>], right: Vec<f64>) -> bool {
    let (m, n) = (right.len(), columns.len());
    // Rows of the tableau: the coefficients of the n columns, then the right-hand side, kept at 0 or above.
    let mut tableau: Vec<Vec<f64>> = (0..m)
        .map(|i| {
            let sign = if right[i] < 0.0 { -1.0 } else { 1.0 };
            columns.iter().map(|c| sign * c[i]).chain([sign * right[i]]).collect()
        })
        .collect();
    // Numbers from n on stand for the artificial variables of the start.
    let mut basic: Vec<usize> = (n..n + m).collect();
    // The sum of the rows whose basic variable is artificial: what is still to be got rid of.
    for _ in 0..50 * (m + n) {
        let missing: f64 = (0..m).filter(|i| basic[*i] >= n).map(|i| tableau[i][n]).sum();
        if missing <= ZERO {
            return true;
        }
        let gain = |j: usize| -> f64 { (0..m).filter(|i| basic[*i] >= n).map(|i| tableau[i][j]).sum() };
        let Some(entering) = (0..n).find(|j| !basic.contains(j) && gain(*j) > ZERO) else {
            return false;
        };
        let Some(leaving) = leaving_row(&tableau, &basic, entering, n) else {
            return false;
        };
        pivot(&mut tableau, leaving, entering);
        basic[leaving] = entering;
    }
    false
}

/// The row with the least ratio; among equal ones the one whose variable has the least number.
fn leaving_row(tableau: &[Vec<f64>], basic: &[usize], entering: usize, n: usize) -> Option<usize> {
    let mut best: Option<(f64, usize)> = None;
    for (i, row) in tableau.iter().enumerate() {
        if row[entering] <= ZERO {
            continue;
        }
        let ratio = row[n] / row[entering];
        let better = match best {
            None => true,
            Some((least, _)) if ratio < least - 1e-12 => true,
            Some((least, k)) => ratio <= least + 1e-12 && basic[i] < basic[k],
        };
        if better {
            best = Some((ratio, i));
        }
    }
    best.map(|(_, i)| i)
}

fn pivot(tableau: &mut [Vec<f64>], row: usize, column: usize) {
    let factor = tableau[row][column];
    tableau[row].iter_mut().for_each(|v| *v /= factor);
    let pivot_row = tableau[row].clone();
    for (i, other) in tableau.iter_mut().enumerate() {
        let share = other[column];
        if i == row || share == 0.0 {
            continue;
        }
        other.iter_mut().zip(&pivot_row).for_each(|(v, p)| *v -= share * p);
        let last = other.len() - 1;
        // A right-hand side just below 0 is rounding error.
        other[last] = if other[last].abs() < 1e-13 { 0.0 } else { other[last] };
    }
}

/// An orthonormal basis of what the vectors span.
fn span(vectors: &[Vec<f64>]) -> Vec<Vec<f64>> {
    let mut axes: Vec<Vec<f64>> = Vec::new();
    for vector in vectors {
        let rest = without(vector.clone(), &axes);
        if length(&rest) > 1e-8 {
            axes.push(unit(rest));
        }
    }
    axes
}

/// What is left of a vector orthogonal to the axes.
fn without(mut vector: Vec<f64>, axes: &[Vec<f64>]) -> Vec<f64> {
    for _ in 0..2 {
        for axis in axes {
            let along: f64 = axis.iter().zip(&vector).map(|(a, v)| a * v).sum();
            vector.iter_mut().zip(axis).for_each(|(v, a)| *v -= along * a);
        }
    }
    vector
}

fn length(vector: &[f64]) -> f64 {
    libm::sqrt(vector.iter().map(|v| v * v).sum())
}

fn unit(mut vector: Vec<f64>) -> Vec<f64> {
    let size = length(&vector);
    if size > 0.0 {
        vector.iter_mut().for_each(|v| *v /= size);
    }
    vector
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::numeric::{LogisticFailure, LogisticProblem};
    use proptest::prelude::*;

    fn with_intercept(xs: &[f64]) -> Vec<f64> {
        xs.iter().flat_map(|x| [1.0, *x]).collect()
    }

    fn of_line(xs: &[f64], ys: &[f64]) -> Separation {
        separation(&with_intercept(xs), 2, ys, &vec![1.0; ys.len()]).unwrap()
    }

    #[test]
    fn on_a_line() {
        assert_eq!(of_line(&[1.0, 2.0, 3.0, 4.0], &[0.0, 0.0, 1.0, 1.0]), Separation::Complete);
        assert_eq!(of_line(&[1.0, 2.0, 2.0, 4.0], &[0.0, 0.0, 1.0, 1.0]), Separation::Quasi);
        assert_eq!(of_line(&[1.0, 2.0, 3.0, 4.0], &[0.0, 1.0, 0.0, 1.0]), Separation::None);
        assert_eq!(of_line(&[1.0, 2.0, 3.0], &[1.0, 1.0, 1.0]), Separation::Complete);
    }

    #[test]
    fn grouped_rows_count_as_both_outcomes() {
        let x = with_intercept(&[0.0, 1.0]);
        assert_eq!(separation(&x, 2, &[1.0, 3.0], &[4.0, 5.0]), Ok(Separation::None));
        assert_eq!(separation(&x, 2, &[1.0, 5.0], &[4.0, 5.0]), Ok(Separation::Quasi));
        assert_eq!(separation(&x, 2, &[0.0, 5.0], &[4.0, 5.0]), Ok(Separation::Complete));
        assert_eq!(separation(&x, 2, &[0.0, 0.0], &[4.0, 0.0]), Err(1));
    }

    #[test]
    fn a_large_common_offset_does_not_matter() {
        let years = [2001.0, 2002.0, 2003.0, 2004.0];
        assert_eq!(of_line(&years, &[0.0, 0.0, 1.0, 1.0]), Separation::Complete);
        assert_eq!(of_line(&years, &[0.0, 1.0, 0.0, 1.0]), Separation::None);
    }

    /// On a line, separation can be read off the order.
    fn by_order(xs: &[f64], ys: &[f64]) -> Separation {
        let ends = |wanted: f64| {
            let of = || xs.iter().zip(ys).filter(|(_, y)| **y == wanted).map(|(x, _)| *x);
            (of().fold(f64::INFINITY, f64::min), of().fold(f64::NEG_INFINITY, f64::max))
        };
        let (no, yes) = (ends(0.0), ends(1.0));
        if no.1 < yes.0 || yes.1 < no.0 {
            Separation::Complete
        } else if no.1 <= yes.0 || yes.1 <= no.0 {
            Separation::Quasi
        } else {
            Separation::None
        }
    }

    /// With rows (1, a, b) of small whole numbers, the directions that separate form a cone whose edges are cross
    /// products of two rows, so all lie among small whole numbers; their sum lies inside the cone.
    fn by_enumeration(rows: &[(u8, u8, u8)]) -> Separation {
        let side = |d: [i32; 3], row: &(u8, u8, u8)| {
            let along = d[0] + d[1] * i32::from(row.0) + d[2] * i32::from(row.1);
            if row.2 == 1 { along } else { -along }
        };
        let mut sum = [0; 3];
        for code in 0..729 {
            let d = [code % 9 - 4, code / 9 % 9 - 4, code / 81 - 4];
            if rows.iter().all(|row| side(d, row) >= 0) {
                sum.iter_mut().zip(d).for_each(|(s, v)| *s += v);
            }
        }
        if rows.iter().all(|row| side(sum, row) > 0) {
            Separation::Complete
        } else if rows.iter().any(|row| side(sum, row) > 0) {
            Separation::Quasi
        } else {
            Separation::None
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]
        #[test]
        fn agrees_with_the_order_on_a_line(rows in proptest::collection::vec((0_u8..6, 0_u8..2), 2..12)) {
            let xs: Vec<f64> = rows.iter().map(|r| f64::from(r.0)).collect();
            let ys: Vec<f64> = rows.iter().map(|r| f64::from(r.1)).collect();
            prop_assume!(xs.iter().any(|x| *x != xs[0]));
            prop_assert_eq!(of_line(&xs, &ys), by_order(&xs, &ys));
        }

        #[test]
        fn agrees_with_enumeration_in_the_plane(
            rows in proptest::collection::vec((0_u8..3, 0_u8..3, 0_u8..2), 3..12),
            weight in 1.0..5.0_f64,
        ) {
            let x: Vec<f64> = rows.iter().flat_map(|r| [1.0, f64::from(r.0), f64::from(r.1)]).collect();
            let y: Vec<f64> = rows.iter().map(|r| weight * f64::from(r.2)).collect();
            let totals = vec![weight; rows.len()];
            if let Ok(found) = separation(&x, 3, &y, &totals) {
                prop_assert_eq!(found, by_enumeration(&rows));
                // A fit either converges or says the same.
                let mut problem = LogisticProblem::default();
                problem.clear(3);
                x.chunks_exact(3).zip(&y).for_each(|(row, s)| problem.push(row, *s, weight));
                match (problem.fit(), found) {
                    (Ok(summary), Separation::None) => prop_assert!(summary.last_step < 1e-9),
                    (Err(LogisticFailure::QuasiSeparation), Separation::Quasi) => {}
                    (Err(LogisticFailure::CompleteSeparation | LogisticFailure::OneOutcome), Separation::Complete) => {}
                    other => prop_assert!(false, "{:?}", other),
                }
            }
        }
    }
}
