//! Whole fits of problems whose posterior has a closed form.

use super::draws::Addressed;
use crate::numeric::matrix::Lu;
use crate::statistics::abc::*;
use crate::statistics::draws::Draws;

/// A simulator: parameters on the scale of z in, summaries out.
pub(super) type Simulate = fn(&[f64], &mut Addressed) -> Vec<f64>;

pub(super) struct Toy {
    pub(super) parameters: usize,
    pub(super) simulate: Simulate,
    pub(super) transforms: Vec<Transform>,
}

/// A pilot with its projection.
pub(super) struct Pilot {
    pub(super) draws: Vec<Vec<f64>>,
    pub(super) projected: Vec<Vec<f64>>,
    pub(super) projection: Projection,
}

pub(super) struct Fit {
    pub(super) last: Generation,
    pub(super) record: Vec<Progress>,
    pub(super) stop: Stop,
    /// Observed figures, projected.
    pub(super) observed: Vec<f64>,
}

pub(super) fn limits(particles: usize) -> Limits {
    Limits {
        particles,
        quantile: 0.4,
        tolerance: 0.0,
        acceptance: 0.005,
        fall: 0.02,
        generations: 5,
        attempts: 400_000,
    }
}

impl Toy {
    pub(super) fn pilot(&self, rows: u64, seed: u64) -> Pilot {
        let mut all = Vec::new();
        let draws: Vec<Vec<f64>> = (0..rows)
            .map(|row| {
                let mut draws = Addressed::new(seed, row);
                let z = draw_prior(self.parameters, &mut draws);
                all.push((self.simulate)(&z, &mut draws));
                z
            })
            .collect();
        let values = all.concat();
        let summaries = Summaries { values: &values, columns: self.transforms.len() };
        let projection = Projection::fit(&draws.concat(), self.parameters, summaries, &self.transforms, 5).unwrap();
        let projected = all.iter().map(|s| projection.project(s).unwrap().at).collect();
        Pilot { draws, projected, projection }
    }

    /// Drives a fit as a caller would, sweep after sweep.
    pub(super) fn fit(&self, pilot: &Pilot, observed: &[f64], limits: &Limits, seed: u64) -> Fit {
        let observed = pilot.projection.project(observed).unwrap().at;
        let particle = |z: Vec<f64>, projected: Vec<f64>| {
            let distance = pilot.projection.distance(&projected, &observed);
            Particle { z, projected, distance }
        };
        let near = pilot.draws.iter().zip(&pilot.projected).map(|(z, t)| particle(z.clone(), t.clone()));
        let mut last = Generation::first(near.collect(), limits.particles).unwrap();
        let mut record = vec![last.progress()];
        let mut spent = last.attempts;
        let stop = 'fit: loop {
            let tolerance = match limits.next(&last, spent) {
                Next::Stop(stop) => break stop,
                Next::Generation { number, tolerance } => {
                    assert_eq!(number, last.number + 1);
                    tolerance
                }
            };
            let first = seed.wrapping_mul(1 << 20) + u64::from(last.number);
            let mut moves = Moves::begin(&last, tolerance, &mut Addressed::new(first, u64::MAX)).unwrap();
            loop {
                let attempt = |place: usize| {
                    let mut draws = Addressed::new(first, (u64::from(moves.sweeps()) << 20) + place as u64);
                    let z = moves.propose(place, &mut draws)?;
                    let summaries = (self.simulate)(&z, &mut draws);
                    Some(particle(z, pilot.projection.project(&summaries).unwrap().at))
                };
                let tried: Vec<Option<Particle>> = (0..limits.particles).map(attempt).collect();
                spent += tried.iter().flatten().count() as u64;
                moves.sweep(tried).unwrap();
                match limits.then(last.progress(), &moves, spent) {
                    Then::Sweep => {}
                    Then::Whole => break,
                    Then::Stop(stop) => break 'fit stop,
                }
            }
            last = moves.generation();
            record.push(last.progress());
        };
        Fit { last, record, stop, observed }
    }
}

