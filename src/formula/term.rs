//! A formula as a tree whose names have a meaning and whose parts have a type and a range. Constants are folded as
//! the tree is built.

use super::tree::{Binary, Unary};
use super::{Bounds, Kind, bounds, operations};
use std::ops::Range;

/// A part of a formula.
#[derive(Clone, Debug)]
pub(super) struct Term {
    pub operation: Operation,
    pub kind: Kind,
    pub range: Range<usize>,
    /// Range of its value, missing values aside.
    pub bounds: Bounds,
    /// Whether it has a value wherever its parts have: no logarithm of what may be negative.
    pub defined: bool,
}

/// What a part does.
#[derive(Clone, Debug)]
pub(super) enum Operation {
    Constant(f64),
    Slot(u32),
    Unary(Unary, Box<Term>),
    Binary(Binary, Box<Term>, Box<Term>),
    If(Box<Term>, Box<Term>, Box<Term>),
}

impl Term {
    pub fn constant(value: f64, kind: Kind, range: Range<usize>) -> Self {
        let bounds = Bounds::point(value);
        Self { operation: Operation::Constant(value), kind, range, bounds, defined: !value.is_nan() }
    }

    pub fn slot(slot: u32, kind: Kind, bounds: Bounds, range: Range<usize>) -> Self {
        Self { operation: Operation::Slot(slot), kind, range, bounds, defined: true }
    }

    /// Its value, if it is a constant.
    pub fn value(&self) -> Option<f64> {
        match self.operation {
            Operation::Constant(value) => Some(value),
            _ => None,
        }
    }

    pub fn unary(operation: Unary, x: Term, kind: Kind, range: Range<usize>) -> Self {
        if let Some(value) = x.value() {
            return folded(operations::unary_one(operation, value), kind, range, &[&x]);
        }
        let defined = (x.defined || operation == Unary::Missing) && unary_defined(operation, x.bounds);
        let bounds = bounds::unary(operation, x.bounds);
        Self { operation: Operation::Unary(operation, Box::new(x)), kind, range, bounds, defined }
    }

    pub fn binary(operation: Binary, a: Term, b: Term, kind: Kind, range: Range<usize>) -> Self {
        if let (Some(x), Some(y)) = (a.value(), b.value()) {
            return folded(operations::binary_one(operation, x, y), kind, range, &[&a, &b]);
        }
        if matches!(operation, Binary::And | Binary::Or) {
            let decisive = f64::from(u8::from(operation == Binary::Or));
            match (a.value(), b.value()) {
                (Some(x), _) if x == decisive => return Term { range, ..a },
                (_, Some(y)) if y == decisive => return Term { range, ..b },
                (Some(x), None) if !x.is_nan() => return Term { range, ..b },
                (None, Some(y)) if !y.is_nan() => return Term { range, ..a },
                _ => {}
            }
        }
        if operation == Binary::Power
            && let Some(n) = b.value().and_then(small_whole)
        {
            return Self::unary(Unary::Power(n), a, kind, range);
        }
        let defined = a.defined && b.defined && binary_defined(operation, a.bounds, b.bounds);
        let bounds = bounds::binary(operation, a.bounds, b.bounds);
        Self { operation: Operation::Binary(operation, Box::new(a), Box::new(b)), kind, range, bounds, defined }
    }

    pub fn choose(condition: Term, then: Term, otherwise: Term, kind: Kind, range: Range<usize>) -> Self {
        match condition.value() {
            Some(value) if value.is_nan() => return Self::constant(value, kind, condition.range),
            Some(value) => {
                let taken = if value != 0.0 { then } else { otherwise };
                return Term { kind, ..taken };
            }
            None => {}
        }
        let bounds = bounds::choose(condition.bounds, then.bounds, otherwise.bounds);
        let defined = condition.defined && then.defined && otherwise.defined;
        let operation = Operation::If(Box::new(condition), Box::new(then), Box::new(otherwise));
        Self { operation, kind, range, bounds, defined }
    }

    /// Calls `visit` for this part and all parts of it.
    pub fn walk(&self, visit: &mut impl FnMut(&Term)) {
        visit(self);
        match &self.operation {
            Operation::Constant(_) | Operation::Slot(_) => {}
            Operation::Unary(_, x) => x.walk(visit),
            Operation::Binary(_, a, b) => {
                a.walk(visit);
                b.walk(visit);
            }
            Operation::If(condition, then, otherwise) => {
                condition.walk(visit);
                then.walk(visit);
                otherwise.walk(visit);
            }
        }
    }
}

/// A folded constant. Where it is not a number it blames the smallest part that is not.
fn folded(value: f64, kind: Kind, range: Range<usize>, parts: &[&Term]) -> Term {
    let guilty = |part: &&&Term| part.value().is_some_and(|v| !v.is_finite());
    let range = match parts.iter().find(guilty) {
        Some(part) if !value.is_finite() => part.range.clone(),
        _ => range,
    };
    Term::constant(value, kind, range)
}

/// Whole exponents that are worked by multiplication.
fn small_whole(value: f64) -> Option<i32> {
    (value == value.trunc() && value.abs() <= 16.0).then_some(value as i32)
}

fn unary_defined(operation: Unary, x: Bounds) -> bool {
    match operation {
        Unary::Log | Unary::Sqrt => x.low >= 0.0,
        Unary::Logit => x.low >= 0.0 && x.high <= 1.0,
        Unary::Power(n) => n >= 0 || !x.contains(0.0),
        _ => true,
    }
}

fn binary_defined(operation: Binary, a: Bounds, b: Bounds) -> bool {
    match operation {
        Binary::Divide => !b.contains(0.0),
        Binary::Power => a.low >= 0.0,
        _ => true,
    }
}
