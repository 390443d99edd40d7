//! What the methods of a plan say of somebody's own data, for a terminal and as JSON.

use super::number::{count, number};
use super::terminal::{Style, bold};
use crate::tables::{AnalysedMethod, Analysis, Estimate, Finding, Findings, FitFailure, Outcome, Record, WarningKind};
use comfy_table::{CellAlignment, ContentArrangement, Table, presets};
use serde_json::{Value, json};
use std::fmt::Write;

/// Longest list that is shown as it is.
const SHORT: usize = 8;

/// The whole analysis as JSON.
#[must_use]
pub fn analysis_json(analysis: &Analysis) -> Value {
    json!({
        "data": {
            "rows": analysis.rows,
            "records": analysis.records,
            "waves": analysis.waves,
            "warnings": analysis.warnings,
        },
        "confidence": analysis.confidence,
        "methods": analysis.methods.iter().map(method_json).collect::<Vec<_>>(),
    })
}

fn method_json(method: &AnalysedMethod) -> Value {
    let answers: Vec<Value> = method.answers.iter().map(|(name, result)| answer_json(name, result)).collect();
    let mut object = json!({ "name": method.name, "method": method.kind, "answers": answers });
    match &method.report {
        Outcome::Found(findings) => {
            object["status"] = "ok".into();
            let named = |e: &crate::tables::NamedEstimate| answer_json(&e.name, &Ok(e.estimate));
            object["estimates"] = findings.estimates.iter().map(named).collect();
            object["values"] = json!(findings.values);
            object["warnings"] = json!(findings.warnings);
        }
        Outcome::Failed(failure) => {
            object["status"] = failure.kind.status().into();
            object["code"] = failure.kind.code().into();
            object["detail"] = failure.detail.clone().into();
        }
        Outcome::CannotAnswer(why) => {
            object["status"] = "no_report".into();
            object["detail"] = why.clone().into();
        }
    }
    object
}

fn answer_json(name: &str, result: &Result<Estimate, FitFailure>) -> Value {
    match result {
        Ok(Estimate { estimate, model_se, df, interval, warning }) => json!({
            "name": name,
            "status": "ok",
            "estimate": Finding::from(*estimate),
            "model_se": Finding::from(*model_se),
            "df": Finding::from(*df),
            "interval": Finding::from(*interval),
            "warning": warning.map(WarningKind::name),
            "warning_code": warning.map(WarningKind::code),
        }),
        Err(failure) => json!({
            "name": name,
            "status": failure.kind.status(),
            "code": failure.kind.code(),
            "detail": failure.detail,
        }),
    }
}

/// The whole analysis for a terminal.
#[must_use]
pub fn analysis(analysis: &Analysis, style: &Style) -> String {
    let mut text = String::new();
    let plural = |n: usize, word: &str| format!("{} {word}{}", count(n as u64), if n == 1 { "" } else { "s" });
    if analysis.rows > 0 {
        let (rows, records) = (plural(analysis.rows, "row"), plural(analysis.records, "record"));
        let _ = writeln!(text, "{rows}, {records}, {}", plural(analysis.waves, "wave"));
    }
    warnings(&mut text, &analysis.warnings);
    for method in &analysis.methods {
        let heading = match method.name == method.kind {
            true => method.name.clone(),
            false => format!("{} ({})", method.name, method.kind),
        };
        let _ = writeln!(text, "\n{}", bold(&heading, style));
        if !method.answers.is_empty() {
            let rows = method.answers.iter().map(|(name, result)| (name.as_str(), result.as_ref()));
            estimates(&mut text, "estimand", rows, analysis.confidence, style);
        }
        match &method.report {
            Outcome::Found(findings) => report(&mut text, findings, analysis.confidence, style),
            Outcome::Failed(failure) => failed(&mut text, failure),
            Outcome::CannotAnswer(_) => {}
        }
    }
    text
}

fn failed(text: &mut String, failure: &FitFailure) {
    let _ = writeln!(text, "  no estimate ({}, {}): {}", failure.kind.status(), failure.kind.code(), failure.detail);
}

