//! Steps that take records apart into single interviews and link these anew: what is linked by which rule, one file a
//! rule; what they have in common is here.
//!
//! An interview carries what was recorded of it (answers, elements of codes, texts) and what is known of its record from
//! the start. The records that come out have at most one interview of a wave.

mod assemble;
mod columns;
mod deterministic;
mod exact;
mod fellegi_sunter;
mod joining;
pub(in crate::analyze) mod mixture;
pub(in crate::analyze) mod read;
mod report;

pub(super) use deterministic::ENTRY as DETERMINISTIC;
pub(super) use exact::ENTRY as EXACT;
pub(super) use fellegi_sunter::ENTRY as FELLEGI_SUNTER;

use super::{Answer, Bound, Rest, RunStep, Step};
use crate::analyze::{CannotAnswer, Links};
use crate::diagnostic::Diagnostics;
use crate::options::Options;
use crate::statistics::linkage::assignment::{self, Candidate};
use crate::statistics::linkage::compare::Field;
use crate::streams::Own;
use crate::tables::{Findings, FitFailure, Observed, ObservedBatch, ObservedSchema, Record};
use columns::{Chosen, Values};
use joining::{Joined, Joining};
pub(in crate::analyze) use report::quality;
use std::sync::Arc;

/// An interview: a wave (from 0) and a record of the data set as it came.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Interview {
    wave: usize,
    record: usize,
}

/// Which of the candidates become links.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum OneToOne {
    Unambiguous,
    Greedy,
    Optimal,
}

impl OneToOne {
    const WORDS: [&'static str; 3] = ["unambiguous", "greedy", "optimal"];
    const ALL: [Self; 3] = [Self::Unambiguous, Self::Greedy, Self::Optimal];

    fn choose(self, candidates: &[Candidate]) -> Vec<usize> {
        match self {
            Self::Unambiguous => assignment::unambiguous(candidates),
            Self::Greedy => assignment::greedy(candidates),
            Self::Optimal => assignment::optimal(candidates),
        }
    }

    fn word(self) -> &'static str {
        Self::ALL.iter().position(|kind| *kind == self).map_or("", |k| Self::WORDS[k])
    }
}

/// Fields of interviews, in the order in which they were declared: those that are compared, and for each pass of blocking
/// its own.
#[derive(Clone, Debug, Default)]
struct Fields {
    compared: Vec<Field>,
    blocks: Vec<Vec<Field>>,
}

/// A rule that says which pairs of interviews may be links, as declared.
trait Rule: Send + Sync + std::fmt::Debug {
    /// The rule for one thread, for so many fields.
    ///
    /// # Errors
    /// Why it cannot work with these fields.
    fn bind(&self, fields: &[Chosen]) -> Result<Box<dyn Linker>, CannotAnswer>;
}

/// A rule at work.
trait Linker: Send {
    /// Learns from the pairs of interviews of different waves (each pair of lists of interviews once) what it needs.
    ///
    /// # Errors
    /// Why nothing can be learnt from this data set.
    fn learn(&mut self, pairs_of_waves: &[(Fields, Fields)]) -> Result<(), FitFailure> {
        let _ = pairs_of_waves;
        Ok(())
    }

    /// Whether it needs [`learn`](Self::learn).
    fn learns(&self) -> bool {
        false
    }

    /// Pairs that may be links, with what speaks for each, at least 0.
    fn candidates(&mut self, a: &Fields, b: &Fields) -> Vec<Candidate>;

    /// What it has learnt, for a report.
    fn findings(&self, values: &mut Record) {
        let _ = values;
    }
}

/// A step as declared.
#[derive(Debug)]
struct Linking {
    rule: Box<dyn Rule>,
    /// Empty: all elements of the codes.
    fields: Vec<columns::Choice>,
    /// Names of the fields of each pass of blocking.
    blocks: Vec<Vec<String>>,
    one_to_one: OneToOne,
    joining: Joining,
    names: report::Names,
}

/// Reads the options that all rules have; `fields` and `blocks` are read before.
fn declare(
    options: &Options,
    (rule, fields, blocks): (Box<dyn Rule>, Vec<columns::Choice>, Vec<Vec<String>>),
    usual: OneToOne,
    problems: &mut Diagnostics,
) -> Option<Box<dyn Step>> {
    let before = problems.list().len();
    let one_to_one = options.choice("one_to_one", &OneToOne::WORDS, problems).map(|k| OneToOne::ALL[k]);
    let joining = options.choice("join", &Joining::WORDS, problems).map(|k| Joining::ALL[k]);
    let name = |key: &str, problems: &mut Diagnostics| options.text(key, problems).map(|t| t.text);
    let names = report::Names { record: name("record", problems), who: name("who", problems) };
    let linking = Linking {
        rule,
        fields,
        blocks,
        one_to_one: one_to_one.unwrap_or(usual),
        joining: joining.unwrap_or(Joining::Chain),
        names,
    };
    (problems.list().len() == before).then(|| Box::new(linking) as Box<dyn Step>)
}

