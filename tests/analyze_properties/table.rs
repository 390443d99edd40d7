//! A small panel as a CSV file, and what a plan makes of it.

use eclosion::diagnostic::{Diagnostics, render};
use eclosion::scenario::load_plan_text;
use eclosion::{intake, report, study};
use proptest::prelude::*;
use serde_json::Value;
use std::fmt::Write;

pub const WAVES: usize = 3;

/// A person: arm, age, the answers by wave (well, again, score), and the house that persons share.
#[derive(Clone, Debug)]
pub struct Person {
    pub arm: bool,
    pub age: u8,
    pub house: u8,
    pub answers: Vec<Option<(bool, bool, f64)>>,
}

/// A row of the file.
#[derive(Clone, Debug)]
pub struct Row {
    pub person: usize,
    pub wave: usize,
    pub arm: u8,
    pub age: u8,
    pub house: u8,
    pub weight: f64,
    pub well: u8,
    pub again: u8,
    pub score: f64,
}

pub fn person() -> impl Strategy<Value = Person> {
    let answer = (any::<bool>(), 0_u8..4, -3.0..3.0_f64);
    let answers = proptest::collection::vec(proptest::option::weighted(0.85, answer), WAVES);
    // The score follows the arm, the age and, loosely, what was said at the first wave; `again` mostly agrees.
    (any::<bool>(), 13_u8..20, 0_u8..6, -1.0..1.0_f64, answers).prop_map(|(arm, age, house, level, answers)| {
        let told = |(well, other, noise): (bool, u8, f64)| {
            let score = 10.0 + level + noise + 0.5 * f64::from(u8::from(arm)) + 0.1 * f64::from(age);
            (well, well ^ (other == 0), score)
        };
        Person { arm, age, house, answers: answers.into_iter().map(|a| a.map(told)).collect() }
    })
}

/// Persons enough that few fits fail; where one fails it must fail in both of two tables.
pub fn persons() -> impl Strategy<Value = Vec<Person>> {
    proptest::collection::vec(person(), 24..36)
}

pub fn rows(persons: &[Person]) -> Vec<Row> {
    let of = |(number, person): (usize, &Person)| {
        let told = person.answers.iter().enumerate().filter_map(|(wave, answer)| answer.map(|a| (wave, a)));
        let row = |(wave, (well, again, score)): (usize, (bool, bool, f64))| Row {
            person: number + 1,
            wave: wave + 1,
            arm: u8::from(person.arm),
            age: person.age,
            house: person.house,
            weight: 1.0,
            well: u8::from(well),
            again: u8::from(again),
            score,
        };
        told.map(row).collect::<Vec<_>>()
    };
    persons.iter().enumerate().flat_map(of).collect()
}

pub const DATA: &str = r#"
[analysis]
seed = 20101
[data]
id = "person"
wave = "wave"
baseline = ["arm", "age", "house"]
"#;

/// Runs a plan, `DATA` before it unless it begins with a table of its own, on rows.
pub fn analyze(head: &str, plan: &str, rows: &[Row], weighted: bool) -> Value {
    let mut csv = "person,wave,arm,age,house,well,again,score".to_owned();
    csv += if weighted { ",weight\n" } else { "\n" };
    for Row { person, wave, arm, age, house, weight, well, again, score } in rows {
        let _ = write!(csv, "{person},{wave},{arm},{age},{house},{well},{again},{score}");
        csv += &if weighted { format!(",{weight}\n") } else { "\n".to_owned() };
    }
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("panel.csv");
    std::fs::write(&path, csv).expect("it can be written");
    let loaded = load_plan_text("plan.toml", &format!("{head}{plan}"));
    let refused = |problems: &Diagnostics| render(problems, &loaded.sources, false);
    let plan = loaded.plan.as_ref().unwrap_or_else(|| panic!("{}", refused(&loaded.problems)));
    let read = intake::read(&[path], &plan.data).unwrap_or_else(|p| panic!("{}: {}", p.code, p.message));
    let mut problems = Diagnostics::new();
    let analysis = study::analyze(plan, &read, &mut problems).unwrap_or_else(|| panic!("{}", refused(&problems)));
    report::analysis_json(&analysis)
}
