//! The tables of a study: estimates, performance, conditions, true values, audit, provenance.

use super::field::{Cells, Field, FieldKind};
use super::folder::{Folder, Stamp};
use crate::tables::{
    Among, ContrastRow, EstimateRow, Reason, RunProblem, Spent, StudyResult, TruthSource, WarningKind,
};
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// Rows of a stretch.
const STRETCH: usize = 1 << 16;

/// Hands over all estimates by condition, replicate, estimand and method, some at a time.
pub type EachRow<'a> = dyn Fn(&mut dyn FnMut(&[EstimateRow]) -> Result<(), RunProblem>) -> Result<(), RunProblem> + 'a;

/// Adds the tables `estimates`, `performance`, `contrasts`, `failures`, `conditions`, `true_values` and
/// `audit_summary`. Conditions are counted from 1, replicates from 0 as in the addresses of their draws. `rows` are the
/// estimates, which may be too many for memory.
///
/// # Errors
/// R0021: a file cannot be written; or what `rows` returns.
pub fn write_study(folder: &mut Folder, result: &StudyResult, rows: &EachRow<'_>) -> Result<(), RunProblem> {
    estimates(folder, result, rows)?;
    performance(folder, result)?;
    contrasts(folder, result)?;
    failures(folder, result)?;
    conditions(folder, result)?;
    true_values(folder, result)?;
    audit_summary(folder, result)
}

/// Adds the tables `estimates`, `performance` and `true_values` of a result that nobody here has simulated.
///
/// # Errors
/// R0021: a file cannot be written.
pub fn write_measured(folder: &mut Folder, result: &StudyResult) -> Result<(), RunProblem> {
    estimates(folder, result, &|sink| sink(&result.estimates))?;
    performance(folder, result)?;
    true_values(folder, result)
}

fn condition_field() -> Field {
    Field::new("condition", FieldKind::Integer, "number of the condition").range("from 1")
}

fn estimand_field(result: &StudyResult) -> Field {
    Field::new("estimand", FieldKind::Level(result.estimands.clone()), "name of the target quantity")
}

fn method_field(result: &StudyResult) -> Field {
    Field::new("method", FieldKind::Level(result.methods.clone()), "name of the method")
}

fn number(name: &str, about: &str) -> Field {
    Field::new(name, FieldKind::Number, about)
}

const OF_ESTIMAND: &str = "that of the estimand";

