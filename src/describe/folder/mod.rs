//! The numbers of a folder of tables: a release, what `eclosion simulate` writes, or anybody's own of that form.
//!
//! | table | columns |
//! |---|---|
//! | `data/answers`, `answers` or `observed` | `record`, `wave`; if there: `replicate`, `years`, `attended`, `group`, `site`; all others are items, and `ITEM_missing` says why `ITEM` has no answer |
//! | `persons` beside it | `record`; if there: `replicate`, `group`, `site` |
//! | `visits` beside it | `record`, `wave`; a row for each interview |
//! | `comments` beside it | `record`, `wave`, `comment`, `coder`, `theme`; if there: `visit`; a row for each mark |
//!
//! Without a column `attended` each row is an interview.

mod answers;
mod beside;
mod column;
mod ids;
mod names;
mod rows;

use super::summary::summary;
use crate::disk::{Place, Source, Value};
use crate::tables::{Description, RunProblem};
use answers::Answers;
use beside::Beside;
use std::fs;
use std::path::Path;

/// Where the table of answers may be, in the order in which it is looked for: folder below, and name.
const PLACES: [(&str, &str); 3] = [("data", "answers"), ("", "answers"), ("", "observed")];

/// Counts what the tables of a folder hold. Only observed tables are read, never those of the truth.
///
/// # Errors
/// R0050: there is no table of answers in the folder. R0051: a table cannot be read. R0052: a column is missing.
/// R0053: there are two rows where there can be one. R0054: a cell is not what its column holds.
pub fn describe_folder(folder: &Path) -> Result<Description, RunProblem> {
    fs::read_dir(folder).map_err(|e| {
        let help = if folder.is_file() { "; name the folder in which it is" } else { "" };
        problem("R0050", format!("cannot read the folder `{}`: {e}{help}", folder.display()))
    })?;
    for (below, name) in PLACES {
        let base = if below.is_empty() { folder.to_path_buf() } else { folder.join(below) };
        let Some(source) = Source::find(&base, name)? else { continue };
        return described(&base, &source).map_err(|problem| told_of_dirt(folder, problem));
    }
    let forms = if cfg!(feature = "columnar") { "`.csv` or `.parquet`" } else { "`.csv`" };
    Err(problem(
        "R0050",
        format!(
            "there is no table of answers in `{}`: looked for `data/answers`, `answers` and `observed`, each as {forms}",
            folder.display()
        ),
    ))
}

fn described(base: &Path, source: &Source) -> Result<Description, RunProblem> {
    let mut answers = Answers::read(source)?;
    let beside = Beside::read(base, &mut answers)?;
    let (blocks, left_out) = rows::tally(&answers, &beside)?;
    let mut whole = summary(&blocks);
    whole.left_out = left_out;
    Ok(whole)
}

/// The problem, with a word on errors of data entry where the release has them on purpose.
fn told_of_dirt(folder: &Path, mut problem: RunProblem) -> RunProblem {
    let text = fs::read_to_string(folder.join("provenance.json")).unwrap_or_default();
    let provenance: serde_json::Value = serde_json::from_str(&text).unwrap_or_default();
    if let (Some(preset), "R0053" | "R0054") = (provenance["dirty"].as_str(), problem.code) {
        problem.message.push_str(&format!(
            "; this release has errors of data entry on purpose (`dirty` is \"{preset}\"): clean its tables first"
        ));
    }
    problem
}

fn problem(code: &'static str, message: String) -> RunProblem {
    RunProblem { code, message, span: None }
}

/// R0054: a cell is not what its column holds.
fn not_a(what: &str, column: &str, value: Value<'_>, place: Place<'_>) -> RunProblem {
    let found = match value {
        Value::None => "is empty".to_owned(),
        value => format!("is `{}`", value.text()),
    };
    problem("R0054", format!("{place}: `{column}` {found}, but must be {what}"))
}

/// A whole number in a cell.
fn whole(value: Value<'_>, column: &str, place: Place<'_>) -> Result<i64, RunProblem> {
    let number = value.number().filter(|v| *v == v.trunc() && v.abs() < 1e15);
    number.map(|v| v as i64).ok_or_else(|| not_a("a whole number", column, value, place))
}

/// A whole number in a cell of a column that need not be there: 0 then.
fn whole_or_0(values: &[Value<'_>], at: Option<usize>, column: &str, place: Place<'_>) -> Result<i64, RunProblem> {
    at.map_or(Ok(0), |at| whole(cell(values, Some(at)), column, place))
}

/// The cell of a column; none where there is no such column.
fn cell<'a>(values: &[Value<'a>], at: Option<usize>) -> Value<'a> {
    at.and_then(|at| values.get(at)).copied().unwrap_or(Value::None)
}
