//! What a report says of links: counts, pairs and, where the data say who is who, how many are right.

use super::joining::{Joined, Stage};
use super::{Interview, assignment};
use crate::analyze::CannotAnswer;
use crate::statistics::linkage::Pair;
use crate::statistics::linkage::quality::Quality;
use crate::statistics::share::ShareInterval;
use crate::tables::observed::TextField;
use crate::tables::{Finding, Observed, ObservedSchema, Record};

/// Columns that name records and say who is who.
#[derive(Clone, Debug, Default)]
pub(super) struct Names {
    pub(super) record: Option<String>,
    pub(super) who: Option<String>,
}

/// The same, found in the data.
#[derive(Clone, Debug, Default)]
pub(super) struct BoundNames {
    record: Option<(usize, Vec<String>)>,
    who: Option<(usize, Vec<String>)>,
}

/// The texts of all interviews of a data set, `[wave][record]`; nothing where they were not asked for.
#[derive(Clone, Debug, Default)]
pub(super) struct Seen {
    record: Vec<Vec<Option<String>>>,
    who: Vec<Vec<Option<String>>>,
}

impl Names {
    pub(super) fn bind(&self, schema: &ObservedSchema) -> Result<BoundNames, CannotAnswer> {
        let find = |name: &Option<String>| name.as_ref().map(|name| text_field(name, schema)).transpose();
        Ok(BoundNames { record: find(&self.record)?, who: find(&self.who)? })
    }
}

fn text_field(name: &str, schema: &ObservedSchema) -> Result<(usize, Vec<String>), CannotAnswer> {
    match schema.fields.iter().position(|field| field.name == name) {
        Some(k) => Ok((k, schema.fields[k].texts.clone())),
        None => {
            let known: Vec<&str> = schema.fields.iter().map(|field: &TextField| field.name.as_str()).collect();
            let known = if known.is_empty() { "none".to_owned() } else { known.join(", ") };
            Err(CannotAnswer { why: format!("there is no text `{name}` in the data; texts: {known}") })
        }
    }
}

impl BoundNames {
    pub(super) fn read(&self, observed: &Observed<'_>) -> Seen {
        let read = |field: &Option<(usize, Vec<String>)>| match field {
            None => Vec::new(),
            Some((k, texts)) => {
                let text = |number: &u32| texts.get(*number as usize).filter(|t| !t.is_empty()).cloned();
                let waves = 0..observed.schema().waves();
                waves.map(|wave| observed.field(*k, wave).iter().map(text).collect()).collect()
            }
        };
        Seen { record: read(&self.record), who: read(&self.who) }
    }
}

impl Seen {
    /// What the data call the record of an interview; otherwise its number in the data set, from 1.
    fn name(&self, interview: &Interview) -> Finding {
        match self.record.get(interview.wave).and_then(|wave| wave.get(interview.record)) {
            Some(Some(text)) => text.parse::<i64>().map_or_else(|_| Finding::from(text.as_str()), Finding::Whole),
            Some(None) => Finding::None,
            None => Finding::from(interview.record + 1),
        }
    }

    fn who(&self, interviews: &[Interview]) -> Vec<Option<&str>> {
        let who = |i: &Interview| self.who.get(i.wave).and_then(|wave| wave.get(i.record)).and_then(Option::as_deref);
        interviews.iter().map(who).collect()
    }
}

/// Puts what became of the interviews into `values`. Where two waves were linked, this says all; where more were, there
/// is a record for each time that two lists of interviews were linked.
pub(super) fn report(joined: &Joined, seen: &Seen, confidence: f64, values: &mut Record) {
    let interviews: usize = joined.records.iter().map(Vec::len).sum();
    values.set("interviews", interviews).set("records", joined.records.len());
    match &joined.stages[..] {
        [only] => of_stage(only, seen, confidence, values),
        stages => {
            let record = |stage: &Stage| {
                let mut record = Record::new();
                of_stage(stage, seen, confidence, &mut record);
                Finding::Record(record)
            };
            values.set("stages", Finding::List(stages.iter().map(record).collect()));
        }
    }
    if !seen.who.is_empty() {
        let mut within = Record::new();
        quality(&of_records(joined, seen), confidence, &mut within);
        values.set("within_records", within);
    }
}

fn of_stage(stage: &Stage, seen: &Seen, confidence: f64, values: &mut Record) {
    let wave = |interviews: &[Interview]| interviews.last().map(|interview| interview.wave + 1);
    values.set("wave", wave(&stage.b)).set("a", stage.a.len()).set("b", stage.b.len());
    let (who_a, who_b) = (seen.who(&stage.a), seen.who(&stage.b));
    let mut links = |under: Option<&str>, taken: &[usize]| {
        let pairs: Vec<Pair> = taken.iter().map(|k| stage.candidates[*k].pair).collect();
        let mut record = Record::new();
        record.set("links", pairs.len());
        let pair = |(i, j): &Pair| Finding::List(vec![seen.name(&stage.a[*i]), seen.name(&stage.b[*j])]);
        record.set("pairs", Finding::List(pairs.iter().map(pair).collect()));
        let gains: Vec<f64> = taken.iter().map(|k| stage.candidates[*k].gain).collect();
        record.set("gain", gains);
        if !seen.who.is_empty() {
            let of_links = Quality::of_links(&pairs, &who_a, &who_b);
            values.set("true_pairs", (of_links.true_positive + of_links.false_negative) as i64);
            quality(&of_links, confidence, &mut record);
        }
        match under {
            Some(name) => {
                values.set(name, record);
            }
            None => record.iter().for_each(|(name, value)| {
                values.set(name, value.clone());
            }),
        }
    };
    let all: Vec<usize> = (0..stage.candidates.len()).collect();
    links(None, &stage.taken);
    links(Some("all_pairs"), &all);
    links(Some("unique_key_only"), &assignment::unambiguous(&stage.candidates));
}

/// Right and wrong links, with Wilson intervals.
pub(in crate::analyze) fn quality(quality: &Quality, confidence: f64, values: &mut Record) {
    let Quality { true_positive, false_positive, false_negative } = *quality;
    values.set("true_positive", true_positive as i64).set("false_positive", false_positive as i64);
    values.set("false_negative", false_negative as i64);
    values.set("precision", quality.precision()).set("recall", quality.recall()).set("f1", quality.f1());
    let interval = |of: u64| ShareInterval::Wilson.at_level(true_positive as f64, of as f64, confidence);
    values.set("precision_wilson", interval(quality.links()));
    values.set("recall_wilson", interval(true_positive + false_negative));
}

/// Pairs of interviews within the new records; one of which it is not known who gave it is nobody else's.
fn of_records(joined: &Joined, seen: &Seen) -> Quality {
    let mut known: Vec<&str> = seen.who.iter().flatten().filter_map(Option::as_deref).collect();
    known.sort_unstable();
    known.dedup();
    let mut unknown = known.len();
    let mut interviews: Vec<(usize, usize)> = Vec::new();
    for (record, of_record) in joined.records.iter().enumerate() {
        for who in seen.who(of_record) {
            let number = who.and_then(|who| known.binary_search(&who).ok());
            interviews.push((record, number.unwrap_or(unknown)));
            unknown += usize::from(number.is_none());
        }
    }
    Quality::of_records(&interviews)
}
