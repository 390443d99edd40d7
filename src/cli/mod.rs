//! The command line: arguments, progress, exit codes. One file per subcommand.

pub mod analyze;
pub mod calibrate;
pub mod check;
pub mod compare;
pub mod describe;
mod enough;
pub mod evaluate;
pub mod explain;
mod forms;
pub mod generate;
mod interrupt;
mod load;
pub mod methods;
pub mod new;
mod output;
pub mod performance;
mod progress;
mod published;
pub mod replay;
pub mod simulate;
pub mod solve;
pub mod tables;

pub use interrupt::quiet_panics;

use clap::{Parser, Subcommand};
use std::process::ExitCode;

/// Synthetic cohorts whose truth is known, surveys that see them imperfectly, and how far off each method is.
#[derive(Debug, Parser)]
#[command(name = "eclosion", version, after_help = EXIT_CODES, propagate_version = true)]
pub struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

const EXIT_CODES: &str = "\
Exit codes:
  0    all is well
  1    the scenario has errors, a demand of [[expect]] does not hold, or something went wrong on the way
  2    the command line is wrong
  130  interrupted; what was done until then has been reported

Start with `eclosion new`, then `eclosion check scenario.toml` and `eclosion evaluate scenario.toml`.";

/// The subcommands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Write a scenario to start from.
    New(new::Arguments),
    /// Read a scenario, or published numbers of a study; say what it means, and what is wrong with it.
    Check(check::Arguments),
    /// Write simulated cohorts: the truth, and what the survey holds of it.
    Simulate(simulate::Arguments),
    /// Write many small varied panels as test data for other software.
    Generate(generate::Arguments),
    /// Count what observed tables hold: who is there, what is lost, how far answers agree.
    Describe(describe::Arguments),
    /// Run the study: simulate, observe, analyse, and measure how far each method is from the truth.
    #[command(alias = "run")]
    Evaluate(evaluate::Arguments),
    /// Find the value of a design that is enough: the group size that gives a power of 0.8.
    Solve(solve::Arguments),
    /// Make one replicate of a stored study again: its truth, its data, its fits.
    Replay(replay::Arguments),
    /// Print the tables of a study, made from what the survey holds of one simulated study.
    Tables(tables::Arguments),
    /// Set published numbers beside those of many simulated studies, cell by cell.
    Compare(compare::Arguments),
    /// Fit parameters of a scenario to published numbers.
    Calibrate(calibrate::Arguments),
    /// Run methods on your own data: CSV or Parquet, and a plan that says what the columns are.
    Analyze(analyze::Arguments),
    /// Measure any table of estimates, made by this program or elsewhere, against the truth.
    Performance(Box<performance::Arguments>),
    /// List the methods, or print the page of one.
    Methods(methods::Arguments),
    /// Print the page of a numbered problem.
    Explain(explain::Arguments),
}

/// How the program ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exit {
    /// All is well.
    Fine,
    /// The scenario, a demand or the run failed.
    Failed,
    /// The command line is wrong in a way that only the subcommand could see.
    Usage,
    /// Interrupted.
    Interrupted,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        ExitCode::from(match exit {
            Exit::Fine => 0,
            Exit::Failed => 1,
            Exit::Usage => 2,
            Exit::Interrupted => 130,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_command_line_is_well_formed() {
        Cli::command().debug_assert();
    }
}
