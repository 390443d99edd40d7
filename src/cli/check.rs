//! `eclosion check`: the study in short, and what a quick pilot expects of it, before anything runs; or what a file of
//! published numbers holds.

use super::enough::MOST;
use super::load::{Read, Ready, ScenarioArguments, read};
use super::{Exit, output};
use crate::diagnostic::{Diagnostics, Sources, to_json};
use crate::numeric::time;
use crate::published::Published;
use crate::report::{self, Seen, count, number};
use crate::scenario::{Condition, Design, LoadedPublished, Prepared, load_if_published};
use crate::study::{Pilot, missingness_word, pilot};
use crate::tables::{RunProblem, TargetTruth};
use clap::Args;
use std::collections::BTreeMap;
use std::fmt::Write;

/// Conditions whose mechanisms are compared and factors listed.
const SHOWN: usize = 50;

/// Arguments of `eclosion check`.
#[derive(Args, Debug)]
pub struct Arguments {
    #[command(flatten)]
    scenario: ScenarioArguments,
    /// Print the problems and the pilot as JSON
    #[arg(long)]
    json: bool,
}

/// Prints what a scenario means, what a pilot of its first condition finds, and what is wrong with it; or what a file of
/// published numbers holds.
pub fn run(arguments: &Arguments) -> Exit {
    if let Some(loaded) = load_if_published(&arguments.scenario.file) {
        return published(&loaded, arguments);
    }
    let mut read = read(&arguments.scenario);
    let pilot = read.ready.as_ref().map(pilot_of_first);
    if arguments.json {
        if let Some(Err(problem)) = &pilot {
            add(&mut read.problems, problem);
        }
        let printed = output::result(&json(&read, pilot.and_then(Result::ok).flatten().as_ref()));
        return if read.problems.has_errors() { Exit::Failed } else { printed };
    }
    output::problems(&read.problems, &read.sources);
    let (Some(ready), Some(pilot)) = (&read.ready, pilot) else { return Exit::Failed };
    let short = in_short(ready);
    match pilot {
        Err(problem) => {
            output::result(&short);
            output::run_problem(&problem, &read.sources);
            Exit::Failed
        }
        Ok(pilot) => output::result(&(short + &expected(ready, pilot.as_ref()) + &closing(&read.problems))),
    }
}

fn closing(problems: &Diagnostics) -> String {
    match output::tally(problems).1 {
        0 => "no problems\n".to_owned(),
        n => format!("no errors, warnings: {n}\n"),
    }
}

/// Prints what a file of published numbers holds, and what is wrong with it.
fn published(loaded: &LoadedPublished, arguments: &Arguments) -> Exit {
    if !arguments.scenario.set.is_empty() {
        output::error("--set changes scenarios, and this is a file of published numbers");
        return Exit::Usage;
    }
    let failed = loaded.problems.has_errors();
    if arguments.json {
        let printed = output::result(&published_json(loaded.published.as_ref(), &loaded.problems, &loaded.sources));
        return if failed { Exit::Failed } else { printed };
    }
    output::problems(&loaded.problems, &loaded.sources);
    match &loaded.published {
        Some(published) => output::result(&(held(published) + &closing(&loaded.problems))),
        None => Exit::Failed,
    }
}

/// `problems` and `published`, which is `null` where there are errors.
fn published_json(published: Option<&Published>, problems: &Diagnostics, sources: &Sources) -> String {
    let published = published.map_or(serde_json::Value::Null, |published| {
        serde_json::json!({
            "title": published.title,
            "tables": published.tables.len(),
            "cells": published.cells.len(),
            "not_applicable": published.not_applicable(),
            "groups": published.groups.len(),
            "identities": published.identities.len(),
            "differences": published.differences.len(),
        })
    });
    format!("{{\"problems\":{},\"published\":{published}}}\n", to_json(problems, sources))
}

/// What a file of published numbers holds.
fn held(published: &Published) -> String {
    let mut text = format!("{}\n", published.title);
    for line in published.about.lines().map(str::trim).filter(|l| !l.is_empty()) {
        let _ = writeln!(text, "{line}");
    }
    let _ = writeln!(text, "\nTables");
    for (position, table) in published.tables.iter().enumerate() {
        let number = if table.number.is_empty() { String::new() } else { format!(", {}", table.number) };
        let numbers = published.cells_of(position).filter(|cell| cell.value.is_some()).count();
        let na = published.cells_of(position).count() - numbers;
        let na = if na == 0 { String::new() } else { format!(" and {} NA", count(na as u64)) };
        let _ = writeln!(text, "  {}{number}: {} numbers{na}: {}", table.id, count(numbers as u64), table.title);
    }
    let numbers = published.cells.len() - published.not_applicable();
    let open = published.differences.iter().filter(|difference| difference.open).count();
    let _ = writeln!(
        text,
        "\nTables: {}, cells: {} ({} numbers, {} NA), groups: {}",
        published.tables.len(),
        count(published.cells.len() as u64),
        count(numbers as u64),
        count(published.not_applicable() as u64),
        published.groups.len(),
    );
    let _ = writeln!(text, "Identities that hold: {}", published.identities.len());
    let _ = writeln!(text, "Differences between documents: {}, {open} of them open\n", published.differences.len());
    text
}

