//! The wide columns of an imputation: what is known from the start, then each variable at each wave.

use super::Imputing;
use super::declare::{Wanted, Word};
use crate::analyze::CannotAnswer;
use crate::analyze::variable::{Cells, Source, Variable};
use crate::statistics::imputation::chained::Plan;
use crate::statistics::imputation::{ChainedFailure, Factor, ImputationFailure, Kind, Target, Term};
use crate::tables::observed::AnswerColumn;
use crate::tables::{FailureKind, FitFailure, Observed, ObservedBatch, ObservedSchema};

/// A column of the wide data.
#[derive(Clone, Debug)]
pub(super) struct Wide {
    pub(super) variable: Variable,
    /// The wave, counted from 0, of an answer.
    pub(super) wave: Option<usize>,
    /// Position among the variables to impute.
    pub(super) wanted: Option<usize>,
    /// What it is as a predictor: its values, or whether it has each of these.
    levels: Vec<f64>,
}

/// How the variables to impute are imputed.
#[derive(Clone, Debug)]
pub(super) struct Imputed {
    pub(super) wanted: Wanted,
    pub(super) variable: Variable,
    pub(super) word: Word,
}

/// All columns, in order: predictors known from the start, then the variables to impute, wave by wave.
#[derive(Clone, Debug)]
pub(super) struct Layout {
    pub(super) columns: Vec<Wide>,
    pub(super) imputed: Vec<Imputed>,
    /// Positions of the columns of `interaction` and `by`.
    interaction: Option<usize>,
    pub(super) by: Option<usize>,
}

impl Layout {
    pub(super) fn new(declared: &Imputing, schema: &ObservedSchema) -> Result<Self, CannotAnswer> {
        let usual = || Variable::find("group", schema).filter(|v| v.values.len() > 1).map(|v| v.name);
        let baseline = declared.baseline.clone().unwrap_or_else(|| usual().into_iter().collect());
        let mut layout = Self { columns: Vec::new(), imputed: Vec::new(), interaction: None, by: None };
        for name in &baseline {
            let variable = Variable::need(name, schema)?;
            if matches!(variable.source, Source::Item(_)) {
                let why = format!("`{name}` is a question; `baseline` names what is known from the start");
                return Err(CannotAnswer { why });
            }
            layout.known(variable)?;
        }
        for wanted in &declared.variables {
            layout.impute(wanted, schema)?;
        }
        for wave in 0..schema.waves() {
            for (k, imputed) in layout.imputed.iter().enumerate() {
                let levels = imputed.predictor_levels();
                let variable = imputed.variable.clone();
                layout.columns.push(Wide { variable, wave: Some(wave), wanted: Some(k), levels });
            }
        }
        layout.interaction = layout.named(declared.interaction.as_deref(), "interaction")?;
        layout.by = match &declared.by {
            Some(name) => layout.named(Some(name), "by")?,
            None => layout.columns.iter().position(|c| c.wave.is_none() && c.variable.name == "group"),
        };
        Ok(layout)
    }

    fn known(&mut self, variable: Variable) -> Result<(), CannotAnswer> {
        if self.columns.iter().any(|c| c.variable.name == variable.name) {
            return Err(CannotAnswer { why: format!("`{}` stands twice in `baseline`", variable.name) });
        }
        let levels = if variable.is_named() { (1..variable.levels.len()).map(|k| k as f64).collect() } else { vec![] };
        self.columns.push(Wide { variable, wave: None, wanted: None, levels });
        Ok(())
    }

