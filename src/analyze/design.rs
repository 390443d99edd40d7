//! The columns of a regression: from terms to numbers, either record by record or, where every variable has few
//! values, cell by cell.
//!
//! A cell is a combination of values; its number is a mixed-radix code of the variables' codes. Records in the same
//! cell have the same row of predictors, so a logistic fit needs the counts per cell only.

use super::CannotAnswer;
use super::variable::{Cells, Source, Table, Variable, unknown};
use crate::formula::{ModelFactor, ModelTerm, parse_model};
use crate::tables::{Observed, ObservedSchema};

/// Most cells for which counting by cell is worth it.
const MOST_CELLS: usize = 1024;

/// Columns of a regression, the intercept first.
#[derive(Clone, Debug)]
pub(super) struct Design {
    /// The variables, each once.
    pub(super) variables: Vec<Variable>,
    /// Names of the columns in R's manner: `(Intercept)`, `age`, `factor(wave)3`.
    pub(super) names: Vec<String>,
    /// For each column the term it comes from, as written.
    term_of: Vec<String>,
    /// For each column its factors.
    columns: Vec<Vec<Component>>,
    /// The rows of all cells, if there are few enough.
    pub(super) cells: Option<CellRows>,
}

/// One factor of a column.
#[derive(Clone, Debug)]
struct Component {
    /// Position among the variables.
    variable: usize,
    /// Its value by code, if the variable is coded.
    table: Option<Table>,
}

/// The design row of every cell.
#[derive(Clone, Debug)]
pub(super) struct CellRows {
    /// Number of cells.
    pub(super) count: usize,
    /// What one step in a variable's code adds to the number of the cell.
    pub(super) strides: Vec<u16>,
    /// The rows, cell after cell.
    pub(super) rows: Vec<f64>,
}

/// The waves that rows come from, counted from 0.
#[derive(Clone, Copy, Debug)]
pub(super) enum Waves {
    /// One wave; `age` is the age at it.
    One(usize),
    /// Several, pooled; `wave` is a variable, and `age` the age at the start.
    Pooled {
        /// The first.
        first: usize,
        /// The last.
        last: usize,
    },
}

impl Design {
    /// The design of a right-hand side.
    pub(super) fn new(text: &str, schema: &ObservedSchema, waves: Waves) -> Result<Self, CannotAnswer> {
        let (terms, problems) = parse_model(text);
        if let Some(problem) = problems.first() {
            return Err(CannotAnswer { why: format!("model `{text}`: {}", problem.message) });
        }
        let mut design = Self {
            variables: Vec::new(),
            names: vec!["(Intercept)".to_owned()],
            term_of: vec!["1".to_owned()],
            columns: vec![Vec::new()],
            cells: None,
        };
        for term in &terms {
            design.add(term, schema, waves)?;
        }
        design.cells = design.cell_rows();
        Ok(design)
    }

    /// Number of columns.
    pub(super) fn width(&self) -> usize {
        self.columns.len()
    }

    /// The column that a term of an estimand names: a column's own name, or the name of a term with one column.
    pub(super) fn column(&self, term: &str) -> Result<usize, CannotAnswer> {
        let wanted: String = term.chars().filter(|c| !c.is_whitespace()).collect();
        if let Some(column) = self.names.iter().position(|n| *n == wanted) {
            return Ok(column);
        }
        let of_term: Vec<usize> = (0..self.width()).filter(|k| self.term_of[*k] == wanted).collect();
        match of_term[..] {
            [one] => Ok(one),
            _ => Err(CannotAnswer {
                why: format!("no single coefficient `{term}`; the model has {}", self.names.join(", ")),
            }),
        }
    }

    fn add(&mut self, term: &ModelTerm, schema: &ObservedSchema, waves: Waves) -> Result<(), CannotAnswer> {
        let text = term.text();
        let mut columns: Vec<(String, Vec<Component>)> = vec![(String::new(), Vec::new())];
        for factor in &term.factors {
            let expanded = self.expand(factor, schema, waves)?;
            // The first factor's columns change fastest, as in R.
            columns = expanded
                .iter()
                .flat_map(|(name, component)| {
                    columns.iter().map(move |(before, components)| {
                        let joint = if before.is_empty() { name.clone() } else { format!("{before}:{name}") };
                        (joint, components.iter().chain([component]).cloned().collect())
                    })
                })
                .collect();
        }
        for (name, components) in columns {
            self.names.push(name);
            self.term_of.push(text.clone());
            self.columns.push(components);
        }
        Ok(())
    }

    /// The columns of one factor of a term.
    fn expand(
        &mut self,
        factor: &ModelFactor,
        schema: &ObservedSchema,
        waves: Waves,
    ) -> Result<Vec<(String, Component)>, CannotAnswer> {
        let position = self.variable(&factor.name, schema, waves)?;
        let variable = &self.variables[position];
        let text = factor.text();
        if !factor.as_factor && !variable.is_named() {
            let growth = variable.growth;
            let table = variable.is_coded().then(|| variable.table(|code| variable.values[code] + growth));
            return Ok(vec![(text, Component { variable: position, table })]);
        }
        if !variable.is_coded() {
            let why = format!("`{text}` needs a variable with few values, and `{}` is a number", factor.name);
            return Err(CannotAnswer { why });
        }
        let mut codes: Vec<usize> = (0..variable.values.len()).collect();
        codes.sort_by(|a, b| variable.values[*a].total_cmp(&variable.values[*b]));
        Ok(codes
            .iter()
            .skip(1)
            .map(|&level| {
                let shown = variable.levels.get(level).cloned().unwrap_or_else(|| variable.values[level].to_string());
                let table = Some(variable.table(|code| f64::from(u8::from(code == level))));
                (format!("{text}{shown}"), Component { variable: position, table })
            })
            .collect())
    }

