//! One wave: losses, interviews, audit.

use super::Scratch;
use super::audit::{audit_wave, count};
use super::field::Field;
use super::when::When;
use crate::rules::Chunk;
use crate::tables::observed::VisitColumns;
use crate::tables::{Reason, RunProblem};

impl Field<'_> {
    /// One wave for everybody.
    pub fn wave(&mut self, wave: usize, scratch: &mut Scratch) -> Result<(), RunProblem> {
        if wave == 0 {
            self.draw_interviewer_effects(scratch)?;
        }
        let mut visits: Vec<VisitColumns> = Vec::new();
        for at in 0..self.layout.chunks().len() {
            let chunk = self.layout.chunks()[at].clone();
            self.lose(wave, &chunk, scratch)?;
            self.visit(wave, &chunk, &mut visits, scratch)?;
        }
        let counts = audit_wave(self, wave);
        for (item, (cells, counted)) in counts.into_iter().enumerate() {
            if self.keep_cells {
                self.audit.cells[item].push(cells);
            }
            let name = &self.plan.schema.items[item].name;
            self.audit.counts.push(count(name, wave, counted));
        }
        self.observed.visits.extend(visits);
        Ok(())
    }

    /// Loses persons for good or for this wave.
    fn lose(&mut self, wave: usize, chunk: &Chunk, scratch: &mut Scratch) -> Result<(), RunProblem> {
        let rows = chunk.rows.clone();
        for (absent, gone) in self.absent[rows.clone()].iter_mut().zip(&self.gone[rows.clone()]) {
            *absent = if *gone { Reason::Dropout as u8 } else { 0 };
        }
        let plan = self.plan;
        for (k, loss) in plan.losses.iter().enumerate() {
            if wave < loss.from_wave {
                continue;
            }
            let when = When::wave(plan, wave);
            let away = Some(&self.absent[rows.clone()]);
            let lost = self.decide(&loss.rule, &when, chunk, away, scratch, |s| &mut s.losses[k])?;
            let absent = self.absent[rows.clone()].iter_mut();
            for ((absent, gone), lost) in absent.zip(&mut self.gone[rows.clone()]).zip(&lost) {
                let now = *absent == 0 && *lost == 1;
                *absent = if now { loss.reason as u8 } else { *absent };
                *gone |= now && loss.for_good;
            }
            scratch.buffers.codes = lost;
        }
        Ok(())
    }
}
