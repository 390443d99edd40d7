//! Mean paired difference: how far two methods are apart in the same data set.

use super::moments::Moments;
use super::relative_precision::common;
use super::{Entry, Fits, Reckoned};

pub(super) const ENTRY: Entry = Entry {
    name: "paired_difference",
    summary: "mean difference to the estimand's first method in the same replicate",
    unit: "that of the estimand",
    formula: "mean of estimate - estimate of the reference, on replicates where both gave an estimate",
    mcse: "sd(difference) / sqrt(R)",
    reference: "Morris, White and Crowther 2019, doi:10.1002/sim.8086",
    robust: false,
    measure,
    worst: None,
};

fn measure(fits: &Fits<'_>, reference: Option<&Fits<'_>>) -> Reckoned {
    let Some(reference) = reference else {
        return Reckoned::new(0, f64::NAN, f64::NAN);
    };
    let size = fits.size().max(reference.size());
    let difference = Moments::of(common(fits, reference).map(|(own, other)| own - other)).without_rounding(size);
    Reckoned::new(difference.n, difference.mean, difference.se_of_mean())
}
