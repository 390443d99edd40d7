//! What a fit to published numbers found: for a terminal, as JSON, and as scenarios.

use super::columns::{lines, plain};
use super::printed::SIMULATED;
use super::terminal::bold;
use super::{Style, count, number};
use crate::tables::calibration::{Calibration, FittedParameter};
use serde_json::{Value, json};
use std::fmt::Write;

/// Correlations from here on are told.
const TOLD: f64 = 0.5;

/// A fit as text: `scenario` and `study` are titles.
#[must_use]
pub fn calibration(scenario: &str, study: &str, found: &Calibration, style: &Style) -> String {
    let mut text = format!("{}\n", bold(&format!("{scenario}\nfitted to: {study}"), style));
    let _ = writeln!(text, "{} simulated studies. {SIMULATED}", count(found.studies));
    let _ = writeln!(text, "{}", found.end);
    if found.failed > 0 {
        let _ =
            writeln!(text, "{} draws of the prior gave no study; the first: {}", found.failed, found.failed_because);
    }
    let _ = writeln!(text, "\n{}", bold("Generations", style));
    text.push_str(&generations(found));
    let _ = writeln!(text, "\n{}", bold("Parameters", style));
    text.push_str(&parameters(found));
    let _ = writeln!(
        text,
        "\nnarrowed: share of the prior's variance that is gone, on the scale where the prior is normal"
    );
    together(&mut text, found);
    let (effective, draws) = (number(found.effective.round()), found.draws.len());
    let _ = writeln!(text, "\nEffective draws: {effective} of {draws}, of generation {}", found.generation);
    if !found.adjusted {
        text.push_str("Too few particles for a regression: the draws are the particles as they are, too wide\n");
    }
    if !found.beyond.is_empty() {
        let _ = writeln!(text, "Published, and beyond all draws of the prior: {}", found.beyond.join(", "));
    }
    text
}

fn generations(found: &Calibration) -> String {
    let mut drawn = plain();
    drawn.set_header(["generation", "within", "sweeps", "studies", "particles", "effective", "accepted"]);
    for generation in &found.generations {
        drawn.add_row([
            generation.number.to_string(),
            number(generation.tolerance),
            count(u64::from(generation.sweeps)),
            count(generation.attempts),
            count(generation.particles),
            format!("{:.0}", generation.effective),
            format!("{:.1} %", 100.0 * generation.acceptance),
        ]);
    }
    lines(&mut drawn, 0)
}

fn parameters(found: &Calibration) -> String {
    let mut drawn = plain();
    drawn.set_header(["parameter", "prior 95 %", "fitted", "95 %", "narrowed", ""]);
    let range = |[low, _, high]: [f64; 3]| format!("{} to {}", short(low), short(high));
    for parameter in &found.parameters {
        drawn.add_row([
            parameter.name.clone(),
            range(parameter.prior_quantiles),
            short(parameter.fitted),
            range(parameter.quantiles),
            format!("{:.0} %", 100.0 * parameter.narrowed),
            parameter.verdict.clone(),
        ]);
    }
    lines(&mut drawn, 1)
}

/// Parameters that the numbers tell together only.
fn together(text: &mut String, found: &Calibration) {
    for (position, parameter) in found.parameters.iter().enumerate() {
        let Some((partner, correlation)) = parameter.partner.filter(|(_, r)| r.abs() >= TOLD) else { continue };
        // Each pair once.
        let mutual = found.parameters.get(partner).and_then(|other| other.partner).is_some_and(|(p, _)| p == position);
        if let Some(other) = found.parameters.get(partner).filter(|_| !mutual || position < partner) {
            let _ = writeln!(text, "{} goes with {}: correlation {correlation:.2}", parameter.name, other.name);
        }
    }
}

fn short(value: f64) -> String {
    if value == 0.0 || (0.001..10_000.0).contains(&value.abs()) {
        format!("{value:.3}")
    } else {
        format!("{value:.2e}")
    }
}

/// A fit as JSON; draws are in a table of their own.
#[must_use]
pub fn calibration_json(found: &Calibration) -> String {
    let finite = |value: f64| if value.is_finite() { json!(value) } else { Value::Null };
    let parameter = |p: &FittedParameter| {
        json!({
            "name": p.name, "prior": p.prior, "value": p.value, "fitted": finite(p.fitted),
            "quantiles": p.quantiles.map(finite), "prior_quantiles": p.prior_quantiles.map(finite),
            "r_squared": finite(p.r_squared), "narrowed": finite(p.narrowed),
            "narrowed_mcse": finite(p.narrowed_mcse), "verdict": p.verdict,
            "partner": p.partner.and_then(|(k, _)| found.parameters.get(k)).map(|p| &p.name),
            "correlation": p.partner.map(|(_, r)| r),
        })
    };
    let generations: Vec<Value> = found
        .generations
        .iter()
        .map(|g| {
            json!({
                "generation": g.number, "tolerance": finite(g.tolerance), "studies": g.attempts,
                "sweeps": g.sweeps, "accepted": finite(g.acceptance), "particles": g.particles,
                "effective": finite(g.effective),
            })
        })
        .collect();
    let all = json!({
        "end": found.end, "studies": found.studies, "generation": found.generation, "draws": found.draws.len(),
        "effective_draws": finite(found.effective), "adjusted": found.adjusted, "farther": finite(found.farther),
        "failed": found.failed, "beyond": found.beyond, "generations": generations,
        "parameters": found.parameters.iter().map(parameter).collect::<Vec<_>>(),
    });
    format!("{all}\n")
}

/// A scenario over `base` with the fitted values.
#[must_use]
pub fn calibrated_scenario(base: &str, found: &Calibration) -> String {
    let mut text = format!(
        "# Values fitted to published numbers by `eclosion calibrate`. They make simulated studies like the published one in\n\
         # its printed tables, and are no findings about the people in it.\n\nscenario = 1\nextends = {}\n",
        quoted(base)
    );
    for p in &found.parameters {
        let source = format!(
            "calibrated; 95 %: {} to {}; {} (prior {})",
            short(p.quantiles[0]),
            short(p.quantiles[2]),
            p.verdict,
            p.prior
        );
        let _ =
            write!(text, "\n[parameters.{}]\nvalue = {}\nsource = {}\n", p.name, written(p.fitted), quoted(&source));
    }
    text
}

/// A scenario over `base` whose conditions are draws: as many, by systematic steps through the weights.
#[must_use]
pub fn draws_scenario(base: &str, found: &Calibration, n: usize) -> String {
    let mut text = format!(
        "# Draws of parameters fitted to published numbers by `eclosion calibrate`: each is a condition.\n\nscenario = 1\n\
         extends = {}\n\n[grid]\ndesign = \"listed\"\ncells = [\n",
        quoted(base)
    );
    let mut sum = 0.0;
    let mut next = 0.5;
    for (draw, weight) in found.draws.iter().zip(&found.weights) {
        sum += weight * n as f64;
        while next < sum {
            next += 1.0;
            let values = found.parameters.iter().zip(draw);
            let cell: Vec<String> = values.map(|(p, value)| format!("{} = {}", p.name, written(*value))).collect();
            let _ = writeln!(text, "    {{ {} }},", cell.join(", "));
        }
    }
    text.push_str("]\n");
    text
}

/// A number of TOML with six significant digits.
fn written(value: f64) -> String {
    let rounded: f64 = format!("{value:.5e}").parse().unwrap_or(value);
    let text = rounded.to_string();
    if text.contains(['.', 'e']) { text } else { format!("{text}.0") }
}

fn quoted(text: &str) -> String {
    Value::String(text.to_owned()).to_string()
}
