//! Columns of numbers that leave memory when they become long.
//!
//! A column that is held in memory and one that went to disk hand out the same numbers in the same order, so that nothing
//! that is reckoned from them depends on where they were.

use super::problem;
use crate::tables::RunProblem;
use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::sync::{Arc, Mutex, PoisonError};

/// Numbers that are written and read at a time.
const PART: usize = 2048;
/// Bytes of a number.
const SIZE: usize = 8;
/// Most numbers that are held in memory together: 96 MiB.
const MOST: u64 = 12 << 20;

/// A temporary file that takes the parts of many columns. It has no name, so that nothing is left of it however the program
/// ends.
#[derive(Debug)]
pub struct Spill {
    state: Mutex<State>,
}

#[derive(Debug)]
struct State {
    file: File,
    end: u64,
    problem: Option<RunProblem>,
}

impl Spill {
    /// An empty one, in the folder for temporary files.
    ///
    /// # Errors
    /// R0021: the file cannot be made.
    pub fn begin() -> Result<Self, RunProblem> {
        let file = tempfile::tempfile().map_err(|e| failed("written", &e))?;
        Ok(Self { state: Mutex::new(State { file, end: 0, problem: None }) })
    }

    /// One for so many numbers; none where memory has room for them.
    ///
    /// # Errors
    /// As for [`Spill::begin`].
    pub fn for_numbers(count: u64) -> Result<Option<Arc<Self>>, RunProblem> {
        if count > MOST { Self::begin().map(|spill| Some(Arc::new(spill))) } else { Ok(None) }
    }

    /// The first thing that went wrong. What was read after it is NaN and must not be used.
    ///
    /// # Errors
    /// R0021: a part could not be written, or not be read again.
    pub fn check(&self) -> Result<(), RunProblem> {
        let state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        state.problem.clone().map_or(Ok(()), Err)
    }

    /// Writes a part and says where it is.
    fn write(&self, part: &[f64]) -> u64 {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let bytes: Vec<u8> = part.iter().flat_map(|x| x.to_le_bytes()).collect();
        let at = state.end;
        let done = state.file.seek(SeekFrom::Start(at)).and_then(|_| state.file.write_all(&bytes));
        state.end += bytes.len() as u64;
        state.keep("written", done);
        at
    }

    /// Reads the part at a place; NaN if that fails.
    fn read(&self, at: u64, part: &mut Vec<f64>) {
        let mut bytes = [0; PART * SIZE];
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let done = state.file.seek(SeekFrom::Start(at)).and_then(|_| state.file.read_exact(&mut bytes));
        part.clear();
        match done {
            Ok(()) => part.extend(bytes.as_chunks().0.iter().map(|b: &[u8; SIZE]| f64::from_le_bytes(*b))),
            Err(_) => part.resize(PART, f64::NAN),
        }
        state.keep("read", done);
    }
}

impl State {
    fn keep(&mut self, what: &str, done: io::Result<()>) {
        if let Err(e) = done {
            self.problem.get_or_insert_with(|| failed(what, &e));
        }
    }
}

fn failed(what: &str, why: &io::Error) -> RunProblem {
    problem("R0021", format!("a file in the folder for temporary files cannot be {what}: {why}"))
}

/// A column of numbers that grows at its end.
#[derive(Debug, Default)]
pub struct Numbers {
    spill: Option<Arc<Spill>>,
    /// Where its whole parts are.
    parts: Vec<u64>,
    /// What comes after them; without a spill, all.
    rest: Vec<f64>,
}

impl Numbers {
    /// An empty column, in memory or on disk.
    #[must_use]
    pub fn new(spill: Option<&Arc<Spill>>) -> Self {
        Self { spill: spill.cloned(), parts: Vec::new(), rest: Vec::new() }
    }

    /// Adds a number.
    pub fn push(&mut self, x: f64) {
        self.rest.push(x);
        if let Some(spill) = self.spill.as_ref().filter(|_| self.rest.len() == PART) {
            self.parts.push(spill.write(&self.rest));
            self.rest.clear();
        }
    }

