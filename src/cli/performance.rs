//! `eclosion performance`: performance measures of estimates that were made elsewhere.

use super::forms::{Form, Printed, TableArguments, chosen, forms, table_as};
use super::{Exit, output};
use crate::diagnostic::Sources;
use crate::intake::{self, Asked, Made, Role};
use crate::release::{self, Folder, Format, Stamp};
use crate::report::table::Names;
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
    #[command(flatten)]
    table: TableArguments,
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
    /// Print as JSON: `--format json`
    #[arg(long)]
    json: bool,
    /// Digits after the point [default: as many as the Monte Carlo error lets a value have]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u8).range(0..=17))]
    digits: Option<u8>,
    /// Form in which the measures are printed, or with a folder that of the tables in it, which may be given several times
    #[arg(long, value_name = "FORMAT", value_parser = forms())]
    format: Vec<Form>,
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

    /// How the measures are printed, and the forms of files.
    fn forms(&self) -> Result<(Printed, Vec<Format>), String> {
        let asked = chosen(&self.output.format, self.output.out.is_some(), self.output.json)?;
        match asked.0 {
            Printed::Csv if self.output.digits.is_some() => {
                Err("--format csv has all digits: it goes without --digits, or with --out".to_owned())
            }
            _ => Ok(asked),
        }
    }
}

/// Reads the tables, measures, and reports.
pub fn run(arguments: &Arguments) -> Exit {
    let (printed, formats) = match arguments.forms() {
        Ok(asked) => asked,
        Err(why) => {
            output::error(&why);
            return Exit::Usage;
        }
    };
    let result = match measured(arguments) {
        Ok(result) => result,
        Err(problem) => return failed(&problem),
    };
    let Ok(view) = arguments.table.view(names(&result), printed) else { return Exit::Usage };
    if let Some(path) = &arguments.output.out
        && let Err(problem) = write(path, &formats, arguments.output.force, &result)
    {
        return failed(&problem);
    }
    let (digits, style) = (arguments.output.digits, output::style());
    let text = table_as(printed, &result, &view, None, digits, &style).unwrap_or_else(|| match printed {
        Printed::Json => report::performance_json(&result),
        _ => report::performance(&result, digits, &style),
    });
    output::result(&text)
}

fn failed(problem: &RunProblem) -> Exit {
    output::run_problem(problem, &Sources::default());
    Exit::Failed
}

/// The names of a table of estimates, with the measures that it has.
fn names(result: &StudyResult) -> Names {
    let mut names = Names { estimands: result.estimands.clone(), methods: result.methods.clone(), ..Names::default() };
    names.measures.extend(result.performance.iter().map(|row| row.measure));
    names.measures.sort_unstable();
    names.measures.dedup();
    for condition in &result.conditions {
        names.add_factors(&condition.factors);
    }
    names
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
    Ok(result)
}

fn write(path: &Path, formats: &[Format], force: bool, result: &StudyResult) -> Result<(), RunProblem> {
    let stamp = Stamp { version: result.version.clone(), ..Stamp::default() };
    let mut folder = Folder::open(path, formats[0], force, stamp)?;
    for format in formats {
        folder.change_format(*format);
        release::write_measured(&mut folder, result)?;
    }
    folder.commit()
}
