//! Coverage when every fit that gave no interval counts as one that missed the truth.

use super::{Entry, Fits, OF_A_SHARE, Reckoned, coverage};

pub(super) const ENTRY: Entry = Entry {
    name: "coverage_worst_case",
    summary: "coverage with failed fits counted as not covered: `coverage` among `worst`",
    unit: "share",
    formula: "intervals that hold the true value / (fits with a true value + failed fits)",
    mcse: OF_A_SHARE,
    reference: "Morris, White and Crowther 2019, doi:10.1002/sim.8086",
    robust: false,
    measure,
    worst: None,
};

fn measure(fits: &Fits<'_>, _: Option<&Fits<'_>>) -> Reckoned {
    coverage::worst(fits)
}
