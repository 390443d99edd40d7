//! A row is left out.

use super::{Kind, Page};

pub(super) const KIND: Kind =
    Kind { name: "omitted_row", summary: "the row is not there", per: "row", rates: [0.002, 0.01], work };

fn work(page: &mut Page<'_>, rate: f64) {
    let purpose = page.purpose(None);
    let mut kept = Vec::with_capacity(page.block.rows.len());
    for row in 0..page.block.rows.len() {
        match page.happens(row, purpose, rate) {
            Some(_) => page.tell(row, None, String::new(), String::new()),
            None => kept.push(row),
        }
    }
    page.block.select(&kept);
}
