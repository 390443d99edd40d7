//! Who still answers, wave after wave: dropout made monotone.

use super::design::{Design, changes, require};
use super::variable::Variable;
use crate::statistics::weighting::Histories;
use crate::tables::{FailureKind, FitFailure, Observed};

/// What a record must have answered to count as still answering.
#[derive(Clone, Debug)]
pub(super) struct Following {
    /// The variable whose answers are wanted at every wave; without one an interview is enough.
    outcome: Option<Variable>,
    /// The questions that models read, the outcome apart: wanted at every wave but the last.
    questions: Vec<Variable>,
    /// What the models read and what is known from the start.
    baseline: Vec<Variable>,
}

impl Following {
    /// What an outcome and the models of these designs need.
    pub(super) fn new<'d>(outcome: Option<Variable>, designs: impl IntoIterator<Item = &'d Design>) -> Self {
        let mut following = Self { outcome, questions: Vec::new(), baseline: Vec::new() };
        designs.into_iter().flat_map(|d| &d.variables).for_each(|variable| following.need(variable));
        following
    }

    /// Needs a further variable.
    pub(super) fn need(&mut self, variable: &Variable) {
        let known_as_outcome = self.outcome.as_ref().is_some_and(|o| o.name == variable.name);
        let list = if changes(variable) { &mut self.questions } else { &mut self.baseline };
        if !known_as_outcome && list.iter().all(|known| known.name != variable.name) {
            list.push(variable.clone());
        }
    }

    /// Clears `now` for the records that lack an answer that is needed at a wave.
    pub(super) fn responds(&self, observed: &Observed<'_>, wave: usize, last: usize, now: &mut [u8]) {
        if wave == 0 && last > 0 {
            self.baseline.iter().for_each(|variable| require(variable, observed, 0, now));
        }
        match &self.outcome {
            Some(outcome) => require(outcome, observed, wave, now),
            None => now.iter_mut().zip(observed.attended(wave)).for_each(|(n, a)| *n &= u8::from(*a)),
        }
        if wave < last {
            self.questions.iter().for_each(|variable| require(variable, observed, wave, now));
        }
    }

    /// Fills `answering`, wave after wave: once a record misses an answer that is needed it no longer counts, even if it
    /// returns.
    pub(super) fn follow(&self, observed: &Observed<'_>, last: usize, answering: &mut Vec<u8>) {
        let records = observed.records();
        answering.clear();
        answering.resize((last + 1) * records, 1);
        for wave in 0..=last {
            let (before, rest) = answering.split_at_mut(wave * records);
            let now = &mut rest[..records];
            if wave > 0 {
                now.copy_from_slice(&before[(wave - 1) * records..]);
            }
            self.responds(observed, wave, last, now);
        }
    }
}

/// The response histories of a data set up to a wave.
pub(super) struct Panel {
    following: Following,
    pub(super) last: usize,
    pub(super) histories: Histories,
    responded: Vec<u8>,
}

impl Panel {
    pub(super) fn new(following: Following, last: usize) -> Self {
        Self { following, last, histories: Histories::default(), responded: Vec::new() }
    }

    /// Follows the records. Nobody at the first wave is a failure.
    pub(super) fn read(&mut self, observed: &Observed<'_>) -> Result<(), FitFailure> {
        let records = observed.records();
        self.responded.clear();
        self.responded.resize((self.last + 1) * records, 1);
        for (wave, now) in self.responded.chunks_exact_mut(records.max(1)).enumerate() {
            self.following.responds(observed, wave, self.last, now);
        }
        self.histories.follow(&self.responded, records, self.last + 1);
        match self.histories.remaining(0) {
            0 => Err(nobody_at_first()),
            _ => Ok(()),
        }
    }

    /// As [`read`](Self::read); nobody left at the last wave is a failure too.
    pub(super) fn read_to_last(&mut self, observed: &Observed<'_>) -> Result<(), FitFailure> {
        self.read(observed)?;
        match self.histories.remaining(self.last) {
            0 => Err(nobody_left(self.last)),
            _ => Ok(()),
        }
    }
}

/// Nobody to begin with.
pub(super) fn nobody_at_first() -> FitFailure {
    FitFailure::new(FailureKind::NoData, "no record answered at wave 1")
}

/// Nobody left at a wave (counted from 0).
pub(super) fn nobody_left(wave: usize) -> FitFailure {
    FitFailure::new(FailureKind::NoData, format!("nobody has answered at every wave up to wave {}", wave + 1))
}
