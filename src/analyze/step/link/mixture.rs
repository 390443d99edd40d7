//! What the probabilistic rule and the method on counts of patterns have in common: their options, the fit and what is
//! said of it.

use super::read;
use crate::diagnostic::Diagnostics;
use crate::options::{OptionValue, Options};
use crate::statistics::linkage::fellegi_sunter::{
    Decisions, Em, Failure, Fit, Limits, Parameters, Patterns, Status, Thresholds, best_fit,
};
use crate::tables::{FailureKind, Finding, FitFailure, Record};

/// Expected share of wrong links where neither it nor thresholds are given.
const USUAL_RATE: f64 = 0.01;

/// Options of the mixture.
#[derive(Clone, Debug, Default)]
pub(in crate::analyze) struct Mixture {
    start: Option<Start>,
    thresholds: Option<Thresholds>,
    rate: Option<f64>,
}

/// Parameters to start from, by field.
#[derive(Clone, Debug)]
struct Start {
    m: Vec<Vec<f64>>,
    u: Vec<Vec<f64>>,
    p: f64,
}

/// A fitted mixture and where its links begin.
#[derive(Clone, Debug)]
pub(in crate::analyze) struct Fitted {
    pub(in crate::analyze) fit: Fit,
    /// Parameters after one step from those that were given.
    first_step: Option<Parameters>,
    /// Number of maxima found; `None` where the start was given.
    maxima: Option<usize>,
    pub(in crate::analyze) decisions: Decisions,
    /// `None`: no weight keeps the rate that was asked for, and nothing is a link.
    pub(in crate::analyze) thresholds: Option<Thresholds>,
}

const PROBABILITIES: (&str, &str) = (
    "a list of probabilities for each field, each from 0 to 1 with the sum 1",
    "`m = [[0.1, 0.9], [0.1, 0.2, 0.7]]`: two fields, of two and three levels",
);

impl Mixture {
    /// Reads `start`, `thresholds` and `false_link_rate`.
    pub(in crate::analyze) fn declare(options: &Options, problems: &mut Diagnostics) -> Self {
        let start = options.table("start", problems).and_then(|table| {
            let start = start(table, problems);
            table.finish(problems);
            start
        });
        let both = |value: &OptionValue| match read::numbers(value)?[..] {
            [lower, upper] if lower <= upper => Some(Thresholds { lower, upper }),
            _ => None,
        };
        let words =
            ("two weights, the lower one first", "`thresholds = [0, 6]`: from log2 weight 6 on pairs are links");
        let thresholds = read::value(options, "thresholds", both, words, problems);
        let share = |value: &OptionValue| read::number(value).filter(|v| (0.0..1.0).contains(v));
        let words =
            ("a share from 0 to below 1", "`false_link_rate = 0.01`: one link in a hundred is expected to be wrong");
        let rate = read::value(options, "false_link_rate", share, words, problems);
        if let (Some(_), Some(value)) = (thresholds, options.get("false_link_rate")) {
            problems
                .error("S0641", value.span(), "`thresholds` and `false_link_rate` both say where links begin")
                .help("leave one of them out");
        }
        Self { start, thresholds, rate }
    }

    /// Fits the mixture to counts of patterns.
    ///
    /// # Errors
    /// Why there is no fit.
    pub(in crate::analyze) fn fit(&self, em: &mut Em, patterns: &Patterns) -> Result<Fitted, FitFailure> {
        let limits = Limits::default();
        let (fit, first_step, maxima) = match &self.start {
            Some(start) => {
                let start = Parameters { m: start.m.concat(), u: start.u.concat(), p: start.p };
                let (step, _) = em.step(patterns, &start).map_err(|reason| failure(reason, patterns))?;
                (em.fit(patterns, &start, &limits).map_err(|reason| failure(reason, patterns))?, Some(step), None)
            }
            None => {
                let best = best_fit(em, patterns, &limits).map_err(|reason| failure(reason, patterns))?;
                (best.fit, None, Some(best.maxima))
            }
        };
        if fit.status == Status::MaxIterations {
            let detail = format!("EM did not settle in {} steps; fewer fields or levels would help", fit.steps);
            return Err(FitFailure::new(FailureKind::NotConverged, detail));
        }
        let decisions = Decisions::new(patterns, &fit.parameters);
        let thresholds = self.thresholds.or_else(|| {
            let upper = decisions.threshold_for(patterns, self.rate.unwrap_or(USUAL_RATE))?;
            Some(Thresholds { lower: upper, upper })
        });
        Ok(Fitted { fit, first_step, maxima, decisions, thresholds })
    }

