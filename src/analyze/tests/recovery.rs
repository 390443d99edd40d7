//! A known truth is found again, and the bias of what ignores the losses is seen.

use super::study::{PERSONS, REPLICATES, WAVES, study};
use super::{catalogue, options, stream, target};
use crate::diagnostic::Diagnostics;
use crate::tables::{ObservedBatch, Quantity, Target};

/// Mean error of a method over the replicates, its Monte Carlo standard error, and how often the interval covers.
fn performance(method: &str, pairs: &[(&str, &str)], asked: &Target, batch: &ObservedBatch, truth: f64) -> [f64; 3] {
    let entry = catalogue().iter().find(|e| e.name == method).unwrap();
    let declared = (entry.declare)(&options(pairs), &mut Diagnostics::new()).unwrap();
    let mut fit = declared.bind(asked, &batch.schema).unwrap();
    let answers: Vec<_> = (0..REPLICATES).map(|r| fit.fit(&batch.replicate(r), &mut stream()).unwrap()).collect();
    let n = answers.len() as f64;
    let bias = answers.iter().map(|a| a.estimate - truth).sum::<f64>() / n;
    let squares: f64 = answers.iter().map(|a| (a.estimate - truth - bias) * (a.estimate - truth - bias)).sum();
    let covers = answers.iter().filter_map(|a| a.interval).filter(|i| i.0 <= truth && truth <= i.1).count();
    [bias, libm::sqrt(squares / (n - 1.0) / n), covers as f64 / n]
}

#[test]
fn weighting_takes_out_the_bias_of_losses_that_it_models() {
    let batch = study((0.08, 0.2));
    let asked = target("earning", Quantity::Prevalence { wave: WAVES - 1 });
    assert_eq!(batch.group.len(), PERSONS * REPLICATES);
    let [bias, error, _] = performance("complete_case", &[], &asked, &batch, 0.4);
    assert!(bias > 10.0 * error, "complete case: {bias} {error}");
    for errors in ["known_weights", "estimated_weights"] {
        for model in ["earning", "earning + factor(wave)", "earning + height"] {
            let pairs = [("dropout_model", model), ("errors", errors)];
            let [bias, error, coverage] = performance("ipw", &pairs, &asked, &batch, 0.4);
            assert!(bias.abs() < 4.0 * error, "{model}: {bias} {error}");
            assert!((0.90..0.99).contains(&coverage), "{model} {errors}: {coverage}");
        }
    }
    let [bias, error, _] = performance("ipw", &[("dropout_model", "well")], &asked, &batch, 0.4);
    assert!(bias > 10.0 * error, "the wrong model: {bias} {error}");
}

#[test]
fn losses_at_random_leave_no_bias() {
    let batch = study((0.1, 0.0));
    let asked = target("earning", Quantity::Prevalence { wave: WAVES - 1 });
    for method in ["complete_case", "available_case", "locf"] {
        let [bias, error, coverage] = performance(method, &[], &asked, &batch, 0.4);
        assert!(bias.abs() < 4.0 * error, "{method}: {bias} {error}");
        assert!((0.91..0.99).contains(&coverage), "{method}: {coverage}");
    }
}
