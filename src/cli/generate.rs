//! `eclosion generate`: many small varied panels as test data for other software.

mod case;

use super::simulate::formats;
use super::{Exit, interrupt, output};
use crate::release::{Cells, Field, FieldKind, Folder, Format, Stamp};
use crate::report::count;
use crate::small::{SmallStudy, Trouble};
use crate::tables::RunProblem;
use case::Case;
use clap::Args;
use std::path::PathBuf;
use std::sync::atomic::Ordering;

/// How many cases there are without `--cases`.
const CASES: u64 = 100;
/// Most cases of one run: names of folders have five digits.
const MOST: u64 = 100_000;

/// Arguments of `eclosion generate`.
#[derive(Args, Debug)]
pub struct Arguments {
    /// Folder for the cases
    #[arg(long, value_name = "FOLDER")]
    out: PathBuf,
    /// How many cases, numbered from 0 [default: 100]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..=MOST))]
    cases: Option<u64>,
    /// Write this case only: the same files as among others
    #[arg(long, value_name = "NUMBER", value_parser = clap::value_parser!(u64).range(..MOST))]
    case: Option<u64>,
    /// Seed of all cases
    #[arg(long, value_name = "SEED", default_value_t = 1)]
    seed: u64,
    /// Form of the tables; may be given several times [default: csv]
    #[arg(long, value_name = "FORMAT", value_parser = formats())]
    format: Vec<Format>,
    /// Replace files of an earlier run in the folder
    #[arg(long)]
    force: bool,
}

/// Writes the cases and the list of them.
pub fn run(arguments: &Arguments) -> Exit {
    let numbers: Vec<u64> = match (arguments.case, arguments.cases) {
        (Some(case), Some(cases)) if case >= cases => {
            output::error(&format!("there is no case {case} among {cases}: they are numbered from 0 to {}", cases - 1));
            return Exit::Usage;
        }
        (Some(case), _) => vec![case],
        (None, cases) => (0..cases.unwrap_or(CASES)).collect(),
    };
    match write(arguments, &numbers) {
        Ok(done) if done.len() < numbers.len() => {
            output::error(&format!("interrupted after {} of {} cases", done.len(), numbers.len()));
            Exit::Interrupted
        }
        Ok(done) => output::result(&format!(
            "{} {} in {}; cases.csv says what each has\n",
            count(done.len() as u64),
            if done.len() == 1 { "case" } else { "cases" },
            arguments.out.display()
        )),
        Err(Trouble::Refused(problems, sources)) => {
            output::problems(&problems, &sources);
            Exit::Failed
        }
        Err(Trouble::Run(problem)) => {
            output::run_problem(&problem, &crate::diagnostic::Sources::default());
            Exit::Failed
        }
    }
}

/// The cases that were written before an interruption.
fn write(arguments: &Arguments, numbers: &[u64]) -> Result<Vec<Case>, Trouble> {
    let mut formats: Vec<Format> = Vec::new();
    for format in &arguments.format {
        if !formats.contains(format) {
            formats.push(*format);
        }
    }
    if formats.is_empty() {
        formats.push(Format::Csv);
    }
    let stamp = |seed| Stamp { scenario_hash: String::new(), seed, version: env!("CARGO_PKG_VERSION").to_owned() };
    let mut folder = Folder::open(&arguments.out, Format::Csv, arguments.force, stamp(arguments.seed))?;
    if let Some(name) = stranger(&arguments.out, numbers) {
        let message =
            format!("`{name}` is a case of an earlier run, and this one does not replace it: remove it first");
        return Err(RunProblem { code: "R0020", message, span: None }.into());
    }
    let stop = interrupt::stop_flag();
    let mut done = Vec::with_capacity(numbers.len());
    for number in numbers {
        if stop.load(Ordering::Relaxed) {
            break;
        }
        done.push(case::write(&arguments.out, arguments.seed, *number, &formats)?);
    }
    list(&mut folder, &done)?;
    folder.commit_without_codebook()?;
    Ok(done)
}

