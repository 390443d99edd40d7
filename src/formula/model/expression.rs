//! A number reckoned from variables: `log(x)`, `I(x^2)`.

/// A function of one number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Function {
    /// The exponential.
    Exp,
    /// The natural logarithm.
    Log,
    /// The square root.
    Sqrt,
    /// The number with the other sign.
    Negate,
}

/// An operation on two numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operation {
    /// `a + b`
    Add,
    /// `a - b`
    Subtract,
    /// `a * b`
    Multiply,
    /// `a / b`
    Divide,
    /// `a ^ b`
    Power,
}

/// An expression over variables of type `V`.
#[derive(Clone, Debug, PartialEq)]
pub enum Expression<V> {
    /// A number.
    Number(f64),
    /// A variable.
    Variable(V),
    /// A function of an expression.
    Of(Function, Box<Expression<V>>),
    /// Two expressions and what is done with them.
    Both(Operation, Box<Expression<V>>, Box<Expression<V>>),
}

impl<V> Expression<V> {
    /// The variable, if the expression is nothing else.
    #[must_use]
    pub fn as_variable(&self) -> Option<&V> {
        if let Self::Variable(variable) = self { Some(variable) } else { None }
    }

    /// All variables as they stand, from left to right.
    #[must_use]
    pub fn variables(&self) -> Vec<&V> {
        match self {
            Self::Number(_) => Vec::new(),
            Self::Variable(variable) => vec![variable],
            Self::Of(_, inner) => inner.variables(),
            Self::Both(_, left, right) => {
                let mut all = left.variables();
                all.extend(right.variables());
                all
            }
        }
    }

    /// The same expression with other names for its variables.
    ///
    /// # Errors
    /// The first that `rename` gives.
    pub fn renamed<W, E>(&self, rename: &mut impl FnMut(&V) -> Result<W, E>) -> Result<Expression<W>, E> {
        Ok(match self {
            Self::Number(value) => Expression::Number(*value),
            Self::Variable(variable) => Expression::Variable(rename(variable)?),
            Self::Of(function, inner) => Expression::Of(*function, Box::new(inner.renamed(rename)?)),
            Self::Both(operation, left, right) => {
                let left = Box::new(left.renamed(rename)?);
                Expression::Both(*operation, left, Box::new(right.renamed(rename)?))
            }
        })
    }

    /// The value, where `of` gives the values of variables (NaN for a missing one). NaN where it is not a finite
    /// number: `log(0)`, `1/0`, `sqrt(-1)`, and wherever a variable is missing.
    pub fn value(&self, of: &impl Fn(&V) -> f64) -> f64 {
        let value = match self {
            Self::Number(value) => *value,
            Self::Variable(variable) => of(variable),
            Self::Of(function, inner) => {
                let x = inner.value(of);
                match function {
                    Function::Exp => libm::exp(x),
                    Function::Log => libm::log(x),
                    Function::Sqrt => libm::sqrt(x),
                    Function::Negate => -x,
                }
            }
            Self::Both(operation, left, right) => {
                let (a, b) = (left.value(of), right.value(of));
                match operation {
                    Operation::Add => a + b,
                    Operation::Subtract => a - b,
                    Operation::Multiply => a * b,
                    Operation::Divide => a / b,
                    Operation::Power => power(a, b),
                }
            }
        };
        if value.is_finite() { value } else { f64::NAN }
    }
}

/// `a^b`; a missing number stays missing, though any number to the power 0 is 1.
fn power(a: f64, b: f64) -> f64 {
    if a.is_nan() || b.is_nan() {
        return f64::NAN;
    }
    if b == 2.0 { a * a } else { libm::pow(a, b) }
}
