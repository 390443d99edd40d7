//! Weights and regressions under them: by hand, by properties, and on odd panels.

use super::*;
use crate::numeric::LogisticFailure;

fn rows(values: &[f64], width: usize) -> Predictors<'_> {
    Predictors { rows: values, width }
}

fn near(got: f64, want: f64) {
    assert!((got - want).abs() < 1e-10 * want.abs().max(1.0), "got {got}, want {want}");
}

#[test]
fn histories_end_at_the_first_gap() {
    let found = histories("111 110 101 011 000");
    assert_eq!(found.at(0), [1, 1, 1, 0, 0]);
    assert_eq!(found.at(1), [1, 1, 0, 0, 0]);
    assert_eq!(found.at(2), [1, 0, 0, 0, 0]);
    // Wave 3 of the third person; waves 2 and 3 of the fourth.
    assert_eq!((found.discarded(), found.never(), found.remaining(2)), (3, 2, 1));
    assert!(found.at(3).is_empty() && found.at(usize::MAX).is_empty());
    let mut short = Histories::default();
    short.follow(&[1], 2, 2);
    assert_eq!(short.answering(), [1, 0, 0, 0]);
}

/// Three of four stay: p = 3/4, weights 4/3. Both means are 2/3: (0 + 1 + 1) 4/3 / (3 4/3) and (4/3 + 4/3) / 4.
#[test]
fn one_probability_by_hand() {
    let panel = histories("11 11 11 10");
    let ones = intercept(&panel);
    let mut weighting = Weighting::default();
    weighting.fit(&panel, rows(&ones, 1), None, Pooling::Pooled).unwrap();
    weighting.at(1).iter().take(3).for_each(|w| near(*w, 4.0 / 3.0));
    assert!(weighting.at(1)[3].is_nan() && weighting.at(2).is_empty());
    let values = [0.0, 1.0, 1.0, f64::NAN];
    let (mut hajek, mut total, mut slopes) = (vec![0.0; 4], vec![0.0; 4], vec![0.0; 4]);
    near(hajek_mean(weighting.at(1), &values, panel.at(1), 1.0, &mut hajek).unwrap(), 2.0 / 3.0);
    let everyone = panel.at(0);
    let mean = horvitz_thompson_mean(weighting.at(1), &values, panel.at(1), everyone, 1.0, &mut total, &mut slopes);
    near(mean.unwrap(), 2.0 / 3.0);
    // w y / n - m / n: -1/6, 1/3 - 1/6 twice, -1/6.
    for (got, want) in total.iter().zip([-1.0, 1.0, 1.0, -1.0]) {
        near(*got, want / 6.0);
    }
    // Estimating one probability for all makes the two the same: w (y - m) / sum(w), 0 for who is lost.
    let known = hajek.clone();
    weighting.add_uncertainty(&[[0.0; 4].as_slice(), &slopes].concat(), &mut total);
    weighting.add_uncertainty(&[[0.0; 4].as_slice(), &known].concat(), &mut hajek);
    for (k, want) in [-2.0, 1.0, 1.0, 0.0].into_iter().enumerate() {
        near(total[k], want / 9.0);
        near(hajek[k], want / 9.0);
    }
}

