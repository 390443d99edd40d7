//! What can be worked out without a simulation: coverage of intervals by listing all outcomes, and closed forms of reports
//! with errors. The numbers are printed to as many places as they were worked out to; half of the last place is allowed.

use eclosion::numeric::normal_cdf;
use eclosion::statistics::agreement::{Agreement, Weights};
use eclosion::statistics::misreport::{Accuracy, rogan_gladen};
use eclosion::statistics::share::ShareInterval;

const Z: f64 = 1.959_963_984_540_054;

fn agrees(what: &str, got: f64, want: f64, places: i32) {
    let allowed = 0.5 * libm::pow(10.0, -f64::from(places)) + 1e-9;
    assert!((got - want).abs() <= allowed, "{what}: got {got}, want {want}");
}

/// Probabilities of 0..=n yeses.
fn binomial(n: u32, p: f64) -> Vec<f64> {
    let size = f64::from(n);
    let log_choose = |x: f64| libm::lgamma(size + 1.0) - libm::lgamma(x + 1.0) - libm::lgamma(size - x + 1.0);
    let one = |x: f64| libm::exp(log_choose(x) + x * libm::log(p) + (size - x) * libm::log(1.0 - p));
    (0..=n).map(|x| one(f64::from(x))).collect()
}

/// How often the limits for each number of yeses hold `truth` if a yes has probability `p`.
fn coverage(limits: &[(f64, f64)], p: f64, truth: f64) -> f64 {
    let chances = binomial(limits.len() as u32 - 1, p);
    limits
        .iter()
        .zip(chances)
        .filter(|((low, high), _)| *low <= truth && truth <= *high)
        .map(|(_, chance)| chance)
        .sum()
}

fn limits(kind: ShareInterval, n: u32) -> Vec<(f64, f64)> {
    (0..=n).map(|x| kind.at_level(f64::from(x), f64::from(n), 0.95).expect("they are defined")).collect()
}

/// After Brown, Cai and DasGupta 2001: a larger study may cover worse.
#[test]
fn lucky_and_unlucky_pairs() {
    use ShareInterval::{AgrestiCoull, ClopperPearson, Jeffreys, Wald, Wilson};
    let kinds = [Wald, Wilson, AgrestiCoull, ClopperPearson, Jeffreys];
    for (n, p, wanted) in [
        (17, 0.5, [0.9510, 0.9510, 0.9510, 0.9510, 0.9510]),
        (40, 0.5, [0.9193, 0.9615, 0.9615, 0.9615, 0.9615]),
        (30, 0.2, [0.9463, 0.9639, 0.9639, 0.9800, 0.9302]),
        (98, 0.2, [0.9281, 0.9576, 0.9576, 0.9690, 0.9422]),
        (591, 0.005, [0.9449, 0.9691, 0.9691, 0.9892, 0.9174]),
        (592, 0.005, [0.7922, 0.9688, 0.9688, 0.9891, 0.9174]),
        (50, 0.05, [0.9199, 0.9622, 0.9622, 0.9882, 0.8853]),
        (10, 0.5, [0.8906, 0.9785, 0.9785, 0.9785, 0.9785]),
    ] {
        for (kind, want) in kinds.iter().zip(wanted) {
            agrees(&format!("{kind:?} n {n} p {p}"), coverage(&limits(*kind, n), p, p), want, 4);
        }
    }
}

/// Coverage in per cent at p = .05, .1, .2, .3 and .5.
#[test]
fn coverage_in_studies_of_common_sizes() {
    use ShareInterval::{ClopperPearson, Wald, Wilson};
    for (n, kind, wanted) in [
        (8, Wald, [33.6, 56.5, 82.2, 93.1, 93.0]),
        (8, Wilson, [94.3, 96.2, 94.4, 94.2, 93.0]),
        (8, ClopperPearson, [99.4, 99.5, 99.0, 98.9, 99.2]),
        (28, Wald, [76.0, 94.3, 92.4, 93.2, 91.3]),
        (28, Wilson, [95.1, 94.5, 94.5, 96.4, 96.4]),
        (28, ClopperPearson, [98.8, 98.2, 97.0, 96.4, 96.4]),
        (79, Wald, [90.4, 89.5, 91.9, 94.8, 95.8]),
        (79, Wilson, [93.9, 96.4, 95.1, 95.1, 95.8]),
        (79, ClopperPearson, [96.6, 96.4, 96.7, 96.4, 95.8]),
        (128, Wald, [88.2, 94.1, 95.1, 94.2, 93.7]),
        (128, Wilson, [96.2, 94.7, 95.4, 94.7, 95.8]),
        (128, ClopperPearson, [97.7, 96.0, 96.5, 96.7, 95.8]),
    ] {
        let limits = limits(kind, n);
        for (p, want) in [0.05, 0.1, 0.2, 0.3, 0.5].into_iter().zip(wanted) {
            agrees(&format!("{kind:?} n {n} p {p}"), 100.0 * coverage(&limits, p, p), want, 1);
        }
    }
}

