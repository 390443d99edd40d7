//! Tests of the room: reference cases, closed forms, properties, odd inputs.

mod doubly_robust;
mod loader;
mod reference;
mod weights;

use super::*;

/// Histories from text such as "111 110 101", a word a person.
pub(super) fn histories(text: &str) -> Histories {
    let words: Vec<&[u8]> = text.split_whitespace().map(str::as_bytes).collect();
    let waves = words.first().map_or(0, |w| w.len());
    let responded: Vec<u8> = (0..waves).flat_map(|w| words.iter().map(move |word| u8::from(word[w] == b'1'))).collect();
    let mut histories = Histories::default();
    histories.follow(&responded, words.len(), waves);
    histories
}

/// An intercept alone, for all waves from the second on.
pub(super) fn intercept(histories: &Histories) -> Vec<f64> {
    vec![1.0; histories.waves().saturating_sub(1) * histories.persons()]
}
