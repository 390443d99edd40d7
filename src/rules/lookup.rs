//! The threshold of each row from a table: the hot loops. All are written so that they vectorise.

use super::table::{Axis, Table};
use crate::formula::Input;

/// Most yes/no inputs whose thresholds are selected by masks instead of looked up.
const SELECTED: usize = 3;

/// Writes the upper 16 bits of each row's threshold. `index` is a buffer for the rows' entries; what it holds
/// afterwards has no meaning.
pub(super) fn thresholds(
    table: &Table,
    inputs: &[Input<'_>],
    axes: &[Option<Axis>],
    index: &mut [u16],
    out: &mut [u16],
) {
    let codes = yes_no_codes(inputs, axes);
    match codes {
        Some((_, 0)) => out.fill(table.high[0]),
        Some(([a, ..], 1)) => select_by_one(&table.high, a, out),
        Some(([a, b, _], 2)) => select_by_two(&table.high, a, b, out),
        Some(([a, b, c], 3)) => select_by_three(&table.high, a, b, c, out),
        _ => {
            entries(inputs, axes, index);
            look_up(&table.high, index, out);
        }
    }
}

/// The table entry of each row.
pub(super) fn entries(inputs: &[Input<'_>], axes: &[Option<Axis>], index: &mut [u16]) {
    index.fill(0);
    let mut site_done = false;
    for (input, axis) in inputs.iter().zip(axes) {
        let Some(axis) = axis else { continue };
        let stride = axis.stride as u16;
        match input {
            Input::Coded(codes, _) => {
                for (entry, code) in index.iter_mut().zip(*codes) {
                    *entry = entry.wrapping_add(u16::from(*code).wrapping_mul(stride));
                }
            }
            Input::Indexed(sites, _) if !site_done => {
                site_done = true;
                for (entry, site) in index.iter_mut().zip(*sites) {
                    *entry = entry.wrapping_add((*site as u16).wrapping_mul(stride));
                }
            }
            _ => {}
        }
    }
}

/// The table entry of one row.
pub(super) fn entry(inputs: &[Input<'_>], axes: &[Option<Axis>], row: usize) -> usize {
    let mut entry = 0;
    let mut site_done = false;
    for (input, axis) in inputs.iter().zip(axes) {
        let Some(axis) = axis else { continue };
        match input {
            Input::Coded(codes, _) => entry += usize::from(codes[row]) * axis.stride,
            Input::Indexed(sites, _) if !site_done => {
                site_done = true;
                entry += sites[row] as usize * axis.stride;
            }
            _ => {}
        }
    }
    entry
}

/// The codes of all axes and how many they are, if they are few and all yes/no.
fn yes_no_codes<'a>(inputs: &[Input<'a>], axes: &[Option<Axis>]) -> Option<([&'a [u8]; SELECTED], usize)> {
    let (mut all, mut count) = ([&[][..]; SELECTED], 0);
    for (input, axis) in inputs.iter().zip(axes) {
        match (input, axis) {
            (_, None) => {}
            (Input::Coded(codes, values), Some(_)) if values.len() == 2 && count < SELECTED => {
                all[count] = codes;
                count += 1;
            }
            _ => return None,
        }
    }
    Some((all, count))
}

/// All bits set where the code is 1, none where it is 0.
#[inline(always)]
fn mask(code: u8) -> u16 {
    0_u16.wrapping_sub(u16::from(code))
}

/// `yes` where the mask is set, else `no`.
#[inline(always)]
fn select(mask: u16, no: u16, yes: u16) -> u16 {
    no ^ ((no ^ yes) & mask)
}

fn select_by_one(high: &[u16], a: &[u8], out: &mut [u16]) {
    let [no, yes] = *high else { return };
    for (out, a) in out.iter_mut().zip(a) {
        *out = select(mask(*a), no, yes);
    }
}

fn select_by_two(high: &[u16], a: &[u8], b: &[u8], out: &mut [u16]) {
    let [h0, h1, h2, h3] = *high else { return };
    for ((out, a), b) in out.iter_mut().zip(a).zip(b) {
        let (a, b) = (mask(*a), mask(*b));
        *out = select(b, select(a, h0, h1), select(a, h2, h3));
    }
}

fn select_by_three(high: &[u16], a: &[u8], b: &[u8], c: &[u8], out: &mut [u16]) {
    let [h0, h1, h2, h3, h4, h5, h6, h7] = *high else { return };
    for (((out, a), b), c) in out.iter_mut().zip(a).zip(b).zip(c) {
        let (a, b, c) = (mask(*a), mask(*b), mask(*c));
        let no = select(b, select(a, h0, h1), select(a, h2, h3));
        let yes = select(b, select(a, h4, h5), select(a, h6, h7));
        *out = select(c, no, yes);
    }
}

/// `high` has a power of two of entries, so that a mask spares the check of bounds.
fn look_up(high: &[u16], index: &[u16], out: &mut [u16]) {
    let mask = high.len().wrapping_sub(1);
    let high = &high[..=mask];
    for (out, entry) in out.iter_mut().zip(index) {
        *out = high[usize::from(*entry) & mask];
    }
}

/// Writes for each row how many of its `steps` cumulative thresholds are not above its draw: its level. True if some draw
/// ties with a threshold. `index` holds the rows' entries.
pub(super) fn climb(table: &Table, index: &[u16], steps: usize, draws: &[u16], out: &mut [u8]) -> bool {
    let mask = table.high.len().wrapping_sub(1);
    let high = &table.high[..=mask];
    let mut ties = 0_u16;
    out.fill(0);
    for step in 0..steps {
        for ((out, entry), draw) in out.iter_mut().zip(index).zip(draws) {
            let threshold = high[(usize::from(*entry) * steps + step) & mask];
            *out += u8::from(*draw >= threshold);
            ties |= u16::from(*draw == threshold);
        }
    }
    ties != 0
}

/// Compares draws with thresholds: 1 where the draw is below. True if some draw ties with its threshold.
pub(super) fn compare(draws: &[u16], thresholds: &[u16], out: &mut [u8]) -> bool {
    let mut ties = 0_u16;
    for ((out, draw), threshold) in out.iter_mut().zip(draws).zip(thresholds) {
        *out = u8::from(draw < threshold);
        ties |= u16::from(draw == threshold);
    }
    ties != 0
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::streams::Chance;

    #[test]
    fn selecting_and_looking_up_agree() {
        let table = |n: usize| {
            let high: Vec<u16> = (0..n.next_power_of_two()).map(|i| (i * 7919 % 65_536) as u16).collect();
            Table { chances: vec![Chance::default(); n], high, ..Table::default() }
        };
        let column = |k: usize| -> Vec<u8> { (0..500).map(|i: usize| (i >> k & 1) as u8).collect() };
        let columns: Vec<Vec<u8>> = (0..4).map(column).collect();
        let values = [0.0, 1.0];
        for n in 0..=4 {
            let inputs: Vec<Input<'_>> = columns[..n].iter().map(|c| Input::Coded(c, &values)).collect();
            let axes: Vec<Option<Axis>> = (0..n).map(|k| Some(Axis { len: 2, stride: 1 << k })).collect();
            let table = table(1 << n);
            let (mut index, mut out) = (vec![9; 500], vec![9; 500]);
            thresholds(&table, &inputs, &axes, &mut index, &mut out);
            for (row, threshold) in out.iter().enumerate() {
                assert_eq!(*threshold, table.high[entry(&inputs, &axes, row)], "{n} inputs, row {row}");
            }
        }
    }

    #[test]
    fn a_level_is_the_number_of_thresholds_that_a_draw_has_reached() {
        // Two entries of three thresholds each.
        let table = Table { high: vec![10, 20, 30, 0, 5, u16::MAX, 0, 0], ..Table::default() };
        let mut out = [9; 7];
        let index = [0, 0, 0, 0, 1, 1, 1];
        assert!(!climb(&table, &index, 3, &[9, 19, 29, 40, 1, 6, 65_534], &mut out));
        assert_eq!(out, [0, 1, 2, 3, 1, 2, 2]);
        assert!(climb(&table, &index, 3, &[9, 19, 29, 40, 1, 5, 65_534], &mut out));
    }

    #[test]
    fn ties_are_seen_wherever_they_are() {
        for at in 0..40 {
            let draws: Vec<u16> = (0..40).map(|i| if i == at { 500 } else { i }).collect();
            let mut out = vec![0; 40];
            assert!(compare(&draws, &[500; 40], &mut out));
            assert!(!compare(&draws, &[501; 40], &mut out));
            assert!(out.iter().all(|o| *o == 1));
        }
    }
}
