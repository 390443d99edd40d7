//! Long rows of small data sets, worked by hand.

use super::*;
use crate::analyze::design::Waves;
use crate::analyze::tests::{target, text};
use crate::tables::observed::{AnswerColumn, ObservedVariable};
use crate::tables::{Coding, ObservedBatch, Quantity};
use std::sync::Arc;

/// Three records over three waves: `y` is a number, `well` yes/no, `age` and `w` are numbers from the start; two sites.
fn batch() -> ObservedBatch {
    let none = f64::NAN;
    let variable = |name: &str, coding| ObservedVariable { name: name.to_owned(), coding };
    let yes_no = Some(Arc::new(Coding::yes_no().with_missing()));
    let schema = ObservedSchema {
        groups: vec!["a".to_owned(), "b".to_owned()],
        sites: vec!["north".to_owned(), "south".to_owned()],
        baseline: vec![variable("age", None), variable("w", None)],
        items: vec![variable("y", None), variable("well", yes_no)],
        wave_years: vec![0.0, 1.0, 2.5],
        records: 3,
        ..ObservedSchema::default()
    };
    let numbers = |rows: [f64; 3]| AnswerColumn::Number(rows.to_vec());
    let codes = |rows: [u8; 3]| AnswerColumn::Coded(rows.to_vec());
    ObservedBatch {
        schema: Arc::new(schema),
        replicates: 0..1,
        group: vec![0, 1, 1],
        site: vec![1, 0, 1],
        baseline: vec![numbers([10.0, 20.0, 30.0]), numbers([1.0, 2.0, 0.0])],
        attended: vec![vec![true; 3]; 3],
        answers: vec![
            vec![numbers([1.0, 2.0, 3.0]), numbers([4.0, none, 6.0]), numbers([7.0, 8.0, 9.0])],
            vec![codes([1, 0, 2]), codes([0, 0, 1]), codes([1, 1, 1])],
        ],
        ..ObservedBatch::default()
    }
}

fn rows(model: &str, of: &str, waves: &[usize], batch: &ObservedBatch) -> LongRows {
    let design = Design::whole(model, &batch.schema, Waves::List(waves)).unwrap();
    let outcome = Number::of(&target(of, Quantity::Mean { wave: 0 }), &batch.schema).unwrap();
    LongRows::new(design, outcome, waves)
}

#[test]
fn rows_follow_records_and_waves() {
    let batch = batch();
    let mut long = rows("y ~ wave + age + offset(w) + (1 | id)", "y", &[0, 1, 2], &batch);
    assert_eq!(long.design.names, ["(Intercept)", "wave", "age"]);
    assert_eq!(long.design.random.len(), 1);
    for _ in 0..2 {
        long.collect(&batch.replicate(0)).unwrap();
        // The second record has no answer at wave 2. Age grows by 0, 1 and 2.5 years.
        assert_eq!(long.outcome, [1.0, 4.0, 7.0, 2.0, 8.0, 3.0, 6.0, 9.0]);
        assert_eq!(long.record, [0, 0, 0, 1, 1, 2, 2, 2]);
        assert_eq!(long.wave, [0, 1, 2, 0, 2, 0, 1, 2]);
        assert_eq!(long.offset, [1.0, 1.0, 1.0, 2.0, 2.0, 0.0, 0.0, 0.0]);
        assert_eq!((long.len(), &long.weight, &long.cluster), (8, &vec![1.0; 8], &vec![0; 8]));
        let want = [[1.0, 1.0, 10.0], [1.0, 2.0, 11.0], [1.0, 3.0, 12.5], [1.0, 1.0, 20.0], [1.0, 3.0, 22.5]];
        assert_eq!(long.rows[..15], want.concat());
    }
}

