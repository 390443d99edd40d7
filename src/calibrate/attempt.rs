//! Attempts: parameters and the simulated study that they gave.

use super::{Prior, Simulator};
use crate::statistics::FromStream;
use crate::statistics::abc::{Proposer, draw_prior};
use crate::streams::{Lane, Purpose, Space, Streams};
use crate::tables::RunProblem;
use std::sync::atomic::AtomicBool;

const PROPOSE: Purpose = Purpose::named("calibrate.propose");
/// Attempts of a generation, at most: their numbers share 64 bits with that of the generation.
const MOST: u64 = 1 << 40;

/// What an attempt gave.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Attempt {
    /// Parameters on the scale where the prior is standard normal.
    pub z: Vec<f64>,
    /// The cells; or why there are none.
    pub cells: Result<Vec<f64>, String>,
}

/// All that attempts need.
#[derive(Clone, Copy)]
pub(super) struct Workshop<'a> {
    pub files: &'a [(String, String)],
    pub priors: &'a [Prior],
    pub seed: u64,
    pub threads: usize,
    pub stop: &'a AtomicBool,
    /// Told of each attempt.
    pub told: &'a (dyn Fn(u64) + Sync),
}

impl Workshop<'_> {
    /// The attempts `first .. first + n` of a generation, in their order; fewer where a stop was asked for. Without a
    /// proposer they are draws of the prior.
    pub fn attempts(
        &self,
        generation: u32,
        proposer: Option<&Proposer>,
        first: u64,
        n: u64,
    ) -> Result<Vec<Attempt>, RunProblem> {
        let streams = Streams::new(self.seed, Space::Calibration);
        let state = || Simulator::new(self.files, self.priors, self.seed);
        let (done, _) = crate::study::in_order(self.threads, n as usize, self.stop, state, |simulator, task| {
            let number = u64::from(generation) * MOST + first + task as u64;
            let lane = Lane { purpose: PROPOSE, occasion: 0, replicate: number, stratum: 0 };
            let mut own = streams.own(&lane, 0);
            let mut draws = FromStream(&mut own);
            let z = match proposer {
                Some(proposer) => proposer.propose(&mut draws),
                None => draw_prior(self.priors.len(), &mut draws),
            };
            let values: Vec<f64> = self.priors.iter().zip(&z).map(|(prior, z)| prior.law.value(*z)).collect();
            let cells = simulator.study(&values, number);
            (self.told)(1);
            Ok(Attempt { z, cells })
        })?;
        Ok(done.into_iter().map_while(|attempt| attempt).collect())
    }
}
