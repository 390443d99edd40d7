//! The checked data-generating mechanism of one condition: what is drawn, in which order, by which formulas.

use super::scope::Meaning;
use crate::distribution::{JointLaw, Law};
use crate::formula::Program;
use crate::rules::{GroupRows, Rule};
use crate::streams::Purpose;
use crate::tables::{Coding, TruthSchema};
use std::sync::Arc;

/// A checked data-generating mechanism under one condition.
#[derive(Clone, Debug)]
pub struct Plan {
    pub(super) schema: Arc<TruthSchema>,
    pub(super) groups: Vec<GroupRows>,
    /// What each slot of the formulas stands for.
    pub(super) meanings: Vec<Meaning>,
    pub(super) variables: Vec<Variable>,
    /// Variables and sites in the order in which they start.
    pub(super) start_order: Vec<StartItem>,
    /// Changing states in the order in which they change.
    pub(super) equations: Vec<Equation>,
    pub(super) sites: Sites,
    /// Number of steps to the last wave.
    pub(super) steps: u32,
    /// States whose last value a formula reads.
    pub(super) lagged: Vec<usize>,
    /// States whose last onset is kept.
    pub(super) timed: Vec<usize>,
    /// States whose site means are kept.
    pub(super) averaged: Vec<usize>,
}

/// What is worked at the start.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum StartItem {
    Variable(usize),
    Sites,
}

/// An attribute, effect or state.
#[derive(Clone, Debug)]
pub(super) struct Variable {
    pub purpose: Purpose,
    /// Its values, if they are few.
    pub coding: Option<Arc<Coding>>,
    pub starts: Starts,
}

/// How a variable starts.
#[derive(Clone, Debug)]
pub(super) enum Starts {
    /// For each group.
    ByGroup(Vec<Start>),
    /// By random assignment to arms.
    Assigned(Assignment),
    /// As one component of a law that draws several variables; the first component draws for all.
    Jointly { law: Arc<JointLaw>, component: usize, first: usize },
}

/// How a variable starts in one group.
#[derive(Clone, Debug)]
pub(super) enum Start {
    /// Drawn from a law.
    Law(Law),
    /// Worked out by a formula.
    Formula(Program),
    /// Yes with a probability.
    Chance(Rule),
    /// This code for everybody.
    Fixed(u8),
}

/// Random assignment to arms.
#[derive(Clone, Debug)]
pub(super) struct Assignment {
    /// Share of each arm.
    pub shares: Vec<f64>,
    pub kind: AssignmentWithin,
}

/// Among whom the numbers per arm are fixed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum AssignmentWithin {
    /// Nobody: each person independently.
    Nobody,
    /// All persons of a replicate.
    Everybody,
    /// The persons of each group.
    Group,
    /// The persons with the same code of an attribute.
    Attribute(usize),
}

/// How a state changes in a step.
#[derive(Clone, Debug)]
pub(super) struct Equation {
    pub variable: usize,
    pub change: Change,
}

/// How a state changes in a step.
#[derive(Clone, Debug)]
pub(super) enum Change {
    Rule(Rule),
    Law(Law),
}

/// The sites of one replicate.
#[derive(Clone, Debug, Default)]
pub(super) struct Sites {
    /// For each kind its first number and count.
    pub kinds: Vec<SiteKind>,
    /// The state whose level decides on the kind of site, and the kind of each of its levels.
    pub by_level: Option<(usize, Vec<Option<usize>>)>,
    /// Laws of the sites' random effects, which read parameters only; `None` for sites of kinds without the effect.
    pub effects: Vec<SiteEffect>,
    /// Number of sites in all.
    pub count: usize,
}

/// Sites of one kind.
#[derive(Clone, Copy, Debug)]
pub(super) struct SiteKind {
    pub first: usize,
    pub count: usize,
    pub purpose: Purpose,
}

/// A random effect of sites.
#[derive(Clone, Debug)]
pub(super) struct SiteEffect {
    /// Law for each kind of site, and the purpose of its draws, which holds the kind's name, so that kinds do not move
    /// each other's draws; 0 where a kind has none.
    pub laws: Vec<Option<(Purpose, Law)>>,
}

impl Plan {
    /// What the columns of the truth mean.
    #[must_use]
    pub fn schema(&self) -> &Arc<TruthSchema> {
        &self.schema
    }

    /// The persons of one replicate by group, in the order of the rows.
    #[must_use]
    pub fn groups(&self) -> &[GroupRows] {
        &self.groups
    }
}