fn estimates(folder: &mut Folder, result: &StudyResult, rows: &EachRow<'_>) -> Result<(), RunProblem> {
    let factors = factors(result);
    let conditions = positions(result);
    let mut fields = vec![
        Field::new("replicate", FieldKind::Integer, "number of the simulated data set").range("from 0"),
        condition_field(),
    ];
    fields.extend(factors.iter().map(|f| f.field.clone()));
    fields.extend([
        estimand_field(result),
        method_field(result),
        number("estimate", "point estimate; empty where the fit failed").unit(OF_ESTIMAND),
        number("model_se", "standard error that the method itself reports").unit(OF_ESTIMAND).range("0 or more"),
        number("df", "degrees of freedom of the interval; empty where it rests on the normal distribution")
            .range("above 0"),
        number("lower", "lower limit of the interval").unit(OF_ESTIMAND),
        number("upper", "upper limit of the interval").unit(OF_ESTIMAND),
        number("true_value", "what the estimate is compared with").unit(OF_ESTIMAND),
        number("null_value", "what a test tries to reject; empty where there is no test").unit(OF_ESTIMAND),
        Field::new("status", FieldKind::Text, "`ok`, or why there is no estimate"),
        Field::new("warning", FieldKind::Text, "name of the gravest warning; empty where there is none"),
        Field::new("detail", FieldKind::Text, "what exactly went wrong"),
    ]);
    let mut table = folder.table("estimates", fields)?;
    let mut waiting: Vec<EstimateRow> = Vec::new();
    let mut write = |rows: &[EstimateRow]| {
        let numbers = |value: fn(&EstimateRow) -> Option<f64>| -> Vec<f64> {
            rows.iter().map(|r| value(r).unwrap_or(f64::NAN)).collect()
        };
        let replicate: Vec<i64> = rows.iter().map(|r| r.replicate as i64).collect();
        let condition: Vec<i64> = rows.iter().map(|r| i64::from(r.condition) + 1).collect();
        let places: Vec<usize> =
            rows.iter().map(|r| conditions.get(&r.condition).copied().unwrap_or(usize::MAX)).collect();
        let factors: Vec<Column> = factors.iter().map(|f| f.cells(&places)).collect();
        let estimand: Vec<u32> = rows.iter().map(|r| r.estimand).collect();
        let method: Vec<u32> = rows.iter().map(|r| r.method).collect();
        let estimate = numbers(|r| r.result.as_ref().ok().map(|e| e.estimate));
        let model_se = numbers(|r| r.result.as_ref().ok().and_then(|e| e.model_se));
        let df = numbers(|r| r.result.as_ref().ok().and_then(|e| e.df));
        let lower = numbers(|r| r.result.as_ref().ok().and_then(|e| e.interval).map(|i| i.0));
        let upper = numbers(|r| r.result.as_ref().ok().and_then(|e| e.interval).map(|i| i.1));
        let true_value = numbers(|r| Some(r.true_value));
        let null = |estimand: u32| result.nulls.get(estimand as usize).copied().flatten();
        let null_value: Vec<f64> = rows.iter().map(|r| null(r.estimand).unwrap_or(f64::NAN)).collect();
        let status: Vec<String> =
            rows.iter().map(|r| r.result.as_ref().map_or_else(|f| f.kind.status(), |_| "ok").to_owned()).collect();
        let warning = |r: &EstimateRow| r.result.as_ref().ok().and_then(|e| e.warning);
        let warning: Vec<String> = rows.iter().map(|r| warning(r).map_or("", WarningKind::name).to_owned()).collect();
        let detail: Vec<String> =
            rows.iter().map(|r| r.result.as_ref().map_or_else(|f| f.detail.clone(), |_| String::new())).collect();
        let mut columns = vec![Cells::Integers(&replicate), Cells::Integers(&condition)];
        columns.extend(factors.iter().map(Column::cells));
        columns.extend([
            Cells::LongCodes(&estimand),
            Cells::LongCodes(&method),
            Cells::Numbers(&estimate),
            Cells::Numbers(&model_se),
            Cells::Numbers(&df),
            Cells::Numbers(&lower),
            Cells::Numbers(&upper),
            Cells::Numbers(&true_value),
            Cells::Numbers(&null_value),
            Cells::Texts(&status),
            Cells::Texts(&warning),
            Cells::Texts(&detail),
        ]);
        folder.write("estimates", &mut table, &columns)
    };
    rows(&mut |some| {
        // Files are the same however the rows came.
        waiting.extend_from_slice(some);
        let whole = waiting.len() / STRETCH * STRETCH;
        waiting[..whole].chunks(STRETCH).try_for_each(&mut write)?;
        waiting.drain(..whole);
        Ok(())
    })?;
    if !waiting.is_empty() {
        write(&waiting)?;
    }
    folder.close("estimates", table)
}

/// A varied parameter as a column: numbers where all its values are written as numbers, names otherwise.
struct Factor {
    field: Field,
    numbers: Vec<f64>,
    codes: Vec<u32>,
}

impl Factor {
    /// The cells for these positions in the list of conditions.
    fn cells(&self, positions: &[usize]) -> Column {
        let numbers = || positions.iter().map(|p| self.numbers.get(*p).copied().unwrap_or(f64::NAN)).collect();
        let codes = || positions.iter().map(|p| self.codes.get(*p).copied().unwrap_or(u32::MAX)).collect();
        if self.numbers.is_empty() { Column::Codes(codes()) } else { Column::Numbers(numbers()) }
    }
}

enum Column {
    Numbers(Vec<f64>),
    Codes(Vec<u32>),
}

impl Column {
    fn cells(&self) -> Cells<'_> {
        match self {
            Self::Numbers(values) => Cells::Numbers(values),
            Self::Codes(codes) => Cells::LongCodes(codes),
        }
    }
}

