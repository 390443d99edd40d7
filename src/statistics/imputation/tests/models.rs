//! The single draws, by properties and on hard input.

use super::draws::{Generator, Listed};
use crate::statistics::draws::Draws;
use crate::statistics::imputation::logreg::LogisticModel;
use crate::statistics::imputation::norm::NormalModel;
use crate::statistics::imputation::ordinal::OrdinalModel;
use crate::statistics::imputation::pmm::MatchingModel;
use crate::statistics::imputation::polytomous::MultinomialModel;
use crate::statistics::imputation::{Augmentation, ImputationFailure, Incomplete};

/// Rows (1, x) with x = 0, 1, ..., 9 and an outcome.
fn line(outcome: &[f64]) -> Vec<f64> {
    (0..outcome.len()).flat_map(|i| [1.0, (i % 10) as f64]).collect()
}

fn mean_and_variance(values: &[f64]) -> (f64, f64) {
    let n = values.len() as f64;
    let mean = values.iter().sum::<f64>() / n;
    (mean, values.iter().map(|v| (v - mean) * (v - mean)).sum::<f64>() / (n - 1.0))
}

#[test]
fn draws_have_the_moments_of_the_posterior() {
    // One row to impute at x = 2 with n = 12, p = 2: mean x b, variance s^2 (1 + x (X'X)^-1 x') df / (df - 2).
    let y = [1.0, 2.5, 2.0, 3.5, 5.0, 4.0, 6.5, 7.0, 7.5, 9.0, 1.5, 2.0];
    let x = line(&y);
    let data = Incomplete { columns: 2, observed: &x, outcome: &y, missing: &[1.0, 2.0] };
    let mut model = NormalModel::default();
    model.fit(&data).unwrap();
    let (mut draws, mut out, mut values) = (Generator(3), Vec::new(), Vec::new());
    for _ in 0..40_000 {
        model.draw(&mut draws);
        model.impute(&data, &[], &mut draws, &mut out);
        values.push(out[0]);
    }
    let (mean, variance) = mean_and_variance(&values);
    let fit = model.least_squares();
    let expected = fit.coefficients()[0] + 2.0 * fit.coefficients()[1];
    let l = fit.factor();
    let half = [l[0] + 2.0 * l[2], 2.0 * l[3]];
    let leverage = half[0] * half[0] + half[1] * half[1];
    let want = fit.rss() / 8.0 * (1.0 + leverage);
    assert!((mean - expected).abs() < 5.0 * libm::sqrt(want / 40_000.0), "{mean} {expected}");
    assert!((variance / want - 1.0).abs() < 0.06, "{variance} {want}");
}

#[test]
fn two_unordered_categories_are_a_logistic_regression() {
    let y = [0.0, 1.0, 0.0, 0.0, 1.0, 0.0, 1.0, 1.0, 0.0, 1.0, 0.0, 1.0];
    let x = line(&y);
    let data = Incomplete { columns: 2, observed: &x, outcome: &y, missing: &[] };
    let (mut two, mut three) = (LogisticModel::default(), MultinomialModel::default());
    two.fit(&data, Augmentation::Never).unwrap();
    three.fit(&data, 2, Augmentation::Never).unwrap();
    let mut ordered = OrdinalModel::default();
    ordered.fit(&data, 2, Augmentation::Never).unwrap();
    for (a, b) in two.coefficients().iter().zip(three.coefficients()) {
        assert!((a - b).abs() < 1e-9);
    }
    for (a, b) in two.factor().iter().zip(three.factor()) {
        assert!((a - b).abs() < 1e-8);
    }
    // P(y <= 0) = expit(alpha - x b): alpha is minus the intercept.
    assert!((two.coefficients()[0] + ordered.coefficients()[0]).abs() < 1e-9);
    assert!((two.coefficients()[1] - ordered.coefficients()[1]).abs() < 1e-9);
    // A category that is declared but not observed changes nothing.
    let before = three.coefficients().to_vec();
    three.fit(&data, 5, Augmentation::Never).unwrap();
    assert_eq!(three.coefficients(), before);
}

