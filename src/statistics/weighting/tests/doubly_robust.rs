//! G-computation and the doubly robust mean in a population that is what its models say to the last person: whoever is
//! lost is like those who stay with the same past, in exact proportions.

use super::*;
use crate::numeric::LogisticFailure;

/// Three waves. Of those with the same past, so many quarters stay, and so many quarters of them say yes.
struct Exact {
    persons: usize,
    responded: Vec<u8>,
    outcome: Vec<f64>,
    truth: f64,
}

fn exact() -> Exact {
    let stay_2 = [3, 2];
    let yes_2 = [1, 2];
    let stay_3 = [[3, 1], [2, 3]];
    let yes_3 = [[1, 3], [2, 3]];
    let (mut histories, mut sum, mut persons) = (Vec::new(), 0.0, 0);
    for (y1, copies) in [(0, 2), (1, 1)] {
        for code in 0..256 * copies {
            let quarter = |k: u32| code / 4_usize.pow(k) % 4;
            let (r2, y2) = (quarter(0) < stay_2[y1], usize::from(quarter(1) < yes_2[y1]));
            let (r3, y3) = (quarter(2) < stay_3[y1][y2], quarter(3) < yes_3[y1][y2]);
            sum += f64::from(u8::from(y3));
            persons += 1;
            histories.push(([1, u8::from(r2), u8::from(r2 && r3)], [y1 as f64, y2 as f64, f64::from(u8::from(y3))]));
        }
    }
    let responded = (0..3).flat_map(|w| histories.iter().map(move |h| h.0[w])).collect();
    let seen = |(r, y): &([u8; 3], [f64; 3]), w: usize| if r[w] == 1 { y[w] } else { f64::NAN };
    let outcome = (0..3).flat_map(|w| histories.iter().map(move |h| seen(h, w))).collect();
    Exact { persons, responded, outcome, truth: sum / f64::from(persons as u32) }
}

/// Predictors of the second and of the third wave, with everything or with the intercept alone.
fn designs(world: &Exact, right: bool) -> [(Vec<f64>, usize); 2] {
    let y = |w: usize, k: usize| world.outcome[w * world.persons + k];
    if !right {
        return [(vec![1.0; world.persons], 1), (vec![1.0; world.persons], 1)];
    }
    let second = (0..world.persons).flat_map(|k| [1.0, y(0, k)]).collect();
    let third = (0..world.persons).flat_map(|k| [1.0, y(0, k), y(1, k), y(0, k) * y(1, k)]).collect();
    [(second, 2), (third, 4)]
}

/// Weights with a model a wave; the rows of both waves get the same width.
fn weighting(world: &Exact, panel: &Histories, right: bool) -> Weighting {
    // One model for both waves in which each wave has coefficients of its own.
    let [(second, p), (third, q)] = designs(world, right);
    let mut rows = Vec::new();
    for k in 0..world.persons {
        rows.extend_from_slice(&second[k * p..(k + 1) * p]);
        rows.extend(vec![0.0; q]);
    }
    for k in 0..world.persons {
        rows.extend(vec![0.0; p]);
        rows.extend_from_slice(&third[k * q..(k + 1) * q]);
    }
    let mut weighting = Weighting::default();
    weighting.fit(panel, Predictors { rows: &rows, width: p + q }, None, Pooling::Pooled).unwrap();
    weighting
}

fn expectations(world: &Exact, panel: &Histories, right: bool) -> IteratedExpectation {
    let designs = designs(world, right);
    let designs: Vec<_> = designs.iter().map(|(rows, width)| Predictors { rows, width: *width }).collect();
    let mut ice = IteratedExpectation::default();
    ice.fit(panel, &world.outcome, &designs, Link::Logit).unwrap();
    ice
}

#[test]
fn one_right_set_of_models_is_enough() {
    let world = exact();
    let mut panel = Histories::default();
    panel.follow(&world.responded, world.persons, 3);
    let all = vec![1; world.persons];
    let mut influence = vec![0.0; world.persons];
    for (weights_right, outcome_right) in [(true, true), (true, false), (false, true), (false, false)] {
        let weighting = weighting(&world, &panel, weights_right);
        let ice = expectations(&world, &panel, outcome_right);
        let got = augmented_mean(&ice, &panel, weighting.weights(), &all, 1.0, &mut influence).unwrap();
        let off = (got.mean - world.truth).abs();
        if weights_right || outcome_right {
            assert!(off < 1e-10, "{weights_right} {outcome_right}: {} for {}", got.mean, world.truth);
        } else {
            assert!(off > 0.01, "two wrong models are wrong: {off}");
        }
        let plain = (ice.mean(&all).unwrap() - world.truth).abs();
        assert!(if outcome_right { plain < 1e-10 } else { plain > 0.01 });
    }
}

