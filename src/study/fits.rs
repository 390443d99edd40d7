//! The methods of a condition, bound to their targets, and their answers for the data sets of a batch.

use super::crew::{Halt, Pulse};
use super::link_quality;
use crate::analyze::{self, Fit, Links, Method};
use crate::numeric::time;
use crate::statistics::linkage::quality::Quality;
use crate::streams::{Lane, Own, Purpose, Streams};
use crate::tables::{EstimateRow, FailureKind, FitFailure, ObservedBatch, ObservedSchema, RunProblem, Target};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::time::Duration;

/// A method and a target that it is asked for.
#[derive(Clone, Copy, Debug)]
pub(super) struct Pair<'a> {
    /// Position of the estimand in the scenario.
    pub(super) estimand: u32,
    /// Position of the method in the scenario.
    pub(super) method: u32,
    /// Name of the method in the scenario.
    pub(super) name: &'a str,
    /// The method.
    pub(super) how: &'a Arc<dyn Method>,
    /// The target.
    pub(super) target: &'a Target,
}

/// The bound methods of one condition on one thread, with their buffers.
pub(super) struct Fits<'a> {
    bound: Vec<(Pair<'a>, Purpose, Box<dyn Fit>)>,
    streams: Streams,
    schema: &'a ObservedSchema,
    limit: Option<Duration>,
}

impl<'a> Fits<'a> {
    /// Binds each method to its target. `limit`, the longest that a fit may take, is what is told of one that took longer;
    /// others look to it.
    pub(super) fn bind(
        pairs: impl Iterator<Item = Pair<'a>>,
        schema: &'a ObservedSchema,
        streams: Streams,
        limit: Option<Duration>,
    ) -> Result<Self, RunProblem> {
        let mut bound = Vec::new();
        for pair in pairs {
            let purpose = Purpose::named(&format!("method.{} / {}", pair.name, pair.target.name));
            bound.push((pair, purpose, bind_one(&pair, schema)?));
        }
        Ok(Self { bound, streams, schema, limit })
    }

    /// The answers for each replicate of a batch, replicate after replicate, in each pair after pair. The true value of
    /// an estimand in the replicate at position `r` of the batch is `true_value(estimand, r)`. `links`: who is behind
    /// each record, as the audit has it. Every fit is one of `pulse`, in the order of the rows.
    pub(super) fn answer(
        &mut self,
        condition: u32,
        batch: &ObservedBatch,
        links: &[Vec<u32>],
        true_value: impl Fn(u32, usize) -> f64,
        pulse: &mut Pulse,
    ) -> Result<Vec<EstimateRow>, Halt> {
        let replicates = batch.replicates.clone();
        let mut rows = Vec::with_capacity(self.bound.len().saturating_mul(batch.replicates.clone().count()));
        for (position, replicate) in replicates.enumerate() {
            let mut as_they_came = None;
            for (pair, purpose, fit) in &mut self.bound {
                let lane = Lane { purpose: *purpose, occasion: 0, replicate, stratum: 0 };
                let mut stream = self.streams.own(&lane, 0);
                let result = pulse.fit(|| caught(fit.as_mut(), batch, position, &mut stream))?;
                let result = result.unwrap_or_else(|| Err(overran(self.limit)));
                if matches!(&result, Err(failure) if failure.kind == FailureKind::Panicked) {
                    // Its buffers may have been left half-written.
                    *fit = bind_one(pair, self.schema)?;
                }
                let true_value = true_value(pair.estimand, position);
                rows.push(EstimateRow {
                    replicate,
                    condition,
                    estimand: pair.estimand,
                    method: pair.method,
                    true_value,
                    links: result
                        .is_ok()
                        .then(|| linked(fit.links(), batch, position, links, &mut as_they_came))
                        .flatten(),
                    result,
                });
            }
        }
        Ok(rows)
    }
}

/// Right and wrong links between the interviews that a fit rests on: those of a step that linked them anew, or those of
/// the records as they came, which are counted once in a replicate and kept in `as_they_came`.
fn linked(
    own: Option<&Links>,
    batch: &ObservedBatch,
    position: usize,
    behind: &[Vec<u32>],
    as_they_came: &mut Option<Quality>,
) -> Option<Box<Quality>> {
    let (_, rows) = batch.replicate(position).batch();
    match own {
        Some(own) => Some(Box::new(link_quality::anew(own, rows, behind))),
        None if behind.is_empty() => None,
        None => Some(Box::new(*as_they_came.get_or_insert_with(|| link_quality::as_they_came(rows, behind)))),
    }
}

fn overran(limit: Option<Duration>) -> FitFailure {
    let limit = limit.map_or_else(String::new, |limit| format!(" after {}", time::written(limit)));
    FitFailure::new(FailureKind::Overran, format!("it was still at work{limit}"))
}

fn bind_one(pair: &Pair<'_>, schema: &ObservedSchema) -> Result<Box<dyn Fit>, RunProblem> {
    analyze::bind(pair.how, pair.target, schema).map_err(|refused| RunProblem {
        code: "R0010",
        message: format!("method `{}` cannot answer `{}`: {}", pair.name, pair.target.name, refused.why),
        span: Some(pair.target.span.clone()),
    })
}