    /// Number of levels of each field in `start`, where it is given.
    pub(in crate::analyze) fn levels(&self) -> Option<Vec<usize>> {
        self.start.as_ref().map(|start| start.m.iter().map(Vec::len).collect())
    }
}

fn start(table: &Options, problems: &mut Diagnostics) -> Option<Start> {
    let of_field =
        |list: &Vec<f64>| list.iter().all(|v| (0.0..=1.0).contains(v)) && (list.iter().sum::<f64>() - 1.0).abs() < 1e-6;
    let fields = |value: &OptionValue| read::lists(value).filter(|lists| lists.iter().all(of_field));
    let [m, u] = ["m", "u"].map(|key| {
        if table.get(key).is_none() {
            table.missing(key, problems);
        }
        read::value(table, key, fields, PROBABILITIES, problems)
    });
    let share = |value: &OptionValue| read::number(value).filter(|v| *v > 0.0 && *v < 1.0);
    if table.get("p").is_none() {
        table.missing("p", problems);
    }
    let p = read::value(
        table,
        "p",
        share,
        ("a share between 0 and 1", "`p = 0.1`: a tenth of pairs are matches"),
        problems,
    );
    let (m, u, p) = (m?, u?, p?);
    let shape = |lists: &Vec<Vec<f64>>| lists.iter().map(Vec::len).collect::<Vec<usize>>();
    if shape(&m) != shape(&u) {
        problems
            .error("S0641", &table.span, "`m` and `u` have not the same numbers of fields and levels")
            .help("give both a list for each field, with a probability for each level");
        return None;
    }
    Some(Start { m, u, p })
}

fn failure(reason: Failure, patterns: &Patterns) -> FitFailure {
    let (kind, detail) = match reason {
        Failure::NoPairs => (FailureKind::NoData, "there are no pairs to compare".to_owned()),
        Failure::Start => {
            let detail = format!("`start` has other fields or levels than the data, which have {}", shape(patterns));
            (FailureKind::NoData, detail)
        }
        Failure::ImpossiblePattern(k) => {
            let detail = format!("pattern {} was seen and has probability 0 under `start`; start without zeros", k + 1);
            (FailureKind::NotFinite, detail)
        }
        Failure::OneClass => {
            let detail =
                "matches and non-matches cannot be told apart: all pairs went to one class; compare more fields";
            (FailureKind::NotConverged, detail.to_owned())
        }
    };
    FitFailure::new(kind, detail)
}

fn shape(patterns: &Patterns) -> String {
    let levels: Vec<String> = (0..patterns.fields()).map(|k| patterns.field(k).len().to_string()).collect();
    format!("{} fields of {} levels", levels.len(), levels.join(", "))
}

impl Fitted {
    /// What is said of the mixture: parameters by field, likelihood, and the patterns with their weights.
    pub(in crate::analyze) fn findings(&self, patterns: &Patterns, values: &mut Record) {
        if let Some(step) = &self.first_step {
            let mut record = Record::new();
            parameters(step, patterns, &mut record);
            values.set("after_one_em_step", record);
        }
        parameters(&self.fit.parameters, patterns, values);
        values.set("loglik", self.fit.loglik);
        values.set("status", "converged").set("iterations", self.fit.steps).set("last_change", self.fit.last_change);
        values.set("maxima", self.maxima);
        let limits = self.thresholds;
        values.set("thresholds", limits.map(|limits| (limits.lower, limits.upper)));
        values.set("weight_log2", self.decisions.weights.clone());
        values.set("posterior", self.decisions.posteriors.clone());
        let class = |weight: &Option<f64>| limits.map_or("nonlink", |limits| limits.class(*weight).name());
        values.set("class", self.decisions.weights.iter().map(class).collect::<Vec<_>>());
        let rate = limits.and_then(|limits| self.decisions.expected_false_link_rate(patterns, limits.upper));
        values.set("expected_false_link_rate", rate);
    }
}

fn parameters(parameters: &Parameters, patterns: &Patterns, values: &mut Record) {
    let by_field = |list: &[f64]| {
        let field = |k: usize| Finding::from(list.get(patterns.field(k)).unwrap_or(&[]));
        Finding::List((0..patterns.fields()).map(field).collect())
    };
    values.set("m", by_field(&parameters.m)).set("u", by_field(&parameters.u)).set("p", parameters.p);
}
