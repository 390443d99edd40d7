//! How the waves of a person are joined into records. One file per kind, one line each in the catalogue; without a
//! `[survey.linkage]` every record is one person.

mod assemble;
mod codes;
mod numbers;
mod records;

pub(super) use assemble::assemble;
pub(super) use records::{Interviews, NOBODY, Records};

use super::kind;
use super::scope::SurveyScope;
use crate::diagnostic::Diagnostics;
use crate::distribution::Law;
use crate::formula::Program;
use crate::options::Options;
use crate::rules::{GroupRows, Rule};
use crate::streams::Purpose;
use std::fmt::Debug;
use std::ops::Range;
use std::sync::Arc;

/// What is joined: the name under which the audit counts how many links that could have been made were not.
pub(super) const MISSED_MATCH: &str = "linkage: missed match";
/// The name under which the audit counts how many of the links that were made are to somebody else.
pub(super) const FALSE_MATCH: &str = "linkage: false match";

/// A way of joining waves.
pub(super) trait Linkage: Debug + Send + Sync {
    /// What is decided for each person before the interviews of a wave, each with the first wave (from 0) at which it
    /// is.
    fn decisions(&self) -> Vec<(&Rule, usize)> {
        Vec::new()
    }

    /// A number that each person has from the first wave on.
    fn once(&self) -> Option<(&Rate, Purpose)> {
        None
    }

    /// Elements of the codes that persons make at every interview, each with the number of its values.
    fn elements(&self) -> Vec<(String, u16)> {
        Vec::new()
    }

    /// Codes as given, `[element][wave][row of the person]`, `u16::MAX` where there was no interview; what went wrong
    /// is counted.
    fn give_codes(&self, interviews: &Interviews<'_>, records: &mut Records) -> Vec<Vec<Vec<u16>>> {
        let _ = (interviews, records);
        Vec::new()
    }

    /// Whether an interview can be missing in a record that has earlier and later ones of the person.
    fn leaves_gaps(&self) -> bool;

    /// Whether records are made to hold interviews of several persons.
    fn mixes_persons(&self) -> bool {
        false
    }

    /// What the audit counts besides missed and false matches.
    fn mechanisms(&self) -> Vec<Mechanism>;

    /// Joins the interviews of one replicate, whose persons are in `rows`. `codes` are those of
    /// [`give_codes`](Self::give_codes).
    fn join(&self, interviews: &Interviews<'_>, codes: &[Vec<Vec<u16>>], rows: Range<usize>, records: &mut Records);
}

/// A mechanism as the audit and `check` name it.
pub(super) struct Mechanism {
    /// Name after `linkage: `.
    pub name: &'static str,
    /// What its formulas read.
    pub slots: Vec<u32>,
    /// Whether it parts a person's interviews from each other.
    pub loses: bool,
}

/// A number per person in [0, 1]: drawn from a law, or the value of a formula.
#[derive(Clone, Debug)]
pub(super) enum Rate {
    Drawn(Law),
    Formula(Program),
}

impl Rate {
    /// The slots that it reads.
    pub fn slots(&self) -> &[u32] {
        match self {
            Self::Drawn(law) => law.slots(),
            Self::Formula(program) => program.slots(),
        }
    }
}

/// One line of the catalogue of kinds of linkage.
pub struct Entry {
    /// Name in a scenario's `kind = "..."`.
    pub name: &'static str,
    /// What it does, in a line.
    pub summary: &'static str,
    declare: Declare,
}

/// Reads the table, with the persons of one replicate by group.
type Declare = fn(&Options, &[GroupRows], &SurveyScope<'_>, &mut Diagnostics) -> Option<Arc<dyn Linkage>>;

const CATALOGUE: [Entry; 2] = [
    Entry { name: "numbers", summary: numbers::SUMMARY, declare: numbers::declare },
    Entry { name: "codes", summary: codes::SUMMARY, declare: codes::declare },
];

/// The kinds of `[survey.linkage]`.
#[must_use]
pub fn catalogue() -> &'static [Entry] {
    &CATALOGUE
}

/// Reads `[survey.linkage]`. `groups` are the persons of one replicate by group.
pub(super) fn declare(
    options: &Options,
    groups: &[GroupRows],
    scope: &SurveyScope<'_>,
    problems: &mut Diagnostics,
) -> Option<Arc<dyn Linkage>> {
    let entry = kind::entry(options, &CATALOGUE, |e| e.name, ("S0437", "linkage"), problems)?;
    let declared = (entry.declare)(options, groups, scope, problems);
    options.finish(problems);
    declared
}

/// Persons whose records may be confused with each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Within {
    /// Everybody of a replicate.
    All,
    /// Those of the same group.
    Group,
    /// Those of the same site at the start.
    Site,
}

impl Within {
    /// Reads `within`.
    fn declare(options: &Options, scope: &SurveyScope<'_>, problems: &mut Diagnostics) -> Option<Self> {
        let Some(value) = options.get("within") else { return Some(Self::All) };
        match options.choice("within", &["group", "site"], problems)? {
            0 => Some(Self::Group),
            _ if scope.truth.sites.is_empty() => {
                problems
                    .error("S0439", value.span(), "records cannot be kept within sites: there are none")
                    .help("add a `[[site]]` table, or write `within = \"group\"`");
                None
            }
            _ => Some(Self::Site),
        }
    }

    /// The part of the replicate in which a person is.
    fn part(self, interviews: &Interviews<'_>, row: usize) -> u32 {
        match self {
            Self::All => 0,
            Self::Group => u32::from(interviews.group[row]),
            Self::Site => interviews.site.get(row).copied().unwrap_or(0),
        }
    }
}