#[test]
fn truncation_and_trimming() {
    let panel = histories("111 111 110 100");
    let ones = intercept(&panel);
    let mut weighting = Weighting::default();
    weighting.fit(&panel, rows(&ones, 1), None, Pooling::PerWave).unwrap();
    // p = 3/4, then 2/3: weights 1 (four times), 4/3 (three), 2 (two).
    near(weighting.at(2)[0], 2.0);
    let summary = WeightSummary::of(weighting.weights()).unwrap();
    // (4 + 4 + 4)^2 / (4 + 3 16/9 + 8) = 144 / (52/3).
    near(summary.ess, 144.0 * 3.0 / 52.0);
    assert_eq!((summary.n, summary.min, weights_by_wave(weighting.weights(), 4).len()), (9, 1.0, 3));
    assert_eq!(weighting.truncate(0.9, 0.1), None);
    assert_eq!(weighting.truncate(f64::NAN, 1.0), None);
    // Rank 0.8 * 8 = 6.4 of 1 1 1 1 4/3 4/3 4/3 2 2: 4/3 + 0.4 * 2/3.
    let (low, high) = weighting.truncate(0.0, 0.8).unwrap();
    near(low, 1.0);
    near(high, 4.0 / 3.0 + 0.8 / 3.0);
    near(weighting.at(2)[1], high);
    assert!(!weighting.trim(2.0, 1.0) && !weighting.trim(f64::NAN, 1.0));
    assert!(weighting.trim(f64::NEG_INFINITY, 1.1));
    near(weighting.at(2)[1], 1.1);
    near(weighting.at(1)[1], 1.1);
    // What was cut does not move with the models.
    let mut influence = vec![0.0; 4];
    weighting.add_uncertainty(&[1.0; 12], &mut influence);
    assert_eq!(influence, [0.0; 4]);
}

/// A design with two values, an outcome, and losses that depend on it.
fn example() -> (Histories, Vec<f64>, Vec<f64>) {
    let text = "111 111 110 100 111 110 111 100 110 111 111 100 110 111 110 100 111 111 100 110";
    let panel = histories(text);
    let n = panel.persons();
    let x: Vec<f64> = (0..n).map(|k| f64::from(u8::from(k % 3 == 0)) + 0.1 * (k % 7) as f64).collect();
    let y = (0..3 * n).map(|k| if (k * 7) % 5 < 2 { 1.0 } else { 0.0 }).collect();
    (panel, x, y)
}

fn design(x: &[f64], waves: usize) -> Vec<f64> {
    (0..waves).flat_map(|_| x.iter().flat_map(|x| [1.0, *x])).collect()
}

/// Pooled with the waves' own coefficients is the same as a model for each wave, in weights and in errors.
#[test]
fn a_model_for_each_wave() {
    let (panel, x, y) = example();
    let n = panel.persons();
    let apart = design(&x, 2);
    let together: Vec<f64> = (0..2)
        .flat_map(|w| x.iter().flat_map(move |x| if w == 0 { [1.0, *x, 0.0, 0.0] } else { [0.0, 0.0, 1.0, *x] }))
        .collect();
    let mut found = Vec::new();
    for (rows, pooling) in [
        (Predictors { rows: &apart, width: 2 }, Pooling::PerWave),
        (Predictors { rows: &together, width: 4 }, Pooling::Pooled),
    ] {
        let mut weighting = Weighting::default();
        weighting.fit(&panel, rows, None, pooling).unwrap();
        let mut regression = OutcomeRegression::default();
        regression.fit((&design(&x, 3), 2), &y, weighting.weights(), n, Link::Logit).unwrap();
        let mut covariance = Vec::new();
        regression.covariance_estimated_weights(&mut weighting, None, &mut covariance);
        found.push([regression.regression().coefficients(), &covariance, weighting.at(2)].concat());
    }
    for (a, b) in found[0].iter().zip(&found[1]).filter(|(a, _)| !a.is_nan()) {
        near(*a, *b);
    }
}

/// With the denominator as numerator all weights are 1 and nothing of the estimation is left.
#[test]
fn stabilised_by_itself() {
    let (panel, x, y) = example();
    let own = design(&x, 2);
    let own = rows(&own, 2);
    let mut weighting = Weighting::default();
    weighting.fit(&panel, own, Some(own), Pooling::Pooled).unwrap();
    weighting.weights().iter().filter(|w| !w.is_nan()).for_each(|w| near(*w, 1.0));
    let mut regression = OutcomeRegression::default();
    regression.fit((&design(&x, 3), 2), &y, weighting.weights(), panel.persons(), Link::Logit).unwrap();
    let (mut known, mut estimated) = (Vec::new(), Vec::new());
    assert_eq!(regression.covariance_known_weights(None, &mut known), 20);
    regression.covariance_estimated_weights(&mut weighting, None, &mut estimated);
    known.iter().zip(&estimated).for_each(|(a, b)| near(*a, *b));
}

