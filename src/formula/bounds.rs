//! Interval arithmetic: a range that surely holds the value of an operation, from the ranges of its operands.
//!
//! Ranges say nothing of missing values (NaN). Each end is computed by the operation itself, which is monotone in
//! floating point as far as it is exactly rounded; `exp`, `log` and `pow` may be off by an ulp, far less than what
//! the checks of a range forgive.

use super::Bounds;
use super::operations::{expit, logit, whole_power};
use super::tree::{Binary, Unary};

/// True or false.
pub(super) const TRUTHS: Bounds = Bounds { low: 0.0, high: 1.0 };

impl Bounds {
    /// Any number.
    pub const ANY: Self = Self { low: f64::NEG_INFINITY, high: f64::INFINITY };

    /// A single number.
    #[must_use]
    pub fn point(value: f64) -> Self {
        if value.is_nan() { Self::ANY } else { Self { low: value, high: value } }
    }

    /// Whether a number is in the range.
    #[must_use]
    pub fn contains(&self, value: f64) -> bool {
        self.low <= value && value <= self.high
    }

    /// The smallest range that holds both.
    #[must_use]
    pub fn hull(self, other: Self) -> Self {
        Self { low: self.low.min(other.low), high: self.high.max(other.high) }
    }

    fn monotone(self, f: impl Fn(f64) -> f64) -> Self {
        spanned(&[f(self.low), f(self.high)])
    }
}

/// The range between the least and the greatest; everything if one is undefined.
fn spanned(ends: &[f64]) -> Bounds {
    if ends.iter().any(|e| e.is_nan()) {
        return Bounds::ANY;
    }
    let low = ends.iter().copied().fold(f64::INFINITY, f64::min);
    let high = ends.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    Bounds { low, high }
}

/// The range of an operation on a value in `x`.
pub(super) fn unary(operation: Unary, x: Bounds) -> Bounds {
    match operation {
        Unary::Negate => Bounds { low: -x.high, high: -x.low },
        Unary::Not => Bounds { low: 1.0 - x.high, high: 1.0 - x.low },
        Unary::Exp => x.monotone(libm::exp),
        Unary::Log => Bounds { low: x.low.max(0.0), high: x.high.max(0.0) }.monotone(libm::log),
        Unary::Expit => x.monotone(expit),
        Unary::Logit => Bounds { low: x.low.clamp(0.0, 1.0), high: x.high.clamp(0.0, 1.0) }.monotone(logit),
        Unary::Sqrt => Bounds { low: x.low.max(0.0), high: x.high.max(0.0) }.monotone(f64::sqrt),
        Unary::Abs => even(x, f64::abs),
        Unary::Floor => x.monotone(f64::floor),
        Unary::Missing => TRUTHS,
        Unary::Power(n) if n < 0 => divide(Bounds::point(1.0), unary(Unary::Power(n.saturating_neg()), x)),
        Unary::Power(n) if n % 2 == 0 => even(x, |x| whole_power(x, n)),
        Unary::Power(n) => x.monotone(|x| whole_power(x, n)),
    }
}

/// The range of a function that falls up to 0 and rises after it.
fn even(x: Bounds, f: impl Fn(f64) -> f64) -> Bounds {
    let ends = x.monotone(&f);
    if x.contains(0.0) { ends.hull(Bounds::point(f(0.0))) } else { ends }
}

/// The range of an operation on values in `a` and `b`.
pub(super) fn binary(operation: Binary, a: Bounds, b: Bounds) -> Bounds {
    match operation {
        Binary::Add => add(a, b),
        Binary::Subtract => add(a, unary(Unary::Negate, b)),
        Binary::Multiply => multiply(a, b),
        Binary::Divide => divide(a, b),
        Binary::Power => power(a, b),
        Binary::Minimum => Bounds { low: a.low.min(b.low), high: a.high.min(b.high) },
        Binary::Maximum => Bounds { low: a.low.max(b.low), high: a.high.max(b.high) },
        Binary::Less => settled(a.high < b.low, a.low >= b.high),
        Binary::LessEqual => settled(a.high <= b.low, a.low > b.high),
        Binary::Greater => settled(a.low > b.high, a.high <= b.low),
        Binary::GreaterEqual => settled(a.low >= b.high, a.high < b.low),
        Binary::Equal => settled(same_point(a, b), apart(a, b)),
        Binary::NotEqual => settled(apart(a, b), same_point(a, b)),
        Binary::And => Bounds { low: a.low.min(b.low), high: a.high.min(b.high) },
        Binary::Or => Bounds { low: a.low.max(b.low), high: a.high.max(b.high) },
    }
}

/// The range of `if`.
pub(super) fn choose(condition: Bounds, then: Bounds, otherwise: Bounds) -> Bounds {
    if condition.low > 0.0 {
        then
    } else if condition.high <= 0.0 {
        otherwise
    } else {
        then.hull(otherwise)
    }
}

fn same_point(a: Bounds, b: Bounds) -> bool {
    a.low == a.high && b.low == b.high && a.low == b.low
}

fn apart(a: Bounds, b: Bounds) -> bool {
    a.high < b.low || b.high < a.low
}

fn settled(always: bool, never: bool) -> Bounds {
    Bounds { low: f64::from(u8::from(always)), high: f64::from(u8::from(!never)) }
}

fn add(a: Bounds, b: Bounds) -> Bounds {
    let (low, high) = (a.low + b.low, a.high + b.high);
    Bounds {
        low: if low.is_nan() { f64::NEG_INFINITY } else { low },
        high: if high.is_nan() { f64::INFINITY } else { high },
    }
}

fn multiply(a: Bounds, b: Bounds) -> Bounds {
    // An infinite end stands for ever greater numbers, each of which times 0 is 0.
    let times = |x: f64, y: f64| if x == 0.0 || y == 0.0 { 0.0 } else { x * y };
    spanned(&[times(a.low, b.low), times(a.low, b.high), times(a.high, b.low), times(a.high, b.high)])
}

fn divide(a: Bounds, b: Bounds) -> Bounds {
    let inverse = if b.low > 0.0 || b.high < 0.0 {
        Bounds { low: 1.0 / b.high, high: 1.0 / b.low }
    } else if b.low == 0.0 && b.high > 0.0 {
        Bounds { low: 1.0 / b.high, high: f64::INFINITY }
    } else if b.high == 0.0 && b.low < 0.0 {
        Bounds { low: f64::NEG_INFINITY, high: 1.0 / b.low }
    } else {
        Bounds::ANY
    };
    multiply(a, inverse)
}

/// Of a base that is never negative: `y log x` has its extremes at the corners. Of others: everything.
fn power(a: Bounds, b: Bounds) -> Bounds {
    if a.low < 0.0 {
        return Bounds::ANY;
    }
    spanned(&[libm::pow(a.low, b.low), libm::pow(a.low, b.high), libm::pow(a.high, b.low), libm::pow(a.high, b.high)])
}
