//! What complete case, available case and last observation carried forward have in common: which records count and
//! what they count as; then a share, a mean, a difference or a ratio of the records that count.

use super::critical::Critical;
use super::difference::DifferenceFit;
use super::filter::Filter;
use super::outcome::{Number, YesNo};
use super::ratio::{RatioFit, RatioKind};
use super::two_sample::{Comparison, Sample};
use super::warning::of_share;
use super::{CannotAnswer, Fit, Method};
use crate::diagnostic::Diagnostics;
use crate::options::Options;
use crate::statistics::share::ShareInterval;
use crate::streams::Own;
use crate::tables::{Estimate, FailureKind, FitFailure, Observed, ObservedSchema, Quantity, Target};

/// What is done about missing answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Handling {
    /// Only records with an answer at every wave up to the last one needed.
    Complete,
    /// Records with the answers that the quantity itself needs.
    Available,
    /// Each missing answer is replaced by the last one before it.
    Carried,
}

/// A simple method as declared.
#[derive(Clone, Copy, Debug)]
pub(super) struct Simple {
    pub(super) handling: Handling,
    pub(super) interval: ShareInterval,
    pub(super) comparison: Comparison,
    pub(super) ratio: RatioKind,
    /// Whether it answers differences only.
    pub(super) differences_only: bool,
}

impl Simple {
    /// Reads the options `interval`, `difference` and `ratio`.
    pub(super) fn declare(
        handling: Handling,
        options: &Options,
        problems: &mut Diagnostics,
    ) -> Option<Box<dyn Method>> {
        let interval = options.choice("interval", &ShareInterval::WORDS, problems).map(|k| ShareInterval::ALL[k]);
        let comparison = options.choice("difference", &Comparison::WORDS, problems).map(|k| Comparison::ALL[k]);
        let ratio = options.choice("ratio", &RatioKind::WORDS, problems).map(|k| RatioKind::ALL[k]);
        options.finish(problems);
        Some(Box::new(Self {
            handling,
            interval: interval.unwrap_or_default(),
            comparison: comparison.unwrap_or_default(),
            ratio: ratio.unwrap_or_default(),
            differences_only: false,
        }))
    }
}

/// How the records that count become a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Count {
    /// Yes at a wave.
    At { wave: usize },
    /// Yes at one wave or more.
    Ever { by: usize },
    /// Yes at several waves.
    Several { at_least: u16, consecutive: bool, by: usize },
    /// Yes at a wave to both of two outcomes.
    Both { wave: usize },
    /// Yes (or no longer yes) at a later wave among those who were not (were) at an earlier one.
    Moved { from: usize, to: usize, entering: bool },
}

impl Count {
    fn last_wave(self) -> usize {
        match self {
            Self::At { wave } | Self::Both { wave } => wave,
            Self::Ever { by } | Self::Several { by, .. } => by,
            Self::Moved { to, .. } => to,
        }
    }
}

