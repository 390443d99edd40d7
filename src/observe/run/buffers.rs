//! Columns that survey formulas read and that do not lie in the truth as they are.

use crate::distribution::LawScratch;

/// Columns over the rows of one chunk.
#[derive(Clone, Debug, Default)]
pub(super) struct Buffers {
    /// Numbers worked out for a slot.
    pub numbers: Vec<Vec<f64>>,
    /// Codes gathered for a slot.
    pub gathered: Vec<Vec<u8>>,
    /// Sites through all replicates of the batch.
    pub sites: Vec<u32>,
    /// Likewise, at the wave, where means over sites are those of the wave.
    pub sites_at_wave: Vec<u32>,
    /// For a slot that reads a value per site, the values.
    pub by_site: Vec<Vec<f64>>,
    pub mood: Vec<f64>,
    pub interviewers: Vec<Vec<f64>>,
    /// Who comes to the interview, and whether it is the one of the person's last interview.
    pub interviewer: Vec<u16>,
    pub same_interviewer: Vec<u8>,
    pub others_present: Vec<u8>,
    /// Trust when the interview began, where single interviews are kept.
    pub trust: Vec<f64>,
    pub codes: Vec<u8>,
    pub law: LawScratch,
    pub group_values: Vec<f64>,
    pub contact_values: Vec<f64>,
}
