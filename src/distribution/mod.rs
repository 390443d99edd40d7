//! Laws by name, with formulas as arguments, drawn by address.
//!
//! A law is one of the [`catalogue`], its arguments are formulas that may differ from person to person, and a draw
//! is a function of the person's address alone (see [`streams`](crate::streams)). Laws with a closed inverse use one
//! uniform per person, so that a greater argument moves every draw the same way; the others read the person's own
//! stream.
//!
//! The samplers are written here and not taken from `rand_distr`: that crate computes through `num-traits`, which
//! uses the platform's `exp` and `ln` as soon as any crate of the build switches on its feature `std` (arrow
//! does), and those give other bits on other CPUs. Here everything is `libm`.

mod arguments;
mod binomial;
mod catalogue;
mod categorical;
mod constant;
mod empirical;
mod gamma;
mod joint;
mod ladder;
mod normal;
mod piecewise;
mod poisson;
mod uniform;
mod waiting;

#[cfg(test)]
mod tests;

pub use arguments::{Argument, Need};
pub use catalogue::{Entry, catalogue};
pub use joint::{JointLaw, declare_joint};

use crate::diagnostic::{Diagnostics, Text, near_miss};
use crate::formula::{
    Bounds, FUNCTION_NAMES, Input, Kind, Scope, Scratch, Wanted, call_head, once, parse_call, parse_call_as,
};
use crate::streams::{Lane, Own, Person, Purpose, Streams, open_unit};
use arguments::{Column, Given, Reader};
use std::fmt;
use std::sync::Arc;

/// Rows that are drawn at once.
const BLOCK: usize = 512;

/// A law with its arguments, ready to be drawn from.
#[derive(Clone, Debug)]
pub struct Law {
    text: Text,
    entry: &'static Entry,
    slots: Vec<u32>,
    given: Vec<Given>,
    family: Arc<dyn Family>,
}

/// What a family of laws knows; its arguments are in the order in which it has read them.
trait Family: fmt::Debug + Send + Sync {
    /// Type of a drawn value.
    fn kind(&self) -> Kind {
        Kind::Number
    }

    /// Range of a drawn value, if the arguments are in these ranges.
    fn support(&self, arguments: &[Bounds]) -> Bounds;

    /// All values that can be drawn, ascending, if they are few; an argument that is not constant is NaN.
    fn few_values(&self, arguments: &[f64]) -> Option<Vec<f64>> {
        let _ = arguments;
        None
    }

    /// The probability of each of `few_values`, for known arguments.
    fn few_probabilities(&self, arguments: &[f64]) -> Option<Vec<f64>> {
        let _ = arguments;
        None
    }

    /// Which argument does not go with the others, and the rule. Unknown ones are NaN and go with everything.
    fn refuses(&self, arguments: &[f64]) -> Option<(usize, &'static str)> {
        let _ = arguments;
        None
    }

    /// The first row whose arguments do not go together, with the argument and the rule. Constants have been checked
    /// before. As a method of the trait it knows `refuses`, and vanishes where that refuses nothing.
    fn first_refused(&self, columns: &[Column<'_>], rows: usize) -> Option<(usize, usize, &'static str)> {
        if columns.iter().all(|column| matches!(column, Column::Constant(_))) {
            return None;
        }
        let (mut few, mut many) = ([0.0; 4], Vec::new());
        let values = match few.get_mut(..columns.len()) {
            Some(few) => few,
            None => {
                many.resize(columns.len(), 0.0);
                &mut many[..]
            }
        };
        (0..rows).find_map(|row| {
            for (value, column) in values.iter_mut().zip(columns) {
                *value = column.at(row);
            }
            self.refuses(values).map(|(argument, why)| (row, argument, why))
        })
    }

    /// A value for each row of `out`.
    fn draw(&self, place: &Place<'_>, arguments: &[Column<'_>], out: &mut [f64]);
}

/// Where a block of draws is.
struct Place<'a> {
    streams: &'a Streams,
    who: Who<'a>,
}

