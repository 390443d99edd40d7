//! What a row of the table of performance can be asked for by name.

use crate::diagnostic::near_miss;
use crate::formula::{Bounds, Kind, Reference, Resolved, Scope, Slots, Unresolved};
use std::sync::Arc;

/// The names of a study, known before it runs.
#[derive(Clone, Debug, Default)]
pub struct Names {
    /// Names of the estimands, in the order of the scenario.
    pub estimands: Vec<String>,
    /// Names of the methods, in the order of the scenario.
    pub methods: Vec<String>,
    /// Factors with their values as written, each once.
    pub factors: Vec<(String, Vec<String>)>,
    /// Names of the measures.
    pub measures: Vec<&'static str>,
}

impl Names {
    /// Adds the factors of a condition, with values that are new.
    pub fn add_factors(&mut self, factors: &[(String, String)]) {
        for (name, value) in factors {
            match self.factors.iter_mut().find(|(known, _)| known == name) {
                Some((_, values)) if values.contains(value) => {}
                Some((_, values)) => values.push(value.clone()),
                None => self.factors.push((name.clone(), vec![value.clone()])),
            }
        }
    }

    /// The measure of this name.
    pub(super) fn measure(&self, name: &str) -> Option<&'static str> {
        let name = ALSO.iter().find(|(also, _)| *also == name).map_or(name, |(_, measure)| measure);
        self.measures.iter().copied().find(|known| *known == name)
    }

    /// What a plain name stands for. Words of the table and measures go before factors, which `factor_NAME` names as well.
    pub(super) fn reading(&self, name: &str) -> Option<Reading> {
        let word = WORDS.iter().find(|(word, _)| *word == name).map(|(_, reading)| *reading);
        let factor = |wanted: &str| {
            let named = |factor: &str| factor == wanted || plain(factor) == wanted;
            self.factors.iter().position(|(factor, _)| named(factor)).map(Reading::Factor)
        };
        word.or_else(|| self.measure(name).map(Reading::Value))
            .or_else(|| name.strip_suffix("_mcse").and_then(|stem| self.measure(stem)).map(Reading::Error))
            .or_else(|| factor(name))
            .or_else(|| name.strip_prefix("factor_").and_then(factor))
    }

    /// Names of what tells rows apart.
    pub(super) fn of_rows(&self) -> Vec<String> {
        let words = ["condition", "estimand", "method"].map(str::to_owned).into_iter();
        // A factor that is called like a word or a measure is reached by its longer name.
        let factor = |(k, (name, _)): (usize, &(String, Vec<String>))| {
            let short = plain(name);
            if self.reading(&short) == Some(Reading::Factor(k)) { short } else { format!("factor_{short}") }
        };
        words.chain(self.factors.iter().enumerate().map(factor)).collect()
    }

    /// The nearest known name, or all of these.
    pub(super) fn offer(name: &str, known: &[String]) -> String {
        match near_miss(name, known.iter().map(String::as_str)) {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("known here: {}", known.join(", ")),
        }
    }

    fn kind(&self, reading: Reading) -> Kind {
        let levels = |names: &[String]| Kind::Level(Arc::from(names));
        match reading {
            Reading::Estimand => levels(&self.estimands),
            Reading::Method => levels(&self.methods),
            Reading::Factor(k) => self.factors.get(k).map_or(Kind::Number, |(_, values)| kind_of(values)),
            _ => Kind::Number,
        }
    }

    /// A factor's value as a number: itself, 1 for `true`, or the position among the levels.
    pub(super) fn factor_value(&self, k: usize, value: &str) -> f64 {
        let Some((_, values)) = self.factors.get(k) else { return f64::NAN };
        match kind_of(values) {
            Kind::Number => number(value).unwrap_or(f64::NAN),
            Kind::Boolean => f64::from(u8::from(value == "true")),
            Kind::Level(_) => values.iter().position(|v| v == value).map_or(f64::NAN, |at| at as f64),
        }
    }
}

/// Other names of measures: the name in a formula and that of the catalogue.
const ALSO: [(&str, &str); 1] = [("power", "rejection")];

/// Names that every table has.
const WORDS: [(&str, Reading); 5] = [
    ("condition", Reading::Condition),
    ("estimand", Reading::Estimand),
    ("method", Reading::Method),
    ("replicates", Reading::Replicates),
    ("failed", Reading::Failed),
];

/// A factor's name as a formula can read it: `group_size` for `group.size`.
pub(super) fn plain(name: &str) -> String {
    name.chars().map(|c| if c.is_alphanumeric() { c } else { '_' }).collect()
}

fn number(value: &str) -> Option<f64> {
    value.parse::<f64>().ok().filter(|v| v.is_finite())
}

fn kind_of(values: &[String]) -> Kind {
    if values.iter().all(|v| number(v).is_some()) {
        Kind::Number
    } else if values.iter().all(|v| v == "true" || v == "false") {
        Kind::Boolean
    } else {
        Kind::Level(Arc::from(values))
    }
}

/// What is read of a row.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Reading {
    Condition,
    Estimand,
    Method,
    /// Replicates of the condition that were done.
    Replicates,
    /// Fits without an estimate.
    Failed,
    /// A factor, by position.
    Factor(usize),
    /// A measure.
    Value(&'static str),
    /// A measure's Monte Carlo standard error.
    Error(&'static str),
}

/// The names as formulas read them.
pub(super) struct Readable<'a> {
    pub(super) names: &'a Names,
    pub(super) slots: Slots<Reading>,
}

impl Scope for Readable<'_> {
    fn resolve(&self, reference: &Reference<'_>) -> Result<Resolved, Unresolved> {
        let name = reference.name;
        if let Some((key, _)) = reference.arguments.first() {
            let message = format!("`mcse({name}, {key} = ...)` is not known here");
            return Err(Unresolved { code: "R0049", message, help: Some(format!("write `mcse({name})`")) });
        }
        let reading = match reference.accessor {
            Some(_) => self.names.measure(name).map(Reading::Error),
            None => self.names.reading(name),
        };
        if let Some(reading) = reading {
            return Ok(self.slots.resolved(reading, self.names.kind(reading), Bounds::ANY));
        }
        let mut known: Vec<String> = match reference.accessor {
            Some(_) => Vec::new(),
            None => self.names.of_rows().into_iter().chain(["replicates", "failed"].map(str::to_owned)).collect(),
        };
        known.extend(self.names.measures.iter().map(|m| (*m).to_owned()));
        known.extend(ALSO.iter().map(|(also, _)| (*also).to_owned()));
        let what = if reference.accessor.is_some() { "measure" } else { "column of the table" };
        let message = format!("no {what} is called `{name}`");
        Err(Unresolved { code: "R0049", message, help: Some(Names::offer(name, &known)) })
    }

    fn accessors(&self) -> &'static [&'static str] {
        &["mcse"]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_factor_that_is_called_like_a_measure_has_a_longer_name() {
        let mut names = Names { measures: vec!["bias"], ..Names::default() };
        names.add_factors(&[("bias".to_owned(), "1".to_owned()), ("group.size".to_owned(), "40".to_owned())]);
        assert_eq!(names.of_rows(), ["condition", "estimand", "method", "factor_bias", "group_size"]);
        for (k, name) in names.of_rows().iter().skip(3).enumerate() {
            assert_eq!(names.reading(name), Some(Reading::Factor(k)));
        }
        assert_eq!(names.reading("bias"), Some(Reading::Value("bias")));
    }
}
