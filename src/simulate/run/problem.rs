//! Words for a formula's value that cannot be used.

use super::cohort::Cohort;
use crate::formula::Program;
use crate::tables::RunProblem;

/// A formula gave a value that cannot be used for the person in `row`.
pub(super) fn bad_value(cohort: &Cohort<'_>, program: &Program, value: f64, row: usize) -> RunProblem {
    about(cohort, &program.text().text, Some(program.text().span.clone()), value, row)
}

/// The same for a text that is not a whole formula.
pub(super) fn about(
    cohort: &Cohort<'_>,
    formula: &str,
    span: Option<crate::diagnostic::Span>,
    value: f64,
    row: usize,
) -> RunProblem {
    let segment = cohort.layout.segment_at(row);
    let group = &cohort.plan.schema.groups[usize::from(segment.group)];
    let message = format!(
        "`{formula}` is {value} for person {} of group `{group}` in replicate {} at step {}, and that cannot be used here",
        segment.index(row) + 1,
        segment.replicate,
        cohort.step,
    );
    RunProblem { code: "R0001", message, span }
}
