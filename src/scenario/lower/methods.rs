//! `[[estimand]]`, `[[method]]`, `[[expect]]`.

use super::ask;
use super::made::Made;
use super::names::Names;
use super::pipeline;
use crate::analyze::{Entry, Method, Within};
use crate::diagnostic::{Diagnostics, Text, near_miss};
use crate::options::{OptionValue, Options};
use crate::scenario::{Expect, MethodDeclaration, declared, path};
use crate::tables::Among;
use std::sync::Arc;

/// `[[estimand]]` tables as they are, and their names.
pub(in crate::scenario) fn estimands(
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

/// What `[[method]]` tables may name.
pub(in crate::scenario) struct Known<'a> {
    /// The methods.
    pub(in crate::scenario) catalogue: &'static [Entry],
    /// Declared estimands.
    pub(in crate::scenario) estimands: &'a [Text],
    /// Declared analysis sets; `None` where any name will do for now.
    pub(in crate::scenario) sets: Option<&'a [Text]>,
}

/// `[[method]]` tables. Every problem of every table is reported; a table with a problem is left out.
pub(in crate::scenario) fn methods(
    root: &Options,
    may_name: &Known<'_>,
    unique: &mut Names<'_>,
    problems: &mut Diagnostics,
) -> (Vec<MethodDeclaration>, Vec<Text>) {
    let mut methods = Vec::new();
    let mut names = Vec::new();
    for table in ask::tables(root, "method", "method", problems) {
        let (declared, name) = method(table, may_name, unique, problems);
        names.push(name);
        methods.extend(declared);
    }
    (methods, names)
}

fn method(
    table: &Options,
    may_name: &Known<'_>,
    unique: &mut Names<'_>,
    problems: &mut Diagnostics,
) -> (Option<MethodDeclaration>, Text) {
    let steps = table.texts("steps", problems);
    let kind = match &steps {
        Some(_) if table.get("method").is_some() => {
            let span = table.get("method").map_or(&table.span, OptionValue::span);
            problems
                .error("S0607", span, "`method` and `steps` cannot both say what is done")
                .help("with `steps`, the method is the last of them");
            return (None, Text::default());
        }
        Some(steps) => Text {
            text: steps.iter().map(|step| step.text.as_str()).collect::<Vec<_>>().join(" > "),
            span: table.get("steps").map_or(&table.span, OptionValue::span).clone(),
        },
        None => ask::text(table, "method", problems),
    };
    let name = table.text("name", problems).unwrap_or_else(|| kind.clone());
    if !name.text.is_empty() {
        unique.unique(&name, "a method", problems);
    }
    let asked = table.texts("estimands", problems);
    for text in asked.iter().flatten() {
        known("S0604", "estimand", text, may_name.estimands, problems);
    }
    let set = table.text("set", problems);
    if let (Some(set), Some(sets)) = (&set, may_name.sets) {
        known("S0445", "survey.set", set, sets, problems);
    }
    // Methods may call `finish` themselves: repetitions are left out.
    let mut own = Diagnostics::new();
    let method = match &steps {
        Some(steps) => pipeline::pipeline(table, steps, may_name.catalogue, &mut own),
        None => alone(table, &kind, may_name.catalogue, &mut own),
    };
    if method.is_some() {
        table.finish(&mut own);
    }
    problems.extend(own);
    let method = method.map(|method| match set {
        Some(set) => Arc::new(Within::new(set.text, method)) as Arc<dyn Method>,
        None => Arc::from(method),
    });
    let declared = method.map(|method| MethodDeclaration {
        name: name.clone(),
        kind: kind.text,
        method,
        declared: declared::without(table, &["name", "estimands"]),
        estimands: asked,
        made_of: None,
        options: Vec::new(),
    });
    (declared, name)
}

fn alone(
    table: &Options,
    kind: &Text,
    catalogue: &'static [Entry],
    problems: &mut Diagnostics,
) -> Option<Box<dyn Method>> {
    match catalogue.iter().find(|entry| entry.name == kind.text) {
        Some(entry) => (entry.declare)(table, problems),
        None => {
            if !kind.text.is_empty() {
                unknown_method(kind, catalogue, problems);
            }
            None
        }
    }
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

/// `[[expect]]` tables; `methods` and `estimands` are the declared names. A demand on a method from which others were
/// made is one on each of these.
pub(super) fn expect(
    root: &Options,
    methods: &[Text],
    made: &Made,
    estimands: &[Text],
    problems: &mut Diagnostics,
) -> Vec<Expect> {
    let families = made.families().map(|name| Text { text: name.to_owned(), ..Text::default() });
    let methods: Vec<Text> = methods.iter().cloned().chain(families).collect();
    let mut list = Vec::new();
    for table in ask::tables(root, "expect", "expect", problems) {
        let method = table.text("method", problems);
        let estimand = table.text("estimand", problems);
        if let Some(name) = &method {
            known("S0710", "method", name, &methods, problems);
        }
        if let Some(name) = &estimand {
            known("S0710", "estimand", name, estimands, problems);
        }
        let mut condition = Vec::new();
        if let Some(cells) = table.table("condition", problems) {
            for entry in &cells.entries {
                condition.extend(level(cells, &entry.key, problems).map(|value| (entry.key.clone(), value)));
            }
        }
        let among = table.choice("among", &Among::NAMES, problems).map_or(Among::Own, |position| Among::ALL[position]);
        let that = ask::text(table, "that", problems);
        table.finish(problems);
        let meant = method.as_ref().map_or(vec![None], |name| made.meant(name).into_iter().map(Some).collect());
        for method in meant {
            let (estimand, condition) = (estimand.clone(), condition.clone());
            list.push(Expect { method, estimand, condition, among, that: that.clone() });
        }
    }
    list
}

/// The value of a factor in a condition as it is written.
fn level(cells: &Options, key: &Text, problems: &mut Diagnostics) -> Option<Text> {
    match cells.get(&key.text)? {
        value @ (OptionValue::Switch(_, span) | OptionValue::List(_, span)) => {
            Some(Text { text: path::shown(value), span: span.clone() })
        }
        OptionValue::Table(_) => {
            problems
                .error("S0102", &key.span, format!("`{}` is a table here", key.text))
                .help("a path stands in quotation marks: `{ \"group.first.size\" = 50 }`");
            None
        }
        _ => cells.formula(&key.text, problems),
    }
}
