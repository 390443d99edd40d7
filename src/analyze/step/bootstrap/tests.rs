//! The step with methods behind it.

use super::*;
use crate::analyze::Method;
use crate::analyze::pipeline::Pipeline;
use crate::analyze::tests::loader::{panel, with_items};
use crate::analyze::tests::{catalogue_entry, comparing, options, stream, target};
use crate::tables::Quantity;

fn with_bootstrap(pairs: &[(&str, &str)], method: &str) -> Pipeline {
    let mut problems = Diagnostics::new();
    let step = declare(&options(pairs), &mut problems).unwrap();
    let method = (catalogue_entry(method).declare)(&options(&[]), &mut problems).unwrap();
    assert!(problems.list().is_empty(), "{:?}", problems.list());
    Pipeline::new(vec![("bootstrap", step)], Some(Arc::from(method)))
}

/// The bootstrap of a share has the standard error sqrt(p (1 - p) / n), whatever the method says: 16 of 40 are yes.
#[test]
fn the_error_of_a_share() {
    let answers: Vec<f64> = (0..40).map(|k| f64::from(u8::from(k % 5 < 2))).collect();
    let batch = with_items(&[("y", vec![answers])]);
    let asked = target("y", Quantity::Prevalence { wave: 0 });
    for (interval, least) in [("percentile", 0.2), ("bca", 0.2), ("basic", 0.2), ("studentised", 0.15)] {
        let pipeline = with_bootstrap(&[("replicates", "1999"), ("interval", interval)], "available_case");
        let mut fit = pipeline.bind(&asked, &batch.schema).unwrap();
        let found = fit.fit(&batch.replicate(0), &mut stream()).unwrap();
        assert_eq!((found.estimate, found.warning), (0.4, None));
        let want = libm::sqrt(0.4 * 0.6 / 40.0);
        assert!((found.model_se.unwrap() / want - 1.0).abs() < 0.08, "{:?}", found.model_se);
        let (low, high) = found.interval.unwrap();
        assert!((least..0.3).contains(&low) && (0.5..0.65).contains(&high), "{interval}: {low} {high}");
        // The same stream, the same samples.
        assert_eq!(fit.fit(&batch.replicate(0), &mut stream()).unwrap(), found);
    }
}

/// A record is drawn with all its waves, and one drawn twice counts as two: with everyone drawn as they are, the sample
/// is the data.
#[test]
fn samples_can_be_given() {
    let batch = panel("panel_15x3.csv");
    let list = |rows: &[&str]| -> Vec<OptionValue> {
        let number = |n: &str| OptionValue::Number(crate::analyze::tests::text(n));
        let lists = rows.iter().map(|row| row.split(',').map(number).collect::<Vec<_>>());
        lists.map(|items| OptionValue::List(items, crate::diagnostic::Span::default())).collect()
    };
    let as_they_are = (1..=15).map(|k| k.to_string()).collect::<Vec<_>>().join(",");
    let mut table = options(&[]);
    for (samples, spread) in [(vec![as_they_are.as_str(); 3], false), (vec!["1,1,1", "10,10"], true)] {
        table.entries = vec![crate::options::Entry {
            key: crate::analyze::tests::text("resamples"),
            value: OptionValue::List(list(&samples), crate::diagnostic::Span::default()),
        }];
        let step = declare(&table, &mut Diagnostics::new()).unwrap();
        let method = (catalogue_entry("available_case").declare)(&options(&[]), &mut Diagnostics::new()).unwrap();
        let pipeline = Pipeline::new(vec![("bootstrap", step)], Some(Arc::from(method)));
        let mut fit = pipeline.bind(&target("y", Quantity::Prevalence { wave: 0 }), &batch.schema).unwrap();
        let found = fit.fit(&batch.replicate(0), &mut stream()).unwrap();
        // Person 1 says no and person 10 yes at wave 1: shares 0 and 1 with standard deviation sqrt(1/2).
        let want = if spread { libm::sqrt(0.5) } else { 0.0 };
        assert!((found.model_se.unwrap() - want).abs() < 1e-12);
        assert_eq!(found.interval.is_some(), spread, "equal samples have no interval");
        assert_eq!(found.warning, WarningKind::NoInterval.when(!spread));
    }
}

/// A sample in which a group is empty is undefined, dropped and counted, not a failure.
#[test]
fn samples_without_an_estimate() {
    let y = vec![vec![1.0, 0.0, 1.0, 0.0, 2.0, 3.0]];
    let g = vec![vec![1.0, 1.0, 0.0, 0.0, 0.0, 0.0]];
    let batch = with_items(&[("y", y), ("g", g)]);
    let pipeline = with_bootstrap(&[("replicates", "400")], "difference_in_means");
    let mut fit = pipeline.bind(&comparing("y", 0, "g == 1", "g == 0"), &batch.schema).unwrap();
    let found = fit.fit(&batch.replicate(0), &mut stream()).unwrap();
    assert_eq!(found.estimate, -1.0);
    assert!(found.model_se.unwrap() > 0.1 && found.interval.is_some());
    assert_eq!(found.warning, Some(WarningKind::SamplesFailed));
}

#[test]
fn options_that_are_wrong() {
    for pairs in [("replicates", "1"), ("replicates", "many"), ("interval", "wald")] {
        let mut problems = Diagnostics::new();
        declare(&options(&[pairs]), &mut problems);
        assert!(problems.has_errors(), "{pairs:?}");
    }
}
