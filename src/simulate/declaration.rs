//! What a scenario declares about persons and their true histories, as written: texts with their places.

use crate::diagnostic::{Span, Text};

/// The declared truth. Nothing in it is checked yet but its shape.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Declaration {
    /// `[time]`, absent for a study without steps.
    pub time: Option<TimeDeclaration>,
    /// `[[group]]`, at least one.
    pub groups: Vec<GroupDeclaration>,
    /// `[[site]]`.
    pub sites: Vec<SiteDeclaration>,
    /// `[attributes]`: drawn once at the start.
    pub attributes: Vec<AttributeDeclaration>,
    /// `[assign.NAME]`: random assignment to arms.
    pub assignments: Vec<AssignmentDeclaration>,
    /// `[effects]`: random effects.
    pub effects: Vec<EffectDeclaration>,
    /// `[state.NAME]`: what changes.
    pub states: Vec<StateDeclaration>,
}

/// A length of time as written (`"3 months"`), in years.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Duration {
    /// In years; a month is 1/12 year.
    pub years: f64,
    /// As written.
    pub text: Text,
}

/// `[time]`.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TimeDeclaration {
    /// Where the table stands.
    pub span: Span,
    /// `step`.
    pub step: Duration,
    /// `waves.first`: time of the first wave, 0 years unless given.
    pub first_wave: Duration,
    /// `waves.every`.
    pub every: Duration,
    /// `waves.count`: a number or formula of parameters.
    pub count: Text,
}

/// `[[group]]`.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct GroupDeclaration {
    /// `name`.
    pub name: Text,
    /// `size`: a number or formula of parameters.
    pub size: Text,
    /// `start`: for attributes and states of this group, the law, formula or level at the start.
    pub start: Vec<(Text, Text)>,
}

/// `[[site]]`: `count` sites of one kind.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SiteDeclaration {
    /// Where the table stands.
    pub span: Span,
    /// `name`, or the level of `setting`, or `site`.
    pub name: Text,
    /// `setting`: the level of the state `setting` whose persons are in these sites; absent: everybody, always.
    pub setting: Option<Text>,
    /// `count`: a number or formula of parameters.
    pub count: Text,
    /// `effect`: law of the sites' random effect, which formulas read as `site_effect`.
    pub effect: Option<Text>,
}

/// One line of `[attributes]`.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct AttributeDeclaration {
    /// The name.
    pub name: Text,
    /// A law (`normal(mean = 0, sd = 1)`) or a formula of other attributes.
    pub law: Option<Text>,
    /// Names of levels, if it has named levels; its law is then `categorical(...)` or the name of a level.
    pub levels: Vec<Text>,
    /// Whether an analyst cannot know it.
    pub latent: bool,
}

/// `[assign.NAME]`.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct AssignmentDeclaration {
    /// The name; formulas read the arm as a number 0, 1, ... or by level.
    pub name: Text,
    /// How: see [`AssignmentKind`].
    pub kind: AssignmentKind,
    /// Names of the arms; empty for 0 and 1.
    pub levels: Vec<Text>,
    /// Shares of the arms as written; empty for equal shares.
    pub shares: Vec<Text>,
    /// Name of the attribute or `group` within whose levels persons are assigned (blocked).
    pub within: Option<Text>,
}

/// How persons are assigned to arms.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum AssignmentKind {
    /// Each person independently.
    #[default]
    Simple,
    /// Fixed numbers per arm over all persons.
    Complete,
    /// Fixed numbers per arm within each block.
    Blocked,
}

/// One line of `[effects]`.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct EffectDeclaration {
    /// The name that formulas use.
    pub name: Text,
    /// Who carries it.
    pub of: EffectOf,
    /// Its law; parameters only. Empty for an interviewer's effect, which belongs to the survey.
    pub law: Text,
}

/// Who carries a random effect.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum EffectOf {
    /// Each person.
    #[default]
    Person,
    /// Each site; formulas read the effect of the person's site of the moment.
    Site,
    /// Each interviewer; only survey formulas can read it.
    Interviewer,
}

/// `[state.NAME]`.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct StateDeclaration {
    /// The name.
    pub name: Text,
    /// Names of levels; empty for yes/no and for numbers.
    pub levels: Vec<Text>,
    /// `starts`: probability of yes, name of a level, `categorical(...)`, or a law for a number. A group's `start`
    /// goes before it.
    pub starts: Option<Text>,
    /// How it changes.
    pub change: Change,
}

/// How a state changes.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Change {
    /// It does not.
    #[default]
    Never,
    /// Moves between levels (`moves`, or `on` and `off` for yes/no).
    Moves(Vec<Move>),
    /// Drawn anew each step: probability of yes, or a law for a number (`each_step = "..."`).
    EachStep {
        /// The formula or law.
        law: Text,
        /// `per`: the step for which the equation is meant; absent: the scenario's step.
        per: Option<Duration>,
    },
    /// Drawn anew each step among named levels: `each_step = { a = "0.2", b = "rest" }`.
    EachStepLevels {
        /// Level and probability; one may be `rest`.
        probabilities: Vec<(Text, Text)>,
        /// `per`, as above.
        per: Option<Duration>,
    },
}

/// One move between levels.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Move {
    /// Level left; `off` for yes/no: `no`/`yes` are named "0" and "1" here.
    pub from: Text,
    /// Level entered.
    pub to: Text,
    /// How fast.
    pub speed: Speed,
}

/// How fast a move happens.
#[derive(Clone, Debug, PartialEq)]
pub enum Speed {
    /// A rate per person-year.
    Rate(Text),
    /// A probability per period.
    Probability {
        /// The formula.
        probability: Text,
        /// The period; absent: the scenario's step.
        per: Option<Duration>,
    },
}

impl Default for Speed {
    fn default() -> Self {
        Self::Rate(Text::default())
    }
}
