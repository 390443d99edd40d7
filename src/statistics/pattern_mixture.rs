//! Sensitivity of a difference of two proportions to values that are not missing at random: a pattern mixture model
//! whose delta says how far the logit of the persons not seen is from that of the persons seen; the delta at which a
//! conclusion tips; and every possible filling of the missing values.
//!
//! Sources: Little 1993, Pattern-mixture models (doi:10.1080/01621459.1993.10594302); National Research Council 2010,
//! The Prevention and Treatment of Missing Data in Clinical Trials, ch. 5 (doi:10.17226/12955).

use crate::numeric::discrete::hypergeometric;
use crate::numeric::root::brent;
use crate::numeric::{expit, normal_cdf, normal_quantile};

/// A group at one occasion: so many yes among so many observed, and so many not seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Arm {
    /// Persons with a yes.
    pub events: u32,
    /// Persons observed.
    pub observed: u32,
    /// Persons not observed.
    pub missing: u32,
}

/// A proportion and its variance.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Proportion {
    /// The proportion over persons seen and not seen.
    pub value: f64,
    /// Its variance.
    pub variance: f64,
}

impl Arm {
    /// The proportion when the logit of the persons not seen is that of the persons seen plus `delta`:
    /// p = r p_o + (1 - r) q with r the share observed and q = expit(logit p_o + delta).
    ///
    /// The variance is the delta method's with r random:
    /// (p_o - q)^2 r (1 - r) / n + (r + (1 - r) q'(p_o))^2 p_o (1 - p_o) / n_o, q' = q (1 - q) / (p_o (1 - p_o)).
    ///
    /// `None` when nobody is observed, or all or none of the observed have a yes: the logit is then infinite.
    #[must_use]
    pub fn adjusted(&self, delta: f64) -> Option<Proportion> {
        if self.events == 0 || self.events >= self.observed || !delta.is_finite() {
            return None;
        }
        let (observed, missing) = (f64::from(self.observed), f64::from(self.missing));
        let all = observed + missing;
        let seen = f64::from(self.events) / observed;
        let spread = seen * (1.0 - seen);
        let unseen = expit(libm::log(seen / (1.0 - seen)) + delta);
        let share = observed / all;
        let slope = unseen * (1.0 - unseen) / spread;
        let by_share = (seen - unseen) * (seen - unseen) * share * (1.0 - share) / all;
        let factor = share + (1.0 - share) * slope;
        let value = share * seen + (1.0 - share) * unseen;
        Some(Proportion { value, variance: by_share + factor * factor * spread / observed })
    }

    fn all(&self) -> f64 {
        f64::from(self.observed) + f64::from(self.missing)
    }
}

/// A difference of proportions, group 1 less group 0.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Difference {
    /// The proportion in group 1.
    pub p1: f64,
    /// The proportion in group 0.
    pub p0: f64,
    /// Their difference.
    pub value: f64,
    /// Its standard error.
    pub standard_error: f64,
}

impl Difference {
    /// The difference over its standard error.
    #[must_use]
    pub fn z(&self) -> f64 {
        self.value / self.standard_error
    }

    /// The normal interval with this level (between 0 and 1); not cut off at -1 and 1.
    #[must_use]
    pub fn interval(&self, level: f64) -> (f64, f64) {
        let half = normal_quantile(0.5 + 0.5 * level) * self.standard_error;
        (self.value - half, self.value + half)
    }

    /// The two-sided p value of no difference.
    #[must_use]
    pub fn p_value(&self) -> f64 {
        2.0 * normal_cdf(-self.z().abs())
    }
}

/// The difference when the persons not seen are away by `delta1` and `delta0` on the logit scale.
///
/// `None` when a proportion is undefined; see [`Arm::adjusted`].
#[must_use]
pub fn adjusted_difference(group1: &Arm, group0: &Arm, delta1: f64, delta0: f64) -> Option<Difference> {
    let (a, b) = (group1.adjusted(delta1)?, group0.adjusted(delta0)?);
    let standard_error = libm::sqrt(a.variance + b.variance);
    Some(Difference { p1: a.value, p0: b.value, value: a.value - b.value, standard_error })
}

