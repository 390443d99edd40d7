//! Non-convergence: the share of fits that gave no estimate.

use super::{Entry, Fits, OF_A_SHARE, Reckoned};

pub(super) const ENTRY: Entry = Entry {
    name: "non_convergence",
    summary: "share of fits that gave no estimate; they are left out of the other measures",
    unit: "share",
    formula: "failed fits / fits tried",
    mcse: OF_A_SHARE,
    reference: "Morris, White and Crowther 2019, doi:10.1002/sim.8086",
    robust: false,
    measure,
    worst: None,
};

fn measure(fits: &Fits<'_>, _: Option<&Fits<'_>>) -> Reckoned {
    Reckoned::share(fits.failed, fits.estimates().count() + fits.failed)
}
