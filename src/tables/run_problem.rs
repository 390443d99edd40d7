//! A value that a formula gave while a study ran and that cannot be used.

use crate::diagnostic::Span;

/// A value that a formula gave while a study ran and that cannot be used.
#[derive(Clone, Debug, PartialEq)]
pub struct RunProblem {
    /// Number for `eclosion explain` (R....).
    pub code: &'static str,
    /// What happened: formula, value, replicate, person (counted from 1), step or wave.
    pub message: String,
    /// Where the formula stands.
    pub span: Option<Span>,
}
