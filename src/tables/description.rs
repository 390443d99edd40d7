//! What a survey looks like in numbers: presence, losses, answers and how far they agree with each other. Reckoned from
//! a pilot, with what only the simulator knows, or from tables of observed data alone.

use super::performance::Measured;
use serde::Serialize;

/// A survey in numbers. Every number has a Monte Carlo standard error where it is a mean over several replicates.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Description {
    /// Data sets that the numbers are means of.
    pub replicates: u64,
    /// The waves, in order.
    pub waves: Vec<WaveRow>,
    /// Records that are interviewed, all of them.
    pub all: PresenceRow,
    /// Records that are interviewed, by group.
    pub groups: Vec<PresenceRow>,
    /// Records that are interviewed, by site at the start.
    pub sites: Vec<PresenceRow>,
    /// Groups and sites of which few are left, the smallest first.
    pub small: Vec<SmallRow>,
    /// Share of the answers that there are not, by reason.
    pub lost: Vec<LossRow>,
    /// The questions.
    pub items: Vec<ItemRow>,
    /// What is known of each record from the start, by name.
    pub known_from_the_start: Vec<String>,
    /// Columns that are left out: texts with too many values to be told apart.
    pub left_out: Vec<String>,
    /// Realised rates of the mechanisms; of a pilot only.
    pub mechanisms: Vec<RateRow>,
    /// How records are linked to persons; of a pilot only, and only where records are not persons.
    pub links: Option<LinkRow>,
    /// Interviews per record that is interviewed, by wave; empty where each wave has one.
    pub visits: Vec<Measured>,
    /// Comments, by theme; empty where there are none.
    pub comments: Vec<ThemeRow>,
}

/// A wave.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct WaveRow {
    /// Its number as the tables have it.
    pub number: i64,
    /// Years from the start, where they are the same for all.
    pub years: Option<f64>,
}

/// Records that are interviewed.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct PresenceRow {
    /// Name of the group or site.
    pub name: String,
    /// Records in a data set.
    pub records: Measured,
    /// Of these, how many are interviewed, by wave.
    pub present: Vec<Measured>,
}

/// A group or site of which few are left at a wave.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct SmallRow {
    /// `group` or `site`.
    pub kind: &'static str,
    /// Its name.
    pub name: String,
    /// Number of the wave at which fewest are left.
    pub wave: i64,
    /// How many are interviewed at it.
    pub present: f64,
}

/// Answers that there are not, for one reason.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct LossRow {
    /// The reason, in words.
    pub reason: String,
    /// Share of the records, by wave; the mean over the items where it differs between them.
    pub share: Vec<Measured>,
}

/// What the answers to an item can be.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ItemKind {
    /// No and yes.
    #[default]
    YesNo,
    /// Named levels.
    Levels,
    /// Numbers.
    Number,
}

/// An item in numbers.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct ItemRow {
    /// Its name.
    pub name: String,
    /// What its answers can be.
    pub kind: ItemKind,
    /// Share of all records that answer, by wave.
    pub answered: Vec<Measured>,
    /// Yes, or each of the levels.
    pub levels: Vec<LevelRow>,
    /// Means; numbers only.
    pub mean: Option<MeanRow>,
    /// How successive answers of a record agree; yes/no and levels only.
    pub agreement: Option<AgreementRow>,
}

/// A level of an item.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct LevelRow {
    /// The level.
    pub level: String,
    /// Share of those who answer that report it, by wave.
    pub reported: Vec<Measured>,
    /// True share among all persons, lost or not, by wave; of a pilot only.
    pub truth: Vec<Measured>,
}

/// Mean answers.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct MeanRow {
    /// Mean of those who answer, by wave.
    pub reported: Vec<Measured>,
    /// Standard deviation of these answers, by wave.
    pub sd: Vec<Measured>,
    /// True mean of all persons, lost or not, by wave; of a pilot only.
    pub truth: Vec<Measured>,
}

/// How successive answers of a record agree.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct AgreementRow {
    /// Records with two answers or more.
    pub twice: Measured,
    /// Of these, the share whose answers are not all the same.
    pub changed: Measured,
    /// Of these, the share with two answers that differ though the truth was the same at all waves from one to the
    /// other; of a pilot only.
    pub contradicted: Option<Measured>,
    /// Cohen's kappa between an answer and the next answer of the same record, over all such pairs (Cohen 1960,
    /// doi:10.1177/001316446002000104).
    pub kappa: Measured,
    /// Likewise for the pairs whose later answer was given at each wave.
    pub kappa_by_wave: Vec<Measured>,
    /// Of those who ever said yes and answered again, the share that later said no. Yes/no only.
    pub yes_then_no: Option<Measured>,
    /// Likewise, the truth having been the same from one to the other; of a pilot only.
    pub recanted: Option<Measured>,
    /// Of those who ever said no and answered again, the share that later said yes. Yes/no only.
    pub no_then_yes: Option<Measured>,
    /// Likewise, the truth having been yes from one to the other; of a pilot only.
    pub late_disclosure: Option<Measured>,
}

/// The realised rate of a mechanism.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct RateRow {
    /// Name as in the list of mechanisms.
    pub name: String,
    /// Of those on which it could have worked, the share on which it did, over all waves.
    pub rate: Measured,
    /// Likewise, by wave.
    pub by_wave: Vec<Measured>,
}

/// How the records are linked to persons.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct LinkRow {
    /// Of the waves at which a person is interviewed again, the share that is in the person's first record.
    pub linked: Measured,
    /// The rest of these: missed matches.
    pub missed: Measured,
    /// Of the waves that are added to a record, the share of another person than the record began with: false matches.
    pub false_matches: Measured,
    /// Of the waves at which a person is interviewed, the share with more than one record.
    pub duplicates: Measured,
}

/// Comments on one theme.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct ThemeRow {
    /// The theme.
    pub theme: String,
    /// Marks by each coder, in a data set.
    pub marks: Vec<CoderCount>,
    /// Agreement of each two coders on it.
    pub agreement: Vec<CoderPair>,
}

/// Marks of a coder.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct CoderCount {
    /// The coder.
    pub coder: String,
    /// Comments that the coder gave the theme, in a data set.
    pub marks: Measured,
}

/// Agreement of two coders.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct CoderPair {
    /// One of them.
    pub first: String,
    /// The other.
    pub second: String,
    /// Cohen's kappa of "gave the theme" over all comments that anybody marked.
    pub kappa: Measured,
}
