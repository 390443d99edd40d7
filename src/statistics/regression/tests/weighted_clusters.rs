//! Weights, and CR2 under them, against the definition worked with whole matrices.

use super::{close, numbers};
use crate::numeric::matrix::{Symmetric, multiply, transpose};
use crate::statistics::regression::{Covariance, LeastSquares, Rows};
use Covariance::*;

/// CR2 variance and degrees of freedom of the last coefficient by the definition: H = X (X'WX)^-1 X'W, A_g the inverse
/// root of the block of (I - H)(I - H)', all as n x n matrices.
fn by_definition(x: &[f64], p: usize, y: &[f64], w: &[f64], clusters: &[usize]) -> (f64, f64) {
    let n = y.len();
    let (mut t, mut wx, mut bread, mut inverse) = (vec![], vec![], vec![], vec![]);
    transpose(x, n, p, &mut t);
    for i in 0..n {
        wx.extend(x[i * p..(i + 1) * p].iter().map(|v| v * w[i]));
    }
    multiply(&t, &wx, p, n, p, &mut bread);
    let mut lu = crate::numeric::matrix::Lu::default();
    lu.decompose(&bread, p).unwrap();
    lu.inverse(&mut inverse);
    let (mut xm, mut hat, mut wt) = (vec![], vec![], vec![]);
    multiply(x, &inverse, n, p, p, &mut xm);
    transpose(&wx, n, p, &mut wt);
    multiply(&xm, &wt, n, p, n, &mut hat);
    let mut left: Vec<f64> = hat.iter().map(|v| -v).collect();
    (0..n).for_each(|i| left[i * n + i] += 1.0);
    let (mut e, mut lt, mut square) = (vec![], vec![], vec![]);
    multiply(&left, y, n, n, 1, &mut e);
    transpose(&left, n, n, &mut lt);
    multiply(&left, &lt, n, n, n, &mut square);
    let mut labels = clusters.to_vec();
    labels.sort_unstable();
    labels.dedup();
    let (mut variance, mut forms) = (0.0, Vec::new());
    for g in labels {
        let rows: Vec<usize> = (0..n).filter(|i| clusters[*i] == g).collect();
        let m = rows.len();
        let pick = |i: usize| rows.iter().map(move |j| (i, *j)).collect::<Vec<_>>();
        let block: Vec<f64> = rows.iter().flat_map(|i| pick(*i)).map(|(i, j)| square[i * n + j]).collect();
        let (mut own, mut root) = (Symmetric::default(), vec![]);
        own.decompose(&block, m).unwrap();
        own.map(|v| if v > 1e-10 { 1.0 / libm::sqrt(v) } else { 0.0 }, &mut root);
        // The form: (I - H)_g' A_g W_g X_g M c.
        let ahead: Vec<f64> = rows.iter().map(|i| w[*i] * xm[i * p + p - 1]).collect();
        let mut v = vec![];
        multiply(&root, &ahead, m, m, 1, &mut v);
        let form: Vec<f64> = (0..n).map(|k| rows.iter().zip(&v).map(|(i, a)| a * left[i * n + k]).sum()).collect();
        let along: f64 = form.iter().zip(y).map(|(a, b)| a * b).sum();
        variance += along * along;
        forms.push(form);
    }
    let dot = |a: &[f64], b: &[f64]| -> f64 { a.iter().zip(b).map(|(u, v)| u * v).sum() };
    let trace: f64 = forms.iter().map(|f| dot(f, f)).sum();
    let sum: f64 = forms.iter().flat_map(|f| forms.iter().map(move |g| dot(f, g) * dot(f, g))).sum();
    (variance, trace * trace / sum)
}

fn made_up(n: usize, seed: u64) -> (Vec<f64>, Vec<f64>, Vec<f64>) {
    let (a, b, u) = (numbers(n, seed), numbers(n, seed + 1), numbers(n, seed + 2));
    let x = (0..n).flat_map(|i| [1.0, (a[i] * 3.0).floor(), b[i]]).collect();
    let y = (0..n).map(|i| 2.0 + a[i] + 3.0 * u[i]).collect();
    (x, y, numbers(n, seed + 3).iter().map(|v| 0.2 + 3.0 * v).collect())
}

