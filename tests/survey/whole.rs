//! All mechanisms together, in studies by chance: truth, audit and links are the observed data, counts are those of the
//! cells, a batch is its replicates and a replicate its parts, and of those who are erased nothing is left.

#[path = "whole/text.rs"]
mod text;

use crate::common::*;
use eclosion::observe;
use eclosion::scenario::{self, Prepared};
use eclosion::simulate;
use eclosion::streams::{Space, Streams};
use eclosion::tables::observed::{AnswerColumn, CodedComments};
use eclosion::tables::{Audit, ObservedBatch, Reading, Reason, Truth};
use std::ops::Range;

const CASES: u64 = 300;
const REPLICATES: Range<u64> = 0..3;
const NOBODY: u32 = u32::MAX;

/// The study of a text, unless it is refused with a number.
fn prepare(text: &str) -> Option<Prepared> {
    let head = "scenario = 1\nstudy = { title = 't', aims = 'a', seed = 1, replicates = 10 }\n";
    let loaded = scenario::load_text("study.toml", &format!("{head}{text}"), &[]);
    let mut problems = loaded.problems;
    let ready = loaded.scenario.and_then(|s| s.check_all(&mut problems));
    let by_design = ["S0413", "S0414", "S0416", "S0411"];
    let unknown: Vec<_> = problems.list().iter().filter(|p| !by_design.contains(&p.code)).collect();
    assert!(unknown.is_empty(), "{text}\n{unknown:?}");
    (!problems.has_errors()).then(|| ready.and_then(|mut all| all.pop()).expect("it has one condition").1)
}

/// A study as persons and, where it links, as records.
struct Case<'a> {
    text: &'a str,
    persons: &'a Seen,
    records: &'a Seen,
}

#[test]
fn truth_audit_and_links_are_the_observed_data() {
    let mut refused = 0;
    let mut used = [0_u64; Reason::ALL.len()];
    for case in 0..CASES {
        let (text, linkage, study) = text::any(case);
        let whole_text = format!("{text}{linkage}");
        let (Some(unlinked), Some(linked)) = (prepare(&text), prepare(&whole_text)) else {
            refused += 1;
            continue;
        };
        let see = |prepared| {
            try_see(prepared, case, REPLICATES, Keep::Cells)
                .unwrap_or_else(|p| panic!("case {case}: {}\n{whole_text}", p.message))
        };
        let (persons, records) = (see(&unlinked), see(&linked));
        assert_eq!(persons.audit.cells, records.audit.cells, "linkage changes no answer\n{whole_text}");
        assert_eq!(records.audit.links.is_empty(), !study.linked);
        let case_ = Case { text: &whole_text, persons: &persons, records: &records };
        case_.cells();
        case_.counts();
        case_.records();
        case_.numbers();
        case_.erased(study.erases);
        one_by_one(&linked, &records, case, &whole_text);
        in_parts(&unlinked, &persons, case, &whole_text);
        in_less_detail(&linked, &records, case, &whole_text);
        for_tables_alone(&linked, &records, case, &whole_text);
        for (sum, reason) in used.iter_mut().zip(Reason::ALL) {
            *sum += persons.audit.counts.iter().map(|c| c.cells[reason as usize]).sum::<u64>();
        }
    }
    assert!(refused * 3 <= CASES, "{refused} of {CASES} are refused");
    for (sum, reason) in used.iter().zip(Reason::ALL) {
        assert!(*sum > 0, "no case has {reason:?}");
    }
}

