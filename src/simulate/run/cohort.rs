//! The persons of a batch as they are now.

use super::super::plan::Plan;
use super::super::scope::Meaning;
use crate::distribution::LawScratch;
use crate::formula::{Input, Scratch as FormulaScratch};
use crate::rules::Layout;
use crate::streams::Streams;
use crate::tables::{Coding, Column};
use std::ops::Range;
use std::sync::Arc;

/// The persons of a batch as they are now.
#[derive(Debug)]
pub(super) struct Cohort<'a> {
    pub plan: &'a Plan,
    pub streams: &'a Streams,
    pub layout: Layout,
    pub replicates: Range<u64>,
    /// Steps since the start.
    pub step: u32,
    pub group: Vec<u8>,
    /// A column per variable.
    pub columns: Vec<Column>,
    /// For each kind of site the person's site of that kind, numbered through all replicates.
    pub site_of_kind: Vec<Vec<u32>>,
    /// The person's site now; the number after the last stands for none. Empty where there are no sites or where the
    /// only kind has everybody.
    site_now: Vec<u32>,
    /// For each random effect of sites its values; 0 for no site.
    pub site_effects: Vec<Vec<f64>>,
    /// For each averaged state its mean over each site at the last step; NaN for no site.
    pub site_means: Vec<Vec<f64>>,
    /// For each timed state the step of its last onset; `NEVER` where there was none.
    pub onset: Vec<Vec<i32>>,
    group_values: Vec<f64>,
    site_values: Vec<f64>,
}

/// No onset so far.
pub(super) const NEVER: i32 = i32::MIN;

/// Columns over the rows of one chunk.
#[derive(Clone, Debug, Default)]
pub(super) struct Buffers {
    /// For each lagged state its values at the last step.
    pub lag: Vec<Column>,
    /// For each slot that is worked out anew for each chunk (age, since) its values.
    pub derived: Vec<Vec<f64>>,
    pub codes: Vec<u8>,
    pub numbers: Vec<f64>,
    pub law: LawScratch,
    pub formula: FormulaScratch,
}

impl<'a> Cohort<'a> {
    /// Persons who have not started.
    pub fn new(plan: &'a Plan, layout: Layout, replicates: Range<u64>, streams: &'a Streams) -> Self {
        let rows = layout.rows();
        let mut group = vec![0; rows];
        for segment in layout.segments() {
            group[segment.rows.clone()].fill(segment.group);
        }
        let empty = |coding: &Option<Arc<Coding>>| match coding {
            Some(coding) => Column::Coded { codes: vec![0; rows], coding: coding.clone() },
            None => Column::Number(vec![0.0; rows]),
        };
        let sites = plan.sites.count * (replicates.end - replicates.start) as usize;
        let site_values = (0..sites).map(|s| (s % plan.sites.count) as f64).chain([f64::NAN]).collect();
        Self {
            plan,
            streams,
            replicates,
            step: 0,
            group,
            columns: plan.variables.iter().map(|v| empty(&v.coding)).collect(),
            site_of_kind: Vec::new(),
            site_now: Vec::new(),
            site_effects: Vec::new(),
            site_means: vec![Vec::new(); plan.averaged.len()],
            onset: vec![Vec::new(); plan.timed.len()],
            group_values: (0..plan.groups.len()).map(|g| g as f64).collect(),
            site_values,
            layout,
        }
    }

    /// Number of sites in all replicates of the batch.
    pub fn sites(&self) -> usize {
        self.plan.sites.count * (self.replicates.end - self.replicates.start) as usize
    }

    /// The person's site now, numbered through all replicates.
    pub fn site(&self) -> &[u32] {
        if self.plan.sites.by_level.is_some() {
            &self.site_now
        } else {
            self.site_of_kind.first().map_or(&[], Vec::as_slice)
        }
    }

