//! The Monte Carlo standard error of a population's value.

use super::{planned, repeated, truth};
use crate::estimand::error::{blocks, jackknife};
use crate::streams::{Lane, Purpose, Space, Streams, normal_quantile};
use crate::tables::{Column, Truth};

const MEAN: [(&str, &str); 3] = [("quantity", "mean"), ("of", "score"), ("wave", "2")];

/// Replicates of six persons whose score at wave 2 is twice the replicate's own normal number and a person's, whose
/// earning is more frequent with a high score.
fn random(replicates: usize, seed: u64) -> Truth {
    let mut truth = repeated(&truth(), replicates);
    let lane = |occasion, n| {
        let lane = Lane { purpose: Purpose::named("estimand test"), occasion, replicate: 0, stratum: 0 };
        let mut unit = vec![0.0; n];
        Streams::new(seed, Space::Population).fill_unit(&lane, 0, &mut unit);
        unit.into_iter().map(normal_quantile).collect::<Vec<f64>>()
    };
    let rows = truth.group.len();
    let (shared, own, more) = (lane(0, replicates), lane(1, rows), lane(2, rows));
    let score: Vec<f64> = (0..rows).map(|i| 2.0 * shared[i / 6] + own[i]).collect();
    let earning = (0..rows).map(|i| u8::from(score[i] + more[i] > 0.0)).collect();
    if let Column::Coded { codes, .. } = &mut truth.columns[0][2] {
        *codes = earning;
    }
    truth.columns[2][2] = Column::Number(score);
    truth
}

#[test]
fn weights_make_a_value_exact() {
    let mut truth = truth();
    truth.weights = Some(vec![1.0 / 6.0; 6]);
    let value = planned(&MEAN).value_with_error(&truth).expect("a value");
    assert!((value.value - (20.0 + 55.0 / 6.0)).abs() < 1e-12);
    assert_eq!(value.mcse, 0.0);
}

#[test]
fn one_replicate_tells_no_error() {
    let value = planned(&MEAN).value_with_error(&truth()).expect("a value");
    assert!((value.value - (20.0 + 55.0 / 6.0)).abs() < 1e-12);
    assert!(value.mcse.is_nan());
}

#[test]
fn identical_replicates_have_no_error() {
    let value = planned(&MEAN).value_with_error(&repeated(&truth(), 250)).expect("a value");
    assert!(value.mcse < 1e-12, "{}", value.mcse);
}

#[test]
fn the_error_of_a_mean_is_that_of_its_replicates() {
    let truth = random(60, 1);
    let Column::Number(score) = &truth.columns[2][2] else { panic!("numbers were put there") };
    let means: Vec<f64> = score.chunks(6).map(|c| c.iter().sum::<f64>() / 6.0).collect();
    let mean = means.iter().sum::<f64>() / 60.0;
    let se = (means.iter().map(|m| (m - mean) * (m - mean)).sum::<f64>() / 59.0 / 60.0).sqrt();
    let value = planned(&MEAN).value_with_error(&truth).expect("a value");
    assert!((value.value - mean).abs() < 1e-12 && (value.mcse - se).abs() < 1e-12, "{value:?}, not {mean} ({se})");
}

#[test]
fn blocks_hold_whole_replicates() {
    for (replicates, count) in [(1, 1), (7, 7), (100, 100), (250, 100)] {
        let blocks = blocks(&repeated(&truth(), replicates));
        assert_eq!(blocks.len(), count);
        assert_eq!((blocks[0].start, blocks[count - 1].end), (0, replicates * 6));
        assert!(blocks.windows(2).all(|w| w[0].end == w[1].start));
        assert!(blocks.iter().all(|b| b.start % 6 == 0 && !b.is_empty()));
    }
}

#[test]
fn unequal_blocks_are_weighted_by_size() {
    // Means of blocks (1), (2, 4), (6, 6, 9): the mean is linear, so each pseudo-value is the mean of its block.
    let all = 28.0 / 6.0;
    let rest = [27.0 / 5.0, 22.0 / 4.0, 7.0 / 3.0];
    let blocks = [0..1, 1..3, 3..6];
    let expected = [(1.0_f64, 6.0_f64), (3.0, 3.0), (7.0, 2.0)]
        .iter()
        .map(|(mean, h)| (mean - all) * (mean - all) / (h - 1.0))
        .sum::<f64>();
    assert!((jackknife(all, &rest, &blocks) - (expected / 3.0).sqrt()).abs() < 1e-12);
    assert!(jackknife(1.0, &rest[..1], &blocks[..1]).is_nan());
}

/// Ratio of the spread of values over many cohorts to the mean reported error.
fn honesty(entries: &[(&str, &str)]) -> f64 {
    let plan = planned(entries);
    let values: Vec<_> = (0..300).map(|seed| plan.value_with_error(&random(150, seed)).expect("a value")).collect();
    let n = values.len() as f64;
    let mean = values.iter().map(|v| v.value).sum::<f64>() / n;
    let sd = (values.iter().map(|v| (v.value - mean) * (v.value - mean)).sum::<f64>() / (n - 1.0)).sqrt();
    sd / (values.iter().map(|v| v.mcse).sum::<f64>() / n)
}

#[test]
fn errors_are_honest_for_persons_who_share_a_replicate() {
    // 300 cohorts tell a spread within 4 %; errors that took persons as independent would be about half as large.
    let quantities: [&[(&str, &str)]; 4] = [
        &[("quantity", "prevalence"), ("of", "earning"), ("wave", "2"), ("where", "arm == 1")],
        &[("quantity", "difference"), ("of", "score"), ("wave", "2"), ("compare", "arm == 1 | arm == 0")],
        &[
            ("quantity", "coefficient"),
            ("of", "earning"),
            ("wave", "2"),
            ("model", "score + arm"),
            ("term", "score"),
            ("family", "logistic"),
        ],
        &[
            ("quantity", "coefficient"),
            ("of", "score"),
            ("wave", "2"),
            ("model", "earning + arm"),
            ("term", "earning"),
            ("family", "linear"),
        ],
    ];
    for entries in quantities {
        let ratio = honesty(entries);
        assert!((ratio - 1.0).abs() < 0.15, "{entries:?}: {ratio}");
    }
}
