//! One wave: losses, interviews, audit.

use super::Scratch;
use super::audit::{audit_wave, count, count_own_mechanisms};
use super::field::Field;
use super::presence::Presence;
use super::sites::Sites;
use crate::observe::plan::Loss;
use crate::rules::Chunk;
use crate::tables::RunProblem;
use crate::tables::observed::VisitColumns;

impl Field<'_> {
    /// One wave for everybody.
    pub fn wave(&mut self, wave: usize, scratch: &mut Scratch) -> Result<(), RunProblem> {
        if wave == 0 {
            self.begin(scratch)?;
        }
        self.lose_sites(wave, scratch)?;
        self.begin_asking();
        let mut visits: Vec<VisitColumns> = Vec::new();
        for at in 0..self.layout.chunks().len() {
            let chunk = self.layout.chunks()[at].clone();
            self.lose(wave, &chunk, scratch)?;
            self.decide_linkage(wave, &chunk, scratch)?;
            self.visit(wave, &chunk, &mut visits, scratch)?;
            self.miss(wave, &chunk);
        }
        self.observed.visits.extend(visits);
        // Nobody reads the counts of a study of which only the tables are wanted, but for what is erased later.
        if self.keep.only_tables() && !self.keeps_cells() {
            return Ok(());
        }
        let counts = audit_wave(self, wave);
        count_own_mechanisms(self, wave, &counts);
        for (item, (cells, counted)) in counts.into_iter().enumerate() {
            if self.keeps_cells() {
                self.audit.cells[item].push(cells);
            }
            let name = &self.plan.schema.items[item].name;
            self.audit.counts.push(count(name, wave, counted));
        }
        Ok(())
    }

    /// Loses sites, for all chunks alike.
    fn lose_sites(&mut self, wave: usize, scratch: &mut Scratch) -> Result<(), RunProblem> {
        let plan = self.plan;
        for (loss, Loss { work, .. }) in plan.losses.iter().enumerate() {
            work.work_on_sites(&mut Sites { field: self, scratch, wave, loss })?;
        }
        Ok(())
    }

    /// Loses persons for good or for this wave.
    fn lose(&mut self, wave: usize, chunk: &Chunk, scratch: &mut Scratch) -> Result<(), RunProblem> {
        let rows = chunk.rows.clone();
        let gone_before = self.gone[rows.clone()].to_vec();
        self.absent[rows].copy_from_slice(&gone_before);
        let plan = self.plan;
        for (loss, Loss { work, .. }) in plan.losses.iter().enumerate() {
            work.work(&mut Presence { field: self, scratch, chunk, wave, loss, gone_before: &gone_before })?;
        }
        Ok(())
    }
}
