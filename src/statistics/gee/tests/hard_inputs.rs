//! Inputs without a solution: each is named.

use super::*;

fn failure(rows: &[Answer], s: &Settings) -> Failure {
    of(rows).fit(s).expect_err("there is no solution")
}

fn logit(correlation: Correlation) -> Settings {
    settings(Family::Binomial, Link::Logit, correlation)
}

fn line(xs: &[f64], ys: &[f64]) -> Vec<Answer> {
    xs.iter().zip(ys).enumerate().map(|(i, (x, y))| answer(&[1.0, *x], *y, i / 2, (i % 2) as i32)).collect()
}

#[test]
fn nothing_to_work_on() {
    for correlation in CORRELATIONS {
        assert_eq!(failure(&[], &logit(correlation)), Failure::NoRows);
        assert_eq!(failure(&[answer(&[], 1.0, 0, 0)], &logit(correlation)), Failure::NoRows);
        assert_eq!(failure(&[answer(&[1.0], 1.0, 0, 0)], &logit(correlation)), Failure::OneCluster);
        let one = [answer(&[1.0], 1.0, 4, 0), answer(&[1.0], 0.0, 4, 1)];
        assert_eq!(failure(&one, &logit(correlation)), Failure::OneCluster);
    }
    assert_eq!(Gee::default().fit(&Settings::default()), Err(Failure::NoRows));
    // Neither before a fit nor after rows have come or a fit has failed is there a covariance.
    let mut gee = Gee::default();
    let mut v = vec![1.0];
    assert_eq!(gee.covariance(Covariance::KauermannCarroll, &mut v), Err(CovarianceFailure::NotFitted));
    gee = of(&panel(Family::Binomial, 30, 1));
    gee.fit(&logit(Correlation::Exchangeable)).unwrap();
    assert!(gee.quasi_criterion(1.0, &mut v).is_some() && gee.impossible_pairs().is_some());
    gee.fit(&settings(Family::Gaussian, Link::Probit, Correlation::Ar1)).unwrap_err();
    assert_eq!(gee.covariance(Covariance::Robust, &mut v), Err(CovarianceFailure::NotFitted));
    gee.fit(&logit(Correlation::Exchangeable)).unwrap();
    gee.clear(7);
    assert_eq!(gee.covariance(Covariance::Robust, &mut v), Err(CovarianceFailure::NotFitted));
    assert!(gee.quasi_criterion(1.0, &mut v).is_none() && gee.impossible_pairs().is_none());
    assert!(gee.working_correlation().len() < 17);
}

#[test]
fn numbers_that_are_none() {
    let good = panel(Family::Binomial, 20, 1);
    for bad in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
        for place in 0..4 {
            let mut rows = good.clone();
            match place {
                0 => rows[3].pattern[2] = bad,
                1 => rows[3].outcome = bad,
                2 => rows[3].weight = bad,
                _ => rows[3].offset = bad,
            }
            assert_eq!(failure(&rows, &logit(Correlation::Ar1)), Failure::NotFinite);
        }
    }
    let mut rows = good.clone();
    rows[0].weight = -1.0;
    assert_eq!(failure(&rows, &logit(Correlation::Ar1)), Failure::NotFinite);
    rows = good.clone();
    rows[0].outcome = 2.0;
    assert_eq!(failure(&rows, &logit(Correlation::Ar1)), Failure::OutcomeOutOfRange);
    rows[0].outcome = -1.0;
    assert_eq!(failure(&rows, &settings(Family::Poisson, Link::Log, Correlation::Ar1)), Failure::OutcomeOutOfRange);
    assert_eq!(failure(&good, &settings(Family::Gaussian, Link::Probit, Correlation::Ar1)), Failure::LinkNotForFamily);
}

