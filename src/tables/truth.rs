//! The true histories of a batch of replicates.

use super::column::{Coding, Column};
use std::ops::Range;
use std::sync::Arc;

/// What a variable of the truth is.
#[derive(Clone, Debug, PartialEq)]
pub struct TrueVariable {
    /// Name in the scenario.
    pub name: String,
    /// Levels or values, if the variable has few.
    pub coding: Option<Arc<Coding>>,
    /// Whether it changes over the steps (a state) or stays as drawn at the start (an attribute).
    pub changes: bool,
    /// Least value it can have; negative infinity where nothing is known.
    pub low: f64,
    /// Greatest value it can have; infinity where nothing is known.
    pub high: f64,
    /// Whether nobody but the simulator could know it (a random effect, a latent attribute).
    pub latent: bool,
}

/// What the columns of a [`Truth`] mean; the same for all batches of a condition.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct TruthSchema {
    /// Names of the groups, by code.
    pub groups: Vec<String>,
    /// Names of the sites, by number; empty where the scenario has no sites.
    pub sites: Vec<String>,
    /// Names of the random effects of sites, `site_effect` for the one declared with the site.
    pub site_effects: Vec<String>,
    /// The variables in the order of the columns.
    pub variables: Vec<TrueVariable>,
    /// Persons in one replicate.
    pub persons: usize,
    /// The recorded moments, each as the number of steps since the start.
    pub moments: Vec<u32>,
    /// Length of a step in years; 0 where the scenario has no steps.
    pub step_years: f64,
    /// For each wave its position in `moments`.
    pub waves: Vec<usize>,
}

impl TruthSchema {
    /// Position of a variable by name.
    #[must_use]
    pub fn variable(&self, name: &str) -> Option<usize> {
        self.variables.iter().position(|v| v.name == name)
    }

    /// Years from the start to a recorded moment.
    #[must_use]
    pub fn years(&self, moment: usize) -> f64 {
        f64::from(self.moments[moment]) * self.step_years
    }
}

/// The true histories of the replicates `replicates`, replicate after replicate, in each one person after person.
///
/// Row of person `p` in the replicate at position `r` of the batch: `r * schema.persons + p`.
#[derive(Clone, Debug)]
pub struct Truth {
    /// What the columns mean.
    pub schema: Arc<TruthSchema>,
    /// The replicates in this batch.
    pub replicates: Range<u64>,
    /// Group of each row.
    pub group: Vec<u8>,
    /// For each recorded moment, the site number of each row within its replicate; empty where there are no sites.
    /// Where persons never change site there is one entry only, valid for all moments.
    pub site: Vec<Vec<u32>>,
    /// For each random effect of sites its values, site after site and replicate after replicate.
    pub site_effects: Vec<Vec<f64>>,
    /// For each variable its columns: one per recorded moment for a state, one only for an attribute.
    pub columns: Vec<Vec<Column>>,
    /// For each state asked for by `since`: per recorded moment, the years since it last became true (or, for named
    /// levels, since it last changed); infinite where it never did. Empty for the others.
    pub since: Vec<Vec<Vec<f64>>>,
    /// Probability of each row where the rows list every possible history; absent for simulated persons.
    pub weights: Option<Vec<f64>>,
}

impl Truth {
    /// The column of a variable at a recorded moment.
    #[must_use]
    pub fn at(&self, variable: usize, moment: usize) -> &Column {
        let columns = &self.columns[variable];
        if columns.len() == 1 { &columns[0] } else { &columns[moment] }
    }

    /// Sites of all rows at a recorded moment, if there are sites.
    #[must_use]
    pub fn site_at(&self, moment: usize) -> Option<&[u32]> {
        match self.site.len() {
            0 => None,
            1 => Some(&self.site[0]),
            _ => Some(&self.site[moment]),
        }
    }

    /// Rows of the replicate at position `r` of the batch.
    #[must_use]
    pub fn rows(&self, r: usize) -> Range<usize> {
        r * self.schema.persons..(r + 1) * self.schema.persons
    }

    /// Some persons of a truth of one replicate, as rows of their own.
    #[must_use]
    pub fn part(&self, persons: Range<usize>) -> Self {
        let columns = |all: &Vec<Column>| all.iter().map(|c| c.part(persons.clone())).collect();
        let since = |all: &Vec<Vec<f64>>| all.iter().map(|s| s[persons.clone()].to_vec()).collect();
        Self {
            schema: self.schema.clone(),
            replicates: self.replicates.clone(),
            group: self.group[persons.clone()].to_vec(),
            site: self.site.iter().map(|s| s[persons.clone()].to_vec()).collect(),
            site_effects: self.site_effects.clone(),
            columns: self.columns.iter().map(columns).collect(),
            since: self.since.iter().map(since).collect(),
            weights: self.weights.as_ref().map(|w| w[persons.clone()].to_vec()),
        }
    }
}
