//! The target quantity that an estimand defines and a method is asked for. It holds a question, never its answer.

use crate::diagnostic::Text;
use crate::statistics::regression::{Family, Link};

/// Which truth an estimate is compared with.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Truth {
    /// The value in the population that the persons are drawn from.
    Population,
    /// The value in the simulated persons of the replicate themselves.
    Cohort,
    /// A known constant.
    Constant(f64),
}

/// The quantity asked for. Waves are counted from 0 here and from 1 in scenarios and output.
#[derive(Clone, Debug, PartialEq)]
pub enum Quantity {
    /// Share of persons with `of` at `level` at a wave.
    Prevalence {
        /// The wave.
        wave: usize,
    },
    /// Share of persons with `of` at `level` at one or more of the waves up to and including `by`.
    Ever {
        /// The last wave that counts.
        by: usize,
    },
    /// Share of persons with `of` at `level` in `at_least` or more of the waves up to and including `by`.
    Years {
        /// Least number of waves.
        at_least: usize,
        /// Whether the waves must follow one another.
        consecutive: bool,
        /// The last wave that counts.
        by: usize,
    },
    /// Mean of `of` at a wave.
    Mean {
        /// The wave.
        wave: usize,
    },
    /// Mean (share, for a level) at a wave in the rows `compare.0` minus that in the rows `compare.1`.
    Difference {
        /// The wave.
        wave: usize,
    },
    /// Share at `level` at a wave in the rows `compare.0` over that in the rows `compare.1`. Estimate, truth and
    /// standard error are on the scale of the ratio itself; intervals are made on that of its logarithm.
    RiskRatio {
        /// The wave.
        wave: usize,
    },
    /// Odds of `level` at a wave in the rows `compare.0` over those in the rows `compare.1`; as for the risk ratio.
    OddsRatio {
        /// The wave.
        wave: usize,
    },
    /// Share at `level` at wave `to` among those not at `level` (`entering`) or at `level` (not `entering`) at `from`;
    /// entering counts those at `level` at `to`, leaving those who are not.
    Transition {
        /// Earlier wave.
        from: usize,
        /// Later wave.
        to: usize,
        /// Whether the transition is into `level` or out of it.
        entering: bool,
    },
    /// Share of persons with `of` at `level` and `with` at its own level, at the same wave.
    Cooccurrence {
        /// The wave.
        wave: usize,
        /// The other variable.
        with: Text,
        /// The level of the other variable that counts as yes; absent for yes/no.
        with_level: Option<String>,
    },
    /// Coefficient of `term` in the regression of `of` on `model`'s terms, over the persons at one wave or pooled over the
    /// persons at several waves.
    Coefficient {
        /// The waves, ascending, each once. With several, `wave` is a variable of the model.
        waves: Vec<usize>,
        /// Right-hand side in R's notation, such as `g` or `group + age`.
        model: Text,
        /// Which term's coefficient.
        term: String,
        /// The distribution of the outcome given its mean: linear regression is Gaussian, logistic binomial.
        family: Family,
        /// What of the mean is linear, one of the family's links.
        link: Link,
    },
    /// An estimate that a method names in its report, such as `kappa`. Its true value must be a known constant.
    Finding {
        /// Its name.
        name: String,
    },
}

impl Quantity {
    /// The wave it is about, the last one where it has several; 0 for a finding.
    #[must_use]
    pub fn last_wave(&self) -> usize {
        match self {
            Self::Prevalence { wave }
            | Self::Mean { wave }
            | Self::Difference { wave }
            | Self::RiskRatio { wave }
            | Self::OddsRatio { wave }
            | Self::Cooccurrence { wave, .. } => *wave,
            Self::Coefficient { waves, .. } => waves.last().copied().unwrap_or(0),
            Self::Ever { by } | Self::Years { by, .. } => *by,
            Self::Transition { from, to, .. } => *from.max(to),
            Self::Finding { .. } => 0,
        }
    }
}

/// A target quantity.
#[derive(Clone, Debug, PartialEq)]
pub struct Target {
    /// Name in the scenario.
    pub name: String,
    /// Where it is declared.
    pub span: crate::diagnostic::Span,
    /// The variable it is about.
    pub of: Text,
    /// The level that counts as yes: a name for named levels, otherwise absent (1 counts as yes).
    pub level: Option<String>,
    /// What about the variable.
    pub quantity: Quantity,
    /// Condition on persons at the wave of the quantity (its last one), if only some count. For a coefficient over several
    /// waves it is asked at each of them of the answers of that wave.
    pub restrict: Option<Text>,
    /// The two conditions whose rows are compared by a difference or a ratio.
    pub compare: Option<(Text, Text)>,
    /// The parameters of the condition, which `restrict` and `compare` may read.
    pub constants: Vec<Constant>,
    /// The value that a test tries to reject, if any: 0 for differences and coefficients and 1 for ratios, unless the
    /// scenario says other.
    pub null: Option<f64>,
    /// The truth to compare with.
    pub truth: Truth,
    /// One minus the error rate of intervals and tests, usually 0.95.
    pub level_of_confidence: f64,
}

impl Target {
    /// A question about a column that a method's own options ask: nobody compares the answer with anything.
    #[must_use]
    pub fn of_column(of: Text, quantity: Quantity, level_of_confidence: f64) -> Self {
        Self {
            name: of.text.clone(),
            span: of.span.clone(),
            of,
            level: None,
            quantity,
            restrict: None,
            compare: None,
            constants: Vec::new(),
            null: None,
            truth: Truth::Constant(f64::NAN),
            level_of_confidence,
        }
    }
}

/// A named number that conditions may read: a parameter under a condition.
#[derive(Clone, Debug, PartialEq)]
pub struct Constant {
    /// Its name.
    pub name: String,
    /// Its value; the position of the level where it has levels.
    pub value: f64,
    /// Its levels, if its values are names.
    pub levels: Option<std::sync::Arc<[String]>>,
}
