//! What a panel reports on one yes/no item.

use super::Grid;
use crate::statistics::share::ShareInterval;

/// What a missed wave does to a run of yeses. Studies seldom say which they used, so both are worth reporting.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GapRule {
    /// A missed wave ends the run: a run is a yes at each of several scheduled waves in turn.
    Breaks,
    /// Missed waves are dropped first: a run is a yes at each of several waves in turn that the person was seen at.
    Bridged,
}

/// Answers and yeses at one wave.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct WaveTally {
    /// Persons with an answer.
    pub answered: usize,
    /// Persons with a yes.
    pub yes: usize,
}

impl WaveTally {
    /// Share of yeses among the answers, `None` where nobody answered.
    #[must_use]
    pub fn prevalence(&self) -> Option<f64> {
        (self.answered > 0).then(|| self.yes as f64 / self.answered as f64)
    }
}

/// Moves between adjacent scheduled waves with an answer at both, over all persons.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Transitions {
    /// No, then no.
    pub n00: usize,
    /// No, then yes.
    pub n01: usize,
    /// Yes, then no.
    pub n10: usize,
    /// Yes, then yes.
    pub n11: usize,
}

impl Transitions {
    /// Share of yeses after a no, `None` where no no was followed up.
    #[must_use]
    pub fn into_yes(&self) -> Option<f64> {
        let from = self.n00 + self.n01;
        (from > 0).then(|| self.n01 as f64 / from as f64)
    }

    /// Share of noes after a yes, `None` where no yes was followed up.
    #[must_use]
    pub fn out_of_yes(&self) -> Option<f64> {
        let from = self.n10 + self.n11;
        (from > 0).then(|| self.n10 as f64 / from as f64)
    }
}

/// Counts of a panel on one item. A missing report counts as "not yes" in all counts of persons.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ItemSummary {
    /// Persons enrolled.
    pub enrolled: usize,
    /// Persons with an answer at one wave or more.
    pub observed: usize,
    /// Persons with an answer at every wave.
    pub complete: usize,
    /// Persons with a yes at one wave or more.
    pub ever: usize,
    /// The same among those with an answer at every wave.
    pub ever_complete: usize,
    /// Each wave.
    pub per_wave: Vec<WaveTally>,
    /// Persons by the number of waves with a yes, from 0 to all waves; they sum to the persons enrolled.
    pub years: Vec<usize>,
    /// Moves between adjacent waves.
    pub transitions: Transitions,
}

impl ItemSummary {
    /// Counts a grid.
    #[must_use]
    pub fn of(grid: &Grid<'_>) -> Self {
        let mut summary = Self {
            enrolled: grid.persons(),
            per_wave: vec![WaveTally::default(); grid.waves()],
            years: vec![0; grid.waves() + 1],
            ..Self::default()
        };
        grid.rows().for_each(|row| summary.add(row));
        summary
    }

    fn add(&mut self, row: &[Option<bool>]) {
        let answered = row.iter().flatten().count();
        let yes = row.iter().flatten().filter(|yes| **yes).count();
        let complete = usize::from(answered == row.len());
        let ever = usize::from(yes > 0);
        self.observed += usize::from(answered > 0);
        self.complete += complete;
        self.ever += ever;
        self.ever_complete += ever * complete;
        if let Some(persons) = self.years.get_mut(yes) {
            *persons += 1;
        }
        for (tally, report) in self.per_wave.iter_mut().zip(row) {
            tally.answered += usize::from(report.is_some());
            tally.yes += usize::from(*report == Some(true));
        }
        for pair in row.windows(2) {
            match pair {
                [Some(false), Some(false)] => self.transitions.n00 += 1,
                [Some(false), Some(true)] => self.transitions.n01 += 1,
                [Some(true), Some(false)] => self.transitions.n10 += 1,
                [Some(true), Some(true)] => self.transitions.n11 += 1,
                _ => {}
            }
        }
    }

    /// Persons with a yes at `least` waves or more.
    #[must_use]
    pub fn at_least(&self, least: usize) -> usize {
        self.years.iter().skip(least).sum()
    }

    /// Observed person-waves: where waves are years apart, person-years.
    #[must_use]
    pub fn person_waves(&self) -> usize {
        self.per_wave.iter().map(|wave| wave.answered).sum()
    }

    /// Yeses per observed person-wave, `None` where nobody was observed.
    #[must_use]
    pub fn period_rate(&self) -> Option<f64> {
        let yes: usize = self.per_wave.iter().map(|wave| wave.yes).sum();
        let waves = self.person_waves();
        (waves > 0).then(|| yes as f64 / waves as f64)
    }

    /// Share of persons with a yes among those observed at least once; `None` where there are none. It rises with the
    /// number of waves at which persons were seen, so groups with different follow-up cannot be compared on it.
    #[must_use]
    pub fn ever_share(&self) -> Option<f64> {
        (self.observed > 0).then(|| self.ever as f64 / self.observed as f64)
    }

    /// Wilson limits of [`Self::ever_share`] at a level such as 0.95.
    #[must_use]
    pub fn ever_wilson(&self, level: f64) -> Option<(f64, f64)> {
        ShareInterval::Wilson.at_level(self.ever as f64, self.observed as f64, level)
    }

    /// Exact (Clopper-Pearson) limits of [`Self::ever_share`] at a level such as 0.95.
    #[must_use]
    pub fn ever_exact(&self, level: f64) -> Option<(f64, f64)> {
        ShareInterval::ClopperPearson.at_level(self.ever as f64, self.observed as f64, level)
    }
}

/// The longest run of yeses in a person's reports.
#[must_use]
pub fn longest_run(row: &[Option<bool>], rule: GapRule) -> usize {
    let (mut run, mut longest) = (0, 0);
    for report in row {
        run = match (report, rule) {
            (Some(true), _) => run + 1,
            (None, GapRule::Bridged) => run,
            _ => 0,
        };
        longest = longest.max(run);
    }
    longest
}

/// Persons with a run of `least` yeses or more.
#[must_use]
pub fn consecutive(grid: &Grid<'_>, least: usize, rule: GapRule) -> usize {
    grid.rows().filter(|row| longest_run(row, rule) >= least).count()
}
