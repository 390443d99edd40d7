//! Whether the value of a formula is what it is wanted for: proven by its range, or refuted by a witness, a point
//! at which it is not. Where neither succeeds the formula passes, and is checked again when it runs.

use super::lexer::Fault;
use super::program::{Code, Scratch};
use super::term::{Operation, Term};
use super::{Bounds, Input, Kind, Wanted};
use std::collections::BTreeMap;
use std::fmt::Write as _;

/// What rounding may add to a value at the end of its range.
const SLACK: f64 = 1e-9;
/// Most points at which a formula is tried.
const POINTS: usize = 100_000;
/// Points on a finite range of numbers, both ends included.
const STEPS: usize = 101;
/// Points of a range that has no end: no claim that such values are common.
const ANYWHERE: [f64; 7] = [0.0, 0.5, -0.5, 1.0, -1.0, 2.0, -2.0];

/// A slot as the search sees it.
#[derive(Clone, Debug)]
pub(super) struct Axis {
    pub written: String,
    pub kind: Kind,
    pub bounds: Bounds,
}

/// A value of a formula that is not what is wanted.
pub(super) struct Witness {
    pub fault: Fault,
    /// Whether a slot without finite range takes part, so that the point may be out of reach.
    pub remote: bool,
}

impl Wanted {
    /// The value as it can be used; nothing if it is not in the range or not a number. What rounding put up to 1e-9
    /// outside of the range is put back to its end.
    #[must_use]
    pub fn usable(&self, value: f64) -> Option<f64> {
        let (low, high) = match self {
            Self::Number | Self::Level(_) | Self::Boolean => return value.is_finite().then_some(value),
            Self::Positive => return (value > 0.0 && value.is_finite()).then_some(value),
            Self::Probability => (0.0, 1.0),
            Self::Rate => (0.0, f64::MAX),
        };
        let inside = value >= low - SLACK && value <= high + SLACK;
        inside.then(|| value.clamp(low, high))
    }

    /// What is required of a value, a lower-case fragment.
    #[must_use]
    pub fn requirement(&self) -> &'static str {
        self.rule().1
    }

    /// Number of the rule that a value outside of the range breaks, and the rule.
    fn rule(&self) -> (&'static str, &'static str) {
        match self {
            Self::Probability => ("S0204", "a probability must lie between 0 and 1"),
            Self::Rate => ("S0205", "a value of at least 0 is wanted here"),
            Self::Positive => ("S0213", "a number above 0 is wanted here"),
            Self::Number | Self::Boolean | Self::Level(_) => ("S0209", "a finite number is wanted here"),
        }
    }

    /// The range that the value of a checked formula lies in.
    pub(super) fn clip(&self, bounds: Bounds) -> Bounds {
        let (low, high) = match self {
            Self::Probability => (0.0, 1.0),
            Self::Rate | Self::Positive => (0.0, f64::INFINITY),
            Self::Number | Self::Boolean | Self::Level(_) => return bounds,
        };
        Bounds { low: bounds.low.clamp(low, high), high: bounds.high.clamp(low, high) }
    }
}

/// A point at which the formula is not what is wanted, if one is found.
/// `fixed` are the names in it that have one value for everybody.
pub(super) fn refute(
    term: &Term,
    wanted: &Wanted,
    slots: &[u32],
    axes: &[Axis],
    fixed: &BTreeMap<String, (f64, Kind)>,
) -> Option<Witness> {
    let fixed = fixed.iter().map(|(name, (value, kind))| equation(name, kind, *value));
    if let Some(value) = term.value() {
        let fault = wanted.usable(value).is_none().then(|| blame(term, wanted, value, &place(fixed)));
        return fault.map(|fault| Witness { fault, remote: false });
    }
    if let Some(part) = undefined_constant(term) {
        return Some(Witness { fault: part, remote: false });
    }
    let proven = |end: f64| wanted.usable(end).is_some();
    if term.defined && proven(term.bounds.low) && proven(term.bounds.high) {
        return None;
    }
    let (point, value) = search(term, wanted, slots, axes)?;
    let free = axes.iter().zip(&point).map(|(axis, x)| equation(&axis.written, &axis.kind, *x));
    let fault = blame(term, wanted, value, &place(free.chain(fixed)));
    Some(Witness { fault, remote: axes.iter().any(|a| !(a.bounds.high - a.bounds.low).is_finite()) })
}

/// Where a value is taken; nothing for a formula without names.
fn place(equations: impl Iterator<Item = String>) -> String {
    let named: Vec<String> = equations.take(6).collect();
    if named.is_empty() { String::new() } else { format!("at {} ", named.join(", ")) }
}

/// A constant part that is not a number at all, such as `log(-1)`.
fn undefined_constant(term: &Term) -> Option<Fault> {
    let mut fault = None;
    term.walk(&mut |part| {
        if part.value().is_some_and(f64::is_nan) && fault.is_none() {
            fault = Some(blame(part, &Wanted::Number, f64::NAN, ""));
        }
    });
    fault
}

fn blame(term: &Term, wanted: &Wanted, value: f64, place: &str) -> Fault {
    let (code, rule) = if value.is_finite() { wanted.rule() } else { Wanted::Number.rule() };
    let help = match code {
        "S0204" => Some("`expit(...)` always lies there; `min(1, max(0, ...))` cuts off".to_owned()),
        "S0205" | "S0213" => Some("`exp(...)` is never negative; `max(0, ...)` cuts off".to_owned()),
        _ => None,
    };
    Fault { code, range: term.range.clone(), message: format!("{place}this is {}; {rule}", shown(value)), help }
}

