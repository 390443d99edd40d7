//! `[parameters]`.

use super::ask;
use super::names::Names;
use super::people::named_tables;
use crate::diagnostic::{Diagnostics, Text};
use crate::formula::{Parameter, Parameters};
use crate::options::{OptionValue, Options};
use crate::scenario::conditions::value_of;
use crate::scenario::settings::Settings;

/// `[parameters]` with the values of `--set`.
pub(super) fn parameters(
    root: &Options,
    settings: &Settings,
    names: &mut Names<'_>,
    problems: &mut Diagnostics,
) -> Parameters {
    let mut list = Vec::new();
    for (name, table) in named_tables(root, "parameters", problems) {
        names.declare(name, "a parameter", problems);
        let mut parameter = declared(name, table, problems);
        if let Some(text) = settings.value(&name.text)
            && let Some(value) = value_of(&parameter, text, problems)
        {
            parameter.value = value;
        }
        list.push(parameter);
    }
    settings.check_names(list.iter().map(|p| p.name.text.as_str()), problems);
    Parameters::new(list)
}

fn declared(name: &Text, table: &Options, problems: &mut Diagnostics) -> Parameter {
    let levels = ask::names(table, "levels", problems);
    let has_levels = table.get("levels").is_some();
    let levels = has_levels.then(|| levels.into_iter().map(|level| level.text).collect());
    let about = ask::text(table, "about", problems).text;
    if ask::is_missing(table, "source") {
        problems
            .error("S0103", &table.span, format!("{} needs a key `source`", table.title))
            .help("write where the value comes from, or `source = \"assumed\"`");
    }
    let source = table.text("source", problems).unwrap_or_default().text;
    let mut parameter = Parameter { name: name.clone(), value: 0.0, levels, about, source };
    ask::must_be_there(table, "value", problems);
    if let Some(text) = value_text(table, has_levels, problems) {
        parameter.value = value_of(&parameter, &text, problems).unwrap_or(0.0);
    }
    table.finish(problems);
    parameter
}

fn value_text(table: &Options, has_levels: bool, problems: &mut Diagnostics) -> Option<Text> {
    match table.get("value")? {
        OptionValue::Text(text) if !has_levels && text.text.parse::<f64>().is_err() => {
            problems
                .error("S0703", &text.span, "the value of a parameter is a number")
                .help("write a number; for a parameter with named values, list them: `levels = [\"...\", \"...\"]`");
            None
        }
        _ => table.formula("value", problems),
    }
}
