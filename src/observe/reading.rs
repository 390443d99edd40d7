//! What of a survey somebody reads, and what therefore need not be worked: draws are addressed, so what is left out changes
//! nothing of the rest.

use super::plan::Plan;
use super::scope::Meaning;
use crate::rules::Rule;
use crate::tables::Reading;

/// What of a survey is worked when only its tables are wanted.
#[derive(Clone, Debug, Default)]
pub(super) struct Work {
    /// By item: its answers.
    pub items: Vec<bool>,
    /// So many waves have interviews; of later ones it is known only who took part.
    pub waves: usize,
    /// By wave: single interviews and comments.
    pub told: Vec<bool>,
    /// Position of the coder who marks.
    pub coder: Option<usize>,
}

impl Plan {
    /// What must be worked for a reading: what it names, and all that this goes by.
    pub(super) fn work_for(&self, reading: &Reading) -> Work {
        let waves = self.truth.waves.len();
        let told: Vec<bool> = (0..waves).map(|wave| reading.waves.contains(&wave)).collect();
        let read = |item: usize| {
            reading.items.contains(&item)
                || self.meanings.iter().any(|meaning| match meaning {
                    Meaning::Reported(read) | Meaning::Recorded(read, _) => *read == item,
                    _ => false,
                })
        };
        let last = reading.waves.iter().max().map_or(0, |wave| wave + 1);
        Work {
            items: (0..self.items.len()).map(read).collect(),
            waves: self.last_read_outside().max(last),
            told,
            coder: reading.coder,
        }
    }

    /// How many of the first waves must have interviews for what is decided outside of interviews.
    fn last_read_outside(&self) -> usize {
        let waves = self.truth.waves.len();
        let of_losses = self.losses.iter().flat_map(|loss| loss.work.parts()).flat_map(|part| part.rules);
        let of_linkage = self.linkage.iter().flat_map(|linkage| linkage.decisions()).map(|(rule, _)| rule);
        let rules = of_losses.chain(of_linkage).chain(self.sets.iter().map(|set| &set.rule)).flat_map(Rule::slots);
        let laws = self.visits.iter().flat_map(|law| law.slots());
        let linked = self.linkage.iter().flat_map(|linkage| linkage.mechanisms()).flat_map(|mechanism| mechanism.slots);
        let slots: Vec<u32> = rules.chain(laws).copied().chain(linked).collect();
        let read = slots.iter().filter_map(|slot| self.meanings.get(*slot as usize).copied());
        let read = read.chain(self.losses.iter().flat_map(|loss| loss.work.reads()));
        let needed = read.map(|meaning| match meaning {
            Meaning::Recorded(_, wave) => wave + 1,
            Meaning::Now(_)
            | Meaning::Lag(_)
            | Meaning::Since(_)
            | Meaning::SiteMean(_)
            | Meaning::SiteEffect(_)
            | Meaning::Age(_)
            | Meaning::Group
            | Meaning::Site
            | Meaning::Time
            | Meaning::Wave
            | Meaning::Contacts => 0,
            Meaning::Mood
            | Meaning::Interviewer(_)
            | Meaning::SameInterviewer
            | Meaning::OthersPresent
            | Meaning::Trust
            | Meaning::Reported(_)
            | Meaning::Relation => waves,
        });
        needed.max().unwrap_or(0)
    }
}
