//! A number that cannot be.

use super::{Kind, Page};
use crate::release::product::{Role, Values};

pub(super) const KIND: Kind = Kind {
    name: "impossible_value",
    summary: "a number is 200 too large, or 1000 times as large where it is 100 or more; a yes or no is 9",
    per: "cell",
    rates: [0.002, 0.01],
    work,
};

/// What stands where only 0 and 1 can.
const NEITHER: f64 = 9.0;

fn work(page: &mut Page<'_>, rate: f64) {
    for column in page.columns(Role::Value) {
        let purpose = page.purpose(Some(column));
        let yes_no = page.fields[column].is_yes_no();
        for row in 0..page.block.rows.len() {
            let Values::Numbers(values) = &page.block.columns[column] else { break };
            let before = values[row];
            if before.is_nan() || page.happens(row, purpose, rate).is_none() {
                continue;
            }
            let after = match yes_no {
                true => NEITHER,
                false if before.abs() < 100.0 => before.floor() + 200.0,
                false => before * 1000.0,
            };
            if let Values::Numbers(values) = &mut page.block.columns[column] {
                values[row] = after;
            }
            page.tell_numbers(row, column, before, after);
        }
    }
}
