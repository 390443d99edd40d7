//! Tables that the options hold.

use super::super::counts::{self, Matrix};
use super::Tables;
use crate::diagnostic::Diagnostics;
use crate::options::{OptionValue, Options};
use crate::statistics::table::trend::Group;
use crate::statistics::table::{Strata, Stratum};

/// The options `trend`, `cochran_q`, `stuart_maxwell`, `strata` and `p_values`.
pub(super) fn declare(options: &Options, problems: &mut Diagnostics) -> Tables {
    let square = matrix_under(options, "stuart_maxwell", problems).and_then(|matrix| {
        if matrix.columns * matrix.columns == matrix.values.len() {
            return Some((matrix.values, matrix.columns));
        }
        let span = options.get("stuart_maxwell").map_or(&options.span, OptionValue::span);
        problems.error("S0621", span, "`stuart_maxwell` needs as many rows as columns");
        None
    });
    Tables {
        trend: trend(options, problems),
        occasions: matrix_under(options, "cochran_q", problems).map(|m| (m.values, m.columns)),
        square,
        strata: strata(options, problems),
        p_values: p_values(options, problems),
    }
}

/// A matrix: `key = { matrix = [...] }`.
fn matrix_under(options: &Options, key: &str, problems: &mut Diagnostics) -> Option<Matrix> {
    let table = options.table(key, problems)?;
    let matrix = match table.get("matrix") {
        Some(value) => counts::matrix("matrix", value, problems),
        None => {
            table.missing("matrix", problems);
            None
        }
    };
    table.finish(problems);
    matrix
}

fn trend(options: &Options, problems: &mut Diagnostics) -> Option<Vec<Group>> {
    let table = options.table("trend", problems)?;
    let [x, n, score] = ["x", "n", "score"].map(|key| counts::list(table, key, problems));
    table.finish(problems);
    if x.len() != n.len() || x.len() != score.len() || x.is_empty() {
        let lengths = format!("{}, {} and {}", x.len(), n.len(), score.len());
        problems.error("S0621", &table.span, format!("`x`, `n` and `score` of `trend` have {lengths} numbers"));
        return None;
    }
    let counts = x.into_iter().zip(n).zip(score);
    let groups: Vec<Group> = counts.map(|((x, n), score)| Group { x, n, score }).collect();
    for group in groups.iter().filter(|g| !((0.0..=g.n).contains(&g.x) && g.n.is_finite() && g.score.is_finite())) {
        let what = format!("{} of {} at a score of {}", group.x, group.n, group.score);
        counts::impossible(&what, &table.span, problems);
    }
    Some(groups)
}

fn strata(options: &Options, problems: &mut Diagnostics) -> Option<Strata> {
    let tables = counts::tables(options, "strata", ["a", "b", "c", "d"], problems);
    options.get("strata")?;
    let strata: Vec<Stratum> = tables.iter().map(|([a, b, c, d], _)| Stratum { a: *a, b: *b, c: *c, d: *d }).collect();
    let checked = Strata::new(&strata);
    if checked.is_none() {
        let span = options.get("strata").map_or(&options.span, OptionValue::span);
        counts::impossible("a stratum with a negative or infinite count", span, problems);
    }
    checked
}

fn p_values(options: &Options, problems: &mut Diagnostics) -> Vec<f64> {
    let values = counts::list(options, "p_values", problems);
    let span = options.get("p_values").map_or(&options.span, OptionValue::span);
    for value in values.iter().filter(|p| !p.is_nan() && !(0.0..=1.0).contains(*p)) {
        problems.error("S0621", span, format!("{value} is no p value")).help("p values are between 0 and 1");
    }
    values
}
