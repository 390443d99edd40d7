//! What is counted of a column while it is written.

use crate::release::field::FieldKind;
use crate::release::product::{Column, Values};

/// What a column holds in all its rows.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Tally {
    /// Cells with a value.
    pub valid: u64,
    /// Cells without.
    pub missing: u64,
    /// Cells whose value was filled in without asking.
    pub filled_in: u64,
    /// For yes/no and levels: cells per level.
    pub levels: Vec<u64>,
    /// Cells with a value that is none of the levels.
    pub other: u64,
    /// For numbers: what is known of those with a value.
    pub numbers: Option<Numbers>,
}

/// A summary of numbers.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Numbers {
    count: f64,
    /// Sums are of what is above this first value, so that large numbers that differ little lose no digits.
    origin: f64,
    sum: f64,
    squares: f64,
    /// Least value.
    pub min: f64,
    /// Greatest value.
    pub max: f64,
}

impl Numbers {
    fn of(value: f64) -> Self {
        Self { count: 0.0, origin: value, sum: 0.0, squares: 0.0, min: value, max: value }
    }

    fn add(&mut self, value: f64) {
        let above = value - self.origin;
        self.count += 1.0;
        self.sum += above;
        self.squares += above * above;
        self.min = if value < self.min { value } else { self.min };
        self.max = if value > self.max { value } else { self.max };
    }

    /// Mean.
    #[must_use]
    pub fn mean(&self) -> f64 {
        self.origin + self.sum / self.count
    }

    /// Standard deviation, with one less than the number of values in the denominator; absent for a single value.
    #[must_use]
    pub fn sd(&self) -> Option<f64> {
        let around = self.squares - self.sum * self.sum / self.count;
        (self.count > 1.0).then(|| (around.max(0.0) / (self.count - 1.0)).sqrt())
    }
}

impl Tally {
    /// Adds the cells of a stretch.
    pub(in crate::release) fn add(&mut self, column: &Column, values: &Values) {
        match (&column.field.kind, values) {
            (FieldKind::Level(levels), Values::Texts(texts)) => {
                for text in texts {
                    self.name(levels, text);
                }
            }
            (FieldKind::Level(levels), Values::Codes(codes)) => {
                self.short_codes(levels.len(), codes);
            }
            (FieldKind::YesNo, Values::Codes(codes)) => self.short_codes(2, codes),
            (FieldKind::Level(levels), Values::LongCodes(codes)) => {
                self.codes(levels.len(), codes.iter().map(|code| *code as usize));
            }
            (FieldKind::YesNo, Values::Numbers(values)) => {
                let code = |value: &f64| if *value == 0.0 || *value == 1.0 { *value as usize } else { 2 };
                self.levels.resize(2, 0);
                for value in values.iter().filter(|value| !value.is_nan()) {
                    self.level(code(value));
                }
                self.missing += values.iter().filter(|value| value.is_nan()).count() as u64;
            }
            (_, Values::Numbers(values)) => self.count(values.iter().copied()),
            (_, Values::Integers(values)) => self.count(values.iter().map(|value| *value as f64)),
            (_, Values::Texts(texts)) => {
                let empty = texts.iter().filter(|text| text.is_empty()).count() as u64;
                self.missing += empty;
                self.valid += texts.len() as u64 - empty;
            }
            (_, Values::Records(codes)) => self.valid += codes.len() as u64,
            (_, Values::Codes(_) | Values::LongCodes(_)) => {}
        }
    }

    fn count(&mut self, values: impl Iterator<Item = f64> + Clone) {
        let given = || values.clone().filter(|value| !value.is_nan());
        let (n, all) = (given().count() as u64, values.clone().count() as u64);
        self.valid += n;
        self.missing += all - n;
        if let Some(first) = given().next() {
            let mut numbers = self.numbers.unwrap_or_else(|| Numbers::of(first));
            given().for_each(|value| numbers.add(value));
            self.numbers = Some(numbers);
        }
    }

    fn short_codes(&mut self, levels: usize, codes: &[u8]) {
        let mut counts = [0_u64; 256];
        codes.iter().for_each(|code| counts[usize::from(*code)] += 1);
        self.levels.resize(levels, 0);
        let valid: u64 = counts.iter().take(levels).sum();
        self.levels.iter_mut().zip(counts).for_each(|(level, count)| *level += count);
        self.valid += valid;
        self.missing += codes.len() as u64 - valid;
    }

    fn codes(&mut self, levels: usize, codes: impl Iterator<Item = usize>) {
        self.levels.resize(levels, 0);
        for code in codes {
            match self.levels.get_mut(code) {
                Some(count) => {
                    *count += 1;
                    self.valid += 1;
                }
                None => self.missing += 1,
            }
        }
    }

    fn name(&mut self, levels: &[String], text: &str) {
        self.levels.resize(levels.len(), 0);
        match levels.iter().position(|level| level == text) {
            Some(code) => self.level(code),
            None if text.is_empty() => self.missing += 1,
            None => self.level(usize::MAX),
        }
    }

    fn level(&mut self, code: usize) {
        self.valid += 1;
        match self.levels.get_mut(code) {
            Some(count) => *count += 1,
            None => self.other += 1,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::release::field::Field;
    use crate::release::product::Role;

    fn column(kind: FieldKind) -> Column {
        Column::new(Field::new("x", kind, ""), Role::Value)
    }

    #[test]
    fn numbers_by_hand() {
        let mut tally = Tally::default();
        let column = column(FieldKind::Number);
        tally.add(&column, &Values::Numbers(vec![1e9 + 1.0, f64::NAN]));
        tally.add(&column, &Values::Numbers(vec![1e9 + 2.0, 1e9 + 6.0]));
        assert_eq!((tally.valid, tally.missing), (3, 1));
        let numbers = tally.numbers.unwrap();
        assert_eq!(numbers.mean(), 1e9 + 3.0);
        assert_eq!(numbers.sd(), Some(7.0_f64.sqrt()));
        assert_eq!((numbers.min, numbers.max), (1e9 + 1.0, 1e9 + 6.0));
        let mut one = Tally::default();
        one.add(&column, &Values::Integers(vec![4]));
        assert_eq!(one.numbers.unwrap().sd(), None);
    }

    #[test]
    fn levels_are_counted_as_codes_and_as_names() {
        let column = column(FieldKind::Level(vec!["a".to_owned(), "b".to_owned()]));
        let mut tally = Tally::default();
        tally.add(&column, &Values::Codes(vec![0, 1, 1, 2]));
        tally.add(&column, &Values::LongCodes(vec![1, u32::MAX]));
        let names = ["a", "", "bb"].map(str::to_owned).to_vec();
        tally.add(&column, &Values::Texts(names));
        assert_eq!((tally.levels, tally.valid, tally.missing, tally.other), (vec![2, 3], 6, 3, 1));
    }

    #[test]
    fn nine_is_neither_no_nor_yes() {
        let column = column(FieldKind::YesNo);
        let mut tally = Tally::default();
        tally.add(&column, &Values::Numbers(vec![0.0, 1.0, 9.0, f64::NAN, 1.0]));
        assert_eq!((tally.levels, tally.valid, tally.missing, tally.other), (vec![1, 2], 4, 1, 1));
    }
}