impl Case<'_> {
    /// Each cell of each person: the audit says why it differs from the truth.
    fn cells(&self) {
        let seen = self.persons;
        for (k, item) in seen.observed.schema.items.iter().enumerate() {
            for wave in 1..=seen.waves() {
                let (told, truth, attended) =
                    (seen.answers(&item.name, wave), seen.truth(&item.name, wave), seen.attended(wave));
                for (row, code) in seen.reasons(&item.name, wave).iter().enumerate() {
                    let reason = Reason::of_code(*code).expect("a reason");
                    let at = || {
                        format!(
                            "{} wave {wave} row {row}: {reason:?}, {} told of {}\n{}",
                            item.name, told[row], truth[row], self.text
                        )
                    };
                    let filled_in = seen.observed.is_filled_in(k, wave - 1, row);
                    match reason {
                        Reason::AsTrue => assert!(told[row] == truth[row], "{}", at()),
                        Reason::NotAsked if filled_in => {
                            assert!(told[row] != truth[row] && !told[row].is_nan(), "{}", at())
                        }
                        _ if reason.of_missing().is_some() => assert!(told[row].is_nan(), "{}", at()),
                        _ => assert!(told[row] != truth[row] && !told[row].is_nan() && !filled_in, "{}", at()),
                    }
                    let asked = reason.of_missing().is_none() || reason == Reason::ItemNonResponse || filled_in;
                    assert!(attended[row] || !asked, "{}", at());
                    // Who has no answer and was there was not asked, or kept silent.
                    let away = !asked && reason != Reason::NotAsked;
                    assert!(!attended[row] || !away, "{}", at());
                }
            }
        }
    }

    /// Counts are those of the cells, and nothing happens more often than it could.
    fn counts(&self) {
        let seen = self.records;
        for counted in &seen.audit.counts {
            let cells = seen.reasons(&counted.item, usize::from(counted.wave));
            for (reason, count) in Reason::ALL.into_iter().zip(counted.cells) {
                let in_cells = cells.iter().filter(|c| **c == reason as u8).count() as u64;
                assert_eq!(count, in_cells, "{reason:?} of {} at wave {}\n{}", counted.item, counted.wave, self.text);
            }
        }
        let mechanisms = &seen.audit.mechanisms;
        // Of comments there are several in an interview.
        let of_persons = mechanisms.iter().filter(|m| !m.name.starts_with("comments on "));
        let wrong: Vec<_> = of_persons.filter(|m| m.happened > m.at_risk).collect();
        assert!(wrong.is_empty(), "{wrong:?}\n{}", self.text);
    }

    /// Records have the interviews of the persons behind them, all of them, and nothing else.
    fn records(&self) {
        let (persons, records) = (self.persons, self.records);
        let rows = records.observed.attended[0].len();
        let duplicates = self.text.contains("duplicates =");
        for wave in 0..persons.waves() {
            let own: Vec<u32> = (0..rows as u32).collect();
            let links = records.audit.links.get(wave).unwrap_or(&own);
            let mut held = vec![0_usize; persons.rows()];
            for (record, person) in links.iter().enumerate() {
                let person = (*person != NOBODY).then_some(*person as usize);
                let there = person.is_some_and(|p| persons.observed.attended[wave][p]);
                assert_eq!(
                    records.observed.attended[wave][record], there,
                    "wave {wave} record {record}\n{}",
                    self.text
                );
                assert!(there || person.is_none() || !self.text.contains("[survey.linkage]"), "{}", self.text);
                if there {
                    held[person.unwrap()] += 1;
                }
                for (k, waves) in records.observed.answers.iter().enumerate() {
                    let coding = records.observed.schema.items[k].coding.as_deref();
                    let told = values(&waves[wave], coding)[record];
                    let want = person.map_or(f64::NAN, |p| values(&persons.observed.answers[k][wave], coding)[p]);
                    assert!(told.to_bits() == want.to_bits() || told.is_nan() && want.is_nan(), "{}", self.text);
                    let filled = person.is_some_and(|p| persons.observed.is_filled_in(k, wave, p));
                    assert_eq!(records.observed.is_filled_in(k, wave, record), filled, "{}", self.text);
                }
            }
            for (person, times) in held.into_iter().enumerate() {
                let there = usize::from(persons.observed.attended[wave][person]);
                let fits = times == there || duplicates && there == 1 && times == 2;
                assert!(fits, "person {person} is in {times} records at wave {wave}\n{}", self.text);
            }
        }
    }

    /// No number is missing that should be there.
    fn numbers(&self) {
        let observed = &self.records.observed;
        for visit in &observed.visits {
            for row in (0..visit.took_place.len()).filter(|row| visit.took_place[*row]) {
                assert!(observed.attended[visit.wave][row] && visit.years[row].is_finite(), "{}", self.text);
                assert!(visit.interviewer.get(row).is_none_or(|who| *who < 4), "{}", self.text);
            }
        }
        for when in &self.records.audit.circumstances {
            assert!(when.mood.iter().chain(&when.trust).all(|v| !v.is_infinite()), "{}", self.text);
        }
        let mut at: Vec<(u32, u16, u16)> = Vec::new();
        let marks = &observed.comments;
        for i in 0..marks.row.len() {
            at.push((marks.row[i], marks.wave[i], marks.visit[i]));
            assert!(observed.attended[usize::from(marks.wave[i])][marks.row[i] as usize], "{}", self.text);
        }
        assert!(at.is_sorted(), "marks go by records, waves and visits\n{}", self.text);
        for waves in &observed.elements {
            for (given, attended) in waves.iter().zip(&observed.attended) {
                assert!(given.iter().zip(attended).all(|(g, a)| (*g != u16::MAX) == *a), "{}", self.text);
            }
        }
    }

    /// Whoever is erased leaves nothing.
    fn erased(&self, erases: bool) {
        let (persons, observed) = (self.persons, &self.persons.observed);
        let gone = |row: usize| {
            let cells = persons.audit.cells.iter().flatten();
            erases && cells.map(|rows| rows[row]).any(|c| c == Reason::Erased as u8 || c == Reason::Withdrawn as u8)
        };
        for row in (0..persons.rows()).filter(|row| gone(*row)) {
            assert!(observed.attended.iter().all(|a| !a[row]), "{}", self.text);
            for (column, v) in observed.baseline.iter().zip(&observed.schema.baseline) {
                assert!(values(column, v.coding.as_deref())[row].is_nan(), "{}: {}", v.name, self.text);
            }
            for visit in &observed.visits {
                assert!(!visit.took_place[row] && visit.years[row].is_nan(), "{}", self.text);
                assert!(visit.interviewer.get(row).is_none_or(|who| *who == u16::MAX), "{}", self.text);
                assert!(visit.others_present.get(row).is_none_or(|others| *others == 0), "{}", self.text);
                for (column, v) in visit.answers.iter().zip(&observed.schema.items) {
                    assert!(values(column, v.coding.as_deref())[row].is_nan(), "{}", self.text);
                }
                assert!(visit.filled_in.iter().all(|f| f.get(row) != Some(&true)), "{}", self.text);
            }
            assert!(!observed.comments.row.contains(&(row as u32)), "{}", self.text);
            for linked in &self.records.audit.links {
                assert!(!linked.contains(&(row as u32)), "an erased person has a record\n{}", self.text);
            }
        }
    }
}

