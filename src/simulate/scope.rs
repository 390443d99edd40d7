//! What names mean in formulas of the truth.

use super::declaration::EffectOf;
use crate::formula::{Bounds, Compiled, Kind, Parameters, Reference, Resolved, Scope, Slots, Unresolved};
use std::sync::Arc;

/// What a slot of a formula stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Meaning {
    /// A variable's value now.
    Now(usize),
    /// A state's value at the last step.
    Lag(usize),
    /// Years since a state last became true.
    Since(usize),
    /// Mean of a state over the person's site at the last step.
    SiteMean(usize),
    /// A random effect of the person's site.
    SiteEffect(usize),
    /// The attribute `age` and the time since the start.
    Age(usize),
    /// Code of the group.
    Group,
    /// Number of the site.
    Site,
    /// Years since the start.
    Time,
}

/// A variable as formulas see it.
#[derive(Clone, Debug)]
pub(super) struct Name {
    pub name: String,
    pub kind: Kind,
    pub bounds: Bounds,
    pub is_state: bool,
}

/// The names that formulas of the truth may read.
#[derive(Debug)]
pub(super) struct TruthScope<'a> {
    pub parameters: &'a Parameters,
    pub variables: Vec<Name>,
    pub site_effects: Vec<String>,
    pub interviewer_effects: Vec<String>,
    pub groups: Arc<[String]>,
    pub sites: Arc<[String]>,
    /// Years from the start to the last step.
    pub horizon: f64,
    /// Whether the formulas are those of the start, where there is no last step.
    pub at_start: bool,
    pub slots: Slots<Meaning>,
}

/// Those of the survey are known here so that they are refused by name.
const ACCESSORS: [&str; 5] = ["lag", "since", "site_mean", "reported", "recorded"];
const SURVEY_ACCESSORS: [&str; 2] = ["reported", "recorded"];
const SURVEY_NAMES: [&str; 3] = ["contacts", "mood", "wave"];

impl TruthScope<'_> {
    /// Makes sure that the last onset of these states is kept, whether or not a formula of the truth reads it.
    pub(super) fn keep_onsets_of(&self, names: &[String]) {
        for name in names {
            if let Some(state) =
                self.variables.iter().position(|v| v.name == *name && v.is_state && !matches!(v.kind, Kind::Number))
            {
                self.slots.number(Meaning::Since(state));
            }
        }
    }

    fn bare(&self, name: &str) -> Result<Resolved, Unresolved> {
        if let Some(constant) = self.parameters.resolve(name) {
            return Ok(constant);
        }
        if let Some(v) = self.variables.iter().position(|v| v.name == name) {
            let Name { kind, bounds, is_state, .. } = &self.variables[v];
            let (kind, bounds) = (kind.clone(), *bounds);
            if name == "age" && !is_state && matches!(kind, Kind::Number) {
                let bounds = Bounds { low: bounds.low, high: bounds.high + self.horizon };
                return Ok(self.slots.resolved(Meaning::Age(v), kind, bounds));
            }
            return Ok(self.slots.resolved(Meaning::Now(v), kind, bounds));
        }
        if let Some(effect) = self.site_effects.iter().position(|e| e == name) {
            return Ok(self.slots.resolved(Meaning::SiteEffect(effect), Kind::Number, Bounds::ANY));
        }
        match name {
            "group" => {
                Ok(self.slots.resolved(Meaning::Group, Kind::Level(self.groups.clone()), codes(self.groups.len())))
            }
            "site" if !self.sites.is_empty() => {
                Ok(self.slots.resolved(Meaning::Site, Kind::Level(self.sites.clone()), codes(self.sites.len())))
            }
            "time" if self.at_start => Ok(Resolved::Constant { value: 0.0, kind: Kind::Number }),
            "time" => Ok(self.slots.resolved(Meaning::Time, Kind::Number, Bounds { low: 0.0, high: self.horizon })),
            _ => Err(self.unknown(name)),
        }
    }

    fn unknown(&self, name: &str) -> Unresolved {
        let belongs_to_survey = SURVEY_NAMES.contains(&name) || self.interviewer_effects.iter().any(|e| e == name);
        if belongs_to_survey {
            return Unresolved {
                code: "S0315",
                message: format!("`{name}` belongs to the survey, and the truth does not see the survey"),
                help: None,
            };
        }
        let own = ["group", "site", "time"];
        let known = self.variables.iter().map(|v| v.name.as_str());
        let known = known.chain(self.parameters.names()).chain(self.site_effects.iter().map(String::as_str)).chain(own);
        Unresolved::unknown(name, known)
    }

    fn accessor(&self, accessor: &str, name: &str) -> Result<Resolved, Unresolved> {
        if SURVEY_ACCESSORS.contains(&accessor) {
            return Err(Unresolved {
                code: "S0315",
                message: format!("`{accessor}` reads the survey, and the truth does not see the survey"),
                help: None,
            });
        }
        let state = self.variables.iter().position(|v| v.name == name && v.is_state);
        let Some(state) = state else {
            return Err(match self.bare(name) {
                Ok(_) => misuse(format!("`{accessor}` takes a state, and `{name}` does not change")),
                Err(unresolved) => unresolved,
            });
        };
        if self.at_start {
            return Err(misuse(format!("at the start there is no last step that `{accessor}({name})` could read")));
        }
        let Name { kind, bounds, .. } = &self.variables[state];
        let (kind, bounds) = (kind.clone(), *bounds);
        match accessor {
            "lag" => Ok(self.slots.resolved(Meaning::Lag(state), kind, bounds)),
            "since" if matches!(kind, Kind::Number) => {
                Err(misuse(format!("`{name}` is a number, and numbers have no onset")))
            }
            "since" => {
                let bounds = Bounds { low: 0.0, high: f64::INFINITY };
                Ok(self.slots.resolved(Meaning::Since(state), Kind::Number, bounds))
            }
            _ if matches!(kind, Kind::Level(_)) => {
                Err(misuse(format!("`{name}` has named levels, and names have no mean")))
            }
            _ if self.sites.is_empty() => Err(misuse("`site_mean` needs sites: add a `[[site]]` table".to_owned())),
            _ => Ok(self.slots.resolved(Meaning::SiteMean(state), Kind::Number, bounds)),
        }
    }
}

fn misuse(message: String) -> Unresolved {
    Unresolved { code: "S0313", message, help: None }
}

/// The range of the codes of so many levels.
pub(super) fn codes(levels: usize) -> Bounds {
    Bounds { low: 0.0, high: levels.saturating_sub(1) as f64 }
}

impl Scope for TruthScope<'_> {
    fn resolve(&self, reference: &Reference<'_>) -> Result<Resolved, Unresolved> {
        match reference.accessor {
            None => self.bare(reference.name),
            Some(accessor) => self.accessor(accessor, reference.name),
        }
    }

    fn accessors(&self) -> &'static [&'static str] {
        &ACCESSORS
    }

    fn compiled(&self) -> Option<&Compiled> {
        self.parameters.compiled()
    }
}

/// The effects of one kind of carrier, by name.
pub(super) fn effects_of(declaration: &super::declaration::Declaration, of: EffectOf) -> Vec<String> {
    declaration.effects.iter().filter(|e| e.of == of).map(|e| e.name.text.clone()).collect()
}
