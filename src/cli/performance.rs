//! `eclosion performance`: performance measures of estimates that were made elsewhere.

use super::simulate::formats;
use super::{Exit, output};
use crate::diagnostic::Sources;
use crate::intake::{self, Asked, Made, Role};
use crate::release::{self, Folder, Format, Stamp};
use crate::tables::{RunProblem, StudyResult};
use crate::{evaluate, report};
use clap::Args;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// Arguments of `eclosion performance`.
#[derive(Args, Debug)]
pub struct Arguments {
    /// Tables of estimates, CSV or Parquet: a row is a fit, or a data set with several methods beside one another
    #[arg(value_name = "ESTIMATES", required = true)]
    files: Vec<PathBuf>,
    #[command(flatten)]
    columns: ColumnArguments,
    #[command(flatten)]
    question: QuestionArguments,
    #[command(flatten)]
    output: OutputArguments,
}

/// Which column is what.
#[derive(Args, Debug)]
struct ColumnArguments {
    /// Column with the simulated data set
    #[arg(long, value_name = "COLUMN")]
    replicate: Option<String>,
    /// Column with the method
    #[arg(long, value_name = "COLUMN")]
    method: Option<String>,
    /// Column with the estimand
    #[arg(long, value_name = "COLUMN")]
    estimand: Option<String>,
    /// Column with the condition
    #[arg(long, value_name = "COLUMN")]
    condition: Option<String>,
    /// Further columns that tell conditions apart, with commas between them
    #[arg(long, value_name = "COLUMNS", value_delimiter = ',')]
    by: Vec<String>,
    /// Column with the estimates
    #[arg(long, value_name = "COLUMN")]
    estimate: Option<String>,
    /// Column with the standard errors
    #[arg(long, value_name = "COLUMN")]
    se: Option<String>,
    /// Column with the degrees of freedom of intervals
    #[arg(long, value_name = "COLUMN")]
    df: Option<String>,
    /// Column with the lower limits
    #[arg(long, value_name = "COLUMN")]
    lower: Option<String>,
    /// Column with the upper limits
    #[arg(long, value_name = "COLUMN")]
    upper: Option<String>,
    /// Column with the true values
    #[arg(long, value_name = "COLUMN")]
    true_column: Option<String>,
    /// Column with the values that tests try to reject
    #[arg(long, value_name = "COLUMN")]
    null_column: Option<String>,
    /// Column that says whether a fit succeeded: ok, 1, true or converged
    #[arg(long, value_name = "COLUMN")]
    status: Option<String>,
    /// Column that says what went wrong
    #[arg(long, value_name = "COLUMN")]
    detail: Option<String>,
    /// Column that says whether the program that made the fit warned of it: empty, 0, false, no, none or ok if not
    #[arg(long, value_name = "COLUMN")]
    warning: Option<String>,
    /// Columns that are not to be read, with commas between them
    #[arg(long, value_name = "COLUMNS", value_delimiter = ',')]
    ignore: Vec<String>,
}

/// What the estimates are compared with.
#[derive(Args, Debug)]
struct QuestionArguments {
    /// True value of all rows, in place of a column
    #[arg(long = "true", value_name = "NUMBER", allow_hyphen_values = true, value_parser = finite, conflicts_with = "true_column")]
    true_value: Option<f64>,
    /// Value that tests try to reject, in place of a column; without either there is no power
    #[arg(long, value_name = "NUMBER", allow_hyphen_values = true, value_parser = finite, conflicts_with = "null_column")]
    null: Option<f64>,
    /// Level of intervals that are made from standard errors, where the table has no limits
    #[arg(long, value_name = "LEVEL", default_value = "0.95", value_parser = level)]
    confidence: f64,
    /// Method that others are compared with [default: the first one of the table]
    #[arg(long, value_name = "METHOD")]
    reference: Option<String>,
    /// Add jackknife Monte Carlo standard errors, and correlations with the reference
    #[arg(long)]
    jackknife: bool,
}

/// How the measures are shown, and where tables go.
#[derive(Args, Debug)]
struct OutputArguments {
    /// Print as JSON
    #[arg(long)]
    json: bool,
    /// Digits after the point [default: as many as the Monte Carlo error lets a value have]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u8).range(0..=17))]
    digits: Option<u8>,
    /// Form of the tables in the folder, which may be given several times; without a folder `csv` prints the measures with
    /// all digits
    #[arg(long, value_name = "FORMAT", value_parser = formats())]
    format: Vec<Format>,
    /// Folder for the tables; without it nothing is written
    #[arg(long, value_name = "FOLDER")]
    out: Option<PathBuf>,
    /// Replace files of an earlier run in the folder
    #[arg(long)]
    force: bool,
}

