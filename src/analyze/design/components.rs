//! The factors of columns: tables by code, numbers, expressions, and columns of a basis.

use super::{Design, value};
use crate::analyze::variable::{Cells, Table, Variable};
use crate::formula::{BasisKind, Expression, ModelBasis, ModelPart};
use crate::numeric::basis::Basis;
use crate::tables::Observed;

/// One factor of a column.
#[derive(Clone, Debug)]
pub(super) enum Component {
    /// A number by the code of a variable.
    Table { variable: usize, table: Table },
    /// A variable that is a number.
    Number { variable: usize },
    /// A number reckoned from variables.
    Expression(Expression<usize>),
    /// A column of a basis.
    Basis { basis: usize, column: usize },
}

/// Fits a basis to values.
pub(super) fn fit(basis: &mut Basis, form: &ModelBasis, values: &[f64]) -> bool {
    match form.kind {
        BasisKind::Natural => basis.natural(values, form.columns),
        BasisKind::BSpline { degree } => basis.b_splines(values, form.columns, degree),
        BasisKind::Polynomial => basis.polynomials(values, form.columns),
    }
}

impl Design {
    /// Fills `columns` and `partial` from the coded model.
    pub(super) fn make_components(&mut self) {
        let Self { coded, variables, columns, partial, .. } = self;
        for column in &coded.columns {
            columns.push(column.parts.iter().map(|part| component(part, variables)).collect());
        }
        let may_miss = |c: &&Component| match c {
            Component::Table { variable, table } => {
                let count = variables.get(*variable).map_or(0, |v| v.values.len());
                table.iter().take(count).any(|v| v.is_nan())
            }
            Component::Expression(_) => true,
            Component::Number { .. } | Component::Basis { .. } => false,
        };
        *partial = columns.iter().flatten().filter(may_miss).cloned().collect();
        let bases = coded.bases.iter().filter(|b| b.of.as_variable().is_none());
        partial.extend(bases.map(|b| Component::Expression(b.of.clone())));
    }

    /// The value of a factor for one record at a wave.
    pub(super) fn component_value(
        &self,
        part: &Component,
        observed: &Observed<'_>,
        at: (usize, usize),
        record: usize,
    ) -> f64 {
        match part {
            Component::Table { variable, table } => {
                let cells = self.variables.get(*variable).map(|v| v.cells(observed, at.0));
                let code = match cells {
                    Some(Cells::Codes(codes)) => codes.get(record).map(|c| usize::from(*c)),
                    Some(Cells::Positions(codes)) => codes.get(record).map(|c| *c as usize),
                    Some(Cells::Same) => Some(at.1),
                    _ => None,
                };
                code.and_then(|c| table.get(c)).copied().unwrap_or(f64::NAN)
            }
            Component::Number { variable } => {
                self.variables.get(*variable).map_or(f64::NAN, |v| v.number(observed, at.0, at.1, record))
            }
            Component::Expression(of) => value(of, &self.variables, observed, at, record),
            Component::Basis { basis, column } => {
                let Some((basis, form)) = self.bases.get(*basis).zip(self.coded.bases.get(*basis)) else {
                    return f64::NAN;
                };
                basis.value(value(&form.of, &self.variables, observed, at, record), *column)
            }
        }
    }

    /// Multiplies a column by one of its factors.
    pub(super) fn multiply<'o>(
        &self,
        part: &Component,
        observed: &Observed<'_>,
        at: (usize, usize),
        targets: impl Iterator<Item = &'o mut f64>,
    ) {
        match part {
            Component::Table { variable, table } => match self.variables[*variable].cells(observed, at.0) {
                Cells::Codes(codes) => targets.zip(codes).for_each(|(o, c)| *o *= table[usize::from(*c)]),
                Cells::Positions(codes) => {
                    let value = |c: u32| table.get(c as usize).copied().unwrap_or(f64::NAN);
                    targets.zip(codes).for_each(|(o, c)| *o *= value(*c));
                }
                Cells::Same => {
                    let value = table[at.1.min(255)];
                    targets.for_each(|o| *o *= value);
                }
                Cells::Numbers(_) | Cells::Absent => targets.for_each(|o| *o = f64::NAN),
            },
            Component::Number { variable } => {
                let variable = &self.variables[*variable];
                let growth = variable.growth_at(observed, at.0);
                match variable.cells(observed, at.0) {
                    Cells::Numbers(values) => targets.zip(values).for_each(|(o, v)| *o *= v + growth),
                    _ => targets.for_each(|o| *o = f64::NAN),
                }
            }
            Component::Expression(_) | Component::Basis { .. } => {
                for (record, target) in targets.enumerate() {
                    *target *= self.component_value(part, observed, at, record);
                }
            }
        }
    }
}

/// The factor that a part of a coded column is.
fn component(part: &ModelPart, variables: &[Variable]) -> Component {
    match part {
        ModelPart::Levels { variable, values } => {
            let of_code = |code: usize| values.get(code).copied().unwrap_or(f64::NAN);
            Component::Table { variable: *variable, table: variables[*variable].table(of_code) }
        }
        ModelPart::Basis { basis, column } => Component::Basis { basis: *basis, column: *column },
        ModelPart::Value(of) => {
            let mut read: Vec<usize> = of.variables().into_iter().copied().collect();
            read.dedup();
            match read[..] {
                [variable] if variables[variable].is_coded() && variables[variable].is_steady() => {
                    let known = &variables[variable];
                    let table = known.table(|code| of.value(&|_| known.values[code] + known.growth));
                    Component::Table { variable, table }
                }
                [variable] if of.as_variable().is_some() && !variables[variable].is_coded() => {
                    Component::Number { variable }
                }
                _ => Component::Expression(of.clone()),
            }
        }
    }
}
