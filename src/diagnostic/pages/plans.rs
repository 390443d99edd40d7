//! S08..: plans of `eclosion analyze`.

use super::Page;

/// The pages.
pub(super) const PAGES: &[Page] = &[
    Page {
        code: "S0801",
        title: "A column has one meaning.",
        text: "\
Each key of [data] names other columns: a column cannot be the number of the person and an answer at once. Columns that
are not named are answers.

Wrong:

    [data]
    id = \"person\"
    baseline = [\"person\", \"age\"]

Right:

    [data]
    id = \"person\"
    baseline = [\"age\"]
",
    },
    Page {
        code: "S0802",
        title: "A plan names a method.",
        text: "`eclosion analyze` does what the [[method]] tables of the plan say, as a scenario would.

    [[method]]
    method = \"panel_descriptives\"
    items = [\"well\"]
",
    },
    Page {
        code: "S0803",
        title: "A method must have something to say.",
        text: "\
Some methods report on the columns that their options name, others answer estimands only. A method that does neither of
these data, or whose options name columns that are not there, is an error.

Wrong:

    [[method]]
    method = \"locf\"                     # answers estimands only

Right:

    [[estimand]]
    name = \"well at wave 5\"
    quantity = \"prevalence\"
    of = \"well\"
    wave = 5

    [[method]]
    method = \"locf\"
",
    },
];
