//! From a declaration to a [`Plan`].

use super::answer;
use super::circumstance;
use super::coding::{self, Comments};
use super::declaration::Declaration;
use super::instrument::{self, Instrument};
use super::link;
use super::loss::{self, Declared};
use super::plan::{Answer, Item, Loss, Plan};
use super::reading::Work;
use super::reports::reports;
use super::scope::SurveyScope;
use super::sets::{self, Set};
use crate::diagnostic::{Diagnostics, near_miss};
use crate::distribution;
use crate::formula::{Kind, Parameters, Slots};
use crate::options::{OptionValue, Options};
use crate::rules::GroupRows;
use crate::tables::observed::{ObservedSchema, ObservedVariable};
use crate::tables::{Coding, Reason, TruthSchema};
use std::cell::{Cell, RefCell};
use std::sync::Arc;

/// Whether the survey needs the truth between waves.
#[must_use]
pub fn needs_every_step(declaration: &Declaration) -> bool {
    declaration.visits.is_some()
}

/// Names of the states whose last onset the survey asks for: a formula with `since(...)`, or a mechanism of answers
/// that works on the time since the onset. `states` are the names of all states.
#[must_use]
pub fn since_names<'a>(declaration: &Declaration, states: impl IntoIterator<Item = &'a str>) -> Vec<String> {
    let mut names = Vec::new();
    for options in declaration.answers.iter().filter(|o| answer::reads_onsets(o)) {
        match options.get("items") {
            Some(OptionValue::List(items, _)) => names.extend(items.iter().filter_map(|i| match i {
                OptionValue::Text(name) => Some(name.text.clone()),
                _ => None,
            })),
            _ => {
                names.extend(states.into_iter().map(str::to_owned));
                break;
            }
        }
    }
    let own = declaration.visits.iter().chain(&declaration.mood).chain(&declaration.others_present);
    let own = own.map(|t| t.text.as_str());
    let lists =
        [&declaration.losses, &declaration.answers, &declaration.comments, &declaration.coders, &declaration.sets];
    let single = [&declaration.trust, &declaration.team, &declaration.linkage].into_iter().flatten();
    let tables = lists.into_iter().flatten().chain(single).chain(declaration.items.iter().map(|i| &i.options));
    let texts = tables.flat_map(texts_of);
    for text in own.chain(texts) {
        for (at, _) in text.match_indices("since") {
            let inside = text[at + "since".len()..].trim_start().strip_prefix('(');
            if let Some((name, _)) = inside.and_then(|rest| rest.split_once(')')) {
                names.push(name.trim().to_owned());
            }
        }
    }
    names
}

/// All texts in a table, lists included.
fn texts_of(options: &Options) -> Vec<&str> {
    fn collect<'a>(value: &'a OptionValue, into: &mut Vec<&'a str>) {
        match value {
            OptionValue::Text(t) | OptionValue::Number(t) => into.push(&t.text),
            OptionValue::List(items, _) => items.iter().for_each(|i| collect(i, into)),
            OptionValue::Table(table) => table.entries.iter().for_each(|e| collect(&e.value, into)),
            OptionValue::Switch(..) => {}
        }
    }
    let mut texts = Vec::new();
    options.entries.iter().for_each(|e| collect(&e.value, &mut texts));
    texts
}

/// Checks a survey against the columns of the truth. `groups` are the persons of one replicate by group.
pub fn plan(
    declaration: &Declaration,
    truth: &Arc<TruthSchema>,
    groups: &[GroupRows],
    parameters: &Parameters,
    all_problems: &mut Diagnostics,
) -> Option<Plan> {
    let mut own = Diagnostics::new();
    let plan = checked_plan(declaration, truth, groups, parameters, &mut own);
    let fine = !own.has_errors();
    all_problems.extend(own);
    plan.filter(|_| fine)
}