    fn impute(&mut self, wanted: &Wanted, schema: &ObservedSchema) -> Result<(), CannotAnswer> {
        let name = &wanted.name.text;
        let refuse = |why: String| Err(CannotAnswer { why });
        let variable = Variable::need(name, schema)?;
        if !matches!(variable.source, Source::Item(_)) {
            return refuse(format!("`{name}` is no question; `variables` names answers to impute"));
        }
        if self.imputed.iter().any(|i| i.variable.name == *name) {
            return refuse(format!("`{name}` stands twice in `variables`"));
        }
        let two = variable.values.len() == 2 && (variable.is_named() || variable.is_yes_no());
        let word = wanted.kind.unwrap_or(match () {
            () if two => Word::Logistic,
            () if variable.is_named() => Word::Multinomial,
            () if variable.is_coded() => Word::Pmm,
            () => Word::Normal,
        });
        match word {
            Word::Logistic if !two => refuse(format!("`{name}` is not yes or no, which `logistic` wants"))?,
            Word::Multinomial | Word::Ordinal if !variable.is_coded() => {
                refuse(format!("`{name}` is a number, and `{}` wants few values", word.word()))?;
            }
            Word::Ordinal if !variable.values.is_sorted() => refuse(format!("the values of `{name}` have no order"))?,
            Word::Normal | Word::Pmm if variable.is_named() => {
                refuse(format!("`{name}` has named levels, and `{}` wants a number", word.word()))?;
            }
            Word::Multinomial if !wanted.delta.is_empty() => {
                refuse(format!("`{name}` has no order that a delta could move it along"))?;
            }
            _ => {}
        }
        for (group, _) in &wanted.delta {
            if let Some(group) = group.as_ref().filter(|g| !schema.groups.contains(g)) {
                let known = schema.groups.join(", ");
                return refuse(format!("`delta` of `{name}` names the group `{group}`; there are {known}"));
            }
        }
        self.imputed.push(Imputed { wanted: wanted.clone(), variable, word });
        Ok(())
    }

    fn named(&self, name: Option<&str>, key: &str) -> Result<Option<usize>, CannotAnswer> {
        let Some(name) = name else { return Ok(None) };
        let found = self.columns.iter().position(|c| c.wave.is_none() && c.variable.name == name);
        let why = || format!("`{key}` names `{name}`, which is not in `baseline`");
        found.map(Some).ok_or_else(|| CannotAnswer { why: why() })
    }

    /// The columns behind the step: what is imputed as a number is a number.
    pub(super) fn schema_after(&self, schema: &ObservedSchema) -> ObservedSchema {
        let mut after = schema.clone();
        for imputed in self.imputed.iter().filter(|i| i.is_number()) {
            if let Source::Item(k) = imputed.variable.source {
                after.items[k].coding = None;
            }
        }
        after
    }

    /// The wide data, column after column.
    pub(super) fn read(&self, observed: &Observed<'_>, out: &mut Vec<f64>) {
        let records = observed.records();
        out.clear();
        for (k, column) in self.columns.iter().enumerate() {
            let (wave, variable) = (column.wave.unwrap_or(0), &column.variable);
            let categories = column.wanted.is_some_and(|w| !self.imputed[w].is_number()) || variable.is_named();
            match variable.source.cells(observed, wave) {
                Cells::Codes(codes) if categories => {
                    let missing = variable.values.len();
                    let value = |c: &u8| if usize::from(*c) < missing { f64::from(*c) } else { f64::NAN };
                    out.extend(codes.iter().map(value));
                }
                Cells::Codes(codes) => out.extend(codes.iter().map(|c| variable.lookup()[usize::from(*c)])),
                Cells::Numbers(values) => out.extend_from_slice(values),
                Cells::Positions(positions) => out.extend(positions.iter().map(|p| f64::from(*p))),
                _ => {}
            }
            out.resize((k + 1) * records, f64::NAN);
        }
    }

