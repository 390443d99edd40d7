//! What each operation does to numbers, over blocks of rows.
//!
//! Only `libm` and exactly rounded operations are used, so the bits of a result do not depend on the CPU. NaN stands
//! for a missing value. It passes through every operation, comparisons and `if` included, with three exceptions:
//! `missing` tells it, `false and NaN` is false, `true or NaN` is true.

use super::tree::{Binary, Unary};

/// Values of an operand over the rows of a block.
#[derive(Clone, Copy, Debug)]
pub(super) enum Source<'a> {
    /// The same for all rows.
    Scalar(f64),
    /// One per row.
    Rows(&'a [f64]),
}

/// `1 / (1 + exp(-x))`, without overflow.
#[inline]
pub(super) fn expit(x: f64) -> f64 {
    1.0 / (1.0 + libm::exp(-x))
}

/// `log(p / (1 - p))`.
#[inline]
pub(super) fn logit(p: f64) -> f64 {
    libm::log(p) - libm::log1p(-p)
}

#[inline]
fn truth(holds: bool) -> f64 {
    f64::from(u8::from(holds))
}

#[inline]
fn compared(a: f64, b: f64, holds: bool) -> f64 {
    if a.is_nan() || b.is_nan() { f64::NAN } else { truth(holds) }
}

#[inline]
fn not(x: f64) -> f64 {
    1.0 - x
}

// The standard library's min and max skip NaN and leave the sign of zero open.
#[inline]
fn minimum(a: f64, b: f64) -> f64 {
    if a < b || a.is_nan() { a } else { b }
}

#[inline]
fn maximum(a: f64, b: f64) -> f64 {
    if a > b || a.is_nan() { a } else { b }
}

#[inline]
fn and(a: f64, b: f64) -> f64 {
    if a == 0.0 || b == 0.0 { 0.0 } else { a * b }
}

#[inline]
fn or(a: f64, b: f64) -> f64 {
    if a == 1.0 || b == 1.0 { 1.0 } else { a + b }
}

#[inline]
fn select(condition: f64, then: f64, otherwise: f64) -> f64 {
    if condition.is_nan() {
        f64::NAN
    } else if condition != 0.0 {
        then
    } else {
        otherwise
    }
}

/// `x^n` by repeated squaring, with the same multiplications everywhere.
#[inline]
pub(super) fn whole_power(x: f64, n: i32) -> f64 {
    let (mut square, mut left, mut product) = (x, n.unsigned_abs(), 1.0);
    while left > 0 {
        if left & 1 == 1 {
            product *= square;
        }
        square *= square;
        left >>= 1;
    }
    if n < 0 { 1.0 / product } else { product }
}

/// Puts the operation on `x` into `out`, row by row.
pub(super) fn unary(operation: Unary, x: Source<'_>, out: &mut [f64]) {
    match operation {
        Unary::Negate => each(x, out, |x| -x),
        Unary::Not => each(x, out, not),
        Unary::Exp => each(x, out, libm::exp),
        Unary::Log => each(x, out, libm::log),
        Unary::Expit => each(x, out, expit),
        Unary::Logit => each(x, out, logit),
        Unary::Sqrt => each(x, out, f64::sqrt),
        Unary::Abs => each(x, out, f64::abs),
        Unary::Floor => each(x, out, f64::floor),
        Unary::Missing => each(x, out, |x| truth(x.is_nan())),
        Unary::Power(2) => each(x, out, |x| x * x),
        Unary::Power(n) => each(x, out, |x| whole_power(x, n)),
    }
}

/// Puts the operation on `a` and `b` into `out`, row by row.
pub(super) fn binary(operation: Binary, a: Source<'_>, b: Source<'_>, out: &mut [f64]) {
    match operation {
        Binary::Add => pairs(a, b, out, |a, b| a + b),
        Binary::Subtract => pairs(a, b, out, |a, b| a - b),
        Binary::Multiply => pairs(a, b, out, |a, b| a * b),
        Binary::Divide => pairs(a, b, out, |a, b| a / b),
        Binary::Power => pairs(a, b, out, libm::pow),
        Binary::Minimum => pairs(a, b, out, minimum),
        Binary::Maximum => pairs(a, b, out, maximum),
        Binary::Equal => pairs(a, b, out, |a, b| compared(a, b, a == b)),
        Binary::NotEqual => pairs(a, b, out, |a, b| compared(a, b, a != b)),
        Binary::Less => pairs(a, b, out, |a, b| compared(a, b, a < b)),
        Binary::LessEqual => pairs(a, b, out, |a, b| compared(a, b, a <= b)),
        Binary::Greater => pairs(a, b, out, |a, b| compared(a, b, a > b)),
        Binary::GreaterEqual => pairs(a, b, out, |a, b| compared(a, b, a >= b)),
        Binary::And => pairs(a, b, out, and),
        Binary::Or => pairs(a, b, out, or),
    }
}

/// Puts `then` or `otherwise` into `out`, row by row.
pub(super) fn choose(condition: Source<'_>, then: Source<'_>, otherwise: Source<'_>, out: &mut [f64]) {
    match (condition, then, otherwise) {
        (Source::Rows(c), Source::Rows(a), Source::Rows(b)) => {
            for (((out, c), a), b) in out.iter_mut().zip(c).zip(a).zip(b) {
                *out = select(*c, *a, *b);
            }
        }
        (c, Source::Scalar(then), b) => pairs(c, b, out, |c, b| select(c, then, b)),
        (c, a, Source::Scalar(otherwise)) => pairs(c, a, out, |c, a| select(c, a, otherwise)),
        (Source::Scalar(c), a, b) => pairs(a, b, out, |a, b| select(c, a, b)),
    }
}

#[inline]
fn each(x: Source<'_>, out: &mut [f64], f: impl Fn(f64) -> f64) {
    match x {
        Source::Scalar(x) => out.fill(f(x)),
        Source::Rows(x) => {
            for (out, x) in out.iter_mut().zip(x) {
                *out = f(*x);
            }
        }
    }
}

#[inline]
fn pairs(a: Source<'_>, b: Source<'_>, out: &mut [f64], f: impl Fn(f64, f64) -> f64) {
    match (a, b) {
        (Source::Scalar(a), b) => each(b, out, |b| f(a, b)),
        (a, Source::Scalar(b)) => each(a, out, |a| f(a, b)),
        (Source::Rows(a), Source::Rows(b)) => {
            for ((out, a), b) in out.iter_mut().zip(a).zip(b) {
                *out = f(*a, *b);
            }
        }
    }
}

/// The operation on one number.
pub(super) fn unary_one(operation: Unary, x: f64) -> f64 {
    let mut out = [0.0];
    unary(operation, Source::Scalar(x), &mut out);
    out[0]
}

/// The operation on two numbers.
pub(super) fn binary_one(operation: Binary, a: f64, b: f64) -> f64 {
    let mut out = [0.0];
    binary(operation, Source::Scalar(a), Source::Scalar(b), &mut out);
    out[0]
}

/// One of two numbers.
pub(super) fn choose_one(condition: f64, then: f64, otherwise: f64) -> f64 {
    select(condition, then, otherwise)
}
