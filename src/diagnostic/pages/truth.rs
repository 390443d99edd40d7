//! Pages of the numbers S03xx.

use super::Page;

/// In the order of their numbers.
pub(super) const PAGES: &[Page] = &[
    Page {
        code: "S0301",
        title: "The size of a group is not a whole number of at least 1.",
        text: r#"A group is simulated person by person, so its size is a whole number from 1 to 4000000000. It may be a
formula of parameters; under every condition it must come out whole. `floor(...)` rounds down.

Wrong:

    [[group]]
    name = "women"
    size = "0.25 * persons"            # 12.5 where persons is 50

Right:

    [[group]]
    name = "women"
    size = "floor(0.25 * persons)"
"#,
    },
    Page {
        code: "S0302",
        title: "Nothing says how a variable starts in a group.",
        text: r#"Every attribute and state has a value for every person from the start on. It is said once for all
(`starts` of a state, a law or formula in [attributes]), or in the `start` of every group; a group's own goes before
the common one. An attribute that stands in the `start` of one group only is missing in the others.

Wrong:

    [[group]]
    name = "women"
    size = 30
    start = { age = 14 }

    [[group]]
    name = "men"
    size = 30

Right:

    [[group]]
    name = "women"
    size = 30
    start = { age = 14 }

    [[group]]
    name = "men"
    size = 30
    start = { age = 13 }
"#,
    },
    Page {
        code: "S0303",
        title: "Levels that the variable does not have, or probabilities or a law that do not fit its levels.",
        text: r#"Levels are written exactly as in `levels`. Where `each_step` gives probabilities of levels, every
level has one, and one of them may be `rest`; without it they sum to 1. A state with named levels starts at a level or
by `categorical(...)`; a yes/no state starts with a probability or by `bernoulli(...)`, not by a law of other numbers.

Wrong:

    [state.setting]
    levels = ["shelter", "community"]
    starts = "sheltr"
    each_step = { shelter = 0.7 }
    per = "1 month"

Right:

    [state.setting]
    levels = ["shelter", "community"]
    starts = "shelter"
    each_step = { shelter = 0.7, community = "rest" }
    per = "1 month"
"#,
    },
    Page {
        code: "S0304",
        title: "A level that nobody can ever have.",
        text: r#"No group starts at this level and no move leads to it, so every quantity about it is empty. Most often
a move is missing or goes the wrong way.

Wrong:

    [state.setting]
    levels = ["shelter", "community", "abroad"]
    starts = "shelter"
    moves = [{ from = "shelter", to = "community", rate = 0.3 }]

Right:

    [state.setting]
    levels = ["shelter", "community", "abroad"]
    starts = "shelter"
    moves = [
        { from = "shelter", to = "community", rate = 0.3 },
        { from = "community", to = "abroad", rate = 0.01 },
    ]
"#,
    },
    Page {
        code: "S0305",
        title: "Sites that nobody can enter.",
        text: r#"The `setting` of a [[site]] is a level of the state called `setting`: who has this level is at one of
these sites. So there must be a state of this name, with named levels, and somebody must be able to reach the level.

Wrong:

    [[site]]
    setting = "refuge"
    count = 6

    [state.setting]
    levels = ["shelter", "community"]
    starts = "shelter"

Right:

    [[site]]
    setting = "shelter"
    count = 6

    [state.setting]
    levels = ["shelter", "community"]
    starts = "shelter"
"#,
    },
    Page {
        code: "S0306",
        title: "Variables that wait for each other.",
        text: r#"A bare name in a formula means the value of this very step, so it must be drawn before. Variables are
worked in an order in which that holds, wherever they stand in the file; where they read each other in a circle there
is none. For states that change, `lag(x)` reads the value of the last step and breaks the circle. A state's own last
value is `lag(x)` too.

Wrong:

    [state.well]
    starts = 0.5
    each_step = "expit(well + earning)"
    per = "1 month"

    [state.earning]
    starts = 0.5
    each_step = "expit(well)"
    per = "1 month"

Right:

    [state.well]
    starts = 0.5
    each_step = "expit(lag(well) + lag(earning))"
    per = "1 month"

    [state.earning]
    starts = 0.5
    each_step = "expit(well)"
    per = "1 month"
"#,
    },
    Page {
        code: "S0307",
        title: "An equation meant for another length of step.",
        text: r#"`each_step` draws a state anew in each step, and probabilities of moves among three or more levels are
those of one period: with twice as many steps the same formula is another study, and no conversion gives the first one
back. Rates have a meaning under any step, and so have the probabilities `on` and `off` of a yes/no state.

Wrong:

    [time]
    step = "1 week"
    waves = { every = "52 weeks", count = 5 }

    [state.well]
    starts = 0.5
    each_step = "expit(-0.5 + 1.5*lag(well))"
    per = "1 month"

Right:

    [time]
    step = "1 month"
    waves = { every = "1 year", count = 5 }

    [state.well]
    starts = 0.5
    each_step = "expit(-0.5 + 1.5*lag(well))"
    per = "1 month"
"#,
    },
    Page {
        code: "S0308",
        title: "A group says how something starts that is drawn elsewhere.",
        text: r#"Random assignment, random effects and attributes that are drawn together by a `multivariate_normal`
law have one law for all groups. Where groups shall differ, let the formula read `group`, or an attribute of the group.

Wrong:

    [attributes]
    "x, y" = "multivariate_normal(mean_x = 0, mean_y = 0, sd_x = 1, sd_y = 1, cor_x_y = 0.5)"

    [[group]]
    name = "women"
    size = 30
    start = { x = 1 }

Right:

    [attributes]
    "x, y" = "multivariate_normal(mean_x = centre, mean_y = 0, sd_x = 1, sd_y = 1, cor_x_y = 0.5)"

    [[group]]
    name = "women"
    size = 30
    start = { centre = 1 }
"#,
    },
    Page {
        code: "S0309",
        title: "Sites whose number cannot be used, or that leave open who is where.",
        text: r#"The number of sites is a whole number from 1 to 1000000, for each kind and for all of them together. A
[[site]] without `setting` has everybody, all the time, so it stands alone; several kinds each have a `setting`, and no
two have the same.

Wrong:

    [[site]]
    name = "school"
    count = 10

    [[site]]
    name = "clinic"
    count = 4

Right:

    [[site]]
    setting = "at school"
    count = 10

    [[site]]
    setting = "in treatment"
    count = 4
"#,
    },
    Page {
        code: "S0310",
        title: "Moves of one state that do not go together.",
        text: r#"All moves of a state compete within a step. Rates are turned into the probabilities of a step
together; probabilities are taken as they are, for one period. A mixture of both, or probabilities of different
periods, has no exact meaning.

Wrong:

    [state.earning]
    starts = 0.2
    on  = { rate = 0.3 }
    off = { probability = 0.05, per = "1 month" }

Right:

    [state.earning]
    starts = 0.2
    on  = { rate = 0.3 }
    off = { rate = 0.62 }              # -12 * log(1 - 0.05)
"#,
    },
    Page {
        code: "S0311",
        title: "A state changes in a study without steps.",
        text: r#"A scenario without [time] has one wave, at time 0, and no steps in which anything could change.

Wrong:

    [state.earning]
    starts = 0.2
    on = { rate = 0.3 }

Right:

    [time]
    step = "1 month"
    waves = { every = "1 year", count = 5 }

    [state.earning]
    starts = 0.2
    on = { rate = 0.3 }
"#,
    },
    Page {
        code: "S0312",
        title: "A random assignment that cannot be carried out.",
        text: r#"The shares of the arms are one for each arm and sum to 1; there are at most 255 arms. Blocked
assignment deals out the arms within each `group`, or among persons with the same value of an attribute that has named
levels or few values: within an attribute that hardly two persons share there is nothing to deal out.

Wrong:

    [assign.arm]
    kind = "blocked"
    shares = [0.5, 0.4]
    within = "age"                     # normal(mean = 17, sd = 2)

Right:

    [assign.arm]
    kind = "blocked"
    shares = [0.6, 0.4]
    within = "group"
"#,
    },
    Page {
        code: "S0313",
        title: "A reading of a name that it does not have.",
        text: r#"`lag(x)`, `since(x)` and `site_mean(x)` read states; attributes do not change, and their bare name is
enough. `since` needs yes/no or named levels, `site_mean` needs yes/no or a number, and sites. At the start (in
[attributes], `starts` and `start`) there is no last step, so none of them can be read.

Wrong:

    each_step = "expit(lag(age) + site_mean(setting))"
    per = "1 month"

Right:

    each_step = "expit(age + site_mean(earning))"
    per = "1 month"
"#,
    },
    Page {
        code: "S0314",
        title: "More than 255 groups, levels or arms.",
        text: r#"Groups, levels and arms are held as codes of one byte. Persons who differ by a number are better told
apart by an attribute, which may take any number of values.

Wrong:

    [[group]]                          # and 299 more
    name = "village 1"
    size = 20

Right:

    [[group]]
    name = "villagers"
    size = 6000

    [[site]]
    name = "village"
    count = 300
"#,
    },
    Page {
        code: "S0315",
        title: "A formula of the truth reads the survey.",
        text: r#"What happens to persons does not depend on what a survey records of them, so formulas of the truth
know neither `reported(x)`, `recorded(x, ...)`, `contacts`, `mood` and `wave` nor the effects of interviewers. Read the
true value, `time`, or the step before. Where being asked shall change persons, that belongs to the survey's formulas.

Wrong:

    [state.well]
    starts = 0.5
    each_step = "expit(0.3*wave + reported(well))"
    per = "1 month"

Right:

    [state.well]
    starts = 0.5
    each_step = "expit(0.3*time + lag(well))"
    per = "1 month"
"#,
    },
    Page {
        code: "S0316",
        title: "Waves that cannot be.",
        text: r#"The number of waves is a whole number from 1 to 60000, and the last wave lies at most 10 million steps
from the start. Every wave falls on a step.

Wrong:

    [time]
    step = "1 month"
    waves = { every = "1 year", count = "years / 2" }   # 2.5 where years is 5

Right:

    [time]
    step = "1 month"
    waves = { every = "1 year", count = "floor(years / 2)" }
"#,
    },
    Page {
        code: "S0317",
        title: "A move from a level to itself.",
        text: r#"Who does not move stays: staying has no rate of its own. For probabilities, what the moves leave is
the probability of staying.

Wrong:

    moves = [
        { from = "low", to = "low", probability = 0.9 },
        { from = "low", to = "high", probability = 0.1 },
    ]

Right:

    moves = [{ from = "low", to = "high", probability = 0.1 }]
"#,
    },
    Page {
        code: "S0318",
        title: "Two names of groups with the same hash.",
        text: r#"The draws of a person are found by a hash of the group's name, so that groups do not move each other's
draws. Of some thousand million pairs one has the same hash of 32 bits, and the persons of both would share all luck.
Any small change of one name is enough.

Wrong:

    [[group]]
    name = "group 59971"

    [[group]]
    name = "group 69757"

Right:

    [[group]]
    name = "group 59971"

    [[group]]
    name = "village 69757"
"#,
    },
];
