//! One element of a self-generated code: what is true of a person, and what is given at an interview.

use crate::diagnostic::Diagnostics;
use crate::formula::{OnlyParameters, Wanted, compile};
use crate::observe::link::{Interviews, Records};
use crate::options::Options;
use crate::streams::{Purpose, open_unit};

/// Most values of an element.
const MOST: f64 = 60_000.0;

#[derive(Clone, Debug)]
pub(super) struct Element {
    pub name: String,
    /// Number of values.
    pub values: u16,
    /// Upper end of each value's share of [0, 1]; empty where all values are equally frequent.
    ends: Vec<f64>,
}

impl Element {
    pub fn declare(table: &Options, only: &OnlyParameters<'_>, problems: &mut Diagnostics) -> Option<Self> {
        let name = table.text("name", problems);
        if table.get("name").is_none() {
            table.missing("name", problems);
        }
        let shares = match (table.get("values").is_some(), table.get("weights")) {
            (false, None) => {
                table.missing("values", problems);
                None
            }
            (true, Some(weights)) => {
                let what = "an element has `values` or `weights`, not both";
                problems.error("S0438", weights.span(), what).help("the number of `weights` is the number of values");
                None
            }
            (true, None) => values(table, only, problems).map(|values| (values, Vec::new())),
            (false, Some(_)) => weights(table, only, problems),
        };
        table.finish(problems);
        let (values, ends) = shares?;
        Some(Self { name: name?.text, values, ends })
    }

    /// The probability that two persons have the same value.
    pub fn alike(&self) -> f64 {
        if self.ends.is_empty() {
            return 1.0 / f64::from(self.values);
        }
        let starts = std::iter::once(&0.0).chain(&self.ends);
        starts.zip(&self.ends).map(|(start, end)| (end - start) * (end - start)).sum()
    }

    /// The true value for 64 random bits.
    fn value(&self, word: u64) -> u16 {
        if self.ends.is_empty() {
            return choose(word, self.values);
        }
        let unit = open_unit(word);
        // A value with no weight is never met, not even at the end of rounding.
        let at = self.ends.partition_point(|end| *end <= unit);
        let last = self.ends.partition_point(|end| *end < self.ends[self.ends.len() - 1]);
        at.min(last) as u16
    }

    /// What is given, `[wave][row]`: the true value, or with the person's chance of an error any one of the others.
    pub fn give(&self, interviews: &Interviews<'_>, records: &mut Records) -> Vec<Vec<u16>> {
        let named = |what: &str| Purpose::named(&format!("linkage.{what}.{}", self.name));
        let (slip, wrong) = (named("slip"), named("wrong"));
        let truth: Vec<u16> = interviews.words(named("element"), 0).into_iter().map(|word| self.value(word)).collect();
        let mut given = Vec::with_capacity(interviews.waves());
        for (wave, attended) in interviews.attended.iter().enumerate() {
            let slips = interviews.words(slip, wave);
            let (mut at_risk, mut happened) = (0, 0);
            let mut column = vec![u16::MAX; truth.len()];
            for (row, value) in column.iter_mut().enumerate().filter(|(row, _)| attended[*row]) {
                *value = truth[row];
                at_risk += 1;
                if open_unit(slips[row]) < interviews.once[row] {
                    happened += 1;
                    let other = choose(interviews.word(wrong, wave, row), self.values - 1);
                    *value = if other < truth[row] { other } else { other + 1 };
                }
            }
            records.count(2, wave, at_risk, happened);
            given.push(column);
        }
        given
    }
}

/// One of `count` equally likely values for 64 random bits.
fn choose(word: u64, count: u16) -> u16 {
    ((u128::from(word) * u128::from(count)) >> 64) as u16
}

fn values(table: &Options, only: &OnlyParameters<'_>, problems: &mut Diagnostics) -> Option<u16> {
    let text = table.formula("values", problems)?;
    let values = compile(&text, &Wanted::Number, only, problems)?.constant()?;
    if values.fract() != 0.0 || !(2.0..=MOST).contains(&values) {
        problems
            .error("S0438", &text.span, format!("an element cannot have {values} values"))
            .help(format!("a whole number from 2 to {MOST}"));
        return None;
    }
    Some(values as u16)
}

fn weights(table: &Options, only: &OnlyParameters<'_>, problems: &mut Diagnostics) -> Option<(u16, Vec<f64>)> {
    let texts = table.texts("weights", problems)?;
    let mut weights = Vec::with_capacity(texts.len());
    for text in &texts {
        let weight = compile(text, &Wanted::Number, only, problems)?.constant()?;
        if !(weight >= 0.0 && weight.is_finite()) {
            problems.error("S0438", &text.span, format!("a weight cannot be {weight}")).help("a number of 0 or more");
            return None;
        }
        weights.push(weight);
    }
    let span = table.get("weights").map_or(&table.span, |v| v.span());
    let met = weights.iter().filter(|w| **w > 0.0).count();
    let total: f64 = weights.iter().sum();
    if met < 2 || weights.len() as f64 > MOST || !total.is_finite() {
        problems
            .error("S0438", span, "an element needs at least two values that are met")
            .help(format!("from 2 to {MOST} weights, such as `weights = [3, 1, 1]`"));
        return None;
    }
    let mut sum = 0.0;
    let mut ends: Vec<f64> = weights
        .iter()
        .map(|w| {
            sum += w / total;
            sum
        })
        .collect();
    ends.iter_mut().for_each(|end| *end = end.min(1.0));
    Some((weights.len() as u16, ends))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_by_hand() {
        let even = Element { name: String::new(), values: 4, ends: Vec::new() };
        assert_eq!([0, 1 << 62, u64::MAX].map(|w| even.value(w)), [0, 1, 3]);
        assert_eq!(even.alike(), 0.25);
        let some = Element { name: String::new(), values: 3, ends: vec![0.5, 1.0, 1.0] };
        assert_eq!([0, 1 << 63, u64::MAX].map(|w| some.value(w)), [0, 1, 1]);
        assert_eq!(some.alike(), 0.5);
        assert_eq!([0, u64::MAX].map(|w| choose(w, 1)), [0, 0]);
    }
}
