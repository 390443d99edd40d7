//! Record linkage.

use super::Adapter;
use super::case::Case;
use super::plan::{method, toml, values};
use serde_json::{Value, json};
use std::fmt::Write;

pub const ADAPTERS: &[Adapter] = &[
    Adapter { method: "exact_linkage", run: exact_linkage, judge: None },
    Adapter { method: "fellegi_sunter", run: fellegi_sunter, judge: None },
    Adapter { method: "string_comparators", run: string_comparators, judge: None },
];

/// Two files are two waves; what is read of them is text.
fn exact_linkage(case: &Case) -> Result<Value, String> {
    let keys = case.texts("keys");
    let names = [case.text("record").ok(), case.text("truth").ok()];
    let mut fields: Vec<&str> = keys.clone();
    fields.extend(names.iter().flatten().filter(|name| !keys.contains(name)));
    let mut plan =
        format!("[analysis]\nconfidence = {}\n\n[data]\nfields = {}\n", case.confidence(), toml(&json!(fields)));
    let _ = write!(plan, "\n[[method]]\nsteps = [\"link.exact\"]\n\n[method.link.exact]\nfields = ");
    let entry = |key: &&str| match case.setting("normalise").is_null() {
        true => json!({ "name": key, "normalise": false }),
        false => json!(key),
    };
    let _ = writeln!(plan, "{}", toml(&keys.iter().map(entry).collect()));
    for (option, name) in ["record", "who"].iter().zip(names) {
        if let Some(name) = name {
            let _ = writeln!(plan, "{option} = {}", toml(&name.into()));
        }
    }
    let mut files = case.data();
    files.push(case.file(case.text("file_b")?));
    values(&plan, &files)
}

fn fellegi_sunter(case: &Case) -> Result<Value, String> {
    let options = [
        ("fields", case.setting("fields").clone()),
        ("levels", case.setting("levels").clone()),
        ("count", case.setting("count").clone()),
        ("matches", case.setting("truth").clone()),
        ("start", case.setting("start").clone()),
        ("thresholds", case.setting("thresholds_log2").clone()),
    ];
    let plan = format!("[analysis]\nconfidence = {}\n{}", case.confidence(), method("fellegi_sunter", &options));
    values(&plan, &case.data())
}

fn string_comparators(case: &Case) -> Result<Value, String> {
    let options = [("a", case.setting("a").clone()), ("b", case.setting("b").clone())];
    values(&method("string_comparators", &options), &case.data())
}