/// All that is held of each row of a batch, and all that the audit has of it; `first` is the row of its first person.
fn rows(observed: &ObservedBatch, audit: &Audit, truth: &Truth, replicate: usize) -> (Vec<Vec<u64>>, Vec<Vec<u64>>) {
    let people = truth.rows(replicate);
    let records = match observed.starts.get(replicate..replicate + 2) {
        Some(starts) => starts[0]..starts[1],
        None => people.clone(),
    };
    let record = |row: usize| {
        let mut out: Vec<u64> = vec![u64::from(observed.group[row])];
        out.extend(observed.site.get(row).map(|s| u64::from(*s)));
        out.extend(observed.baseline.iter().chain(observed.answers.iter().flatten()).map(|c| bits(c, row)));
        out.extend(observed.attended.iter().map(|a| u64::from(a[row])));
        out.extend(observed.filled_in.iter().flatten().map(|f| u64::from(f[row])));
        out.extend(observed.elements.iter().flatten().map(|e| u64::from(e[row])));
        for links in &audit.links {
            let person = links[row];
            out.push(if person == NOBODY { u64::MAX } else { u64::from(person) - people.start as u64 });
        }
        for visit in observed.visits.iter().filter(|v| v.took_place[row]) {
            out.extend([visit.wave as u64, visit.number as u64, visit.years[row].to_bits()]);
            out.extend(visit.answers.iter().map(|c| bits(c, row)));
            out.extend(visit.interviewer.get(row).map(|i| u64::from(*i)));
            out.extend(visit.others_present.get(row).map(|o| u64::from(*o)));
            out.extend(visit.filled_in.iter().filter_map(|f| f.get(row)).map(|f| u64::from(*f)));
        }
        let m = &observed.comments;
        for i in (0..m.row.len()).filter(|i| m.row[*i] as usize == row) {
            out.extend([m.wave[i], m.visit[i], m.number[i]].map(u64::from));
            out.extend([m.coder[i], m.theme[i], m.valence[i], m.direction[i], m.relation[i]].map(u64::from));
        }
        out
    };
    let person = |row: usize| {
        let mut out: Vec<u64> = audit.cells.iter().flatten().map(|cells| u64::from(cells[row])).collect();
        for when in &audit.circumstances {
            let drawn = [when.mood.get(row), when.trust.get(row)].into_iter().flatten();
            out.extend(drawn.filter(|v| !v.is_nan()).map(|v| v.to_bits()));
        }
        let t = &audit.comments;
        for i in (0..t.row.len()).filter(|i| t.row[*i] as usize == row) {
            out.extend([t.wave[i], t.visit[i], t.number[i]].map(u64::from));
            out.extend([t.theme[i], t.valence[i], t.direction[i], t.relation[i]].map(u64::from));
        }
        out
    };
    (records.map(record).collect(), people.map(person).collect())
}