/// With a coefficient for every past, weighting with estimated weights and the doubly robust mean are the same, error and
/// all.
#[test]
fn saturated_weighting_is_doubly_robust() {
    let world = exact();
    let mut panel = Histories::default();
    panel.follow(&world.responded, world.persons, 3);
    let mut weighting = weighting(&world, &panel, true);
    let ice = expectations(&world, &panel, true);
    let n = world.persons;
    let mut robust = vec![0.0; n];
    let got = augmented_mean(&ice, &panel, weighting.weights(), &vec![1; n], 1.0, &mut robust).unwrap();
    let (mut influence, mut slopes) = (vec![0.0; n], vec![0.0; 3 * n]);
    let mean = horvitz_thompson_mean(
        weighting.at(2),
        &world.outcome[2 * n..],
        panel.at(2),
        panel.at(0),
        1.0,
        &mut influence,
        &mut slopes[2 * n..],
    );
    assert!((mean.unwrap() - got.mean).abs() < 1e-12);
    weighting.add_uncertainty(&slopes, &mut influence);
    for (a, b) in influence.iter().zip(&robust) {
        assert!((a - b).abs() < 1e-13, "{a} {b}");
    }
    // G-computation too: its pull on each outcome is the weight over n.
    let [second, third] = designs(&world, true);
    let designs = [(second.0.as_slice(), second.1), (third.0.as_slice(), third.1)];
    let designs = designs.map(|(rows, width)| Predictors { rows, width });
    let mut ice = ice;
    let mut stacked = vec![0.0; n];
    ice.influence(&panel, &designs, &vec![1; n], 1.0, &mut stacked);
    for (a, b) in stacked.iter().zip(&robust) {
        assert!((a - b).abs() < 1e-13, "{a} {b}");
    }
    let se = libm::sqrt(robust.iter().map(|u| u * u).sum());
    assert!(
        (se - got.se).abs() < 1e-15 && got.persons == n && got.outcome_regression == ice.mean(&vec![1; n]).unwrap()
    );
}

/// The influence of a person is what the estimate changes by when the person counts a little more: here by a hundredth
/// of the persons' copies, against the infinitesimal one.
#[test]
fn influence_is_the_effect_of_a_person() {
    let text = "111 111 110 100 111 110 111 111 110 111 111 100 110 111 111 111 ".repeat(2);
    let outcome = |k: usize| f64::from(u8::from((k * k * 31 + k * 17) % 101 < 48));
    let fit = |copies: &[usize]| {
        let words: Vec<&str> = text.split_whitespace().collect();
        let who: Vec<usize> = copies.iter().enumerate().flat_map(|(k, n)| vec![k; *n]).collect();
        let panel = histories(&who.iter().map(|k| words[*k]).collect::<Vec<_>>().join(" "));
        let n = who.len();
        let y: Vec<f64> = (0..3).flat_map(|w| who.iter().map(move |k| outcome(w * 32 + k))).collect();
        let ones = vec![1.0; n];
        let (mut second, mut third) = (Vec::new(), Vec::new());
        let widths = (history_rows(&ones, 1, &y, n, 1, &mut second), history_rows(&ones, 1, &y, n, 2, &mut third));
        let designs = [Predictors { rows: &second, width: widths.0 }, Predictors { rows: &third, width: widths.1 }];
        let mut ice = IteratedExpectation::default();
        ice.fit(&panel, &y, &designs, Link::Logit).unwrap();
        let mut influence = vec![0.0; n];
        ice.influence(&panel, &designs, &vec![1; n], 1.0, &mut influence);
        (ice.mean(&vec![1; n]).unwrap(), influence)
    };
    let (_, influence) = fit(&[1; 32]);
    for person in 0..32 {
        let step = |change: isize| {
            let mut copies = [100_usize; 32];
            copies[person] = copies[person].checked_add_signed(change).unwrap();
            fit(&copies).0
        };
        let effect = (step(1) - step(-1)) / 0.02;
        assert!(
            (effect - influence[person]).abs() < 1e-4 * influence[person].abs().max(0.01),
            "{person}: {effect} {influence:?}"
        );
    }
}

