//! A study whose truth is known, in many replicates.

use super::stream;
use crate::streams::Own;
use crate::tables::observed::{AnswerColumn, ObservedVariable};
use crate::tables::{Coding, ObservedBatch, ObservedSchema};
use rand::Rng;
use std::sync::Arc;

pub(super) const PERSONS: usize = 128;
pub(super) const WAVES: usize = 5;
pub(super) const REPLICATES: usize = 500;

fn uniform(stream: &mut Own) -> f64 {
    crate::streams::open_unit(stream.next_u64())
}

/// Two yes/no items that last, each with a share of 0.4 at every wave; age in whole years; an arm. At each wave some are
/// lost for good: a share `lost.0`, and `lost.1` more of those who were not earning at the wave before.
pub(super) fn study(lost: (f64, f64)) -> ObservedBatch {
    let draws = &mut stream();
    let rows = PERSONS * REPLICATES;
    let variable =
        |name: &str, coding: Option<Coding>| ObservedVariable { name: name.to_owned(), coding: coding.map(Arc::new) };
    let ages = Coding { values: (13..22).map(f64::from).chain([f64::NAN]).collect(), levels: Vec::new() };
    let yes_no = || Some(Coding::yes_no().with_missing());
    let schema = ObservedSchema {
        groups: vec!["all".to_owned()],
        baseline: vec![variable("age", Some(ages)), variable("arm", yes_no()), variable("height", None)],
        items: vec![variable("well", yes_no()), variable("earning", yes_no())],
        wave_years: (0..WAVES).map(|w| w as f64).collect(),
        records: PERSONS,
        ..ObservedSchema::default()
    };
    let age: Vec<u8> = (0..rows).map(|_| (uniform(draws) * 9.0) as u8).collect();
    let arm: Vec<u8> = (0..rows).map(|_| u8::from(uniform(draws) < 0.5)).collect();
    let height: Vec<f64> = (0..rows).map(|_| uniform(draws)).collect();
    let mut items = vec![vec![vec![2_u8; rows]; WAVES]; 2];
    let mut here = vec![true; rows];
    for wave in 0..WAVES {
        for (row, item) in (0..rows).flat_map(|row| [(row, 0), (row, 1)]) {
            let before = if wave > 0 { items[item][wave - 1][row] } else { u8::from(uniform(draws) < 0.4) };
            let stay = uniform(draws) < 0.7;
            items[item][wave][row] = if before < 2 && stay { before } else { u8::from(uniform(draws) < 0.4) };
        }
        for row in 0..rows {
            let earning = if wave > 0 { items[1][wave - 1][row].min(1) } else { 1 };
            let chance = if wave > 0 { lost.0 + lost.1 * f64::from(1 - earning) } else { 0.0 };
            here[row] &= uniform(draws) >= chance;
            if !here[row] {
                items[0][wave][row] = 2;
                items[1][wave][row] = 2;
            }
        }
    }
    ObservedBatch {
        schema: Arc::new(schema),
        replicates: 0..REPLICATES as u64,
        group: vec![0; rows],
        baseline: vec![AnswerColumn::Coded(age), AnswerColumn::Coded(arm), AnswerColumn::Number(height)],
        attended: vec![vec![true; rows]; WAVES],
        answers: items.into_iter().map(|waves| waves.into_iter().map(AnswerColumn::Coded).collect()).collect(),
        ..ObservedBatch::default()
    }
}