/// Whose draws they are.
enum Who<'a> {
    /// The persons from an index on of a lane.
    Neighbours(&'a Lane, u32),
    /// These persons, for a purpose on an occasion.
    Picked(&'a [Person], Purpose, u32),
}

impl Place<'_> {
    /// The stream of its own that the person in a row of the block has.
    fn own(&self, row: usize) -> Own {
        match self.who {
            Who::Neighbours(lane, first) => self.streams.own(lane, first.wrapping_add(row as u32)),
            Who::Picked(people, purpose, occasion) => {
                self.streams.own(&people[row].lane(purpose, occasion), people[row].index)
            }
        }
    }

    /// One uniform per row.
    fn units(&self, out: &mut [f64]) {
        match self.who {
            Who::Neighbours(lane, first) => self.streams.fill_unit(lane, first, out),
            Who::Picked(..) => self.words(out, |_, word| open_unit(word)),
        }
    }

    /// Calls `f` with the row and 64 random bits, for each row of `out`.
    fn words(&self, out: &mut [f64], f: impl Fn(usize, u64) -> f64) {
        let mut words = [0_u64; 64];
        for (block, chunk) in out.chunks_mut(64).enumerate() {
            let words = &mut words[..chunk.len()];
            match self.who {
                Who::Neighbours(lane, first) => {
                    self.streams.fill_words(lane, first.wrapping_add(block as u32 * 64), words);
                }
                Who::Picked(people, purpose, occasion) => {
                    self.streams.pick_words(&people[block * 64..], purpose, occasion, words);
                }
            }
            for (row, (out, word)) in chunk.iter_mut().zip(words.iter()).enumerate() {
                *out = f(block * 64 + row, *word);
            }
        }
    }
}

/// A probability as a threshold for 64 random bits, which are below it with that probability.
fn threshold(probability: f64) -> u64 {
    (probability * 18_446_744_073_709_551_616.0) as u64
}

/// Whether 64 random bits fall below a threshold; the greatest one stands for certainty.
fn below(word: u64, threshold: u64) -> bool {
    word < threshold || threshold == u64::MAX
}

/// Why a law could not be drawn for a person.
#[derive(Clone, Debug, PartialEq)]
pub struct LawProblem {
    /// Position of the person among the rows of the call, counted from 0.
    pub row: usize,
    /// The argument that is to blame, as written.
    pub argument: Text,
    /// Its value for the person; NaN where it is missing.
    pub value: f64,
    /// The rule that is broken, a lower-case fragment.
    pub why: &'static str,
}

/// Buffers of a draw, reused between calls.
#[derive(Clone, Debug, Default)]
pub struct LawScratch {
    formula: Scratch,
    columns: Vec<Vec<f64>>,
}

/// Whether a text is meant as a law: a call that stands alone and whose name is in the catalogue, or is no function
/// and either nearly a law's name or followed by named arguments only. [`declare`] says what is wrong with the latter.
#[must_use]
pub fn is_law(text: &Text) -> bool {
    let Some((name, named)) = call_head(text) else { return false };
    let known = || catalogue().iter().map(|entry| entry.name);
    known().any(|law| law == name)
        || joint::NAME == name
        || (!FUNCTION_NAMES.contains(&name.as_str()) && (named || near_miss(&name, known()).is_some()))
}

/// Checks a law and its arguments. `levels` are the names among which a `categorical` law draws; without them its
/// argument names are the levels. Problems are S0201 to S0218, each at its place.
pub fn declare(
    text: &Text,
    levels: Option<&Arc<[String]>>,
    scope: &dyn Scope,
    problems: &mut Diagnostics,
) -> Option<Law> {
    let wanted = levels.map_or(Wanted::Number, |levels| Wanted::Level(levels.clone()));
    once(text, &wanted, scope, problems, |scope, problems| declare_anew(text, levels, scope, problems))
}

fn declare_anew(
    text: &Text,
    levels: Option<&Arc<[String]>>,
    scope: &dyn Scope,
    problems: &mut Diagnostics,
) -> Option<Law> {
    let entry = call_head(text).and_then(|(name, _)| catalogue().iter().copied().find(|entry| entry.name == name));
    let Some(entry) = entry else {
        let call = parse_call(text, problems)?;
        catalogue::unknown(&call.name, problems);
        return None;
    };
    let call = parse_call_as(text, &entry.usage(), problems)?;
    let mut found = Diagnostics::new();
    let mut reader = Reader::new(entry, &call, levels, scope, &mut found);
    let family = (entry.read)(&mut reader);
    let given = reader.given;
    let sound = !found.has_errors();
    problems.extend(found);
    let family = family.filter(|_| sound)?;
    let law = Law { text: text.clone(), entry, slots: arguments::all_slots(&given), given, family };
    law.checked(problems)
}

impl Law {
    /// Binds the arguments to the law's slots and checks them against each other.
    fn checked(mut self, problems: &mut Diagnostics) -> Option<Self> {
        for given in &mut self.given {
            given.bind(&self.slots);
        }
        if let Some((argument, why)) = self.family.refuses(&self.constants()) {
            let span = self.given.get(argument).map_or(&self.text.span, |given| &given.text().span);
            problems.error("S0218", span, why);
            return None;
        }
        Some(self)
    }

