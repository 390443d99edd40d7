//! Roots and maxima of functions of one variable.
//!
//! Source: Brent 1973, Algorithms for Minimization without Derivatives, chapters 4 and 5 (ISBN 0130223352).

/// A root of `f` between `low` and `high`, where it has opposite signs, to about the last bit (Brent's method). `None`
/// where the signs are equal or a value is NaN.
pub fn brent(mut f: impl FnMut(f64) -> f64, low: f64, high: f64) -> Option<f64> {
    let (mut a, mut b) = (low, high);
    let (mut fa, mut fb) = (f(a), f(b));
    if fa.is_nan() || fb.is_nan() {
        return None;
    }
    if fa == 0.0 {
        return Some(a);
    }
    if fb == 0.0 {
        return Some(b);
    }
    if (fa > 0.0) == (fb > 0.0) {
        return None;
    }
    let (mut c, mut fc) = (a, fa);
    let mut d = b - a;
    let mut e = d;
    for _ in 0..300 {
        if (fb > 0.0) == (fc > 0.0) {
            (c, fc) = (a, fa);
            d = b - a;
            e = d;
        }
        if fc.abs() < fb.abs() {
            (a, b, c) = (b, c, b);
            (fa, fb, fc) = (fb, fc, fb);
        }
        let tolerance = 2.0 * f64::EPSILON * b.abs() + 1e-300;
        let middle = 0.5 * (c - b);
        if middle.abs() <= tolerance || fb == 0.0 {
            return Some(b);
        }
        if e.abs() >= tolerance && fa.abs() > fb.abs() {
            let s = fb / fa;
            let (mut p, mut q) = if a == c {
                (2.0 * middle * s, 1.0 - s)
            } else {
                let (q, r) = (fa / fc, fb / fc);
                (s * (2.0 * middle * q * (q - r) - (b - a) * (r - 1.0)), (q - 1.0) * (r - 1.0) * (s - 1.0))
            };
            if p > 0.0 {
                q = -q;
            }
            p = p.abs();
            if 2.0 * p < (3.0 * middle * q - (tolerance * q).abs()).min((e * q).abs()) {
                e = d;
                d = p / q;
            } else {
                d = middle;
                e = middle;
            }
        } else {
            d = middle;
            e = middle;
        }
        (a, fa) = (b, fb);
        b += if d.abs() > tolerance { d } else { tolerance.copysign(middle) };
        fb = f(b);
        if fb.is_nan() {
            return None;
        }
    }
    Some(b)
}

/// The argument between `low` and `high` at which `f` is largest, for a function with one top there, by golden section
/// to `tolerance`.
pub fn golden_section(mut f: impl FnMut(f64) -> f64, low: f64, high: f64, tolerance: f64) -> f64 {
    // (sqrt(5) - 1) / 2.
    const RATIO: f64 = 0.618_033_988_749_894_9;
    let (mut a, mut b) = (low, high);
    let mut left = b - RATIO * (b - a);
    let mut right = a + RATIO * (b - a);
    let (mut f_left, mut f_right) = (f(left), f(right));
    for _ in 0..200 {
        if b - a <= tolerance {
            break;
        }
        if f_left > f_right {
            b = right;
            (right, f_right) = (left, f_left);
            left = b - RATIO * (b - a);
            f_left = f(left);
        } else {
            a = left;
            (left, f_left) = (right, f_right);
            right = a + RATIO * (b - a);
            f_right = f(right);
        }
    }
    0.5 * (a + b)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn roots_of_known_functions() {
        let root = brent(|x| x * x - 2.0, 0.0, 2.0).unwrap();
        assert!((root - std::f64::consts::SQRT_2).abs() < 1e-15);
        let root = brent(|x| libm::exp(x) - 1e-8, -40.0, 1.0).unwrap();
        assert!((root - libm::log(1e-8)).abs() < 1e-14);
        assert_eq!(brent(|x| x, 0.0, 1.0), Some(0.0));
        assert_eq!(brent(|x| x * x + 1.0, -1.0, 1.0), None);
        assert_eq!(brent(|_| f64::NAN, -1.0, 1.0), None);
    }

    #[test]
    fn the_top_of_a_parabola() {
        let top = golden_section(|x| -(x - 0.3) * (x - 0.3), 0.0, 1.0, 1e-12);
        assert!((top - 0.3).abs() < 1e-7);
    }
}
