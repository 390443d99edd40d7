//! Pages of the numbers S04xx.

use super::Page;

/// In the order of their numbers.
pub(super) const PAGES: &[Page] = &[
    Page {
        code: "S0401",
        title: "A loss has a `kind` that is none.",
        text: "A `[[survey.loss]]` table says with `kind` how whole waves or single answers are lost: `dropout` (a person
leaves for good), `intermittent` (a wave is missed, with return) or `item_non_response` (single answers are missing).
Correct the spelling. Wrong answers are no losses: they are declared under `[survey.items]`.

    wrong:  kind = \"attrition\"
    right:  kind = \"dropout\"
",
    },
    Page {
        code: "S0402",
        title: "A misclassification matrix has the wrong size, or a row that does not sum to 1.",
        text: "A matrix has a row for each true level and in it a probability for each reported level, both in the order in
which the state lists its levels. A person with the level of a row reports one of the levels, so each row sums to 1.
Rows with formulas are summed when the study runs, and R0002 tells the first that does not sum to 1.

    wrong:  setting = { matrix = [[0.9, 0.1], [0.05, 0.9]] }
    right:  setting = { matrix = [[0.9, 0.1], [0.05, 0.95]] }

    wrong:  setting = { matrix = [[\"1 - wrong\", 0.1], [0.05, 0.95]] }
    right:  setting = { matrix = [[\"1 - wrong\", \"wrong\"], [0.05, 0.95]] }
",
    },
    Page {
        code: "S0403",
        title: "A question is named that the survey does not or cannot ask.",
        text: "An item asks about an attribute or a state of the truth, so `[survey.items]` can only name these. What was
recorded, `reported(x)` and `recorded(x, wave = 1)`, and the `items` of a loss of kind \"item_non_response\" exist for
items only: where `[survey.items]` is there, these are the ones that it lists. Correct the spelling or add the item,
with `{}` where it is answered as it is.

    wrong:  [survey.items]
            earning = {}
            [[survey.loss]]
            kind = \"dropout\"
            probability = \"0.1 + 0.2 * reported(well)\"
    right:  [survey.items]
            earning = {}
            well = {}
            [[survey.loss]]
            kind = \"dropout\"
            probability = \"0.1 + 0.2 * reported(well)\"
",
    },
    Page {
        code: "S0404",
        title: "`recorded` needs the number of a wave.",
        text: "`recorded(x, wave = 1)` is the answer that stands for one wave, counted from 1 to the last wave of `[time]`;
the number is a number or a parameter. At that wave and before it there is no such answer yet, and none where the person
missed the wave: ask with `missing(...)`. The last answer before now, whatever its wave, is `reported(x)`.

    wrong:  probability = \"0.1 + 0.2 * recorded(well)\"
    right:  probability = \"0.1 + 0.2 * recorded(well, wave = 1)\"
    right:  probability = \"0.1 + 0.2 * reported(well)\"
",
    },
    Page {
        code: "S0405",
        title: "`mood` is read and not declared.",
        text: "The mood of an interview is a draw that its items share, so that a person who denies one thing tends to deny
another on the same day. It has the law that `[survey]` gives it; without a law there is none.

    wrong:  [survey.items]
            earning = { sensitivity = \"expit(0.5 + mood)\" }
    right:  [survey]
            mood = \"normal(mean = 0, sd = 0.5)\"
            [survey.items]
            earning = { sensitivity = \"expit(0.5 + mood)\" }
",
    },
    Page {
        code: "S0406",
        title: "A loss has a `rate` where there can be none.",
        text: "The chance of losing a wave is given in one of two ways: `probability` per wave, or `rate` per person-year,
which makes the probability 1 - exp(-rate * years between waves). Give one of them. With a single wave there is no time
between waves, so only `probability` has a meaning.

    wrong:  rate = 0.1
            probability = 0.1
    right:  probability = 0.1
",
    },
    Page {
        code: "S0407",
        title: "`from_wave` is not the number of a wave.",
        text: "Losses can happen from the second wave on, unless `from_wave` says other: a whole number from 1 to the number
of waves, or a formula of parameters with such a value. It cannot differ between persons.

    wrong:  from_wave = 0
    right:  from_wave = 1
",
    },
    Page {
        code: "S0408",
        title: "The number of interviewers is none.",
        text: "A random effect of interviewers has a value for each interviewer of a team, and each interview is done by one
of them, chosen at random with equal chances. `count` is their number, a whole number from 1 to 10000.

    wrong:  asker = { of = \"interviewer\", count = 0, law = \"normal(mean = 0, sd = 0.2)\" }
    right:  asker = { of = \"interviewer\", count = 4, law = \"normal(mean = 0, sd = 0.2)\" }
",
    },
    Page {
        code: "S0409",
        title: "A draw of the interview is read before there is an interview.",
        text: "The mood and the interviewer belong to an interview. Whether a wave is lost (`dropout`, `intermittent`), how
many visits there are and the law of the mood itself come before, so their formulas cannot read them. Items can, and so
can losses of kind \"item_non_response\". A mood that differs by interviewer is the sum of both, written where it is
read.

    wrong:  mood = \"normal(mean = asker, sd = 0.5)\"
            [survey.items]
            earning = { sensitivity = \"expit(mood)\" }
    right:  mood = \"normal(mean = 0, sd = 0.5)\"
            [survey.items]
            earning = { sensitivity = \"expit(asker + mood)\" }
",
    },
    Page {
        code: "S0410",
        title: "No mechanism of answers has this name.",
        text: "`kind` in `[[survey.answer]]` names a mechanism that works on an answer which is about to be given. The
mechanisms work one after another in the order of the file, after the item's own way of answering (`sensitivity`,
`specificity`, `matrix`, `error`).

    wrong:  [[survey.answer]]
            kind = \"guessing\"
            probability = 0.05
    right:  [[survey.answer]]
            kind = \"second_guessing\"
            probability = 0.05
",
    },
    Page {
        code: "S0411",
        title: "A mechanism of answers cannot work on this item.",
        text: "Some mechanisms work on yes/no items, some on named levels, some on numbers. Without `items` a mechanism works
on every item that it suits.

    wrong:  [[survey.answer]]
            kind = \"second_guessing\"
            items = [\"income\"]          # a number
    right:  [[survey.answer]]
            kind = \"second_guessing\"
            items = [\"earning_enough\"]  # yes or no
",
    },
    Page {
        code: "S0435",
        title: "Self-generated codes are too short for so many persons.",
        text: "Where persons share a code by chance, the team cannot tell them apart. With n persons and codes of which two
agree with probability q (one over the number of codes, if all are equally frequent) about n*(n-1)/2 * q pairs share a
code, and a share 1 - (1-q)^(n-1) of the persons has a code that somebody else has. More than half is an error, more
than a twentieth a warning. Add elements, take elements with more values, or join records `within` a group or site.

    wrong:  elements = [{ name = \"month of birth\", values = 12 }]
    right:  elements = [{ name = \"month of birth\", values = 12 }, { name = \"sisters\", weights = [5, 3, 1] },
                        { name = \"digits of the telephone\", values = 1000 }]
",
    },
    Page {
        code: "S0436",
        title: "The law of the error rate leaves [0, 1].",
        text: "`error` is the probability that a person gives one element of the code wrong at one interview: a formula, or a
law from which each person draws a rate of their own. Such a law must stay in [0, 1] whatever is drawn. A beta
distribution does; its mean is a / (a + b), and the smaller both are, the more the errors cluster in few persons.

    wrong:  error = \"normal(mean = 0.03, sd = 0.02)\"
    right:  error = \"beta(a = 0.4, b = 10.6)\"
",
    },
    Page {
        code: "S0437",
        title: "No linkage has this name.",
        text: "`kind` in `[survey.linkage]` says how the interviews of a person are joined: by \"numbers\" that the team gives,
or by \"codes\" that persons make for themselves. Without the table every record is one person.

    wrong:  [survey.linkage]
            kind = \"names\"
    right:  [survey.linkage]
            kind = \"numbers\"
            lost = 0.05
",
    },
    Page {
        code: "S0438",
        title: "The elements of a self-generated code make no code.",
        text: "A code has one element or more, each with a name of its own and either `values`, the number of its equally
frequent values, or `weights`, a number for each value; two values at least must be met. `allow` is the number of
elements that may differ between two codes that are joined, fewer than there are elements.

    wrong:  elements = [{ name = \"month of birth\", values = 1 }]
            allow = 1
    right:  elements = [{ name = \"month of birth\", values = 12 }, { name = \"sisters\", weights = [5, 3, 1] }]
            allow = 1
",
    },
    Page {
        code: "S0439",
        title: "The linkage has nothing to work on.",
        text: "`all_lost_at` lists waves from which nobody's number can be joined with the waves before, so each must have a
wave before it. `within = \"site\"` needs sites, and with numbers `within` needs a `false_match`.

    wrong:  all_lost_at = [1]
    right:  all_lost_at = [3]
",
    },
];
