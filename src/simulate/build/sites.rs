//! Sites: kinds, numbers, names, random effects.

use super::super::declaration::{Declaration, EffectOf, SiteDeclaration};
use super::super::plan::{SiteEffect, SiteKind, Sites};
use super::super::scope::TruthScope;
use super::variables::Declared;
use super::{purpose, whole};
use crate::diagnostic::{Diagnostics, Text, near_miss};
use crate::distribution;
use crate::formula::{Kind, OnlyParameters, Parameters};

/// Sites as declared, with what is known before formulas are compiled.
#[derive(Debug)]
pub(super) struct Collected<'a> {
    pub plan: Sites,
    names: Vec<String>,
    kinds: Vec<&'a str>,
    effects: Vec<(String, Vec<Option<&'a Text>>)>,
}

/// Most sites of a study, of all kinds together.
const MOST_SITES: f64 = 1e6;

/// Collects the sites of all `[[site]]` tables.
pub(super) fn collect<'a>(
    declaration: &'a Declaration,
    declared: &[Declared<'_>],
    parameters: &Parameters,
    problems: &mut Diagnostics,
) -> Collected<'a> {
    let mut plan = Sites::default();
    let mut names = Vec::new();
    for site in &declaration.sites {
        let count = whole(&site.count, "the number of sites", 1.0, MOST_SITES, "S0309", parameters, problems);
        let Some(count) = count.map(|c| c as usize) else { continue };
        plan.kinds.push(SiteKind { first: plan.count, count, purpose: purpose("site", &site.name.text) });
        plan.count += count;
        if plan.count > MOST_SITES as usize {
            let message = format!("these are {} sites in all", plan.count);
            problems.error("S0309", &site.count.span, message).help(format!("at most {MOST_SITES}"));
            break;
        }
        names.extend((1..=count).map(|i| format!("{} {i}", site.name.text)));
    }
    plan.by_level = by_level(&declaration.sites, declared, problems);
    let kinds = declaration.sites.iter().map(|site| site.name.text.as_str()).collect();
    Collected { plan, names, kinds, effects: effects(declaration) }
}

/// Which kind of site each level of the state `setting` has.
fn by_level(
    sites: &[SiteDeclaration],
    declared: &[Declared<'_>],
    problems: &mut Diagnostics,
) -> Option<(usize, Vec<Option<usize>>)> {
    if sites.iter().all(|s| s.setting.is_none()) {
        if let Some(second) = sites.get(1) {
            problems
                .error("S0309", &second.span, "several kinds of sites, and nothing says who is in which")
                .help("give each `[[site]]` the `setting` whose persons it has");
        }
        return None;
    }
    let setting = declared.iter().position(|d| d.name.text == "setting" && d.state.is_some());
    let levels = setting.and_then(|s| if let Kind::Level(levels) = &declared[s].kind { Some(levels) } else { None });
    let (Some(setting), Some(levels)) = (setting, levels) else {
        let place = sites.iter().find_map(|s| s.setting.as_ref()).map(|t| t.span.clone()).unwrap_or_default();
        problems
            .error("S0305", &place, "there is no state `setting` with named levels")
            .help("declare `[state.setting]` with `levels = [...]`");
        return None;
    };
    let mut kinds = vec![None; levels.len()];
    for (kind, site) in sites.iter().enumerate() {
        let Some(text) = &site.setting else {
            problems.error("S0309", &site.span, "either every `[[site]]` has a `setting` or none has");
            continue;
        };
        match levels.iter().position(|l| *l == text.text) {
            None => {
                let near = near_miss(&text.text, levels.iter().map(String::as_str));
                let help = near.map_or(format!("one of: {}", levels.join(", ")), |n| format!("did you mean `{n}`?"));
                problems
                    .error("S0305", &text.span, format!("`setting` has no level `{}`, so nobody can enter", text.text))
                    .help(help);
            }
            Some(level) if kinds[level].is_some() => {
                problems.error("S0309", &text.span, format!("two kinds of sites for `{}`", text.text));
            }
            Some(level) => kinds[level] = Some(kind),
        }
    }
    Some((setting, kinds))
}

/// For each random effect of sites its law by kind of site.
fn effects(declaration: &Declaration) -> Vec<(String, Vec<Option<&Text>>)> {
    let mut effects = Vec::new();
    if declaration.sites.iter().any(|s| s.effect.is_some()) {
        let laws = declaration.sites.iter().map(|s| s.effect.as_ref()).collect();
        effects.push(("site_effect".to_owned(), laws));
    }
    for effect in declaration.effects.iter().filter(|e| e.of == EffectOf::Site) {
        effects.push((effect.name.text.clone(), vec![Some(&effect.law); declaration.sites.len()]));
    }
    effects
}

impl Collected<'_> {
    /// Names of the sites, by number.
    pub fn names(&self) -> Vec<String> {
        self.names.clone()
    }

    /// Names of the random effects.
    pub fn effect_names(&self) -> Vec<String> {
        self.effects.iter().map(|(name, _)| name.clone()).collect()
    }

    /// The state that decides on the kind of site.
    pub fn decided_by(&self) -> Option<usize> {
        self.plan.by_level.as_ref().map(|(state, _)| *state)
    }

    /// Compiles the laws of the random effects.
    pub fn compile_effects(&mut self, scope: &TruthScope<'_>, problems: &mut Diagnostics) {
        let only = OnlyParameters(scope.parameters);
        for (name, laws) in &self.effects {
            let laws = laws.iter().zip(&self.kinds).map(|(law, kind)| {
                let law = law.and_then(|l| distribution::declare(l, None, &only, problems))?;
                Some((purpose("effect", &format!("{name}.{kind}")), law))
            });
            let laws = laws.collect();
            self.plan.effects.push(SiteEffect { laws });
        }
    }
}