impl Method for Simple {
    fn bind(&self, target: &Target, schema: &ObservedSchema) -> Result<Box<dyn Fit>, CannotAnswer> {
        let refuse = |why: &str| Err(CannotAnswer { why: why.to_owned() });
        let target_wave = target.quantity.last_wave();
        let common = Common {
            handling: self.handling,
            critical: Critical::new(target.level_of_confidence),
            restrict: target
                .restrict
                .as_ref()
                .map(|text| Filter::new(text, target, schema, target_wave))
                .transpose()?,
            mask: Vec::new(),
            answered: Vec::new(),
        };
        let difference = matches!(target.quantity, Quantity::Difference { .. });
        if self.differences_only && !difference {
            return refuse("it answers differences only");
        }
        check_waves(target, schema)?;
        let count = match &target.quantity {
            Quantity::Prevalence { wave } => Count::At { wave: *wave },
            Quantity::Ever { by } => Count::Ever { by: *by },
            Quantity::Years { at_least, consecutive, by } => Count::Several {
                at_least: u16::try_from(*at_least).unwrap_or(u16::MAX),
                consecutive: *consecutive,
                by: *by,
            },
            Quantity::Cooccurrence { wave, .. } => Count::Both { wave: *wave },
            Quantity::Transition { from, to, entering } => Count::Moved { from: *from, to: *to, entering: *entering },
            Quantity::Mean { wave } => {
                let outcome = Number::of(target, schema)?;
                return Ok(Box::new(MeanFit { common, outcome, wave: *wave, now: Vec::new(), values: Vec::new() }));
            }
            Quantity::Difference { wave } => {
                return Ok(Box::new(DifferenceFit::new(self.comparison, common, target, *wave, schema)?));
            }
            Quantity::RiskRatio { .. } | Quantity::OddsRatio { .. } => {
                return Ok(Box::new(RatioFit::new(self.ratio, common, target, schema)?));
            }
            Quantity::Coefficient { .. } => {
                return refuse("it fits no regression; use `regression` or `logistic`");
            }
            Quantity::Finding { .. } => return refuse("it reports no such finding"),
        };
        let outcome = YesNo::of(target, schema)?;
        let with = if let Quantity::Cooccurrence { with, with_level, .. } = &target.quantity {
            Some(YesNo::named(&with.text, with_level.as_deref(), schema)?)
        } else {
            None
        };
        Ok(Box::new(ShareFit { common, outcome, with, count, interval: self.interval, tally: Tally::default() }))
    }
}

/// Refuses waves that the survey does not have.
pub(super) fn check_waves(target: &Target, schema: &ObservedSchema) -> Result<(), CannotAnswer> {
    let last = target.quantity.last_wave();
    if last >= schema.waves() {
        return Err(CannotAnswer { why: format!("there is no wave {}; the survey has {}", last + 1, schema.waves()) });
    }
    Ok(())
}

/// The wave of a coefficient, for a method that fits one.
pub(super) fn one_wave(waves: &[usize]) -> Result<usize, CannotAnswer> {
    match waves {
        [wave] => Ok(*wave),
        _ => Err(CannotAnswer { why: "it fits one wave; `gee`, `glm`, `regression` and `ipw` fit several".to_owned() }),
    }
}

/// What all simple fits have.
#[derive(Debug)]
pub(super) struct Common {
    handling: Handling,
    pub(super) critical: Critical,
    restrict: Option<Filter>,
    mask: Vec<u8>,
    /// 1 for the records that count.
    pub(super) answered: Vec<u8>,
}

impl Common {
    /// Takes the records that do not fulfil the target's condition out of `answered`.
    fn restrict(&mut self, observed: &Observed<'_>, wave: usize) {
        if let Some(filter) = &mut self.restrict {
            filter.apply(observed, wave, &mut self.mask);
            self.answered.iter_mut().zip(&self.mask).for_each(|(a, m)| *a &= m);
        }
    }

    /// The first wave that matters for what stands at `wave`.
    fn first(&self, wave: usize) -> usize {
        if self.handling == Handling::Available { wave } else { 0 }
    }

    fn reset(&mut self, records: usize) {
        self.answered.clear();
        self.answered.resize(records, u8::from(self.handling == Handling::Complete));
    }
}

/// Per record: what stands at the wave last read, and what has been counted up to it.
#[derive(Debug, Default)]
struct Tally {
    /// Yes at the wave last read, after handling.
    yes: Vec<u8>,
    /// Yes at the earlier wave of a transition.
    before: Vec<u8>,
    /// Answered at the earlier wave of a transition.
    started: Vec<u8>,
    /// Waves with yes, or the present run of them.
    run: Vec<u16>,
    /// The longest run.
    best: Vec<u16>,
}

impl Tally {
    fn reset(&mut self, records: usize) {
        for buffer in [&mut self.yes, &mut self.before] {
            buffer.clear();
            buffer.resize(records, 0);
        }
        for buffer in [&mut self.run, &mut self.best] {
            buffer.clear();
            buffer.resize(records, 0);
        }
    }
}