/// Mean coverage over p uniform on (0, 1), and the least over .05, .051, .. .95.
#[test]
fn mean_and_least_coverage() {
    use ShareInterval::{AgrestiCoull, ClopperPearson, Jeffreys, Wald, Wilson};
    let kinds = [Wald, Wilson, AgrestiCoull, ClopperPearson, Jeffreys];
    for (n, wanted) in [
        (5, [0.6406, 0.9552, 0.9665, 0.9904, 0.9576]),
        (20, [0.8458, 0.9532, 0.9618, 0.9770, 0.9510]),
        (50, [0.9006, 0.9518, 0.9580, 0.9693, 0.9502]),
    ] {
        for (kind, want) in kinds.iter().zip(wanted) {
            let limits = limits(*kind, n);
            let points = 1000;
            let at = |k: i32| (f64::from(k) + 0.5) / f64::from(points);
            let mean = (0..points).map(|k| coverage(&limits, at(k), at(k))).sum::<f64>() / f64::from(points);
            // Coverage jumps as often as there are limits: a grid of a thousand points is good for three places.
            assert!((mean - want).abs() < 5e-4, "{kind:?} n {n}: got {mean}, want {want}");
        }
    }
    for (n, wanted) in [(15, [0.536, 0.914, 0.952]), (34, [0.800, 0.920, 0.951]), (109, [0.886, 0.930, 0.951])] {
        for (kind, want) in [Wald, Wilson, ClopperPearson].into_iter().zip(wanted) {
            let limits = limits(kind, n);
            let at = |k: i32| 0.05 + f64::from(k) / 1000.0;
            let least = (0..=900).map(|k| coverage(&limits, at(k), at(k))).fold(1.0, f64::min);
            agrees(&format!("{kind:?} n {n}"), least, want, 3);
        }
    }
}

/// A lasting attribute reported twice: q say yes, p11 twice.
#[test]
fn reports_of_a_lasting_attribute() {
    for (p, se, sp, apparent, kappa, taken_back, discordant, ratio) in [
        (0.10, 0.5, 1.00, 0.0500, 0.4737, 0.5000, 0.0500, 1.453),
        (0.10, 0.7, 0.95, 0.1150, 0.3736, 0.5543, 0.1275, 1.636),
        (0.10, 0.8, 0.95, 0.1250, 0.4629, 0.4700, 0.1175, 1.470),
        (0.20, 0.5, 1.00, 0.1000, 0.4444, 0.5000, 0.1000, 1.500),
        (0.20, 0.7, 0.95, 0.1800, 0.4580, 0.4444, 0.1600, 1.478),
        (0.20, 0.8, 0.95, 0.2000, 0.5625, 0.3500, 0.1400, 1.333),
        (0.20, 0.9, 0.90, 0.2600, 0.5322, 0.3462, 0.1800, 1.371),
        (0.30, 0.8, 0.95, 0.2750, 0.5925, 0.2955, 0.1625, 1.299),
        (0.30, 0.9, 0.90, 0.3400, 0.5989, 0.2647, 0.1800, 1.292),
        (0.50, 0.9, 0.90, 0.5000, 0.6400, 0.1800, 0.1800, 1.250),
    ] {
        let what = format!("p {p} se {se} sp {sp}");
        let q: f64 = se * p + (1.0 - sp) * (1.0 - p);
        let p11: f64 = se * se * p + (1.0 - sp) * (1.0 - sp) * (1.0 - p);
        let table = Agreement::new(2, &[p11, q - p11, q - p11, 1.0 - 2.0 * q + p11]).expect("it is a table");
        let found = table.kappa(Weights::None, 0.95).kappa.expect("it is defined");
        agrees(&what, found, kappa, 4);
        // The exact form, to rounding: J^2 p (1 - p) / (q (1 - q)).
        let j = se + sp - 1.0;
        assert!((found - j * j * p * (1.0 - p) / (q * (1.0 - q))).abs() < 1e-12, "{what}: {found}");
        agrees(&what, 1.0 - table.percent_agreement(), discordant, 4);
        agrees(&what, 1.0 - p11 / q, taken_back, 4);
        let accuracy = Accuracy { sensitivity: se, specificity: sp, n_sensitivity: None, n_specificity: None };
        let n = 1000.0;
        let corrected = rogan_gladen(q * n, n, &accuracy, 0.95).expect("it is defined");
        agrees(&what, corrected.apparent, apparent, 4);
        assert!((corrected.raw - p).abs() < 1e-12, "{what}: {}", corrected.raw);
        agrees(&what, corrected.se_known / libm::sqrt(p * (1.0 - p) / n), ratio, 3);
    }
}