#[test]
fn outcomes_without_variation() {
    for (family, link) in CANONICAL {
        for value in [0.0, 1.0] {
            let mut rows = panel(family, 20, 1);
            rows.iter_mut().for_each(|r| r.outcome = value);
            let s = settings(family, link, Correlation::Exchangeable);
            assert_eq!(failure(&rows, &s), Failure::ConstantOutcome);
        }
    }
    let mut rows = panel(Family::Gaussian, 20, 1);
    rows.iter_mut().for_each(|r| r.outcome = 3.0 + 0.1 * r.pattern[2] - r.pattern[3]);
    let s = settings(Family::Gaussian, Link::Identity, Correlation::Exchangeable);
    assert_eq!(failure(&rows, &s), Failure::NoResidualVariation);
}

#[test]
fn the_dependent_column_is_named() {
    for (family, link) in CANONICAL {
        let mut rows = panel(family, 30, 1);
        rows.iter_mut().for_each(|r| r.pattern[2] = 3.0 - 2.0 * r.pattern[1]);
        let s = settings(family, link, Correlation::Exchangeable);
        assert_eq!(failure(&rows, &s), Failure::Collinear { column: 2 });
        rows.iter_mut().for_each(|r| r.pattern[1] = 0.0);
        assert_eq!(failure(&rows, &s), Failure::Collinear { column: 1 });
    }
}

#[test]
fn separation_is_named() {
    for correlation in [Correlation::Independence, Correlation::Exchangeable, Correlation::Ar1] {
        for link in [Link::Logit, Link::Probit, Link::Cloglog] {
            let s = settings(Family::Binomial, link, correlation);
            let rows = line(&[1.0, 2.0, 3.0, 4.0, 5.0, 6.0], &[0.0, 0.0, 0.0, 1.0, 1.0, 1.0]);
            assert_eq!(failure(&rows, &s), Failure::CompleteSeparation, "{s:?}");
            let rows = line(&[1.0, 2.0, 3.0, 3.0, 5.0, 6.0], &[0.0, 0.0, 0.0, 1.0, 1.0, 1.0]);
            assert_eq!(failure(&rows, &s), Failure::QuasiSeparation, "{s:?}");
            // One group says yes always.
            let rows = line(&[0.0, 0.0, 0.0, 1.0, 1.0, 1.0], &[0.0, 1.0, 0.0, 1.0, 1.0, 1.0]);
            assert_eq!(failure(&rows, &s), Failure::QuasiSeparation, "{s:?}");
        }
        // No events in one group.
        let rows = line(&[0.0, 0.0, 0.0, 1.0, 1.0, 1.0], &[0.0, 3.0, 1.0, 0.0, 0.0, 0.0]);
        assert_eq!(failure(&rows, &settings(Family::Poisson, Link::Log, correlation)), Failure::QuasiSeparation);
    }
}

/// Counts of 0 at one end are no separation while the others determine the line: it goes through the counts above 0.
#[test]
fn counts_of_zero_at_one_end_have_a_fit() {
    let rows = line(&[0.0, 0.0, 1.0, 1.0, 10.0, 10.0, 11.0, 11.0], &[0.0, 0.0, 0.0, 0.0, 2.0, 4.0, 190.0, 210.0]);
    let mut gee = of(&rows);
    gee.fit(&settings(Family::Poisson, Link::Log, Correlation::Independence)).unwrap();
    let slope = libm::log(200.0 / 3.0);
    close(gee.coefficients(), &[libm::log(3.0) - 10.0 * slope, slope], 1e-9);
}

#[test]
fn rows_at_the_same_wave() {
    let mut rows = panel(Family::Binomial, 30, 1);
    let twin = rows[4].clone();
    let cluster = twin.cluster;
    rows.push(twin);
    for correlation in [Correlation::Ar1, Correlation::Unstructured] {
        assert_eq!(failure(&rows, &logit(correlation)), Failure::RepeatedWave { cluster });
    }
    assert!(of(&rows).fit(&logit(Correlation::Exchangeable)).is_ok());
}

