//! Pages of the numbers S06xx.

use super::Page;

/// In the order of their numbers.
pub(super) const PAGES: &[Page] = &[
    Page {
        code: "S0601",
        title: "A method has a name in the catalogue.",
        text: "`method` in a [[method]] table names the kind of method. `eclosion methods` lists them; `name` is free
and may tell two tables of the same kind apart.

Wrong:

    [[method]]
    method = \"complete cases\"

Right:

    [[method]]
    name = \"complete cases\"
    method = \"complete_case\"
",
    },
    Page {
        code: "S0602",
        title: "A method that is asked for an estimand by name can answer it.",
        text: "Each method answers some quantities: `logistic` answers coefficients, `ipw` shares, means and
differences at one wave. It also needs to see what it reads: an item of the survey, a variable known from the start,
`group`. Parameters, random effects and latent variables are not seen, so a `where`, a `compare` or a model that
reads one cannot be worked out from the data. `eclosion methods NAME` prints what a method answers.

Wrong:

    [[method]]
    method = \"logistic\"
    estimands = [\"share in wave 5\"]        # a prevalence

Right:

    [[method]]
    method = \"available_case\"
    estimands = [\"share in wave 5\"]
",
    },
    Page {
        code: "S0603",
        title: "A method answers at least one estimand.",
        text: "Without `estimands` a method is asked for all that it can answer. If that is none, the table does
nothing, which is surely not meant: take it out, or add an estimand that it can answer.

Wrong: a scenario whose only estimand is a prevalence, with

    [[method]]
    method = \"regression\"

Right:

    [[estimand]]
    name = \"effect of the arm\"
    quantity = \"coefficient\"
    of = \"score\"
    wave = 3
    model = \"arm\"
    family = \"linear\"
    term = \"arm\"
",
    },
    Page {
        code: "S0604",
        title: "`estimands` of a method names estimands of the scenario.",
        text: "The names are those of the [[estimand]] tables, letter for letter.

Wrong:

    [[estimand]]
    name = \"share, wave 5\"

    [[method]]
    method = \"locf\"
    estimands = [\"share wave 5\"]

Right:

    estimands = [\"share, wave 5\"]
",
    },
    Page {
        code: "S0605",
        title: "A model is a right-hand side in R's notation.",
        text: "Terms are joined by `+`: `1` (nothing but the intercept, which is always there), a name,
`factor(name)` (a column for each value but the smallest), `a:b` (the product of two). Names are items, variables
known from the start, `group`, and in a dropout model `wave`. There is no `~`, no `*`, no function of a variable.

Wrong:

    dropout_model = \"responded ~ well * age\"

Right:

    dropout_model = \"well + age + well:age\"
",
    },
    Page {
        code: "S0606",
        title: "Weights are cut at a percentile and its mirror.",
        text: "`truncate` is a share from 0 to below 0.5: 0.01 cuts the weights at their 1st and 99th percentile,
taken over all records and waves. Leave it out to keep all weights as they are.

Wrong:

    truncate = 99

Right:

    truncate = 0.01
",
    },
    Page {
        code: "S0607",
        title: "A method is named by `method` or by `steps`, not by both.",
        text: "`method` names a method alone; `steps` names what is done before it, and the method last.

Wrong:

    [[method]]
    method = \"gee\"
    steps = [\"impute.mice\"]

Right:

    [[method]]
    steps = [\"impute.mice\", \"gee\"]
",
    },
    Page {
        code: "S0608",
        title: "`steps` names steps in order, and the method last.",
        text:
            "Each name is one of the steps that `eclosion methods` lists; the last may be a method. A step stands once.
The options of a step are in a table of its name.

Wrong:

    [[method]]
    steps = [\"gee\", \"impute.mice\"]

Right:

    [[method]]
    steps = [\"impute.mice\", \"gee\"]
    impute.mice = { m = 20 }
",
    },
    Page {
        code: "S0670",
        title: "The numbers of an imputation are counts, deltas or lists of estimates.",
        text:
            "`m` is a whole number from 2, `sweeps` and `donors` from 1. A `delta` is a number, or a table of numbers by
group. `mi_pool` wants lists of numbers, as many variances as estimates; `delta_tipping` counts of persons and pairs of
deltas.

Wrong:

    impute.mice = { m = 0.5, variables = [\"well\"] }

Right:

    impute.mice = { m = 20, variables = [\"well\"] }
",
    },
];
