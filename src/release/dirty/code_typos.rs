//! A letter of a record's code is another one.

use super::{Kind, Page};
use crate::release::product::{Role, Values};
use crate::release::record_code::LETTERS;

pub(super) const KIND: Kind = Kind {
    name: "code_typo",
    summary: "a letter of the record's code is another one; the `S-` stays",
    per: "cell",
    rates: [0.002, 0.02],
    work,
};

/// Letters before the code itself.
const LEAD: usize = 2;

fn work(page: &mut Page<'_>, rate: f64) {
    let Some(column) = page.column(Role::Record) else { return };
    let purpose = page.purpose(Some(column));
    for row in 0..page.block.rows.len() {
        let Some(draw) = page.happens(row, purpose, rate) else { continue };
        let Values::Texts(texts) = &mut page.block.columns[column] else { return };
        let before = texts[row].clone();
        let mut letters: Vec<char> = before.chars().collect();
        let length = letters.len().saturating_sub(LEAD).max(1) as u64;
        let Some(letter) = letters.get_mut(LEAD + (draw.word(1) % length) as usize) else { continue };
        let now = LETTERS.iter().position(|l| char::from(*l) == *letter).unwrap_or(0);
        // One of the others, each as likely.
        let other = (now + 1 + (draw.word(2) % (LETTERS.len() as u64 - 1)) as usize) % LETTERS.len();
        *letter = char::from(LETTERS[other]);
        let after: String = letters.into_iter().collect();
        texts[row].clone_from(&after);
        page.tell(row, Some(column), before, after);
    }
}
