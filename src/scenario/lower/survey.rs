//! `[survey]`, its items and its losses; each mechanism reads its own options later.

use super::ask;
use super::people::named_tables;
use crate::diagnostic::{Diagnostics, Text};
use crate::observe::declaration::{Declaration, ItemDeclaration};
use crate::options::Options;

/// `[survey]` with `visits` of `[time]`.
pub(super) fn survey(root: &Options, visits: Option<Text>, problems: &mut Diagnostics) -> Declaration {
    let mut survey = Declaration { visits, ..Declaration::default() };
    let Some(table) = root.table("survey", problems) else { return survey };
    survey.span = table.span.clone();
    survey.mood = table.formula("mood", problems);
    for (name, options) in named_tables(table, "items", problems) {
        survey.items.push(ItemDeclaration { name: name.clone(), options: options.clone() });
    }
    survey.losses = ask::tables(table, "loss", "survey.loss", problems).into_iter().cloned().collect();
    table.finish(problems);
    survey
}
