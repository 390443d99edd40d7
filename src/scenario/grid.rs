//! `[grid]`: from factors and a design to the list of cells that are conditions.

use super::design::{self, Axis, Crossed, Design, Levels};
use super::factors;
use super::lower::vary::WrittenGrid;
use super::path::{is_same, shown};
use super::scaled::persons_of;
use super::skip::Skip;
use super::{Grid, Varied, Vary};
use crate::diagnostic::{Diagnostics, Span, Text};
use crate::formula::{Parameter, Parameters};
use crate::options::OptionValue;
use std::collections::BTreeSet;

/// Most conditions of a study.
const MOST_CONDITIONS: u64 = 100_000;
/// Most cells that are looked at when some are skipped.
const MOST_CELLS: u64 = 5_000_000;

/// What the values of factors are reckoned from.
pub(super) struct Base<'a> {
    /// The factors.
    pub(super) vary: &'a [Vary],
    /// Those that `--set` fixes.
    pub(super) fixed: &'a [Vary],
    /// The file's own values.
    pub(super) parameters: &'a Parameters,
    /// The sizes of the groups in a cell, which make the number of persons where no factor gives it.
    pub(super) sizes: &'a dyn Fn(&Levels) -> Vec<Text>,
}

/// The cells that remain of a design; none where something is wrong with it.
pub(super) fn build(written: &WrittenGrid, base: &Base<'_>, problems: &mut Diagnostics) -> Grid {
    let mut grid = Grid { design: written.design, independent: written.independent, ..Grid::default() };
    let axes = axes(base.vary);
    let Some(count) = count(written, &axes, base, problems) else { return grid };
    let skip = match &written.skip {
        None => None,
        Some(text) => match Skip::new(text, (base.vary, base.fixed), base.parameters, problems) {
            None => return grid,
            skip => skip,
        },
    };
    let place = base.vary.last().map_or(&written.cells_span, |factor| &factor.name.span);
    if count > if skip.is_some() { MOST_CELLS } else { MOST_CONDITIONS } {
        too_many(count, skip.is_some(), place, problems);
        return grid;
    }
    for levels in cells(written, &axes, base) {
        if skip.as_ref().is_some_and(|skip| skip.holds(&base.shown(&levels, problems))) {
            grid.skipped += 1;
            continue;
        }
        grid.cells.push(levels);
        if grid.cells.len() as u64 > MOST_CONDITIONS {
            too_many(count - grid.skipped, false, place, problems);
            grid.cells.clear();
            return grid;
        }
    }
    check_skipped(written.skip.as_ref(), &grid, problems);
    if written.design == Design::Listed {
        check_listed(&grid, &written.cells_span, problems);
    }
    grid
}

/// Warns of cells that stand twice (S0705).
fn check_listed(grid: &Grid, place: &Span, problems: &mut Diagnostics) {
    let known: BTreeSet<&Levels> = grid.cells.iter().collect();
    if known.len() < grid.cells.len() {
        problems
            .warn("S0705", place, format!("{} cells stand twice", grid.cells.len() - known.len()))
            .help("the same condition is run twice");
    }
}

fn too_many(count: u64, skips: bool, place: &Span, problems: &mut Diagnostics) {
    let (what, most) = match skips {
        true => ("cells, before any is skipped", MOST_CELLS),
        false => ("conditions", MOST_CONDITIONS),
    };
    problems
        .error("S0704", place, format!("the [[vary]] tables make {count} {what}"))
        .help(format!("at most {most}: vary fewer parameters, or give fewer values"));
}

fn check_skipped(skip: Option<&Text>, grid: &Grid, problems: &mut Diagnostics) {
    let Some(skip) = skip else { return };
    if grid.cells.is_empty() {
        problems
            .error("S0716", &skip.span, "every cell is skipped, and no condition remains")
            .help("the cells for which `skip` is true are left out: should it be the other way round?");
    } else if grid.skipped == 0 {
        problems
            .warn("S0716", &skip.span, "no cell is skipped")
            .help("`skip` is true for none of them: are its values those of the factors?");
    }
}

/// Factors that go along with one another are one axis, in the place of the one that they follow.
fn axes(vary: &[Vary]) -> Vec<Axis> {
    let heads: Vec<Option<usize>> = (0..vary.len()).map(|i| factors::head(vary, i)).collect();
    let own = heads.iter().enumerate().filter(|(i, head)| **head == Some(*i));
    own.map(|(i, _)| Axis {
        factors: (0..vary.len()).filter(|j| heads[*j] == Some(i)).collect(),
        values: vary[i].values.len(),
    })
    .collect()
}

