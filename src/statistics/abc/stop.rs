//! When a sequential fit goes on and when it stops, and what it had reached.

use super::failure::AbcFailure;
use super::moves::Moves;
use super::population::Generation;
use std::fmt;

/// Accepted moves for each particle, on average, at which a generation is whole. Where all moves are as likely to be
/// accepted, `e^-3` or 5 % of the particles then are where they were: Drovandi and Pettitt 2011 ask for `ln(c) / ln(1 - a)`
/// sweeps, where a share `a` is accepted, with `c` from 0.01 to 0.05. The average it is, and not the particles that have
/// moved: a few that sit where studies seldom come near would be waited for, and they count in the effective number.
const MOVES: f64 = 3.0;
/// Sweeps from which on the share of accepted moves is looked at.
const LOOK: u32 = 10;

/// One generation in the record of a fit.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Progress {
    /// 1 for the nearest of the pilot.
    pub number: u32,
    /// Largest distance allowed.
    pub tolerance: f64,
    /// Studies simulated.
    pub attempts: u64,
    /// Times that every particle was to move.
    pub sweeps: u32,
    /// Particles.
    pub particles: u64,
    /// Share of the moves that were accepted; of the first generation: of the draws that were kept.
    pub acceptance: f64,
    /// Effective number of particles.
    pub effective: f64,
}

/// What bounds a fit.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Limits {
    /// Particles of a generation, at least 2.
    pub particles: usize,
    /// Share of the last generation's particles that the next tolerance keeps, between 0 and 1.
    pub quantile: f64,
    /// Tolerance at which the fit is good enough, at least 0; 0 to go on for as long as the rest allows.
    pub tolerance: f64,
    /// Share of moves below which accepting is too rare to go on, above 0 and at most 1.
    pub acceptance: f64,
    /// Share of itself by which a tolerance must fall at least, from 0 to below 1.
    pub fall: f64,
    /// Generations, the first included, at least 1.
    pub generations: u32,
    /// Simulations in all, the pilot included.
    pub attempts: u64,
}

/// What comes after a whole generation.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Next {
    /// Another generation.
    Generation {
        /// Its number.
        number: u32,
        /// Largest distance allowed.
        tolerance: f64,
    },
    /// The fit is at its end.
    Stop(Stop),
}

/// What comes after a sweep.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Then {
    /// Another sweep.
    Sweep,
    /// The generation is whole.
    Whole,
    /// It is given up, and the fit is at its end.
    Stop(Stop),
}

/// Why a fit stopped. The text says what was reached and how to go on.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Stop {
    /// The tolerance asked for is reached.
    ToleranceReached {
        /// The last whole generation.
        last: Progress,
    },
    /// All generations allowed are done.
    GenerationsUsedUp {
        /// The last whole generation.
        last: Progress,
    },
    /// The simulations allowed are used up.
    AttemptsUsedUp {
        /// The last whole generation.
        last: Progress,
        /// Simulations in all.
        attempts: u64,
    },
    /// Too few moves are accepted.
    AcceptanceTooLow {
        /// The last whole generation.
        last: Progress,
        /// Tolerance of the generation given up.
        tolerance: f64,
        /// Accepted moves of that generation.
        accepted: u64,
        /// Its moves.
        moves: u64,
    },
    /// The next tolerance would hardly be smaller.
    ToleranceStuck {
        /// The last whole generation.
        last: Progress,
        /// The tolerance that would follow.
        next: f64,
    },
}

impl Limits {
    /// Holds the limits to their ranges.
    ///
    /// # Errors
    /// The first limit outside its range.
    pub fn check(&self) -> Result<(), AbcFailure> {
        let refuse = |name, value, range| Err(AbcFailure::Setting { name, value, range });
        if self.particles < 2 {
            return refuse("particles", self.particles as f64, "at least 2");
        }
        if !(self.quantile > 0.0 && self.quantile < 1.0) {
            return refuse("quantile", self.quantile, "between 0 and 1");
        }
        if !(self.tolerance >= 0.0 && self.tolerance.is_finite()) {
            return refuse("tolerance", self.tolerance, "a number of at least 0");
        }
        if !(self.acceptance > 0.0 && self.acceptance <= 1.0) {
            return refuse("acceptance", self.acceptance, "above 0 and at most 1");
        }
        if !(self.fall >= 0.0 && self.fall < 1.0) {
            return refuse("fall", self.fall, "from 0 to below 1");
        }
        if self.generations == 0 {
            return refuse("generations", 0.0, "at least 1");
        }
        Ok(())
    }

