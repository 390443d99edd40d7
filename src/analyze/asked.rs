//! What a report is about, where it is about columns: options `of`, `level`, `wave` and `compare`.

use super::difference::Groups;
use super::outcome::{Number, YesNo};
use super::{CannotAnswer, NoReport, counts};
use crate::diagnostic::{Diagnostics, Text};
use crate::options::{OptionValue, Options};
use crate::statistics::confidence::Confidence;
use crate::tables::{FailureKind, FitFailure, Observed, ObservedSchema, Quantity, Target};

/// The outcome that a report is about.
#[derive(Clone, Debug)]
pub(super) struct Asked {
    /// The column.
    of: Text,
    /// Which of its levels counts as yes, where it has named ones.
    level: Option<String>,
    /// The wave, if the report is about one.
    pub(super) wave: Option<usize>,
    /// The two conditions on records that are compared.
    compare: Option<(Text, Text)>,
}

/// The answer of a method that reports only when it is asked for an estimand.
pub(super) fn reports_only() -> CannotAnswer {
    CannotAnswer { why: "it answers no estimand but `quantity = \"finding\"`, by a name that it reports".to_owned() }
}

/// The level of a report's intervals.
pub(super) fn level(confidence: f64) -> Result<Confidence, CannotAnswer> {
    Confidence::new(confidence)
        .ok_or_else(|| CannotAnswer { why: format!("a level of {confidence} is not between 0 and 1") })
}

/// The name of an estimate: the first of several has the number 1.
pub(super) fn numbered(name: &str, position: usize, count: usize) -> String {
    if count > 1 { format!("{name} {}", position + 1) } else { name.to_owned() }
}

impl Asked {
    /// From the options `of`, `level` and `wave`; nothing without `of`.
    pub(super) fn declare(options: &Options, problems: &mut Diagnostics) -> Option<Self> {
        let (of, level) = (options.text("of", problems), options.text("level", problems));
        let wave = counts::wave(options, "wave", problems);
        Some(Self { of: of?, level: level.map(|l| l.text), wave, compare: None })
    }

    /// About a column whose waves are options of their own.
    pub(super) fn about(of: Text, level: Option<Text>) -> Self {
        Self { of, level: level.map(|l| l.text), wave: None, compare: None }
    }

    /// The same, with the option `compare`: two conditions on records.
    pub(super) fn declare_comparing(options: &Options, problems: &mut Diagnostics) -> Option<Self> {
        let asked = Self::declare(options, problems);
        let compare = options.texts("compare", problems);
        let span = options.get("compare").map_or(&options.span, OptionValue::span);
        let pair = match compare.as_deref() {
            Some([first, second]) => Some((first.clone(), second.clone())),
            Some(_) => {
                problems
                    .error("S0622", span, "`compare` names two conditions")
                    .help("such as [\"arm == 1\", \"arm == 0\"]");
                None
            }
            None => None,
        };
        asked.map(|asked| Self { compare: pair, ..asked })
    }

    /// Reports that neither numbers nor a column are there, or both.
    pub(super) fn one_source(asked: bool, given: bool, key: &str, options: &Options, problems: &mut Diagnostics) {
        if asked == given {
            let message = if asked {
                format!("`of` and `{key}` cannot both say what is counted")
            } else {
                format!("neither `of` nor `{key}` says what is counted")
            };
            problems
                .error("S0622", &options.span, message)
                .help(format!("`of` names a column, `{key}` holds counts made elsewhere"));
        }
    }

    /// The question as the methods for estimands put it.
    fn target(&self) -> Target {
        let quantity = Quantity::Prevalence { wave: self.wave.unwrap_or(0) };
        Target {
            level: self.level.clone(),
            compare: self.compare.clone(),
            ..Target::of_column(self.of.clone(), quantity, 0.95)
        }
    }

    /// The name of the column.
    pub(super) fn name(&self) -> &str {
        &self.of.text
    }

    /// The outcome in these columns.
    pub(super) fn outcome(&self, schema: &ObservedSchema) -> Result<YesNo, CannotAnswer> {
        YesNo::of(&self.target(), schema)
    }

    /// The outcome as a number.
    pub(super) fn number(&self, schema: &ObservedSchema) -> Result<Number, CannotAnswer> {
        Number::of(&self.target(), schema)
    }

    /// The two sets of records at a wave.
    pub(super) fn groups(&self, schema: &ObservedSchema, wave: usize) -> Result<Option<Groups>, CannotAnswer> {
        self.compare.as_ref().map(|_| Groups::new(&self.target(), schema, wave)).transpose()
    }

    /// The wave asked for; the last one where none is.
    pub(super) fn wave_in(&self, schema: &ObservedSchema) -> Result<usize, CannotAnswer> {
        let wave = self.wave.unwrap_or(schema.waves().saturating_sub(1));
        there(wave, schema)
    }

    /// `(x1, n1, x2, n2)`: yes and answers in either of the compared sets at the wave.
    pub(super) fn two_groups(&self, observed: &Observed<'_>) -> Result<[f64; 4], NoReport> {
        let schema = observed.schema();
        let (wave, outcome) = (self.wave_in(schema)?, self.outcome(schema)?);
        let mut groups = self
            .groups(schema, wave)?
            .ok_or_else(|| CannotAnswer { why: "`compare` does not say which records are compared".to_owned() })?;
        groups.read(observed, wave);
        let codes = outcome.codes(observed, wave);
        let mut cells = [0.0; 4];
        for (i, code) in codes.iter().enumerate().filter(|(_, code)| outcome.is_answer(**code) == 1) {
            let yes = f64::from(outcome.is_yes(*code));
            for (set, at) in [(&groups.first, 0), (&groups.second, 2)] {
                let inside = f64::from(set.get(i).copied().unwrap_or(0));
                cells[at] += inside * yes;
                cells[at + 1] += inside;
            }
        }
        for (n, which) in [(cells[1], "first"), (cells[3], "second")] {
            if n == 0.0 {
                let detail = format!("nobody in the {which} group answered `{}` at wave {}", self.of.text, wave + 1);
                return Err(FitFailure::new(FailureKind::EmptyGroup, detail).into());
            }
        }
        Ok(cells)
    }
}

/// A wave that the data have.
pub(super) fn there(wave: usize, schema: &ObservedSchema) -> Result<usize, CannotAnswer> {
    if wave < schema.waves() {
        return Ok(wave);
    }
    Err(CannotAnswer { why: format!("there is no wave {}; the data have {}", wave + 1, schema.waves()) })
}

/// Records by two yes/no answers, each an outcome at a wave: yes/yes, yes/no, no/yes, no/no among those with both.
pub(super) fn cross(observed: &Observed<'_>, first: (&YesNo, usize), second: (&YesNo, usize)) -> [f64; 4] {
    let mut cells = [0.0; 4];
    let codes = first.0.codes(observed, first.1).iter().zip(second.0.codes(observed, second.1));
    for (a, b) in codes.filter(|(a, b)| first.0.is_answer(**a) & second.0.is_answer(**b) == 1) {
        let cell = 2 * (1 - first.0.is_yes(*a)) + (1 - second.0.is_yes(*b));
        cells[usize::from(cell)] += 1.0;
    }
    cells
}
