//! Searches whose answer is known.

use super::*;
use crate::numeric::normal_cdf;
use std::convert::Infallible;

/// The power of a z test of 0 with a mean of 0.25 in samples of `n`: 0.8 at (1.96 + 0.8416)^2 / 0.25^2 = 125.6.
fn power(n: f64) -> f64 {
    normal_cdf(0.25 * n.sqrt() - 1.959_963_984_540_054)
}

const ROOT: f64 = 125.58;

/// A number in (0, 1) that depends on its address alone.
fn unit(seed: u64, at: u64, replicate: u64) -> f64 {
    let mut x =
        seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ at.rotate_left(32) ^ replicate.wrapping_mul(0xbf58_476d_1ce4_e5b9);
    for _ in 0..3 {
        x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        x ^= x >> 31;
    }
    (x >> 11) as f64 / (1_u64 << 53) as f64
}

/// Searches where each replicate rejects or not; `common`: with the same draw whatever the size.
fn found(seed: u64, common: bool, target: f64, rises: bool) -> Found {
    let plan =
        Search { candidates: (10..=600).map(f64::from).collect(), replicates: 250, precision: 0.01, most: 60_000 };
    let result = search(&plan, &mut |n, replicates| -> Result<Option<Look>, Infallible> {
        let p = if rises { power(n) } else { 1.0 - power(n) };
        let draw = |r| unit(seed, if common { 0 } else { n as u64 }, r);
        let hits = replicates.clone().filter(|r| draw(*r) < p).count() as f64;
        let number = replicates.end - replicates.start;
        let (size, n_all) = (number as f64, number as f64 + 4.0);
        let adjusted = (hits + 2.0) / n_all;
        let mcse = (adjusted * (1.0 - adjusted) / n_all).sqrt();
        Ok(Some(Look { at: n, replicates: number, excess: hits / size - target, mcse }))
    });
    result.unwrap_or_else(|never| match never {})
}

#[test]
fn the_limits_hold_the_answer_as_often_as_they_say() {
    for (common, rises) in [(true, true), (false, true), (true, false)] {
        let target = if rises { 0.8 } else { 0.2 };
        let (mut held, mut width, mut replicates) = (0, 0.0, 0);
        let searches = 200;
        for seed in 0..searches {
            let found = found(seed, common, target, rises);
            let root = found.root.unwrap();
            assert!(found.rises == rises && found.precise, "{} {:?} {}", found.rises, found.root, found.precise);
            held += u32::from(root.interval.0 <= ROOT && ROOT <= root.interval.1);
            width += root.interval.1 - root.interval.0;
            replicates += found.replicates;
        }
        let share = f64::from(held) / searches as f64;
        // 0.95 less 4 standard errors of a share of 200.
        assert!(share >= 0.888, "{share} {common} {rises}");
        assert!(width / (searches as f64) < 25.0, "{}", width / searches as f64);
        assert!(replicates / searches < 8_000, "{}", replicates / searches);
    }
}

#[test]
fn a_target_out_of_reach_is_said() {
    // The share that does not reject is 0.88 at most.
    let found = found(1, true, 0.95, false);
    assert!(found.root.is_none() && found.looks.len() == 5, "{:?} {}", found.root, found.looks.len());
}

#[test]
fn the_same_seed_gives_the_same_search() {
    let (a, b) = (found(7, true, 0.8, true), found(7, true, 0.8, true));
    assert_eq!((a.looks, a.root, a.replicates), (b.looks, b.root, b.replicates));
}
