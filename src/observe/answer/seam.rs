//! The seam effect: within a wave the answer of the interview before is repeated, so that changes show between waves,
//! at the seams, and not when they took place.

use super::{AnswerStep, StepScope};
use crate::diagnostic::Diagnostics;
use crate::observe::run::{Telling, Told};
use crate::options::Options;
use crate::rules::Rule;
use crate::tables::RunProblem;
use std::sync::Arc;

pub(super) const SUMMARY: &str =
    "the answer of the interview before in the same wave is repeated; `probability`; needs `visits`";

#[derive(Debug)]
struct Seam {
    rule: Rule,
}

pub(super) fn declare(
    options: &Options,
    step: &StepScope<'_>,
    problems: &mut Diagnostics,
) -> Option<Arc<dyn AnswerStep>> {
    if !step.scope.has_visits {
        problems
            .error("S0431", &options.span, "a seam needs several interviews in a wave")
            .help("add `visits = \"poisson(mean = 2.8)\"` or the like to `[time]`");
    }
    let rule = step.probability("probability", options, problems)?;
    Some(Arc::new(Seam { rule }))
}

impl AnswerStep for Seam {
    fn rules(&self) -> Vec<&Rule> {
        vec![&self.rule]
    }

    fn work(&self, answers: &mut Telling<'_, '_>) -> Result<(), RunProblem> {
        let asked_before = |row| answers.silent()[row] == 0 && answers.last_wave(row) == Some(answers.wave());
        let away: Vec<u8> = (0..answers.rows()).map(|row| u8::from(!asked_before(row))).collect();
        let repeats = answers.decide(&self.rule, 0, &away, false)?;
        let (mut at_risk, mut happened) = (0, 0);
        for row in (0..away.len()).filter(|row| away[*row] == 0) {
            at_risk += 1;
            if repeats[row] == 0 {
                continue;
            }
            happened += 1;
            match (answers.told(), answers.last_code(row)) {
                (Told::Codes(codes), Some(last)) if codes[row] != last => answers.say(row, last),
                (Told::Numbers(values), _) if values[row] != answers.last_number(row) => {
                    answers.say_number(row, answers.last_number(row));
                }
                _ => {}
            }
        }
        answers.count(at_risk, happened);
        Ok(())
    }
}
