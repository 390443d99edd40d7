//! `[survey]`, its items and its losses; each mechanism reads its own options later.

use super::ask;
use super::names::Names;
use super::people::named_tables;
use crate::diagnostic::{Diagnostics, Text};
use crate::observe::declaration::{Declaration, ItemDeclaration};
use crate::options::{OptionValue, Options};

/// `[survey]` with `visits` of `[time]`.
pub(super) fn survey(root: &Options, visits: Option<Text>, problems: &mut Diagnostics) -> Declaration {
    let mut survey = Declaration { visits, ..Declaration::default() };
    let Some(table) = root.table("survey", problems) else { return survey };
    survey.span = table.span.clone();
    survey.mood = table.formula("mood", problems);
    for (name, options) in named_tables(table, "items", problems) {
        survey.items.push(ItemDeclaration { name: name.clone(), options: options.clone() });
    }
    let mut tables = |key: &str, title: &str| -> Vec<Options> {
        ask::tables(table, key, title, problems).into_iter().cloned().collect()
    };
    survey.losses = tables("loss", "survey.loss");
    survey.answers = tables("answer", "survey.answer");
    survey.comments = tables("comment", "survey.comment");
    survey.coders = tables("coder", "survey.coder");
    survey.sets = tables("set", "survey.set");
    survey.trust = table.table("trust", problems).cloned();
    survey.team = table.table("team", problems).cloned();
    survey.linkage = table.table("linkage", problems).cloned();
    survey.others_present = table.formula("others_present", problems);
    table.finish(problems);
    survey
}

/// Names of the analysis sets, which the analyst's formulas read beside those of attributes and states.
pub(super) fn set_names(survey: &Declaration, names: &mut Names<'_>, problems: &mut Diagnostics) -> Vec<Text> {
    let mut sets = Vec::new();
    for set in &survey.sets {
        // Whether it is there and a text is for the survey to say.
        if let Some(OptionValue::Text(name)) = set.get("name") {
            names.declare(name, "an analysis set", problems);
            sets.push(name.clone());
        }
    }
    sets
}