fn checked_plan(
    declaration: &Declaration,
    truth: &Arc<TruthSchema>,
    groups: &[GroupRows],
    parameters: &Parameters,
    problems: &mut Diagnostics,
) -> Option<Plan> {
    let asked = asked(declaration, truth, problems);
    let scope = SurveyScope {
        parameters,
        truth,
        items: asked.iter().map(|(variable, _)| *variable).collect(),
        interviewer_effects: declaration.interviewers.iter().map(|i| i.name.text.clone()).collect(),
        has_mood: declaration.mood.is_some(),
        has_team: declaration.team.is_some(),
        has_trust: declaration.trust.is_some(),
        has_others_present: declaration.others_present.is_some(),
        has_stigma: declaration.items.iter().any(|i| i.options.get("stigma").is_some()),
        stigma: Cell::new(None),
        comment: RefCell::new(None),
        has_visits: declaration.visits.is_some(),
        in_interview: Cell::new(true),
        is_over: Cell::new(false),
        slots: Slots::default(),
    };
    let mut items = items(&asked, &scope, problems);
    let losses = losses(declaration, &scope, &mut items, problems);
    steps(declaration, &scope, &mut items, problems);
    instrument::settle_codes(&mut items, &scope, problems);
    let comments = coding::declare(declaration, &scope, problems);
    let sets = sets::declare(&declaration.sets, &scope, problems);
    let visits = declaration.visits.as_ref();
    let visits = visits.map(|t| scope.before_interview(|| distribution::declare(t, None, &scope, problems)));
    let circumstances = circumstance::declare(declaration, &scope, problems);
    let team = circumstances.team.as_ref().map(|t| t.count);
    let interviewers = circumstance::effects(declaration, team, parameters, problems);
    let linkage = declaration.linkage.as_ref().and_then(|options| link::declare(options, groups, &scope, problems));
    if problems.has_errors() {
        return None;
    }
    let explicit = !declaration.items.is_empty();
    let is_item = |v: usize| explicit && asked.iter().any(|(variable, _)| *variable == v);
    let baseline: Vec<usize> = (0..truth.variables.len())
        .filter(|v| !truth.variables[*v].changes && !truth.variables[*v].latent && !is_item(*v))
        .collect();
    let code_elements = linkage.as_ref().map_or_else(Vec::new, |l| l.elements());
    let mut plan = Plan {
        schema: Arc::new(ObservedSchema {
            code_elements,
            interviewers: circumstances.team.as_ref().map_or(0, |t| t.count),
            ..schema(truth, &baseline, &items, comments.as_ref(), &sets)
        }),
        truth: truth.clone(),
        groups: groups.to_vec(),
        mechanisms: Vec::new(),
        meanings: Vec::new(),
        reasons: reasons(&losses, &items, truth.waves.len()),
        erases: losses.iter().any(|l| l.work.erases()),
        baseline,
        items,
        losses,
        visits: visits.flatten(),
        circumstances,
        interviewers,
        linkage,
        comments,
        sets,
        printed: Work::default(),
    };
    plan.mechanisms = reports(&plan, &scope);
    number_mechanisms(&mut plan);
    plan.meanings = scope.slots.into_meanings();
    Some(plan)
}

/// Variables that are asked about, with the options of each where it has some.
fn asked<'a>(
    declaration: &'a Declaration,
    truth: &TruthSchema,
    problems: &mut Diagnostics,
) -> Vec<(usize, Option<&'a Options>)> {
    if declaration.items.is_empty() {
        return (0..truth.variables.len()).filter(|v| !truth.variables[*v].latent).map(|v| (v, None)).collect();
    }
    let mut asked = Vec::new();
    for item in &declaration.items {
        match truth.variable(&item.name.text) {
            Some(v) => asked.push((v, Some(&item.options))),
            None => {
                let near = near_miss(&item.name.text, truth.variables.iter().map(|v| v.name.as_str()));
                let help = near.map_or("an item asks about an attribute or a state of the truth".to_owned(), |n| {
                    format!("did you mean `{n}`?")
                });
                problems
                    .error("S0403", &item.name.span, format!("the truth has nothing called `{}`", item.name.text))
                    .help(help);
            }
        }
    }
    asked
}

fn items(asked: &[(usize, Option<&Options>)], scope: &SurveyScope<'_>, problems: &mut Diagnostics) -> Vec<Item> {
    let mut items = Vec::new();
    for (variable, options) in asked {
        let instrument = match options {
            Some(options) => instrument::declare(*variable, options, scope, problems),
            None => Some(Instrument::always(scope)),
        };
        let declared = match options {
            Some(options) => answer::declare(*variable, options, scope, problems),
            None => Some(answer::Declared { answer: Answer::AsTrue, non_response: None, stigma: 0.0 }),
        };
        let (Some(declared), Some(instrument)) = (declared, instrument) else { continue };
        let coding = scope.truth.variables[*variable].coding.as_deref().map(Coding::with_missing);
        let is_number = matches!(declared.answer, Answer::Error(..));
        items.push(Item {
            variable: *variable,
            coding: if is_number { None } else { coding.map(Arc::new) },
            instrument,
            answer: declared.answer,
            stigma: declared.stigma,
            non_response: declared.non_response.into_iter().collect(),
            steps: Vec::new(),
            first_mechanism: 0,
        });
    }
    items
}

