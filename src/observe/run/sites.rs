//! The sites of a batch at a wave, as a loss of sites sees and changes them.

use super::super::scope::Meaning;
use super::Scratch;
use super::field::Field;
use super::when::When;
use crate::formula::Input;
use crate::rules::{Occasion, Rule, Segment};
use crate::streams::stratum;
use crate::tables::RunProblem;

/// The sites of all replicates of a batch at a wave, replicate after replicate. A site's draws go by its number within
/// its replicate, so that they are the same for all of its persons, wherever these are worked on.
#[derive(Debug)]
pub(in crate::observe) struct Sites<'f, 'p> {
    pub(super) field: &'f mut Field<'p>,
    pub(super) scratch: &'f mut Scratch,
    pub(super) wave: usize,
    /// Position of the loss.
    pub(super) loss: usize,
}

impl Sites<'_, '_> {
    /// The wave, from 0.
    pub fn wave(&self) -> usize {
        self.wave
    }

    /// Which sites this loss keeps away (1), at first none.
    pub fn lost(&mut self) -> &mut [u8] {
        let sites = self.field.sites();
        let lost = &mut self.field.lost_sites[self.loss];
        lost.resize(sites, 0);
        lost
    }

    /// The outcome of a rule for the sites that are 0 in `skip`; what the others get means nothing. `number` is the
    /// position of the rule among the loss's.
    pub fn decide(&mut self, rule: &Rule, number: usize, skip: &[u8]) -> Result<Vec<u8>, RunProblem> {
        let sites = skip.len();
        let mut codes = vec![0; sites];
        let segments = self.segments();
        let when = When::wave(self.field.plan, self.wave);
        let occasion = Occasion {
            streams: self.field.streams,
            number: when.occasion,
            drawn_on: when.occasion,
            segments: &segments,
            people: None,
            batch_rows: sites,
            epoch: self.scratch.epoch,
            skip: Some(skip),
        };
        let count = self.field.plan.truth.sites.len().max(1);
        let numbers: Vec<f64> = (0..sites).map(|site| (site % count) as f64).collect();
        let meanings = rule.slots().iter().map(|slot| self.field.plan.meanings[*slot as usize]);
        let inputs: Vec<Input<'_>> = meanings.map(|m| input(self.field, m, &when, &numbers)).collect();
        let rules = &mut self.scratch.losses[self.loss];
        rules.resize_with(rules.len().max(number + 1), Default::default);
        let decided = rule.decide(&inputs, &occasion, &mut rules[number], &mut codes);
        decided.map_err(|bad| {
            let text = rule.programs()[bad.formula].text();
            let site = &self.field.plan.truth.sites[bad.row % count];
            let replicate = self.field.truth.replicates.start + (bad.row / count) as u64;
            let (written, wave, value) = (&text.text, self.wave + 1, bad.value);
            let message = format!(
                "`{written}` is {value} for site `{site}` in replicate {replicate} at wave {wave}, and that cannot be \
                 used here"
            );
            RunProblem { code: "R0002", message, span: Some(text.span.clone()) }
        })?;
        Ok(codes)
    }

    /// Adds to what the audit counts of a part of this mechanism at this wave. Of a cohort that is observed in parts
    /// only the first one counts, as each of them has all sites.
    pub fn count(&mut self, part: usize, at_risk: u64, happened: u64) {
        if self.field.counts_sites {
            let first = self.field.plan.losses[self.loss].first_mechanism;
            self.field.count(first + part, self.wave, at_risk, happened);
        }
    }

    fn segments(&self) -> Vec<Segment> {
        let count = self.field.plan.truth.sites.len();
        let replicates = self.field.truth.replicates.clone().enumerate();
        let segment = |(r, replicate): (usize, u64)| {
            let rows = r * count..(r + 1) * count;
            Segment { rows, first: 0, group: 0, stratum: stratum("site"), replicate }
        };
        replicates.map(segment).collect()
    }
}

/// What a formula of sites may read; `loss::site_loss` refuses all else.
fn input<'b>(field: &'b Field<'_>, meaning: Meaning, when: &When<'_>, numbers: &'b [f64]) -> Input<'b> {
    match meaning {
        Meaning::Site => Input::Number(numbers),
        Meaning::SiteEffect(e) => Input::Number(&field.truth.site_effects[e]),
        Meaning::Time => Input::Constant(field.truth.schema.years(when.moment)),
        Meaning::Wave => Input::Constant(when.wave as f64 + 1.0),
        _ => Input::Constant(f64::NAN),
    }
}
