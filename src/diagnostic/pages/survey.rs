//! Pages of the numbers S04xx.

use super::Page;

/// In the order of their numbers.
pub(super) const PAGES: &[Page] = &[
    Page {
        code: "S0401",
        title: "A loss has a `kind` that is none.",
        text: "A `[[survey.loss]]` table says with `kind` how whole waves or single answers are lost: `dropout` (a person
leaves for good), `intermittent` (waves are missed, with return), `item_non_response` (single answers are missing),
`refusal`, `consent`, `site_loss`, `tracing`, `refreshment`, `delayed_entry`, `death`, `emigration` or `right_censoring`.
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
between waves, so only `probability` has a meaning. Right-censoring has a third way, `after_wave`, for an end that is the
same for all.

    wrong:  rate = 0.1
            probability = 0.1
    right:  probability = 0.1
",
    },
    Page {
        code: "S0407",
        title: "The number of a wave is none.",
        text: "Losses can happen from the second wave on, unless `from_wave` says other: a whole number from 1 to the number
of waves, or a formula of parameters with such a value. It cannot differ between persons. The same holds for the `wave`
of a refreshment, at which its persons enter, and for `after_wave` of right-censoring, the last wave that is observed.

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
        text: "Some mechanisms work on yes/no items, some on named levels, some on numbers; those that go by the time since an
onset work on yes/no states, since an attribute has none; `acquiescence` works on yes/no items, and with `to` on items
that have this level. Without `items` a mechanism works on every item that it suits, of which there must be one.

    wrong:  [[survey.answer]]
            kind = \"second_guessing\"
            items = [\"income\"]          # a number
    right:  [[survey.answer]]
            kind = \"second_guessing\"
            items = [\"earning_enough\"]  # yes or no
",
    },
    Page {
        code: "S0412",
        title: "A formula of a loss reads what it must not.",
        text: "A partner who leaves takes all persons of a site, so the formulas of `site_loss` can read only what is the
same for all of them: parameters, `wave`, `time`, `site` and random effects of sites. And `site_loss` needs sites: a
scenario without `[[site]]` has none. The formula `who` says which persons a design is about (`refreshment`,
`right_censoring`), so it must not change from wave to wave: it can read attributes, `group` and parameters, and the
site if nobody changes it.

    wrong:  [[survey.loss]]
            kind = \"site_loss\"
            rate = \"0.1 * exp(well)\"
    right:  [[survey.loss]]
            kind = \"site_loss\"
            rate = \"0.1 * exp(site_effect)\"
",
    },
    Page {
        code: "S0413",
        title: "There is nobody to trace.",
        text: "`tracing` finds persons again whom a loss of kind `dropout` or `intermittent` that stands before it in the
file has taken out of the wave. Without such a loss there is nobody to find. Whoever has refused, withdrawn, died or
emigrated is not traced.

    wrong:  [[survey.loss]]
            kind = \"tracing\"
            probability = 0.3
    right:  [[survey.loss]]
            kind = \"dropout\"
            rate = 0.1
            [[survey.loss]]
            kind = \"tracing\"
            probability = 0.3
",
    },
    Page {
        code: "S0414",
        title: "A loss that happens once is declared twice.",
        text: "A person is asked once whether to begin (`refusal`), enters once (`delayed_entry`), and has one consent. Two
probabilities for different persons are one formula.

    wrong:  [[survey.loss]]
            kind = \"refusal\"
            probability = 0.1
            [[survey.loss]]
            kind = \"refusal\"
            probability = 0.2
    right:  [[survey.loss]]
            kind = \"refusal\"
            probability = \"if(group == 'shelter', 0.1, 0.2)\"
",
    },
    Page {
        code: "S0415",
        title: "Consent goes by age, and there is no age.",
        text: "Adults consent and minors assent, and a minor who comes of age is asked anew. So a loss of kind `consent`
needs an attribute `age`, a number: the age at the start, to which the time since then is added.

    wrong:  [attributes]
            years = \"uniform(low = 12, high = 25)\"
    right:  [attributes]
            age = \"uniform(low = 12, high = 25)\"
",
    },
    Page {
        code: "S0416",
        title: "Losses stand in an order in which one undoes the other.",
        text: "Losses work in the order of the file. `refreshment` and `delayed_entry` decide who is in the study at all, so
no other loss of whole waves can stand before them: it would lose persons who are not there yet. `tracing` brings
persons back into a wave, so it stands before `site_loss`, `death`, `emigration` and `right_censoring`, which keep away
those, too, who are found.

    wrong:  [[survey.loss]]
            kind = \"dropout\"
            rate = 0.1
            [[survey.loss]]
            kind = \"refreshment\"
            group = \"second sample\"
            wave = 3
    right:  [[survey.loss]]
            kind = \"refreshment\"
            group = \"second sample\"
            wave = 3
            [[survey.loss]]
            kind = \"dropout\"
            rate = 0.1
",
    },
    Page {
        code: "S0417",
        title: "An effect of interviewers has not exactly one of `law` and `icc`.",
        text: "How much interviewers differ is said in one of two ways: by the `law` of their effects, or by `icc`, the share
of the variance of answers that lies between interviewers. For a yes/no item the rest of the variance is that of the
standard logistic law, pi^2/3, on the scale of log-odds, so the effects have variance icc / (1 - icc) * pi^2/3. For a
number the rest is the square of `residual_sd`. A share of 1 or more leaves nothing for the persons.

    wrong:  asker = { of = \"interviewer\", count = 4, law = \"normal(mean = 0, sd = 0.2)\", icc = 0.17 }
    right:  asker = { of = \"interviewer\", count = 4, icc = 0.17 }
    right:  asker = { of = \"interviewer\", count = 4, icc = 0.03, residual_sd = 12 }    # of a number
",
    },
    Page {
        code: "S0418",
        title: "The number of interviewers is not said, or said in two ways.",
        text: "One person comes to an interview, so all effects of interviewers are those of one team. Its size stands in
`[survey.team]`, or in `count` of the effects where there is no such table; sizes that disagree make no sense.

    wrong:  [effects]
            asker = { of = \"interviewer\", count = 4, icc = 0.17 }
            tester = { of = \"interviewer\", count = 5, icc = 0.03 }
    right:  [effects]
            asker = { of = \"interviewer\", icc = 0.17 }
            tester = { of = \"interviewer\", icc = 0.03 }
            [survey.team]
            count = 4
            stays = 0.8
",
    },
    Page {
        code: "S0419",
        title: "A circumstance of interviews is read and not declared.",
        text: "`trust`, `same_interviewer`, `others_present` and `stigma` have a value where the survey declares them:
`[survey.trust]`, `[survey.team]`, `others_present` of `[survey]`, and `stigma` of at least one item; the other items
have a stigma of 0. `stigma` is that of one item, so only an item's own formulas and `[[survey.answer]]` can read it.
`relation` is that of one comment: `positive` and `toward` of a `[[survey.comment]]` read it where the table has a
`relation`.

    wrong:  [[survey.answer]]
            kind = \"nondisclosure\"
            probability = \"0.1 + 0.3 * others_present\"
    right:  [survey]
            others_present = \"0.4 * (setting == 'community')\"
            [[survey.answer]]
            kind = \"nondisclosure\"
            probability = \"0.1 + 0.3 * others_present\"

    wrong:  [[survey.comment]]
            name = \"family\"
            count = \"poisson(mean = 0.6)\"
            positive = \"if(relation == 'mother', 0.8, 0.5)\"
    right:  [[survey.comment]]
            name = \"family\"
            count = \"poisson(mean = 0.6)\"
            relation = \"categorical(mother = 0.5, father = rest)\"
            positive = \"if(relation == 'mother', 0.8, 0.5)\"
",
    },
];
