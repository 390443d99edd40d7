//! Tests of the regressions: reference cases, arithmetic by hand, properties, hard inputs.

mod conditional;
mod counts;
mod firth;
mod glm;
mod ols;
mod ordinal;
mod speed;
mod weighted_clusters;

use crate::statistics::tests::{Case, columns};
use std::collections::BTreeMap;

/// Rows of a reference case, those with an empty cell left out.
pub(super) struct Data {
    pub(super) terms: Vec<String>,
    pub(super) x: Vec<f64>,
    pub(super) width: usize,
    pub(super) y: Vec<f64>,
    pub(super) offset: Option<Vec<f64>>,
    pub(super) clusters: Option<Vec<usize>>,
}

type Column = (String, Vec<f64>);

/// The columns of one entry of `predictors`.
fn expand(entry: &str, table: &BTreeMap<String, Vec<f64>>, keep: &[bool]) -> Vec<Column> {
    if let Some((first, rest)) = entry.split_once(':') {
        let (a, b) = (expand(first.trim(), table, keep), expand(rest.trim(), table, keep));
        let pair = |(i, u): &Column, (j, v): &Column| {
            (format!("{i}:{j}"), u.iter().zip(v).map(|(x, y)| x * y).collect::<Vec<f64>>())
        };
        return b.iter().flat_map(|v| a.iter().map(move |u| pair(u, v))).collect();
    }
    let inner = entry.strip_prefix("factor(").and_then(|e| e.strip_suffix(')'));
    let Some(name) = inner else {
        return vec![(entry.to_owned(), table[entry].clone())];
    };
    let values = &table[name];
    let mut levels: Vec<f64> = values.iter().zip(keep).filter(|(v, k)| **k && !v.is_nan()).map(|(v, _)| *v).collect();
    levels.sort_by(f64::total_cmp);
    levels.dedup();
    let one = |level: f64| values.iter().map(|v| if *v == level { 1.0 } else { 0.0 }).collect();
    levels.iter().skip(1).map(|l| (format!("{entry}{l}"), one(*l))).collect()
}

/// Names of the columns that an entry reads.
fn names(entry: &str) -> Vec<String> {
    let bare = |e: &str| e.trim().trim_start_matches("factor(").trim_end_matches(')').to_owned();
    entry.split(':').map(bare).filter(|n| n != "1").collect()
}

/// Reads the data of a case. `intercept`: whether a column of ones comes first.
pub(super) fn data(case: &Case, intercept: bool) -> Data {
    let table = columns(case.json["data"].as_str().expect("a file"));
    let text = |key: &str| case.setting(key).as_str().map(str::to_owned);
    let outcome = text("outcome").expect("an outcome");
    let entries: Vec<String> = case
        .setting("predictors")
        .as_array()
        .expect("predictors")
        .iter()
        .map(|e| e.as_str().expect("text").into())
        .collect();
    let mut used: Vec<String> = entries.iter().flat_map(|e| names(e)).collect();
    used.push(outcome.clone());
    let cluster = text("cluster").or_else(|| text("id"));
    used.extend(cluster.clone());
    used.extend(text("offset"));
    let n = table[&outcome].len();
    let keep: Vec<bool> = (0..n).map(|i| used.iter().all(|name| !table[name][i].is_nan())).collect();
    let mut all: Vec<Column> = Vec::new();
    if intercept {
        all.push(("(Intercept)".to_owned(), vec![1.0; n]));
    }
    all.extend(entries.iter().filter(|e| *e != "1").flat_map(|e| expand(e, &table, &keep)));
    let rows: Vec<usize> = (0..n).filter(|i| keep[*i]).collect();
    let pick = |name: &String| rows.iter().map(|i| table[name][*i]).collect::<Vec<f64>>();
    Data {
        terms: all.iter().map(|c| c.0.clone()).collect(),
        x: rows.iter().flat_map(|i| all.iter().map(|c| c.1[*i])).collect(),
        width: all.len(),
        y: pick(&outcome),
        offset: text("offset").map(|o| pick(&o)),
        clusters: cluster.map(|c| pick(&c).into_iter().map(|v| v as usize).collect()),
    }
}

impl Data {
    /// Rows as a fit reads them.
    pub(super) fn rows(&self) -> crate::statistics::regression::Rows<'_> {
        crate::statistics::regression::Rows {
            x: &self.x,
            columns: self.width,
            outcome: &self.y,
            weights: None,
            offset: self.offset.as_deref(),
            clusters: self.clusters.as_deref(),
        }
    }

    /// The terms must be those expected.
    pub(super) fn check_terms(&self, case: &Case) {
        let want: Vec<&str> =
            case.expected(&["terms"]).as_array().expect("a list").iter().filter_map(|t| t.as_str()).collect();
        assert_eq!(self.terms, want);
    }
}

/// Roots of the diagonal of a covariance.
pub(super) fn errors(covariance: &[f64], p: usize) -> Vec<f64> {
    (0..p).map(|k| libm::sqrt(covariance[k * p + k])).collect()
}

/// Numbers of a fixed sequence between 0 and 1, for made-up data.
pub(super) fn numbers(count: usize, seed: u64) -> Vec<f64> {
    let mut state = seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1;
    let mut next = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state >> 11) as f64 / (1_u64 << 53) as f64
    };
    (0..8).for_each(|_| {
        next();
    });
    (0..count).map(|_| next()).collect()
}

/// Whether two numbers agree to `limit`, relative above 1.
pub(super) fn close(got: f64, want: f64, limit: f64) {
    assert!((got - want).abs() <= limit * want.abs().max(1.0), "got {got}, want {want}");
}
