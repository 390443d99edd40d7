//! Who is in which analysis set, once the survey is over.

use super::Scratch;
use super::field::Field;
use super::when::When;
use crate::tables::RunProblem;
use crate::tables::observed::AnswerColumn;

impl Field<'_> {
    /// Adds a column for each analysis set to what is known of the records.
    pub(super) fn settle_sets(&mut self, scratch: &mut Scratch) -> Result<(), RunProblem> {
        let plan = self.plan;
        let Some(last) = plan.truth.waves.len().checked_sub(1) else { return Ok(()) };
        self.is_over = true;
        let when = When::wave(plan, last);
        let mut members: Vec<Vec<u8>> = Vec::with_capacity(plan.sets.len());
        for (s, set) in plan.sets.iter().enumerate() {
            let mut codes = vec![0; self.layout.rows()];
            for at in 0..self.layout.chunks().len() {
                let chunk = self.layout.chunks()[at].clone();
                let rows = chunk.rows.clone();
                let outside: Vec<u8> = match set.needs {
                    Some(needed) => members[needed][rows.clone()].iter().map(|code| 1 - code).collect(),
                    None => vec![0; rows.len()],
                };
                let inside = self.decide(&set.rule, &when, &chunk, Some(&outside), scratch, |s_| &mut s_.sets[s])?;
                let (mut at_risk, mut happened) = (0, 0);
                for ((code, inside), outside) in codes[rows].iter_mut().zip(&inside).zip(&outside) {
                    *code = inside & (1 - outside);
                    at_risk += u64::from(1 - outside);
                    happened += u64::from(*code);
                }
                scratch.buffers.codes = inside;
                self.count(set.mechanism, last, at_risk, happened);
            }
            members.push(codes);
        }
        self.observed.baseline.extend(members.into_iter().map(AnswerColumn::Coded));
        Ok(())
    }
}
