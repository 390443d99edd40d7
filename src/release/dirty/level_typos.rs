//! The name of a level is mistyped.

use super::{Kind, Page};
use crate::release::product::{Role, Values};

pub(super) const KIND: Kind = Kind {
    name: "level_typo",
    summary: "a letter in the name of a level is left out, doubled, or has changed places with the next",
    per: "cell",
    rates: [0.003, 0.02],
    work,
};

fn work(page: &mut Page<'_>, rate: f64) {
    for column in page.columns(Role::Value) {
        let purpose = page.purpose(Some(column));
        for row in 0..page.block.rows.len() {
            let Values::Texts(texts) = &page.block.columns[column] else { break };
            let before = texts[row].clone();
            if before.is_empty() {
                continue;
            }
            let Some(draw) = page.happens(row, purpose, rate) else { continue };
            let after = mistyped(&before, draw.word(1), draw.word(2));
            if let Values::Texts(texts) = &mut page.block.columns[column] {
                texts[row].clone_from(&after);
            }
            page.tell(row, Some(column), before, after);
        }
    }
}

/// A text with one slip of the pen: `place` chooses the letter, `slip` what happens to it.
pub(super) fn mistyped(text: &str, place: u64, slip: u64) -> String {
    let mut letters: Vec<char> = text.chars().collect();
    let at = (place % letters.len().max(1) as u64) as usize;
    let next = letters.get(at + 1).copied();
    match slip % 3 {
        0 if letters.len() > 1 => drop(letters.remove(at)),
        1 if next.is_some_and(|next| next != letters[at]) => letters.swap(at, at + 1),
        _ => letters.insert(at, letters.get(at).copied().unwrap_or('x')),
    }
    letters.into_iter().collect()
}
