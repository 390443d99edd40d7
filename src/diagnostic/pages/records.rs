//! Pages of the numbers S0430 to S0449: trust, linkage, instrument, comments, analysis sets.

use super::Page;

/// In the order of their numbers.
pub(super) const PAGES: &[Page] = &[
    Page {
        code: "S0430",
        title: "`[survey.trust]` reads or adds what cannot be known.",
        text: "Trust begins with `start`, which is drawn before there is any trust. It can grow by `same_interviewer` only
where somebody keeps account of who comes: that is `[survey.team]`.

    wrong:  [survey.trust]
            start = 0
            same_interviewer = 0.2
    right:  [survey.trust]
            start = 0
            same_interviewer = 0.2
            [survey.team]
            count = 4
            stays = 0.8
",
    },
    Page {
        code: "S0431",
        title: "A seam effect is declared, and there is one interview in a wave.",
        text: "The mechanism `seam` repeats the answer of the interview before in the same wave, so that changes show between
waves only. With one interview in a wave there is nothing to repeat. Declare several, or leave the mechanism out.

    wrong:  [time]
            step = \"1 month\"
            waves = { every = \"1 year\", count = 5 }
            [[survey.answer]]
            kind = \"seam\"
            probability = 0.6
    right:  [time]
            step = \"1 month\"
            waves = { every = \"1 year\", count = 5 }
            visits = \"constant(value = 3)\"
            [[survey.answer]]
            kind = \"seam\"
            probability = 0.6
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