pub(super) fn caught(
    fit: &mut dyn Fit,
    batch: &ObservedBatch,
    position: usize,
    stream: &mut Own,
) -> Result<crate::tables::Estimate, FitFailure> {
    let outcome = catch_unwind(AssertUnwindSafe(|| fit.fit(&batch.replicate(position), stream)));
    match outcome {
        Ok(Ok(estimate)) if !estimate.estimate.is_finite() => {
            Err(FitFailure::new(FailureKind::NotFinite, format!("the estimate is {}", estimate.estimate)))
        }
        Ok(answer) => answer,
        Err(payload) => {
            let what = (payload.downcast_ref::<&str>().map(|s| (*s).to_owned()))
                .or_else(|| payload.downcast_ref::<String>().cloned())
                .unwrap_or_else(|| "no message".to_owned());
            Err(FitFailure::new(FailureKind::Panicked, what))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analyze::CannotAnswer;
    use crate::diagnostic::{Span, Text};
    use crate::tables::{Estimate, Observed, Quantity, TargetTruth};
    use rand::TryRng;

    /// Counts its calls in its buffer, and does what its name says.
    #[derive(Debug)]
    struct Odd(&'static str);
    struct OddFit(&'static str, f64);

    impl Method for Odd {
        fn bind(&self, _: &Target, _: &ObservedSchema) -> Result<Box<dyn Fit>, CannotAnswer> {
            if self.0 == "refuse" {
                return Err(CannotAnswer { why: "it will not".to_owned() });
            }
            Ok(Box::new(OddFit(self.0, 0.0)))
        }
    }

    impl Fit for OddFit {
        fn fit(&mut self, observed: &Observed<'_>, stream: &mut Own) -> Result<Estimate, FitFailure> {
            self.1 += 1.0;
            let first = observed.group()[0];
            match self.0 {
                "panic" if first == 1 => panic!("group {first}"),
                "nan" => Ok(Estimate { estimate: f64::NAN, ..Estimate::default() }),
                "draw" => {
                    let word = stream.try_next_u64().expect("it cannot fail");
                    Ok(Estimate { estimate: word as f64, ..Estimate::default() })
                }
                _ => Ok(Estimate { estimate: self.1, ..Estimate::default() }),
            }
        }
    }

    fn target(name: &str) -> Target {
        Target {
            name: name.to_owned(),
            span: Span::default(),
            of: Text::default(),
            level: None,
            quantity: Quantity::Prevalence { wave: 0 },
            restrict: None,
            compare: None,
            constants: Vec::new(),
            null: None,
            truth: TargetTruth::Cohort,
            level_of_confidence: 0.95,
        }
    }

    /// Replicates of one record each; the record's group is 1 in the second replicate.
    fn batch(replicates: std::ops::Range<u64>) -> ObservedBatch {
        let schema = Arc::new(ObservedSchema { records: 1, ..ObservedSchema::default() });
        let group = replicates.clone().map(|r| u8::from(r == 1)).collect();
        ObservedBatch { schema, replicates, group, ..ObservedBatch::default() }
    }

    fn answers(kind: &'static str, replicates: std::ops::Range<u64>) -> Vec<EstimateRow> {
        let (method, target): (Arc<dyn Method>, _) = (Arc::new(Odd(kind)), target("t"));
        let pair = Pair { estimand: 3, method: 5, name: "odd", how: &method, target: &target };
        let batch = batch(replicates);
        let schema = batch.schema.clone();
        let mut fits =
            Fits::bind([pair].into_iter(), &schema, Streams::new(1, crate::streams::Space::Method), None).unwrap();
        let true_value = |estimand, position| f64::from(estimand) + position as f64;
        fits.answer(2, &batch, &[], true_value, &mut Pulse::default()).unwrap()
    }

    #[test]
    fn rows_carry_their_addresses_and_true_values() {
        let rows = answers("count", 4..7);
        let seen: Vec<_> =
            rows.iter().map(|r| (r.replicate, r.condition, r.estimand, r.method, r.true_value)).collect();
        assert_eq!(seen, [(4, 2, 3, 5, 3.0), (5, 2, 3, 5, 4.0), (6, 2, 3, 5, 5.0)]);
    }

    #[test]
    fn a_panic_is_a_row_and_the_method_starts_afresh() {
        let hook = std::panic::take_hook();
        std::panic::set_hook(Box::new(|_| {}));
        let rows = answers("panic", 0..4);
        std::panic::set_hook(hook);
        assert_eq!(rows[0].result.as_ref().unwrap().estimate, 1.0);
        assert_eq!(rows[1].result, Err(FitFailure::new(FailureKind::Panicked, "group 1")));
        assert_eq!(rows[2].result.as_ref().unwrap().estimate, 1.0);
        assert_eq!(rows[3].result.as_ref().unwrap().estimate, 2.0);
    }

    #[test]
    fn an_estimate_that_is_no_number_is_a_failure() {
        assert_eq!(answers("nan", 0..1)[0].result.as_ref().unwrap_err().kind, FailureKind::NotFinite);
    }

    #[test]
    fn a_methods_draws_depend_on_the_replicate_and_not_on_the_batch() {
        let draws = |replicates| answers("draw", replicates).into_iter().map(|r| r.result).collect::<Vec<_>>();
        let whole = draws(0..4);
        assert_eq!(whole, [draws(0..1), draws(1..4)].concat());
        assert_ne!(whole[0], whole[1]);
    }

    #[test]
    fn a_method_that_refuses_is_a_run_problem() {
        let (method, target): (Arc<dyn Method>, _) = (Arc::new(Odd("refuse")), target("t"));
        let pair = Pair { estimand: 0, method: 0, name: "odd", how: &method, target: &target };
        let schema = ObservedSchema::default();
        let problem =
            Fits::bind([pair].into_iter(), &schema, Streams::new(1, crate::streams::Space::Method), None).err();
        let problem = problem.unwrap();
        assert_eq!(problem.code, "R0010");
        assert_eq!(problem.message, "method `odd` cannot answer `t`: it will not");
    }
}
