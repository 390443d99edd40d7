//! Fits whose solution can be written down.

use super::*;

/// Three persons with two waves each, an intercept only: the coefficient is the mean, 4.
///
/// Sums of residuals by person: -4, 0, 4; so the robust variance is (16 + 0 + 16) / 6^2.
#[test]
fn a_mean_with_clusters() {
    let values = [1.0, 3.0, 5.0, 3.0, 7.0, 5.0];
    let rows: Vec<Answer> = values.iter().enumerate().map(|(i, y)| answer(&[1.0], *y, i / 2, (i % 2) as i32)).collect();
    for correlation in CORRELATIONS {
        let mut gee = of(&rows);
        let summary = gee.fit(&settings(Family::Gaussian, Link::Identity, correlation)).unwrap();
        close(gee.coefficients(), &[4.0], 1e-14);
        // Squares of residuals: 9, 1, 1, 1, 9, 1.
        close(&[summary.scale], &[22.0 / 6.0], 1e-14);
        // Products within persons: 3, -1, 3, so alpha = (5 / 3) / (22 / 6) = 10 / 22.
        if correlation != Correlation::Independence {
            close(&[gee.alpha()[0].unwrap()], &[10.0 / 22.0], 1e-14);
        }
        close(&covariance(&mut gee, Covariance::Robust), &[32.0 / 36.0], 1e-14);
        // A person has a third of the information: K / (K - p) = 3/2, (1 - 1/3)^-1 = 3/2 and (1 - 1/3)^-2 = 9/4.
        close(&covariance(&mut gee, Covariance::DfAdjusted), &[48.0 / 36.0], 1e-14);
        close(&covariance(&mut gee, Covariance::KauermannCarroll), &[48.0 / 36.0], 1e-14);
        close(&covariance(&mut gee, Covariance::FayGraubard), &[48.0 / 36.0], 1e-14);
        close(&covariance(&mut gee, Covariance::ManclDeRouen), &[72.0 / 36.0], 1e-14);
        let model = if correlation == Correlation::Independence { 1.0 } else { 1.0 + 10.0 / 22.0 };
        close(&covariance(&mut gee, Covariance::Model), &[22.0 / 36.0 * model], 1e-14);
        assert_eq!(gee.degrees_of_freedom(), Some(2.0));
    }
}

/// Two groups, answers 1 of 4 and 6 of 8: the fit meets the shares under every link.
#[test]
fn shares_of_two_groups_under_every_link() {
    let mut rows = Vec::new();
    for i in 0..12 {
        let group = usize::from(i >= 4);
        let yes = if group == 0 { i < 1 } else { i < 10 };
        rows.push(answer(&[1.0, group as f64], f64::from(u8::from(yes)), i, 0));
    }
    for link in [Link::Identity, Link::Logit, Link::Probit, Link::Cloglog, Link::Log] {
        let mut gee = of(&rows);
        gee.fit(&settings(Family::Binomial, link, Correlation::Independence)).unwrap();
        close(gee.coefficients(), &[link.of(0.25), link.of(0.75) - link.of(0.25)], 1e-12);
    }
}

/// Events 2, 0, 4, 3 in 1, 2, 2, 4 years: the rate is 9 / 9 = 1 a year, whatever the starting values make of it.
#[test]
fn a_rate_with_years_as_offset() {
    let rows: Vec<Answer> = [(2.0, 1.0), (0.0, 2.0), (4.0, 2.0), (3.0, 4.0_f64)]
        .into_iter()
        .enumerate()
        .map(|(i, (events, years))| Answer { offset: libm::log(years), ..answer(&[1.0], events, i, 0) })
        .collect();
    let mut gee = of(&rows);
    let summary = gee.fit(&settings(Family::Poisson, Link::Log, Correlation::Exchangeable)).unwrap();
    close(gee.coefficients(), &[0.0], 1e-12);
    // Expected 1, 2, 2, 4: squared residuals over them 1 + 2 + 2 + 1/4.
    close(&[summary.scale], &[5.25 / 4.0], 1e-12);
    // Residuals 1, -2, 2, -1 and information 9.
    close(&covariance(&mut gee, Covariance::Robust), &[10.0 / 81.0], 1e-12);
}

