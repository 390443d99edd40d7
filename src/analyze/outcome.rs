//! What a target quantity is about: the variable, and which of its values counts as yes.

use super::CannotAnswer;
use super::variable::{Cells, Source, Table, Variable};
use crate::tables::{Observed, ObservedSchema, Target};

/// A yes/no outcome, or one level of a variable with levels.
#[derive(Clone, Debug)]
pub(super) struct YesNo {
    source: Source,
    yes: u8,
    missing: u8,
}

/// An outcome as a number.
#[derive(Clone, Debug)]
pub(super) struct Number {
    source: Source,
    table: Option<Table>,
}

impl YesNo {
    /// The outcome of a target that asks for a share.
    pub(super) fn of(target: &Target, schema: &ObservedSchema) -> Result<Self, CannotAnswer> {
        Self::named(&target.of.text, target.level.as_deref(), schema)
    }

    /// A variable by name, and the level of it that counts as yes.
    pub(super) fn named(of: &str, level: Option<&str>, schema: &ObservedSchema) -> Result<Self, CannotAnswer> {
        let variable = Variable::need(of, schema)?;
        let name = &variable.name;
        let yes = match level {
            Some(level) if variable.is_named() => variable.levels.iter().position(|l| l == level).ok_or_else(|| {
                CannotAnswer { why: format!("`{name}` has no level `{level}`; it has {}", variable.levels.join(", ")) }
            })?,
            Some(level) if variable.is_yes_no() && level == "yes" => 1,
            Some(level) if variable.is_yes_no() && level == "no" => 0,
            None if variable.is_yes_no() => 1,
            _ if variable.is_named() => {
                return Err(CannotAnswer { why: format!("`{name}` has levels; say which one with `level`") });
            }
            Some(level) => return Err(CannotAnswer { why: format!("`{name}` has no level `{level}`") }),
            None => {
                return Err(CannotAnswer { why: format!("`{name}` is a number, which has a mean but no share") });
            }
        };
        Ok(Self { source: variable.source, yes: yes as u8, missing: variable.missing_code() })
    }

    /// The codes at a wave; nothing where the column is not coded.
    pub(super) fn codes<'a>(&self, observed: &Observed<'a>, wave: usize) -> &'a [u8] {
        match self.source.cells(observed, wave) {
            Cells::Codes(codes) => codes,
            _ => &[],
        }
    }

    /// 1 for yes.
    pub(super) fn is_yes(&self, code: u8) -> u8 {
        u8::from(code == self.yes)
    }

    /// 1 where there is an answer.
    pub(super) fn is_answer(&self, code: u8) -> u8 {
        u8::from(code < self.missing)
    }
}

impl Number {
    /// The outcome of a target that asks for a mean.
    pub(super) fn of(target: &Target, schema: &ObservedSchema) -> Result<Self, CannotAnswer> {
        let variable = Variable::need(&target.of.text, schema)?;
        if variable.is_named() || target.level.is_some() {
            let chosen = YesNo::of(target, schema)?;
            let table = variable.table(|code| f64::from(chosen.is_yes(code as u8)));
            return Ok(Self { source: variable.source, table: Some(table) });
        }
        let table = variable.is_coded().then(|| variable.table(|code| variable.values[code]));
        Ok(Self { source: variable.source, table })
    }

    /// A column by name; the position of the level where it has named ones.
    pub(super) fn column(name: &str, schema: &ObservedSchema) -> Result<Self, CannotAnswer> {
        let variable = Variable::need(name, schema)?;
        let value = |code: usize| if variable.is_named() { code as f64 } else { variable.values[code] };
        let table = variable.is_coded().then(|| variable.table(value));
        Ok(Self { source: variable.source, table })
    }

    /// The outcome of a model, by name: a number, or yes/no as 1 and 0.
    pub(super) fn named(name: &str, schema: &ObservedSchema) -> Result<Self, CannotAnswer> {
        Self::plain(&Variable::need(name, schema)?)
    }

    /// A variable as it is: yes/no as 1 and 0, or a number.
    pub(super) fn plain(variable: &Variable) -> Result<Self, CannotAnswer> {
        if variable.is_named() {
            let why = format!("`{}` has named levels; a number or yes/no is needed", variable.name);
            return Err(CannotAnswer { why });
        }
        let table = variable.is_coded().then(|| variable.table(|code| variable.values[code]));
        Ok(Self { source: variable.source, table })
    }

    /// The value of each record at a wave, NaN where there is none.
    pub(super) fn read(&self, observed: &Observed<'_>, wave: usize, out: &mut Vec<f64>) {
        out.clear();
        match (self.source.cells(observed, wave), &self.table) {
            (Cells::Codes(codes), Some(table)) => out.extend(codes.iter().map(|c| table[usize::from(*c)])),
            (Cells::Numbers(values), _) => out.extend_from_slice(values),
            _ => {}
        }
        out.resize(observed.records(), f64::NAN);
    }
}
