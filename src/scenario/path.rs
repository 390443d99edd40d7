//! Paths of keys: `group.first.size` names one value of a scenario, and a value can be put in its place.

use crate::diagnostic::{Diagnostics, Text, near_miss};
use crate::options::{Entry, OptionValue, Options};

/// Positions from the root down: of an entry in a table, of a value in a list.
pub(super) type Path = Vec<usize>;

/// Tables that hold nothing that a condition could have otherwise, and what to do instead.
const FIXED: [(&str, &str); 10] = [
    ("scenario", "it is the version of the language"),
    ("extends", "a file is laid over another one before anything varies: write a scenario for each"),
    ("study", "all conditions belong to one study; `--set study.seed` and `--set study.replicates` set these two"),
    ("parameters", "write `parameter = \"NAME\"` in place of `key`"),
    ("method", "write `method = \"NAME\"` and `option = \"PATH\"`: options of methods make no conditions"),
    ("vary", "a [[vary]] table cannot vary another one"),
    ("precision", "how long a study runs belongs to the study as a whole"),
    ("grid", "the design belongs to the grid as a whole"),
    ("expect", "demands do not vary: name the conditions that they are for in `condition`"),
    ("release", "what is handed on changes no estimate; `--set release...` sets it"),
];
/// Tables of which `--set` can name a key.
const SETTABLE: [&str; 10] =
    ["time", "group", "site", "attributes", "assign", "effects", "state", "survey", "estimand", "method"];

/// Most parts of the path of a method's option.
pub(super) const MOST_PARTS: usize = 16;

/// Whether a name on the command line is meant as a path of keys and not as a parameter.
pub(super) fn is_meant(name: &str) -> bool {
    name == "release" || SETTABLE.contains(&name) || (name.contains('.') && !name.starts_with("study."))
}

/// Where a path leads; a path that leads nowhere is an error (S0711) with the nearest name.
pub(super) fn resolve(root: &Options, text: &Text, problems: &mut Diagnostics) -> Option<Path> {
    let mut furthest = Furthest::default();
    let found = in_names(&of_table(root), &text.text, 0, &mut furthest);
    if found.is_none() {
        let rest = text.text.get(furthest.byte..).unwrap_or("");
        let first = rest.split('.').next().unwrap_or("");
        let names = || furthest.names.iter().map(String::as_str);
        // The size of all groups together is no key of the file.
        let persons = || near_miss(&text.text, [super::factors::PERSONS]);
        let help = match near_miss(first, names()).or_else(|| near_miss(rest, names())).or_else(persons) {
            Some(near) => format!("did you mean `{near}`?"),
            None if furthest.names.is_empty() => "the path goes on where there is a value and no table".to_owned(),
            None => format!("known there: {}; a key that is left out is written into the file first", listed(names())),
        };
        let before = text.text.get(..furthest.byte.saturating_sub(1)).unwrap_or("");
        let message = match before.is_empty() {
            true => format!("the scenario has no key `{rest}`"),
            false => format!("`{before}` has no key `{rest}`"),
        };
        let span = text.span.within(&(furthest.byte..text.text.len()));
        problems.error("S0711", &span, message).help(help);
    }
    found
}

/// As [`resolve`], for what conditions may have otherwise: fixed tables (S0712) and names (S0712) are errors.
pub(super) fn resolve_varied(root: &Options, text: &Text, problems: &mut Diagnostics) -> Option<Path> {
    let top = text.text.split('.').next().unwrap_or("");
    if let Some((_, instead)) = FIXED.iter().find(|(fixed, _)| *fixed == top) {
        problems.error("S0712", &text.span, format!("`{top}` cannot be varied by its key")).help(*instead);
        return None;
    }
    let path = resolve(root, text, problems)?;
    let why = match (key_of(root, &path), value_at(root, &path)) {
        (Some("name"), Some(OptionValue::Text(_))) => {
            Some("a name says what a table is called, and the other tables know it by that")
        }
        (_, Some(value)) if top == "estimand" && is_switched(value) => {
            Some("each condition answers the same estimands: run those that differ as studies of their own")
        }
        _ => None,
    };
    match why {
        Some(why) => {
            problems.error("S0712", &text.span, format!("`{}` cannot be varied", text.text)).help(why);
            None
        }
        None => Some(path),
    }
}

