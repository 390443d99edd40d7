//! Names that formulas use: what may be one, and that each stands for one thing.

use crate::diagnostic::{Diagnostics, Sources, Span, Text, position};

/// Words that already mean something in a formula.
pub(in crate::scenario) const RESERVED: [&str; 31] = [
    "time",
    "wave",
    "group",
    "site",
    "contacts",
    "mood",
    "site_effect",
    "true",
    "false",
    "and",
    "or",
    "not",
    "if",
    "exp",
    "log",
    "expit",
    "logit",
    "sqrt",
    "abs",
    "min",
    "max",
    "floor",
    "missing",
    "lag",
    "since",
    "site_mean",
    "reported",
    "recorded",
    "rest",
    "yes",
    "no",
];

/// Names declared so far, each with its place and what it names.
pub(in crate::scenario) struct Names<'a> {
    sources: &'a Sources,
    seen: Vec<(Text, &'static str)>,
}

impl<'a> Names<'a> {
    pub(in crate::scenario) fn new(sources: &'a Sources) -> Self {
        Self { sources, seen: Vec::new() }
    }

    /// Takes a name that formulas can use: a letter, then letters, digits and `_` (S0105), not a word of the language
    /// (S0106), not declared before (S0107).
    pub(super) fn declare(&mut self, name: &Text, what: &'static str, problems: &mut Diagnostics) {
        if !is_name(&name.text) {
            problems
                .error("S0105", &name.span, format!("`{}` cannot be the name of {what}", name.text))
                .help(format!("a letter, then letters, digits and `_`: `{}`", suggestion(&name.text)));
        } else if RESERVED.contains(&name.text.as_str()) {
            problems
                .error("S0106", &name.span, format!("`{}` already means something in formulas", name.text))
                .help(format!("choose another name, such as `{}_`", name.text));
        }
        self.unique(name, what, problems);
    }

    /// Takes a name of any characters that must not be empty (S0119) or stand twice (S0107).
    pub(super) fn unique(&mut self, name: &Text, what: &'static str, problems: &mut Diagnostics) {
        if name.text.trim().is_empty() {
            problems.error("S0119", &name.span, format!("{what} has an empty name")).help("give it a name");
        } else if let Some((other, kind)) = self.seen.iter().find(|(other, _)| other.text == name.text) {
            problems
                .error("S0107", &name.span, format!("the name `{}` is declared twice", name.text))
                .help(format!("the other one is {kind} on {}", self.line(&other.span)));
        } else {
            self.seen.push((name.clone(), what));
        }
    }

    /// What a name was declared as, if it was.
    pub(super) fn kind(&self, name: &str) -> Option<(&'static str, &Span)> {
        self.seen.iter().find(|(seen, _)| seen.text == name).map(|(seen, kind)| (*kind, &seen.span))
    }

    /// `line 12 of study.toml`.
    pub(super) fn line(&self, span: &Span) -> String {
        match self.sources.files.get(span.file) {
            Some((name, text)) => format!("line {} of {name}", position(text, span.bytes.start).0),
            None => "another line".to_owned(),
        }
    }
}

fn is_name(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_alphabetic()) && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
}

fn suggestion(text: &str) -> String {
    let kept: String = text.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '_' }).take(30).collect();
    let kept = kept.trim_matches('_');
    if kept.starts_with(|c: char| c.is_ascii_alphabetic()) { kept.to_owned() } else { format!("x{kept}") }
}

/// The names of a key that may name several (`"x, y"`), each at its own place.
pub(super) fn parts(key: &Text) -> Vec<Text> {
    let mut parts = Vec::new();
    let mut start = 0;
    for piece in key.text.split(',') {
        let lead = piece.len() - piece.trim_start().len();
        let name = piece.trim();
        let span = key.span.within(&(start + lead..start + lead + name.len()));
        parts.push(Text { text: name.to_owned(), span });
        start += piece.len() + 1;
    }
    parts
}
