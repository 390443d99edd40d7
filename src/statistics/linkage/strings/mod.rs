//! How alike two texts are. Letters are Unicode characters, and upper and lower case differ: normalise first.
//!
//! The edit distances and Jaro's similarity are those of the crate `strsim`, whose conventions are the ones wanted here.
//! Three things are our own because its conventions differ: its Jaro-Winkler raises only similarities above 0.7, its Dice
//! counts repeated bigrams and drops blanks, and it has no Soundex.

mod dice;
mod soundex;
mod winkler;

pub use dice::dice_bigrams;
pub use soundex::soundex;
pub use strsim::{damerau_levenshtein, jaro, levenshtein, osa_distance};
pub use winkler::jaro_winkler;

#[cfg(test)]
mod tests;

/// A measure of how alike two texts are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Similarity {
    /// Letters inserted, deleted or replaced (Levenshtein 1966).
    Levenshtein,
    /// Likewise, and neighbours that change places; no part is edited twice (optimal string alignment).
    Osa,
    /// Likewise, and what changed places may be edited again (Damerau 1964, Lowrance and Wagner 1975).
    DamerauLevenshtein,
    /// Jaro 1989: letters in common that are not far apart, and how many of them are out of order.
    Jaro,
    /// Winkler 1990: Jaro's similarity, raised by a common beginning.
    JaroWinkler,
    /// Whether both have the same Soundex code.
    Soundex,
    /// Dice's coefficient of the sets of bigrams.
    Dice,
}

impl Similarity {
    /// All measures.
    pub const ALL: [Self; 7] = [
        Self::Levenshtein,
        Self::Osa,
        Self::DamerauLevenshtein,
        Self::Jaro,
        Self::JaroWinkler,
        Self::Soundex,
        Self::Dice,
    ];

    /// Its name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Levenshtein => "levenshtein",
            Self::Osa => "osa",
            Self::DamerauLevenshtein => "damerau_levenshtein",
            Self::Jaro => "jaro",
            Self::JaroWinkler => "jaro_winkler",
            Self::Soundex => "soundex",
            Self::Dice => "dice",
        }
    }

    /// Similarity from 0 to 1; 1 for equal texts. A distance d becomes 1 - d / (length of the longer text). `None` where
    /// it is not defined: a distance of two empty texts, bigrams of texts of fewer than two letters each.
    #[must_use]
    pub fn of(self, a: &str, b: &str) -> Option<f64> {
        match self {
            Self::Levenshtein => relative(levenshtein(a, b), a, b),
            Self::Osa => relative(osa_distance(a, b), a, b),
            Self::DamerauLevenshtein => relative(damerau_levenshtein(a, b), a, b),
            Self::Jaro => Some(jaro(a, b)),
            Self::JaroWinkler => Some(jaro_winkler(a, b)),
            Self::Soundex => Some(f64::from(u8::from(soundex(a) == soundex(b)))),
            Self::Dice => dice_bigrams(a, b),
        }
    }
}

/// A distance as a similarity.
fn relative(distance: usize, a: &str, b: &str) -> Option<f64> {
    let longer = a.chars().count().max(b.chars().count());
    (longer > 0).then(|| 1.0 - distance as f64 / longer as f64)
}
