//! What names mean in the formulas of an estimand, and how their values are read from a truth.

use crate::formula::{Bounds, Kind, Parameters, Reference, Resolved, Scope, Unresolved};
use crate::tables::{Coding, Column, Truth, TruthSchema};
use std::ops::Range;
use std::sync::Arc;

/// Names in `where` and `compare`: the truth at one wave, and parameters.
pub(super) struct AtWave<'a> {
    pub truth: &'a TruthSchema,
    pub parameters: &'a Parameters,
}

impl Scope for AtWave<'_> {
    fn resolve(&self, reference: &Reference<'_>) -> Result<Resolved, Unresolved> {
        if let Some(name) = Name::find(self.truth, reference.name) {
            return Ok(Resolved::Slot {
                slot: name.slot(self.truth),
                kind: name.kind(self.truth),
                bounds: name.bounds(self.truth),
            });
        }
        self.parameters.resolve(reference.name).ok_or_else(|| Unresolved {
            message: format!("the truth has nothing called `{}`", reference.name),
            ..Unresolved::unknown(reference.name, names(self.truth).chain(self.parameters.names()))
        })
    }

    fn accessors(&self) -> &'static [&'static str] {
        &[]
    }
}

/// All names that a truth knows.
pub(super) fn names(truth: &TruthSchema) -> impl Iterator<Item = &str> {
    let site = (!truth.sites.is_empty()).then_some("site");
    truth.variables.iter().map(|v| v.name.as_str()).chain(std::iter::once("group")).chain(site)
}

/// What a name stands for in a truth.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Name {
    /// The variable at this position.
    Variable(usize),
    /// The person's group.
    Group,
    /// The person's site at the wave.
    Site,
}

impl Name {
    /// What `name` stands for, if anything.
    pub fn find(truth: &TruthSchema, name: &str) -> Option<Self> {
        match truth.variable(name) {
            Some(variable) => Some(Self::Variable(variable)),
            None if name == "group" => Some(Self::Group),
            None if name == "site" && !truth.sites.is_empty() => Some(Self::Site),
            None => None,
        }
    }

    /// Its number in programs: variables by position, then group, then site.
    fn slot(self, truth: &TruthSchema) -> u32 {
        let position = match self {
            Self::Variable(variable) => variable,
            Self::Group => truth.variables.len(),
            Self::Site => truth.variables.len() + 1,
        };
        u32::try_from(position).unwrap_or(u32::MAX)
    }

    /// The name behind a number in programs.
    pub fn of_slot(truth: &TruthSchema, slot: u32) -> Self {
        let position = slot as usize;
        match position.checked_sub(truth.variables.len()) {
            None => Self::Variable(position),
            Some(0) => Self::Group,
            Some(_) => Self::Site,
        }
    }

    /// Its levels or values, if it has few.
    fn coding(self, truth: &TruthSchema) -> Option<&Coding> {
        match self {
            Self::Variable(variable) => truth.variables[variable].coding.as_deref(),
            Self::Group | Self::Site => None,
        }
    }

    /// Names of its levels; empty where it has none.
    pub fn levels(self, truth: &TruthSchema) -> &[String] {
        match self {
            Self::Variable(_) => self.coding(truth).map_or(&[], |c| &c.levels),
            Self::Group => &truth.groups,
            Self::Site => &truth.sites,
        }
    }

    /// The numbers that its codes stand for, if it has codes.
    pub fn values(self, truth: &TruthSchema) -> Option<Vec<f64>> {
        match self {
            Self::Variable(_) => self.coding(truth).map(|c| c.values.clone()),
            Self::Group | Self::Site => Some((0..self.levels(truth).len()).map(|i| i as f64).collect()),
        }
    }

    fn kind(self, truth: &TruthSchema) -> Kind {
        let levels = self.levels(truth);
        if !levels.is_empty() {
            return Kind::Level(Arc::from(levels));
        }
        match self.coding(truth) {
            Some(coding) if coding.is_yes_no() => Kind::Boolean,
            _ => Kind::Number,
        }
    }

    /// The range of its values; of age, none is known, since it grows.
    fn bounds(self, truth: &TruthSchema) -> Bounds {
        let unknown = Bounds::ANY;
        match self.values(truth) {
            Some(values) if !values.is_empty() && !self.grows(truth) => Bounds {
                low: values.iter().copied().fold(f64::INFINITY, f64::min),
                high: values.iter().copied().fold(f64::NEG_INFINITY, f64::max),
            },
            _ => unknown,
        }
    }

    /// Whether it is the attribute `age`, which is worth a year more each year.
    fn grows(self, truth: &TruthSchema) -> bool {
        match self {
            Self::Variable(variable) => truth.variables[variable].name == "age" && !truth.variables[variable].changes,
            Self::Group | Self::Site => false,
        }
    }

    /// The years that are added to it at a moment.
    pub fn growth(self, truth: &TruthSchema, moment: usize) -> f64 {
        if self.grows(truth) { truth.years(moment) } else { 0.0 }
    }
}

/// Writes the values of a name at a moment, `rows` of them, into `out`; `growth` is added.
pub(super) fn fill(name: Name, growth: f64, truth: &Truth, moment: usize, rows: Range<usize>, out: &mut [f64]) {
    match name {
        Name::Variable(variable) => match truth.at(variable, moment) {
            Column::Coded { codes, coding } => {
                for (out, code) in out.iter_mut().zip(&codes[rows]) {
                    *out = coding.values.get(usize::from(*code)).copied().unwrap_or(f64::NAN) + growth;
                }
            }
            Column::Number(values) => {
                for (out, value) in out.iter_mut().zip(&values[rows]) {
                    *out = value + growth;
                }
            }
        },
        Name::Group => {
            for (out, code) in out.iter_mut().zip(&truth.group[rows]) {
                *out = f64::from(*code);
            }
        }
        Name::Site => match truth.site_at(moment) {
            Some(sites) => {
                for (out, site) in out.iter_mut().zip(&sites[rows]) {
                    *out = f64::from(*site);
                }
            }
            None => out.fill(f64::NAN),
        },
    }
}
