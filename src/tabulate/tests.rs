//! Tables of two small studies, by hand.

use super::{Plan, Scratch};
use crate::diagnostic::Diagnostics;
use crate::scenario::load_text;
use crate::tables::observed::{AnswerColumn, CodedComments, VisitColumns};
use crate::tables::{ObservedBatch, ObservedSchema};
use std::sync::Arc;

/// Of three waves the first and the last count; comments are those of the second coder.
const SCENARIO: &str = r#"scenario = 1
[study]
title = "small"
aims = "test"
seed = 1
replicates = 10
[time]
step = "1 month"
waves = { first = "1 year", every = "1 year", count = 3 }
visits = "binomial(n = 2, p = 0.5)"
[[group]]
name = "all"
size = 3
[state.ill]
starts = 0.5
on = { rate = 0.3 }
off = { rate = 0.5 }
[[survey.comment]]
name = "worry"
count = "poisson(mean = 1)"
positive = 0.5
[[survey.coder]]
name = "one"
[[survey.coder]]
name = "two"
[[estimand]]
name = "ill"
quantity = "prevalence"
of = "ill"
wave = 3
target = "cohort"
[[method]]
method = "complete_case"
[tables]
waves = [1, 3]
coder = "two"
of = "counted"
[tables.interview]
ill_then = "ill"
[tables.year]
seen = "attended"
ill_year = "ill"
told = "any(ill_then)"
[tables.person]
counted = "any(seen)"
first_ill = "first(ill_year)"
longest_told = "longest(told)"
[[table]]
id = "t"
row = [
    { id = "persons" },
    { id = "years", count = "years", where = "attended" },
    { id = "interviews", count = "interviews" },
    { id = "ill_interviews", count = "interviews", where = "ill_then" },
    { id = "ill_share", count = "interviews", percent = "ill_then", decimals = 2 },
    { id = "ill_years", count = "years", mean = "ill_year", decimals = 2 },
    { id = "least", count = "years", min = "ill_year + 2 * wave" },
    { id = "greatest", count = "years", max = "ill_year + 2 * wave" },
    { id = "first_ill", where = "first_ill" },
    { id = "longest", total = "longest_told" },
    { id = "late", count = "years", where = "attended and wave == 3" },
    { id = "comments", count = "comments" },
    { id = "persons_with", link = "at least one comment" },
    { id = "good", count = "comments", where = "positive" },
    { id = "not_good", count = "comments", where = "not positive" },
    { id = "good_share", count = "comments", percent = "positive" },
]
"#;

/// Codes of answers: no, yes, none.
const NO: u8 = 0;
const YES: u8 = 1;
const NONE: u8 = 2;

fn plan() -> (Plan, Arc<ObservedSchema>) {
    let loaded = load_text("small.toml", SCENARIO, &[]);
    let scenario = loaded.scenario.unwrap_or_else(|| panic!("{:?}", loaded.problems.list()));
    let condition = scenario.conditions(&mut Diagnostics::new()).swap_remove(0);
    let mut problems = Diagnostics::new();
    let prepared = scenario.prepare(&condition, &mut problems).unwrap_or_else(|| panic!("{:?}", problems.list()));
    let schema = prepared.survey.schema().clone();
    (prepared.tables.expect("there are tables"), schema)
}

