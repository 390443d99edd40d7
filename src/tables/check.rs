//! How well a fit finds parameters that are known.

/// Fits to simulated studies whose parameters are known. All values are on the scale where the prior is standard normal.
#[derive(Clone, Debug, PartialEq)]
pub struct Check {
    /// Fits asked for.
    pub asked: u64,
    /// Draws of each posterior among which a true value has its rank, from 0 to as many.
    pub draws: usize,
    /// Simulated studies in all.
    pub studies: u64,
    /// The fitted parameters.
    pub parameters: Vec<CheckedParameter>,
    /// The fits that were done.
    pub fits: Vec<CheckedFit>,
}

impl Check {
    /// Fits without a result.
    pub fn failed(&self) -> impl Iterator<Item = &CheckedFit> {
        self.fits.iter().filter(|fit| !fit.failed.is_empty())
    }
}

/// One fit.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct CheckedFit {
    /// Its number, from 1.
    pub number: u64,
    /// The true value of each parameter.
    pub truth: Vec<f64>,
    /// Why there is no result; empty where there is one.
    pub failed: String,
    /// Generation that the posterior is of.
    pub generation: u32,
    /// Its tolerance.
    pub tolerance: f64,
    /// Effective draws.
    pub effective: f64,
    /// Simulated studies, without the pilot.
    pub studies: u64,
    /// What was found of each parameter; empty without a result.
    pub values: Vec<CheckedValue>,
}

/// What a fit found of a parameter whose true value is known.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct CheckedValue {
    /// Draws of the posterior below the true value.
    pub rank: usize,
    /// Mean of the posterior.
    pub mean: f64,
    /// Its standard deviation.
    pub sd: f64,
    /// 25 % and 75 % of the posterior.
    pub half: [f64; 2],
    /// 2.5 % and 97.5 % of the posterior.
    pub most: [f64; 2],
}

/// A parameter over all fits that have a result.
#[derive(Clone, Debug, PartialEq)]
pub struct CheckedParameter {
    /// Its name.
    pub name: String,
    /// Ranks in each bar.
    pub histogram: Vec<u64>,
    /// Ranks that each bar should have on average.
    pub expected: f64,
    /// The least and the most that a bar may well have.
    pub band: [u64; 2],
    /// P value of the chi-square test.
    pub p: f64,
    /// Mean rank less the expected one, in standard errors: below 0 where posteriors lie too high.
    pub shift_z: f64,
    /// Spread of the ranks less the expected one, in standard errors: above 0 where posteriors are too narrow.
    pub spread_z: f64,
    /// Whether nothing speaks against even ranks.
    pub even: bool,
    /// How they depart, in words.
    pub verdict: String,
    /// Share of true values within 25 % and 75 % of the posterior.
    pub half: f64,
    /// Share within 2.5 % and 97.5 %.
    pub most: f64,
    /// Correlation of the posterior's mean with the true value.
    pub correlation: f64,
    /// Share of the prior's variance that the fits took away, on average.
    pub narrowed: f64,
}
