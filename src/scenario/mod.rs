//! From text to a checked scenario; the only parser of TOML.

use crate::analyze::Method;
use crate::diagnostic::{Diagnostics, Sources, Text};
use crate::formula::Parameters;
use crate::options::Options;
use crate::tables::Target;
use crate::{estimand, observe, simulate};
use std::path::Path;

/// A scenario whose shape is checked; what depends on parameters is checked by [`Scenario::prepare`].
#[derive(Debug)]
pub struct Scenario {
    /// `[study]`.
    pub study: Study,
    /// `[parameters]` with the values of the file and of `--set`.
    pub parameters: Parameters,
    /// Groups, sites, attributes, states.
    pub truth: simulate::declaration::Declaration,
    /// The survey.
    pub survey: observe::declaration::Declaration,
    /// `[[estimand]]` tables.
    pub estimands: Vec<Options>,
    /// `[[method]]` tables.
    pub methods: Vec<MethodDeclaration>,
    /// `[[vary]]` tables.
    pub vary: Vec<Vary>,
    /// The files it was read from.
    pub sources: Sources,
    /// SHA-256 of all texts and settings, in hexadecimal.
    pub hash: String,
}

/// `[study]`.
#[derive(Clone, Debug, PartialEq)]
pub struct Study {
    /// `title`.
    pub title: String,
    /// `aims`.
    pub aims: String,
    /// `seed`.
    pub seed: u64,
    /// `replicates`.
    pub replicates: u64,
    /// `confidence`: level of intervals, 0.95 unless given.
    pub confidence: f64,
}

/// A `[[method]]` table.
#[derive(Debug)]
pub struct MethodDeclaration {
    /// `name`, or the kind of method where it has no name of its own.
    pub name: Text,
    /// `method`: the name in the catalogue.
    pub kind: &'static str,
    /// The method with its options.
    pub method: Box<dyn Method>,
    /// `estimands`: the ones asked for by name; absent: all that it can answer.
    pub estimands: Option<Vec<Text>>,
}

/// A `[[vary]]` table: a parameter and the values it takes; several tables are crossed.
#[derive(Clone, Debug, PartialEq)]
pub struct Vary {
    /// The parameter.
    pub parameter: Text,
    /// Its values: numbers, or names of levels.
    pub values: Vec<Text>,
}

/// One cell of the factor grid.
#[derive(Clone, Debug)]
pub struct Condition {
    /// Number, from 0; the last `[[vary]]` table changes fastest.
    pub number: u32,
    /// Varied parameters and their values as written.
    pub factors: Vec<(String, String)>,
    /// All parameters with their values under this condition.
    pub parameters: Parameters,
}

/// Everything that a condition needs to run.
#[derive(Debug)]
pub struct Prepared {
    /// The data-generating mechanism.
    pub truth: simulate::Plan,
    /// The survey.
    pub survey: observe::Plan,
    /// The target quantities, in the order of the estimands.
    pub targets: Vec<Target>,
    /// How to reckon their true values.
    pub estimands: Vec<estimand::Plan>,
    /// Which method answers which estimand: positions (estimand, method), estimand by estimand.
    pub pairs: Vec<(usize, usize)>,
}

/// Reads a scenario file with `name=value` settings from the command line. All problems are reported in one go.
#[must_use]
pub fn load(path: &Path, settings: &[(String, String)]) -> Loaded {
    let _ = (path, settings);
    todo!()
}

/// What [`load`] found.
#[derive(Debug)]
pub struct Loaded {
    /// The scenario, if there is no error.
    pub scenario: Option<Scenario>,
    /// All problems.
    pub problems: Diagnostics,
    /// The files, for showing the problems.
    pub sources: Sources,
}

impl Scenario {
    /// The cells of the factor grid; one without factors where nothing varies.
    pub fn conditions(&self, problems: &mut Diagnostics) -> Vec<Condition> {
        let _ = problems;
        todo!()
    }

    /// Checks everything that depends on the parameters of a condition.
    pub fn prepare(&self, condition: &Condition, problems: &mut Diagnostics) -> Option<Prepared> {
        let _ = (condition, problems);
        todo!()
    }
}