/// The mean of 10 normal numbers around z with standard deviation 2, noise, and a number that never varies.
pub(super) fn normal_mean(z: &[f64], draws: &mut Addressed) -> Vec<f64> {
    vec![z[0] + 2.0 / libm::sqrt(10.0) * draws.normal(), draws.normal(), 5.0]
}

fn weighted_moments(values: &[f64], weights: &[f64]) -> (f64, f64) {
    let mean: f64 = values.iter().zip(weights).map(|(v, w)| v * w).sum();
    let variance: f64 = values.iter().zip(weights).map(|(v, w)| w * (v - mean) * (v - mean)).sum();
    (mean, libm::sqrt(variance))
}

/// Mean and standard deviation within four Monte Carlo errors of what they should be.
fn near(values: &[f64], weights: &[f64], want: (f64, f64)) {
    let (mean, sd) = weighted_moments(values, weights);
    let n = effective_size(weights);
    assert!(n > 150.0, "only {n} effective draws");
    assert!((mean - want.0).abs() < 4.0 * want.1 / libm::sqrt(n), "mean {mean}, not {} (n = {n})", want.0);
    assert!((sd - want.1).abs() < 4.0 * want.1 / libm::sqrt(2.0 * n), "sd {sd}, not {} (n = {n})", want.1);
}

fn normal_toy() -> Toy {
    Toy { parameters: 1, simulate: normal_mean, transforms: vec![Transform::Identity; 3] }
}

#[test]
fn a_normal_mean_with_a_normal_prior() {
    let toy = normal_toy();
    let pilot = toy.pilot(2_000, 1);
    assert_eq!(pilot.projection.dropped(), [2]);
    // The share explained is 1 / (1 + 4/10).
    assert!((pilot.projection.r_squared()[0] - 1.0 / 1.4).abs() < 0.04, "{:?}", pilot.projection.r_squared());
    let fit = toy.fit(&pilot, &[1.2, 0.3, 5.0], &limits(400), 2);
    assert_eq!(fit.stop, Stop::GenerationsUsedUp { last: fit.last.progress() });
    assert!(fit.record.windows(2).all(|pair| pair[1].tolerance < pair[0].tolerance), "{:?}", fit.record);
    // Precision 1 + 10/4.
    let want = (2.5 / 3.5 * 1.2, libm::sqrt(1.0 / 3.5));
    for adjustment in [Adjustment::Unadjusted, Adjustment::Linear, Adjustment::Heteroscedastic] {
        let posterior = Posterior::adjusted(&fit.last, &fit.observed, adjustment).unwrap();
        let values: Vec<f64> = posterior.values(0).collect();
        near(&values, &posterior.weights, want);
    }
    let posterior = Posterior::adjusted(&fit.last, &fit.observed, Adjustment::Linear).unwrap();
    assert!(posterior.farther > 0.05, "{}", posterior.farther);
    let said = learned(&posterior)[0];
    assert_eq!(said.verdict, Verdict::of(1.0 - 1.0 / 3.5));
    assert_eq!(said.verdict, Verdict::WeaklyIdentified);
    assert!((said.high - said.low - 2.0 * 1.96 * want.1).abs() < 0.5, "{said:?}");
    assert_eq!(said.partner, None);
}

/// The adjustment alone, where the particles are still far away: the first generation of a wide tolerance.
#[test]
fn the_adjustment_corrects_a_wide_tolerance() {
    let toy = normal_toy();
    let pilot = toy.pilot(2_000, 11);
    let fit = toy.fit(&pilot, &[2.0, 0.0, 5.0], &Limits { generations: 1, ..limits(1_500) }, 2);
    let want = (2.5 / 3.5 * 2.0, libm::sqrt(1.0 / 3.5));
    let raw = Posterior::unadjusted(&fit.last);
    let (mean, _) = weighted_moments(&raw.z, &raw.weights);
    assert!((mean - want.0).abs() > 0.5, "the particles are near already: {mean}");
    let posterior = Posterior::adjusted(&fit.last, &fit.observed, Adjustment::Linear).unwrap();
    near(&posterior.z, &posterior.weights, want);
}

