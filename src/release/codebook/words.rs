//! Numbers and texts as the readable forms show them.

use super::{Entry, TableEntry};
use crate::release::csv_sink::shortest;

/// A number with at most four digits after the first that is not 0.
pub(super) fn rounded(value: f64) -> String {
    if value == 0.0 || !value.is_finite() {
        return exact(value);
    }
    let digits = 4 - (libm::floor(libm::log10(value.abs())) as i32).clamp(-10, 4);
    let text = format!("{value:.*}", digits as usize);
    match text.contains('.') {
        true => text.trim_end_matches('0').trim_end_matches('.').to_owned(),
        false => text,
    }
}

/// A number in its shortest form.
pub(super) fn exact(value: f64) -> String {
    let mut text = String::new();
    shortest(value, &mut text);
    text
}

/// What is in a column, in a few words.
pub(super) fn summary(entry: &Entry) -> String {
    let mut parts: Vec<String> = match &entry.tally.numbers {
        Some(numbers) if entry.column.levels() == 0 => {
            let sd = numbers.sd().map_or_else(String::new, |sd| format!(", sd {}", rounded(sd)));
            let range = format!("{} to {}", rounded(numbers.min), rounded(numbers.max));
            vec![format!("mean {}{sd}, {range}", rounded(numbers.mean()))]
        }
        _ => entry.levels().iter().map(|(value, _, count)| format!("{value}: {count}")).collect(),
    };
    if entry.tally.filled_in > 0 {
        parts.push(format!("filled in without asking: {}", entry.tally.filled_in));
    }
    if entry.tally.other > 0 {
        parts.push(format!("not in the list: {}", entry.tally.other));
    }
    parts.join("; ")
}

/// How many cells have no value, and why.
pub(super) fn missing(table: &TableEntry, entry: &Entry) -> String {
    let reasons: Vec<String> = table.reasons(entry).iter().map(|(word, _, count)| format!("{word}: {count}")).collect();
    match reasons.is_empty() {
        true => entry.tally.missing.to_string(),
        false => format!("{} ({})", entry.tally.missing, reasons.join("; ")),
    }
}

/// Kind, unit and range of a column.
pub(super) fn kind(entry: &Entry) -> String {
    let field = &entry.column.field;
    let mut text = field.kind.name().to_owned();
    if !field.unit.is_empty() {
        text.push_str(&format!(", {}", field.unit));
    }
    if entry.column.levels() == 0 && !field.range.is_empty() {
        text.push_str(&format!(", {}", field.range));
    }
    text
}

/// The text with what means something in XML and HTML written otherwise; characters that XML cannot hold are left out.
pub(super) fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\t' | '\n' => out.push(c),
            c if c.is_control() || ['\u{FFFE}', '\u{FFFF}'].contains(&c) => {}
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_rounded_to_what_can_be_read() {
        let cases = [
            (0.0, "0"),
            (1.0, "1"),
            (0.123_456_78, "0.12346"),
            (17.0 / 3.0, "5.6667"),
            (12_345.67, "12346"),
            (-2.5e-7, "-0.00000025"),
            (99.0, "99"),
            (100.0, "100"),
        ];
        for (value, text) in cases {
            assert_eq!(rounded(value), text);
        }
    }

    #[test]
    fn what_means_something_is_escaped() {
        assert_eq!(escaped("a < b & \"c\" > d\u{0}\u{1b}"), "a &lt; b &amp; &quot;c&quot; &gt; d");
    }
}
