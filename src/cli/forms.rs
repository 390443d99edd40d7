//! How a result is printed, and in which forms its tables are written.

use super::output;
use crate::diagnostic::{Diagnostics, Sources, Span, Text};
use crate::evaluate;
use crate::release::Format;
use crate::report::table::{Asked, Names, View, latex, markdown, table, table_csv, view};
use crate::report::{Style, precision};
use crate::tables::{Among, Spent, StudyResult};
use clap::Args;
use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};

/// How a result is printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Printed {
    Text,
    Markdown,
    Csv,
    Latex,
    Json,
}

/// Those that are no form of files. `csv` is both: with a folder that of the files, otherwise what is printed.
const PRINTED: [(&str, Printed, &str); 4] = [
    ("text", Printed::Text, "printed: tables for a terminal"),
    ("markdown", Printed::Markdown, "printed: a Markdown table"),
    ("latex", Printed::Latex, "printed: a LaTeX table, for booktabs"),
    ("json", Printed::Json, "printed: everything, as one JSON object"),
];

/// A value of `--format`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    File(Format),
    Printed(Printed),
}

/// All values of `--format` by name.
pub(super) fn forms() -> impl TypedValueParser<Value = Form> {
    let files = Format::all().into_iter().map(|format| PossibleValue::new(format.name()).help(format.summary()));
    let printed = PRINTED.iter().map(|(name, _, summary)| PossibleValue::new(*name).help(*summary));
    PossibleValuesParser::new(printed.chain(files)).map(|name| {
        let printed = PRINTED.iter().find(|(known, ..)| *known == name).map(|(_, printed, _)| Form::Printed(*printed));
        printed.unwrap_or_else(|| Form::File(Format::named(&name).unwrap_or(Format::Csv)))
    })
}

/// How the result is printed, and the forms of files, each once, where there is a folder.
pub(super) fn chosen(asked: &[Form], folder: bool, json: bool) -> Result<(Printed, Vec<Format>), String> {
    let mut printed: Vec<Printed> = json.then_some(Printed::Json).into_iter().collect();
    let mut files: Vec<Format> = Vec::new();
    for form in asked {
        match form {
            Form::Printed(form) => printed.push(*form),
            Form::File(Format::Csv) if !folder => printed.push(Printed::Csv),
            Form::File(format) if folder => files.push(*format),
            Form::File(format) => {
                return Err(format!(
                    "`{}` is a form of files: add `--out FOLDER`, or print text, markdown, csv, json or latex",
                    format.name()
                ));
            }
        }
    }
    printed.dedup();
    if printed.len() > 1 {
        return Err("the result is printed in one form: leave out all but one (--json is `--format json`)".to_owned());
    }
    if files.is_empty() {
        files = vec![Format::all().first().copied().unwrap_or(Format::Csv), Format::Csv];
    }
    let mut once: Vec<Format> = Vec::new();
    for format in files {
        if !once.contains(&format) {
            once.push(format);
        }
    }
    Ok((printed.first().copied().unwrap_or(Printed::Text), once))
}

/// Which rows and columns are printed.
#[derive(Args, Debug)]
pub(super) struct TableArguments {
    /// Order of the rows: measures, `mcse(bias)`, `condition`, `estimand`, `method` or factors, with commas between them;
    /// a minus in front turns one round
    #[arg(long, value_name = "KEYS", allow_hyphen_values = true)]
    sort: Option<String>,
    /// Rows that are printed: "method == 'complete_case' and coverage < 0.93"
    #[arg(long = "where", value_name = "CONDITION", allow_hyphen_values = true)]
    keep: Option<String>,
    /// A table for each `method`, `estimand`, `condition` or value of a factor
    #[arg(long, value_name = "NAME")]
    group_by: Option<String>,
    /// Measures that are printed, with commas between them
    #[arg(long, value_name = "MEASURES")]
    measures: Option<String>,
    /// Fits whose measures are printed, with commas between them: own successes, those where all methods succeeded, or all
    /// with failures as the worst case
    #[arg(long, value_name = "FITS", value_delimiter = ',', value_parser = among())]
    among: Vec<Among>,
}

fn among() -> impl TypedValueParser<Value = Among> {
    PossibleValuesParser::new(Among::NAMES)
        .map(|name| Among::ALL.into_iter().find(|among| among.name() == name).unwrap_or_default())
}

impl TableArguments {
    /// Checks what is asked; problems are printed.
    pub(super) fn view(&self, mut names: Names, printed: Printed) -> Result<View, ()> {
        let known = evaluate::catalogue().iter().map(|entry| entry.name);
        let further = std::mem::take(&mut names.measures);
        names.measures = known.collect();
        for measure in further {
            if !names.measures.contains(&measure) {
                names.measures.push(measure);
            }
        }
        let mut sources = Sources::default();
        let mut text = |option: &str, written: &Option<String>| {
            written.as_ref().map(|written| {
                let span = Span { file: sources.files.len(), bytes: 0..written.len() };
                sources.files.push((option.to_owned(), written.as_str().into()));
                Text { text: written.clone(), span }
            })
        };
        let mut among = self.among.clone();
        among.sort_unstable();
        among.dedup();
        let asked = Asked {
            sort: text("--sort", &self.sort),
            keep: text("--where", &self.keep),
            group_by: text("--group-by", &self.group_by),
            measures: text("--measures", &self.measures),
            among,
        };
        let mut problems = Diagnostics::new();
        let view = view(&asked, names, &mut problems);
        output::problems(&problems, &sources);
        let view = view.ok_or(())?;
        if printed == Printed::Json && !view.is_usual() {
            output::error(
                "JSON has the whole result: --sort, --where, --group-by, --measures and --among go with text, markdown, \
                 csv and latex",
            );
            return Err(());
        }
        Ok(view)
    }
}

/// The table in one of the forms that choose rows. Text that is asked nothing is left to the usual report.
pub(super) fn table_as(
    printed: Printed,
    result: &StudyResult,
    view: &View,
    spent: Option<&Spent>,
    digits: Option<u8>,
    style: &Style,
) -> Option<String> {
    match printed {
        Printed::Json => None,
        Printed::Text if view.is_usual() => None,
        Printed::Text => Some(table(result, view, spent, digits, style)),
        Printed::Markdown => Some(markdown(result, view, digits)),
        Printed::Latex => Some(latex(result, view, digits)),
        Printed::Csv => Some(table_csv(result, view)),
    }
}

/// What a table for a paper or a program has no place for, for those who watch.
pub(super) fn aside(printed: Printed, result: &StudyResult) {
    if matches!(printed, Printed::Markdown | Printed::Latex | Printed::Csv)
        && let Some(found) = &result.precision
    {
        output::complain(&precision(found, result.by_budget));
    }
}