/// A regression of the last wave on nothing, with either link, is the Hajek mean with its error.
#[test]
fn the_hajek_mean_is_a_regression() {
    let (panel, x, y) = example();
    let n = panel.persons();
    let own = design(&x, 2);
    let mut weighting = Weighting::default();
    weighting.fit(&panel, rows(&own, 2), None, Pooling::Pooled).unwrap();
    let mut influence = vec![0.0; n];
    let mean = hajek_mean(weighting.at(2), &y[2 * n..], panel.at(2), 1.0, &mut influence).unwrap();
    let slopes = [vec![0.0; 2 * n], influence.clone()].concat();
    weighting.add_uncertainty(&slopes, &mut influence);
    let variance: f64 = influence.iter().map(|u| u * u).sum();
    let at_last = [vec![f64::NAN; 2 * n], y[2 * n..].to_vec()].concat();
    for (link, scale) in [(Link::Identity, 1.0), (Link::Logit, mean * (1.0 - mean))] {
        let mut regression = OutcomeRegression::default();
        regression.fit((&vec![1.0; 3 * n], 1), &at_last, weighting.weights(), n, link).unwrap();
        let mut covariance = Vec::new();
        regression.covariance_estimated_weights(&mut weighting, None, &mut covariance);
        near(regression.regression().fitted()[0], mean);
        near(covariance[0] * scale * scale, variance);
        assert_eq!(regression.places().len(), panel.remaining(2));
    }
}

/// Two copies of everyone, joined to clusters, say as much as one.
#[test]
fn clusters_of_copies() {
    let (panel, x, y) = example();
    let n = panel.persons();
    let twice = |values: &[f64]| -> Vec<f64> { values.chunks(n).flat_map(|c| [c, c].concat()).collect() };
    let responded: Vec<u8> = panel.answering().chunks(n).flat_map(|c| [c, c].concat()).collect();
    let mut doubled = Histories::default();
    doubled.follow(&responded, 2 * n, 3);
    let covariance = |panel: &Histories, x: &[f64], y: &[f64], clusters: Option<&[u32]>| {
        let own = design(x, 2);
        let mut weighting = Weighting::default();
        weighting.fit(panel, rows(&own, 2), None, Pooling::Pooled).unwrap();
        let mut regression = OutcomeRegression::default();
        regression.fit((&design(x, 3), 2), y, weighting.weights(), panel.persons(), Link::Logit).unwrap();
        let mut covariance = Vec::new();
        let count = regression.covariance_estimated_weights(&mut weighting, clusters, &mut covariance);
        (covariance, count)
    };
    let (single, _) = covariance(&panel, &x, &y, None);
    let numbers: Vec<u32> = (0..2 * n as u32).map(|k| 7 * (n as u32 - k % n as u32)).collect();
    let (joined, count) = covariance(&doubled, &twice(&x), &twice(&y), Some(&numbers));
    assert_eq!(count, n);
    single.iter().zip(&joined).for_each(|(a, b)| near(*a, *b));
    // As persons of their own they halve the variance.
    let (apart, _) = covariance(&doubled, &twice(&x), &twice(&y), None);
    single.iter().zip(&apart).for_each(|(a, b)| near(*a, 2.0 * b));
    // Numbers for some only: the others are clusters of their own.
    assert_eq!(covariance(&panel, &x, &y, Some(&[4, 4])).1, n - 1);
}

