//! How long fits take; printed, not judged. Run with optimisation:
//! `cargo test --release --lib analyze::tests::speed -- --ignored --nocapture`.

use super::{catalogue, coefficient, options, stream, target};
use crate::diagnostic::Diagnostics;
use crate::streams::Own;
use crate::tables::observed::{AnswerColumn, ObservedVariable};
use crate::tables::{Coding, ObservedBatch, ObservedSchema, Quantity, Target};
use rand::Rng;
use std::sync::Arc;

const PERSONS: usize = 128;
const WAVES: usize = 5;
const REPLICATES: usize = 500;

fn uniform(stream: &mut Own) -> f64 {
    crate::streams::open_unit(stream.next_u64())
}

/// Two yes/no items that last, age in whole years, an arm; a twentieth of the persons lost at each wave.
fn study() -> ObservedBatch {
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
            let lost = if wave > 0 { 0.04 + 0.06 * f64::from(1 - items[0][wave - 1][row].min(1)) } else { 0.0 };
            here[row] &= uniform(draws) >= lost;
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

#[test]
#[ignore = "prints times; run by hand with optimisation"]
fn nanoseconds_per_fit() {
    let batch = study();
    let last = WAVES - 1;
    let share = target("earning", Quantity::Prevalence { wave: last });
    let mut effect = coefficient("earning", "arm + age", "arm", true);
    let mut by_height = coefficient("earning", "arm + height", "arm", true);
    for target in [&mut effect, &mut by_height] {
        if let Quantity::Coefficient { wave, .. } = &mut target.quantity {
            *wave = last;
        }
    }
    let restricted = Target { restrict: Some(super::text("age > 15")), ..share.clone() };
    let cases = [
        ("complete_case", Vec::new(), &share),
        ("complete_case", vec![], &restricted),
        ("complete_case", vec![("interval", "clopper_pearson")], &share),
        ("locf", vec![], &share),
        ("ipw", vec![("dropout_model", "well")], &share),
        ("ipw", vec![("dropout_model", "well + earning + age")], &share),
        ("ipw", vec![("dropout_model", "well + earning + age"), ("errors", "estimated_weights")], &share),
        ("ipw", vec![("dropout_model", "well + height")], &share),
        ("logistic", vec![], &effect),
        ("logistic", vec![], &by_height),
    ];
    for (method, pairs, target) in cases {
        let entry = catalogue().iter().find(|e| e.name == method).unwrap();
        let declared = (entry.declare)(&options(&pairs), &mut Diagnostics::new()).unwrap();
        let mut fit = declared.bind(target, &batch.schema).unwrap();
        let mut best = f64::INFINITY;
        let mut failed = 0;
        for _ in 0..20 {
            let start = std::time::Instant::now();
            failed = (0..REPLICATES).filter(|r| fit.fit(&batch.replicate(*r), &mut stream()).is_err()).count();
            best = best.min(start.elapsed().as_nanos() as f64 / REPLICATES as f64);
        }
        println!(
            "{best:8.0} ns  {method} {pairs:?} of {}{} ({failed} failed)",
            target.of.text,
            target.restrict.is_some()
        );
    }
}
