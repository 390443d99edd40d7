//! Records worked by hand.

use super::*;
use crate::tables::audit::{AuditCount, MechanismCount};
use crate::tables::description::{AgreementRow, ItemKind, WaveRow};
use crate::tables::observed::{AnswerColumn, ObservedVariable};
use crate::tables::truth::TrueVariable;
use crate::tables::{Audit, Coding, Column, ObservedBatch, ObservedSchema, Reason, Truth, TruthSchema};
use std::sync::Arc;

const NONE: Cell = Cell::Missing(0);
const NO: Cell = Cell::Level(0);
const YES: Cell = Cell::Level(1);

fn shape(waves: i64, levels: &[&str], kind: ItemKind) -> Arc<Shape> {
    let levels = levels.iter().map(|l| (*l).to_owned()).collect();
    Arc::new(Shape {
        waves: (1..=waves).map(|number| WaveRow { number, years: None }).collect(),
        items: vec![ItemShape { name: "x".to_owned(), kind, levels }],
        groups: vec!["g".to_owned(), "h".to_owned()],
        reasons: vec!["lost".to_owned()],
        with_truth: true,
        ..Shape::default()
    })
}

/// A record whose truth has these values.
fn record(cells: &[Cell], truth: &[u8]) -> Record {
    let held =
        |(wave, value): (usize, &u8)| Held { as_before: wave > 0 && truth[wave - 1] == *value, yes: *value == 1 };
    Record {
        group: Some(0),
        site: None,
        present: cells.iter().map(|cell| *cell != NONE).collect(),
        cells: cells.to_vec(),
        truth: truth.iter().enumerate().map(held).collect(),
    }
}

fn counted(shape: &Arc<Shape>, records: &[Record]) -> Tally {
    let mut tally = Tally::new(shape, 1);
    records.iter().for_each(|record| tally.add(record));
    tally
}

fn agreement(blocks: &[Tally]) -> AgreementRow {
    summary(blocks).items.remove(0).agreement.expect("answers are compared")
}

#[test]
fn recanting_and_late_disclosure_by_hand() {
    let shape = shape(3, &["no", "yes"], ItemKind::YesNo);
    let tally = counted(
        &shape,
        &[
            record(&[YES, NO, YES], &[1, 1, 1]),    // recanted, then disclosed
            record(&[YES, NONE, NO], &[1, 0, 1]),   // yes to no, but not unchanged in between
            record(&[YES, NONE, NO], &[0, 0, 0]),   // a wrong yes is taken back: recanted too
            record(&[NO, YES, NONE], &[0, 0, 0]),   // no to yes, no disclosure: it was not true
            record(&[NO, NO, YES], &[0, 1, 1]),     // from wave 2 to 3 disclosed
            record(&[NONE, NONE, YES], &[1, 1, 1]), // nothing to compare
            record(&[NO, YES, YES], &[0, 1, 1]),    // the truth changed
        ],
    );
    let a = agreement(&[tally]);
    let value = |m: Option<crate::tables::Measured>| m.and_then(|m| m.value).expect("a value");
    assert_eq!(a.twice.value, Some(6.0));
    assert_eq!(a.changed.value, Some(1.0));
    assert_eq!(value(a.contradicted), 4.0 / 6.0);
    // Said yes and answered again: records 1, 2, 3, 7.
    assert_eq!(value(a.yes_then_no), 3.0 / 4.0);
    assert_eq!(value(a.recanted), 2.0 / 4.0);
    // Said no and answered again: records 1, 4, 5, 7.
    assert_eq!(value(a.no_then_yes), 4.0 / 4.0);
    assert_eq!(value(a.late_disclosure), 2.0 / 4.0);
    // Pairs: yes to no 3, no to yes 4, no to no 1, yes to yes 1: agreed 2/9; before no 5/9, after no 4/9.
    let chance = (5.0 * 4.0 + 4.0 * 5.0) / 81.0;
    assert!((a.kappa.value.expect("a value") - (2.0 / 9.0 - chance) / (1.0 - chance)).abs() < 1e-12);
}

/// Cohen's own example (1960, table 1, of proportions): agreed 0.29, by chance 0.41 and so on is hand-reckoned here
/// for three levels: 25, 13, 12 | 12, 2, 16 | 3, 15, 2.
#[test]
fn kappa_of_three_levels_by_hand() {
    let table = [25.0, 13.0, 12.0, 12.0, 2.0, 16.0, 3.0, 15.0, 2.0];
    let chance = (50.0 * 40.0 + 30.0 * 30.0 + 20.0 * 30.0) / 1e4;
    let kappa = super::summary::kappa(&table, 3).value.expect("a value");
    assert!((kappa - (0.29 - chance) / (1.0 - chance)).abs() < 1e-12);
    assert!((kappa + 0.0923).abs() < 1e-4);
    assert_eq!(super::summary::kappa(&[0.0; 9], 3).value, None);
    assert_eq!(super::summary::kappa(&[7.0, 0.0, 0.0, 0.0], 2).value, None, "nothing but chance");
}

#[test]
fn means_and_their_jackknife_error() {
    let shape = shape(1, &[], ItemKind::Number);
    let block =
        |values: &[f64]| counted(&shape, &values.iter().map(|v| record(&[Cell::Number(*v)], &[0])).collect::<Vec<_>>());
    let whole = summary(&[block(&[1.0, 3.0]), block(&[5.0, 7.0]), block(&[3.0, 11.0])]);
    let mean = whole.items[0].mean.as_ref().expect("a number");
    assert_eq!(mean.reported[0].value, Some(5.0));
    // Of blocks of the same size it is the standard error of their means 2, 6, 7: squares 9 + 1 + 4 = 14, / (3 * 2).
    assert!((mean.reported[0].mcse.expect("an error") - (14.0_f64 / 6.0).sqrt()).abs() < 1e-12);
    // 1, 3, 5, 7, 3, 11 about 5: 16 + 4 + 0 + 4 + 4 + 36 = 64, / 5.
    assert!((mean.sd[0].value.expect("a value") - 12.8_f64.sqrt()).abs() < 1e-12);
    assert_eq!(whole.replicates, 3);
    assert_eq!(whole.all.records.value, Some(2.0));
    assert_eq!(whole.all.records.mcse, Some(0.0));
    assert!(whole.items[0].agreement.is_none());
}

