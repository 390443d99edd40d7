//! Percentages as tables print them: a count over a denominator, rounded, and back to the counts that could be meant.
//!
//! All of it in whole numbers: 0.5 of a percent is a tie exactly, on every machine.

use std::ops::RangeInclusive;

/// Most decimals that a percentage is printed with.
pub const MOST_DECIMALS: u32 = 6;

/// What happens to a number halfway between two that can be printed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Ties {
    /// Away from zero: 62.5 is printed as 63, as spreadsheets do.
    #[default]
    Up,
    /// To the even neighbour: 62.5 is printed as 62.
    Even,
    /// Nothing is rounded: digits are cut off, and 62.9 is printed as 62.
    Cut,
}

/// How numbers are printed: decimals, and what happens to ties.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Rounding {
    /// Digits after the point, at most [`MOST_DECIMALS`].
    pub decimals: u32,
    /// Ties.
    pub ties: Ties,
}

impl Rounding {
    /// Steps of the last printed digit in 1.
    fn steps(self) -> u32 {
        10u32.pow(self.decimals.min(MOST_DECIMALS))
    }

    /// `count / of` in percent as it is printed, in steps of the last digit: 5 of 8 is 63, with one decimal 625.
    /// Nothing where `of` is 0.
    #[must_use]
    pub fn percent_steps(self, count: u64, of: u64) -> Option<u128> {
        if of == 0 {
            return None;
        }
        let (whole, rest) = {
            let scaled = u128::from(count) * 100 * u128::from(self.steps());
            (scaled / u128::from(of), scaled % u128::from(of))
        };
        let twice = rest * 2;
        let of = u128::from(of);
        let up = match self.ties {
            Ties::Up => twice >= of,
            Ties::Even => twice > of || (twice == of && whole % 2 == 1),
            Ties::Cut => false,
        };
        Some(whole + u128::from(up))
    }

    /// `count / of` in percent as it is printed: 5 of 8 is 63. Nothing where `of` is 0.
    #[must_use]
    pub fn percent(self, count: u64, of: u64) -> Option<f64> {
        self.percent_steps(count, of).map(|steps| steps as f64 / f64::from(self.steps()))
    }

    /// The counts from 0 to `of` that are printed as `percent`: 63 of 8 can only be 5. They follow one another, since a
    /// greater count is never printed as a smaller percentage. Nothing where there is none, or `percent` has more digits
    /// than are printed.
    #[must_use]
    pub fn counts(self, percent: f64, of: u64) -> Option<RangeInclusive<u64>> {
        let wanted = self.in_steps(percent).filter(|_| of > 0)?;
        let wanted = u128::try_from(wanted).ok()?;
        let first = self.first_at_least(wanted, of);
        let last = self.first_at_least(wanted + 1, of).checked_sub(1)?;
        (first <= last).then_some(())?;
        Some(u64::try_from(first).ok()?..=u64::try_from(last).ok()?)
    }

