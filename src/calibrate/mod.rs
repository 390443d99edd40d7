//! Fitting parameters of a scenario to published numbers, without a likelihood.
//!
//! Each parameter of `[prior]` is a standard normal number to the fitter (`statistics::abc`); a simulated study is the cells
//! of its tables. A pilot from the prior says which combinations of cells tell something of each parameter; generations of
//! particles come nearer and nearer to the published numbers; what distance is left is taken out by regression.
//!
//! The move of a place in a sweep of a generation has draws and a simulated study of its own, so the result is the same at
//! any number of threads and after any interruption; what is done is kept in a folder, generation by generation (`kept`).

mod attempt;
mod check;
mod failure;
mod figures;
mod fit;
mod kept;
mod nearer;
mod outcome;
mod pilot;
mod priors;
mod simulator;

#[cfg(test)]
mod tests;

pub use check::check;
pub use failure::CalibrationProblem;
pub use fit::{Fit, Step, calibrate};
pub use kept::{Kept, Key};
pub use priors::{Prior, priors};
pub use simulator::Simulator;

use crate::statistics::abc::Limits;

/// How a fit is run.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Settings {
    /// Seed of all draws.
    pub seed: u64,
    /// Simulated studies of the pilot.
    pub pilot: u64,
    /// When it ends.
    pub limits: Limits,
    /// Threads; 0: as many as cores.
    pub threads: usize,
}
