//! From the terms of a model to the columns of its design, with R's names and R's rule for factors.
//!
//! A factor of a term is coded by contrasts where the term without it is part of an earlier term (or is the intercept),
//! and by one column for each level elsewhere; without an intercept the first factor of the model has a column for each
//! level. That is the rule of R's `terms.formula` and `model.matrix`.

use super::{BasisKind, Expression, Form, Model, ModelFactor, ModelProblem, ModelVariable};
use std::ops::Range;

/// The values that a variable can have.
#[derive(Clone, Debug, PartialEq)]
pub enum ModelValues {
    /// Any number.
    Number,
    /// A few numbers, in the caller's order.
    Few(Vec<f64>),
    /// Named levels, in the caller's order.
    Named(Vec<String>),
}

/// Says what values a variable has, or why there is none of that name: a message and a help.
pub type ModelLookup<'a> = dyn FnMut(&ModelVariable) -> Result<ModelValues, (String, String)> + 'a;

/// One part of a column; a column is the product of its parts.
#[derive(Clone, Debug, PartialEq)]
pub enum ModelPart {
    /// A number reckoned from variables, by position in [`ModelColumns::variables`].
    Value(Expression<usize>),
    /// A number for each level of a variable.
    Levels {
        /// Position in [`ModelColumns::variables`].
        variable: usize,
        /// The number for each of the variable's values, in the caller's order.
        values: Vec<f64>,
    },
    /// A column of a basis.
    Basis {
        /// Position in [`ModelColumns::bases`].
        basis: usize,
        /// Which of its columns, from 0.
        column: usize,
    },
}

/// A column of a design.
#[derive(Clone, Debug, PartialEq)]
pub struct ModelColumn {
    /// R's name: `(Intercept)`, `age`, `factor(wave)3`, `ns(age, 3)2`, `groupb:age`.
    pub name: String,
    /// The term that it comes from, as R writes it; `1` for the intercept.
    pub term: String,
    /// Its parts; the intercept has none and is 1.
    pub parts: Vec<ModelPart>,
}

/// A spline or polynomial, whose columns depend on the data.
#[derive(Clone, Debug, PartialEq)]
pub struct ModelBasis {
    /// Of what, by position in [`ModelColumns::variables`].
    pub of: Expression<usize>,
    /// Which.
    pub kind: BasisKind,
    /// Number of columns.
    pub columns: usize,
    /// As R writes it.
    pub text: String,
}

/// The columns of a design.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct ModelColumns {
    /// The variables that are read, each once.
    pub variables: Vec<ModelVariable>,
    /// The columns, the intercept first if there is one.
    pub columns: Vec<ModelColumn>,
    /// The bases, each once.
    pub bases: Vec<ModelBasis>,
    /// The offsets.
    pub offsets: Vec<Expression<usize>>,
}

impl Model {
    /// The columns of the model. `values` says what values a variable has, or why there is none of that name (message
    /// and help).
    ///
    /// # Errors
    /// Every variable that is not known or cannot be used as it is.
    pub fn columns(&self, values: &mut ModelLookup<'_>) -> Result<ModelColumns, Vec<ModelProblem>> {
        let mut coder = Coder { values, known: Vec::new(), columns: ModelColumns::default(), problems: Vec::new() };
        if self.intercept {
            let (name, term) = ("(Intercept)".to_owned(), "1".to_owned());
            coder.columns.columns.push(ModelColumn { name, term, parts: Vec::new() });
        }
        let mut free = !self.intercept;
        for (position, term) in self.terms.iter().enumerate() {
            let earlier = self.terms.get(..position).unwrap_or(&[]);
            let mut parts = vec![(String::new(), Vec::new())];
            for factor in &term.factors {
                let rest = || term.factors.iter().filter(|f| f.text != factor.text);
                let alone = term.factors.len() == 1;
                let marginal =
                    alone || earlier.iter().any(|t| rest().all(|f| t.factors.iter().any(|g| g.text == f.text)));
                let Some((expanded, is_factor)) = coder.factor(factor, marginal && !free) else { continue };
                // The first factor without an intercept takes the intercept's place.
                free = free && !is_factor;
                parts = product(&parts, &expanded);
            }
            let text = term.text();
            let column = |(name, parts)| ModelColumn { name, term: text.clone(), parts };
            coder.columns.columns.extend(parts.into_iter().map(column));
        }
        for offset in &self.offsets {
            let Some(offset) = coder.expression(offset) else { continue };
            coder.columns.offsets.push(offset);
        }
        if coder.problems.is_empty() { Ok(coder.columns) } else { Err(coder.problems) }
    }
}

