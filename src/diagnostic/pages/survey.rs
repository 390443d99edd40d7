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
        code: "S0440",
        title: "A question is never asked, or comments are never made.",
        text: "`from_wave` and `to_wave` are the first and the last wave at which an item is asked or a theme is commented on,
both included: a change of instrument. Without them it is every wave. `asked` is true for those who are asked; where it
is false whatever happens, the item is of no use.

    wrong:  debt = { from_wave = 4, to_wave = 2 }
    right:  debt = { from_wave = 2, to_wave = 4 }
",
    },
    Page {
        code: "S0441",
        title: "What is recorded without asking is no answer to the item.",
        text: "`otherwise` is recorded of those whom a skip pattern leaves out: the number of children of somebody who never
was pregnant is 0 without asking. It is one of the item's levels, yes or no, or a number, and it goes with `asked`.
Without `otherwise` those who are not asked have no answer.

    wrong:  pay = { otherwise = 0 }
    right:  pay = { asked = \"reported(employed)\", otherwise = 0 }
",
    },
    Page {
        code: "S0442",
        title: "A theme or a coder has no name of its own.",
        text: "Themes and coders are told apart by their names, in the tables of the study as well as in the draws.

    wrong:  [[survey.comment]]
            name = \"debt\"
            count = \"poisson(mean = 0.2)\"
            [[survey.comment]]
            name = \"debt\"
            count = \"poisson(mean = 0.1)\"
    right:  [[survey.comment]]
            name = \"debt\"
            count = \"poisson(mean = 0.3)\"
",
    },
    Page {
        code: "S0443",
        title: "There is nothing to code.",
        text: "Coders mark comments with themes. A survey with coders needs a `[[survey.comment]]`, and one at least must be a
theme: those with `theme = false` are what is said besides, which no coder should mark.

    wrong:  [[survey.coder]]
            name = \"A\"
            sensitivity = 0.8
    right:  [[survey.comment]]
            name = \"debt\"
            count = \"poisson(mean = 0.2)\"
            [[survey.coder]]
            name = \"A\"
            sensitivity = 0.8
",
    },
    Page {
        code: "S0444",
        title: "A coder knows a theme that is not there.",
        text: "`sensitivity` and `specificity` of a coder are one probability for all themes, or a table with one for each theme
that it names and 1 for the others.

    wrong:  sensitivity = { dept = 0.8 }     # the theme is called debt
    right:  sensitivity = { debt = 0.8 }
",
    },
    Page {
        code: "S0445",
        title: "There is no analysis set of this name.",
        text: "`needs` of a `[[survey.set]]` names a set that stands before it in the file, `set` of a `[[method]]` any set.

    wrong:  [[method]]
            method = \"complete_case\"
            set = \"asessed\"
    right:  [[method]]
            method = \"complete_case\"
            set = \"assessed\"
",
    },
    Page {
        code: "S0446",
        title: "An analysis set says twice who is in it, or not at all.",
        text: "Either `probability`, drawn once for each person when the survey is over, or `where`, true for those who are in
the set. To draw among some only, write `if(...)` in the probability, or `needs` another set.

    wrong:  [[survey.set]]
            name = \"assessed\"
            probability = 0.9
            where = \"contacts > 0\"
    right:  [[survey.set]]
            name = \"assessed\"
            probability = \"if(contacts > 0, 0.9, 0)\"
",
    },
    Page {
        code: "S0447",
        title: "There are too many themes, relations or coders.",
        text: "At most 250 tables `[[survey.comment]]`, 250 relations through all themes and 50 coders. A codebook with more
themes is better simulated in parts.

    wrong:  relation = \"categorical(r1 = 0.001, r2 = 0.001, ...)\"   # 1000 relations
    right:  relation = \"categorical(mother = 0.4, partner = 0.4, other = rest)\"
",
    },
    Page {
        code: "S0448",
        title: "A law of comments draws what comments cannot have.",
        text: "`count` is a law of whole numbers of at least 0, `relation` a `categorical` law whose levels are the relations.
More than 255 comments on one theme in one interview stop the study when it runs (R0002).

    wrong:  count = \"normal(mean = 2, sd = 1)\"
    right:  count = \"poisson(mean = 2)\"
",
    },
];