/// Which delta is varied.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Vary {
    /// Group 1's; group 0's is fixed.
    Delta1,
    /// Group 0's; group 1's is fixed.
    Delta0,
    /// Both are the same.
    Both,
}

/// Distance of the points between which a root is looked for.
const SCAN_STEP: f64 = 0.01;
/// Points of a scan at most, for a range of any length.
const MAX_POINTS: f64 = 1e6;

/// Every delta between `low` and `high`, ascending, at which |z| crosses the critical value of a two-sided test with
/// this level of confidence. Two crossings closer than 0.01 to each other may be missed.
///
/// `None` when the difference is undefined, or the range or level is none.
#[must_use]
pub fn tipping_points(
    group1: &Arm,
    group0: &Arm,
    vary: Vary,
    fixed: f64,
    (low, high): (f64, f64),
    level: f64,
) -> Option<Vec<f64>> {
    let critical = normal_quantile(0.5 + 0.5 * level);
    let steps = libm::ceil((high - low) / SCAN_STEP - 1e-9);
    if !(level > 0.0 && critical.is_finite() && (0.0..=MAX_POINTS).contains(&steps)) {
        return None;
    }
    let excess = |delta: f64| {
        let (delta1, delta0) = match vary {
            Vary::Delta1 => (delta, fixed),
            Vary::Delta0 => (fixed, delta),
            Vary::Both => (delta, delta),
        };
        adjusted_difference(group1, group0, delta1, delta0).map_or(f64::NAN, |d| d.z().abs() - critical)
    };
    let mut found = Vec::new();
    let mut before = (low, excess(low));
    if before.1.is_nan() {
        return None;
    }
    if before.1 == 0.0 {
        found.push(low);
    }
    for step in 1..=steps as u64 {
        let delta = (low + SCAN_STEP * step as f64).min(high);
        let here = (delta, excess(delta));
        if here.1 == 0.0 {
            found.push(delta);
        } else if before.1 != 0.0 && (before.1 > 0.0) != (here.1 > 0.0) {
            found.extend(brent(excess, before.0, here.0));
        }
        before = here;
    }
    Some(found)
}

/// What a filling of the missing values gives.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Filling {
    /// Yes among those not seen in group 1.
    pub events1: u32,
    /// Yes among those not seen in group 0.
    pub events0: u32,
    /// Difference of proportions, group 1 less group 0; `None` when a group has nobody.
    pub difference: Option<f64>,
    /// Fisher's exact two-sided p value.
    pub fisher_p: f64,
    /// p value of the z test with pooled variance; `None` when all or none have a yes.
    pub z_p: Option<f64>,
}

/// Every filling: rows for the number of yes among those not seen in group 1 (from 0 up), in each row likewise for
/// group 0.
pub fn fillings<'a>(group1: &'a Arm, group0: &'a Arm) -> impl Iterator<Item = Filling> + 'a {
    (0..=group1.missing).flat_map(move |i| (0..=group0.missing).map(move |j| filling(group1, group0, i, j)))
}

fn filling(group1: &Arm, group0: &Arm, events1: u32, events0: u32) -> Filling {
    let (n1, n0) = (group1.all(), group0.all());
    let (x1, x0) = (f64::from(group1.events) + f64::from(events1), f64::from(group0.events) + f64::from(events0));
    let difference = (n1 > 0.0 && n0 > 0.0).then(|| x1 / n1 - x0 / n0);
    let pooled = (x1 + x0) / (n1 + n0);
    let variance = pooled * (1.0 - pooled) * (1.0 / n1 + 1.0 / n0);
    let z = difference.filter(|_| variance > 0.0).map(|d| d / libm::sqrt(variance));
    let z_p = z.map(|z| 2.0 * normal_cdf(-z.abs()));
    Filling { events1, events0, difference, fisher_p: fisher(x1, n1, x0, n0), z_p }
}