/// Losses of waves; losses of answers go to their items.
fn losses(
    declaration: &Declaration,
    scope: &SurveyScope<'_>,
    items: &mut [Item],
    problems: &mut Diagnostics,
) -> Vec<Loss> {
    loss::check_order(&declaration.losses, problems);
    let mut losses: Vec<Loss> = Vec::new();
    let mut first_mechanism = 0;
    let mut seen: Vec<String> = Vec::new();
    for options in &declaration.losses {
        let kind = match options.get("kind") {
            Some(OptionValue::Text(t)) => t.text.clone(),
            _ => String::new(),
        };
        let number = seen.iter().filter(|k| **k == kind).count();
        seen.push(kind);
        match loss::declare(options, number, scope, problems) {
            Some((name, Declared::Waves(work))) => {
                losses.push(Loss { name, work, first_mechanism });
                first_mechanism += losses.last().map_or(0, |l| l.work.parts().len());
            }
            Some((_, Declared::Items(rules))) => {
                for (item, rule) in rules {
                    if let Some(item) = items.get_mut(item) {
                        item.non_response.push(rule);
                    }
                }
            }
            None => {}
        }
    }
    losses
}

/// Adds the mechanisms of `[[survey.answer]]` to the items on which they work.
fn steps(declaration: &Declaration, scope: &SurveyScope<'_>, items: &mut [Item], problems: &mut Diagnostics) {
    // Where an item has a mistake there is no plan, but the mistakes of these tables are told all the same.
    let all_items = items.len() == scope.items.len();
    let items = if all_items { items } else { &mut [] };
    let mut seen: Vec<String> = Vec::new();
    for options in &declaration.answers {
        let kind = match options.get("kind") {
            Some(OptionValue::Text(t)) => t.text.clone(),
            _ => String::new(),
        };
        let number = seen.iter().filter(|k| **k == kind).count();
        seen.push(kind);
        answer::declare_steps(options, number, scope, items, problems);
    }
    for item in items.iter_mut().filter(|i| !i.steps.is_empty()) {
        if scope.kind(item.variable).0 == Kind::Number {
            item.coding = None;
        }
    }
}

/// Reasons that the cells of an audit can have, each once.
fn reasons(losses: &[Loss], items: &[Item], waves: usize) -> Vec<Reason> {
    let always =
        [Reason::AsTrue, Reason::NoVisit, Reason::ItemNonResponse, Reason::ChangedSince, Reason::Misclassified];
    let steps = items.iter().flat_map(|i| i.steps.iter().map(|s| s.reason));
    let losses = losses.iter().flat_map(|l| l.work.reasons());
    let skips = items.iter().any(|i| !i.instrument.is_always(waves)).then_some(Reason::NotAsked);
    let mut all: Vec<Reason> =
        always.into_iter().chain([Reason::MeasurementError]).chain(steps).chain(losses).chain(skips).collect();
    all.sort_unstable();
    all.dedup();
    all
}

/// Tells each item where its mechanisms stand in the list of all.
fn number_mechanisms(plan: &mut Plan) {
    let mut next = plan.losses.iter().map(|l| l.work.parts().len()).sum();
    for skip in plan.items.iter_mut().filter_map(|item| item.instrument.skip.as_mut()) {
        skip.mechanism = next;
        next += 1;
    }
    for item in &mut plan.items {
        item.first_mechanism = next;
        next = item.step_mechanism(item.steps.len());
    }
    let position = |name: String| plan.mechanisms.iter().position(|m| m.name == name).unwrap_or(0);
    if let Some(comments) = &mut plan.comments {
        comments.first_mechanism = position(format!("comments on {}", comments.sources[0].name));
    }
    for set in &mut plan.sets {
        set.mechanism = position(set.mechanism_name());
    }
}

fn schema(
    truth: &TruthSchema,
    baseline: &[usize],
    items: &[Item],
    comments: Option<&Comments>,
    sets: &[Set],
) -> ObservedSchema {
    let variable =
        |v: usize, coding: Option<Arc<Coding>>| ObservedVariable { name: truth.variables[v].name.clone(), coding };
    ObservedSchema {
        groups: truth.groups.clone(),
        sites: truth.sites.clone(),
        baseline: baseline
            .iter()
            .map(|v| variable(*v, truth.variables[*v].coding.as_deref().map(|c| Arc::new(c.with_missing()))))
            .chain(sets.iter().map(Set::variable))
            .collect(),
        items: items.iter().map(|i| variable(i.variable, i.coding.clone())).collect(),
        wave_years: truth.waves.iter().map(|moment| truth.years(*moment)).collect(),
        records: truth.persons,
        comments: comments.map(Comments::schema),
        asked: instrument::schema(items, truth.waves.len()),
        sets: (baseline.len()..baseline.len() + sets.len()).collect(),
        ..ObservedSchema::default()
    }
}
