//! At which level a field of two records agrees.

use super::Pair;
use super::strings::Similarity;

/// A field of all records of a file.
#[derive(Clone, Debug, PartialEq)]
pub enum Field {
    /// Numbers or codes; NaN is missing.
    Numbers(Vec<f64>),
    /// Texts; an empty one is missing.
    Texts(Vec<String>),
}

impl Field {
    /// Number of records.
    #[must_use]
    pub fn len(&self) -> usize {
        match self {
            Self::Numbers(values) => values.len(),
            Self::Texts(values) => values.len(),
        }
    }

    /// Whether there are no records.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The value of a record; `None` where it is missing.
    fn get(&self, record: usize) -> Option<Value<'_>> {
        match self {
            Self::Numbers(values) => values.get(record).filter(|v| !v.is_nan()).map(|v| Value::Number(*v)),
            Self::Texts(values) => values.get(record).filter(|v| !v.is_empty()).map(|v| Value::Text(v)),
        }
    }

    /// The value of a record as part of a key of equal values; `None` where it is missing.
    #[must_use]
    pub fn key(&self, record: usize) -> Option<KeyPart> {
        self.get(record).map(|value| match value {
            // Both zeros are the same number.
            Value::Number(v) => KeyPart::Number((v + 0.0).to_bits()),
            Value::Text(v) => KeyPart::Text(v.to_owned()),
        })
    }
}

/// A value.
#[derive(Clone, Copy)]
enum Value<'a> {
    Number(f64),
    Text(&'a str),
}

/// A value as part of a key; parts are equal where the values are.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum KeyPart {
    /// The bits of a number.
    Number(u64),
    /// A text.
    Text(String),
}

/// How the values of a field are compared. Levels count from 0, "disagree"; the highest is the closest agreement.
#[derive(Clone, Debug, PartialEq)]
pub enum Comparison {
    /// Level 1 where the values are equal.
    Equal,
    /// Numbers: the level is how many of these distances are not exceeded.
    Within(Vec<f64>),
    /// Texts: the level is how many of these similarities are reached. Where the measure is not defined the pair cannot
    /// be compared.
    Similar(Similarity, Vec<f64>),
}

impl Comparison {
    /// Number of levels, "disagree" among them.
    #[must_use]
    pub fn levels(&self) -> usize {
        match self {
            Self::Equal => 2,
            Self::Within(limits) | Self::Similar(_, limits) => limits.len() + 1,
        }
    }

    /// Level at which record `i` of the first file and record `j` of the second agree; `None` where a value is missing or
    /// the two cannot be compared (a number with a text).
    #[must_use]
    pub fn level(&self, a: &Field, i: usize, b: &Field, j: usize) -> Option<usize> {
        match (self, a.get(i)?, b.get(j)?) {
            (Self::Equal, Value::Number(x), Value::Number(y)) => Some(usize::from(x == y)),
            (Self::Equal, Value::Text(x), Value::Text(y)) => Some(usize::from(x == y)),
            (Self::Within(limits), Value::Number(x), Value::Number(y)) => {
                // Equal infinite numbers have no difference.
                let distance = if x == y { 0.0 } else { (x - y).abs() };
                Some(limits.iter().filter(|limit| distance <= **limit).count())
            }
            (Self::Similar(measure, limits), Value::Text(x), Value::Text(y)) => {
                let similarity = measure.of(x, y)?;
                Some(limits.iter().filter(|limit| similarity >= **limit).count())
            }
            _ => None,
        }
    }
}

/// A field of both files and how its values are compared.
#[derive(Clone, Debug)]
pub struct Key<'a> {
    /// Values in the first file.
    pub a: &'a Field,
    /// Values in the second file.
    pub b: &'a Field,
    /// How two values are compared.
    pub comparison: Comparison,
}

impl Key<'_> {
    /// Level at which a pair agrees; `None` where it cannot be compared.
    #[must_use]
    pub fn level(&self, (i, j): Pair) -> Option<usize> {
        self.comparison.level(self.a, i, self.b, j)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(values: &[&str]) -> Field {
        Field::Texts(values.iter().map(|v| (*v).to_owned()).collect())
    }

    #[test]
    fn levels_by_hand() {
        let (a, b) = (Field::Numbers(vec![1990.0, f64::NAN, -0.0]), Field::Numbers(vec![1991.0, 1990.0, 0.0]));
        let within = Comparison::Within(vec![2.0, 0.0]);
        assert_eq!(within.levels(), 3);
        assert_eq!([0, 1].map(|j| within.level(&a, 0, &b, j)), [Some(1), Some(2)]);
        assert_eq!(within.level(&a, 1, &b, 0), None);
        assert_eq!(Comparison::Equal.level(&a, 2, &b, 2), Some(1));
        assert_eq!(a.key(2), b.key(2));
        assert_eq!(a.key(1), None);
        let (x, y) = (texts(&["SMITH", ""]), texts(&["SMYTH", "SMITH", "JONES"]));
        // Jaro of SMITH and SMYTH is 0.8667.
        let similar = Comparison::Similar(Similarity::Jaro, vec![0.85, 1.0]);
        assert_eq!([0, 1, 2].map(|j| similar.level(&x, 0, &y, j)), [Some(1), Some(2), Some(0)]);
        assert_eq!(similar.level(&x, 1, &y, 0), None);
    }

    #[test]
    fn what_cannot_be_compared_is_missing() {
        let (a, b) = (Field::Numbers(vec![1.0, f64::INFINITY]), texts(&["1"]));
        for comparison in
            [Comparison::Equal, Comparison::Within(vec![0.0]), Comparison::Similar(Similarity::Osa, vec![])]
        {
            assert_eq!(comparison.level(&a, 0, &b, 0), None);
            assert_eq!(comparison.level(&a, 7, &a, 0), None);
        }
        assert_eq!(Comparison::Within(vec![0.0]).level(&a, 1, &a, 1), Some(1));
        assert_eq!(Comparison::Within(vec![f64::NAN]).level(&a, 1, &a, 1), Some(0));
        assert!(!a.is_empty());
    }
}