#[test]
fn a_multinomial_fit_without_predictors_has_the_observed_shares() {
    let y = [0.0, 2.0, 1.0, 2.0, 2.0, 1.0, 0.0, 2.0, 2.0, 2.0];
    let ones = [1.0; 10];
    let data = Incomplete { columns: 1, observed: &ones, outcome: &y, missing: &[1.0; 10] };
    let mut model = MultinomialModel::default();
    model.fit(&data, 3, Augmentation::Never).unwrap();
    // log(2/2), log(6/2).
    assert!(model.coefficients()[0].abs() < 1e-10 && (model.coefficients()[1] - libm::log(3.0)).abs() < 1e-10);
    let want = 2.0 * libm::log(0.2) + 2.0 * libm::log(0.2) + 6.0 * libm::log(0.6);
    assert!((model.log_likelihood() - want).abs() < 1e-12);
    // Cov = diag(1/n_k) + 1/n_0: (1, 0.5; 0.5, 2/3).
    let l = model.factor();
    for (got, want) in [(l[0] * l[0], 1.0), (l[0] * l[2], 0.5), (l[2] * l[2] + l[3] * l[3], 2.0 / 3.0)] {
        assert!((got - want).abs() < 1e-10, "{l:?}");
    }
    // With normal numbers 0 the coefficients stay, and uniform numbers walk through 0.2, 0.2, 0.6.
    let mut draws = Listed {
        normal: vec![0.0; 2],
        uniform: (0..10).map(|k| 0.05 + f64::from(k) / 10.0).collect(),
        ..Listed::default()
    };
    let mut out = Vec::new();
    model.draw(&mut draws);
    model.impute(&data, &mut draws, &mut out);
    assert_eq!(out, [0.0, 0.0, 1.0, 1.0, 2.0, 2.0, 2.0, 2.0, 2.0, 2.0]);
}

#[test]
fn an_ordinal_draw_is_in_order_and_shifts_upwards() {
    let y = [0.0, 0.0, 1.0, 0.0, 1.0, 2.0, 2.0, 1.0, 3.0, 3.0, 1.0, 0.0, 0.0, 2.0, 3.0, 1.0, 2.0, 3.0, 3.0, 2.0];
    let x = line(&y);
    let missing: Vec<f64> = (0..200).flat_map(|_| [1.0, 4.0]).collect();
    let data = Incomplete { columns: 2, observed: &x, outcome: &y, missing: &missing };
    let mut model = OrdinalModel::default();
    model.fit(&data, 4, Augmentation::Never).unwrap();
    let mut draws = Generator(5);
    let (mut low, mut high) = (Vec::new(), Vec::new());
    let mut thresholds = vec![];
    for _ in 0..2000 {
        model.draw(&mut draws);
        assert!(model.drawn()[..3].is_sorted());
        thresholds.push(model.drawn()[0]);
    }
    // The first threshold has the mean and the variance of its estimate.
    let (mean, variance) = mean_and_variance(&thresholds);
    let want = model.factor()[0] * model.factor()[0];
    assert!((mean - model.coefficients()[0]).abs() < 5.0 * libm::sqrt(want / 2000.0));
    assert!((variance / want - 1.0).abs() < 0.2);
    model.impute(&data, &[], &mut Generator(7), &mut low);
    model.impute(&data, &[1.5; 200], &mut Generator(7), &mut high);
    assert!(low.iter().zip(&high).all(|(a, b)| a <= b) && low != high);
    assert!(low.iter().all(|v| (0.0..4.0).contains(v) && v.fract() == 0.0));
}

#[test]
fn shifts_are_added_to_values_and_to_logits() {
    let y = [1.0, 2.5, 2.0, 3.5, 5.0, 4.0, 6.5, 7.0, 7.5, 9.0];
    let x = line(&y);
    let data = Incomplete { columns: 2, observed: &x, outcome: &y, missing: &[1.0, 2.0, 1.0, 3.0, 1.0, 4.0] };
    let (mut plain, mut moved) = (Vec::new(), Vec::new());
    let mut model = NormalModel::default();
    model.fit(&data).unwrap();
    model.draw(&mut Generator(1));
    model.impute(&data, &[], &mut Generator(2), &mut plain);
    model.impute(&data, &[10.0, -1.0], &mut Generator(2), &mut moved);
    let by: Vec<f64> = moved.iter().zip(&plain).map(|(a, b)| a - b).collect();
    assert!((by[0] - 10.0).abs() < 1e-12 && (by[1] + 1.0).abs() < 1e-12 && by[2] == 0.0);
    let yes: Vec<f64> = y.iter().enumerate().map(|(i, _)| f64::from(u8::from(i % 3 == 0))).collect();
    let data = Incomplete { outcome: &yes, ..data };
    let mut model = LogisticModel::default();
    model.fit(&data, Augmentation::Never).unwrap();
    model.draw(&mut Generator(1));
    let logit = |p: f64| libm::log(p / (1.0 - p));
    let row = [1.0, 3.0];
    assert!((logit(model.probability(&row, 0.7)) - logit(model.probability(&row, 0.0)) - 0.7).abs() < 1e-12);
    model.impute(&data, &[1e9, -1e9], &mut Generator(2), &mut moved);
    assert_eq!(moved[..2], [1.0, 0.0]);
}

