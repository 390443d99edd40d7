//! Pages of the numbers S07xx.

use super::Page;

/// In the order of their numbers.
pub(super) const PAGES: &[Page] = &[
    Page {
        code: "S0701",
        title: "A parameter that no formula reads.",
        text: r#"A parameter that nothing reads looks as if it mattered: a reader takes it for part of the study, and varying it gives
the same study again and again. Most often a formula holds the number itself, or another parameter's name. The check
looks at all conditions: reading it under one of them is enough.

Wrong:

    [parameters]
    lost = { value = 0.05, about = "yearly dropout", source = "assumed" }

    [[survey.loss]]
    kind = "dropout"
    rate = 0.05

Right:

    [parameters]
    lost = { value = 0.05, about = "yearly dropout", source = "assumed" }

    [[survey.loss]]
    kind = "dropout"
    rate = "lost"
"#,
    },
    Page {
        code: "S0702",
        title: "There is no parameter of this name.",
        text: r#"[[vary]] and `--set` name parameters that [parameters] declares; `--set` also takes `study.seed` and
`study.replicates`, and paths of keys. To vary a number of a formula, give it a name in [parameters] first; a key of the
file is varied with `key` in place of `parameter`.

Wrong:

    [[vary]]
    parameter = "dropout"
    values = [0, 0.1]

Right:

    [parameters]
    dropout = { value = 0.05, about = "yearly dropout", source = "assumed" }

    [[vary]]
    parameter = "dropout"
    values = [0, 0.1]
"#,
    },
    Page {
        code: "S0703",
        title: "A value that the parameter cannot take.",
        text: r#"The value of a parameter is a finite number; a parameter with `levels` takes one of their names. It cannot be a
formula: what is reckoned from other parameters belongs into the formula that reads it. The same goes for `values` of
[[vary]] and for `--set`.

Wrong:

    [parameters]
    layer = { value = "answers", about = "what dropout reads", source = "assumed" }

Right:

    [parameters]
    layer = { value = "answers", levels = ["answers", "truth"], about = "what dropout reads", source = "assumed" }
"#,
    },
    Page {
        code: "S0704",
        title: "Too many conditions.",
        text: r#"All [[vary]] tables are crossed, so the numbers of their values are multiplied: six tables of ten values make a
million conditions. At most 100000 are allowed, and at most 5000000 cells before `skip` leaves some out.
Vary fewer parameters at once, or give fewer values; another design of [grid] has fewer cells; several scenarios that
extend one base can each vary some of them. Of one method at most 1000 are made.
"#,
    },
    Page {
        code: "S0705",
        title: "A value that stands twice in one [[vary]] table.",
        text: r#"Each value makes conditions of its own. A repeated one costs time and shows the same line twice. The study still
runs.

Wrong:

    [parameters]
    lost = { value = 0.05, about = "yearly dropout", source = "assumed" }

    [[vary]]
    parameter = "lost"
    values = [0.1, 0.10]

Right:

    [parameters]
    lost = { value = 0.05, about = "yearly dropout", source = "assumed" }

    [[vary]]
    parameter = "lost"
    values = [0.1, 0.2]
"#,
    },
    Page {
        code: "S0706",
        title: "A setting that is no setting.",
        text: r#"`--set name=value` gives one parameter its value, and each parameter once: `--set lost=0.1 --set layer=truth`. Values
of a parameter with named levels are written without quotation marks. A path of names sets a key of the file.
"#,
    },
    Page {
        code: "S0707",
        title: "A parameter that two [[vary]] tables vary.",
        text: r#"Tables are crossed, and one parameter cannot have two values in one condition. Write all its values in one table.

Wrong:

    [parameters]
    lost = { value = 0.05, about = "yearly dropout", source = "assumed" }

    [[vary]]
    parameter = "lost"
    values = [0, 0.1]

    [[vary]]
    parameter = "lost"
    values = [0.2]

Right:

    [parameters]
    lost = { value = 0.05, about = "yearly dropout", source = "assumed" }

    [[vary]]
    parameter = "lost"
    values = [0, 0.1, 0.2]
"#,
    },
    Page {
        code: "S0708",
        title: "A varied parameter that `--set` fixes.",
        text: r#"A setting from the command line goes before the file. A parameter that it sets has this one value in all conditions,
and its [[vary]] table is left out. This is a warning, since fewer conditions are run than the file asks for.
"#,
    },
    Page {
        code: "S0709",
        title: "A [[vary]] table without values.",
        text: r#"A factor without values would make a grid without conditions, and nothing would run. Leave the table out to keep the
parameter at its own value.

Wrong:

    [parameters]
    lost = { value = 0.05, about = "yearly dropout", source = "assumed" }

    [[vary]]
    parameter = "lost"
    values = []

Right:

    [parameters]
    lost = { value = 0.05, about = "yearly dropout", source = "assumed" }

    [[vary]]
    parameter = "lost"
    values = [0.05]
"#,
    },
    Page {
        code: "S0710",
        title: "An [[expect]] table that names something that is not there.",
        text: r#"An expectation that matches nothing would always hold. Its `method` and `estimand` must be names of this scenario,
and its `condition` must name varied parameters and values that they take.

Wrong:

    [[expect]]
    method = "wieghted"
    that = "abs(bias) <= 0.01"

Right:

    [[expect]]
    that = "abs(bias) <= 0.01"
"#,
    },
    Page {
        code: "S0711",
        title: "A path that leads to no key of the file.",
        text: r#"`key` of [[vary]], `cells` of [grid] and `--set` name a key by the names of the tables around it, with dots between. An
entry of a list of tables goes by its `name`, else by its `kind` or `method` where no other entry has it, else by its
number from 1. Names may hold dots and spaces. The key must be in the file: one that may be left out, and is, has to be
written before it can be varied.

Wrong:

    [[vary]]
    key = "group.everybody.size"
    values = [50, 100]

Right:

    [[vary]]
    key = "group.all.size"
    values = [50, 100]
"#,
    },
    Page {
        code: "S0712",
        title: "A key that cannot be varied by its path.",
        text: r#"Conditions differ in how persons are made and seen. They share the study, the estimands and the demands, and the names
by which tables know each other. A parameter is varied by its name, an option of a method by `method` and `option`,
since all methods see the data of one condition.

Wrong:

    [[vary]]
    key = "study.replicates"
    values = [100, 1000]

Right:

    [[vary]]
    key = "group.all.size"
    values = [50, 100]
"#,
    },
    Page {
        code: "S0713",
        title: "A value of another kind than the key holds.",
        text: r#"A key that holds a number or a formula takes numbers and formulas, one that holds a list takes lists, one that holds
true or false takes these. A key that names a table takes `true`, which keeps it, and `false`, which leaves it out. The
number of persons of all groups, `group.size`, is a whole number.

Wrong:

    [[vary]]
    key = "group.all"
    values = [50, 100]

Right:

    [[vary]]
    key = "group.all.size"
    values = [50, 100]
"#,
    },
    Page {
        code: "S0714",
        title: "A factor that cannot go along with the one it names.",
        text: r#"`zip` names another [[vary]]: by its `name`, else by its parameter or key. The two then have their first values together,
their second values together, and so on, and count as one factor. So they have as many values, and one of those that go
together has no `zip`.

Wrong:

    [parameters]
    lost = { value = 0.05, about = "yearly dropout", source = "assumed" }

    [[vary]]
    parameter = "lost"
    values = [0, 0.1, 0.2]

    [[vary]]
    key = "group.all.size"
    values = [50, 100]
    zip = "lost"

Right:

    [parameters]
    lost = { value = 0.05, about = "yearly dropout", source = "assumed" }

    [[vary]]
    parameter = "lost"
    values = [0, 0.1, 0.2]

    [[vary]]
    key = "group.all.size"
    values = [50, 100, 200]
    zip = "lost"
"#,
    },
    Page {
        code: "S0715",
        title: "A design that does not go with the factors.",
        text: r#"A fraction takes of the crossed cells those at which the positions of the values add up to a multiple of a number. Each
value is then in equally many cells only if this number divides the number of values of every factor, and if there are
at least two factors. Where [grid] lists its cells, these name the factors and their values, and [[vary]] tables of
the same would contradict them. Options of methods are varied by [[vary]] in all designs.

Wrong:

    [grid]
    design = "listed"
    cells = []

Right:

    [grid]
    design = "listed"
    cells = [{ "group.all.size" = 50 }, { "group.all.size" = 200 }]
"#,
    },
    Page {
        code: "S0716",
        title: "A `skip` that leaves out every cell, or none.",
        text: r#"Cells for which the formula is true are left out. If that is so for all of them, nothing is run, which is an error. If it
is so for none of them, a value is perhaps not what it was meant to be; this is a warning.

Wrong:

    [[vary]]
    key = "group.all.size"
    name = "n"
    values = [50, 100]

    [grid]
    skip = "n > 10"

Right:

    [[vary]]
    key = "group.all.size"
    name = "n"
    values = [50, 100]

    [grid]
    skip = "n > 50"
"#,
    },
    Page {
        code: "S0717",
        title: "An option of a method that cannot be varied.",
        text: r#"A [[vary]] with `method` names a [[method]] by its `name`, else by what it is, and makes one method of it for each value
of the option, `weighted (interval = wald)`. Two equal values would make two methods of one name, and a table is varied
option by option.

Wrong:

    [[method]]
    method = "ipw"

    [[vary]]
    method = "ipv"
    option = "interval"
    values = ["wilson", "wald"]

Right:

    [[method]]
    method = "ipw"

    [[vary]]
    method = "ipw"
    option = "interval"
    values = ["wilson", "wald"]
"#,
    },
    Page {
        code: "S0718",
        title: "Fewer persons than the groups can share.",
        text: r#"`group.size` is the number of persons of all groups, which they share in proportion to their sizes, by largest
remainders. With so few that a group would have nobody, the study would be another one: give more persons, or leave the
group out.

    [[group]]
    name = "many"
    size = 90

    [[group]]
    name = "few"
    size = 10

    [[vary]]
    key = "group.size"
    values = [50, 500]               # 45 and 5, 450 and 50; with 4 persons the few would be none
"#,
    },
    Page {
        code: "S0720",
        title: "A prior is of a parameter with numbers.",
        text: "\
`[prior]` names parameters of `[parameters]`; their values there stand where nothing is fitted.

    [parameters]
    lost = { value = 0.05, about = \"yearly dropout\", source = \"assumed\" }

    [prior]
    lost = \"uniform(low = 0, high = 0.3)\"
",
    },
    Page {
        code: "S0721",
        title: "The law of a prior is one of a few, with numbers.",
        text: "\
`uniform(low, high)`, `normal(mean, sd)`, `truncated_normal(mean, sd, low?, high?)`, `log_normal(meanlog, sdlog)`,
`beta(a, b)`, `gamma(shape, scale)`, `exponential(rate)`. Arguments are named, and numbers or formulas of parameters;
those with `?` may be left out. Ends are in order, standard deviations, shapes, scales and rates above 0.

    [prior]
    rate = \"log_normal(meanlog = -1.5, sdlog = 0.5)\"
",
    },
];
