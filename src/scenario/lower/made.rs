//! Methods that are made of one `[[method]]` table by varying its options.

use super::vary::{WrittenOf, WrittenVary};
use crate::diagnostic::{Diagnostics, Text, near_miss};
use crate::options::{Entry, OptionValue, Options};
use crate::scenario::MethodDeclaration;
use crate::scenario::path;
use crate::scenario::settings::Settings;

/// Most methods that are made of one.
const MOST_METHODS: usize = 1_000;

/// The tree with the made methods in place of those that they are made of.
pub(in crate::scenario) struct Made {
    /// The tree.
    pub(in crate::scenario) root: Options,
    families: Vec<Family>,
}

/// A method and what is made of it: names and values of the options.
struct Family {
    name: String,
    members: Vec<(String, Vec<(String, String)>)>,
}

/// An option with the values that it takes.
struct Varied {
    option: Text,
    label: String,
    values: Vec<OptionValue>,
}

/// Makes the methods. A [[vary]] of a method that is not there is an error (S0717).
pub(in crate::scenario) fn made(
    root: &Options,
    written: Vec<WrittenVary>,
    original: &Options,
    settings: &Settings,
    problems: &mut Diagnostics,
) -> Made {
    let mut tree = root.clone();
    let mut families = Vec::new();
    let Some(entry) = tree.entries.iter_mut().find(|entry| entry.key.text == "method") else {
        for (method, _) in written.iter().filter_map(named) {
            unknown(method, &[], problems);
        }
        return Made { root: tree, families };
    };
    let OptionValue::List(items, _) = &mut entry.value else { return Made { root: tree, families } };
    let names: Vec<Option<String>> = items.iter().map(name_of).collect();
    for (method, _) in written.iter().filter_map(named) {
        if names.iter().flatten().all(|name| *name != method.text) {
            unknown(method, &names, problems);
        }
    }
    let mut list = Vec::with_capacity(items.len());
    for (item, name) in items.drain(..).zip(names) {
        let own = name.as_ref().map_or(Vec::new(), |name| varied(name, &written, original, settings, problems));
        match (&item, name) {
            (OptionValue::Table(table), Some(name)) if !own.is_empty() => {
                let family = family(table, name, &own, &mut list, problems);
                families.push(family);
            }
            _ => list.push(item),
        }
    }
    *items = list;
    Made { root: tree, families }
}

fn named(written: &WrittenVary) -> Option<(&Text, &Text)> {
    match &written.of {
        WrittenOf::Option { method, option } => Some((method, option)),
        WrittenOf::Parameter(_) | WrittenOf::Key(_) => None,
    }
}

fn name_of(item: &OptionValue) -> Option<String> {
    match item {
        OptionValue::Table(table) => path::method_name(table),
        _ => None,
    }
}

fn unknown(method: &Text, names: &[Option<String>], problems: &mut Diagnostics) {
    let names = || names.iter().flatten().map(String::as_str);
    let help = match near_miss(&method.text, names()) {
        Some(near) => format!("did you mean `{near}`?"),
        None => format!("the scenario's methods: {}", names().collect::<Vec<_>>().join(", ")),
    };
    problems.error("S0717", &method.span, format!("there is no method `{}` in this scenario", method.text)).help(help);
}

/// The varied options of one method, without those that `--set` fixes.
fn varied(
    name: &str,
    written: &[WrittenVary],
    original: &Options,
    settings: &Settings,
    problems: &mut Diagnostics,
) -> Vec<Varied> {
    let own: Vec<(&WrittenVary, &Text)> = written
        .iter()
        .filter_map(|vary| named(vary).filter(|(method, _)| method.text == name).map(|(_, option)| (vary, option)))
        .collect();
    let mut kept: Vec<Varied> = Vec::new();
    for (vary, option) in &own {
        let whole = Text { text: format!("method.{name}.{}", option.text), ..Text::default() };
        let set = path::resolve(original, &whole, &mut Diagnostics::new()).is_some_and(|path| settings.fixes(&path));
        if set {
            problems
                .warn(
                    "S0708",
                    &option.span,
                    format!("`{}` is not varied, since `--set` gives it one value", option.text),
                )
                .help("this [[vary]] is left out of the run");
            continue;
        }
        if kept.iter().any(|earlier| earlier.option.text == option.text) {
            problems
                .error("S0707", &option.span, format!("`{}` is varied by two [[vary]] tables", option.text))
                .help("write all its values in one of them");
            continue;
        }
        if option.text.split('.').count() > path::MOST_PARTS {
            problems
                .error("S0717", &option.span, format!("a path of more than {} parts", path::MOST_PARTS))
                .help("write the option as in the method's table: `impute.mice.m`");
            continue;
        }
        let last = |text: &Text| text.text.rsplit('.').next().unwrap_or("").to_owned();
        let only = own.iter().filter(|(_, other)| last(other) == last(option)).count() == 1;
        let label = match &vary.name {
            Some(name) => name.text.clone(),
            None if only => last(option),
            None => option.text.clone(),
        };
        kept.push(Varied { option: (*option).clone(), label, values: once(&vary.values, problems) });
    }
    kept.retain(|varied| !varied.values.is_empty());
    kept
}

