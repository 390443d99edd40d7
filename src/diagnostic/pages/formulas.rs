//! Pages of the numbers S02xx.

use super::Page;

/// In the order of their numbers.
pub(super) const PAGES: &[Page] = &[
    Page {
        code: "S0201",
        title: "The text is not a formula.",
        text: "A formula is made of numbers, names, names of levels in quotation marks, `+ - * / ^`, the comparisons
`== != < <= > >=`, `and or not`, `if(condition, a, b)` and the functions exp, log, expit, logit, sqrt, abs, min, max,
floor and missing. The caret stands where the text stops being one. Often a bracket is not closed, a `*` is missing, or
`=` is written for `==`: a single `=` only gives the argument of a law or an accessor its value. Comparisons do not
chain, since `a < b < c` means different things in different languages.

    wrong:  each_step = \"0.2 + 0.1(age - 15)\"
    right:  each_step = \"0.2 + 0.1*(age - 15)\"

    wrong:  where = \"wave = 3\"
    right:  where = \"wave == 3\"

    wrong:  where = \"13 < age < 17\"
    right:  where = \"13 < age and age < 17\"
",
    },
    Page {
        code: "S0202",
        title: "A formula reads a name that stands for nothing.",
        text: "Every name of a formula must be a parameter, an attribute, a state or one of the names that its place knows,
such as `age` or `contacts`. docs/scenario.md lists them under \"Which value a name stands for\". Declare the name, or
correct its spelling. The name of a level is no such name and stands in quotation marks.

    wrong:  rate = \"los * 2\"                        (with a parameter `lost`)
    right:  rate = \"lost * 2\"

    wrong:  where = \"setting == community\"
    right:  where = \"setting == 'community'\"
",
    },
    Page {
        code: "S0203",
        title: "A value is of the wrong type.",
        text: "A value is a number, true or false, or one of several names. True counts as 1 and false as 0 wherever a
number is wanted, but a number is not taken for true or false, and names can only be compared, with `==` and `!=`, with
names from the same list. (A parameter whose value is 0 or 1 may stand for false or true.)

    wrong:  rate = \"0.1 * setting\"
    right:  rate = \"0.1 * (setting == 'community')\"

    wrong:  rate = \"if(contacts, 0.1, 0.2)\"
    right:  rate = \"if(contacts > 0, 0.1, 0.2)\"

    wrong:  where = \"earning == 'yes'\"               (`earning` is true or false)
    right:  where = \"earning\"
",
    },
    Page {
        code: "S0204",
        title: "A probability can lie outside of 0 to 1.",
        text: "The formula was tried over the ranges of what it reads, and the message tells a point at which its value is
no probability. A simulation that met such a value would have to stop or to cut it off in silence. Use a formula that
cannot leave the range, or say where to cut. Where something that the formula reads has no finite range (a normal
attribute), this is a warning: the study runs, and stops if such a value comes up.

    wrong:  probability = \"0.1 + 0.05*age\"
    right:  probability = \"expit(-2.2 + 0.3*age)\"
    right:  probability = \"min(1, 0.1 + 0.05*age)\"
",
    },
    Page {
        code: "S0205",
        title: "A rate, a spread or a weight can be negative.",
        text: "The message tells a point at which the value is below 0, within the ranges of what the formula reads. A factor
`exp(...)` is never negative; `max(0, ...)` cuts off. Where something that the formula reads has no finite range this
is a warning.

    wrong:  rate = \"0.3 - 0.1*contacts\"
    right:  rate = \"0.3 * exp(-0.4*contacts)\"
",
    },
    Page {
        code: "S0206",
        title: "A formula calls a function that is not known.",
        text: "The functions are exp, log, expit, logit, sqrt, abs, min, max, floor, missing and if; truths know the accessors
lag, since and site_mean, surveys also reported and recorded. A law, such as `normal(...)`, stands alone and is no part
of a formula: draw it as an attribute or effect, and read that by name.

    wrong:  each_step = \"inv_logit(0.5)\"
    right:  each_step = \"expit(0.5)\"

    wrong:  total = \"1 + normal(mean = 0, sd = 1)\"
    right:  noise = \"normal(mean = 0, sd = 1)\"
            total = \"1 + noise\"
",
    },
    Page {
        code: "S0207",
        title: "A function has too many or too few arguments.",
        text: "exp, log, expit, logit, sqrt, abs, floor and missing take one argument, min and max two or more, if takes
three: the condition, the value where it holds, the value where it does not.

    wrong:  rate = \"if(age > 15, 0.2)\"
    right:  rate = \"if(age > 15, 0.2, 0)\"
",
    },
    Page {
        code: "S0208",
        title: "A level is not among those that are declared.",
        text: "A name in quotation marks, or an argument of `categorical`, must be one of the levels that the attribute, state,
parameter or assignment beside it declares, in the same spelling.

    wrong:  where = \"setting == 'comunity'\"
    right:  where = \"setting == 'community'\"
",
    },
    Page {
        code: "S0209",
        title: "A value can be infinite or undefined.",
        text: "The logarithm of 0, a division by 0 or the root of a negative number has no value that a simulation can use. The
message tells a point at which it comes up. A branch of `if` that is not taken does no harm, and neither does an
infinite value on the way to a finite one: `expit(logit(1))` is 1.

    wrong:  rate = \"1 / contacts\"
    right:  rate = \"if(contacts > 0, 1 / contacts, 2)\"
",
    },
    Page {
        code: "S0210",
        title: "An argument of a law has no name.",
        text: "The order of arguments differs between languages and books (scale or rate? mean or standard deviation first?), so
every argument of a law is named.

    wrong:  score = \"normal(0, 1)\"
    right:  score = \"normal(mean = 0, sd = 1)\"
",
    },
    Page {
        code: "S0211",
        title: "The probabilities of `categorical` do not sum to 1.",
        text: "The probabilities of all levels sum to 1, within 1e-9. One level may have the `rest`, which is what the others
leave; then these must not sum to more than 1. Probabilities that are formulas are checked for each person.

    wrong:  faith = \"categorical(a = 0.4, b = 0.5)\"
    right:  faith = \"categorical(a = 0.4, b = 0.6)\"
    right:  faith = \"categorical(a = 0.4, b = rest)\"
",
    },
    Page {
        code: "S0212",
        title: "Correlations that cannot be.",
        text: "A correlation lies between -1 and 1 and is the same for everybody. Several must go together: if x goes closely
with y and with z, then y and z cannot go against each other. In other words, the matrix of correlations must be
positive definite.

    wrong:  cor_x_y = 0.9, cor_x_z = 0.9, cor_y_z = -0.9
    right:  cor_x_y = 0.9, cor_x_z = 0.9, cor_y_z = 0.7
",
    },
    Page {
        code: "S0213",
        title: "A value that must be above 0 can be 0 or negative.",
        text: "Shapes, scales, sizes and the rate of an exponential law are above 0. The message tells a point at which this one
is not.

    wrong:  wait = \"weibull(shape = 1.5, scale = age - 13)\"
    right:  wait = \"weibull(shape = 1.5, scale = exp(0.1*(age - 13)))\"
",
    },
    Page {
        code: "S0214",
        title: "A formula is too long or too deep.",
        text: "A formula may have 10,000 bytes, 64 brackets or signs within each other and 256 operations in a row. Give a part
of it a name of its own, as an attribute or a parameter.

    wrong:  rate = \"0.1*a1 + 0.1*a2 + ... + 0.1*a300\"
    right:  first = \"a1 + a2 + ... + a150\"
            second = \"a151 + ... + a300\"
            rate = \"0.1*(first + second)\"
",
    },
    Page {
        code: "S0215",
        title: "There is no law of this name.",
        text: "The laws are listed in docs/scenario.md under \"Laws\". `multivariate_normal` draws several attributes at once and
so stands behind all their names; all others draw one.

    wrong:  score = \"gaussian(mean = 0, sd = 1)\"
    right:  score = \"normal(mean = 0, sd = 1)\"

    wrong:  x = \"multivariate_normal(...)\"
    right:  \"x, y\" = \"multivariate_normal(cor_x_y = 0.5)\"
",
    },
    Page {
        code: "S0216",
        title: "An argument of a law is missing, unknown or given twice.",
        text: "Each law has arguments of its own, listed in docs/scenario.md under \"Laws\".

    wrong:  wait = \"weibull(shape = 1.5, rate = 2)\"
    right:  wait = \"weibull(shape = 1.5, scale = 0.5)\"
",
    },
    Page {
        code: "S0217",
        title: "An accessor is not given the name that it wants.",
        text: "`lag`, `since`, `site_mean`, `reported` and `recorded` take the name of one state or attribute, not a formula.
Further arguments are named, and the same for everybody.

    wrong:  rate = \"0.1 * lag(well + earning)\"
    right:  rate = \"0.1 * (lag(well) + lag(earning))\"

    wrong:  probability = \"0.5 * recorded(well, 1)\"
    right:  probability = \"0.5 * recorded(well, wave = 1)\"
",
    },
    Page {
        code: "S0218",
        title: "The arguments of a law do not go together.",
        text: "Each argument is in its range, but not beside the others: an upper end below the lower one, a number of trials
that is not whole, weights that sum to 0, a piece of a hazard that ends before it begins.

    wrong:  start = \"uniform(low = 21, high = 13)\"
    right:  start = \"uniform(low = 13, high = 21)\"
",
    },
];
