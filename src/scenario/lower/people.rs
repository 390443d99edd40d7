//! `[[group]]`, `[[site]]`, `[attributes]`, `[assign]`, `[effects]`.

use super::ask;
use super::names::{self, Names};
use crate::diagnostic::{Diagnostics, Text};
use crate::observe::declaration::InterviewerDeclaration;
use crate::options::{OptionValue, Options};
use crate::simulate::declaration::{
    AssignmentDeclaration, AssignmentKind, AttributeDeclaration, EffectDeclaration, EffectOf, GroupDeclaration,
    SiteDeclaration,
};

/// `[[group]]`. Names in `start` that no one else declares are attributes of their own.
pub(super) fn groups(
    root: &Options,
    names: &mut Names<'_>,
    unique: &mut Names<'_>,
    problems: &mut Diagnostics,
) -> Vec<GroupDeclaration> {
    if ask::is_missing(root, "group") {
        problems
            .error("S0103", &root.span, "the scenario needs at least one [[group]]")
            .help("write `[[group]]` with `name` and `size`");
    }
    let mut groups = Vec::new();
    for table in ask::tables(root, "group", "group", problems) {
        let mut group = GroupDeclaration {
            name: ask::text(table, "name", problems),
            size: ask::formula(table, "size", problems),
            start: Vec::new(),
        };
        if table.get("name").is_some() {
            unique.unique(&group.name, "a group", problems);
        }
        if let Some(start) = table.table("start", problems) {
            for entry in &start.entries {
                for name in names::parts(&entry.key) {
                    startable(&name, names, problems);
                }
                if let Some(law) = start.formula(&entry.key.text, problems) {
                    group.start.push((entry.key.clone(), law));
                }
            }
        }
        table.finish(problems);
        groups.push(group);
    }
    groups
}

/// The sizes of `[[group]]` tables, so far as they are written; what is wrong with the tables is reported by [`groups`].
pub(super) fn sizes(root: &Options) -> Vec<Text> {
    let mut ignored = Diagnostics::new();
    let tables = ask::tables(root, "group", "group", &mut ignored);
    tables.into_iter().filter_map(|table| table.formula("size", &mut ignored)).collect()
}

fn startable(name: &Text, names: &mut Names<'_>, problems: &mut Diagnostics) {
    match names.kind(&name.text) {
        None => names.declare(name, "an attribute", problems),
        Some(("an attribute" | "a state", _)) => {}
        Some((kind, place)) => {
            let help = format!("it is {kind} on {}", names.line(place));
            problems.error("S0107", &name.span, format!("`{}` is not an attribute or state", name.text)).help(help);
        }
    }
}

/// `[[site]]`.
pub(super) fn sites(root: &Options, unique: &mut Names<'_>, problems: &mut Diagnostics) -> Vec<SiteDeclaration> {
    let mut sites = Vec::new();
    for table in ask::tables(root, "site", "site", problems) {
        let setting = table.text("setting", problems);
        let unnamed = || Text { text: "site".to_owned(), span: table.span.clone() };
        let name = table.text("name", problems).or_else(|| setting.clone()).unwrap_or_else(unnamed);
        unique.unique(&name, "a site", problems);
        sites.push(SiteDeclaration {
            span: table.span.clone(),
            name,
            setting,
            count: ask::formula(table, "count", problems),
            effect: table.formula("effect", problems),
        });
        table.finish(problems);
    }
    sites
}

/// `[attributes]`.
pub(super) fn attributes(
    root: &Options,
    names: &mut Names<'_>,
    problems: &mut Diagnostics,
) -> Vec<AttributeDeclaration> {
    let Some(table) = root.table("attributes", problems) else { return Vec::new() };
    let mut attributes = Vec::new();
    for entry in &table.entries {
        for name in names::parts(&entry.key) {
            names.declare(&name, "an attribute", problems);
        }
        let mut attribute = AttributeDeclaration { name: entry.key.clone(), ..AttributeDeclaration::default() };
        if let OptionValue::Table(options) = &entry.value {
            attribute.law = options.formula("law", problems);
            attribute.levels = ask::names(options, "levels", problems);
            attribute.latent = options.switch("latent", problems).unwrap_or(false);
            options.finish(problems);
        } else {
            attribute.law = table.formula(&entry.key.text, problems);
        }
        attributes.push(attribute);
    }
    attributes
}

/// `[assign.NAME]`.
pub(super) fn assignments(
    root: &Options,
    names: &mut Names<'_>,
    problems: &mut Diagnostics,
) -> Vec<AssignmentDeclaration> {
    let mut assignments = Vec::new();
    for (name, table) in named_tables(root, "assign", problems) {
        names.declare(name, "an assignment", problems);
        ask::must_be_there(table, "kind", problems);
        let kind = match table.choice("kind", &["simple", "complete", "blocked"], problems) {
            Some(2) => AssignmentKind::Blocked,
            Some(1) => AssignmentKind::Complete,
            _ => AssignmentKind::Simple,
        };
        let within = table.text("within", problems);
        if kind == AssignmentKind::Blocked {
            ask::must_be_there(table, "within", problems);
        } else {
            let help = "write `kind = \"blocked\"`, or leave it out";
            ask::refuse(table, &["within"], "is for blocked assignment", help, problems);
        }
        assignments.push(AssignmentDeclaration {
            name: name.clone(),
            kind,
            levels: ask::names(table, "levels", problems),
            shares: table.texts("shares", problems).unwrap_or_default(),
            within,
        });
        table.finish(problems);
    }
    assignments
}

/// `[effects]`; those of interviewers belong to the survey.
pub(super) fn effects(
    root: &Options,
    names: &mut Names<'_>,
    problems: &mut Diagnostics,
) -> (Vec<EffectDeclaration>, Vec<InterviewerDeclaration>) {
    let (mut effects, mut interviewers) = (Vec::new(), Vec::new());
    for (name, table) in named_tables(root, "effects", problems) {
        names.declare(name, "a random effect", problems);
        ask::must_be_there(table, "of", problems);
        let of = match table.choice("of", &["person", "site", "interviewer"], problems) {
            Some(2) => EffectOf::Interviewer,
            Some(1) => EffectOf::Site,
            _ => EffectOf::Person,
        };
        let [count, icc, residual_sd] = ["count", "icc", "residual_sd"].map(|key| table.formula(key, problems));
        let law = if of == EffectOf::Interviewer {
            interviewers.push(InterviewerDeclaration {
                name: name.clone(),
                law: table.formula("law", problems),
                icc,
                residual_sd,
                count,
            });
            Text::default()
        } else {
            let help = "persons and sites are counted by [[group]] and [[site]]";
            ask::refuse(table, &["count"], "is for the effect of interviewers", help, problems);
            let help = "write `law`";
            ask::refuse(table, &["icc", "residual_sd"], "is for the effect of interviewers", help, problems);
            ask::formula(table, "law", problems)
        };
        effects.push(EffectDeclaration { name: name.clone(), of, law });
        table.finish(problems);
    }
    (effects, interviewers)
}

/// The tables of a table of tables, each with its key; what is no table is an error (S0102).
pub(super) fn named_tables<'a>(
    root: &'a Options,
    key: &str,
    problems: &mut Diagnostics,
) -> Vec<(&'a Text, &'a Options)> {
    let Some(table) = root.table(key, problems) else { return Vec::new() };
    let mut tables = Vec::with_capacity(table.entries.len());
    for entry in &table.entries {
        if let Some(inner) = table.table(&entry.key.text, problems) {
            tables.push((&entry.key, inner));
        }
    }
    tables
}
