#![doc = include_str!("pages/printed.md")]

use super::warning::of_share;
use super::{CannotAnswer, Entry, Fit, Method};
use crate::diagnostic::{Diagnostics, Text, near_miss};
use crate::options::{OptionValue, Options};
use crate::statistics::confidence::Confidence;
use crate::statistics::share::ShareInterval;
use crate::streams::Own;
use crate::tables::{
    CellHolds, CellUnit, Estimate, FailureKind, FitFailure, Observed, ObservedSchema, Quantity, Target,
};

/// The line of the catalogue.
pub(super) const ENTRY: Entry = Entry {
    name: "printed",
    summary: "a share by the cells of the tables that the study prints, as a reader of the tables reckons it",
    page: include_str!("pages/printed.md"),
    declare,
};

/// What `link` can say, in the order of [`CellUnit::ALL`] without persons.
const LINKS: [&str; 3] = ["years stand for persons", "interviews stand for persons", "comments stand for persons"];

/// The method as declared.
#[derive(Clone, Debug)]
struct Printed {
    /// Cells whose sum is counted.
    cell: Vec<Text>,
    /// Cells whose sum it is a share of.
    of: Vec<Text>,
    /// What the share of others is asked for.
    others: bool,
    interval: ShareInterval,
    /// Whose units are taken for persons.
    link: Option<CellUnit>,
}

fn declare(options: &Options, problems: &mut Diagnostics) -> Option<Box<dyn Method>> {
    let (cell, of) = (cells(options, "cell", problems), cells(options, "of", problems));
    let others = options.choice("share", &["counted", "others"], problems) == Some(1);
    let interval = options.choice("interval", &ShareInterval::WORDS, problems).map(|k| ShareInterval::ALL[k]);
    let link = options.choice("link", &LINKS, problems).map(|k| CellUnit::ALL[k + 1]);
    options.finish(problems);
    Some(Box::new(Printed { cell: cell?, of: of?, others, interval: interval.unwrap_or_default(), link }))
}

/// The cells under a key: one, or a list whose sum is meant.
fn cells(options: &Options, key: &str, problems: &mut Diagnostics) -> Option<Vec<Text>> {
    let list = match options.get(key) {
        None => {
            options.missing(key, problems);
            return None;
        }
        Some(OptionValue::List(..)) => options.texts(key, problems)?,
        Some(_) => vec![options.text(key, problems)?],
    };
    if list.is_empty() {
        let span = options.get(key).map_or(&options.span, OptionValue::span);
        problems
            .error("S0680", span, format!("`{key}` names no cell"))
            .help("a cell is TABLE.ROW.COLUMN, or TABLE.ROW");
        return None;
    }
    Some(list)
}

impl Method for Printed {
    fn bind(&self, target: &Target, schema: &ObservedSchema) -> Result<Box<dyn Fit>, CannotAnswer> {
        let refuse = |why: &str| Err(CannotAnswer { why: why.to_owned() });
        let share = matches!(
            target.quantity,
            Quantity::Prevalence { .. }
                | Quantity::Ever { .. }
                | Quantity::Years { .. }
                | Quantity::Transition { .. }
                | Quantity::Cooccurrence { .. }
        );
        if !share {
            return refuse("it answers shares only");
        }
        if schema.cells.is_empty() {
            return refuse(
                "there are no printed tables here: the scenario declares none, or a step or set stands before",
            );
        }
        let position = |name: &Text| schema.cells.iter().position(|cell| cell.id == name.text);
        let all = |names: &[Text]| names.iter().map(position).collect::<Option<Vec<_>>>();
        let (Some(cell), Some(of)) = (all(&self.cell), all(&self.of)) else {
            return refuse("a cell is not there");
        };
        let percent = cell.iter().any(|k| matches!(schema.cells[*k].holds, CellHolds::Percent(_)));
        let confidence = Confidence::new(target.level_of_confidence);
        let confidence =
            confidence.ok_or_else(|| CannotAnswer { why: "the level is not between 0 and 1".to_owned() })?;
        Ok(Box::new(PrintedFit { method: self.clone(), cell, of, percent, confidence }))
    }

    fn reads_cells(&self) -> bool {
        true
    }

    fn check(&self, schema: &ObservedSchema, problems: &mut Diagnostics) {
        if schema.cells.is_empty() {
            let message = "the scenario declares no [[table]], so that no cell can be read";
            problems.error("S0680", &self.cell[0].span, message).help("declare the tables that the study prints");
            return;
        }
        let of = one_unit(&self.of, false, schema, problems);
        let counted = one_unit(&self.cell, true, schema, problems);
        if let (Some(counted), Some(of)) = (counted, of) {
            self.check_link(counted, of, problems);
        }
    }
}