#[test]
fn order_and_scale_do_not_matter() {
    let (panel, x, y) = example();
    let n = panel.persons();
    let backwards = |values: &[f64]| -> Vec<f64> { values.chunks(n).flat_map(|c| c.iter().rev().copied()).collect() };
    let responded: Vec<u8> = panel.answering().chunks(n).flat_map(|c| c.iter().rev().copied()).collect();
    let mut turned = Histories::default();
    turned.follow(&responded, n, 3);
    let fit = |panel: &Histories, x: &[f64], y: &[f64]| {
        let own = design(x, 2);
        let mut weighting = Weighting::default();
        weighting.fit(panel, rows(&own, 2), None, Pooling::Pooled).unwrap();
        let mut influence = vec![0.0; n];
        let mean = hajek_mean(weighting.at(2), &y[2 * n..], panel.at(2), 1.0, &mut influence).unwrap();
        let slopes = [vec![0.0; 2 * n], influence.clone()].concat();
        weighting.add_uncertainty(&slopes, &mut influence);
        (mean, influence.iter().map(|u| u * u).sum::<f64>())
    };
    let base = fit(&panel, &x, &y);
    let scaled: Vec<f64> = x.iter().map(|x| 1000.0 - 250.0 * x).collect();
    for (got, want) in [(fit(&turned, &backwards(&x), &backwards(&y)), base), (fit(&panel, &scaled, &y), base)] {
        near(got.0, want.0);
        near(got.1, want.1);
    }
    // The share of no is one less the share of yes, with the same error.
    let no: Vec<f64> = y.iter().map(|y| 1.0 - y).collect();
    let complement = fit(&panel, &x, &no);
    near(complement.0, 1.0 - base.0);
    near(complement.1, base.1);
}

#[test]
fn nobody_lost_and_everybody_lost() {
    let mut weighting = Weighting::default();
    for pooling in [Pooling::Pooled, Pooling::PerWave] {
        let stay = histories("111 111 111");
        weighting.fit(&stay, rows(&intercept(&stay), 1), None, pooling).unwrap();
        assert_eq!(weighting.weights(), [1.0; 9]);
        assert!(weighting.models().iter().all(|m| m.state == ModelState::NobodyLost));
        let gone = histories("100 100 100");
        weighting.fit(&gone, rows(&intercept(&gone), 1), None, pooling).unwrap();
        assert_eq!(weighting.models()[0].state, ModelState::EverybodyLost);
        assert_eq!(weighting.at(0), [1.0; 3]);
        assert!(weighting.at(2).iter().all(|w| w.is_nan()));
        let (mut influence, mut slopes) = (vec![0.0; 3], vec![0.0; 3]);
        let (values, counts) = ([1.0; 3], gone.at(2));
        assert_eq!(hajek_mean(weighting.at(2), &values, counts, 1.0, &mut influence), None);
        let none =
            horvitz_thompson_mean(weighting.at(2), &values, counts, gone.at(0), 1.0, &mut influence, &mut slopes);
        assert_eq!(none, None);
        weighting.add_uncertainty(&[1.0; 9], &mut influence);
        assert_eq!(influence, [0.0; 3]);
    }
    assert_eq!(weighting.models()[1].state, ModelState::NobodyAtRisk);
}

#[test]
fn perfect_prediction_is_named() {
    // Group 1 leaves at the third wave to a person; at the second wave both groups lose some.
    let panel = histories("111 111 110 100 110 110 110 100");
    let group = [0.0, 0.0, 0.0, 0.0, 1.0, 1.0, 1.0, 1.0];
    let own = design(&group, 2);
    let mut weighting = Weighting::default();
    let failed = weighting.fit(&panel, rows(&own, 2), None, Pooling::PerWave);
    let why = LogisticFailure::QuasiSeparation;
    assert_eq!(failed, Err(WeightingFailure { numerator: false, wave: Some(2), why }));
    assert!(weighting.weights().is_empty() && weighting.at(1).is_empty());
    let mut influence = vec![0.0; 8];
    weighting.add_uncertainty(&[1.0; 24], &mut influence);
    assert_eq!(influence, [0.0; 8]);
    let complete = histories("11 11 10 10");
    let x = design(&[0.0, 0.0, 1.0, 1.0], 1);
    let ones = intercept(&complete);
    let failed = weighting.fit(&complete, rows(&ones, 1), Some(rows(&x, 2)), Pooling::Pooled);
    let why = LogisticFailure::CompleteSeparation;
    assert_eq!(failed, Err(WeightingFailure { numerator: true, wave: None, why }));
    // A fit afterwards is as good as new.
    weighting.fit(&complete, rows(&ones, 1), None, Pooling::Pooled).unwrap();
    near(weighting.at(1)[0], 2.0);
}

