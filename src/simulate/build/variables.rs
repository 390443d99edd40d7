//! The variables of the truth: what is declared about each, from all places of the scenario.

use super::super::declaration::{
    AssignmentDeclaration, Change, Declaration, EffectDeclaration, EffectOf, StateDeclaration,
};
use super::super::plan::{Starts, Variable};
use super::super::scope::codes;
use super::{MOST_CODES, purpose, too_many};
use crate::diagnostic::{Diagnostics, Text};
use crate::distribution;
use crate::formula::{Bounds, Kind};
use crate::tables::Coding;
use std::sync::Arc;

/// Everything that a scenario says about one variable.
#[derive(Debug)]
pub(super) struct Declared<'a> {
    pub name: Text,
    pub kind: Kind,
    pub latent: bool,
    /// How it starts in each group, as written; absent where nothing is said.
    pub by_group: Vec<Option<&'a Text>>,
    pub state: Option<&'a StateDeclaration>,
    pub assigned: Option<&'a AssignmentDeclaration>,
    pub effect: Option<&'a EffectDeclaration>,
    pub joint: Option<Joint<'a>>,
}

/// A variable that is drawn together with others.
#[derive(Clone, Copy, Debug)]
pub(super) struct Joint<'a> {
    pub law: &'a Text,
    pub names: &'a Text,
    pub component: usize,
    /// Position of the first variable of the law.
    pub first: usize,
}

impl Declared<'_> {
    /// The texts that say how it starts.
    pub fn start_texts(&self) -> impl Iterator<Item = &Text> {
        let own = self.by_group.iter().flatten().copied();
        let joint = self.joint.filter(|j| j.component == 0).map(|j| j.law);
        own.chain(self.effect.map(|e| &e.law)).chain(joint)
    }

    /// The range of its values, where its kind alone decides.
    pub fn bounds(&self) -> Option<Bounds> {
        match &self.kind {
            Kind::Boolean => Some(Bounds { low: 0.0, high: 1.0 }),
            Kind::Level(levels) => Some(codes(levels.len())),
            Kind::Number => self.assigned.map(|a| codes(arms(a))),
        }
    }

    /// The kind of its purpose's name.
    pub fn realm(&self) -> &'static str {
        match (self.state, self.effect, self.assigned) {
            (Some(_), ..) => "state",
            (_, Some(_), _) => "effect",
            (.., Some(_)) => "assign",
            _ => "attribute",
        }
    }
}

/// Number of arms of an assignment.
pub(super) fn arms(assignment: &AssignmentDeclaration) -> usize {
    match (assignment.levels.len(), assignment.shares.len()) {
        (0, 0) => 2,
        (0, shares) => shares,
        (levels, _) => levels,
    }
}

/// All variables: attributes, attributes that only groups declare, arms, effects of persons, states.
pub(super) fn collect<'a>(declaration: &'a Declaration, problems: &mut Diagnostics) -> Vec<Declared<'a>> {
    let mut all: Vec<Declared<'a>> = Vec::new();
    let groups = declaration.groups.len();
    for attribute in &declaration.attributes {
        let components: Vec<&str> = attribute.name.text.split(',').map(str::trim).collect();
        let first = all.len();
        for (component, name) in components.iter().enumerate() {
            let joint = match &attribute.law {
                Some(law) if components.len() > 1 => Some(Joint { law, names: &attribute.name, component, first }),
                _ => None,
            };
            all.push(Declared {
                name: Text { text: (*name).to_owned(), span: attribute.name.span.clone() },
                kind: level_kind(&attribute.levels),
                latent: attribute.latent,
                by_group: vec![if joint.is_some() { None } else { attribute.law.as_ref() }; groups],
                joint,
                ..bare(groups)
            });
        }
    }
    for assignment in &declaration.assignments {
        all.push(Declared {
            name: assignment.name.clone(),
            kind: level_kind(&assignment.levels),
            assigned: Some(assignment),
            ..bare(groups)
        });
    }
    for effect in declaration.effects.iter().filter(|e| e.of == EffectOf::Person) {
        all.push(Declared { name: effect.name.clone(), latent: true, effect: Some(effect), ..bare(groups) });
    }
    for state in &declaration.states {
        all.push(Declared {
            name: state.name.clone(),
            kind: state_kind(state),
            by_group: vec![state.starts.as_ref(); groups],
            state: Some(state),
            ..bare(groups)
        });
    }
    add_group_starts(declaration, &mut all, problems);
    all
}

