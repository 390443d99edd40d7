//! What must not change an answer, and what must change it in a known way.

use super::*;
use crate::numeric::LogisticProblem;

fn fitted(rows: &[Answer], s: &Settings) -> (Vec<f64>, Vec<Vec<f64>>) {
    let mut gee = of(rows);
    gee.fit(s).unwrap_or_else(|why| panic!("{s:?} {} rows: {why:?} {:?}", rows.len(), gee.alpha()));
    let all = Covariance::ALL.map(|kind| errors(&mut gee, kind)).to_vec();
    (gee.coefficients().to_vec(), all)
}

fn same(a: &(Vec<f64>, Vec<Vec<f64>>), b: &(Vec<f64>, Vec<Vec<f64>>), limit: f64) {
    close(&a.0, &b.0, limit);
    a.1.iter().zip(&b.1).for_each(|(a, b)| close(a, b, limit));
}

fn everything() -> impl Iterator<Item = (Vec<Answer>, Settings)> {
    let seeds = [1, 2, 5].into_iter();
    let all = seeds.flat_map(|seed| CANONICAL.into_iter().map(move |canonical| (seed, canonical)));
    all.flat_map(|(seed, (family, link))| {
        CORRELATIONS.map(|correlation| (panel(family, 50, seed), settings(family, link, correlation)))
    })
}

#[test]
fn the_order_of_rows_does_not_matter() {
    for (rows, s) in everything() {
        let want = fitted(&rows, &s);
        let mut other = rows.clone();
        other.reverse();
        same(&fitted(&other, &s), &want, 1e-11);
        let step = 37;
        let n = rows.len();
        assert!(n % step != 0);
        let mixed: Vec<Answer> = (0..n).map(|i| rows[i * step % n].clone()).collect();
        same(&fitted(&mixed, &s), &want, 1e-11);
    }
}

#[test]
fn the_names_of_clusters_and_the_first_wave_do_not_matter() {
    for (rows, s) in everything() {
        let want = fitted(&rows, &s);
        let mut other = rows.clone();
        for r in &mut other {
            (r.cluster, r.wave) = (usize::MAX - r.cluster * r.cluster, r.wave - 1_000);
        }
        same(&fitted(&other, &s), &want, 1e-11);
    }
}

#[test]
fn two_clusters_each_of_half_the_weight_are_one() {
    for (rows, s) in everything() {
        let want = fitted(&rows, &s).0;
        let mut twice = rows.clone();
        twice.extend(rows.iter().cloned().map(|r| Answer { cluster: r.cluster + 1_000, ..r }));
        twice.iter_mut().for_each(|r| r.weight = 0.5);
        close(&fitted(&twice, &s).0, &want, 1e-10);
    }
}

#[test]
fn rows_of_weight_0_are_not_there() {
    for (mut rows, s) in everything() {
        let want = fitted(&rows, &s);
        rows.insert(3, Answer { weight: 0.0, ..answer(&[1.0, 5.0, 9.0, f64::NAN], 0.0, 77, 3) });
        same(&fitted(&rows, &s), &want, 0.0);
    }
}

#[test]
fn a_shifted_and_stretched_outcome() {
    for correlation in CORRELATIONS {
        let rows = panel(Family::Gaussian, 50, 4);
        let s = settings(Family::Gaussian, Link::Identity, correlation);
        let want = fitted(&rows, &s);
        let mut other = rows.clone();
        other.iter_mut().for_each(|r| r.outcome = 3.0 - 20.0 * r.outcome);
        let got = fitted(&other, &s);
        let back: Vec<f64> =
            got.0.iter().enumerate().map(|(j, b)| if j == 0 { (3.0 - b) / 20.0 } else { -b / 20.0 }).collect();
        close(&back, &want.0, 1e-11);
        for (got, want) in got.1.iter().zip(&want.1) {
            close(&got.iter().map(|e| e / 20.0).collect::<Vec<_>>(), want, 1e-11);
        }
    }
}

#[test]
fn a_predictor_in_other_units() {
    for (rows, s) in everything() {
        let want = fitted(&rows, &s);
        let mut other = rows.clone();
        other.iter_mut().for_each(|r| r.pattern[3] *= 1e6);
        let got = fitted(&other, &s);
        close(&[got.0[0], 1e6 * got.0[3]], &[want.0[0], want.0[3]], 1e-9);
        for (got, want) in got.1.iter().zip(&want.1) {
            close(&[got[1], 1e6 * got[3]], &[want[1], want[3]], 1e-9);
        }
    }
}

#[test]
fn the_complement_of_a_binary_outcome_turns_the_signs() {
    for correlation in CORRELATIONS {
        for link in [Link::Logit, Link::Probit] {
            let rows = panel(Family::Binomial, 60, 8);
            let s = settings(Family::Binomial, link, correlation);
            let want = fitted(&rows, &s);
            let mut other = rows.clone();
            other.iter_mut().for_each(|r| r.outcome = 1.0 - r.outcome);
            let (coefficients, errors) = fitted(&other, &s);
            same(&(coefficients.iter().map(|b| -b).collect(), errors), &want, 1e-10);
        }
    }
}

#[test]
fn rows_without_company_are_a_logistic_regression() {
    let mut rows = panel(Family::Binomial, 60, 2);
    rows.iter_mut().enumerate().for_each(|(i, r)| r.cluster = i);
    let mut problem = LogisticProblem::default();
    problem.clear(4);
    rows.iter().for_each(|r| problem.push(&r.pattern, r.outcome, 1.0));
    problem.fit().unwrap();
    // Whatever the correlation: it is not used, and its parameter is undefined.
    for correlation in CORRELATIONS {
        let mut gee = of(&rows);
        let summary = gee.fit(&settings(Family::Binomial, Link::Logit, correlation)).unwrap();
        assert_eq!(summary.largest_cluster, 1);
        assert!(gee.alpha().iter().all(Option::is_none));
        close(gee.coefficients(), problem.coefficients(), 1e-12);
        let mut column = [0.0; 4];
        problem.covariance_column(2, &mut column);
        let want: Vec<f64> = column.iter().map(|v| v * summary.scale).collect();
        close(&covariance(&mut gee, Covariance::Model)[8..12], &want, 1e-12);
    }
}

#[test]
fn a_fit_does_not_remember_the_one_before() {
    let first = panel(Family::Binomial, 70, 3);
    let second = panel(Family::Gaussian, 20, 6);
    let s = settings(Family::Gaussian, Link::Identity, Correlation::Unstructured);
    let want = fitted(&second, &s);
    let mut gee = of(&first);
    gee.fit(&settings(Family::Binomial, Link::Logit, Correlation::Ar1)).unwrap();
    let _ = errors(&mut gee, Covariance::KauermannCarroll);
    gee.clear(4);
    for r in &second {
        let Answer { pattern, outcome, cluster, wave, .. } = r;
        gee.push(&Row { pattern, outcome: *outcome, cluster: *cluster, wave: *wave, weight: 1.0, offset: 0.0 });
    }
    gee.fit(&s).unwrap();
    let all = Covariance::ALL.map(|kind| errors(&mut gee, kind)).to_vec();
    same(&(gee.coefficients().to_vec(), all), &want, 0.0);
}
