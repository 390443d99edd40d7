//! What missing answers leave open: worst-case bounds on a share, and an interval for the share within them.
//!
//! Sources: Manski 1989, Anatomy of the selection problem (doi:10.2307/145818); Imbens and Manski 2004, Confidence
//! intervals for partially identified parameters (doi:10.1111/j.1468-0262.2004.00555.x).

use crate::numeric::root::brent;
use crate::numeric::{normal_cdf, normal_quantile};

/// Bounds on a share when nothing is known of those who did not answer.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct WorstCase {
    /// The share if none of the missing answers were a yes.
    pub lower: f64,
    /// The share if all of them were.
    pub upper: f64,
    /// How many standard errors the interval reaches beyond each bound: between the one-sided and the two-sided
    /// standard normal quantile.
    pub c: f64,
    /// Interval that covers the share, wherever it lies between the bounds, with the level asked for. Its limits are
    /// not cut at 0 and 1.
    pub interval: (f64, f64),
}

/// Bounds on the share of yeses among `n` persons, `missing` of whom gave no answer, with an interval at a level such as
/// 0.95. `None` where there are no persons or the counts contradict each other.
#[must_use]
pub fn worst_case(yes: f64, missing: f64, n: f64, level: f64) -> Option<WorstCase> {
    if !(n > 0.0 && n.is_finite() && yes >= 0.0 && missing >= 0.0 && yes + missing <= n) {
        return None;
    }
    let (lower, upper) = (yes / n, (yes + missing) / n);
    let se = |p: f64| libm::sqrt(p * (1.0 - p) / n);
    let (c, interval) = imbens_manski((lower, se(lower)), (upper, se(upper)), level)?;
    Some(WorstCase { lower, upper, c, interval })
}

/// The interval of Imbens and Manski for a quantity that lies between two bounds, each estimated with a standard error:
/// the number `c` of standard errors beyond each bound, and the limits. `None` where the bounds are out of order, a
/// standard error is negative or anything is not finite, or the level is not between 0 and 1.
#[must_use]
pub fn imbens_manski(lower: (f64, f64), upper: (f64, f64), level: f64) -> Option<(f64, (f64, f64))> {
    let width = upper.0 - lower.0;
    let se = lower.1.max(upper.1);
    let usable = width >= 0.0 && lower.1 >= 0.0 && upper.1 >= 0.0 && (width + se + lower.0).is_finite();
    if !(usable && level > 0.0 && level < 1.0) {
        return None;
    }
    let outside = 1.0 - level;
    let two_sided = -normal_quantile(0.5 * outside);
    let c = if width == 0.0 {
        two_sided
    } else {
        let distance = width / se;
        // Phi(c + d) - Phi(-c) = level, with the tails added up instead.
        let excess = |c: f64| outside - normal_cdf(-c - distance) - normal_cdf(-c);
        let one_sided = -normal_quantile(outside);
        // At the ends the excess may be 0 but for rounding.
        brent(excess, one_sided - 1e-3, two_sided + 1e-3)?
    };
    Some((c, (lower.0 - c * lower.1, upper.0 + c * upper.1)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::statistics::tests::{Case, columns};

    #[test]
    fn reference_cases() {
        for name in ["simple_missing_panel_28x5", "simple_missing_panel_wave3_lost"] {
            let case = Case::read(name);
            let table = columns(case.json["data"].as_str().unwrap());
            let last = table["wave"].iter().copied().fold(0.0, f64::max);
            let rows: Vec<f64> =
                table["wave"].iter().zip(&table["y"]).filter(|(w, _)| **w == last).map(|(_, y)| *y).collect();
            let missing = rows.iter().filter(|y| y.is_nan()).count() as f64;
            let yes = rows.iter().filter(|y| **y == 1.0).count() as f64;
            let n = rows.len() as f64;
            let level = case.setting("conf_level").as_f64().unwrap();
            let got = worst_case(yes, missing, n, level).unwrap();
            case.check(&["bounds_last_wave", "n"], Some(n));
            case.check(&["bounds_last_wave", "missing"], Some(missing));
            case.check(&["bounds_last_wave", "lower"], Some(got.lower));
            case.check(&["bounds_last_wave", "upper"], Some(got.upper));
            case.check(&["bounds_last_wave", "imbens_manski_c"], Some(got.c));
            case.check(&["bounds_last_wave", "imbens_manski_ci", "0"], Some(got.interval.0));
            case.check(&["bounds_last_wave", "imbens_manski_ci", "1"], Some(got.interval.1));
        }
    }

    #[test]
    fn nothing_missing_is_walds_interval() {
        // 4 of 16: 0.25, standard error sqrt(0.25 * 0.75 / 16).
        let got = worst_case(4.0, 0.0, 16.0, 0.95).unwrap();
        let half = 1.959_963_984_540_054 * libm::sqrt(0.1875 / 16.0);
        assert_eq!((got.lower, got.upper), (0.25, 0.25));
        assert!((got.interval.0 - (0.25 - half)).abs() < 1e-12 && (got.interval.1 - (0.25 + half)).abs() < 1e-12);
    }

    #[test]
    fn far_bounds_need_the_one_sided_quantile() {
        let (c, _) = imbens_manski((0.0, 0.01), (1.0, 0.01), 0.95).unwrap();
        assert!((c - 1.644_853_626_951_472_7).abs() < 1e-12);
        // No standard error at all: the same limit, and the bounds themselves.
        let all = worst_case(0.0, 5.0, 5.0, 0.95).unwrap();
        assert!((all.c - 1.644_853_626_951_472_7).abs() < 1e-12);
        assert_eq!(all.interval, (0.0, 1.0));
        // Neither width nor error: a point.
        assert_eq!(worst_case(0.0, 0.0, 5.0, 0.95).unwrap().interval, (0.0, 0.0));
    }

    #[test]
    fn noes_for_yeses_mirror_the_interval() {
        for (yes, missing) in [(3.0, 8.0), (0.0, 4.0), (17.0, 11.0), (9.0, 1.0)] {
            let a = worst_case(yes, missing, 28.0, 0.9).unwrap();
            let b = worst_case(28.0 - yes - missing, missing, 28.0, 0.9).unwrap();
            assert!((a.lower + b.upper - 1.0).abs() < 1e-12 && (a.interval.0 + b.interval.1 - 1.0).abs() < 1e-9);
            assert!(a.c >= 1.281 && a.c <= 1.6449);
        }
    }

    #[test]
    fn contradictions_have_no_bounds() {
        for (yes, missing, n, level) in [
            (0.0, 0.0, 0.0, 0.95),
            (3.0, 2.0, 4.0, 0.95),
            (-1.0, 2.0, 4.0, 0.95),
            (1.0, 2.0, 4.0, 1.0),
            (f64::NAN, 2.0, 4.0, 0.95),
            (1.0, 2.0, f64::INFINITY, 0.95),
        ] {
            assert_eq!(worst_case(yes, missing, n, level), None);
        }
        assert_eq!(imbens_manski((0.5, 0.1), (0.4, 0.1), 0.95), None);
        assert_eq!(imbens_manski((0.5, f64::NAN), (0.6, 0.1), 0.95), None);
    }
}
