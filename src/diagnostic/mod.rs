//! Numbered problems of an input file, and their rendering under the line they blame.

mod pages;
mod render;

pub use pages::{Page, page, pages};
pub use render::{position, render, to_json};

use std::ops::Range;
use std::sync::Arc;

/// A stretch of bytes in one of the files that make up a scenario.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Span {
    /// Position of the file in [`Sources`]; 0 is the scenario itself, later ones come from `extends` and `--set`.
    pub file: usize,
    /// Byte range in that file's text.
    pub bytes: Range<usize>,
}

impl Span {
    /// The stretch `inner` of a text that itself starts at the beginning of `self`.
    #[must_use]
    pub fn within(&self, inner: &Range<usize>) -> Span {
        let start = self.bytes.start.saturating_add(inner.start);
        let end = self.bytes.start.saturating_add(inner.end);
        Span { file: self.file, bytes: start..end.max(start) }
    }
}

/// A piece of text of a scenario (a formula, a name, a number as written) and where it stands.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Text {
    /// The text without quotation marks.
    pub text: String,
    /// Where the text stands, without quotation marks.
    pub span: Span,
}

/// How bad a problem is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// Something to know: the study runs.
    Note,
    /// Probably not meant: the study runs.
    Warning,
    /// The study does not run.
    Error,
}

/// One problem of a scenario.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// Number of the rule that is broken, such as `S0123`; [`page`] has its page.
    pub code: &'static str,
    /// How bad it is.
    pub severity: Severity,
    /// What is wrong, a lower-case fragment.
    pub message: String,
    /// Where, if the problem has a place.
    pub span: Option<Span>,
    /// What to write instead, or what is known nearby.
    pub help: Option<String>,
}

/// All problems found so far, in the order they were found.
#[derive(Clone, Debug, Default)]
pub struct Diagnostics {
    list: Vec<Diagnostic>,
}

impl Diagnostics {
    /// No problems yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds an error at a place.
    pub fn error(&mut self, code: &'static str, span: &Span, message: impl Into<String>) -> &mut Diagnostic {
        self.push(Severity::Error, code, Some(span.clone()), message.into())
    }

    /// Adds a warning at a place.
    pub fn warn(&mut self, code: &'static str, span: &Span, message: impl Into<String>) -> &mut Diagnostic {
        self.push(Severity::Warning, code, Some(span.clone()), message.into())
    }

    /// Adds an error that has no place in a file.
    pub fn error_anywhere(&mut self, code: &'static str, message: impl Into<String>) -> &mut Diagnostic {
        self.push(Severity::Error, code, None, message.into())
    }

    fn push(&mut self, severity: Severity, code: &'static str, span: Option<Span>, message: String) -> &mut Diagnostic {
        self.list.push(Diagnostic { code, severity, message, span, help: None });
        self.list.last_mut().expect("one was pushed just now")
    }

    /// Adds a problem that was found elsewhere, unless the same one is there already.
    pub fn repeat(&mut self, problem: &Diagnostic) {
        if !self.list.contains(problem) {
            self.list.push(problem.clone());
        }
    }

    /// Whether an error is among them.
    #[must_use]
    pub fn has_errors(&self) -> bool {
        self.list.iter().any(|d| d.severity == Severity::Error)
    }

    /// The problems in the order they were found.
    #[must_use]
    pub fn list(&self) -> &[Diagnostic] {
        &self.list
    }

    /// Takes over the problems of another list, leaving out exact repetitions.
    pub fn extend(&mut self, other: Diagnostics) {
        for d in other.list {
            if !self.list.contains(&d) {
                self.list.push(d);
            }
        }
    }
}

impl Diagnostic {
    /// Adds what to write instead.
    pub fn help(&mut self, help: impl Into<String>) -> &mut Self {
        self.help = Some(help.into());
        self
    }
}

/// The files that make up a scenario, by the number that a [`Span`] names.
#[derive(Clone, Debug, Default)]
pub struct Sources {
    /// Name as shown to the user, and text.
    pub files: Vec<(String, Arc<str>)>,
}

/// The name nearest to `wanted` among `known`, if one is near enough to be a slip of the pen.
#[must_use]
pub fn near_miss<'a>(wanted: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    // The comparison takes the product of both lengths, and nobody mistypes a name of several lines.
    let short = |name: &str| name.len() <= 200;
    known
        .into_iter()
        .filter(|name| short(wanted) && short(name))
        .map(|name| (strsim::damerau_levenshtein(wanted, name), name))
        .filter(|(distance, name)| *distance <= 1 + name.chars().count().min(wanted.chars().count()) / 4)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, name)| name)
}
