//! Keeping, or handing over, the persons at a recorded moment.

use super::super::plan::Plan;
use super::cohort::{Cohort, years_since};
use crate::tables::{Column, Truth, TruthSchema};
use std::ops::Range;

/// The persons of a batch at a recorded moment.
#[derive(Debug)]
pub struct MomentView<'a> {
    /// What the columns mean.
    pub schema: &'a TruthSchema,
    /// Position of the moment among the recorded ones.
    pub moment: usize,
    /// Group of each row.
    pub group: &'a [u8],
    /// For each variable its column now.
    pub columns: &'a [Column],
    cohort: &'a Cohort<'a>,
}

impl MomentView<'_> {
    /// Number of the site of each of these rows within its replicate; the number of sites stands for none.
    #[must_use]
    pub fn site(&self, rows: Range<usize>) -> Vec<u32> {
        let count = self.cohort.plan.sites.count;
        let none = self.cohort.sites() as u32;
        let site = self.cohort.site().get(rows).unwrap_or(&[]);
        site.iter().map(|s| if *s == none { count as u32 } else { *s % count as u32 }).collect()
    }
}

impl<'a> Cohort<'a> {
    /// The persons now.
    pub(super) fn view(&'a self, moment: usize) -> MomentView<'a> {
        MomentView { schema: &self.plan.schema, moment, group: &self.group, columns: &self.columns, cohort: self }
    }
}

/// Memory of truths that nobody needs any more: a history has a column for every state and step.
#[derive(Clone, Debug, Default)]
pub(super) struct Spare {
    codes: Vec<Vec<u8>>,
    numbers: Vec<Vec<f64>>,
}

impl Spare {
    /// Takes the columns of a truth.
    pub fn take(&mut self, truth: Truth) {
        for column in truth.columns.into_iter().flatten() {
            match column {
                Column::Coded { codes, .. } => self.codes.push(codes),
                Column::Number(values) => self.numbers.push(values),
            }
        }
        self.numbers.extend(truth.since.into_iter().flatten());
    }

    fn copy_of(&mut self, column: &Column) -> Column {
        match column {
            Column::Coded { codes, coding } => {
                let mut copy = self.codes.pop().unwrap_or_default();
                copy.clear();
                copy.extend_from_slice(codes);
                Column::Coded { codes: copy, coding: coding.clone() }
            }
            Column::Number(values) => Column::Number(self.numbers_of(values.iter().copied())),
        }
    }

    fn numbers_of(&mut self, values: impl Iterator<Item = f64>) -> Vec<f64> {
        let mut copy = self.numbers.pop().unwrap_or_default();
        copy.clear();
        copy.extend(values);
        copy
    }
}

/// Collects the moments of a batch.
pub(super) struct Recorder<'a> {
    plan: &'a Plan,
    truth: Truth,
    spare: &'a mut Spare,
}

impl<'a> Recorder<'a> {
    /// Nothing collected yet.
    pub fn new(plan: &'a Plan, replicates: Range<u64>, spare: &'a mut Spare) -> Self {
        let variables = plan.variables.len();
        let truth = Truth {
            schema: plan.schema.clone(),
            replicates,
            group: Vec::new(),
            site: Vec::new(),
            site_effects: Vec::new(),
            columns: vec![Vec::new(); variables],
            since: vec![Vec::new(); variables],
            weights: None,
        };
        Self { plan, truth, spare }
    }

    /// Adds a moment.
    pub fn add(&mut self, view: &MomentView<'_>) {
        let first = view.moment == 0;
        let truth = &mut self.truth;
        let rows = view.group.len();
        if first {
            truth.group = view.group.to_vec();
            truth.site_effects.clone_from(&view.cohort.site_effects);
        }
        let changing_sites = self.plan.sites.by_level.is_some();
        if self.plan.sites.count > 0 && (first || changing_sites) {
            truth.site.push(view.site(0..rows));
        }
        for (v, column) in view.columns.iter().enumerate() {
            if first || view.schema.variables[v].changes {
                truth.columns[v].push(self.spare.copy_of(column));
            }
        }
        let step = view.cohort.step;
        for (k, state) in self.plan.timed.iter().enumerate() {
            let years = view.schema.step_years;
            let since = view.cohort.onset[k].iter().map(|onset| years_since(*onset, step, years));
            truth.since[*state].push(self.spare.numbers_of(since));
        }
    }

    /// The collected truth.
    pub fn finish(self) -> Truth {
        self.truth
    }
}
