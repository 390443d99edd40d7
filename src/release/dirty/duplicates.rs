//! A row is there twice.

use super::{Kind, Page};

pub(super) const KIND: Kind =
    Kind { name: "duplicate_row", summary: "the row is there twice", per: "row", rates: [0.005, 0.03], work };

/// Set in the occasion of a second copy, so that later errors hit it on its own.
const COPY: u32 = 1 << 31;

fn work(page: &mut Page<'_>, rate: f64) {
    let purpose = page.purpose(None);
    let mut order = Vec::with_capacity(page.block.rows.len());
    let mut copies = Vec::new();
    for row in 0..page.block.rows.len() {
        order.push(row);
        if page.happens(row, purpose, rate).is_some() {
            page.tell(row, None, String::new(), String::new());
            copies.push(order.len());
            order.push(row);
        }
    }
    page.block.select(&order);
    for copy in copies {
        page.block.rows[copy].occasion ^= COPY;
    }
}
