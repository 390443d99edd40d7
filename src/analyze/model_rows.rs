//! The rows of a regression: which model, which waves, which clusters and weights. What the tables of several methods
//! have in common.

use super::CannotAnswer;
use super::design::{Design, Waves};
use super::failure::{no_rows, no_rows_at_any};
use super::filter::Filter;
use super::long::LongRows;
use super::outcome::Number;
use super::variable::Variable;
use crate::diagnostic::{Diagnostics, Text};
use crate::formula::parse_model;
use crate::options::{OptionValue, Options};
use crate::statistics::regression::Rows;
use crate::tables::{FitFailure, Observed, ObservedSchema, Target};

/// What a table says of its model: `model`, `waves` and `cluster`.
#[derive(Clone, Debug, Default)]
pub(super) struct AskedModel {
    /// `y ~ terms`, for a report.
    model: Option<String>,
    waves: AskedWaves,
    /// `person`, or the name of a variable.
    pub(super) cluster: Option<String>,
}

/// Which waves are pooled.
#[derive(Clone, Debug, Default, PartialEq)]
enum AskedWaves {
    /// Nothing is said: the estimand's wave, or all in a report.
    #[default]
    Unsaid,
    All,
    /// Counted from 0.
    These(Vec<usize>),
}

impl AskedModel {
    /// Reads `model` and `waves` (S0605, S0660).
    pub(super) fn declare(options: &Options, problems: &mut Diagnostics) -> Self {
        let model = options.text("model", problems);
        if let Some(text) = &model {
            check(text, problems);
        }
        Self { model: model.map(|t| t.text), waves: waves(options, problems), cluster: None }
    }

    /// Reads `cluster` too.
    pub(super) fn with_clusters(mut self, options: &Options, problems: &mut Diagnostics) -> Self {
        self.cluster = options.text("cluster", problems).map(|t| t.text);
        self
    }

    /// Whether it says nothing of waves and clusters.
    pub(super) fn is_plain(&self) -> bool {
        self.waves == AskedWaves::Unsaid && self.cluster.is_none()
    }

    fn of(&self, schema: &ObservedSchema, unsaid: Vec<usize>) -> Result<Vec<usize>, CannotAnswer> {
        let waves = match &self.waves {
            AskedWaves::Unsaid => unsaid,
            AskedWaves::All => (0..schema.waves()).collect(),
            AskedWaves::These(list) => list.clone(),
        };
        match waves.iter().find(|w| **w >= schema.waves()) {
            Some(wave) => {
                let why = format!("there is no wave {}; the survey has {}", wave + 1, schema.waves());
                Err(CannotAnswer { why })
            }
            None => Ok(waves),
        }
    }

    /// The rows of a report.
    pub(super) fn for_report(&self, schema: &ObservedSchema) -> Result<ModelRows, CannotAnswer> {
        let Some(text) = &self.model else {
            return Err(CannotAnswer { why: "it reports on a model; add `model = \"y ~ x + z\"`".to_owned() });
        };
        let Some(response) = parse_model(text).0.response else {
            return Err(CannotAnswer { why: format!("the model `{text}` names no outcome; write `y ~ {text}`") });
        };
        let waves = self.of(schema, (0..schema.waves()).collect())?;
        let outcome = Number::column(&response.name, schema)?;
        self.rows(text, outcome, &waves, schema)
    }

    /// The rows of a target with this model at its waves. Over several waves persons are clusters unless the table names
    /// others, and the table's `waves` have nothing to say. A target of one wave may be answered from more `waves`.
    pub(super) fn for_target(
        &self,
        target: &Target,
        model: &str,
        waves: &[usize],
        schema: &ObservedSchema,
    ) -> Result<ModelRows, CannotAnswer> {
        let mut asked = self.clone();
        if waves.len() > 1 && asked.cluster.is_none() {
            asked.cluster = Some("person".to_owned());
        }
        let own = asked.of(schema, waves.to_vec())?;
        if waves.len() > 1 && own != waves {
            let why = "the estimand has `waves` of its own: leave out the method's".to_owned();
            return Err(CannotAnswer { why });
        }
        let waves = own;
        let mut rows = asked.rows(model, Number::of(target, schema)?, &waves, schema)?;
        rows.long.design.answers(&target.of.text)?;
        if let Some(text) = &target.restrict {
            let filters: Result<_, _> = waves.iter().map(|w| Filter::new(text, target, schema, *w)).collect();
            rows.long = rows.long.restricted(filters?);
        }
        Ok(rows)
    }

