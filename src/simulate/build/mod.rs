//! From a declaration to a [`Plan`]: every name resolved, every formula compiled, every problem reported.

mod change;
mod sites;
mod start;
mod time;
mod variables;

use super::Moments;
use super::declaration::{Declaration, EffectOf};
use super::order::{bare_names, in_order};
use super::plan::{Plan, StartItem};
use super::scope::{Meaning, Name, TruthScope, effects_of};
use crate::diagnostic::{Diagnostics, Span, Text};
use crate::formula::{Bounds, OnlyParameters, Parameters, Slots, Wanted, compile};
use crate::rules::GroupRows;
use crate::streams::{Purpose, stratum};
use crate::tables::truth::{TrueVariable, TruthSchema};
use std::sync::Arc;
use variables::Declared;

/// Checks a declaration under the parameters of one condition. `moments` says which moments the survey needs, and
/// `since` names the states whose last onset it asks for. Absent where nothing can be said of the columns.
pub fn plan(
    declaration: &Declaration,
    parameters: &Parameters,
    moments: Moments,
    since: &[String],
    all_problems: &mut Diagnostics,
) -> Option<Checked> {
    let mut own = Diagnostics::new();
    let checked = checked(declaration, parameters, moments, since, &mut own);
    all_problems.extend(own);
    checked
}

/// A checked mechanism: its columns, for checking what reads them, and the plan where nothing is wrong.
#[derive(Clone, Debug)]
pub struct Checked {
    /// What the columns of the truth mean.
    pub schema: Arc<TruthSchema>,
    /// The persons of one replicate by group.
    pub groups: Vec<GroupRows>,
    /// The plan; absent where something is wrong.
    pub plan: Option<Plan>,
}

fn checked(
    declaration: &Declaration,
    parameters: &Parameters,
    moments: Moments,
    since: &[String],
    problems: &mut Diagnostics,
) -> Option<Checked> {
    let groups = group_rows(declaration, parameters, problems);
    let clock = time::clock(declaration, parameters, problems);
    let declared = variables::collect(declaration, problems);
    let mut sites = sites::collect(declaration, &declared, parameters, problems);
    let mut scope = scope(declaration, &declared, parameters, &sites, clock.horizon());
    let start_order = start_order(&declared, &sites, problems);
    let coded = variables::fit_into_codes(declaration, problems);
    let (Some(groups), Some(start_order), true) = (groups, start_order, coded) else { return None };

    let mut variables = variables::empty(&declared);
    for item in &start_order {
        match item {
            StartItem::Variable(v) => start::fill(*v, &declared, &mut variables, &mut scope, problems),
            StartItem::Sites => sites.compile_effects(&scope, problems),
        }
    }
    scope.at_start = false;
    let equations = change::equations(declaration, &declared, &clock, &scope, problems);
    change::check_levels(declaration, &declared, &variables, &sites, problems);
    scope.keep_onsets_of(since);
    let schema = Arc::new(TruthSchema {
        groups: scope.groups.to_vec(),
        sites: scope.sites.to_vec(),
        site_effects: scope.site_effects.clone(),
        variables: (0..declared.len())
            .map(|v| true_variable(&declared[v], &variables[v], &scope.variables[v]))
            .collect(),
        persons: groups.iter().map(|g| g.size).sum(),
        moments: clock.moments(moments),
        step_years: clock.step_years,
        waves: clock.waves_in(moments),
    });
    let (true, Some(equations)) = (!problems.has_errors(), equations) else {
        return Some(Checked { schema, groups, plan: None });
    };
    let meanings = scope.slots.into_meanings();
    let of = |pick: fn(&Meaning) -> Option<usize>| {
        let mut states: Vec<usize> = meanings.iter().filter_map(pick).collect();
        states.sort_unstable();
        states.dedup();
        states
    };
    let plan = Plan {
        schema: schema.clone(),
        groups: groups.clone(),
        variables,
        start_order,
        equations,
        sites: sites.plan,
        steps: clock.steps,
        lagged: of(|m| if let Meaning::Lag(v) = m { Some(*v) } else { None }),
        timed: of(|m| if let Meaning::Since(v) = m { Some(*v) } else { None }),
        averaged: of(|m| if let Meaning::SiteMean(v) = m { Some(*v) } else { None }),
        meanings,
    };
    Some(Checked { schema, groups, plan: Some(plan) })
}

fn true_variable(declared: &Declared<'_>, variable: &super::plan::Variable, name: &Name) -> TrueVariable {
    TrueVariable {
        name: declared.name.text.clone(),
        coding: variable.coding.clone(),
        changes: declared.state.is_some_and(|s| s.change != super::declaration::Change::Never),
        low: name.bounds.low,
        high: name.bounds.high,
        latent: declared.latent,
    }
}

