//! Pages of the numbers S05xx.

use super::Page;

/// In the order of their numbers.
pub(super) const PAGES: &[Page] = &[
    Page {
        code: "S0501",
        title: "An estimand is about a variable of the truth, and there is none of this name.",
        text: "True values are reckoned from true histories: states, attributes and random effects, latent ones
included. Parameters, items of the survey and laws are no variables of the truth. `group` and `site` can be used in
conditions and models, but no quantity can be about them.

    of = \"earnings\"      # wrong, if the state is called `earning`
    of = \"earning\"       # right",
    },
    Page {
        code: "S0502",
        title: "A number of waves is a whole number of at least 1.",
        text: "Waves are counted from 1. A formula of parameters may stand for a wave, but its value must be whole.

    wave = 0             # wrong: the first wave is wave 1
    wave = \"last / 2\"    # wrong, if `last` is 5
    wave = 3             # right
    waves = [1, 2, 3]    # right, for a coefficient over several waves",
    },
    Page {
        code: "S0503",
        title: "An estimand asks for a wave that the study has not.",
        text: "The number of waves stands under `[time]`, as `waves = { every = \"1 year\", count = 5 }`. Raise `count`, or
ask for an earlier wave. If `count` or the wave is a formula of parameters, every condition must fit.

    wave = 6             # wrong with `count = 5`
    wave = 5             # right",
    },
    Page {
        code: "S0504",
        title: "The level does not fit the variable.",
        text: "A share is the share of one level. For a variable with named levels `level` says which. For a yes/no
variable it is always yes, and the share of `no` is one minus that. A number has no levels.

    of = \"setting\"                       # wrong: which level?
    of = \"setting\"
    level = \"community\"                  # right",
    },
    Page {
        code: "S0505",
        title: "The quantity cannot be asked of this kind of variable.",
        text: "`prevalence`, `ever`, `years`, `transition` and `cooccurrence` ask for a level: the variable must be yes/no or
have named levels. `mean` asks for a number or for yes/no (then it is a share). `transition` needs a state: attributes
never change.

    quantity = \"prevalence\"
    of = \"score\"                         # wrong: a number
    quantity = \"mean\"
    of = \"score\"                         # right",
    },
    Page {
        code: "S0506",
        title: "A transition goes forward in time.",
        text: "`from` is the earlier wave and `to` the later one. `direction` says whether persons enter the level or
leave it; exchanging the waves does not.

    from = 3
    to = 2                               # wrong
    from = 2
    to = 3
    direction = \"leaving\"                # right",
    },
    Page {
        code: "S0507",
        title: "More waves are asked for than count.",
        text: "`years` is the share of persons who are at the level in `at_least` of the waves up to and including `by`.
With `at_least` greater than `by` that is nobody, whatever happens.

    by = 3
    at_least = 4                         # wrong
    by = 5
    at_least = 4                         # right",
    },
    Page {
        code: "S0508",
        title: "The truth of an estimand is given twice.",
        text: "Estimates are compared with the value in the population (`target = \"population\"`, also when nothing is
written), with the value among the simulated persons themselves (`target = \"cohort\"`), or with a known number
(`true_value`). Only one of them can be meant.

    target = \"cohort\"
    true_value = -0.5                    # wrong
    true_value = -0.5                    # right: a known number alone",
    },
    Page {
        code: "S0510",
        title: "A difference compares two sets of persons.",
        text: "`compare` is a list of two conditions. The value is the mean where the first holds minus the mean where the
second holds. They may overlap, and persons in neither are left out.

    compare = [\"arm == 1\"]               # wrong: compared with what?
    compare = [\"arm == 1\", \"arm == 0\"]   # right",
    },
    Page {
        code: "S0511",
        title: "The model of a coefficient cannot be read.",
        text: "A model is written in R's notation: an outcome and `~`, which may be left out, and terms joined by `+`. A term
is a name, `factor(name)` (one 0/1 column for each level but the first), a number such as `log(x)` or `I(x^2)`, or a
product `a:b`; `a * b` is `a + b + a:b`. Variables with named levels are factors of themselves; `factor` of a number
needs a number with few values. The intercept is in the model unless it is taken away with `- 1`. Random terms such as
`(1 | id)`, offsets, and splines, whose columns depend on the data, are for methods, and have no true coefficient.

    model = \"arm + age +\"              # wrong: a term is missing
    model = \"arm * ns(age, 3)\"         # wrong: the spline depends on the data
    model = \"arm * age\"                # right",
    },
    Page {
        code: "S0512",
        title: "The model has no coefficient of this name.",
        text: "`term` names one coefficient: a number by its name, a level by the term and the level, a product as it is
written in the model, the intercept as `1` or `(Intercept)`. A factor with several columns has no single coefficient.

    model = \"factor(dose) + age\"
    term = \"factor(dose)\"                # wrong, if there are three doses
    term = \"factor(dose)10\"              # right: dose 10 against the lowest",
    },
    Page {
        code: "S0513",
        title: "A number of an estimand must be finite.",
        text: "`null` and `true_value` are compared with estimates: infinity or an undefined value cannot be.

    true_value = \"log(risk)\"             # wrong while `risk` is 0
    true_value = \"log(risk)\"             # right with `risk` above 0 in every condition",
    },
    Page {
        code: "S0514",
        title: "A binomial regression needs a yes/no outcome.",
        text: "A logistic regression, or one with another link of the binomial family, is of shares. For an outcome with
named levels say which `level` counts as yes; for a number use `linear`, for a count `poisson`.

    of = \"score\"
    family = \"logistic\"                  # wrong: a number
    family = \"linear\"                    # right",
    },
    Page {
        code: "S0515",
        title: "The true value of a finding is given.",
        text: "`quantity = \"finding\"` asks for an estimate that a method names in its report, such as a kappa. What it
should be cannot be worked out from the true histories, so the scenario says it.

    quantity = \"finding\"
    finding = \"kappa\"
    true_value = 0.6                     # must be there",
    },
];