/// How far a path could be followed.
#[derive(Default)]
struct Furthest {
    byte: usize,
    names: Vec<String>,
}

/// What can come next: a name, its position, and what is there.
type Names<'a> = Vec<(String, usize, &'a OptionValue)>;

/// The longest name goes first; another one is tried where it leads nowhere.
fn in_names(names: &Names<'_>, rest: &str, byte: usize, furthest: &mut Furthest) -> Option<Path> {
    let mut fitting: Vec<&(String, usize, &OptionValue)> =
        names.iter().filter(|(name, ..)| !name.is_empty() && rest.starts_with(name.as_str())).collect();
    fitting.sort_by_key(|(name, ..)| std::cmp::Reverse(name.len()));
    for (name, position, value) in fitting {
        let after = &rest[name.len()..];
        if after.is_empty() {
            return Some(vec![*position]);
        }
        let Some(after) = after.strip_prefix('.') else { continue };
        if let Some(path) = in_names(&of_value(value), after, byte + name.len() + 1, furthest) {
            return Some(std::iter::once(*position).chain(path).collect());
        }
    }
    if furthest.names.is_empty() || byte > furthest.byte {
        *furthest = Furthest { byte, names: names.iter().map(|(name, ..)| name.clone()).collect() };
    }
    None
}

fn of_value(value: &OptionValue) -> Names<'_> {
    match value {
        OptionValue::Table(table) => of_table(table),
        OptionValue::List(items, _) => of_list(items),
        _ => Vec::new(),
    }
}

fn of_table(table: &Options) -> Names<'_> {
    table.entries.iter().enumerate().map(|(i, entry)| (entry.key.text.clone(), i, &entry.value)).collect()
}

/// Tables of a list by name, then by kind where one only has it, then by number from 1.
fn of_list(items: &[OptionValue]) -> Names<'_> {
    let mut names = Vec::new();
    for of in [|table: &Options| text_of(table, "name"), kind_of] {
        let own: Vec<Option<String>> = items.iter().map(|item| table_of(item).and_then(of)).collect();
        for (i, name) in own.iter().enumerate() {
            let only = own.iter().filter(|other| *other == name).count() == 1;
            names.extend(name.clone().filter(|_| only).map(|name| (name, i, &items[i])));
        }
    }
    let tables = items.iter().enumerate().filter(|(_, item)| table_of(item).is_some());
    names.extend(tables.map(|(i, item)| ((i + 1).to_string(), i, item)));
    names
}

fn kind_of(table: &Options) -> Option<String> {
    text_of(table, "kind").or_else(|| text_of(table, "method")).or_else(|| steps_of(table))
}

/// What a `[[method]]` table is called: its `name`, else the method, else its steps.
pub(super) fn method_name(table: &Options) -> Option<String> {
    text_of(table, "name").or_else(|| text_of(table, "method")).or_else(|| steps_of(table))
}

fn steps_of(table: &Options) -> Option<String> {
    let OptionValue::List(items, _) = entry(table, "steps")? else { return None };
    let step = |item: &OptionValue| match item {
        OptionValue::Text(text) => Some(text.text.clone()),
        _ => None,
    };
    items.iter().map(step).collect::<Option<Vec<_>>>().map(|steps| steps.join(" > "))
}

/// What stands under a key. Unlike [`Options::get`], the key does not count as known by this.
fn entry<'a>(table: &'a Options, key: &str) -> Option<&'a OptionValue> {
    table.entries.iter().find(|entry| entry.key.text == key).map(|entry| &entry.value)
}

fn text_of(table: &Options, key: &str) -> Option<String> {
    match entry(table, key)? {
        OptionValue::Text(text) => Some(text.text.clone()),
        _ => None,
    }
}

