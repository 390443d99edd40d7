//! Item non-response: single questions of an interview are left unanswered, each by a draw of its own.

use super::Declared;
use super::chance::probability;
use crate::diagnostic::{Diagnostics, near_miss};
use crate::observe::scope::SurveyScope;
use crate::options::Options;
use crate::rules::{Rule, Shape};
use crate::streams::Purpose;

pub(super) const SUMMARY: &str = "answers to `items` are missing; `probability` per interview";

pub(super) fn declare(
    options: &Options,
    scope: &SurveyScope<'_>,
    purpose: &str,
    problems: &mut Diagnostics,
) -> Option<Declared> {
    let chance = probability(options, scope, problems);
    let name = |item: usize| scope.truth.variables[scope.items[item]].name.as_str();
    let mut items: Vec<usize> = (0..scope.items.len()).collect();
    if let Some(names) = options.texts("items", problems) {
        items.clear();
        for text in names {
            match (0..scope.items.len()).find(|i| name(*i) == text.text) {
                Some(item) => items.push(item),
                None => {
                    let near = near_miss(&text.text, (0..scope.items.len()).map(name));
                    let help = near.map_or("name an item of the survey".to_owned(), |n| format!("did you mean `{n}`?"));
                    problems
                        .error("S0403", &text.span, format!("the survey does not ask about `{}`", text.text))
                        .help(help);
                }
            }
        }
    }
    let program = chance?;
    let rule = |item: usize| {
        let purpose = Purpose::named(&format!("{purpose}.{}", name(item)));
        (item, Rule::new(Shape::Yes, vec![program.clone()], None, purpose))
    };
    Some(Declared::Items(items.into_iter().map(rule).collect()))
}
