//! What names mean in formulas of the survey: the true layer and the recorded layer.

use crate::formula::{Bounds, Compiled, Kind, Parameters, Reference, Resolved, Scope, Slots, Unresolved};
use crate::tables::TruthSchema;
use std::cell::{Cell, RefCell};
use std::sync::Arc;

/// What a slot of a survey formula stands for. Waves are counted from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Meaning {
    /// True value of a variable at the interview.
    Now(usize),
    /// True value of a state at the wave before.
    Lag(usize),
    /// Years since a state last became true.
    Since(usize),
    /// True mean of a state over the person's site.
    SiteMean(usize),
    /// A random effect of the person's site.
    SiteEffect(usize),
    /// The attribute `age` and the time since the start.
    Age(usize),
    /// Code of the group.
    Group,
    /// Number of the site.
    Site,
    /// Years since the start.
    Time,
    /// Number of the wave, from 1.
    Wave,
    /// Interviews so far.
    Contacts,
    /// The draw that an interview's items share.
    Mood,
    /// A random effect of the interviewer.
    Interviewer(usize),
    /// Whether the interviewer of the person's last interview came again.
    SameInterviewer,
    /// Whether others are present at the interview.
    OthersPresent,
    /// Trust so far.
    Trust,
    /// Last recorded answer to an item.
    Reported(usize),
    /// Answer recorded for a wave.
    Recorded(usize, usize),
    /// Whom a comment is about: a level of its theme's law.
    Relation,
}

/// The names that formulas of the survey may read.
#[derive(Debug)]
pub(super) struct SurveyScope<'a> {
    pub parameters: &'a Parameters,
    pub truth: &'a TruthSchema,
    /// Variables that are asked about, in the order of the items.
    pub items: Vec<usize>,
    pub interviewer_effects: Vec<String>,
    pub has_mood: bool,
    pub has_team: bool,
    pub has_trust: bool,
    pub has_others_present: bool,
    /// Whether an item says how much stigma it carries.
    pub has_stigma: bool,
    /// The stigma of the item whose formulas are compiled.
    pub stigma: Cell<Option<f64>>,
    /// What goes with a comment that has been made, where the formula at work says so.
    pub comment: RefCell<Option<Comment>>,
    /// Whether there may be several interviews in a wave.
    pub has_visits: bool,
    /// Whether the formula at work is read within an interview: only there are a mood and an interviewer.
    pub in_interview: Cell<bool>,
    /// Whether the formula at work is read when the survey is over.
    pub is_over: Cell<bool>,
    pub slots: Slots<Meaning>,
}

/// What formulas may read of a comment.
#[derive(Clone, Debug)]
pub(super) struct Comment {
    /// Whom it can be about; nothing where its theme has no relations.
    pub relations: Option<Arc<[String]>>,
}

const ACCESSORS: [&str; 5] = ["lag", "since", "site_mean", "reported", "recorded"];
/// Most interviews of a person that `contacts` can count.
pub(super) const MOST_CONTACTS: u8 = 255;

