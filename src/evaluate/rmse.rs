//! Root mean squared error.

use super::mse::squared_errors;
use super::{Entry, Fits, Reckoned};

pub(super) const ENTRY: Entry = Entry {
    name: "rmse",
    summary: "root of the mean squared error",
    unit: "that of the estimand",
    formula: "sqrt(mse)",
    mcse: "mse_mcse / (2 rmse), the delta method; undefined where every error is 0",
    reference: "Morris, White and Crowther 2019, doi:10.1002/sim.8086",
    robust: false,
    measure,
    worst: None,
};

fn measure(fits: &Fits<'_>, _: Option<&Fits<'_>>) -> Reckoned {
    let squares = squared_errors(fits);
    let rmse = squares.mean.sqrt();
    Reckoned::new(squares.n, rmse, squares.se_of_mean() / (2.0 * rmse))
}
