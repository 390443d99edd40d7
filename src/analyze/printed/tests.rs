//! Shares of printed cells against counts by hand, and what is refused.

use crate::analyze::tests::{catalogue_entry, declared_method, options, stream, target};
use crate::analyze::{Method, Pipeline, Within};
use crate::diagnostic::{Diagnostics, Span};
use crate::options::{OptionValue, Options};
use crate::tables::{
    CellHolds, CellUnit, Estimate, FailureKind, FitFailure, ObservedBatch, ObservedSchema, Quantity, TableCell,
    WarningKind,
};
use std::sync::Arc;

const CELLS: [(&str, CellHolds); 9] = [
    ("t11.rc.n", CellHolds::Count(CellUnit::Persons)),
    ("t11.rc.individuals", CellHolds::Count(CellUnit::Persons)),
    ("t11.rc.comments", CellHolds::Count(CellUnit::Comments)),
    ("t9.negative", CellHolds::Count(CellUnit::Comments)),
    ("t9.positive", CellHolds::Count(CellUnit::Comments)),
    ("partner.negative", CellHolds::Percent(CellUnit::Persons)),
    ("partner.n", CellHolds::Count(CellUnit::Persons)),
    ("t1.age", CellHolds::Other),
    ("years", CellHolds::Count(CellUnit::Years)),
];

fn schema() -> ObservedSchema {
    let cells = CELLS.iter().map(|(id, holds)| TableCell { id: (*id).to_owned(), holds: *holds }).collect();
    ObservedSchema { cells, records: 1, ..ObservedSchema::default() }
}

/// Two replicates of one record each, with these cells in both but for the number of the group.
fn batch(cells: [f64; 9]) -> ObservedBatch {
    let second = { cells.map(|value| value * 2.0) };
    ObservedBatch {
        schema: Arc::new(schema()),
        replicates: 0..2,
        group: vec![0, 0],
        cells: [cells, second].concat(),
        ..ObservedBatch::default()
    }
}

/// What the study printed: 9 of 28 with 13 comments; 49 negative and 28 positive comments; 68.42 % of 19.
const PUBLISHED: [f64; 9] = [28.0, 9.0, 13.0, 49.0, 28.0, 1300.0 / 19.0, 19.0, 24.6, 2.0];

fn answer(pairs: &[(&str, &str)], batch: &ObservedBatch, replicate: usize) -> Result<Estimate, FitFailure> {
    let method = declared_method("printed", pairs);
    let mut problems = Diagnostics::new();
    method.check(&batch.schema, &mut problems);
    assert!(problems.list().is_empty(), "{:?}", problems.list());
    let mut fit = method.bind(&target("anything", Quantity::Prevalence { wave: 0 }), &batch.schema).unwrap();
    fit.fit(&batch.replicate(replicate), &mut stream())
}

fn near(a: f64, b: f64) {
    assert!((a - b).abs() < 5e-5, "{a} {b}");
}

#[test]
fn a_count_of_a_count_in_each_replicate() {
    let batch = batch(PUBLISHED);
    let of = [("cell", "t11.rc.individuals"), ("of", "t11.rc.n")];
    let first = answer(&of, &batch, 0).unwrap();
    near(first.estimate, 9.0 / 28.0);
    near(first.model_se.unwrap(), libm::sqrt(9.0 * 19.0 / 28.0) / 28.0);
    // Wilson by hand: (9 + 1.92073) / (28 + 3.84146) -/+ 1.95996 sqrt(9 * 19 / 28 + 0.96036) / 31.84146.
    let (low, high) = first.interval.unwrap();
    let (centre, half) = (10.92073 / 31.84146, 1.959_964 * libm::sqrt(171.0 / 28.0 + 0.960_365) / 31.841_46);
    near(low, centre - half);
    near(high, centre + half);
    let second = answer(&of, &batch, 1).unwrap();
    near(second.model_se.unwrap(), libm::sqrt(18.0 * 38.0 / 56.0) / 56.0);
}