#[test]
fn who_enters_late_is_not_few_before() {
    let shape = shape(3, &["no", "yes"], ItemKind::YesNo);
    let late = || record(&[NONE, NO, YES], &[0, 0, 0]);
    let six: Vec<Record> = std::iter::repeat_with(late).take(6).collect();
    let whole = summary(&[counted(&shape, &six)]);
    let small: Vec<(&str, i64, f64)> = whole.small.iter().map(|s| (s.name.as_str(), s.wave, s.present)).collect();
    assert_eq!(small, [("h", 1, 0.0)], "nobody is in the group h, and 6 of g come at wave 2");
    let whole = summary(&[counted(&shape, &six[..4])]);
    assert_eq!(whole.small.len(), 2);
    assert_eq!(whole.small[1].wave, 2);
    assert_eq!(summary(&[]), crate::tables::Description::default());
}

/// Two persons: the first's truth is no at both waves, the second's yes. Records 0 and 1 are theirs; at wave 2 the
/// second person is in record 0 (a false match), and the first in the new record 2 (a missed match).
fn linked() -> (ObservedBatch, Audit, Truth) {
    let coding = Arc::new(Coding::yes_no().with_missing());
    let schema = Arc::new(ObservedSchema {
        groups: vec!["g".to_owned()],
        items: vec![ObservedVariable { name: "x".to_owned(), coding: Some(coding) }],
        wave_years: vec![0.0, 1.0],
        records: 2,
        ..ObservedSchema::default()
    });
    let batch = ObservedBatch {
        schema,
        replicates: 0..1,
        group: vec![0; 3],
        attended: vec![vec![true, true, false], vec![true, false, true]],
        // Record 0: no, then yes, which is another person's; record 1: yes, nothing; record 2: nothing, yes (wrong).
        answers: vec![vec![AnswerColumn::Coded(vec![0, 1, 2]), AnswerColumn::Coded(vec![1, 2, 1])]],
        starts: vec![0, 3],
        ..ObservedBatch::default()
    };
    let mut cells = [0; Reason::ALL.len()];
    cells[Reason::MissedWave as usize] = 1;
    let mechanism = |wave, at_risk, happened| MechanismCount { name: "linkage".to_owned(), wave, at_risk, happened };
    let audit = Audit {
        counts: vec![AuditCount { item: "x".to_owned(), wave: 2, cells }],
        mechanisms: vec![mechanism(1, 0, 0), mechanism(2, 2, 1)],
        links: vec![vec![0, 1, u32::MAX], vec![1, u32::MAX, 0]],
        ..Audit::default()
    };
    let x = TrueVariable {
        name: "x".to_owned(),
        coding: Some(Arc::new(Coding::yes_no())),
        changes: false,
        low: 0.0,
        high: 1.0,
        latent: false,
    };
    let truth = TruthSchema {
        groups: vec!["g".to_owned()],
        variables: vec![x],
        persons: 2,
        moments: vec![0, 1],
        step_years: 1.0,
        waves: vec![0, 1],
        ..TruthSchema::default()
    };
    let truth = Truth {
        schema: Arc::new(truth),
        replicates: 0..1,
        group: vec![0; 2],
        site: Vec::new(),
        site_effects: Vec::new(),
        columns: vec![vec![Column::Coded { codes: vec![0, 1], coding: Arc::new(Coding::yes_no()) }]],
        since: vec![Vec::new()],
        weights: None,
    };
    (batch, audit, truth)
}

#[test]
fn records_that_are_not_persons() {
    let (batch, audit, truth) = linked();
    let shape = Arc::new(super::shape(&batch.schema));
    let whole = summary(&[tally_batch(&shape, &batch, &audit, &truth)]);
    let links = whole.links.as_ref().expect("there are links");
    assert_eq!(links.linked.value, Some(0.0));
    assert_eq!(links.missed.value, Some(1.0));
    assert_eq!(links.false_matches.value, Some(1.0));
    assert_eq!(links.duplicates.value, Some(0.0));
    assert_eq!((whole.all.records.value, whole.all.present[1].value), (Some(3.0), Some(2.0)));
    let item = &whole.items[0];
    // The truth is that of the two persons, not of the three records.
    assert_eq!(item.levels[0].truth[1].value, Some(0.5));
    assert_eq!(item.levels[0].reported[1].value, Some(1.0));
    let a = item.agreement.as_ref().expect("answers are compared");
    assert_eq!(a.no_then_yes.and_then(|m| m.value), Some(1.0));
    for other in [a.contradicted, a.late_disclosure] {
        assert_eq!(other.and_then(|m| m.value), Some(0.0), "two persons do not contradict each other");
    }
    let missed = whole.lost.iter().find(|row| row.reason == Reason::MissedWave.words()).expect("a reason");
    assert_eq!(missed.share[1].value, Some(0.5), "of two persons");
    assert_eq!(whole.mechanisms.len(), 1);
    assert_eq!(whole.mechanisms[0].rate.value, Some(0.5));
    assert_eq!((whole.mechanisms[0].by_wave[0].value, whole.mechanisms[0].by_wave[1].value), (None, Some(0.5)));
}