/// What all these cells count; reports cells that are not there, hold no such number, or count different things.
fn one_unit(names: &[Text], percent: bool, schema: &ObservedSchema, problems: &mut Diagnostics) -> Option<CellUnit> {
    let mut unit = None;
    for name in names {
        let Some(cell) = schema.cells.iter().find(|cell| cell.id == name.text) else {
            let help = match near_miss(&name.text, schema.cells.iter().map(|cell| cell.id.as_str())) {
                Some(near) => format!("did you mean `{near}`?"),
                None => "a cell is TABLE.ROW.COLUMN, or TABLE.ROW in a table without columns".to_owned(),
            };
            problems.error("S0680", &name.span, format!("the tables have no cell `{}`", name.text)).help(help);
            return None;
        };
        let found = match cell.holds {
            CellHolds::Count(unit) => unit,
            CellHolds::Percent(unit) if percent && names.len() == 1 => unit,
            CellHolds::Percent(_) | CellHolds::Other => {
                let message = format!("`{}` holds no count", name.text);
                let help = "cells hold counts; `cell` alone may be one percentage, of what `of` counts";
                problems.error("S0682", &name.span, message).help(help);
                return None;
            }
        };
        let first = *unit.get_or_insert(found);
        if first != found {
            let message = format!("`{}` counts {}, the cell before it {}", name.text, found.plural(), first.plural());
            problems.error("S0682", &name.span, message).help("only what is of one kind can be added");
            return None;
        }
    }
    unit
}

impl Printed {
    /// Shares are of persons. Comments among persons are no share of anything; other units need a stated link (S0681).
    fn check_link(&self, counted: CellUnit, of: CellUnit, problems: &mut Diagnostics) {
        let span = &self.cell[0].span;
        let name = &self.cell[0].text;
        let mut refuse = |message: String, help: String| {
            problems.error("S0681", span, message).help(help);
        };
        if counted == CellUnit::Comments && of != CellUnit::Comments {
            let message = format!("`{name}` counts comments, and comments are no {}", of.plural());
            let help = "one person can make many; take a cell of persons with at least one comment".to_owned();
            return refuse(message, help);
        }
        if counted != of && of != CellUnit::Persons {
            let message = format!("`{name}` counts {}, and `of` {}", counted.plural(), of.plural());
            return refuse(message, "take a denominator of the same kind".to_owned());
        }
        let needed = (counted != CellUnit::Persons).then_some(counted);
        match (needed, self.link) {
            (Some(needed), link) if link != Some(needed) => {
                let plural = needed.plural();
                let message = format!("`{name}` counts {plural}, and no share of persons follows from them");
                refuse(
                    message,
                    format!("if that is what a reader takes them for, say `link = \"{plural} stand for persons\"`"),
                );
            }
            (None, Some(link)) => {
                let message = format!("`link` takes {} for persons, and `{name}` counts persons", link.plural());
                refuse(message, "leave `link` out".to_owned());
            }
            _ => {}
        }
    }
}

struct PrintedFit {
    method: Printed,
    /// Positions of the cells.
    cell: Vec<usize>,
    of: Vec<usize>,
    /// Whether the one cell is a percentage.
    percent: bool,
    confidence: Confidence,
}

impl Fit for PrintedFit {
    fn fit(&mut self, observed: &Observed<'_>, _stream: &mut Own) -> Result<Estimate, FitFailure> {
        let n = sum(observed, &self.of, &self.method.of)?;
        if n <= 0.0 {
            let detail = format!("{} is 0, so that there is nobody to be a share of", listed(&self.method.of));
            return Err(FitFailure::new(FailureKind::NoData, detail));
        }
        let printed = sum(observed, &self.cell, &self.method.cell)?;
        // The number behind a percentage, as a reader recovers it.
        let counted = if self.percent { libm::round(printed / 100.0 * n) } else { printed };
        if counted > n {
            let detail = format!(
                "{} counts {counted} and {} {n}; somebody is counted more than once",
                listed(&self.method.cell),
                listed(&self.method.of)
            );
            return Err(FitFailure::new(FailureKind::TooFew, detail));
        }
        let x = if self.method.others { n - counted } else { counted };
        let kind = self.method.interval;
        let (p, interval) = (x / n, kind.limits(x, n, &self.confidence));
        Ok(Estimate {
            estimate: p,
            model_se: Some(libm::sqrt(p * (1.0 - p) / n)),
            interval: Some(interval),
            warning: of_share(kind, x, n, interval),
            ..Estimate::default()
        })
    }
}

/// The sum of cells; a cell without a number is a failure.
fn sum(observed: &Observed<'_>, positions: &[usize], names: &[Text]) -> Result<f64, FitFailure> {
    let cells = observed.cells();
    let mut sum = 0.0;
    for (position, name) in positions.iter().zip(names) {
        match cells.get(*position) {
            Some(value) if !value.is_nan() => sum += value,
            _ => return Err(FitFailure::new(FailureKind::NoData, format!("`{}` has no number here", name.text))),
        }
    }
    Ok(sum)
}

fn listed(names: &[Text]) -> String {
    names.iter().map(|name| format!("`{}`", name.text)).collect::<Vec<_>>().join(" + ")
}

#[cfg(test)]
mod tests;
