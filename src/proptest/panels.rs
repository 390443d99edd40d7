//! Panels, and how they shrink: by what can be taken out of the table itself, since another study would give other draws.

use super::small_studies;
use crate::small::{Cell, Column, Dirt, Panel};
use ::proptest::strategy::{NewTree, Strategy, ValueTree};
use ::proptest::test_runner::{Reason, TestRunner};

/// A strategy for the panels of small studies; see [`super::observed_panels`] and [`super::dirty_panels`].
#[derive(Clone, Copy, Debug)]
pub struct Panels {
    dirt: Dirt,
}

impl Panels {
    pub(super) fn new(dirt: Dirt) -> Self {
        Self { dirt }
    }
}

impl Strategy for Panels {
    type Tree = PanelTree;
    type Value = Panel;

    fn new_tree(&self, runner: &mut TestRunner) -> NewTree<Self> {
        let mut study = small_studies().new_tree(runner)?.current();
        study.dirt = self.dirt;
        let simulated = study.simulate().map_err(|trouble| Reason::from(trouble.to_string()))?;
        Ok(PanelTree::new(simulated.dirty))
    }
}

/// A panel that shrinks: rows are taken out, in halves first and one by one in the end; then columns of questions; then
/// numbers become 0. What `record` and `wave` say of a row stays.
#[derive(Clone, Debug)]
pub struct PanelTree {
    now: Panel,
    /// The panel before the last step, while it may be taken back.
    before: Option<Panel>,
    stage: Stage,
    /// Where the next step works.
    at: usize,
}

#[derive(Clone, Copy, Debug)]
enum Stage {
    /// Taking out so many rows at a time.
    Rows(usize),
    Columns,
    Cells,
    Done,
}

impl PanelTree {
    fn new(now: Panel) -> Self {
        let stage = Stage::Rows(now.rows().max(1));
        Self { now, before: None, stage, at: 0 }
    }

    /// Tries the step at the place where the tree is; `None` where the stage has come to its end.
    fn step(&self) -> Option<Panel> {
        match self.stage {
            Stage::Rows(size) => {
                let rows = self.now.rows();
                let kept: Vec<usize> = (0..rows).filter(|row| !(self.at..self.at + size).contains(row)).collect();
                (self.at < rows).then(|| self.now.select(&kept))
            }
            Stage::Columns => {
                let mut smaller = self.now.clone();
                let column = smaller.columns.len() - self.now.items().len() + self.at;
                (column < smaller.columns.len()).then(|| {
                    smaller.columns.remove(column);
                    smaller
                })
            }
            Stage::Cells | Stage::Done => None,
        }
    }

    /// The next number, from `at` on, that is not 0, with 0 in its place; cells are counted through all columns that may
    /// change.
    fn zero(&mut self) -> Option<Panel> {
        let rows = self.now.rows();
        let changes = |column: &Column| !["record", "wave"].contains(&column.name.as_str());
        let columns: Vec<usize> = (0..self.now.columns.len()).filter(|c| changes(&self.now.columns[*c])).collect();
        while self.at < rows * columns.len() {
            let (column, row) = (columns[self.at / rows], self.at % rows);
            if self.now.columns[column].number(row).is_some_and(|value| value != 0.0) {
                let mut smaller = self.now.clone();
                smaller.columns[column].cells[row] = Some(Cell::Number(0.0));
                return Some(smaller);
            }
            self.at += 1;
        }
        None
    }

    fn next_stage(&mut self) {
        self.at = 0;
        self.stage = match self.stage {
            Stage::Rows(size) if size > 1 => Stage::Rows(size.div_ceil(2)),
            Stage::Rows(_) => Stage::Columns,
            Stage::Columns => Stage::Cells,
            Stage::Cells | Stage::Done => Stage::Done,
        };
    }
}

impl ValueTree for PanelTree {
    type Value = Panel;

    fn current(&self) -> Panel {
        self.now.clone()
    }

    fn simplify(&mut self) -> bool {
        loop {
            let smaller = match self.stage {
                Stage::Done => return false,
                Stage::Cells => self.zero(),
                _ => self.step(),
            };
            match smaller {
                Some(smaller) => {
                    self.before = Some(std::mem::replace(&mut self.now, smaller));
                    return true;
                }
                None => self.next_stage(),
            }
        }
    }

    fn complicate(&mut self) -> bool {
        let Some(before) = self.before.take() else { return false };
        self.now = before;
        // The same step is not tried again.
        self.at += match self.stage {
            Stage::Rows(size) => size,
            _ => 1,
        };
        true
    }
}
