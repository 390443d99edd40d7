//! One column of a table in few bytes: a code per row while it has few values, numbers otherwise.

use crate::describe::tally::{Cell, ItemShape};
use crate::disk::Value;
use crate::tables::description::ItemKind;
use std::collections::BTreeMap;

/// The code of "no value".
const NONE: u8 = u8::MAX;

/// One column, row after row.
#[derive(Debug, Default)]
pub(super) struct ColumnStore {
    cells: Cells,
    /// Values by code.
    values: Vec<(String, Option<f64>)>,
    by_text: BTreeMap<String, u8>,
    by_bits: BTreeMap<u64, u8>,
    last: Option<(String, u8)>,
}

#[derive(Debug)]
enum Cells {
    Codes(Vec<u8>),
    Numbers(Vec<f64>),
    /// Texts with too many values to be told apart.
    Texts,
}

impl Default for Cells {
    fn default() -> Self {
        Self::Codes(Vec::new())
    }
}

impl ColumnStore {
    /// Adds the cell of the next row.
    pub(super) fn push(&mut self, value: Value<'_>) {
        if let Cells::Codes(_) = self.cells {
            match self.code(value) {
                Some(code) => {
                    if let Cells::Codes(codes) = &mut self.cells {
                        codes.push(code);
                    }
                    return;
                }
                None => self.widen(),
            }
        }
        if let Cells::Numbers(numbers) = &mut self.cells {
            match (value, value.number()) {
                (Value::None, _) => numbers.push(f64::NAN),
                (_, Some(number)) => numbers.push(number),
                (_, None) => self.cells = Cells::Texts,
            }
        }
    }

    /// The code of a value; `None` where there are too many of them.
    fn code(&mut self, value: Value<'_>) -> Option<u8> {
        let known = match value {
            Value::None => Some(NONE),
            Value::Number(number) => self.by_bits.get(&number.to_bits()).copied(),
            Value::Text(text) => match &self.last {
                Some((last, code)) if last == text => Some(*code),
                _ => self.by_text.get(text).copied(),
            },
        };
        let code = match known {
            Some(code) => code,
            None => {
                let code = u8::try_from(self.values.len()).ok().filter(|code| *code < NONE)?;
                self.values.push((value.text(), value.number()));
                match value {
                    Value::Number(number) => self.by_bits.insert(number.to_bits(), code),
                    _ => self.by_text.insert(value.text(), code),
                };
                code
            }
        };
        if let Value::Text(text) = value {
            match &mut self.last {
                Some((last, old)) if *old == code && last == text => {}
                _ => self.last = Some((text.to_owned(), code)),
            }
        }
        Some(code)
    }

    /// Goes on with numbers, if all values so far are.
    fn widen(&mut self) {
        let numbers: Option<Vec<f64>> = self.values.iter().map(|(_, number)| *number).collect();
        self.cells = match (&self.cells, numbers) {
            (Cells::Codes(codes), Some(values)) => {
                let number = |code: &u8| values.get(usize::from(*code)).copied().unwrap_or(f64::NAN);
                Cells::Numbers(codes.iter().map(number).collect())
            }
            _ => Cells::Texts,
        };
    }

    /// Whether there is a value in a row.
    pub(super) fn has(&self, row: usize) -> bool {
        match &self.cells {
            Cells::Codes(codes) => codes.get(row).is_some_and(|code| *code != NONE),
            Cells::Numbers(numbers) => numbers.get(row).is_some_and(|number| !number.is_nan()),
            Cells::Texts => true,
        }
    }

