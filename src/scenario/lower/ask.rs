//! Asking tables for what must be there: a problem is reported, and something harmless goes on in its place.

use crate::diagnostic::{Diagnostics, Text};
use crate::options::{OptionValue, Options};
use crate::simulate::declaration::Duration;
use std::ops::RangeInclusive;

/// A text that must be there.
pub(super) fn text(table: &Options, key: &str, problems: &mut Diagnostics) -> Text {
    must_be_there(table, key, problems);
    table.text(key, problems).unwrap_or_default()
}

/// A number or formula that must be there.
pub(super) fn formula(table: &Options, key: &str, problems: &mut Diagnostics) -> Text {
    must_be_there(table, key, problems);
    table.formula(key, problems).unwrap_or_default()
}

/// Reports a key that is not there (S0103).
pub(super) fn must_be_there(table: &Options, key: &str, problems: &mut Diagnostics) {
    if is_missing(table, key) {
        table.missing(key, problems);
    }
}

/// Whether a key is not there, and not misspelt by one letter either: that is reported when the table is finished, and
/// one slip is one problem. (No two keys of one table differ by one letter only.)
pub(super) fn is_missing(table: &Options, key: &str) -> bool {
    let slip = |other: &str| other.len() < 40 && strsim::damerau_levenshtein(other, key) == 1;
    table.get(key).is_none() && !table.entries.iter().any(|entry| slip(&entry.key.text))
}

/// A number as written: not a formula.
pub(super) fn number(table: &Options, key: &str, problems: &mut Diagnostics) -> Option<Text> {
    match table.get(key)? {
        OptionValue::Number(text) => Some(text.clone()),
        other => {
            let message = format!("`{key}` must be a number, and is {}", other.kind());
            let problem = problems.error("S0102", other.span(), message);
            if let OptionValue::Text(text) = other {
                let help = match text.text.parse::<f64>() {
                    Ok(_) => format!("write it without quotation marks: `{key} = {}`", text.text),
                    Err(_) => "this number belongs to the study and cannot be a formula".to_owned(),
                };
                problem.help(help);
            }
            None
        }
    }
}

/// A whole number in a range, from its text (S0109).
pub(in crate::scenario) fn whole(
    what: &str,
    text: &Text,
    range: RangeInclusive<u64>,
    problems: &mut Diagnostics,
) -> Option<u64> {
    let value = text.text.trim().parse::<u64>().ok().filter(|value| range.contains(value));
    if value.is_none() {
        problems.error("S0109", &text.span, format!("`{what}` cannot be {}", text.text)).help(format!(
            "a whole number from {} to {}",
            range.start(),
            range.end()
        ));
    }
    value
}

/// The tables of a list `[[key]]`; absent: none.
pub(super) fn tables<'a>(table: &'a Options, key: &str, title: &str, problems: &mut Diagnostics) -> Vec<&'a Options> {
    let items = match table.get(key) {
        None => return Vec::new(),
        Some(OptionValue::List(items, _)) => items,
        Some(other) => {
            let message = format!("`{key}` must be a list of tables, and is {}", other.kind());
            problems.error("S0102", other.span(), message).help(format!("write `[[{title}]]`"));
            return Vec::new();
        }
    };
    let mut tables = Vec::with_capacity(items.len());
    for item in items {
        match item {
            OptionValue::Table(table) => tables.push(table),
            other => {
                let message = format!("an entry of `{key}` must be a table, and is {}", other.kind());
                problems.error("S0102", other.span(), message).help(format!("write `[[{title}]]`"));
            }
        }
    }
    tables
}

/// A list of names, none of them empty or there twice (S0119); absent: none.
pub(super) fn names(table: &Options, key: &str, problems: &mut Diagnostics) -> Vec<Text> {
    let Some(value) = table.get(key) else { return Vec::new() };
    let names = table.texts(key, problems).unwrap_or_default();
    if matches!(value, OptionValue::List(items, _) if items.is_empty()) {
        problems
            .error("S0119", value.span(), format!("`{key}` names nothing"))
            .help(format!("name at least one, or leave out `{key}`"));
    }
    for (i, name) in names.iter().enumerate() {
        if name.text.trim().is_empty() {
            problems.error("S0119", &name.span, format!("an empty name in `{key}`")).help("give it a name");
        } else if names[..i].iter().any(|earlier| earlier.text == name.text) {
            problems
                .error("S0119", &name.span, format!("`{}` stands twice in `{key}`", name.text))
                .help("leave one of them out");
        }
    }
    names
}

/// Reports keys that cannot stand beside another one (S0120).
pub(super) fn refuse(table: &Options, keys: &[&str], why: &str, help: &str, problems: &mut Diagnostics) {
    for key in keys {
        if let Some(entry) = table.entries.iter().find(|e| e.key.text == *key) {
            problems.error("S0120", &entry.key.span, format!("`{key}` {why}")).help(help);
        }
    }
}

/// A length of time with its unit; absent: none.
pub(super) fn duration(table: &Options, key: &str, problems: &mut Diagnostics) -> Option<Duration> {
    let text = match table.get(key)? {
        OptionValue::Text(text) => text,
        OptionValue::Number(text) => {
            problems
                .error("S0108", &text.span, format!("`{key}` has no unit"))
                .help(format!("write `{key} = \"{} months\"`, or days, weeks or years", text.text));
            return None;
        }
        _ => {
            let _ = table.text(key, problems);
            return None;
        }
    };
    match years(&text.text) {
        Ok(years) => Some(Duration { years, text: text.clone() }),
        Err(why) => {
            problems
                .error("S0108", &text.span, format!("`{}` is not a length of time: {why}", text.text))
                .help("a number and a unit: `\"3 months\"`; units are day(s), week(s), month(s), year(s)");
            None
        }
    }
}

/// Years of a text such as `3 months`.
fn years(text: &str) -> Result<f64, String> {
    let text = text.trim();
    let split = text.find(|c: char| !(c.is_ascii_digit() || "+-.".contains(c))).unwrap_or(text.len());
    let (number, unit) = text.split_at(split);
    let number: f64 = number.parse().map_err(|_| "it does not begin with a number".to_owned())?;
    if !number.is_finite() || number < 0.0 {
        return Err("it must be at least 0".to_owned());
    }
    match unit.trim() {
        "day" | "days" => Ok(number / 365.25),
        "week" | "weeks" => Ok(number * 7.0 / 365.25),
        "month" | "months" => Ok(number / 12.0),
        "year" | "years" => Ok(number),
        "" => Err("it has no unit".to_owned()),
        other => Err(format!("`{other}` is not a unit")),
    }
}

#[cfg(test)]
mod tests {
    use super::years;

    #[test]
    fn units_of_time() {
        assert_eq!(years("1 month"), Ok(1.0 / 12.0));
        assert_eq!(years("12 months"), Ok(1.0));
        assert_eq!(years(" 1.5 years "), Ok(1.5));
        assert_eq!(years("52weeks"), Ok(52.0 * 7.0 / 365.25));
        assert_eq!(years("365.25 days"), Ok(1.0));
        for bad in ["", "month", "-1 month", "1", "3 fortnights", "1e3 days", "9".repeat(400).as_str()] {
            assert!(years(bad).is_err(), "{bad}");
        }
    }
}