#[test]
fn weights_sites_and_conditions() {
    let batch = batch();
    let schema = &batch.schema;
    let mut long = rows("group", "y", &[0, 2], &batch);
    long = long.weighted_by("w", schema).unwrap().clustered_by("site", schema).unwrap();
    long.collect(&batch.replicate(0)).unwrap();
    // The weight of the third record is 0: it does not count.
    assert_eq!((&long.record[..], &long.weight[..]), (&[0, 0, 1, 1][..], &[1.0, 1.0, 2.0, 2.0][..]));
    assert_eq!((&long.cluster[..], &long.rows[..]), (&[1, 1, 0, 0][..], &[1.0, 0.0, 1.0, 0.0, 1.0, 1.0, 1.0, 1.0][..]));
    let asked = target("y", Quantity::Mean { wave: 0 });
    let filter = |wave| Filter::new(&text("age > 20.5"), &asked, schema, wave).unwrap();
    let mut long = rows("1", "y", &[0, 2], &batch).restricted(vec![filter(0), filter(2)]);
    long.collect(&batch.replicate(0)).unwrap();
    assert_eq!((&long.record[..], &long.wave[..]), (&[1, 2, 2][..], &[2, 0, 2][..]));
    assert!(rows("1", "y", &[0], &batch).weighted_by("group", schema).is_err());
    assert!(rows("1", "y", &[0], &batch).clustered_by("age", schema).is_err());
    assert!(rows("1", "y", &[0], &batch).clustered_by("sites", schema).is_err());
}

#[test]
fn the_wave_before_and_what_has_no_value() {
    let batch = batch();
    let mut long = rows("lag(well) + lag(y) + lag(age)", "well", &[0, 1, 2], &batch);
    assert_eq!(long.design.names, ["(Intercept)", "lag(well)", "lag(y)", "lag(age)"]);
    long.collect(&batch.replicate(0)).unwrap();
    // Nobody has a wave before the first; the third record has no `well` at wave 1, the second no `y` at wave 2.
    assert_eq!((&long.record[..], &long.wave[..]), (&[0, 0, 1, 2][..], &[1, 2, 1, 2][..]));
    let want = [[1.0, 1.0, 1.0, 10.0], [1.0, 0.0, 4.0, 11.0], [1.0, 0.0, 2.0, 20.0], [1.0, 1.0, 6.0, 31.0]];
    assert_eq!(long.rows, want.concat());
    // The logarithm of 0 is no value: the first record at wave 1 and the last at wave 1 drop out.
    let mut long = rows("log(y - 1) + I(wave^2)", "y", &[0, 2], &batch);
    long.collect(&batch.replicate(0)).unwrap();
    assert_eq!((&long.record[..], &long.wave[..]), (&[0, 1, 1, 2, 2][..], &[2, 0, 2, 0, 2][..]));
    assert_eq!(long.rows[..6], [1.0, libm::log(6.0), 9.0, 1.0, 0.0, 1.0]);
}

#[test]
fn columns_that_depend_on_the_data() {
    let batch = batch();
    let mut long = rows("poly(y, 2) + poly(y, 2):well", "y", &[0, 1, 2], &batch);
    long.collect(&batch.replicate(0)).unwrap();
    // The third record has no `well` at wave 1, so seven rows count, and over them the columns are orthonormal.
    let columns = |k: usize| long.rows.iter().skip(k).step_by(5).copied().collect::<Vec<f64>>();
    let (one, two) = (columns(1), columns(2));
    assert_eq!(one.len(), 7);
    let dot = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(a, b)| a * b).sum::<f64>();
    assert!((dot(&one, &one) - 1.0).abs() < 1e-13 && dot(&one, &two).abs() < 1e-13);
    assert!(one.iter().sum::<f64>().abs() < 1e-13);
    assert_eq!(columns(3)[0], one[0], "the first row is well");
    let mut long = rows("poly(w, 3)", "y", &[0, 1], &batch);
    let failed = long.collect(&batch.replicate(0)).unwrap_err();
    assert!(failed.detail.contains("poly(w, 3)"), "{failed:?}");
}

#[test]
fn nobody_counts() {
    let mut batch = batch();
    batch.answers[0][0] = AnswerColumn::Number(vec![f64::NAN; 3]);
    for model in ["wave + age", "ns(age, 2)"] {
        let mut long = rows(model, "y", &[0], &batch);
        long.collect(&batch.replicate(0)).unwrap();
        assert!(long.len() == 0 && long.rows.is_empty());
    }
}
