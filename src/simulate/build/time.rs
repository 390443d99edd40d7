//! Steps, waves and recorded moments.

use super::super::Moments;
use super::super::declaration::Declaration;
use super::whole;
use crate::diagnostic::Diagnostics;
use crate::formula::Parameters;

/// Steps and waves of a study; all zero for a study without steps.
#[derive(Clone, Debug, Default)]
pub(super) struct Clock {
    pub step_years: f64,
    /// Steps to each wave.
    waves: Vec<u32>,
    /// Steps to the last wave.
    pub steps: u32,
}

/// Slack when lengths of time are compared, as a share of a step.
const SLACK: f64 = 1e-9;
/// Most steps of a study.
const MOST_STEPS: f64 = 1e7;

impl Clock {
    /// Years from the start to the last step.
    pub fn horizon(&self) -> f64 {
        f64::from(self.steps) * self.step_years
    }

    /// The recorded moments, in steps.
    pub fn moments(&self, moments: Moments) -> Vec<u32> {
        match moments {
            Moments::EveryStep => (0..=self.steps).collect(),
            Moments::Waves => self.waves.clone(),
        }
    }

    /// Position of each wave among the recorded moments.
    pub fn waves_in(&self, moments: Moments) -> Vec<usize> {
        match moments {
            Moments::EveryStep => self.waves.iter().map(|w| *w as usize).collect(),
            Moments::Waves => (0..self.waves.len()).collect(),
        }
    }
}

/// The clock of a study. Problems leave a clock with one wave at the start.
pub(super) fn clock(declaration: &Declaration, parameters: &Parameters, problems: &mut Diagnostics) -> Clock {
    let Some(time) = &declaration.time else { return Clock { waves: vec![0], ..Clock::default() } };
    // The step is known, so that no equation is told that its step is another one.
    let still = Clock { waves: vec![0], step_years: time.step.years, ..Clock::default() };
    let Some(count) = whole(&time.count, "the number of waves", 1.0, 60_000.0, "S0316", parameters, problems) else {
        return still;
    };
    let step = time.step.years;
    let mut waves = Vec::with_capacity(count as usize);
    for wave in 0..count {
        let steps = (time.first_wave.years + time.every.years * wave as f64) / step;
        if steps.is_nan() || steps > MOST_STEPS {
            problems.error("S0316", &time.span, format!("wave {} lies {steps:.0} steps from the start", wave + 1));
            return still;
        }
        if (steps - steps.round()).abs() > SLACK * steps.max(1.0) {
            problems
                .error("S0316", &time.span, format!("wave {} does not fall on a step", wave + 1))
                .help("the time between waves must be a whole number of steps");
            return still;
        }
        waves.push(steps.round() as u32);
    }
    let steps = waves.last().copied().unwrap_or(0);
    Clock { step_years: step, waves, steps }
}
