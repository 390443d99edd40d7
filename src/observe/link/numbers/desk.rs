//! The desk at which interviews of one replicate are filed under numbers, wave after wave.

use crate::observe::link::{Interviews, NOBODY, Records};
use std::ops::Range;

/// Under which number a person is filed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Held {
    /// The record with the person's number; [`NOBODY`] where the person gets a new one.
    pub record: u32,
    /// Whether the number had been given to somebody else before.
    pub guest: bool,
    /// The record that the person had before a number was lost.
    pub left: u32,
}

/// The desk.
#[derive(Debug)]
pub(super) struct Desk<'a, 'r> {
    pub interviews: &'a Interviews<'a>,
    pub records: &'r mut Records,
    /// Rows of the persons of the replicate.
    pub rows: Range<usize>,
    /// First record of the replicate.
    pub first: usize,
    /// The wave at work, from 0.
    pub wave: usize,
    /// Position of the decisions of the trouble at work.
    pub decision: usize,
    /// By person of the replicate.
    pub held: Vec<Held>,
    /// Who is filed alone at this wave, under a number that nobody has.
    pub alone: Vec<bool>,
    /// Whose interview is entered once more.
    pub twice: Vec<bool>,
}

impl<'a, 'r> Desk<'a, 'r> {
    /// Before the first wave.
    pub fn new(interviews: &'a Interviews<'a>, rows: Range<usize>, first: usize, records: &'r mut Records) -> Self {
        let persons = rows.len();
        Self {
            interviews,
            records,
            rows,
            first,
            wave: 0,
            decision: 0,
            held: vec![Held { record: NOBODY, guest: false, left: NOBODY }; persons],
            alone: vec![false; persons],
            twice: vec![false; persons],
        }
    }

    /// The row of the batch of a person of the replicate.
    pub fn row(&self, person: usize) -> usize {
        self.rows.start + person
    }

    /// Persons of the replicate who were interviewed at the wave.
    pub fn present(&self) -> Vec<usize> {
        let attended = &self.interviews.attended[self.wave][self.rows.clone()];
        (0..attended.len()).filter(|person| attended[*person]).collect()
    }

    /// Whether the trouble at work was decided for a person at the wave.
    pub fn is_decided(&self, person: usize) -> bool {
        self.interviews.is_decided(self.decision, self.wave, self.row(person))
    }

    /// A person's number cannot be found: the next interview gets a new one.
    pub fn lose_number(&mut self, person: usize) {
        let held = &mut self.held[person];
        *held = Held { record: NOBODY, guest: false, left: held.record };
    }

    /// Files the interviews of the wave. Where a number turns out to be that of two persons who were both interviewed,
    /// the team sees it, and whoever got the number later has a new one from then on.
    pub fn file(&mut self) {
        let present = self.present();
        for guests in [false, true] {
            for &person in &present {
                let held = self.held[person];
                if self.alone[person] || held.guest != guests {
                    continue;
                }
                let row = self.row(person);
                if held.record == NOBODY || self.records.has(held.record, self.wave) {
                    let record = self.records.open(self.wave, row);
                    self.held[person] = Held { record, guest: false, left: NOBODY };
                } else {
                    self.records.file(held.record, self.wave, row);
                }
            }
        }
        for flags in [&mut self.alone, &mut self.twice] {
            for (person, flag) in flags.iter_mut().enumerate().filter(|(_, flag)| **flag) {
                self.records.open(self.wave, self.rows.start + person);
                *flag = false;
            }
        }
    }
}
