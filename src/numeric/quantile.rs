//! Quantiles of samples.
//!
//! Source: Hyndman and Fan 1996, Sample quantiles in statistical packages (doi:10.1080/00031305.1996.10473566).

/// A quantile of sorted values, interpolated between order statistics (type 7). NaN without values.
#[must_use]
pub fn type_7(sorted: &[f64], share: f64) -> f64 {
    let Some(last) = sorted.len().checked_sub(1) else { return f64::NAN };
    let rank = share.clamp(0.0, 1.0) * last as f64;
    let below = (rank as usize).min(last);
    let above = (below + 1).min(last);
    sorted[below] + (rank - below as f64) * (sorted[above] - sorted[below])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn by_hand() {
        // Rank 0.25 * 3 = 0.75: between 1 and 2.
        assert_eq!(type_7(&[1.0, 2.0, 4.0, 8.0], 0.25), 1.75);
        assert_eq!(type_7(&[1.0, 2.0, 4.0, 8.0], 1.0), 8.0);
        assert_eq!(type_7(&[5.0], 0.3), 5.0);
        assert!(type_7(&[], 0.5).is_nan());
    }
}
