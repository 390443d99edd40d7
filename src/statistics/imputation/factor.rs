//! The lower Cholesky factor of the inverse of a matrix, without the inverse; and the draw that uses it.

use crate::statistics::draws::Draws;

/// The lower triangular `L` with `L L' = A^-1` for a symmetric positive definite `p` x `p` matrix, into `out`. Only the
/// lower triangle of `a` is read, and it is overwritten.
///
/// Cholesky from the last column to the first gives a lower triangular `M` with `A = M' M`; then `A^-1 = M^-1 M^-1'`,
/// and the inverse of a lower triangular matrix is lower triangular: it is `L`.
///
/// Gives the least ratio of a pivot to the diagonal element it came from, or `None` when the matrix is not positive
/// definite or has an entry that is not finite.
pub fn inverse_factor(a: &mut [f64], p: usize, out: &mut Vec<f64>) -> Option<f64> {
    out.clear();
    out.resize(p * p, 0.0);
    if a.len() < p * p {
        return None;
    }
    let mut least = 1.0_f64;
    for j in (0..p).rev() {
        let before = a[j * p + j];
        let mut pivot = before;
        for k in j + 1..p {
            pivot -= a[k * p + j] * a[k * p + j];
        }
        // Also refuses NaN.
        if !(pivot > 0.0 && pivot.is_finite()) {
            return None;
        }
        least = least.min(pivot / before);
        let root = libm::sqrt(pivot);
        a[j * p + j] = root;
        for i in 0..j {
            let mut sum = a[j * p + i];
            for k in j + 1..p {
                sum -= a[k * p + j] * a[k * p + i];
            }
            a[j * p + i] = sum / root;
        }
    }
    for i in 0..p {
        for c in 0..i {
            let sum: f64 = (c..i).map(|k| a[i * p + k] * out[k * p + c]).sum();
            out[i * p + c] = -sum / a[i * p + i];
        }
        out[i * p + i] = 1.0 / a[i * p + i];
    }
    Some(least)
}

/// `centre + scale * L z` with `p` standard normal numbers drawn in order, into `out`.
pub fn draw_around(
    centre: &[f64],
    factor: &[f64],
    scale: f64,
    draws: &mut dyn Draws,
    z: &mut Vec<f64>,
    out: &mut Vec<f64>,
) {
    let p = centre.len();
    z.clear();
    z.extend((0..p).map(|_| draws.normal()));
    out.clear();
    let rows = factor.chunks_exact(p.max(1));
    out.extend(centre.iter().zip(rows).map(|(b, row)| b + scale * super::dot(row, z)));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_factor_worked_by_hand() {
        // A = [[4, 2], [2, 10]]: A^-1 = [[10, -2], [-2, 4]] / 36 = L L' with L11 = sqrt(10) / 6,
        // L21 = (-2/36) / L11 = -1 / (3 sqrt(10)), L22 = sqrt(4/36 - 1/90) = sqrt(0.1).
        let (mut a, mut l) = (vec![4.0, f64::NAN, 2.0, 10.0], Vec::new());
        // The first pivot is 10 of 10, the second 4 - 0.4 of 4.
        assert!((inverse_factor(&mut a, 2, &mut l).unwrap() - 0.9).abs() < 1e-15);
        let want = [libm::sqrt(10.0) / 6.0, 0.0, -1.0 / (3.0 * libm::sqrt(10.0)), libm::sqrt(0.1)];
        l.iter().zip(want).for_each(|(got, want)| assert!((got - want).abs() < 1e-15, "{l:?}"));
    }

    #[test]
    fn what_is_not_positive_definite_has_none() {
        let mut l = Vec::new();
        assert_eq!(inverse_factor(&mut [1.0, 0.0, 2.0, 1.0], 2, &mut l), None);
        assert_eq!(inverse_factor(&mut [f64::NAN], 1, &mut l), None);
        assert_eq!(inverse_factor(&mut [f64::INFINITY], 1, &mut l), None);
        assert_eq!(inverse_factor(&mut [], 1, &mut l), None);
        assert_eq!(inverse_factor(&mut [], 0, &mut l), Some(1.0));
    }

    #[test]
    fn the_factor_times_its_transpose_times_the_matrix_is_one() {
        let p = 4;
        let full = [5.0, 1.0, 0.5, -1.0, 1.0, 4.0, 0.2, 0.3, 0.5, 0.2, 3.0, 0.7, -1.0, 0.3, 0.7, 6.0];
        let (mut a, mut l) = (full.to_vec(), Vec::new());
        inverse_factor(&mut a, p, &mut l).unwrap();
        for i in 0..p {
            for j in 0..p {
                let entry: f64 =
                    (0..p).map(|k| (0..p).map(|r| l[i * p + r] * l[k * p + r]).sum::<f64>() * full[k * p + j]).sum();
                assert!((entry - if i == j { 1.0 } else { 0.0 }).abs() < 1e-14);
            }
        }
    }
}
