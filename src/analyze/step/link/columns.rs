//! Fields of interviews: how they are declared, found in the data and read.

use super::Interview;
use super::read::{self, numbers};
use crate::analyze::CannotAnswer;
use crate::analyze::column;
use crate::analyze::variable::unknown;
use crate::diagnostic::Diagnostics;
use crate::options::{OptionValue, Options};
use crate::statistics::linkage::compare::{Comparison, Field};
use crate::statistics::linkage::normalise::normalise;
use crate::statistics::linkage::strings::Similarity;
use crate::tables::observed::TextField;
use crate::tables::{Observed, ObservedSchema};

/// A field as declared.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Choice {
    name: String,
    comparison: Comparison,
    normalise: bool,
}

/// Reads a list of fields under `key`: a name, or a table with a name and how its values are compared.
pub(super) fn choices(options: &Options, key: &str, problems: &mut Diagnostics) -> Vec<Choice> {
    let Some(list) = options.list(key, problems) else { return Vec::new() };
    if list.is_empty() {
        let span = options.get(key).map_or(&options.span, OptionValue::span);
        problems.error("S0640", span, format!("`{key}` is empty")).help("name what interviews are linked by");
    }
    let choice = |item: &OptionValue, problems: &mut Diagnostics| match item {
        OptionValue::Text(text) => {
            Some(Choice { name: text.text.clone(), comparison: Comparison::Equal, normalise: true })
        }
        OptionValue::Table(table) => {
            let choice = of_table(table, problems);
            table.finish(problems);
            choice
        }
        other => {
            let what = format!("an entry of `{key}` must be a name or a table, and is {}", other.kind());
            problems.error("S0640", other.span(), what).help("write `\"last\"` or `{ name = \"born\", within = 1 }`");
            None
        }
    };
    list.iter().filter_map(|item| choice(item, problems)).collect()
}

fn of_table(table: &Options, problems: &mut Diagnostics) -> Option<Choice> {
    let name = table.text("name", problems);
    if table.get("name").is_none() {
        table.missing("name", problems);
    }
    let normalise = table.switch("normalise", problems).unwrap_or(true);
    let within = limits(table, "within", problems);
    let words = Similarity::ALL.map(Similarity::name);
    let similarity = table.choice("similarity", &words, problems).map(|k| Similarity::ALL[k]);
    let at_least = limits(table, "at_least", problems);
    let comparison = match (within, similarity, at_least) {
        (None, None, None) => Comparison::Equal,
        (Some(distances), None, None) => Comparison::Within(distances),
        (None, Some(similarity), Some(limits)) => Comparison::Similar(similarity, limits),
        _ => {
            problems
                .error("S0640", &table.span, "a field is compared by `within`, or by `similarity` and `at_least`")
                .help("write `{ name = \"born\", within = 1 }` or `{ name = \"last\", similarity = \"jaro_winkler\", at_least = 0.9 }`");
            return None;
        }
    };
    Some(Choice { name: name?.text, comparison, normalise })
}

/// Distances or similarities; several make several levels of agreement.
fn limits(table: &Options, key: &str, problems: &mut Diagnostics) -> Option<Vec<f64>> {
    let usable = |value: &OptionValue| numbers(value).filter(|list| !list.is_empty() && list.iter().all(|v| *v >= 0.0));
    let wanted = "a number from 0, or a list of them";
    read::value(table, key, usable, (wanted, "`within = [2, 0]` makes the levels apart, near and equal"), problems)
}

/// Reads `block`: names of fields, or several lists of names, each of which is a pass.
pub(super) fn blocks(options: &Options, problems: &mut Diagnostics) -> Vec<Vec<String>> {
    let name = |value: &OptionValue| match value {
        OptionValue::Text(text) => Some(text.text.clone()),
        _ => None,
    };
    let pass = |value: &OptionValue| match value {
        OptionValue::List(items, _) if !items.is_empty() => items.iter().map(name).collect::<Option<Vec<String>>>(),
        _ => None,
    };
    let all = |value: &OptionValue| match value {
        OptionValue::List(items, _) if matches!(items.first(), Some(OptionValue::List(..))) => {
            items.iter().map(pass).collect()
        }
        other => pass(other).map(|names| vec![names]),
    };
    let words =
        ("a list of names, or a list of such lists", "`block = [[\"born\"], [\"first\", \"last\"]]` has two passes");
    read::value(options, "block", all, words, problems).unwrap_or_default()
}

/// A field found in the data.
#[derive(Clone, Debug)]
pub(super) struct Chosen {
    pub(super) name: String,
    pub(super) comparison: Comparison,
    place: Place,
}

/// Where the values of a field are.
#[derive(Clone, Debug)]
enum Place {
    /// An element of a code.
    Element(usize),
    /// A text, as the number that stands for each different one; NaN for none.
    TextAsNumber(usize, Vec<f64>),
    /// A text, as it is compared.
    Text(usize, Vec<String>),
    /// What is known from the start, or an answer.
    Known(column::Column),
}

