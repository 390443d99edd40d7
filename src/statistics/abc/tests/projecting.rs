//! The projection, against a slow second computation and by hand.

use super::draws::Addressed;
use crate::numeric::matrix::Lu;
use crate::statistics::abc::*;
use crate::statistics::draws::Draws;

const ROWS: usize = 150;

/// Two parameters; summaries: a count, a number with gaps, a constant, one that is never there, the count again.
fn pilot() -> (Vec<f64>, Vec<f64>) {
    let (mut z, mut summaries) = (Vec::new(), Vec::new());
    for row in 0..ROWS as u64 {
        let mut draws = Addressed::new(40, row);
        let (a, b) = (draws.normal(), draws.normal());
        z.extend([a, b]);
        let count = libm::floor(libm::exp(1.5 + 0.5 * a + 0.2 * draws.normal()));
        let gap = row % 10 == 3;
        summaries.extend([count, if gap { f64::NAN } else { b - a + draws.normal() }, 7.0, f64::NAN, count]);
    }
    (z, summaries)
}

const TRANSFORMS: [Transform; 5] =
    [Transform::Root, Transform::Identity, Transform::Root, Transform::Identity, Transform::Identity];

fn fitted() -> Projection {
    let (z, values) = pilot();
    Projection::fit(&z, 2, Summaries { values: &values, columns: 5 }, &TRANSFORMS, 3).unwrap()
}

/// The columns that vary, standardised, gaps at 0.
fn standardised() -> Vec<[f64; 3]> {
    let (_, values) = pilot();
    let raw = values.chunks_exact(5).map(|s| [2.0 * libm::sqrt(s[0] + 0.375), s[1], s[4]]);
    let mut x: Vec<[f64; 3]> = raw.collect();
    for k in 0..3 {
        let there: Vec<f64> = x.iter().map(|row| row[k]).filter(|v| !v.is_nan()).collect();
        let n = there.len() as f64;
        let mean = there.iter().sum::<f64>() / n;
        let sd = libm::sqrt(there.iter().map(|v| (v - mean) * (v - mean)).sum::<f64>() / n);
        x.iter_mut().for_each(|row| row[k] = if row[k].is_nan() { 0.0 } else { (row[k] - mean) / sd });
    }
    x
}

/// Intercept and slopes by an augmented least squares with an intercept that is not penalised: normal equations.
fn slow_ridge(x: &[[f64; 3]], y: &[f64], keep: impl Fn(usize) -> bool, penalty: f64) -> Vec<f64> {
    let mut a = vec![0.0; 16];
    let mut b = vec![0.0; 4];
    let mut n = 0.0;
    for (i, row) in x.iter().enumerate().filter(|(i, _)| keep(*i)) {
        let full = [1.0, row[0], row[1], row[2]];
        for j in 0..4 {
            b[j] += full[j] * y[i];
            (0..4).for_each(|k| a[j * 4 + k] += full[j] * full[k]);
        }
        n += 1.0;
    }
    (1..4).for_each(|j| a[j * 5] += n * penalty);
    let (mut lu, mut out) = (Lu::default(), Vec::new());
    lu.decompose(&a, 4).unwrap();
    lu.solve(&b, &mut out);
    out
}

fn at(line: &[f64], x: &[f64; 3]) -> f64 {
    line[0] + line[1] * x[0] + line[2] * x[1] + line[3] * x[2]
}

#[test]
fn it_agrees_with_a_slow_second_computation() {
    let projection = fitted();
    let (z, values) = pilot();
    let x = standardised();
    let mut left: Vec<Vec<f64>> = Vec::new();
    for j in 0..2 {
        let y: Vec<f64> = z.chunks_exact(2).map(|z| z[j]).collect();
        let residuals = |penalty: f64| -> Vec<f64> {
            let lines: Vec<Vec<f64>> = (0..3).map(|f| slow_ridge(&x, &y, |i| i % 3 != f, penalty)).collect();
            (0..ROWS).map(|i| y[i] - at(&lines[i % 3], &x[i])).collect()
        };
        let error = |penalty: f64| residuals(penalty).iter().map(|e| e * e).sum::<f64>();
        let grid: Vec<f64> = (0..13).map(|k| libm::pow(10.0, -4.0 + 0.5 * f64::from(k))).collect();
        let best = grid.iter().copied().min_by(|a, b| error(*a).total_cmp(&error(*b))).unwrap();
        assert_eq!(projection.penalties()[j], best);
        let means: Vec<f64> = (0..3)
            .map(|f| {
                let rest: Vec<f64> = (0..ROWS).filter(|i| i % 3 != f).map(|i| y[i]).collect();
                rest.iter().sum::<f64>() / rest.len() as f64
            })
            .collect();
        let total: f64 = (0..ROWS).map(|i| (y[i] - means[i % 3]) * (y[i] - means[i % 3])).sum();
        assert!((projection.r_squared()[j] - (1.0 - error(best) / total)).abs() < 1e-10);
        left.push(residuals(best));
        let whole = slow_ridge(&x, &y, |_| true, best);
        for (i, row) in values.chunks_exact(5).enumerate() {
            assert!((projection.project(row).unwrap().at[j] - at(&whole, &x[i])).abs() < 1e-9);
        }
        projection.slopes(j).iter().zip(&whole[1..]).for_each(|(got, want)| assert!((got - want).abs() < 1e-9));
    }
    for j in 0..2 {
        for k in 0..2 {
            let want = left[j].iter().zip(&left[k]).map(|(a, b)| a * b).sum::<f64>() / ROWS as f64;
            assert!((projection.residual_covariance()[j * 2 + k] - want).abs() < 2e-9);
        }
    }
    assert!(projection.r_squared().iter().all(|r| *r > 0.2 && *r < 0.95), "{:?}", projection.r_squared());
}

