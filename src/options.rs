//! A table of a scenario as its room reads it: keys with their places, each asked for once, the rest refused.
//!
//! Rooms below `scenario` never see TOML. They get an [`Options`], take what they know, and call
//! [`Options::finish`], which turns every key nobody asked for into an error with the nearest known name.

use crate::diagnostic::{Diagnostics, Span, Text, near_miss};
use std::cell::RefCell;

/// A value as written. Numbers keep their text, since any number may be a formula of parameters.
#[derive(Clone, Debug, PartialEq)]
pub enum OptionValue {
    /// A string.
    Text(Text),
    /// A number; its text is a valid formula.
    Number(Text),
    /// `true` or `false`.
    Switch(bool, Span),
    /// A list.
    List(Vec<OptionValue>, Span),
    /// A table, inline or not.
    Table(Options),
}

impl OptionValue {
    /// Where the value stands.
    #[must_use]
    pub fn span(&self) -> &Span {
        match self {
            Self::Text(t) | Self::Number(t) => &t.span,
            Self::Switch(_, s) | Self::List(_, s) => s,
            Self::Table(t) => &t.span,
        }
    }

    /// What kind of value it is, for messages.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Text(_) => "text",
            Self::Number(_) => "a number",
            Self::Switch(..) => "true or false",
            Self::List(..) => "a list",
            Self::Table(_) => "a table",
        }
    }
}

/// A key with its place and value.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// The key and where it stands.
    pub key: Text,
    /// The value.
    pub value: OptionValue,
}

/// A table of keys, in the order of the file.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// What the table is called in messages, such as `[[survey.loss]]`.
    pub title: String,
    /// Where the table stands (its header, or the whole inline table).
    pub span: Span,
    /// The keys in the order of the file.
    pub entries: Vec<Entry>,
    asked: RefCell<Vec<String>>,
}

impl PartialEq for Options {
    fn eq(&self, other: &Self) -> bool {
        self.title == other.title && self.span == other.span && self.entries == other.entries
    }
}

impl Options {
    /// A table of these keys.
    #[must_use]
    pub fn new(title: impl Into<String>, span: Span, entries: Vec<Entry>) -> Self {
        Self { title: title.into(), span, entries, asked: RefCell::default() }
    }

    /// The value of `key`, whatever its kind; the key counts as known from now on.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&OptionValue> {
        let mut asked = self.asked.borrow_mut();
        if !asked.iter().any(|a| a == key) {
            asked.push(key.to_owned());
        }
        self.entries.iter().find(|e| e.key.text == key).map(|e| &e.value)
    }

    /// A formula or number under `key`; another kind of value is an error (S0102).
    pub fn formula(&self, key: &str, problems: &mut Diagnostics) -> Option<Text> {
        match self.get(key)? {
            OptionValue::Text(t) | OptionValue::Number(t) => Some(t.clone()),
            other => {
                wrong_kind(key, "a number or a formula", other, problems);
                None
            }
        }
    }

    /// A text under `key`; another kind of value is an error (S0102).
    pub fn text(&self, key: &str, problems: &mut Diagnostics) -> Option<Text> {
        match self.get(key)? {
            OptionValue::Text(t) => Some(t.clone()),
            other => {
                wrong_kind(key, "text", other, problems);
                None
            }
        }
    }

    /// `true` or `false` under `key`; another kind of value is an error (S0102).
    pub fn switch(&self, key: &str, problems: &mut Diagnostics) -> Option<bool> {
        match self.get(key)? {
            OptionValue::Switch(on, _) => Some(*on),
            other => {
                wrong_kind(key, "true or false", other, problems);
                None
            }
        }
    }

    /// A list under `key`; another kind of value is an error (S0102).
    pub fn list(&self, key: &str, problems: &mut Diagnostics) -> Option<&[OptionValue]> {
        match self.get(key)? {
            OptionValue::List(items, _) => Some(items),
            other => {
                wrong_kind(key, "a list", other, problems);
                None
            }
        }
    }

    /// A list of texts (or numbers, as text) under `key`; other kinds are errors (S0102).
    pub fn texts(&self, key: &str, problems: &mut Diagnostics) -> Option<Vec<Text>> {
        let items = self.list(key, problems)?;
        let mut texts = Vec::with_capacity(items.len());
        for item in items {
            match item {
                OptionValue::Text(t) | OptionValue::Number(t) => texts.push(t.clone()),
                other => wrong_kind(key, "a list of texts or numbers", other, problems),
            }
        }
        Some(texts)
    }

    /// A table under `key`; another kind of value is an error (S0102).
    pub fn table(&self, key: &str, problems: &mut Diagnostics) -> Option<&Options> {
        match self.get(key)? {
            OptionValue::Table(t) => Some(t),
            other => {
                wrong_kind(key, "a table", other, problems);
                None
            }
        }
    }

    /// One of `words` under `key`, by position; another word is an error (S0104) with the nearest one.
    pub fn choice(&self, key: &str, words: &[&str], problems: &mut Diagnostics) -> Option<usize> {
        let text = self.text(key, problems)?;
        let found = words.iter().position(|w| *w == text.text);
        if found.is_none() {
            let help = match near_miss(&text.text, words.iter().copied()) {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!("one of: {}", words.join(", ")),
            };
            problems.error("S0104", &text.span, format!("`{key}` cannot be `{}`", text.text)).help(help);
        }
        found
    }

    /// Reports a key that must be there and is not (S0103).
    pub fn missing(&self, key: &str, problems: &mut Diagnostics) {
        problems
            .error("S0103", &self.span, format!("{} needs a key `{key}`", self.title))
            .help(format!("add `{key} = ...`"));
    }

    /// Reports every key that nobody asked for (S0101), with the nearest known one.
    pub fn finish(&self, problems: &mut Diagnostics) {
        let asked = self.asked.borrow();
        for entry in &self.entries {
            if asked.contains(&entry.key.text) {
                continue;
            }
            let help = match near_miss(&entry.key.text, asked.iter().map(String::as_str)) {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!("known here: {}", asked.join(", ")),
            };
            problems
                .error("S0101", &entry.key.span, format!("{} has no key `{}`", self.title, entry.key.text))
                .help(help);
        }
    }
}

fn wrong_kind(key: &str, wanted: &str, found: &OptionValue, problems: &mut Diagnostics) {
    problems.error("S0102", found.span(), format!("`{key}` must be {wanted}, and is {}", found.kind()));
}
