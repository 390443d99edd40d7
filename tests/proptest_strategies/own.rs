//! Properties of eclosion itself on small studies by chance.

use eclosion::disk::{Source, Value};
use eclosion::proptest::{simulated, small_studies};
use eclosion::release::{Declaration, Folder, Format, Product, Stamp, dirty::Preset};
use eclosion::small::{Cell, ItemKind, Panel, Ready, SmallStudy};
use eclosion::study::Part;
use eclosion::tables::observed::AnswerColumn;
use eclosion::tables::{Coding, Reason};
use proptest::prelude::*;

fn config(cases: u32) -> ProptestConfig {
    ProptestConfig { cases, failure_persistence: None, ..ProptestConfig::default() }
}

fn ready(study: &SmallStudy) -> Result<Ready, TestCaseError> {
    study.ready("own").map_err(|trouble| TestCaseError::fail(trouble.to_string()))
}

fn told(column: &AnswerColumn, coding: Option<&Coding>, row: usize) -> f64 {
    match column {
        AnswerColumn::Coded(codes) => coding.map_or(f64::NAN, |coding| coding.values[usize::from(codes[row])]),
        AnswerColumn::Number(values) => values[row],
    }
}

/// Every answer of every record is the true value, or the audit says why not, by the person behind the record.
fn explained(part: &Part) -> Result<(), TestCaseError> {
    let Part { truth, observed, audit, .. } = part;
    for (k, item) in observed.schema.items.iter().enumerate() {
        let Some(variable) = truth.schema.variable(&item.name) else { return Err(TestCaseError::fail("no variable")) };
        for (wave, column) in observed.answers[k].iter().enumerate() {
            for row in 0..observed.group.len() {
                let answer = told(column, item.coding.as_deref(), row);
                let person = audit.links.get(wave).map_or(row as u32, |links| links[row]);
                if person == u32::MAX {
                    prop_assert!(answer.is_nan() && !observed.attended[wave][row]);
                    continue;
                }
                let value = truth.at(variable, truth.schema.waves[wave]).value(person as usize);
                match Reason::of_code(audit.cells[k][wave][person as usize]) {
                    Some(Reason::AsTrue) => prop_assert_eq!(answer, value),
                    Some(reason) if reason.of_missing().is_some() => prop_assert!(answer.is_nan(), "{:?}", reason),
                    Some(reason) => prop_assert!(!answer.is_nan() && answer != value, "{:?}", reason),
                    None => return Err(TestCaseError::fail("a reason without a name")),
                }
            }
        }
    }
    Ok(())
}

/// A release of a study in a folder, and its table `answers`.
fn released(ready: &Ready, study: &SmallStudy) -> Result<tempfile::TempDir, TestCaseError> {
    let fail = |problem: eclosion::tables::RunProblem| TestCaseError::fail(problem.message);
    let folder = tempfile::tempdir().map_err(|e| TestCaseError::fail(e.to_string()))?;
    let part = ready.part().map_err(fail)?;
    let codes = ready.codes(&part);
    let dirty = study.dirt.preset().and_then(Preset::named);
    let declaration = Declaration { formats: vec![Format::Csv], dirty, ..ready.scenario.release.clone() };
    let mut out = Folder::open(folder.path(), Format::Csv, false, Stamp::default()).map_err(fail)?;
    out.leave_to_system();
    let mut product = Product::open(&mut out, &ready.setup(&declaration)).map_err(fail)?;
    product.add(&mut out, &ready.delivery(&part, &codes)).map_err(fail)?;
    product.close_tables(&mut out).map_err(fail)?;
    out.commit_without_codebook().map_err(fail)?;
    Ok(folder)
}

fn is_cell(value: Value<'_>, cell: Option<&Cell>) -> bool {
    match cell {
        None => value == Value::None,
        Some(Cell::Number(number)) => value.number() == Some(*number),
        Some(Cell::Text(text)) => value == Value::Text(text),
    }
}

