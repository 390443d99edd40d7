//! A plan: what `eclosion analyze` does with somebody's own data. `[data]` says what the columns are, `[[estimand]]` and
//! `[[method]]` are those of a scenario.

use super::lower::{methods, names::Names};
use super::reading::{Disk, OneText, Reader};
use super::{MethodDeclaration, overlay};
use crate::analyze;
use crate::diagnostic::{Diagnostics, Sources};
use crate::estimand;
use crate::formula::Parameters;
use crate::intake;
use crate::options::Options;
use crate::tables::truth::TrueVariable;
use crate::tables::{ObservedSchema, Target, TruthSchema};
use std::path::Path;

/// A plan whose shape is checked; what depends on the columns is checked when the data are there.
#[derive(Debug)]
pub struct Plan {
    /// `[analysis]`: seed of methods that draw; 0 unless given.
    pub seed: u64,
    /// `[analysis]`: level of intervals; 0.95 unless given.
    pub confidence: f64,
    /// `[data]`.
    pub data: intake::Declaration,
    /// `[[estimand]]` tables.
    pub estimands: Vec<Options>,
    /// `[[method]]` tables.
    pub methods: Vec<MethodDeclaration>,
}

/// What [`load_plan`] found.
#[derive(Debug)]
pub struct LoadedPlan {
    /// The plan, if there is no error.
    pub plan: Option<Plan>,
    /// All problems.
    pub problems: Diagnostics,
    /// The files, for showing the problems.
    pub sources: Sources,
}

/// Reads a plan from a file. All problems are reported in one go.
#[must_use]
pub fn load_plan(path: &Path) -> LoadedPlan {
    load_with(&Disk, path, &path.display().to_string())
}

/// Reads a plan from a text, as [`load_plan`] does from a file. `name` stands for the file in messages.
#[must_use]
pub fn load_plan_text(name: &str, text: &str) -> LoadedPlan {
    load_with(&OneText(text.as_bytes()), Path::new(""), name)
}

fn load_with(reader: &dyn Reader, path: &Path, shown: &str) -> LoadedPlan {
    let mut sources = Sources::default();
    let mut problems = Diagnostics::new();
    let root = overlay::read(reader, path, shown, &mut sources, &mut problems);
    let plan = root.map(|root| lower(&root, &sources, &mut problems));
    let plan = plan.filter(|_| !problems.has_errors());
    LoadedPlan { plan, problems, sources }
}

fn lower(root: &Options, sources: &Sources, problems: &mut Diagnostics) -> Plan {
    let (mut seed, mut confidence) = (0, 0.95);
    if let Some(table) = root.table("analysis", problems) {
        if let Some(text) = table.formula("seed", problems) {
            seed = super::lower::ask::whole("seed", &text, 0..=u64::MAX, problems).unwrap_or(0);
        }
        if let Some(text) = table.formula("confidence", problems) {
            confidence = super::lower::study::confidence(&text, problems);
        }
        table.finish(problems);
    }
    let data = match root.table("data", problems) {
        Some(table) => intake::declare(table, problems),
        None => intake::Declaration::default(),
    };
    let (estimands, names) = methods::estimands(root, &mut Names::new(sources), problems);
    // A name in `set` is a column, which is looked up when the data are there.
    let may_name = methods::Known { catalogue: analyze::catalogue(), estimands: &names, sets: None };
    let (methods, _) = methods::methods(root, &may_name, &mut Names::new(sources), problems);
    let asked = root.get("method").is_some();
    root.finish(problems);
    if !asked {
        problems
            .error("S0802", &root.span, "the plan names no method")
            .help("add a table `[[method]]` with `method = \"...\"`; `eclosion methods` lists them");
    }
    Plan { seed, confidence, data, estimands, methods }
}

impl Plan {
    /// The target quantities, or none if one of them has a problem. `schema`: the columns of the data.
    pub fn targets(&self, schema: &ObservedSchema, problems: &mut Diagnostics) -> Option<Vec<Target>> {
        let columns = as_variables(schema);
        let mut all = Some(Vec::with_capacity(self.estimands.len()));
        for options in &self.estimands {
            let mut own = Diagnostics::new();
            let parameters = Parameters::default();
            match estimand::declare(options, self.confidence, &parameters, &columns, &mut own) {
                Some(target) => {
                    all = all.map(|mut list: Vec<Target>| {
                        list.push(target);
                        list
                    });
                }
                None => all = None,
            }
            problems.extend(own);
        }
        all
    }
}

/// The columns in the form in which estimands look them up.
fn as_variables(schema: &ObservedSchema) -> TruthSchema {
    let variable = |changes| {
        move |v: &crate::tables::observed::ObservedVariable| TrueVariable {
            name: v.name.clone(),
            coding: v.coding.as_ref().map(|coding| {
                let values = coding.values.iter().copied().filter(|v| !v.is_nan()).collect();
                std::sync::Arc::new(crate::tables::Coding { values, levels: coding.levels.clone() })
            }),
            changes,
            low: f64::NEG_INFINITY,
            high: f64::INFINITY,
            latent: false,
        }
    };
    let items = schema.items.iter().map(variable(true));
    let waves = schema.waves();
    TruthSchema {
        groups: schema.groups.clone(),
        sites: schema.sites.clone(),
        variables: items.chain(schema.baseline.iter().map(variable(false))).collect(),
        persons: schema.records,
        moments: (0..u32::try_from(waves).unwrap_or(u32::MAX)).collect(),
        step_years: 1.0,
        waves: (0..waves).collect(),
        ..TruthSchema::default()
    }
}
