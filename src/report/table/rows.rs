//! The rows that are shown: kept, ordered, in groups.

use super::names::{Names, Reading};
use super::view::{By, Key, View};
use crate::formula::Program;
use crate::tables::{Among, ConditionResult, Measured, PerformanceRow, StudyResult};
use std::cmp::Ordering;

/// A row of the table: a method's measures for one estimand under one condition.
pub(super) struct Row<'a> {
    pub(super) condition: &'a ConditionResult,
    pub(super) estimand: u32,
    pub(super) method: u32,
    pub(super) among: Among,
    /// All rows of performance of this condition, estimand and method.
    pub(super) measures: Vec<&'a PerformanceRow>,
    /// Fits without an estimate.
    pub(super) failed: u64,
}

impl Row<'_> {
    /// Which fits its measures are of. Where no fit failed only the own ones have rows, and all are the same.
    pub(super) fn among(&self) -> Among {
        if self.measures.iter().any(|r| r.among == self.among) { self.among } else { Among::Own }
    }

    /// A measure among these fits.
    pub(super) fn measured(&self, measure: &str) -> Measured {
        let among = self.among();
        let found = self.measures.iter().find(|r| r.measure == measure && r.among == among);
        found.map_or_else(Measured::default, |r| r.measured)
    }

    fn value(&self, reading: Reading, names: &Names) -> f64 {
        match reading {
            Reading::Condition => f64::from(self.condition.number) + 1.0,
            Reading::Estimand => f64::from(self.estimand),
            Reading::Method => f64::from(self.method),
            Reading::Replicates => self.condition.replicates as f64,
            Reading::Failed => self.failed as f64,
            Reading::Factor(k) => self.factor(k, names).map_or(f64::NAN, |value| names.factor_value(k, value)),
            Reading::Value(measure) => self.measured(measure).value.unwrap_or(f64::NAN),
            Reading::Error(measure) => self.measured(measure).mcse.unwrap_or(f64::NAN),
        }
    }

    /// The value of a factor, as written.
    pub(super) fn factor(&self, k: usize, names: &Names) -> Option<&str> {
        let (name, _) = names.factors.get(k)?;
        self.condition.factors.iter().find(|(n, _)| n == name).map(|(_, value)| value.as_str())
    }

    fn evaluated(&self, program: &Program, view: &View) -> f64 {
        let reading = |slot: &u32| view.readings.get(*slot as usize).copied();
        let value = |slot: &u32| reading(slot).map_or(f64::NAN, |reading| self.value(reading, &view.names));
        program.evaluate_one(&program.slots().iter().map(value).collect::<Vec<_>>())
    }
}

/// Rows with something in common.
pub(super) struct Group<'a> {
    /// What they have in common: a name and a value; nothing where all rows are one group.
    pub(super) heading: Option<(String, String)>,
    pub(super) rows: Vec<Row<'a>>,
}

/// The rows that the view keeps, in its order, group by group. Ties stay in the order of the scenario.
pub(super) fn groups<'a>(result: &'a StudyResult, view: &View) -> Vec<Group<'a>> {
    let mut rows = rows(result, view);
    // What is undefined makes a comparison undefined, which is not true.
    rows.retain(|row| view.keep.as_ref().is_none_or(|keep| row.evaluated(keep, view) == 1.0));
    rows.sort_by(|a, b| {
        let by_key = |key: &Key| compared(value(a, key, view), value(b, key, view), key.descending);
        view.keys.iter().map(by_key).find(|o| o.is_ne()).unwrap_or(Ordering::Equal)
    });
    let Some(by) = view.group_by else { return vec![Group { heading: None, rows }] };
    let mut groups: Vec<(f64, Group<'a>)> = Vec::new();
    for row in rows {
        let value = place(&row, by, &view.names);
        match groups.iter_mut().find(|(of, _)| of.total_cmp(&value).is_eq()) {
            Some((_, group)) => group.rows.push(row),
            None => groups.push((value, Group { heading: Some(heading(&row, by, result, view)), rows: vec![row] })),
        }
    }
    groups.sort_by(|(a, _), (b, _)| a.total_cmp(b));
    groups.into_iter().map(|(_, group)| group).collect()
}

fn rows<'a>(result: &'a StudyResult, view: &View) -> Vec<Row<'a>> {
    let among = if view.among.is_empty() { &[Among::Own][..] } else { &view.among };
    let mut found = Vec::new();
    for ((condition, estimand, method), measures) in super::super::by_pair(result) {
        let Some(condition) = result.conditions.iter().find(|c| c.number == condition) else { continue };
        let pair = (condition.number, estimand, method);
        let failures = result.failures().filter(|(f, _)| (f.condition, f.estimand, f.method) == pair);
        let failed = failures.map(|(f, _)| f.count).sum();
        let row =
            |among: &Among| Row { condition, estimand, method, among: *among, measures: measures.clone(), failed };
        found.extend(among.iter().map(row));
    }
    found
}

fn value(row: &Row<'_>, key: &Key, view: &View) -> f64 {
    match &key.by {
        By::Reading(reading) => row.value(*reading, &view.names),
        By::Formula(program) => row.evaluated(program, view),
    }
}

/// The order of two values; what is undefined comes last, whichever way round.
fn compared(a: f64, b: f64, descending: bool) -> Ordering {
    match (a.is_nan(), b.is_nan()) {
        (false, false) if descending => b.partial_cmp(&a).unwrap_or(Ordering::Equal),
        (false, false) => a.partial_cmp(&b).unwrap_or(Ordering::Equal),
        (a, b) => a.cmp(&b),
    }
}

/// The place of a row's group: groups stand in the order of the scenario.
fn place(row: &Row<'_>, by: Reading, names: &Names) -> f64 {
    match by {
        Reading::Factor(k) => {
            let values = names.factors.get(k).map_or(&[][..], |(_, values)| values);
            row.factor(k, names)
                .and_then(|v| values.iter().position(|known| known == v))
                .map_or(f64::NAN, |at| at as f64)
        }
        _ => row.value(by, names),
    }
}

fn heading(row: &Row<'_>, by: Reading, result: &StudyResult, view: &View) -> (String, String) {
    let named = |word: &str, names: &[String], at| (word.to_owned(), super::super::name(names, at).to_owned());
    match by {
        Reading::Estimand => named("estimand", &result.estimands, row.estimand),
        Reading::Method => named("method", &result.methods, row.method),
        Reading::Factor(k) => {
            let name = view.names.factors.get(k).map_or(String::new(), |(name, _)| name.clone());
            (name, row.factor(k, &view.names).unwrap_or("-").to_owned())
        }
        _ => {
            let factors: Vec<String> = row.condition.factors.iter().map(|(n, v)| format!("{n} = {v}")).collect();
            let of = if factors.is_empty() { String::new() } else { format!(" ({})", factors.join(", ")) };
            ("condition".to_owned(), format!("{}{of}", row.condition.number + 1))
        }
    }
}