    /// Puts everybody into the site of their kind of site now.
    pub fn enter_sites(&mut self) {
        let Some((state, kinds)) = &self.plan.sites.by_level else { return };
        let Column::Coded { codes, .. } = &self.columns[*state] else { return };
        let none = self.sites() as u32;
        self.site_now.clear();
        self.site_now.extend(codes.iter().enumerate().map(|(row, level)| match kinds[usize::from(*level)] {
            Some(kind) => self.site_of_kind[kind][row],
            None => none,
        }));
    }

    /// Works out the means over sites of all averaged states.
    pub fn average_over_sites(&mut self) {
        let sites = self.sites();
        for (k, state) in self.plan.averaged.iter().enumerate() {
            let mut means = std::mem::take(&mut self.site_means[k]);
            mean_by_site(&self.columns[*state], self.site(), sites, &mut means);
            self.site_means[k] = means;
        }
    }

    /// The column of a meaning over `rows`. `buffers` belong to the chunk that starts at `start`.
    pub fn input<'b>(&'b self, slot: u32, rows: &Range<usize>, start: usize, buffers: &'b Buffers) -> Input<'b> {
        let local = rows.start - start..rows.end - start;
        match self.plan.meanings[slot as usize] {
            Meaning::Now(v) => column_input(&self.columns[v], rows),
            Meaning::Lag(v) => match self.plan.lagged.binary_search(&v) {
                Ok(k) => column_input(&buffers.lag[k], &local),
                Err(_) => Input::Constant(f64::NAN),
            },
            Meaning::Age(v) if self.step == 0 => column_input(&self.columns[v], rows),
            Meaning::Age(_) | Meaning::Since(_) => Input::Number(&buffers.derived[slot as usize][local]),
            Meaning::SiteMean(v) => match self.plan.averaged.binary_search(&v) {
                Ok(k) => Input::Indexed(&self.site()[rows.clone()], self.by_site(&self.site_means[k])),
                Err(_) => Input::Constant(f64::NAN),
            },
            Meaning::SiteEffect(e) => Input::Indexed(&self.site()[rows.clone()], self.by_site(&self.site_effects[e])),
            Meaning::Site => Input::Indexed(&self.site()[rows.clone()], self.by_site(&self.site_values)),
            Meaning::Group => Input::Coded(&self.group[rows.clone()], &self.group_values),
            Meaning::Time => Input::Constant(f64::from(self.step) * self.plan.schema.step_years),
        }
    }

    /// Values by site, without the value of "no site" where everybody always has one: it would only make a table of
    /// thresholds larger, by entries that cannot be used.
    fn by_site<'b>(&self, values: &'b [f64]) -> &'b [f64] {
        let kinds = self.plan.sites.by_level.as_ref().map(|(_, kinds)| kinds);
        let everybody = kinds.is_none_or(|kinds| kinds.iter().all(Option::is_some));
        if everybody { &values[..self.sites()] } else { values }
    }

    /// The columns of several slots over `rows`.
    pub fn inputs<'b>(&'b self, slots: &[u32], rows: &Range<usize>, start: usize, buffers: &'b Buffers) -> Inputs<'b> {
        let mut inputs = Inputs { few: [Input::Constant(0.0); FEW_INPUTS], many: Vec::new(), count: slots.len() };
        match inputs.few.get_mut(..slots.len()) {
            Some(few) => {
                for (input, slot) in few.iter_mut().zip(slots) {
                    *input = self.input(*slot, rows, start, buffers);
                }
            }
            None => inputs.many.extend(slots.iter().map(|slot| self.input(*slot, rows, start, buffers))),
        }
        inputs
    }

    /// Fills the buffers of a chunk: last values of states, ages and times since.
    pub fn fill_buffers(&self, rows: &Range<usize>, buffers: &mut Buffers) {
        buffers.lag.resize_with(self.plan.lagged.len(), || Column::Number(Vec::new()));
        for (state, lag) in self.plan.lagged.iter().zip(&mut buffers.lag) {
            copy_rows(&self.columns[*state], rows, lag);
        }
        let years = self.plan.schema.step_years;
        buffers.derived.resize_with(self.plan.meanings.len(), Vec::new);
        for (meaning, out) in self.plan.meanings.iter().zip(&mut buffers.derived) {
            match meaning {
                Meaning::Age(v) => {
                    let passed = f64::from(self.step) * years;
                    out.clear();
                    out.extend(rows.clone().map(|row| self.columns[*v].value(row) + passed));
                }
                Meaning::Since(v) => {
                    let Ok(k) = self.plan.timed.binary_search(v) else { continue };
                    out.clear();
                    out.extend(self.onset[k][rows.clone()].iter().map(|onset| years_since(*onset, self.step, years)));
                }
                _ => {}
            }
        }
    }
}