/// Finds fields; without any, all elements of the codes are compared as they are.
pub(super) fn bind(choices: &[Choice], schema: &ObservedSchema) -> Result<Vec<Chosen>, CannotAnswer> {
    if !choices.is_empty() {
        return choices.iter().map(|choice| find(choice, schema)).collect();
    }
    if schema.code_elements.is_empty() {
        let why = "there is nothing to link interviews by: the data have no codes, and no fields are named".to_owned();
        return Err(CannotAnswer { why });
    }
    schema.code_elements.iter().map(|(name, _)| equal(name, schema)).collect()
}

/// Finds a field whose values are to be equal.
pub(super) fn equal(name: &str, schema: &ObservedSchema) -> Result<Chosen, CannotAnswer> {
    find(&Choice { name: name.to_owned(), comparison: Comparison::Equal, normalise: true }, schema)
}

fn find(choice: &Choice, schema: &ObservedSchema) -> Result<Chosen, CannotAnswer> {
    let name = choice.name.as_str();
    let place = if let Some(k) = schema.code_elements.iter().position(|(element, _)| element == name) {
        Place::Element(k)
    } else if let Some(k) = schema.fields.iter().position(|field| field.name == name) {
        of_texts(k, &schema.fields[k], choice)
    } else if let Ok(column) = column::Column::need(name, schema) {
        Place::Known(column)
    } else {
        let mut cannot = unknown(name, schema);
        let elements = schema.code_elements.iter().map(|(element, _)| element.as_str());
        let more: Vec<&str> = elements.chain(schema.fields.iter().map(|f| f.name.as_str())).collect();
        if !more.is_empty() {
            cannot.why = format!("{}; to link by: {}", cannot.why, more.join(", "));
        }
        return Err(cannot);
    };
    let is_text = matches!(place, Place::Text(..));
    if matches!(choice.comparison, Comparison::Similar(..)) && !is_text {
        return Err(CannotAnswer { why: format!("`{name}` is no text, and texts only are compared by `similarity`") });
    }
    Ok(Chosen { name: name.to_owned(), comparison: choice.comparison.clone(), place })
}

fn of_texts(k: usize, field: &TextField, choice: &Choice) -> Place {
    let plain = |text: &String| if choice.normalise { normalise(text) } else { text.clone() };
    match choice.comparison {
        Comparison::Similar(..) => Place::Text(k, field.texts.iter().map(plain).collect()),
        Comparison::Within(_) => {
            let number = |text: &String| text.trim().parse::<f64>().ok().filter(|v| v.is_finite()).unwrap_or(f64::NAN);
            Place::TextAsNumber(k, field.texts.iter().map(number).collect())
        }
        Comparison::Equal => {
            let texts: Vec<String> = field.texts.iter().map(plain).collect();
            let mut different: Vec<&String> = texts.iter().filter(|text| !text.is_empty()).collect();
            different.sort_unstable();
            different.dedup();
            let number = |text: &String| different.binary_search(&text).map_or(f64::NAN, |at| at as f64);
            Place::TextAsNumber(k, texts.iter().map(number).collect())
        }
    }
}

/// The values of a field in one data set, `[wave][record]`.
#[derive(Clone, Debug)]
pub(super) enum Values {
    Numbers(Vec<Vec<f64>>),
    Texts(Vec<Vec<String>>),
}

impl Values {
    /// The values of these interviews.
    pub(super) fn of(&self, interviews: &[Interview]) -> Field {
        fn take<T: Clone>(values: &[Vec<T>], interviews: &[Interview], none: &T) -> Vec<T> {
            let value = |i: &Interview| values.get(i.wave).and_then(|wave| wave.get(i.record)).unwrap_or(none).clone();
            interviews.iter().map(value).collect()
        }
        match self {
            Self::Numbers(values) => Field::Numbers(take(values, interviews, &f64::NAN)),
            Self::Texts(values) => Field::Texts(take(values, interviews, &String::new())),
        }
    }
}

impl Chosen {
    /// The values of all interviews of a data set.
    pub(super) fn read(&self, observed: &Observed<'_>) -> Values {
        let waves = 0..observed.schema().waves();
        match &self.place {
            Place::Element(k) => {
                let value = |v: &u16| if *v == u16::MAX { f64::NAN } else { f64::from(*v) };
                Values::Numbers(waves.map(|wave| observed.element(*k, wave).iter().map(value).collect()).collect())
            }
            Place::TextAsNumber(k, numbers) => {
                let value = |v: &u32| numbers.get(*v as usize).copied().unwrap_or(f64::NAN);
                Values::Numbers(waves.map(|wave| observed.field(*k, wave).iter().map(value).collect()).collect())
            }
            Place::Text(k, texts) => {
                let value = |v: &u32| texts.get(*v as usize).cloned().unwrap_or_default();
                Values::Texts(waves.map(|wave| observed.field(*k, wave).iter().map(value).collect()).collect())
            }
            Place::Known(column) => Values::Numbers(waves.map(|wave| column.read(observed, wave)).collect()),
        }
    }
}
