//! Persons, sites, groups and their true histories.

mod build;
pub mod declaration;
mod enumerate;
mod order;
mod plan;
mod run;
mod scope;

pub use build::{Checked, plan};
pub use plan::Plan;
pub use run::{MomentView, Scratch};

/// Which moments of the true histories are recorded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Moments {
    /// The waves only.
    Waves,
    /// Every step, for visits between waves.
    EveryStep,
}
