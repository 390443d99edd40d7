//! Which method answers which estimand, and what is found when all conditions are prepared.

use super::*;
use crate::diagnostic::{Span, Text};
use crate::scenario::prepare::in_condition;
use crate::tables::{Quantity, TargetTruth};

fn target(name: &str) -> Target {
    Target {
        name: name.to_owned(),
        span: Span::default(),
        of: Text::default(),
        level: None,
        quantity: Quantity::Mean { wave: 0 },
        restrict: None,
        compare: None,
        constants: Vec::new(),
        null: None,
        truth: TargetTruth::Population,
        level_of_confidence: 0.95,
    }
}

/// Pairs and problems of these methods with estimands `a`, `hard b` and `c`.
fn pairs(methods: &str) -> (Option<Vec<(usize, usize)>>, Vec<String>) {
    let estimands = "[[estimand]]\nname = 'a'\n[[estimand]]\nname = 'hard b'\n[[estimand]]\nname = 'c'\n";
    let loaded = load_one(&format!("{LEAST}{estimands}{methods}"));
    let scenario = loaded.scenario.expect("no mistakes of shape");
    let mut problems = Diagnostics::new();
    let targets = ["a", "hard b", "c"].map(target);
    let pairs = scenario.pairs(&targets, &ObservedSchema::default(), &mut problems);
    (pairs, listed(&problems, &loaded.sources))
}

#[test]
fn each_method_answers_what_it_is_asked_for_or_all_that_it_can() {
    let methods = "[[method]]\nmethod = 'ipw'\n[[method]]\nmethod = 'complete_case'\nestimands = ['c']\n";
    assert_eq!(pairs(methods), (Some(vec![(0, 0), (2, 0), (2, 1)]), vec![]));
    assert_eq!(pairs(""), (Some(vec![]), vec![]));
}

#[test]
fn a_method_that_cannot_answer_is_told_why() {
    let (found, problems) = pairs(
        "[[method]]\nmethod = 'ipw'\nestimands = ['a', 'hard b']\n[[method]]\nmethod = 'complete_case'\nestimands = []\n",
    );
    assert_eq!(found, None);
    assert_eq!(
        problems,
        [
            "S0602 18:20 method `ipw` cannot answer `hard b`: it is too hard [leave it out of `estimands`]",
            "S0603 20:11 method `complete_case` can answer no estimand of this scenario [`estimands` names none]",
        ]
    );
    let loaded = load_one(&format!("{LEAST}[[estimand]]\nname = 'hard'\n[[method]]\nmethod = 'ipw'\n"));
    let mut problems = Diagnostics::new();
    let scenario = loaded.scenario.expect("no mistakes of shape");
    assert_eq!(scenario.pairs(&[target("hard")], &ObservedSchema::default(), &mut problems), None);
    assert_eq!(
        listed(&problems, &loaded.sources),
        ["S0603 13:11 method `ipw` can answer no estimand of this scenario [`hard`: it is too hard]"]
    );
}

#[test]
fn parameters_that_nothing_reads() {
    let loaded = load_one(WHOLE);
    let mut problems = Diagnostics::new();
    let scenario = loaded.scenario.expect("no mistakes");
    scenario.report_unused(&[true, false], &mut problems);
    scenario.report_unused(&[true, true], &mut problems);
    assert_eq!(
        listed(&problems, &loaded.sources),
        [
            "S0701 12:1 no formula reads the parameter `layer` [it is varied, but no formula reads it: all its values give the same study]"
        ]
    );
}

#[test]
fn a_problem_of_a_later_condition_says_where_it_appears() {
    let scenario = load_one(WHOLE).scenario.expect("no mistakes");
    let conditions = scenario.conditions(&mut Diagnostics::new());
    let mut problems = Diagnostics::new();
    problems.error("S0201", &Span::default(), "too large");
    let problem = &problems.list()[0];
    assert_eq!(in_condition(problem, &conditions[0]).message, "too large");
    assert_eq!(in_condition(problem, &conditions[3]).message, "too large (where lost = 0.05, layer = recorded)");
}