/// Fisher's exact two-sided p value: the sum of the probabilities of all tables with these margins that are no more
/// probable than the one at hand, to a factor of 1 + 1e-7 for rounding.
fn fisher(x1: f64, n1: f64, x0: f64, n0: f64) -> f64 {
    let drawn = x1 + x0;
    let chance = |x: f64| hypergeometric(x, n1, n0, drawn);
    let limit = chance(x1) * (1.0 + 1e-7);
    let (least, most) = ((drawn - n0).max(0.0), drawn.min(n1));
    let count = (most - least).max(0.0) as u64;
    let sum: f64 = (0..=count).map(|k| chance(least + k as f64)).filter(|p| *p <= limit).sum();
    sum.min(1.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::statistics::tests::{Case, numbers};

    fn arm(case: &Case, name: &str) -> Arm {
        let value = |key: &str| u32::try_from(case.setting(name)[key].as_u64().unwrap()).unwrap();
        Arm { events: value("x"), observed: value("observed"), missing: value("missing") }
    }

    fn check(name: &str) {
        let case = Case::read(name);
        let (group1, group0) = (arm(&case, "group1"), arm(&case, "group0"));
        let level = case.setting("conf_level").as_f64().unwrap();
        for (k, deltas) in case.setting("deltas").as_array().unwrap().iter().enumerate() {
            let deltas = numbers(deltas);
            let got = adjusted_difference(&group1, &group0, deltas[0], deltas[1]).unwrap();
            let k = k.to_string();
            let interval = got.interval(level);
            let values = [("p1", got.p1), ("p0", got.p0), ("diff", got.value), ("se", got.standard_error)];
            for (key, value) in values.into_iter().chain([("p", got.p_value())]) {
                case.check(&["adjusted", &k, key], Some(value));
            }
            case.check_all(&["adjusted", &k, "ci"], &[interval.0, interval.1]);
        }
        let search = case.setting("tipping_search");
        let range = numbers(&search["range"]);
        let fixed = search["fixed_delta0"].as_f64().unwrap();
        let got = tipping_points(&group1, &group0, Vary::Delta1, fixed, (range[0], range[1]), level).unwrap();
        case.check_all(&["tipping_delta1"], &got);
        for f in fillings(&group1, &group0) {
            let (i, j) = (f.events1.to_string(), f.events0.to_string());
            case.check(&["grid", "fisher_p", &i, &j], Some(f.fisher_p));
            case.check(&["grid", "z_p", &i, &j], f.z_p);
            case.check(&["grid", "diff", &i, &j], f.difference);
        }
    }

    #[test]
    fn reference_delta_tipping() {
        check("delta_tipping_28");
        check("delta_tipping_200");
    }

    #[test]
    fn without_a_delta_it_is_the_observed_proportion() {
        // 9 of 22: p = 9/22, variance p (1 - p) / 22.
        let got = Arm { events: 9, observed: 22, missing: 6 }.adjusted(0.0).unwrap();
        assert!((got.value - 9.0 / 22.0).abs() < 1e-15);
        assert!((got.variance - 9.0 * 13.0 / (22.0 * 22.0 * 22.0)).abs() < 1e-15);
        // Far deltas fill with yes or no: (9 + 6) / 28 and 9 / 28.
        let arm = Arm { events: 9, observed: 22, missing: 6 };
        assert!((arm.adjusted(500.0).unwrap().value - 15.0 / 28.0).abs() < 1e-15);
        assert!((arm.adjusted(-500.0).unwrap().value - 9.0 / 28.0).abs() < 1e-15);
    }

    #[test]
    fn yes_and_no_mirror() {
        let yes = Arm { events: 5, observed: 24, missing: 4 };
        let no = Arm { events: 19, observed: 24, missing: 4 };
        for delta in [-2.0, 0.3, 1.0] {
            let (a, b) = (yes.adjusted(delta).unwrap(), no.adjusted(-delta).unwrap());
            assert!((a.value + b.value - 1.0).abs() < 1e-14);
            assert!((a.variance - b.variance).abs() < 1e-15);
        }
    }

    #[test]
    fn infinite_logits_are_undefined() {
        for (events, observed) in [(0, 10), (10, 10), (0, 0), (11, 10)] {
            assert_eq!(Arm { events, observed, missing: 3 }.adjusted(1.0), None);
        }
        let fine = Arm { events: 3, observed: 10, missing: 3 };
        let none = Arm { events: 0, observed: 10, missing: 3 };
        assert_eq!(fine.adjusted(f64::NAN), None);
        assert_eq!(tipping_points(&fine, &none, Vary::Both, 0.0, (-1.0, 1.0), 0.95), None);
        assert_eq!(tipping_points(&fine, &fine, Vary::Both, 0.0, (1.0, -1.0), 0.95), None);
        assert_eq!(tipping_points(&fine, &fine, Vary::Both, 0.0, (-1.0, f64::INFINITY), 0.95), None);
        assert_eq!(tipping_points(&fine, &fine, Vary::Both, 0.0, (-1.0, 1.0), 1.0), None);
    }

    #[test]
    fn at_a_tipping_point_z_is_the_critical_value() {
        let (group1, group0) =
            (Arm { events: 20, observed: 50, missing: 30 }, Arm { events: 8, observed: 52, missing: 28 });
        for (vary, fixed) in [(Vary::Delta1, 0.5), (Vary::Delta0, -0.5), (Vary::Both, 0.0)] {
            for delta in tipping_points(&group1, &group0, vary, fixed, (-8.0, 8.0), 0.9).unwrap() {
                let (delta1, delta0) = match vary {
                    Vary::Delta1 => (delta, fixed),
                    Vary::Delta0 => (fixed, delta),
                    Vary::Both => (delta, delta),
                };
                let z = adjusted_difference(&group1, &group0, delta1, delta0).unwrap().z();
                assert!((z.abs() - normal_quantile(0.95)).abs() < 1e-10);
            }
        }
        let some = tipping_points(&group1, &group0, Vary::Delta1, 0.0, (-8.0, 8.0), 0.95).unwrap();
        assert!(!some.is_empty());
        // Exchanging the groups exchanges the deltas.
        assert_eq!(tipping_points(&group0, &group1, Vary::Delta0, 0.0, (-8.0, 8.0), 0.95).unwrap(), some);
    }

    #[test]
    fn fillings_by_hand() {
        // 1 of 2 and one unseen, against 1 of 2 and none: filled with no 1/3 - 1/2, with yes 2/3 - 1/2.
        let (a, b) = (Arm { events: 1, observed: 2, missing: 1 }, Arm { events: 1, observed: 2, missing: 0 });
        let got: Vec<Filling> = fillings(&a, &b).collect();
        assert_eq!(got.len(), 2);
        assert!((got[0].difference.unwrap() + 1.0 / 6.0).abs() < 1e-15);
        // 2 yes among 5, 3 in group 1: chances of 0, 1, 2 yes there 1, 6, 3 of 10; the table at hand is the likeliest.
        assert!((got[0].fisher_p - 1.0).abs() < 1e-12);
        // Nobody with a yes anywhere: no test by z; nobody at all: no difference.
        let zero = Arm { events: 0, observed: 3, missing: 0 };
        assert_eq!(fillings(&zero, &zero).map(|f| (f.z_p, f.difference)).collect::<Vec<_>>(), [(None, Some(0.0))]);
        let nobody = Arm { events: 0, observed: 0, missing: 0 };
        let got: Vec<Filling> = fillings(&nobody, &nobody).collect();
        assert_eq!((got[0].difference, got[0].z_p, got[0].fisher_p), (None, None, 1.0));
    }
}