const RATE: Law = Law::Gamma { shape: 2.0, scale: 3.0 };

/// The sum of five Poisson counts.
fn counts(z: &[f64], draws: &mut Addressed) -> Vec<f64> {
    let mean = 5.0 * RATE.value(z[0]);
    // Arrivals until the time is up.
    let (mut count, mut time) = (0.0, -libm::log(draws.uniform()));
    while time < mean {
        count += 1.0;
        time -= libm::log(draws.uniform());
    }
    vec![count]
}

#[test]
fn counts_with_a_gamma_prior() {
    let toy = Toy { parameters: 1, simulate: counts, transforms: vec![Transform::Root] };
    let pilot = toy.pilot(2_000, 3);
    let fit = toy.fit(&pilot, &[22.0], &limits(500), 4);
    let posterior = Posterior::adjusted(&fit.last, &fit.observed, Adjustment::Linear).unwrap();
    let rates: Vec<f64> = posterior.values(0).map(|z| RATE.value(z)).collect();
    // Gamma with shape 2 + 22 and rate 1/3 + 5.
    let rate = 1.0 / 3.0 + 5.0;
    near(&rates, &posterior.weights, (24.0 / rate, libm::sqrt(24.0) / rate));
    assert_eq!(learned(&posterior)[0].verdict, Verdict::Identified);
}

fn only_the_sum(z: &[f64], draws: &mut Addressed) -> Vec<f64> {
    vec![z[0] + z[1] + 0.1 * draws.normal()]
}

#[test]
fn only_the_sum_is_identified() {
    let toy = Toy { parameters: 2, simulate: only_the_sum, transforms: vec![Transform::Identity] };
    let pilot = toy.pilot(3_000, 6);
    let fit = toy.fit(&pilot, &[0.8], &limits(600), 7);
    let posterior = Posterior::adjusted(&fit.last, &fit.observed, Adjustment::Linear).unwrap();
    // The sum has precision 1/2 + 100, the difference keeps its variance of 2.
    let of_sum = 1.0 / 100.5;
    let want = (of_sum * 100.0 * 0.8, libm::sqrt(of_sum));
    let sums: Vec<f64> = posterior.rows().map(|z| z[0] + z[1]).collect();
    near(&sums, &posterior.weights, want);
    let differences: Vec<f64> = posterior.rows().map(|z| z[0] - z[1]).collect();
    near(&differences, &posterior.weights, (0.0, libm::sqrt(2.0)));
    for (j, said) in learned(&posterior).iter().enumerate() {
        assert_ne!(said.verdict, Verdict::Identified, "{said:?}");
        assert!((said.narrowed - 0.5).abs() < 4.0 * said.narrowed_mcse, "{said:?}");
        let partner = said.partner.unwrap();
        assert_eq!(partner.parameter, 1 - j);
        assert!(partner.correlation < -0.97, "{partner:?}");
    }
    let found = directions(&posterior);
    assert_eq!([found[0].verdict, found[1].verdict], [Verdict::Identified, Verdict::NotIdentified]);
    found[0].loadings.iter().for_each(|l| assert!((l - libm::sqrt(0.5)).abs() < 0.05, "{found:?}"));
}

#[test]
fn the_same_seed_gives_the_same_particles_and_another_others() {
    let toy = normal_toy();
    let pilot = toy.pilot(300, 1);
    let fit = |seed| toy.fit(&pilot, &[0.5, 0.0, 5.0], &limits(50), seed).last;
    assert!(fit(2).number > 2);
    assert_eq!(fit(2), fit(2));
    assert_ne!(fit(2), fit(3));
    assert_eq!(toy.pilot(300, 1).projection, pilot.projection);
}

