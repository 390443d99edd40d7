//! Trauma: of those whom `who` names, each leaves a true yes out with a probability: sensitivity is lower for them and
//! for nobody else. The realised rate in the audit is that among them.

use super::nondisclosure::tells_a_true_yes;
use super::{AnswerStep, StepScope};
use crate::diagnostic::Diagnostics;
use crate::formula::{Wanted, compile};
use crate::observe::run::Telling;
use crate::options::Options;
use crate::rules::{Rule, Shape};
use crate::streams::Purpose;
use crate::tables::RunProblem;
use std::sync::Arc;

pub(super) const SUMMARY: &str = "a true yes is left out by those who are traumatised: `who` (a yes/no formula), `probability` among them; \
     `lasting = true`: decided once for a person";

#[derive(Debug)]
struct Trauma {
    rule: Rule,
    /// Certain for those who are traumatised, impossible for the others.
    who: Rule,
    lasting: bool,
}

pub(super) fn declare(
    options: &Options,
    step: &StepScope<'_>,
    problems: &mut Diagnostics,
) -> Option<Arc<dyn AnswerStep>> {
    if options.get("who").is_none() {
        options.missing("who", problems);
    }
    let who = options.formula("who", problems).and_then(|text| {
        compile(&text, &Wanted::Boolean, step.scope, problems)
            .map(|program| Rule::new(Shape::Yes, vec![program], None, Purpose::named(&format!("{}.who", step.purpose))))
    });
    let rule = step.probability("probability", options, problems);
    let lasting = options.switch("lasting", problems).unwrap_or(false);
    Some(Arc::new(Trauma { rule: rule?, who: who?, lasting }))
}

impl AnswerStep for Trauma {
    fn rules(&self) -> Vec<&Rule> {
        vec![&self.rule, &self.who]
    }

    fn work(&self, answers: &mut Telling<'_, '_>) -> Result<(), RunProblem> {
        let silent = answers.silent().to_vec();
        let who = answers.decide(&self.who, 1, &silent, false)?;
        answers.turn(&self.rule, self.lasting, 0, |a, row| who[row] == 1 && tells_a_true_yes(a, row))
    }
}
