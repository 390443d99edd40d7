//! Random effects of interviewers: a value for each of the team, by a law or by the share of the variance that lies
//! between interviewers (intraclass correlation, ICC).
//!
//! For a yes/no item the variance of a person's own part of the log-odds is that of the standard logistic law, pi^2/3,
//! so ICC = v / (v + pi^2/3) and v = ICC / (1 - ICC) * pi^2/3 (Snijders and Bosker 2012, Multilevel Analysis, second
//! edition, section 17.2). For a number the place of pi^2/3 is taken by the square of `residual_sd`.

use super::team;
use crate::diagnostic::{Diagnostics, Text};
use crate::distribution::{self, Law};
use crate::formula::{OnlyParameters, Parameters, Wanted, compile};
use crate::observe::declaration::{Declaration, InterviewerDeclaration};
use crate::streams::Purpose;
use std::f64::consts::PI;

/// A random effect of interviewers.
#[derive(Clone, Debug)]
pub(in crate::observe) struct InterviewerEffect {
    pub law: Law,
    pub purpose: Purpose,
    pub count: usize,
}

/// The effects of `[effects]` with `of = "interviewer"`. One person comes to an interview, so all have the same team.
pub(in crate::observe) fn effects(
    declaration: &Declaration,
    team: Option<usize>,
    parameters: &Parameters,
    problems: &mut Diagnostics,
) -> Vec<InterviewerEffect> {
    let mut effects: Vec<InterviewerEffect> = Vec::new();
    let mut known = team;
    for effect in &declaration.interviewers {
        let law = law(effect, parameters, problems);
        let Some(count) = count(effect, known, declaration.team.is_some(), parameters, problems) else { continue };
        known = known.or(Some(count));
        let purpose = Purpose::named(&format!("effect.{}", effect.name.text));
        effects.extend(law.map(|law| InterviewerEffect { law, purpose, count }));
    }
    effects
}

/// Size of the team: from `[survey.team]`, or `count`, which must be the same for all effects (S0418).
fn count(
    effect: &InterviewerDeclaration,
    known: Option<usize>,
    has_team: bool,
    parameters: &Parameters,
    problems: &mut Diagnostics,
) -> Option<usize> {
    let name = &effect.name.text;
    let Some(text) = &effect.count else {
        if !has_team {
            problems
                .error("S0418", &effect.name.span, format!("nothing says how many interviewers `{name}` is of"))
                .help("add `count = 4`, or `[survey.team]` with `count = 4`");
        }
        return known;
    };
    let count = team::size(text, parameters, problems)?;
    if let Some(other) = known.filter(|other| *other != count) {
        problems
            .error("S0418", &text.span, format!("the team has {other} interviewers, and `{name}` has {count}"))
            .help("one person comes to an interview, so all effects are of the same team: write the same `count`");
    }
    Some(count)
}

/// The law, as declared or by `icc` (S0417).
fn law(effect: &InterviewerDeclaration, parameters: &Parameters, problems: &mut Diagnostics) -> Option<Law> {
    let only = OnlyParameters(parameters);
    let name = &effect.name.text;
    match (&effect.law, &effect.icc) {
        (Some(law), None) => {
            if let Some(text) = &effect.residual_sd {
                problems
                    .error("S0417", &text.span, format!("`residual_sd` belongs to an `icc`, and `{name}` has a law"))
                    .help("leave it out: the law says how much interviewers differ");
            }
            distribution::declare(law, None, &only, problems)
        }
        (None, Some(icc)) => {
            let share = compile(icc, &Wanted::Probability, &only, problems)?.constant()?;
            if share >= 1.0 {
                problems
                    .error("S0417", &icc.span, "no variance is so great that `icc` is 1")
                    .help("a number from 0 to below 1, such as 0.17");
                return None;
            }
            let residual = match &effect.residual_sd {
                Some(text) => {
                    let sd = compile(text, &Wanted::Positive, &only, problems)?.constant()?;
                    sd * sd
                }
                None => PI * PI / 3.0,
            };
            let sd = libm::sqrt(share / (1.0 - share) * residual);
            let text =
                if sd == 0.0 { "constant(value = 0)".to_owned() } else { format!("normal(mean = 0, sd = {sd})") };
            let text = Text { text, span: icc.span.clone() };
            distribution::declare(&text, None, &only, problems)
        }
        (given, _) => {
            let place = effect.icc.as_ref().filter(|_| given.is_some()).map_or(&effect.name.span, |icc| &icc.span);
            problems
                .error("S0417", place, format!("`{name}` needs one of `law` and `icc`"))
                .help("`law = \"normal(mean = 0, sd = 0.3)\"`, or `icc = 0.17`, the share between interviewers");
            None
        }
    }
}
