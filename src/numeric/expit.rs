//! The exponential of many numbers that are not positive, and what a logistic fit makes of it, written without
//! branches so that the compiler can work on several at once. Only additions, multiplications and bit patterns are
//! used, so the bits do not depend on the CPU.
//!
//! Method: x = k ln 2 + r with |r| <= ln 2 / 2, exp(x) = 2^k exp(r), exp(r) by its series to the 13th power (the rest is
//! below 5e-18). Cody and Waite 1980, Software Manual for the Elementary Functions, ch. 6.

/// Adding this moves the nearest whole number into the lowest bits (1.5 * 2^52).
const TO_WHOLE: f64 = 6_755_399_441_055_744.0;
/// ln 2 in two parts; a whole number below 2^20 times the first is exact.
const LN_2_HIGH: f64 = 6.931_471_803_691_238e-1;
const LN_2_LOW: f64 = 1.908_214_929_270_587_7e-10;
/// Below this the result is taken at it, about 3e-308.
const LEAST: f64 = -708.0;

/// exp(x) for x at most 0, to about 2 units in the last place.
#[must_use]
#[inline]
pub fn exp_of_negative(x: f64) -> f64 {
    let x = if x < LEAST { LEAST } else { x };
    let shifted = x * std::f64::consts::LOG2_E + TO_WHOLE;
    let k = shifted - TO_WHOLE;
    let r = (x - k * LN_2_HIGH) - k * LN_2_LOW;
    let two_to_k = f64::from_bits((shifted.to_bits() << 52).wrapping_add(1.0_f64.to_bits()));
    series(r) * two_to_k
}

#[inline]
fn series(r: f64) -> f64 {
    // Pairs first: shorter chains of dependent operations.
    let r2 = r * r;
    let r4 = r2 * r2;
    let a = 1.0 + r + r2 * (1.0 / 2.0 + r * (1.0 / 6.0));
    let b = (1.0 / 24.0 + r * (1.0 / 120.0)) + r2 * (1.0 / 720.0 + r * (1.0 / 5_040.0));
    let c = (1.0 / 40_320.0 + r * (1.0 / 362_880.0)) + r2 * (1.0 / 3_628_800.0 + r * (1.0 / 39_916_800.0));
    let d = 1.0 / 479_001_600.0 + r * (1.0 / 6_227_020_800.0);
    a + r4 * (b + r4 * (c + r4 * d))
}

/// Probability at a linear predictor.
#[must_use]
pub fn expit(eta: f64) -> f64 {
    let small = exp_of_negative(-eta.abs());
    let near = 1.0 / (1.0 + small);
    if eta >= 0.0 { near } else { small * near }
}

/// For each row the residual (successes less their expectation) and the variance, at linear predictors.
pub(super) fn residuals(eta: &[f64], successes: &[f64], totals: &[f64], residual: &mut [f64], variance: &mut [f64]) {
    let rows = eta.iter().zip(successes).zip(totals);
    for (((eta, s), n), (residual, variance)) in rows.zip(residual.iter_mut().zip(variance)) {
        let small = exp_of_negative(-eta.abs());
        let near = 1.0 / (1.0 + small);
        let far = small * near;
        let chance = if *eta >= 0.0 { near } else { far };
        *residual = s - n * chance;
        *variance = n * near * far;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn agrees_with_libm() {
        let mut x = 0.0;
        while x > -708.0 {
            let (got, want) = (exp_of_negative(x), libm::exp(x));
            assert!((got - want).abs() <= 5e-16 * want, "{x}: {got:e} {want:e}");
            x -= 0.017_3;
        }
        assert_eq!(exp_of_negative(0.0), 1.0);
        assert!(exp_of_negative(f64::NEG_INFINITY) < 1e-300);
        assert!(exp_of_negative(f64::NAN).is_nan());
    }

    #[test]
    fn probabilities_mirror() {
        for eta in [0.0, 0.3, 2.0, 30.0, 800.0] {
            assert!((expit(eta) + expit(-eta) - 1.0).abs() < 1e-15);
        }
        assert!((expit(1.0) - 0.731_058_578_630_004_9).abs() < 1e-15);
    }
}
