//! Methods: from what an analyst sees to estimates. Nothing in this room can name the truth.

mod aipw;
mod asked;
mod at_wave;
mod available_case;
mod bounds;
mod capture_recapture;
mod clusters;
mod coefficients;
mod column;
mod compared;
mod complete_case;
mod conditional_logistic;
mod counts;
mod critical;
mod delta_tipping;
mod design;
mod difference;
mod difference_in_means;
mod dropout;
mod exact_2x2;
mod expectation;
mod failure;
mod fellegi_sunter;
mod filter;
mod firth;
mod following;
mod gather;
mod gcomputation;
mod gee;
mod given;
mod glm;
mod icc;
mod ipw;
mod kappa;
mod krippendorff_alpha;
mod locf;
mod logistic;
mod long;
mod mcnemar;
mod mi_pool;
mod model_rows;
mod mvn_em;
mod negative_binomial;
mod ordinal_logistic;
mod outcome;
mod panel_descriptives;
mod pipeline;
mod poisson_rate;
mod printed;
mod proportion;
mod ratio;
mod recanting;
mod regression;
mod rogan_gladen;
mod separation;
mod simple;
mod simple_missing;
mod step;
mod string_comparators;
mod table_tests;
mod two_by_two_association;
mod two_proportions;
mod two_sample;
mod variable;
mod warning;
mod within;

#[cfg(test)]
mod tests;

pub use pipeline::{Pipeline, ReportFit, bind};
pub use step::{Answer, Bound, Rest, RunStep, Step, StepEntry, steps};
pub use within::Within;

use crate::diagnostic::Diagnostics;
use crate::options::Options;
use crate::streams::Own;
use crate::tables::{Estimate, Findings, FitFailure, Observed, ObservedSchema, Target};

/// A method as declared by a scenario: its options are checked, its target is not yet chosen.
pub trait Method: Send + Sync + std::fmt::Debug {
    /// Binds the method to a target quantity and to the columns of the data, once per condition, before any data.
    /// Everything that can be looked up or compiled is done here.
    ///
    /// # Errors
    /// Why the method cannot answer this target; a lower-case fragment for the user.
    fn bind(&self, target: &Target, schema: &ObservedSchema) -> Result<Box<dyn Fit>, CannotAnswer>;

    /// Everything the method can say of a data set, without a target: what `eclosion analyze` prints. `confidence` is
    /// the level of intervals.
    ///
    /// # Errors
    /// That the method answers estimands only, that the data have not what it is declared with, or a failed fit.
    fn report(&self, observed: &Observed<'_>, confidence: f64, stream: &mut Own) -> Result<Findings, NoReport> {
        let _ = (observed, confidence, stream);
        let why = "it answers estimands only; declare an [[estimand]]".to_owned();
        Err(NoReport::CannotAnswer(CannotAnswer { why }))
    }

    /// Whether it uses the weights of records. A method that does not refuses data with weights.
    fn takes_weights(&self) -> bool {
        false
    }

    /// Whether it reads the cells of the tables that the study prints. They are made where some method does.
    fn reads_cells(&self) -> bool {
        false
    }

    /// Reports what of its options does not fit the columns and cells of the data, at the place of the option; before
    /// [`bind`](Self::bind), once per condition.
    fn check(&self, schema: &ObservedSchema, problems: &mut Diagnostics) {
        let _ = (schema, problems);
    }
}

/// A method bound to one target quantity. It is made anew for each thread and may keep buffers between data sets.
pub trait Fit: Send {
    /// The estimate from one data set. `stream` is the method's own source of random numbers for this replicate.
    ///
    /// # Errors
    /// A [`FitFailure`], which becomes a row of the estimates.
    fn fit(&mut self, observed: &Observed<'_>, stream: &mut Own) -> Result<Estimate, FitFailure>;

    /// Where the interviews of the last data set went, if a step before the method linked them anew. What became of
    /// it is measured elsewhere, against what the method cannot see.
    fn links(&self) -> Option<&Links> {
        None
    }
}

/// How a step joined interviews into records: `rows[wave][new record]` is the record of the data set as it came, whose
/// interview at that wave it took; `u32::MAX` where it has none.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Links {
    /// By wave and new record.
    pub rows: Vec<Vec<u32>>,
}

/// Why a method cannot answer a target.
#[derive(Clone, Debug, PartialEq)]
pub struct CannotAnswer {
    /// A lower-case fragment.
    pub why: String,
}

/// Why a method has no report.
#[derive(Clone, Debug, PartialEq)]
pub enum NoReport {
    /// It does not fit the data or the question.
    CannotAnswer(CannotAnswer),
    /// The fit failed.
    Failed(FitFailure),
}

impl From<CannotAnswer> for NoReport {
    fn from(cannot: CannotAnswer) -> Self {
        Self::CannotAnswer(cannot)
    }
}

impl From<FitFailure> for NoReport {
    fn from(failure: FitFailure) -> Self {
        Self::Failed(failure)
    }
}

/// One line of the catalogue.
#[derive(Debug)]
pub struct Entry {
    /// Name in a scenario's `method = "..."`.
    pub name: &'static str,
    /// What it does, in a line.
    pub summary: &'static str,
    /// Its page: the module's documentation, with the headings Estimand, Estimator, Assumptions, Variance, Failure
    /// modes, Options, References.
    pub page: &'static str,
    /// Reads the options of a `[[method]]` table. `method`, `name`, `estimands` and `set` have been taken
    /// before.
    pub declare: fn(&Options, &mut Diagnostics) -> Option<Box<dyn Method>>,
}

/// All methods, in alphabetical order.
static CATALOGUE: &[Entry] = &[
    aipw::ENTRY,
    available_case::ENTRY,
    bounds::ENTRY,
    capture_recapture::ENTRY,
    complete_case::ENTRY,
    conditional_logistic::ENTRY,
    delta_tipping::ENTRY,
    difference_in_means::ENTRY,
    exact_2x2::ENTRY,
    fellegi_sunter::ENTRY,
    firth::ENTRY,
    gcomputation::ENTRY,
    gee::ENTRY,
    glm::ENTRY,
    icc::ENTRY,
    ipw::ENTRY,
    kappa::ENTRY,
    krippendorff_alpha::ENTRY,
    locf::ENTRY,
    logistic::ENTRY,
    mcnemar::ENTRY,
    mi_pool::ENTRY,
    mvn_em::ENTRY,
    negative_binomial::ENTRY,
    ordinal_logistic::ENTRY,
    panel_descriptives::ENTRY,
    poisson_rate::ENTRY,
    printed::ENTRY,
    proportion::ENTRY,
    recanting::ENTRY,
    regression::ENTRY,
    rogan_gladen::ENTRY,
    separation::ENTRY,
    simple_missing::ENTRY,
    string_comparators::ENTRY,
    table_tests::ENTRY,
    two_by_two_association::ENTRY,
    two_proportions::ENTRY,
];

/// The refusal of a method that describes data and answers no quantity by itself.
fn reports_only(name: &str) -> CannotAnswer {
    CannotAnswer { why: format!("`{name}` only reports; ask for a value of its report with `quantity = \"finding\"`") }
}

/// The methods that a scenario can name.
#[must_use]
pub fn catalogue() -> &'static [Entry] {
    CATALOGUE
}
