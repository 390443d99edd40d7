//! Whether chains have forgotten where they began.

/// The potential scale reduction of chains of equal length, `chains` of them one after the other in `values`: the root
/// of the ratio of the variance over all chains to that within one. Near 1 when the chains have mixed. The second half
/// of each chain is used.
///
/// `None` with fewer than two chains, fewer than four values a chain, a chain of another length, values that are not
/// finite, or no variance within chains.
///
/// Source: Gelman and Rubin 1992, Inference from iterative simulation using multiple sequences
/// (doi:10.1214/ss/1177011136), without the correction for degrees of freedom.
#[must_use]
pub fn scale_reduction(values: &[f64], chains: usize) -> Option<f64> {
    let length = values.len().checked_div(chains)?;
    if chains < 2 || length < 4 || values.len() != length * chains || !values.iter().all(|v| v.is_finite()) {
        return None;
    }
    let halves = values.chunks_exact(length).filter_map(|chain| chain.get(length / 2..));
    let n = (length - length / 2) as f64;
    let (mut means, mut within) = (Vec::with_capacity(chains), 0.0);
    for half in halves {
        let mean = half.iter().sum::<f64>() / n;
        within += half.iter().map(|v| (v - mean) * (v - mean)).sum::<f64>() / (n - 1.0);
        means.push(mean);
    }
    let count = chains as f64;
    within /= count;
    let centre = means.iter().sum::<f64>() / count;
    let between = means.iter().map(|m| (m - centre) * (m - centre)).sum::<f64>() / (count - 1.0);
    let all = (n - 1.0) / n * within + (1.0 + 1.0 / count) * between;
    (within > 0.0).then(|| libm::sqrt(all / within))
}

#[cfg(test)]
mod tests {
    use super::scale_reduction;

    #[test]
    fn worked_by_hand() {
        // Second halves (1, 3) and (5, 7): means 2 and 6, W = 2, B/n = 8; V = 2/2 + 1.5 * 8 = 13; sqrt(13 / 2).
        let got = scale_reduction(&[9.0, 9.0, 1.0, 3.0, 0.0, 0.0, 5.0, 7.0], 2).unwrap();
        assert!((got - libm::sqrt(6.5)).abs() < 1e-15);
        // Chains in the same place: V = W / 2.
        let got = scale_reduction(&[9.0, 9.0, 1.0, 3.0, 0.0, 0.0, 3.0, 1.0], 2).unwrap();
        assert!((got - libm::sqrt(0.5)).abs() < 1e-15);
    }

    #[test]
    fn what_says_nothing_is_undefined() {
        assert_eq!(scale_reduction(&[], 0), None);
        assert_eq!(scale_reduction(&[1.0; 8], 1), None);
        assert_eq!(scale_reduction(&[1.0; 8], 2), None);
        assert_eq!(scale_reduction(&[1.0; 7], 2), None);
        assert_eq!(scale_reduction(&[1.0, 2.0, 3.0, f64::NAN, 1.0, 2.0, 3.0, 4.0], 2), None);
    }
}
