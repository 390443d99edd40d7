//! `eclosion analyze`: the methods on somebody's own data.

use super::{Exit, output};
use crate::diagnostic::Diagnostics;
use crate::intake;
use crate::report;
use crate::scenario::load_plan;
use crate::study;
use clap::Args;
use std::path::PathBuf;

/// Arguments of `eclosion analyze`.
#[derive(Args, Debug)]
pub struct Arguments {
    /// The data: CSV or Parquet; several files are one wave each, unless the plan names a column for the wave. Without
    /// data, only methods run whose input is in the plan
    #[arg(value_name = "DATA")]
    data: Vec<PathBuf>,
    /// The plan: [data] says what the columns are, [[method]] what is done
    #[arg(long, value_name = "PLAN")]
    plan: PathBuf,
    /// Print as JSON
    #[arg(long)]
    json: bool,
}

/// Runs the methods of a plan on a table.
pub fn run(arguments: &Arguments) -> Exit {
    let loaded = load_plan(&arguments.plan);
    output::problems(&loaded.problems, &loaded.sources);
    let Some(plan) = loaded.plan else { return Exit::Failed };
    let read = match arguments.data.is_empty() {
        true => Ok(intake::nothing()),
        false => intake::read(&arguments.data, &plan.data),
    };
    let intake = match read {
        Ok(intake) => intake,
        Err(problem) => {
            output::run_problem(&problem, &loaded.sources);
            return Exit::Failed;
        }
    };
    let mut problems = Diagnostics::new();
    let analysis = study::analyze(&plan, &intake, &mut problems);
    output::problems(&problems, &loaded.sources);
    match analysis {
        None => Exit::Failed,
        Some(analysis) if arguments.json => output::result(&format!("{:#}\n", report::analysis_json(&analysis))),
        Some(analysis) => output::result(&report::analysis(&analysis, &output::style())),
    }
}
