//! Models in R's notation: `y ~ group * wave + ns(age, 3) + (1 | id)`.
//!
//! [`parse_model`] reads a text into a [`Model`]: terms in R's order (main effects first, then products of two and so
//! on, each in the order written), offsets and random terms, each with its place in the text. [`Model::columns`]
//! works out the columns of the design with R's names and R's rule for the coding of factors; what the names of
//! variables mean is the caller's business. The notation is that of Wilkinson and Rogers 1973 (doi:10.2307/2346786) as
//! extended by Chambers and Hastie 1992, Statistical Models in S, chapter 2.

mod coding;
mod contrasts;
mod expression;
mod lexer;
mod parser;
mod primary;
mod random;

#[cfg(test)]
mod tests;

pub use coding::{ModelBasis, ModelColumn, ModelColumns, ModelLookup, ModelPart, ModelValues};
pub use contrasts::Contrast;
pub use expression::Expression;
pub use parser::parse_model;

use std::ops::Range;

/// A model that has been read.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Model {
    /// What stands left of `~`, if anything.
    pub response: Option<ModelVariable>,
    /// Whether the model has an intercept.
    pub intercept: bool,
    /// The terms in R's order, each once, without the intercept.
    pub terms: Vec<ModelTerm>,
    /// What `offset(...)` adds to the linear predictor with coefficient 1.
    pub offsets: Vec<Expression<ModelVariable>>,
    /// Terms such as `(1 + wave | id)`.
    pub random: Vec<RandomTerm>,
}

/// A variable in a model. Two are the same if they differ in their place only.
#[derive(Clone, Debug)]
pub struct ModelVariable {
    /// Its name.
    pub name: String,
    /// Whether it was written `lag(name)`: the value at the wave before.
    pub lagged: bool,
    /// Where it stands in the text, in bytes.
    pub range: Range<usize>,
}

impl PartialEq for ModelVariable {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name && self.lagged == other.lagged
    }
}

/// One term of a model: the product of its factors.
#[derive(Clone, Debug, PartialEq)]
pub struct ModelTerm {
    /// At least one, in the order in which they first stand in the model.
    pub factors: Vec<ModelFactor>,
}

impl ModelTerm {
    /// As R writes it: `age:factor(wave)`.
    #[must_use]
    pub fn text(&self) -> String {
        self.factors.iter().map(|f| f.text.as_str()).collect::<Vec<_>>().join(":")
    }
}

/// One factor of a term.
#[derive(Clone, Debug, PartialEq)]
pub struct ModelFactor {
    /// What it is.
    pub form: Form,
    /// As R writes it: `factor(wave)`, `ns(age, 3)`.
    pub text: String,
    /// Where it first stands in the text, in bytes.
    pub range: Range<usize>,
}

/// What a factor of a term is.
#[derive(Clone, Debug, PartialEq)]
pub enum Form {
    /// A variable, or a number reckoned from variables.
    Value(Expression<ModelVariable>),
    /// `factor(x)`, `factor(x, ref = "a")`, `C(x, sum)`.
    Levels {
        /// The variable.
        variable: ModelVariable,
        /// How its levels become columns.
        contrast: Contrast,
        /// The level that the others are compared with, as written, with its place; absent: the first.
        reference: Option<(String, Range<usize>)>,
    },
    /// A spline or polynomial, whose columns depend on the data.
    Basis {
        /// Of what.
        of: Expression<ModelVariable>,
        /// Which.
        kind: BasisKind,
        /// How many columns it has, at least 1.
        columns: usize,
    },
}

/// A family of functions of a number. Knots are at quantiles (type 7) and the ends of the data, as in R.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BasisKind {
    /// `ns(x, k)`: natural cubic splines, R's basis without the constant.
    Natural,
    /// `bs(x, k, degree = d)`: B-splines without the first.
    BSpline {
        /// Degree of the pieces, from 1.
        degree: usize,
    },
    /// `poly(x, k)`: orthonormal polynomials without the constant.
    Polynomial,
}

/// A term such as `(1 + wave | id)`: coefficients that differ from group to group.
#[derive(Clone, Debug, PartialEq)]
pub struct RandomTerm {
    /// Whether the intercept differs.
    pub intercept: bool,
    /// The terms whose coefficients differ.
    pub terms: Vec<ModelTerm>,
    /// What makes the groups, such as `id`.
    pub group: ModelVariable,
    /// As R writes it, without the brackets: `1 + wave | id`.
    pub text: String,
    /// Where it stands in the text, in bytes.
    pub range: Range<usize>,
}

/// Something in a model that cannot be read or used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ModelProblem {
    /// What is wrong, a lower-case fragment.
    pub message: String,
    /// What to write instead.
    pub help: String,
    /// Where in the text, in bytes; empty where something is missing.
    pub range: Range<usize>,
}

impl ModelProblem {
    fn new(range: Range<usize>, message: impl Into<String>, help: impl Into<String>) -> Self {
        Self { message: message.into(), help: help.into(), range }
    }
}

impl Model {
    /// The first thing in the model that goes beyond terms and an intercept: an offset or a random term, with a reason.
    /// For callers that can use neither.
    #[must_use]
    pub fn beyond_terms(&self) -> Option<ModelProblem> {
        if let Some(random) = self.random.first() {
            let message = format!("`({})` is a random term, which is not possible here", random.text);
            return Some(ModelProblem::new(random.range.clone(), message, "leave it out, or use a mixed model"));
        }
        let offset = self.offsets.first()?;
        let range = offset.variables().first().map_or(0..0, |v| v.range.clone());
        Some(ModelProblem::new(range, "an offset is not possible here", "leave out `offset(...)`"))
    }
}
