//! A statistic that the bootstrap works out itself, without a method behind it.

use crate::analyze::CannotAnswer;
use crate::analyze::outcome::Number;
use crate::analyze::step::Answer;
use crate::analyze::variable::Variable;
use crate::diagnostic::{Diagnostics, Text};
use crate::options::Options;
use crate::tables::{Estimate, FailureKind, FitFailure, Observed, ObservedSchema};

/// What is worked out over the records of a sample, with all their waves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    /// The mean over all answers of all waves.
    Mean,
    /// That mean among those whose group is 1, less that among those whose group is 0.
    Difference,
    /// The share of records with a yes at any wave, among those with any answer.
    Ever,
}

const KINDS: [(&str, Kind); 3] = [("mean", Kind::Mean), ("diff", Kind::Difference), ("ever", Kind::Ever)];

/// The statistic as declared.
#[derive(Clone, Debug)]
pub(super) struct Declared {
    kind: Kind,
    of: Text,
    group: Option<Text>,
}

impl Declared {
    /// Reads `kind`, `var` and `group`.
    pub(super) fn read(options: &Options, problems: &mut Diagnostics) -> Option<Self> {
        let kind = options.choice("kind", &KINDS.map(|(word, _)| word), problems).map(|k| KINDS[k].1);
        let (of, group) = (options.text("var", problems), options.text("group", problems));
        for (key, there) in [
            ("kind", options.get("kind").is_some()),
            ("var", options.get("var").is_some()),
            ("group", group.is_some() || kind != Some(Kind::Difference)),
        ] {
            if !there {
                options.missing(key, problems);
            }
        }
        options.finish(problems);
        let kind = kind?;
        (kind != Kind::Difference || group.is_some()).then_some(Self { kind, of: of?, group })
    }
}

/// The statistic on the columns of a data set.
pub(super) struct Statistic {
    kind: Kind,
    outcome: Number,
    group: Option<Number>,
    /// Per record: sum and number of answers, whether any is yes, and the group.
    rows: Vec<Row>,
    work: Vec<f64>,
}

#[derive(Clone, Default)]
struct Row {
    values: Vec<f64>,
    group: f64,
}

impl Statistic {
    pub(super) fn new(declared: &Declared, schema: &ObservedSchema) -> Result<Self, CannotAnswer> {
        let number = |text: &Text| Number::plain(&Variable::need(&text.text, schema)?);
        let group = declared.group.as_ref().map(number).transpose()?;
        Ok(Self { kind: declared.kind, outcome: number(&declared.of)?, group, rows: Vec::new(), work: Vec::new() })
    }

    /// Takes the answers of a data set.
    pub(super) fn read(&mut self, observed: &Observed<'_>) {
        self.rows.clear();
        self.rows.resize(observed.records(), Row { values: Vec::new(), group: f64::NAN });
        for wave in 0..observed.schema().waves() {
            self.outcome.read(observed, wave, &mut self.work);
            for (row, value) in self.rows.iter_mut().zip(&self.work).filter(|(_, v)| !v.is_nan()) {
                row.values.push(*value);
            }
            let Some(group) = &self.group else { continue };
            group.read(observed, wave, &mut self.work);
            for (row, value) in self.rows.iter_mut().zip(&self.work) {
                if row.group.is_nan() {
                    row.group = *value;
                }
            }
        }
    }

    /// The statistic over some records; one that is listed twice counts as two.
    pub(super) fn answer(&self, members: &[usize]) -> Result<Answer, FitFailure> {
        let value = match self.kind {
            Kind::Mean => self.mean(members, None),
            Kind::Difference => self.mean(members, Some(1.0)) - self.mean(members, Some(0.0)),
            Kind::Ever => self.ever(members),
        };
        if !value.is_finite() {
            return Err(FitFailure::new(FailureKind::NoData, "the statistic of the bootstrap is undefined"));
        }
        let estimate = Estimate { estimate: value, ..Estimate::default() };
        Ok(Answer { estimates: vec![estimate], covariance: None })
    }

    fn mean(&self, members: &[usize], group: Option<f64>) -> f64 {
        let (mut sum, mut n) = (0.0, 0_u32);
        let rows = members.iter().filter_map(|m| self.rows.get(*m));
        for row in rows.filter(|row| group.is_none_or(|g| row.group == g)) {
            for value in &row.values {
                sum += value;
                n += 1;
            }
        }
        sum / f64::from(n)
    }

    fn ever(&self, members: &[usize]) -> f64 {
        let rows = || members.iter().filter_map(|m| self.rows.get(*m)).filter(|row| !row.values.is_empty());
        let yes = rows().filter(|row| row.values.contains(&1.0)).count();
        yes as f64 / rows().count() as f64
    }
}
