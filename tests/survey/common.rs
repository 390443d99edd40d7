//! Studies from short texts, and comparisons within 4 Monte Carlo standard errors.

use eclosion::diagnostic::position;
use eclosion::observe;
pub use eclosion::observe::Keep;
use eclosion::scenario::{self, Prepared};
use eclosion::simulate;
use eclosion::streams::{Space, Streams};
use eclosion::tables::observed::AnswerColumn;
use eclosion::tables::{Audit, ObservedBatch, RunProblem, Truth};
use std::ops::Range;

const HEAD: &str = "scenario = 1\nstudy = { title = 't', aims = 'a', seed = 1, replicates = 10 }\n";

/// Each problem as `code line:column message [help]`, in the order of the text.
pub fn problems(text: &str) -> Vec<String> {
    let text = format!("{HEAD}{text}");
    let loaded = scenario::load_text("study.toml", &text, &[]);
    let mut problems = loaded.problems;
    if let Some(scenario) = loaded.scenario {
        let _ = scenario.check_all(&mut problems);
    }
    let mut list: Vec<_> = problems.list().iter().collect();
    list.sort_by_key(|d| d.span.as_ref().map(|s| s.bytes.start));
    let written = |d: &&eclosion::diagnostic::Diagnostic| {
        let (line, column) = d.span.as_ref().map_or((0, 0), |s| position(&text, s.bytes.start));
        // The two lines of the head are not counted.
        let line = line.saturating_sub(2);
        format!("{} {line}:{column} {} [{}]", d.code, d.message, d.help.as_deref().unwrap_or(""))
    };
    list.iter().map(written).collect()
}

/// All conditions of a study, ready to run.
pub fn conditions(text: &str) -> Vec<Prepared> {
    let loaded = scenario::load_text("study.toml", &format!("{HEAD}{text}"), &[]);
    let mut problems = loaded.problems;
    let ready = loaded.scenario.and_then(|scenario| scenario.check_all(&mut problems));
    let ready: Option<Vec<_>> = ready.filter(|_| !problems.has_errors());
    ready.unwrap_or_else(|| panic!("{text}\n{:?}", problems.list())).into_iter().map(|(_, prepared)| prepared).collect()
}

/// A study with one condition.
pub fn study(text: &str) -> Prepared {
    let mut all = conditions(text);
    assert_eq!(all.len(), 1);
    all.remove(0)
}

/// Truth, observed data and audit with all cells.
pub struct Seen {
    pub truth: Truth,
    pub observed: ObservedBatch,
    pub audit: Audit,
}

pub fn try_see(prepared: &Prepared, seed: u64, replicates: Range<u64>, keep: Keep) -> Result<Seen, RunProblem> {
    let streams = Streams::new(seed, Space::Study);
    let truth = prepared.truth.simulate(&streams, replicates, &mut simulate::Scratch::default())?;
    let (observed, audit) = prepared.survey.observe(&truth, &streams, keep, &mut observe::Scratch::default())?;
    Ok(Seen { truth, observed, audit })
}

pub fn see(prepared: &Prepared, replicates: Range<u64>) -> Seen {
    try_see(prepared, 20_101, replicates, Keep::Cells).unwrap_or_else(|p| panic!("{}", p.message))
}

/// The survey of a text, over so many replicates.
pub fn seen(text: &str, replicates: u64) -> Seen {
    see(&study(text), 0..replicates)
}

impl Seen {
    pub fn rows(&self) -> usize {
        self.observed.group.len()
    }

    pub fn waves(&self) -> usize {
        self.observed.schema.waves()
    }

    /// The answers to an item at a wave (from 1); NaN is no answer.
    pub fn answers(&self, item: &str, wave: usize) -> Vec<f64> {
        let k = self.observed.schema.item(item).unwrap();
        values(&self.observed.answers[k][wave - 1], self.observed.schema.items[k].coding.as_deref())
    }

