//! `eclosion describe`: what the observed tables of a folder hold, in numbers.

use super::{Exit, output};
use crate::describe::describe_folder;
use crate::diagnostic::Sources;
use crate::report::{self, Seen};
use clap::Args;
use std::path::PathBuf;

/// Arguments of `eclosion describe`.
#[derive(Args, Debug)]
pub struct Arguments {
    /// Folder with the tables: a release, or `answers.csv` (columns `record`, `wave` and the items)
    #[arg(value_name = "FOLDER")]
    folder: PathBuf,
    /// Print as JSON
    #[arg(long)]
    json: bool,
}

/// Prints the numbers of the observed tables of a folder.
pub fn run(arguments: &Arguments) -> Exit {
    match describe_folder(&arguments.folder) {
        Ok(whole) if arguments.json => output::result(&format!("{:#}\n", serde_json::json!(whole))),
        Ok(whole) => {
            let text = report::description(&whole, Seen::Counted, &output::style());
            output::result(text.trim_start_matches('\n'))
        }
        Err(problem) => {
            output::run_problem(&problem, &Sources::default());
            Exit::Failed
        }
    }
}
