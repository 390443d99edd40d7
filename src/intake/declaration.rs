//! `[data]` of a plan.

use crate::diagnostic::{Diagnostics, Text};
use crate::options::Options;

/// What the columns of a table are.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Declaration {
    /// `id`: the column that names the person. Absent: each row is a person.
    pub id: Option<Text>,
    /// `wave`: the column with the number of the wave, from 1. Absent: one wave, or one wave for each file.
    pub wave: Option<Text>,
    /// `years`: the column with the years since the start. Absent: all waves are taken as at the start.
    pub years: Option<Text>,
    /// `group`: the column that names the group. Absent: one group.
    pub group: Option<Text>,
    /// `site`: the column that names the site.
    pub site: Option<Text>,
    /// `attended`: the column that is 1 where the person was interviewed. Absent: a row is an interview.
    pub attended: Option<Text>,
    /// `weight`: the column with the weight of the row.
    pub weight: Option<Text>,
    /// `baseline`: columns that are known from the start; their first value counts at all waves.
    pub baseline: Vec<Text>,
    /// `fields`: columns that are kept as texts to link records by.
    pub fields: Vec<Text>,
    /// `missing`: texts that stand for no answer, beside an empty cell, `.`, `NA`, `NaN` and `null`.
    pub missing: Vec<Text>,
}

impl Declaration {
    /// The columns that have a meaning of their own and are no items.
    pub(super) fn taken(&self) -> impl Iterator<Item = &Text> {
        let single = [&self.id, &self.wave, &self.years, &self.group, &self.site, &self.attended, &self.weight];
        single.into_iter().flatten().chain(&self.fields)
    }
}

/// Reads `[data]`.
pub fn declare(options: &Options, problems: &mut Diagnostics) -> Declaration {
    let texts = |key: &str, problems: &mut Diagnostics| options.texts(key, problems).unwrap_or_default();
    let declaration = Declaration {
        id: options.text("id", problems),
        wave: options.text("wave", problems),
        years: options.text("years", problems),
        group: options.text("group", problems),
        site: options.text("site", problems),
        attended: options.text("attended", problems),
        weight: options.text("weight", problems),
        baseline: texts("baseline", problems),
        fields: texts("fields", problems),
        missing: texts("missing", problems),
    };
    options.finish(problems);
    let mut seen: Vec<&Text> = Vec::new();
    for column in declaration.taken().chain(&declaration.baseline) {
        if seen.iter().any(|known| known.text == column.text) {
            problems
                .error("S0801", &column.span, format!("the column `{}` is named twice in [data]", column.text))
                .help("a column has one meaning");
        }
        seen.push(column);
    }
    declaration
}