    /// What comes after `last`, when `spent` simulations have been made in all: the pilot's and every generation's.
    #[must_use]
    pub fn next(&self, last: &Generation, spent: u64) -> Next {
        let done = last.progress();
        if done.tolerance <= self.tolerance {
            return Next::Stop(Stop::ToleranceReached { last: done });
        }
        if done.number >= self.generations {
            return Next::Stop(Stop::GenerationsUsedUp { last: done });
        }
        if self.used_up(spent) {
            return Next::Stop(Stop::AttemptsUsedUp { last: done, attempts: spent });
        }
        let next = last.next_tolerance(self.quantile).max(self.tolerance);
        // Also stops at NaN.
        if !(next < done.tolerance && next <= done.tolerance * (1.0 - self.fall)) {
            return Next::Stop(Stop::ToleranceStuck { last: done, next });
        }
        Next::Generation { number: done.number.saturating_add(1), tolerance: next }
    }

    /// What comes after a sweep of the generation after `last`. `spent` is the number of simulations in all, those of the
    /// sweep included.
    ///
    /// A generation is whole when its particles have moved three times on average.
    #[must_use]
    pub fn then(&self, last: Progress, moves: &Moves, spent: u64) -> Then {
        let (accepted, proposed) = (moves.accepted(), moves.proposed());
        let whole = accepted as f64 >= MOVES * self.particles as f64;
        let too_few = (accepted as f64) < self.acceptance * proposed as f64;
        if too_few && (whole || moves.sweeps() >= LOOK) {
            let tolerance = moves.tolerance();
            return Then::Stop(Stop::AcceptanceTooLow { last, tolerance, accepted, moves: proposed });
        }
        match () {
            () if whole => Then::Whole,
            () if self.used_up(spent) => Then::Stop(Stop::AttemptsUsedUp { last, attempts: spent }),
            () => Then::Sweep,
        }
    }

    /// Whether another sweep could go beyond the simulations allowed.
    fn used_up(&self, spent: u64) -> bool {
        self.attempts.saturating_sub(spent) < self.particles as u64
    }
}

impl Stop {
    /// The last whole generation, whose particles are the result.
    #[must_use]
    pub fn last(&self) -> Progress {
        match *self {
            Self::ToleranceReached { last }
            | Self::GenerationsUsedUp { last }
            | Self::AttemptsUsedUp { last, .. }
            | Self::AcceptanceTooLow { last, .. }
            | Self::ToleranceStuck { last, .. } => last,
        }
    }
}

impl fmt::Display for Stop {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::ToleranceReached { .. } => f.write_str("the tolerance asked for is reached")?,
            Self::GenerationsUsedUp { .. } => f.write_str("all generations allowed are done; allow more to go on")?,
            Self::AttemptsUsedUp { attempts, .. } => {
                write!(f, "the simulations allowed are used up ({attempts} made); allow more to go on")?;
            }
            Self::AcceptanceTooLow { tolerance, accepted, moves, .. } => write!(
                f,
                "only {accepted} of {moves} moves within the next tolerance, {tolerance:.4}, were accepted; allow a \
                 lower share of accepted moves to go on"
            )?,
            Self::ToleranceStuck { next, .. } => {
                write!(f, "the tolerance does not fall any more (the next would be {next:.4})")?;
            }
        }
        let last = self.last();
        write!(
            f,
            "; reached: generation {} at tolerance {:.4} with {:.0} effective of {} particles",
            last.number, last.tolerance, last.effective, last.particles
        )
    }
}
