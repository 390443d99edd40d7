//! The factor grid: `[[vary]]` tables fully crossed, the last one changing fastest.

use super::settings::Settings;
use super::{Condition, Expect, Scenario, Vary};
use crate::diagnostic::{Diagnostics, Severity, Text, near_miss};
use crate::formula::{Parameter, Parameters};

/// Most cells of a factor grid.
const MOST_CONDITIONS: u64 = 100_000;

/// A parameter's value from its text: a finite number, or the position of a level (S0703).
pub(super) fn value_of(parameter: &Parameter, text: &Text, problems: &mut Diagnostics) -> Option<f64> {
    let name = &parameter.name.text;
    if let Some(levels) = &parameter.levels {
        if let Some(position) = levels.iter().position(|level| *level == text.text) {
            return Some(position as f64);
        }
        let help = match near_miss(&text.text, levels.iter().map(String::as_str)) {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("one of: {}", levels.join(", ")),
        };
        problems.error("S0703", &text.span, format!("`{name}` cannot be `{}`", text.text)).help(help);
        return None;
    }
    match text.text.parse::<f64>() {
        Ok(value) if value.is_finite() => Some(value),
        _ => {
            problems
                .error("S0703", &text.span, format!("`{name}` cannot be `{}`", text.text))
                .help("a finite number, such as 0.1");
            None
        }
    }
}

/// Checks `[[vary]]` tables against the parameters. Those of a parameter that `--set` fixes are left out.
pub(super) fn check(
    vary: Vec<Vary>,
    parameters: &Parameters,
    settings: &Settings,
    problems: &mut Diagnostics,
) -> Vec<Vary> {
    let mut kept: Vec<Vary> = Vec::with_capacity(vary.len());
    for factor in vary {
        let name = &factor.parameter;
        let _ = values(&factor, parameters, problems);
        if kept.iter().any(|earlier| earlier.parameter.text == name.text) {
            problems
                .error("S0707", &name.span, format!("`{}` is varied by two [[vary]] tables", name.text))
                .help("write all its values in one of them");
        } else if settings.value(&name.text).is_some() {
            problems
                .warn("S0708", &name.span, format!("`{}` is not varied, since `--set` gives it one value", name.text))
                .help("this [[vary]] is left out of the run");
        } else {
            kept.push(factor);
        }
    }
    let cells = kept.iter().fold(1_u64, |cells, factor| cells.saturating_mul(factor.values.len() as u64));
    if let (true, Some(last)) = (cells > MOST_CONDITIONS, kept.last()) {
        problems
            .error("S0704", &last.parameter.span, format!("the [[vary]] tables make {cells} conditions"))
            .help(format!("at most {MOST_CONDITIONS}: vary fewer parameters, or give fewer values"));
    }
    kept
}

/// The values of a factor; an unknown parameter, a value it cannot take and a repeated one are reported.
fn values(factor: &Vary, parameters: &Parameters, problems: &mut Diagnostics) -> Option<Vec<f64>> {
    let name = &factor.parameter;
    let Some(parameter) = parameters.list().iter().find(|p| p.name.text == name.text) else {
        let help = match near_miss(&name.text, parameters.names()) {
            Some(near) => format!("did you mean `{near}`?"),
            None => "only what [parameters] declares can be varied".to_owned(),
        };
        problems.error("S0702", &name.span, format!("there is no parameter `{}`", name.text)).help(help);
        return None;
    };
    let mut found: Vec<f64> = Vec::with_capacity(factor.values.len());
    for text in &factor.values {
        let Some(value) = value_of(parameter, text, problems) else { continue };
        if found.contains(&value) {
            problems
                .warn("S0705", &text.span, format!("the value {} stands twice", text.text))
                .help("the same condition is run twice");
        }
        found.push(value);
    }
    (found.len() == factor.values.len()).then_some(found)
}

/// Checks that the conditions named by `[[expect]]` tables are in the grid (S0710).
pub(super) fn check_expected(
    expect: &[Expect],
    vary: &[Vary],
    parameters: &Parameters,
    settings: &Settings,
    problems: &mut Diagnostics,
) {
    for (name, value) in expect.iter().flat_map(|e| &e.condition) {
        if settings.value(&name.text).is_some() {
            continue;
        }
        let Some(factor) = vary.iter().find(|factor| factor.parameter.text == name.text) else {
            let help = match near_miss(&name.text, vary.iter().map(|f| f.parameter.text.as_str())) {
                Some(near) => format!("did you mean `{near}`?"),
                None => "name a parameter that a [[vary]] varies".to_owned(),
            };
            problems.error("S0710", &name.span, format!("`{}` is not varied", name.text)).help(help);
            continue;
        };
        let Some(parameter) = parameters.list().iter().find(|p| p.name.text == name.text) else { continue };
        let Some(wanted) = value_of(parameter, value, problems) else { continue };
        let in_grid = |text: &Text| value_of(parameter, text, &mut Diagnostics::new()) == Some(wanted);
        if !factor.values.iter().any(in_grid) {
            let list: Vec<&str> = factor.values.iter().map(|v| v.text.as_str()).collect();
            problems
                .error("S0710", &value.span, format!("`{}` never takes the value {}", name.text, value.text))
                .help(format!("its values: {}", list.join(", ")));
        }
    }
}

impl Scenario {
    /// The cells of the factor grid; one without factors where nothing varies; none where a table has an error.
    /// Warnings were given when the scenario was read.
    pub fn conditions(&self, problems: &mut Diagnostics) -> Vec<Condition> {
        let mut own = Diagnostics::new();
        let grid: Option<Vec<Vec<f64>>> =
            self.vary.iter().map(|factor| values(factor, &self.parameters, &mut own)).collect();
        let cells = self.vary.iter().fold(1_u64, |cells, factor| cells.saturating_mul(factor.values.len() as u64));
        for problem in own.list().iter().filter(|d| d.severity == Severity::Error) {
            problems.repeat(problem);
        }
        match grid {
            Some(grid) if cells <= MOST_CONDITIONS => {
                (0..cells as u32).map(|number| self.condition(number, &grid)).collect()
            }
            _ => Vec::new(),
        }
    }

    fn condition(&self, number: u32, grid: &[Vec<f64>]) -> Condition {
        let mut list = self.parameters.list().to_vec();
        let mut factors = Vec::with_capacity(grid.len());
        let mut rest = number as usize;
        for (factor, values) in self.vary.iter().zip(grid).rev() {
            let position = rest % values.len();
            rest /= values.len();
            if let Some(parameter) = list.iter_mut().find(|p| p.name.text == factor.parameter.text) {
                parameter.value = values[position];
            }
            factors.push((factor.parameter.text.clone(), factor.values[position].text.clone()));
        }
        factors.reverse();
        Condition { number, factors, parameters: Parameters::new(list) }
    }
}
