//! Why an observed cell differs from the truth, and what the mechanisms did in all.

use serde::{Deserialize, Serialize};

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
    /// Another level than the true one was reported.
    Misclassified = 5,
    /// Reported at a visit earlier in the wave; the truth has changed since.
    ChangedSince = 6,
    /// No answer: the person had not entered the study (refreshment sample, delayed entry).
    NotYet = 7,
    /// No answer: the person refused to begin.
    Refused = 8,
    /// No answer: consent or assent had been withdrawn.
    Withdrawn = 9,
    /// The answer was erased when consent or assent was withdrawn.
    Erased = 10,
    /// No answer: the partner at the person's site had left the study.
    SiteLost = 11,
    /// No answer: the person had died.
    Died = 12,
    /// No answer: the person had left the country.
    Emigrated = 13,
    /// No answer: observation had ended by design (right-censoring).
    Censored = 14,
    /// No answer, or one filled in by a skip pattern: the question was not asked.
    NotAsked = 15,
    /// A draw was added to the true number.
    MeasurementError = 16,
    /// The number was rounded or heaped.
    Rounded = 17,
    /// A true yes was forgotten.
    Forgotten = 18,
    /// Something that is over was told as present.
    Telescoped = 19,
    /// A true yes was not disclosed.
    Undisclosed = 20,
    /// The answer agrees with the question, not with the truth.
    Acquiescent = 21,
    /// The answer was changed without a change in truth.
    SecondGuessed = 22,
    /// An earlier yes was denied, the truth unchanged.
    Recanted = 23,
    /// The answer was changed by having been asked before.
    Conditioned = 24,
    /// The answer of the interview before was repeated, though the truth has changed (seam effect).
    Repeated = 25,
}

impl Reason {
    /// All reasons, in the order of their codes.
    pub const ALL: [Reason; 26] = [
        Reason::AsTrue,
        Reason::Dropout,
        Reason::MissedWave,
        Reason::NoVisit,
        Reason::ItemNonResponse,
        Reason::Misclassified,
        Reason::ChangedSince,
        Reason::NotYet,
        Reason::Refused,
        Reason::Withdrawn,
        Reason::Erased,
        Reason::SiteLost,
        Reason::Died,
        Reason::Emigrated,
        Reason::Censored,
        Reason::NotAsked,
        Reason::MeasurementError,
        Reason::Rounded,
        Reason::Forgotten,
        Reason::Telescoped,
        Reason::Undisclosed,
        Reason::Acquiescent,
        Reason::SecondGuessed,
        Reason::Recanted,
        Reason::Conditioned,
        Reason::Repeated,
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
            Self::NotYet => "not_yet",
            Self::Refused => "refused",
            Self::Withdrawn => "withdrawn",
            Self::Erased => "erased",
            Self::SiteLost => "site_lost",
            Self::Died => "died",
            Self::Emigrated => "emigrated",
            Self::Censored => "censored",
            Self::NotAsked => "not_asked",
            Self::MeasurementError => "measurement_error",
            Self::Rounded => "rounded",
            Self::Forgotten => "forgotten",
            Self::Telescoped => "telescoped",
            Self::Undisclosed => "undisclosed",
            Self::Acquiescent => "acquiescent",
            Self::SecondGuessed => "second_guessed",
            Self::Recanted => "recanted",
            Self::Conditioned => "conditioned",
            Self::Repeated => "repeated",
        }
    }

    /// What it did to a cell, in words.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::AsTrue => "as in the truth",
            Self::Dropout => "lost by dropout",
            Self::MissedWave => "lost with a missed wave",
            Self::NoVisit => "lost without a visit",
            Self::ItemNonResponse => "not given",
            Self::Misclassified => "not the truth",
            Self::ChangedSince => "true when given, changed since",
            Self::NotYet => "not yet in the study",
            Self::Refused => "refused to begin",
            Self::Withdrawn => "consent or assent withdrawn",
            Self::Erased => "erased after withdrawal",
            Self::SiteLost => "lost with the site",
            Self::Died => "lost by death",
            Self::Emigrated => "lost by emigration",
            Self::Censored => "observation ended by design",
            Self::NotAsked => "not asked",
            Self::MeasurementError => "measured with error",
            Self::Rounded => "rounded",
            Self::Forgotten => "forgotten",
            Self::Telescoped => "placed at the wrong time",
            Self::Undisclosed => "not disclosed",
            Self::Acquiescent => "agreed to",
            Self::SecondGuessed => "second-guessed",
            Self::Recanted => "recanted",
            Self::Conditioned => "changed by having been asked before",
            Self::Repeated => "repeated from the interview before",
        }
    }

    /// What a team would write into its own data as the reason of a missing answer; `None` where there is an answer.
    #[must_use]
    pub fn of_missing(self) -> Option<&'static str> {
        match self {
            Self::Dropout => Some("lost"),
            Self::MissedWave | Self::NoVisit => Some("wave_missed"),
            Self::ItemNonResponse => Some("refused"),
            Self::NotYet => Some("not_yet_in_study"),
            Self::Refused => Some("refused_to_begin"),
            Self::Withdrawn | Self::Erased => Some("withdrawn"),
            Self::SiteLost => Some("site_lost"),
            Self::Died => Some("died"),
            Self::Emigrated => Some("emigrated"),
            Self::Censored => Some("observation_ended"),
            Self::NotAsked => Some("not_asked"),
            _ => None,
        }
    }

    /// The reason with this code.
    #[must_use]
    pub fn of_code(code: u8) -> Option<Self> {
        Self::ALL.get(usize::from(code)).copied()
    }
}