    fn rows(
        &self,
        model: &str,
        outcome: Number,
        waves: &[usize],
        schema: &ObservedSchema,
    ) -> Result<ModelRows, CannotAnswer> {
        let pooled = match waves {
            [one] => Waves::One(*one),
            several => Waves::List(several),
        };
        let design = Design::whole(model, schema, pooled)?;
        if !design.random.is_empty() {
            return Err(CannotAnswer { why: "it has no random effects".to_owned() });
        }
        let clusters = self.cluster.as_deref().map(|name| Clusters::new(name, schema)).transpose()?;
        Ok(ModelRows {
            names: design.names.clone(),
            long: LongRows::new(design, outcome, waves),
            last_wave: waves.last().copied().unwrap_or(0),
            one_wave: waves.len() == 1,
            clusters,
            weighted: schema.weighted,
            x: Vec::new(),
            weights: Vec::new(),
            numbers: Vec::new(),
            kept: Vec::new(),
        })
    }
}

/// A model that can be read (S0605).
fn check(text: &Text, problems: &mut Diagnostics) {
    for problem in parse_model(&text.text).1 {
        problems.error("S0605", &text.span.within(&problem.range), problem.message).help(problem.help);
    }
}

fn waves(options: &Options, problems: &mut Diagnostics) -> AskedWaves {
    let whole = |value: &OptionValue| match value {
        OptionValue::Number(t) => t.text.parse::<usize>().ok().filter(|w| *w > 0).map(|w| w - 1),
        _ => None,
    };
    let Some(value) = options.get("waves") else { return AskedWaves::Unsaid };
    let found = match value {
        OptionValue::Text(text) if text.text == "all" => Some(AskedWaves::All),
        OptionValue::List(items, _) if !items.is_empty() => {
            let list: Option<Vec<usize>> = items.iter().map(whole).collect();
            list.filter(|l| l.is_sorted_by(|a, b| a < b)).map(AskedWaves::These)
        }
        _ => None,
    };
    found.unwrap_or_else(|| {
        problems
            .error("S0102", value.span(), "`waves` must be \"all\" or a list of waves, and is something else")
            .help("write `waves = \"all\"` or `waves = [1, 2, 3]`, in ascending order");
        AskedWaves::Unsaid
    })
}

/// What makes rows belong together.
#[derive(Debug)]
enum Clusters {
    Person,
    Of(Variable),
}

impl Clusters {
    fn new(name: &str, schema: &ObservedSchema) -> Result<Self, CannotAnswer> {
        match Variable::find(name, schema) {
            Some(variable) => Ok(Self::Of(variable)),
            None if name == "person" => Ok(Self::Person),
            None => Variable::need(name, schema).map(Self::Of),
        }
    }
}

/// Rows of a model, with what a fit needs beside them; the buffers are kept from data set to data set.
pub(super) struct ModelRows {
    long: LongRows,
    last_wave: usize,
    one_wave: bool,
    clusters: Option<Clusters>,
    weighted: bool,
    /// Names of the columns.
    pub(super) names: Vec<String>,
    /// Columns, row after row.
    pub(super) x: Vec<f64>,
    weights: Vec<f64>,
    numbers: Vec<usize>,
    kept: Vec<f64>,
}

impl ModelRows {
    /// Whether rows belong together.
    pub(super) fn is_clustered(&self) -> bool {
        self.clusters.is_some()
    }

    /// The column of a term.
    pub(super) fn column(&self, term: &str) -> Result<usize, CannotAnswer> {
        self.long.design.column(term)
    }

