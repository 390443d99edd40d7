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
        text: "Terms are joined by `+`: a name, `factor(name)` (a column for each value but the smallest), `a:b` (the product of
two), `a * b` (both and their product), `log(a)`, `I(a^2)`. Names are items, variables known from the start, `group`, and
in a dropout model `wave`. A dropout model has no offset, no random term such as `(1 | id)`, no spline and no `lag`.

Wrong:

    dropout_model = \"well + (1 | site)\"

Right:

    dropout_model = \"well * age + factor(site)\"
",
    },
    Page {
        code: "S0606",
        title: "Weights are cut at a percentile and its mirror, or at two weights.",
        text: "`truncate` is a share from 0 to below 0.5: 0.01 cuts the weights at their 1st and 99th percentile,
taken over all records and waves. `trim` names the two weights themselves, the lower one first. One of them is enough;
leave both out to keep all weights as they are.

Wrong:

    truncate = 99
    trim = [10, 0.1]

Right:

    truncate = 0.01

or

    trim = [0.1, 10]
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
        code: "S0620",
        title: "Waves are counted from 1.",
        text: "An option that names a wave is a whole number from 1.

Wrong:

    [[method]]
    method = \"mcnemar\"
    of = \"well\"
    from = 0

Right:

    from = 1
",
    },
    Page {
        code: "S0621",
        title: "Counts that are given must be possible.",
        text: "A method that is given counts needs whole numbers from 0, in each table no more counted than there are,
and lists of the same length. p values are between 0 and 1.

Wrong:

    [[method]]
    method = \"two_proportions\"
    tables = [{ x1 = 15, n1 = 14, x2 = 3, n2 = 14 }]

Right:

    tables = [{ x1 = 7, n1 = 14, x2 = 3, n2 = 14 }]
",
    },
    Page {
        code: "S0622",
        title: "What is counted is a column or is given, not both.",
        text: "`of` names a column whose answers are counted; `tables`, `x` and so on hold counts made elsewhere. One of
them is needed. `compare` names two conditions on records.

Wrong:

    [[method]]
    method = \"two_proportions\"
    compare = [\"arm == 1\"]

Right:

    of = \"well\"
    compare = [\"arm == 1\", \"arm == 0\"]
",
    },
    Page {
        code: "S0623",
        title: "Margins are totals of one population.",
        text: "Each margin of `weight.rake` has as many totals as levels, numbers from 0, and the totals of all margins have
the same sum: they count the same population.

Wrong:

    margins = [
      { variable = \"arm\", levels = [0, 1], totals = [50, 50] },
      { variable = \"site\", levels = [\"a\", \"b\"], totals = [0.3, 0.7] },
    ]

Right:

      { variable = \"site\", levels = [\"a\", \"b\"], totals = [30, 70] },
",
    },
    Page {
        code: "S0640",
        title: "Interviews are linked by fields.",
        text: "`fields` of a step such as `link.exact` is a list. An entry is a name, whose values must be equal, or a table with
`name` and how near values must be: `within` for numbers, `similarity` and `at_least` for texts. Several limits
make several levels of agreement.

Wrong:

    fields = [{ name = \"last\", at_least = 0.9 }]

Right:

    fields = [\"site\", { name = \"last\", similarity = \"jaro_winkler\", at_least = 0.9 }]
",
    },
    Page {
        code: "S0641",
        title: "An option of a linkage has a value that cannot be used.",
        text: "The message says what is wanted: numbers in their range, lists of the same length, one of two options that
exclude each other.

    [[method]]
    steps = [\"link.fellegi_sunter\", \"available_case\"]
    link.fellegi_sunter = { thresholds = [0, 6] }
",
    },
    Page {
        code: "S0660",
        title: "What a method is given in place of data makes sense.",
        text: "Some methods take counts, shares or tables as options. Counts are not negative, probabilities are from 0
to 1, sizes of samples are above 0, waves are counted from 1, tables have as many rows as columns. What is compared is
named in one way: items at a wave, one item at several waves, or counts.

Wrong:

    [[method]]
    method = \"kappa\"
    tables = [[[10, 3], [2]]]

Right:

    [[method]]
    method = \"kappa\"
    tables = [[[10, 3], [2, 13]]]
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
    Page {
        code: "S0680",
        title: "A cell that a method reads is in the tables.",
        text: "`printed` reads cells of the tables that the study prints, [[table]]. A cell is TABLE.ROW.COLUMN, or TABLE.ROW in
a table without columns; `eclosion tables` prints them.

Wrong:

    [[method]]
    method = \"printed\"
    cell = \"partners\"
    of = \"assessment\"

Right:

    [[method]]
    method = \"printed\"
    cell = \"partners.rc_2013\"
    of = \"assessment.female_rc\"
",
    },
    Page {
        code: "S0681",
        title: "Comments are no persons, and no share of persons follows from them.",
        text: "One person can make many comments, another none. A share of persons is read from cells that count persons, such as
those with at least one comment. Comments among persons are refused always. Comments among comments, years and interviews
are taken for persons only where the method says so, since that is an assumption, and a strong one.

Wrong:

    [[method]]
    method = \"printed\"
    cell = \"t11.community.female_rc.community.comments\"
    of = \"t11.community.female_rc.n\"

Right:

    [[method]]
    method = \"printed\"
    cell = \"t11.community.female_rc.community.individuals\"
    of = \"t11.community.female_rc.n\"

Said plainly:

    [[method]]
    method = \"printed\"
    cell = \"t9.spouse_partner.rc.negative\"
    of = [\"t9.spouse_partner.rc.negative\", \"t9.spouse_partner.rc.positive\"]
    link = \"comments stand for persons\"
",
    },
    Page {
        code: "S0682",
        title: "A share is made of counts of one kind.",
        text: "The cells that `printed` adds count persons, or all of them something else. Means, least and greatest values and
numbers of the design are no counts. One percentage may stand alone under `cell`; `of` then names the cell with the
number of those whom it is a percentage of.

Wrong:

    [[method]]
    method = \"printed\"
    cell = \"t1.female_rc.age_mean\"
    of = \"t1.female_rc.n\"

Right:

    [[method]]
    method = \"printed\"
    cell = \"partner.1plus.female_rc.negative\"
    of = \"partner.1plus.female_rc.n\"
",
    },
];
