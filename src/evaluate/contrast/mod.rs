//! Contrasts: how far two methods, or two conditions, are apart, and how well that is known.
//!
//! Methods see the same data sets, and conditions of a study share their draws, so that two measures go up and down
//! together from replicate to replicate. Their difference is then known far better than either: its Monte Carlo standard
//! error comes from the differences within replicates, not from the two errors as if they were independent.
//!
//! Pairs are the fits of one replicate in which both gave what the measure needs. With d the error of a fit, each
//! contrast is a difference of means of something per replicate (d, d^2, whether the interval holds the truth, whether
//! it excludes the null), or of a spread. The first kind has the Monte Carlo standard error sd(difference)/sqrt(n),
//! which for shares is McNemar's: with b pairs where only the one covers and c where only the other does it is the root
//! of `((b + c) - (b - c)^2 / n) / (n (n - 1))`. The divisor is n (n - 1), not McNemar's n^2, as for all other means
//! here. The second kind leaves out one pair after the other (the jackknife, Efron and Stein 1981,
//! doi:10.1214/aos/1176345462), in closed form and so in time in proportion to n.

mod difference;
mod table;

pub use table::{Contrasts, contrasts};

use difference::Way;

/// One measure that is compared.
#[derive(Clone, Copy, Debug)]
pub struct Contrast {
    /// Name of the measure, as in the catalogue of measures.
    pub name: &'static str,
    /// The difference in words.
    pub formula: &'static str,
    /// The formula of its Monte Carlo standard error in words, for pairs.
    pub mcse: &'static str,
    /// Where that is from, with DOI.
    pub reference: &'static str,
    /// What it is of.
    of: Of,
    /// How the numbers of replicates become the measure.
    way: Way,
}

/// What a replicate contributes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Of {
    /// Its error.
    Error,
    /// The square of its error.
    Square,
    /// 1 where its interval holds the true value, 0 where not.
    Covered,
    /// 1 where its interval excludes the null, 0 where not.
    Rejected,
}

const PAIRS: &str = "Glasserman and Yao 1992, doi:10.1287/mnsc.38.6.884";
const JACKKNIFE: &str = "Efron and Stein 1981, doi:10.1214/aos/1176345462";
const MCNEMAR: &str = "McNemar 1947, doi:10.1007/BF02295996";

static CATALOGUE: [Contrast; 6] = [
    Contrast {
        name: "bias",
        formula: "mean of d1 - d2, d = estimate - true value",
        mcse: "sd(d1 - d2) / sqrt(n)",
        reference: PAIRS,
        of: Of::Error,
        way: Way::Mean,
    },
    Contrast {
        name: "empirical_se",
        formula: "sd(d1) - sd(d2)",
        mcse: "jackknife over the pairs",
        reference: JACKKNIFE,
        of: Of::Error,
        way: Way::Spread,
    },
    Contrast {
        name: "mse",
        formula: "mean of d1^2 - d2^2",
        mcse: "sd(d1^2 - d2^2) / sqrt(n)",
        reference: PAIRS,
        of: Of::Square,
        way: Way::Mean,
    },
    Contrast {
        name: "rmse",
        formula: "sqrt(mean of d1^2) - sqrt(mean of d2^2)",
        mcse: "jackknife over the pairs",
        reference: JACKKNIFE,
        of: Of::Square,
        way: Way::Root,
    },
    Contrast {
        name: "coverage",
        formula: "share of pairs where the first interval holds the true value less the share where the second does",
        mcse: "sqrt(((b + c) - (b - c)^2 / n) / (n (n - 1))), b pairs where only the first does, c where only the second",
        reference: MCNEMAR,
        of: Of::Covered,
        way: Way::Mean,
    },
    Contrast {
        name: "rejection",
        formula: "share of pairs where the first interval excludes the null less the share where the second does",
        mcse: "as for coverage",
        reference: MCNEMAR,
        of: Of::Rejected,
        way: Way::Mean,
    },
];

/// All measures that are compared, in the order of tables.
#[must_use]
pub fn catalogue() -> &'static [Contrast] {
    &CATALOGUE
}