#[test]
fn a_missing_predictor_leaves_no_weight() {
    let panel = histories("111 110 110 100 111");
    let mut ones = intercept(&panel);
    ones[4] = f64::NAN;
    let mut weighting = Weighting::default();
    weighting.fit(&panel, rows(&ones, 1), None, Pooling::Pooled).unwrap();
    assert_eq!(weighting.models()[0].at_risk(), 8);
    assert!(weighting.at(1)[4].is_nan() && weighting.at(2)[4].is_nan() && weighting.at(0)[4] == 1.0);
    // Five of the eight stayed: the first person twice, two others once, and the last at its second wave.
    near(weighting.at(1)[0], 8.0 / 5.0);
}

#[test]
fn odd_panels() {
    let mut weighting = Weighting::default();
    for (text, places) in [("", 0), ("1 1 0", 3)] {
        let panel = histories(text);
        weighting.fit(&panel, rows(&[], 1), None, Pooling::Pooled).unwrap();
        assert_eq!((weighting.models().len(), weighting.weights().len()), (0, places));
        weighting.add_uncertainty(&[], &mut []);
        assert_eq!(WeightSummary::of(&[]), None);
    }
    let panel = histories("11 10");
    weighting.fit(&panel, rows(&[], 3), None, Pooling::Pooled).unwrap();
    assert_eq!(weighting.models()[0].state, ModelState::NobodyAtRisk);
    weighting.fit(&panel, rows(&[], 0), None, Pooling::Pooled).unwrap();
    let mut regression = OutcomeRegression::default();
    let fit = |r: &mut OutcomeRegression, y: &[f64], w: &[f64], link| r.fit((&[1.0, 1.0], 1), y, w, 2, link);
    assert_eq!(regression.fit((&[], 2), &[], &[], 0, Link::Logit), Err(LogisticFailure::NoRows));
    assert_eq!(regression.fit((&[1.0], 1), &[1.0], &[1.0], 0, Link::Identity), Err(LogisticFailure::NoRows));
    assert_eq!(fit(&mut regression, &[1.0, 1.0], &[1.0; 2], Link::Logit), Err(LogisticFailure::OneOutcome));
    assert_eq!(fit(&mut regression, &[1.0, 2.0], &[1.0; 2], Link::Logit), Err(LogisticFailure::NotFinite));
    assert_eq!(
        fit(&mut regression, &[1.0, 2.0], &[1.0, f64::INFINITY], Link::Identity),
        Err(LogisticFailure::NotFinite)
    );
    assert_eq!(fit(&mut regression, &[f64::NAN; 2], &[1.0; 2], Link::Identity), Err(LogisticFailure::NoRows));
    assert_eq!(fit(&mut regression, &[1.0, 3.0], &[1.0, 3.0], Link::Identity), Ok(()));
    near(regression.regression().coefficients()[0], 2.5);
    let mut plain = WeightedRegression::default();
    plain.clear(2);
    [1.0, 2.0, 3.0].iter().for_each(|y| plain.push(&[2.0, 1.0], *y, 1.0));
    assert_eq!(plain.fit(Link::Identity), Err(LogisticFailure::Collinear { column: 1 }));
    assert!(plain.weighted_residual(9).is_nan() && plain.predict(&[f64::NAN, 1.0]).is_nan());
    assert_eq!(effective_sample_size(&[0.0, f64::NAN]), None);
    assert_eq!(effective_sample_size(&[f64::INFINITY]), None);
}
