//! The rows of all files together: names to positions, rows in order, what was noticed.

use super::form::Form;
use super::labels::Labels;
use super::row::Row;
use super::{Asked, Made, Role, problem};
use crate::diagnostic::{Span, Text, near_miss};
use crate::disk::{Place, Source, Value};
use crate::numeric::sum::sum;
use crate::tables::{
    ConditionResult, EstimateRow, Quantity, RunProblem, StudyResult, Target, TrueValueRow, TruthSource,
};
use std::collections::BTreeMap;
use std::path::PathBuf;

/// What an estimand or a method is called where no column and no name of a column tells.
const ESTIMAND: &str = "estimand";
const METHOD: &str = "method";

/// Condition, estimand and method.
type Pair = (u32, u32, u32);

/// What has been read so far.
#[derive(Default)]
pub(super) struct Gathered {
    rows: Vec<(EstimateRow, (u32, u64))>,
    replicates: Labels<String>,
    estimands: Labels<String>,
    methods: Labels<String>,
    /// Values of the column of the condition, if any, and of the factors.
    conditions: Labels<Vec<String>>,
    /// Names of what `conditions` holds; whether the first of them is the column of the condition.
    factors: Vec<String>,
    has_condition: bool,
    columns: Vec<String>,
    unused: Vec<String>,
    file: u32,
    /// Whether a file does not tell of warnings.
    silent: bool,
    notes: Vec<String>,
    /// What tests of each estimand try to reject, once a row has told.
    nulls: BTreeMap<u32, Option<f64>>,
}

impl Gathered {
    /// Begins with a file. All must tell conditions apart by the same columns.
    pub(super) fn open(&mut self, source: &Source, form: &Form, asked: &Asked) -> Result<(), RunProblem> {
        let is_first = self.columns.is_empty();
        self.file += u32::from(!is_first);
        let before = std::mem::take(&mut self.factors);
        self.columns = source.columns().to_vec();
        self.has_condition = form.column(Role::Condition).is_some();
        let condition = form.column(Role::Condition).map(|at| self.columns[at].clone());
        self.factors = condition.into_iter().chain(form.factors.iter().map(|(name, _)| name.clone())).collect();
        if !is_first && self.factors != before {
            let (path, own, before) = (source.path().display(), self.factors.join(", "), before.join(", "));
            let message = format!("`{path}` tells conditions apart by ({own}), the file before it by ({before})");
            return Err(problem("R0063", message));
        }
        self.silent |= !form.tells_warnings();
        self.notes.push(format!("`{}`: {}", source.path().display(), self.found(form, asked)));
        if !form.unused.is_empty() {
            self.notes.push(format!("nothing is made of the columns {}", form.unused.join(", ")));
        }
        self.unused.clone_from(&form.unused);
        Ok(())
    }

    /// How the columns were understood.
    fn found(&self, form: &Form, asked: &Asked) -> String {
        let column =
            |role: Role, at: usize| format!("{} `{}`", role.words().trim_start_matches("the "), self.columns[at]);
        let mut parts: Vec<String> = form.row.iter().map(|(role, at)| column(*role, *at)).collect();
        let all = form.fits.iter().flat_map(|fit| fit.columns.iter());
        let mut of_fits: Vec<String> = all.map(|(role, at)| column(*role, *at)).collect();
        of_fits.dedup();
        parts.extend(of_fits);
        parts.extend(form.factors.iter().map(|(name, at)| format!("factor {name} `{}`", self.columns[*at])));
        if let Some(value) = asked.true_value {
            parts.push(format!("true value {value} as given"));
        }
        if form.column(Role::Replicate).is_none() {
            parts.push("each row is a data set".to_owned());
        }
        if form.fits.iter().any(|fit| !fit.columns.contains_key(&Role::Lower)) {
            parts.push("intervals from standard errors".to_owned());
        }
        let kind = if form.is_wide() { "wide form, methods beside one another" } else { "long form, a row is a fit" };
        format!("{kind}: {}", parts.join(", "))
    }