impl Step for Linking {
    fn bind(&self, schema: &ObservedSchema, confidence: f64) -> Result<Bound, CannotAnswer> {
        let fields = columns::bind(&self.fields, schema)?;
        let block = |names: &Vec<String>| names.iter().map(|name| columns::equal(name, schema)).collect();
        let step = LinkStep {
            linker: self.rule.bind(&fields)?,
            fields,
            blocks: self.blocks.iter().map(block).collect::<Result<_, _>>()?,
            one_to_one: self.one_to_one,
            joining: self.joining,
            names: self.names.bind(schema)?,
            confidence,
            batch: ObservedBatch { schema: Arc::new(schema.clone()), ..ObservedBatch::default() },
            joined: Joined::default(),
            links: Links::default(),
            seen: report::Seen::default(),
        };
        Ok(Bound { step: Box::new(step), schema: schema.clone() })
    }
}

/// A step at work.
struct LinkStep {
    linker: Box<dyn Linker>,
    fields: Vec<Chosen>,
    blocks: Vec<Vec<Chosen>>,
    one_to_one: OneToOne,
    joining: Joining,
    names: report::BoundNames,
    confidence: f64,
    batch: ObservedBatch,
    joined: Joined,
    links: Links,
    seen: report::Seen,
}

/// The columns of a data set by which interviews are linked.
struct Columns {
    compared: Vec<Values>,
    blocks: Vec<Vec<Values>>,
}

impl Columns {
    fn of(&self, interviews: &[Interview]) -> Fields {
        let take = |columns: &Vec<Values>| columns.iter().map(|column| column.of(interviews)).collect();
        Fields { compared: take(&self.compared), blocks: self.blocks.iter().map(take).collect() }
    }
}

impl RunStep for LinkStep {
    fn run(&mut self, observed: &Observed<'_>, stream: &mut Own, rest: &mut Rest<'_>) -> Result<Answer, FitFailure> {
        // What was linked before is no longer said, should this fail.
        (self.joined, self.links) = (Joined::default(), Links::default());
        let read = |chosen: &Vec<Chosen>| chosen.iter().map(|c| c.read(observed)).collect();
        let columns = Columns { compared: read(&self.fields), blocks: self.blocks.iter().map(read).collect() };
        let waves = by_wave(observed);
        if self.linker.learns() {
            let neighbours: Vec<(Fields, Fields)> =
                waves.windows(2).map(|pair| (columns.of(&pair[0]), columns.of(&pair[1]))).collect();
            self.linker.learn(&neighbours)?;
        }
        let linker = self.linker.as_mut();
        let mut candidates = |a: &[Interview], b: &[Interview]| linker.candidates(&columns.of(a), &columns.of(b));
        self.joined = self.joining.join(&waves, self.one_to_one, &mut candidates);
        self.joined.links(observed.schema().waves(), &mut self.links.rows);
        self.seen = self.names.read(observed);
        assemble::assemble(&mut self.batch, observed, &self.links);
        rest(&self.batch.replicate(0), stream)
    }

    fn links(&self) -> Option<&Links> {
        Some(&self.links)
    }

    fn findings(&self) -> Findings {
        let mut findings = Findings::default();
        let values = &mut findings.values;
        let names: Vec<&str> = self.fields.iter().map(|f| f.name.as_str()).collect();
        values.set("fields", &names[..]);
        values.set("one_to_one", self.one_to_one.word()).set("join", self.joining.word());
        self.linker.findings(values);
        report::report(&self.joined, &self.seen, self.confidence, values);
        findings
    }
}

/// The interviews of each wave that has any, in the order of records.
fn by_wave(observed: &Observed<'_>) -> Vec<Vec<Interview>> {
    let of_wave = |wave: usize| -> Vec<Interview> {
        let attended = observed.attended(wave).iter().enumerate().filter(|(_, there)| **there);
        attended.map(|(record, _)| Interview { wave, record }).collect()
    };
    (0..observed.schema().waves()).map(of_wave).filter(|interviews| !interviews.is_empty()).collect()
}

#[cfg(test)]
mod tests;
