//! `eclosion`: see `eclosion --help`.
#![forbid(unsafe_code)]

use clap::Parser;
use eclosion::cli::{
    Cli, Command, analyze, calibrate, check, compare, describe, evaluate, explain, generate, methods, new, performance,
    quiet_panics, replay, simulate, solve, tables,
};
use std::process::ExitCode;

fn main() -> ExitCode {
    quiet_panics();
    match Cli::parse().command {
        Command::New(options) => new::run(&options),
        Command::Check(options) => check::run(&options),
        Command::Simulate(options) => simulate::run(&options),
        Command::Generate(options) => generate::run(&options),
        Command::Describe(options) => describe::run(&options),
        Command::Evaluate(options) => evaluate::run(&options),
        Command::Solve(options) => solve::run(&options),
        Command::Tables(options) => tables::run(&options),
        Command::Compare(options) => compare::run(&options),
        Command::Calibrate(options) => calibrate::run(&options),
        Command::Replay(options) => replay::run(&options),
        Command::Analyze(options) => analyze::run(&options),
        Command::Performance(options) => performance::run(&options),
        Command::Methods(options) => methods::run(&options),
        Command::Explain(options) => explain::run(&options),
    }
    .into()
}