fn factors(result: &StudyResult) -> Vec<Factor> {
    let Some(first) = result.conditions.first() else { return Vec::new() };
    (0..first.factors.len())
        .map(|position| {
            let name = &first.factors[position].0;
            let value = |c: &crate::tables::ConditionResult| {
                c.factors.get(position).map_or("", |f| f.1.as_str()).trim().to_owned()
            };
            let values: Vec<String> = result.conditions.iter().map(value).collect();
            let numbers: Option<Vec<f64>> = values.iter().map(|v| v.parse().ok()).collect();
            let mut levels: Vec<String> = Vec::new();
            let mut codes = Vec::new();
            for value in &values {
                let known = levels.iter().position(|l| l == value);
                let code = known.unwrap_or_else(|| {
                    levels.push(value.clone());
                    levels.len() - 1
                });
                codes.push(code as u32);
            }
            let kind = if numbers.is_some() { FieldKind::Number } else { FieldKind::Level(levels) };
            let field = Field::new(format!("factor_{name}"), kind, format!("value of the varied parameter `{name}`"));
            Factor { field, numbers: numbers.unwrap_or_default(), codes }
        })
        .collect()
}

/// Position in the list of conditions by number.
fn positions(result: &StudyResult) -> BTreeMap<u32, usize> {
    result.conditions.iter().enumerate().map(|(position, c)| (c.number, position)).collect()
}

/// Names as levels, in the order in which they first come, and the position of each.
fn coded<'a>(names: impl Iterator<Item = &'a str>) -> (Vec<String>, Vec<u32>) {
    let mut levels: Vec<String> = Vec::new();
    let codes = names.map(|name| {
        let known = levels.iter().position(|level| level == name);
        known.unwrap_or_else(|| {
            levels.push(name.to_owned());
            levels.len() - 1
        }) as u32
    });
    let codes = codes.collect();
    (levels, codes)
}

fn names(names: &[&str]) -> Vec<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}

fn performance(folder: &mut Folder, result: &StudyResult) -> Result<(), RunProblem> {
    let factors = factors(result);
    let positions = positions(result);
    let (measures, measure_codes) = coded(result.performance.iter().map(|row| row.measure));
    let mut fields = vec![condition_field()];
    fields.extend(factors.iter().map(|f| f.field.clone()));
    fields.extend([
        estimand_field(result),
        method_field(result),
        Field::new("measure", FieldKind::Level(measures), "name of the performance measure"),
        Field::new(
            "among",
            FieldKind::Level(names(&Among::NAMES)),
            "which fits it is of: the method's own successes, \
             those in replicates where all methods succeeded, or all, failures being the worst case",
        ),
        number("value", "the measure; empty where it is undefined").unit("that of the measure"),
        number("mcse", "its Monte Carlo standard error").unit("that of the measure").range("0 or more"),
        Field::new("replicates", FieldKind::Integer, "replicates that entered the measure").range("0 or more"),
    ]);
    let mut table = folder.table("performance", fields)?;
    for (rows, measure) in result.performance.chunks(STRETCH).zip(measure_codes.chunks(STRETCH)) {
        let condition: Vec<i64> = rows.iter().map(|r| i64::from(r.condition) + 1).collect();
        let places: Vec<usize> =
            rows.iter().map(|r| positions.get(&r.condition).copied().unwrap_or(usize::MAX)).collect();
        let factors: Vec<Column> = factors.iter().map(|f| f.cells(&places)).collect();
        let estimand: Vec<u32> = rows.iter().map(|r| r.estimand).collect();
        let method: Vec<u32> = rows.iter().map(|r| r.method).collect();
        let value: Vec<f64> = rows.iter().map(|r| r.measured.value.unwrap_or(f64::NAN)).collect();
        let mcse: Vec<f64> = rows.iter().map(|r| r.measured.mcse.unwrap_or(f64::NAN)).collect();
        let replicates: Vec<i64> = rows.iter().map(|r| r.replicates as i64).collect();
        let among: Vec<u8> = rows.iter().map(|r| r.among as u8).collect();
        let mut columns = vec![Cells::Integers(&condition)];
        columns.extend(factors.iter().map(Column::cells));
        columns.extend([
            Cells::LongCodes(&estimand),
            Cells::LongCodes(&method),
            Cells::LongCodes(measure),
            Cells::Codes(&among),
            Cells::Numbers(&value),
            Cells::Numbers(&mcse),
            Cells::Integers(&replicates),
        ]);
        folder.write("performance", &mut table, &columns)?;
    }
    folder.close("performance", table)
}