    /// Adds NaN up to `length` numbers.
    pub fn pad(&mut self, length: usize) {
        while self.len() < length {
            self.push(f64::NAN);
        }
    }

    /// How many numbers there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.parts.len() * PART + self.rest.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The numbers from the first on.
    #[must_use]
    pub fn values(&self) -> Values<'_> {
        if self.parts.is_empty() {
            return Values::of(&self.rest);
        }
        Values(Inner::Disk(Box::new(Cursor { numbers: self, next: 0, part: Vec::new(), at: 0 })))
    }
}

/// The numbers of a column, one after the other.
#[derive(Clone, Debug)]
pub struct Values<'a>(Inner<'a>);

#[derive(Clone, Debug)]
enum Inner<'a> {
    Memory(std::slice::Iter<'a, f64>),
    Disk(Box<Cursor<'a>>),
}

/// A place in a column whose first parts are on disk.
#[derive(Clone, Debug)]
struct Cursor<'a> {
    numbers: &'a Numbers,
    /// The part to be read next.
    next: usize,
    part: Vec<f64>,
    at: usize,
}

impl<'a> Values<'a> {
    /// Numbers that are in memory.
    #[must_use]
    pub fn of(values: &'a [f64]) -> Self {
        Self(Inner::Memory(values.iter()))
    }
}

impl Cursor<'_> {
    fn next(&mut self) -> Option<f64> {
        if self.at == self.part.len() {
            self.fetch();
        }
        let x = self.part.get(self.at).copied();
        self.at += usize::from(x.is_some());
        x
    }

    #[cold]
    fn fetch(&mut self) {
        self.at = 0;
        match (self.numbers.parts.get(self.next), &self.numbers.spill) {
            (Some(place), Some(spill)) => spill.read(*place, &mut self.part),
            _ if self.next == self.numbers.parts.len() => self.part.clone_from(&self.numbers.rest),
            _ => self.part.clear(),
        }
        self.next += 1;
    }
}

impl Iterator for Values<'_> {
    type Item = f64;

    #[inline]
    fn next(&mut self) -> Option<f64> {
        match &mut self.0 {
            Inner::Memory(values) => values.next().copied(),
            Inner::Disk(cursor) => cursor.next(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_column_on_disk_is_the_one_in_memory() {
        let spill = Arc::new(Spill::begin().unwrap());
        for length in [0, 1, PART - 1, PART, PART + 1, 3 * PART, 3 * PART + 17] {
            let (mut memory, mut disk, mut between) =
                (Numbers::new(None), Numbers::new(Some(&spill)), Numbers::new(Some(&spill)));
            for i in 0..length {
                let x = if i % 7 == 0 { f64::from_bits(0x7ff8_0000_0000_0000 | i as u64) } else { 0.1 * i as f64 };
                memory.push(x);
                disk.push(x);
                between.push(-x);
            }
            assert_eq!((memory.len(), disk.len(), disk.parts.len()), (length, length, length / PART));
            let bits = |numbers: &Numbers| numbers.values().map(f64::to_bits).collect::<Vec<_>>();
            assert_eq!(bits(&memory), bits(&disk));
            // Two that are read in turns do not disturb each other, nor does one that goes on after it was cloned.
            let mut other = between.values();
            for (i, x) in disk.values().enumerate() {
                let y = other.next().unwrap();
                assert!(x.is_nan() && y.is_nan() || y == -x);
                if i == PART / 2 {
                    assert_eq!(other.clone().count(), length - i - 1);
                }
            }
            assert!(other.next().is_none() && other.next().is_none());
        }
        spill.check().unwrap();
    }

    #[test]
    fn what_cannot_be_read_is_told() {
        let spill = Arc::new(Spill::begin().unwrap());
        let mut numbers = Numbers::new(Some(&spill));
        numbers.pad(2 * PART);
        spill.state.lock().unwrap().file.set_len(100).unwrap();
        assert_eq!(numbers.values().count(), 2 * PART);
        assert_eq!(spill.check().unwrap_err().code, "R0021");
    }
}