#[test]
fn cells_are_added_and_the_others_are_the_rest() {
    let batch = batch(PUBLISHED);
    let sum = answer(&[("cell", "[t11.rc.individuals, partner.n]"), ("of", "t11.rc.n")], &batch, 0).unwrap();
    assert_eq!(sum.estimate, 1.0);
    assert_eq!(sum.warning, Some(WarningKind::AtBoundary));
    let both = answer(&[("cell", "t11.rc.individuals"), ("of", "[t11.rc.n, partner.n]")], &batch, 0).unwrap();
    near(both.estimate, 9.0 / 47.0);
    let others = answer(&[("cell", "t11.rc.individuals"), ("of", "t11.rc.n"), ("share", "others")], &batch, 0);
    near(others.unwrap().estimate, 19.0 / 28.0);
}

#[test]
fn a_percentage_is_the_count_that_a_reader_recovers() {
    let asked = [("cell", "partner.negative"), ("of", "partner.n")];
    near(answer(&asked, &batch(PUBLISHED), 0).unwrap().estimate, 13.0 / 19.0);
    // 63 % of 8 were 5.
    let mut rounded = PUBLISHED;
    (rounded[5], rounded[6]) = (63.0, 8.0);
    assert_eq!(answer(&asked, &batch(rounded), 0).unwrap().estimate, 0.625);
}

/// The exact limits that the documents' zeros leave: 1 - 0.025^(1/15) = 0.2180 and 1 - 0.025^(1/77) = 0.0468.
#[test]
fn nobody_of_fifteen_still_allows_a_fifth() {
    for (n, high, rule) in [(15.0, 0.2180, 0.2039), (77.0, 0.0468, 0.0475)] {
        let mut zero = PUBLISHED;
        (zero[0], zero[1]) = (n, 0.0);
        let asked = |interval| [("cell", "t11.rc.individuals"), ("of", "t11.rc.n"), ("interval", interval)];
        let exact = answer(&asked("clopper_pearson"), &batch(zero), 0).unwrap();
        assert_eq!((exact.estimate, exact.interval.unwrap().0), (0.0, 0.0));
        near(exact.interval.unwrap().1, high);
        // Wilson: z^2 / (n + z^2).
        near(answer(&asked("wilson"), &batch(zero), 0).unwrap().interval.unwrap().1, rule);
        assert_eq!(answer(&asked("wald"), &batch(zero), 0).unwrap().interval, Some((0.0, 0.0)));
    }
}

#[test]
fn comments_among_comments_with_a_stated_link() {
    let asked = [("cell", "t9.negative"), ("of", "[t9.negative, t9.positive]"), ("link", "comments stand for persons")];
    near(answer(&asked, &batch(PUBLISHED), 0).unwrap().estimate, 49.0 / 77.0);
}

#[test]
fn without_a_denominator_a_number_or_enough_there_is_no_share() {
    let mut cells = PUBLISHED;
    cells[0] = 0.0;
    let asked = [("cell", "t11.rc.individuals"), ("of", "t11.rc.n")];
    let failed = answer(&asked, &batch(cells), 0).unwrap_err();
    assert_eq!((failed.kind, failed.detail.contains("`t11.rc.n` is 0")), (FailureKind::NoData, true));
    cells[0] = 8.0;
    let failed = answer(&asked, &batch(cells), 0).unwrap_err();
    assert_eq!((failed.kind, failed.detail.contains("more than once")), (FailureKind::TooFew, true));
    cells[1] = f64::NAN;
    let failed = answer(&asked, &batch(cells), 0).unwrap_err();
    assert_eq!((failed.kind, failed.detail.contains("has no number")), (FailureKind::NoData, true));
    // Nobody had the tables made.
    let bare = ObservedBatch { cells: Vec::new(), ..batch(PUBLISHED) };
    assert_eq!(answer(&asked, &bare, 0).unwrap_err().kind, FailureKind::NoData);
}

fn problems(pairs: &[(&str, &str)], schema: &ObservedSchema) -> Vec<(&'static str, String)> {
    problems_of(&options(pairs), schema)
}

