//! The variables of a model, looked up in what the survey holds.

use crate::analyze::variable::{Variable, unknown};
use crate::formula::{ModelValues, ModelVariable};
use crate::tables::ObservedSchema;

/// The waves that rows come from, counted from 0.
#[derive(Clone, Copy, Debug)]
pub(in crate::analyze) enum Waves<'a> {
    /// One wave; `age` is the age at it.
    One(usize),
    /// Several, pooled; `wave` is a variable, and `age` the age at the start.
    Pooled {
        /// The first.
        first: usize,
        /// The last.
        last: usize,
    },
    /// Those in this list, pooled; `wave` is a variable, and `age` the age at each wave.
    #[allow(dead_code, reason = "for methods that fit several waves at once")]
    List(&'a [usize]),
}

/// Looks up variables and keeps those that were found.
pub(super) struct Lookup<'a> {
    pub schema: &'a ObservedSchema,
    pub waves: Waves<'a>,
    pub found: Vec<(ModelVariable, Variable)>,
}

impl Lookup<'_> {
    /// What values a variable has, or why there is none.
    pub fn values(&mut self, wanted: &ModelVariable) -> Result<ModelValues, (String, String)> {
        let variable = self.variable(wanted)?;
        let values = match (variable.is_named(), variable.is_coded()) {
            (true, _) => ModelValues::Named(variable.levels.clone()),
            (false, true) => ModelValues::Few(variable.values.clone()),
            (false, false) => ModelValues::Number,
        };
        self.found.push((wanted.clone(), variable));
        Ok(values)
    }

    fn variable(&self, wanted: &ModelVariable) -> Result<Variable, (String, String)> {
        let name = wanted.name.as_str();
        let years = |wave: usize| self.schema.wave_years.get(wave).copied().unwrap_or(0.0);
        let variable = match (Variable::find(name, self.schema), self.waves) {
            (Some(variable), Waves::One(wave)) => {
                variable.after(years(wave.saturating_sub(usize::from(wanted.lagged))))
            }
            (Some(variable), Waves::Pooled { .. }) => variable,
            (Some(variable), Waves::List(_)) => variable.each_wave(),
            (None, Waves::Pooled { .. } | Waves::List(_)) if name == "wave" && wanted.lagged => {
                return Err(("the wave before a wave needs no `lag`".to_owned(), "write `I(wave - 1)`".to_owned()));
            }
            (None, Waves::Pooled { first, last }) if name == "wave" => Variable::wave(first..=last),
            (None, Waves::List(waves)) if name == "wave" => Variable::wave(waves.iter().copied()),
            (None, _) => return Err((unknown(name, self.schema).why, String::new())),
        };
        Ok(if wanted.lagged { variable.at_wave_before() } else { variable })
    }

    /// The variables in this order.
    pub fn in_order(self, wanted: &[ModelVariable]) -> Vec<Variable> {
        let find = |w: &ModelVariable| self.found.iter().find(|(v, _)| v == w).map(|(_, variable)| variable.clone());
        wanted.iter().filter_map(find).collect()
    }
}