#[test]
fn the_definition_with_and_without_weights() {
    for (n, sizes, seed) in [(40, 3, 1), (40, 9, 2), (25, 12, 3), (30, 1, 4)] {
        let (x, y, w) = made_up(n, seed * 10);
        let clusters: Vec<usize> = (0..n).map(|i| i / sizes).collect();
        let mut ols = LeastSquares::default();
        for weights in [vec![1.0; n], w] {
            let given = weights.iter().any(|v| *v != 1.0).then_some(weights.as_slice());
            ols.fit(&Rows { clusters: Some(&clusters), weights: given, ..Rows::new(&x, 3, &y) }).unwrap();
            let (variance, df) = by_definition(&x, 3, &y, &weights, &clusters);
            close(ols.covariance(Cr2).unwrap()[8] / variance, 1.0, 1e-10);
            close(ols.satterthwaite_of(2).unwrap(), df, 1e-9);
        }
    }
}

#[test]
fn weights_of_zero_are_rows_left_out() {
    let (x, y, mut w) = made_up(30, 70);
    let clusters: Vec<usize> = (0..30).map(|i| i / 3).collect();
    w[4] = 0.0;
    (6..9).for_each(|i| w[i] = 0.0);
    let mut ols = LeastSquares::default();
    let kinds = [Classical, Hc0, Hc1, Hc2, Hc3, Cr0, Cr1, Cr1s, Cr2, Cr3];
    let mut all = |rows: &Rows<'_>| {
        let mut out = ols.fit(rows).unwrap().coefficients.clone();
        out.push(ols.result().loglik.unwrap());
        kinds.iter().for_each(|k| out.extend_from_slice(ols.covariance(*k).unwrap()));
        out
    };
    let with = all(&Rows { clusters: Some(&clusters), weights: Some(&w), ..Rows::new(&x, 3, &y) });
    let kept: Vec<usize> = (0..30).filter(|i| w[*i] > 0.0).collect();
    let x2: Vec<f64> = kept.iter().flat_map(|i| x[i * 3..i * 3 + 3].to_vec()).collect();
    let pick = |v: &[f64]| kept.iter().map(|i| v[*i]).collect::<Vec<f64>>();
    let c2: Vec<usize> = kept.iter().map(|i| clusters[*i]).collect();
    let (y2, w2) = (pick(&y), pick(&w));
    let without = all(&Rows { clusters: Some(&c2), weights: Some(&w2), ..Rows::new(&x2, 3, &y2) });
    assert_eq!(with, without);
}

#[test]
fn weights_multiply_nothing_but_the_variance() {
    // Weights ten times as large: the same coefficients and sandwiches, sigma^2 ten times as large.
    let (x, y, w) = made_up(30, 90);
    let clusters: Vec<usize> = (0..30).map(|i| i / 4).collect();
    let large: Vec<f64> = w.iter().map(|v| 10.0 * v).collect();
    let (mut one, mut ten) = (LeastSquares::default(), LeastSquares::default());
    one.fit(&Rows { clusters: Some(&clusters), weights: Some(&w), ..Rows::new(&x, 3, &y) }).unwrap();
    ten.fit(&Rows { clusters: Some(&clusters), weights: Some(&large), ..Rows::new(&x, 3, &y) }).unwrap();
    close(ten.result().sigma, one.result().sigma * libm::sqrt(10.0), 1e-12);
    for kind in [Classical, Hc2, Cr2, Cr3] {
        let first = one.covariance(kind).unwrap().to_vec();
        first.iter().zip(ten.covariance(kind).unwrap()).for_each(|(u, v)| close(*u, *v, 1e-11));
    }
    close(one.satterthwaite_of(1).unwrap(), ten.satterthwaite_of(1).unwrap(), 1e-9);
}