#[test]
fn waves_that_are_never_seen_together() {
    let all = panel(Family::Binomial, 60, 1);
    // Nobody is seen at wave 3: four waves become three, and AR(1) still counts the gap.
    let rows: Vec<Answer> = all.iter().filter(|r| r.wave != 3).cloned().collect();
    let mut gee = of(&rows);
    gee.fit(&logit(Correlation::Unstructured)).unwrap();
    assert_eq!((gee.waves(), gee.alpha().len()), (&[1, 2, 4][..], 3));
    gee.fit(&logit(Correlation::Ar1)).unwrap();
    let alpha = gee.alpha()[0].unwrap();
    close(&[gee.working_correlation()[5].unwrap()], &[alpha * alpha], 1e-15);
    // Persons are seen at waves 1 and 2, or at 3 and 4: four pairs of waves have no correlation, and need none.
    let keep = |r: &&Answer| (r.cluster % 4 < 2) == (r.wave < 3);
    let rows: Vec<Answer> = all.iter().filter(keep).cloned().collect();
    gee = of(&rows);
    gee.fit(&logit(Correlation::Unstructured)).unwrap();
    let known: Vec<bool> = gee.alpha().iter().map(Option::is_some).collect();
    assert_eq!(known, [true, false, false, false, false, true]);
    // Waves 1 and 3 only: there is no pair from which AR(1) could be estimated.
    let rows: Vec<Answer> = all.iter().filter(|r| r.wave % 2 == 1).cloned().collect();
    // The last column but one is the wave.
    assert_eq!(failure(&rows, &logit(Correlation::Ar1)), Failure::TooFewPairs { waves: None, pairs: 0 });
}

#[test]
fn too_few_pairs_and_the_way_out() {
    let mut rows = panel(Family::Binomial, 60, 1);
    let mut seen = 0;
    rows.retain(|r| {
        r.wave != 4 || {
            seen += 1;
            seen <= 3
        }
    });
    let s = Settings { df_rule: DfRule::NMinusP, ..logit(Correlation::Unstructured) };
    let why = failure(&rows, &s);
    assert!(matches!(why, Failure::TooFewPairs { waves: Some((_, 4)), pairs: 0..=4 }), "{why:?}");
    let summary = of(&rows).fit(&Settings { fall_back: true, ..s }).unwrap();
    assert_eq!((summary.correlation, summary.fell_back), (Correlation::Exchangeable, Some(why)));
    // As many pairs as coefficients are too few still.
    let (mut pairs, all) = (0, panel(Family::Binomial, 60, 1));
    let seen_first = |r: &Answer| all.iter().any(|o| o.cluster == r.cluster && o.wave == 1);
    let mut exact = all.clone();
    exact.retain(|r| {
        r.wave != 4
            || (seen_first(r) && pairs < 4) && {
                pairs += 1;
                true
            }
    });
    assert_eq!(failure(&exact, &s), Failure::TooFewPairs { waves: Some((1, 4)), pairs: 4 });
    let few: Vec<Answer> = panel(Family::Gaussian, 60, 1).into_iter().step_by(9).take(4).collect();
    let s = Settings { family: Family::Gaussian, link: Link::Identity, ..s };
    assert_eq!(failure(&few, &s), Failure::TooFewRows);
}

/// Answers of three waves that contradict each other: 1 and 2 agree, 2 and 3 agree, 1 and 3 oppose.
#[test]
fn a_correlation_that_is_not_positive_definite() {
    let mut rows = Vec::new();
    for person in 0..24_usize {
        let sign = if person % 2 == 0 { 1.0 } else { -1.0 };
        let noise = (person * 7 % 5) as f64 * 0.01;
        // Each person misses one wave.
        let values = match person % 6 / 2 {
            0 => [(1, sign), (2, sign)],
            1 => [(2, sign), (3, sign)],
            _ => [(1, sign), (3, -sign)],
        };
        for (wave, value) in values {
            rows.push(answer(&[1.0], value + noise, person, wave));
        }
    }
    // One person who was there each time is enough.
    (1..=3).for_each(|wave| rows.push(answer(&[1.0], f64::from(wave - 2), 99, wave)));
    let s = settings(Family::Gaussian, Link::Identity, Correlation::Unstructured);
    assert_eq!(failure(&rows, &s), Failure::NotPositiveDefinite);
    let summary = of(&rows).fit(&Settings { fall_back: true, ..s }).unwrap();
    assert_eq!(summary.fell_back, Some(Failure::NotPositiveDefinite));
}

