//! What an analyst holds: records, waves, answers. No true value and no true identity is in here.

use super::cells::TableCell;
use super::column::Coding;
use std::ops::Range;
use std::sync::Arc;

/// One answer per record: a code (the last code of the coding is "no answer"), or a number (NaN is "no answer").
#[derive(Clone, Copy, Debug)]
pub enum Answers<'a> {
    /// Codes into a coding whose last value is NaN, "no answer".
    Coded {
        /// One code per record.
        codes: &'a [u8],
        /// What the codes stand for.
        coding: &'a Coding,
    },
    /// Numbers; NaN is "no answer".
    Number(&'a [f64]),
}

impl Answers<'_> {
    /// The answer of record `i`, if there is one.
    #[must_use]
    pub fn get(&self, i: usize) -> Option<f64> {
        let value = match self {
            Self::Coded { codes, coding } => coding.values[usize::from(codes[i])],
            Self::Number(values) => values[i],
        };
        (!value.is_nan()).then_some(value)
    }

    /// Number of records.
    #[must_use]
    pub fn len(&self) -> usize {
        match self {
            Self::Coded { codes, .. } => codes.len(),
            Self::Number(values) => values.len(),
        }
    }

    /// Whether there are no records.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

/// A question of the survey, or something known of each record from the start.
#[derive(Clone, Debug, PartialEq)]
pub struct ObservedVariable {
    /// Name in the scenario.
    pub name: String,
    /// Levels or values with "no answer" last, if the variable has few; otherwise it is a number.
    pub coding: Option<Arc<Coding>>,
}

impl ObservedVariable {
    fn says_the_same_as(&self, other: &Self) -> bool {
        let same_codes = match (&self.coding, &other.coding) {
            (Some(own), Some(other)) => {
                let bits = |coding: &Coding| coding.values.iter().map(|value| value.to_bits()).collect::<Vec<_>>();
                own.levels == other.levels && bits(own) == bits(other)
            }
            (own, other) => own.is_none() && other.is_none(),
        };
        self.name == other.name && same_codes
    }
}

/// What an analyst knows of the design; the same for all batches of a condition.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct ObservedSchema {
    /// Names of the groups, by code.
    pub groups: Vec<String>,
    /// Names of the sites, by number.
    pub sites: Vec<String>,
    /// What is known of every record from the start: attributes that are not latent.
    pub baseline: Vec<ObservedVariable>,
    /// The questions, asked at every wave unless `asked` says other.
    pub items: Vec<ObservedVariable>,
    /// Years from the start to each wave.
    pub wave_years: Vec<f64>,
    /// Records in one replicate, where every record is one person; otherwise the number of persons.
    pub records: usize,
    /// What coders look for in the interviews; `None` where no comments are declared.
    pub comments: Option<CommentSchema>,
    /// Number of interviewers; 0 where nobody keeps account of them.
    pub interviewers: usize,
    /// Elements of the code that persons make for themselves at every wave, each with the number of its values; empty
    /// where there is none.
    pub code_elements: Vec<(String, u16)>,
    /// When each question is asked and of whom, in the order of `items`; empty where everybody is asked everything at
    /// every wave.
    pub asked: Vec<Asked>,
    /// Positions in `baseline` of the analysis sets, each yes for the records that are in it.
    pub sets: Vec<usize>,
    /// Texts by which records can be linked, in somebody's own tables; the survey of a scenario has none.
    pub fields: Vec<TextField>,
    /// Cells of the tables that the study prints; empty where it declares none, and behind steps and analysis sets, which
    /// change the records but not the tables.
    pub cells: Vec<TableCell>,
    /// Whether the records have weights, which methods must use. The survey itself gives none; a step before a method
    /// may.
    pub weighted: bool,
}

/// A text of each record at each wave, such as a name or a year of birth as it was written.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct TextField {
    /// Name of the column.
    pub name: String,
    /// The different texts.
    pub texts: Vec<String>,
}

/// When a question is asked, and of whom.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Asked {
    /// By wave, whether the question is part of the instrument.
    pub at: Vec<bool>,
    /// The skip pattern as written: a formula that is true for those who are asked. `None`: everybody is.
    pub only_if: Option<String>,
    /// Value (position of the level; 0 and 1 for no and yes) that is recorded of those who are not asked. `None`: they
    /// have no answer.
    pub otherwise: Option<f64>,
}

/// What coders look for in the interviews.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct CommentSchema {
    /// Names of the themes.
    pub themes: Vec<String>,
    /// Names of the relations, through all themes.
    pub relations: Vec<String>,
    /// Names of the coders.
    pub coders: Vec<String>,
}

