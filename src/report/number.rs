//! Numbers as a reader wants them: as many digits as their Monte Carlo error lets them have.

/// Digits of a value whose error is not known.
const DIGITS: i32 = 4;
/// Significant digits of an exact value.
const EXACT_DIGITS: i32 = 7;
/// Most digits after the point.
const MOST: i32 = 10;

/// A value with its Monte Carlo standard error in brackets, which has two digits: `0.0123 (0.0021)`.
/// A dash stands for a value that is undefined.
#[must_use]
pub fn with_error(value: Option<f64>, mcse: Option<f64>) -> String {
    let Some(value) = value.filter(|v| !v.is_nan()) else { return "-".to_owned() };
    match mcse.filter(|e| e.is_finite() && *e > 0.0) {
        Some(mcse) => {
            let decimals = decimals(mcse, 2);
            format!("{} ({})", fixed(value, decimals), fixed(mcse, decimals))
        }
        None => number(value),
    }
}

/// A value with four digits; whole numbers as they are.
#[must_use]
pub fn number(value: f64) -> String {
    if value.is_nan() {
        return "undefined".to_owned();
    }
    if value == value.trunc() && value.abs() < 1e9 {
        return format!("{}", value + 0.0);
    }
    let text = fixed(value, decimals(value, DIGITS));
    // Zeros at the end of an exponent are not to be taken away.
    let plain = text.contains('.') && !text.contains('e');
    if plain { text.trim_end_matches('0').trim_end_matches('.').to_owned() } else { text }
}

/// An exact value with seven digits; whole numbers as they are.
#[must_use]
pub fn exact(value: f64) -> String {
    if value.is_nan() || value == value.trunc() { number(value) } else { fixed(value, decimals(value, EXACT_DIGITS)) }
}

/// A whole number with a comma between thousands.
#[must_use]
pub fn count(n: u64) -> String {
    let digits = n.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// Digits after the point that show `value` with so many significant digits.
fn decimals(value: f64, significant: i32) -> i32 {
    if value == 0.0 || !value.is_finite() {
        return significant;
    }
    // 0.00996 with two digits is 0.010: the magnitude is that of the rounded number.
    let magnitude = |v: f64| libm::floor(libm::log10(v.abs())) as i32;
    let wanted = significant - 1 - magnitude(value);
    let scale = libm::pow(10.0, f64::from(wanted));
    let rounded = (value.abs() * scale).round() / scale;
    (significant - 1 - magnitude(rounded)).clamp(0, MOST)
}

fn fixed(value: f64, decimals: i32) -> String {
    if value != 0.0 && (value.abs() >= 1e9 || (value.abs() < 1e-9 && decimals >= MOST)) {
        return format!("{value:.1e}");
    }
    let text = format!("{value:.*}", decimals.max(0) as usize);
    // No minus before a zero.
    let is_zero = text.chars().all(|c| matches!(c, '-' | '0' | '.'));
    if is_zero { text.trim_start_matches('-').to_owned() } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_error_has_two_digits_and_the_value_as_many_places() {
        assert_eq!(with_error(Some(0.012_345), Some(0.002_09)), "0.0123 (0.0021)");
        assert_eq!(with_error(Some(-0.000_01), Some(0.002_09)), "0.0000 (0.0021)");
        assert_eq!(with_error(Some(0.95), Some(0.009_96)), "0.950 (0.010)");
        assert_eq!(with_error(Some(1234.5), Some(23.7)), "1234 (24)");
        assert_eq!(with_error(Some(1234.5), Some(237.0)), "1234 (237)");
        assert_eq!(with_error(Some(1.0), Some(0.0)), "1");
        assert_eq!(with_error(Some(0.123_456), None), "0.1235");
        assert_eq!(with_error(None, Some(1.0)), "-");
        assert_eq!(with_error(Some(f64::NAN), None), "-");
    }

    #[test]
    fn plain_numbers() {
        assert_eq!(number(0.25), "0.25");
        assert_eq!(number(-0.0), "0");
        assert_eq!(number(12_345.678), "12346");
        assert_eq!(number(1e-12), "1.0e-12");
        assert_eq!(number(9.8e-10), "9.8e-10");
        assert_eq!(number(-2.4e200), "-2.4e200");
        assert_eq!(number(1e30), "1.0e30");
        assert_eq!(number(f64::INFINITY), "inf");
        assert_eq!(number(f64::NAN), "undefined");
        assert_eq!(count(1_234_567), "1,234,567");
        assert_eq!(count(999), "999");
        assert_eq!(count(1000), "1,000");
    }
}