type Parts = Vec<(String, Vec<ModelPart>)>;

/// The products of columns; those of the first factor change fastest.
fn product(left: &Parts, right: &[(String, ModelPart)]) -> Parts {
    let joint = |(before, parts): &(String, Vec<ModelPart>), (name, part): &(String, ModelPart)| {
        let name = if before.is_empty() { name.clone() } else { format!("{before}:{name}") };
        (name, parts.iter().chain([part]).cloned().collect())
    };
    right.iter().flat_map(|new| left.iter().map(move |old| joint(old, new))).collect()
}

struct Coder<'a, 'b> {
    values: &'a mut ModelLookup<'b>,
    /// The values of the variables found so far; nothing where there is no such variable.
    known: Vec<(ModelVariable, Option<ModelValues>)>,
    columns: ModelColumns,
    problems: Vec<ModelProblem>,
}

impl Coder<'_, '_> {
    /// The position of a variable and its values. A problem with a variable is noted once.
    fn variable(&mut self, variable: &ModelVariable) -> Option<(usize, ModelValues)> {
        let found = match self.known.iter().find(|(known, _)| known == variable) {
            Some((_, values)) => values.clone(),
            None => {
                let values = match (self.values)(variable) {
                    Ok(values) => {
                        self.columns.variables.push(variable.clone());
                        Some(values)
                    }
                    Err((message, help)) => {
                        self.problems.push(ModelProblem { message, help, range: variable.range.clone() });
                        None
                    }
                };
                self.known.push((variable.clone(), values.clone()));
                values
            }
        };
        let position = self.columns.variables.iter().position(|v| v == variable)?;
        Some((position, found?))
    }

    /// An expression over numbers.
    fn expression(&mut self, of: &Expression<ModelVariable>) -> Option<Expression<usize>> {
        let renamed = of.renamed(&mut |variable| {
            let Some((position, values)) = self.variable(variable) else { return Err(()) };
            if matches!(values, ModelValues::Named(_)) {
                let name = &variable.name;
                let help = format!("write `{name}` or `factor({name})` as a term of its own");
                let message = format!("`{name}` has named levels, which are no numbers");
                self.problem(variable.range.clone(), message, help);
                return Err(());
            }
            Ok(position)
        });
        renamed.ok()
    }

    fn problem(&mut self, range: Range<usize>, message: String, help: String) {
        self.problems.push(ModelProblem { message, help, range });
    }

    /// The columns of one factor of a term, and whether it has levels. `contrasts`: otherwise a column for each level.
    fn factor(&mut self, factor: &ModelFactor, contrasts: bool) -> Option<(Vec<(String, ModelPart)>, bool)> {
        let text = &factor.text;
        match &factor.form {
            Form::Value(of) => {
                if let Some(variable) = of.as_variable()
                    && let Some((position, ModelValues::Named(names))) = self.variable(variable)
                {
                    let ordered: Vec<usize> = (0..names.len()).collect();
                    let levels = Levels { position, names, ordered, reference: 0 };
                    return Some((levels.columns(text, super::Contrast::Treatment, contrasts), true));
                }
                let of = self.expression(of)?;
                Some((vec![(text.clone(), ModelPart::Value(of))], false))
            }
            Form::Levels { variable, contrast, reference } => {
                let levels = self.levels(factor, variable, reference.as_ref())?;
                Some((levels.columns(text, *contrast, contrasts), true))
            }
            Form::Basis { of, kind, columns } => {
                let of = self.expression(of)?;
                let basis = self.columns.bases.iter().position(|b| b.text == *text).unwrap_or_else(|| {
                    self.columns.bases.push(ModelBasis { of, kind: *kind, columns: *columns, text: text.clone() });
                    self.columns.bases.len() - 1
                });
                let name = |k: usize| if *columns == 1 { text.clone() } else { format!("{text}{}", k + 1) };
                let part = |k: usize| ModelPart::Basis { basis, column: k };
                Some(((0..*columns).map(|k| (name(k), part(k))).collect(), false))
            }
        }
    }

