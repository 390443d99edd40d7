//! Fits of a small scenario whose posterior is known.

use super::*;
use crate::diagnostic::Diagnostics;
use crate::published::Published;
use crate::scenario::{Scenario, load_published_text, load_text};
use crate::statistics::abc::{Uniformity, rank, systematic};
use crate::tables::calibration::Calibration;
use std::sync::atomic::AtomicBool;

/// 200 persons, of whom `share` are ill and `other` are not asked about: the number of the ill says all of `share` that a
/// study says, and nothing of `other`.
const SCENARIO: &str = r#"scenario = 1
[study]
title = "ill persons"
aims = "test"
seed = 5
replicates = 10
[parameters]
share = { value = 0.5, about = "share who are ill", source = "assumed" }
other = { value = 0.5, about = "share who are tired", source = "assumed" }
[[group]]
name = "all"
size = 200
[attributes]
ill = "bernoulli(p = share)"
tired = { law = "bernoulli(p = other)", latent = true }
[[estimand]]
name = "ill"
quantity = "prevalence"
of = "ill"
wave = 1
target = "cohort"
[[method]]
method = "complete_case"
[[table]]
id = "t"
row = [{ id = "ill", where = "any(told)" }, { id = "well", where = "not any(told)" }, { id = "all" }]
[tables.year]
told = "ill == 1"
[prior]
share = "beta(a = 2, b = 3)"
other = "uniform(low = 0.2, high = 0.8)"
"#;

fn published(ill: u32) -> Published {
    let text = format!(
        r#"published = 1
[study]
title = "a study"
[[source]]
id = "s"
title = "a report"
[[group]]
id = "all"
title = "all"
n = 200
[[table]]
id = "t"
title = "who is ill"
source = "s"
years = "2011"
unit = "individuals"
of = "all"
row = [{{ id = "ill", title = "ill", value = {ill} }}, {{ id = "well", title = "well", value = {} }}]
"#,
        200 - ill
    );
    load_published_text("published.toml", &text).published.expect("it is sound")
}

fn scenario() -> Scenario {
    load_text("small.toml", SCENARIO, &[]).scenario.expect("it is sound")
}

fn settings(seed: u64, threads: usize) -> Settings {
    let limits = Limits {
        particles: 400,
        quantile: 0.5,
        tolerance: 0.0,
        acceptance: 0.1,
        fall: 0.01,
        generations: 3,
        attempts: 20_000,
    };
    Settings { seed, pilot: 2_000, limits, threads }
}

fn fitted(scenario: &Scenario, published: &Published, settings: Settings, kept: &mut Kept) -> Calibration {
    let files: Vec<(String, String)> =
        scenario.sources.files.iter().map(|(name, text)| (name.clone(), text.to_string())).collect();
    let priors = priors(scenario, &mut Diagnostics::new()).expect("they are sound");
    let condition = scenario.conditions(&mut Diagnostics::new()).swap_remove(0);
    let prepared = scenario.prepare_tables(&condition, None, &mut Diagnostics::new()).expect("it is sound");
    let plan = prepared.tables.as_ref().expect("there are tables");
    let fit = Fit { files: &files, priors: &priors, plan, published, settings };
    calibrate(&fit, kept, &AtomicBool::new(false), &|_| {}).expect("it can be fitted")
}

#[test]
fn the_posterior_of_a_share_is_found_and_the_rest_is_not_identified() {
    let (scenario, published) = (scenario(), published(60));
    let found = fitted(&scenario, &published, settings(5, 2), &mut Kept::nowhere());
    // A beta law before, 60 of 200: a beta law with 62 and 143 after.
    let (a, b) = (62.0, 143.0);
    let mean = a / (a + b);
    let sd = libm::sqrt(a * b / ((a + b) * (a + b) * (a + b + 1.0)));
    let share = &found.parameters[0];
    let weighted: f64 = found.draws.iter().zip(&found.weights).map(|(draw, w)| w * draw[0]).sum();
    let spread: f64 =
        found.draws.iter().zip(&found.weights).map(|(d, w)| w * (d[0] - weighted) * (d[0] - weighted)).sum();
    assert!((weighted - mean).abs() < 4.0 * sd / libm::sqrt(found.effective), "{weighted} for {mean}");
    assert!((libm::sqrt(spread) / sd - 1.0).abs() < 0.2, "{} for {sd}", libm::sqrt(spread));
    assert_eq!(share.verdict, "identified");
    assert!((share.fitted - mean).abs() < sd / 2.0);
    let other = &found.parameters[1];
    assert_eq!(other.verdict, "not identified");
    assert!(other.narrowed.abs() < 0.25, "{}", other.narrowed);
    assert!(found.beyond.is_empty() && found.failed == 0 && found.adjusted, "{found:?}");
    assert_eq!(found.generations.len(), 3);
}

