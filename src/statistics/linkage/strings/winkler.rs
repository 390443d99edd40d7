//! Jaro-Winkler similarity.

/// What each letter of a common beginning adds.
const SCALE: f64 = 0.1;
/// Letters of the beginning that count.
const PREFIX: usize = 4;

/// Jaro's similarity s, raised to s + 0.1 l (1 - s), where l is the number of letters, up to 4, that both texts begin
/// with (Winkler 1990, String comparator metrics and enhanced decision rules in the Fellegi-Sunter model of record
/// linkage). Applied whatever s is: there is no threshold of 0.7.
#[must_use]
pub fn jaro_winkler(a: &str, b: &str) -> f64 {
    let jaro = strsim::jaro(a, b);
    let common = a.chars().zip(b.chars()).take(PREFIX).take_while(|(x, y)| x == y).count();
    jaro + SCALE * common as f64 * (1.0 - jaro)
}