    /// The least count of `of` that is printed as `steps` or more; `of + 1` where there is none.
    fn first_at_least(self, steps: u128, of: u64) -> u128 {
        let (mut low, mut high) = (0, u128::from(of) + 1);
        while low < high {
            let middle = (low + high) / 2;
            let found = u64::try_from(middle).ok().and_then(|count| self.percent_steps(count, of));
            if found.is_some_and(|found| found >= steps) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        low
    }

    /// A printed number in steps of its last digit. Nothing where it has more digits than are printed, or more than a
    /// double can tell apart.
    #[must_use]
    pub fn in_steps(self, value: f64) -> Option<i64> {
        let scaled = value * f64::from(self.steps());
        let whole = scaled.round();
        // The double next to a printed number is off by less than this.
        let near = (scaled - whole).abs() <= (1e-9 * scaled.abs().max(1.0)).min(1e-3);
        (whole.abs() < 9e15 && near).then_some(whole as i64)
    }

    /// A number that was reckoned, as it is printed; one too large for that stays as it is.
    #[must_use]
    pub fn rounded(self, value: f64) -> f64 {
        self.round_in_steps(value).map_or(value, |steps| steps as f64 / f64::from(self.steps()))
    }

    /// A number that was reckoned, as it is printed, in steps of the last digit. What lies within 10^-9 of a tie is a tie:
    /// a reckoned 2.675 is a little less than that in binary.
    #[must_use]
    pub fn round_in_steps(self, value: f64) -> Option<i64> {
        let scaled = value.abs() * f64::from(self.steps());
        if !scaled.is_finite() || scaled >= 9e15 {
            return None;
        }
        let slack = 1e-9 * scaled.max(1.0);
        let whole = scaled.floor() as i64;
        let rest = scaled - scaled.floor();
        let tie = (rest - 0.5).abs() <= slack;
        let up = match self.ties {
            Ties::Up => tie || rest > 0.5,
            Ties::Even => {
                if tie {
                    whole % 2 == 1
                } else {
                    rest > 0.5
                }
            }
            Ties::Cut => rest >= 1.0 - slack,
        };
        let steps = whole + i64::from(up);
        Some(if value < 0.0 { -steps } else { steps })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn rounding(decimals: u32, ties: Ties) -> Rounding {
        Rounding { decimals, ties }
    }

    const WHOLE: Rounding = rounding(0, Ties::Up);

    #[test]
    fn worked_by_hand() {
        let printed = |count, of| WHOLE.percent(count, of);
        assert_eq!((printed(5, 8), printed(3, 8)), (Some(63.0), Some(38.0)), "both are ties and add up to 101");
        assert_eq!((printed(6, 19), printed(13, 19)), (Some(32.0), Some(68.0)));
        assert_eq!((printed(5, 15), printed(10, 15)), (Some(33.0), Some(67.0)));
        assert_eq!((printed(15, 28), printed(5, 34), printed(14, 28)), (Some(54.0), Some(15.0), Some(50.0)));
        assert_eq!((printed(0, 2), printed(2, 2), printed(0, 0), printed(1, 0)), (Some(0.0), Some(100.0), None, None));
        assert_eq!(rounding(0, Ties::Even).percent(5, 8), Some(62.0));
        assert_eq!(rounding(0, Ties::Even).percent(3, 8), Some(38.0));
        assert_eq!(rounding(0, Ties::Cut).percent(13, 19), Some(68.0));
        assert_eq!(rounding(0, Ties::Cut).percent(15, 28), Some(53.0));
        assert_eq!(rounding(1, Ties::Up).percent(5, 8), Some(62.5));
        assert_eq!(rounding(2, Ties::Up).percent(1, 16), Some(6.25));
        assert_eq!(rounding(1, Ties::Up).percent(1, 16), Some(6.3));
        assert_eq!(rounding(1, Ties::Even).percent(1, 16), Some(6.2));
    }

    #[test]
    fn back_to_counts_worked_by_hand() {
        assert_eq!(WHOLE.counts(63.0, 8), Some(5..=5));
        assert_eq!(WHOLE.counts(62.0, 8), None);
        assert_eq!(rounding(0, Ties::Even).counts(62.0, 8), Some(5..=5));
        assert_eq!(WHOLE.counts(15.0, 34), Some(5..=5));
        assert_eq!(WHOLE.counts(80.0, 128), Some(102..=103), "79.7 and 80.5 less a little");
        assert_eq!(WHOLE.counts(0.0, 1000), Some(0..=4));
        assert_eq!(WHOLE.counts(100.0, 1000), Some(995..=1000));
        assert_eq!(WHOLE.counts(22.5, 8), None, "more digits than are printed");
        for impossible in [-1.0, 101.0, f64::NAN, f64::INFINITY, 1e300] {
            assert_eq!(WHOLE.counts(impossible, 8), None);
        }
        assert_eq!(WHOLE.counts(50.0, 0), None);
        let all = u64::MAX;
        let found = rounding(6, Ties::Up).counts(100.0, all).unwrap();
        assert_eq!(*found.end(), all);
    }

    /// All counts of all denominators up to 300 by another way: the list of what every count is printed as, ties told
    /// by comparing whole products.
    #[test]
    fn counts_are_the_inverse_of_percent() {
        for ties in [Ties::Up, Ties::Even, Ties::Cut] {
            for (decimals, most) in [(0, 300), (1, 60), (2, 20)] {
                let rounding = rounding(decimals, ties);
                let step = 10i64.pow(decimals);
                for of in 1..=most {
                    let printed: Vec<i64> = (0..=of).map(|count| nearest(count, of, step, ties)).collect();
                    for (count, steps) in printed.iter().enumerate() {
                        let own = rounding.percent_steps(count as u64, of as u64).unwrap();
                        assert_eq!(own, *steps as u128, "{count} of {of}");
                    }
                    for steps in 0..=100 * step {
                        let counts: Vec<u64> =
                            (0..=of as u64).filter(|count| printed[*count as usize] == steps).collect();
                        let found = rounding.counts(steps as f64 / step as f64, of as u64);
                        assert_eq!(found.map_or(Vec::new(), Iterator::collect), counts, "{steps} steps of {of}");
                    }
                }
            }
        }
    }

    /// The step whose distance from `count / of` is least, by looking at all of them.
    fn nearest(count: i64, of: i64, step: i64, ties: Ties) -> i64 {
        let exact = count * 100 * step;
        if ties == Ties::Cut {
            return (0..=100 * step).filter(|s| s * of <= exact).max().unwrap();
        }
        let least = (exact / of - 1..=exact / of + 1).map(|s| (s * of - exact).abs()).min().unwrap();
        let best: Vec<i64> = (exact / of - 1..=exact / of + 1).filter(|s| (s * of - exact).abs() == least).collect();
        let even = best.iter().find(|s| **s % 2 == 0);
        if ties == Ties::Even { *even.unwrap_or(&best[0]) } else { *best.last().unwrap() }
    }

    #[test]
    fn reckoned_numbers() {
        let two = rounding(2, Ties::Up);
        assert_eq!(two.round_in_steps(2.675), Some(268), "in binary a little less");
        assert_eq!(two.round_in_steps(-2.675), Some(-268));
        assert_eq!(rounding(2, Ties::Even).round_in_steps(2.665), Some(266));
        assert_eq!(rounding(0, Ties::Cut).round_in_steps(2.9), Some(2));
        assert_eq!(rounding(1, Ties::Cut).round_in_steps(0.1 + 0.2), Some(3));
        assert_eq!(rounding(1, Ties::Cut).round_in_steps(0.3), Some(3), "2.9999999999999996 steps");
        assert_eq!(rounding(3, Ties::Up).round_in_steps(353.0 / 436.0), Some(810));
        assert_eq!((two.round_in_steps(f64::NAN), two.round_in_steps(1e300)), (None, None));
        assert_eq!((two.in_steps(0.29), two.in_steps(0.295), two.in_steps(f64::NAN)), (Some(29), None, None));
    }
}
