//! The same persons on several occasions, and square tables of two occasions.
//!
//! Sources: Cochran 1950 (doi:10.1093/biomet/37.3-4.256); Stuart 1955 (doi:10.1093/biomet/42.3-4.412); Maxwell 1970
//! (doi:10.1192/bjp.116.535.651); Bowker 1948 (doi:10.1080/01621459.1948.10483284).

use super::ChiSquareTest;
use crate::numeric::matrix::Symmetric;

/// Cochran's Q: whether the share of yes is the same on all occasions. `answers` holds 1 for yes and 0 for no, person
/// after person, `occasions` of them each; a person with any other value (such as NaN for a missing answer) is left
/// out.
///
/// `None` with fewer than two occasions or where no person's answers differ.
#[must_use]
pub fn cochran_q(answers: &[f64], occasions: usize) -> Option<ChiSquareTest> {
    if occasions < 2 {
        return None;
    }
    let k = occasions as f64;
    let mut columns = vec![0.0; occasions];
    let mut within = 0.0;
    for person in answers.chunks_exact(occasions).filter(|p| p.iter().all(|a| *a == 0.0 || *a == 1.0)) {
        let yes: f64 = person.iter().sum();
        within += yes * (k - yes);
        columns.iter_mut().zip(person).for_each(|(c, a)| *c += a);
    }
    if within == 0.0 {
        return None;
    }
    let mean = columns.iter().sum::<f64>() / k;
    let between: f64 = columns.iter().map(|c| (c - mean) * (c - mean)).sum();
    ChiSquareTest::new(k * (k - 1.0) * between / within, k - 1.0)
}

/// Whether all counts of a square table are possible and it has a row.
fn is_square(table: &[f64], categories: usize) -> bool {
    categories > 1
        && categories.checked_mul(categories) == Some(table.len())
        && table.iter().all(|count| *count >= 0.0 && count.is_finite())
}

/// The Stuart-Maxwell test of equal margins of a square table (row after row).
///
/// Degrees of freedom are the rank of the covariance of the differences: one less than the number of categories where
/// changes connect them all, fewer where some are never left or entered. `None` where nobody changed or the table is
/// not square.
#[must_use]
pub fn stuart_maxwell(table: &[f64], categories: usize) -> Option<ChiSquareTest> {
    if !is_square(table, categories) {
        return None;
    }
    let k = categories;
    let changed = |i: usize, j: usize| table[i * k + j] + table[j * k + i];
    let others = |i: usize| (0..k).filter(move |j| *j != i);
    let difference: Vec<f64> = (0..k).map(|i| others(i).map(|j| table[i * k + j] - table[j * k + i]).sum()).collect();
    let mut covariance = vec![0.0; k * k];
    for i in 0..k {
        covariance[i * k + i] = others(i).map(|j| changed(i, j)).sum();
        others(i).for_each(|j| covariance[i * k + j] = -changed(i, j));
    }
    let mut eigen = Symmetric::default();
    eigen.decompose(&covariance, k).ok()?;
    let largest = eigen.values.iter().copied().fold(0.0, f64::max);
    let (mut statistic, mut df) = (0.0, 0.0);
    for (v, value) in eigen.values.iter().enumerate().filter(|(_, value)| **value > 1e-12 * largest) {
        let along: f64 = difference.iter().enumerate().map(|(i, d)| d * eigen.vectors[i * k + v]).sum();
        statistic += along * along / value;
        df += 1.0;
    }
    ChiSquareTest::new(statistic, df)
}

/// Bowker's test of symmetry of a square table (row after row). Degrees of freedom are the pairs of cells that are not
/// both empty; `None` where there are none or the table is not square.
#[must_use]
pub fn bowker(table: &[f64], categories: usize) -> Option<ChiSquareTest> {
    if !is_square(table, categories) {
        return None;
    }
    let (mut statistic, mut df) = (0.0, 0.0);
    for i in 0..categories {
        for j in i + 1..categories {
            let (up, down) = (table[i * categories + j], table[j * categories + i]);
            if up + down > 0.0 {
                statistic += (up - down) * (up - down) / (up + down);
                df += 1.0;
            }
        }
    }
    ChiSquareTest::new(statistic, df)
}