impl ObservedSchema {
    /// Whether another schema says the same. Codings have a NaN for "no answer", which `==` never finds equal.
    #[must_use]
    pub fn says_the_same_as(&self, other: &Self) -> bool {
        let Self { groups, sites, baseline, items, wave_years, records, comments, .. } = self;
        let Self { interviewers, code_elements, asked, sets, fields, weighted, .. } = self;
        let variables = |own: &[ObservedVariable], others: &[ObservedVariable]| {
            own.len() == others.len() && own.iter().zip(others).all(|(own, other)| own.says_the_same_as(other))
        };
        variables(baseline, &other.baseline)
            && variables(items, &other.items)
            && (groups, sites, wave_years, records) == (&other.groups, &other.sites, &other.wave_years, &other.records)
            && (comments, interviewers, code_elements) == (&other.comments, &other.interviewers, &other.code_elements)
            && (asked, sets, fields, weighted) == (&other.asked, &other.sets, &other.fields, &other.weighted)
    }

    /// Number of waves.
    #[must_use]
    pub fn waves(&self) -> usize {
        self.wave_years.len()
    }

    /// Position of a question by name.
    #[must_use]
    pub fn item(&self, name: &str) -> Option<usize> {
        self.items.iter().position(|v| v.name == name)
    }

    /// Position of a baseline variable by name.
    #[must_use]
    pub fn baseline(&self, name: &str) -> Option<usize> {
        self.baseline.iter().position(|v| v.name == name)
    }
}

/// Answers of all rows of a batch.
#[derive(Clone, Debug, PartialEq)]
pub enum AnswerColumn {
    /// Codes; the last code of the item's coding is "no answer".
    Coded(Vec<u8>),
    /// Numbers; NaN is "no answer".
    Number(Vec<f64>),
}

/// One interview occasion over all rows of a batch.
#[derive(Clone, Debug, Default)]
pub struct VisitColumns {
    /// Wave (counted from 0) to which the occasion belongs.
    pub wave: usize,
    /// Which visit of the wave this is, counted from 0.
    pub number: usize,
    /// Whether the visit took place, per row.
    pub took_place: Vec<bool>,
    /// Years from the start, per row; meaningless where no visit took place.
    pub years: Vec<f64>,
    /// Answers per item.
    pub answers: Vec<AnswerColumn>,
    /// Number of the interviewer, per row, from 0; empty where nobody keeps account of them.
    pub interviewer: Vec<u16>,
    /// Whether others were present, per row (0 or 1); empty where it is not declared.
    pub others_present: Vec<u8>,
    /// Whether an answer was recorded without asking, `filled_in[item][row]`; as in [`ObservedBatch::filled_in`].
    pub filled_in: Vec<Vec<bool>>,
}

/// Codes that coders gave to comments: one entry per mark, in the order of records, waves, visits and comments.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct CodedComments {
    /// Row of the record.
    pub row: Vec<u32>,
    /// Wave, counted from 0.
    pub wave: Vec<u16>,
    /// Visit of the wave, counted from 0.
    pub visit: Vec<u16>,
    /// Number of the comment in the interview, counted from 0.
    pub number: Vec<u16>,
    /// Coder, by position.
    pub coder: Vec<u8>,
    /// Theme that the coder saw, by position.
    pub theme: Vec<u8>,
    /// 0 negative, 1 positive; 255 where the theme has neither.
    pub valence: Vec<u8>,
    /// 0 away, 1 toward; 255 where the theme has neither.
    pub direction: Vec<u8>,
    /// Relation, by position; 255 where the theme has none.
    pub relation: Vec<u8>,
}

/// What a survey holds of the replicates of one batch, replicate after replicate.
#[derive(Clone, Debug, Default)]
pub struct ObservedBatch {
    /// What the columns mean.
    pub schema: Arc<ObservedSchema>,
    /// The replicates in this batch.
    pub replicates: Range<u64>,
    /// Group of each row.
    pub group: Vec<u8>,
    /// Site of each row at the start, by number; empty where there are no sites.
    pub site: Vec<u32>,
    /// Baseline variables: one column each.
    pub baseline: Vec<AnswerColumn>,
    /// Whether a record was interviewed at a wave: `attended[wave][row]`.
    pub attended: Vec<Vec<bool>>,
    /// The answer that stands for a wave (the last one given in it): `answers[item][wave]`.
    pub answers: Vec<Vec<AnswerColumn>>,
    /// Single interviews, where they are kept and the survey makes several in a wave or says how they went; otherwise
    /// empty.
    pub visits: Vec<VisitColumns>,
    /// The record's own code, never the person's number; empty unless a table of records is written.
    pub code: Vec<u64>,
    /// First row of each replicate and the number of rows, where records are not persons; empty where each replicate
    /// has `schema.records` rows.
    pub starts: Vec<usize>,
    /// Comments as coders marked them; empty unless single interviews are kept.
    pub comments: CodedComments,
    /// Codes as given, `elements[element][wave][row]`, from 0; `u16::MAX` where none was given.
    pub elements: Vec<Vec<Vec<u16>>>,
    /// Whether the answer that stands for a wave was recorded without asking, by a skip pattern:
    /// `filled_in[item][wave][row]`. Empty where no item has such a value, and for each item that has none.
    pub filled_in: Vec<Vec<Vec<bool>>>,
    /// Texts by which records can be linked, `fields[field][wave][row]`: a position in [`TextField::texts`], `u32::MAX`
    /// where there is none. Empty without fields.
    pub fields: Vec<Vec<Vec<u32>>>,
    /// Weight of each record at each wave, `weights[wave][row]`; empty where `schema.weighted` is not set.
    pub weights: Vec<Vec<f64>>,
    /// Numbers in the cells of `schema.cells`, replicate after replicate; NaN where there is none. Empty unless some method
    /// reads them.
    pub cells: Vec<f64>,
}

