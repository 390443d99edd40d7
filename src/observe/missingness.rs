//! Whether a mechanism is MCAR, MAR or MNAR for an analyst, worked out from what its formulas read.
//!
//! Source of the terms: Rubin 1976, Biometrika 63:581, doi:10.1093/biomet/63.3.581.

use super::scope::Meaning;
use crate::tables::TruthSchema;

/// Missing completely at random, at random given what is observed, or not at random.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Missingness {
    /// The probability depends on nothing but the design.
    Mcar,
    /// The probability depends on recorded history only.
    Mar,
    /// The probability depends on something that no analyst sees.
    Mnar,
}

impl Missingness {
    /// The usual abbreviation.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Mcar => "MCAR",
            Self::Mar => "MAR",
            Self::Mnar => "MNAR",
        }
    }
}

/// What `check` prints of a mechanism.
#[derive(Clone, Debug, PartialEq)]
pub struct MechanismReport {
    /// Kind in the catalogue and, where there are several, the item: `dropout`, `item_non_response of well`.
    pub name: String,
    /// What its formulas read, in words: `true well at the wave before`, `reported well`, `contacts`.
    pub reads: Vec<String>,
    /// What that makes it for an analyst; absent for mechanisms that lose nothing.
    pub missingness: Option<Missingness>,
}

/// What an analyst knows without doubt.
#[derive(Clone, Debug, Default)]
pub(super) struct Known {
    /// Variables whose present value is recorded as it is, whatever the mechanism does.
    pub now: Vec<usize>,
    /// States that are recorded at every attended wave, as they are, where no wave before the last one attended is
    /// missed.
    pub at_last_wave: Vec<usize>,
}

/// The class and the words for what a mechanism reads.
pub(super) fn classify(
    meanings: &[Meaning],
    truth: &TruthSchema,
    items: &[usize],
    known: &Known,
) -> (Missingness, Vec<String>) {
    let class = meanings.iter().map(|m| class_of(*m, known)).max().unwrap_or(Missingness::Mcar);
    (class, meanings.iter().map(|m| words(*m, truth, items)).collect())
}

fn class_of(meaning: Meaning, known: &Known) -> Missingness {
    match meaning {
        Meaning::Time | Meaning::Wave => Missingness::Mcar,
        Meaning::Group | Meaning::Site | Meaning::Contacts | Meaning::Reported(_) | Meaning::Recorded(..) => {
            Missingness::Mar
        }
        // They stand in the table of interviews.
        Meaning::SameInterviewer | Meaning::OthersPresent => Missingness::Mar,
        Meaning::Now(v) | Meaning::Age(v) if known.now.contains(&v) => Missingness::Mar,
        Meaning::Lag(v) if known.now.contains(&v) || known.at_last_wave.contains(&v) => Missingness::Mar,
        _ => Missingness::Mnar,
    }
}

fn words(meaning: Meaning, truth: &TruthSchema, items: &[usize]) -> String {
    let name = |v: usize| truth.variables[v].name.as_str();
    match meaning {
        Meaning::Now(v) if truth.variables[v].changes => format!("true {} now", name(v)),
        Meaning::Now(v) => name(v).to_owned(),
        Meaning::Lag(v) => format!("true {} at the wave before", name(v)),
        Meaning::Since(v) => format!("time since true {}", name(v)),
        Meaning::SiteMean(v) => format!("true mean of {} in the site", name(v)),
        Meaning::SiteEffect(e) => format!("the site's random effect {}", truth.site_effects[e]),
        Meaning::Age(_) => "age".to_owned(),
        Meaning::Group => "group".to_owned(),
        Meaning::Site => "site".to_owned(),
        Meaning::Time => "time".to_owned(),
        Meaning::Wave => "wave".to_owned(),
        Meaning::Contacts => "contacts".to_owned(),
        Meaning::Mood => "mood of the interview".to_owned(),
        Meaning::Interviewer(_) => "the interviewer's random effect".to_owned(),
        Meaning::SameInterviewer => "whether the interviewer came again".to_owned(),
        Meaning::OthersPresent => "whether others were present".to_owned(),
        Meaning::Trust => "trust so far".to_owned(),
        Meaning::Reported(i) => format!("reported {}", name(items[i])),
        Meaning::Relation => "relation of the comment".to_owned(),
        Meaning::Recorded(i, wave) => format!("recorded {} at wave {}", name(items[i]), wave + 1),
    }
}
