//! Heaping and rounding: a number is told as the nearest multiple of `to`. A value half way between two multiples goes
//! to the one farther from zero, as people round. With a probability of 1, the default, everything is rounded; with
//! less the multiples stand out as heaps. With `lasting = true` a person either always rounds or never.

use super::{AnswerStep, StepScope};
use crate::diagnostic::Diagnostics;
use crate::formula::{OnlyParameters, Wanted, compile};
use crate::observe::run::Telling;
use crate::options::Options;
use crate::rules::{Rule, Shape};
use crate::streams::Purpose;
use crate::tables::RunProblem;
use std::sync::Arc;

pub(super) const SUMMARY: &str = "a number is told as the nearest multiple of `to`; `probability`, 1 where it is left out; `lasting = true`: \
     decided once for a person";

#[derive(Debug)]
struct Heaping {
    /// Whether the number is rounded; absent: always.
    rule: Option<Rule>,
    to: f64,
    lasting: bool,
}

pub(super) fn declare(
    options: &Options,
    step: &StepScope<'_>,
    problems: &mut Diagnostics,
) -> Option<Arc<dyn AnswerStep>> {
    if options.get("to").is_none() {
        options.missing("to", problems);
    }
    let to = options.formula("to", problems).and_then(|text| {
        compile(&text, &Wanted::Positive, &OnlyParameters(step.scope.parameters), problems)?.constant()
    });
    let rule = match options.formula("probability", problems) {
        Some(text) => {
            let program = compile(&text, &Wanted::Probability, step.scope, problems)?;
            Some(Rule::new(Shape::Yes, vec![program], None, Purpose::named(&step.purpose)))
        }
        None => None,
    };
    let lasting = options.switch("lasting", problems).unwrap_or(false);
    Some(Arc::new(Heaping { rule, to: to?, lasting }))
}

/// The nearest multiple of `to`, half way: the one farther from zero.
fn nearest(value: f64, to: f64) -> f64 {
    // Adding 0 makes a zero that came from below an ordinary one.
    (value / to).round() * to + 0.0
}

impl AnswerStep for Heaping {
    fn rules(&self) -> Vec<&Rule> {
        self.rule.iter().collect()
    }

    fn work(&self, answers: &mut Telling<'_, '_>) -> Result<(), RunProblem> {
        let silent = answers.silent().to_vec();
        let rounds = match &self.rule {
            Some(rule) => answers.decide(rule, 0, &silent, self.lasting)?,
            None => vec![1; silent.len()],
        };
        let (mut at_risk, mut happened) = (0, 0);
        for row in (0..silent.len()).filter(|row| silent[*row] == 0) {
            at_risk += 1;
            happened += u64::from(rounds[row] == 1);
            let value = answers.number(row);
            let multiple = nearest(value, self.to);
            if rounds[row] == 1 && multiple != value {
                answers.say_number(row, multiple);
            }
        }
        answers.count(at_risk, happened);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::nearest;

    #[test]
    fn half_way_goes_away_from_zero() {
        let cases =
            [(2.4, 5.0, 0.0), (2.5, 5.0, 5.0), (-2.5, 5.0, -5.0), (-2.4, 5.0, 0.0), (7.3, 0.5, 7.5), (3.0, 2.0, 4.0)];
        for (value, to, want) in cases {
            assert_eq!(nearest(value, to).to_bits(), f64::to_bits(want), "{value} to {to}");
        }
    }
}
