//! Share of links that are right.

use super::moments::Moments;
use super::{Entry, Fits, Reckoned};

pub(super) const ENTRY: Entry = Entry {
    name: "link_precision",
    summary: "share of pairs of interviews in one record that are of one person; undefined where nobody linked anything",
    unit: "share",
    formula: "mean over replicates of (pairs of interviews in one record and of one person / pairs of interviews in one record)",
    mcse: "sd / sqrt(R)",
    reference: "Herzog, Scheuren and Winkler 2007, Data Quality and Record Linkage Techniques, doi:10.1007/0-387-69505-2",
    robust: false,
    measure,
    worst: None,
};

fn measure(fits: &Fits<'_>, _: Option<&Fits<'_>>) -> Reckoned {
    let shares = Moments::of(fits.present(fits.link_precision));
    Reckoned::new(shares.n, shares.mean, shares.se_of_mean())
}
