//! Pages of the numbers F00xx.

use super::Page;

/// In the order of their numbers.
pub(super) const PAGES: &[Page] = &[
    Page {
        code: "F0001",
        title: "No record has what the method needs.",
        text: "Nobody answered where the method looks: at the wave, at all waves up to it (`complete_case`), or nobody
fulfils the estimand's `where`. The row has no estimate, and its performance says how often that happened. Ask for an
earlier wave, or make groups larger or losses smaller, if it happens often.

    where = \"age > 60\"        # nobody in a group that starts at 17
    where = \"age > 20\"
",
    },
    Page {
        code: "F0002",
        title: "There are too few records for what is asked.",
        text: "A mean of one record has no standard error; a Welch comparison needs two records in each group; a
regression needs more records than coefficients; `hc2` and `hc3` need every record to leave its fit to others as well
(leverage below 1). Larger groups or a smaller model mend it.

    model = \"factor(site) + factor(age)\"     # 30 coefficients, 28 records
    model = \"age\"
",
    },
    Page {
        code: "F0003",
        title: "The outcome, or a predictor, has one value only.",
        text: "Everybody gave the same answer, so there is no spread to reckon a standard error or a slope from. For a
rare outcome in a small study this is common: a share with a Wilson or exact interval, or `difference = \"newcombe\"`,
still has an answer then.

    [[method]]
    method = \"complete_case\"
    difference = \"welch\"        # fails when nobody in either group says yes
    difference = \"newcombe\"     # does not
",
    },
    Page {
        code: "F0004",
        title: "Columns of a model are combinations of each other.",
        text: "The named column follows exactly from the ones before it, so their coefficients cannot be told apart.
Leave one of them out.

    model = \"age + birth_year\"    # in one calendar year these say the same
    model = \"age\"
",
    },
    Page {
        code: "F0005",
        title: "The outcome is perfectly predicted: complete separation.",
        text: "Some combination of the predictors is positive for every yes and negative for every no. The likelihood
rises for ever, no finite estimate exists, and a number printed by software that does not notice is where its
iterations happened to stop. No estimate is returned. Fewer predictors or more records mend it.

    model = \"group + age + site\"    # 15 records, 4 of them yes
    model = \"group\"
",
    },
    Page {
        code: "F0006",
        title: "Part of the outcome is perfectly predicted: quasi-complete separation.",
        text: "Some combination of the predictors never points the wrong way and points the right way for some
records, as when nobody in one group said yes. The coefficients involved have no finite estimate, and none is returned.
In a dropout model it means that a kind of person always stayed or always left.

    dropout_model = \"factor(age) + well\"    # an age at which nobody left
    dropout_model = \"age + well\"
",
    },
    Page {
        code: "F0007",
        title: "The iterations ended before they converged.",
        text: "A finite best fit exists, but the steps towards it did not become small: the model is nearly collinear,
or a predictor has values so large that rounding drowns the rest. Measure it from its middle, in larger units.

    model = \"income\"            # 12000, 45000, ...
    model = \"income_thousands\"
",
    },
    Page {
        code: "F0008",
        title: "A group that is to be compared is empty.",
        text: "Nobody who answered fulfils one of the two conditions of `compare`. Either the condition names a level
that does not occur, or everybody in it was lost.

    compare = [\"arm == 2\", \"arm == 0\"]    # two arms only
    compare = [\"arm == 1\", \"arm == 0\"]
",
    },
    Page {
        code: "F0009",
        title: "A value is not finite.",
        text: "An answer, a weight or the estimate itself is infinite or not a number, usually because a law of the
scenario gives numbers beyond what can be held. Look at the laws of the variables that the method reads.

    income = \"log_normal(meanlog = 10, sdlog = 500)\"
    income = \"log_normal(meanlog = 10, sdlog = 0.5)\"
",
    },
    Page {
        code: "F0010",
        title: "The method panicked.",
        text: "This is a defect of the program, not of the scenario. The row is kept, so that the other rows of a long
run are not lost, and counts as a failed fit. Please report it with the scenario, the seed and the number of the
replicate, which together give the data set on which it happened.
",
    },
    Page {
        code: "F0011",
        title: "An estimated correlation is not positive definite.",
        text: "The correlations between the waves, each estimated from the persons seen at both, do not go together: no
answers could have them all at once. That happens with few persons, many waves, or one strong outlier. A correlation
with fewer parameters suits, or, if you say so, the method takes it by itself where it must.

    [[method]]
    method = \"gee\"
    correlation = \"unstructured\"
    fall_back = \"exchangeable\"
",
    },
    Page {
        code: "F0012",
        title: "The likelihood is greatest at the edge of what the model allows.",
        text: "With an identity or log link a probability can leave 0 to 1 and a rate can fall below 0; where the best
fit lies at that edge, its errors mean nothing. For negative binomial counts the edge is an infinite theta: the counts
vary no more than Poisson counts do. Use a link without an edge, or the simpler model.

    family = \"binomial\"
    link = \"log\"           # a group in which everybody says yes
    link = \"logit\"
",
    },
    Page {
        code: "F0013",
        title: "A limit by the profile of a likelihood does not exist.",
        text: "The likelihood hardly changes however far the coefficient is taken to one side, so no value is refused
there. The data say nothing about that side. Fewer predictors or more records mend it.

    model = \"event ~ group + age + site\"    # 15 records
    model = \"event ~ group\"
",
    },
    Page {
        code: "F0014",
        title: "A cell is empty.",
        text:
            "A ratio of shares needs somebody at the level in both groups, and an odds ratio also somebody who is not:
otherwise the ratio is 0, infinite or undefined, and so is the standard error of its logarithm. The detail names the
counts. For an odds ratio a half can be added to each cell; larger groups or a difference do without.

    [[method]]
    method = \"available_case\"
    ratio = \"haldane\"
",
    },
    Page {
        code: "F0015",
        title: "The fit was made elsewhere and has no estimate.",
        text: "In a table that `eclosion performance` reads, a row is a failed fit where its estimate is empty or its status
is not one of `ok`, `1`, `true` and `converged`. A status that is the name of another kind, such as `not_converged`,
keeps that kind. If your status says 0 where all is well, give the column other words or leave it out with `--ignore`:

    eclosion performance estimates.csv --true 0.5 --ignore status
",
    },
    Page {
        code: "F0016",
        title: "The fit took longer than a fit may take.",
        text: "A fit that is still at work when its time is over, or that never ends, is a failed row, and the study goes on
without it. The time is 10 minutes unless the scenario says otherwise. It is the one failure that depends on the machine:
on a faster one, or one with less other work, the same fit may end in time. Where fits are meant to be slow, give them
longer; `\"none\"` waits for ever.

    [study]
    time_limit = \"2 hours\"
",
    },
];
