//! `[[estimand]]`, `[[method]]`, `[[vary]]`, `[[expect]]`.

use super::ask;
use super::names::Names;
use crate::analyze::{Entry, Within};
use crate::diagnostic::{Diagnostics, Text, near_miss};
use crate::options::{OptionValue, Options};
use crate::scenario::{Expect, MethodDeclaration, Vary};

/// `[[estimand]]` tables as they are, and their names.
pub(super) fn estimands(
    root: &Options,
    unique: &mut Names<'_>,
    problems: &mut Diagnostics,
) -> (Vec<Options>, Vec<Text>) {
    let mut names = Vec::new();
    let tables = ask::tables(root, "estimand", "estimand", problems);
    for table in &tables {
        let name = ask::text(table, "name", problems);
        if !name.text.is_empty() {
            unique.unique(&name, "an estimand", problems);
        }
        names.push(name);
    }
    (tables.into_iter().cloned().collect(), names)
}

/// `[[method]]` tables. Every problem of every table is reported; a table with a problem is left out.
pub(super) fn methods(
    root: &Options,
    catalogue: &'static [Entry],
    estimands: &[Text],
    sets: &[Text],
    unique: &mut Names<'_>,
    problems: &mut Diagnostics,
) -> (Vec<MethodDeclaration>, Vec<Text>) {
    let mut methods = Vec::new();
    let mut names = Vec::new();
    for table in ask::tables(root, "method", "method", problems) {
        let kind = ask::text(table, "method", problems);
        let name = table.text("name", problems).unwrap_or_else(|| kind.clone());
        if !name.text.is_empty() {
            unique.unique(&name, "a method", problems);
        }
        names.push(name.clone());
        let asked = table.texts("estimands", problems);
        for text in asked.iter().flatten() {
            known("S0604", "estimand", text, estimands, problems);
        }
        let set = table.text("set", problems);
        if let Some(set) = &set {
            known("S0445", "survey.set", set, sets, problems);
        }
        let Some(entry) = catalogue.iter().find(|entry| entry.name == kind.text) else {
            if !kind.text.is_empty() {
                unknown_method(&kind, catalogue, problems);
            }
            continue;
        };
        // Methods may call `finish` themselves: repetitions are left out.
        let mut own = Diagnostics::new();
        let method = (entry.declare)(table, &mut own);
        if let Some(method) = method {
            table.finish(&mut own);
            let method = match set {
                Some(set) => Box::new(Within::new(set.text, method)),
                None => method,
            };
            methods.push(MethodDeclaration { name, kind: entry.name, method, estimands: asked });
        }
        problems.extend(own);
    }
    (methods, names)
}

fn unknown_method(kind: &Text, catalogue: &[Entry], problems: &mut Diagnostics) {
    let help = match near_miss(&kind.text, catalogue.iter().map(|entry| entry.name)) {
        Some(near) => format!("did you mean `{near}`?"),
        None => "`eclosion methods` lists the methods".to_owned(),
    };
    problems.error("S0601", &kind.span, format!("there is no method `{}`", kind.text)).help(help);
}

/// Reports a name that is not among the declared ones; `what` is the name of their tables.
fn known(code: &'static str, what: &str, name: &Text, declared: &[Text], problems: &mut Diagnostics) {
    if declared.iter().any(|d| d.text == name.text) {
        return;
    }
    let help = match near_miss(&name.text, declared.iter().map(|d| d.text.as_str())) {
        Some(near) => format!("did you mean `{near}`?"),
        None if declared.is_empty() => format!("the scenario declares no [[{what}]]"),
        None => {
            let list: Vec<String> = declared.iter().map(|d| format!("`{}`", d.text)).collect();
            format!("declared: {}", list.join(", "))
        }
    };
    let what = what.rsplit('.').next().unwrap_or(what);
    problems.error(code, &name.span, format!("there is no {what} `{}` in this scenario", name.text)).help(help);
}

/// `[[vary]]` tables.
pub(super) fn vary(root: &Options, problems: &mut Diagnostics) -> Vec<Vary> {
    let mut list = Vec::new();
    for table in ask::tables(root, "vary", "vary", problems) {
        let parameter = ask::text(table, "parameter", problems);
        ask::must_be_there(table, "values", problems);
        let values = table.texts("values", problems);
        if matches!(table.get("values"), Some(OptionValue::List(items, _)) if items.is_empty()) {
            problems
                .error("S0709", table.get("values").map_or(&table.span, OptionValue::span), "`values` is empty")
                .help("write at least one value, or leave out this [[vary]]");
        }
        table.finish(problems);
        if let (false, Some(values)) = (parameter.text.is_empty(), values) {
            list.push(Vary { parameter, values });
        }
    }
    list
}

/// `[[expect]]` tables; `methods` and `estimands` are the declared names.
pub(super) fn expect(root: &Options, methods: &[Text], estimands: &[Text], problems: &mut Diagnostics) -> Vec<Expect> {
    let mut list = Vec::new();
    for table in ask::tables(root, "expect", "expect", problems) {
        let method = table.text("method", problems);
        let estimand = table.text("estimand", problems);
        if let Some(name) = &method {
            known("S0710", "method", name, methods, problems);
        }
        if let Some(name) = &estimand {
            known("S0710", "estimand", name, estimands, problems);
        }
        let mut condition = Vec::new();
        if let Some(cells) = table.table("condition", problems) {
            for entry in &cells.entries {
                if let Some(value) = cells.formula(&entry.key.text, problems) {
                    condition.push((entry.key.clone(), value));
                }
            }
        }
        let that = ask::text(table, "that", problems);
        table.finish(problems);
        list.push(Expect { method, estimand, condition, that });
    }
    list
}
