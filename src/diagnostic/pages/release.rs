//! Pages of the numbers S0420 to S0429: the table `[release]`.

use super::Page;

/// In the order of their numbers.
pub(super) const PAGES: &[Page] = &[
    Page {
        code: "S0420",
        title: "A list of `[release]` names nothing, or one thing twice.",
        text: "`formats` and `shape` say in which forms the tables are written: each form once, and at least one. Without
the key the usual ones are written: CSV and Parquet, long and wide.

    wrong:  formats = []
    wrong:  formats = [\"csv\", \"csv\"]
    right:  formats = [\"csv\", \"parquet\"]
",
    },
    Page {
        code: "S0421",
        title: "A label or unit is given to a name that is no variable.",
        text: "`labels` and `units` of `[release]` go to columns of the data, and these come from attributes (those that a
group's `start` declares among them), assignments and states. A parameter or a random effect is no column. Correct the
spelling, or leave the line out.

    wrong:  [release.labels]
            wel = \"satisfied and happy on the whole\"
    right:  [release.labels]
            well = \"satisfied and happy on the whole\"
",
    },
    Page {
        code: "S0422",
        title: "A label or unit is not one line of words.",
        text: "A label stands beside a column in codebooks, in the labels of Stata and SPSS, and in the metadata of files. It
is a few words without a line break. A variable without a label gets its name with spaces in place of `_`.

    wrong:  [release.labels]
            well = \"\"
    right:  [release.labels]
            well = \"satisfied and happy on the whole\"
",
    },
];
