//! Designs: which combinations of the factors' values are conditions. Knows axes and numbers of values only.

/// How the factors' values are put together (Montgomery 2017, *Design and Analysis of Experiments*, chapters 5 and 8).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Design {
    /// Every value of each factor with every value of all others.
    #[default]
    Crossed,
    /// The file's own values, then each factor's other values one after the other.
    OneAtATime,
    /// Of the crossed cells those whose positions add up to a multiple of a whole number.
    Fraction,
    /// The cells that the file lists.
    Listed,
}

impl Design {
    /// The words of `design`, in the order of [`Design::ALL`].
    pub const WORDS: [&'static str; 4] = ["crossed", "one_at_a_time", "fraction", "listed"];
    /// All designs.
    pub const ALL: [Self; 4] = [Self::Crossed, Self::OneAtATime, Self::Fraction, Self::Listed];

    /// The word of the file.
    #[must_use]
    pub fn word(self) -> &'static str {
        Self::WORDS[self as usize]
    }
}

/// A combination: for each factor the position of its value; `None` where it has the file's own.
pub(super) type Levels = Vec<Option<usize>>;

/// Factors that go along with one another: they have the same position.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Axis {
    /// Positions of the factors.
    pub(super) factors: Vec<usize>,
    /// How many values each of them has.
    pub(super) values: usize,
}

/// How many cells all combinations are; a number too large to be counted is the largest one.
pub(super) fn crossed_count(axes: &[Axis]) -> u64 {
    axes.iter().fold(1, |cells, axis| cells.saturating_mul(axis.values as u64))
}

/// All combinations, the last axis changing fastest, of those whose positions add up to a multiple of `step`; with a
/// step of 1 all. One that is not wanted costs nothing: the last axis is entered where it fits.
pub(super) struct Crossed<'a> {
    axes: &'a [Axis],
    step: usize,
    next: Option<Vec<usize>>,
}

impl<'a> Crossed<'a> {
    pub(super) fn new(axes: &'a [Axis], step: usize) -> Self {
        let next = axes.iter().all(|axis| axis.values > 0).then(|| vec![0; axes.len()]);
        Self { axes, step: step.max(1), next }
    }

    fn after(&self, mut at: Vec<usize>) -> Option<Vec<usize>> {
        let last = at.len().checked_sub(1)?;
        if at[last] + self.step < self.axes[last].values {
            at[last] += self.step;
            return Some(at);
        }
        let mut axis = last;
        loop {
            axis = axis.checked_sub(1)?;
            if at[axis] + 1 < self.axes[axis].values {
                at[axis] += 1;
                break;
            }
            at[axis] = 0;
        }
        let sum: usize = at[..last].iter().sum();
        at[last] = (self.step - sum % self.step) % self.step;
        Some(at)
    }
}

impl Iterator for Crossed<'_> {
    type Item = Vec<usize>;

    fn next(&mut self) -> Option<Self::Item> {
        let at = self.next.take()?;
        self.next = self.after(at.clone());
        Some(at)
    }
}

/// The levels of all factors from the positions on the axes.
pub(super) fn levels(axes: &[Axis], at: &[usize], factors: usize) -> Levels {
    let mut levels = vec![None; factors];
    for (axis, position) in axes.iter().zip(at) {
        for factor in &axis.factors {
            levels[*factor] = Some(*position);
        }
    }
    levels
}

/// The base, then each axis's positions but those at which all its factors have the file's own value.
pub(super) fn one_at_a_time(axes: &[Axis], factors: usize, is_base: &dyn Fn(usize, usize) -> bool) -> Vec<Levels> {
    let mut cells = vec![vec![None; factors]];
    for axis in axes {
        for position in 0..axis.values {
            if axis.factors.iter().all(|factor| is_base(*factor, position)) {
                continue;
            }
            let mut cell = vec![None; factors];
            for factor in &axis.factors {
                cell[*factor] = Some(position);
            }
            cells.push(cell);
        }
    }
    cells
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn axes(values: &[usize]) -> Vec<Axis> {
        values.iter().enumerate().map(|(i, values)| Axis { factors: vec![i], values: *values }).collect()
    }

    fn cells(values: &[usize], step: usize) -> Vec<Vec<usize>> {
        Crossed::new(&axes(values), step).collect()
    }

    #[test]
    fn crossed_by_hand() {
        assert_eq!(cells(&[2, 3], 1), [[0, 0], [0, 1], [0, 2], [1, 0], [1, 1], [1, 2]]);
        assert_eq!(cells(&[], 1), [Vec::<usize>::new()]);
        assert!(cells(&[2, 0], 1).is_empty());
        assert_eq!(crossed_count(&axes(&[usize::MAX, 3])), u64::MAX);
    }

    #[test]
    fn fractions_by_hand() {
        // Of 2 x 2 x 2 the half with an even sum; of 3 x 3 the third of a Latin square.
        assert_eq!(cells(&[2, 2, 2], 2), [[0, 0, 0], [0, 1, 1], [1, 0, 1], [1, 1, 0]]);
        assert_eq!(cells(&[3, 3], 3), [[0, 0], [1, 2], [2, 1]]);
        assert_eq!(cells(&[2, 4], 2), [[0, 0], [0, 2], [1, 1], [1, 3]]);
    }

    #[test]
    fn one_at_a_time_by_hand() {
        // The file has the second value of the first factor; the other two go together and have it nowhere together.
        let axes = [Axis { factors: vec![0], values: 3 }, Axis { factors: vec![1, 2], values: 2 }];
        let base = |factor: usize, position: usize| matches!((factor, position), (0, 1) | (1, 0));
        let found = one_at_a_time(&axes, 3, &base);
        let expected = [
            vec![None, None, None],
            vec![Some(0), None, None],
            vec![Some(2), None, None],
            vec![None, Some(0), Some(0)],
            vec![None, Some(1), Some(1)],
        ];
        assert_eq!(found, expected);
    }

    proptest! {
        #[test]
        fn a_fraction_is_the_crossed_cells_whose_sum_fits_and_is_balanced(
            step in 2_usize..5,
            times in proptest::collection::vec(1_usize..4, 2..5),
        ) {
            let values: Vec<usize> = times.iter().map(|t| t * step).collect();
            let found = cells(&values, step);
            let whole = cells(&values, 1);
            let expected: Vec<_> = whole.iter().filter(|c| c.iter().sum::<usize>() % step == 0).cloned().collect();
            prop_assert_eq!(&found, &expected);
            prop_assert_eq!(found.len() * step, whole.len());
            for (axis, n) in values.iter().enumerate() {
                for position in 0..*n {
                    let times = found.iter().filter(|cell| cell[axis] == position).count();
                    prop_assert_eq!(times * n, found.len());
                }
            }
        }
    }
}
