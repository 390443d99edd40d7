//! `[[vary]]` and `[grid]` as they are written.

use super::ask;
use crate::diagnostic::{Diagnostics, Span, Text};
use crate::options::{OptionValue, Options};
use crate::scenario::design::Design;

/// A `[[vary]]` table.
pub(in crate::scenario) struct WrittenVary {
    /// `name`.
    pub(in crate::scenario) name: Option<Text>,
    /// What takes the values.
    pub(in crate::scenario) of: WrittenOf,
    /// `values`.
    pub(in crate::scenario) values: Vec<OptionValue>,
    /// `zip`.
    pub(in crate::scenario) zip: Option<Text>,
}

/// What a `[[vary]]` table varies.
pub(in crate::scenario) enum WrittenOf {
    /// `parameter`.
    Parameter(Text),
    /// `key`: a path.
    Key(Text),
    /// `method` and `option`.
    Option {
        /// The method's name.
        method: Text,
        /// The path of the option in its table.
        option: Text,
    },
}

/// `[grid]`.
#[derive(Default)]
pub(in crate::scenario) struct WrittenGrid {
    /// `design`.
    pub(in crate::scenario) design: Design,
    /// `fraction`, checked; 1 for the other designs.
    pub(in crate::scenario) fraction: usize,
    /// Where `fraction` stands.
    pub(in crate::scenario) fraction_span: Span,
    /// `cells`: factors and values of each.
    pub(in crate::scenario) cells: Vec<Vec<(Text, OptionValue)>>,
    /// Where `cells` stands.
    pub(in crate::scenario) cells_span: Span,
    /// `skip`.
    pub(in crate::scenario) skip: Option<Text>,
    /// `independent`.
    pub(in crate::scenario) independent: bool,
}

/// `[[vary]]` tables; those that cannot be understood are left out.
pub(in crate::scenario) fn vary(root: &Options, problems: &mut Diagnostics) -> Vec<WrittenVary> {
    let tables = ask::tables(root, "vary", "vary", problems);
    tables.into_iter().filter_map(|table| one(table, problems)).collect()
}

fn one(table: &Options, problems: &mut Diagnostics) -> Option<WrittenVary> {
    let [parameter, key, method, option, name, zip] =
        ["parameter", "key", "method", "option", "name", "zip"].map(|key| table.text(key, problems));
    ask::must_be_there(table, "values", problems);
    let values = values(table, parameter.is_some(), problems);
    let of = match (parameter, key, method, option) {
        (Some(parameter), ..) => {
            let help = "one [[vary]] varies one thing: write a table for each";
            ask::refuse(table, &["key", "method", "option"], "cannot stand beside `parameter`", help, problems);
            Some(WrittenOf::Parameter(parameter))
        }
        (_, Some(key), ..) => {
            let help = "one [[vary]] varies one thing: write a table for each";
            ask::refuse(table, &["method", "option"], "cannot stand beside `key`", help, problems);
            Some(WrittenOf::Key(key))
        }
        (_, _, Some(method), Some(option)) => {
            let help = "options of a method make methods and no conditions: those of one method are crossed";
            ask::refuse(table, &["zip"], "is for factors that make conditions", help, problems);
            Some(WrittenOf::Option { method, option })
        }
        (_, _, Some(_), None) => {
            ask::must_be_there(table, "option", problems);
            None
        }
        (_, _, None, Some(_)) => {
            ask::must_be_there(table, "method", problems);
            None
        }
        _ => {
            ask::must_be_there(table, "parameter", problems);
            None
        }
    };
    table.finish(problems);
    let of = of.filter(|of| match of {
        WrittenOf::Parameter(text) | WrittenOf::Key(text) | WrittenOf::Option { option: text, .. } => {
            if text.text.is_empty() {
                problems
                    .error("S0119", &text.span, "nothing is named here")
                    .help("name a parameter, a key or an option of a method");
            }
            !text.text.is_empty()
        }
    });
    Some(WrittenVary { name, of: of?, values: values?, zip })
}

/// `values`; for a parameter numbers and texts only (S0102).
fn values(table: &Options, of_parameter: bool, problems: &mut Diagnostics) -> Option<Vec<OptionValue>> {
    if of_parameter {
        table.texts("values", problems);
    }
    let items = match of_parameter {
        // The list has been asked for.
        true => table.list("values", &mut Diagnostics::new()),
        false => table.list("values", problems),
    }?;
    if items.is_empty() {
        problems
            .error("S0709", table.get("values").map_or(&table.span, OptionValue::span), "`values` is empty")
            .help("write at least one value, or leave out this [[vary]]");
    }
    let known = |item: &&OptionValue| !of_parameter || matches!(item, OptionValue::Text(_) | OptionValue::Number(_));
    Some(items.iter().filter(known).cloned().collect())
}

/// `[grid]`; absent: all crossed.
pub(in crate::scenario) fn grid(root: &Options, problems: &mut Diagnostics) -> WrittenGrid {
    let mut grid = WrittenGrid { fraction: 1, ..WrittenGrid::default() };
    let Some(table) = root.table("grid", problems) else { return grid };
    let design = table.choice("design", &Design::WORDS, problems);
    grid.design = design.and_then(|position| Design::ALL.get(position).copied()).unwrap_or_default();
    let known = design.is_some() || table.get("design").is_none();
    if grid.design == Design::Fraction {
        ask::must_be_there(table, "fraction", problems);
        if let Some(text) = ask::number(table, "fraction", problems) {
            grid.fraction = ask::whole("fraction", &text, 2..=1000, problems).unwrap_or(1) as usize;
            grid.fraction_span = text.span;
        }
    } else if known {
        ask::refuse(table, &["fraction"], "is for fractions", "write `design = \"fraction\"`", problems);
    }
    if grid.design == Design::Listed {
        ask::must_be_there(table, "cells", problems);
        grid.cells_span = table.get("cells").map_or(&table.span, OptionValue::span).clone();
        for item in table.list("cells", problems).unwrap_or_default() {
            grid.cells.extend(cell(item, problems));
        }
    } else if known {
        ask::refuse(table, &["cells"], "is for lists of cells", "write `design = \"listed\"`", problems);
    }
    let _ = (table.get("fraction"), table.get("cells"));
    grid.skip = table.text("skip", problems);
    grid.independent = table.switch("independent", problems).unwrap_or(false);
    table.finish(problems);
    grid
}

fn cell(item: &OptionValue, problems: &mut Diagnostics) -> Option<Vec<(Text, OptionValue)>> {
    let OptionValue::Table(table) = item else {
        let message = format!("an entry of `cells` must be a table, and is {}", item.kind());
        problems.error("S0102", item.span(), message).help("write `{ lost = 0.1, layer = \"true\" }`");
        return None;
    };
    let mut cell = Vec::new();
    for entry in &table.entries {
        if let OptionValue::Table(_) = entry.value {
            problems
                .error("S0102", &entry.key.span, format!("`{}` is a table here", entry.key.text))
                .help("a path stands in quotation marks: `{ \"group.first.size\" = 50 }`");
        } else {
            cell.push((entry.key.clone(), entry.value.clone()));
        }
    }
    Some(cell)
}
