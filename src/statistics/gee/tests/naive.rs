//! The formulas as they stand in the papers, with matrices as large as the cluster and no whitening, against the
//! implementation.

use super::*;
use crate::numeric::linear::cholesky;
use crate::numeric::matrix::{Lu, Symmetric, multiply, transpose};

type Matrix = Vec<f64>;

fn times(a: &[f64], b: &[f64], rows: usize, inner: usize, columns: usize) -> Matrix {
    let mut out = Vec::new();
    multiply(a, b, rows, inner, columns, &mut out);
    out
}

fn turned(a: &[f64], rows: usize, columns: usize) -> Matrix {
    let mut out = Vec::new();
    transpose(a, rows, columns, &mut out);
    out
}

fn inverse(a: &[f64], p: usize) -> Matrix {
    let (mut lu, mut out) = (Lu::default(), Vec::new());
    lu.decompose(a, p).expect("it has an inverse");
    lu.inverse(&mut out);
    out
}

fn one_minus(a: &[f64], m: usize) -> Matrix {
    (0..m * m).map(|k| if k % (m + 1) == 0 { 1.0 - a[k] } else { -a[k] }).collect()
}

/// `(1 - H)^-1/2 = L (1 - L^-1 D M^-1 D' L^-T)^-1/2 L^-1` with `V = L L'`.
fn principal_root(v: &[f64], d: &[f64], bread: &[f64], m: usize, p: usize) -> Matrix {
    let mut l = v.to_vec();
    cholesky(&mut l, m).unwrap();
    (0..m).for_each(|i| (i + 1..m).for_each(|j| l[i * m + j] = 0.0));
    let l_inverse = inverse(&l, m);
    let y = times(&l_inverse, d, m, m, p);
    let inner = times(&times(&y, bread, m, p, p), &turned(&y, m, p), m, p, m);
    let (mut eigen, mut root) = (Symmetric::default(), Vec::new());
    eigen.decompose(&one_minus(&inner, m), m).unwrap();
    eigen.map(|value| 1.0 / libm::sqrt(value), &mut root);
    times(&times(&l, &root, m, m, m), &l_inverse, m, m, m)
}

/// Everything about one cluster at the estimate, at scale 1.
struct Parts {
    d: Matrix,
    v: Matrix,
    residual: Vec<f64>,
    m: usize,
}

fn parts(rows: &[Answer], gee: &Gee, s: &Settings) -> Vec<Parts> {
    let correlation = gee.working_correlation();
    let waves = gee.waves();
    let level = |wave: i32| waves.iter().position(|w| *w == wave).unwrap();
    let mut clusters: Vec<usize> = rows.iter().map(|r| r.cluster).collect();
    clusters.dedup();
    let of_cluster = |cluster: usize| {
        let rows: Vec<&Answer> = rows.iter().filter(|r| r.cluster == cluster).collect();
        let m = rows.len();
        let eta = |r: &Answer| r.offset + r.pattern.iter().zip(gee.coefficients()).map(|(x, b)| x * b).sum::<f64>();
        let slope = |eta: f64| (s.link.inverse(eta + 1e-5) - s.link.inverse(eta - 1e-5)) / 2e-5;
        let variance = |mean: f64| match s.family {
            Family::Gaussian => 1.0,
            Family::Binomial => mean * (1.0 - mean),
            Family::Poisson => mean,
        };
        let deviation: Vec<f64> =
            rows.iter().map(|r| libm::sqrt(variance(s.link.inverse(eta(r))) / r.weight)).collect();
        let v = (0..m * m)
            .map(|k| {
                let (i, j) = (k / m, k % m);
                let place = level(rows[i].wave) * waves.len() + level(rows[j].wave);
                correlation[place].unwrap() * deviation[i] * deviation[j]
            })
            .collect();
        let d = rows.iter().flat_map(|r| r.pattern.iter().map(|x| x * slope(eta(r)))).collect();
        let residual = rows.iter().map(|r| r.outcome - s.link.inverse(eta(r))).collect();
        Parts { d, v, residual, m }
    };
    clusters.into_iter().map(of_cluster).collect()
}

fn bread(parts: &[Parts], p: usize) -> Matrix {
    let mut total = vec![0.0; p * p];
    for c in parts {
        let dv = times(&turned(&c.d, c.m, p), &inverse(&c.v, c.m), p, c.m, c.m);
        total.iter_mut().zip(times(&dv, &c.d, p, c.m, p)).for_each(|(t, a)| *t += a);
    }
    inverse(&total, p)
}

