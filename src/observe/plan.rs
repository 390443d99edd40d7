//! The checked survey of one condition.

use super::answer::AnswerStep;
use super::circumstance::{Circumstances, InterviewerEffect};
use super::coding::Comments;
use super::instrument::Instrument;
use super::link::Linkage;
use super::loss::WaveLoss;
use super::missingness::MechanismReport;
use super::reading::Work;
use super::scope::Meaning;
use super::sets::Set;
use crate::distribution::Law;
use crate::rules::{GroupRows, Rule};
use crate::streams::Purpose;
use crate::tables::{Coding, ObservedSchema, Reading, Reason, TableCell, TruthSchema};
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
    /// Losses of whole waves, in the order of the scenario; the first mechanisms of the list.
    pub(super) losses: Vec<Loss>,
    /// Reasons that the cells of an audit can have.
    pub(super) reasons: Vec<Reason>,
    /// Whether a loss can erase what was recorded before.
    pub(super) erases: bool,
    /// Law of the number of interviews in a wave's year.
    pub(super) visits: Option<Law>,
    pub(super) circumstances: Circumstances,
    pub(super) interviewers: Vec<InterviewerEffect>,
    /// How interviews are joined into records; `None` where every record is one person.
    pub(super) linkage: Option<Arc<dyn Linkage>>,
    /// What is said besides the answers, and who codes it.
    pub(super) comments: Option<Comments>,
    /// Analysis sets, in the order of the scenario.
    pub(super) sets: Vec<Set>,
    /// What is worked where only the tables are wanted.
    pub(super) printed: Work,
}

/// A question.
#[derive(Clone, Debug)]
pub(super) struct Item {
    /// The variable of the truth that is asked about.
    pub variable: usize,
    /// The codes of its answers with "no answer" last, if it has codes.
    pub coding: Option<Arc<Coding>>,
    /// When it is asked, and of whom.
    pub instrument: Instrument,
    pub answer: Answer,
    /// How much stigma it carries.
    pub stigma: f64,
    /// Whether the question is left unanswered.
    pub non_response: Vec<Rule>,
    /// What happens to the answer after that, in the order of the scenario.
    pub steps: Vec<Step>,
    /// Position of its first mechanism in the list of all: those of non-response, the answer's own, the steps'.
    pub first_mechanism: usize,
}

/// A mechanism that works on an answer which is being formed.
#[derive(Clone, Debug)]
pub(super) struct Step {
    /// Kind in the catalogue of answers, with a number where there are several of the kind.
    pub name: String,
    /// What the audit says of an answer that it made differ from the truth.
    pub reason: Reason,
    pub work: Arc<dyn AnswerStep>,
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

/// A mechanism by which whole waves are lost.
#[derive(Clone, Debug)]
pub(super) struct Loss {
    /// Kind in the catalogue, with a number where there are several of the kind.
    pub name: String,
    pub work: Arc<dyn WaveLoss>,
    /// Position of its first mechanism in the list of all: one for each of its parts.
    pub first_mechanism: usize,
}

impl Item {
    /// Position of the mechanism of its own way of answering; it has one unless it answers as the truth is.
    pub(super) fn own_mechanism(&self) -> usize {
        self.first_mechanism + self.non_response.len()
    }

    /// Position of the mechanism of a step.
    pub(super) fn step_mechanism(&self, step: usize) -> usize {
        self.own_mechanism() + usize::from(!matches!(self.answer, Answer::AsTrue)) + step
    }
}

impl Plan {
    /// What the columns of the observed tables mean.
    #[must_use]
    pub fn schema(&self) -> &Arc<ObservedSchema> {
        &self.schema
    }

    /// Makes the cells of the study's tables known to those who read its data, and what the tables read to the survey.
    pub fn print(&mut self, cells: Vec<TableCell>, reading: &Reading) {
        Arc::make_mut(&mut self.schema).cells = cells;
        self.narrow(reading);
    }

    /// Makes known what the tables of the study read: with [`Keep::Tables`](super::Keep::Tables) nothing else is made.
    pub fn narrow(&mut self, reading: &Reading) {
        self.printed = self.work_for(reading);
    }

    /// The mechanisms in the order in which they work.
    #[must_use]
    pub fn mechanisms(&self) -> &[MechanismReport] {
        &self.mechanisms
    }
}
