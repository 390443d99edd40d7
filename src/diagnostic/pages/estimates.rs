//! R006.: tables of estimates that `eclosion performance` reads.

use super::Page;

/// The pages.
pub(super) const PAGES: &[Page] = &[
    Page {
        code: "R0063",
        title: "A table of estimates lacks a column.",
        text: "\
A row of the table is a fit: which data set (`replicate`), which `method`, its `estimate`, its standard error or
both limits. Names are known by themselves where they are common (`dataset`, `b`, `std.error`, `conf.low` and so on,
in capitals or not); others are named on the command line. Only the estimate is always needed. Where a table has
several methods it must say which data set a row is of, because methods are compared on the same data sets.

    eclosion performance results.csv --replicate run --estimate coefficient --se sigma --true 0.5

Methods beside one another are read too, if each has its estimate and its standard error:

    replicate,est1,se1,est2,se2",
    },
    Page {
        code: "R0064",
        title: "Two columns of a table of estimates could be meant.",
        text: "\
Which of two columns holds the estimates, the program cannot know; it does not take the first one that it finds.
Name the one that is meant, or say that the other one has nothing to do with it.

    eclosion performance results.csv --estimate est             # the table has `est` and `theta`
    eclosion performance results.csv --ignore theta",
    },
    Page {
        code: "R0065",
        title: "A cell of a table of estimates is not what its column holds.",
        text: "\
Estimates, standard errors, limits, degrees of freedom and true values are numbers; an empty cell, `NA` or `.` is no
value. A standard error is 0 or more, degrees of freedom are above 0, and the lower limit is not above the upper
one. An interval has both limits or none: one without an end has `Inf` or `-Inf` there. Every row says of which data
set, method, estimand and condition it is, where there are such columns, and a status is `ok` or why there is no
estimate.

    replicate,method,estimate,se
    1,A,0.52,0.11
    2,A,failed,            # refused: a text among numbers
    2,A,,                  # a failed fit",
    },
    Page {
        code: "R0066",
        title: "There are two rows for one fit.",
        text: "\
A method gives one estimate of an estimand in a data set. If the rows are of different conditions, say which columns
make them; if they are of different estimands, say which column tells these apart.

    eclosion performance results.csv --true 0.5 --by n,rho
    eclosion performance results.csv --true-column truth --estimand term",
    },
    Page {
        code: "R0067",
        title: "No true value is known.",
        text: "\
Bias, coverage and all that follows from them compare an estimate with the truth. It is a number that holds for all
rows, or a column of the table: `true_value`, `true`, `true_param`, `truth` or `theta0`, or one that you name. Rows
in which that column is empty enter no measure that needs it, but some row must have one.

    eclosion performance results.csv --true 0.5
    eclosion performance results.csv --true-column beta",
    },
    Page {
        code: "R0068",
        title: "A table of estimates has no rows.",
        text: "\
There is nothing to measure in a file that is empty or ends after the line of names.

    replicate,method,estimate,model_se,true_value
    1,complete cases,0.52,0.11,0.5",
    },
    Page {
        code: "R0069",
        title: "The method to compare with is not in the table.",
        text: "\
`--reference` names one of the methods of the table, written as there; where methods stand beside one another it is
what follows `est`. Without it the first method of the table is the one that others are compared with.

    replicate,method,estimate,se
    1,A,0.52,0.11

    eclosion performance results.csv --true 0.5 --reference A",
    },
];