    /// What to impute from what: each variable at each wave at which somebody answered, wave by wave.
    pub(super) fn plan(&self, declared: &Imputing, data: &[f64], records: usize) -> Plan {
        let seen = |c: &usize| data.iter().skip(c * records).take(records).any(|v| !v.is_nan());
        let used: Vec<usize> = (0..self.columns.len()).filter(seen).collect();
        let mut targets = Vec::new();
        for &column in &used {
            let (Some(wave), Some(k)) = (self.columns[column].wave, self.columns[column].wanted) else { continue };
            let allowed = |other: &usize| {
                *other != column && (declared.later_waves || self.columns[*other].wave.is_none_or(|w| w <= wave))
            };
            let single: Vec<Term> = used.iter().filter(|o| allowed(o)).flat_map(|other| self.terms(*other)).collect();
            let products = self.interaction.into_iter().flat_map(|by| {
                let others = single.iter().filter(move |t| t.first.column != by);
                let of_by = self.terms(by);
                others.flat_map(move |t| {
                    let product = |b: &Term| Term { first: t.first, second: Some(b.first) };
                    of_by.iter().map(product).collect::<Vec<_>>()
                })
            });
            let predictors: Vec<Term> = single.iter().copied().chain(products).collect();
            targets.push(Target { column, kind: self.imputed[k].kind(declared), predictors });
        }
        Plan { targets, sweeps: declared.sweeps, one_pass: declared.one_pass, when_collinear: declared.when_collinear }
    }

    fn terms(&self, column: usize) -> Vec<Term> {
        match &self.columns[column].levels[..] {
            [] => vec![Term::of(column)],
            levels => {
                let factor = |level: &f64| Factor { column, level: Some(*level) };
                levels.iter().map(|l| Term { first: factor(l), second: None }).collect()
            }
        }
    }

    /// What is added to imputations, laid out as the data; `None` for nothing.
    pub(super) fn shift(&self, observed: &Observed<'_>, data: &[f64]) -> Option<Vec<f64>> {
        if self.imputed.iter().all(|i| i.wanted.delta.is_empty()) {
            return None;
        }
        let records = observed.records();
        let groups = &observed.schema().groups;
        let mut shift = vec![0.0; data.len()];
        for (k, column) in self.columns.iter().enumerate() {
            let Some(wanted) = column.wanted else { continue };
            for (group, delta) in &self.imputed[wanted].wanted.delta {
                for (i, code) in observed.group().iter().enumerate() {
                    let named = groups.get(usize::from(*code));
                    if group.is_none() || group.as_ref() == named {
                        shift[k * records + i] = *delta;
                    }
                }
            }
        }
        Some(shift)
    }

    /// Puts completed columns into a data set. A wave that was imputed counts as attended.
    pub(super) fn write(&self, complete: &[f64], records: usize, batch: &mut ObservedBatch) {
        for (k, column) in self.columns.iter().enumerate() {
            let (Some(wave), Some(wanted), Source::Item(item)) = (column.wave, column.wanted, column.variable.source)
            else {
                continue;
            };
            let values = &complete[k * records..(k + 1) * records];
            let imputed = &self.imputed[wanted];
            let Some(into) = batch.answers.get_mut(item).and_then(|waves| waves.get_mut(wave)) else { continue };
            match (&mut *into, imputed.is_number()) {
                (AnswerColumn::Number(numbers), true) => {
                    numbers.clear();
                    numbers.extend_from_slice(values);
                }
                (_, true) => *into = AnswerColumn::Number(values.to_vec()),
                (AnswerColumn::Coded(codes), false) => {
                    let missing = column.variable.missing_code();
                    codes.clear();
                    codes.extend(values.iter().map(|v| if v.is_nan() { missing } else { *v as u8 }));
                }
                (AnswerColumn::Number(_), false) => {}
            }
            if let (Some(attended), false) = (batch.attended.get_mut(wave), values.iter().any(|v| v.is_nan())) {
                attended.fill(true);
            }
        }
    }

    /// The name of a column, for a reader.
    pub(super) fn name(&self, column: usize) -> String {
        self.columns.get(column).map_or_else(String::new, |c| match c.wave {
            Some(wave) => format!("`{}` at wave {}", c.variable.name, wave + 1),
            None => format!("`{}`", c.variable.name),
        })
    }

