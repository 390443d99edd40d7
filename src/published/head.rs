//! `published = 1`, `[study]`, `[[source]]`, `[[group]]`.

use super::{Group, Published, Source, ask};
use crate::diagnostic::{Diagnostics, Text};
use crate::options::{OptionValue, Options};

/// A group cannot be larger than this.
pub(super) const MOST_PERSONS: u64 = 1_000_000_000_000;

/// Checks the version of the format (S0117).
pub(super) fn version(root: &Options, problems: &mut Diagnostics) {
    let help = "this program reads version 1: write `published = 1`";
    match root.get("published") {
        Some(OptionValue::Number(text)) if text.text == "1" => {}
        Some(other) => {
            problems.error("S0117", other.span(), "a version of the format that is not known here").help(help);
        }
        None => {
            problems.error("S0117", &root.span, "the file does not say its version of the format").help(help);
        }
    }
}

/// `[study]`.
pub(super) fn study(root: &Options, published: &mut Published, problems: &mut Diagnostics) {
    let Some(table) = root.table("study", problems) else {
        ask::must_be_there(root, "study", problems);
        return;
    };
    published.title = ask::text(table, "title", problems).text;
    published.about = ask::words(table, "about", problems);
    table.finish(problems);
}

/// `[[source]]`.
pub(super) fn sources(root: &Options, published: &mut Published, problems: &mut Diagnostics) {
    for table in ask::tables(root, "source", problems) {
        let id = ask::name(table, problems);
        let title = ask::text(table, "title", problems).text;
        let file = ask::words(table, "file", problems);
        table.finish(problems);
        let Some(id) = id else { continue };
        if published.sources.iter().any(|source| source.id == id.text) {
            ask::twice(&id, "sources", problems);
        } else {
            published.sources.push(Source { id: id.text, title, file });
        }
    }
}

/// `[[group]]`. An id without a dot cannot be that of a cell, so that formulas name both.
pub(super) fn groups(root: &Options, published: &mut Published, problems: &mut Diagnostics) {
    for table in ask::tables(root, "group", problems) {
        let id = ask::name(table, problems);
        let title = ask::text(table, "title", problems).text;
        let n = ask::whole(table, "n", MOST_PERSONS, problems);
        table.finish(problems);
        let Some(id) = id.and_then(|id| without_dot(id, problems)) else { continue };
        if published.groups.iter().any(|group| group.id == id.text) {
            ask::twice(&id, "groups", problems);
        } else {
            published.groups.push(Group { id: id.text, title, n });
        }
    }
}

fn without_dot(id: Text, problems: &mut Diagnostics) -> Option<Text> {
    if !id.text.contains('.') && id.text != "row" {
        return Some(id);
    }
    problems
        .error("S0912", &id.span, format!("`{}` cannot be the id of a group", id.text))
        .help("one word without dots, and not `row`, which means the group of the row");
    None
}

impl Published {
    /// The position of the group that `key` names, if it names one that is declared.
    pub(super) fn group(&self, table: &Options, key: &str, problems: &mut Diagnostics) -> Option<usize> {
        let name = table.text(key, problems)?;
        ask::known(&name, "group", self.groups.iter().map(|group| group.id.as_str()), problems)
    }

    /// The position of the source that `source` names, if it names one that is declared.
    pub(super) fn source(&self, table: &Options, problems: &mut Diagnostics) -> Option<usize> {
        let name = table.text("source", problems)?;
        ask::known(&name, "source", self.sources.iter().map(|source| source.id.as_str()), problems)
    }
}
