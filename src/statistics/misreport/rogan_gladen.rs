//! A prevalence corrected for the errors of what it was measured with.
//!
//! Sources: Rogan and Gladen 1978 (doi:10.1093/oxfordjournals.aje.a112510); Lang and Reiczigel 2014
//! (doi:10.1016/j.prevetmed.2013.09.015).

use crate::statistics::confidence::Confidence;
use crate::statistics::share::ShareInterval;

/// How well a report tells the truth.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Accuracy {
    /// Probability of a yes where yes is true, between 0 and 1.
    pub sensitivity: f64,
    /// Probability of a no where no is true, between 0 and 1.
    pub specificity: f64,
    /// Size of the sample that the sensitivity was estimated in; `None` where it is known.
    pub n_sensitivity: Option<f64>,
    /// The same for the specificity.
    pub n_specificity: Option<f64>,
}

/// Why there is no correction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoCorrection {
    /// Nobody was asked, or there are more yeses than answers.
    NoData,
    /// A probability is not between 0 and 1, a validation sample is empty, or the level is not between 0 and 1.
    OutOfRange,
    /// Sensitivity and specificity add up to 1 or less: a yes says nothing of the truth.
    Uninformative,
}

/// Limits that hold if sensitivity and specificity were estimated.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Estimated {
    /// Standard error of the corrected prevalence by the delta method.
    pub se: f64,
    /// Wald's limits with it; they may leave 0 to 1.
    pub wald: (f64, f64),
    /// Limits of Lang and Reiczigel, cut at 0 and 1.
    pub lang_reiczigel: (f64, f64),
}

/// A corrected prevalence.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Corrected {
    /// Share of yeses as reported.
    pub apparent: f64,
    /// The correction; it may lie outside 0 to 1 where the reports contradict the sensitivity or specificity.
    pub raw: f64,
    /// The same cut at 0 and 1.
    pub estimate: f64,
    /// Standard error if sensitivity and specificity are known.
    pub se_known: f64,
    /// Wald's limits with it, around `raw`; they may leave 0 to 1.
    pub wald_known: (f64, f64),
    /// Wilson's limits of the apparent prevalence, corrected and cut at 0 and 1.
    pub wilson_known: (f64, f64),
    /// Exact limits of the apparent prevalence, corrected and cut at 0 and 1.
    pub exact_known: (f64, f64),
    /// What follows if sensitivity or specificity was estimated; `None` where both are known.
    pub estimated: Option<Estimated>,
}

/// The prevalence behind `x` yeses of `n`, with limits at a level such as 0.95.
///
/// # Errors
/// [`NoCorrection`].
pub fn rogan_gladen(x: f64, n: f64, accuracy: &Accuracy, level: f64) -> Result<Corrected, NoCorrection> {
    let share = |p: f64| (0.0..=1.0).contains(&p);
    let sample = |n: Option<f64>| n.is_none_or(|n| n > 0.0 && n.is_finite());
    let Accuracy { sensitivity: se, specificity: sp, n_sensitivity, n_specificity } = *accuracy;
    let z = Confidence::new(level).ok_or(NoCorrection::OutOfRange)?.z;
    if !(share(se) && share(sp) && sample(n_sensitivity) && sample(n_specificity)) {
        return Err(NoCorrection::OutOfRange);
    }
    let youden = se + sp - 1.0;
    if youden <= 0.0 {
        return Err(NoCorrection::Uninformative);
    }
    let limits = |kind: ShareInterval| kind.at_level(x, n, level).ok_or(NoCorrection::NoData);
    let (wilson, exact) = (limits(ShareInterval::Wilson)?, limits(ShareInterval::ClopperPearson)?);
    let correct = |p: f64| (p + sp - 1.0) / youden;
    let correct_both = |(low, high): (f64, f64)| cut((correct(low), correct(high)));
    let apparent = x / n;
    let raw = correct(apparent);
    let se_known = libm::sqrt(apparent * (1.0 - apparent) / n) / youden;
    let estimated = (n_sensitivity.is_some() || n_specificity.is_some()).then(|| {
        let se = errors(apparent, n, raw, accuracy);
        Estimated { se, wald: (raw - z * se, raw + z * se), lang_reiczigel: lang_reiczigel(apparent, n, accuracy, z) }
    });
    Ok(Corrected {
        apparent,
        raw,
        estimate: raw.clamp(0.0, 1.0),
        se_known,
        wald_known: (raw - z * se_known, raw + z * se_known),
        wilson_known: correct_both(wilson),
        exact_known: correct_both(exact),
        estimated,
    })
}

fn cut((low, high): (f64, f64)) -> (f64, f64) {
    (low.clamp(0.0, 1.0), high.clamp(0.0, 1.0))
}

/// Sampling variance of an accuracy; none where it is known.
fn variance(p: f64, n: Option<f64>) -> f64 {
    n.map_or(0.0, |n| p * (1.0 - p) / n)
}

/// Standard error of a corrected prevalence whose three shares were all estimated.
fn errors(apparent: f64, n: f64, corrected: f64, accuracy: &Accuracy) -> f64 {
    let of_se = corrected * corrected * variance(accuracy.sensitivity, accuracy.n_sensitivity);
    let of_sp = (1.0 - corrected) * (1.0 - corrected) * variance(accuracy.specificity, accuracy.n_specificity);
    let youden = accuracy.sensitivity + accuracy.specificity - 1.0;
    libm::sqrt(apparent * (1.0 - apparent) / n + of_se + of_sp) / youden
}

/// Shares drawn towards the middle before the delta method, and a shift for its bias.
fn lang_reiczigel(apparent: f64, n: f64, accuracy: &Accuracy, z: f64) -> (f64, f64) {
    let drawn = |p: f64, n: Option<f64>| n.map_or(p, |n| (n * p + 1.0) / (n + 2.0));
    let grown = |n: Option<f64>| n.map(|n| n + 2.0);
    let drawn = Accuracy {
        sensitivity: drawn(accuracy.sensitivity, accuracy.n_sensitivity),
        specificity: drawn(accuracy.specificity, accuracy.n_specificity),
        n_sensitivity: grown(accuracy.n_sensitivity),
        n_specificity: grown(accuracy.n_specificity),
    };
    let apparent = (n * apparent + 0.5 * z * z) / (n + z * z);
    let youden = drawn.sensitivity + drawn.specificity - 1.0;
    let corrected = (apparent + drawn.specificity - 1.0) / youden;
    let of_se = corrected * variance(drawn.sensitivity, drawn.n_sensitivity);
    let of_sp = (1.0 - corrected) * variance(drawn.specificity, drawn.n_specificity);
    let centre = corrected + 2.0 * z * z * (of_se - of_sp);
    let half = z * errors(apparent, n + z * z, corrected, &drawn);
    cut((centre - half, centre + half))
}
