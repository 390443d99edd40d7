//! Dice's coefficient of bigrams.

use std::collections::BTreeSet;

/// 2 |A and B| / (|A| + |B|), where A and B are the sets of distinct pairs of neighbouring letters of the texts (Dice
/// 1945, doi:10.2307/1932409). `None` where neither text has two letters; 0 where only one has.
#[must_use]
pub fn dice_bigrams(a: &str, b: &str) -> Option<f64> {
    let (a, b) = (bigrams(a), bigrams(b));
    let total = a.len() + b.len();
    (total > 0).then(|| 2.0 * a.intersection(&b).count() as f64 / total as f64)
}

/// Distinct pairs of neighbouring letters.
fn bigrams(text: &str) -> BTreeSet<(char, char)> {
    text.chars().zip(text.chars().skip(1)).collect()
}
