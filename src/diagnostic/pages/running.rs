//! Pages of the numbers R00xx.

use super::Page;

/// In the order of their numbers.
pub(super) const PAGES: &[Page] = &[
    Page {
        code: "R0001",
        title: "A formula of the truth gave a value that cannot be used.",
        text: "\
A formula was checked when the scenario was read, but for this person at this step its value is not a number, or lies
outside the range that it must have: a probability outside 0 and 1, a negative rate, a standard deviation below 0. The
study stops, because a value that is quietly cut off would be another study.

Formulas of probabilities are safest in a shape that cannot leave the range:

    each_step = \"0.3 + 0.2*score\"              # above 1 for a high score
    each_step = \"expit(-0.8 + 1.1*score)\"      # always between 0 and 1

`min(1, ...)` and `max(0, ...)` say that cutting off is meant. A logarithm or a root of something that can be 0 or
negative, and a division by something that can be 0, give no number.",
    },
    Page {
        code: "R0002",
        title: "A formula of the survey gave a value that cannot be used.",
        text: "While the survey ran, a formula gave for one person a probability outside of 0 to 1, a rate below 0, an
argument that its law does not take, a number of visits that is not a whole number from 0 to 255, or no value at all
(NaN). The message names formula, value, person, group, replicate and wave. Persons who are away do not count.

A value is most often missing because a formula reads an answer that was not given, or reads at the first wave what
there is only later: `reported(x)`, `recorded(x, wave = 1)` and `lag(x)`. Say with `missing(...)` or `wave` what holds
then.

    wrong:  probability = \"0.1 + 0.2 * reported(well)\"
    right:  probability = \"if(missing(reported(well)), 0.2, 0.1 + 0.2 * reported(well))\"

    wrong:  sensitivity = \"0.7 + 0.2 * lag(well)\"
    right:  sensitivity = \"if(wave == 1, 0.7, 0.7 + 0.2 * lag(well))\"

Where the value lies outside of its range, cut it off or choose a form that stays within it.

    wrong:  sensitivity = \"0.5 + frailty\"
    right:  sensitivity = \"expit(logit(0.5) + frailty)\"
",
    },
    Page {
        code: "R0010",
        title: "A method refused its estimand when it was bound to it.",
        text: "\
`eclosion check` finds such pairs before anything runs, so this is a defect of the program; please report it with the
scenario. Until it is mended, name for the method only estimands that it can answer:

    [[method]]
    method = \"ipw\"
    estimands = [\"well, wave 5\"]",
    },
    Page {
        code: "R0011",
        title: "The study is too large.",
        text: "\
A study of more than 100 million data sets or a thousand million estimates is refused, since such a number is mostly a
slip of the pen. Memory is not the reason: above a million estimates they are kept in a temporary folder on disk, or in
the store that was asked for.

The Monte Carlo error of a coverage of 95 % is 0.7 percentage points with 1,000 replicates and 0.2 with 10,000: more
replicates than that are seldom worth their time.

    replicates = 1000000000      # refused
    replicates = 10000",
    },
    Page {
        code: "R0012",
        title: "The threads could not be started.",
        text: "\
The system refused to start as many threads as were asked for. No result depends on their number:

    eclosion evaluate scenario.toml --threads 2",
    },
    Page {
        code: "R0013",
        title: "Too many fits have overrun their time and are still at work.",
        text: "\
A fit that overruns `time_limit` is a failed row, and its thread is left behind, since a thread cannot be stopped from
outside. Those that never end take the processor from the rest, so the study ends when 32 of them are at work at once.
The message names the method that most of them belong to: it loops on these data, or needs more time than it is given.
Leave it out, make it quicker (fewer resamples, a simpler model) or give it longer. What is done is kept in the store, if
there is one; `--resume` goes on from there.

    [study]
    time_limit = \"2 hours\"      # or \"none\"",
    },
    Page {
        code: "R0020",
        title: "The folder for the tables is not empty.",
        text: "\
Tables of an earlier run, or files that have nothing to do with it, are in the folder. So that nothing is lost, it is
left as it is.

    eclosion evaluate scenario.toml --out results             # refused if `results` has something in it
    eclosion evaluate scenario.toml --out results-2           # another folder
    eclosion evaluate scenario.toml --out results --force     # replaces files of the same names, and no others",
    },
    Page {
        code: "R0021",
        title: "A file cannot be written.",
        text: "\
The words after the name of the file are those of the system: no space is left, the folder may not be written to, a part
of the path is a file. Files are written under other names and get their own only when all of them are complete and on
the disk, so no half-written table has been left.

The folder is tried before the study starts. If the disk became full while it ran, make room and run it again: the same
scenario and seed give the same tables. With a store, what was done is still there:

    eclosion evaluate study.toml --store results --resume

A study of more than a million estimates keeps them in the system's folder for temporary files. The environment chooses
another one:

    TMPDIR=/large/disk eclosion evaluate study.toml",
    },
    Page {
        code: "R0030",
        title: "A condition of an estimand is neither true nor false for a person.",
        text: "\
`where` and `compare` choose persons, and for this one the formula has no value: it divides by 0, takes the logarithm or
root of something negative, or compares with such a number. Whether the person counts is then not known.

    where = \"log(score) > 1\"                      # no value for a score below 0
    where = \"score > 2.718\"                       # the same persons, always a value",
    },
    Page {
        code: "R0040",
        title: "A demand of the scenario does not hold.",
        text: "\
`eclosion evaluate --check` compares the performance measures with each `[[expect]]` table and exits with 1 if one
does not hold, so that a continuous integration notices. The measures that the demand reads are printed with their
Monte Carlo standard errors. A measure that is undefined (no replicate gave an estimate) holds nothing.

A demand without room for Monte Carlo error fails by chance:

    that = \"bias == 0\"                            # never holds
    that = \"abs(bias) <= 3 * bias_mcse\"           # fails by chance in 3 of 1,000 unbiased methods
    that = \"abs(bias) <= 0.01 + 3 * bias_mcse\"    # lets a small bias pass however many replicates there are

A true value that was reckoned from a large cohort has an error of its own, which a bias inherits. With many replicates
it counts:

    that = \"abs(bias) <= 3 * sqrt(bias_mcse^2 + true_value_mcse^2)\"",
    },
    Page {
        code: "R0041",
        title: "A demand matches nothing in the study.",
        text: "\
No method, estimand and condition has what the `[[expect]]` table names, so nothing was checked; that counts as a demand
that does not hold. Mostly the method cannot answer the estimand, or `--set` left the condition out.

    [[expect]]
    method = \"weighted\"
    condition = { lost = 0.05 }      # `values` of the [[vary]] of `lost` must have 0.05
    that = \"abs(bias) <= 3 * bias_mcse\"",
    },
    Page {
        code: "R0042",
        title: "A demand names something that is no performance measure.",
        text: "\
The formula of an `[[expect]]` reads performance measures by the names of the table `performance`, each also with
`_mcse` for its Monte Carlo standard error, and besides them `true_value`, `true_value_mcse` and `confidence`.

    that = \"error < 0.01\"                                # there is no measure `error`
    that = \"abs(bias) < 0.01\"
    that = \"abs(coverage - confidence) <= 3 * coverage_mcse\"

`mcse(coverage)` is another way to write `coverage_mcse`, and `power` another name of `rejection`.",
    },
    Page {
        code: "R0044",
        title: "A demand asks for the worst case of a measure that has none.",
        text: "\
`among = \"worst\"` counts each failed fit, and each without an interval, as the worst that it could have been: an
interval that misses the true value, a test that does not reject. A bias or a spread has no worst case, as a failed
estimate could have been off by any amount.

    [[expect]]
    among = \"worst\"
    that = \"abs(bias) < 0.01\"                              # no worst case

    [[expect]]
    among = \"worst\"
    that = \"coverage >= 0.9\"

    [[expect]]
    among = \"common\"                                      # replicates in which all methods gave an estimate
    that = \"abs(bias) < 0.01\"",
    },
    Page {
        code: "R0045",
        title: "A demand on precision reads a Monte Carlo error.",
        text: "\
`--until`, and `until` in `[precision]` of a scenario, adds replicates until a demand holds. More replicates make Monte
Carlo errors smaller; they do not make a bias smaller, nor a coverage better, so a demand on these alone may never hold.
Measures and their errors have the names that `[[expect]]` knows.

    --until \"mcse(coverage) <= 0.005 and mcse(bias) <= 0.01\"
    --until \"mcse(bias) <= 0.1 * empirical_se\"
    --until \"bias < 0.1\"                       # refused

    [precision]
    until = \"mcse(coverage) <= 0.005\"
    max_replicates = 20000",
    },
    Page {
        code: "R0046",
        title: "A budget is a length of time.",
        text: "\
A number and a unit: seconds, minutes or hours. The study ends with the batches that are at hand then, so how many
replicates are done depends on the machine; what each of them gives does not.

    --budget \"10 minutes\"

    [precision]
    budget = \"10 minutes\"",
    },
    Page {
        code: "R0047",
        title: "A search is for one method and one estimand.",
        text: "\
Where a scenario has several methods or estimands, each reaches its target at another design. Name one of each; the
message lists those that there are.

    eclosion solve study.toml --vary group.size --between 20..400 --for \"power >= 0.8\" --method ipw",
    },
    Page {
        code: "R0048",
        title: "The measure of a search is defined at every value.",
        text: "\
At one of the values the measure could not be reckoned: power needs an estimand with `null`, coverage a method that
gives intervals, and a spread two fits that did not fail. A range without the values at which fits fail, or more
replicates of a look, may help.

    [[estimand]]
    quantity = \"difference\"
    null = 0                                  # what a test tries to reject",
    },
    Page {
        code: "R0049",
        title: "A name that the printed table does not have.",
        text: "\
`--sort`, `--where`, `--group-by` and `--measures` read the table of performance. A row has `condition` (its number),
`estimand`, `method`, the factors by name, `replicates`, `failed`, the measures, and `mcse(measure)`, which can also be
written `bias_mcse`. A factor whose name is no name in a formula has underscores in it: `group_size` for `group.size`.
Where a factor is called like a measure, `factor_NAME` is the factor. Names of estimands, methods and levels stand in
quotation marks.

    eclosion evaluate study.toml --where \"method == 'ipw' and coverage < 0.93\"
    eclosion evaluate study.toml --sort \"-abs(bias), mcse(bias)\" --group-by estimand
    eclosion evaluate study.toml --measures bias,covrage      # did you mean `coverage`?",
    },
    Page {
        code: "R0050",
        title: "There is no table of answers in the folder.",
        text: "\
`eclosion describe` reads `data/answers` of a release, or `answers` or `observed` in the folder itself, as `.csv` or
`.parquet` (the latter goes first). Name the folder, not the file. Other forms (JSON Lines, Arrow) are not read: write
the tables as CSV or Parquet.

    eclosion simulate scenario.toml --out cohort
    eclosion describe cohort                         # reads cohort/observed.parquet
    eclosion describe cohort/observed.parquet        # refused: this is a file",
    },
    Page {
        code: "R0051",
        title: "A table cannot be read.",
        text: "\
The words after the name of the file say why: it may not be opened, it is damaged, it is not UTF-8, or a line of it has
more or fewer cells than the line of names. Columns of Parquet files must hold numbers, yes/no or texts.

    record,wave,well
    a,1,yes,1              # one cell too many: refused
    a,1,yes

CSV may be separated by commas, semicolons or tabulators; the line of names tells which.",
    },
    Page {
        code: "R0052",
        title: "A table lacks a column.",
        text: "\
The answers need `record` (a code of your own for each person) and `wave` (a whole number), with a row for each record
and wave. All further columns but `replicate`, `years`, `attended`, `group` and `site` are items. A wide table (a column
for each item and wave) must be made long before.

    id;well_2011;well_2012           # refused
    record;wave;well
    a;1;yes
    a;2;no

`persons` needs `record`, `visits` needs `record` and `wave`, `comments` needs `record`, `wave`, `comment` (its number),
`coder` and `theme`.",
    },
    Page {
        code: "R0053",
        title: "There are two rows where there can be one.",
        text: "\
The answers have one row for each record and wave, and `persons` has one for each record. Which of two is right, the
program cannot know. Two interviews in a wave belong into the table `visits`; the answers hold what stands for the wave.
Several simulated data sets in one table are told apart by the column `replicate`. A release with errors of data entry
(`dirty`) has rows twice on purpose, and is counted after it has been cleaned.

    record,wave,well
    a,1,yes
    a,1,no                 # refused
    a,2,no",
    },
    Page {
        code: "R0054",
        title: "A cell of a table is not what its column holds.",
        text: "\
`record` must not be empty; `replicate`, `wave`, `visit` and `comment` are whole numbers; `attended` is 0 or 1 (or no
and yes, false and true). A `wave` with more than 1,000 values, or more than 60 coders or themes, mean that the column
holds something else.

    record,wave,attended
    a,2011-03-01,here      # refused
    a,1,1",
    },
    Page {
        code: "R0060",
        title: "A person has one row at a wave.",
        text: "\
A table for `eclosion analyze` has a row for each person and wave. Two rows of the same person at the same wave would
have to be joined by a rule that nobody has stated: keep one of them, or number the waves apart.

    id,wave,well
    1,1,0
    1,1,1                            # refused",
    },
    Page {
        code: "R0061",
        title: "A cell is what [data] says of its column.",
        text: "\
The column `wave` holds 1, 2, 3 and so on; `attended` holds 0 and 1; `years` a number; `weight` a number from 0;
`id`, `group` and `site` are there for every person. Other texts that stand for no answer are listed under `missing`.

    [data]
    wave = \"wave\"
    missing = [\"-9\", \"refused\"]",
    },
    Page {
        code: "R0062",
        title: "A column can be used as [data] says.",
        text: "\
Names of columns are different, and a column of levels (groups, sites, what is known from the start) has at most 254 of
them. A column of many different texts, such as names, can be kept to link records by it:

    [data]
    fields = [\"first_name\", \"year_of_birth\"]",
    },
];
