//! How true values become answers: an item's own way of answering, then the mechanisms of `[[survey.answer]]`, which
//! work on the answer one after another. One file each, one line each in the catalogue.

mod measurement_error;
mod misclassification;
mod second_guessing;

use super::plan::{Answer, Item, Step};
use super::run::Telling;
use super::scope::SurveyScope;
use crate::diagnostic::{Diagnostics, near_miss};
use crate::distribution::Law;
use crate::formula::{Kind, Program, Wanted, compile};
use crate::options::Options;
use crate::rules::{Rule, Shape};
use crate::streams::Purpose;
use crate::tables::{Reason, RunProblem};
use std::fmt::Debug;
use std::sync::Arc;

/// A mechanism that works on an answer which is being formed.
pub(super) trait AnswerStep: Debug + Send + Sync {
    /// The rules by which it decides.
    fn rules(&self) -> Vec<&Rule>;

    /// The laws from which it draws.
    fn laws(&self) -> Vec<&Law> {
        Vec::new()
    }

    /// The answers of a chunk of persons at one interview.
    ///
    /// # Errors
    /// A formula gave a value that cannot be used.
    fn work(&self, answers: &mut Telling<'_, '_>) -> Result<(), RunProblem>;
}

/// One line of the catalogue of answers.
pub struct Entry {
    /// Name in a scenario's `kind = "..."`.
    pub name: &'static str,
    /// What it does, in a line.
    pub summary: &'static str,
    /// What the audit says of answers that it made differ from the truth.
    pub reason: Reason,
    /// Whether it can work on an item of this kind.
    suits: fn(&Kind) -> bool,
    declare: fn(&Options, &StepScope<'_>, &mut Diagnostics) -> Option<Arc<dyn AnswerStep>>,
}

/// What a mechanism is declared for.
pub(super) struct StepScope<'a> {
    pub scope: &'a SurveyScope<'a>,
    /// Variable of the truth that the item asks about.
    pub variable: usize,
    /// Name of its draws: kind, number where there are several of the kind, and item.
    pub purpose: String,
}

impl StepScope<'_> {
    /// The rule of a probability under `key`, which must be there.
    pub fn probability(&self, key: &str, options: &Options, problems: &mut Diagnostics) -> Option<Rule> {
        if options.get(key).is_none() {
            options.missing(key, problems);
        }
        let text = options.formula(key, problems)?;
        let program = compile(&text, &Wanted::Probability, self.scope, problems)?;
        Some(Rule::new(Shape::Yes, vec![program], None, Purpose::named(&self.purpose)))
    }
}

const CATALOGUE: [Entry; 1] = [Entry {
    name: "second_guessing",
    summary: second_guessing::SUMMARY,
    reason: Reason::SecondGuessed,
    suits: is_coded,
    declare: second_guessing::declare,
}];

/// The mechanisms of `[[survey.answer]]`.
#[must_use]
pub fn catalogue() -> &'static [Entry] {
    &CATALOGUE
}

fn is_coded(kind: &Kind) -> bool {
    !matches!(kind, Kind::Number)
}

/// Reads a `[[survey.answer]]` table and adds its step to the items that it names, or to all that it suits. `number`
/// tells several of one kind apart.
pub(super) fn declare_steps(
    options: &Options,
    number: usize,
    scope: &SurveyScope<'_>,
    items: &mut [Item],
    problems: &mut Diagnostics,
) {
    let Some(kind) = options.text("kind", problems) else {
        if options.get("kind").is_none() {
            options.missing("kind", problems);
        }
        return;
    };
    let Some(entry) = CATALOGUE.iter().find(|e| e.name == kind.text) else {
        let near = near_miss(&kind.text, CATALOGUE.iter().map(|e| e.name));
        let names: Vec<&str> = CATALOGUE.iter().map(|e| e.name).collect();
        let help = near.map_or(format!("one of: {}", names.join(", ")), |n| format!("did you mean `{n}`?"));
        problems.error("S0410", &kind.span, format!("no mechanism of answers is called `{}`", kind.text)).help(help);
        return;
    };
    let suffix = if number == 0 { String::new() } else { format!(".{}", number + 1) };
    for item in working_on(options, entry, scope, problems) {
        let variable = scope.items[item];
        let name = &scope.truth.variables[variable].name;
        let purpose = format!("answer.{}{suffix}.{name}", entry.name);
        // What is wrong with the table is wrong for every item: repetitions are left out.
        let mut own = Diagnostics::new();
        let work = (entry.declare)(options, &StepScope { scope, variable, purpose }, &mut own);
        problems.extend(own);
        if let (Some(work), Some(item)) = (work, items.get_mut(item)) {
            item.steps.push(Step { kind: entry.name, reason: entry.reason, work });
        }
    }
    options.finish(problems);
}

/// Positions of the items that the table names, or of all that the mechanism suits.
fn working_on(options: &Options, entry: &Entry, scope: &SurveyScope<'_>, problems: &mut Diagnostics) -> Vec<usize> {
    let suits = |item: &usize| (entry.suits)(&scope.kind(scope.items[*item]).0);
    let all = 0..scope.items.len();
    let Some(names) = options.texts("items", problems) else {
        return all.filter(suits).collect();
    };
    let name = |item: usize| scope.truth.variables[scope.items[item]].name.as_str();
    let mut found = Vec::new();
    for text in names {
        match all.clone().find(|item| name(*item) == text.text) {
            Some(item) if suits(&item) => found.push(item),
            Some(_) => {
                let message = format!("`{}` cannot work on `{}`", entry.name, text.text);
                problems.error("S0411", &text.span, message).help(format!("{}: {}", entry.name, entry.summary));
            }
            None => {
                let near = near_miss(&text.text, all.clone().map(name));
                let help = near.map_or("name an item of the survey".to_owned(), |n| format!("did you mean `{n}`?"));
                problems
                    .error("S0403", &text.span, format!("the survey does not ask about `{}`", text.text))
                    .help(help);
            }
        }
    }
    found
}

/// What `[survey.items]` says about one item, checked.
pub(super) struct Declared {
    pub answer: Answer,
    pub non_response: Option<Rule>,
}

/// Reads the options of an item.
pub(super) fn declare(
    variable: usize,
    options: &Options,
    scope: &SurveyScope<'_>,
    problems: &mut Diagnostics,
) -> Option<Declared> {
    let name = scope.truth.variables[variable].name.clone();
    let (kind, _) = scope.kind(variable);
    let purpose = Purpose::named(&format!("answer.{name}"));
    let answer = match kind {
        Kind::Boolean => misclassification::sensitivity_and_specificity(variable, options, scope, purpose, problems),
        Kind::Level(levels) => misclassification::matrix(variable, levels.len(), options, scope, purpose, problems),
        Kind::Number => measurement_error::declare(options, scope, purpose, problems),
    };
    let non_response = non_response(&name, options, scope, problems);
    options.finish(problems);
    Some(Declared { answer: answer?, non_response: non_response? })
}

/// `nonresponse`: `Some(None)` where the item does not name it.
#[expect(clippy::option_option, reason = "outer: whether it could be read; inner: whether it is there")]
fn non_response(
    name: &str,
    options: &Options,
    scope: &SurveyScope<'_>,
    problems: &mut Diagnostics,
) -> Option<Option<Rule>> {
    let Some(text) = options.formula("nonresponse", problems) else { return Some(None) };
    let program: Program = compile(&text, &Wanted::Probability, scope, problems)?;
    let purpose = Purpose::named(&format!("nonresponse.{name}"));
    Some(Some(Rule::new(Shape::Yes, vec![program], None, purpose)))
}