/// With known sensitivity and specificity the corrected limits cover as those of the apparent share do.
#[test]
fn coverage_of_a_corrected_prevalence() {
    for (n, p, se, sp, wald, wilson) in [
        (28, 0.1, 0.7, 0.95, 0.837, 0.964),
        (77, 0.1, 0.7, 0.95, 0.937, 0.954),
        (109, 0.1, 0.7, 0.95, 0.930, 0.950),
        (128, 0.1, 0.7, 0.95, 0.922, 0.949),
        (109, 0.2, 0.5, 1.0, 0.916, 0.964),
    ] {
        let accuracy = Accuracy { sensitivity: se, specificity: sp, n_sensitivity: None, n_specificity: None };
        let all: Vec<_> = (0..=n)
            .map(|x| rogan_gladen(f64::from(x), f64::from(n), &accuracy, 0.95).expect("it is defined"))
            .collect();
        let q = se * p + (1.0 - sp) * (1.0 - p);
        let of = |limits: &dyn Fn(usize) -> (f64, f64)| {
            let limits: Vec<_> = (0..all.len()).map(limits).collect();
            coverage(&limits, q, p)
        };
        let what = format!("n {n} p {p}");
        agrees(&what, of(&|x| all[x].wald_known), wald, 3);
        agrees(&what, of(&|x| all[x].wilson_known), wilson, 3);
    }
}

/// Wald's interval at the corrected value, as if there had been no correction, is too short by r = J sqrt(p(1-p)/(q(1-q))), and
/// covers 2 Phi(1.96 r) - 1 in the long run. The standard error of the correction is longer by 1 / r: it repairs just that.
#[test]
fn a_plain_interval_after_correction_is_too_short() {
    for (p, se, sp, covers) in [
        (0.05, 0.7, 0.95, 0.687),
        (0.1, 0.7, 0.95, 0.769),
        (0.1, 0.8, 0.8, 0.579),
        (0.2, 0.8, 0.95, 0.858),
        (0.2, 0.9, 0.9, 0.847),
        (0.3, 0.8, 0.8, 0.733),
    ] {
        let accuracy = Accuracy { sensitivity: se, specificity: sp, n_sensitivity: None, n_specificity: None };
        let n = 1e6;
        let q = se * p + (1.0 - sp) * (1.0 - p);
        let corrected = rogan_gladen(q * n, n, &accuracy, 0.95).expect("it is defined");
        let (low, high) = ShareInterval::Wald.at_level(corrected.estimate * n, n, 0.95).expect("it is defined");
        let reach = 0.5 * (high - low) / corrected.se_known;
        agrees(&format!("p {p} se {se} sp {sp}"), 2.0 * normal_cdf(reach) - 1.0, covers, 3);
        let right = 0.5 * (corrected.wald_known.1 - corrected.wald_known.0) / corrected.se_known;
        assert!((right - Z).abs() < 1e-9, "{right}");
    }
}