/// The inputs of a formula, which are nearly always few: nothing is allocated for them, since there is an equation for
/// every state and step.
pub(super) struct Inputs<'b> {
    few: [Input<'b>; FEW_INPUTS],
    many: Vec<Input<'b>>,
    count: usize,
}

/// Inputs for which nothing is allocated.
const FEW_INPUTS: usize = 10;

impl<'b> std::ops::Deref for Inputs<'b> {
    type Target = [Input<'b>];

    fn deref(&self) -> &[Input<'b>] {
        self.few.get(..self.count).unwrap_or(&self.many)
    }
}

/// Years between an onset and now; infinite where there was none.
pub(super) fn years_since(onset: i32, step: u32, step_years: f64) -> f64 {
    if onset == NEVER { f64::INFINITY } else { (i64::from(step) - i64::from(onset)) as f64 * step_years }
}

fn column_input<'b>(column: &'b Column, rows: &Range<usize>) -> Input<'b> {
    match column {
        Column::Coded { codes, coding } => Input::Coded(&codes[rows.clone()], &coding.values),
        Column::Number(values) => Input::Number(&values[rows.clone()]),
    }
}

fn copy_rows(column: &Column, rows: &Range<usize>, into: &mut Column) {
    match (column, into) {
        (Column::Coded { codes, .. }, Column::Coded { codes: into, .. }) => {
            into.clear();
            into.extend_from_slice(&codes[rows.clone()]);
        }
        (Column::Number(values), Column::Number(into)) => {
            into.clear();
            into.extend_from_slice(&values[rows.clone()]);
        }
        (Column::Coded { codes, coding }, into) => {
            *into = Column::Coded { codes: codes[rows.clone()].to_vec(), coding: coding.clone() };
        }
        (Column::Number(values), into) => *into = Column::Number(values[rows.clone()].to_vec()),
    }
}

/// Mean of a column over the rows of each site; NaN for sites without persons and for no site.
fn mean_by_site(column: &Column, site: &[u32], sites: usize, means: &mut Vec<f64>) {
    let mut persons = vec![0_u64; sites + 1];
    means.clear();
    means.resize(sites + 1, 0.0);
    match column {
        Column::Coded { codes, coding } if coding.values.len() == 2 => {
            // Two counts in one word: persons in the upper half, codes in the lower.
            for (site, code) in site.iter().zip(codes) {
                persons[*site as usize] += (1 << 32) | u64::from(*code);
            }
            for (mean, both) in means.iter_mut().zip(&persons) {
                let (n, ones) = ((both >> 32) as f64, (both & 0xFFFF_FFFF) as f64);
                *mean = (coding.values[0] * (n - ones) + coding.values[1] * ones) / n;
            }
        }
        _ => {
            for (row, site) in site.iter().enumerate() {
                persons[*site as usize] += 1;
                means[*site as usize] += column.value(row);
            }
            for (mean, n) in means.iter_mut().zip(&persons) {
                *mean /= *n as f64;
            }
        }
    }
    means[sites] = f64::NAN;
}
