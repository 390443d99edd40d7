//! From the text of a TOML file to [`Options`]: file order, places of keys and values, numbers as written.

use super::syntax;
use crate::diagnostic::{Diagnostics, Span, Text};
use crate::options::{Entry, OptionValue, Options};
use toml::Spanned;
use toml::de::{DeArray, DeTable, DeValue};

/// Tables and lists may be nested this deep; the language itself needs 5.
const DEEPEST: usize = 16;
/// Most entries of a table, and most tables in a list: names are compared one by one.
const MOST_ENTRIES: usize = 2_000;
/// Most values in a list.
const MOST_VALUES: usize = 10_000;

/// The tables of a file, or nothing where the text cannot be understood. A key that stands twice is reported, and the
/// file is read on.
pub(super) fn parse(text: &str, file: usize, problems: &mut Diagnostics) -> Option<Options> {
    if !syntax::keys_are_short(text, file, problems) {
        return None;
    }
    let (root, errors) = DeTable::parse_recoverable(text);
    if !syntax::report(&errors, text, file, problems) {
        return None;
    }
    let span = Span { file, bytes: 0..0 };
    if root.get_ref().len() > MOST_ENTRIES {
        problems.error("S0113", &span, format!("more than {MOST_ENTRIES} entries"));
        return None;
    }
    let mut tree = Tree { text, file, problems, refused: false };
    let root = tree.table(root.get_ref(), "the scenario".to_owned(), span, "", 0);
    (!tree.refused).then_some(root)
}

struct Tree<'a> {
    text: &'a str,
    file: usize,
    problems: &'a mut Diagnostics,
    refused: bool,
}

impl Tree<'_> {
    /// `path`: the names of the tables around this one, with dots.
    fn table(&mut self, table: &DeTable<'_>, title: String, span: Span, path: &str, depth: usize) -> Options {
        let mut entries: Vec<Entry> = Vec::with_capacity(table.len());
        for (key, value) in table.iter() {
            let key = self.unquoted(key.get_ref(), key.span());
            let path = if path.is_empty() { key.text.clone() } else { format!("{path}.{}", key.text) };
            if let Some(value) = self.value(value, &key.text, &path, depth + 1) {
                entries.push(Entry { key, value });
            }
        }
        entries.sort_by_key(|entry| entry.key.span.bytes.start);
        Options::new(title, span, entries)
    }

    fn value(&mut self, value: &Spanned<DeValue<'_>>, key: &str, path: &str, depth: usize) -> Option<OptionValue> {
        let span = Span { file: self.file, bytes: value.span() };
        if let Some(why) = too_much(value.get_ref(), depth) {
            self.refused = true;
            let help = "no part of a scenario needs this much: is a bracket not closed?";
            self.problems.error("S0113", &span, why).help(help);
            return None;
        }
        match value.get_ref() {
            DeValue::String(text) => Some(OptionValue::Text(self.unquoted(text, value.span()))),
            DeValue::Boolean(on) => Some(OptionValue::Switch(*on, span)),
            DeValue::Integer(number) => Some(self.integer(number.as_str(), number.radix(), span)),
            DeValue::Float(number) => Some(self.float(number.as_str(), span)),
            DeValue::Datetime(_) => {
                self.problems
                    .error("S0114", &span, "dates are not used in scenarios")
                    .help("times are counted from the start of the study: `\"3 months\"`");
                Some(OptionValue::Text(Text { text: self.text[value.span()].to_owned(), span }))
            }
            DeValue::Array(items) => Some(self.list(items, key, path, span, depth)),
            DeValue::Table(table) => {
                let title = if self.is_inline(&span) { format!("`{key}`") } else { format!("[{path}]") };
                Some(OptionValue::Table(self.table(table, title, span, path, depth)))
            }
        }
    }

    fn list(&mut self, items: &DeArray<'_>, key: &str, path: &str, span: Span, depth: usize) -> OptionValue {
        let mut list = Vec::with_capacity(items.len());
        for item in items.iter() {
            let mut value = self.value(item, key, path, depth + 1);
            if let Some(OptionValue::Table(table)) = &mut value {
                let inline = self.is_inline(&table.span);
                table.title = if inline { format!("an entry of `{key}`") } else { format!("[[{path}]]") };
            }
            list.extend(value);
        }
        OptionValue::List(list, span)
    }

    fn is_inline(&self, span: &Span) -> bool {
        self.text.as_bytes().get(span.bytes.start) == Some(&b'{')
    }

    fn integer(&mut self, digits: &str, radix: u32, span: Span) -> OptionValue {
        if radix == 10 {
            return self.float(digits, span);
        }
        match u128::from_str_radix(digits, radix) {
            Ok(number) => OptionValue::Number(Text { text: number.to_string(), span }),
            Err(_) => self.not_finite(digits, span),
        }
    }

    fn float(&mut self, number: &str, span: Span) -> OptionValue {
        let text = number.strip_prefix('+').unwrap_or(number);
        match text.parse::<f64>() {
            Ok(value) if value.is_finite() => OptionValue::Number(Text { text: text.to_owned(), span }),
            _ => self.not_finite(text, span),
        }
    }

    fn not_finite(&mut self, number: &str, span: Span) -> OptionValue {
        self.problems.error("S0114", &span, format!("`{number}` is not a finite number")).help("write a number");
        OptionValue::Number(Text { text: "1".to_owned(), span })
    }

    /// A text and the place of what stands between its quotation marks.
    fn unquoted(&self, text: &str, bytes: std::ops::Range<usize>) -> Text {
        let raw = self.text.get(bytes.clone()).unwrap_or("");
        let marks = ["\"\"\"", "'''", "\"", "'"].into_iter().find(|m| raw.starts_with(m));
        let mut place = bytes;
        if let Some(marks) = marks {
            place.start += marks.len();
            if raw.len() >= 2 * marks.len() && raw.ends_with(marks) {
                place.end -= marks.len();
            }
            if marks.len() == 3 {
                let inner = &self.text[place.clone()];
                place.start +=
                    inner.len() - inner.strip_prefix("\r\n").or(inner.strip_prefix('\n')).unwrap_or(inner).len();
            }
        }
        Text { text: text.to_owned(), span: Span { file: self.file, bytes: place } }
    }
}

/// Why a value is refused, whatever it means.
fn too_much(value: &DeValue<'_>, depth: usize) -> Option<String> {
    let (entries, values) = match value {
        DeValue::Table(table) => (table.len(), 0),
        DeValue::Array(items) => (items.iter().filter(|item| item.get_ref().is_table()).count(), items.len()),
        _ => (0, 0),
    };
    if depth > DEEPEST {
        Some(format!("tables and lists are nested more than {DEEPEST} deep"))
    } else if entries > MOST_ENTRIES {
        Some(format!("more than {MOST_ENTRIES} entries"))
    } else if values > MOST_VALUES {
        Some(format!("a list of more than {MOST_VALUES} values"))
    } else {
        None
    }
}