impl ObservedBatch {
    /// Whether the answer of a row to an item at a wave (counted from 0) was recorded without asking, by a skip pattern:
    /// a structural value and no answer.
    #[must_use]
    pub fn is_filled_in(&self, item: usize, wave: usize, row: usize) -> bool {
        let waves = self.filled_in.get(item).map_or(&[][..], Vec::as_slice);
        waves.get(wave).and_then(|rows| rows.get(row)).copied().unwrap_or(false)
    }

    /// The data set of the replicate at position `r` of the batch.
    #[must_use]
    pub fn replicate(&self, r: usize) -> Observed<'_> {
        let records = self.schema.records;
        let rows = match self.starts.get(r..r + 2) {
            Some(starts) => starts[0]..starts[1],
            None => r * records..(r + 1) * records,
        };
        let cells = self.schema.cells.len();
        Observed { batch: self, rows, cells: self.cells.get(r * cells..(r + 1) * cells).unwrap_or(&[]) }
    }
}

/// One data set, as an analyst sees it.
#[derive(Clone, Debug)]
pub struct Observed<'a> {
    batch: &'a ObservedBatch,
    rows: Range<usize>,
    cells: &'a [f64],
}

impl<'a> Observed<'a> {
    /// What the columns mean.
    #[must_use]
    pub fn schema(&self) -> &'a ObservedSchema {
        &self.batch.schema
    }

    /// Number of records.
    #[must_use]
    pub fn records(&self) -> usize {
        self.rows.len()
    }

    /// Group code of each record.
    #[must_use]
    pub fn group(&self) -> &'a [u8] {
        &self.batch.group[self.rows.clone()]
    }

    /// Site number of each record at the start; empty where there are no sites.
    #[must_use]
    pub fn site(&self) -> &'a [u32] {
        self.batch.site.get(self.rows.clone()).unwrap_or(&[])
    }

    /// Whether each record was interviewed at a wave (counted from 0).
    #[must_use]
    pub fn attended(&self, wave: usize) -> &'a [bool] {
        &self.batch.attended[wave][self.rows.clone()]
    }

    /// A baseline variable.
    #[must_use]
    pub fn baseline(&self, variable: usize) -> Answers<'a> {
        self.answers(&self.batch.baseline[variable], &self.batch.schema.baseline[variable])
    }

    /// The answers to an item at a wave (counted from 0).
    #[must_use]
    pub fn item(&self, item: usize, wave: usize) -> Answers<'a> {
        self.answers(&self.batch.answers[item][wave], &self.batch.schema.items[item])
    }

    /// The numbers in the cells of the tables that the study prints, in the order of [`ObservedSchema::cells`]; NaN where a
    /// cell has none. Empty where nobody had the tables made.
    #[must_use]
    pub fn cells(&self) -> &'a [f64] {
        self.cells
    }

    /// The weight of each record at a wave (counted from 0), where records have weights.
    #[must_use]
    pub fn weights(&self, wave: usize) -> Option<&'a [f64]> {
        self.batch.weights.get(wave).and_then(|rows| rows.get(self.rows.clone()))
    }

    /// A text of each record at a wave (counted from 0): a position in [`TextField::texts`], `u32::MAX` for none.
    /// Empty where there is no such field.
    #[must_use]
    pub fn field(&self, field: usize, wave: usize) -> &'a [u32] {
        let waves = self.batch.fields.get(field).map_or(&[][..], Vec::as_slice);
        waves.get(wave).and_then(|rows| rows.get(self.rows.clone())).unwrap_or(&[])
    }

    /// An element of the codes that persons give themselves, at a wave (counted from 0); `u16::MAX` where none was
    /// given. Empty where there is no such element.
    #[must_use]
    pub fn element(&self, element: usize, wave: usize) -> &'a [u16] {
        let waves = self.batch.elements.get(element).map_or(&[][..], Vec::as_slice);
        waves.get(wave).and_then(|rows| rows.get(self.rows.clone())).unwrap_or(&[])
    }

    /// The whole batch, and the rows of this data set in it: for single interviews and comments.
    #[must_use]
    pub fn batch(&self) -> (&'a ObservedBatch, Range<usize>) {
        (self.batch, self.rows.clone())
    }

    fn answers(&self, column: &'a AnswerColumn, variable: &'a ObservedVariable) -> Answers<'a> {
        match (column, &variable.coding) {
            (AnswerColumn::Coded(codes), Some(coding)) => Answers::Coded { codes: &codes[self.rows.clone()], coding },
            (AnswerColumn::Number(values), _) => Answers::Number(&values[self.rows.clone()]),
            (AnswerColumn::Coded(_), None) => Answers::Number(&[]),
        }
    }
}
