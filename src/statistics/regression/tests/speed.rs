//! Times of the fits that run in every replicate; run with `--ignored --nocapture`.

use super::numbers;
use crate::statistics::regression::{
    ConditionalLogistic, Covariance, Family, Firth, Glm, GlmCovariance, LeastSquares, Link, NegativeBinomial,
    OrdinalLogistic, Rows,
};
use std::time::Instant;

fn time(name: &str, mut work: impl FnMut()) {
    work();
    let start = Instant::now();
    let rounds = 200;
    (0..rounds).for_each(|_| work());
    println!("{name}: {:.1} microseconds", start.elapsed().as_secs_f64() * 1e6 / f64::from(rounds));
}

#[test]
#[ignore = "measures, does not judge"]
fn a_study_of_128_persons_and_5_waves() {
    let n = 640;
    let (a, b, u) = (numbers(128, 1), numbers(n, 2), numbers(n, 3));
    let clusters: Vec<usize> = (0..n).map(|i| i / 5).collect();
    let x: Vec<f64> = (0..n)
        .flat_map(|i| {
            let (group, wave) = (f64::from(u8::from(i / 5 % 2 == 0)), (i % 5) as f64);
            [1.0, group, wave, 20.0 + 30.0 * a[i / 5], group * wave]
        })
        .collect();
    let y: Vec<f64> = (0..n).map(|i| u[i] + 3.0 * b[i] + a[i / 5]).collect();
    let yes: Vec<f64> = (0..n).map(|i| f64::from(u8::from(u[i] < 0.15 + 0.2 * a[i / 5]))).collect();
    let count: Vec<f64> = (0..n).map(|i| (u[i] * u[i] * 6.0 * (0.3 + a[i / 5])).floor()).collect();
    let grade: Vec<f64> = u.iter().map(|u| (u * 4.0).floor()).collect();
    let rows = |y| Rows { clusters: Some(&clusters), ..Rows::new(&x, 5, y) };

    let mut ols = LeastSquares::default();
    time("least squares", || assert!(ols.fit(&rows(&y)).is_ok()));
    time("least squares, CR2 with df of one coefficient", || {
        ols.fit(&rows(&y)).unwrap();
        ols.covariance(Covariance::Cr2).unwrap();
        ols.satterthwaite_of(1).unwrap();
    });
    let w = vec![1.5; n];
    time("weighted least squares, CR2 with df", || {
        ols.fit(&Rows { weights: Some(&w), ..rows(&y) }).unwrap();
        ols.covariance(Covariance::Cr2).unwrap();
        ols.satterthwaite_of(1).unwrap();
    });
    let mut glm = Glm::new(Family::Binomial, Link::Logit).unwrap();
    time("logit with clustered sandwich", || {
        glm.fit(&rows(&yes)).unwrap();
        glm.covariance(GlmCovariance::Robust).unwrap();
    });
    let mut firth = Firth::default();
    time("Firth", || assert!(firth.fit(&rows(&yes)).is_ok()));
    time("Firth with test and limits of one coefficient", || {
        firth.fit(&rows(&yes)).unwrap();
        firth.likelihood_ratio(1).unwrap();
        firth.profile_limits(1, 3.84).unwrap();
    });
    let wave: Vec<usize> = (0..128).map(|i| 5 * i + 4).collect();
    let x1: Vec<f64> = wave.iter().flat_map(|i| [x[5 * i], x[5 * i + 1], x[5 * i + 3]]).collect();
    let y1: Vec<f64> = wave.iter().map(|i| yes[*i]).collect();
    time("Firth at one wave, 128 rows of 3 columns, test and limits of one coefficient", || {
        firth.fit(&Rows::new(&x1, 3, &y1)).unwrap();
        firth.likelihood_ratio(1).unwrap();
        firth.profile_limits(1, 3.84).unwrap();
    });
    time("the same for all three", || {
        firth.fit(&Rows::new(&x1, 3, &y1)).unwrap();
        for k in 0..3 {
            firth.likelihood_ratio(k).unwrap();
            firth.profile_limits(k, 3.84).unwrap();
        }
    });
    let mut counts = NegativeBinomial::default();
    time("negative binomial", || assert!(counts.fit(&rows(&count)).is_ok()));
    let within: Vec<f64> = (0..n).flat_map(|i| [(i % 5) as f64, b[i]]).collect();
    let mut conditional = ConditionalLogistic::default();
    let strata = Rows { clusters: Some(&clusters), ..Rows::new(&within, 2, &yes) };
    time("conditional logistic", || assert!(conditional.fit(&strata).is_ok()));
    let slopes: Vec<f64> = x.chunks_exact(5).flat_map(|r| r[1..].to_vec()).collect();
    let mut ordinal = OrdinalLogistic::default();
    time("ordinal logistic", || assert!(ordinal.fit(&Rows::new(&slopes, 4, &grade), 4).is_ok()));
}
