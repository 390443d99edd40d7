//! Tests of one series of 16-bit words, and of two series side by side.

use super::significance::{chi_square, even_counts, normal, square};

/// The p-values of a series, each with the name of its test.
pub fn tests(series: &[u16]) -> Vec<(&'static str, f64)> {
    vec![
        ("upper bytes", bytes(series, 8)),
        ("lower bytes", bytes(series, 0)),
        ("neighbouring pairs", pairs(series, 1)),
        ("pairs 16 apart", pairs(series, 16)),
        ("serial correlation", correlation(&series[1..], &series[..series.len() - 1])),
        ("serial correlation of squares", correlation(&folded(&series[1..]), &folded(&series[..series.len() - 1]))),
        ("runs", runs(series)),
        ("gaps", gaps(series)),
    ]
}

/// Counts of the 256 values of one of the two bytes.
pub fn bytes(series: &[u16], shift: u32) -> f64 {
    let mut counts = [0_u32; 256];
    for word in series {
        counts[usize::from((word >> shift) & 0xFF)] += 1;
    }
    even_counts(&counts)
}

/// Counts of the 256 values of (upper 4 bits, upper 4 bits some places later), of pairs that do not overlap.
fn pairs(series: &[u16], lag: usize) -> f64 {
    let mut counts = [0_u32; 256];
    for chunk in series.chunks_exact(2 * lag) {
        for i in 0..lag {
            counts[usize::from((chunk[i] >> 12) << 4 | chunk[i + lag] >> 12)] += 1;
        }
    }
    even_counts(&counts)
}

/// Correlation of two series whose values are uniform; z = r sqrt(n).
pub fn correlation(a: &[u16], b: &[u16]) -> f64 {
    let n = a.len().min(b.len()) as f64;
    let centre = |w: u16| f64::from(w) - 32_767.5;
    let sum: f64 = a.iter().zip(b).map(|(a, b)| centre(*a) * centre(*b)).sum();
    let variance = (65_536.0 * 65_536.0 - 1.0) / 12.0;
    normal(sum / (n * variance) * libm::sqrt(n))
}

/// Distance from the middle, spread over all 16 bits: a series of its own that shows dependence in spread.
fn folded(series: &[u16]) -> Vec<u16> {
    series.iter().map(|w| if *w < 32_768 { (32_767 - w) * 2 } else { (w - 32_768) * 2 + 1 }).collect()
}

/// Number of runs above and below the middle: of n words, 1 + Binomial(n - 1, 1/2).
fn runs(series: &[u16]) -> f64 {
    let changes = series.windows(2).filter(|w| (w[0] < 32_768) != (w[1] < 32_768)).count() as f64;
    let n = series.len() as f64 - 1.0;
    normal((changes - n / 2.0) / libm::sqrt(n / 4.0))
}

/// Lengths of the gaps between words in the lowest quarter: geometric.
fn gaps(series: &[u16]) -> f64 {
    const CELLS: usize = 24;
    let mut counts = [0_u32; CELLS];
    let mut gap = 0;
    for word in series {
        if *word < 16_384 {
            counts[gap.min(CELLS - 1)] += 1;
            gap = 0;
        } else {
            gap += 1;
        }
    }
    let total = f64::from(counts.iter().sum::<u32>());
    let mut longer = 1.0;
    let mut statistic = 0.0;
    for (i, count) in counts.iter().enumerate() {
        let share = if i == CELLS - 1 { longer } else { longer * 0.25 };
        longer *= 0.75;
        statistic += square(f64::from(*count) - total * share) / (total * share);
    }
    chi_square(statistic, CELLS as f64 - 1.0)
}