    /// The true values at a wave (from 1).
    pub fn truth(&self, variable: &str, wave: usize) -> Vec<f64> {
        let v = self.truth.schema.variable(variable).unwrap();
        let column = self.truth.at(v, self.truth.schema.waves[wave - 1]);
        (0..self.rows()).map(|row| column.value(row)).collect()
    }

    /// Who was interviewed at a wave (from 1).
    pub fn attended(&self, wave: usize) -> &[bool] {
        &self.observed.attended[wave - 1]
    }

    /// What a mechanism did at a wave (from 1): at risk, happened.
    pub fn done(&self, mechanism: &str, wave: usize) -> (u64, u64) {
        let of_wave = self.audit.mechanisms.iter().filter(|m| usize::from(m.wave) == wave);
        let found: Vec<_> = of_wave.filter(|m| m.name == mechanism).map(|m| (m.at_risk, m.happened)).collect();
        assert_eq!(found.len(), 1, "`{mechanism}` is counted once");
        found[0]
    }

    /// Codes of reasons for an item at a wave (from 1).
    pub fn reasons(&self, item: &str, wave: usize) -> &[u8] {
        &self.audit.cells[self.observed.schema.item(item).unwrap()][wave - 1]
    }
}

pub fn values(column: &AnswerColumn, coding: Option<&eclosion::tables::Coding>) -> Vec<f64> {
    match column {
        AnswerColumn::Coded(codes) => codes.iter().map(|c| coding.unwrap().values[usize::from(*c)]).collect(),
        AnswerColumn::Number(values) => values.clone(),
    }
}

/// Share of `hits` among the rows for which `of` holds, and the number of these.
pub fn share(rows: usize, of: impl Fn(usize) -> bool, hits: impl Fn(usize) -> bool) -> (f64, usize) {
    let base: Vec<usize> = (0..rows).filter(|row| of(*row)).collect();
    let n = base.len();
    (base.into_iter().filter(|row| hits(*row)).count() as f64 / n as f64, n)
}

/// A share among independent rows against its probability, within 4 standard errors.
#[track_caller]
pub fn assert_share((got, n): (f64, usize), want: f64) {
    assert!(n > 100, "only {n} rows");
    let se = libm::sqrt(want * (1.0 - want) / n as f64);
    assert!((got - want).abs() <= 4.0 * se + 5e-5, "{got} and not {want}, standard error {se}");
}

/// The mean of independent values against a number, within 4 standard errors.
#[track_caller]
pub fn assert_mean(list: &[f64], want: f64) {
    let n = list.len() as f64;
    assert!(n >= 30.0, "only {n} values");
    let mean = list.iter().sum::<f64>() / n;
    let variance = list.iter().map(|v| (v - mean) * (v - mean)).sum::<f64>() / (n - 1.0);
    let se = libm::sqrt(variance / n);
    assert!((mean - want).abs() <= 4.0 * se + 5e-5, "{mean} and not {want}, standard error {se}");
}

/// A statistic of each replicate.
pub fn by_replicate(seen: &Seen, of: impl Fn(Range<usize>) -> f64) -> Vec<f64> {
    let replicates = (seen.truth.replicates.end - seen.truth.replicates.start) as usize;
    (0..replicates).map(|r| of(seen.truth.rows(r))).collect()
}

/// Pearson's correlation.
pub fn correlation(a: &[f64], b: &[f64]) -> f64 {
    let n = a.len() as f64;
    let (ma, mb) = (a.iter().sum::<f64>() / n, b.iter().sum::<f64>() / n);
    let moment =
        |x: &[f64], mx: f64, y: &[f64], my: f64| x.iter().zip(y).map(|(x, y)| (x - mx) * (y - my)).sum::<f64>();
    moment(a, ma, b, mb) / libm::sqrt(moment(a, ma, a, ma) * moment(b, mb, b, mb))
}
