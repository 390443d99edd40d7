//! Forgetting: memory of an event decays with the time since it. A true yes that was about to be told becomes no with
//! probability 1 - exp(-rate * years since the onset), the exponential model of recall.
//!
//! Magnitudes: 0.175 a month, and 0.286 a month in the poorest third, for injuries in a household survey in Khartoum.

use super::nondisclosure::tells_a_true_yes;
use super::turning::Turning;
use super::{AnswerStep, StepScope};
use crate::diagnostic::{Diagnostics, Text};
use crate::formula::{Wanted, compile};
use crate::options::Options;
use crate::rules::{Rule, Shape};
use crate::streams::Purpose;
use std::sync::Arc;

pub(super) const SUMMARY: &str =
    "a true yes becomes no, the likelier the longer ago the onset of a yes/no state is; `rate` per year since";

pub(super) fn declare(
    options: &Options,
    step: &StepScope<'_>,
    problems: &mut Diagnostics,
) -> Option<Arc<dyn AnswerStep>> {
    if options.get("rate").is_none() {
        options.missing("rate", problems);
    }
    let rate = options.formula("rate", problems)?;
    compile(&rate, &Wanted::Rate, step.scope, problems)?;
    let around = format!("1 - exp(-({}) * since({}))", rate.text, step.name());
    let text = Text { text: around, span: rate.span.clone() };
    // What the rate was warned of is not said twice.
    let mut own = Diagnostics::new();
    let program = compile(&text, &Wanted::Probability, step.scope, &mut own);
    if program.is_none() {
        problems.extend(own);
    }
    let rule = Rule::new(Shape::Yes, vec![program?], None, Purpose::named(&step.purpose));
    Some(Arc::new(Turning { rule, lasting: false, to: 0, at_risk: tells_a_true_yes }))
}
