//! The list of laws.

use super::arguments::{Argument, Reader};
use super::{
    Family, binomial, categorical, constant, empirical, gamma, joint, normal, piecewise, poisson, uniform, waiting,
};
use crate::diagnostic::{Diagnostics, Text, near_miss};
use std::fmt;
use std::sync::Arc;

/// One line of the catalogue.
pub struct Entry {
    /// Name in a scenario.
    pub name: &'static str,
    /// Its arguments; empty for laws whose arguments have names of the writer's choice.
    pub arguments: &'static [Argument],
    /// How such a law is written; empty for the others.
    pub(super) pattern: &'static str,
    /// What it is, in a line.
    pub summary: &'static str,
    /// Source of the sampler.
    pub reference: &'static str,
    /// Reads the arguments of a call.
    pub(super) read: fn(&mut Reader<'_>) -> Option<Arc<dyn Family>>,
}

impl fmt::Debug for Entry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Entry").field("name", &self.name).finish_non_exhaustive()
    }
}

impl Entry {
    /// How the law is written: `normal(mean = ..., sd = ...)`.
    #[must_use]
    pub fn usage(&self) -> String {
        if !self.pattern.is_empty() {
            return self.pattern.to_owned();
        }
        let arguments: Vec<String> = self.arguments.iter().map(|a| format!("{} = ...", a.name)).collect();
        format!("{}({})", self.name, arguments.join(", "))
    }
}

const CATALOGUE: [&Entry; 16] = [
    &normal::NORMAL,
    &normal::TRUNCATED_NORMAL,
    &normal::LOG_NORMAL,
    &uniform::UNIFORM,
    &gamma::GAMMA,
    &gamma::BETA,
    &waiting::EXPONENTIAL,
    &waiting::WEIBULL,
    &piecewise::PIECEWISE_EXPONENTIAL,
    &poisson::POISSON,
    &poisson::NEGATIVE_BINOMIAL,
    &binomial::BINOMIAL,
    &binomial::BERNOULLI,
    &categorical::CATEGORICAL,
    &constant::CONSTANT,
    &empirical::EMPIRICAL,
];

/// All laws of one variable.
#[must_use]
pub fn catalogue() -> &'static [&'static Entry] {
    &CATALOGUE
}

/// Reports a name that is no law's.
pub(super) fn unknown(name: &Text, problems: &mut Diagnostics) {
    if name.text == joint::NAME {
        let message = format!("`{}` draws several attributes at once", joint::NAME);
        let help = format!("name them before it: `\"x, y\" = \"{}(...)\"` in `[attributes]`", joint::NAME);
        problems.error("S0215", &name.span, message).help(help);
        return;
    }
    let known = || CATALOGUE.iter().map(|entry| entry.name);
    let help = match near_miss(&name.text, known()) {
        Some(near) => format!("did you mean `{near}`?"),
        None => format!("known laws: {}", known().collect::<Vec<_>>().join(", ")),
    };
    problems.error("S0215", &name.span, format!("there is no law `{}`", name.text)).help(help);
}