fn contrasts(folder: &mut Folder, result: &StudyResult) -> Result<(), RunProblem> {
    let (measures, codes) = coded(result.contrasts.iter().map(|row| row.measure));
    let fields = vec![
        condition_field(),
        estimand_field(result),
        method_field(result),
        Field::new("against_condition", FieldKind::Integer, "number of the condition to compare with").range("from 1"),
        Field::new("against_method", FieldKind::Level(result.methods.clone()), "name of the method to compare with"),
        Field::new("measure", FieldKind::Level(measures), "name of the performance measure"),
        number("value", "the measure less that which it is compared with; empty where it is undefined")
            .unit("that of the measure"),
        number("mcse", "Monte Carlo standard error of the difference").unit("that of the measure").range("0 or more"),
        Field::new(
            "pairs",
            FieldKind::Integer,
            "pairs of fits of one replicate that entered; 0 where nothing is paired",
        )
        .range("0 or more"),
    ];
    let mut table = folder.table("contrasts", fields)?;
    for (rows, measure) in result.contrasts.chunks(STRETCH).zip(codes.chunks(STRETCH)) {
        let codes = |code: fn(&ContrastRow) -> u32| -> Vec<u32> { rows.iter().map(code).collect() };
        let whole = |value: fn(&ContrastRow) -> i64| -> Vec<i64> { rows.iter().map(value).collect() };
        let numbers = |value: fn(&ContrastRow) -> Option<f64>| -> Vec<f64> {
            rows.iter().map(|r| value(r).unwrap_or(f64::NAN)).collect()
        };
        let columns = [
            Cells::Integers(&whole(|r| i64::from(r.condition) + 1)),
            Cells::LongCodes(&codes(|r| r.estimand)),
            Cells::LongCodes(&codes(|r| r.method)),
            Cells::Integers(&whole(|r| i64::from(r.against_condition) + 1)),
            Cells::LongCodes(&codes(|r| r.against_method)),
            Cells::LongCodes(measure),
            Cells::Numbers(&numbers(|r| r.measured.value)),
            Cells::Numbers(&numbers(|r| r.measured.mcse)),
            Cells::Integers(&whole(|r| r.pairs as i64)),
        ];
        folder.write("contrasts", &mut table, &columns)?;
    }
    folder.close("contrasts", table)
}

fn failures(folder: &mut Folder, result: &StudyResult) -> Result<(), RunProblem> {
    let fields = vec![
        condition_field(),
        estimand_field(result),
        method_field(result),
        Field::new("status", FieldKind::Text, "`ok`, or why there is no estimate"),
        Field::new("warning", FieldKind::Text, "what the estimates are to be read with; empty where nothing is said"),
        Field::new("code", FieldKind::Text, "number of failure or warning for `eclosion explain`; empty without"),
        Field::new("count", FieldKind::Integer, "fits that ended so").range("from 1"),
        number("share", "their share of the fits of the method that were tried").range("0 to 1"),
        number("mcse", "its Monte Carlo standard error").range("0 or more"),
        Field::new("example", FieldKind::Text, "what the first of them says"),
    ];
    let rows = &result.statuses;
    let condition: Vec<i64> = rows.iter().map(|r| i64::from(r.condition) + 1).collect();
    let estimand: Vec<u32> = rows.iter().map(|r| r.estimand).collect();
    let method: Vec<u32> = rows.iter().map(|r| r.method).collect();
    let status: Vec<String> = rows.iter().map(|r| r.status().to_owned()).collect();
    let warning: Vec<String> = rows.iter().map(|r| r.warning.map_or("", WarningKind::name).to_owned()).collect();
    let code: Vec<String> = rows.iter().map(|r| r.code().to_owned()).collect();
    let count: Vec<i64> = rows.iter().map(|r| r.count as i64).collect();
    let share: Vec<f64> = rows.iter().map(|r| r.share.value.unwrap_or(f64::NAN)).collect();
    let mcse: Vec<f64> = rows.iter().map(|r| r.share.mcse.unwrap_or(f64::NAN)).collect();
    let example: Vec<String> = rows.iter().map(|r| r.example.clone()).collect();
    let columns = [
        Cells::Integers(&condition),
        Cells::LongCodes(&estimand),
        Cells::LongCodes(&method),
        Cells::Texts(&status),
        Cells::Texts(&warning),
        Cells::Texts(&code),
        Cells::Integers(&count),
        Cells::Numbers(&share),
        Cells::Numbers(&mcse),
        Cells::Texts(&example),
    ];
    let mut table = folder.table("failures", fields)?;
    folder.write("failures", &mut table, &columns)?;
    folder.close("failures", table)
}