fn pilot_of_first(ready: &Ready) -> Result<Option<Pilot>, RunProblem> {
    match ready.conditions.first() {
        Some((_, first)) => pilot(first, ready.scenario.study.seed),
        None => Ok(None),
    }
}

/// A formula that fails in the pilot would stop the study as well.
fn add(problems: &mut Diagnostics, problem: &RunProblem) {
    match &problem.span {
        Some(span) => problems.error(problem.code, span, problem.message.clone()),
        None => problems.error_anywhere(problem.code, problem.message.clone()),
    };
}

/// `problems` and `pilot`, which is `null` where there is none.
fn json(read: &Read, pilot: Option<&Pilot>) -> String {
    let condition = read.ready.as_ref().and_then(|ready| ready.conditions.first());
    let pilot = pilot.zip(condition).map(|(pilot, (condition, _))| {
        let factors: serde_json::Map<String, serde_json::Value> =
            condition.factors.iter().map(|(name, value)| (name.clone(), value.clone().into())).collect();
        serde_json::json!({
            "condition": condition.number + 1,
            "factors": factors,
            "replicates": pilot.replicates,
            "expected": pilot.description,
        })
    });
    let pilot = pilot.unwrap_or(serde_json::Value::Null);
    format!("{{\"problems\":{},\"pilot\":{pilot}}}\n", to_json(&read.problems, &read.sources))
}

/// What the pilot found.
fn expected(ready: &Ready, pilot: Option<&Pilot>) -> String {
    let Some((condition, _)) = ready.conditions.first() else { return String::new() };
    let Some(pilot) = pilot else {
        return "pilot: none, for the study is too large; `eclosion simulate` and `eclosion describe` count one data \
                set\n\n"
            .to_owned();
    };
    let mut text = format!(
        "pilot: {} {} of the first condition{}; Monte Carlo standard errors in brackets\n",
        count(pilot.replicates),
        if pilot.replicates == 1 { "replicate" } else { "replicates" },
        place(ready, condition),
    );
    text.push_str(&report::description(&pilot.description, Seen::Expected, &output::style()));
    text.push('\n');
    text
}

/// The study in short.
fn in_short(ready: &Ready) -> String {
    let mut text = String::new();
    let study = &ready.scenario.study;
    let _ = writeln!(text, "{}", study.title);
    for line in study.aims.lines().map(str::trim).filter(|l| !l.is_empty()) {
        let _ = writeln!(text, "{line}");
    }
    let _ = writeln!(text, "\nseed {}, intervals at {}", study.seed, number(study.confidence));
    let Some((condition, first)) = ready.conditions.first() else { return text };
    persons(&mut text, ready, condition, first);
    waves(&mut text, first);
    parameters(&mut text, ready);
    conditions(&mut text, ready);
    mechanisms(&mut text, ready);
    methods(&mut text, ready, first);
    text
}

fn persons(text: &mut String, ready: &Ready, condition: &Condition, first: &Prepared) {
    let _ = writeln!(text, "\nPersons in a replicate: {}", count(first.truth.schema().persons as u64));
    for (name, size) in ready.scenario.group_sizes(condition) {
        let _ = writeln!(text, "  {name}: {size}");
    }
    let sites = first.truth.schema().sites.len();
    if sites > 0 {
        let _ = writeln!(text, "  sites: {}", count(sites as u64));
    }
}

fn waves(text: &mut String, first: &Prepared) {
    let years: Vec<String> = first.survey.schema().wave_years.iter().map(|y| number(*y)).collect();
    let _ = writeln!(text, "Waves: {}, at {} years", years.len(), years.join(", "));
}

fn parameters(text: &mut String, ready: &Ready) {
    let list = ready.scenario.parameters.list();
    if list.is_empty() {
        return;
    }
    let _ = writeln!(text, "\nParameters");
    for parameter in list {
        let level = parameter.levels.as_ref().and_then(|levels| levels.get(parameter.value as usize));
        let value = level.cloned().unwrap_or_else(|| number(parameter.value));
        let mark = if parameter.source.starts_with("assumed") { "  (assumed)" } else { "" };
        let _ = writeln!(text, "  {} = {value}: {}{mark}", parameter.name.text, parameter.about);
    }
}

