//! Shares and rates: one, two independent ones, two of the same persons, events in a time.
//!
//! Counts are passed as `f64`, since they meet only such numbers. What a table leaves undefined is `None`; an infinite
//! ratio is infinite.

pub mod exact;
pub mod fixed_rows;
pub mod one;
pub mod paired;
pub mod rate;
mod score;
pub mod two;

pub use exact::Exact2x2;
pub use one::ShareInterval;
pub use paired::Paired;
pub use two::{TestResult, TwoShares};

#[cfg(test)]
mod tests;

/// `a / b`; infinite for a positive number over 0, `None` for 0 over 0 or where an operand is not a number.
fn ratio(a: f64, b: f64) -> Option<f64> {
    let ratio = a / b;
    if ratio.is_nan() { None } else { Some(ratio) }
}

/// Probabilities at most this much larger than the observed one count as equal to it in two-sided exact tests, since
/// rounding must not part what symmetry makes equal. The same allowance as R's `fisher.test`.
const AS_PROBABLE: f64 = 1.0 + 1e-7;
