//! Panels described, simple ways with missing answers, agreement, and reports that are wrong.

use super::Adapter;
use super::case::Case;
use super::plan::{head, method, values};
use serde_json::Value;

/// The adapters of this family.
pub const ADAPTERS: &[Adapter] = &[
    Adapter { method: "capture_recapture", run: rows, judge: None },
    Adapter { method: "icc", run: icc, judge: None },
    Adapter { method: "kappa", run: kappa, judge: None },
    Adapter { method: "krippendorff_alpha", run: krippendorff, judge: None },
    Adapter { method: "panel_descriptives", run: descriptives, judge: None },
    Adapter { method: "recanting", run: recanting, judge: None },
    Adapter { method: "rogan_gladen", run: rows, judge: None },
    Adapter { method: "simple_missing", run: simple_missing, judge: None },
];

fn run(case: &Case, items: &[&str], options: &[(&str, Value)]) -> Result<Value, String> {
    let plan = head(case, items) + &method(case.method(), options);
    values(&plan, &case.data())
}

/// Methods whose input is rows of counts.
fn rows(case: &Case) -> Result<Value, String> {
    run(case, &[], &[("rows", case.setting("rows").clone())])
}

fn kappa(case: &Case) -> Result<Value, String> {
    run(case, &[], &[("tables", case.setting("tables").clone())])
}

fn icc(case: &Case) -> Result<Value, String> {
    run(case, &case.texts("columns"), &[("items", case.setting("columns").clone())])
}

fn krippendorff(case: &Case) -> Result<Value, String> {
    run(case, &case.texts("raters"), &[("items", case.setting("raters").clone())])
}

fn recanting(case: &Case) -> Result<Value, String> {
    run(case, &[case.text("item")?], &[("item", case.setting("item").clone())])
}

/// Both gap rules are in what is found, whatever `gap_rule` says.
fn descriptives(case: &Case) -> Result<Value, String> {
    let keys = ["items", "count", "responded"];
    let options: Vec<(&str, Value)> = keys.iter().map(|key| (*key, case.setting(key).clone())).collect();
    run(case, &case.texts("items"), &options)
}

fn simple_missing(case: &Case) -> Result<Value, String> {
    let keys = ["outcome", "binary", "group"];
    let options: Vec<(&str, Value)> = keys.iter().map(|key| (*key, case.setting(key).clone())).collect();
    run(case, &[], &options)
}
