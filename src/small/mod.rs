//! Small studies: what one is, as a text of a scenario and as data in memory.
//!
//! Test data for other people's software rests on this: `eclosion generate` draws [`SmallStudy`] by the number of a case
//! ([`SmallStudy::of_case`]), and the feature `proptest` has strategies for it. Both write the same text and get the same
//! data from it.

mod draw;
mod panel;
mod run;
mod text;
mod trouble;

pub use panel::{Cell, Column, Panel};
pub use run::{Ready, Simulated};
pub use trouble::Trouble;

/// A study of a few persons, small enough to be read whole. Any value can be written as a scenario; one that makes no
/// sense is refused when the scenario is loaded, with the numbered problems of any other. [`SmallStudy::fitted`] makes
/// sense of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SmallStudy {
    /// Persons in each group.
    pub groups: Vec<u16>,
    /// Number of waves, a year apart.
    pub waves: u16,
    /// The questions.
    pub items: Vec<Item>,
    /// Why persons are not there.
    pub losses: Vec<Loss>,
    /// Whether there are several interviews in a year, or none, instead of one at the wave.
    pub visits: bool,
    /// Whether and how interviews are joined into records by numbers that can be wrong; without it records are persons.
    pub linkage: Option<Linkage>,
    /// Errors of data entry in the tables.
    pub dirt: Dirt,
    /// Seed of all draws.
    pub seed: u64,
}

/// A question: a state of the persons, and how they answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Item {
    /// What the answers are.
    pub kind: ItemKind,
    /// First wave at which it is asked, from 1.
    pub from_wave: u16,
    /// Percent of the answers that are not given.
    pub nonresponse: u8,
    /// Percent of the answers that are another one than the true one; of a number, the standard deviation of the error.
    pub error: u8,
}

/// What the answers to a question are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ItemKind {
    /// Yes or no.
    YesNo {
        /// Percent with a true yes at the start.
        yes: u8,
        /// Percent whose truth changes, per half a year.
        changes: u8,
    },
    /// One of [`LEVELS`], each as likely at the start.
    Levels {
        /// How many of them, 2 to 4.
        levels: u8,
        /// Percent whose truth goes on to the next level, per half a year.
        changes: u8,
    },
    /// A number with normal distribution, and a random walk from there.
    Number {
        /// Mean at the start.
        mean: i16,
        /// Standard deviation at the start; that of half a year's step is half of it.
        sd: u8,
        /// Whether answers are rounded to multiples of 5.
        rounded: bool,
    },
}

/// The names of levels: a blank, a comma and an apostrophe are among them, since data has them.
pub const LEVELS: [&str; 4] = ["never", "now and then", "often, or so", "don't know"];

/// Why persons are not there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Loss {
    /// What happens.
    pub kind: LossKind,
    /// Percent to whom it happens, at each wave at which it can.
    pub percent: u8,
}

/// What takes persons away, in the order in which the mechanisms work.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum LossKind {
    /// The person enters at a later wave, if at all.
    DelayedEntry,
    /// The person refuses to begin.
    Refusal,
    /// The wave is missed; half of those who are away come back at each wave.
    Intermittent,
    /// The person leaves for good, by chance.
    Dropout,
    /// The person leaves for good if the truth of the first question is yes, its first level, or above its mean: missing
    /// not at random.
    DropoutByTruth,
    /// The person dies.
    Death,
}

impl LossKind {
    /// All kinds, in the order in which they work.
    pub const ALL: [LossKind; 6] = [
        LossKind::DelayedEntry,
        LossKind::Refusal,
        LossKind::Intermittent,
        LossKind::Dropout,
        LossKind::DropoutByTruth,
        LossKind::Death,
    ];

    /// Whether it can happen at the first wave.
    #[must_use]
    pub fn at_first_wave(self) -> bool {
        matches!(self, Self::DelayedEntry | Self::Refusal)
    }

    /// Its name in lists of cases: that of the mechanism.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::DelayedEntry => "delayed_entry",
            Self::Refusal => "refusal",
            Self::Intermittent => "intermittent",
            Self::Dropout => "dropout",
            Self::DropoutByTruth => "dropout_by_truth",
            Self::Death => "death",
        }
    }
}

/// Numbers that join interviews into records.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Linkage {
    /// Percent of the later interviews whose number is not found, so that a new record begins.
    pub lost: u8,
    /// Percent of the interviews that are entered twice, under two numbers.
    pub duplicates: u8,
}

/// Errors of data entry, by the presets of `[release] dirty`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Dirt {
    /// None.
    Clean,
    /// A few in a thousand.
    Light,
    /// A few in a hundred.
    Heavy,
}