fn table_of(value: &OptionValue) -> Option<&Options> {
    match value {
        OptionValue::Table(table) => Some(table),
        _ => None,
    }
}

/// What stands at the end of a path.
pub(super) fn value_at<'a>(root: &'a Options, path: &[usize]) -> Option<&'a OptionValue> {
    let (first, rest) = path.split_first()?;
    let mut value = &root.entries.get(*first)?.value;
    for position in rest {
        value = match value {
            OptionValue::Table(table) => &table.entries.get(*position)?.value,
            OptionValue::List(items, _) => items.get(*position)?,
            _ => return None,
        };
    }
    Some(value)
}

/// The key of the table that a path ends in, if it ends in an entry of a list.
fn key_of<'a>(root: &'a Options, path: &[usize]) -> Option<&'a str> {
    let (last, before) = path.split_last()?;
    match value_at(root, before)? {
        OptionValue::Table(table) if before.len() >= 2 => {
            let in_list = matches!(value_at(root, &before[..before.len() - 1]), Some(OptionValue::List(..)));
            table.entries.get(*last).filter(|_| in_list).map(|entry| entry.key.text.as_str())
        }
        _ => None,
    }
}

/// Whether it is a table, or a list of them, which can be left out but has no value of its own.
pub(super) fn is_switched(value: &OptionValue) -> bool {
    match value {
        OptionValue::Table(_) => true,
        OptionValue::List(items, _) => items.iter().any(|item| table_of(item).is_some()),
        _ => false,
    }
}

/// Whether one value can stand in the place of another one (S0713).
pub(super) fn check_kind(what: &str, at: &OptionValue, value: &OptionValue, problems: &mut Diagnostics) -> bool {
    let (fits, wanted) = match at {
        at if is_switched(at) => {
            (matches!(value, OptionValue::Switch(..)), "it names a table: `true` keeps it, `false` leaves it out")
        }
        OptionValue::List(..) => {
            (matches!(value, OptionValue::List(..)) && !is_switched(value), "the file has a list there")
        }
        OptionValue::Switch(..) => (matches!(value, OptionValue::Switch(..)), "the file has true or false there"),
        _ => (
            matches!(value, OptionValue::Text(_) | OptionValue::Number(_)),
            "the file has a number or a text there: write one of these",
        ),
    };
    if !fits {
        let message = format!("`{what}` cannot be {}", shown_kind(value));
        problems.error("S0713", value.span(), message).help(wanted);
    }
    fits
}

fn shown_kind(value: &OptionValue) -> String {
    match value {
        OptionValue::Table(_) | OptionValue::List(..) => value.kind().to_owned(),
        _ => shown(value),
    }
}

/// A value as text, for the names of conditions.
pub(super) fn shown(value: &OptionValue) -> String {
    match value {
        OptionValue::Text(text) | OptionValue::Number(text) => text.text.clone(),
        OptionValue::Switch(on, _) => on.to_string(),
        OptionValue::List(..) | OptionValue::Table(_) if is_switched(value) => "true".to_owned(),
        OptionValue::List(items, _) => format!("[{}]", items.iter().map(shown).collect::<Vec<_>>().join(", ")),
        OptionValue::Table(_) => "true".to_owned(),
    }
}

/// Whether two values are written for the same thing: `0.1` and `1e-1` are.
pub(super) fn is_same(a: &str, b: &str) -> bool {
    match (a.trim().parse::<f64>(), b.trim().parse::<f64>()) {
        (Ok(a), Ok(b)) => a == b,
        _ => a.trim() == b.trim(),
    }
}

