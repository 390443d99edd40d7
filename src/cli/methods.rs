//! `eclosion methods`: the methods, and the steps that can stand before them.

use super::{Exit, output};
use crate::analyze::{catalogue, steps};
use crate::diagnostic::near_miss;
use clap::Args;
use serde_json::{Value, json};
use std::fmt::Write;

/// Arguments of `eclosion methods`.
#[derive(Args, Debug)]
pub struct Arguments {
    /// Name of a method, whose page is printed
    #[arg(value_name = "NAME")]
    pub name: Option<String>,
    /// Print as JSON
    #[arg(long)]
    pub json: bool,
}

/// A method or a step.
struct Listed {
    name: &'static str,
    summary: &'static str,
    page: &'static str,
}

fn methods() -> impl Iterator<Item = Listed> {
    catalogue().iter().map(|entry| Listed { name: entry.name, summary: entry.summary, page: entry.page })
}

fn all_steps() -> impl Iterator<Item = Listed> {
    steps().iter().map(|entry| Listed { name: entry.name, summary: entry.summary, page: entry.page })
}

/// Prints the list of methods and steps, or the page of one.
pub fn run(arguments: &Arguments) -> Exit {
    let Some(name) = &arguments.name else {
        return output::result(&if arguments.json { json_list() } else { list() });
    };
    match methods().chain(all_steps()).find(|entry| entry.name == name) {
        Some(entry) if arguments.json => output::result(&format!("{:#}\n", json_entry(&entry, true))),
        Some(entry) => output::page(&format!("{}: {}\n\n{}\n", entry.name, entry.summary, entry.page.trim())),
        None => {
            let help = match near_miss(name, methods().chain(all_steps()).map(|e| e.name)) {
                Some(near) => format!("did you mean `{near}`?"),
                None => "`eclosion methods` lists them all".to_owned(),
            };
            output::error(&format!("there is no method or step `{name}`; {help}"));
            Exit::Usage
        }
    }
}

fn list() -> String {
    let width = methods().chain(all_steps()).map(|e| e.name.len()).max().unwrap_or(0);
    let mut text = String::from("Methods\n");
    for entry in methods() {
        let _ = writeln!(text, "  {:width$}  {}", entry.name, entry.summary);
    }
    text.push_str("\nSteps before a method: `steps = [\"impute.mice\", \"gee\"]`\n");
    for entry in all_steps() {
        let _ = writeln!(text, "  {:width$}  {}", entry.name, entry.summary);
    }
    text.push_str("\n`eclosion methods NAME` prints the page of one.\n");
    text
}

fn json_list() -> String {
    let kinds = |kind: &str, entry: &Listed| {
        let mut object = json_entry(entry, false);
        object["kind"] = kind.into();
        object
    };
    let all = methods().map(|entry| kinds("method", &entry)).chain(all_steps().map(|entry| kinds("step", &entry)));
    format!("{:#}\n", Value::from(all.collect::<Vec<_>>()))
}

fn json_entry(entry: &Listed, page: bool) -> Value {
    let mut object = json!({ "name": entry.name, "summary": entry.summary });
    if page {
        object["page"] = entry.page.into();
    }
    object
}
