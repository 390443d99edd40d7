//! Plans of many methods.

pub const ESTIMANDS: &str = r#"
[[estimand]]
name = "share"
quantity = "prevalence"
of = "well"
wave = 3
[[estimand]]
name = "mean"
quantity = "mean"
of = "score"
wave = 3
[[estimand]]
name = "difference"
quantity = "difference"
of = "score"
wave = 2
compare = ["arm == 1", "arm == 0"]
[[estimand]]
name = "slope"
quantity = "coefficient"
of = "score"
wave = 2
model = "arm + age"
term = "age"
family = "linear"
[[estimand]]
name = "log odds"
quantity = "coefficient"
of = "well"
wave = 2
model = "arm + age"
term = "arm"
family = "logistic"
"#;

/// Methods that do not draw.
pub const METHODS: &str = r#"
[[method]]
method = "available_case"
[[method]]
method = "complete_case"
[[method]]
method = "locf"
[[method]]
method = "difference_in_means"
[[method]]
method = "ipw"
dropout_model = "well"
errors = "estimated_weights"
[[method]]
method = "aipw"
dropout_model = "well"
lags = 1
[[method]]
method = "gcomputation"
lags = 1
[[method]]
method = "regression"
model = "score ~ arm + age + factor(wave)"
cluster = "house"
[[method]]
method = "gee"
model = "score ~ arm + age + factor(wave)"
[[method]]
name = "gee of well"
method = "gee"
model = "well ~ arm + age"
correlation = "ar1"
[[method]]
method = "glm"
model = "well ~ arm + age"
[[method]]
method = "logistic"
model = "well ~ arm + age"
[[method]]
method = "firth"
model = "well ~ arm + age"
[[method]]
method = "mvn_em"
variables = ["score"]
[[method]]
method = "icc"
of = "score"
[[method]]
method = "kappa"
items = ["well", "again"]
wave = 1
[[method]]
method = "krippendorff_alpha"
of = "score"
[[method]]
method = "proportion"
of = "well"
[[method]]
method = "two_proportions"
of = "well"
compare = ["arm == 1", "arm == 0"]
[[method]]
method = "exact_2x2"
of = "well"
compare = ["arm == 1", "arm == 0"]
[[method]]
method = "mcnemar"
of = "well"
[[method]]
method = "bounds"
item = "well"
[[method]]
method = "recanting"
item = "well"
[[method]]
method = "panel_descriptives"
items = ["well", "again"]
[[method]]
method = "simple_missing"
outcome = "score"
binary = "well"
group = "arm"
"#;

/// Methods whose draws go by the order of the file.
pub const DRAWING: &str = r#"
[[method]]
name = "samples"
steps = ["bootstrap"]
bootstrap = { replicates = 40, statistic = { kind = "mean", var = "score" } }
[[method]]
name = "samples of a fit"
steps = ["bootstrap", "mvn_em"]
estimands = ["mean"]
bootstrap = { replicates = 40, interval = "normal" }
[[method]]
name = "imputed"
steps = ["impute.mice", "available_case"]
estimands = ["share", "mean"]
impute.mice = { variables = ["score", "well"], m = 2, sweeps = 2 }
"#;

/// Errors by clusters, in which the two halves of a person are together.
pub const WEIGHTED: &str = r#"
[[estimand]]
name = "slope"
quantity = "coefficient"
of = "score"
wave = 2
model = "arm + age"
term = "age"
family = "linear"
[[estimand]]
name = "arm"
quantity = "coefficient"
of = "well"
wave = 2
model = "arm + age"
term = "arm"
family = "logistic"
[[method]]
name = "linear"
method = "regression"
cluster = "house"
errors = "cr1"
[[method]]
name = "marginal"
method = "gee"
model = "score ~ arm + age"
correlation = "independence"
cluster = "house"
[[method]]
name = "log odds"
method = "logistic"
cluster = "house"
[[method]]
name = "counted"
method = "glm"
cluster = "house"
"#;

pub const DIFFERENCES: &str = r#"
[[method]]
method = "available_case"
[[method]]
method = "complete_case"
[[method]]
method = "locf"
[[method]]
method = "difference_in_means"
[[method]]
method = "regression"
errors = "hc2"
[[method]]
method = "gee"
[[method]]
method = "ipw"
dropout_model = "score"
"#;
