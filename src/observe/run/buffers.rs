//! Columns that survey formulas read and that do not lie in the truth as they are.

use crate::distribution::LawScratch;
use crate::streams::Person;

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
    /// For a slot that reads means over sites, the run and the moment of the values.
    pub means_of: Vec<Option<(u64, usize)>>,
    /// The run.
    pub epoch: u64,
    pub mood: Vec<f64>,
    pub interviewers: Vec<Vec<f64>>,
    /// Who comes to the interview, and whether it is the one of the person's last interview.
    pub interviewer: Vec<u16>,
    pub same_interviewer: Vec<u8>,
    pub others_present: Vec<u8>,
    /// Trust when the interview began, where single interviews are kept.
    pub trust: Vec<f64>,
    pub codes: Vec<u8>,
    pub picked: Picked,
    pub law: LawScratch,
    pub group_values: Vec<f64>,
    pub contact_values: Vec<f64>,
}

/// Some rows of a chunk, worked on apart from the others.
#[derive(Clone, Debug, Default)]
pub(super) struct Picked {
    pub people: Vec<Person>,
    pub away: Vec<u8>,
    pub codes: Vec<u8>,
    pub numbers: Vec<f64>,
}

impl Picked {
    /// Picks the rows `here` of a chunk with these persons; does nothing without.
    pub fn of(&mut self, people: &[Person], here: Option<&[u32]>, away: Option<&[u8]>) {
        let Some(here) = here else { return };
        self.people.clear();
        self.people.extend(here.iter().map(|i| people[*i as usize]));
        self.away.clear();
        self.away.extend(away.iter().flat_map(|away| here.iter().map(|i| away[*i as usize])));
        self.codes.resize(here.len(), 0);
        self.numbers.resize(here.len(), 0.0);
    }
}
