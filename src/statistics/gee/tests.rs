//! Reference cases, closed forms, properties and hard inputs.

mod closed_forms;
mod hard_inputs;
mod naive;
mod properties;
mod reference;

use super::*;

/// A row of a test: pattern, outcome, cluster, wave, weight, offset.
#[derive(Clone, Debug)]
pub(super) struct Answer {
    pub(super) pattern: Vec<f64>,
    pub(super) outcome: f64,
    pub(super) cluster: usize,
    pub(super) wave: i32,
    pub(super) weight: f64,
    pub(super) offset: f64,
}

pub(super) fn answer(pattern: &[f64], outcome: f64, cluster: usize, wave: i32) -> Answer {
    Answer { pattern: pattern.to_vec(), outcome, cluster, wave, weight: 1.0, offset: 0.0 }
}

pub(super) fn of(rows: &[Answer]) -> Gee {
    let mut gee = Gee::default();
    gee.clear(rows.first().map_or(0, |r| r.pattern.len()));
    for r in rows {
        let Answer { pattern, outcome, cluster, wave, weight, offset } = r;
        gee.push(&Row { pattern, outcome: *outcome, cluster: *cluster, wave: *wave, weight: *weight, offset: *offset });
    }
    gee
}

pub(super) fn settings(family: Family, link: Link, correlation: Correlation) -> Settings {
    Settings { family, link, correlation, ..Settings::default() }
}

pub(super) fn covariance(gee: &mut Gee, kind: Covariance) -> Vec<f64> {
    let mut v = Vec::new();
    gee.covariance(kind, &mut v).expect("it is defined");
    v
}

pub(super) fn errors(gee: &mut Gee, kind: Covariance) -> Vec<f64> {
    let p = gee.coefficients().len();
    covariance(gee, kind).iter().step_by(p + 1).map(|v| libm::sqrt(*v)).collect()
}

pub(super) fn close(got: &[f64], want: &[f64], limit: f64) {
    assert_eq!(got.len(), want.len());
    for (g, w) in got.iter().zip(want) {
        assert!((g - w).abs() <= limit * w.abs().max(1.0), "{got:?}\n{want:?}");
    }
}

/// Persons with up to four waves, some missed, and answers that hang together; `seed` picks the data.
pub(super) fn panel(family: Family, persons: usize, seed: u64) -> Vec<Answer> {
    let mut state = seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1;
    let mut uniform = move || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 11) as f64 / (1_u64 << 53) as f64
    };
    let mut rows = Vec::new();
    for person in 0..persons {
        let (inclination, age) = (2.0 * uniform() - 1.0, uniform());
        for wave in 1..=4 {
            if uniform() < 0.2 {
                continue;
            }
            let pattern = [1.0, (person % 2) as f64, f64::from(wave), age];
            let eta = 0.1 + 0.4 * pattern[1] - 0.2 * pattern[2] + 0.3 * age + inclination;
            let outcome = match family {
                Family::Gaussian => eta + 2.0 * uniform() - 1.0,
                Family::Binomial => f64::from(u8::from(uniform() < Link::Logit.inverse(eta))),
                Family::Poisson => (libm::exp(0.5 + 0.5 * eta) * (0.2 + 1.6 * uniform())).round(),
            };
            rows.push(answer(&pattern, outcome, person, wave));
        }
    }
    rows
}

pub(super) const CORRELATIONS: [Correlation; 4] =
    [Correlation::Independence, Correlation::Exchangeable, Correlation::Ar1, Correlation::Unstructured];

pub(super) const CANONICAL: [(Family, Link); 3] =
    [(Family::Gaussian, Link::Identity), (Family::Binomial, Link::Logit), (Family::Poisson, Link::Log)];
