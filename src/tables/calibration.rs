//! What a fit to published numbers found.

/// What a fit found.
#[derive(Clone, Debug, PartialEq)]
pub struct Calibration {
    /// The fitted parameters.
    pub parameters: Vec<FittedParameter>,
    /// Draws of their values, a value for each parameter.
    pub draws: Vec<Vec<f64>>,
    /// Weight of each draw; they sum to 1.
    pub weights: Vec<f64>,
    /// Effective number of draws.
    pub effective: f64,
    /// Whether draws were moved by regression for the distance that was left.
    pub adjusted: bool,
    /// Share of the draws' weight whose studies are at least as unusual as the published one; NaN where nothing was adjusted.
    pub farther: f64,
    /// The generations.
    pub generations: Vec<FittedGeneration>,
    /// Published cells beyond all that the prior gave.
    pub beyond: Vec<String>,
    /// Draws of the pilot that gave no study.
    pub failed: u64,
    /// Why the first of them failed; empty where none did.
    pub failed_because: String,
    /// Why it ended.
    pub end: String,
    /// Simulated studies in all.
    pub studies: u64,
    /// Number of the generation that the draws are of.
    pub generation: u32,
}

/// A generation of particles.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct FittedGeneration {
    /// Its number; 1: the nearest of the pilot.
    pub number: u32,
    /// Largest distance allowed.
    pub tolerance: f64,
    /// Simulated studies that it needed.
    pub attempts: u64,
    /// Times that every particle was to move; 0 of the first.
    pub sweeps: u32,
    /// Share of the moves that were accepted; of the first: of the studies that were kept.
    pub acceptance: f64,
    /// Particles.
    pub particles: u64,
    /// Effective number of particles.
    pub effective: f64,
}

/// What was learned of a parameter.
#[derive(Clone, Debug, PartialEq)]
pub struct FittedParameter {
    /// Its name.
    pub name: String,
    /// Its prior as written.
    pub prior: String,
    /// Its value in the scenario.
    pub value: f64,
    /// The value at the mean of the draws, on the scale where the prior is standard normal.
    pub fitted: f64,
    /// 2.5 %, 50 % and 97.5 % of the draws.
    pub quantiles: [f64; 3],
    /// 2.5 %, 50 % and 97.5 % of the prior.
    pub prior_quantiles: [f64; 3],
    /// Share of the prior variance that the cells of one study explain in a linear way, on that scale.
    pub r_squared: f64,
    /// Share of the prior variance that is gone, on that scale.
    pub narrowed: f64,
    /// Its Monte Carlo standard error.
    pub narrowed_mcse: f64,
    /// `identified`, `weakly identified` or `not identified`.
    pub verdict: String,
    /// Position of the parameter with which it goes together most in the draws, and their correlation.
    pub partner: Option<(usize, f64)>,
}
