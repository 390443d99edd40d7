//! Numbers and lists among the options of linkage.

use crate::diagnostic::Diagnostics;
use crate::options::{OptionValue, Options};

/// A number as written.
pub(in crate::analyze) fn number(value: &OptionValue) -> Option<f64> {
    match value {
        OptionValue::Number(text) => text.text.parse::<f64>().ok().filter(|v| v.is_finite()),
        _ => None,
    }
}

/// A list of numbers; a number alone is a list of one.
pub(in crate::analyze) fn numbers(value: &OptionValue) -> Option<Vec<f64>> {
    match value {
        OptionValue::List(items, _) => items.iter().map(number).collect(),
        alone => number(alone).map(|v| vec![v]),
    }
}

/// A list of lists of numbers.
pub(in crate::analyze) fn lists(value: &OptionValue) -> Option<Vec<Vec<f64>>> {
    match value {
        OptionValue::List(items, _) => {
            let list = |item: &OptionValue| matches!(item, OptionValue::List(..)).then(|| numbers(item)).flatten();
            items.iter().map(list).collect()
        }
        _ => None,
    }
}

/// Reports a value that cannot be used (S0641).
pub(in crate::analyze) fn wrong(key: &str, value: &OptionValue, wanted: &str, help: &str, problems: &mut Diagnostics) {
    problems.error("S0641", value.span(), format!("`{key}` must be {wanted}")).help(help);
}

/// What `key` holds, read by `read`; what it cannot read is reported.
pub(in crate::analyze) fn value<T>(
    options: &Options,
    key: &str,
    read: impl Fn(&OptionValue) -> Option<T>,
    (wanted, help): (&str, &str),
    problems: &mut Diagnostics,
) -> Option<T> {
    let given = options.get(key)?;
    let found = read(given);
    if found.is_none() {
        wrong(key, given, wanted, help, problems);
    }
    found
}

/// A whole number of at least `least`.
pub(in crate::analyze) fn whole(value: &OptionValue, least: usize) -> Option<usize> {
    let number = number(value).filter(|v| v.fract() == 0.0 && *v >= least as f64 && *v < 1e9)?;
    Some(number as usize)
}
