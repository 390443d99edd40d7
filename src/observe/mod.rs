//! What a survey sees of a truth, mechanism after mechanism in the order of one list.

pub mod answer;
mod build;
mod circumstance;
mod coding;
pub mod declaration;
mod instrument;
mod keep;
mod kind;
pub mod link;
pub mod loss;
mod missingness;
mod plan;
mod reading;
mod reports;
mod run;
mod scope;
mod sets;

pub use build::{needs_every_step, plan, since_names};
pub use keep::Keep;
pub use missingness::{MechanismReport, Missingness};
pub use plan::Plan;
pub use run::Scratch;
