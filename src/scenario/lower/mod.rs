//! From tables to the declarations of each room. Shape is checked here; what formulas mean is checked by their rooms.

pub(super) mod ask;
pub(super) mod methods;
pub(super) mod names;
mod parameters;
mod people;
mod pipeline;
mod release;
mod states;
pub(super) mod study;
mod survey;

use super::settings::Settings;
use super::{Expect, MethodDeclaration, Study, Vary, conditions};
use crate::analyze::Entry;
use crate::diagnostic::{Diagnostics, Sources};
use crate::formula::Parameters;
use crate::options::Options;
use crate::{observe, release as handed_on, simulate};
use names::Names;
#[cfg(test)]
pub(super) use names::RESERVED;

/// Everything that a scenario declares.
pub(super) struct Lowered {
    pub(super) study: Study,
    pub(super) parameters: Parameters,
    pub(super) truth: simulate::declaration::Declaration,
    pub(super) survey: observe::declaration::Declaration,
    pub(super) estimands: Vec<Options>,
    pub(super) methods: Vec<MethodDeclaration>,
    pub(super) vary: Vec<Vary>,
    pub(super) expect: Vec<Expect>,
    pub(super) release: handed_on::Declaration,
}

/// Reads all tables of a scenario and reports every problem of their shape.
pub(super) fn lower(
    root: &Options,
    settings: &Settings,
    catalogue: &'static [Entry],
    sources: &Sources,
    problems: &mut Diagnostics,
) -> Lowered {
    study::version(root, problems);
    let _ = root.get("extends");
    let study = study::study(root, settings, problems);
    let mut names = Names::new(sources);
    let parameters = parameters::parameters(root, settings, &mut names, problems);
    let (time, visits) = study::time(root, problems);
    let mut truth = simulate::declaration::Declaration { time, ..Default::default() };
    truth.sites = people::sites(root, &mut Names::new(sources), problems);
    truth.attributes = people::attributes(root, &mut names, problems);
    truth.assignments = people::assignments(root, &mut names, problems);
    let (effects, interviewers) = people::effects(root, &mut names, problems);
    truth.effects = effects;
    truth.states = states::states(root, &mut names, problems);
    // After the states: a group's `start` gives values to names that are declared elsewhere, or declares attributes.
    truth.groups = people::groups(root, &mut names, &mut Names::new(sources), problems);
    let mut survey = survey::survey(root, visits, problems);
    let sets = survey::set_names(&survey, &mut names, problems);
    survey.interviewers = interviewers;
    let (estimands, estimand_names) = methods::estimands(root, &mut Names::new(sources), problems);
    let may_name = methods::Known { catalogue, estimands: &estimand_names, sets: Some(&sets) };
    let (methods, method_names) = methods::methods(root, &may_name, &mut Names::new(sources), problems);
    let vary = methods::vary(root, problems);
    let vary = conditions::check(vary, &parameters, settings, problems);
    let expect = methods::expect(root, &method_names, &estimand_names, problems);
    conditions::check_expected(&expect, &vary, &parameters, settings, problems);
    let release = release::release(root, &names, problems);
    root.finish(problems);
    Lowered { study, parameters, truth, survey, estimands, methods, vary, expect, release }
}
