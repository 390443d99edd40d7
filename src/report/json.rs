//! What a study found, as one JSON object. Numbers that are undefined are `null`; counts start from 1.

use super::{by_pair, name};
use crate::tables::{ConditionResult, PerformanceRow, Reason, StudyResult};
use serde_json::{Map, Value, json as object};

/// The whole result without the single estimates, which are in the table `estimates`.
#[must_use]
pub fn json(result: &StudyResult) -> String {
    format!("{:#}\n", whole(result))
}

pub(super) fn whole(result: &StudyResult) -> Value {
    let performance = by_pair(result);
    let conditions: Vec<Value> = result
        .conditions
        .iter()
        .map(|c| {
            let first = (c.number, 0, 0);
            let last = (c.number, u32::MAX, u32::MAX);
            let pairs: Vec<Value> = performance
                .range(first..=last)
                .map(|((_, estimand, method), rows)| pair(result, *estimand, *method, rows))
                .collect();
            condition(result, c, pairs)
        })
        .collect();
    object!({
        "program": "eclosion",
        "version": result.version,
        "title": result.title,
        "aims": result.aims,
        "scenario_hash": result.scenario_hash,
        "seed": result.seed,
        "confidence": result.confidence,
        "replicates_asked": result.replicates_asked,
        "interrupted": result.interrupted,
        "estimands": result.estimands,
        "methods": result.methods,
        "conditions": conditions,
    })
}

fn condition(result: &StudyResult, condition: &ConditionResult, performance: Vec<Value>) -> Value {
    let factors: Map<String, Value> =
        condition.factors.iter().map(|(name, value)| (name.clone(), factor(value))).collect();
    let true_values: Vec<Value> = (condition.true_values.iter().enumerate())
        .map(|(e, row)| {
            object!({
                "estimand": name(&result.estimands, e as u32),
                "source": row.source.name(),
                "true_value": row.true_value,
                "mcse": row.mcse,
            })
        })
        .collect();
    let audit: Vec<Value> = (condition.audit.iter())
        .map(|row| {
            let there = Reason::ALL.iter().zip(row.cells).filter(|(_, n)| *n > 0);
            let cells: Map<String, Value> = there.map(|(reason, n)| (reason.name().to_owned(), n.into())).collect();
            object!({ "item": row.item, "wave": row.wave, "cells": cells })
        })
        .collect();
    let failures: Vec<Value> = (result.failures.iter())
        .filter(|f| f.condition == condition.number)
        .map(|f| {
            object!({
                "estimand": name(&result.estimands, f.estimand),
                "method": name(&result.methods, f.method),
                "status": f.kind.status(),
                "code": f.kind.code(),
                "count": f.count,
                "example": f.example,
            })
        })
        .collect();
    object!({
        "condition": condition.number + 1,
        "factors": factors,
        "replicates": condition.replicates,
        "persons": condition.persons,
        "true_values": true_values,
        "mechanisms": condition.mechanisms,
        "audit": audit,
        "performance": performance,
        "failures": failures,
    })
}

fn pair(result: &StudyResult, estimand: u32, method: u32, rows: &[&PerformanceRow]) -> Value {
    let measures: Vec<Value> = rows
        .iter()
        .map(|row| {
            object!({
                "measure": row.measure,
                "value": row.measured.value,
                "mcse": row.measured.mcse,
                "replicates": row.replicates,
            })
        })
        .collect();
    object!({
        "estimand": name(&result.estimands, estimand),
        "method": name(&result.methods, method),
        "measures": measures,
    })
}

/// A factor's value: a number where it is written as one.
fn factor(value: &str) -> Value {
    match value.parse::<f64>() {
        Ok(number) if number.is_finite() => object!(number),
        _ => object!(value),
    }
}
