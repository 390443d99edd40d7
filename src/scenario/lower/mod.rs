//! From tables to the declarations of each room. Shape is checked here; what formulas mean is checked by their rooms.

pub(super) mod ask;
mod made;
pub(super) mod methods;
pub(super) mod names;
mod parameters;
mod people;
mod pipeline;
mod precision;
mod printed;
mod release;
mod states;
pub(super) mod study;
mod survey;
pub(super) mod vary;

use super::design::Levels;
use super::factors::Checked;
use super::settings::Settings;
use super::variants::{self, Variant};
use super::{Design, Expect, Grid, MethodDeclaration, Precision, Study, Vary, conditions, factors, grid, path};
use crate::analyze::Entry;
use crate::diagnostic::{Diagnostics, Sources, Text};
use crate::formula::Parameters;
use crate::options::Options;
use crate::{observe, release as handed_on, simulate, tabulate};
use names::Names;
#[cfg(test)]
pub(super) use names::RESERVED;

/// Everything that a scenario declares.
pub(super) struct Lowered {
    pub(super) study: Study,
    pub(super) precision: Precision,
    pub(super) parameters: Parameters,
    pub(super) truth: simulate::declaration::Declaration,
    pub(super) survey: observe::declaration::Declaration,
    pub(super) estimands: Vec<Options>,
    pub(super) methods: Vec<MethodDeclaration>,
    pub(super) vary: Vec<Vary>,
    pub(super) grid: Grid,
    pub(super) variants: Vec<Variant>,
    pub(super) persons: Option<Text>,
    pub(super) without_tables: bool,
    pub(super) expect: Vec<Expect>,
    pub(super) release: handed_on::Declaration,
    pub(super) tables: tabulate::Declaration,
    pub(super) priors: Vec<(Text, Text)>,
}

/// What conditions may have otherwise, and the names that belong to it.
pub(super) struct Declared<'a> {
    pub(super) parameters: Parameters,
    pub(super) truth: simulate::declaration::Declaration,
    pub(super) survey: observe::declaration::Declaration,
    pub(super) estimands: Vec<Options>,
    estimand_names: Vec<Text>,
    sets: Vec<Text>,
    names: Names<'a>,
}

/// Reads the tables that conditions may have otherwise.
pub(super) fn declared<'a>(
    root: &Options,
    settings: &Settings,
    sources: &'a Sources,
    problems: &mut Diagnostics,
) -> Declared<'a> {
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
    Declared { parameters, truth, survey, estimands, estimand_names, sets, names }
}

/// Reads all tables of a scenario and reports every problem of their shape.
pub(super) fn lower(
    written: &Options,
    settings: &mut Settings,
    catalogue: &'static [Entry],
    sources: &Sources,
    problems: &mut Diagnostics,
) -> Lowered {
    settings.find_keys(written, problems);
    let set: Vec<_> = settings.keys().collect();
    let root = path::with(written, &set);
    study::version(&root, problems);
    let _ = root.get("extends");
    let study = study::study(&root, settings, problems);
    let precision = precision::precision(&root, problems);
    let base = declared(&root, settings, sources, problems);
    let (conditions_of, options): (Vec<_>, Vec<_>) =
        vary::vary(&root, problems).into_iter().partition(|v| !matches!(v.of, vary::WrittenOf::Option { .. }));
    let made = made::made(&root, options, written, settings, problems);
    let may_name = methods::Known { catalogue, estimands: &base.estimand_names, sets: Some(&base.sets) };
    let mut own = Diagnostics::new();
    let (mut methods, method_names) = methods::methods(&made.root, &may_name, &mut Names::new(sources), &mut own);
    // What is wrong with a method is wrong with all that are made of it: once is enough.
    problems.extend(own);
    made.mark(&mut methods);
    let known = factors::Known { root: written, parameters: &base.parameters, settings };
    let (Checked { vary, fixed, .. }, mut grid) = grid_of(&root, conditions_of, &base, &known, problems);
    let variants = variants::variants(written, &vary, &mut grid, settings, sources, problems);
    // The tables that methods were made of were asked for in their own tree.
    let _ = root.get("method");
    let expect = methods::expect(&root, &method_names, &made, &base.estimand_names, problems);
    let known =
        conditions::Factors { vary: &vary, design: grid.design, parameters: &base.parameters, settings, fixed: &fixed };
    conditions::check_expected(&expect, &known, problems);
    let release = release::release(&root, &base.names, problems);
    let tables = printed::tables(&root, problems);
    let priors = printed::priors(&root, &base.parameters, problems);
    root.finish(problems);
    let Declared { parameters, truth, survey, estimands, .. } = base;
    let persons = settings.persons().cloned();
    let without_tables = settings.leaves_out(written);
    Lowered {
        without_tables,
        study,
        precision,
        parameters,
        truth,
        survey,
        estimands,
        methods,
        vary,
        grid,
        variants,
        persons,
        expect,
        release,
        tables,
        priors,
    }
}

/// The factors and the cells that are made of them.
fn grid_of(
    root: &Options,
    written: Vec<vary::WrittenVary>,
    base: &Declared<'_>,
    known: &factors::Known<'_>,
    problems: &mut Diagnostics,
) -> (Checked, Grid) {
    let table = vary::grid(root, problems);
    let written = match table.design {
        Design::Listed => {
            for factor in &written {
                let (vary::WrittenOf::Parameter(name) | vary::WrittenOf::Key(name)) = &factor.of else { continue };
                problems
                    .error("S0715", &name.span, format!("`{}` is varied, and the design lists its cells", name.text))
                    .help("write its values into `cells` of [grid], or leave out `design = \"listed\"`");
            }
            factors::of_cells(&table.cells, &base.parameters)
        }
        _ => written,
    };
    let checked = factors::check(written, known, problems);
    let sizes = |levels: &Levels| {
        people::sizes(&path::with(known.root, &variants::values(&checked.vary, levels, known.settings)))
    };
    let base = grid::Base { vary: &checked.vary, fixed: &checked.fixed, parameters: &base.parameters, sizes: &sizes };
    let grid = match checked.fine {
        true => grid::build(&table, &base, problems),
        false => Grid { design: table.design, independent: table.independent, ..Grid::default() },
    };
    (checked, grid)
}
