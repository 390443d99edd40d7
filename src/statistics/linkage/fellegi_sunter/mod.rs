//! Probabilistic linkage after Fellegi and Sunter (1969, doi:10.1080/01621459.1969.10501049).
//!
//! Pairs of records are a mixture of matches, a share p of them, and non-matches. A field of a pair agrees at level l
//! with probability m_l among matches and u_l among non-matches, independently of the other fields given the class. What
//! is missing says nothing. The parameters are found by EM from counts of comparison patterns; a pattern's weight is
//! log2 of its probability among matches over that among non-matches.

mod compared;
mod decision;
mod em;
mod patterns;
mod start;

pub use compared::Compared;
pub use decision::{Class, Decisions, Thresholds, weight_of};
pub use em::{Em, Failure, Fit, Limits, Status};
pub use patterns::{MISSING, PatternProblem, Patterns};
pub use start::{Best, best_fit, starts};

#[cfg(test)]
mod tests;

/// Parameters of the mixture.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Parameters {
    /// Probability of each level among matches, field after field (see [`Patterns::field`]). NaN for a field that could
    /// be compared in no pair.
    pub m: Vec<f64>,
    /// The same among non-matches.
    pub u: Vec<f64>,
    /// Share of pairs that are matches.
    pub p: f64,
}

impl Parameters {
    /// The same mixture with the names of the classes changed round.
    fn turned(&self) -> Self {
        Self { m: self.u.clone(), u: self.m.clone(), p: 1.0 - self.p }
    }
}