/// If nobody is lost, both are the plain mean; its error has divisor n.
#[test]
fn nobody_lost() {
    let panel = histories("11 11 11 11");
    let outcome = [0.0, 1.0, 0.0, 1.0, 5.0, 1.0, 2.0, 4.0];
    let rows: Vec<f64> = outcome[..4].iter().flat_map(|y| [1.0, *y]).collect();
    let mut ice = IteratedExpectation::default();
    ice.fit(&panel, &outcome, &[Predictors { rows: &rows, width: 2 }], Link::Identity).unwrap();
    assert!((ice.mean(&[1; 4]).unwrap() - 3.0).abs() < 1e-14);
    let weights = vec![1.0; 8];
    let mut influence = vec![0.0; 4];
    let got = augmented_mean(&ice, &panel, &weights, &[1; 4], -1.0, &mut influence).unwrap();
    assert!((got.mean - 3.0).abs() < 1e-14);
    // Squares 4 + 4 + 1 + 1 = 10.
    assert!((got.se - libm::sqrt(10.0) / 4.0).abs() < 1e-14 && (influence[0] + 0.5).abs() < 1e-14);
    // One wave only: the outcome itself.
    ice.fit(&panel, &outcome, &[], Link::Logit).unwrap();
    assert_eq!((ice.mean(&[1, 1, 1, 0]), ice.last(), ice.step_at(1)), (Some(1.0 / 3.0), 0, None));
}

/// What somebody says after a gap changes nothing, be it there or not.
#[test]
fn answers_after_a_gap_do_not_count() {
    let panel = histories("111 111 111 110 101 011 001 111");
    let outcome: Vec<f64> = (0..24).map(|k| f64::from((k * 5) % 7)).collect();
    let fit = |outcome: &[f64]| {
        let mut found = Vec::new();
        let mut designs = Vec::new();
        for wave in 1..3 {
            let mut rows = Vec::new();
            let width = history_rows(&[1.0; 8], 1, outcome, 8, wave, &mut rows);
            designs.push((rows, width));
        }
        let designs: Vec<_> = designs.iter().map(|(rows, width)| Predictors { rows, width: *width }).collect();
        let mut ice = IteratedExpectation::default();
        ice.fit(&panel, outcome, &designs, Link::Identity).unwrap();
        found.push(ice.mean(&[1; 8]).unwrap());
        (1..3).for_each(|wave| found.extend_from_slice(ice.step_at(wave).unwrap().0));
        found
    };
    let blanked: Vec<f64> =
        outcome.iter().zip(panel.answering()).map(|(y, a)| if *a == 1 { *y } else { f64::NAN }).collect();
    assert_eq!(fit(&outcome), fit(&blanked));
}

#[test]
fn steps_that_fail_are_named() {
    let panel = histories("111 111 110 100");
    let outcome = [0.0, 1.0, 0.0, 1.0, 1.0, 0.0, 1.0, f64::NAN, 1.0, 1.0, f64::NAN, f64::NAN];
    let ones = vec![1.0; 4];
    let design = Predictors { rows: &ones, width: 1 };
    let mut ice = IteratedExpectation::default();
    // All who are left say yes: the logit has no fit, least squares has.
    let failed = ice.fit(&panel, &outcome, &[design, design], Link::Logit);
    assert_eq!(failed, Err(StepFailure { wave: 2, why: LogisticFailure::OneOutcome }));
    ice.fit(&panel, &outcome, &[design, design], Link::Identity).unwrap();
    assert_eq!(ice.mean(&[1; 4]), Some(1.0));
    assert!(ice.expected(7).is_empty() && ice.mean(&[0; 4]).is_none());
    let gone = histories("10 10");
    let failed = ice.fit(&gone, &[1.0; 4], &[Predictors { rows: &[1.0, 1.0], width: 1 }], Link::Logit);
    assert_eq!(failed, Err(StepFailure { wave: 1, why: LogisticFailure::NoRows }));
    // A weight that is needed and not there leaves no estimate; nobody to count neither.
    let two = histories("11 11 10");
    let y = [0.0, 1.0, 0.0, 1.0, 0.0, f64::NAN];
    ice.fit(&two, &y, &[Predictors { rows: &[1.0; 3], width: 1 }], Link::Logit).unwrap();
    let mut influence = [0.0; 3];
    for (weights, counts) in
        [(&[1.0; 3][..], [1; 3]), (&[1.0, 1.0, 1.0, f64::INFINITY, 2.0, 2.0], [1; 3]), (&[1.0; 6], [0; 3])]
    {
        assert_eq!(augmented_mean(&ice, &two, weights, &counts, 1.0, &mut influence), None);
    }
    let empty = histories("");
    assert_eq!(ice.fit(&empty, &[], &[], Link::Logit), Ok(()));
    assert_eq!(ice.mean(&[]), None);
}
