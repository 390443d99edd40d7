//! Definitions: a name, a level, a formula; put in an order in which each comes after what it reads.

use super::declaration::Declaration;
use super::level::Level;
use super::scope::{Known, TableScope};
use crate::diagnostic::{Diagnostics, Text};
use crate::formula::{Program, Wanted, compile};
use std::collections::BTreeSet;

/// A definition, compiled.
#[derive(Clone, Debug)]
pub(super) struct Definition {
    pub name: String,
    pub level: Level,
    pub program: Program,
}

/// Words of the language that no definition may take.
const WORDS: [&str; 9] = ["group", "site", "wave", "time", "attended", "theme", "relation", "positive", "toward"];

/// All definitions and an order for working them; nothing where one has a problem.
pub(super) fn definitions(
    declaration: &Declaration,
    scope: &TableScope<'_>,
    problems: &mut Diagnostics,
) -> Option<(Vec<Definition>, Vec<usize>)> {
    let list = &declaration.definitions;
    if !names_are_free(list, scope, problems) {
        return None;
    }
    *scope.known.borrow_mut() =
        list.iter().map(|(level, name, _)| Known { name: name.text.clone(), level: *level, kind: None }).collect();
    let reads: Vec<BTreeSet<usize>> = list.iter().map(|(level, _, formula)| named(*level, formula, scope)).collect();
    let order = in_order(list, &reads, problems)?;
    let mut compiled: Vec<Option<Definition>> = vec![None; list.len()];
    let mut fine = true;
    for position in &order {
        let (level, name, formula) = &list[*position];
        scope.level.set(*level);
        match compile(formula, &Wanted::Number, scope, problems) {
            Some(program) => {
                scope.known.borrow_mut()[*position].kind = Some(program.kind().clone());
                compiled[*position] = Some(Definition { name: name.text.clone(), level: *level, program });
            }
            None => fine = false,
        }
        let _ = scope.taken();
    }
    let compiled: Option<Vec<Definition>> = compiled.into_iter().collect();
    compiled.filter(|_| fine).map(|compiled| (compiled, order))
}

/// The definitions that a formula names, whatever else is wrong with it.
fn named(level: Level, formula: &Text, scope: &TableScope<'_>) -> BTreeSet<usize> {
    scope.level.set(level);
    let _ = compile(formula, &Wanted::Number, scope, &mut Diagnostics::new());
    scope.taken()
}

/// Names must differ from one another and from all that formulas can read otherwise (S1004).
fn names_are_free(list: &[(Level, Text, Text)], scope: &TableScope<'_>, problems: &mut Diagnostics) -> bool {
    let mut fine = true;
    for (position, (_, name, _)) in list.iter().enumerate() {
        let text = name.text.as_str();
        let taken = match () {
            () if list[..position].iter().any(|(_, other, _)| other.text == text) => "another definition",
            () if scope.schema.item(text).is_some() => "a question of the survey",
            () if scope.schema.baseline(text).is_some() => "what is known of persons from the start",
            () if scope.parameters.names().any(|parameter| parameter == text) => "a parameter",
            () if WORDS.contains(&text) => "a word of the language",
            () => continue,
        };
        fine = false;
        problems
            .error("S1004", &name.span, format!("`{text}` is the name of {taken}"))
            .help("give the definition a name of its own");
    }
    fine
}

/// An order in which each definition comes after those that it reads; a circle is an error (S1005).
fn in_order(list: &[(Level, Text, Text)], reads: &[BTreeSet<usize>], problems: &mut Diagnostics) -> Option<Vec<usize>> {
    let mut order: Vec<usize> = Vec::with_capacity(list.len());
    let mut placed = vec![false; list.len()];
    while order.len() < list.len() {
        let before = order.len();
        for position in 0..list.len() {
            if !placed[position] && reads[position].iter().all(|read| placed[*read]) {
                placed[position] = true;
                order.push(position);
            }
        }
        if order.len() == before {
            let circle: Vec<&str> = (0..list.len()).filter(|p| !placed[*p]).map(|p| list[p].1.text.as_str()).collect();
            let first = (0..list.len()).find(|p| !placed[*p])?;
            problems
                .error("S1005", &list[first].2.span, format!("these read one another: {}", circle.join(", ")))
                .help("let one of them do without the others");
            return None;
        }
    }
    Some(order)
}
