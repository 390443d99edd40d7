//! `eclosion methods`.

use super::{Exit, output};
use crate::analyze::{Entry, catalogue};
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

/// Prints the list of methods, or the page of one.
pub fn run(arguments: &Arguments) -> Exit {
    let Some(name) = &arguments.name else {
        return output::result(&if arguments.json { json_list() } else { list() });
    };
    match catalogue().iter().find(|entry| entry.name == name) {
        Some(entry) if arguments.json => output::result(&format!("{:#}\n", json_entry(entry, true))),
        Some(entry) => output::page(&format!("{}: {}\n\n{}\n", entry.name, entry.summary, entry.page.trim())),
        None => {
            let help = match near_miss(name, catalogue().iter().map(|e| e.name)) {
                Some(near) => format!("did you mean `{near}`?"),
                None => "`eclosion methods` lists them all".to_owned(),
            };
            output::error(&format!("there is no method `{name}`; {help}"));
            Exit::Usage
        }
    }
}

fn list() -> String {
    let width = catalogue().iter().map(|e| e.name.len()).max().unwrap_or(0);
    let mut text = String::new();
    for entry in catalogue() {
        let _ = writeln!(text, "{:width$}  {}", entry.name, entry.summary);
    }
    text.push_str("\n`eclosion methods NAME` prints the page of one.\n");
    text
}

fn json_list() -> String {
    let all: Vec<Value> = catalogue().iter().map(|entry| json_entry(entry, false)).collect();
    format!("{:#}\n", Value::from(all))
}

fn json_entry(entry: &Entry, page: bool) -> Value {
    let mut object = json!({ "name": entry.name, "summary": entry.summary });
    if page {
        object["page"] = entry.page.into();
    }
    object
}
