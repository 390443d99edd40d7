//! Tests over all methods, and what they share.

mod catalogue;
mod described;
pub(crate) mod loader;
mod recovery;
pub(crate) mod reference;
mod small;
mod speed;
mod study;
mod tables;
mod warnings;

use super::{CannotAnswer, Method, catalogue};
use crate::diagnostic::{Diagnostics, Span, Text};
use crate::options::{Entry, OptionValue, Options};
use crate::statistics::regression::Family;
use crate::streams::{Lane, Own, Purpose, Space, Streams};
use crate::tables::{Estimate, FitFailure, ObservedBatch, Quantity, Target, TargetTruth};

pub(crate) fn text(text: &str) -> Text {
    Text { text: text.to_owned(), span: Span::default() }
}

pub(crate) fn stream() -> Own {
    let lane = Lane { purpose: Purpose::named("test"), occasion: 0, replicate: 0, stratum: 0 };
    Streams::new(1, Space::Method).own(&lane, 0)
}

pub(crate) fn target(of: &str, quantity: Quantity) -> Target {
    Target {
        name: "test".to_owned(),
        span: Span::default(),
        of: text(of),
        level: None,
        quantity,
        restrict: None,
        compare: None,
        constants: Vec::new(),
        null: None,
        truth: TargetTruth::Population,
        level_of_confidence: 0.95,
    }
}

pub(crate) fn comparing(of: &str, wave: usize, first: &str, second: &str) -> Target {
    Target { compare: Some((text(first), text(second))), ..target(of, Quantity::Difference { wave }) }
}

pub(crate) fn coefficient(of: &str, model: &str, term: &str, logistic: bool) -> Target {
    let family = if logistic { Family::Binomial } else { Family::Gaussian };
    target(of, regression(&[0], model, term, family))
}

/// A coefficient of a regression with the family's own link.
pub(crate) fn regression(waves: &[usize], model: &str, term: &str, family: Family) -> Quantity {
    let (waves, link) = (waves.to_vec(), family.canonical());
    Quantity::Coefficient { waves, model: text(model), term: term.to_owned(), family, link }
}

/// The line of a method in the catalogue.
pub(crate) fn catalogue_entry(name: &str) -> &'static super::Entry {
    catalogue().iter().find(|entry| entry.name == name).unwrap()
}

/// A `[[method]]` table with these options; values that read as numbers are numbers, `[a, b]` is a list.
pub(crate) fn options(pairs: &[(&str, &str)]) -> Options {
    let single = |v: &str| match v.parse::<f64>() {
        Ok(_) => OptionValue::Number(text(v)),
        Err(_) => OptionValue::Text(text(v)),
    };
    let value = |v: &str| match v.strip_prefix('[').and_then(|v| v.strip_suffix(']')) {
        Some(list) => OptionValue::List(list.split(',').map(|v| single(v.trim())).collect(), Span::default()),
        None => single(v),
    };
    let entries = pairs.iter().map(|(k, v)| Entry { key: text(k), value: value(v) }).collect();
    Options::new("[[method]]", Span::default(), entries)
}

/// A method with these options, which must be right.
pub(crate) fn declared_method(method: &str, pairs: &[(&str, &str)]) -> Box<dyn Method> {
    let mut problems = Diagnostics::new();
    let entry = catalogue().iter().find(|e| e.name == method).unwrap();
    let declared = (entry.declare)(&options(pairs), &mut problems);
    assert!(problems.list().is_empty(), "{:?}", problems.list());
    declared.unwrap()
}

/// What a method answers for the first replicate of a batch.
pub(crate) fn ask(
    method: &str,
    pairs: &[(&str, &str)],
    target: &Target,
    batch: &ObservedBatch,
) -> Result<Result<Estimate, FitFailure>, CannotAnswer> {
    let mut problems = Diagnostics::new();
    let entry = catalogue().iter().find(|e| e.name == method).unwrap();
    let declared = (entry.declare)(&options(pairs), &mut problems);
    assert!(problems.list().is_empty(), "{:?}", problems.list());
    let mut fit = declared.unwrap().bind(target, &batch.schema)?;
    // The second call shows that nothing is left over from the first.
    let first = fit.fit(&batch.replicate(0), &mut stream());
    let second = fit.fit(&batch.replicate(0), &mut stream());
    assert_eq!(first, second);
    Ok(first)
}

pub(crate) fn estimate(method: &str, pairs: &[(&str, &str)], target: &Target, batch: &ObservedBatch) -> Estimate {
    ask(method, pairs, target, batch).unwrap().unwrap()
}