/// How many cells the design has; a design that does not go with the factors is an error (S0715).
fn count(written: &WrittenGrid, axes: &[Axis], base: &Base<'_>, problems: &mut Diagnostics) -> Option<u64> {
    match written.design {
        Design::Crossed => Some(design::crossed_count(axes)),
        Design::OneAtATime => Some(axes.iter().fold(1_u64, |sum, axis| sum.saturating_add(axis.values as u64))),
        Design::Fraction => fits(written, axes, base.vary, problems)
            .then(|| design::crossed_count(axes) / (written.fraction.max(1) as u64)),
        Design::Listed => {
            if written.cells.is_empty() {
                problems
                    .error("S0715", &written.cells_span, "`cells` lists no cell")
                    .help("write at least one, `{ lost = 0.1 }`; `{}` is the file as it is");
            }
            (!written.cells.is_empty()).then_some(written.cells.len() as u64)
        }
    }
}

/// Whether a fraction leaves every value of each factor in equally many cells.
fn fits(written: &WrittenGrid, axes: &[Axis], vary: &[Vary], problems: &mut Diagnostics) -> bool {
    let step = written.fraction;
    if axes.len() < 2 {
        problems
            .error("S0715", &written.fraction_span, "a fraction needs at least two factors that are crossed")
            .help("of one factor alone it would leave out values altogether");
        return false;
    }
    let mut fine = true;
    for axis in axes.iter().filter(|axis| axis.values % step.max(1) != 0) {
        let Some(factor) = axis.factors.first().and_then(|i| vary.get(*i)) else { continue };
        fine = false;
        let message = format!("`{}` has {} values, which {step} does not divide", factor.name.text, axis.values);
        problems
            .error("S0715", &factor.name.span, message)
            .help("only a multiple leaves each value in equally many cells: add or take away values");
    }
    fine
}

/// The cells in order. They are not held at once, since most may be skipped.
fn cells<'a>(written: &'a WrittenGrid, axes: &'a [Axis], base: &'a Base<'a>) -> Box<dyn Iterator<Item = Levels> + 'a> {
    let factors = base.vary.len();
    match written.design {
        Design::Crossed | Design::Fraction => {
            Box::new(Crossed::new(axes, written.fraction).map(move |at| design::levels(axes, &at, factors)))
        }
        Design::OneAtATime => {
            let own = base.shown(&vec![None; factors], &mut Diagnostics::new());
            let is_base = move |factor: usize, position: usize| {
                base.vary[factor].values.get(position).is_some_and(|value| is_same(&value.text, &own[factor]))
            };
            Box::new(design::one_at_a_time(axes, factors, &is_base).into_iter())
        }
        Design::Listed => Box::new(written.cells.iter().map(|cell| listed(cell, base.vary))),
    }
}

fn listed(cell: &[(Text, OptionValue)], vary: &[Vary]) -> Levels {
    let level = |factor: &Vary| {
        let (_, value) = cell.iter().find(|(name, _)| name.text == factor.name.text)?;
        let written = shown(value);
        factor.values.iter().position(|known| is_same(&known.text, &written))
    };
    vary.iter().map(level).collect()
}

impl Base<'_> {
    /// The values of the factors in a cell as they are written.
    pub(super) fn shown(&self, levels: &Levels, problems: &mut Diagnostics) -> Vec<String> {
        let mut value = |(factor, level): (&Vary, &Option<usize>)| match level.and_then(|i| factor.values.get(i)) {
            Some(text) => text.text.clone(),
            None if factor.of == Varied::Persons => {
                let parameters = Parameters::new(self.parameters_of(levels));
                persons_of(&(self.sizes)(levels), &parameters, problems).map_or(String::new(), |n| n.to_string())
            }
            None => factor.base.clone(),
        };
        self.vary.iter().zip(levels).map(&mut value).collect()
    }

    /// The parameters in a cell.
    pub(super) fn parameters_of(&self, levels: &Levels) -> Vec<Parameter> {
        let mut list = self.parameters.list().to_vec();
        for (factor, level) in self.vary.iter().zip(levels) {
            let (Varied::Parameter(name), Some(level)) = (&factor.of, level) else { continue };
            if let (Some(p), Some(value)) = (list.iter_mut().find(|p| p.name.text == *name), factor.numbers.get(*level))
            {
                p.value = *value;
            }
        }
        list
    }
}