#[test]
fn tied_donors_share_their_places() {
    // Predictions 0 for rows 0, 1, 2 and 1 for rows 3, 4, 5; one row to impute predicted near 0 with two donors: the
    // three of them, each with probability 1/3.
    let x = [1.0, 0.0, 1.0, 0.0, 1.0, 0.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0];
    let y = [-1.0, 0.0, 1.0, 9.0, 10.0, 11.0];
    let data = Incomplete { columns: 2, observed: &x, outcome: &y, missing: &[1.0, 0.0] };
    let mut model = MatchingModel::default();
    model.fit(&data).unwrap();
    let found = model.donors(0.3, 2);
    assert_eq!((found.count, found.nearer.len(), found.tied[0].len() + found.tied[1].len()), (2, 0, 3));
    let mut draws = Generator(9);
    let mut counts = [0; 6];
    for _ in 0..9000 {
        counts[found.pick(&mut draws).unwrap().row] += 1;
    }
    assert!(counts[..3].iter().all(|c| (2750..3250).contains(c)) && counts[3..] == [0; 3], "{counts:?}");
    // Four donors: the three near ones, and the fourth place shared by the other three.
    let found = model.donors(0.3, 4);
    let mut counts = [0; 6];
    for _ in 0..12_000 {
        counts[found.pick(&mut draws).unwrap().row] += 1;
    }
    assert!(counts[..3].iter().all(|c| (2800..3200).contains(c)), "{counts:?}");
    assert!(counts[3..].iter().all(|c| (850..1150).contains(c)), "{counts:?}");
    // More donors than rows are all rows; none are one.
    assert_eq!((model.donors(0.3, 60).count, model.donors(0.3, 0).count), (6, 1));
    // In the middle both sides are tied.
    let middle = 0.5 * (model.candidates()[0].predicted + model.candidates()[5].predicted);
    assert!(model.donors(middle, 1).count == 1);
}

/// Donors by sorting all distances, to compare the window with.
#[test]
fn the_window_finds_what_sorting_finds() {
    let mut draws = Generator(11);
    for round in 0..200 {
        let n = 4 + draws.below(30);
        let x: Vec<f64> = (0..n).flat_map(|i| [1.0, (i * (1 + round % 3) % 7) as f64]).collect();
        let y: Vec<f64> = (0..n).map(|_| draws.normal()).collect();
        let data = Incomplete { columns: 2, observed: &x, outcome: &y, missing: &[] };
        let mut model = MatchingModel::default();
        if model.fit(&data).is_err() {
            continue;
        }
        let (at, donors) = (draws.normal(), 1 + draws.below(8));
        let mut distances: Vec<f64> = model.candidates().iter().map(|c| (c.predicted - at).abs()).collect();
        distances.sort_by(f64::total_cmp);
        let found = model.donors(at, donors);
        let furthest = distances[donors.min(n) - 1];
        let nearer = distances.iter().filter(|d| **d < furthest).count();
        let tied = distances.iter().filter(|d| **d == furthest).count();
        assert_eq!((found.nearer.len(), found.tied[0].len() + found.tied[1].len()), (nearer, tied));
    }
}

