//! The checked survey of one condition.

use super::missingness::MechanismReport;
use super::scope::Meaning;
use crate::distribution::Law;
use crate::rules::{GroupRows, Rule};
use crate::streams::Purpose;
use crate::tables::{Coding, ObservedSchema, Reason, TruthSchema};
use std::sync::Arc;

/// A checked survey under one condition.
#[derive(Clone, Debug)]
pub struct Plan {
    pub(super) schema: Arc<ObservedSchema>,
    pub(super) truth: Arc<TruthSchema>,
    pub(super) groups: Vec<GroupRows>,
    pub(super) mechanisms: Vec<MechanismReport>,
    /// What each slot of the formulas stands for.
    pub(super) meanings: Vec<Meaning>,
    /// Variables of the truth that are known from the start.
    pub(super) baseline: Vec<usize>,
    pub(super) items: Vec<Item>,
    /// Losses of whole waves, in the order of the scenario.
    pub(super) losses: Vec<Loss>,
    /// Law of the number of interviews in a wave's year.
    pub(super) visits: Option<Law>,
    pub(super) mood: Option<Law>,
    pub(super) interviewers: Vec<InterviewerEffect>,
}

/// A question.
#[derive(Clone, Debug)]
pub(super) struct Item {
    /// The variable of the truth that is asked about.
    pub variable: usize,
    /// The codes of its answers with "no answer" last, if it has codes.
    pub coding: Option<Arc<Coding>>,
    pub answer: Answer,
    /// Whether the question is left unanswered.
    pub non_response: Vec<Rule>,
}

/// How a true value becomes an answer.
#[derive(Clone, Debug)]
pub(super) enum Answer {
    /// It is told as it is.
    AsTrue,
    /// A level is reported by chance.
    Chance(Rule),
    /// A draw from a law is added.
    Error(Law, Purpose),
}

/// Loss of whole waves.
#[derive(Clone, Debug)]
pub(super) struct Loss {
    /// Whether it is for good.
    pub for_good: bool,
    /// First wave at which it can happen, from 0.
    pub from_wave: usize,
    pub rule: Rule,
    pub reason: Reason,
}

/// A random effect of interviewers.
#[derive(Clone, Debug)]
pub(super) struct InterviewerEffect {
    pub law: Law,
    pub purpose: Purpose,
    pub count: usize,
}

impl Plan {
    /// What the columns of the observed tables mean.
    #[must_use]
    pub fn schema(&self) -> &Arc<ObservedSchema> {
        &self.schema
    }

    /// The mechanisms in the order in which they work.
    #[must_use]
    pub fn mechanisms(&self) -> &[MechanismReport] {
        &self.mechanisms
    }
}
