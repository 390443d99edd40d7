//! The hand-written programs in `benches/floor/` are the yardstick of the benches and a second implementation of two
//! studies: they must give the studies' known answers.

#[path = "../benches/floor/cohort_transitions.rs"]
mod cohort_transitions;
#[path = "../benches/floor/panel_with_dropout.rs"]
mod panel_with_dropout;

use panel_with_dropout::{Answers, Estimate, Layer, Random, population_truth, replicate};

/// Mean, its Monte Carlo standard error, and the share of intervals that hold `truth`.
fn performance(estimates: &[Estimate], truth: f64) -> (f64, f64, f64) {
    let n = estimates.len() as f64;
    let mean = estimates.iter().map(|e| e.estimate).sum::<f64>() / n;
    let square = estimates.iter().map(|e| (e.estimate - mean) * (e.estimate - mean)).sum::<f64>();
    let covered = estimates.iter().filter(|e| e.low <= truth && truth <= e.high).count() as f64;
    (mean, libm::sqrt(square / (n - 1.0) / n), covered / n)
}

/// Expected shares at wave 5 without any random number: every path of (true state, answer) of every group.
/// Complete cases: by their probability; weighting with the right probabilities of the recorded layer: by that of
/// having the answers, which is 1 in all where the weights are right.
fn expected(layer: Layer) -> (f64, f64) {
    let expit = |x: f64| 1.0 / (1.0 + libm::exp(-x));
    let number = |bit: u32| f64::from(bit & 1);
    let (mut stayed, mut stayed_yes) = (0.0, 0.0);
    for (g, size) in panel_with_dropout::SIZES.into_iter().enumerate() {
        let start = panel_with_dropout::START[g];
        // Bit t of `truth` and `answer` is wave t + 1.
        for truth in 0..32_u32 {
            for answer in 0..32_u32 {
                let mut p = size as f64;
                for t in 0..5 {
                    let yes = match t {
                        0 => start,
                        _ => expit(-1.0 + 2.0 * number(truth >> (t - 1)) + 0.3 * g as f64),
                    };
                    p *= if truth >> t & 1 == 1 { yes } else { 1.0 - yes };
                    p *= if (truth ^ answer) >> t & 1 == 1 { 0.1 } else { 0.9 };
                    if t > 0 {
                        let read = if layer == Layer::True { truth } else { answer };
                        p *= 1.0 - expit(-2.2 + 0.8 * number(read >> (t - 1)));
                    }
                }
                stayed += p;
                stayed_yes += p * number(answer >> 4);
            }
        }
    }
    (stayed / 128.0, stayed_yes / stayed)
}

#[test]
fn panel_with_dropout_gives_its_known_answers() {
    let truth = population_truth();
    assert!((truth - 0.64).abs() < 5e-5, "{truth}");
    // Known: complete cases 0.595 with coverage 0.875 and weighting 0.606 with 0.919, both on the true layer. On the
    // recorded layer weighting leaves only the misreport: 0.8 * 0.64 + 0.1 = 0.612.
    let known = [(Layer::True, [(0.595, 0.875), (0.606, 0.919)]), (Layer::Recorded, [(0.598, 0.885), (0.612, 0.928)])];
    for (layer, known) in known {
        let mut random = Random::new(20_101);
        let mut persons = Vec::new();
        let all: Vec<Answers> = (0..4000).map(|_| replicate(&mut random, layer, &mut persons)).collect();
        let complete: Vec<Estimate> = all.iter().filter_map(|a| a.complete_case).collect();
        let weighted: Vec<Estimate> = all.iter().filter_map(|a| a.ipw).collect();
        assert_eq!((complete.len(), weighted.len()), (4000, 4000));
        for (estimates, (mean, coverage)) in [&complete, &weighted].into_iter().zip(known) {
            let (got, mcse, covered) = performance(estimates, truth);
            assert!((got - mean).abs() < 4.0 * mcse + 5e-4, "{layer:?}: {got} ({mcse}), known {mean}");
            let coverage_mcse = libm::sqrt(coverage * (1.0 - coverage) / 4000.0);
            assert!(
                (covered - coverage).abs() < 4.0 * coverage_mcse,
                "{layer:?}: coverage {covered}, known {coverage}"
            );
        }
        let (_, share) = expected(layer);
        let (got, mcse, _) = performance(&complete, truth);
        assert!((got - share).abs() < 4.0 * mcse + 5e-4, "{layer:?}: {got}, exactly {share}");
        let own = all.iter().map(|a| a.cohort_truth).sum::<f64>() / 4000.0;
        assert!((own - truth).abs() < 4.0 * 0.0414 / libm::sqrt(4000.0), "{own}");
        let slopes: Vec<Estimate> = all.iter().filter_map(|a| a.slope).collect();
        let (slope, mcse, _) = performance(&slopes, 0.33);
        assert!((slope - 0.33).abs() < 4.0 * mcse, "{slope} ({mcse})");
    }
}

#[test]
fn cohort_transitions_ends_where_it_should() {
    let known = [0.889, 0.642, 0.559, 0.675];
    let persons = 100_000;
    for shares in [cohort_transitions::naive(persons, 7), cohort_transitions::tables(persons, 7)] {
        for (got, known) in shares.into_iter().zip(known) {
            let mcse = libm::sqrt(known * (1.0 - known) / persons as f64);
            assert!((got - known).abs() < 4.0 * mcse + 5e-4, "{shares:?}");
        }
    }
}