fn warnings(text: &mut String, warnings: &[String]) {
    for warning in warnings {
        let _ = writeln!(text, "  note: {warning}");
    }
}

fn report(text: &mut String, findings: &Findings, confidence: f64, style: &Style) {
    if !findings.estimates.is_empty() {
        let rows = findings.estimates.iter().map(|e| (e.name.as_str(), Ok(&e.estimate)));
        estimates(text, "", rows, confidence, style);
    }
    record(text, &findings.values, 1);
    warnings(text, &findings.warnings);
}

fn estimates<'a>(
    text: &mut String,
    what: &str,
    rows: impl Iterator<Item = (&'a str, Result<&'a Estimate, &'a FitFailure>)>,
    confidence: f64,
    style: &Style,
) {
    let mut table = Table::new();
    table.load_preset(presets::NOTHING).set_content_arrangement(ContentArrangement::Dynamic).set_width(style.width);
    let interval = format!("{} % interval", number(100.0 * confidence));
    table.set_header([what, "estimate", "SE", "df", interval.as_str()]);
    let dash = || "-".to_owned();
    let (mut failures, mut warned) = (Vec::new(), Vec::new());
    for (name, result) in rows {
        match result {
            Ok(Estimate { estimate, model_se, df, interval, warning }) => {
                warned.extend(warning.map(|kind| (name, kind)));
                let limits = interval.map(|(low, high)| format!("{} to {}", number(low), number(high)));
                table.add_row([
                    name.to_owned(),
                    number(*estimate),
                    model_se.map_or_else(dash, number),
                    df.map_or_else(dash, number),
                    limits.unwrap_or_else(dash),
                ]);
            }
            Err(failure) => failures.push((name, failure)),
        }
    }
    table.column_iter_mut().skip(1).for_each(|column| column.set_cell_alignment(CellAlignment::Right));
    if table.row_count() > 0 {
        let _ = writeln!(text, "{}", table.trim_fmt());
    }
    for (name, kind) in warned {
        let _ = writeln!(text, "  {name}: {} ({}, {})", kind.words(), kind.name(), kind.code());
    }
    for (name, failure) in failures {
        let _ = write!(text, "  {name}:");
        failed(text, failure);
    }
}

/// Named values, one a line; lists that belong together in the table above and long ones are counted only.
fn record(text: &mut String, values: &Record, depth: usize) {
    let indent = "  ".repeat(depth);
    for (name, value) in values.iter() {
        match value {
            Finding::Record(inner) => {
                let _ = writeln!(text, "{indent}{name}");
                record(text, inner, depth + 1);
            }
            Finding::List(items) if items.iter().any(|item| matches!(item, Finding::Record(_))) => {
                for (position, item) in items.iter().enumerate() {
                    let _ = writeln!(text, "{indent}{name} {}", position + 1);
                    match item {
                        Finding::Record(inner) => record(text, inner, depth + 1),
                        other => {
                            let _ = writeln!(text, "{indent}  {}", shown(other));
                        }
                    }
                }
            }
            Finding::List(items) if items.len() > SHORT => {
                let _ = writeln!(text, "{indent}{name}: {} values (`--json` prints them)", items.len());
            }
            other => {
                let _ = writeln!(text, "{indent}{name}: {}", shown(other));
            }
        }
    }
}

fn shown(value: &Finding) -> String {
    match value {
        Finding::None => "undefined".to_owned(),
        Finding::Number(value) => number(*value),
        Finding::Whole(value) => value.to_string(),
        Finding::Text(text) => text.clone(),
        Finding::Switch(on) => if *on { "yes" } else { "no" }.to_owned(),
        Finding::List(items) => {
            let rows = items.iter().any(|item| matches!(item, Finding::List(_)));
            let parts: Vec<String> =
                items.iter().map(|item| if rows { format!("[{}]", shown(item)) } else { shown(item) }).collect();
            parts.join(if rows { " " } else { ", " })
        }
        Finding::Record(_) => "...".to_owned(),
    }
}
