//! How linked interviews become records.

use super::{Interview, OneToOne};
use crate::statistics::linkage::assignment::Candidate;
use crate::statistics::linkage::join::components;

/// In which order waves are linked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Joining {
    /// Wave after wave: the interviews of a wave are linked with the last interview of each record so far.
    Chain,
    /// Every two waves; then what hangs together is a record, the strongest links first.
    Components,
}

impl Joining {
    pub(super) const WORDS: [&'static str; 2] = ["chain", "components"];
    pub(super) const ALL: [Self; 2] = [Self::Chain, Self::Components];

    pub(super) fn word(self) -> &'static str {
        match self {
            Self::Chain => Self::WORDS[0],
            Self::Components => Self::WORDS[1],
        }
    }

    /// Links the interviews of waves by `candidates`, which gives the pairs of two lists that may be links.
    pub(super) fn join(self, waves: &[Vec<Interview>], one_to_one: OneToOne, candidates: Candidates<'_>) -> Joined {
        match self {
            Self::Chain => chain(waves, one_to_one, candidates),
            Self::Components => hanging_together(waves, one_to_one, candidates),
        }
    }
}

/// Two lists of interviews that were linked with each other.
#[derive(Clone, Debug, Default)]
pub(super) struct Stage {
    /// The earlier ones.
    pub(super) a: Vec<Interview>,
    /// Those of a later wave.
    pub(super) b: Vec<Interview>,
    /// Pairs that may be links, as positions in the two lists.
    pub(super) candidates: Vec<Candidate>,
    /// Positions of the candidates that became links.
    pub(super) taken: Vec<usize>,
}

/// Records made of interviews, and how that came about.
#[derive(Clone, Debug, Default)]
pub(super) struct Joined {
    /// Interviews of each record, in the order of waves.
    pub(super) records: Vec<Vec<Interview>>,
    pub(super) stages: Vec<Stage>,
}

impl Joined {
    /// By wave and new record, the record of the data set as it came; `u32::MAX` for none.
    pub(super) fn links(&self, waves: usize, into: &mut Vec<Vec<u32>>) {
        into.resize_with(waves, Vec::new);
        for rows in into.iter_mut() {
            rows.clear();
            rows.resize(self.records.len(), u32::MAX);
        }
        for (record, interviews) in self.records.iter().enumerate() {
            for interview in interviews {
                into[interview.wave][record] = interview.record as u32;
            }
        }
    }
}

pub(super) type Candidates<'c> = &'c mut dyn FnMut(&[Interview], &[Interview]) -> Vec<Candidate>;

fn chain(waves: &[Vec<Interview>], one_to_one: OneToOne, candidates: Candidates<'_>) -> Joined {
    let mut joined = Joined::default();
    for wave in waves {
        let last: Vec<Interview> = joined.records.iter().filter_map(|record| record.last().copied()).collect();
        let mut record_of: Vec<Option<usize>> = vec![None; wave.len()];
        if !last.is_empty() {
            let stage = stage(last, wave.clone(), one_to_one, candidates);
            for k in &stage.taken {
                let (record, interview) = stage.candidates[*k].pair;
                record_of[interview] = Some(record);
            }
            joined.stages.push(stage);
        }
        for (interview, record) in wave.iter().zip(record_of) {
            match record {
                Some(record) => joined.records[record].push(*interview),
                None => joined.records.push(vec![*interview]),
            }
        }
    }
    joined
}

fn hanging_together(waves: &[Vec<Interview>], one_to_one: OneToOne, candidates: Candidates<'_>) -> Joined {
    let all: Vec<Interview> = waves.concat();
    let mut starts = vec![0];
    waves.iter().for_each(|wave| starts.push(starts.last().copied().unwrap_or(0) + wave.len()));
    let mut joined = Joined::default();
    let mut links = Vec::new();
    for (v, a) in waves.iter().enumerate() {
        for (w, b) in waves.iter().enumerate().skip(v + 1) {
            let stage = stage(a.clone(), b.clone(), one_to_one, candidates);
            links.extend(stage.taken.iter().map(|k| {
                let Candidate { pair: (x, y), gain } = stage.candidates[*k];
                Candidate { pair: (starts[v] + x, starts[w] + y), gain }
            }));
            joined.stages.push(stage);
        }
    }
    let occasions: Vec<u32> = all.iter().map(|interview| interview.wave as u32).collect();
    for (interview, record) in all.iter().zip(components(&occasions, &links)) {
        // Records are numbered in the order of their first interviews.
        if record == joined.records.len() {
            joined.records.push(Vec::new());
        }
        joined.records[record].push(*interview);
    }
    joined
}

fn stage(a: Vec<Interview>, b: Vec<Interview>, one_to_one: OneToOne, candidates: Candidates<'_>) -> Stage {
    let candidates = candidates(&a, &b);
    let taken = one_to_one.choose(&candidates);
    Stage { a, b, candidates, taken }
}