fn by_the_papers(parts: &[Parts], kind: Covariance, p: usize) -> Matrix {
    let bread = bread(parts, p);
    let mut meat = vec![0.0; p * p];
    for c in parts {
        let m = c.m;
        let v_inverse = inverse(&c.v, m);
        let dv = times(&turned(&c.d, m, p), &v_inverse, p, m, m);
        let leverage = times(&times(&c.d, &bread, m, p, p), &dv, m, p, m);
        let corrected = match kind {
            Covariance::ManclDeRouen => times(&inverse(&one_minus(&leverage, m), m), &c.residual, m, m, 1),
            Covariance::KauermannCarroll => times(&principal_root(&c.v, &c.d, &bread, m, p), &c.residual, m, m, 1),
            _ => c.residual.clone(),
        };
        let mut u = times(&dv, &corrected, p, m, 1);
        if kind == Covariance::FayGraubard {
            let q = times(&times(&dv, &c.d, p, m, p), &bread, p, p, p);
            u.iter_mut().enumerate().for_each(|(j, u)| *u /= libm::sqrt(1.0 - q[j * p + j].min(0.75)));
        }
        crate::numeric::matrix::add_outer(&mut meat, &u, 1.0);
    }
    times(&times(&bread, &meat, p, p, p), &bread, p, p, p)
}

#[test]
fn corrections_are_those_of_the_papers() {
    let settings = CANONICAL.into_iter().chain([
        (Family::Binomial, Link::Probit),
        (Family::Binomial, Link::Cloglog),
        (Family::Gaussian, Link::Identity),
    ]);
    let mut fits = 0;
    for (family, link) in settings {
        // With 9 persons and four coefficients leverages are large, with 60 they are small: both ways to the root.
        for (persons, correlation) in [9, 60].into_iter().flat_map(|n| CORRELATIONS.map(|c| (n, c))) {
            let mut rows = panel(family, persons, 7 + persons as u64);
            rows.iter_mut().enumerate().for_each(|(i, r)| r.weight = 0.5 + (i % 3) as f64);
            rows.iter_mut().enumerate().for_each(|(i, r)| r.offset = 0.1 * (i % 5) as f64);
            let (mut gee, s) = (of(&rows), settings_with(family, link, correlation));
            if gee.fit(&s).is_err() {
                continue;
            }
            fits += 1;
            let (parts, p) = (parts(&rows, &gee, &s), 4);
            let kinds =
                [Covariance::Robust, Covariance::KauermannCarroll, Covariance::ManclDeRouen, Covariance::FayGraubard];
            for kind in kinds {
                let (got, want) = (covariance(&mut gee, kind), by_the_papers(&parts, kind, p));
                close(&got, &want, 1e-7);
            }
            let scale = gee.fit(&s).unwrap().scale;
            let model: Vec<f64> = bread(&parts, p).iter().map(|v| v * scale).collect();
            close(&covariance(&mut gee, Covariance::Model), &model, 1e-7);
            // The estimating equations hold.
            let score: Vec<f64> = parts.iter().fold(vec![0.0; p], |sum, c| {
                let dv = times(&turned(&c.d, c.m, p), &inverse(&c.v, c.m), p, c.m, c.m);
                sum.iter().zip(times(&dv, &c.residual, p, c.m, 1)).map(|(a, b)| a + b).collect()
            });
            close(&score, &vec![0.0; p], 1e-7);
        }
    }
    assert!(fits > 35, "{fits}");
}

fn settings_with(family: Family, link: Link, correlation: Correlation) -> Settings {
    super::settings(family, link, correlation)
}

/// Scale and correlation by counting pairs.
#[test]
fn moments_are_those_of_the_pearson_residuals() {
    for (rule, k) in [(DfRule::N, 0.0), (DfRule::NMinusP, 4.0)] {
        for correlation in CORRELATIONS {
            let rows = panel(Family::Poisson, 40, 3);
            let mut gee = of(&rows);
            let s = Settings { df_rule: rule, ..settings_with(Family::Poisson, Link::Log, correlation) };
            let summary = gee.fit(&s).unwrap();
            let pearson: Vec<f64> = rows
                .iter()
                .map(|r| {
                    let eta: f64 = r.pattern.iter().zip(gee.coefficients()).map(|(x, b)| x * b).sum();
                    (r.outcome - libm::exp(eta)) / libm::exp(0.5 * eta)
                })
                .collect();
            let scale = pearson.iter().map(|e| e * e).sum::<f64>() / (rows.len() as f64 - k);
            close(&[summary.scale], &[scale], 1e-10);
            let alpha = |wanted: &dyn Fn(i32, i32) -> bool| {
                let (mut sum, mut pairs) = (0.0, 0.0);
                for (j, b) in rows.iter().enumerate() {
                    for (i, a) in rows[..j].iter().enumerate() {
                        if a.cluster == b.cluster && wanted(a.wave, b.wave) {
                            (sum, pairs) = (sum + pearson[i] * pearson[j], pairs + 1.0);
                        }
                    }
                }
                sum / (scale * (pairs - k))
            };
            let want = match correlation {
                Correlation::Independence => vec![],
                Correlation::Exchangeable => vec![alpha(&|_, _| true)],
                Correlation::Ar1 => vec![alpha(&|a, b| b - a == 1)],
                Correlation::Unstructured => [(1, 2), (1, 3), (2, 3), (1, 4), (2, 4), (3, 4)]
                    .map(|pair| alpha(&move |a, b| (a, b) == pair))
                    .to_vec(),
            };
            close(&gee.alpha().iter().map(|a| a.unwrap()).collect::<Vec<_>>(), &want, 1e-9);
        }
    }
}