fn conditions(text: &mut String, ready: &Ready) {
    let replicates = ready.scenario.study.replicates;
    let n = ready.conditions.len() as u64;
    let precision = &ready.scenario.precision;
    let _ = match &precision.until {
        Some(until) => writeln!(
            text,
            "\nConditions: {}, replicates of each until {}, at most {}",
            count(n),
            until.text,
            count(precision.max_replicates.unwrap_or(MOST))
        ),
        None => writeln!(
            text,
            "\nConditions: {}, {} replicates each, {} data sets",
            count(n),
            count(replicates),
            count(n.saturating_mul(replicates))
        ),
    };
    if let Some(budget) = precision.budget {
        let _ = writeln!(text, "  ended after {} with what is done until then", time::written(budget));
    }
    grid(text, ready);
}

/// The design, the factors, and the methods that are made of others.
fn grid(text: &mut String, ready: &Ready) {
    let grid = &ready.scenario.grid;
    let n = ready.conditions.len() as u64;
    if grid.design != Design::Crossed || grid.skipped > 0 {
        let skipped = match grid.skipped {
            0 => String::new(),
            k => format!(", {} of {} cells skipped", count(k), count(n.saturating_add(k))),
        };
        let _ = writeln!(text, "  design: {}{skipped}", grid.design.word());
    }
    if grid.independent {
        let _ = writeln!(text, "  each condition with draws of its own");
    }
    for vary in &ready.scenario.vary {
        let values: Vec<&str> = vary.values.iter().map(|v| v.text.as_str()).collect();
        let along = vary.goes_along_with().map_or(String::new(), |other| format!(" (along with {other})"));
        let _ = writeln!(text, "  {} = {}{along}", vary.name.text, values.join(", "));
    }
    let mut made: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for method in ready.scenario.methods.iter() {
        if let Some(of) = &method.made_of {
            made.entry(of).or_default().push(&method.name.text);
        }
    }
    for (of, methods) in made {
        let _ = writeln!(text, "  methods made of {of}: {}", methods.join("; "));
    }
}

/// The mechanisms of the first condition, and those of others where they differ.
fn mechanisms(text: &mut String, ready: &Ready) {
    let mut last: Option<&Prepared> = None;
    for (condition, prepared) in ready.conditions.iter().take(SHOWN) {
        if last.is_some_and(|l| l.survey.mechanisms() == prepared.survey.mechanisms()) {
            continue;
        }
        let _ = writeln!(text, "\nWhat the survey does{}", place(ready, condition));
        if prepared.survey.mechanisms().is_empty() {
            let _ = writeln!(text, "  sees everything that is not latent as it is");
        }
        for mechanism in prepared.survey.mechanisms() {
            let kind = mechanism.missingness.map_or(String::new(), |m| format!(": {}", missingness_word(m)));
            let reads = match mechanism.reads.len() {
                0 => String::new(),
                _ => format!(", reads {}", mechanism.reads.join(", ")),
            };
            let _ = writeln!(text, "  {}{kind}{reads}", mechanism.name);
        }
        last = Some(prepared);
    }
}

fn place(ready: &Ready, condition: &Condition) -> String {
    if ready.conditions.len() == 1 || condition.factors.is_empty() {
        return String::new();
    }
    let factors: Vec<String> = condition.factors.iter().map(|(name, value)| format!("{name} = {value}")).collect();
    format!(" ({})", factors.join(", "))
}

fn methods(text: &mut String, ready: &Ready, first: &Prepared) {
    let _ = writeln!(text, "\nEstimands, and the methods that answer them");
    for (position, target) in first.targets.iter().enumerate() {
        let truth = match target.truth {
            TargetTruth::Population => "of the population".to_owned(),
            TargetTruth::Cohort => "of each cohort".to_owned(),
            TargetTruth::Constant(value) => format!("given, {}", number(value)),
        };
        let names = first.pairs.iter().filter(|(e, _)| *e == position).filter_map(|(_, m)| {
            let method = ready.scenario.methods.get(*m)?;
            let own = method.name.text == method.kind;
            Some(if own { method.kind.to_owned() } else { format!("{} ({})", method.name.text, method.kind) })
        });
        let names: Vec<String> = names.collect();
        let names = if names.is_empty() { "none".to_owned() } else { names.join(", ") };
        let _ = writeln!(text, "  {} ({truth}): {names}", target.name);
    }
    text.push('\n');
}
