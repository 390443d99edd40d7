//! How the levels of a factor become columns.
//!
//! Source: Chambers and Hastie 1992, Statistical Models in S, section 2.3.2; R's `contr.treatment`, `contr.sum`,
//! `contr.helmert`, `contr.poly`.

/// A coding of levels.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Contrast {
    /// Every level against the reference: 1 at the level and 0 elsewhere.
    #[default]
    Treatment,
    /// Every level but the last against the mean of all: 1 at the level, -1 at the last.
    Sum,
    /// Every level but the first against the mean of those before it: -1 at them, their number at the level.
    Helmert,
    /// Orthonormal polynomials in the position of the level.
    Polynomial,
}

impl Contrast {
    /// The contrasts by the names that R gives them.
    pub(super) const NAMES: [(&'static str, Self); 4] =
        [("treatment", Self::Treatment), ("sum", Self::Sum), ("helmert", Self::Helmert), ("poly", Self::Polynomial)];

    /// The columns for these levels, in order, the reference at position `reference` (of use to `Treatment` only): the
    /// end of R's name for each, and its value at every level.
    pub(super) fn columns(self, levels: &[String], reference: usize) -> Vec<(String, Vec<f64>)> {
        let n = levels.len();
        let column = |name: String, value: &dyn Fn(usize) -> f64| (name, (0..n).map(value).collect());
        match self {
            Self::Treatment => (0..n)
                .filter(|k| *k != reference)
                .map(|k| column(levels[k].clone(), &|i| f64::from(u8::from(i == k))))
                .collect(),
            Self::Sum => (1..n)
                .map(|k| {
                    let last = |i: usize| if i + 1 == n { -1.0 } else { 0.0 };
                    column(k.to_string(), &|i| if i + 1 == k { 1.0 } else { last(i) })
                })
                .collect(),
            Self::Helmert => (1..n)
                .map(|k| {
                    let at = |i: usize| if i == k { k as f64 } else { 0.0 };
                    column(k.to_string(), &|i| if i < k { -1.0 } else { at(i) })
                })
                .collect(),
            Self::Polynomial => polynomial(n),
        }
    }
}

/// Orthonormal polynomials at 1, ..., n by their three-term recurrence. At equally spaced points about 0 the
/// coefficient of the middle term is 0 by symmetry.
fn polynomial(n: usize) -> Vec<(String, Vec<f64>)> {
    let centre = (n as f64 - 1.0) / 2.0;
    let x: Vec<f64> = (0..n).map(|i| i as f64 - centre).collect();
    let square = |p: &[f64]| p.iter().map(|v| v * v).sum::<f64>();
    let (mut before, mut now) = (vec![0.0; n], vec![1.0; n]);
    let mut ratio = 0.0;
    let mut columns = Vec::new();
    for k in 1..n {
        let next: Vec<f64> = (0..n).map(|i| x[i] * now[i] - ratio * before[i]).collect();
        ratio = square(&next) / square(&now);
        before = std::mem::replace(&mut now, next);
        let norm = libm::sqrt(square(&now));
        let name = match k {
            1 => ".L".to_owned(),
            2 => ".Q".to_owned(),
            3 => ".C".to_owned(),
            _ => format!("^{k}"),
        };
        columns.push((name, now.iter().map(|v| v / norm).collect()));
    }
    columns
}
