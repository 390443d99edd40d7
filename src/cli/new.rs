//! `eclosion new`.

use super::{Exit, output};
use crate::scenario::{template, templates};
use clap::Args;
use clap::builder::PossibleValuesParser;
use std::fs::OpenOptions;
use std::io::Write;
use std::path::PathBuf;

/// Arguments of `eclosion new`.
#[derive(Args, Debug)]
pub struct Arguments {
    /// Name of the file; `.toml` is added where it has no ending
    #[arg(value_name = "NAME", default_value = "scenario")]
    pub name: PathBuf,
    /// What the scenario shows
    #[arg(long, value_name = "TEMPLATE", value_parser = names(), default_value = templates()[0].0)]
    pub template: String,
    /// Replace the file if it is there
    #[arg(long)]
    pub force: bool,
}

fn names() -> PossibleValuesParser {
    let values = templates().iter().map(|(name, about, _)| clap::builder::PossibleValue::new(*name).help(*about));
    PossibleValuesParser::new(values)
}

/// Writes a scenario to start from.
pub fn run(arguments: &Arguments) -> Exit {
    let Some(text) = template(&arguments.template) else {
        output::error(&format!("there is no template `{}`", arguments.template));
        return Exit::Usage;
    };
    let mut path = arguments.name.clone();
    if path.extension().is_none() {
        path.set_extension("toml");
    }
    let mut options = OpenOptions::new();
    options.write(true);
    if arguments.force {
        options.create(true).truncate(true)
    } else {
        options.create_new(true)
    };
    let written = options.open(&path).and_then(|mut file| file.write_all(text.as_bytes()));
    match written {
        Ok(()) => {
            let path = path.display();
            output::result(&format!("wrote {path}\nnext: eclosion check {path}\n"))
        }
        Err(e) if e.kind() == std::io::ErrorKind::AlreadyExists => {
            output::error(&format!("`{}` is there already; --force replaces it", path.display()));
            Exit::Failed
        }
        Err(e) => {
            output::error(&format!("cannot write `{}`: {e}", path.display()));
            Exit::Failed
        }
    }
}