/// How often each reason occurred for one item at one wave, over all replicates of a batch or of a condition.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AuditCount {
    /// Name of the item.
    pub item: String,
    /// Wave, counted from 1.
    pub wave: u16,
    /// Cells per reason, in the order of [`Reason::ALL`].
    pub cells: [u64; Reason::ALL.len()],
}

/// What one mechanism did at one wave, over all replicates of a batch or of a condition: its realised rate is
/// `happened / at_risk`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct MechanismCount {
    /// Name as in the list of mechanisms: kind, number where there are several, and the item where it has one.
    pub name: String,
    /// Wave, counted from 1.
    pub wave: u16,
    /// Persons, answers or sites on which it could have worked.
    pub at_risk: u64,
    /// Those on which it did. Of comments: how many were made, where `at_risk` are the interviews.
    pub happened: u64,
}

/// What the survey drew besides answers at one interview occasion, per row. Nobody in the study knows it.
#[derive(Clone, Debug, Default)]
pub struct Circumstances {
    /// Wave, counted from 0.
    pub wave: usize,
    /// Which visit of the wave this is, counted from 0.
    pub number: usize,
    /// Mood of the interview; NaN where there was none. Empty where no mood is declared.
    pub mood: Vec<f64>,
    /// Trust at the start of the interview; likewise.
    pub trust: Vec<f64>,
}

/// True comments of all interviews: what was said, by theme, before anybody coded it. One entry per comment.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TrueComments {
    /// Row of the person.
    pub row: Vec<u32>,
    /// Wave, counted from 0.
    pub wave: Vec<u16>,
    /// Visit of the wave, counted from 0.
    pub visit: Vec<u16>,
    /// Number of the comment in the interview, counted from 0; coders' marks name it.
    pub number: Vec<u16>,
    /// Theme, by position; as many as there are themes for a comment of no theme.
    pub theme: Vec<u8>,
    /// 0 negative, 1 positive; 255 where the theme has neither.
    pub valence: Vec<u8>,
    /// 0 away, 1 toward; 255 where the theme has neither.
    pub direction: Vec<u8>,
    /// Relation, by position; 255 where the theme has none.
    pub relation: Vec<u8>,
}

/// The audit of a batch.
#[derive(Clone, Debug, Default)]
pub struct Audit {
    /// Code of the reason of each cell, `cells[item][wave][row]`; empty where only counts were asked for.
    pub cells: Vec<Vec<Vec<u8>>>,
    /// Counts per item and wave.
    pub counts: Vec<AuditCount>,
    /// Counts per mechanism and wave.
    pub mechanisms: Vec<MechanismCount>,
    /// Mood and trust of the single interviews; empty where only counts were asked for.
    pub circumstances: Vec<Circumstances>,
    /// True comments; empty where only counts were asked for.
    pub comments: TrueComments,
    /// Who is behind each record: `links[wave][record row]` is the row of the person, `u32::MAX` where the record has
    /// nobody at the wave. Empty where every record is one person, in the same row.
    pub links: Vec<Vec<u32>>,
}

impl Audit {
    /// Adds the counts of another batch of the same condition.
    pub fn add_counts(&mut self, other: &Audit) {
        if self.counts.is_empty() {
            self.counts.clone_from(&other.counts);
            self.mechanisms.clone_from(&other.mechanisms);
            return;
        }
        for (mine, theirs) in self.counts.iter_mut().zip(&other.counts) {
            for (a, b) in mine.cells.iter_mut().zip(theirs.cells) {
                *a += b;
            }
        }
        for (mine, theirs) in self.mechanisms.iter_mut().zip(&other.mechanisms) {
            mine.at_risk += theirs.at_risk;
            mine.happened += theirs.happened;
        }
    }
}
