//! Warnings: the share of fits that gave an estimate with a warning.

use super::{Entry, Fits, OF_A_SHARE, Reckoned};

/// Name of the measure.
pub const WARNINGS: &str = "warnings";

pub(super) const ENTRY: Entry = Entry {
    name: WARNINGS,
    summary: "share of fits that gave an estimate with a warning; they count in the other measures",
    unit: "share",
    formula: "fits with an estimate and a warning / fits tried",
    mcse: OF_A_SHARE,
    reference: "Morris, White and Crowther 2019, doi:10.1002/sim.8086",
    robust: false,
    measure,
    worst: None,
};

fn measure(fits: &Fits<'_>, _: Option<&Fits<'_>>) -> Reckoned {
    Reckoned::share(fits.warned, fits.estimates().count() + fits.failed)
}
