//! Mean of the true values that estimates were compared with.

use super::moments::Moments;
use super::{Entry, Fits, Reckoned, TABLE_6};

pub(super) const ENTRY: Entry = Entry {
    name: "mean_true_value",
    summary: "mean of the true values that estimates were compared with",
    unit: "that of the estimand",
    formula: "mean of true value, over replicates with an estimate",
    mcse: "sd(true value) / sqrt(R); absent for a truth that is the same in all replicates",
    reference: TABLE_6,
    robust: false,
    measure,
    worst: None,
};

fn measure(fits: &Fits<'_>, _: Option<&Fits<'_>>) -> Reckoned {
    let truths = Moments::of(fits.errors_and_truths().map(|(_, t)| t));
    let mcse = if truths.squares > 0.0 { truths.se_of_mean() } else { f64::NAN };
    Reckoned::new(truths.n, truths.mean, mcse)
}