fn bare<'a>(groups: usize) -> Declared<'a> {
    Declared {
        name: Text::default(),
        kind: Kind::Number,
        latent: false,
        by_group: vec![None; groups],
        state: None,
        assigned: None,
        effect: None,
        joint: None,
    }
}

fn add_group_starts<'a>(declaration: &'a Declaration, all: &mut Vec<Declared<'a>>, problems: &mut Diagnostics) {
    let groups = declaration.groups.len();
    for (code, group) in declaration.groups.iter().enumerate() {
        for (name, text) in &group.start {
            if name.text.contains(',') {
                problems
                    .error("S0308", &name.span, "a group cannot draw several variables at once")
                    .help("draw them in `[attributes]`, for all groups; the law's arguments may read `group`");
                continue;
            }
            let found = all.iter().position(|d| d.name.text == name.text);
            let at = found.unwrap_or_else(|| {
                all.push(Declared { name: name.clone(), ..bare(groups) });
                all.len() - 1
            });
            if all[at].assigned.is_some() || all[at].effect.is_some() || all[at].joint.is_some() {
                problems
                    .error("S0308", &name.span, format!("a group cannot say how `{}` starts", name.text))
                    .help("it is drawn elsewhere in the scenario: remove it here");
            }
            all[at].by_group[code] = Some(text);
        }
    }
    for d in all.iter() {
        for (group, start) in declaration.groups.iter().zip(&d.by_group) {
            let elsewhere = d.assigned.is_some() || d.effect.is_some() || d.joint.is_some();
            if start.is_none() && !elsewhere {
                problems
                    .error(
                        "S0302",
                        &d.name.span,
                        format!("nothing says how `{}` starts in `{}`", d.name.text, group.name.text),
                    )
                    .help(format!(
                        "write `start = {{ {} = ... }}` in the group, or say it once for all groups",
                        d.name.text
                    ));
            }
        }
    }
}

/// Whether all levels and arms are few enough to be held as codes.
pub(super) fn fit_into_codes(declaration: &Declaration, problems: &mut Diagnostics) -> bool {
    let states = declaration.states.iter().map(|s| (&s.levels, "levels"));
    let attributes = declaration.attributes.iter().map(|a| (&a.levels, "levels"));
    let named = declaration.assignments.iter().map(|a| (&a.levels, "arms"));
    let shared = declaration.assignments.iter().map(|a| (&a.shares, "arms"));
    let mut fit = true;
    for (list, what) in states.chain(attributes).chain(named).chain(shared) {
        if let Some(first_too_many) = list.get(MOST_CODES) {
            too_many(&first_too_many.span, what, problems);
            fit = false;
        }
    }
    fit
}

fn level_kind(levels: &[Text]) -> Kind {
    if levels.is_empty() { Kind::Number } else { Kind::Level(levels.iter().map(|l| l.text.clone()).collect()) }
}

/// A state has named levels, or is a number where a law draws it, or is yes/no.
fn state_kind(state: &StateDeclaration) -> Kind {
    if !state.levels.is_empty() {
        return level_kind(&state.levels);
    }
    let by_law = match (&state.change, &state.starts) {
        (Change::EachStep { law, .. }, _) => distribution::is_law(law),
        (Change::Never, Some(starts)) => distribution::is_law(starts),
        _ => false,
    };
    if by_law { Kind::Number } else { Kind::Boolean }
}

/// The variables without their starts; codings are known where the kind decides them.
pub(super) fn empty(declared: &[Declared<'_>]) -> Vec<Variable> {
    declared
        .iter()
        .map(|d| Variable {
            purpose: purpose(d.realm(), &d.name.text),
            coding: match (&d.kind, d.assigned) {
                (Kind::Boolean, _) => Some(Arc::new(Coding::yes_no())),
                (Kind::Level(levels), _) => Some(Arc::new(Coding::named(levels))),
                (Kind::Number, Some(a)) => {
                    Some(Arc::new(Coding { values: (0..arms(a)).map(|i| i as f64).collect(), levels: Vec::new() }))
                }
                (Kind::Number, None) => None,
            },
            starts: Starts::ByGroup(Vec::new()),
        })
        .collect()
}