fn bits(column: &AnswerColumn, row: usize) -> u64 {
    match column {
        AnswerColumn::Coded(codes) => u64::from(codes[row]),
        AnswerColumn::Number(values) => values[row].to_bits(),
    }
}

/// A batch is its replicates.
fn one_by_one(prepared: &Prepared, whole: &Seen, seed: u64, text: &str) {
    let mut sum = Audit::default();
    for replicate in REPLICATES {
        let alone =
            try_see(prepared, seed, replicate..replicate + 1, Keep::Cells).unwrap_or_else(|p| panic!("{}", p.message));
        let got = rows(&alone.observed, &alone.audit, &alone.truth, 0);
        let want = rows(&whole.observed, &whole.audit, &whole.truth, replicate as usize);
        assert!(got == want, "replicate {replicate}\n{text}");
        sum.add_counts(&alone.audit);
    }
    assert_eq!(sum.counts, whole.audit.counts, "{text}");
    assert_eq!(sum.mechanisms, whole.audit.mechanisms, "{text}");
}

/// The first replicate is its parts, where the survey can be observed so.
fn in_parts(prepared: &Prepared, whole: &Seen, seed: u64, text: &str) {
    let streams = Streams::new(seed, Space::Study);
    let truth = prepared.truth.simulate(&streams, 0..1, &mut simulate::Scratch::default()).expect("it was");
    let persons = truth.schema.persons;
    let (mut records, mut people) = (Vec::new(), Vec::new());
    for part in [0..5, 5..18, 18..persons] {
        let here = truth.part(part.clone());
        let mut scratch = observe::Scratch::default();
        let seen = prepared.survey.observe_part(&here, part.clone(), &streams, Keep::Cells, &mut scratch);
        let Some((observed, audit)) = seen.unwrap_or_else(|p| panic!("{}", p.message)) else { return };
        // The part's rows are those of one replicate with fewer persons.
        let mut small = here.clone();
        small.schema =
            std::sync::Arc::new(eclosion::tables::TruthSchema { persons: part.len(), ..(*here.schema).clone() });
        let (r, p) = rows(&observed, &audit, &small, 0);
        records.extend(r);
        people.extend(p);
    }
    assert!((records, people) == rows(&whole.observed, &whole.audit, &whole.truth, 0), "parts\n{text}");
}

