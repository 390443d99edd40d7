//! What names mean in formulas of tables: by the level at which they stand.

use super::aggregate::How;
use super::level::Level;
use crate::formula::{Bounds, Compiled, Kind, Parameters, Reference, Resolved, Scope, Slots, Unresolved};
use crate::tables::ObservedSchema;
use crate::tables::observed::ObservedVariable;
use std::cell::{Cell, RefCell};
use std::collections::BTreeSet;
use std::sync::Arc;

/// What a slot stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Meaning {
    /// A definition, at its own level or above the level of the formula.
    Definition(usize),
    /// An answer: at an interview, or the one that stands for a year.
    Item(usize),
    /// What is known of a record from the start.
    Baseline(usize),
    Group,
    Site,
    /// Number of the wave, from 1.
    Wave,
    /// Years since the start.
    Time,
    /// Whether the person was interviewed in the year.
    Attended,
    Theme,
    Relation,
    Positive,
    Toward,
    /// Values of a definition over units below.
    Aggregate(How, usize),
}

/// A name that is defined, as far as formulas can be read that name it.
#[derive(Clone, Debug)]
pub(super) struct Known {
    pub name: String,
    pub level: Level,
    /// What its values are; not known before it has been compiled.
    pub kind: Option<Kind>,
}

/// What formulas of tables can read.
#[derive(Debug)]
pub(super) struct TableScope<'a> {
    pub parameters: &'a Parameters,
    pub schema: &'a ObservedSchema,
    /// The waves that count.
    pub waves: &'a [usize],
    pub known: RefCell<Vec<Known>>,
    /// The level of the formula that is compiled.
    pub level: Cell<Level>,
    /// The definitions that the formula reads.
    pub read: RefCell<BTreeSet<usize>>,
    pub slots: Slots<Meaning>,
}

const ACCESSORS: [&str; 7] = ["any", "count", "total", "first", "last", "longest", "at"];

