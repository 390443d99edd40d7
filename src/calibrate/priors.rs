//! `[prior]`: laws of parameters before the published numbers are known.

use crate::diagnostic::{Diagnostics, Text};
use crate::formula::{OnlyParameters, Parameters, Wanted, compile, parse_call};
use crate::scenario::Scenario;
use crate::statistics::abc::Law;

/// A parameter that is fitted.
#[derive(Clone, Debug, PartialEq)]
pub struct Prior {
    /// Its name.
    pub name: String,
    /// Its law before the published numbers are known.
    pub law: Law,
    /// The law as written.
    pub written: String,
    /// Its value in the scenario.
    pub value: f64,
}

/// A law's name, and its arguments; those with a default may be left out.
type Written = (&'static str, &'static [(&'static str, Option<f64>)]);

/// Laws by name.
const LAWS: [Written; 7] = [
    ("uniform", &[("low", None), ("high", None)]),
    ("normal", &[("mean", None), ("sd", None)]),
    (
        "truncated_normal",
        &[("mean", None), ("sd", None), ("low", Some(f64::NEG_INFINITY)), ("high", Some(f64::INFINITY))],
    ),
    ("log_normal", &[("meanlog", None), ("sdlog", None)]),
    ("beta", &[("a", None), ("b", None)]),
    ("gamma", &[("shape", None), ("scale", None)]),
    ("exponential", &[("rate", None)]),
];

/// The priors of a scenario, in the order of the file (S0721 for laws that cannot be one).
#[must_use]
pub fn priors(scenario: &Scenario, problems: &mut Diagnostics) -> Option<Vec<Prior>> {
    let mut all = Some(Vec::new());
    for (name, law) in &scenario.priors {
        let parameter = scenario.parameters.list().iter().find(|parameter| parameter.name.text == name.text);
        let read = read(law, &scenario.parameters, problems);
        match (parameter, read, &mut all) {
            (Some(parameter), Some(read), Some(list)) => list.push(Prior {
                name: name.text.clone(),
                law: read,
                written: law.text.clone(),
                value: parameter.value,
            }),
            _ => all = None,
        }
    }
    all
}

fn read(text: &Text, parameters: &Parameters, problems: &mut Diagnostics) -> Option<Law> {
    let call = parse_call(text, problems)?;
    let Some((name, wanted)) = LAWS.iter().find(|(name, _)| *name == call.name.text) else {
        let names: Vec<&str> = LAWS.iter().map(|(name, _)| *name).collect();
        problems
            .error("S0721", &call.name.span, format!("`{}` cannot be the law of a prior", call.name.text))
            .help(format!("one of: {}", names.join(", ")));
        return None;
    };
    let mut values: Vec<Option<f64>> = wanted.iter().map(|(_, default)| *default).collect();
    for (key, argument) in &call.arguments {
        let Some(position) = wanted.iter().position(|(name, _)| *name == key.text) else {
            let names: Vec<&str> = wanted.iter().map(|(name, _)| *name).collect();
            problems
                .error("S0721", &key.span, format!("`{name}` has no argument `{}`", key.text))
                .help(format!("its arguments: {}", names.join(", ")));
            return None;
        };
        let program = compile(argument, &Wanted::Number, &OnlyParameters(parameters), problems)?;
        values[position] = program.constant();
    }
    if let Some(position) = values.iter().position(Option::is_none) {
        problems
            .error("S0721", &text.span, format!("`{name}` needs `{}`", wanted[position].0))
            .help(format!("write `{name}(..., {} = ...)`", wanted[position].0));
        return None;
    }
    let value = |k: usize| values.get(k).copied().flatten().unwrap_or(f64::NAN);
    let law = match *name {
        "uniform" => Law::Uniform { low: value(0), high: value(1) },
        "normal" => Law::Normal { mean: value(0), sd: value(1) },
        "truncated_normal" => Law::TruncatedNormal { mean: value(0), sd: value(1), low: value(2), high: value(3) },
        "log_normal" => Law::LogNormal { meanlog: value(0), sdlog: value(1) },
        "beta" => Law::Beta { a: value(0), b: value(1) },
        "gamma" => Law::Gamma { shape: value(0), scale: value(1) },
        _ => Law::Exponential { rate: value(0) },
    };
    if let Err(why) = law.check() {
        problems
            .error("S0721", &text.span, format!("{why}"))
            .help("`eclosion explain S0721` lists laws and their ranges");
        return None;
    }
    Some(law)
}
