//! Every possible history of a person with its probability, so that the population's truth is exact.
//!
//! Possible where every variable has few values and nobody's history depends on another's. Persons with the same
//! recorded history and the same present are one row, so the work grows with the number of different histories, not
//! with the number of paths through unrecorded steps.

use super::plan::{Change, Plan, Start, StartItem, Starts};
use super::scope::Meaning;
use crate::tables::{Column, Truth};
use std::collections::BTreeMap;

/// A kind of person: the same group, the same recorded history, the same present.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct History {
    group: u8,
    /// Codes of all variables at each recorded moment so far.
    recorded: Vec<u8>,
    /// Codes of all variables now.
    now: Vec<u8>,
}

type Weights = BTreeMap<History, f64>;

impl Plan {
    /// Every possible history with its probability, if the mechanism has few enough: then the population's truth is
    /// exact. `limit` is the greatest number of rows. The truth that is returned has one row for each history, not
    /// for each person.
    #[must_use]
    pub fn enumerate(&self, limit: usize) -> Option<Truth> {
        if !self.can_be_listed() {
            return None;
        }
        let mut histories = self.list_starts(limit)?;
        for step in 0..=self.steps {
            if step > 0 {
                histories = self.list_step(&histories, step, limit)?;
            }
            if self.schema.moments.contains(&step) {
                histories = record(histories);
            }
        }
        Some(self.as_truth(&histories))
    }

    /// Whether everything has few values and persons do not depend on each other.
    fn can_be_listed(&self) -> bool {
        let coded = self.variables.iter().all(|v| v.coding.is_some());
        let alone = |m: &Meaning| {
            !matches!(m, Meaning::SiteMean(_) | Meaning::SiteEffect(_) | Meaning::Site | Meaning::Since(_))
        };
        coded && self.meanings.iter().all(alone) && self.sites.count == 0
    }

    fn list_starts(&self, limit: usize) -> Option<Weights> {
        let mut histories = Weights::new();
        for (group, rows) in self.groups.iter().enumerate() {
            let nobody = History { group: group as u8, recorded: Vec::new(), now: vec![0; self.variables.len()] };
            histories.insert(nobody, rows.size as f64 / self.schema.persons as f64);
        }
        for item in &self.start_order {
            let StartItem::Variable(v) = item else { continue };
            let mut next = Weights::new();
            for (history, weight) in &histories {
                for (code, p) in self.start_of(*v, history)? {
                    let mut history = history.clone();
                    history.now[*v] = code;
                    *next.entry(history).or_default() += weight * p;
                }
            }
            histories = within(next, limit)?;
        }
        Some(histories)
    }

    /// The codes with which a variable can start, and their probabilities.
    fn start_of(&self, v: usize, history: &History) -> Option<Vec<(u8, f64)>> {
        let value = |slot: &u32| self.value(*slot, &history.now, history, 0);
        let starts = match &self.variables[v].starts {
            Starts::ByGroup(starts) => starts,
            Starts::Assigned(assignment) => {
                return Some(assignment.shares.iter().enumerate().map(|(arm, share)| (arm as u8, *share)).collect());
            }
            Starts::Jointly { .. } => return None,
        };
        match &starts[usize::from(history.group)] {
            Start::Fixed(code) => Some(vec![(*code, 1.0)]),
            Start::Chance(rule) => {
                let row: Vec<f64> = rule.slots().iter().map(value).collect();
                Some(outcomes(&rule.probabilities(&row)?))
            }
            Start::Formula(program) => {
                let row: Vec<f64> = program.slots().iter().map(value).collect();
                Some(vec![(self.code(v, program.evaluate_one(&row))?, 1.0)])
            }
            Start::Law(law) => {
                let row: Vec<f64> = law.slots().iter().map(value).collect();
                law.probabilities(&row)?.into_iter().map(|(x, p)| Some((self.code(v, x)?, p))).collect()
            }
        }
    }

