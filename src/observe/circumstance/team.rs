//! The interviewers: a small team, of which one comes to each interview. Whoever came last time comes again with a
//! probability; otherwise it is one of the whole team, each as likely as the next.

use crate::diagnostic::{Diagnostics, Text};
use crate::formula::{OnlyParameters, Parameters, Wanted, compile};
use crate::observe::scope::SurveyScope;
use crate::options::Options;
use crate::rules::{Rule, Shape};
use crate::streams::Purpose;

/// Most interviewers of a team.
const MOST: f64 = 10_000.0;

/// The interviewers of a survey.
#[derive(Clone, Debug)]
pub(in crate::observe) struct Team {
    /// How many there are.
    pub count: usize,
    /// Whether the interviewer of a person's last interview comes again; without it, by chance only.
    pub stays: Option<Rule>,
}

/// `count` and `stays` of `[survey.team]`.
pub(super) fn declare(options: &Options, scope: &SurveyScope<'_>, problems: &mut Diagnostics) -> Option<Team> {
    if options.get("count").is_none() {
        options.missing("count", problems);
    }
    let count = options.formula("count", problems).and_then(|text| size(&text, scope.parameters, problems));
    let stays = options.formula("stays", problems).and_then(|text| {
        let program = compile(&text, &Wanted::Probability, scope, problems)?;
        Some(Rule::new(Shape::Yes, vec![program], None, Purpose::named("survey.team.stays")))
    });
    options.finish(problems);
    Some(Team { count: count?, stays })
}

/// The number of interviewers, a formula of parameters (S0408).
pub(super) fn size(text: &Text, parameters: &Parameters, problems: &mut Diagnostics) -> Option<usize> {
    let count = compile(text, &Wanted::Number, &OnlyParameters(parameters), problems)?.constant()?;
    if count.fract() != 0.0 || !(1.0..=MOST).contains(&count) {
        problems
            .error("S0408", &text.span, format!("the number of interviewers cannot be {count}"))
            .help(format!("a whole number from 1 to {MOST}"));
        return None;
    }
    Some(count as usize)
}

/// One of `count`, each as likely as the next, by 64 random bits.
pub(in crate::observe) fn one_of(count: usize, word: u64) -> u16 {
    ((u128::from(word) * count as u128) >> 64) as u16
}
