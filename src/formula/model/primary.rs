//! The smallest parts of a model: names, numbers, brackets and calls.

use super::expression::{Function, Operation};
use super::lexer::{Token, written};
use super::parser::{Parser, Piece};
use super::{BasisKind, Contrast, Expression, Form, ModelFactor, ModelProblem, ModelVariable};
use std::ops::Range;

/// Most columns of a spline or polynomial.
const MOST_COLUMNS: usize = 20;
/// Highest degree of B-splines.
const HIGHEST_DEGREE: usize = 5;

const CALLS: &str = "calls in a model: `factor(x)`, `C(x, sum)`, `I(x^2)`, `log(x)`, `sqrt(x)`, `exp(x)`, `lag(x)`, \
                     `ns(x, 3)`, `bs(x, 4)`, `poly(x, 2)`, `offset(x)`";

type Read<T> = Result<T, ModelProblem>;

impl Parser<'_> {
    /// One name, number, bracket or call.
    pub fn primary(&mut self) -> Read<Piece> {
        let first = self.next;
        let Some(placed) = self.tokens.get(first) else { return Err(self.unexpected()) };
        let range = placed.range.clone();
        match &placed.token {
            Token::Number(value) if *value == 0.0 || *value == 1.0 => {
                self.next += 1;
                self.intercept(*value == 1.0);
                Ok(Piece::Kept { what: "an intercept", range })
            }
            Token::Number(value) => {
                let help = "only `1` (an intercept) and `0` (none) are numbers of a model; write `I(2 * x)`";
                Err(ModelProblem::new(range, format!("`{value}` is not a term"), help))
            }
            Token::Quoted(_) => Err(ModelProblem::new(range, "a text is not a term", "write names without marks")),
            Token::Symbol('(') => {
                self.next += 1;
                self.bracket(first)
            }
            Token::Symbol('.') => {
                let help = "name the variables: what a survey holds differs from condition to condition";
                Err(ModelProblem::new(range, "`.` for all variables is not possible", help))
            }
            Token::Symbol(')') if self.next > 0 => {
                let message = format!("a term is missing in `{}`", self.text);
                Err(ModelProblem::new(range.start..range.start, message, "write a term before the bracket"))
            }
            Token::Symbol('+' | '-' | '*' | ':' | '/') => {
                let message = format!("a term is missing in `{}`", self.text);
                Err(ModelProblem::new(range.start..range.start, message, "write a term here"))
            }
            Token::Symbol(_) => Err(self.unexpected()),
            Token::Name(name) => {
                self.next += 1;
                if self.takes('(') {
                    return self.deeper(|parser| parser.call(name, first));
                }
                let variable = ModelVariable { name: name.clone(), lagged: false, range: range.clone() };
                let form = Form::Value(Expression::Variable(variable));
                Ok(self.factor(ModelFactor { form, text: name.clone(), range }))
            }
        }
    }

    /// A call, its name and opening bracket taken.
    fn call(&mut self, name: &str, first: usize) -> Read<Piece> {
        let form = match name {
            "factor" | "C" => self.levels(name, first)?,
            "ns" | "bs" | "poly" => self.basis(name, first)?,
            "lag" => Form::Value(Expression::Variable(self.lagged(first)?)),
            "I" | "offset" => {
                let of = self.sum_of_numbers()?;
                self.close(first + 1)?;
                if name == "offset" {
                    return self.offset(of, self.stretch(first));
                }
                Form::Value(of)
            }
            _ => match function(name) {
                Some(function) => {
                    let of = self.sum_of_numbers()?;
                    self.close(first + 1)?;
                    Form::Value(Expression::Of(function, Box::new(of)))
                }
                None => {
                    let range = self.tokens.get(first).map_or(0..0, |t| t.range.clone());
                    return Err(ModelProblem::new(range, format!("`{name}(...)` is not known in a model"), CALLS));
                }
            },
        };
        if let Form::Value(of) = &form
            && of.variables().is_empty()
        {
            let range = self.stretch(first);
            return Err(ModelProblem::new(range, "this reads no variable", "the intercept is written `1`"));
        }
        let text = written(self.tokens.get(first..self.next).unwrap_or(&[]));
        let range = self.stretch(first);
        Ok(self.factor(ModelFactor { form, text, range }))
    }

    /// What is left of `lag(x)`.
    fn lagged(&mut self, first: usize) -> Read<ModelVariable> {
        let Some(name) = self.word() else {
            let help = "`lag` takes one name: `lag(x)`";
            return Err(ModelProblem::new(self.place(), "the name of a variable is missing here", help));
        };
        self.next += 1;
        self.close(first + 1)?;
        Ok(ModelVariable { name, lagged: true, range: self.stretch(first) })
    }

    /// A name, or `lag(name)`.
    fn variable(&mut self, help: &str) -> Read<ModelVariable> {
        let first = self.next;
        let Some(Token::Name(name)) = self.tokens.get(first).map(|t| &t.token) else {
            return Err(ModelProblem::new(self.place(), "the name of a variable is missing here", help));
        };
        self.next += 1;
        if name == "lag" && self.takes('(') {
            return self.deeper(|parser| parser.lagged(first));
        }
        Ok(ModelVariable { name: name.clone(), lagged: false, range: self.stretch(first) })
    }

    /// What is left of `factor(x, ref = "a")` and `C(x, sum)`.
    fn levels(&mut self, name: &str, first: usize) -> Read<Form> {
        let help = match name {
            "C" => "write `C(x, sum)`, with `sum`, `helmert`, `poly` or `treatment`",
            _ => "write `factor(x)` or `factor(x, ref = \"level\")`",
        };
        let (mut contrast, mut reference) = (Contrast::Treatment, None);
        let inner = self.next;
        let factor_inside = matches!(self.tokens.get(inner).map(|t| &t.token), Some(Token::Name(n)) if n == "factor");
        let variable = if name == "C" && factor_inside && self.tokens.get(inner + 1).is_some_and(|t| t.is('(')) {
            self.next += 2;
            let form = self.deeper(|parser| parser.levels("factor", inner))?;
            let Form::Levels { variable, reference: inside, .. } = form else { return Err(self.unexpected()) };
            reference = inside;
            variable
        } else {
            self.variable(help)?
        };
        if name == "C" && self.takes(',') {
            let word = self.word();
            let known = word.as_deref().map(|w| w.strip_prefix("contr.").unwrap_or(w));
            let Some((_, found)) = Contrast::NAMES.iter().find(|(n, _)| Some(*n) == known) else {
                return Err(ModelProblem::new(self.place(), "this is not a contrast", help));
            };
            self.next += 1;
            contrast = *found;
        }
        if name == "factor" && self.takes(',') {
            if self.word().as_deref() != Some("ref") {
                return Err(ModelProblem::new(self.place(), "`factor` takes a variable and `ref`", help));
            }
            self.next += 1;
            if !self.takes('=') {
                return Err(ModelProblem::new(self.place(), "`=` is missing here", help));
            }
            reference = Some((self.level(help)?, self.stretch(self.next - 1)));
        }
        self.close(first + 1)?;
        Ok(Form::Levels { variable, contrast, reference })
    }

    /// A level: a text in marks, a name or a number.
    fn level(&mut self, help: &str) -> Read<String> {
        let level = match self.tokens.get(self.next).map(|t| &t.token) {
            Some(Token::Quoted(text) | Token::Name(text)) => text.clone(),
            Some(Token::Number(value)) => value.to_string(),
            _ => return Err(ModelProblem::new(self.place(), "a level is missing here", help)),
        };
        self.next += 1;
        Ok(level)
    }

    fn word(&self) -> Option<String> {
        match self.tokens.get(self.next).map(|t| &t.token) {
            Some(Token::Name(word)) => Some(word.clone()),
            _ => None,
        }
    }

    /// What is left of `ns(x, 3)`, `bs(x, df = 4, degree = 3)` and `poly(x, 2)`.
    fn basis(&mut self, name: &str, first: usize) -> Read<Form> {
        let of = self.sum_of_numbers()?;
        let (mut columns, mut degree) = (None, None);
        while self.takes(',') {
            let key = self.word();
            if key.is_some() {
                self.next += 1;
                if !self.takes('=') {
                    return Err(ModelProblem::new(self.place(), "`=` is missing here", "write `ns(x, df = 3)`"));
                }
            }
            match (name, key.as_deref()) {
                ("bs", Some("degree")) => degree = Some(self.whole(HIGHEST_DEGREE)?),
                ("poly", Some("degree")) | ("ns" | "bs", Some("df")) => columns = Some(self.whole(MOST_COLUMNS)?),
                (_, None) if columns.is_none() => columns = Some(self.whole(MOST_COLUMNS)?),
                _ => {
                    let help = "write `ns(x, df)`, `bs(x, df, degree = 3)` or `poly(x, degree)`";
                    return Err(ModelProblem::new(self.place(), format!("`{name}` takes no such argument"), help));
                }
            }
        }
        self.close(first + 1)?;
        let help = format!("write `{name}(x, 3)`: a variable and the number of columns");
        let range = self.stretch(first);
        let Some(columns) = columns else {
            return Err(ModelProblem::new(range, format!("`{name}` needs its number of columns"), help));
        };
        let degree = degree.unwrap_or(3);
        if of.variables().is_empty() {
            return Err(ModelProblem::new(range, "this reads no variable", help));
        }
        let kind = match name {
            "ns" => BasisKind::Natural,
            "bs" if columns < degree => {
                let message = format!("B-splines of degree {degree} have at least {degree} columns");
                return Err(ModelProblem::new(range, message, "raise the number or add `degree = 1`"));
            }
            "bs" => BasisKind::BSpline { degree },
            _ => BasisKind::Polynomial,
        };
        Ok(Form::Basis { of, kind, columns })
    }

    /// A whole number from 1.
    fn whole(&mut self, most: usize) -> Read<usize> {
        let found = match self.tokens.get(self.next).map(|t| &t.token) {
            Some(Token::Number(value)) => Some(*value),
            _ => None,
        };
        let whole = found.filter(|v| *v >= 1.0 && *v <= most as f64 && libm::trunc(*v) == *v);
        let Some(value) = whole else {
            let message = format!("a whole number from 1 to {most} should stand here");
            return Err(ModelProblem::new(self.place(), message, "such as `ns(age, 3)`"));
        };
        self.next += 1;
        Ok(value as usize)
    }

    /// A sum of numbers, as in `I(...)`.
    fn sum_of_numbers(&mut self) -> Read<Expression<ModelVariable>> {
        self.numbers(&[('+', Operation::Add), ('-', Operation::Subtract)], |parser| {
            parser.numbers(&[('*', Operation::Multiply), ('/', Operation::Divide)], Self::signed_number)
        })
    }

    /// Operands joined from left to right.
    fn numbers(
        &mut self,
        operations: &[(char, Operation)],
        mut operand: impl FnMut(&mut Self) -> Read<Expression<ModelVariable>>,
    ) -> Read<Expression<ModelVariable>> {
        let mut left = operand(self)?;
        while let Some((symbol, operation)) = operations.iter().find(|(symbol, _)| self.sees(*symbol)) {
            self.takes(*symbol);
            left = Expression::Both(*operation, Box::new(left), Box::new(operand(self)?));
        }
        Ok(left)
    }

    /// A sign binds less than a power: `-x^2` is `-(x^2)`.
    fn signed_number(&mut self) -> Read<Expression<ModelVariable>> {
        if self.takes('-') {
            let inner = self.deeper(Self::signed_number)?;
            return Ok(Expression::Of(Function::Negate, Box::new(inner)));
        }
        if self.takes('+') {
            return self.deeper(Self::signed_number);
        }
        let base = self.number()?;
        if !self.takes('^') {
            return Ok(base);
        }
        let exponent = self.deeper(Self::signed_number)?;
        Ok(Expression::Both(Operation::Power, Box::new(base), Box::new(exponent)))
    }

    /// A number, a variable, a bracket or a function in an expression.
    fn number(&mut self) -> Read<Expression<ModelVariable>> {
        let first = self.next;
        let Some(placed) = self.tokens.get(first) else { return Err(self.unclosed()) };
        match &placed.token {
            Token::Number(value) => {
                self.next += 1;
                Ok(Expression::Number(*value))
            }
            Token::Symbol('(') => {
                self.next += 1;
                let inner = self.deeper(Self::sum_of_numbers)?;
                self.close(first)?;
                Ok(inner)
            }
            Token::Name(name) => {
                let called = self.tokens.get(first + 1).is_some_and(|t| t.is('('));
                if !called || name == "lag" {
                    return Ok(Expression::Variable(self.variable("write `lag(x)`")?));
                }
                self.next += 2;
                let within = match (function(name), name.as_str()) {
                    (Some(function), _) => Some(function),
                    (None, "I") => None,
                    _ => {
                        let message = format!("`{name}(...)` cannot stand here");
                        let help = "a number is reckoned with `+ - * / ^`, `log`, `sqrt`, `exp` and `lag`";
                        return Err(ModelProblem::new(placed.range.clone(), message, help));
                    }
                };
                let inner = self.deeper(Self::sum_of_numbers)?;
                self.close(first + 1)?;
                Ok(match within {
                    Some(function) => Expression::Of(function, Box::new(inner)),
                    None => inner,
                })
            }
            _ => Err(self.missing_number(placed.range.clone())),
        }
    }

    fn missing_number(&self, range: Range<usize>) -> ModelProblem {
        let help = "write a number, a variable, or a function such as `log(x)`";
        ModelProblem::new(range, "a number or a variable should stand here", help)
    }

    fn unclosed(&self) -> ModelProblem {
        let end = self.text.len();
        self.missing_number(end..end)
    }
}

/// A function of one number by its name.
fn function(name: &str) -> Option<Function> {
    match name {
        "log" => Some(Function::Log),
        "sqrt" => Some(Function::Sqrt),
        "exp" => Some(Function::Exp),
        _ => None,
    }
}
