//! How each variable starts.

use super::super::declaration::AssignmentKind;
use super::super::plan::{Assignment, AssignmentWithin, Start, Starts, Variable};
use super::super::scope::TruthScope;
use super::variables::{Declared, arms};
use crate::diagnostic::{Diagnostics, Text, near_miss};
use crate::distribution::{self, Law};
use crate::formula::{Bounds, Kind, OnlyParameters, Wanted, compile};
use crate::rules::{Rule, Shape};
use crate::tables::Coding;
use std::sync::Arc;

/// Compiles how variable `v` starts; what it reads has been compiled before.
pub(super) fn fill(
    v: usize,
    declared: &[Declared<'_>],
    variables: &mut [Variable],
    scope: &mut TruthScope<'_>,
    problems: &mut Diagnostics,
) {
    let d = &declared[v];
    if let Some(joint) = d.joint {
        fill_joint(v, &joint, variables, scope, problems);
        return;
    }
    if d.assigned.is_some() {
        if let Some(assignment) = assignment(d, declared, variables, scope, problems) {
            variables[v].starts = Starts::Assigned(assignment);
        }
        return;
    }
    let mut starts = Vec::new();
    if let Some(effect) = d.effect {
        // One law for all groups: a person's effect reads parameters only.
        let only = OnlyParameters(scope.parameters);
        if let Some(law) = distribution::declare(&effect.law, None, &only, problems) {
            starts = vec![Start::Law(law); d.by_group.len()];
        }
    } else {
        for text in d.by_group.iter().flatten() {
            starts.extend(start(d, text, &variables[v], scope, problems));
        }
    }
    if starts.len() != d.by_group.len() {
        return;
    }
    if matches!(d.kind, Kind::Number) {
        let is_changing = d.state.is_some();
        variables[v].coding = if is_changing { None } else { few_values(&starts) };
        let bounds =
            starts.iter().map(start_bounds).reduce(|a, b| Bounds { low: a.low.min(b.low), high: a.high.max(b.high) });
        if let (Some(bounds), false) = (bounds, is_changing) {
            scope.variables[v].bounds = bounds;
        }
    }
    variables[v].starts = Starts::ByGroup(starts);
}

fn fill_joint(
    v: usize,
    joint: &super::variables::Joint<'_>,
    variables: &mut [Variable],
    scope: &TruthScope<'_>,
    problems: &mut Diagnostics,
) {
    if joint.component > 0 {
        if let Starts::Jointly { law, first, .. } = variables[joint.first].starts.clone() {
            variables[v].starts = Starts::Jointly { law, component: joint.component, first };
        }
        return;
    }
    let name = |text: &str| Text { text: text.trim().to_owned(), span: joint.names.span.clone() };
    let names: Vec<Text> = joint.names.text.split(',').map(name).collect();
    if let Some(law) = distribution::declare_joint(&names, joint.law, scope, problems) {
        variables[v].starts = Starts::Jointly { law: Arc::new(law), component: 0, first: v };
    }
}

/// How a variable starts in one group.
fn start(
    d: &Declared<'_>,
    text: &Text,
    variable: &Variable,
    scope: &TruthScope<'_>,
    problems: &mut Diagnostics,
) -> Option<Start> {
    match &d.kind {
        Kind::Level(levels) => {
            if let Some(code) = levels.iter().position(|l| *l == text.text.trim()) {
                return Some(Start::Fixed(code as u8));
            }
            if distribution::is_law(text) {
                return law_of_kind(d, text, Some(levels), scope, problems).map(Start::Law);
            }
            if text.text.chars().all(|c| c.is_alphanumeric() || c == '_' || c == ' ') {
                let help = match near_miss(text.text.trim(), levels.iter().map(String::as_str)) {
                    Some(near) => format!("did you mean `{near}`?"),
                    None => format!("one of: {}", levels.join(", ")),
                };
                problems
                    .error("S0303", &text.span, format!("`{}` has no level `{}`", d.name.text, text.text))
                    .help(help);
                return None;
            }
            compile(text, &Wanted::Level(levels.clone()), scope, problems).map(Start::Formula)
        }
        Kind::Boolean if !distribution::is_law(text) => {
            let program = compile(text, &Wanted::Probability, scope, problems)?;
            Some(Start::Chance(Rule::new(Shape::Yes, vec![program], None, variable.purpose)))
        }
        _ if distribution::is_law(text) => law_of_kind(d, text, None, scope, problems).map(Start::Law),
        _ => compile(text, &Wanted::Number, scope, problems).map(Start::Formula),
    }
}

/// A law that draws values of the variable's kind.
fn law_of_kind(
    d: &Declared<'_>,
    text: &Text,
    levels: Option<&Arc<[String]>>,
    scope: &TruthScope<'_>,
    problems: &mut Diagnostics,
) -> Option<Law> {
    let law = distribution::declare(text, levels, scope, problems)?;
    check_kind(&d.name.text, &d.kind, &law, problems).then_some(law)
}

/// Whether a law draws values of a kind; a law of 0 and 1 does for yes and no.
pub(super) fn check_kind(name: &str, kind: &Kind, law: &Law, problems: &mut Diagnostics) -> bool {
    let (fits, help) = match kind {
        Kind::Level(levels) => (
            matches!(law.kind(), Kind::Level(_)),
            format!("write one of its levels, or `categorical(...)`: {}", levels.join(", ")),
        ),
        Kind::Boolean => (
            law.finite_values().is_some_and(|values| values.iter().all(|v| *v == 0.0 || *v == 1.0))
                && !matches!(law.kind(), Kind::Level(_)),
            "write the probability of yes; a number state has its law in `each_step` or, if it never changes, in \
             `starts`"
                .to_owned(),
        ),
        Kind::Number => (
            !matches!(law.kind(), Kind::Level(_)),
            "name the levels: `levels = [...]` in the table of the variable".to_owned(),
        ),
    };
    if !fits {
        let drawn = if let Kind::Level(_) = law.kind() { "levels" } else { "numbers" };
        let wanted = match kind {
            Kind::Level(_) => "has named levels",
            Kind::Boolean => "is yes or no",
            Kind::Number => "has no named levels",
        };
        let message = format!("`{name}` {wanted}, and this law draws {drawn}");
        problems.error("S0303", &law.text().span, message).help(help);
    }
    fits
}

fn start_bounds(start: &Start) -> Bounds {
    match start {
        Start::Law(law) => law.bounds(),
        Start::Formula(program) => match program.constant() {
            Some(value) => Bounds { low: value, high: value },
            None => program.bounds(),
        },
        Start::Chance(_) => Bounds { low: 0.0, high: 1.0 },
        Start::Fixed(code) => Bounds { low: f64::from(*code), high: f64::from(*code) },
    }
}

/// Most values that a number may take to be held as a code.
const FEW: usize = 64;

/// A coding for a number that takes few values whatever happens.
fn few_values(starts: &[Start]) -> Option<Arc<Coding>> {
    let mut values = Vec::new();
    for start in starts {
        match start {
            Start::Law(law) => values.extend(law.finite_values()?),
            Start::Formula(program) => values.push(program.constant()?),
            Start::Chance(_) | Start::Fixed(_) => return None,
        }
    }
    if values.iter().any(|v: &f64| v.is_nan()) {
        return None;
    }
    values.sort_by(f64::total_cmp);
    values.dedup();
    (values.len() <= FEW).then(|| Arc::new(Coding { values, levels: Vec::new() }))
}

fn assignment(
    d: &Declared<'_>,
    declared: &[Declared<'_>],
    variables: &[Variable],
    scope: &TruthScope<'_>,
    problems: &mut Diagnostics,
) -> Option<Assignment> {
    let declaration = d.assigned?;
    let arms = arms(declaration);
    let mut shares = vec![1.0 / arms as f64; arms];
    if !declaration.shares.is_empty() {
        shares.clear();
        for text in &declaration.shares {
            let program = compile(text, &Wanted::Probability, &OnlyParameters(scope.parameters), problems)?;
            shares.push(program.constant()?);
        }
        if shares.len() != arms || (shares.iter().sum::<f64>() - 1.0).abs() > 1e-9 {
            problems
                .error(
                    "S0312",
                    &declaration.shares[0].span,
                    "the shares of the arms must be one for each arm and sum to 1",
                )
                .help(format!("there are {arms} arms"));
            return None;
        }
    }
    let kind = match (declaration.kind, &declaration.within) {
        (AssignmentKind::Simple, None) => AssignmentWithin::Nobody,
        (AssignmentKind::Complete, None) => AssignmentWithin::Everybody,
        (AssignmentKind::Blocked, Some(within)) => blocks(within, declared, variables, problems)?,
        (AssignmentKind::Blocked, None) => {
            problems
                .error("S0312", &d.name.span, "blocked assignment needs `within`")
                .help("write `within = \"group\"`, or the name of an attribute with few values");
            return None;
        }
        (_, Some(within)) => {
            problems.error("S0312", &within.span, "`within` belongs to `kind = \"blocked\"`");
            return None;
        }
    };
    Some(Assignment { shares, kind })
}

fn blocks(
    within: &Text,
    declared: &[Declared<'_>],
    variables: &[Variable],
    problems: &mut Diagnostics,
) -> Option<AssignmentWithin> {
    if within.text == "group" {
        return Some(AssignmentWithin::Group);
    }
    let attribute = declared.iter().position(|d| d.name.text == within.text && d.state.is_none());
    match attribute {
        Some(v) if variables[v].coding.is_some() => Some(AssignmentWithin::Attribute(v)),
        _ => {
            problems
                .error("S0312", &within.span, format!("`{}` is no attribute with few values", within.text))
                .help("block within `group`, or an attribute with named levels or few values");
            None
        }
    }
}