    fn list_step(&self, histories: &Weights, step: u32, limit: usize) -> Option<Weights> {
        let mut next = Weights::new();
        for (history, weight) in histories {
            let mut partial = vec![(history.now.clone(), *weight)];
            for equation in &self.equations {
                let mut further = Vec::with_capacity(partial.len() * 2);
                for (now, weight) in &partial {
                    let value = |slot: &u32| self.value(*slot, now, history, step);
                    let outcomes = match &equation.change {
                        Change::Rule(rule) => {
                            let row: Vec<f64> = rule.slots().iter().map(value).collect();
                            outcomes(&rule.probabilities(&row)?)
                        }
                        Change::Law(law) => {
                            let row: Vec<f64> = law.slots().iter().map(value).collect();
                            let code = |(x, p)| Some((self.code(equation.variable, x)?, p));
                            law.probabilities(&row)?.into_iter().map(code).collect::<Option<_>>()?
                        }
                    };
                    for (code, p) in outcomes {
                        let mut now = now.clone();
                        now[equation.variable] = code;
                        further.push((now, weight * p));
                    }
                }
                partial = further;
            }
            for (now, weight) in partial {
                let history = History { group: history.group, recorded: history.recorded.clone(), now };
                *next.entry(history).or_default() += weight;
            }
            if next.len() > limit {
                return None;
            }
        }
        Some(next)
    }

    /// The value of a slot for a kind of person in a step; `history.now` is the state at the last step.
    fn value(&self, slot: u32, now: &[u8], history: &History, step: u32) -> f64 {
        let decode = |v: usize, codes: &[u8]| {
            self.variables[v].coding.as_ref().map_or(f64::NAN, |c| c.values[usize::from(codes[v])])
        };
        let time = f64::from(step) * self.schema.step_years;
        match self.meanings[slot as usize] {
            Meaning::Now(v) => decode(v, now),
            Meaning::Lag(v) => decode(v, &history.now),
            Meaning::Age(v) => decode(v, now) + time,
            Meaning::Group => f64::from(history.group),
            Meaning::Time => time,
            Meaning::Site | Meaning::SiteMean(_) | Meaning::SiteEffect(_) | Meaning::Since(_) => f64::NAN,
        }
    }

    fn code(&self, v: usize, value: f64) -> Option<u8> {
        let coding = self.variables[v].coding.as_ref()?;
        coding.values.iter().position(|x| *x == value).map(|code| code as u8)
    }

    fn as_truth(&self, histories: &Weights) -> Truth {
        let variables = self.variables.len();
        let column = |v: usize, moment: usize| {
            let codes = histories.keys().map(|h| h.recorded[moment * variables + v]).collect();
            self.variables[v].coding.clone().map(|coding| Column::Coded { codes, coding })
        };
        let columns = (0..variables).map(|v| {
            let moments = if self.schema.variables[v].changes { self.schema.moments.len() } else { 1 };
            (0..moments).filter_map(|moment| column(v, moment)).collect()
        });
        Truth {
            schema: self.schema.clone(),
            replicates: 0..1,
            group: histories.keys().map(|h| h.group).collect(),
            site: Vec::new(),
            site_effects: Vec::new(),
            columns: columns.collect(),
            since: vec![Vec::new(); variables],
            weights: Some(histories.values().copied().collect()),
        }
    }
}

/// Outcomes that can happen, with their probabilities.
fn outcomes(probabilities: &[f64]) -> Vec<(u8, f64)> {
    let possible = probabilities.iter().enumerate().filter(|(_, p)| **p > 0.0);
    possible.map(|(code, p)| (code as u8, *p)).collect()
}

fn within(histories: Weights, limit: usize) -> Option<Weights> {
    (histories.len() <= limit).then_some(histories)
}

/// Adds the present to the recorded history.
fn record(histories: Weights) -> Weights {
    let mut next = Weights::new();
    for (mut history, weight) in histories {
        history.recorded.extend_from_slice(&history.now);
        *next.entry(history).or_default() += weight;
    }
    next
}
