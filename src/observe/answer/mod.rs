//! How true values become answers: an item's own way of answering, then the mechanisms of `[[survey.answer]]`, which
//! work on the answer one after another. One file each, one line each in the catalogue.

mod acquiescence;
mod conditioning;
mod forgetting;
mod heaping;
mod late_disclosure;
mod measurement_error;
mod misclassification;
mod nondisclosure;
mod recanting;
mod seam;
mod second_guessing;
mod telescoping;
mod trauma;
mod turning;

use super::kind;
use super::plan::{Answer, Item, Step};
use super::run::Telling;
use super::scope::SurveyScope;
use crate::diagnostic::{Diagnostics, near_miss};
use crate::formula::{Kind, OnlyParameters, Program, Wanted, compile};
use crate::options::{OptionValue, Options};
use crate::rules::{Rule, Shape};
use crate::streams::Purpose;
use crate::tables::{Reason, RunProblem};
use std::fmt::Debug;
use std::sync::Arc;

/// A mechanism that works on an answer which is being formed.
pub(super) trait AnswerStep: Debug + Send + Sync {
    /// The rules by which it decides.
    fn rules(&self) -> Vec<&Rule>;

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
    /// Whether it can work on such an item.
    suits: fn(&Target<'_>) -> bool,
    declare: fn(&Options, &StepScope<'_>, &mut Diagnostics) -> Option<Arc<dyn AnswerStep>>,
}

/// What an item asks about, for mechanisms that cannot work on all items.
pub(super) struct Target<'a> {
    pub kind: Kind,
    /// Whether it is a state, which changes.
    pub changes: bool,
    /// The mechanism's own options.
    pub options: &'a Options,
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
    /// Name of what the item asks about.
    pub fn name(&self) -> &str {
        &self.scope.truth.variables[self.variable].name
    }

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

const CATALOGUE: [Entry; 11] = [
    Entry {
        name: "forgetting",
        summary: forgetting::SUMMARY,
        reason: Reason::Forgotten,
        suits: is_yes_no_state,
        declare: forgetting::declare,
    },
    Entry {
        name: "telescoping",
        summary: telescoping::SUMMARY,
        reason: Reason::Telescoped,
        suits: is_yes_no_state,
        declare: telescoping::declare,
    },
    Entry {
        name: "trauma",
        summary: trauma::SUMMARY,
        reason: Reason::Undisclosed,
        suits: is_yes_no,
        declare: trauma::declare,
    },
    Entry {
        name: "nondisclosure",
        summary: nondisclosure::SUMMARY,
        reason: Reason::Undisclosed,
        suits: is_yes_no,
        declare: nondisclosure::declare,
    },
    Entry {
        name: "acquiescence",
        summary: acquiescence::SUMMARY,
        reason: Reason::Acquiescent,
        suits: acquiescence::suits,
        declare: acquiescence::declare,
    },
    Entry {
        name: "second_guessing",
        summary: second_guessing::SUMMARY,
        reason: Reason::SecondGuessed,
        suits: is_coded,
        declare: second_guessing::declare,
    },
    Entry {
        name: "recanting",
        summary: recanting::SUMMARY,
        reason: Reason::Recanted,
        suits: is_yes_no,
        declare: recanting::declare,
    },
    Entry {
        name: "late_disclosure",
        summary: late_disclosure::SUMMARY,
        // It makes an answer true, so no cell ever has a reason from it.
        reason: Reason::AsTrue,
        suits: is_yes_no,
        declare: late_disclosure::declare,
    },
    Entry {
        name: "conditioning",
        summary: conditioning::SUMMARY,
        reason: Reason::Conditioned,
        suits: is_yes_no,
        declare: conditioning::declare,
    },
    Entry { name: "seam", summary: seam::SUMMARY, reason: Reason::Repeated, suits: |_| true, declare: seam::declare },
    Entry {
        name: "heaping",
        summary: heaping::SUMMARY,
        reason: Reason::Rounded,
        suits: is_number,
        declare: heaping::declare,
    },
];

/// The mechanisms of `[[survey.answer]]`.
#[must_use]
pub fn catalogue() -> &'static [Entry] {
    &CATALOGUE
}

/// Whether a `[[survey.answer]]` table works on the time since the onset of the states that it is about.
pub(super) fn reads_onsets(options: &Options) -> bool {
    let kinds = ["forgetting", "telescoping"];
    matches!(options.get("kind"), Some(OptionValue::Text(kind)) if kinds.contains(&kind.text.as_str()))
}

fn is_coded(target: &Target<'_>) -> bool {
    target.kind != Kind::Number
}

fn is_number(target: &Target<'_>) -> bool {
    target.kind == Kind::Number
}

fn is_yes_no(target: &Target<'_>) -> bool {
    target.kind == Kind::Boolean
}

fn is_yes_no_state(target: &Target<'_>) -> bool {
    is_yes_no(target) && target.changes
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
    let what = ("S0410", "mechanism of answers");
    let Some(entry) = kind::entry(options, &CATALOGUE, |e| e.name, what, problems) else { return };
    let suffix = if number == 0 { String::new() } else { format!(".{}", number + 1) };
    let working_on = working_on(options, entry, scope, problems);
    if working_on.is_empty() {
        return;
    }
    for item in working_on {
        let variable = scope.items[item];
        let name = &scope.truth.variables[variable].name;
        let purpose = format!("answer.{}{suffix}.{name}", entry.name);
        // What is wrong with the table is wrong for every item: repetitions are left out.
        let mut own = Diagnostics::new();
        let stigma = items.get(item).map_or(0.0, |i| i.stigma);
        let step = StepScope { scope, variable, purpose };
        let work = scope.of_item(stigma, || (entry.declare)(options, &step, &mut own));
        problems.extend(own);
        if let (Some(work), Some(item)) = (work, items.get_mut(item)) {
            let name = format!("{}{suffix}", entry.name);
            item.steps.push(Step { name, reason: entry.reason, work });
        }
    }
    options.finish(problems);
}

/// Positions of the items that the table names, or of all that the mechanism suits.
fn working_on(options: &Options, entry: &Entry, scope: &SurveyScope<'_>, problems: &mut Diagnostics) -> Vec<usize> {
    let suits = |item: &usize| {
        let variable = scope.items[*item];
        let changes = scope.truth.variables[variable].changes;
        (entry.suits)(&Target { kind: scope.kind(variable).0, changes, options })
    };
    let all = 0..scope.items.len();
    let Some(names) = options.texts("items", problems) else {
        let found: Vec<usize> = all.filter(suits).collect();
        if found.is_empty() && options.get("items").is_none() {
            problems
                .error("S0411", &options.span, format!("`{}` can work on no item of this survey", entry.name))
                .help(format!("{}: {}", entry.name, entry.summary));
        }
        return found;
    };
    let name = |item: usize| scope.truth.variables[scope.items[item]].name.as_str();
    let mut found = Vec::new();
    for text in names {
        match all.clone().find(|item| name(*item) == text.text) {
            Some(item) if found.contains(&item) => {
                problems
                    .error("S0119", &text.span, format!("`{}` stands twice in `items`", text.text))
                    .help("leave one of them out");
            }
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
    /// How much stigma a true answer carries, which formulas of the item read.
    pub stigma: f64,
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
    let stigma = stigma(options, scope, problems)?;
    let answer = scope.of_item(stigma, || match kind {
        Kind::Boolean => misclassification::sensitivity_and_specificity(variable, options, scope, purpose, problems),
        Kind::Level(levels) => misclassification::matrix(variable, levels.len(), options, scope, purpose, problems),
        Kind::Number => measurement_error::declare(options, scope, purpose, problems),
    });
    let non_response = scope.of_item(stigma, || non_response(&name, options, scope, problems));
    options.finish(problems);
    Some(Declared { answer: answer?, non_response: non_response?, stigma })
}

/// `stigma`, a number or formula of parameters; 0 where the item does not name it.
fn stigma(options: &Options, scope: &SurveyScope<'_>, problems: &mut Diagnostics) -> Option<f64> {
    if options.get("stigma").is_none() {
        return Some(0.0);
    }
    let text = options.formula("stigma", problems)?;
    compile(&text, &Wanted::Number, &OnlyParameters(scope.parameters), problems)?.constant()
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