/// A folder of a case that is not among these.
fn stranger(out: &std::path::Path, numbers: &[u64]) -> Option<String> {
    let entries = std::fs::read_dir(out).ok()?;
    let mut names: Vec<String> = entries.filter_map(|entry| entry.ok()?.file_name().into_string().ok()).collect();
    names.sort();
    let number = |name: &str| name.strip_prefix(case::FOLDER)?.parse::<u64>().ok();
    let name = names.into_iter().find(|name| number(name).is_some_and(|number| !numbers.contains(&number)))?;
    Some(out.join(name).display().to_string())
}

/// Adds `cases.csv`: what each case has.
fn list(folder: &mut Folder, cases: &[Case]) -> Result<(), RunProblem> {
    let integers =
        |of: &dyn Fn(&SmallStudy) -> u64| -> Vec<i64> { cases.iter().map(|c| of(&c.study) as i64).collect() };
    let kinds = |lead: &'static str| {
        integers(&move |study| (0..study.items.len()).filter(|i| study.item_name(*i).starts_with(lead)).count() as u64)
    };
    let numbers: Vec<i64> = cases.iter().map(|case| case.number as i64).collect();
    let rows: Vec<i64> = cases.iter().map(|case| case.rows as i64).collect();
    let errors: Vec<i64> = cases.iter().map(|case| case.errors as i64).collect();
    let missing: Vec<f64> = cases.iter().map(|case| case.missing.unwrap_or(f64::NAN)).collect();
    let texts = |of: &dyn Fn(&Case) -> String| -> Vec<String> { cases.iter().map(of).collect() };
    let whole = |name: &str, about: &str| Field::new(name, FieldKind::Integer, about).range("0 or more");
    let text = |name: &str, about: &str| Field::new(name, FieldKind::Text, about);
    let columns = [
        (whole("case", "number of the case"), Values::Integers(numbers)),
        (text("folder", "where it is"), Values::Texts(texts(&|case| case::folder_name(case.number)))),
        (whole("persons", "persons in the study"), Values::Integers(integers(&SmallStudy::persons))),
        (whole("groups", "groups of persons"), Values::Integers(integers(&|s| s.groups.len() as u64))),
        (whole("waves", "waves"), Values::Integers(integers(&|s| u64::from(s.waves)))),
        (whole("items", "questions"), Values::Integers(integers(&|s| s.items.len() as u64))),
        (whole("yes_no", "questions answered by yes or no"), Values::Integers(kinds("yes"))),
        (whole("levels", "questions answered by a level"), Values::Integers(kinds("level"))),
        (whole("numbers", "questions answered by a number"), Values::Integers(kinds("number"))),
        (whole("rows", "rows of the table answers before errors of data entry"), Values::Integers(rows)),
        (
            Field::new("missing", FieldKind::Number, "share of the answers in these rows that are not there")
                .range("0 to 1"),
            Values::Numbers(missing),
        ),
        (
            text("dirty", "preset of the errors of data entry; empty where there are none"),
            Values::Texts(texts(&|case| case.study.dirt.preset().unwrap_or_default().to_owned())),
        ),
        (whole("errors", "errors of data entry that were made in the table answers"), Values::Integers(errors)),
        (
            text("mechanisms", "what comes between truth and data, with semicolons between"),
            Values::Texts(texts(&|case| case.study.mechanisms().join("; "))),
        ),
    ];
    let fields = columns.iter().map(|(field, _)| field.clone()).collect();
    let mut table = folder.table("cases", fields)?;
    let cells: Vec<Cells<'_>> = columns.iter().map(|(_, values)| values.cells()).collect();
    folder.write("cases", &mut table, &cells)?;
    folder.close("cases", table)
}

/// A column of `cases.csv`.
enum Values {
    Integers(Vec<i64>),
    Numbers(Vec<f64>),
    Texts(Vec<String>),
}

impl Values {
    fn cells(&self) -> Cells<'_> {
        match self {
            Self::Integers(values) => Cells::Integers(values),
            Self::Numbers(values) => Cells::Numbers(values),
            Self::Texts(values) => Cells::Texts(values),
        }
    }
}
