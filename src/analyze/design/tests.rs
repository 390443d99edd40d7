//! Designs over a small survey.

use super::*;
use crate::tables::observed::{AnswerColumn, ObservedVariable};
use crate::tables::{Coding, ObservedBatch};
use std::sync::Arc;

/// Four records at two waves: `dose` is 10, 0, 5 or missing, `x` a number; groups a and b.
fn batch() -> ObservedBatch {
    let dose = Coding { values: vec![10.0, 0.0, 5.0], levels: Vec::new() }.with_missing();
    let variable = |name: &str, coding| ObservedVariable { name: name.to_owned(), coding };
    let schema = ObservedSchema {
        groups: vec!["a".to_owned(), "b".to_owned()],
        baseline: vec![variable("x", None), variable("age", None)],
        items: vec![variable("dose", Some(Arc::new(dose)))],
        wave_years: vec![0.0, 2.0],
        records: 4,
        ..ObservedSchema::default()
    };
    ObservedBatch {
        schema: Arc::new(schema),
        replicates: 0..1,
        group: vec![0, 1, 0, 1],
        baseline: vec![
            AnswerColumn::Number(vec![1.0, 2.0, 3.0, 4.0]),
            AnswerColumn::Number(vec![10.0, 20.0, 30.0, f64::NAN]),
        ],
        attended: vec![vec![true; 4]; 2],
        answers: vec![vec![AnswerColumn::Coded(vec![0, 1, 2, 3]), AnswerColumn::Coded(vec![1, 1, 0, 2])]],
        ..ObservedBatch::default()
    }
}

fn design(text: &str, waves: Waves<'_>) -> Result<Design, String> {
    Design::whole(text, &batch().schema, waves).map_err(|c| c.why)
}

/// The rows at a wave, one vector each; those that do not count are empty.
fn rows(text: &str, waves: Waves<'_>, wave: usize, after_first: usize) -> Vec<Vec<f64>> {
    let batch = batch();
    let observed = batch.replicate(0);
    let mut design = design(text, waves).unwrap();
    let (mut out, mut present) = (Vec::new(), vec![1; 4]);
    design.require(&observed, wave, after_first, &mut present);
    design.prepare(&observed, &[wave], &present).unwrap();
    design.rows(&observed, wave, after_first, &mut out);
    if let Some(cells) = &design.cells {
        // By cell the rows must be the same.
        let mut numbers = vec![0; 4];
        design.cell_numbers(cells, &observed, wave, after_first, &mut numbers);
        for (record, number) in numbers.iter().enumerate().filter(|(r, _)| present[*r] == 1) {
            let (width, number) = (design.width(), usize::from(*number));
            assert_eq!(cells.rows[number * width..(number + 1) * width], out[record * width..(record + 1) * width]);
        }
    }
    let row = |(row, present): (&[f64], &u8)| if *present == 1 { row.to_vec() } else { Vec::new() };
    out.chunks_exact(design.width()).zip(&present).map(row).collect()
}

#[test]
fn rows_by_hand() {
    let one = Waves::One(0);
    // Levels from the smallest value on: 0, 5, 10. The last record has no dose.
    let want = [vec![1.0, 0.0, 1.0], vec![1.0, 0.0, 0.0], vec![1.0, 1.0, 0.0], vec![]];
    assert_eq!(rows("factor(dose)", one, 0, 0), want);
    assert_eq!(rows("factor(dose, ref = 10)", one, 0, 0)[0], [1.0, 0.0, 0.0]);
    assert_eq!(rows("group * dose", one, 0, 0)[1], [1.0, 1.0, 0.0, 0.0]);
    assert_eq!(rows("group:x - 1", one, 0, 0), [[1.0, 0.0], [0.0, 2.0], [3.0, 0.0], [0.0, 4.0]]);
    assert_eq!(rows("I(x * dose) + I(dose^2)", one, 0, 0)[2], [1.0, 15.0, 25.0]);
    // The logarithm of dose 0 is no value, by code or by row.
    assert_eq!(rows("log(dose)", one, 0, 0)[1], Vec::<f64>::new());
    assert_eq!(rows("log(dose) + x", one, 0, 0)[1], Vec::<f64>::new());
    assert_eq!(rows("log(dose) + x", one, 0, 0)[0], [1.0, libm::log(10.0), 1.0]);
}

#[test]
fn waves_and_growing_age() {
    assert_eq!(rows("age", Waves::One(1), 1, 0)[0], [1.0, 12.0]);
    assert_eq!(rows("lag(age) + lag(dose)", Waves::One(1), 1, 0)[0], [1.0, 10.0, 10.0]);
    assert_eq!(rows("lag(dose)", Waves::One(0), 0, 0), vec![Vec::<f64>::new(); 4]);
    assert_eq!(rows("wave + age", Waves::Pooled { first: 0, last: 1 }, 1, 1)[0], [1.0, 2.0, 10.0]);
    assert_eq!(rows("wave + age", Waves::List(&[0, 1]), 1, 1)[0], [1.0, 2.0, 12.0]);
    assert_eq!(rows("factor(wave) + sqrt(age + 4)", Waves::List(&[0, 1]), 1, 1)[0], [1.0, 1.0, 4.0]);
    assert_eq!(rows("wave", Waves::List(&[1]), 1, 0)[0], [1.0, 2.0]);
    let refused = design("lag(wave)", Waves::List(&[0, 1])).unwrap_err();
    assert_eq!(refused, "the wave before a wave needs no `lag`");
    assert!(design("wave", Waves::One(0)).unwrap_err().starts_with("the survey does not see `wave`"));
}

#[test]
fn columns_that_depend_on_the_rows_that_count() {
    // Over x = 1, 2, 3 (the last record has no dose) the line is (-1, 0, 1) / root 2, and the spline is the same line.
    let root = libm::sqrt(0.5);
    let want = [-root, 0.0, root];
    for (row, want) in rows("poly(x, 1) + dose", Waves::One(0), 0, 0).iter().zip(want) {
        assert!((row[1] - want).abs() < 1e-15, "{row:?}");
    }
    let spline = rows("ns(x, 1) + dose", Waves::One(0), 0, 0);
    assert!((spline[1][1] - spline[2][1] / 2.0).abs() < 1e-15);
    assert!(design("poly(x, 1)", Waves::One(0)).unwrap().cells.is_none());
}

#[test]
fn what_a_method_cannot_use_is_refused() {
    let refused = |text: &str| Design::new(text, &batch().schema, Waves::One(0)).unwrap_err().why;
    assert_eq!(
        refused("x + (1 | id)"),
        "model `x + (1 | id)`: `(1 | id)` is a random term, which is not possible here; leave it out, or use a mixed model"
    );
    assert!(refused("x + offset(age)").contains("an offset is not possible here"));
    assert!(refused("x +").starts_with("model `x +`: a term is missing"));
    assert!(refused("0").contains("no column"));
    let design = design("dose ~ x + offset(x) + (1 + x | site)", Waves::One(0)).unwrap();
    assert!(design.has_offset() && design.cells.is_none() && design.answers("dose").is_ok());
    assert_eq!(design.answers("x").unwrap_err().why, "the model is of `dose`, and the estimand of `x`");
    let random = Design::of_random(&design.random[0], &batch().schema, Waves::One(0)).unwrap();
    assert_eq!(random.names, ["(Intercept)", "x"]);
}