/// Two studies of three persons; the third of each takes part in the second wave only, which does not count.
fn batch(schema: &Arc<ObservedSchema>) -> ObservedBatch {
    let visit = |wave: usize, number: usize, took_place: [bool; 6], ill: [u8; 6]| VisitColumns {
        wave,
        number,
        took_place: took_place.to_vec(),
        years: vec![wave as f64 + 1.0; 6],
        answers: vec![AnswerColumn::Coded(ill.to_vec())],
        ..VisitColumns::default()
    };
    const T: bool = true;
    const F: bool = false;
    // Row, wave, visit, coder, and whether it is positive; 255 where the theme says nothing of it.
    let marks: [(u32, u16, u16, u8, u8); 9] = [
        (0, 0, 0, 1, 1),
        (0, 0, 0, 0, 1),
        (0, 0, 1, 1, 0),
        (0, 1, 0, 1, 1),
        (3, 2, 0, 1, u8::MAX),
        (3, 2, 0, 1, 1),
        (3, 2, 0, 1, 1),
        (4, 0, 0, 1, 1),
        (4, 2, 0, 0, 1),
    ];
    ObservedBatch {
        schema: schema.clone(),
        replicates: 0..2,
        group: vec![0; 6],
        attended: vec![vec![T, T, F, T, F, F], vec![T; 6], vec![F, T, F, T, T, F]],
        answers: vec![vec![
            AnswerColumn::Coded(vec![NO, NO, NONE, NONE, NONE, NONE]),
            AnswerColumn::Coded(vec![YES; 6]),
            AnswerColumn::Coded(vec![NONE, NONE, NONE, YES, NO, NONE]),
        ]],
        visits: vec![
            visit(0, 0, [T, T, F, T, F, F], [YES, NO, NONE, NONE, NONE, NONE]),
            visit(0, 1, [T, F, F, F, F, F], [NO, NONE, NONE, NONE, NONE, NONE]),
            visit(1, 0, [T; 6], [YES; 6]),
            visit(2, 0, [F, T, F, T, T, F], [NONE, NONE, NONE, YES, NO, NONE]),
        ],
        comments: CodedComments {
            row: marks.iter().map(|m| m.0).collect(),
            wave: marks.iter().map(|m| m.1).collect(),
            visit: marks.iter().map(|m| m.2).collect(),
            number: (0..9).collect(),
            coder: marks.iter().map(|m| m.3).collect(),
            theme: vec![0; 9],
            valence: marks.iter().map(|m| m.4).collect(),
            direction: vec![u8::MAX; 9],
            relation: vec![u8::MAX; 9],
        },
        ..ObservedBatch::default()
    }
}

#[test]
fn every_kind_of_cell() {
    let (plan, schema) = plan();
    let values = plan.cells_of(&batch(&schema), &mut Scratch::default());
    let ids: Vec<&str> = plan.cells.iter().map(|cell| cell.id.trim_start_matches("t.")).collect();
    let studies: Vec<Vec<(&str, f64)>> =
        values.chunks(ids.len()).map(|study| ids.iter().copied().zip(study.iter().copied()).collect()).collect();
    // The first study: the first person has two interviews at the first wave, the second one there and one at the third,
    // without an answer. An interview of the second study has no answer either.
    let first = [
        ("persons", 2.0),
        ("years", 3.0),
        ("interviews", 4.0),
        ("ill_interviews", 1.0),
        ("ill_share", 100.0 / 3.0),
        ("ill_years", 0.0),
        ("least", 2.0),
        ("greatest", 2.0),
        ("first_ill", 0.0),
        ("longest", 1.0),
        ("late", 1.0),
        ("comments", 2.0),
        ("persons_with", 1.0),
        ("good", 1.0),
        ("not_good", 1.0),
        ("good_share", 50.0),
    ];
    // A comment on the fifth person is of an interview that was not held.
    let second = [
        ("persons", 2.0),
        ("years", 3.0),
        ("interviews", 3.0),
        ("ill_interviews", 1.0),
        ("ill_share", 50.0),
        ("ill_years", 0.5),
        ("least", 6.0),
        ("greatest", 7.0),
        ("first_ill", 1.0),
        ("longest", 1.0),
        ("late", 2.0),
        ("comments", 3.0),
        ("persons_with", 1.0),
        ("good", 2.0),
        ("not_good", 0.0),
        ("good_share", 100.0),
    ];
    assert_eq!(studies, [first.to_vec(), second.to_vec()]);
}

#[test]
fn sequences_are_those_of_the_first_study_and_of_whom_the_tables_count() {
    let (plan, schema) = plan();
    let sequence = |name: &str| plan.sequence(&batch(&schema), name, &mut Scratch::default());
    let ill = sequence("ill").expect("it is a question");
    let said = |text: &str| Some(text.to_owned());
    assert_eq!(ill.waves, [1, 3]);
    assert_eq!(ill.persons, [[said("0"), None], [said("0"), None]]);
    let told = sequence("told").expect("it is a definition of years");
    assert_eq!(told.persons, [[said("1"), said("0")], [said("0"), said("0")]]);
    assert_eq!(sequence("ill_then"), None);
    assert_eq!(plan.sequences(&batch(&schema)), ["ill", "seen", "ill_year", "told"]);
}