    /// What the column is; `None` for texts with too many values.
    pub(super) fn read(&self, name: &str) -> Option<Reading<'_>> {
        let numbers: Option<Vec<f64>> = self.values.iter().map(|(_, number)| *number).collect();
        let yes_no: Option<Vec<u8>> = self.values.iter().map(|(text, number)| yes_or_no(text, *number)).collect();
        let (kind, levels, codes) = match (&self.cells, yes_no, numbers) {
            (Cells::Texts, ..) => return None,
            (Cells::Codes(_), Some(codes), _) => (ItemKind::YesNo, vec!["no".to_owned(), "yes".to_owned()], codes),
            (_, _, Some(_)) | (Cells::Numbers(_), ..) => (ItemKind::Number, Vec::new(), Vec::new()),
            _ => {
                let mut levels: Vec<String> = self.values.iter().map(|(text, _)| text.clone()).collect();
                levels.sort();
                levels.dedup();
                let place = |text: &String| levels.binary_search(text).unwrap_or(0) as u8;
                let codes = self.values.iter().map(|(text, _)| place(text)).collect();
                (ItemKind::Levels, levels, codes)
            }
        };
        Some(Reading { column: self, shape: ItemShape { name: name.to_owned(), kind, levels }, codes })
    }
}

fn yes_or_no(text: &str, number: Option<f64>) -> Option<u8> {
    match number {
        Some(0.0) => Some(0),
        Some(1.0) => Some(1),
        Some(_) => None,
        None if text.eq_ignore_ascii_case("no") || text.eq_ignore_ascii_case("false") => Some(0),
        None if text.eq_ignore_ascii_case("yes") || text.eq_ignore_ascii_case("true") => Some(1),
        None => None,
    }
}

/// A whole column, and what its values mean.
#[derive(Debug)]
pub(super) struct Reading<'a> {
    column: &'a ColumnStore,
    pub(super) shape: ItemShape,
    /// For each code of the column the level.
    codes: Vec<u8>,
}

impl Reading<'_> {
    /// The cell in a row; `None` where it is empty.
    pub(super) fn cell(&self, row: usize) -> Option<Cell> {
        match &self.column.cells {
            Cells::Codes(codes) => {
                let code = usize::from(*codes.get(row)?);
                match self.shape.kind {
                    ItemKind::Number => self.column.values.get(code)?.1.map(Cell::Number),
                    _ => self.codes.get(code).map(|level| Cell::Level(*level)),
                }
            }
            Cells::Numbers(numbers) => numbers.get(row).filter(|v| !v.is_nan()).map(|v| Cell::Number(*v)),
            Cells::Texts => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn store(cells: &[&str]) -> ColumnStore {
        let mut store = ColumnStore::default();
        cells.iter().for_each(|cell| store.push(Value::of_text(cell)));
        store
    }

    #[test]
    fn what_a_column_is_follows_from_its_values() {
        for (cells, kind, first) in [
            (&["1", "0", "", "1"][..], ItemKind::YesNo, Cell::Level(1)),
            (&["no", "Yes", "no"], ItemKind::YesNo, Cell::Level(0)),
            (&["TRUE", "false", "."], ItemKind::YesNo, Cell::Level(1)),
            (&["3", "1", "2.5"], ItemKind::Number, Cell::Number(3.0)),
            (&["well", "ill", "NA"], ItemKind::Levels, Cell::Level(1)),
            (&["well", "1", "0"], ItemKind::Levels, Cell::Level(2)),
        ] {
            let store = store(cells);
            let read = store.read("x").expect("few values");
            assert_eq!((read.shape.kind, read.cell(0)), (kind, Some(first)), "{cells:?}");
        }
        assert_eq!(store(&["1", "", "NA"]).read("x").expect("few values").cell(1), None);
        assert!(!store(&["1", ""]).has(1));
    }

    #[test]
    fn many_values_are_numbers_or_nothing() {
        let mut store = ColumnStore::default();
        (0..1000).for_each(|n| store.push(Value::Number(f64::from(n) / 4.0)));
        store.push(Value::None);
        store.push(Value::Text("2.5"));
        let read = store.read("x").expect("numbers");
        assert_eq!((read.cell(3), read.cell(999)), (Some(Cell::Number(0.75)), Some(Cell::Number(249.75))));
        assert_eq!((read.cell(1000), read.cell(1001)), (None, Some(Cell::Number(2.5))));
        store.push(Value::Text("a word"));
        assert!(store.read("x").is_none());
        let mut store = ColumnStore::default();
        (0..300).for_each(|n| store.push(Value::Text(&format!("word {n}"))));
        assert!(store.read("x").is_none());
    }
}