#[test]
fn a_fit_is_the_same_at_any_number_of_threads_and_after_an_interruption() {
    let (scenario, published) = (scenario(), published(100));
    let one = fitted(&scenario, &published, settings(6, 1), &mut Kept::nowhere());
    assert_eq!(one, fitted(&scenario, &published, settings(6, 3), &mut Kept::nowhere()));
    assert_ne!(one.draws, fitted(&scenario, &published, settings(7, 1), &mut Kept::nowhere()).draws);
    let folder = tempfile::tempdir().expect("a folder");
    let key: Key = vec![("seed".to_owned(), "6".to_owned())];
    let open = |resume: bool| Kept::open(folder.path(), &key, resume, false);
    assert_eq!(one, fitted(&scenario, &published, settings(6, 2), &mut open(false).expect("it is empty")));
    // As a kill would leave it: the last generation is not there.
    let last = folder.path().join("generation_003.csv");
    std::fs::remove_file(&last).expect("it is there");
    assert_eq!(one, fitted(&scenario, &published, settings(6, 2), &mut open(true).expect("it goes on")));
    assert!(last.exists());
    assert_eq!(open(false).expect_err("it is not empty").code, "R0020");
    let other: Key = vec![("seed".to_owned(), "7".to_owned())];
    let refused = Kept::open(folder.path(), &other, true, false).expect_err("another seed");
    assert_eq!(refused.code, "R0085");
    assert!(refused.message.contains("another seed: 6, and now 7"), "{}", refused.message);
    std::fs::write(folder.path().join("pilot.csv"), "1,2|3,x\n").expect("it can be written");
    let torn = open(true).and_then(|kept| kept.pilot().map(|_| ())).expect_err("it was changed");
    assert_eq!(torn.code, "R0085");
}

/// A fit that takes little time.
fn small(seed: u64) -> Settings {
    let own = settings(seed, 2);
    Settings { pilot: 400, limits: Limits { particles: 120, generations: 2, ..own.limits }, ..own }
}

/// Simulation-based calibration (Talts and others 2018, arXiv:1804.06788): where the true values come from the prior, their
/// ranks among draws of the posterior are even.
#[test]
fn ranks_of_true_values_are_even() {
    const FITS: u64 = 60;
    const DRAWS: usize = 19;
    let scenario = scenario();
    let law = priors(&scenario, &mut Diagnostics::new()).expect("they are sound").swap_remove(0).law;
    let mut ranks = Vec::new();
    for k in 0..FITS {
        // True values and data at even steps of the prior and of the binomial law: less chance in the test.
        let u = (k as f64 + 0.5) / FITS as f64;
        let share = law.quantile(u);
        let noise =
            libm::sqrt(200.0 * share * (1.0 - share)) * crate::streams::normal_quantile((u * 37.0) % 1.0 * 0.98 + 0.01);
        let ill = (200.0 * share + noise).round().clamp(0.0, 200.0) as u32;
        let found = fitted(&scenario, &published(ill), small(100 + k), &mut Kept::nowhere());
        let mut steps = Steps(u);
        let chosen = systematic(&found.weights, DRAWS, &mut steps);
        let draws: Vec<f64> = chosen.iter().map(|at| found.draws[*at][0]).collect();
        ranks.push(rank(share, &draws));
    }
    let even = Uniformity::new(&ranks, DRAWS, 5, 0.99).expect("enough ranks");
    assert!(even.p > 0.001, "{even:?}");
}

struct Steps(f64);

impl crate::statistics::draws::Draws for Steps {
    fn uniform(&mut self) -> f64 {
        self.0 = (self.0 * 53.0 + 0.17) % 1.0;
        self.0.clamp(1e-9, 1.0 - 1e-9)
    }

    fn normal(&mut self) -> f64 {
        crate::streams::normal_quantile(self.uniform())
    }

    fn chi_square(&mut self, _df: f64) -> f64 {
        self.uniform()
    }
}
