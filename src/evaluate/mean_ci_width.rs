//! Mean width of the intervals.

use super::moments::Moments;
use super::{Entry, Fits, Reckoned};

pub(super) const ENTRY: Entry = Entry {
    name: "mean_ci_width",
    summary: "mean width of the intervals; undefined as soon as one of them has no end",
    unit: "that of the estimand",
    formula: "mean of upper - lower",
    mcse: "sd(upper - lower) / sqrt(R)",
    reference: "Joshi and Pustejovsky, simhelpers (R package), calc_coverage, doi:10.32614/CRAN.package.simhelpers",
    robust: false,
    measure,
    worst: None,
};

fn measure(fits: &Fits<'_>, _: Option<&Fits<'_>>) -> Reckoned {
    let width = Moments::of(fits.intervals().map(|(lower, upper)| upper - lower));
    Reckoned::new(width.n, width.mean, width.se_of_mean())
}