/// A number in words that a person can read.
fn shown(value: f64) -> String {
    if value.is_nan() {
        return "undefined".to_owned();
    }
    if value.is_infinite() {
        return "infinite".to_owned();
    }
    let mut text = String::new();
    let size = value.abs();
    let scientific = size != 0.0 && !(1e-4..1e9).contains(&size);
    // Writing to a string cannot fail.
    let _ = if scientific { write!(text, "{value:.6e}") } else { write!(text, "{value:.6}") };
    let (number, exponent) = text.split_once('e').map_or((text.as_str(), String::new()), |(n, e)| (n, format!("e{e}")));
    let number = if number.contains('.') { number.trim_end_matches('0').trim_end_matches('.') } else { number };
    let number = if number == "-0" { "0" } else { number };
    if number.parse() == Ok(value.round()) && value != value.round() && !scientific {
        return format!("{value}");
    }
    format!("{number}{exponent}")
}

fn equation(name: &str, kind: &Kind, value: f64) -> String {
    let shown = match kind {
        Kind::Number => shown(value),
        Kind::Boolean => (if value == 0.0 { "false" } else { "true" }).to_owned(),
        Kind::Level(levels) => levels.get(value as usize).map_or_else(|| value.to_string(), |l| format!("'{l}'")),
    };
    format!("{name} = {shown}")
}

/// The worst of the points tried: an undefined value before an infinite one before the one furthest out.
fn search(term: &Term, wanted: &Wanted, slots: &[u32], axes: &[Axis]) -> Option<(Vec<f64>, f64)> {
    let mut constants = Vec::new();
    term.walk(&mut |part| {
        if let Operation::Constant(value) = part.operation
            && value.is_finite()
        {
            constants.push(value);
        }
    });
    let grids: Vec<Vec<f64>> = axes.iter().map(|axis| grid(axis, &constants)).collect();
    let points = columns(&grids);
    let rows = points.first().map_or(0, Vec::len);
    let inputs: Vec<Input<'_>> = points.iter().map(|column| Input::Number(column)).collect();
    let mut values = vec![0.0; rows];
    Code::new(term, slots).run(&inputs, &mut values, &mut Scratch::default());
    let badness = |value: f64| match wanted.usable(value) {
        Some(_) => 0.0,
        None if value.is_nan() => f64::INFINITY,
        None => (value - 0.5).abs(),
    };
    let mut worst = None;
    let mut most = 0.0;
    for (row, value) in values.iter().enumerate() {
        if badness(*value) > most {
            most = badness(*value);
            worst = Some(row);
        }
    }
    let row = worst?;
    Some((points.iter().map(|column| column[row]).collect(), values[row]))
}

/// The values of a slot that are tried.
fn grid(axis: &Axis, constants: &[f64]) -> Vec<f64> {
    let Bounds { low, high } = axis.bounds;
    match &axis.kind {
        Kind::Boolean => [0.0, 1.0].into_iter().filter(|v| axis.bounds.contains(*v)).collect(),
        Kind::Level(levels) => (0..levels.len()).map(|v| v as f64).filter(|v| axis.bounds.contains(*v)).collect(),
        Kind::Number => {
            let mut grid = Vec::new();
            if low.is_finite() && high.is_finite() {
                let step = (high - low) / (STEPS - 1) as f64;
                // From both ends, so that they are met exactly.
                let from_ends = |i: usize| {
                    if 2 * i < STEPS { low + step * i as f64 } else { high - step * (STEPS - 1 - i) as f64 }
                };
                grid.extend((0..STEPS).map(from_ends));
            } else {
                let base = [low, high].into_iter().find(|end| end.is_finite()).unwrap_or(0.0);
                grid.extend(ANYWHERE.iter().map(|v| base + v));
            }
            for constant in constants {
                let near = 1e-6 * constant.abs().max(1.0);
                grid.extend([*constant, constant - near, constant + near]);
            }
            grid.retain(|value| axis.bounds.contains(*value));
            grid.sort_by(f64::total_cmp);
            grid.dedup();
            grid
        }
    }
}

/// All combinations of the grids, or that many of them where there are more than [`POINTS`].
fn columns(grids: &[Vec<f64>]) -> Vec<Vec<f64>> {
    let all = grids.iter().try_fold(1_usize, |product, grid| product.checked_mul(grid.len()));
    if let Some(all) = all.filter(|all| *all <= POINTS) {
        let mut repeat = all;
        return grids
            .iter()
            .map(|grid| {
                repeat /= grid.len().max(1);
                (0..all).map(|row| grid[row / repeat.max(1) % grid.len()]).collect()
            })
            .collect();
    }
    let rows = POINTS / grids.len().max(1) * 4 / 3;
    let column =
        |k: usize, grid: &Vec<f64>| (0..rows).map(|row| chosen(grid, mixed(row as u64, k as u64), row)).collect();
    grids.iter().enumerate().map(|(k, grid)| column(k, grid)).collect()
}

/// Every other row takes an end of the grid, since most formulas are worst in a corner.
fn chosen(grid: &[f64], random: u64, row: usize) -> f64 {
    if grid.is_empty() {
        return f64::NAN;
    }
    let last = grid.len() - 1;
    match row % 2 {
        0 => grid[if random & 1 == 0 { 0 } else { last }],
        _ => grid[(random % grid.len() as u64) as usize],
    }
}

/// A scrambled number, the same on every run (the finaliser of SplitMix64: Steele, Lea and Flood 2014,
/// doi:10.1145/2660193.2660195).
fn mixed(row: u64, column: u64) -> u64 {
    let mut z = row.wrapping_mul(0x9E37_79B9_7F4A_7C15).wrapping_add(column.wrapping_mul(0xD1B5_4A32_D192_ED03));
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^ (z >> 31)
}