#[test]
fn what_was_dropped_and_what_was_missing() {
    let projection = fitted();
    assert_eq!(projection.kept(), [0, 1, 4]);
    assert_eq!(projection.dropped(), [2, 3]);
    assert_eq!(projection.missing(), [0, 15, 0, 150, 0]);
    assert_eq!((projection.rows(), projection.parameters()), (150, 2));
    let nan = f64::NAN;
    assert_eq!(projection.project(&[3.0, nan, 7.0, nan, 3.0]).unwrap().missing, 1);
    assert_eq!(projection.project(&[nan, nan, 7.0, 1.0, nan]), Err(AbcFailure::NothingThere));
}

#[test]
fn figures_that_no_draw_of_the_prior_gave() {
    let projection = fitted();
    let outside = |s: [f64; 5]| projection.outside_pilot(&s).unwrap();
    let nan = f64::NAN;
    assert!(outside([4.0, 0.0, 7.0, nan, 4.0]).is_empty());
    // A count too high, a constant that is another, a figure that the pilot never has.
    assert_eq!(outside([4.0, -1e6, 7.0, nan, 4.0]), [1]);
    assert_eq!(outside([4_000.0, 0.0, 8.0, 1.0, 4.0]), [0, 2, 3]);
}

#[test]
fn the_distance_counts_in_what_is_not_known() {
    let projection = fitted();
    let r = projection.residual_covariance();
    // The inverse of a 2 x 2 matrix by hand.
    let determinant = r[0] * r[3] - r[1] * r[2];
    let (x, y) = (0.3, -0.7);
    let want = libm::sqrt((r[3] * x * x - 2.0 * r[1] * x * y + r[0] * y * y) / determinant);
    assert!((projection.distance(&[0.3, 0.3], &[0.0, 1.0]) - want).abs() < 1e-12);
    assert_eq!(projection.distance(&[0.3, 0.3], &[0.3, 0.3]), 0.0);
    assert_eq!(projection.distance(&[f64::NAN, 0.3], &[0.3, 0.3]), f64::INFINITY);
    assert_eq!(projection.distance(&[0.3], &[0.3, 0.3]), f64::INFINITY);
}

#[test]
fn a_parameter_that_moves_nothing_and_one_that_is_known() {
    let (mut z, mut values) = (Vec::new(), Vec::new());
    for row in 0..1_000 {
        let mut draws = Addressed::new(41, row);
        z.extend([draws.normal(), draws.normal()]);
        values.extend([3.0 * z[z.len() - 2] + 1.0, draws.normal(), draws.normal()]);
    }
    let summaries = Summaries { values: &values, columns: 3 };
    let projection = Projection::fit(&z, 2, summaries, &[Transform::Identity; 3], 5).unwrap();
    // At the smallest penalty a ten-thousandth of the slope is missing.
    assert!(projection.r_squared()[0] > 1.0 - 1e-6 && projection.r_squared()[1].abs() < 0.02);
    let known = projection.project(&[3.0 * 0.7 + 1.0, 0.0, 0.0]).unwrap().at[0];
    assert!((known - 0.7).abs() < 1e-3, "{known}");
}

/// Several hundred summaries of many draws take seconds: `cargo test --lib abc::tests::projecting -- --ignored --nocapture`
/// prints how many.
#[test]
#[ignore = "for a look at the clock"]
#[expect(clippy::print_stdout, reason = "a measurement")]
fn the_speed_at_full_size() {
    let (rows, columns, parameters) = (20_000, 400, 20);
    let mut draws = Addressed::new(42, 0);
    let z: Vec<f64> = (0..rows * parameters).map(|_| draws.normal()).collect();
    let values: Vec<f64> =
        (0..rows * columns).map(|k| z[k / columns * parameters + k % columns % parameters] + draws.normal()).collect();
    let start = std::time::Instant::now();
    let summaries = Summaries { values: &values, columns };
    let projection = Projection::fit(&z, parameters, summaries, &vec![Transform::Identity; columns], 5).unwrap();
    println!("{:?}, R^2 {:?}", start.elapsed(), projection.r_squared()[0]);
    // Twenty summaries of each parameter, each with as much noise as signal.
    projection.r_squared().iter().for_each(|r| assert!((r - 20.0 / 21.0).abs() < 0.01, "{r}"));
}
