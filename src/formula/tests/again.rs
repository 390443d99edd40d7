//! What is compiled again, and what is taken from before.

use super::super::compiled::is_same;
use super::super::slots::Slots;
use super::*;
use crate::diagnostic::Text;

/// The parameters, and the slots `u` and `v` in the order in which formulas ask for them.
struct Kept<'a> {
    parameters: &'a Parameters,
    slots: Slots<char>,
    high: f64,
}

impl Scope for Kept<'_> {
    fn resolve(&self, reference: &Reference<'_>) -> Result<Resolved, Unresolved> {
        let bounds = Bounds { low: 0.0, high: self.high };
        match reference.name {
            "u" => Ok(self.slots.resolved('u', Kind::Number, bounds)),
            "v" => Ok(self.slots.resolved('v', Kind::Number, bounds)),
            _ => self.parameters.resolve_only(reference),
        }
    }

    fn accessors(&self) -> &'static [&'static str] {
        &[]
    }

    fn compiled(&self) -> Option<&Compiled> {
        self.parameters.compiled()
    }
}

fn parameters() -> Parameters {
    let one = |name: &str| Parameter {
        name: Text { text: name.to_owned(), ..Text::default() },
        value: 0.5,
        levels: None,
        about: String::new(),
        source: String::new(),
    };
    let mut parameters = Parameters::new(vec![one("a"), one("b")]);
    parameters.keep_compiled();
    parameters
}

fn scope(parameters: &Parameters) -> Kept<'_> {
    Kept { parameters, slots: Slots::default(), high: 1.0 }
}

fn made(formula: &str, scope: &Kept<'_>) -> Program {
    let mut problems = Diagnostics::new();
    let program = compile(&text(formula), &Wanted::Number, scope, &mut problems);
    assert!(problems.list().is_empty(), "{problems:?}");
    program.expect("no problems")
}

#[test]
fn only_what_reads_a_changed_parameter_is_compiled_again() {
    let first = parameters();
    let (with_a, with_b) = (made("a * u", &scope(&first)), made("b + 1", &scope(&first)));
    let second = first.with(&[(0, 0.75)]);
    let (again_a, again_b) = (made("a * u", &scope(&second)), made("b + 1", &scope(&second)));
    assert!(Arc::ptr_eq(&with_b.0, &again_b.0) && !Arc::ptr_eq(&with_a.0, &again_a.0));
    assert_eq!((with_a.evaluate_one(&[2.0]), again_a.evaluate_one(&[2.0])), (1.0, 1.5));
    let read: Vec<&str> = second.read().map(|parameter| parameter.name.text.as_str()).collect();
    assert_eq!(read, ["a", "b"], "what is taken from before counts as read");
    // Back at the first values, both are there.
    assert!(Arc::ptr_eq(&with_a.0, &made("a * u", &scope(&first.with(&[]))).0));
}

#[test]
fn slots_get_the_numbers_that_they_would_get() {
    let parameters = parameters();
    let there = scope(&parameters);
    assert_eq!(made("u - v", &there).slots(), [0, 1]);
    // Here `v` is asked for first, so that the same text reads other slots.
    let here = scope(&parameters);
    made("v", &here);
    let program = made("u - v", &here);
    assert_eq!((program.evaluate_one(&[3.0, 7.0]), here.slots.into_meanings()), (4.0, vec!['v', 'u']));
}

#[test]
fn zeros_of_two_signs_and_other_ranges_are_not_the_same() {
    let constant = |value| Resolved::Constant { value, kind: Kind::Number };
    assert!(is_same(&constant(0.5), &constant(0.5)) && is_same(&constant(f64::NAN), &constant(f64::NAN)));
    assert!(!is_same(&constant(0.0), &constant(-0.0)));
    let first = parameters().with(&[(0, 0.0)]);
    assert_eq!(made("u + a", &scope(&first)).bounds().high, 1.0);
    assert_eq!(made("u + a", &Kept { high: 2.0, ..scope(&first) }).bounds().high, 2.0);
}

#[test]
fn a_problem_is_reported_each_time_and_at_its_own_place() {
    let parameters = parameters();
    for start in [100, 300] {
        let mut problems = Diagnostics::new();
        let formula = Text { text: "a + nobody".to_owned(), span: Span { file: 0, bytes: start..start + 10 } };
        assert!(compile(&formula, &Wanted::Number, &scope(&parameters), &mut problems).is_none());
        assert_eq!(problems.list()[0].code, "S0202");
    }
    let elsewhere = Text { text: "a * u".to_owned(), span: Span { file: 0, bytes: 7..12 } };
    made("a * u", &scope(&parameters));
    let program = compile(&elsewhere, &Wanted::Number, &scope(&parameters), &mut Diagnostics::new());
    assert_eq!(program.map(|program| program.text().span.bytes.start), Some(7));
}

#[test]
fn reads_of_a_part_do_not_forget_the_others() {
    let parameters = parameters();
    made("a", &scope(&parameters));
    let ((), read) = parameters.reads_of(|| drop(made("b", &scope(&parameters))));
    assert_eq!((read, parameters.unread().len()), (vec![1], 0));
}