    /// The name of a predictor.
    pub(super) fn term_name(&self, term: &Term) -> String {
        let factor = |f: &Factor| {
            let name = self.name(f.column);
            let levels = self.columns.get(f.column).map(|c| &c.variable.levels);
            let level = f.level.and_then(|l| levels.and_then(|all| all.get(l as usize)));
            level.map_or(name.clone(), |level| format!("{name} being `{level}`"))
        };
        term.second
            .map_or_else(|| factor(&term.first), |second| format!("{} times {}", factor(&term.first), factor(&second)))
    }

    /// A failure in words.
    pub(super) fn failure(&self, plan: &Plan, failure: ChainedFailure) -> FitFailure {
        let target = |k: usize| plan.targets.get(k).map_or_else(String::new, |t| self.name(t.column));
        let (kind, detail) = match failure {
            ChainedFailure::Collinear { target: t, predictor } => {
                let term = plan.targets.get(t).and_then(|t| t.predictors.get(predictor));
                let term = term.map_or_else(|| "a predictor".to_owned(), |term| self.term_name(term));
                let help = "leave it out of the model, or say `collinear = \"leave_out\"`";
                let detail = format!("imputing {}: {term} follows from the predictors before it; {help}", target(t));
                (FailureKind::Collinear, detail)
            }
            ChainedFailure::IncompletePredictor { target: t, column } => {
                let detail = format!("imputing {}: {} has missing values", target(t), self.name(column));
                (FailureKind::NoData, format!("{detail} and is not imputed itself"))
            }
            ChainedFailure::NotFinite { column } => {
                (FailureKind::NotFinite, format!("{} has an infinite value", self.name(column)))
            }
            ChainedFailure::Draw { target: t, failure } => {
                let (kind, why) = in_words(failure);
                (kind, format!("imputing {}: {why}", target(t)))
            }
            other => (FailureKind::NoData, format!("the plan of the imputation does not fit the data ({other:?})")),
        };
        FitFailure::new(kind, detail)
    }
}

fn in_words(failure: ImputationFailure) -> (FailureKind, String) {
    match failure {
        ImputationFailure::NothingObserved => (FailureKind::NoData, "nobody answered".to_owned()),
        ImputationFailure::TooFew { observed, needed } => {
            (FailureKind::TooFew, format!("{observed} answers, and the model needs {needed}; use fewer predictors"))
        }
        ImputationFailure::OneValue => (FailureKind::Constant, "all answers are the same".to_owned()),
        ImputationFailure::Separated => {
            let why =
                "the predictors tell answers apart perfectly; `augment = \"on_separation\"` adds pseudo-rows then";
            (FailureKind::QuasiSeparation, why.to_owned())
        }
        ImputationFailure::NotConverged => {
            (FailureKind::NotConverged, "the steps of the fit did not become small".to_owned())
        }
        ImputationFailure::Collinear { .. } => (FailureKind::Collinear, "the predictors are collinear".to_owned()),
        ImputationFailure::NotACategory => (FailureKind::NotFinite, "a value is none of the variable's".to_owned()),
        ImputationFailure::NotFinite | ImputationFailure::Shape => {
            (FailureKind::NotFinite, "a value or a drawn number is not finite".to_owned())
        }
    }
}

impl Imputed {
    /// Whether imputed values are numbers, not codes.
    pub(super) fn is_number(&self) -> bool {
        matches!(self.word, Word::Normal | Word::Pmm)
    }

    /// The codes but the first of a variable that enters other models as indicators; none for one that enters as it is.
    fn predictor_levels(&self) -> Vec<f64> {
        match self.word {
            Word::Multinomial | Word::Ordinal => (1..self.variable.values.len()).map(|k| k as f64).collect(),
            _ => Vec::new(),
        }
    }

    fn kind(&self, declared: &Imputing) -> Kind {
        let (categories, augmentation) = (self.variable.values.len(), declared.augmentation);
        match self.word {
            Word::Normal => Kind::Normal,
            Word::Pmm => Kind::Matching { donors: self.wanted.donors },
            Word::Logistic => Kind::Logistic(augmentation),
            Word::Multinomial => Kind::Multinomial { categories, augmentation },
            Word::Ordinal => Kind::Ordinal { categories, augmentation },
        }
    }
}