/// A share.
struct ShareFit {
    common: Common,
    outcome: YesNo,
    /// The other outcome of a co-occurrence.
    with: Option<YesNo>,
    count: Count,
    interval: ShareInterval,
    tally: Tally,
}

impl Fit for ShareFit {
    fn fit(&mut self, observed: &Observed<'_>, _stream: &mut Own) -> Result<Estimate, FitFailure> {
        let records = observed.records();
        self.common.reset(records);
        self.tally.reset(records);
        let (eligible_yes, eligible) = match self.count {
            Count::At { wave } => self.at(observed, wave),
            Count::Both { wave } => self.both(observed, wave),
            Count::Ever { by } => self.several(observed, 1, false, by),
            Count::Several { at_least, consecutive, by } => self.several(observed, at_least, consecutive, by),
            Count::Moved { from, to, entering } => self.moved(observed, from, to, entering),
        };
        if eligible == 0 {
            let wave = self.count.last_wave() + 1;
            return Err(FitFailure::new(FailureKind::NoData, format!("no record counts at wave {wave}")));
        }
        let (x, n) = (f64::from(eligible_yes), f64::from(eligible));
        let p = x / n;
        let interval = self.interval.limits(x, n, &self.common.critical.confidence());
        Ok(Estimate {
            estimate: p,
            model_se: Some(libm::sqrt(p * (1.0 - p) / n)),
            interval: Some(interval),
            warning: of_share(self.interval, x, n, interval),
            ..Estimate::default()
        })
    }
}

impl ShareFit {
    /// Takes in the answers of a wave.
    fn read(&mut self, observed: &Observed<'_>, wave: usize) {
        let (outcome, handling) = (&self.outcome, self.common.handling);
        let cells = outcome.codes(observed, wave).iter().zip(&mut self.common.answered).zip(&mut self.tally.yes);
        match handling {
            Handling::Complete => cells.for_each(|((code, answered), yes)| {
                *answered &= outcome.is_answer(*code);
                *yes = outcome.is_yes(*code);
            }),
            Handling::Available => cells.for_each(|((code, answered), yes)| {
                *answered |= outcome.is_answer(*code);
                *yes = outcome.is_yes(*code);
            }),
            Handling::Carried => cells.for_each(|((code, answered), yes)| {
                let now = outcome.is_answer(*code);
                *answered |= now;
                *yes = now * outcome.is_yes(*code) + (1 - now) * *yes;
            }),
        }
    }

    fn at(&mut self, observed: &Observed<'_>, wave: usize) -> (u32, u32) {
        for w in self.common.first(wave)..=wave {
            self.read(observed, w);
        }
        self.common.restrict(observed, wave);
        tally(&self.common.answered, &self.tally.yes, 1)
    }

    fn both(&mut self, observed: &Observed<'_>, wave: usize) -> (u32, u32) {
        for w in self.common.first(wave)..=wave {
            self.read(observed, w);
        }
        std::mem::swap(&mut self.tally.before, &mut self.tally.yes);
        std::mem::swap(&mut self.tally.started, &mut self.common.answered);
        self.common.reset(observed.records());
        self.tally.yes.fill(0);
        let Some(with) = self.with.take() else { return (0, 0) };
        let first = std::mem::replace(&mut self.outcome, with);
        for w in self.common.first(wave)..=wave {
            self.read(observed, w);
        }
        self.with = Some(std::mem::replace(&mut self.outcome, first));
        self.common.answered.iter_mut().zip(&self.tally.started).for_each(|(a, s)| *a &= s);
        self.tally.yes.iter_mut().zip(&self.tally.before).for_each(|(y, b)| *y &= b);
        self.common.restrict(observed, wave);
        tally(&self.common.answered, &self.tally.yes, 1)
    }