impl Dirt {
    /// The name of the preset; none for clean data.
    #[must_use]
    pub fn preset(self) -> Option<&'static str> {
        match self {
            Self::Clean => None,
            Self::Light => Some("light"),
            Self::Heavy => Some("heavy"),
        }
    }
}

impl SmallStudy {
    /// The simplest study: one person, one wave, one question, which is answered with no.
    #[must_use]
    pub fn simplest() -> Self {
        let item = Item { kind: ItemKind::YesNo { yes: 0, changes: 0 }, from_wave: 1, nonresponse: 0, error: 0 };
        Self {
            groups: vec![1],
            waves: 1,
            items: vec![item],
            losses: Vec::new(),
            visits: false,
            linkage: None,
            dirt: Dirt::Clean,
            seed: 0,
        }
    }

    /// Persons in all groups.
    #[must_use]
    pub fn persons(&self) -> u64 {
        self.groups.iter().map(|size| u64::from(*size)).sum()
    }

    /// The same study without what has nothing to work on, so that its scenario has no error: empty groups go, and
    /// losses and linkage that want a second wave where there is none, or that happen to nobody; of two losses of a kind
    /// the first stays; questions are asked from an existing wave on. What is missing altogether is as in
    /// [`SmallStudy::simplest`]; percentages above 100 are 100, and levels are 2 to 4. A part can so be made smaller
    /// without a thought for the others.
    #[must_use]
    pub fn fitted(mut self) -> Self {
        let simplest = Self::simplest();
        self.groups.retain(|size| *size > 0);
        if self.groups.is_empty() {
            self.groups = simplest.groups;
        }
        if self.items.is_empty() {
            self.items = simplest.items;
        }
        self.waves = self.waves.max(1);
        for item in &mut self.items {
            item.fit(self.waves);
        }
        let single = self.waves == 1;
        self.losses.retain(|loss| loss.percent > 0 && (!single || loss.kind.at_first_wave()));
        self.losses.sort_by_key(|loss| loss.kind);
        self.losses.dedup_by_key(|loss| loss.kind);
        for loss in &mut self.losses {
            loss.percent = loss.percent.min(100);
        }
        self.linkage = self.linkage.filter(|linkage| !single && (linkage.lost > 0 || linkage.duplicates > 0));
        if let Some(linkage) = &mut self.linkage {
            (linkage.lost, linkage.duplicates) = (linkage.lost.min(100), linkage.duplicates.min(100));
        }
        self
    }

    /// Names of all that comes between truth and data, without repetition, in the order in which it works.
    #[must_use]
    pub fn mechanisms(&self) -> Vec<&'static str> {
        let mut names: Vec<&'static str> = self.losses.iter().map(|loss| loss.kind.name()).collect();
        let any = |is: &dyn Fn(&Item) -> bool| self.items.iter().any(is);
        let number = |item: &Item| matches!(item.kind, ItemKind::Number { .. });
        let further = [
            ("not_asked", any(&|item| item.from_wave > 1)),
            ("item_non_response", any(&|item| item.nonresponse > 0)),
            ("misclassification", any(&|item| item.error > 0 && !number(item))),
            ("measurement_error", any(&|item| item.error > 0 && number(item))),
            ("heaping", any(&|item| matches!(item.kind, ItemKind::Number { rounded: true, .. }))),
            ("visits", self.visits),
            ("linkage", self.linkage.is_some()),
        ];
        names.extend(further.into_iter().filter(|(_, is)| *is).map(|(name, _)| name));
        names
    }

    /// The name of the variable of a question: `yes_1`, `level_2`, `number_3`.
    #[must_use]
    pub fn item_name(&self, position: usize) -> String {
        let lead = match self.items.get(position).map(|item| item.kind) {
            Some(ItemKind::Levels { .. }) => "level",
            Some(ItemKind::Number { .. }) => "number",
            Some(ItemKind::YesNo { .. }) | None => "yes",
        };
        format!("{lead}_{}", position + 1)
    }
}

impl Item {
    fn fit(&mut self, waves: u16) {
        self.from_wave = self.from_wave.clamp(1, waves);
        self.nonresponse = self.nonresponse.min(100);
        match &mut self.kind {
            ItemKind::YesNo { yes, changes } => (*yes, *changes) = ((*yes).min(100), (*changes).min(100)),
            ItemKind::Levels { levels, changes } => {
                (*levels, *changes) = ((*levels).clamp(2, LEVELS.len() as u8), (*changes).min(100));
            }
            ItemKind::Number { .. } => return,
        }
        self.error = self.error.min(100);
    }
}