/// With less detail the rest is the same.
fn in_less_detail(prepared: &Prepared, whole: &Seen, seed: u64, text: &str) {
    let see = |keep| try_see(prepared, seed, REPLICATES, keep).unwrap_or_else(|p| panic!("{}", p.message));
    let written = |observed: &ObservedBatch| format!("{observed:?}");
    let interviews = see(Keep::Interviews);
    assert!(written(&interviews.observed) == written(&whole.observed), "interviews\n{text}");
    assert_eq!(interviews.audit.mechanisms, whole.audit.mechanisms, "{text}");
    let answers = see(Keep::Answers);
    let only_answers =
        ObservedBatch { visits: Vec::new(), comments: CodedComments::default(), ..whole.observed.clone() };
    assert!(written(&answers.observed) == written(&only_answers), "answers\n{text}");
    for less in [interviews, answers] {
        assert_eq!(less.audit.counts, whole.audit.counts, "{text}");
        let Audit { cells, circumstances, comments, .. } = less.audit;
        assert!(cells.is_empty() && circumstances.is_empty() && comments.row.is_empty(), "{text}");
    }
}

/// What tables read, some of it by chance, is the same where only that is made.
fn for_tables_alone(prepared: &Prepared, whole: &Seen, seed: u64, text: &str) {
    let schema = &whole.observed.schema;
    let by_chance = |n: usize, bits: u64| (0..n).filter(|k| bits >> (k % 64) & 1 == 1).collect::<Vec<_>>();
    let bits = seed.wrapping_mul(0x9E37_79B9_7F4A_7C15);
    let reading = Reading {
        items: by_chance(schema.items.len(), bits >> 8),
        waves: by_chance(schema.waves(), bits >> 24),
        coder: [None, Some(0), Some(1)][(bits >> 50) as usize % 3],
    };
    let mut survey = prepared.survey.clone();
    survey.narrow(&reading);
    let streams = Streams::new(seed, Space::Study);
    let (narrow, _) = survey
        .observe(&whole.truth, &streams, Keep::Tables, &mut observe::Scratch::default())
        .unwrap_or_else(|p| panic!("{}\n{text}", p.message));
    let read = |batch: &ObservedBatch| {
        let of = |answers: &[AnswerColumn]| reading.items.iter().map(|k| answers[*k].clone()).collect::<Vec<_>>();
        let visits = batch.visits.iter().filter(|visit| reading.waves.contains(&visit.wave));
        let visits: Vec<_> = visits
            .map(|v| (v.wave, v.number, v.took_place.clone(), format!("{:?}", v.years), of(&v.answers)))
            .collect();
        let by_wave = |k: &usize| reading.waves.iter().map(|wave| batch.answers[*k][*wave].clone()).collect::<Vec<_>>();
        let answers: Vec<_> = reading.items.iter().map(by_wave).collect();
        let said = &batch.comments;
        let wanted = |m: &usize| {
            reading.waves.contains(&usize::from(said.wave[*m])) && Some(usize::from(said.coder[*m])) == reading.coder
        };
        let marks = (0..said.row.len()).filter(wanted).map(|m| {
            let what = (said.theme[m], said.valence[m], said.direction[m], said.relation[m]);
            (said.row[m], said.wave[m], said.visit[m], said.number[m], what)
        });
        let marks: Vec<_> = marks.collect();
        let known = (&batch.group, &batch.site, &batch.baseline, &batch.attended);
        format!("{known:?}\n{visits:?}\n{answers:?}\n{marks:?}")
    };
    assert!(read(&narrow) == read(&whole.observed), "only what {reading:?} reads\n{text}");
}
