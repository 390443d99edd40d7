//! The conditions of the grid, and what names them.

use super::design::Levels;
use super::grid::Base;
use super::path::is_same;
use super::settings::Settings;
use super::{Condition, Design, Expect, Scenario, Varied, Vary};
use crate::diagnostic::{Diagnostics, Text, near_miss};
use crate::formula::{Parameter, Parameters};

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

/// What demands can name.
pub(super) struct Factors<'a> {
    pub(super) vary: &'a [Vary],
    pub(super) design: Design,
    pub(super) parameters: &'a Parameters,
    pub(super) settings: &'a Settings,
    /// Factors that `--set` fixes.
    pub(super) fixed: &'a [Vary],
}

/// Checks that the conditions named by `[[expect]]` tables are in the grid (S0710).
pub(super) fn check_expected(expect: &[Expect], factors: &Factors<'_>, problems: &mut Diagnostics) {
    for (name, value) in expect.iter().flat_map(|e| &e.condition) {
        if factors.settings.value(&name.text).is_some()
            || factors.fixed.iter().any(|factor| factor.name.text == name.text)
        {
            continue;
        }
        let Some(factor) = factors.vary.iter().find(|factor| factor.name.text == name.text) else {
            let help = match near_miss(&name.text, factors.vary.iter().map(|f| f.name.text.as_str())) {
                Some(near) => format!("did you mean `{near}`?"),
                None => "name a parameter that a [[vary]] varies".to_owned(),
            };
            problems.error("S0710", &name.span, format!("`{}` is not varied", name.text)).help(help);
            continue;
        };
        let Some(takes) = factors.takes(factor, value, problems) else { continue };
        if !takes {
            let list: Vec<&str> = factor.values.iter().map(|v| v.text.as_str()).collect();
            problems
                .error("S0710", &value.span, format!("`{}` never takes the value {}", name.text, value.text))
                .help(format!("its values: {}", list.join(", ")));
        }
    }
}

impl Factors<'_> {
    /// Whether a factor ever has a value; nothing where it cannot, which is reported.
    fn takes(&self, factor: &Vary, value: &Text, problems: &mut Diagnostics) -> Option<bool> {
        // In these designs a factor also has the file's own value.
        let has_base = matches!(self.design, Design::OneAtATime | Design::Listed);
        let Varied::Parameter(name) = &factor.of else {
            let own = has_base && (factor.of == Varied::Persons || is_same(&factor.base, &value.text));
            return Some(own || factor.values.iter().any(|known| is_same(&known.text, &value.text)));
        };
        let parameter = self.parameters.list().iter().find(|p| p.name.text == *name)?;
        let wanted = value_of(parameter, value, problems)?;
        let in_grid = |text: &Text| value_of(parameter, text, &mut Diagnostics::new()) == Some(wanted);
        Some(has_base && parameter.value == wanted || factor.values.iter().any(in_grid))
    }
}

impl Scenario {
    /// The conditions; one without factors where nothing varies; none where a table has an error. Problems were
    /// reported when the scenario was read; only sizes of groups that cannot be summed up are reported here.
    pub fn conditions(&self, problems: &mut Diagnostics) -> Vec<Condition> {
        let cells = self.grid.cells.iter().enumerate();
        cells
            .map(|(number, levels)| {
                let persons = self.vary.iter().zip(levels).find_map(|(factor, level)| {
                    let value = (*level).and_then(|i| factor.values.get(i));
                    value.filter(|_| factor.of == Varied::Persons).cloned()
                });
                let variant = self.grid.variants.get(number).copied().flatten();
                let groups = &self.world_of(variant).truth.groups;
                let sizes = |_: &Levels| groups.iter().map(|group| group.size.clone()).collect();
                let base = Base { vary: &self.vary, fixed: &[], parameters: &self.parameters, sizes: &sizes };
                let values = base.shown(levels, problems);
                Condition {
                    number: number as u32,
                    factors: self.vary.iter().map(|factor| factor.name.text.clone()).zip(values).collect(),
                    parameters: Parameters::new(base.parameters_of(levels)),
                    variant,
                    persons: persons.or_else(|| self.persons.clone()),
                }
            })
            .collect()
    }
}
