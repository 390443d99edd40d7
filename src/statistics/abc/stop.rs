//! When a sequential fit goes on and when it stops, and what it had reached.

use super::failure::AbcFailure;
use super::population::Generation;
use std::fmt;

/// One generation in the record of a fit.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Progress {
    /// 1 for the nearest of the pilot.
    pub number: u32,
    /// Largest distance allowed.
    pub tolerance: f64,
    /// Simulations needed.
    pub attempts: u64,
    /// Particles kept.
    pub accepted: u64,
    /// Effective number of particles.
    pub effective: f64,
}

impl Progress {
    /// Share of the attempts that were kept.
    #[must_use]
    pub fn acceptance(&self) -> f64 {
        self.accepted as f64 / self.attempts as f64
    }
}

/// What bounds a fit.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Limits {
    /// Particles of a generation, at least 2.
    pub particles: usize,
    /// Share of the last generation's weight that the next tolerance keeps, between 0 and 1.
    pub quantile: f64,
    /// Tolerance at which the fit is good enough, at least 0; 0 to go on for as long as the rest allows.
    pub tolerance: f64,
    /// Share of attempts below which accepting is too rare to go on, above 0 and at most 1.
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
        /// Attempts after which to give it up, at least 1, and to ask [`Limits::unfinished`] why.
        attempts: u64,
    },
    /// The fit is at its end.
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
    /// Too few attempts are accepted.
    AcceptanceTooLow {
        /// The last whole generation.
        last: Progress,
        /// Tolerance of the generation given up.
        tolerance: f64,
        /// Accepted attempts of that generation.
        accepted: u64,
        /// Its attempts.
        attempts: u64,
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
        let left = self.attempts.saturating_sub(spent);
        if left < self.particles as u64 {
            return Next::Stop(Stop::AttemptsUsedUp { last: done, attempts: spent });
        }
        let next = last.next_tolerance(self.quantile).max(self.tolerance);
        // Also stops at NaN.
        if !(next < done.tolerance && next <= done.tolerance * (1.0 - self.fall)) {
            return Next::Stop(Stop::ToleranceStuck { last: done, next });
        }
        Next::Generation { number: done.number.saturating_add(1), tolerance: next, attempts: self.most().min(left) }
    }

    /// Attempts within which a generation must be full if its share of accepted attempts is not to be too low.
    fn most(&self) -> u64 {
        // Saturates for a share next to 0.
        libm::ceil(self.particles as f64 / self.acceptance) as u64
    }

    /// Why a fit stops whose generation after `last`, at `tolerance`, was not full after the attempts that
    /// [`Next::Generation`] allowed: `accepted` of `attempts`. `spent` is the number of simulations in all, these
    /// included.
    #[must_use]
    pub fn unfinished(&self, last: Progress, tolerance: f64, accepted: u64, attempts: u64, spent: u64) -> Stop {
        if attempts >= self.most() {
            return Stop::AcceptanceTooLow { last, tolerance, accepted, attempts };
        }
        Stop::AttemptsUsedUp { last, attempts: spent }
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
            Self::AcceptanceTooLow { tolerance, accepted, attempts, .. } => write!(
                f,
                "only {accepted} of {attempts} attempts came within the next tolerance, {tolerance:.4}; allow a lower \
                 share of accepted attempts to go on"
            )?,
            Self::ToleranceStuck { next, .. } => {
                write!(f, "the tolerance does not fall any more (the next would be {next:.4})")?;
            }
        }
        let last = self.last();
        write!(
            f,
            "; reached: generation {} at tolerance {:.4} with {:.0} effective of {} particles",
            last.number, last.tolerance, last.effective, last.accepted
        )
    }
}