    /// Adds a row.
    pub(super) fn take(
        &mut self,
        place: Place<'_>,
        cells: &[Value<'_>],
        form: &Form,
        asked: &Asked,
    ) -> Result<(), RunProblem> {
        let columns = std::mem::take(&mut self.columns);
        let row = Row { place, cells, columns: &columns };
        let taken = self.take_row(&row, form, asked);
        self.columns = columns;
        taken
    }

    fn take_row(&mut self, row: &Row<'_>, form: &Form, asked: &Asked) -> Result<(), RunProblem> {
        let label = |role| form.column(role).map(|at| row.label(at)).transpose();
        let place = (self.file, row.place.row);
        let replicate = label(Role::Replicate)?.unwrap_or_else(|| format!("{}, {}", place.0, place.1));
        let replicate = u64::from(self.replicates.position(replicate));
        let estimand = self.estimands.position(label(Role::Estimand)?.unwrap_or_else(|| ESTIMAND.to_owned()));
        let mut of_condition: Vec<String> = label(Role::Condition)?.into_iter().collect();
        for (_, at) in &form.factors {
            of_condition.push(row.label(*at)?);
        }
        let condition = self.conditions.position(of_condition);
        let true_value = match (asked.true_value, form.column(Role::TrueValue)) {
            (Some(value), _) => value,
            (None, Some(at)) => row.number(at)?.unwrap_or(f64::NAN),
            (None, None) => f64::NAN,
        };
        self.learn_null(row, estimand, form, asked)?;
        let method = label(Role::Method)?;
        for fit in &form.fits {
            let method = fit.method.clone().or_else(|| method.clone()).unwrap_or_else(|| METHOD.to_owned());
            let method = self.methods.position(method);
            let result = row.fit(fit, form.column(Role::Detail), asked)?;
            let row = EstimateRow { replicate, condition, estimand, method, true_value, result, links: None };
            self.rows.push((row, place));
        }
        Ok(())
    }

    /// An estimand is tested against one value, or not at all.
    fn learn_null(&mut self, row: &Row<'_>, estimand: u32, form: &Form, asked: &Asked) -> Result<(), RunProblem> {
        let (null, column) = match (asked.null, form.column(Role::Null)) {
            (None, Some(at)) => (row.number(at)?, at),
            (given, _) => (given, usize::MAX),
        };
        match *self.nulls.entry(estimand).or_insert(null) {
            known if known == null => Ok(()),
            known => {
                let words = |null: Option<f64>| null.map_or("nothing".to_owned(), |null| null.to_string());
                let message = format!("{} after {} for the same estimand", words(null), words(known));
                Err(row.wrong(column, &message))
            }
        }
    }

    /// All rows, in order, with what was noticed.
    pub(super) fn finish(mut self, paths: &[PathBuf], asked: &Asked) -> Result<Made, RunProblem> {
        let title = paths.iter().map(|p| p.display().to_string()).collect::<Vec<_>>().join(", ");
        if self.rows.is_empty() {
            return Err(problem("R0068", format!("`{title}` has no rows")));
        }
        let methods = self.methods_in_order(asked)?;
        self.rows.sort_by_key(|(row, _)| (row.condition, row.replicate, row.estimand, row.method));
        self.no_row_twice(paths, &methods)?;
        let (rows, _): (Vec<EstimateRow>, Vec<_>) = std::mem::take(&mut self.rows).into_iter().unzip();
        self.true_values_there(&rows, &title)?;
        let by_pair = by_pair(&rows);
        self.note_absent_rows(&rows, &by_pair, &methods);
        let conditions = self.condition_results(&rows);
        let result = StudyResult {
            title,
            confidence: asked.confidence,
            replicates_asked: conditions.iter().map(|c| c.replicates).max().unwrap_or(0),
            version: env!("CARGO_PKG_VERSION").to_owned(),
            nulls: self.nulls.values().copied().collect(),
            estimands: self.estimands.names().to_vec(),
            methods,
            conditions,
            estimates: rows,
            ..StudyResult::default()
        };
        let tested = result.estimands.iter().zip(&result.nulls);
        let targets = tested.map(|(name, null)| target(name, *null, asked.confidence)).collect();
        Ok(Made { result, targets, tells_warnings: !self.silent, notes: self.notes })
    }

    /// The methods with the reference in front, which is where comparisons look for it.
    fn methods_in_order(&mut self, asked: &Asked) -> Result<Vec<String>, RunProblem> {
        let mut methods = self.methods.names().to_vec();
        let Some(reference) = &asked.reference else { return Ok(methods) };
        let Some(first) = methods.iter().position(|name| name == reference) else {
            let near = near_miss(reference, methods.iter().map(String::as_str));
            let near = near.map_or(String::new(), |near| format!(" (did you mean `{near}`?)"));
            let message = format!("there is no method `{reference}`{near}; the methods are {}", methods.join(", "));
            return Err(problem("R0069", message));
        };
        methods[..=first].rotate_right(1);
        for (row, _) in &mut self.rows {
            row.method = match row.method as usize {
                own if own == first => 0,
                own if own < first => row.method + 1,
                _ => row.method,
            };
        }
        Ok(methods)
    }

    fn no_row_twice(&self, paths: &[PathBuf], methods: &[String]) -> Result<(), RunProblem> {
        let key = |row: &EstimateRow| (row.condition, row.replicate, row.estimand, row.method);
        let Some(two) = self.rows.windows(2).find(|two| key(&two[0].0) == key(&two[1].0)) else { return Ok(()) };
        let row = &two[0].0;
        let place = |(file, number): (u32, u64)| match paths.get(file as usize) {
            Some(path) if paths.len() > 1 => format!("row {number} of `{}`", path.display()),
            _ => format!("row {number}"),
        };
        let name = |names: &[String], at: u32| names.get(at as usize).cloned().unwrap_or_default();
        let hint = match self.unused.len() {
            0 => String::new(),
            _ => format!(
                "; if they are of different conditions, name their columns with --by (unused: {})",
                self.unused.join(", ")
            ),
        };
        let message = format!(
            "{} and {} are both of the method `{}` for `{}` in the data set `{}`{hint}",
            place(two[0].1),
            place(two[1].1),
            name(methods, row.method),
            name(self.estimands.names(), row.estimand),
            name(self.replicates.names(), row.replicate as u32),
        );
        Err(problem("R0066", message))
    }

    fn true_values_there(&mut self, rows: &[EstimateRow], title: &str) -> Result<(), RunProblem> {
        let without = rows.iter().filter(|row| !row.true_value.is_finite()).count();
        if without == rows.len() {
            let message = format!(
                "`{title}`: the true value is not known: give it with --true, or its column with --true-column"
            );
            return Err(problem("R0067", message));
        }
        if without > 0 {
            self.notes.push(format!("rows without a true value: {without}; they enter no measure that needs one"));
        }
        Ok(())
    }

    /// A fit that is not in the table was never tried: it is no failure, but somebody should know.
    fn note_absent_rows(
        &mut self,
        rows: &[EstimateRow],
        by_pair: &BTreeMap<Pair, Vec<&EstimateRow>>,
        methods: &[String],
    ) {
        let mut tried: BTreeMap<(u32, u32), Vec<u64>> = BTreeMap::new();
        for row in rows {
            let replicates = tried.entry((row.condition, row.estimand)).or_default();
            if replicates.last() != Some(&row.replicate) {
                replicates.push(row.replicate);
            }
        }
        for ((condition, estimand, method), own) in by_pair {
            let all = tried.get(&(*condition, *estimand)).map_or(0, Vec::len);
            if own.len() < all {
                let name = |names: &[String], at: &u32| names.get(*at as usize).cloned().unwrap_or_default();
                self.notes.push(format!(
                    "condition {}: `{}` has {} rows for `{}`, where there are {all} data sets; those that are not there count \
                     neither as failed nor otherwise",
                    condition + 1,
                    name(methods, method),
                    own.len(),
                    name(self.estimands.names(), estimand),
                ));
            }
        }
    }

    fn condition_results(&self, rows: &[EstimateRow]) -> Vec<ConditionResult> {
        // A column that counts the conditions says no more than their numbers do.
        let labels = self.conditions.names();
        let counts = |(k, values): (usize, &Vec<String>)| values.first() == Some(&(k + 1).to_string());
        let skip = usize::from(self.has_condition && labels.iter().enumerate().all(counts));
        let factors = |values: &[String]| self.factors.iter().cloned().zip(values.iter().cloned()).skip(skip).collect();
        let mut all: Vec<ConditionResult> = labels
            .iter()
            .zip(0..)
            .map(|(values, number)| ConditionResult { number, factors: factors(values), ..ConditionResult::default() })
            .collect();
        for block in rows.chunk_by(|a, b| a.condition == b.condition) {
            let Some(condition) = all.get_mut(block[0].condition as usize) else { continue };
            condition.replicates = block.chunk_by(|a, b| a.replicate == b.replicate).count() as u64;
            let estimands = 0..self.estimands.names().len() as u32;
            condition.true_values = estimands.map(|estimand| true_value(block, estimand)).collect();
        }
        all
    }
}

/// What is known of an estimand's true value in the rows of a condition.
fn true_value(rows: &[EstimateRow], estimand: u32) -> TrueValueRow {
    let values: Vec<f64> =
        rows.iter().filter(|r| r.estimand == estimand).map(|r| r.true_value).filter(|v| v.is_finite()).collect();
    let first = values.first().copied().unwrap_or(f64::NAN);
    if values.iter().all(|value| *value == first) {
        return TrueValueRow { source: TruthSource::Constant, true_value: first, mcse: 0.0 };
    }
    let n = values.len() as f64;
    let mean = sum(values.iter().copied()) / n;
    let squares = sum(values.iter().map(|v| (v - mean) * (v - mean)));
    TrueValueRow { source: TruthSource::Cohort, true_value: mean, mcse: (squares / (n - 1.0) / n).sqrt() }
}

fn by_pair(rows: &[EstimateRow]) -> BTreeMap<Pair, Vec<&EstimateRow>> {
    let mut pairs: BTreeMap<Pair, Vec<&EstimateRow>> = BTreeMap::new();
    for row in rows {
        pairs.entry((row.condition, row.estimand, row.method)).or_default().push(row);
    }
    pairs
}

fn target(name: &str, null: Option<f64>, confidence: f64) -> Target {
    let of = Text { text: name.to_owned(), span: Span::default() };
    let mut target = Target::of_column(of, Quantity::Finding { name: name.to_owned() }, confidence);
    target.null = null;
    target
}
