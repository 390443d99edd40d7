//! What surrounds an interview: who comes, who else is in the room, the mood of the day, and the trust that a person
//! has gained so far. What has options of its own has a file. Formulas of items, of item non-response and of answers
//! read them by name.

mod effect;
mod team;
mod trust;

pub(super) use effect::{InterviewerEffect, effects};
pub(super) use team::{Team, one_of};
pub(super) use trust::{Start, Trust};

use super::declaration::Declaration;
use super::scope::SurveyScope;
use crate::diagnostic::{Diagnostics, Span};
use crate::distribution::{self, Law};
use crate::formula::{Wanted, compile};
use crate::options::{OptionValue, Options};
use crate::rules::{Rule, Shape};
use crate::streams::Purpose;

/// What a survey declares of the circumstances of its interviews.
#[derive(Clone, Debug, Default)]
pub(super) struct Circumstances {
    /// The interviewers, where somebody keeps account of them.
    pub team: Option<Team>,
    /// Trust, person by person.
    pub trust: Option<Trust>,
    /// Whether others are present.
    pub others_present: Option<Rule>,
    /// The mood of the day.
    pub mood: Option<Law>,
}

impl Circumstances {
    /// Whether there is anything to keep of a single interview besides its answers.
    pub fn any(&self) -> bool {
        self.team.is_some() || self.trust.is_some() || self.others_present.is_some() || self.mood.is_some()
    }
}

/// Reads `[survey.team]`, `[survey.trust]`, `others_present` and `mood`. All come before the interview's questions.
pub(super) fn declare(declaration: &Declaration, scope: &SurveyScope<'_>, problems: &mut Diagnostics) -> Circumstances {
    names_are_free(declaration, scope, problems);
    scope.before_interview(|| {
        let team = declaration.team.as_ref().and_then(|t| team::declare(t, scope, problems));
        let others_present = declaration.others_present.as_ref().and_then(|text| {
            let program = compile(text, &Wanted::Probability, scope, problems)?;
            Some(Rule::new(Shape::Yes, vec![program], None, Purpose::named("survey.others_present")))
        });
        let mood = declaration.mood.as_ref().and_then(|text| distribution::declare(text, None, scope, problems));
        let trust = declaration.trust.as_ref().and_then(|t| trust::declare(t, scope, problems));
        Circumstances { team, trust, others_present, mood }
    })
}

/// What is declared here gives formulas a name, which nothing else may have (S0107).
fn names_are_free(declaration: &Declaration, scope: &SurveyScope<'_>, problems: &mut Diagnostics) {
    let stigma = declaration.items.iter().find(|i| i.options.get("stigma").is_some());
    let has = |o: &&Options, keys: [&str; 2]| keys.iter().any(|key| o.get(key).is_some());
    let about = declaration.comments.iter().filter(|o| has(o, ["positive", "toward"]));
    let relation = about.filter_map(|o| o.get("relation")).next();
    let own: [(&str, &str, Option<&Span>); 5] = [
        ("trust", "[survey.trust]", declaration.trust.as_ref().map(|t| &t.span)),
        ("same_interviewer", "[survey.team]", declaration.team.as_ref().map(|t| &t.span)),
        ("others_present", "`others_present` of `[survey]`", declaration.others_present.as_ref().map(|t| &t.span)),
        ("stigma", "`stigma` of an item", stigma.map(|i| &i.name.span)),
        ("relation", "`relation` of a comment", relation.map(OptionValue::span)),
    ];
    for (name, what, span) in own {
        let Some(span) = span else { continue };
        let taken = scope.parameters.list().iter().any(|p| p.name.text == name)
            || scope.truth.variable(name).is_some()
            || scope.truth.site_effects.iter().any(|e| e == name)
            || scope.interviewer_effects.iter().any(|e| e == name);
        if taken {
            problems
                .error("S0107", span, format!("{what} gives formulas the name `{name}`, which something else has"))
                .help(format!("call the other one `{name}_` or the like"));
        }
    }
}
