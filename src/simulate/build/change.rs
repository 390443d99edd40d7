//! How states change: equations in order, and whether every level can be reached.

use super::super::declaration::{Change as Declared_, Declaration, Duration, Move, Speed, StateDeclaration};
use super::super::order::{bare_names, in_order};
use super::super::plan::{Change, Equation, Start, Starts, Variable};
use super::super::scope::{Meaning, TruthScope};
use super::purpose;
use super::sites::Collected;
use super::start::check_kind;
use super::time::Clock;
use super::variables::Declared;
use crate::diagnostic::{Diagnostics, Text, near_miss};
use crate::distribution;
use crate::formula::{Kind, Program, Wanted, compile};
use crate::rules::{Rule, Shape};

/// The equations of all states that change, in an order in which every bare name has been drawn before it is read.
pub(super) fn equations(
    declaration: &Declaration,
    declared: &[Declared<'_>],
    clock: &Clock,
    scope: &TruthScope<'_>,
    problems: &mut Diagnostics,
) -> Option<Vec<Equation>> {
    let changing: Vec<&StateDeclaration> = declaration.states.iter().filter(|s| s.change != Declared_::Never).collect();
    if let (Some(first), None) = (changing.first(), &declaration.time) {
        problems
            .error("S0311", &first.name.span, format!("`{}` changes, and the study has no steps", first.name.text))
            .help("add `[time]` with `step` and `waves`");
        return None;
    }
    let needs: Vec<Vec<usize>> = changing.iter().map(|state| read_by(state, &changing)).collect();
    let order = match in_order(&needs) {
        Ok(order) => order,
        Err(circle) => {
            let names: Vec<&str> = circle.iter().map(|i| changing[*i].name.text.as_str()).collect();
            let first = changing[circle[0]];
            let message = match names[..] {
                [alone] => format!("`{alone}` reads its own value of the same step"),
                _ => format!("each waits for the other within one step: {}", names.join(", ")),
            };
            let help = format!("write `lag({})` where the value of the last step is meant", names[names.len() - 1]);
            problems.error("S0306", &first.name.span, message).help(help);
            return None;
        }
    };
    let mut equations = Vec::new();
    for i in order {
        let state = changing[i];
        let variable = declared.iter().position(|d| d.name.text == state.name.text)?;
        if let Some(change) = change(state, &declared[variable].kind, variable, clock, scope, problems) {
            equations.push(Equation { variable, change });
        }
    }
    Some(equations)
}

/// Positions of the changing states whose new value an equation reads.
fn read_by(state: &StateDeclaration, changing: &[&StateDeclaration]) -> Vec<usize> {
    let texts: Vec<&Text> = match &state.change {
        Declared_::Never => Vec::new(),
        Declared_::Moves(moves) => moves.iter().map(|m| speed_text(&m.speed)).collect(),
        Declared_::EachStep { law, .. } => vec![law],
        Declared_::EachStepLevels { probabilities, .. } => probabilities.iter().map(|(_, p)| p).collect(),
    };
    let names = texts.into_iter().flat_map(|t| bare_names(&t.text));
    names.filter_map(|n| changing.iter().position(|s| s.name.text == n)).collect()
}

fn speed_text(speed: &Speed) -> &Text {
    match speed {
        Speed::Rate(text) => text,
        Speed::Probability { probability, .. } => probability,
    }
}

fn change(
    state: &StateDeclaration,
    kind: &Kind,
    variable: usize,
    clock: &Clock,
    scope: &TruthScope<'_>,
    problems: &mut Diagnostics,
) -> Option<Change> {
    let purpose = purpose("state", &state.name.text);
    match &state.change {
        Declared_::Never => None,
        Declared_::EachStep { law, per } => {
            check_step(per.as_ref(), clock, law, problems);
            if matches!(kind, Kind::Number) || distribution::is_law(law) {
                let levels = if let Kind::Level(levels) = kind { Some(levels) } else { None };
                let law = distribution::declare(law, levels, scope, problems)?;
                return check_kind(&state.name.text, kind, &law, problems).then_some(Change::Law(law));
            }
            let program = compile(law, &Wanted::Probability, scope, problems)?;
            Some(Change::Rule(Rule::new(Shape::Yes, vec![program], None, purpose)))
        }
        Declared_::EachStepLevels { probabilities, per } => {
            if let Some((_, first)) = probabilities.first() {
                check_step(per.as_ref(), clock, first, problems);
            }
            let (rest, programs) = level_programs(state, probabilities, scope, problems)?;
            let shape = Shape::Levels { rest, levels: state.levels.len() };
            check_sum(state, &shape, &programs, problems);
            Some(Change::Rule(Rule::new(shape, programs, None, purpose)))
        }
        Declared_::Moves(moves) => {
            let (shape, programs) = moves_shape(state, moves, clock, scope, problems)?;
            let own = own_slot(variable, scope);
            Some(Change::Rule(Rule::new(shape, programs, Some(own), purpose)))
        }
    }
}

/// The slot of a state's own value at the last step.
fn own_slot(variable: usize, scope: &TruthScope<'_>) -> u32 {
    scope.slots.number(Meaning::Lag(variable))
}

/// An equation that draws anew from the last value has a meaning for one length of step only.
fn check_step(per: Option<&Duration>, clock: &Clock, law: &Text, problems: &mut Diagnostics) {
    let Some(per) = per else { return };
    if (per.years - clock.step_years).abs() > 1e-9 * clock.step_years {
        problems
            .error("S0307", &law.span, format!("this is meant for steps of {}, and the step is another", per.text.text))
            .help("an equation that draws a state anew cannot be turned to another step: write rates (`on`, `off`, `moves`) instead, or set `step` back");
    }
}

fn level_programs(
    state: &StateDeclaration,
    probabilities: &[(Text, Text)],
    scope: &TruthScope<'_>,
    problems: &mut Diagnostics,
) -> Option<(Option<usize>, Vec<Program>)> {
    let mut by_level: Vec<Option<&Text>> = vec![None; state.levels.len()];
    for (level, text) in probabilities {
        by_level[level_position(state, level, problems)?] = Some(text);
    }
    let mut rest = None;
    let mut programs = Vec::new();
    for (level, text) in by_level.iter().enumerate() {
        match text {
            Some(text) if text.text.trim() == "rest" => rest = Some(level),
            Some(text) => programs.push(compile(text, &Wanted::Probability, scope, problems)?),
            None => {
                let name = &state.levels[level];
                problems
                    .error("S0303", &state.name.span, format!("`each_step` gives no probability of `{}`", name.text))
                    .help(format!("add `{} = 0`, or `{} = \"rest\"`", name.text, name.text));
                return None;
            }
        }
    }
    Some((rest, programs))
}

/// Probabilities that are the same for everybody are checked once and for all.
fn check_sum(state: &StateDeclaration, shape: &Shape, programs: &[Program], problems: &mut Diagnostics) {
    let Some(values) = programs.iter().map(Program::constant).collect::<Option<Vec<f64>>>() else { return };
    if shape.probabilities(0, &values, &mut vec![0.0; shape.levels()]).is_err() {
        let sum: f64 = values.iter().sum();
        problems
            .error("S0303", &state.name.span, format!("the probabilities in `each_step` sum to {sum}"))
            .help("they sum to 1, or one of them is `rest` and the others sum to at most 1");
    }
}

fn level_position(state: &StateDeclaration, level: &Text, problems: &mut Diagnostics) -> Option<usize> {
    let yes_no = ["0", "1"];
    let found = if state.levels.is_empty() {
        yes_no.iter().position(|l| *l == level.text)
    } else {
        state.levels.iter().position(|l| l.text == level.text)
    };
    if found.is_none() {
        let near = near_miss(&level.text, state.levels.iter().map(|l| l.text.as_str()));
        let names: Vec<&str> = state.levels.iter().map(|l| l.text.as_str()).collect();
        let help = near.map_or(format!("one of: {}", names.join(", ")), |n| format!("did you mean `{n}`?"));
        problems.error("S0303", &level.span, format!("`{}` has no level `{}`", state.name.text, level.text)).help(help);
    }
    found
}

fn moves_shape(
    state: &StateDeclaration,
    moves: &[Move],
    clock: &Clock,
    scope: &TruthScope<'_>,
    problems: &mut Diagnostics,
) -> Option<(Shape, Vec<Program>)> {
    let levels = state.levels.len().max(2);
    let mut ends = Vec::new();
    let mut programs = Vec::new();
    let (mut rates, mut periods) = (0, Vec::new());
    for m in moves {
        let from = level_position(state, &m.from, problems);
        let to = level_position(state, &m.to, problems);
        if from.is_some() && from == to {
            problems.error("S0317", &m.to.span, format!("a move from `{}` to itself", m.from.text));
        }
        ends.push((from?, to?));
        match &m.speed {
            Speed::Rate(text) => {
                rates += 1;
                programs.push(compile(text, &Wanted::Rate, scope, problems)?);
            }
            Speed::Probability { probability, per } => {
                periods.push(per.as_ref().map_or(clock.step_years, |p| p.years));
                programs.push(compile(probability, &Wanted::Probability, scope, problems)?);
            }
        }
    }
    if rates > 0 && !periods.is_empty() {
        problems
            .error(
                "S0310",
                &state.name.span,
                format!("`{}` moves partly by rates, partly by probabilities", state.name.text),
            )
            .help("write all of its moves as rates, or all as probabilities per the same period");
        return None;
    }
    if rates > 0 {
        return Some((Shape::Rates { moves: ends, levels, years: clock.step_years }, programs));
    }
    let period = periods.first().copied().unwrap_or(clock.step_years);
    if periods.iter().any(|p| (p - period).abs() > 1e-9 * period) {
        problems.error("S0310", &state.name.span, format!("the moves of `{}` name different periods", state.name.text));
        return None;
    }
    let share = clock.step_years / period;
    let share = if (share - 1.0).abs() < 1e-9 { 1.0 } else { share };
    if share != 1.0 && levels > 2 {
        problems
            .error(
                "S0307",
                &state.name.span,
                "probabilities of moves among three or more levels hold for their own period only",
            )
            .help("make `step` that period, or write rates");
        return None;
    }
    Some((Shape::Chances { moves: ends, levels, share }, programs))
}

/// Every level must be a start of some group or the end of some move; every kind of site must have a level that is.
pub(super) fn check_levels(
    declaration: &Declaration,
    declared: &[Declared<'_>],
    variables: &[Variable],
    sites: &Collected<'_>,
    problems: &mut Diagnostics,
) {
    for (v, d) in declared.iter().enumerate() {
        let (Kind::Level(levels), Some(state)) = (&d.kind, d.state) else { continue };
        let Some(reached) = reached(state, &variables[v].starts, levels.len()) else { continue };
        for (level, reached) in reached.iter().enumerate() {
            if *reached {
                continue;
            }
            let site = sites.plan.by_level.as_ref().filter(|(s, _)| *s == v).and_then(|(_, kinds)| kinds[level]);
            if let Some(site) = site {
                let place = declaration.sites[site].setting.as_ref().map(|t| t.span.clone()).unwrap_or_default();
                let message = format!("no group can enter these sites: nobody is ever in `{}`", levels[level]);
                problems.error("S0305", &place, message).help(format!(
                    "let a group start in `{0}`, add a move to `{0}`, or remove the sites",
                    levels[level]
                ));
            }
            problems
                .error("S0304", &state.levels[level].span, format!("nobody can ever be in `{}`", levels[level]))
                .help("let a group start there, add a move that leads there, or remove the level");
        }
    }
}

/// Which levels somebody can have; absent where a mistake in the starts or moves leaves it open.
fn reached(state: &StateDeclaration, starts: &Starts, levels: usize) -> Option<Vec<bool>> {
    let mut reached = vec![false; levels];
    if let Starts::ByGroup(starts) = starts {
        if starts.is_empty() {
            return None;
        }
        for start in starts {
            match start {
                Start::Fixed(code) => reached[usize::from(*code)] = true,
                Start::Law(law) => mark(law.finite_values(), &mut reached),
                Start::Formula(program) => mark(program.constant().map(|v| vec![v]), &mut reached),
                Start::Chance(_) => reached.fill(true),
            }
        }
    }
    match &state.change {
        Declared_::Moves(moves) => {
            let position = |t: &Text| state.levels.iter().position(|l| l.text == t.text);
            for _ in 0..levels {
                for m in moves {
                    reached[position(&m.to)?] |= reached[position(&m.from)?];
                }
            }
        }
        Declared_::EachStepLevels { probabilities, .. } => {
            if probabilities.len() < levels {
                return None;
            }
            for (level, text) in probabilities {
                let never = text.text.trim().parse::<f64>().is_ok_and(|p| p == 0.0);
                reached[state.levels.iter().position(|l| l.text == level.text)?] |= !never;
            }
        }
        Declared_::EachStep { .. } => reached.fill(true),
        Declared_::Never => {}
    }
    Some(reached)
}

fn mark(values: Option<Vec<f64>>, reached: &mut [bool]) {
    match values {
        Some(values) => {
            for value in values {
                if let Some(r) = reached.get_mut(value as usize) {
                    *r = true;
                }
            }
        }
        None => reached.fill(true),
    }
}