#[test]
fn a_tolerance_that_no_draw_meets_stops_with_what_was_reached() {
    let toy = normal_toy();
    let pilot = toy.pilot(300, 1);
    let strict = Limits { acceptance: 0.9, quantile: 0.3, ..limits(50) };
    let fit = toy.fit(&pilot, &[0.5, 0.0, 5.0], &strict, 2);
    assert!(matches!(fit.stop, Stop::AcceptanceTooLow { .. }), "{:?}", fit.stop);
    assert_eq!(fit.stop.last(), fit.last.progress());
    assert_eq!(fit.last.number, 1);
    let few = Limits { attempts: 360, ..limits(50) };
    let fit = toy.fit(&pilot, &[0.5, 0.0, 5.0], &few, 2);
    let Stop::AttemptsUsedUp { attempts, .. } = fit.stop else { panic!("{:?}", fit.stop) };
    assert!((311..=360).contains(&attempts), "{attempts}");
}

/// Twenty numbers around as many parameters, the first half with standard deviation 0.5, the others with 1.
fn twenty(z: &[f64], draws: &mut Addressed) -> Vec<f64> {
    z.iter().enumerate().map(|(k, z)| z + noise(k) * draws.normal()).collect()
}

fn noise(k: usize) -> f64 {
    if k < 10 { 0.5 } else { 1.0 }
}

/// With importance weights few of the particles had nearly all the weight from the second generation on.
#[test]
fn twenty_parameters_do_not_thin_out() {
    let toy = Toy { parameters: 20, simulate: twenty, transforms: vec![Transform::Identity; 20] };
    let pilot = toy.pilot(4_000, 21);
    let observed: Vec<f64> = (0..20).map(|k| 0.15 * (f64::from(k) - 9.5)).collect();
    let fit = toy.fit(&pilot, &observed, &Limits { generations: 9, quantile: 0.5, ..limits(800) }, 22);
    assert_eq!(fit.record.len(), 9, "{}", fit.stop);
    for done in &fit.record {
        assert!(done.effective > 0.6 * 800.0, "{done:?}");
    }
    assert!(fit.last.tolerance < 0.65 * fit.record[0].tolerance, "{:?}", fit.record);
    let posterior = Posterior::adjusted(&fit.last, &fit.observed, Adjustment::Linear).unwrap();
    let n = posterior.effective();
    assert!(n > 300.0, "{n}");
    // The means are read where the regression extrapolates to.
    let of_mean = n / (1.0 + leverage(&fit));
    for (k, y) in observed.iter().enumerate() {
        let precision = 1.0 + 1.0 / (noise(k) * noise(k));
        let want = ((1.0 - 1.0 / precision) * y, 1.0 / libm::sqrt(precision));
        let values: Vec<f64> = posterior.values(k).collect();
        let (mean, sd) = weighted_moments(&values, &posterior.weights);
        assert!((mean - want.0).abs() < 4.0 * want.1 / libm::sqrt(of_mean), "{k}: mean {mean}, not {}", want.0);
        assert!((sd - want.1).abs() < 4.0 * want.1 / libm::sqrt(2.0 * n), "{k}: sd {sd}, not {}", want.1);
    }
}

/// How far the middle of the particles is from the observed figures, squared, in units of their spread: a regression that
/// extrapolates by as much has a variance larger by this.
fn leverage(fit: &Fit) -> f64 {
    let (p, t) = (fit.observed.len(), fit.last.tolerance);
    let rows: Vec<(f64, Vec<f64>)> = fit
        .last
        .particles
        .iter()
        .map(|at| {
            let off = at.projected.iter().zip(&fit.observed).map(|(a, b)| a - b).collect();
            (1.0 - at.distance * at.distance / (t * t), off)
        })
        .collect();
    let total: f64 = rows.iter().map(|(w, _)| w).sum();
    let middle: Vec<f64> = (0..p).map(|k| rows.iter().map(|(w, off)| w * off[k]).sum::<f64>() / total).collect();
    let entry = |at: usize| {
        let product = |off: &[f64]| (off[at / p] - middle[at / p]) * (off[at % p] - middle[at % p]);
        rows.iter().map(|(w, off)| w * product(off)).sum::<f64>() / total
    };
    let (mut lu, mut solved) = (Lu::default(), Vec::new());
    lu.decompose(&(0..p * p).map(entry).collect::<Vec<f64>>(), p).unwrap();
    lu.solve(&middle, &mut solved);
    middle.iter().zip(&solved).map(|(a, b)| a * b).sum()
}