impl TableScope<'_> {
    /// The definitions that have been read since the last call.
    pub fn taken(&self) -> BTreeSet<usize> {
        std::mem::take(&mut self.read.borrow_mut())
    }

    fn bare(&self, name: &str) -> Result<Resolved, Unresolved> {
        if let Some(constant) = self.parameters.resolve(name) {
            return Ok(constant);
        }
        if let Some((position, known)) = self.definition(name) {
            return self.of_definition(position, &known);
        }
        let level = self.level.get();
        if let Some(item) = self.schema.item(name) {
            if level == Level::Person {
                return Err(too_deep(name, "an answer at an interview", "define it for interviews or years"));
            }
            return Ok(self.variable(Meaning::Item(item), &self.schema.items[item]));
        }
        if let Some(baseline) = self.schema.baseline(name) {
            return Ok(self.variable(Meaning::Baseline(baseline), &self.schema.baseline[baseline]));
        }
        self.own_word(name, level)
    }

    /// A word of the language.
    fn own_word(&self, name: &str, level: Level) -> Result<Resolved, Unresolved> {
        let number = |meaning| Ok(self.slots.resolved(meaning, Kind::Number, Bounds::ANY));
        let names = |meaning, names: &[String]| {
            let bounds = Bounds { low: 0.0, high: (names.len() as f64 - 1.0).max(0.0) };
            Ok(self.slots.resolved(meaning, Kind::Level(Arc::from(names)), bounds))
        };
        let yes_no = |meaning| Ok(self.slots.resolved(meaning, Kind::Boolean, Bounds { low: 0.0, high: 1.0 }));
        let comments = self.schema.comments.as_ref();
        let of_a_comment = ["theme", "relation", "positive", "toward"].contains(&name);
        match (name, comments) {
            ("group", _) => names(Meaning::Group, &self.schema.groups),
            ("site", _) if !self.schema.sites.is_empty() => names(Meaning::Site, &self.schema.sites),
            ("wave" | "time" | "attended", _) if level == Level::Person => {
                Err(too_deep(name, "of a year", "define it in `[tables.year]`"))
            }
            ("wave", _) => number(Meaning::Wave),
            ("time", _) => number(Meaning::Time),
            ("attended", _) => yes_no(Meaning::Attended),
            (_, None) if of_a_comment => Err(Unresolved {
                code: "S1003",
                message: format!("`{name}` is of a comment, and there are no comments"),
                help: Some("add `[[survey.comment]]` to the scenario".to_owned()),
            }),
            (_, Some(_)) if of_a_comment && level != Level::Comment => {
                Err(too_deep(name, "of a comment", "define it in `[tables.comment]`"))
            }
            ("theme", Some(schema)) => names(Meaning::Theme, &schema.themes),
            ("relation", Some(schema)) => names(Meaning::Relation, &schema.relations),
            ("positive", Some(_)) => yes_no(Meaning::Positive),
            ("toward", Some(_)) => yes_no(Meaning::Toward),
            _ => Err(self.unknown(name)),
        }
    }

    fn definition(&self, name: &str) -> Option<(usize, Known)> {
        let known = self.known.borrow();
        let position = known.iter().position(|known| known.name == name)?;
        Some((position, known[position].clone()))
    }

    fn of_definition(&self, position: usize, known: &Known) -> Result<Resolved, Unresolved> {
        let level = self.level.get();
        if known.level > level {
            return Err(Unresolved {
                code: "S1002",
                message: format!("`{}` is of {}, and this is of {}", known.name, a(known.level), a(level)),
                help: Some(format!("write `any({0})`, or `count({0}) >= 2`", known.name)),
            });
        }
        self.read.borrow_mut().insert(position);
        let kind = known.kind.clone().unwrap_or(Kind::Number);
        Ok(self.slots.resolved(Meaning::Definition(position), kind.clone(), bounds_of(&kind)))
    }

    fn variable(&self, meaning: Meaning, variable: &ObservedVariable) -> Resolved {
        let kind = match &variable.coding {
            Some(coding) if !coding.levels.is_empty() => Kind::Level(coding.levels.as_slice().into()),
            Some(coding) if coding.is_yes_no() => Kind::Boolean,
            _ => Kind::Number,
        };
        let bounds = bounds_of(&kind);
        self.slots.resolved(meaning, kind, bounds)
    }

    fn aggregate(&self, accessor: &str, reference: &Reference<'_>) -> Result<Resolved, Unresolved> {
        let name = reference.name;
        let Some((position, known)) = self.definition(name) else {
            return Err(match self.bare(name) {
                Ok(_) => Unresolved {
                    code: "S1002",
                    message: format!("`{accessor}` takes a definition, and `{name}` is none"),
                    help: Some(format!("define it, such as `told = \"{name}\"` in `[tables.year]`, and name that")),
                },
                Err(unresolved) => unresolved,
            });
        };
        let level = self.level.get();
        if known.level <= level {
            return Err(Unresolved {
                code: "S1002",
                message: format!("`{name}` is of {}: there is one of them in {}", a(known.level), a(level)),
                help: Some(format!("write `{name}` without `{accessor}`")),
            });
        }
        let how = self.how(accessor, reference, &known)?;
        self.read.borrow_mut().insert(position);
        let kind = match how {
            How::Any => Kind::Boolean,
            How::First | How::Last | How::At(_) => known.kind.clone().unwrap_or(Kind::Number),
            How::Count | How::Total | How::Longest => Kind::Number,
        };
        Ok(self.slots.resolved(Meaning::Aggregate(how, position), kind.clone(), bounds_of(&kind)))
    }

    fn how(&self, accessor: &str, reference: &Reference<'_>, known: &Known) -> Result<How, Unresolved> {
        let of_years = || match known.level {
            Level::Year => Ok(()),
            other => Err(Unresolved {
                code: "S1002",
                message: format!("`{accessor}` takes years, and `{}` is of {}", known.name, a(other)),
                help: Some(format!("define `any({})` in `[tables.year]`, and name that", known.name)),
            }),
        };
        if accessor != "at" && !reference.arguments.is_empty() {
            return Err(Unresolved {
                code: "S1002",
                message: format!("`{accessor}` takes one name and nothing else"),
                help: Some(format!("write `{accessor}({})`", known.name)),
            });
        }
        match accessor {
            "any" => Ok(How::Any),
            "count" => Ok(How::Count),
            "total" => Ok(How::Total),
            "first" => Ok(How::First),
            "last" => Ok(How::Last),
            "longest" => of_years().map(|()| How::Longest),
            _ => {
                of_years()?;
                let at = |wave: f64| self.waves.iter().position(|known| *known as f64 + 1.0 == wave);
                match reference.arguments {
                    [(key, wave)] if key == "wave" && at(*wave).is_some() => Ok(How::At(at(*wave).unwrap_or(0))),
                    _ => {
                        let waves: Vec<String> = self.waves.iter().map(|wave| (wave + 1).to_string()).collect();
                        let example = waves.first().map_or("1", String::as_str);
                        Err(Unresolved {
                            code: "S1002",
                            message: "`at` needs the number of a wave that counts".to_owned(),
                            help: Some(format!(
                                "write `at({}, wave = {example})`, with a wave of {}",
                                known.name,
                                waves.join(", ")
                            )),
                        })
                    }
                }
            }
        }
    }

    fn unknown(&self, name: &str) -> Unresolved {
        let own = ["group", "site", "wave", "time", "attended", "theme", "relation", "positive", "toward"];
        let known = self.known.borrow();
        let names = known.iter().map(|known| known.name.as_str());
        let names = names.chain(self.schema.items.iter().chain(&self.schema.baseline).map(|v| v.name.as_str()));
        Unresolved::unknown(name, names.chain(self.parameters.names()).chain(own))
    }
}

/// A level with its article.
fn a(level: Level) -> &'static str {
    match level {
        Level::Person => "a person",
        Level::Year => "a year",
        Level::Interview => "an interview",
        Level::Comment => "a comment",
    }
}

fn too_deep(name: &str, of: &str, help: &str) -> Unresolved {
    Unresolved {
        code: "S1002",
        message: format!("`{name}` is {of}, and this is above it"),
        help: Some(format!("{help}, and read that with `any`, `count` or `last`")),
    }
}

fn bounds_of(kind: &Kind) -> Bounds {
    match kind {
        Kind::Number => Bounds::ANY,
        Kind::Boolean => Bounds { low: 0.0, high: 1.0 },
        Kind::Level(levels) => Bounds { low: 0.0, high: (levels.len() as f64 - 1.0).max(0.0) },
    }
}

impl Scope for TableScope<'_> {
    fn resolve(&self, reference: &Reference<'_>) -> Result<Resolved, Unresolved> {
        match reference.accessor {
            None => self.bare(reference.name),
            Some(accessor) => self.aggregate(accessor, reference),
        }
    }

    fn accessors(&self) -> &'static [&'static str] {
        &ACCESSORS
    }

    fn compiled(&self) -> Option<&Compiled> {
        self.parameters.compiled()
    }
}
