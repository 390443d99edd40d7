//! Reports that are wrong: corrections for known errors, contradictions between waves and what to make of them, and
//! numbers of those whom nobody reported.

mod capture;
mod recanting;
mod reconcile;
mod rogan_gladen;

#[cfg(test)]
mod tests;

pub use capture::{CaptureRecapture, capture_recapture};
pub use recanting::Recanting;
pub use reconcile::{Report, Rule};
pub use rogan_gladen::{Accuracy, Corrected, Estimated, NoCorrection, rogan_gladen};
