//! What the tables of the file are asked for: ids, names of what is declared elsewhere, numbers as printed.

use crate::diagnostic::{Diagnostics, Text, near_miss};
use crate::options::{OptionValue, Options};

/// Most names that a wrong one is compared with.
const COMPARED: usize = 2_000;

/// Whether a key is not there, and not misspelt either: that is reported when the table is finished, and one slip is one
/// problem.
pub(super) fn is_missing(table: &Options, key: &str) -> bool {
    table.get(key).is_none() && near_miss(key, table.entries.iter().map(|entry| entry.key.text.as_str())).is_none()
}

/// Reports a key that is not there (S0103).
pub(super) fn must_be_there(table: &Options, key: &str, problems: &mut Diagnostics) {
    if is_missing(table, key) {
        table.missing(key, problems);
    }
}

/// A text that must be there.
pub(super) fn text(table: &Options, key: &str, problems: &mut Diagnostics) -> Text {
    must_be_there(table, key, problems);
    table.text(key, problems).unwrap_or_default()
}

/// A text that may be left out: then it is empty.
pub(super) fn words(table: &Options, key: &str, problems: &mut Diagnostics) -> String {
    table.text(key, problems).unwrap_or_default().text
}

/// `id`, which must be there: parts of letters, digits and `_` with dots between them (S0912).
pub(super) fn id(table: &Options, problems: &mut Diagnostics) -> Option<Text> {
    let id = text(table, "id", problems);
    let part = |part: &str| !part.is_empty() && part.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    if id.text.split('.').all(part) {
        return Some(id);
    }
    if table.get("id").is_some_and(|value| matches!(value, OptionValue::Text(_))) {
        problems
            .error("S0912", &id.span, format!("`{}` cannot be an id", id.text))
            .help("letters from a to z, digits and `_`; dots between parts: `shelter.0`");
    }
    None
}

/// As [`id`], for what formulas name first: it begins with a letter (S0912).
pub(super) fn name(table: &Options, problems: &mut Diagnostics) -> Option<Text> {
    let id = id(table, problems)?;
    if id.text.starts_with(|c: char| c.is_ascii_alphabetic()) {
        return Some(id);
    }
    problems
        .error("S0912", &id.span, format!("`{}` cannot be the id of {}", id.text, table.title))
        .help("let it begin with a letter, or formulas would read it as a number");
    None
}

/// Reports an id that stands there already (S0902).
pub(super) fn twice(id: &Text, what: &str, problems: &mut Diagnostics) {
    problems
        .error("S0902", &id.span, format!("there are two {what} with the id `{}`", id.text))
        .help("give one of them another id, or leave it out");
}

/// The position of a name among those that are declared; an unknown one is an error (S0901).
pub(super) fn known<'a>(
    name: &Text,
    what: &str,
    list: impl Iterator<Item = &'a str> + Clone,
    problems: &mut Diagnostics,
) -> Option<usize> {
    let found = list.clone().position(|known| known == name.text);
    if found.is_none() {
        let help = match near_miss(&name.text, list.clone().take(COMPARED)) {
            Some(near) => format!("did you mean `{near}`?"),
            None => match list.take(12).collect::<Vec<_>>().join(", ") {
                names if names.is_empty() => "none is declared".to_owned(),
                names => format!("declared are {names}"),
            },
        };
        problems.error("S0901", &name.span, format!("there is no {what} `{}`", name.text)).help(help);
    }
    found
}

/// A number as written under `key`: no formula (S0102).
pub(super) fn number(table: &Options, key: &str, problems: &mut Diagnostics) -> Option<Text> {
    let value = table.get(key)?;
    let found = printed(key, value, problems);
    found.flatten()
}

/// A number as written, or nothing for `"NA"`; another value is an error (S0102).
pub(super) fn printed(key: &str, value: &OptionValue, problems: &mut Diagnostics) -> Option<Option<Text>> {
    match value {
        OptionValue::Number(text) => Some(Some(text.clone())),
        OptionValue::Text(text) if text.text == "NA" => Some(None),
        other => {
            let message = format!("`{key}` must be a number, and is {}", other.kind());
            problems
                .error("S0102", other.span(), message)
                .help("write the number without quotation marks, or `\"NA\"` where there can be none");
            None
        }
    }
}

/// A whole number of persons or digits under `key` (S0905).
pub(super) fn whole(table: &Options, key: &str, most: u64, problems: &mut Diagnostics) -> Option<u64> {
    let text = number(table, key, problems)?;
    let found = text.text.parse::<u64>().ok().filter(|n| *n <= most);
    if found.is_none() {
        problems
            .error("S0905", &text.span, format!("`{key}` cannot be {}", text.text))
            .help(format!("a whole number from 0 to {most}"));
    }
    found
}

/// The tables of a list `[[key]]`; absent: none.
pub(super) fn tables<'a>(table: &'a Options, key: &str, problems: &mut Diagnostics) -> Vec<&'a Options> {
    let mut found = Vec::new();
    for item in table.list(key, problems).unwrap_or_default() {
        match item {
            OptionValue::Table(entry) => found.push(entry),
            other => {
                let message = format!("an entry of `{key}` must be a table, and is {}", other.kind());
                problems.error("S0102", other.span(), message).help(format!("write `[[{key}]]`, or `{{ id = ... }}`"));
            }
        }
    }
    found
}