    fn variable(&mut self, name: &str, schema: &ObservedSchema, waves: Waves) -> Result<usize, CannotAnswer> {
        if let Some(known) = self.variables.iter().position(|v| v.name == name) {
            return Ok(known);
        }
        let variable = match (Variable::find(name, schema), waves) {
            (Some(variable), Waves::One(wave)) => variable.after(schema.wave_years.get(wave).copied().unwrap_or(0.0)),
            (Some(variable), Waves::Pooled { .. }) => variable,
            (None, Waves::Pooled { first, last }) if name == "wave" => Variable::wave(first, last),
            (None, _) => return Err(unknown(name, schema)),
        };
        self.variables.push(variable);
        Ok(self.variables.len() - 1)
    }

    fn cell_rows(&self) -> Option<CellRows> {
        let mut count = 1_usize;
        let mut strides = Vec::new();
        for variable in &self.variables {
            strides.push(u16::try_from(count).ok()?);
            count = count.checked_mul(variable.values.len())?;
            if count == 0 || count > MOST_CELLS {
                return None;
            }
        }
        let mut rows = Vec::with_capacity(count * self.width());
        for cell in 0..count {
            for column in &self.columns {
                let value = column.iter().map(|part| {
                    let code = cell / usize::from(strides[part.variable]) % self.variables[part.variable].values.len();
                    part.table.as_ref().map_or(f64::NAN, |t| t[code])
                });
                rows.push(value.product());
            }
        }
        Some(CellRows { count, strides, rows })
    }

    /// Clears `present` where a variable has no value at a wave. `from_first`: how many waves after the first pooled
    /// one.
    pub(super) fn require(&self, observed: &Observed<'_>, wave: usize, present: &mut [u8]) {
        for variable in &self.variables {
            require(variable, observed, wave, present);
        }
    }

    /// The number of each record's cell at a wave. Records with a missing value get some cell in range; they must be
    /// left out by [`require`](Self::require).
    pub(super) fn cell_numbers(
        &self,
        cells: &CellRows,
        observed: &Observed<'_>,
        wave: usize,
        after_first: usize,
        out: &mut [u16],
    ) {
        out.fill(0);
        for (variable, stride) in self.variables.iter().zip(&cells.strides) {
            let last = (variable.values.len() - 1).min(255) as u8;
            match variable.source.cells(observed, wave) {
                Cells::Codes(codes) => {
                    out.iter_mut().zip(codes).for_each(|(o, c)| *o += u16::from((*c).min(last)) * stride);
                }
                Cells::Positions(codes) => {
                    let code = |c: u32| u16::try_from(c).unwrap_or(u16::MAX).min(u16::from(last));
                    out.iter_mut().zip(codes).for_each(|(o, c)| *o += code(*c) * stride);
                }
                Cells::Same => {
                    let step = u16::try_from(after_first.min(usize::from(last))).unwrap_or(0) * stride;
                    out.iter_mut().for_each(|o| *o += step);
                }
                Cells::Numbers(_) => {}
            }
        }
    }

    /// The rows of all records at a wave, record after record; NaN where a value is missing.
    pub(super) fn rows(&self, observed: &Observed<'_>, wave: usize, after_first: usize, out: &mut Vec<f64>) {
        let (records, width) = (observed.records(), self.width());
        out.clear();
        out.resize(records * width, 1.0);
        for (k, column) in self.columns.iter().enumerate() {
            for part in column {
                let targets = out.iter_mut().skip(k).step_by(width);
                match (self.variables[part.variable].source.cells(observed, wave), &part.table) {
                    (Cells::Codes(codes), Some(table)) => {
                        targets.zip(codes).for_each(|(o, c)| *o *= table[usize::from(*c)]);
                    }
                    (Cells::Numbers(values), None) => {
                        let growth = self.variables[part.variable].growth;
                        targets.zip(values).for_each(|(o, v)| *o *= v + growth);
                    }
                    (Cells::Positions(codes), Some(table)) => {
                        let value = |c: u32| table.get(c as usize).copied().unwrap_or(f64::NAN);
                        targets.zip(codes).for_each(|(o, c)| *o *= value(*c));
                    }
                    (Cells::Same, Some(table)) => {
                        let value = table[after_first.min(255)];
                        targets.for_each(|o| *o *= value);
                    }
                    _ => targets.for_each(|o| *o = f64::NAN),
                }
            }
        }
    }
}

/// Clears `present` where a variable has no value at a wave.
pub(super) fn require(variable: &Variable, observed: &Observed<'_>, wave: usize, present: &mut [u8]) {
    match variable.source.cells(observed, wave) {
        Cells::Codes(codes) => {
            let missing = variable.missing_code();
            present.iter_mut().zip(codes).for_each(|(p, c)| *p &= u8::from(*c < missing));
        }
        Cells::Numbers(values) => present.iter_mut().zip(values).for_each(|(p, v)| *p &= u8::from(!v.is_nan())),
        Cells::Positions(codes) => {
            let count = variable.values.len();
            present.iter_mut().zip(codes).for_each(|(p, c)| *p &= u8::from((*c as usize) < count));
        }
        Cells::Same => {}
    }
}

/// Whether a variable can change from wave to wave.
pub(super) fn changes(variable: &Variable) -> bool {
    matches!(variable.source, Source::Item(_))
}