    fn several(&mut self, observed: &Observed<'_>, at_least: u16, consecutive: bool, by: usize) -> (u32, u32) {
        for wave in 0..=by {
            self.read(observed, wave);
            let Tally { yes, run, best, .. } = &mut self.tally;
            for ((run, best), yes) in run.iter_mut().zip(best).zip(&*yes) {
                let yes = u16::from(*yes);
                *run = if consecutive { (*run + 1) * yes } else { *run + yes };
                *best = (*best).max(*run);
            }
        }
        self.common.restrict(observed, by);
        let Tally { yes, best, .. } = &mut self.tally;
        yes.iter_mut().zip(&*best).for_each(|(yes, best)| *yes = u8::from(*best >= at_least));
        tally(&self.common.answered, yes, 1)
    }

    fn moved(&mut self, observed: &Observed<'_>, from: usize, to: usize, entering: bool) -> (u32, u32) {
        for wave in self.common.first(from)..=from {
            self.read(observed, wave);
        }
        self.tally.before.copy_from_slice(&self.tally.yes);
        // A record first seen after `from` cannot be placed there.
        std::mem::swap(&mut self.tally.started, &mut self.common.answered);
        self.common.reset(self.tally.started.len());
        let rest = if self.common.handling == Handling::Available { to..=to } else { from + 1..=to };
        for wave in rest {
            self.read(observed, wave);
        }
        match self.common.handling {
            Handling::Carried => self.common.answered.copy_from_slice(&self.tally.started),
            _ => self.common.answered.iter_mut().zip(&self.tally.started).for_each(|(a, s)| *a &= s),
        }
        self.common.restrict(observed, to);
        let start = u8::from(!entering);
        self.common.answered.iter_mut().zip(&self.tally.before).for_each(|(a, b)| *a &= u8::from(*b == start));
        tally(&self.common.answered, &self.tally.yes, u8::from(entering))
    }
}

/// Records that count and have `yes` equal to `wanted`, and records that count.
fn tally(answered: &[u8], yes: &[u8], wanted: u8) -> (u32, u32) {
    let n: u32 = answered.iter().map(|a| u32::from(*a)).sum();
    let x: u32 = answered.iter().zip(yes).map(|(a, y)| u32::from(a & u8::from(*y == wanted))).sum();
    (x, n)
}

/// Reads a number at a wave under a handling: `values` is NaN where a record does not count.
pub(super) fn read_number(
    common: &mut Common,
    outcome: &Number,
    observed: &Observed<'_>,
    wave: usize,
    now: &mut Vec<f64>,
    values: &mut Vec<f64>,
) {
    values.clear();
    values.resize(observed.records(), f64::NAN);
    common.reset(observed.records());
    for w in common.first(wave)..=wave {
        outcome.read(observed, w, now);
        match common.handling {
            Handling::Complete => {
                common.answered.iter_mut().zip(&*now).for_each(|(a, v)| *a &= u8::from(!v.is_nan()));
                values.copy_from_slice(now);
            }
            _ => values.iter_mut().zip(&*now).for_each(|(old, v)| *old = if v.is_nan() { *old } else { *v }),
        }
    }
    if common.handling != Handling::Complete {
        common.answered.iter_mut().zip(&*values).for_each(|(a, v)| *a = u8::from(!v.is_nan()));
    }
    common.restrict(observed, wave);
}

/// A mean.
struct MeanFit {
    common: Common,
    outcome: Number,
    wave: usize,
    now: Vec<f64>,
    values: Vec<f64>,
}

impl Fit for MeanFit {
    fn fit(&mut self, observed: &Observed<'_>, _stream: &mut Own) -> Result<Estimate, FitFailure> {
        read_number(&mut self.common, &self.outcome, observed, self.wave, &mut self.now, &mut self.values);
        let answered = &self.common.answered;
        Sample::of(&self.values, |i| answered[i] == 1).estimate(&mut self.common.critical)
    }
}