    /// Fills the rows from a data set.
    pub(super) fn collect(&mut self, observed: &Observed<'_>) -> Result<(), FitFailure> {
        self.long.collect(observed)?;
        if self.long.len() == 0 {
            return Err(if self.one_wave { no_rows(self.last_wave) } else { no_rows_at_any() });
        }
        self.x.clear();
        self.x.extend_from_slice(&self.long.rows);
        self.weights.clear();
        let at = self.long.wave.iter().zip(&self.long.record);
        if self.weighted {
            let weight = |(w, r): (&usize, &usize)| observed.weights(*w).and_then(|all| all.get(*r)).copied();
            self.weights.extend(at.map(|pair| weight(pair).unwrap_or(0.0)));
        }
        self.number_clusters(observed);
        Ok(())
    }

    /// Numbers the clusters from 0. A row without a value gets the weight 0.
    fn number_clusters(&mut self, observed: &Observed<'_>) {
        self.numbers.clear();
        match &self.clusters {
            None => {}
            Some(Clusters::Person) => self.numbers.extend_from_slice(&self.long.record),
            Some(Clusters::Of(variable)) => {
                let first = self.long.wave.first().copied().unwrap_or(0);
                let value = |(w, r): (&usize, &usize)| variable.number(observed, *w, w - first.min(*w), *r);
                self.kept.clear();
                self.kept.extend(self.long.wave.iter().zip(&self.long.record).map(value));
                if self.kept.iter().any(|v| v.is_nan()) {
                    self.weights.resize(self.kept.len(), 1.0);
                    self.weights.iter_mut().zip(&self.kept).for_each(|(w, v)| *w = if v.is_nan() { 0.0 } else { *w });
                }
                let mut known: Vec<f64> = self.kept.clone();
                known.sort_unstable_by(f64::total_cmp);
                known.dedup();
                let place = |v: &f64| known.binary_search_by(|k| k.total_cmp(v)).unwrap_or(0);
                self.numbers.extend(self.kept.iter().map(place));
            }
        }
    }

    /// Takes out columns of levels that do not occur in the rows; gives their names.
    pub(super) fn drop_empty_levels(&mut self) -> Vec<String> {
        let width = self.names.len();
        let is_variable = |name: &str| self.long.design.variables.iter().any(|v| v.name == name);
        let empty: Vec<bool> = (0..width)
            .map(|j| {
                let of_level = self.names[j] != "(Intercept)" && !is_variable(&self.names[j]);
                of_level && self.x.iter().skip(j).step_by(width).all(|v| *v == 0.0)
            })
            .collect();
        self.keep(&empty.iter().map(|e| !e).collect::<Vec<_>>())
    }

    /// Takes out the intercept, for models that have none or their own.
    pub(super) fn drop_intercept(&mut self) {
        let keep: Vec<bool> = self.names.iter().map(|n| n != "(Intercept)").collect();
        self.keep(&keep);
    }

    fn keep(&mut self, keep: &[bool]) -> Vec<String> {
        let width = keep.len();
        if keep.iter().all(|k| *k) || !self.x.len().is_multiple_of(width.max(1)) {
            return Vec::new();
        }
        let rows = self.x.chunks_exact(width.max(1));
        let kept = rows.flat_map(|row| row.iter().zip(keep).filter(|(_, k)| **k).map(|(v, _)| *v)).collect();
        self.x = kept;
        let mut flags = keep.iter();
        let (mut left, mut gone) = (Vec::new(), Vec::new());
        for name in std::mem::take(&mut self.names) {
            if flags.next() == Some(&true) { left.push(name) } else { gone.push(name) }
        }
        self.names = left;
        gone
    }

    /// Whether a record has more than one row.
    pub(super) fn repeats(&self) -> bool {
        self.long.record.windows(2).any(|pair| pair[0] == pair[1])
    }

    /// The outcome of each row.
    pub(super) fn outcome(&self) -> &[f64] {
        &self.long.outcome
    }

    /// The rows as a fit takes them.
    pub(super) fn rows(&self) -> Rows<'_> {
        Rows {
            x: &self.x,
            columns: self.names.len(),
            outcome: &self.long.outcome,
            weights: (!self.weights.is_empty()).then_some(&self.weights),
            offset: self.long.design.has_offset().then_some(&self.long.offset),
            clusters: self.clusters.is_some().then_some(&self.numbers),
        }
    }
}
