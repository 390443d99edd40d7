//! Tests of the room, with a scope of their own.

mod beside;
mod declared;
mod golden;
mod joint;
mod shape;

use super::*;
use crate::diagnostic::Span;
use crate::formula::{Reference, Resolved, Unresolved};
use crate::streams::{Person, Purpose, Space};

/// Slots `x` (0, from -2 to 2), `big` (1, from 0 to 50), `p` (2, from 0 to 1), and the parameter `sd = 2`.
pub(super) struct Toy;

impl Scope for Toy {
    fn resolve(&self, reference: &Reference<'_>) -> Result<Resolved, Unresolved> {
        let slot = |slot, low, high| Resolved::Slot { slot, kind: Kind::Number, bounds: Bounds { low, high } };
        Ok(match reference.name {
            "x" => slot(0, -2.0, 2.0),
            "big" => slot(1, 0.0, 50.0),
            "p" => slot(2, 0.0, 1.0),
            "sd" => Resolved::Constant { value: 2.0, kind: Kind::Number },
            name => {
                let message = format!("`{name}` is not known");
                return Err(Unresolved { code: "S0202", message, help: None });
            }
        })
    }

    fn accessors(&self) -> &'static [&'static str] {
        &["lag", "recorded"]
    }
}

pub(super) fn text(law: &str) -> Text {
    Text { text: law.to_owned(), span: Span { file: 0, bytes: 100..100 + law.len() } }
}

pub(super) fn law(written: &str) -> Law {
    let mut problems = Diagnostics::new();
    let law = declare(&text(written), None, &Toy, &mut problems);
    assert!(problems.list().is_empty(), "{written}: {problems:?}");
    law.expect("no problems")
}

pub(super) fn lane() -> Lane {
    Lane { purpose: Purpose::named("test"), occasion: 3, replicate: 5, stratum: 7 }
}

pub(super) fn streams() -> Streams {
    Streams::new(20101, Space::Study)
}

/// Draws for persons `first ..` of a law whose arguments are constants.
pub(super) fn draws(law: &Law, first: u32, n: usize) -> Vec<f64> {
    let mut out = vec![0.0; n];
    law.draw(&streams(), &lane(), first, &[], &mut out, &mut LawScratch::default()).expect("the arguments are good");
    // Picked one by one from the last to the first, each has the same draw.
    let Lane { purpose, occasion, replicate, stratum } = lane();
    let indices = (0..n as u32).rev().map(|k| first.wrapping_add(k));
    let people: Vec<Person> = indices.map(|index| Person { replicate, stratum, index }).collect();
    let mut picked = vec![0.0; n];
    let whose = (&people[..], purpose, occasion);
    law.draw_for(&streams(), whose, &[], &mut picked, &mut LawScratch::default()).expect("the arguments are good");
    assert!(
        picked.iter().rev().zip(&out).all(|(picked, drawn)| picked.to_bits() == drawn.to_bits()),
        "{}",
        law.text().text
    );
    out
}

/// One instance of every law of the catalogue; discrete and continuous, both branches of each sampler.
pub(super) const LAWS: [&str; 24] = [
    "normal(mean = 1, sd = sd)",
    "truncated_normal(mean = 17, sd = 2.2, low = 13, high = 21)",
    "truncated_normal(mean = 0, sd = 1, low = 3)",
    "log_normal(meanlog = 0.5, sdlog = 0.4)",
    "uniform(low = -1, high = 3)",
    "gamma(shape = 2.5, scale = 3)",
    "gamma(shape = 0.3, scale = 1)",
    "beta(a = 2, b = 3)",
    "beta(a = 0.5, b = 0.2)",
    "exponential(rate = 0.26)",
    "weibull(shape = 1.5, scale = 2)",
    "piecewise_exponential(rate1 = 0.5, until1 = 1, rate2 = 0.1, until2 = 4, rate3 = 2)",
    "poisson(mean = 2.8)",
    "poisson(mean = 200)",
    "negative_binomial(mean = 3, size = 1.5)",
    "negative_binomial(mean = 90, size = 4)",
    "binomial(n = 10, p = 0.3)",
    "binomial(n = 40, p = 0.9)",
    "binomial(n = 500, p = 0.2)",
    "binomial(n = 300, p = 0.7)",
    "bernoulli(p = 0.3)",
    "categorical(a = 0.2, b = 0.5, c = rest)",
    "constant(value = 3)",
    "empirical(1 = 2, 2.5 = 1, -1 = 1)",
];
