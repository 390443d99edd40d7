//! What a study found, as one JSON object. Numbers that are undefined are `null`; counts start from 1.

use super::{by_pair, name};
use crate::tables::precision::Precision;
use crate::tables::{ConditionResult, ContrastRow, PerformanceRow, Reason, StudyResult};
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
        "by_budget": result.by_budget,
        "precision": result.precision.as_ref().map(precision),
        "estimands": result.estimands,
        "methods": result.methods,
        "conditions": conditions,
    })
}

fn precision(found: &Precision) -> Value {
    let conditions: Vec<Value> = (found.conditions.iter())
        .map(|c| {
            object!({
                "condition": c.condition + 1,
                "replicates": c.replicates,
                "precise": c.precise,
                "needed": c.needed,
                "slowest": c.slowest,
                "left_out": c.left_out,
            })
        })
        .collect();
    object!({ "until": found.until, "most": found.most, "conditions": conditions })
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
    let failures: Vec<Value> = (result.failures())
        .filter(|(f, _)| f.condition == condition.number)
        .map(|(f, kind)| {
            object!({
                "estimand": name(&result.estimands, f.estimand),
                "method": name(&result.methods, f.method),
                "status": kind.status(),
                "code": kind.code(),
                "count": f.count,
                "share": f.share.value,
                "mcse": f.share.mcse,
                "example": f.example,
            })
        })
        .collect();
    let warnings: Vec<Value> = (result.warnings())
        .filter(|(w, _)| w.condition == condition.number)
        .map(|(w, kind)| {
            object!({
                "estimand": name(&result.estimands, w.estimand),
                "method": name(&result.methods, w.method),
                "warning": kind.name(),
                "code": kind.code(),
                "count": w.count,
                "share": w.share.value,
                "mcse": w.share.mcse,
                "about": kind.words(),
            })
        })
        .collect();
    let contrasts: Vec<Value> = result
        .contrasts
        .iter()
        .filter(|row| row.condition == condition.number)
        .map(|row| contrast(result, row))
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
        "contrasts": contrasts,
        "failures": failures,
        "warnings": warnings,
    })
}

fn pair(result: &StudyResult, estimand: u32, method: u32, rows: &[&PerformanceRow]) -> Value {
    let measures: Vec<Value> = rows
        .iter()
        .map(|row| {
            object!({
                "measure": row.measure,
                "among": row.among.name(),
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

fn contrast(result: &StudyResult, row: &ContrastRow) -> Value {
    object!({
        "estimand": name(&result.estimands, row.estimand),
        "method": name(&result.methods, row.method),
        "against_condition": row.against_condition + 1,
        "against_method": name(&result.methods, row.against_method),
        "measure": row.measure,
        "value": row.measured.value,
        "mcse": row.measured.mcse,
        "pairs": row.pairs,
    })
}

/// A factor's value: a number where it is written as one.
fn factor(value: &str) -> Value {
    match value.parse::<f64>() {
        Ok(number) if number.is_finite() => object!(number),
        _ => object!(value),
    }
}
