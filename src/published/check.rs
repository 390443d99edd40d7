//! Whether a number can be what its cell says: in the range of its unit, of no more persons than there are, a percentage
//! that a count is rounded to, the size of its group.

use super::table::size;
use super::{Cell, Most, Published, Unit};
use crate::diagnostic::{Diagnostics, Span, Text};
use crate::numeric::rounding::{MOST_DECIMALS, Rounding};

/// Digits after the point of a number as written.
pub(super) fn digits(number: &str) -> u32 {
    let after = number.split_once('.').map_or("", |(_, after)| after);
    after.bytes().filter(u8::is_ascii_digit).count().try_into().unwrap_or(u32::MAX)
}

/// Checks a cell (S0905, S0906, S0907), and says whether it has a number that can be, so that sums and identities are not
/// blamed for one that cannot.
pub(super) fn cell(cell: &Cell, written: Option<&Text>, published: &Published, problems: &mut Diagnostics) -> bool {
    let (Some(value), Some(written)) = (cell.value, written) else { return true };
    if !in_range(value, cell.unit, &cell.span, problems) || !printable(cell, written, problems) {
        return false;
    }
    if let Some((most, why)) = most(cell, published)
        && value > most
    {
        problems
            .error("S0905", &cell.span, format!("`{}` is {}, and {why}", cell.id, written.text))
            .help("is it another group or unit? comments can be more than persons, persons cannot");
        return false;
    }
    if let (true, Some(n)) = (cell.unit.is_percent(), published.denominator(cell))
        && cell.rounding.counts(value, n).is_none()
    {
        problems
            .error("S0906", &cell.span, format!("no number of persons out of {n} is printed as {}%", written.text))
            .help(nearest(value, n, cell.rounding));
    }
    if let Some(group) = cell.size_of {
        size(value, group, &cell.span, published, problems);
    }
    true
}

/// Whether a value is one that its unit can have (S0905).
pub(super) fn in_range(value: f64, unit: &Unit, span: &Span, problems: &mut Diagnostics) -> bool {
    let message = if value < unit.low {
        format!("`{}` cannot be less than {}", unit.name, unit.low)
    } else if value > unit.high {
        format!("`{}` cannot be more than {}", unit.name, unit.high)
    } else if unit.whole && value.fract() != 0.0 {
        format!("`{}` are whole numbers", unit.name)
    } else {
        return true;
    };
    problems
        .error("S0905", span, message)
        .help(format!("the unit is `{}`: {}; is it another one?", unit.name, unit.about));
    false
}

/// Whether a number has no more digits after the point than its table prints (S0905).
fn printable(cell: &Cell, written: &Text, problems: &mut Diagnostics) -> bool {
    let digits = digits(&written.text);
    if digits <= cell.rounding.decimals {
        return true;
    }
    let message = format!("`{}` has {digits} digits after the point", written.text);
    problems.error("S0905", &cell.span, message).help(if digits > MOST_DECIMALS {
        format!("write at most {MOST_DECIMALS}")
    } else {
        format!("`decimals` is {}: write what was printed, or mend `decimals`", cell.rounding.decimals)
    });
    false
}

/// The most that the group of a cell can have, and why.
fn most(cell: &Cell, published: &Published) -> Option<(f64, String)> {
    let n = published.denominator(cell)?;
    match cell.unit.most {
        Most::Any => None,
        Most::Persons => Some((n as f64, format!("only {n} persons are in its group"))),
        Most::PersonsTimesYears => {
            let years = cell.years.count()?;
            let most = n.saturating_mul(years);
            Some((most as f64, format!("{n} persons have at most {most} years in {}", cell.years.written())))
        }
    }
}

/// The counts around a percentage, and how they are printed.
fn nearest(percent: f64, n: u64, rounding: Rounding) -> String {
    let below = ((percent / 100.0 * n as f64).floor().max(0.0) as u64).min(n);
    let shown = |count: u64| rounding.percent(count, n).map(|printed| format!("{count} as {printed}%"));
    let around = [below.checked_sub(1), Some(below), below.checked_add(1)];
    let list: Vec<String> = around.into_iter().flatten().filter(|count| *count <= n).filter_map(shown).collect();
    format!("{}: is it another denominator, or another `rounding` of the table?", list.join(", "))
}