#[test]
fn separation_is_a_failure_or_calls_for_pseudo_rows() {
    let y = [0.0, 0.0, 0.0, 0.0, 1.0, 1.0, 1.0, 1.0];
    let x = line(&y);
    let data = Incomplete { columns: 2, observed: &x, outcome: &y, missing: &[1.0, 3.5] };
    let mut model = LogisticModel::default();
    assert_eq!(model.fit(&data, Augmentation::Never), Err(ImputationFailure::Separated));
    assert_eq!(model.fit(&data, Augmentation::OnSeparation), Ok(()));
    assert!(model.augmented() && model.coefficients().iter().all(|b| b.is_finite()));
    let mixed = [0.0, 1.0, 0.0, 0.0, 1.0, 1.0, 0.0, 1.0];
    assert_eq!(model.fit(&Incomplete { outcome: &mixed, ..data }, Augmentation::OnSeparation), Ok(()));
    assert!(!model.augmented());
    let one = [1.0; 8];
    assert_eq!(model.fit(&Incomplete { outcome: &one, ..data }, Augmentation::Never), Err(ImputationFailure::OneValue));
    assert_eq!(model.fit(&Incomplete { outcome: &one, ..data }, Augmentation::OnSeparation), Ok(()));
    assert!(model.augmented());
    // More than two categories.
    let (mut many, mut ordered) = (MultinomialModel::default(), OrdinalModel::default());
    let three = [0.0, 0.0, 0.0, 1.0, 1.0, 1.0, 2.0, 2.0];
    let data = Incomplete { outcome: &three, ..data };
    assert_eq!(many.fit(&data, 3, Augmentation::Never), Err(ImputationFailure::Separated));
    assert_eq!(ordered.fit(&data, 3, Augmentation::Never), Err(ImputationFailure::Separated));
    assert_eq!(many.fit(&data, 3, Augmentation::OnSeparation), Ok(()));
    assert_eq!(ordered.fit(&data, 3, Augmentation::OnSeparation), Ok(()));
    assert!(many.augmented() && ordered.augmented());
    assert_eq!(
        many.fit(&Incomplete { outcome: &one, ..data }, 3, Augmentation::Never),
        Err(ImputationFailure::OneValue)
    );
}

#[test]
fn hard_inputs_are_named() {
    use ImputationFailure::{Collinear, NotACategory, NotFinite, NothingObserved, OneValue, Shape, TooFew};
    let y = [1.0, 0.0, 1.0, 0.0, 1.0];
    let twice: Vec<f64> = (0..5).flat_map(|i| [1.0, f64::from(i), 2.0 * f64::from(i) + 1.0]).collect();
    let data = Incomplete { columns: 3, observed: &twice, outcome: &y, missing: &[] };
    let flat = [1.0; 10];
    let constant = Incomplete { columns: 2, observed: &flat, outcome: &y, missing: &[] };
    let odd = Incomplete { columns: 2, observed: &[1.0, f64::NAN], outcome: &[1.0], missing: &[] };
    let none = Incomplete { columns: 2, observed: &[], outcome: &[], missing: &[1.0, 1.0] };
    let short = Incomplete { columns: 2, observed: &[1.0], outcome: &[1.0], missing: &[] };
    let few = Incomplete { columns: 2, observed: &[1.0, 0.0, 1.0, 1.0], outcome: &[1.0, 0.0], missing: &[] };
    let same = Incomplete { columns: 2, observed: &line(&y), outcome: &[1.0; 5], missing: &[] };
    let infinite = Incomplete { columns: 1, observed: &[1.0], outcome: &[f64::INFINITY], missing: &[] };
    let normal = |data: &Incomplete| NormalModel::default().fit(data);
    let matching = |data: &Incomplete| MatchingModel::default().fit(data);
    let yes = |data: &Incomplete| LogisticModel::default().fit(data, Augmentation::Never);
    let many = |data: &Incomplete| MultinomialModel::default().fit(data, 2, Augmentation::Never);
    let ordered = |data: &Incomplete| OrdinalModel::default().fit(data, 2, Augmentation::Never);
    type Fit<'f> = &'f dyn Fn(&Incomplete) -> Result<(), ImputationFailure>;
    let fits: [Fit; 5] = [&normal, &matching, &yes, &many, &ordered];
    for (k, fit) in fits.iter().enumerate() {
        assert_eq!(fit(&data), Err(Collinear { column: 2 }), "{k}");
        assert_eq!(fit(&constant), Err(Collinear { column: 1 }), "{k}");
        assert_eq!(fit(&odd), Err(NotFinite), "{k}");
        assert_eq!(fit(&none), Err(NothingObserved), "{k}");
        assert_eq!(fit(&short), Err(Shape), "{k}");
        assert_eq!(fit(&same), Err(OneValue), "{k}");
        assert_eq!(fit(&infinite), Err(NotFinite), "{k}");
    }
    assert_eq!(normal(&few), Err(TooFew { observed: 2, needed: 3 }));
    let half = Incomplete { outcome: &[1.0, 0.5, 0.0, 1.0, 0.0], ..same };
    for fit in &fits[2..] {
        assert_eq!(fit(&half), Err(NotACategory));
    }
}
