mod declaring;
mod errors;
mod regressions;
mod values;

use super::{Plan, declare, plan};
use crate::diagnostic::{Diagnostics, Span, Text};
use crate::formula::{Parameter, Parameters};
use crate::options::{Entry, OptionValue, Options};
use crate::tables::truth::TrueVariable;
use crate::tables::{Coding, Column, Target, Truth, TruthSchema};
use std::sync::Arc;

fn text(text: &str) -> Text {
    Text { text: text.to_owned(), span: Span { file: 0, bytes: 100..100 + text.len() } }
}

/// An `[[estimand]]` table called `it`. Numbers and `true` are read as such; `a | b` is a list.
fn options(entries: &[(&str, &str)]) -> Options {
    let value = |v: &str| match v {
        "true" | "false" => OptionValue::Switch(v == "true", Span::default()),
        _ if v.contains('|') => {
            let items = v.split('|').map(|item| OptionValue::Text(text(item.trim()))).collect();
            OptionValue::List(items, Span::default())
        }
        _ if v.parse::<f64>().is_ok() => OptionValue::Number(text(v)),
        _ => OptionValue::Text(text(v)),
    };
    let entry = |(key, v): &(&str, &str)| Entry { key: text(key), value: value(v) };
    let name = Entry { key: text("name"), value: OptionValue::Text(text("it")) };
    let entries = std::iter::once(name).chain(entries.iter().map(entry)).collect();
    Options::new("[[estimand]]", Span::default(), entries)
}

/// Parameters `k` = 2 and `effect` = -0.5.
fn parameters() -> Parameters {
    let parameter = |name: &str, value| Parameter {
        name: text(name),
        value,
        levels: None,
        about: String::new(),
        source: String::new(),
    };
    Parameters::new(vec![parameter("k", 2.0), parameter("effect", -0.5)])
}

/// Three waves, a year apart from year 1 on (moments 1, 2 and 3 of 4); six persons in two groups and three sites.
fn schema() -> TruthSchema {
    let variable = |name: &str, coding: Option<Coding>, changes, latent| TrueVariable {
        name: name.to_owned(),
        coding: coding.map(Arc::new),
        changes,
        low: f64::NEG_INFINITY,
        high: f64::INFINITY,
        latent,
    };
    let levels = ["shelter", "community", "street"].map(str::to_owned);
    TruthSchema {
        groups: vec!["women".to_owned(), "men".to_owned()],
        sites: vec!["a".to_owned(), "b".to_owned(), "c".to_owned()],
        site_effects: Vec::new(),
        variables: vec![
            variable("earning", Some(Coding::yes_no()), true, false),
            variable("setting", Some(Coding::named(&levels)), true, false),
            variable("score", None, true, false),
            variable("age", None, false, false),
            variable("arm", Some(Coding::yes_no()), false, false),
            variable("skill", None, false, true),
            variable("dose", Some(Coding { values: vec![0.0, 5.0, 10.0], levels: Vec::new() }), false, false),
        ],
        persons: 6,
        moments: vec![0, 1, 2, 3],
        step_years: 1.0,
        waves: vec![1, 2, 3],
    }
}

fn coded(schema: &TruthSchema, variable: usize, codes: &[u8]) -> Column {
    let coding = schema.variables[variable].coding.clone().expect("a coded variable");
    Column::Coded { codes: codes.to_vec(), coding }
}

/// One replicate of six persons.
fn truth() -> Truth {
    let schema = schema();
    let columns = vec![
        [[1, 1, 1, 1, 1, 1], [0, 1, 0, 0, 1, 1], [1, 1, 0, 0, 0, 1], [1, 0, 0, 1, 1, 1]]
            .iter()
            .map(|codes| coded(&schema, 0, codes))
            .collect(),
        [[0; 6], [0, 0, 0, 1, 1, 1], [0, 0, 1, 1, 1, 0], [1, 1, 1, 1, 0, 0]]
            .iter()
            .map(|codes| coded(&schema, 1, codes))
            .collect(),
        (0..4).map(|moment| Column::Number((0..6).map(|i| f64::from(moment * 10 + i * i)).collect())).collect(),
        vec![Column::Number(vec![14.0, 15.0, 16.0, 17.0, 18.0, 19.0])],
        vec![coded(&schema, 4, &[0, 1, 0, 1, 0, 1])],
        vec![Column::Number(vec![0.5, -0.5, 1.5, -1.5, 2.5, -2.5])],
        vec![coded(&schema, 6, &[0, 0, 1, 1, 2, 2])],
    ];
    Truth {
        schema: Arc::new(schema),
        replicates: 0..1,
        group: vec![0, 0, 0, 1, 1, 1],
        site: vec![vec![0, 0, 1, 1, 2, 2]],
        site_effects: Vec::new(),
        columns,
        since: Vec::new(),
        weights: None,
    }
}

/// The same persons again and again, in `copies` replicates.
fn repeated(truth: &Truth, copies: usize) -> Truth {
    let column = |c: &Column| match c {
        Column::Coded { codes, coding } => Column::Coded { codes: codes.repeat(copies), coding: coding.clone() },
        Column::Number(values) => Column::Number(values.repeat(copies)),
    };
    Truth {
        replicates: 0..copies as u64,
        group: truth.group.repeat(copies),
        site: truth.site.iter().map(|s| s.repeat(copies)).collect(),
        columns: truth.columns.iter().map(|c| c.iter().map(column).collect()).collect(),
        weights: truth.weights.as_ref().map(|w| w.repeat(copies)),
        ..truth.clone()
    }
}

fn read(entries: &[(&str, &str)]) -> (Option<Target>, Diagnostics) {
    let mut problems = Diagnostics::new();
    let target = declare(&options(entries), 0.95, &parameters(), &schema(), &mut problems);
    (target, problems)
}

fn planned(entries: &[(&str, &str)]) -> Plan {
    let (target, mut problems) = read(entries);
    let target = target.unwrap_or_else(|| panic!("{entries:?}: {:?}", problems.list()));
    let plan = plan(&target, &schema(), &parameters(), &mut problems);
    plan.unwrap_or_else(|| panic!("{entries:?}: {:?}", problems.list()))
}

/// The value among all rows of a truth.
fn value_in(truth: &Truth, entries: &[(&str, &str)]) -> f64 {
    planned(entries).value(truth, 0..truth.group.len()).expect("a value")
}

fn value(entries: &[(&str, &str)]) -> f64 {
    value_in(&truth(), entries)
}