#[test]
fn covariances_that_are_undefined() {
    // Only person 7 has x = 1: it decides its coefficient alone.
    let mut rows = panel(Family::Gaussian, 12, 1);
    rows.iter_mut().for_each(|r| r.pattern[3] = f64::from(u8::from(r.cluster == 7)));
    let mut gee = of(&rows);
    gee.fit(&settings(Family::Gaussian, Link::Identity, Correlation::Exchangeable)).unwrap();
    let mut v = Vec::new();
    for kind in [Covariance::KauermannCarroll, Covariance::ManclDeRouen] {
        assert_eq!(gee.covariance(kind, &mut v), Err(CovarianceFailure::Leverage { cluster: 7 }));
    }
    assert_eq!(gee.covariance(Covariance::FayGraubard, &mut v), Ok(()));
    // Two persons, two coefficients.
    let rows: Vec<Answer> =
        (0..6).map(|i| answer(&[1.0, f64::from(i % 3)], f64::from(i * i % 5), (i / 3) as usize, i)).collect();
    let mut gee = of(&rows);
    gee.fit(&settings(Family::Gaussian, Link::Identity, Correlation::Independence)).unwrap();
    assert_eq!(gee.covariance(Covariance::DfAdjusted, &mut v), Err(CovarianceFailure::TooFewClusters));
    assert_eq!(gee.degrees_of_freedom(), None);
}

#[test]
fn means_that_leave_their_range() {
    // Shares 0, 1/2, 1, 1 on a line with the identity link.
    let rows = line(&[0.0, 0.0, 1.0, 1.0, 2.0, 2.0, 3.0, 3.0], &[0.0, 0.0, 1.0, 0.0, 1.0, 1.0, 1.0, 1.0]);
    let why = failure(&rows, &settings(Family::Binomial, Link::Identity, Correlation::Independence));
    assert!(matches!(why, Failure::MeanOutOfRange | Failure::NotConverged), "{why:?}");
}

/// Whatever comes in, something comes out.
#[test]
fn no_small_table_of_answers_is_too_odd() {
    let (mut good, mut bad) = (0, 0);
    for code in 0..4_096_u32 {
        let rows: Vec<Answer> = (0..6)
            .map(|i| {
                let bits = code >> (2 * i) & 3;
                let (cluster, wave) = ((i / 2) as usize, (bits >> 1) as i32 * 2 + i % 2);
                answer(&[1.0, f64::from(bits >> 1)], f64::from(bits & 1), cluster, wave)
            })
            .collect();
        for ((family, link), correlation) in CANONICAL.into_iter().zip(CORRELATIONS.into_iter().skip(1)) {
            let mut gee = of(&rows);
            match gee.fit(&settings(family, link, correlation)) {
                Ok(summary) => {
                    good += 1;
                    assert!(gee.coefficients().iter().all(|b| b.is_finite()) && summary.scale > 0.0);
                    let mut v = Vec::new();
                    for kind in Covariance::ALL {
                        if gee.covariance(kind, &mut v).is_ok() {
                            assert!(v.iter().all(|v| v.is_finite()), "{rows:?} {kind:?} {v:?}");
                        }
                    }
                }
                Err(_) => bad += 1,
            }
        }
    }
    assert!(good > 500 && bad > 500, "{good} {bad}");
}
