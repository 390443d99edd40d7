//! Values of units gathered into the units above them.

/// How.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum How {
    /// Whether it holds for any.
    Any,
    /// For how many it holds.
    Count,
    /// The sum of values that are not missing.
    Total,
    /// The first value that is not missing.
    First,
    /// The last value that is not missing.
    Last,
    /// Most years in a row for which it holds; waves that do not count stand between none.
    Longest,
    /// The value of the year at this position among the waves that count.
    At(usize),
}

/// Gathers `values` of units into `into` units above: `above[i]` is the unit of value `i`. Units come in the order of time.
/// Where there is nothing to gather, counts and sums are 0, and values are missing.
pub(super) fn gather(how: How, values: &[f64], above: &[u32], into: usize) -> Vec<f64> {
    let start = match how {
        How::Any | How::Count | How::Total | How::Longest => 0.0,
        How::First | How::Last | How::At(_) => f64::NAN,
    };
    let mut gathered = vec![start; into];
    let pairs = values.iter().zip(above).filter(|(value, _)| !value.is_nan());
    match how {
        How::Any => pairs.filter(|(value, _)| **value != 0.0).for_each(|(_, at)| gathered[*at as usize] = 1.0),
        How::Count => pairs.filter(|(value, _)| **value != 0.0).for_each(|(_, at)| gathered[*at as usize] += 1.0),
        How::Total => pairs.for_each(|(value, at)| gathered[*at as usize] += value),
        How::Last => pairs.for_each(|(value, at)| gathered[*at as usize] = *value),
        How::First => pairs.rev().for_each(|(value, at)| gathered[*at as usize] = *value),
        How::Longest => longest(values, into, &mut gathered),
        How::At(position) => {
            if let Some(year) = values.get(position * into..(position + 1) * into) {
                gathered.copy_from_slice(year);
            }
        }
    }
    gathered
}

/// `values` are year after year, in each all `persons`.
fn longest(values: &[f64], persons: usize, gathered: &mut [f64]) {
    let mut run = vec![0.0; persons];
    for year in values.chunks_exact(persons.max(1)) {
        for ((run, most), value) in run.iter_mut().zip(gathered.iter_mut()).zip(year) {
            *run = if !value.is_nan() && *value != 0.0 { *run + 1.0 } else { 0.0 };
            *most = most.max(*run);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NO: f64 = f64::NAN;

    #[test]
    fn each_way_by_hand() {
        // Three years of two persons, year after year.
        let values = [1.0, NO, 0.0, 2.0, 1.0, 1.0];
        let above = [0, 1, 0, 1, 0, 1];
        let by = |how| gather(how, &values, &above, 2);
        assert_eq!(by(How::Any), [1.0, 1.0]);
        assert_eq!(by(How::Count), [2.0, 2.0]);
        assert_eq!(by(How::Total), [2.0, 3.0]);
        assert_eq!(by(How::First), [1.0, 2.0]);
        assert_eq!(by(How::Last), [1.0, 1.0]);
        assert_eq!(by(How::Longest), [1.0, 2.0]);
        assert_eq!(by(How::At(1)), [0.0, 2.0]);
        assert!(by(How::At(0))[1].is_nan());
    }

    #[test]
    fn nothing_to_gather() {
        let by = |how| gather(how, &[], &[], 1)[0];
        assert_eq!([by(How::Any), by(How::Count), by(How::Total), by(How::Longest)], [0.0; 4]);
        assert!(by(How::First).is_nan() && by(How::Last).is_nan() && by(How::At(0)).is_nan());
    }
}
