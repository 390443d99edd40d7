//! A row carries the number of a neighbouring wave.

use super::{Kind, Page};
use crate::release::product::{Role, Values};

pub(super) const KIND: Kind = Kind {
    name: "wave_mix_up",
    summary: "the row has the number of the wave before or after",
    per: "row",
    rates: [0.002, 0.02],
    work,
};

fn work(page: &mut Page<'_>, rate: f64) {
    let Some(column) = page.column(Role::Wave) else { return };
    let purpose = page.purpose(Some(column));
    let last = page.waves as i64;
    for row in 0..page.block.rows.len() {
        let Some(draw) = page.happens(row, purpose, rate) else { continue };
        let Values::Integers(waves) = &mut page.block.columns[column] else { return };
        let before = waves[row];
        let up = draw.word(1) & 1 == 0;
        let after = if (up && before < last) || before <= 1 { before + 1 } else { before - 1 };
        if after <= last {
            waves[row] = after;
            page.tell(row, Some(column), before.to_string(), after.to_string());
        }
    }
}
