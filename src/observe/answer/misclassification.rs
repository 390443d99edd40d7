//! Misclassification: another level than the true one is reported.
//!
//! Yes/no: sensitivity is the probability of "yes" from a person whose true answer is yes, specificity the
//! probability of "no" from one whose true answer is no. Named levels: a matrix, row = true, column = reported.

use crate::diagnostic::{Diagnostics, Text};
use crate::formula::{Program, Wanted, compile};
use crate::observe::plan::Answer;
use crate::observe::scope::SurveyScope;
use crate::options::{OptionValue, Options};
use crate::rules::{Rule, Shape};
use crate::streams::Purpose;

/// `sensitivity` and `specificity`; either is 1 where it is not named.
pub(super) fn sensitivity_and_specificity(
    variable: usize,
    options: &Options,
    scope: &SurveyScope<'_>,
    purpose: Purpose,
    problems: &mut Diagnostics,
) -> Option<Answer> {
    let sensitivity = options.formula("sensitivity", problems);
    let specificity = options.formula("specificity", problems);
    if sensitivity.is_none() && specificity.is_none() {
        return Some(Answer::AsTrue);
    }
    let always = Text { text: "1".to_owned(), span: options.span.clone() };
    let mut program =
        |text: &Option<Text>| compile(text.as_ref().unwrap_or(&always), &Wanted::Probability, scope, problems);
    let programs = [program(&sensitivity), program(&specificity)];
    let [Some(sensitivity), Some(specificity)] = programs else { return None };
    let selector = scope.true_slot(variable);
    Some(Answer::Chance(Rule::new(Shape::Answer, vec![sensitivity, specificity], Some(selector), purpose)))
}

/// `matrix`: a row of probabilities for each true level.
pub(super) fn matrix(
    variable: usize,
    levels: usize,
    options: &Options,
    scope: &SurveyScope<'_>,
    purpose: Purpose,
    problems: &mut Diagnostics,
) -> Option<Answer> {
    let Some(rows) = options.list("matrix", problems) else {
        return if options.get("matrix").is_some() { None } else { Some(Answer::AsTrue) };
    };
    let mut programs = Vec::new();
    for row in rows {
        let OptionValue::List(cells, _) = row else {
            return wrong_size(row, levels, problems);
        };
        if cells.len() != levels {
            return wrong_size(row, levels, problems);
        }
        for cell in cells {
            programs.push(cell_program(cell, scope, problems)?);
        }
        check_sum(row, &programs[programs.len() - levels..], problems);
    }
    if rows.len() != levels {
        return wrong_size(options.get("matrix")?, levels, problems);
    }
    let selector = scope.true_slot(variable);
    Some(Answer::Chance(Rule::new(Shape::Matrix { levels }, programs, Some(selector), purpose)))
}

fn cell_program(cell: &OptionValue, scope: &SurveyScope<'_>, problems: &mut Diagnostics) -> Option<Program> {
    match cell {
        OptionValue::Text(text) | OptionValue::Number(text) => compile(text, &Wanted::Probability, scope, problems),
        other => {
            problems.error("S0102", other.span(), format!("a cell of `matrix` cannot be {}", other.kind()));
            None
        }
    }
}

fn check_sum(row: &OptionValue, programs: &[Program], problems: &mut Diagnostics) {
    let sum: Option<f64> = programs.iter().map(Program::constant).sum();
    if let Some(sum) = sum.filter(|sum| (sum - 1.0).abs() > 1e-9) {
        problems.error("S0402", row.span(), format!("a row of `matrix` must sum to 1, and this one sums to {sum}"));
    }
}

fn wrong_size(place: &OptionValue, levels: usize, problems: &mut Diagnostics) -> Option<Answer> {
    problems
        .error("S0402", place.span(), format!("`matrix` must have {levels} rows of {levels} probabilities"))
        .help("row: true level, column: reported level, in the order of the levels");
    None
}