fn conditions(folder: &mut Folder, result: &StudyResult) -> Result<(), RunProblem> {
    let factors = factors(result);
    let mut fields = vec![condition_field()];
    fields.extend(factors.iter().map(|f| f.field.clone()));
    fields.push(Field::new("replicates", FieldKind::Integer, "replicates that were done").range("0 or more"));
    fields.push(Field::new("persons", FieldKind::Integer, "persons in a replicate").range("0 or more"));
    let places: Vec<usize> = (0..result.conditions.len()).collect();
    let condition: Vec<i64> = result.conditions.iter().map(|c| i64::from(c.number) + 1).collect();
    let factors: Vec<Column> = factors.iter().map(|f| f.cells(&places)).collect();
    let replicates: Vec<i64> = result.conditions.iter().map(|c| c.replicates as i64).collect();
    let persons: Vec<i64> = result.conditions.iter().map(|c| c.persons as i64).collect();
    let mut columns = vec![Cells::Integers(&condition)];
    columns.extend(factors.iter().map(Column::cells));
    columns.extend([Cells::Integers(&replicates), Cells::Integers(&persons)]);
    let mut table = folder.table("conditions", fields)?;
    folder.write("conditions", &mut table, &columns)?;
    folder.close("conditions", table)
}

fn true_values(folder: &mut Folder, result: &StudyResult) -> Result<(), RunProblem> {
    const SOURCES: [TruthSource; 4] =
        [TruthSource::Constant, TruthSource::Exact, TruthSource::MonteCarlo, TruthSource::Cohort];
    let sources = SOURCES.iter().map(|s| s.name().to_owned()).collect();
    let fields = vec![
        condition_field(),
        estimand_field(result),
        Field::new("source", FieldKind::Level(sources), "how the true value is known"),
        number("true_value", "the true value; for `cohort` the mean over the replicates").unit(OF_ESTIMAND),
        number("mcse", "its Monte Carlo standard error; 0 where it is exact").unit(OF_ESTIMAND).range("0 or more"),
    ];
    let rows = || {
        result.conditions.iter().flat_map(|c| c.true_values.iter().enumerate().map(move |(e, row)| (c.number, e, row)))
    };
    let condition: Vec<i64> = rows().map(|(number, ..)| i64::from(number) + 1).collect();
    let estimand: Vec<u32> = rows().map(|(_, e, _)| e as u32).collect();
    let source: Vec<u8> =
        rows().map(|(.., row)| SOURCES.iter().position(|s| *s == row.source).map_or(u8::MAX, |p| p as u8)).collect();
    let value: Vec<f64> = rows().map(|(.., row)| row.true_value).collect();
    let mcse: Vec<f64> = rows().map(|(.., row)| row.mcse).collect();
    let columns = [
        Cells::Integers(&condition),
        Cells::LongCodes(&estimand),
        Cells::Codes(&source),
        Cells::Numbers(&value),
        Cells::Numbers(&mcse),
    ];
    let mut table = folder.table("true_values", fields)?;
    folder.write("true_values", &mut table, &columns)?;
    folder.close("true_values", table)
}

