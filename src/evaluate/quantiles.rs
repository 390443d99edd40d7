//! Quantiles of the numbers of the replicates, and how well they are known.

/// Normal quantile of the 95 % interval that Monte Carlo standard errors are taken from.
const Z: f64 = 1.959_963_984_540_054;
/// Most numbers that are put in order in memory.
const MOST: usize = 1 << 21;

/// Numbers in ascending order. Where they are many they are not held, but gone through again for every one that is asked for.
pub(super) enum Ordered<I> {
    /// By their keys, which are put in order faster than numbers.
    Held(Vec<u64>),
    Many(I, usize),
}

impl<I: Iterator<Item = f64> + Clone> Ordered<I> {
    pub(super) fn of(values: I) -> Self {
        Self::with(values, MOST)
    }

    fn with(values: I, most: usize) -> Self {
        let mut held: Vec<u64> = values.clone().take(most + 1).map(key).collect();
        if held.len() > most {
            let count = values.clone().count();
            return Self::Many(values, count);
        }
        held.sort_unstable();
        Self::Held(held)
    }

    pub(super) fn len(&self) -> usize {
        match self {
            Self::Held(sorted) => sorted.len(),
            Self::Many(_, count) => *count,
        }
    }

    /// The number at this place from 0; NaN where there is none.
    pub(super) fn at(&self, rank: usize) -> f64 {
        match self {
            Self::Held(sorted) => sorted.get(rank).map_or(f64::NAN, |key| number(*key)),
            Self::Many(values, count) if rank < *count => select(values.clone(), rank),
            Self::Many(..) => f64::NAN,
        }
    }

    /// The quantile at `p`, in a straight line between neighbours; NaN of nothing.
    pub(super) fn quantile(&self, p: f64) -> f64 {
        let Some(last) = self.len().checked_sub(1) else {
            return f64::NAN;
        };
        let position = (p * last as f64).clamp(0.0, last as f64);
        let (below, above) = (position.floor(), position.ceil());
        let low = self.at(below as usize);
        let high = if above > below { self.at(above as usize) } else { low };
        low + (position - below) * (high - low)
    }

    /// Monte Carlo standard error of the median: the width of its 95 % interval between order statistics over twice the
    /// normal quantile (Woodruff 1952). NaN below 10 numbers.
    pub(super) fn median_mcse(&self) -> f64 {
        if self.len() < 10 { f64::NAN } else { self.quantile_mcse(0.5) }
    }

    /// The same of the quantile at `p`; NaN where there are too few numbers for an interval inside of them.
    pub(super) fn quantile_mcse(&self, p: f64) -> f64 {
        let reach = Z * (p * (1.0 - p) / self.len() as f64).sqrt();
        if !(p - reach > 0.0 && p + reach < 1.0) {
            return f64::NAN;
        }
        (self.quantile(p + reach) - self.quantile(p - reach)) / (2.0 * Z)
    }
}

/// Bits that are decided in one pass.
const DIGIT: u32 = 16;

/// The number at a place of the order, from 0, of numbers that are not held: sixteen bits of it in each of four passes, from
/// how many numbers agree with those known so far.
fn select(values: impl Iterator<Item = f64> + Clone, mut rank: usize) -> f64 {
    let mut known: u64 = 0;
    let mut counts = vec![0_usize; 1 << DIGIT];
    for level in (0..u64::BITS / DIGIT).rev() {
        let shift = level * DIGIT;
        counts.fill(0);
        let keys = values.clone().map(key).filter(|k| k.checked_shr(shift + DIGIT).unwrap_or(0) == known);
        keys.for_each(|k| counts[(k >> shift) as usize & ((1 << DIGIT) - 1)] += 1);
        let mut digit = 0;
        while digit + 1 < counts.len() && rank >= counts[digit] {
            rank -= counts[digit];
            digit += 1;
        }
        known = known << DIGIT | digit as u64;
    }
    number(known)
}

/// A whole number for each number, in the order of [`f64::total_cmp`].
fn key(x: f64) -> u64 {
    let bits = x.to_bits();
    if bits >> 63 == 1 { !bits } else { bits | 1 << 63 }
}

/// The number with this key.
fn number(key: u64) -> f64 {
    f64::from_bits(if key >> 63 == 1 { key & !(1 << 63) } else { !key })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_that_are_not_held_have_the_same_order() {
        // Signs, zeros of both, infinities, neighbours in the last bit, ties.
        let mut all = vec![0.0, -0.0, 1.0, 1.0 + f64::EPSILON, -1.0, f64::INFINITY, f64::NEG_INFINITY, 1e-310, -1e-310];
        all.extend((0..200_u32).map(|i| f64::from(i.wrapping_mul(2_654_435_761) >> 7) - 1.5e7));
        all.extend([3.5; 11]);
        let values = || all.iter().copied();
        let (held, many) = (Ordered::with(values(), 1000), Ordered::with(values(), 10));
        assert!(matches!(held, Ordered::Held(_)) && matches!(many, Ordered::Many(..)));
        assert_eq!(held.len(), many.len());
        for rank in 0..=all.len() {
            assert_eq!(held.at(rank).to_bits(), many.at(rank).to_bits(), "{rank}");
        }
        for p in [0.0, 0.1, 0.5, 0.77, 1.0] {
            assert_eq!(held.quantile(p).to_bits(), many.quantile(p).to_bits());
            assert_eq!(held.quantile_mcse(p).to_bits(), many.quantile_mcse(p).to_bits());
        }
        let most = Ordered::with(values().filter(|x| x.is_finite()), 10);
        assert!(most.median_mcse() > 0.0);
    }
}