/// Weights 3 and 1 for answers 1 and 5 of two persons: mean 2, residuals -1 and 3.
#[test]
fn a_weighted_mean() {
    let rows =
        [Answer { weight: 3.0, ..answer(&[1.0], 1.0, 0, 0) }, Answer { weight: 1.0, ..answer(&[1.0], 5.0, 1, 0) }];
    let mut gee = of(&rows);
    let summary = gee.fit(&settings(Family::Gaussian, Link::Identity, Correlation::Independence)).unwrap();
    close(gee.coefficients(), &[2.0], 1e-14);
    // (3 * 1 + 1 * 9) / 2 rows.
    close(&[summary.scale], &[6.0], 1e-14);
    // Scores -3 and 3, information 4.
    close(&covariance(&mut gee, Covariance::Robust), &[18.0 / 16.0], 1e-14);
    // A share of 3/4 is at the bound, 1/4 below it: 9 / (1 - 3/4) + 9 / (1 - 1/4) = 48.
    close(&covariance(&mut gee, Covariance::FayGraubard), &[48.0 / 16.0], 1e-14);
}

/// The mean of the same three persons as above: Q = -22 / 2 / scale = -3, and the trace is robust variance times
/// rows over scale, 32 / 36 * 6 * 6 / 22.
#[test]
fn criteria_by_hand() {
    let values = [1.0, 3.0, 5.0, 3.0, 7.0, 5.0];
    let rows: Vec<Answer> = values.iter().enumerate().map(|(i, y)| answer(&[1.0], *y, i / 2, (i % 2) as i32)).collect();
    let mut gee = of(&rows);
    gee.fit(&settings(Family::Gaussian, Link::Identity, Correlation::Exchangeable)).unwrap();
    let criterion = gee.quasi_criterion(22.0 / 6.0, &mut Vec::new()).unwrap();
    close(&[criterion.qicu], &[6.0 + 2.0], 1e-13);
    close(&[criterion.qic], &[6.0 + 2.0 * 32.0 / 22.0], 1e-13);
    let criterion = gee.quasi_criterion(1.0, &mut Vec::new()).unwrap();
    close(&[criterion.qicu, criterion.qic], &[22.0 + 2.0, 22.0 + 2.0 * 32.0 / 6.0], 1e-13);
    assert_eq!(gee.quasi_criterion(0.0, &mut Vec::new()), None);
}

/// Two answers with means 0.2 and 0.5 can be correlated by 0.5 at most: sqrt(0.25 / 1) is the ratio of the roots of
/// their odds.
#[test]
fn correlations_that_binary_answers_cannot_have() {
    // Groups of means 1/5 and 1/2 at waves 0 and 1; the five persons of a group answer (wave 0, wave 1).
    let pairs = [
        (1.0, 1.0),
        (0.0, 1.0),
        (0.0, 0.0),
        (0.0, 0.0),
        (0.0, 1.0),
        (1.0, 1.0),
        (0.0, 0.0),
        (0.0, 0.0),
        (0.0, 1.0),
        (0.0, 0.0),
    ];
    let mut rows = Vec::new();
    for (person, (first, second)) in pairs.into_iter().enumerate() {
        rows.push(answer(&[1.0, 0.0], first, person, 0));
        rows.push(answer(&[1.0, 1.0], second, person, 1));
    }
    let mut gee = of(&rows);
    gee.fit(&settings(Family::Binomial, Link::Logit, Correlation::Exchangeable)).unwrap();
    // Whoever says yes first says yes again: the correlation is the greatest there is.
    close(&[gee.alpha()[0].unwrap()], &[0.5], 1e-9);
    let s = Settings { df_rule: DfRule::NMinusP, ..settings(Family::Binomial, Link::Logit, Correlation::Exchangeable) };
    gee.fit(&s).unwrap();
    // 9 / 8 of it with the count of pairs less 2, 20 / 18 in the scale: alpha = 0.5 * (10 / 8) * (18 / 20).
    close(&[gee.alpha()[0].unwrap()], &[0.5625], 1e-9);
    assert_eq!(gee.impossible_pairs(), Some((10, 10)));
}
