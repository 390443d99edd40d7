//! Estimators for panels that lose persons: weights for dropout, means and regressions under them, g-computation and
//! the doubly robust mean.
//!
//! A panel is a set of flat arrays over waves and persons, wave after wave: the value of a person at a wave stands at
//! `wave * persons + person`, both counted from 0. Predictors stand there as rows of `width` numbers. A value that does
//! not exist is NaN.
//!
//! Dropout is monotone here: [`Histories`] takes out what was answered after a first missed wave. Models are for still
//! answering at a wave among those who answered at the wave before. Sources stand with the items.

mod aipw;
mod gcomp;
mod histories;
mod influence;
mod mean;
mod outcome;
mod regression;
mod summary;
mod weights;

#[cfg(test)]
mod tests;

pub use aipw::{AugmentedMean, augmented_mean};
pub use gcomp::{IteratedExpectation, StepFailure, history_rows};
pub use histories::Histories;
pub use mean::{hajek_mean, horvitz_thompson_mean};
pub use outcome::OutcomeRegression;
pub use regression::{Link, WeightedRegression};
pub use summary::{WeightSummary, effective_sample_size, weights_by_wave};
pub use weights::{DropoutModel, ModelState, Pooling, Predictors, Weighting, WeightingFailure};
