//! What a column of a table of estimates can be, and the names by which it is known.

/// What a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Role {
    /// The simulated data set.
    Replicate,
    /// The method.
    Method,
    /// The target quantity.
    Estimand,
    /// The condition under which the data set was simulated.
    Condition,
    /// Point estimates.
    Estimate,
    /// Standard errors that the method reports.
    ModelSe,
    /// Degrees of freedom of the interval.
    Df,
    /// Lower limits.
    Lower,
    /// Upper limits.
    Upper,
    /// True values.
    TrueValue,
    /// What a test tries to reject.
    Null,
    /// Whether the fit succeeded, or why not.
    Status,
    /// What exactly went wrong.
    Detail,
    /// Whether the program that made the fit warned of it.
    Warning,
}

impl Role {
    /// All roles.
    pub const ALL: [Self; 14] = [
        Self::Replicate,
        Self::Method,
        Self::Estimand,
        Self::Condition,
        Self::Estimate,
        Self::ModelSe,
        Self::Df,
        Self::Lower,
        Self::Upper,
        Self::TrueValue,
        Self::Null,
        Self::Status,
        Self::Detail,
        Self::Warning,
    ];

    /// Names by which the column is known, in lower case: those of this program, then those of rsimsum, simhelpers, broom
    /// and siman.
    #[must_use]
    pub fn names(self) -> &'static [&'static str] {
        match self {
            Self::Replicate => &["replicate", "dataset", "rep", "repno", "sim", "id", "i", "iteration"],
            Self::Method => &["method", "methodvar", "model"],
            Self::Estimand => &["estimand", "target", "parameter", "par"],
            Self::Condition => &["condition", "dgm", "scenario"],
            Self::Estimate => &["estimate", "est", "b", "theta", "point", "estvarname"],
            Self::ModelSe => &["model_se", "se", "std_error", "std.error", "stderr"],
            Self::Df => &["df"],
            Self::Lower => &["lower", "lower_bound", "lci", "conf.low", "ci_low"],
            Self::Upper => &["upper", "upper_bound", "uci", "conf.high", "ci_high"],
            Self::TrueValue => &["true_value", "true", "true_param", "truth", "theta0"],
            Self::Null => &["null_value", "null"],
            Self::Status => &["status", "converged"],
            Self::Detail => &["detail"],
            Self::Warning => &["warning"],
        }
    }

    /// The option of the command line that names the column.
    #[must_use]
    pub fn option(self) -> &'static str {
        match self {
            Self::Replicate => "--replicate",
            Self::Method => "--method",
            Self::Estimand => "--estimand",
            Self::Condition => "--condition",
            Self::Estimate => "--estimate",
            Self::ModelSe => "--se",
            Self::Df => "--df",
            Self::Lower => "--lower",
            Self::Upper => "--upper",
            Self::TrueValue => "--true-column",
            Self::Null => "--null-column",
            Self::Status => "--status",
            Self::Detail => "--detail",
            Self::Warning => "--warning",
        }
    }

    /// What it holds, in a few words.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::Replicate => "the data set",
            Self::Method => "the method",
            Self::Estimand => "the estimand",
            Self::Condition => "the condition",
            Self::Estimate => "the estimate",
            Self::ModelSe => "the standard error",
            Self::Df => "the degrees of freedom",
            Self::Lower => "the lower limit",
            Self::Upper => "the upper limit",
            Self::TrueValue => "the true value",
            Self::Null => "the value that a test tries to reject",
            Self::Status => "the status",
            Self::Detail => "what went wrong",
            Self::Warning => "the warning",
        }
    }
}