fn audit_summary(folder: &mut Folder, result: &StudyResult) -> Result<(), RunProblem> {
    let reasons = Reason::ALL.iter().map(|r| r.name().to_owned()).collect();
    let fields = vec![
        condition_field(),
        Field::new("item", FieldKind::Text, "name of the question"),
        Field::new("wave", FieldKind::Integer, "number of the wave").range("from 1"),
        Field::new("reason", FieldKind::Level(reasons), "why the cell is what it is"),
        Field::new("cells", FieldKind::Integer, "cells of all replicates").range("0 or more"),
    ];
    let mut table = folder.table("audit_summary", fields)?;
    for c in &result.conditions {
        let rows = || c.audit.iter().flat_map(|row| row.cells.iter().enumerate().map(move |(r, n)| (row, r, *n)));
        let condition: Vec<i64> = rows().map(|_| i64::from(c.number) + 1).collect();
        let item: Vec<String> = rows().map(|(row, ..)| row.item.clone()).collect();
        let wave: Vec<i64> = rows().map(|(row, ..)| i64::from(row.wave)).collect();
        let reason: Vec<u8> = rows().map(|(_, reason, _)| reason as u8).collect();
        let cells: Vec<i64> = rows().map(|(.., n)| n as i64).collect();
        let columns = [
            Cells::Integers(&condition),
            Cells::Texts(&item),
            Cells::Integers(&wave),
            Cells::Codes(&reason),
            Cells::Integers(&cells),
        ];
        folder.write("audit_summary", &mut table, &columns)?;
    }
    folder.close("audit_summary", table)
}

/// What a setting from the command line is called among the files of a scenario.
const SETTING: &str = "--set";

/// Adds `provenance.json`, the only file that tells of the run and not of the study, and a copy of the scenario:
/// `scenario.toml`, then `scenario-2.toml` and so on for what it extends. `texts` are names and texts of these files; those
/// called `--set` are settings, which are listed in the provenance.
///
/// # Errors
/// R0021: a file cannot be written.
pub fn write_provenance<'a>(
    folder: &mut Folder,
    stamp: &Stamp,
    replicates: (u64, u64),
    spent: &Spent,
    texts: impl Iterator<Item = (&'a str, &'a str)>,
) -> Result<(), RunProblem> {
    let (files, settings) = copy_scenario(folder, texts)?;
    let (done, asked) = replicates;
    let provenance: Value = json!({
        "program": "eclosion",
        "version": stamp.version,
        "scenario_hash": stamp.scenario_hash,
        "seed": stamp.seed,
        "replicates_done": done,
        "replicates_asked": asked,
        "threads": spent.threads,
        "seconds": spent,
        "scenario_files": files,
        "settings": settings,
        "note": "synthetic: no real person. In CSV files an apostrophe stands before a text that a spreadsheet would \
                 take for a formula.",
    });
    folder.text("provenance.json", &format!("{provenance:#}\n"))
}

/// Adds `scenario.toml` and the files that it extends; returns what they are called and where they were read from, and
/// the settings.
pub(super) fn copy_scenario<'a>(
    folder: &mut Folder,
    texts: impl Iterator<Item = (&'a str, &'a str)>,
) -> Result<(Vec<Value>, Vec<String>), RunProblem> {
    let (mut files, mut settings) = (Vec::new(), Vec::new());
    for (name, text) in texts {
        if name == SETTING {
            settings.push(text.to_owned());
            continue;
        }
        let position = files.len();
        let copy = if position == 0 { "scenario.toml".to_owned() } else { format!("scenario-{}.toml", position + 1) };
        folder.text(&copy, text)?;
        files.push(json!({ "copy": copy, "read_from": name }));
    }
    Ok((files, settings))
}

/// Writes `draws`: a row for each draw of fitted parameters, with its weight.
///
/// # Errors
/// R0021: a file cannot be written.
pub fn write_draws(folder: &mut Folder, names: &[&str], draws: &[Vec<f64>], weights: &[f64]) -> Result<(), RunProblem> {
    let mut fields = vec![number("weight", "weight of the draw; all of them sum to 1")];
    fields.extend(names.iter().map(|name| number(name, "a fitted parameter")));
    let mut table = folder.table("draws", fields)?;
    let columns: Vec<Vec<f64>> =
        (0..names.len()).map(|k| draws.iter().map(|draw| draw.get(k).copied().unwrap_or(f64::NAN)).collect()).collect();
    let mut cells = vec![Cells::Numbers(weights)];
    cells.extend(columns.iter().map(|column| Cells::Numbers(column)));
    folder.write("draws", &mut table, &cells)?;
    folder.close("draws", table)
}