/// The values of an option without repetitions and tables, which are errors (S0717).
fn once(values: &[OptionValue], problems: &mut Diagnostics) -> Vec<OptionValue> {
    let mut kept: Vec<OptionValue> = Vec::with_capacity(values.len());
    for value in values {
        let text = path::shown(value);
        if path::is_switched(value) {
            problems
                .error("S0717", value.span(), "the value of an option cannot be a table here")
                .help("vary the options in the table, each by its own [[vary]]");
        } else if kept.iter().any(|known| path::is_same(&path::shown(known), &text)) {
            problems
                .error("S0717", value.span(), format!("the value {text} stands twice"))
                .help("leave one out: both would make the same method");
        } else {
            kept.push(value.clone());
        }
    }
    kept
}

/// Adds all combinations of the options' values, the last option changing fastest.
fn family(
    table: &Options,
    name: String,
    varied: &[Varied],
    list: &mut Vec<OptionValue>,
    problems: &mut Diagnostics,
) -> Family {
    let count = varied.iter().fold(1_usize, |n, v| n.saturating_mul(v.values.len()));
    let mut family = Family { name, members: Vec::new() };
    if count > MOST_METHODS {
        if let Some(last) = varied.last() {
            problems
                .error("S0704", &last.option.span, format!("the [[vary]] tables make {count} methods of one"))
                .help(format!("at most {MOST_METHODS}: give fewer values"));
        }
        list.push(OptionValue::Table(table.clone()));
        return family;
    }
    for number in 0..count {
        let mut rest = number;
        let mut made = table.clone();
        let mut options = Vec::with_capacity(varied.len());
        for option in varied.iter().rev() {
            let value = &option.values[rest % option.values.len()];
            rest /= option.values.len();
            path::put_option(&mut made, &option.option, value);
            options.push((option.label.clone(), path::shown(value)));
        }
        options.reverse();
        let inner: Vec<String> = options.iter().map(|(label, value)| format!("{label} = {value}")).collect();
        let full = format!("{} ({})", family.name, inner.join(", "));
        rename(&mut made, &full);
        list.push(OptionValue::Table(made));
        family.members.push((full, options));
    }
    family
}

fn rename(table: &mut Options, name: &str) {
    let text = |span| OptionValue::Text(Text { text: name.to_owned(), span });
    if let Some(entry) = table.entries.iter_mut().find(|entry| entry.key.text == "name") {
        entry.value = text(entry.value.span().clone());
    } else {
        // Where the method itself is named, since that was its name until now.
        let span = table.entries.iter().find(|entry| matches!(entry.key.text.as_str(), "method" | "steps"));
        let span = span.map_or(&table.span, |entry| entry.value.span()).clone();
        let key = Text { text: "name".to_owned(), span: span.clone() };
        table.entries.push(Entry { key, value: text(span) });
    }
}

impl Made {
    /// Writes on each made method what it was made of.
    pub(in crate::scenario) fn mark(&self, methods: &mut [MethodDeclaration]) {
        for family in &self.families {
            for (name, options) in &family.members {
                for method in methods.iter_mut().filter(|method| method.name.text == *name) {
                    method.made_of = Some(family.name.clone());
                    method.options.clone_from(options);
                }
            }
        }
    }

    /// Names of the methods from which others were made.
    pub(in crate::scenario) fn families(&self) -> impl Iterator<Item = &str> {
        self.families.iter().map(|family| family.name.as_str())
    }

    /// The methods that a name means: those that were made of it, or itself.
    pub(in crate::scenario) fn meant(&self, name: &Text) -> Vec<Text> {
        match self.families.iter().find(|family| family.name == name.text) {
            Some(family) if !family.members.is_empty() => {
                let member = |(full, _): &(String, _)| Text { text: full.clone(), span: name.span.clone() };
                family.members.iter().map(member).collect()
            }
            _ => vec![name.clone()],
        }
    }
}
