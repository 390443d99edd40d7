//! Pages of the numbers W00xx.

use super::Page;

/// In the order of their numbers.
pub(super) const PAGES: &[Page] = &[
    Page {
        code: "W0001",
        title: "Another model was fitted than the one asked for.",
        text: "The data did not allow it: the working correlation of `gee` could not be estimated and `fall_back`
names another one, or predictors of an imputation model said the same as those before them and were left out. The
estimate is kept, and its row names the warning. Leave out what the data cannot tell apart, or ask for the simpler
model at once, so that all replicates are fitted alike.

    correlation = \"unstructured\"     # 20 persons, 6 waves
    fall_back = \"exchangeable\"
    correlation = \"exchangeable\"     # the same model in every replicate
",
    },
    Page {
        code: "W0002",
        title: "The estimate lies at or beyond the edge of what it can be.",
        text: "Nobody or everybody said yes, an intraclass correlation is 0 or less, a corrected share left the range
of 0 to 1, or a kappa is 1. The standard error that belongs to it is 0 or means nothing, and intervals of the kind
estimate plus and minus some errors have no width. Choose an interval that does without, and larger groups if it
happens often.

    [[method]]
    method = \"complete_case\"
    interval = \"wald\"             # from 0 to 0 where nobody says yes
    interval = \"wilson\"           # from 0 to 0.16 for 0 of 20
",
    },
    Page {
        code: "W0003",
        title: "The interval is undefined.",
        text: "There is an estimate and no interval: all bootstrap samples agree, none of them lies below the estimate
(`bca`), the estimates without each record are all the same, or the information about a mean has no inverse. The row
counts in bias and not in coverage. Another kind of interval, or more records, mend it.

    [[method.steps]]
    step = \"bootstrap\"
    interval = \"bca\"              # 12 records
    interval = \"percentile\"
",
    },
    Page {
        code: "W0004",
        title: "Some bootstrap samples gave no estimate and were left out.",
        text: "The method failed in samples of the data set though not in the data set itself, for instance since
nobody of a small group was drawn. Errors and intervals rest on the other samples, which are not a random part of all:
what fails is most often extreme. Larger groups or a method that does not fail mend it.

    method = \"logistic\"           # separated in one sample of ten
    method = \"firth\"              # always has an estimate
",
    },
    Page {
        code: "W0005",
        title: "Fitted probabilities are numerically 0 or 1, or fitted rates are 0.",
        text: "A linear predictor is so large that its probability cannot be told from 0 or 1 (nearer than 10 times
2^-52, as in R's `glm`). The outcome is not separated, so there is a finite estimate, but some records have no part in
its errors, often since a predictor has values far from all others. Bring it to a scale on which it is spread evenly.

    model = \"income\"              # one person earns a thousand times the others
    model = \"log(income)\"
",
    },
    Page {
        code: "W0006",
        title: "An imputation model was separated and was fitted with pseudo-rows.",
        text: "The observed answers were perfectly predicted, so that the model of what is missing had no finite
estimate. A few rows of little weight were added to it (White, Daniel and Royston 2010,
doi:10.1016/j.csda.2010.04.005), which draws probabilities away from 0 and 1. Fewer predictors make it unnecessary;
`augment = \"never\"` makes it a failure.

    variables = [{ name = \"y\", predictors = [\"age\", \"site\", \"arm\"] }]    # 25 records
    augment = \"never\"
",
    },
    Page {
        code: "W0007",
        title: "A weight is extreme.",
        text: "A weight for dropout is above 20, so that the probability of still answering behind it is below 0.05;
or a raked weight is above 20 times the mean one. The estimate hangs on few persons, and its standard error is hardly
to be trusted. Fewer predictors of dropout, stabilised weights or weights that are cut suit.

    [[method]]
    method = \"ipw\"
    dropout_model = \"well + factor(age)\"
    truncate = 0.01
",
    },
    Page {
        code: "W0008",
        title: "No two yes/no answers can have the working correlation.",
        text: "Two answers with probabilities p and q can be correlated within limits only, which are narrow where p
and q are far apart (Prentice 1988, doi:10.2307/2531733). The estimated working correlation is outside of them for
some pair of answers. The coefficients remain consistent, but the model that the naive errors rest on does not exist;
use robust ones, or another correlation.

    correlation = \"exchangeable\"     # 2 of 100 yes at wave 1, 60 of 100 at wave 5
    correlation = \"ar1\"
",
    },
    Page {
        code: "W0009",
        title: "Counts are too small for the normal approximation.",
        text: "A Wald interval takes the share, or the difference of two shares, for normal. With fewer than 5 yes or
5 no, or fewer than 5 expected in a cell of the two groups, it is not (R's `chisq.test` and `prop.test` warn there).
Intervals that are made for small counts raise no warning.

    difference = \"wald\"           # 2 of 20 against 5 of 22
    difference = \"newcombe\"
",
    },
    Page {
        code: "W0010",
        title: "A limit of the interval was cut at the edge of what can be.",
        text: "As reckoned it lay below 0 or above 1 (below -1 for a difference). The interval that is printed is
narrower than the one the formula gave, and its width is too small in the measure `mean_ci_width`. Intervals that keep
to the range by themselves need no cutting.

    interval = \"agresti_coull\"    # 1 of 20: from -0.01, cut to 0
    interval = \"wilson\"           # from 0.009
",
    },
    Page {
        code: "W0011",
        title: "The program that made the fit warned of it.",
        text: "In a table that `eclosion performance` reads, a column `warning` says of which fits its program warned:
its cell is empty, `0`, `false`, `no`, `none` or `ok` where it did not. A cell that is the name of another kind, such
as `fitted_at_edge`, keeps that kind. The fit counts in all measures, and in the measure `warnings`.

    eclosion performance estimates.csv --true 0.5 --warning message
",
    },
];
