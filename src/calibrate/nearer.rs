//! Generations of particles, each nearer to the figures than the one before.

use super::attempt::{Address, Workshop};
use super::failure::interrupted;
use super::figures::Figures;
use super::kept::Kept;
use super::pilot::Pilot;
use super::{CalibrationProblem, Step};
use crate::statistics::abc::{Adjustment, Generation, Limits, Moves, Next, Posterior, Stop, Then};
use crate::streams::Purpose;
use std::fmt;

const COPY: Purpose = Purpose::named("calibrate.copy");

/// What a fit comes to.
pub(super) struct Nearer {
    pub generations: Vec<Generation>,
    pub end: End,
    /// Simulated studies in all.
    pub studies: u64,
}

/// Why a fit ended.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum End {
    Stop(Stop),
    Interrupted,
}

impl fmt::Display for End {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Stop(stop) => stop.fmt(f),
            Self::Interrupted => f.write_str("interrupted: run it again with --resume to go on"),
        }
    }
}

/// What a generation in the making comes to.
enum Made {
    Whole(Generation),
    Ended(End),
}

/// All that generations are made with.
pub(super) struct Approach<'a> {
    pub workshop: &'a Workshop<'a>,
    pub figures: &'a Figures,
    pub pilot: &'a Pilot,
    pub limits: &'a Limits,
    /// The figures to come near to, projected.
    pub observed: &'a [f64],
    /// Number of the check; 0: the fit to the published numbers.
    pub check: u64,
    pub told: &'a (dyn Fn(Step) + Sync),
}

impl Approach<'_> {
    /// Goes on where `kept` ends until the limits say that it is enough, or a stop is asked for.
    pub fn run(&self, parameters: usize, kept: &mut Kept) -> Result<Nearer, CalibrationProblem> {
        let mut generations = kept.generations(parameters)?;
        if generations.is_empty() {
            let first = Generation::first(self.pilot.particles(self.observed), self.limits.particles)?;
            kept.keep_generation(&first)?;
            generations.push(first);
        }
        let later: u64 = generations.iter().skip(1).map(|generation| generation.attempts).sum();
        let mut studies = self.pilot.attempts.len() as u64 + later;
        let end = loop {
            let Some(last) = generations.last() else { return Err(interrupted("the first generation")) };
            let tolerance = match self.limits.next(last, studies) {
                Next::Stop(stop) => break End::Stop(stop),
                Next::Generation { number, tolerance } => {
                    (self.told)(Step::Generation(number, tolerance));
                    tolerance
                }
            };
            match self.generation(last, tolerance, &mut studies)? {
                Made::Whole(next) => {
                    kept.keep_generation(&next)?;
                    generations.push(next);
                }
                Made::Ended(end) => break end,
            }
        };
        Ok(Nearer { generations, end, studies })
    }

    /// The generation after `last`: copies, then sweep after sweep.
    fn generation(&self, last: &Generation, tolerance: f64, studies: &mut u64) -> Result<Made, CalibrationProblem> {
        let mut at = Address { check: self.check, generation: last.number.saturating_add(1), sweep: 0 };
        let mut moves = self.workshop.drawn(COPY, at, 0, |draws| Moves::begin(last, tolerance, draws))?;
        let (done, places) = (last.progress(), last.particles.len());
        loop {
            at.sweep += 1;
            let tried = self.workshop.attempts(at, places, &|place, draws| moves.propose(place, draws))?;
            let Some(tried) = tried else { return Ok(Made::Ended(End::Interrupted)) };
            let particles = tried.into_iter().map(|attempt| {
                let attempt = attempt.map(|attempt| self.figures.of(attempt));
                attempt.map(|attempt| self.pilot.particle(&attempt, self.observed))
            });
            let before = moves.attempts();
            moves.sweep(particles.collect())?;
            *studies += moves.attempts() - before;
            match self.limits.then(done, &moves, *studies) {
                Then::Sweep => {}
                Then::Whole => return Ok(Made::Whole(moves.generation())),
                Then::Stop(stop) => return Ok(Made::Ended(End::Stop(stop))),
            }
        }
    }
}

impl Nearer {
    /// The posterior, and the number of the generation that it is of: the last one that has enough particles for a
    /// regression. Where none has, the last one stands as it is, and the outcome says so.
    pub fn posterior(&self, observed: &[f64]) -> Option<(u32, Posterior)> {
        let adjusted = |generation: &Generation| {
            Some((generation.number, Posterior::adjusted(generation, observed, Adjustment::Linear).ok()?))
        };
        let last = || self.generations.last().map(|last| (last.number, Posterior::unadjusted(last)));
        self.generations.iter().rev().find_map(adjusted).or_else(last)
    }
}
