//! Integrals of functions of one variable.

/// Nodes (their positive half) and weights of Gauss and Legendre's rule with ten points on -1..1 (Abramowitz and Stegun
/// 1964, table 25.4).
const RULE: [(f64, f64); 5] = [
    (0.148_874_338_981_631_2, 0.295_524_224_714_752_87),
    (0.433_395_394_129_247_2, 0.269_266_719_309_996_36),
    (0.679_409_568_299_024_4, 0.219_086_362_515_982_04),
    (0.865_063_366_688_984_5, 0.149_451_349_150_580_6),
    (0.973_906_528_517_171_7, 0.066_671_344_308_688_14),
];

/// The integral of `f` from `low` to `high` (which may lie below `low`), to about `tolerance` absolutely: pieces are
/// halved until both halves agree with the whole.
pub fn adaptive(f: impl Fn(f64) -> f64, low: f64, high: f64, tolerance: f64) -> f64 {
    let whole = gauss(&f, low, high);
    halve(&f, low, high, whole, tolerance, 40)
}

fn gauss(f: &impl Fn(f64) -> f64, low: f64, high: f64) -> f64 {
    let (centre, half) = (0.5 * (low + high), 0.5 * (high - low));
    half * RULE.iter().map(|(x, w)| w * (f(centre - half * x) + f(centre + half * x))).sum::<f64>()
}

fn halve(f: &impl Fn(f64) -> f64, low: f64, high: f64, whole: f64, tolerance: f64, depth: u32) -> f64 {
    let middle = 0.5 * (low + high);
    let (left, right) = (gauss(f, low, middle), gauss(f, middle, high));
    let difference = (left + right - whole).abs();
    // A difference that is not a number would never end.
    if depth == 0 || difference <= tolerance || difference.is_nan() {
        return left + right;
    }
    halve(f, low, middle, left, 0.5 * tolerance, depth - 1) + halve(f, middle, high, right, 0.5 * tolerance, depth - 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn integrals_with_closed_forms() {
        assert!((adaptive(|x| libm::pow(x, 19.0), 0.0, 1.0, 1e-14) - 0.05).abs() < 1e-15);
        assert!((adaptive(libm::exp, 1.0, 0.0, 1e-14) + std::f64::consts::E - 1.0).abs() < 1e-14);
        // A narrow peak: 2 atan(1000) / 1000 around 0.
        let peak = adaptive(|x| 1.0 / (1.0 + 1e6 * x * x), -1.0, 1.0, 1e-14);
        assert!((peak - 2e-3 * libm::atan(1e3)).abs() < 1e-14);
        assert!(adaptive(|_| f64::NAN, 0.0, 1.0, 1e-12).is_nan());
    }
}
