//! Pages of the numbers S01xx.

use super::Page;

/// In the order of their numbers.
pub(super) const PAGES: &[Page] = &[
    Page {
        code: "S0101",
        title: "A key that its table does not know.",
        text: r#"A misspelt key would otherwise be left out in silence, and the study would not be the one you meant. The help
names the nearest key that is known there, or lists them all.

Wrong:

    [time]
    stp = "1 month"
    waves = { every = "1 year", count = 5 }

Right:

    [time]
    step = "1 month"
    waves = { every = "1 year", count = 5 }
"#,
    },
    Page {
        code: "S0102",
        title: "A value of the wrong kind.",
        text: r#"Formulas, laws, names and lengths of time are text in quotation marks; numbers may be written as numbers; a table
is written `{ key = value }` or under a header of its own; tables of which there can be several have two brackets.

Wrong:

    [attributes]
    score = [0, 1]

Right:

    [attributes]
    score = "normal(mean = 0, sd = 1)"
"#,
    },
    Page {
        code: "S0103",
        title: "A key that must be there is not.",
        text: r#"Nothing is filled in for you where the choice belongs to the study. Each parameter needs a sentence (`about`) and
the place where its value comes from; `source = "assumed"` is an honest answer.

Wrong:

    [parameters]
    lost = { value = 0.05, about = "yearly dropout" }

Right:

    [parameters]
    lost = { value = 0.05, about = "yearly dropout", source = "assumed" }
"#,
    },
    Page {
        code: "S0104",
        title: "A word that is not among those that the key takes.",
        text: r#"Some keys take one word of a short list. The help names the nearest word, or the whole list.

Wrong:

    [assign.arm]
    kind = "completely"

Right:

    [assign.arm]
    kind = "complete"
"#,
    },
    Page {
        code: "S0105",
        title: "A name that formulas could not read.",
        text: r#"Parameters, attributes, assignments, random effects and states are read by name in formulas. A name is a letter
(a to z, A to Z), then letters, digits and `_`. Groups, sites, levels, estimands and methods may be named freely.

Wrong:

    [attributes]
    "body mass" = "normal(mean = 25, sd = 4)"

Right:

    [attributes]
    body_mass = "normal(mean = 25, sd = 4)"
"#,
    },
    Page {
        code: "S0106",
        title: "A name that already means something in formulas.",
        text: r#"Taken are `time`, `wave`, `group`, `site`, `site_effect`, `contacts`, `mood`, `true`, `false`, `yes`, `no`, `rest`,
`and`, `or`, `not` and the functions of formulas (`if`, `exp`, `log`, `expit`, `logit`, `sqrt`, `abs`, `min`, `max`,
`floor`, `missing`, `lag`, `since`, `site_mean`, `reported`, `recorded`). Names of laws, such as `beta`, are free.

Wrong:

    [attributes]
    mood = "normal(mean = 0, sd = 1)"

Right:

    [attributes]
    cheer = "normal(mean = 0, sd = 1)"
"#,
    },
    Page {
        code: "S0107",
        title: "A name that stands for two things.",
        text: r#"In a formula a name stands for one thing: parameters, attributes, assignments, random effects and states share
their names. Groups, sites, estimands and methods must each have names of their own, since output names them. The help
says where the other one is. Two methods of one kind are told apart by `name`.

Wrong:

    [attributes]
    well = "bernoulli(p = 0.5)"

    [state.well]
    starts = 0.5

Right:

    [attributes]
    well_at_birth = "bernoulli(p = 0.5)"

    [state.well]
    starts = 0.5
"#,
    },
    Page {
        code: "S0108",
        title: "A length of time that cannot be understood.",
        text: r#"A length of time is a number and a unit in quotation marks: day(s), week(s), month(s) or year(s). A month is
1/12 year, a week 7/365.25 year, a day 1/365.25 year. A step must be longer than nothing. The time that a fit may take,
`time_limit`, is in second(s), minute(s) or hour(s), longer than nothing too, or `"none"`.

Wrong:

    [time]
    step = 1
    waves = { every = "12 mths", count = 5 }

Right:

    [time]
    step = "1 month"
    waves = { every = "12 months", count = 5 }
"#,
    },
    Page {
        code: "S0109",
        title: "A number outside its range.",
        text: r#"`seed` is a whole number from 0 to 18446744073709551615, `replicates` one from 1 to 1000000000, `confidence` a
number between 0 and 1.

Wrong:

    [study]
    confidence = 95

Right:

    [study]
    confidence = 0.95
"#,
    },
    Page {
        code: "S0110",
        title: "A text that is not TOML.",
        text: r#"A scenario is a TOML file (toml.io): `key = value` on a line of its own, text in quotation marks, tables under
headers. All such errors are listed at once; what the tables mean is looked at when the text can be read. Often the
place where reading failed comes a little after the slip, such as a quotation mark or bracket that is not closed.

Wrong:

    [attributes]
    score = normal(mean = 0, sd = 1)

Right:

    [attributes]
    score = "normal(mean = 0, sd = 1)"
"#,
    },
    Page {
        code: "S0111",
        title: "A file that cannot be read.",
        text: r#"The file is not there, is a directory, may not be read, or is larger than 1024 KiB. `extends` names a file relative
to the file in which it stands, not to the directory in which the program was started.
"#,
    },
    Page {
        code: "S0112",
        title: "A file that is not UTF-8.",
        text: r#"Scenario files are text in the encoding UTF-8, which most editors write unless told otherwise. The place shown is
the first byte that is not. Old editors on Windows may write Latin-1 or UTF-16: save the file again as UTF-8.
"#,
    },
    Page {
        code: "S0113",
        title: "Tables or lists that are nested too deep or are too long.",
        text: r#"No part of a scenario is nested more than 5 deep. At 16 the program stops reading, as it does for a table of more
than 2000 entries and a list of more than 10000, so that a damaged file does no harm. A bracket that is not closed is
the usual reason.
"#,
    },
    Page {
        code: "S0114",
        title: "A value that no part of a scenario takes.",
        text: r#"Dates, `inf` and `nan` are valid TOML, but no key of a scenario takes them: times are counted from the start of the
study, and numbers are finite.

Wrong:

    [attributes]
    ceiling = inf

Right:

    [attributes]
    ceiling = 100
"#,
    },
    Page {
        code: "S0115",
        title: "Files that extend one another in a circle.",
        text: r#"`extends = "base.toml"` lays this file over that one. If that one, itself or through others, extends this one,
there is no lowest file to begin with. Move what they share into a file that extends none of them.
"#,
    },
    Page {
        code: "S0116",
        title: "A chain of `extends` that is too long.",
        text: r#"At most 8 files are laid over one another. More layers cannot be kept in mind by a reader of the study: write the
scenario out, or vary a parameter with [[vary]] in place of a further file.
"#,
    },
    Page {
        code: "S0117",
        title: "The version of the language is missing or unknown.",
        text: r#"`scenario = 1` on the first line says which version of the language the file is written in, so that a later version
of the program can still read it as it was meant. A file that extends another one need not repeat it.

Wrong:

    scenario = 2

Right:

    scenario = 1
"#,
    },
    Page {
        code: "S0118",
        title: "Waves that do not fall on steps.",
        text: r#"The truth is known at steps only, so the time to the first wave and the time between waves are whole numbers of
steps (to within 1e-9). A year is 12 months, and 52.18 weeks: with weekly steps, space waves by weeks.

Wrong:

    [time]
    step = "1 week"
    waves = { every = "1 year", count = 5 }

Right:

    [time]
    step = "1 week"
    waves = { every = "52 weeks", count = 5 }
"#,
    },
    Page {
        code: "S0119",
        title: "A name that is empty, or a list of names that is empty or names something twice.",
        text: r#"Levels are told apart by their names: each has one, and no two have the same. Where there are no named levels,
leave out `levels`.

Wrong:

    [assign.arm]
    kind = "simple"
    levels = ["control", "treated", "treated"]

Right:

    [assign.arm]
    kind = "simple"
    levels = ["control", "treated", "treated twice"]
"#,
    },
    Page {
        code: "S0120",
        title: "Keys that cannot stand beside one another.",
        text: r#"Some things are said in one way or another, never in both: a `rate` per person-year or a `probability` with the time
it is meant for; a state that is drawn anew at `each_step` or one that moves; `on` and `off` for yes and no or `moves`
between named levels. The same goes for keys that belong to one kind only, such as `within` for blocked assignment and
`count` for the effect of interviewers.

Wrong:

    [state.well]
    on = { rate = 0.2, probability = 0.1 }

Right:

    [state.well]
    on = { rate = 0.2 }
"#,
    },
];
