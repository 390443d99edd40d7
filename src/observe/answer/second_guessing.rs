//! Second guessing: the answer is changed within or between interviews without a change in truth. Whatever was about to
//! be said gives way, with a probability, to one of the other levels, each as likely as the next.

use super::{AnswerStep, StepScope};
use crate::diagnostic::Diagnostics;
use crate::formula::Kind;
use crate::observe::run::Telling;
use crate::options::Options;
use crate::rules::{Rule, Shape};
use crate::streams::Purpose;
use crate::tables::RunProblem;
use std::sync::Arc;

pub(super) const SUMMARY: &str = "the answer gives way to another one, the truth unchanged; `probability` per answer";

#[derive(Debug)]
struct SecondGuessing {
    rule: Rule,
    /// Which of the other levels is said, where there are more than two.
    other: Rule,
    levels: u8,
}

pub(super) fn declare(
    options: &Options,
    step: &StepScope<'_>,
    problems: &mut Diagnostics,
) -> Option<Arc<dyn AnswerStep>> {
    let levels = match step.scope.kind(step.variable).0 {
        Kind::Level(levels) => levels.len() as u8,
        _ => 2,
    };
    let rule = step.probability("probability", options, problems)?;
    let others = usize::from(levels.max(2)) - 1;
    let purpose = Purpose::named(&format!("{}.other", step.purpose));
    let other = Rule::new(Shape::Even { levels: others }, Vec::new(), None, purpose);
    Some(Arc::new(SecondGuessing { rule, other, levels }))
}

impl AnswerStep for SecondGuessing {
    fn rules(&self) -> Vec<&Rule> {
        vec![&self.rule]
    }

    fn work(&self, answers: &mut Telling<'_, '_>) -> Result<(), RunProblem> {
        let away = answers.silent().to_vec();
        let changes = answers.decide(&self.rule, 0, &away, false)?;
        let other = match self.levels {
            0..=2 => vec![0; away.len()],
            _ => answers.decide(&self.other, 1, &away, false)?,
        };
        let (mut at_risk, mut happened) = (0, 0);
        for row in 0..away.len() {
            at_risk += u64::from(away[row] == 0);
            if away[row] == 0 && changes[row] == 1 {
                happened += 1;
                let code = answers.code(row);
                answers.say(row, if other[row] < code { other[row] } else { other[row] + 1 });
            }
        }
        answers.count(at_risk, happened);
        Ok(())
    }
}
