//! How much of a survey is kept.

/// How much a survey keeps of a batch. The counts of the audit are the same for all, but that coders and comments are
/// counted only where single interviews are kept, since only there are comments made; and that nothing is counted for
/// tables alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Keep {
    /// What the tables of the study read (see [`Plan::print`](super::Plan::print)), and nothing else: neither answers nor
    /// interviews nor marks of coders that no table reads are made.
    Tables,
    /// The answers that stand for each wave: what methods read.
    Answers,
    /// Single interviews and the marks of coders, too: what tables of a study are made from.
    Interviews,
    /// The reason of every cell, the mood and trust of interviews and all comments that were made, too: what a release
    /// with the truth holds.
    Cells,
}

impl Keep {
    /// Whether single interviews are kept.
    pub(super) fn interviews(self) -> bool {
        self != Self::Answers
    }

    /// Whether only what tables read is made.
    pub(super) fn only_tables(self) -> bool {
        self == Self::Tables
    }

    /// Whether the audit has more than counts.
    pub(super) fn cells(self) -> bool {
        self == Self::Cells
    }
}
