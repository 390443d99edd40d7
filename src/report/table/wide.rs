//! The cells of the table: what tells rows apart, then measures, each with its Monte Carlo standard error in brackets.

use super::names::Reading;
use super::rows::{Group, Row, groups};
use super::view::View;
use crate::report::number::{count, number};
use crate::report::{name, with_error};
use crate::tables::{Among, Measured, StudyResult, TruthSource};

/// Measures shown where none are asked for, where a row has them.
const USUAL: [&str; 8] =
    ["bias", "coverage", "rejection", "empirical_se", "model_se", "rmse", "link_precision", "link_recall"];
/// Headings that are not the measure's name.
const HEADINGS: [(&str, &str); 4] =
    [("rejection", "power"), ("empirical_se", "emp. SE"), ("model_se", "model SE"), ("rmse", "RMSE")];

/// A table of the selected rows, for one group.
pub(super) struct Wide {
    /// What the rows have in common, where they are grouped.
    pub(super) heading: Option<(String, String)>,
    /// Headings of all columns.
    pub(super) columns: Vec<String>,
    /// So many columns are names; the others are numbers.
    pub(super) names: usize,
    pub(super) rows: Vec<Vec<String>>,
}

/// How numbers look.
#[derive(Clone, Copy, Debug)]
pub(super) struct Look {
    /// Digits after the point; otherwise as many as the error lets a value have.
    pub(super) digits: Option<u8>,
    /// Whether values that are far from what they should be have a mark.
    pub(super) marked: bool,
}

/// A table for each group, and whether a value is marked.
pub(super) fn wide(result: &StudyResult, view: &View, look: Look) -> (Vec<Wide>, bool) {
    let names = name_columns(result, view);
    let mut marked = false;
    let mut one = |group: &Group<'_>| {
        let measures: Vec<&'static str> = match &view.measures {
            Some(asked) => asked.clone(),
            None => {
                let defined = |m: &&str| group.rows.iter().any(|row| row.measured(m).value.is_some());
                USUAL.into_iter().filter(defined).collect()
            }
        };
        let failed = group.rows.iter().any(|row| row.failed > 0);
        let mut columns: Vec<String> = names.iter().map(|column| column.0.clone()).collect();
        columns.extend(measures.iter().map(|measure| heading(measure)));
        columns.extend(failed.then(|| "failed".to_owned()));
        let rows = group.rows.iter().map(|row| {
            let mut cells: Vec<String> = names.iter().map(|column| cell(row, column.1, result, view)).collect();
            for measure in &measures {
                let (text, far) = shown(row, measure, result, look);
                marked |= far;
                cells.push(text);
            }
            cells.extend(failed.then(|| count(row.failed)));
            cells
        });
        Wide { heading: group.heading.clone(), columns, names: names.len(), rows: rows.collect() }
    };
    let tables = groups(result, view).iter().map(&mut one).collect();
    (tables, marked)
}

/// What a measure is called at the head of a column.
fn heading(measure: &str) -> String {
    let own = HEADINGS.iter().find(|(name, _)| *name == measure).map(|(_, heading)| (*heading).to_owned());
    own.unwrap_or_else(|| measure.replace('_', " "))
}

/// What a column of names holds; nothing stands for which fits the row is of.
type NameColumn = (String, Option<Reading>);

/// Columns of names: those in which rows differ, and at least one.
fn name_columns(result: &StudyResult, view: &View) -> Vec<NameColumn> {
    let by_condition = view.group_by == Some(Reading::Condition);
    let mut columns: Vec<NameColumn> = match (by_condition, result.conditions.len()) {
        (true, _) | (_, 0 | 1) => Vec::new(),
        _ if view.names.factors.is_empty() => vec![("condition".to_owned(), Some(Reading::Condition))],
        _ => {
            let factors = view.names.factors.iter().enumerate();
            factors.map(|(k, (name, _))| (name.clone(), Some(Reading::Factor(k)))).collect()
        }
    };
    if result.estimands.len() > 1 {
        columns.push(("estimand".to_owned(), Some(Reading::Estimand)));
    }
    columns.push(("method".to_owned(), Some(Reading::Method)));
    if view.among.iter().any(|among| *among != Among::Own) {
        columns.push(("among".to_owned(), None));
    }
    let kept: Vec<NameColumn> =
        columns.iter().filter(|(_, reading)| reading.is_none() || *reading != view.group_by).cloned().collect();
    if kept.is_empty() { columns } else { kept }
}

fn cell(row: &Row<'_>, column: Option<Reading>, result: &StudyResult, view: &View) -> String {
    match column {
        None => row.among.name().to_owned(),
        Some(Reading::Condition) => (row.condition.number + 1).to_string(),
        Some(Reading::Estimand) => name(&result.estimands, row.estimand).to_owned(),
        Some(Reading::Factor(k)) => row.factor(k, &view.names).unwrap_or("-").to_owned(),
        Some(_) => name(&result.methods, row.method).to_owned(),
    }
}

fn shown(row: &Row<'_>, measure: &str, result: &StudyResult, look: Look) -> (String, bool) {
    if let Some(digits) = look.digits.map(usize::from) {
        let text = match row.measured(measure) {
            Measured { value: None, .. } => "-".to_owned(),
            Measured { value: Some(value), mcse: None } => format!("{value:.digits$}"),
            Measured { value: Some(value), mcse: Some(mcse) } => format!("{value:.digits$} ({mcse:.digits$})"),
        };
        return (text, false);
    }
    if !look.marked {
        let Measured { value, mcse } = row.measured(measure);
        return (with_error(value, mcse), false);
    }
    let truth = row.condition.true_values.get(row.estimand as usize);
    let known = truth.filter(|t| t.source == TruthSource::MonteCarlo).map_or(0.0, |t| t.mcse).max(0.0);
    crate::report::terminal::shown(&row.measures, (measure, row.among()), result.confidence, known)
}

/// What a table needs to stand by itself: whose numbers these are, of how many replicates, from which seed.
pub(super) fn caption(result: &StudyResult, group: Option<&(String, String)>) -> String {
    let done = || result.conditions.iter().map(|c| c.replicates);
    let (least, most) = (done().min().unwrap_or(0), done().max().unwrap_or(0));
    let replicates = if least == most { count(least) } else { format!("{} to {}", count(least), count(most)) };
    let title = result.title.trim().trim_end_matches('.');
    let title = match group {
        Some((name, value)) => format!("{title} ({name}: {value})."),
        None if title.ends_with(['?', '!']) => title.to_owned(),
        None => format!("{title}."),
    };
    let is_study = !result.scenario_hash.is_empty();
    let units = if is_study { "replicates" } else { "data sets" };
    let conditions = if result.conditions.len() > 1 { " of each condition" } else { "" };
    let seed = if is_study { format!(", seed {}", result.seed) } else { String::new() };
    let early = match (result.by_budget, result.interrupted) {
        (true, _) => format!(", ended by its budget of time before {}", count(result.replicates_asked)),
        (_, true) => format!(", stopped before {}", count(result.replicates_asked)),
        _ => String::new(),
    };
    format!(
        "{title} {replicates} {units}{conditions}{seed}{early}; intervals at {}; Monte Carlo standard errors in \
         parentheses.",
        number(result.confidence),
    )
}

/// Whether no row is left.
pub(super) fn is_empty(tables: &[Wide]) -> bool {
    tables.iter().all(|table| table.rows.is_empty())
}

/// What is said where no row is left.
pub(super) const EMPTY: &str = "There is no row to show.";