    /// The levels of `factor(x)`: names in their order, numbers from the smallest on.
    fn levels(
        &mut self,
        factor: &ModelFactor,
        variable: &ModelVariable,
        reference: Option<&(String, Range<usize>)>,
    ) -> Option<Levels> {
        let name = &variable.name;
        let (position, values) = self.variable(variable)?;
        let (names, ordered): (Vec<String>, Vec<usize>) = match values {
            ModelValues::Named(names) => {
                let ordered = (0..names.len()).collect();
                (names, ordered)
            }
            ModelValues::Few(numbers) => {
                let mut ordered: Vec<usize> = (0..numbers.len()).collect();
                ordered.sort_by(|a, b| numbers[*a].total_cmp(&numbers[*b]));
                (numbers.iter().map(f64::to_string).collect(), ordered)
            }
            ModelValues::Number => {
                let text = &factor.text;
                let message = format!("`{text}` needs a variable with few values, and `{name}` is a number");
                self.problem(factor.range.clone(), message, format!("write `{name}` for its slope"));
                return None;
            }
        };
        let Some((wanted, place)) = reference else { return Some(Levels { position, names, ordered, reference: 0 }) };
        let found = ordered.iter().position(|k| names[*k] == *wanted);
        let Some(reference) = found else {
            let known: Vec<&str> = ordered.iter().map(|k| names[*k].as_str()).collect();
            let help = format!("its levels: {}", known.join(", "));
            self.problem(place.clone(), format!("`{name}` has no level `{wanted}`"), help);
            return None;
        };
        Some(Levels { position, names, ordered, reference })
    }
}

/// The levels of a factor.
struct Levels {
    /// Position of the variable.
    position: usize,
    /// Names in the caller's order.
    names: Vec<String>,
    /// The positions in `names` in the order of the levels.
    ordered: Vec<usize>,
    /// Which of the ordered levels the others are compared with.
    reference: usize,
}

impl Levels {
    fn columns(&self, text: &str, contrast: super::Contrast, contrasts: bool) -> Vec<(String, ModelPart)> {
        let names: Vec<String> = self.ordered.iter().map(|k| self.names[*k].clone()).collect();
        let columns = match contrasts {
            true => contrast.columns(&names, self.reference),
            false => full(&names),
        };
        let part = |by_level: &[f64]| {
            let mut values = vec![f64::NAN; self.names.len()];
            self.ordered.iter().zip(by_level).for_each(|(k, value)| values[*k] = *value);
            ModelPart::Levels { variable: self.position, values }
        };
        columns.iter().map(|(name, by_level)| (format!("{text}{name}"), part(by_level))).collect()
    }
}

/// A column for each level.
fn full(names: &[String]) -> Vec<(String, Vec<f64>)> {
    let column = |k: usize| (0..names.len()).map(|i| f64::from(u8::from(i == k))).collect();
    names.iter().enumerate().map(|(k, name)| (name.clone(), column(k))).collect()
}

impl ModelColumns {
    /// The column that a text names: a column's own name (the parts of a product in any order), or a term with one
    /// column. Spaces do not count. The intercept is `(Intercept)` or `1`.
    #[must_use]
    pub fn find(&self, wanted: &str) -> Option<usize> {
        let parts = |text: &str| {
            let compact: String = text.chars().filter(|c| !c.is_whitespace()).collect();
            let mut parts: Vec<String> = compact.split(':').map(str::to_owned).collect();
            parts.sort_unstable();
            parts
        };
        let wanted = parts(wanted);
        if let Some(column) = self.columns.iter().position(|c| parts(&c.name) == wanted) {
            return Some(column);
        }
        let mut of_term = self.columns.iter().enumerate().filter(|(_, c)| parts(&c.term) == wanted);
        match (of_term.next(), of_term.next()) {
            (Some((only, _)), None) => Some(only),
            _ => None,
        }
    }
}