fn read_back(folder: &std::path::Path, panel: &Panel) -> Result<(), TestCaseError> {
    let fail = |problem: eclosion::tables::RunProblem| TestCaseError::fail(problem.message);
    let source = Source::open(&folder.join("data/answers.csv")).map_err(fail)?;
    let names: Vec<String> = panel.columns.iter().map(|column| column.name.clone()).collect();
    prop_assert_eq!(source.columns(), names.as_slice());
    let mut row = 0;
    let mut other = None;
    source
        .each_row(&mut |_, values| {
            if !values.iter().zip(panel.row(row)).all(|(value, cell)| is_cell(*value, cell)) {
                other.get_or_insert(row);
            }
            row += 1;
            Ok(())
        })
        .map_err(fail)?;
    prop_assert_eq!((row, other), (panel.rows(), None));
    Ok(())
}

/// The study with a target quantity of its first question and a method, over enough data sets for several
/// batches.
fn with_method(study: &SmallStudy) -> String {
    let name = study.item_name(0);
    let quantity = match study.items[0].kind {
        ItemKind::YesNo { .. } => "quantity = \"prevalence\"",
        ItemKind::Levels { .. } => "quantity = \"prevalence\"\nlevel = \"never\"",
        ItemKind::Number { .. } => "quantity = \"mean\"",
    };
    let text = study.to_toml("threads").replace("replicates = 1\n", "replicates = 1500\n");
    format!(
        "{text}\n[[estimand]]\nname = \"first\"\nof = \"{name}\"\n{quantity}\nwave = {}\ntarget = \"cohort\"\n\n\
         [[method]]\nmethod = \"available_case\"\n",
        study.waves
    )
}

proptest! {
    #![proptest_config(config(150))]

    #[test]
    fn every_scenario_has_no_error(study in small_studies()) {
        ready(&study)?;
        prop_assert_eq!(&study.clone().fitted(), &study);
    }

    #[test]
    fn truth_and_audit_are_the_observed_data(study in small_studies()) {
        let part = ready(&study)?.part().map_err(|p| TestCaseError::fail(p.message))?;
        explained(&part)?;
    }

    #[test]
    fn clean_studies_have_no_errors_of_entry(case in simulated()) {
        prop_assert_eq!(case.errors == 0, case.dirty == case.observed);
        prop_assert_eq!(case.truth.rows() as u64, case.study.persons() * u64::from(case.study.waves));
    }
}

proptest! {
    #![proptest_config(config(60))]

    #[test]
    fn a_release_is_the_panel_and_reads_back(case in simulated()) {
        let folder = released(&ready(&case.study)?, &case.study)?;
        let text = std::fs::read_to_string(folder.path().join("data/answers.csv"));
        prop_assert_eq!(text.unwrap_or_default(), case.dirty.to_csv());
        read_back(folder.path(), &case.dirty)?;
    }
}

/// What `eclosion evaluate` writes of a study on so many threads.
fn evaluated(folder: &std::path::Path, threads: &str) -> Result<Vec<u8>, TestCaseError> {
    let out = folder.join(threads);
    let output = std::process::Command::new(env!("CARGO_BIN_EXE_eclosion"))
        .arg("evaluate")
        .arg(folder.join("study.toml"))
        .args(["--threads", threads, "--format", "csv", "--out"])
        .arg(&out)
        .output();
    let output = output.map_err(|e| TestCaseError::fail(e.to_string()))?;
    prop_assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    std::fs::read(out.join("estimates.csv")).map_err(|e| TestCaseError::fail(e.to_string()))
}

proptest! {
    #![proptest_config(config(12))]

    #[test]
    fn one_thread_and_two_give_the_same(study in small_studies()) {
        let folder = tempfile::tempdir().map_err(|e| TestCaseError::fail(e.to_string()))?;
        std::fs::write(folder.path().join("study.toml"), with_method(&study))
            .map_err(|e| TestCaseError::fail(e.to_string()))?;
        let one = evaluated(folder.path(), "1")?;
        prop_assert!(one.iter().filter(|byte| **byte == b'\n').count() > 1500);
        prop_assert_eq!(one, evaluated(folder.path(), "2")?);
    }
}
