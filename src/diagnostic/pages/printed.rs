//! S10..: tables as a study prints them; R008.: published numbers beside simulated studies.

use super::Page;

/// The pages.
pub(super) const PAGES: &[Page] = &[
    Page {
        code: "S1001",
        title: "`waves` of [tables] are numbers of waves, in ascending order.",
        text: "\
Tables count the years that `waves` names; without it all waves count. A wave is counted from 1, as everywhere.

    [tables]
    waves = [2, 3, 4, 5]",
    },
    Page {
        code: "S1002",
        title: "A formula of a table reads what is of its own level, or above it.",
        text: "\
A person has years, a year has interviews, an interview has comments. A formula of persons cannot read an answer, since a
person gave many: a definition below says what is meant, and an aggregate says how many make one: `any`, `count`,
`total`, `first`, `last`, `longest` (years in a row), `at(x, wave = 4)`. A comment may read all that is above it.

    [tables.year]
    ill_at_end = \"ill\"                 # the answer that stands for the year

    [tables.person]
    ill_years = \"count(ill_at_end)\"
    long_ill = \"longest(ill_at_end) >= 2\"

So no condition on comments counts persons: comments are no persons. See S1007 for the one link between them.",
    },
    Page {
        code: "S1003",
        title: "Tables of comments need comments, and their coder.",
        text: "\
`theme`, `relation`, `positive` and `toward` are of comments that a coder marked. Without `coder` those of the first
coder count.

    [[survey.comment]]
    name = \"worry\"
    count = \"poisson(mean = 0.3)\"

    [[survey.coder]]
    name = \"first\"

    [tables]
    coder = \"first\"",
    },
    Page {
        code: "S1004",
        title: "A name in tables stands for one thing.",
        text: "\
A definition cannot have the name of another one, of a question, a parameter, of what is known of persons, or of a word
of the language; two cells cannot have the same id.

    [tables.year]
    told_ill = \"ill\"                   # not `ill`, which is the question",
    },
    Page {
        code: "S1005",
        title: "Definitions cannot read one another in a circle.",
        text: "\
Each definition is worked after those that it reads.

    [tables.interview]
    in_community = \"setting == 'community'\"

    [tables.year]
    community_year = \"any(in_community)\"",
    },
    Page {
        code: "S1006",
        title: "Rows and columns are named by ids, and there are not too many of them.",
        text: "\
Ids have letters, digits, `_` and dots. A cell is `TABLE.ROW.COLUMN`, or `TABLE.ROW` in a table without columns;
published numbers go by the same ids. `na` at a row names columns (at a column rows) where there can be no number.
`decimals` is a whole number from 0 to 9. All tables together have 100,000 cells at most.

    [[table]]
    id = \"t1\"
    column = [{ id = \"n\" }, { id = \"ill\", where = \"ill_years > 0\", na = [\"boys\"] }]
    row = [{ id = \"girls\", where = \"female\" }, { id = \"boys\", where = \"not female\" }]",
    },
    Page {
        code: "S1007",
        title: "A link between comments and persons is stated.",
        text: "\
A number of comments says nothing of a number of persons, since one person can make many. `link = \"at least one comment\"`
counts persons who made one or more for which the conditions of table, row and column hold, which are then read for
comments. There is no other link, and it counts persons only.

    { id = \"discriminated\", link = \"at least one comment\", where = \"theme == 'discrimination'\" }",
    },
];

/// Published numbers beside simulated studies.
pub(super) const RUNNING: &[Page] = &[
    Page {
        code: "R0080",
        title: "The scenario declares no tables.",
        text: "\
`tables`, `compare` and `calibrate` work with the tables that a scenario declares.

    [[table]]
    id = \"t1\"
    row = [{ id = \"persons\" }, { id = \"interviews\", count = \"interviews\" }]",
    },
    Page {
        code: "R0081",
        title: "There are no published numbers to compare with.",
        text: "\
A file of published numbers is named on the command line or in the scenario, and its cells have the ids of the
scenario's.

    [tables]
    published = \"published.toml\"        # beside the scenario

    eclosion compare study.toml --published published.toml",
    },
    Page {
        code: "R0082",
        title: "Most draws of the prior give no study.",
        text: "\
A fit needs simulated studies over all of its prior. Where more than half of the draws end with an error, such as a
probability above 1, the prior has values that the scenario cannot take: narrow it, or write the formula so that it can.

    [prior]
    share = \"beta(a = 1, b = 1)\"        # between 0 and 1, where a probability is meant",
    },
    Page {
        code: "R0083",
        title: "The fit cannot go on with these numbers.",
        text: "\
The message says what is missing: too few simulated studies for a regression, cells that never vary, distances that are
all infinite, as few particles within a tolerance as parameters, or fewer. More studies in the pilot and more particles
help, and so does a prior that gives different studies.

    eclosion calibrate study.toml --out fit --pilot 20000 --particles 2000",
    },
    Page {
        code: "R0084",
        title: "A fit was interrupted before it had a result.",
        text: "\
The pilot is kept when it is whole, and so is each generation, or each fit of a check. With `--resume` a fit goes on with
what is there; what was begun and not kept is done again, with the same result.

    eclosion calibrate study.toml --out fit --resume",
    },
    Page {
        code: "R0085",
        title: "A fit goes on only with what it began with.",
        text: "\
The folder of a fit says which scenario, published numbers, seed, size of the pilot, number of particles and version it
belongs to. With others the draws would be of no one distribution. Limits may differ: more generations, a lower share of
accepted moves, more studies. Fits of a check (`--check`) must all be of one kind, so there the limits are part of it;
only their number may differ.

    eclosion calibrate study.toml --out fit --resume --generations 20
    eclosion calibrate study.toml --out fit --force                 # begins anew",
    },
    Page {
        code: "R0086",
        title: "A fit needs parameters that can vary.",
        text: "\
`[prior]` names the parameters to be fitted, each with the law of its values before the published numbers are known.

    [prior]
    leaving = \"uniform(low = 0.05, high = 1)\"
    lost = \"beta(a = 1, b = 9)\"",
    },
];
