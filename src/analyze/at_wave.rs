//! How many say yes to an item at a wave: for methods that need nothing but these counts.

use super::CannotAnswer;
use super::column::Column;
use super::filter::Filter;
use super::given::{number, refuse};
use super::outcome::YesNo;
use super::simple::check_waves;
use crate::diagnostic::Diagnostics;
use crate::options::Options;
use crate::tables::{Observed, ObservedSchema, Target};

/// Records that count, those of them with an answer, and those with a yes.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Count {
    pub(super) records: f64,
    pub(super) answered: f64,
    pub(super) yes: f64,
}

/// The outcome of a target at a wave.
pub(super) struct AtWave {
    pub(super) wave: usize,
    outcome: YesNo,
    restrict: Option<Filter>,
    mask: Vec<u8>,
}

impl AtWave {
    /// The outcome of a target that asks for a share at `wave` (counted from 0).
    pub(super) fn new(target: &Target, wave: usize, schema: &ObservedSchema) -> Result<Self, CannotAnswer> {
        check_waves(target, schema)?;
        let restrict = target.restrict.as_ref().map(|text| Filter::new(text, target, schema, wave)).transpose()?;
        Ok(Self { wave, outcome: YesNo::of(target, schema)?, restrict, mask: Vec::new() })
    }

    /// Counts a data set. Records that do not fulfil the target's condition, or of which that is not known, are left
    /// out.
    pub(super) fn count(&mut self, observed: &Observed<'_>) -> Count {
        self.mask.clear();
        match &mut self.restrict {
            Some(filter) => filter.apply(observed, self.wave, &mut self.mask),
            None => self.mask.resize(observed.records(), 1),
        }
        let mut count = Count::default();
        for (code, inside) in self.outcome.codes(observed, self.wave).iter().zip(&self.mask) {
            let answered = inside & self.outcome.is_answer(*code);
            count.records += f64::from(*inside);
            count.answered += f64::from(answered);
            count.yes += f64::from(answered & self.outcome.is_yes(*code));
        }
        count
    }
}

/// An item at a wave, as a report is asked for it: the options `item` and `wave`.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Item {
    name: String,
    wave: Option<usize>,
}

impl Item {
    /// Reads `item` and `wave` (S0660); `None` where there is no item.
    pub(super) fn declare(options: &Options, problems: &mut Diagnostics) -> Option<Self> {
        let name = options.text("item", problems);
        let wave = options.get("wave").and_then(|value| {
            let wave = number(value).filter(|w| *w >= 1.0 && w.fract() == 0.0 && *w <= f64::from(u16::MAX));
            if wave.is_none() {
                refuse(value.span(), "`wave` is a whole number, counted from 1".to_owned(), problems);
            }
            wave.map(|wave| wave as usize - 1)
        });
        Some(Self { name: name?.text, wave })
    }

    /// Yeses, answers and records at the wave; without `wave`, at the last one.
    pub(super) fn count(&self, observed: &Observed<'_>) -> Result<(f64, f64, f64), CannotAnswer> {
        let waves = observed.schema().waves();
        let wave = self.wave.unwrap_or(waves.saturating_sub(1));
        if wave >= waves {
            return Err(CannotAnswer { why: format!("there is no wave {}; the survey has {waves}", wave + 1) });
        }
        let column = Column::need(&self.name, observed.schema())?;
        let answers = column.yes_no(observed, wave)?;
        let yes = answers.iter().filter(|answer| **answer == Some(true)).count();
        let answered = answers.iter().flatten().count();
        Ok((yes as f64, answered as f64, answers.len() as f64))
    }
}
