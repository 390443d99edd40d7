//! What somebody said year after year: an answer, or a definition of years, person by person.

use super::Plan;
use super::level::Level;
use super::run::{Scratch, Work};
use super::scope::Meaning;
use crate::tables::observed::ObservedBatch;

/// The years of all persons of a data set, one after another.
#[derive(Clone, Debug, PartialEq)]
pub struct Sequence {
    /// Numbers of the waves, from 1.
    pub waves: Vec<usize>,
    /// For each person that the tables count a text for each wave; absent: no answer.
    pub persons: Vec<Vec<Option<String>>>,
}

impl Plan {
    /// Names that [`sequence`](Self::sequence) knows: questions, then definitions of years.
    #[must_use]
    pub fn sequences(&self, batch: &ObservedBatch) -> Vec<String> {
        let items = batch.schema.items.iter().map(|item| item.name.clone());
        let years = self.definitions.iter().filter(|definition| definition.level == Level::Year);
        items.chain(years.map(|definition| definition.name.clone())).collect()
    }

    /// The years of each person by this name, in the first replicate of a batch; nothing where it has another name.
    #[must_use]
    pub fn sequence(&self, batch: &ObservedBatch, name: &str, scratch: &mut Scratch) -> Option<Sequence> {
        let mut work = Work::new(self, batch, scratch);
        let item = batch.schema.item(name);
        let values = match item {
            Some(item) => work.units.column(self, batch, Level::Year, Meaning::Item(item)),
            None => work.definition(self.definitions.iter().position(|d| d.name == name && d.level == Level::Year)?),
        };
        let levels = item.and_then(|item| batch.schema.items[item].coding.clone());
        let counted = match self.counted {
            Some(condition) => work.holds(&self.conditions[condition], Level::Person, scratch),
            None => vec![true; work.units.persons],
        };
        let (_, rows) = batch.replicate(0).batch();
        let persons = work.units.persons;
        let text = |year: usize, row: usize| {
            let value = values[year * persons + row];
            let level = levels.as_ref().and_then(|coding| coding.levels.get(value as usize));
            (!value.is_nan()).then(|| level.cloned().unwrap_or_else(|| value.to_string()))
        };
        let of = |row: usize| (0..self.waves.len()).map(|year| text(year, row)).collect();
        Some(Sequence {
            waves: self.waves.iter().map(|wave| wave + 1).collect(),
            persons: rows.filter(|row| counted[*row]).map(of).collect(),
        })
    }
}
