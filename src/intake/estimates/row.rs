//! A fit from the cells of a row.

use super::form::FitColumns;
use super::{Asked, Role, problem};
use crate::disk::{Place, Value};
use crate::numeric::distributions::StudentT;
use crate::tables::{Estimate, FailureKind, FitFailure, RunProblem, WarningKind};

/// The cells of a row.
pub(super) struct Row<'a> {
    pub(super) place: Place<'a>,
    pub(super) cells: &'a [Value<'a>],
    /// Names of the columns.
    pub(super) columns: &'a [String],
}

impl Row<'_> {
    /// R0065: what is wrong in a cell.
    pub(super) fn wrong(&self, column: usize, what: &str) -> RunProblem {
        let name = self.columns.get(column).map_or("", String::as_str);
        problem("R0065", format!("{}: {what} in the column `{name}`", self.place))
    }

    fn cell(&self, column: usize) -> Value<'_> {
        self.cells.get(column).copied().unwrap_or(Value::None)
    }

    /// A number, if there is one.
    pub(super) fn number(&self, column: usize) -> Result<Option<f64>, RunProblem> {
        match self.cell(column) {
            Value::None => Ok(None),
            cell => match cell.number() {
                Some(number) => Ok(Some(number).filter(|n| !n.is_nan())),
                None => Err(self.wrong(column, &format!("`{}` is no number", cell.text()))),
            },
        }
    }

    /// A text; numbers that are the same are the same text, however they are written.
    pub(super) fn label(&self, column: usize) -> Result<String, RunProblem> {
        let cell = self.cell(column);
        if cell == Value::None {
            return Err(self.wrong(column, "there is nothing"));
        }
        Ok(cell.number().filter(|n| n.is_finite()).map_or_else(|| cell.text(), |n| Value::Number(n + 0.0).text()))
    }

    fn optional(&self, fit: &FitColumns, role: Role) -> Result<Option<f64>, RunProblem> {
        fit.columns.get(&role).map_or(Ok(None), |column| self.number(*column))
    }

    /// The estimate of a fit, or why there is none. `detail`: the column that says what went wrong.
    pub(super) fn fit(
        &self,
        fit: &FitColumns,
        detail: Option<usize>,
        asked: &Asked,
    ) -> Result<Result<Estimate, FitFailure>, RunProblem> {
        let estimate = self.optional(fit, Role::Estimate)?;
        let model_se = self.optional(fit, Role::ModelSe)?;
        let df = self.optional(fit, Role::Df)?;
        let limits = (self.optional(fit, Role::Lower)?, self.optional(fit, Role::Upper)?);
        let at = |role| fit.columns.get(&role).copied().unwrap_or(usize::MAX);
        if model_se.is_some_and(|se| se < 0.0) {
            return Err(self.wrong(at(Role::ModelSe), "a standard error below 0"));
        }
        if df.is_some_and(|df| df <= 0.0) {
            return Err(self.wrong(at(Role::Df), "degrees of freedom that are not above 0"));
        }
        let given = match limits {
            (None, None) => None,
            (Some(lower), Some(upper)) if lower <= upper => Some((lower, upper)),
            (Some(_), Some(_)) => return Err(self.wrong(at(Role::Lower), "a limit above the upper one")),
            (None, Some(_)) => return Err(self.wrong(at(Role::Lower), "there is no limit beside the upper one")),
            (Some(_), None) => return Err(self.wrong(at(Role::Upper), "there is no limit beside the lower one")),
        };
        if let Some(failure) = self.failure(fit, estimate, detail)? {
            return Ok(Err(failure));
        }
        let Some(estimate) = estimate else {
            return Ok(Err(FitFailure::new(FailureKind::Elsewhere, "the table has no estimate")));
        };
        let has_limits = fit.columns.contains_key(&Role::Lower);
        let interval = if has_limits { given } else { from_error(estimate, model_se, df, asked.confidence) };
        Ok(Ok(Estimate { estimate, model_se, df, interval, warning: self.warning(fit) }))
    }

    fn warning(&self, fit: &FitColumns) -> Option<WarningKind> {
        let said = self.cell(*fit.columns.get(&Role::Warning)?).text();
        match said.to_lowercase().as_str() {
            "" | "0" | "false" | "no" | "none" | "ok" => None,
            _ => Some(WarningKind::of_name(&said).unwrap_or(WarningKind::Elsewhere)),
        }
    }

    fn failure(
        &self,
        fit: &FitColumns,
        estimate: Option<f64>,
        detail: Option<usize>,
    ) -> Result<Option<FitFailure>, RunProblem> {
        let status = match fit.columns.get(&Role::Status) {
            Some(column) if self.cell(*column) == Value::None && estimate.is_some() => {
                return Err(
                    self.wrong(*column, "there is no status beside an estimate, `ok` or why it is not to be used")
                );
            }
            Some(column) => self.cell(*column).text(),
            None => String::new(),
        };
        let is_well = matches!(status.to_lowercase().as_str(), "" | "ok" | "1" | "true" | "converged");
        let told = detail.map(|column| self.cell(column).text()).filter(|text| !text.is_empty());
        let kind = FailureKind::of_status(&status).unwrap_or(FailureKind::Elsewhere);
        Ok(match estimate {
            _ if !is_well => {
                let said = told.unwrap_or_else(|| format!("the status is `{status}`"));
                Some(FitFailure::new(kind, said))
            }
            None => {
                Some(FitFailure::new(FailureKind::Elsewhere, told.unwrap_or("the table has no estimate".to_owned())))
            }
            Some(estimate) if estimate.is_infinite() => {
                Some(FitFailure::new(FailureKind::NotFinite, format!("the estimate is {estimate}")))
            }
            Some(_) => None,
        })
    }
}

/// The interval of a standard error: z, or t where there are degrees of freedom.
fn from_error(estimate: f64, model_se: Option<f64>, df: Option<f64>, confidence: f64) -> Option<(f64, f64)> {
    let reach = StudentT { df: df.unwrap_or(f64::INFINITY) }.quantile((1.0 + confidence) / 2.0) * model_se?;
    reach.is_finite().then_some((estimate - reach, estimate + reach))
}
