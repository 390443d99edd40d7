//! A cell is left empty.

use super::{Kind, Page};
use crate::release::product::{Role, Values};

pub(super) const KIND: Kind =
    Kind { name: "blank", summary: "the cell is empty", per: "cell", rates: [0.005, 0.03], work };

fn work(page: &mut Page<'_>, rate: f64) {
    for column in page.columns(Role::Value) {
        let purpose = page.purpose(Some(column));
        for row in 0..page.block.rows.len() {
            let before = page.block.columns[column].text(row);
            if before.is_empty() || page.happens(row, purpose, rate).is_none() {
                continue;
            }
            match &mut page.block.columns[column] {
                Values::Numbers(values) => values[row] = f64::NAN,
                Values::Texts(texts) => texts[row].clear(),
                _ => continue,
            }
            page.tell(row, Some(column), before, String::new());
        }
    }
}
