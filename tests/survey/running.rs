//! Values that cannot be used, found while the survey runs.

use crate::common::*;

const YEARLY: &str = "time = { step = '1 month', waves = { every = '1 year', count = 3 } }\n";
const PEOPLE: &str = "[[group]]\nname = 'boys'\nsize = 3\n[[group]]\nname = 'girls'\nsize = 40\nstart = { x = 1 }\n\
                      [state.x]\nstarts = 0\n";

fn problem(text: &str) -> String {
    let problem = try_see(&study(text), 5, 7..9, Keep::Answers).err().expect("it cannot run");
    assert_eq!(problem.code, "R0002");
    assert!(problem.span.is_some(), "{}", problem.message);
    problem.message
}

#[test]
fn a_missing_answer_stops_the_study_and_names_the_person() {
    let text = format!(
        "{YEARLY}{PEOPLE}[survey.items]\nx = {{ nonresponse = 'if(x, 1, 0)' }}\n\
         [[survey.loss]]\nkind = 'dropout'\nprobability = '0.1 + 0.1*reported(x)'\n"
    );
    assert_eq!(
        problem(&text),
        "`0.1 + 0.1*reported(x)` is not a number for person 1 of group `girls` in replicate 7 at wave 2: an answer \
         that it reads may be missing, so ask with `missing(...)`"
    );
}

#[test]
fn every_kind_of_formula_tells_its_problem() {
    let items = |x: &str| format!("{YEARLY}{PEOPLE}[survey.items]\nx = {{ {x} }}\n");
    let out_of_range = problem(&format!(
        "{}[attributes]\na = 'normal(mean = 9, sd = 1)'\n",
        items("specificity = 'if(wave < 3, 0.5, a)'")
    ));
    assert!(out_of_range.starts_with("`if(wave < 3, 0.5, a)` is "), "{out_of_range}");
    assert!(
        out_of_range.ends_with(" for person 1 of group `boys` in replicate 7 at wave 3, and that cannot be used here"),
        "{out_of_range}"
    );
    let law = "a = 'normal(mean = 0, sd = 1)'\n";
    let error =
        format!("{YEARLY}{PEOPLE}[attributes]\n{law}[survey.items]\na = {{ error = 'normal(mean = 0, sd = a)' }}\n");
    assert!(problem(&error).starts_with("`a` is -"), "{}", problem(&error));
    let visits = YEARLY.replace("waves", "visits = 'poisson(mean = 2) + X', waves");
    for (law, value) in
        [("normal(mean = 0, sd = 1)", "`normal(mean = 0, sd = 1)` is "), ("constant(value = 256)", "is 256 ")]
    {
        let text = format!("{}{PEOPLE}", visits.replace("poisson(mean = 2) + X", law));
        assert!(problem(&text).contains(value), "{}", problem(&text));
    }
    let mood = format!(
        "{YEARLY}{PEOPLE}[survey]\nmood = 'normal(mean = 0, sd = exp(a) - 5)'\n[attributes]\na = 'normal(mean = 0, sd = 1)'\n[survey.items]\nx = {{ sensitivity = 'expit(mood)' }}\n"
    );
    assert!(problem(&mood).starts_with("`exp(a) - 5` is -"), "{}", problem(&mood));
}

#[test]
fn a_row_of_a_matrix_that_does_not_sum_to_1_is_named() {
    let text = format!(
        "{YEARLY}[[group]]\nname = 'g'\nsize = 9\n[state.p]\nlevels = ['a', 'b']\nstarts = 'b'\nmoves = [{{ from = 'b', to = 'a', rate = 0 }}]\n\
         [survey.items]\np = {{ matrix = [[1, 0], ['0.1*exp(time)', 0.9]] }}\n"
    );
    assert_eq!(
        problem(&text),
        "the row of `matrix` that begins with `0.1*exp(time)` does not sum to 1 for person 1 of group `g` in replicate 7 \
         at wave 2"
    );
}

/// Formulas of items, laws of errors, moods and visits have no value for those who never answered; they are all away.
#[test]
fn who_is_away_stops_nothing() {
    let away = "[[survey.loss]]\nkind = 'dropout'\nprobability = 'if(x, 1, 0)'\nfrom_wave = 1\n";
    let ill = "if(wave == 1, 0, 0*reported(x))";
    let surveys = [
        format!("[survey.items]\nx = {{ ASKED }}\na = {{ error = 'normal(mean = {ill}, sd = 1)' }}\n"),
        format!(
            "[survey]\nmood = 'normal(mean = {ill}, sd = 1)'\n[survey.items]\nx = {{ ASKED }}\ny = {{ sensitivity = 'expit(mood)' }}\n"
        ),
        format!("[survey.items]\nx = {{ ASKED }}\ny = {{ sensitivity = 0.5, nonresponse = 'expit({ill})' }}\n"),
        format!("[survey.items]\nx = {{ ASKED }}\ny = {{ sensitivity = 'expit({ill} + since(y))' }}\n"),
    ];
    for survey in &surveys {
        let survey = survey.replace("ASKED", "nonresponse = 'if(x, 1, 0)'");
        let others = "[attributes]\na = 1\n[state.y]\nstarts = 0\non = { rate = 0.5 }\n";
        let text = format!("{YEARLY}{PEOPLE}{others}{survey}");
        assert!(try_see(&study(&text), 1, 0..2, Keep::Answers).is_err(), "{survey}");
        let seen =
            try_see(&study(&format!("{text}{away}")), 1, 0..2, Keep::Cells).unwrap_or_else(|p| panic!("{}", p.message));
        let x = seen.truth("x", 1);
        assert!((0..seen.rows()).all(|i| seen.attended(1)[i] == (x[i] == 0.0)));
    }
    for law in ["constant(value = if(wave == 1, 2, 2 + reported(x)))", "constant(value = if(x, 0.5, 2))"] {
        let time = YEARLY.replace("waves", &format!("visits = '{law}', waves"));
        let asked = "[survey.items]\nx = { nonresponse = 'if(x, 1, 0)' }\n";
        assert!(try_see(&study(&format!("{time}{PEOPLE}{asked}")), 1, 0..2, Keep::Answers).is_err(), "{law}");
        let seen = try_see(&study(&format!("{time}{PEOPLE}{asked}{away}")), 1, 0..2, Keep::Cells);
        assert!(seen.is_ok(), "{law}: {}", seen.err().map(|p| p.message).unwrap_or_default());
    }
}

/// The draws of those who are present are the same, whether or not a law could be drawn for the others.
#[test]
fn who_is_away_moves_no_draw() {
    let with = |law: &str| {
        let text = format!(
            "{YEARLY}[[group]]\nname = 'g'\nsize = 1000\n[attributes]\na = 1\n[state.x]\nstarts = 0.5\n\
             [survey.items]\nx = {{}}\na = {{ error = '{law}' }}\n\
             [[survey.loss]]\nkind = 'dropout'\nprobability = 'if(x, 1, 0)'\nfrom_wave = 1\n"
        );
        seen(&text, 3).answers("a", 2)
    };
    let bits = |list: Vec<f64>| list.into_iter().map(f64::to_bits).collect::<Vec<_>>();
    assert_eq!(
        bits(with("normal(mean = if(wave == 1, 0, 0*reported(x)), sd = 1)")),
        bits(with("normal(mean = 0, sd = 1)"))
    );
}
