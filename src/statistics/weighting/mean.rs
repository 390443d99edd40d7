//! Weighted means, with what each person adds to their error.

/// The Hajek (normalised) mean `sum(w y) / sum(w)` over the persons that count.
///
/// All slices are over persons; `counts` is 1 for those that count, whose weights and values must be there (NaN does
/// not count). `scale` times `w (y - mean) / sum(w)` is added to `influence`: with the weights as known, the variance is
/// the sum of the squares of what stands there, without a small-sample factor. The same numbers are the slopes of the
/// mean in the logarithms of the weights. Nothing if nobody counts or the weights sum to 0.
///
/// Source: Hajek 1971; Lunceford and Davidian 2004 (doi:10.1002/sim.1903), their second weighted estimator.
pub fn hajek_mean(weights: &[f64], values: &[f64], counts: &[u8], scale: f64, influence: &mut [f64]) -> Option<f64> {
    let rows = || weights.iter().zip(values).zip(counts);
    let counted = |w: &f64, y: &f64, c: &u8| *c == 1 && !w.is_nan() && !y.is_nan();
    let (mut total, mut sum) = (0.0, 0.0);
    for ((w, y), c) in rows() {
        if counted(w, y, c) {
            total += w;
            sum += w * y;
        }
    }
    let mean = sum / total;
    if total <= 0.0 || !mean.is_finite() {
        return None;
    }
    for (((w, y), c), amount) in rows().zip(influence) {
        if counted(w, y, c) {
            *amount += scale * w * (y - mean) / total;
        }
    }
    Some(mean)
}

/// The Horvitz-Thompson mean `sum(w y) / n` over the persons that count, where `n` is how many they stand for: those
/// with `stands_for` 1, such as everyone at the first wave. It can leave the range of the values.
///
/// Slices are over persons. `scale (w y - mean) / n` is added to `influence` for those stood for (with `w y` as 0 if the
/// person does not count), and `scale w y / n`, the slope of the mean in the logarithm of the weight, to `slopes`.
/// Stabilised weights do not sum to `n` and make no sense here. Nothing if nobody is stood for or nobody counts.
///
/// Source: Horvitz and Thompson 1952 (doi:10.1080/01621459.1952.10483446); Lunceford and Davidian 2004
/// (doi:10.1002/sim.1903), their first weighted estimator.
pub fn horvitz_thompson_mean(
    weights: &[f64],
    values: &[f64],
    counts: &[u8],
    stands_for: &[u8],
    scale: f64,
    influence: &mut [f64],
    slopes: &mut [f64],
) -> Option<f64> {
    let part = |k: usize| match (counts.get(k), weights.get(k), values.get(k)) {
        (Some(1), Some(w), Some(y)) if !w.is_nan() && !y.is_nan() => Some(w * y),
        _ => None,
    };
    let n = stands_for.iter().filter(|s| **s == 1).count() as f64;
    let (mut sum, mut counted) = (0.0, 0_usize);
    for (k, s) in stands_for.iter().enumerate() {
        if *s == 1
            && let Some(part) = part(k)
        {
            sum += part;
            counted += 1;
        }
    }
    let mean = sum / n;
    if counted == 0 || !mean.is_finite() {
        return None;
    }
    for (k, ((_, amount), slope)) in stands_for.iter().zip(influence).zip(slopes).enumerate() {
        if stands_for[k] == 1 {
            let own = part(k).unwrap_or(0.0);
            *amount += scale * (own - mean) / n;
            *slope += scale * own / n;
        }
    }
    Some(mean)
}
