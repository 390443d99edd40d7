//! Two neighbouring rows of a record have each other's time.

use super::{Kind, Page};
use crate::release::product::{Role, Values};

pub(super) const KIND: Kind = Kind {
    name: "swapped_dates",
    summary: "the row and the next one of the same record have each other's `years`",
    per: "row",
    rates: [0.005, 0.03],
    work,
};

fn work(page: &mut Page<'_>, rate: f64) {
    let Some(column) = page.column(Role::Date) else { return };
    let purpose = page.purpose(Some(column));
    let mut row = 0;
    while row + 1 < page.block.rows.len() {
        let (this, next) = (page.block.rows[row], page.block.rows[row + 1]);
        let Values::Numbers(years) = &mut page.block.columns[column] else { return };
        let (before, after) = (years[row], years[row + 1]);
        if this.code == next.code && before != after && page.happens(row, purpose, rate).is_some() {
            if let Values::Numbers(years) = &mut page.block.columns[column] {
                years.swap(row, row + 1);
            }
            page.tell_numbers(row, column, before, after);
            page.tell_numbers(row + 1, column, after, before);
            row += 1;
        }
        row += 1;
    }
}