fn problems_of(options: &Options, schema: &ObservedSchema) -> Vec<(&'static str, String)> {
    let mut problems = Diagnostics::new();
    if let Some(method) = (catalogue_entry("printed").declare)(options, &mut problems) {
        method.check(schema, &mut problems);
    }
    problems.list().iter().map(|p| (p.code, format!("{}; {}", p.message, p.help.as_deref().unwrap_or("")))).collect()
}

#[test]
fn what_is_no_share_of_persons_is_refused() {
    let refused = |cell: &str, of: &str, link: Option<&str>, code: &str, says: &str| {
        let mut pairs = vec![("cell", cell), ("of", of)];
        pairs.extend(link.map(|link| ("link", link)));
        let found = problems(&pairs, &schema());
        assert!(found.len() == 1 && found[0].0 == code && found[0].1.contains(says), "{cell} {of}: {found:?}");
    };
    let comments = Some("comments stand for persons");
    refused("t11.rc.comments", "t11.rc.n", None, "S0681", "comments are no persons");
    refused("t11.rc.comments", "t11.rc.n", comments, "S0681", "comments are no persons");
    refused("t9.negative", "[t9.negative, t9.positive]", None, "S0681", "comments stand for persons");
    refused("years", "t11.rc.n", comments, "S0681", "years stand for persons");
    refused("t11.rc.individuals", "t9.negative", None, "S0681", "same kind");
    refused("t11.rc.individuals", "t11.rc.n", comments, "S0681", "leave `link` out");
    refused("t11.rc.individual", "t11.rc.n", None, "S0680", "did you mean `t11.rc.individuals`?");
    refused("t1.age", "t11.rc.n", None, "S0682", "holds no count");
    refused("[partner.negative, partner.negative]", "t11.rc.n", None, "S0682", "holds no count");
    refused("t11.rc.individuals", "partner.negative", None, "S0682", "holds no count");
    refused("[t11.rc.individuals, years]", "t11.rc.n", None, "S0682", "counts years, the cell before it persons");
    let none = ObservedSchema::default();
    assert_eq!(problems(&[("cell", "a.b"), ("of", "a.c")], &none)[0].0, "S0680");
    assert_eq!(problems(&[("cell", "a.b")], &none)[0].0, "S0103");
    let mut empty = options(&[("cell", "t11.rc.n"), ("of", "t11.rc.n")]);
    empty.entries[1].value = OptionValue::List(Vec::new(), Span::default());
    let found = problems_of(&empty, &schema());
    assert_eq!((found.len(), found[0].0), (1, "S0680"), "{found:?}");
}

/// A step or a set changes the records, and the tables are those of the study: what they print is not theirs.
#[test]
fn no_step_and_no_set_stands_before() {
    let of = || declared_method("printed", &[("cell", "t11.rc.individuals"), ("of", "t11.rc.n")]);
    let target = target("anything", Quantity::Prevalence { wave: 0 });
    assert!(of().bind(&target, &schema()).is_ok());
    let mean = crate::analyze::tests::target("anything", Quantity::Mean { wave: 0 });
    assert_eq!(of().bind(&mean, &schema()).err().unwrap().why, "it answers shares only");

    let alone = Pipeline::new(Vec::new(), Some(Arc::from(of())));
    assert!(alone.reads_cells() && alone.bind(&target, &schema()).is_ok());
    let step = crate::analyze::steps().iter().find(|s| s.name == "reconcile.ever").unwrap();
    let mut problems = Diagnostics::new();
    let step = (step.declare)(&options(&[("items", "[well]")]), &mut problems).unwrap();
    let behind = Pipeline::new(vec![("reconcile.ever", step)], Some(Arc::from(of())));
    assert!(!behind.reads_cells() && behind.bind(&target, &schema()).is_err());

    let mut schema = schema();
    schema.baseline.push(crate::tables::observed::ObservedVariable { name: "some".to_owned(), coding: None });
    let within = Within::new("some".to_owned(), of());
    let why = within.bind(&target, &schema).err().unwrap().why;
    assert!(!within.reads_cells() && why.contains("no printed tables"), "{why}");
}
