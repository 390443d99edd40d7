//! Fits of a small scenario whose posterior is known.

use super::*;
use crate::diagnostic::Diagnostics;
use crate::published::Published;
use crate::scenario::{Scenario, load_published_text, load_text};
use crate::tables::calibration::Calibration;
use crate::tables::check::{Check, CheckedFit};
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
        acceptance: 0.02,
        fall: 0.01,
        generations: 3,
        attempts: 20_000,
    };
    Settings { seed, pilot: 2_000, limits, threads }
}

/// What `work` makes of the fit of a scenario to published numbers.
fn with_fit<T>(
    scenario: &Scenario,
    published: &Published,
    settings: Settings,
    work: impl FnOnce(&Fit<'_>) -> Result<T, CalibrationProblem>,
) -> T {
    let files: Vec<(String, String)> =
        scenario.sources.files.iter().map(|(name, text)| (name.clone(), text.to_string())).collect();
    let priors = priors(scenario, &mut Diagnostics::new()).expect("they are sound");
    let condition = scenario.conditions(&mut Diagnostics::new()).swap_remove(0);
    let prepared = scenario.prepare_tables(&condition, None, &mut Diagnostics::new()).expect("it is sound");
    let plan = prepared.tables.as_ref().expect("there are tables");
    let fit = Fit { files: &files, priors: &priors, plan, published, settings };
    work(&fit).expect("it can be fitted")
}

fn fitted(scenario: &Scenario, published: &Published, settings: Settings, kept: &mut Kept) -> Calibration {
    with_fit(scenario, published, settings, |fit| calibrate(fit, kept, &AtomicBool::new(false), &|_| {}))
}

fn checked(scenario: &Scenario, fits: u64, settings: Settings, kept: &mut Kept) -> Check {
    with_fit(scenario, &published(60), settings, |fit| check(fit, fits, kept, &AtomicBool::new(false), &|_| {}))
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
    for generation in &found.generations {
        assert_eq!(generation.sweeps > 0, generation.number > 1);
        assert!(generation.effective > 200.0 && generation.acceptance > 0.02, "{generation:?}");
    }
    // 2,000 of the pilot, and what the moves of two generations took: each place moved three times at least.
    let moved: u64 = found.generations[1..].iter().map(|generation| generation.attempts).sum();
    assert!(found.studies == 2_000 + moved && moved >= 2 * 3 * 400, "{found:?}");
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
    let found = checked(&scenario(), 60, small(100), &mut Kept::nowhere());
    assert_eq!((found.fits.len(), found.asked, found.draws, found.failed().count()), (60, 60, 19, 0));
    for parameter in &found.parameters {
        // Ten bars of six; of 60 true values 30 and 57 are within, and 15.5 or 6.8 are four standard errors.
        assert_eq!((parameter.histogram.len(), parameter.histogram.iter().sum::<u64>()), (10, 60));
        assert_eq!(parameter.expected, 6.0);
        assert!(parameter.even && parameter.p > 0.001, "{parameter:?}");
        assert!((parameter.half - 0.5).abs() < 0.26 && parameter.most > 0.83, "{parameter:?}");
    }
    // 200 persons tell of the share nearly all, and of the other parameter nothing.
    let [share, other] = &found.parameters[..] else { panic!("{found:?}") };
    assert!(share.correlation > 0.95 && share.narrowed > 0.9, "{share:?}");
    assert!(other.correlation.abs() < 0.5 && other.narrowed.abs() < 0.2, "{other:?}");
    let generations = found.fits.iter().all(|fit| fit.generation == 2 && fit.effective > 40.0);
    assert!(generations && found.studies > 400 + 60 * 120, "{:?}", found.fits[0]);
    // True values are draws of the prior: mean 0 with standard error 0.13.
    let mean = |j: usize| found.fits.iter().map(|fit| fit.truth[j]).sum::<f64>() / 60.0;
    assert!(mean(0).abs() < 0.52 && mean(1).abs() < 0.52, "{} {}", mean(0), mean(1));
}

#[test]
fn a_check_is_the_same_at_any_number_of_threads_and_after_an_interruption() {
    let with = |threads| Settings { threads, ..small(8) };
    let one = checked(&scenario(), 4, with(1), &mut Kept::nowhere());
    assert_eq!(one, checked(&scenario(), 4, with(3), &mut Kept::nowhere()));
    let folder = tempfile::tempdir().expect("a folder");
    let open = |resume| Kept::open(folder.path(), &vec![], resume, false).expect("it can be opened");
    let three = checked(&scenario(), 3, with(2), &mut open(false));
    assert_eq!(three.fits, one.fits[..3]);
    // What is kept is read, not made again: this one was changed by hand.
    let first = folder.path().join("check_0001.csv");
    let text = std::fs::read_to_string(&first).expect("it is there");
    std::fs::write(&first, text.replacen("2,", "7,", 1)).expect("it can be written");
    std::fs::remove_file(folder.path().join("check_0003.csv")).expect("it is there");
    let mut again = checked(&scenario(), 4, with(2), &mut open(true));
    assert_eq!(again.fits[0].generation, 7);
    again.fits[0].generation = 2;
    assert_eq!(again, one);
    std::fs::write(&first, "1,2,3\n").expect("it can be written");
    let torn = open(true).check(1, 2).expect_err("it was changed");
    assert_eq!(torn.code, "R0085");
}

#[test]
fn true_values_without_a_study_are_told() {
    // A third of the draws are above 1, where there is no share.
    let text = SCENARIO
        .replace("share = \"beta(a = 2, b = 3)\"", "share = \"truncated_normal(mean = 0.95, sd = 0.1, low = 0)\"");
    let scenario = load_text("small.toml", &text, &[]).scenario.expect("it is sound");
    let folder = tempfile::tempdir().expect("a folder");
    let kept = |resume| Kept::open(folder.path(), &vec![], resume, false).expect("it can be opened");
    let found = checked(&scenario, 12, small(3), &mut kept(false));
    let failed: Vec<&CheckedFit> = found.failed().collect();
    assert!((1..12).contains(&failed.len()), "{failed:?}");
    for fit in failed {
        assert!(fit.values.is_empty() && fit.truth.len() == 2 && fit.studies == 0, "{fit:?}");
        assert!(fit.truth[0] > 0.0 && fit.failed.starts_with("S0204"), "{fit:?}");
    }
    let good = 12 - found.failed().count() as u64;
    assert_eq!(found.parameters[0].histogram.iter().sum::<u64>(), good);
    assert_eq!(found, checked(&scenario, 12, small(3), &mut kept(true)));
}
