//! Trust: a number that every person begins with and that grows and falls with what happens in the study.
//!
//! - It begins with `start`, drawn once for each person.
//! - When the interviewer of the last interview comes again, it grows by `same_interviewer`, and stays so.
//! - Then it is read: by the formulas of the interview.
//! - After the interview it grows by `per_contact`, and with the probability of `falls` it falls by `by`.
//! - At each wave that a person misses after a first interview it falls by `per_missed_wave`.
//!
//! Formulas of losses read what it is before the wave. No published study gives sizes: what a scenario writes is
//! assumed, and its parameters say so.

use crate::diagnostic::Diagnostics;
use crate::distribution::{self, Law};
use crate::formula::{OnlyParameters, Wanted, compile};
use crate::observe::scope::{Meaning, SurveyScope};
use crate::options::Options;
use crate::rules::{Rule, Shape};
use crate::streams::Purpose;

/// Draws of what persons begin with.
const START: Purpose = Purpose::named("survey.trust.start");

/// How trust begins, grows and falls.
#[derive(Clone, Debug)]
pub(in crate::observe) struct Trust {
    pub start: Start,
    /// Added after each interview.
    pub per_contact: f64,
    /// Added when the interviewer of the last interview comes again.
    pub same_interviewer: f64,
    /// Taken away at each missed wave.
    pub per_missed_wave: f64,
    /// Whether it falls after an interview, and by how much.
    pub falls: Option<(Rule, f64)>,
}

/// What persons begin with.
#[derive(Clone, Debug)]
pub(in crate::observe) enum Start {
    /// The same for everybody.
    Fixed(f64),
    /// Drawn once for each.
    Drawn(Law, Purpose),
}

/// The options of `[survey.trust]`.
pub(super) fn declare(options: &Options, scope: &SurveyScope<'_>, problems: &mut Diagnostics) -> Option<Trust> {
    let start = match options.formula("start", problems) {
        Some(text) if distribution::is_law(&text) => {
            let law = distribution::declare(&text, None, scope, problems);
            let trust = scope.slots.number(Meaning::Trust);
            if law.as_ref().is_some_and(|law| law.slots().contains(&trust)) {
                problems.error("S0430", &text.span, "`start` is what trust begins with, so it cannot read `trust`");
            }
            law.map(|law| Start::Drawn(law, START))
        }
        Some(_) => number("start", options, scope, problems).map(Start::Fixed),
        None => Some(Start::Fixed(0.0)),
    };
    let [per_contact, same, missed] = ["per_contact", "same_interviewer", "per_missed_wave"]
        .map(|key| if options.get(key).is_some() { number(key, options, scope, problems) } else { Some(0.0) });
    if let Some(value) = options.get("same_interviewer").filter(|_| !scope.has_team) {
        problems
            .error("S0430", value.span(), "`same_interviewer` needs to know who comes, and no team is declared")
            .help("add `[survey.team]` with `count` and `stays`");
    }
    let falls = options.table("falls", problems).map(|table| falls(table, scope, problems));
    options.finish(problems);
    let falls = match falls {
        Some(falls) => Some(falls?),
        None => None,
    };
    Some(Trust { start: start?, per_contact: per_contact?, same_interviewer: same?, per_missed_wave: missed?, falls })
}

/// `falls = { probability = ..., by = ... }`.
fn falls(options: &Options, scope: &SurveyScope<'_>, problems: &mut Diagnostics) -> Option<(Rule, f64)> {
    for key in ["probability", "by"] {
        if options.get(key).is_none() {
            options.missing(key, problems);
        }
    }
    let by = number("by", options, scope, problems);
    let text = options.formula("probability", problems);
    options.finish(problems);
    // It is decided when the interview is over, so everything of the interview is there.
    scope.in_interview.set(true);
    let program = text.and_then(|text| compile(&text, &Wanted::Probability, scope, problems));
    scope.in_interview.set(false);
    Some((Rule::new(Shape::Yes, vec![program?], None, Purpose::named("survey.trust.falls")), by?))
}

/// A number or formula of parameters.
fn number(key: &str, options: &Options, scope: &SurveyScope<'_>, problems: &mut Diagnostics) -> Option<f64> {
    let text = options.formula(key, problems)?;
    compile(&text, &Wanted::Number, &OnlyParameters(scope.parameters), problems)?.constant()
}