/// The tree with other values; a table whose value is `false` is left out, and its list with it if it was the only one.
/// Paths are those of `root`.
pub(super) fn with(root: &Options, values: &[(Path, &OptionValue)]) -> Options {
    let mut tree = root.clone();
    let mut gone: Vec<&Path> = Vec::new();
    for (path, value) in values {
        match value_at(root, path) {
            Some(at) if is_switched(at) => {
                if matches!(value, OptionValue::Switch(false, _)) {
                    gone.push(path);
                }
            }
            Some(_) => put(&mut tree, path, value),
            None => {}
        }
    }
    gone.sort_unstable();
    gone.dedup();
    let within = |path: &Path| gone.iter().any(|other| *other != path && path.starts_with(other));
    // From the end, so that the positions of those before stay true; what is in a table goes with it.
    for path in gone.iter().rev().filter(|path| !within(path)) {
        take(&mut tree, path);
    }
    tree
}

fn put(root: &mut Options, path: &[usize], value: &OptionValue) {
    if let Some(place) = place(root, path) {
        *place = value.clone();
    }
}

fn place<'a>(root: &'a mut Options, path: &[usize]) -> Option<&'a mut OptionValue> {
    let (first, rest) = path.split_first()?;
    let mut value = &mut root.entries.get_mut(*first)?.value;
    for position in rest {
        value = match value {
            OptionValue::Table(table) => &mut table.entries.get_mut(*position)?.value,
            OptionValue::List(items, _) => items.get_mut(*position)?,
            _ => return None,
        };
    }
    Some(value)
}

fn take(root: &mut Options, path: &[usize]) {
    let Some((last, before)) = path.split_last() else { return };
    if before.is_empty() {
        root.entries.remove(*last);
        return;
    }
    let empty = match place(root, before) {
        Some(OptionValue::Table(table)) => {
            table.entries.remove(*last);
            false
        }
        Some(OptionValue::List(items, _)) => {
            items.remove(*last);
            items.is_empty()
        }
        _ => false,
    };
    if empty {
        take(root, before);
    }
}

/// Puts an option into a table, with the tables on the way to it where they are not there; `table` is a `[[method]]`
/// table, whose options may be left out of the file.
pub(super) fn put_option(table: &mut Options, option: &Text, value: &OptionValue) {
    put_into(table, &option.text, option, value);
}

fn put_into(table: &mut Options, rest: &str, option: &Text, value: &OptionValue) {
    let fits = |key: &str| rest == key || rest.strip_prefix(key).is_some_and(|after| after.starts_with('.'));
    let known = table.entries.iter().enumerate().filter(|(_, entry)| fits(&entry.key.text));
    let known = known.max_by_key(|(_, entry)| entry.key.text.len()).map(|(i, entry)| (i, entry.key.text.len()));
    let length = known.map_or_else(|| rest.find('.').unwrap_or(rest.len()), |(_, length)| length);
    let (key, after) = (&rest[..length], rest.get(length + 1..));
    let position = known.map(|(i, _)| i);
    match after {
        None => {
            let key = Text { text: key.to_owned(), span: option.span.clone() };
            match position {
                Some(i) => table.entries[i].value = value.clone(),
                None => table.entries.push(Entry { key, value: value.clone() }),
            }
        }
        Some(after) => {
            let title = format!("{}.{key}]", table.title.replace("[[", "[").trim_end_matches(']'));
            let position = position.unwrap_or_else(|| {
                let inner = OptionValue::Table(Options::new(title.clone(), option.span.clone(), Vec::new()));
                let key = Text { text: key.to_owned(), span: option.span.clone() };
                table.entries.push(Entry { key, value: inner });
                table.entries.len() - 1
            });
            if !matches!(table.entries[position].value, OptionValue::Table(_)) {
                table.entries[position].value =
                    OptionValue::Table(Options::new(title, option.span.clone(), Vec::new()));
            }
            if let OptionValue::Table(inner) = &mut table.entries[position].value {
                put_into(inner, after, option, value);
            }
        }
    }
}

fn listed<'a>(names: impl Iterator<Item = &'a str>) -> String {
    const MOST: usize = 12;
    let all: Vec<&str> = names.collect();
    let more = if all.len() > MOST { ", ..." } else { "" };
    format!("{}{more}", all.iter().take(MOST).copied().collect::<Vec<_>>().join(", "))
}
