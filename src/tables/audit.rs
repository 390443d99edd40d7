//! Why an observed cell differs from the truth, and what the mechanisms did in all.

use serde::Serialize;

/// Why a cell of the observed table is not the true value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[repr(u8)]
pub enum Reason {
    /// The observed value is the true value.
    AsTrue = 0,
    /// No answer: the person had dropped out.
    Dropout = 1,
    /// No answer: the wave was missed, with return possible.
    MissedWave = 2,
    /// No answer: no visit took place in the wave.
    NoVisit = 3,
    /// No answer to this one question.
    ItemNonResponse = 4,
    /// Another level or number than the true one was reported.
    Misclassified = 5,
    /// Reported at a visit earlier in the wave; the truth has changed since.
    ChangedSince = 6,
}

impl Reason {
    /// All reasons, in the order of their codes.
    pub const ALL: [Reason; 7] = [
        Reason::AsTrue,
        Reason::Dropout,
        Reason::MissedWave,
        Reason::NoVisit,
        Reason::ItemNonResponse,
        Reason::Misclassified,
        Reason::ChangedSince,
    ];

    /// The name that is written into the audit table.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::AsTrue => "as_true",
            Self::Dropout => "dropout",
            Self::MissedWave => "missed_wave",
            Self::NoVisit => "no_visit",
            Self::ItemNonResponse => "item_non_response",
            Self::Misclassified => "misclassification",
            Self::ChangedSince => "changed_since",
        }
    }
}

/// How often each reason occurred for one item at one wave, over all replicates of a batch or of a condition.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct AuditCount {
    /// Name of the item.
    pub item: String,
    /// Wave, counted from 1.
    pub wave: u16,
    /// Cells per reason, in the order of [`Reason::ALL`].
    pub cells: [u64; Reason::ALL.len()],
}

/// The audit of a batch.
#[derive(Clone, Debug, Default)]
pub struct Audit {
    /// Code of the reason of each cell, `cells[item][wave][row]`; empty where only counts were asked for.
    pub cells: Vec<Vec<Vec<u8>>>,
    /// Counts per item and wave.
    pub counts: Vec<AuditCount>,
}

impl Audit {
    /// Adds the counts of another batch of the same condition.
    pub fn add_counts(&mut self, other: &Audit) {
        if self.counts.is_empty() {
            self.counts.clone_from(&other.counts);
            return;
        }
        for (mine, theirs) in self.counts.iter_mut().zip(&other.counts) {
            for (a, b) in mine.cells.iter_mut().zip(theirs.cells) {
                *a += b;
            }
        }
    }
}
