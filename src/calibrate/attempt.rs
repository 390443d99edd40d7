//! Attempts: parameters and the simulated study that they gave.

use super::{Prior, Simulator};
use crate::statistics::FromStream;
use crate::statistics::draws::Draws;
use crate::streams::{Lane, Purpose, Space, Streams};
use crate::tables::RunProblem;
use std::sync::atomic::AtomicBool;
use std::sync::{Mutex, PoisonError};

const PROPOSE: Purpose = Purpose::named("calibrate.propose");
/// Places of a sweep (and draws of a pilot), sweeps of a generation and generations of a fit, at most: together with the
/// number of a check they are one number of 64 bits.
const PLACES: u64 = 1 << 20;
const SWEEPS: u64 = 1 << 18;
const GENERATIONS: u64 = 1 << 10;

/// What an attempt gave.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Attempt {
    /// Parameters on the scale where the prior is standard normal.
    pub z: Vec<f64>,
    /// The cells; or why there are none.
    pub cells: Result<Vec<f64>, String>,
}

/// Where attempts belong.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Address {
    /// Number of the check from 1; 0: the fit to the published numbers, and the pilot of all.
    pub check: u64,
    /// Number of the generation; 0: the pilot, or the study of known parameters.
    pub generation: u32,
    /// Number of the sweep, from 1.
    pub sweep: u32,
}

impl Address {
    /// The number of the attempt in a place.
    fn number(self, place: usize) -> u64 {
        let generation = self.check * GENERATIONS + u64::from(self.generation);
        (generation * SWEEPS + u64::from(self.sweep)) * PLACES + place as u64
    }
}

/// Parameters for a place, from its own random numbers; none where no study is to be made.
pub(super) type Propose<'a> = dyn Fn(usize, &mut dyn Draws) -> Option<Vec<f64>> + Sync + 'a;

/// All that attempts need.
pub(super) struct Workshop<'a> {
    files: &'a [(String, String)],
    priors: &'a [Prior],
    seed: u64,
    threads: usize,
    stop: &'a AtomicBool,
    /// Told of each study.
    told: &'a (dyn Fn(u64) + Sync),
    /// Simulators that are not in use: reading the scenario takes as long as many studies.
    idle: Mutex<Vec<Simulator>>,
}

impl<'a> Workshop<'a> {
    pub fn new(
        files: &'a [(String, String)],
        priors: &'a [Prior],
        (seed, threads): (u64, usize),
        stop: &'a AtomicBool,
        told: &'a (dyn Fn(u64) + Sync),
    ) -> Self {
        Self { files, priors, seed, threads, stop, told, idle: Mutex::default() }
    }

    /// The attempts in `n` places: where `propose` has parameters, with the study that they give. `None` where a stop was
    /// asked for before all were made.
    pub fn attempts(
        &self,
        at: Address,
        n: usize,
        propose: &Propose<'_>,
    ) -> Result<Option<Vec<Option<Attempt>>>, RunProblem> {
        let state = || self.idle().pop().unwrap_or_else(|| Simulator::new(self.files, self.priors, self.seed));
        let (done, states) = crate::study::in_order(self.threads, n, self.stop, state, |simulator, place| {
            let Some(z) = self.drawn(PROPOSE, at, place, |draws| propose(place, draws)) else { return Ok(None) };
            let values: Vec<f64> = self.priors.iter().zip(&z).map(|(prior, z)| prior.law.value(*z)).collect();
            let cells = simulator.study(&values, at.number(place));
            (self.told)(1);
            Ok(Some(Attempt { z, cells }))
        })?;
        self.idle().extend(states);
        Ok(done.into_iter().collect())
    }

    /// What is made of the random numbers that belong to a place.
    pub fn drawn<T>(&self, purpose: Purpose, at: Address, place: usize, make: impl FnOnce(&mut dyn Draws) -> T) -> T {
        let lane = Lane { purpose, occasion: 0, replicate: at.number(place), stratum: 0 };
        let streams = Streams::new(self.seed, Space::Calibration);
        make(&mut FromStream(&mut streams.own(&lane, 0)))
    }

    fn idle(&self) -> std::sync::MutexGuard<'_, Vec<Simulator>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
