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
`study.replicates`. To vary a number of a formula, give it a name in [parameters] first.

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
million conditions. At most 100000 are allowed. Vary fewer parameters at once, or give fewer values; several scenarios
that extend one base can each vary some of them.
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
of a parameter with named levels are written without quotation marks.
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
];
