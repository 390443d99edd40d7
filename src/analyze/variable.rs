//! Names of an analyst's variables, looked up once; their columns in a data set.

use super::CannotAnswer;
use crate::tables::observed::ObservedVariable;
use crate::tables::{Answers, Observed, ObservedSchema};

/// Where the values of a name are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Source {
    /// The group of each record.
    Group,
    /// The site of each record at the start.
    Site,
    /// Something known from the start.
    Baseline(usize),
    /// The answer to a question.
    Item(usize),
    /// The number of the wave, the same for all records.
    Wave,
}

/// A number for each code; NaN for "no answer" and for codes that do not occur.
pub(super) type Table = Box<[f64; 256]>;

/// A variable that a method reads.
#[derive(Clone, Debug)]
pub(super) struct Variable {
    pub(super) name: String,
    pub(super) source: Source,
    /// Values by code, without "no answer"; empty for a variable that is a number.
    pub(super) values: Vec<f64>,
    /// The same for all 256 codes, NaN where `values` has none.
    lookup: Vec<f64>,
    /// Names of the levels, if it has named ones.
    pub(super) levels: Vec<String>,
    /// What is added to the values: the years that `age` has grown by since the start.
    pub(super) growth: f64,
    /// Whether the years to each wave are added, for rows of several waves.
    yearly: bool,
    /// Whether it is the value at the wave before.
    pub(super) lagged: bool,
}

impl Variable {
    /// The variable of a name: an item, then a baseline variable, then `group`.
    pub(super) fn find(name: &str, schema: &ObservedSchema) -> Option<Self> {
        if let Some(k) = schema.item(name) {
            return Some(Self::observed(name, Source::Item(k), &schema.items[k]));
        }
        if let Some(k) = schema.baseline(name) {
            return Some(Self::observed(name, Source::Baseline(k), &schema.baseline[k]));
        }
        let named = |source, levels: &Vec<String>| {
            let values = (0..levels.len()).map(|i| i as f64).collect();
            Self::new(name, source, values, levels.clone())
        };
        match name {
            "group" => Some(named(Source::Group, &schema.groups)),
            "site" if (1..256).contains(&schema.sites.len()) => Some(named(Source::Site, &schema.sites)),
            _ => None,
        }
    }

    /// The number of the wave, for some waves (counted from 0), coded by their order.
    pub(super) fn wave(waves: impl Iterator<Item = usize>) -> Self {
        let values = waves.map(|w| w as f64 + 1.0).take(255).collect();
        Self::new("wave", Source::Wave, values, Vec::new())
    }

    fn new(name: &str, source: Source, values: Vec<f64>, levels: Vec<String>) -> Self {
        let mut lookup = values.clone();
        lookup.resize(256, f64::NAN);
        Self { name: name.to_owned(), source, values, lookup, levels, growth: 0.0, yearly: false, lagged: false }
    }

    /// The value of each code, NaN for "no answer" and for codes that do not occur.
    pub(super) fn lookup(&self) -> &[f64] {
        &self.lookup
    }

    fn observed(name: &str, source: Source, variable: &ObservedVariable) -> Self {
        let (values, levels) = match &variable.coding {
            Some(coding) => {
                let values: Vec<f64> = coding.values.iter().copied().take_while(|v| !v.is_nan()).take(255).collect();
                (values, coding.levels.clone())
            }
            None => (Vec::new(), Vec::new()),
        };
        Self::new(name, source, values, levels)
    }

    /// The same variable some years after the start: `age`, if it is a number known from the start, has grown.
    pub(super) fn after(mut self, years: f64) -> Self {
        if self.grows() {
            self.growth = years;
            self.lookup.iter_mut().for_each(|value| *value += years);
        }
        self
    }

    /// The same variable for rows of several waves: `age` is the age at each.
    pub(super) fn each_wave(mut self) -> Self {
        self.yearly = self.grows();
        self
    }

    /// The same variable at the wave before.
    pub(super) fn at_wave_before(mut self) -> Self {
        self.lagged = true;
        self
    }

    fn grows(&self) -> bool {
        self.name == "age" && !self.is_named() && matches!(self.source, Source::Baseline(_))
    }

    /// Whether its codes mean the same number at every wave.
    pub(super) fn is_steady(&self) -> bool {
        !self.yearly
    }