    /// Each value that can be drawn and its probability, where the values are few. `row[k]` is the value of slot
    /// `slots()[k]`. Absent where the law has many values, or an argument cannot be used.
    #[must_use]
    pub fn probabilities(&self, row: &[f64]) -> Option<Vec<(f64, f64)>> {
        let arguments: Vec<f64> = self.given.iter().map(|g| g.one(row)).collect::<Option<_>>()?;
        if self.family.refuses(&arguments).is_some() {
            return None;
        }
        let values = self.family.few_values(&arguments)?;
        Some(values.into_iter().zip(self.family.few_probabilities(&arguments)?).collect())
    }

    fn constants(&self) -> Vec<f64> {
        self.given.iter().map(Given::constant).collect()
    }

    /// The law as written.
    #[must_use]
    pub fn text(&self) -> &Text {
        &self.text
    }

    /// Its line of the catalogue.
    #[must_use]
    pub fn entry(&self) -> &'static Entry {
        self.entry
    }

    /// The slots that its arguments read, each once, in ascending order.
    #[must_use]
    pub fn slots(&self) -> &[u32] {
        &self.slots
    }

    /// The references as written in the arguments, parallel to [`slots`](Self::slots).
    #[must_use]
    pub fn describe_inputs(&self) -> Vec<String> {
        self.slots.iter().map(|slot| arguments::written(&self.given, *slot)).collect()
    }

    /// The type of a drawn value: yes or no for `bernoulli`, a level for `categorical`, else a number.
    #[must_use]
    pub fn kind(&self) -> Kind {
        self.family.kind()
    }

    /// The range of a drawn value; infinite where the law has no end.
    #[must_use]
    pub fn bounds(&self) -> Bounds {
        let arguments: Vec<Bounds> = self.given.iter().map(Given::bounds).collect();
        self.family.support(&arguments)
    }

    /// All values that can be drawn, ascending, if they are few: of `constant` with a constant, `bernoulli`,
    /// `categorical`, `empirical`, and `binomial` with a constant `n` of at most 30.
    #[must_use]
    pub fn finite_values(&self) -> Option<Vec<f64>> {
        self.family.few_values(&self.constants())
    }

    /// Draws for the persons `first .. first + out.len()` of a lane. `inputs[k]` is the column of `slots()[k]` over
    /// these persons and has at least as many rows. Each person's draw depends on the person's address and arguments
    /// only, so that a call may be cut into several.
    ///
    /// # Errors
    /// An argument is missing or outside of its range for a person; `out` is then not to be used.
    ///
    /// # Panics
    /// If an input is missing or shorter than `out`.
    pub fn draw(
        &self,
        streams: &Streams,
        lane: &Lane,
        first: u32,
        inputs: &[Input<'_>],
        out: &mut [f64],
        scratch: &mut LawScratch,
    ) -> Result<(), LawProblem> {
        let who = |start: usize| Who::Neighbours(lane, first.wrapping_add(start as u32));
        self.draw_blocks(streams, who, inputs, out, scratch)
    }

    /// What [`draw`](Self::draw) gives for each of these persons, wherever they are, for a purpose on an occasion.
    ///
    /// # Errors
    /// As [`draw`](Self::draw).
    ///
    /// # Panics
    /// If an input or `people` is shorter than `out`.
    pub fn draw_for(
        &self,
        streams: &Streams,
        (people, purpose, occasion): (&[Person], Purpose, u32),
        inputs: &[Input<'_>],
        out: &mut [f64],
        scratch: &mut LawScratch,
    ) -> Result<(), LawProblem> {
        let who = |start: usize| Who::Picked(&people[start..], purpose, occasion);
        self.draw_blocks(streams, who, inputs, out, scratch)
    }

    fn draw_blocks<'p>(
        &self,
        streams: &Streams,
        who: impl Fn(usize) -> Who<'p>,
        inputs: &[Input<'_>],
        out: &mut [f64],
        scratch: &mut LawScratch,
    ) -> Result<(), LawProblem> {
        for (block, out) in out.chunks_mut(BLOCK).enumerate() {
            let start = block * BLOCK;
            arguments::evaluate(&self.given, inputs, start, out.len(), scratch)?;
            let place = Place { streams, who: who(start) };
            arguments::with_columns(&self.given, scratch, out.len(), |columns| {
                if let Some((row, argument, why)) = self.family.first_refused(columns, out.len()) {
                    return Err(self.problem(start + row, argument, columns[argument].at(row), why));
                }
                self.family.draw(&place, columns, out);
                Ok(())
            })?;
        }
        Ok(())
    }

    fn problem(&self, row: usize, argument: usize, value: f64, why: &'static str) -> LawProblem {
        let text = self.given.get(argument).map_or(&self.text, Given::text);
        LawProblem { row, argument: text.clone(), value, why }
    }
}
