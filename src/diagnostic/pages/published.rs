//! S09..: published numbers of a study.

use super::Page;

/// The pages.
pub(super) const PAGES: &[Page] = &[
    Page {
        code: "S0901",
        title: "A name in a file of published numbers must be declared.",
        text: "\
Sources, groups, rows, columns and cells are named by their ids. A cell is `TABLE.ROW.COLUMN`, or `TABLE.ROW` in a
table without columns. In formulas a group's id is its size, and `total(TABLE.COLUMN)` is the sum of a column.

    [[group]]
    id = \"women\"
    title = \"women in the study\"
    n = 40

    [[table]]
    id = \"t1\"
    row = [{ id = \"married\", title = \"Married\", of = \"women\", value = 12 }]

    [[identity]]
    id = \"single\"
    value = 28
    unit = \"individuals\"
    formula = \"women - t1.married\"
",
    },
    Page {
        code: "S0902",
        title: "An id stands for one thing.",
        text: "\
Two tables, two rows of a table, two cells cannot have the same id, or nobody could say which is meant. Ids of cells
are put together: the row `note.women` of the table `t1` and the row `women` of the table `t1.note` make the same
one.

    row = [
        { id = \"married_2013\", title = \"Married\", years = \"2013\", value = 12 },
        { id = \"married_2014\", title = \"Married\", years = \"2014\", value = 14 },
    ]
",
    },
    Page {
        code: "S0903",
        title: "A row has one value for each column.",
        text: "\
The values stand in the order of the columns. Where there can be no number, `\"NA\"` keeps the place.

    column = [{ id = \"shelter\", title = \"Shelter\" }, { id = \"community\", title = \"Community\" }]
    row = [{ id = \"never_in_shelter\", title = \"Never in a shelter\", values = [\"NA\", 84] }]
",
    },
    Page {
        code: "S0904",
        title: "A cell is a number or NA, not both and not neither.",
        text: "\
NA says that there can be no number: nobody of the group was ever in the setting. A 0 says that it could have been
otherwise. A simulated study is compared with a 0, never with NA.

Wrong:

    { id = \"men\", title = \"Men\", na = true, value = 0 }

Right:

    { id = \"men\", title = \"Men\", value = 0 }     # men were there, and none was counted
    { id = \"boys\", title = \"Boys\", na = true }   # there were no boys in the study
",
    },
    Page {
        code: "S0905",
        title: "A number must be one that its unit can have.",
        text: "\
Counts are whole and not negative, percentages are not above 100, a group of 28 has no 30 individuals and in four
years no more than 112 years. Comments can be more than persons. A number has no more digits than its table prints
(`decimals`).

Wrong:

    { id = \"married\", title = \"Married\", of = \"women\", unit = \"individuals\", value = 41 }   # of 40 women

Right, if the 41 are remarks:

    { id = \"marriage\", title = \"Marriage\", of = \"women\", unit = \"comments\", value = 41 }
",
    },
    Page {
        code: "S0906",
        title: "A percentage must be that of some number of persons.",
        text: "\
Out of 28 persons 15 are printed as 54% and 16 as 57%; nothing is printed as 55%. Then the number, the denominator or
the rounding is another one: 15 of 27 is 56%. `rounding` of a table is \"half up\" (where it is left out), \"half
even\" or \"cut\", and `decimals` are the digits that it prints. What is of other things than persons belongs to a
group without `n`.

    [[table]]
    id = \"t2\"
    rounding = \"half even\"
    decimals = 1
",
    },
    Page {
        code: "S0907",
        title: "A group has one size.",
        text: "\
A printed size, by `size_of` or by `n` at a row or column, is that of its group. Where a table prints another one, it
is of other persons, who are a group of their own; or one of the two is a misprint, which a [[difference]] can say.

    [[group]]
    id = \"women_with_years\"
    title = \"women with at least one year in the community\"
    n = 29
",
    },
    Page {
        code: "S0908",
        title: "A declared sum must hold.",
        text: "\
`sum` of a table adds up `columns` in every row, or `rows` in every column; `is` is another one of them, or a number.
With `times` each is multiplied first. Rounded numbers may be off by half of their last digit each. Percentages of
one denominator make 100 if persons behind them make the denominator: 63% and 38% of 8 do, for they are 5 and 3.

    sum = [
        { columns = [\"years.0\", \"years.1\", \"years.2\"], is = \"n\" },
        { columns = [\"years.0\", \"years.1\", \"years.2\"], times = [0, 1, 2], is = \"years\" },
        { columns = [\"positive\", \"negative\"], is = 100 },
    ]
",
    },
    Page {
        code: "S0909",
        title: "An identity must hold.",
        text: "\
The formula must give the value, as far as it is written: 0.81 is compared with two digits, 0.810 with three. Each of
`cells` must print what the formula gives, rounded as its table is.

    [[identity]]
    id = \"with_community_years\"
    value = 44                                  # 34 + 15 - 5
    unit = \"individuals\"
    formula = \"female_sprc + male_sprc - t1.female_sprc.community.0\"
    cells = [\"t9.note.community_sprc\"]
",
    },
    Page {
        code: "S0910",
        title: "A formula of an identity must have a value.",
        text: "\
NA is no number, and a group may have no printed size. The formula then has to do without.

    formula = \"total(t1.years_shelter)\"          # NA is left out of a total
    formula = \"t1.men.years + t1.women.years\"
",
    },
    Page {
        code: "S0911",
        title: "Years are four digits, or two years with a hyphen.",
        text: "\
The first and the last year are counted both. Where the source does not say, neither does the file.

    years = \"2011-2014\"
    years = \"2013\"
    years = \"not stated\"
",
    },
    Page {
        code: "S0912",
        title: "An id is made of letters, digits and dots.",
        text: "\
Ids stand in formulas, so they have letters from a to z, digits and `_`, with dots between parts. Those of sources,
groups, tables, identities and differences begin with a letter; those of groups have no dot. The title is free.

    { id = \"shelter.0\", heading = \"Years in a shelter\", title = \"0\" }
",
    },
];
