//! One replicate's fits, beside those that a store holds of it.

use super::terminal::{Style, grid};
use super::{name, number};
use crate::tables::{EstimateRow, FailureKind, WarningKind};
use serde_json::{Value, json};
use std::fmt::Write;

/// Names by position.
#[derive(Clone, Copy, Debug)]
pub struct Names<'a> {
    /// Of the estimands.
    pub estimands: &'a [String],
    /// Of the methods.
    pub methods: &'a [String],
}

/// Whether a fit that was made again is not the stored one. What is not stored yet differs from nothing, and neither does
/// what was given up because of its time, then or now.
#[must_use]
pub fn differs(rows: &[EstimateRow], stored: &[EstimateRow]) -> bool {
    rows.iter().any(|row| same(row, stored) == Some(false))
}

fn stored_one<'a>(row: &EstimateRow, stored: &'a [EstimateRow]) -> Option<&'a EstimateRow> {
    stored.iter().find(|s| (s.estimand, s.method) == (row.estimand, row.method))
}

fn overran(row: &EstimateRow) -> bool {
    row.result.as_ref().is_err_and(|failure| failure.kind == FailureKind::Overran)
}

/// Whether a fit is the stored one; `None` where there is nothing to compare: it is not stored, or one of them was given up
/// because of its time, which depends on the machine.
fn same(row: &EstimateRow, stored: &[EstimateRow]) -> Option<bool> {
    let known = stored_one(row, stored).filter(|known| overran(known) == overran(row))?;
    let bits = |row: &EstimateRow| row.true_value.to_bits();
    Some(known.result == row.result && bits(known) == bits(row) && known.links == row.links)
}

/// The fits as a table for a terminal.
#[must_use]
pub fn replay(
    rows: &[EstimateRow],
    stored: &[EstimateRow],
    names: &Names<'_>,
    factors: &[(String, String)],
    style: &Style,
) -> String {
    let mut text = String::new();
    let first = rows.first();
    let factors: Vec<String> = factors.iter().map(|(name, value)| format!("{name} = {value}")).collect();
    // Writing to a text cannot fail.
    let _ = writeln!(
        text,
        "replicate {}, condition {}{}{}",
        first.map_or(0, |row| row.replicate),
        first.map_or(0, |row| row.condition) + 1,
        if factors.is_empty() { "" } else { ": " },
        factors.join(", ")
    );
    for same_estimand in rows.chunk_by(|a, b| a.estimand == b.estimand) {
        let row = &same_estimand[0];
        let _ = writeln!(text, "\n  {}: true value {}", name(names.estimands, row.estimand), number(row.true_value));
        let lines: Vec<Vec<String>> = same_estimand.iter().map(|row| line(row, stored, names)).collect();
        let headings = ["estimate", "model SE", "interval", "status", "in the store"];
        text.push_str(&grid("method", &headings, &lines, usize::from(style.width.max(40))));
    }
    for row in rows {
        let said = match &row.result {
            Err(failure) => Some(failure.detail.as_str()),
            Ok(estimate) => estimate.warning.map(WarningKind::words),
        };
        if let Some(said) = said {
            let (estimand, method) = (name(names.estimands, row.estimand), name(names.methods, row.method));
            let _ = writeln!(text, "\n  {method} for {estimand}: {said}");
        }
    }
    text
}

fn line(row: &EstimateRow, stored: &[EstimateRow], names: &Names<'_>) -> Vec<String> {
    let shown = |value: Option<f64>| value.map_or_else(|| "-".to_owned(), number);
    let estimate = row.result.as_ref().ok();
    let limits = estimate.and_then(|e| e.interval).map(|(low, high)| format!("{} to {}", number(low), number(high)));
    vec![
        name(names.methods, row.method).to_owned(),
        shown(estimate.map(|e| e.estimate)),
        shown(estimate.and_then(|e| e.model_se)),
        limits.unwrap_or_else(|| "-".to_owned()),
        match &row.result {
            Err(failure) => failure.kind.status().to_owned(),
            Ok(estimate) => estimate.warning.map_or_else(|| "ok".to_owned(), |kind| format!("ok, {}", kind.name())),
        },
        match same(row, stored) {
            None if stored_one(row, stored).is_some() => "other time".to_owned(),
            None => "not yet".to_owned(),
            Some(true) => "the same".to_owned(),
            Some(false) => "DIFFERS".to_owned(),
        },
    ]
}

/// The fits as JSON.
#[must_use]
pub fn replay_json(rows: &[EstimateRow], stored: &[EstimateRow], names: &Names<'_>) -> String {
    let fit = |row: &EstimateRow| -> Value {
        let estimate = row.result.as_ref().ok();
        json!({
            "replicate": row.replicate,
            "condition": row.condition + 1,
            "estimand": name(names.estimands, row.estimand),
            "method": name(names.methods, row.method),
            "true_value": row.true_value,
            "estimate": estimate.map(|e| e.estimate),
            "model_se": estimate.and_then(|e| e.model_se),
            "df": estimate.and_then(|e| e.df),
            "lower": estimate.and_then(|e| e.interval).map(|i| i.0),
            "upper": estimate.and_then(|e| e.interval).map(|i| i.1),
            "status": row.result.as_ref().map_or_else(|f| f.kind.status(), |_| "ok"),
            "warning": estimate.and_then(|e| e.warning).map(WarningKind::name),
            "detail": row.result.as_ref().err().map(|f| f.detail.as_str()),
            "as_stored": same(row, stored),
        })
    };
    format!("{:#}\n", Value::from(rows.iter().map(fit).collect::<Vec<Value>>()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tables::{Estimate, FitFailure};

    fn row(estimate: Result<f64, FailureKind>) -> EstimateRow {
        let result = estimate.map(|estimate| Estimate { estimate, ..Estimate::default() });
        let result = result.map_err(|kind| FitFailure::new(kind, "why"));
        EstimateRow { replicate: 0, condition: 0, estimand: 0, method: 0, true_value: 1.0, result, links: None }
    }

    #[test]
    fn time_is_no_difference() {
        let (one, two) = (row(Ok(1.0)), row(Ok(2.0)));
        let (late, failed) = (row(Err(FailureKind::Overran)), row(Err(FailureKind::TooFew)));
        let compared = |row: &EstimateRow, stored: &EstimateRow| same(row, std::slice::from_ref(stored));
        assert_eq!(compared(&one, &one), Some(true));
        assert_eq!([compared(&one, &two), compared(&one, &failed)], [Some(false); 2]);
        assert_eq!([compared(&one, &late), compared(&late, &one), compared(&late, &failed)], [None; 3]);
        assert_eq!(compared(&late, &late), Some(true));
        assert_eq!(same(&one, &[]), None);
        assert!(differs(std::slice::from_ref(&one), &[two]) && !differs(&[one], &[late]));
    }
}
