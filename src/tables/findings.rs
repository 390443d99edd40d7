//! Everything that a method says of a data set, as a tree of named values: what `eclosion analyze` prints.

use super::estimate::Estimate;
use super::warning::WarningKind;
use serde::ser::{Serialize, SerializeMap, SerializeSeq, Serializer};

/// A value in a tree of findings.
#[derive(Clone, Debug, PartialEq)]
pub enum Finding {
    /// Undefined.
    None,
    /// A number; never NaN. Infinite numbers are written as `"Infinity"` and `"-Infinity"`.
    Number(f64),
    /// A count.
    Whole(i64),
    /// A text.
    Text(String),
    /// True or false.
    Switch(bool),
    /// A list.
    List(Vec<Finding>),
    /// Named values.
    Record(Record),
}

/// Named values in the order in which they were set.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Record(Vec<(String, Finding)>);

impl Record {
    /// No values.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets a value; one of the same name is replaced.
    pub fn set(&mut self, name: impl Into<String>, value: impl Into<Finding>) -> &mut Self {
        let (name, value) = (name.into(), value.into());
        match self.0.iter_mut().find(|(known, _)| *known == name) {
            Some((_, old)) => *old = value,
            None => self.0.push((name, value)),
        }
        self
    }

    /// The value of a name.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Finding> {
        self.0.iter().find(|(known, _)| known == name).map(|(_, value)| value)
    }

    /// All names and values.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Finding)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value))
    }

    /// Whether there are no values.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// An estimate with its name, such as the name of a coefficient.
#[derive(Clone, Debug, PartialEq)]
pub struct NamedEstimate {
    /// What is estimated.
    pub name: String,
    /// The estimate, its standard error and interval.
    pub estimate: Estimate,
}

/// Everything that a method says of a data set.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Findings {
    /// What a reader wants first: estimates with their intervals.
    pub estimates: Vec<NamedEstimate>,
    /// The covariance of the estimates, row after row, where the method has it.
    pub covariance: Option<Vec<f64>>,
    /// All values, by the names that `docs/findings.md` gives them.
    pub values: Record,
    /// What a reader should know before using the estimates: full sentences.
    pub warnings: Vec<String>,
}

impl Findings {
    /// Adds an estimate.
    pub fn estimate(&mut self, name: impl Into<String>, estimate: Estimate) -> &mut Self {
        self.estimates.push(NamedEstimate { name: name.into(), estimate });
        self
    }

    /// Gives every estimate a warning, unless it has a graver one.
    pub fn warned(&mut self, warning: Option<WarningKind>) -> &mut Self {
        self.estimates.iter_mut().for_each(|named| named.estimate = named.estimate.warned(warning));
        self
    }
}

impl From<f64> for Finding {
    /// NaN is undefined.
    fn from(value: f64) -> Self {
        if value.is_nan() { Self::None } else { Self::Number(value) }
    }
}

impl From<usize> for Finding {
    fn from(value: usize) -> Self {
        i64::try_from(value).map_or(Self::Number(value as f64), Self::Whole)
    }
}

impl From<i64> for Finding {
    fn from(value: i64) -> Self {
        Self::Whole(value)
    }
}

impl From<bool> for Finding {
    fn from(value: bool) -> Self {
        Self::Switch(value)
    }
}

impl From<&str> for Finding {
    fn from(value: &str) -> Self {
        Self::Text(value.to_owned())
    }
}

impl From<String> for Finding {
    fn from(value: String) -> Self {
        Self::Text(value)
    }
}

impl From<Record> for Finding {
    fn from(value: Record) -> Self {
        Self::Record(value)
    }
}

impl From<(f64, f64)> for Finding {
    /// A list of two, such as the limits of an interval.
    fn from((low, high): (f64, f64)) -> Self {
        Self::List(vec![low.into(), high.into()])
    }
}

impl<T: Into<Finding>> From<Option<T>> for Finding {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::None, Into::into)
    }
}

impl<T: Into<Finding>> From<Vec<T>> for Finding {
    fn from(values: Vec<T>) -> Self {
        Self::List(values.into_iter().map(Into::into).collect())
    }
}

impl<T: Clone + Into<Finding>> From<&[T]> for Finding {
    fn from(values: &[T]) -> Self {
        Self::List(values.iter().cloned().map(Into::into).collect())
    }
}

impl Finding {
    /// A square matrix, row after row, as a list of rows.
    #[must_use]
    pub fn matrix(values: &[f64], columns: usize) -> Self {
        Self::List(values.chunks(columns.max(1)).map(Self::from).collect())
    }
}

impl Serialize for Finding {
    fn serialize<S: Serializer>(&self, out: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::None => out.serialize_none(),
            Self::Number(value) if value.is_nan() => out.serialize_none(),
            Self::Number(value) if value.is_infinite() => {
                out.serialize_str(if *value > 0.0 { "Infinity" } else { "-Infinity" })
            }
            Self::Number(value) => out.serialize_f64(*value),
            Self::Whole(value) => out.serialize_i64(*value),
            Self::Text(text) => out.serialize_str(text),
            Self::Switch(on) => out.serialize_bool(*on),
            Self::List(items) => {
                let mut list = out.serialize_seq(Some(items.len()))?;
                for item in items {
                    list.serialize_element(item)?;
                }
                list.end()
            }
            Self::Record(record) => record.serialize(out),
        }
    }
}

impl Serialize for Record {
    fn serialize<S: Serializer>(&self, out: S) -> Result<S::Ok, S::Error> {
        let mut map = out.serialize_map(Some(self.0.len()))?;
        for (name, value) in &self.0 {
            map.serialize_entry(name, value)?;
        }
        map.end()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn undefined_and_infinite_values_have_their_own_words() {
        let mut record = Record::new();
        record
            .set("nothing", f64::NAN)
            .set("top", f64::INFINITY)
            .set("ci", (0.25, f64::NEG_INFINITY))
            .set("n", 3_usize);
        record.set("gone", None::<f64>).set("n", 4_usize).set("m", Finding::matrix(&[1.0, 2.0, 3.0, 4.0], 2));
        let text = serde_json::to_string(&record).unwrap();
        assert_eq!(
            text,
            r#"{"nothing":null,"top":"Infinity","ci":[0.25,"-Infinity"],"n":4,"gone":null,"m":[[1.0,2.0],[3.0,4.0]]}"#
        );
        assert_eq!(record.get("n"), Some(&Finding::Whole(4)));
        assert_eq!(record.get("x"), None);
    }
}