fn scope<'a>(
    declaration: &Declaration,
    declared: &[Declared<'_>],
    parameters: &'a Parameters,
    sites: &sites::Collected<'_>,
    horizon: f64,
) -> TruthScope<'a> {
    let name = |d: &Declared<'_>| Name {
        name: d.name.text.clone(),
        kind: d.kind.clone(),
        bounds: d.bounds().unwrap_or(Bounds::ANY),
        is_state: d.state.is_some(),
    };
    TruthScope {
        parameters,
        variables: declared.iter().map(name).collect(),
        site_effects: sites.effect_names(),
        interviewer_effects: effects_of(declaration, EffectOf::Interviewer),
        groups: declaration.groups.iter().map(|g| g.name.text.clone()).collect(),
        sites: sites.names().into(),
        horizon,
        at_start: true,
        slots: Slots::default(),
    }
}

fn group_rows(
    declaration: &Declaration,
    parameters: &Parameters,
    problems: &mut Diagnostics,
) -> Option<Vec<GroupRows>> {
    if declaration.groups.is_empty() {
        problems.error_anywhere("S0301", "a study needs at least one `[[group]]`");
        return None;
    }
    if let Some(group) = declaration.groups.get(MOST_CODES) {
        too_many(&group.name.span, "groups", problems);
        return None;
    }
    let mut rows: Vec<GroupRows> = Vec::new();
    for group in &declaration.groups {
        let size = whole(&group.size, "the size of a group", 1.0, 4e9, "S0301", parameters, problems);
        let stratum = stratum(&group.name.text);
        if rows.iter().any(|r| r.stratum == stratum) {
            problems
                .error("S0318", &group.name.span, format!("the name `{}` would share its draws", group.name.text))
                .help("another group's name has the same hash: choose a slightly different name");
        }
        // A size that cannot be is reported; one person stands in, so that the formulas are checked all the same.
        rows.push(GroupRows { size: size.unwrap_or(1) as usize, stratum });
    }
    Some(rows)
}

/// Codes are bytes, and one of them stands for "no answer".
const MOST_CODES: usize = 255;

fn too_many(place: &Span, what: &str, problems: &mut Diagnostics) {
    problems
        .error("S0314", place, format!("more than {MOST_CODES} {what}"))
        .help("what differs by a number is an attribute: a law or formula gives it any number of values");
}

/// The value of a formula of parameters that must be a whole number in a range.
fn whole(
    text: &Text,
    what: &str,
    low: f64,
    high: f64,
    code: &'static str,
    parameters: &Parameters,
    problems: &mut Diagnostics,
) -> Option<u64> {
    let program = compile(text, &Wanted::Number, &OnlyParameters(parameters), problems)?;
    let value = program.constant()?;
    if value.fract() != 0.0 || !(low..=high).contains(&value) {
        let help = format!("a whole number from {low} to {high}");
        problems.error(code, &text.span, format!("{what} cannot be {value}")).help(help);
        return None;
    }
    Some(value as u64)
}

/// Variables, and the sites among them, in an order in which each finds what it reads.
fn start_order(
    declared: &[Declared<'_>],
    sites: &sites::Collected<'_>,
    problems: &mut Diagnostics,
) -> Option<Vec<StartItem>> {
    let sites_item = declared.len();
    let position = |name: &str| declared.iter().position(|d| d.name.text == name);
    let site_names = sites.effect_names();
    let mut needs: Vec<Vec<usize>> = declared
        .iter()
        .map(|d| {
            let mut needed: Vec<usize> = Vec::new();
            for text in d.start_texts() {
                for name in bare_names(&text.text) {
                    needed.extend(position(name));
                    if name == "site" || site_names.iter().any(|e| e == name) {
                        needed.push(sites_item);
                    }
                }
            }
            needed.extend(d.assigned.and_then(|a| a.within.as_ref()).and_then(|w| position(&w.text)));
            needed.extend(d.joint.filter(|j| j.component > 0).map(|j| j.first));
            needed
        })
        .collect();
    needs.push(sites.decided_by().into_iter().collect());
    match in_order(&needs) {
        Ok(order) => Some(
            order
                .into_iter()
                .map(|i| if i == sites_item { StartItem::Sites } else { StartItem::Variable(i) })
                .collect(),
        ),
        Err(circle) => {
            let names: Vec<&str> =
                circle.iter().filter_map(|i| declared.get(*i)).map(|d| d.name.text.as_str()).collect();
            let place = declared.get(circle[0]).map(|d| d.name.span.clone()).unwrap_or_default();
            problems
                .error("S0306", &place, format!("what starts as what goes in a circle: {}", names.join(", ")))
                .help("one of them must be drawn without reading the others");
            None
        }
    }
}

/// The purpose of a variable's draws.
fn purpose(kind: &str, name: &str) -> Purpose {
    Purpose::named(&format!("{kind}.{name}"))
}