    /// The values at a wave (counted from 0): those of the wave before, if it is lagged.
    pub(super) fn cells<'a>(&self, observed: &Observed<'a>, wave: usize) -> Cells<'a> {
        match (self.lagged, wave.checked_sub(1)) {
            (false, _) => self.source.cells(observed, wave),
            (true, Some(before)) => self.source.cells(observed, before),
            (true, None) => Cells::Absent,
        }
    }

    /// What is added to the values at a wave.
    pub(super) fn growth_at(&self, observed: &Observed<'_>, wave: usize) -> f64 {
        if !self.yearly {
            return self.growth;
        }
        let wave = wave.saturating_sub(usize::from(self.lagged));
        observed.schema().wave_years.get(wave).copied().unwrap_or(0.0)
    }

    /// The number of one record at a wave, which is the wave at position `after_first` of those pooled; NaN where there
    /// is none.
    pub(super) fn number(&self, observed: &Observed<'_>, wave: usize, after_first: usize, record: usize) -> f64 {
        let coded = |code: usize| self.values.get(code).copied().unwrap_or(f64::NAN);
        let value = match self.cells(observed, wave) {
            Cells::Codes(codes) => codes.get(record).map_or(f64::NAN, |c| coded(usize::from(*c))),
            Cells::Positions(codes) => codes.get(record).map_or(f64::NAN, |c| coded(*c as usize)),
            Cells::Numbers(values) => values.get(record).copied().unwrap_or(f64::NAN),
            Cells::Same => coded(after_first),
            Cells::Absent => f64::NAN,
        };
        value + self.growth_at(observed, wave)
    }

    /// As [`find`](Self::find), with a reason why not.
    pub(super) fn need(name: &str, schema: &ObservedSchema) -> Result<Self, CannotAnswer> {
        Self::find(name, schema).ok_or_else(|| unknown(name, schema))
    }

    /// The first code that is no value: "no answer" and whatever lies beyond.
    pub(super) fn missing_code(&self) -> u8 {
        u8::try_from(self.values.len()).unwrap_or(u8::MAX)
    }

    pub(super) fn is_coded(&self) -> bool {
        !self.values.is_empty()
    }

    pub(super) fn is_yes_no(&self) -> bool {
        self.levels.is_empty() && self.values == [0.0, 1.0]
    }

    /// Whether it is named levels, which have no order and no numbers.
    pub(super) fn is_named(&self) -> bool {
        !self.levels.is_empty()
    }

    /// A table of a function of the code.
    pub(super) fn table(&self, of: impl Fn(usize) -> f64) -> Table {
        let mut table = Box::new([f64::NAN; 256]);
        for (code, entry) in table.iter_mut().enumerate().take(self.values.len()) {
            *entry = of(code);
        }
        table
    }
}

/// The reason why a name is not known, with what is.
pub(super) fn unknown(name: &str, schema: &ObservedSchema) -> CannotAnswer {
    let known: Vec<&str> =
        schema.items.iter().chain(&schema.baseline).map(|v| v.name.as_str()).chain(["group"]).collect();
    let help = match crate::diagnostic::near_miss(name, known.iter().copied()) {
        Some(near) => format!("did you mean `{near}`?"),
        None => format!("seen: {}", known.join(", ")),
    };
    CannotAnswer { why: format!("the survey does not see `{name}`; {help}") }
}

/// The values of a variable in one data set.
#[derive(Clone, Copy, Debug)]
pub(super) enum Cells<'a> {
    /// A code per record.
    Codes(&'a [u8]),
    /// A number per record, NaN for "no answer".
    Numbers(&'a [f64]),
    /// A position per record.
    Positions(&'a [u32]),
    /// The same for all records: the wave.
    Same,
    /// Nobody has a value.
    Absent,
}

impl Source {
    /// The values at a wave (counted from 0).
    pub(super) fn cells<'a>(self, observed: &Observed<'a>, wave: usize) -> Cells<'a> {
        let answers = match self {
            Self::Group => return Cells::Codes(observed.group()),
            Self::Site => return Cells::Positions(observed.site()),
            Self::Wave => return Cells::Same,
            Self::Baseline(k) => observed.baseline(k),
            Self::Item(k) => observed.item(k, wave),
        };
        match answers {
            Answers::Coded { codes, .. } => Cells::Codes(codes),
            Answers::Number(values) => Cells::Numbers(values),
        }
    }
}