fn finite(text: &str) -> Result<f64, String> {
    match text.parse::<f64>() {
        Ok(number) if number.is_finite() => Ok(number),
        _ => Err("it is no finite number".to_owned()),
    }
}

fn level(text: &str) -> Result<f64, String> {
    finite(text)
        .ok()
        .filter(|p| *p > 0.0 && *p < 1.0)
        .ok_or_else(|| "it must be above 0 and below 1, as 0.95".to_owned())
}

impl Arguments {
    fn asked(&self) -> Asked {
        let c = &self.columns;
        let named = [
            (Role::Replicate, &c.replicate),
            (Role::Method, &c.method),
            (Role::Estimand, &c.estimand),
            (Role::Condition, &c.condition),
            (Role::Estimate, &c.estimate),
            (Role::ModelSe, &c.se),
            (Role::Df, &c.df),
            (Role::Lower, &c.lower),
            (Role::Upper, &c.upper),
            (Role::TrueValue, &c.true_column),
            (Role::Null, &c.null_column),
            (Role::Status, &c.status),
            (Role::Detail, &c.detail),
            (Role::Warning, &c.warning),
        ];
        let columns: BTreeMap<Role, String> =
            named.into_iter().filter_map(|(role, name)| Some((role, name.clone()?))).collect();
        Asked {
            columns,
            by: c.by.clone(),
            ignore: c.ignore.clone(),
            true_value: self.question.true_value,
            null: self.question.null,
            confidence: self.question.confidence,
            reference: self.question.reference.clone(),
        }
    }

    /// Whether the measures are to be printed as CSV; an error where a format has no folder to go to.
    fn prints_csv(&self) -> Result<bool, &'static str> {
        match (&self.output.out, &self.output.format[..]) {
            (Some(_), _) | (None, []) => Ok(false),
            (None, [Format::Csv]) if self.output.json || self.output.digits.is_some() => {
                Err("--format csv has all digits: it goes without --json and --digits, or with --out")
            }
            (None, [Format::Csv]) => Ok(true),
            (None, _) => Err("without --out only `--format csv` can be printed"),
        }
    }
}

/// Reads the tables, measures, and reports.
pub fn run(arguments: &Arguments) -> Exit {
    let as_csv = match arguments.prints_csv() {
        Ok(as_csv) => as_csv,
        Err(why) => {
            output::error(why);
            return Exit::Usage;
        }
    };
    match measured(arguments) {
        Ok(result) => output::result(&match (as_csv, arguments.output.json) {
            (true, _) => report::performance_csv(&result),
            (_, true) => report::performance_json(&result),
            _ => report::performance(&result, arguments.output.digits, &output::style()),
        }),
        Err(problem) => {
            output::run_problem(&problem, &Sources::default());
            Exit::Failed
        }
    }
}

fn measured(arguments: &Arguments) -> Result<StudyResult, RunProblem> {
    let Made { mut result, targets, tells_warnings, notes } =
        intake::read_estimates(&arguments.files, &arguments.asked())?;
    for note in notes {
        output::complain(&format!("note: {note}\n"));
    }
    result.statuses = evaluate::statuses(&result.estimates);
    result.performance = evaluate::performance(&result.estimates, |_| &targets);
    if !tells_warnings {
        // None are known of, which is another thing than none.
        result.performance.retain(|row| row.measure != evaluate::WARNINGS);
    }
    // Whether the conditions of a table share their draws is not known.
    result.contrasts = evaluate::contrasts(&result.estimates, |_| &targets, false);
    if arguments.question.jackknife {
        let further = evaluate::further(&result.estimates);
        result.performance.extend(further);
        result.performance.sort_by_key(|row| (row.condition, row.estimand, row.method));
    }
    if let Some(path) = &arguments.output.out {
        write(path, &arguments.output, &result)?;
    }
    Ok(result)
}

fn write(path: &Path, asked: &OutputArguments, result: &StudyResult) -> Result<(), RunProblem> {
    let stamp = Stamp { version: result.version.clone(), ..Stamp::default() };
    let mut formats = asked.format.clone();
    if formats.is_empty() {
        formats = vec![Format::all().first().copied().unwrap_or(Format::Csv), Format::Csv];
    }
    let mut folder = Folder::open(path, formats[0], asked.force, stamp)?;
    for (k, format) in formats.iter().enumerate() {
        if !formats[..k].contains(format) {
            folder.change_format(*format);
            release::write_measured(&mut folder, result)?;
        }
    }
    folder.commit()
}