impl SurveyScope<'_> {
    /// The slot of a variable's true value at the interview.
    pub fn true_slot(&self, variable: usize) -> u32 {
        self.slots.number(Meaning::Now(variable))
    }

    /// Kind and range of a variable.
    pub fn kind(&self, variable: usize) -> (Kind, Bounds) {
        let v = &self.truth.variables[variable];
        let bounds = Bounds { low: v.low, high: v.high };
        match &v.coding {
            Some(coding) if !coding.levels.is_empty() => (Kind::Level(coding.levels.as_slice().into()), bounds),
            Some(coding) if coding.is_yes_no() => (Kind::Boolean, bounds),
            _ => (Kind::Number, bounds),
        }
    }

    fn horizon(&self) -> f64 {
        self.truth.moments.last().map_or(0.0, |steps| f64::from(*steps) * self.truth.step_years)
    }

    fn bare(&self, name: &str) -> Result<Resolved, Unresolved> {
        if let Some(constant) = self.parameters.resolve(name) {
            return Ok(constant);
        }
        if let Some(v) = self.truth.variable(name) {
            let (kind, bounds) = self.kind(v);
            if name == "age" && !self.truth.variables[v].changes && kind == Kind::Number {
                let bounds = Bounds { low: bounds.low, high: bounds.high + self.horizon() };
                return Ok(self.slots.resolved(Meaning::Age(v), kind, bounds));
            }
            return Ok(self.slots.resolved(Meaning::Now(v), kind, bounds));
        }
        if let Some(effect) = self.truth.site_effects.iter().position(|e| e == name) {
            return Ok(self.slots.resolved(Meaning::SiteEffect(effect), Kind::Number, Bounds::ANY));
        }
        if let Some(effect) = self.interviewer_effects.iter().position(|e| e == name) {
            return self.of_interview(name, Meaning::Interviewer(effect));
        }
        let range = |low: f64, high: f64| Bounds { low, high };
        let levels = |names: &[String]| Kind::Level(Arc::from(names));
        let waves = self.truth.waves.len() as f64;
        match name {
            "group" => Ok(self.slots.resolved(
                Meaning::Group,
                levels(&self.truth.groups),
                range(0.0, self.truth.groups.len() as f64 - 1.0),
            )),
            "site" if !self.truth.sites.is_empty() => Ok(self.slots.resolved(
                Meaning::Site,
                levels(&self.truth.sites),
                range(0.0, self.truth.sites.len() as f64 - 1.0),
            )),
            "time" => Ok(self.slots.resolved(Meaning::Time, Kind::Number, range(0.0, self.horizon()))),
            "wave" => Ok(self.slots.resolved(Meaning::Wave, Kind::Number, range(1.0, waves))),
            "contacts" => {
                let most = f64::from(MOST_CONTACTS);
                let before = if self.is_over.get() { waves } else { waves - 1.0 };
                let most = if self.has_visits { most } else { most.min(before) };
                Ok(self.slots.resolved(Meaning::Contacts, Kind::Number, range(0.0, most)))
            }
            "mood" if self.has_mood => self.of_interview(name, Meaning::Mood),
            "mood" => Err(Unresolved {
                code: "S0405",
                message: "no mood is declared".to_owned(),
                help: Some("add `mood = \"normal(mean = 0, sd = 0.5)\"` to `[survey]`".to_owned()),
            }),
            "trust" if self.has_trust => Ok(self.slots.resolved(Meaning::Trust, Kind::Number, Bounds::ANY)),
            "trust" => Err(undeclared("trust", "add `[survey.trust]` with `start` and `per_contact`")),
            "same_interviewer" if self.has_team => self.of_interview_yes_no(name, Meaning::SameInterviewer),
            "same_interviewer" => Err(undeclared("team", "add `[survey.team]` with `count` and `stays`")),
            "others_present" if self.has_others_present => self.of_interview_yes_no(name, Meaning::OthersPresent),
            "others_present" => Err(undeclared("presence of others", "add `others_present = 0.3` to `[survey]`")),
            "stigma" if !self.has_stigma => Err(undeclared("stigma", "add `stigma` to an item of `[survey.items]`")),
            "stigma" => match self.stigma.get() {
                Some(value) => Ok(Resolved::Constant { value, kind: Kind::Number }),
                None => Err(Unresolved {
                    code: "S0419",
                    message: "`stigma` is that of an item, and this formula is not of one item".to_owned(),
                    help: Some("read it in an item's own formulas or in `[[survey.answer]]`".to_owned()),
                }),
            },
            "relation" => self.relation(),
            _ => Err(self.unknown(name)),
        }
    }

    /// Compiles or declares something of one item, with the stigma that it carries.
    pub fn of_item<T>(&self, stigma: f64, compiled: impl FnOnce() -> T) -> T {
        self.stigma.set(Some(stigma));
        let result = compiled();
        self.stigma.set(None);
        result
    }

    /// Compiles something that goes with a comment, which is about one of `relations`.
    pub fn of_comment<T>(&self, relations: Option<Arc<[String]>>, compiled: impl FnOnce() -> T) -> T {
        self.comment.replace(Some(Comment { relations }));
        let result = compiled();
        self.comment.replace(None);
        result
    }

    /// Whom the comment is about whose formula is compiled.
    fn relation(&self) -> Result<Resolved, Unresolved> {
        match &*self.comment.borrow() {
            Some(Comment { relations: Some(levels) }) => {
                let range = Bounds { low: 0.0, high: levels.len().saturating_sub(1) as f64 };
                Ok(self.slots.resolved(Meaning::Relation, Kind::Level(levels.clone()), range))
            }
            Some(Comment { relations: None }) => Err(undeclared(
                "relation",
                "say in this `[[survey.comment]]` whom comments are about, such as `relation = \"categorical(mother = \
                 0.6, father = rest)\"`",
            )),
            None => Err(Unresolved {
                code: "S0419",
                message: "`relation` is that of a comment, and this formula is read where there is none".to_owned(),
                help: Some("read it in `positive` or `toward` of a `[[survey.comment]]`".to_owned()),
            }),
        }
    }

    /// Compiles or declares something that is read before the interview, so that nothing of the interview is there.
    pub fn before_interview<T>(&self, compiled: impl FnOnce() -> T) -> T {
        self.in_interview.set(false);
        let result = compiled();
        self.in_interview.set(true);
        result
    }

    /// Compiles or declares something that is read when the survey is over.
    pub fn at_end<T>(&self, compiled: impl FnOnce() -> T) -> T {
        self.is_over.set(true);
        let result = self.before_interview(compiled);
        self.is_over.set(false);
        result
    }

    fn of_interview(&self, name: &str, meaning: Meaning) -> Result<Resolved, Unresolved> {
        self.known_in_interview(name)?;
        Ok(self.slots.resolved(meaning, Kind::Number, Bounds::ANY))
    }

    fn of_interview_yes_no(&self, name: &str, meaning: Meaning) -> Result<Resolved, Unresolved> {
        self.known_in_interview(name)?;
        Ok(self.slots.resolved(meaning, Kind::Boolean, Bounds { low: 0.0, high: 1.0 }))
    }

    fn known_in_interview(&self, name: &str) -> Result<(), Unresolved> {
        if self.in_interview.get() {
            return Ok(());
        }
        Err(Unresolved {
            code: "S0409",
            message: match self.is_over.get() {
                true => format!("`{name}` is drawn with an interview, and this is read when all are over"),
                false => format!("`{name}` is drawn with an interview, and this is read before there is one"),
            },
            help: Some("read it in `[survey.items]` or in a loss of kind \"item_non_response\"".to_owned()),
        })
    }

    fn unknown(&self, name: &str) -> Unresolved {
        let own = ["group", "site", "time", "wave", "contacts", "mood", "trust", "same_interviewer", "others_present"];
        let in_comment = self.comment.borrow().is_some().then_some("relation");
        let known = self.truth.variables.iter().map(|v| v.name.as_str()).chain(self.parameters.names());
        let known = known.chain(self.truth.site_effects.iter().map(String::as_str));
        let known = known.chain(self.interviewer_effects.iter().map(String::as_str)).chain(own).chain(in_comment);
        Unresolved::unknown(name, known)
    }

    fn accessor(&self, reference: &Reference<'_>, accessor: &str) -> Result<Resolved, Unresolved> {
        let Some(v) = self.truth.variable(reference.name) else {
            return Err(match self.bare(reference.name) {
                Ok(_) => Unresolved {
                    help: Some("name a state or an attribute".to_owned()),
                    ..misuse(format!("`{accessor}` takes a state, and `{}` is none", reference.name))
                },
                Err(unresolved) => unresolved,
            });
        };
        let (kind, bounds) = self.kind(v);
        let is_state = self.truth.variables[v].changes;
        match accessor {
            "reported" | "recorded" => self.answer(reference, accessor, v, kind, bounds),
            "lag" if reference.name == "age" && !is_state => {
                Err(misuse("`age` grows with time, and `lag` takes a state".to_owned()))
            }
            "lag" => Ok(self.slots.resolved(Meaning::Lag(v), kind, bounds)),
            "since" if is_state && kind != Kind::Number => {
                Ok(self.slots.resolved(Meaning::Since(v), Kind::Number, Bounds { low: 0.0, high: f64::INFINITY }))
            }
            "site_mean" if !matches!(kind, Kind::Level(_)) && !self.truth.sites.is_empty() => {
                Ok(self.slots.resolved(Meaning::SiteMean(v), Kind::Number, bounds))
            }
            "since" if !is_state => {
                Err(misuse(format!("`since` takes a state, and `{}` does not change", reference.name)))
            }
            "since" => Err(misuse(format!("`{}` is a number, and numbers have no onset", reference.name))),
            _ if self.truth.sites.is_empty() => {
                Err(misuse("`site_mean` needs sites: add a `[[site]]` table".to_owned()))
            }
            _ => Err(misuse(format!("`{}` has named levels, and names have no mean", reference.name))),
        }
    }

    fn answer(
        &self,
        reference: &Reference<'_>,
        accessor: &str,
        variable: usize,
        kind: Kind,
        bounds: Bounds,
    ) -> Result<Resolved, Unresolved> {
        let Some(item) = self.items.iter().position(|i| *i == variable) else {
            return Err(Unresolved {
                code: "S0403",
                message: format!("the survey does not ask about `{}`", reference.name),
                help: Some(format!("add `{} = {{}}` to `[survey.items]`", reference.name)),
            });
        };
        if accessor == "reported" {
            return Ok(self.slots.resolved(Meaning::Reported(item), kind, bounds));
        }
        let waves = self.truth.waves.len();
        match reference.arguments {
            [(name, wave)] if name == "wave" && wave.fract() == 0.0 && (1.0..=waves as f64).contains(wave) => {
                Ok(self.slots.resolved(Meaning::Recorded(item, *wave as usize - 1), kind, bounds))
            }
            _ => Err(Unresolved {
                code: "S0404",
                message: "`recorded` needs the number of a wave".to_owned(),
                help: Some(format!("write `recorded({}, wave = 1)`, with a wave from 1 to {waves}", reference.name)),
            }),
        }
    }
}

/// Something of the interview is read, and the survey does not declare it.
fn undeclared(what: &str, help: &str) -> Unresolved {
    Unresolved { code: "S0419", message: format!("no {what} is declared"), help: Some(help.to_owned()) }
}

fn misuse(message: String) -> Unresolved {
    Unresolved { code: "S0313", message, help: None }
}

impl Scope for SurveyScope<'_> {
    fn resolve(&self, reference: &Reference<'_>) -> Result<Resolved, Unresolved> {
        match reference.accessor {
            None => self.bare(reference.name),
            Some(accessor) => self.accessor(reference, accessor),
        }
    }

    fn accessors(&self) -> &'static [&'static str] {
        &ACCESSORS
    }

    fn compiled(&self) -> Option<&Compiled> {
        self.parameters.compiled()
    }
}
