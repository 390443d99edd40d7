//! From text to a checked scenario; the only parser of TOML.
//!
//! `reading` gets the bytes, `tree` (with `syntax`) makes tables of them, `overlay` lays files over one another,
//! `settings` holds `--set`, `lower` makes the declarations, `prepare` what runs. `path` finds a key by its names;
//! `factors`, `design`, `skip` and `grid` make the list of cells, `variants` the declarations under other values of keys,
//! `conditions` what each cell is. `docs/scenario.md` is the grammar. `plan` reads the plans of `eclosion analyze` in the
//! same language, `published` the published numbers of a study.

mod conditions;
mod declared;
mod design;
mod factors;
mod grid;
mod lower;
mod overlay;
mod path;
mod plan;
mod prepare;
mod published;
mod reading;
mod scaled;
mod settings;
mod skip;
mod syntax;
mod templates;
#[cfg(test)]
mod tests;
mod tree;
mod variants;

pub use design::Design;
pub use plan::{LoadedPlan, Plan, load_plan, load_plan_text};
pub use published::{LoadedPublished, load_if_published, load_published, load_published_text};
pub use templates::{template, templates};

use crate::analyze::{self, Entry, Method};
use crate::diagnostic::{Diagnostics, Severity, Sources, Span, Text};
use crate::formula::Parameters;
use crate::options::{OptionValue, Options};
use crate::tables::{Among, Target};
use crate::{estimand, observe, release, simulate, tabulate};
use reading::{Disk, OneText, Reader};
use settings::Settings;
use sha2::{Digest, Sha256};
use std::fmt::Write;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

/// A scenario whose shape is checked; what depends on parameters is checked by [`Scenario::prepare`].
#[derive(Debug)]
pub struct Scenario {
    /// `[study]`.
    pub study: Study,
    /// `[precision]`.
    pub precision: Precision,
    /// `[parameters]` with the values of the file and of `--set`.
    pub parameters: Parameters,
    /// Groups, sites, attributes, states.
    pub truth: simulate::declaration::Declaration,
    /// The survey.
    pub survey: observe::declaration::Declaration,
    /// `[[estimand]]` tables.
    pub estimands: Vec<Options>,
    /// `[[method]]` tables.
    pub methods: Arc<[MethodDeclaration]>,
    /// The factors that make conditions: `[[vary]]` tables, or what the cells of a list name, without those that `--set`
    /// fixes.
    pub vary: Vec<Vary>,
    /// `[grid]`: how the factors are put together.
    pub grid: Grid,
    /// `[[expect]]` tables.
    pub expect: Vec<Expect>,
    /// `[release]`.
    pub release: release::Declaration,
    /// `[tables]` and `[[table]]`.
    pub tables: tabulate::Declaration,
    /// `[prior]`: parameters and laws of their values before the published numbers are known, as written.
    pub priors: Vec<(Text, Text)>,
    /// The files it was read from.
    pub sources: Sources,
    /// SHA-256 of all texts and settings, in hexadecimal.
    pub hash: String,
    /// Path and text, in one form, of each table that decides the data; settings of parameters are the last of them.
    pub declared: Vec<(String, String)>,
    /// `[tables]` and the `[[table]]` tables as text, in one form: what methods that read their cells belong to.
    pub declared_tables: String,
    variants: Vec<variants::Variant>,
    /// `--set group.size`.
    persons: Option<Text>,
    /// Whether `--set` leaves tables out.
    without_tables: bool,
    /// Persons in all, by [`Scenario::scale`].
    scaled: Option<u64>,
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
    /// `time_limit`: the longest that one fit may take, 10 minutes unless given; `None` where it may take for ever.
    pub time_limit: Option<Duration>,
}

/// `[precision]`: how long `evaluate` runs, where the command line does not say it. Like `replicates` it is no part of what
/// results belong to.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Precision {
    /// `until`: a demand on Monte Carlo errors.
    pub until: Option<Text>,
    /// `max_replicates`: most replicates of a condition.
    pub max_replicates: Option<u64>,
    /// `budget`.
    pub budget: Option<Duration>,
}

/// A `[[method]]` table.
#[derive(Debug)]
pub struct MethodDeclaration {
    /// `name`, or the kind of method where it has no name of its own.
    pub name: Text,
    /// `method`: the name in the catalogue; for `steps`, the names of all of them with ` > ` between.
    pub kind: String,
    /// The method with its options.
    pub method: Arc<dyn Method>,
    /// Its table as text, in one form.
    pub declared: String,
    /// `estimands`: the ones asked for by name; absent: all that it can answer.
    pub estimands: Option<Vec<Text>>,
    /// The method that it was made of, where a `[[vary]]` varies options: the name of its table.
    pub made_of: Option<String>,
    /// The varied options and their values as written.
    pub options: Vec<(String, String)>,
}

/// A factor: a parameter or a key of the file, and the values that it takes.
#[derive(Clone, Debug, PartialEq)]
pub struct Vary {
    /// What the factor is called: `name`, else the parameter or the path of the key.
    pub name: Text,
    /// Its values as written.
    pub values: Vec<Text>,
    of: Varied,
    given: Vec<OptionValue>,
    /// For a parameter: the values as numbers, those of levels by position.
    numbers: Vec<f64>,
    /// The file's own value.
    base: String,
    /// Name and position of the factor that it goes along with.
    zip: Option<(Text, Option<usize>)>,
}

impl Vary {
    /// The name of the factor that it goes along with, value by value.
    #[must_use]
    pub fn goes_along_with(&self) -> Option<&str> {
        self.zip.as_ref().filter(|(_, found)| found.is_some()).map(|(name, _)| name.text.as_str())
    }
}

/// What a factor varies.
#[derive(Clone, Debug, PartialEq)]
enum Varied {
    Parameter(String),
    Key(path::Path),
    /// `group.size`.
    Persons,
}

/// `[grid]`.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Grid {
    /// `design`.
    pub design: Design,
    /// `independent`: conditions do not share their draws.
    pub independent: bool,
    /// Cells of the design that `skip` leaves out.
    pub skipped: u64,
    cells: Vec<design::Levels>,
    /// For each cell the position of its variant; nothing where it is the file as it is.
    variants: Vec<Option<usize>>,
}

/// One cell of the factor grid. What it is does not depend on its number: `factors` name it among the conditions of a
/// scenario, and a cell that is added or skipped changes numbers only.
#[derive(Clone, Debug)]
pub struct Condition {
    /// Number, from 0, in the order of the design; where factors are crossed the last one changes fastest.
    pub number: u32,
    /// The factors and their values as written; the file's own value where the design does not vary it here.
    pub factors: Vec<(String, String)>,
    /// All parameters with their values under this condition.
    pub parameters: Parameters,
    variant: Option<usize>,
    persons: Option<Text>,
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
    /// The parameters that the truth and the estimands read, with the bits of their values, and numbers of what keys of
    /// the truth have otherwise: where these are equal, two conditions of a scenario have the same true values in the
    /// population.
    pub truth_reads: Vec<(String, u64)>,
    /// The tables that the study prints, if it declares any.
    pub tables: Option<tabulate::Plan>,
}

/// What makes the tables of a study.
pub type Press<'a> = (&'a simulate::Plan, &'a observe::Plan, Option<&'a tabulate::Plan>);

/// What is needed for the tables of a study, without estimands and methods.
#[derive(Debug)]
pub struct PreparedTables {
    /// The data-generating mechanism.
    pub truth: simulate::Plan,
    /// The survey.
    pub survey: observe::Plan,
    /// The tables.
    pub tables: Option<Arc<tabulate::Plan>>,
    /// Positions and values of the parameters that the tables read.
    pub(super) table_reads: Vec<(usize, u64)>,
}

impl Prepared {
    /// What makes its tables.
    #[must_use]
    pub fn press(&self) -> Press<'_> {
        (&self.truth, &self.survey, self.tables.as_ref())
    }
}

impl PreparedTables {
    /// What makes the tables.
    #[must_use]
    pub fn press(&self) -> Press<'_> {
        (&self.truth, &self.survey, self.tables.as_deref())
    }
}

impl Condition {
    /// The same condition with other values of some parameters: position and value of each.
    #[must_use]
    pub fn with(&self, values: &[(usize, f64)]) -> Self {
        Self {
            number: self.number,
            factors: self.factors.clone(),
            parameters: self.parameters.with(values),
            variant: self.variant,
            persons: self.persons.clone(),
        }
    }
}

/// An `[[expect]]` table: what `evaluate --check` demands. Its names are known to exist.
#[derive(Clone, Debug, PartialEq)]
pub struct Expect {
    /// Name of the method; absent: all.
    pub method: Option<Text>,
    /// Name of the estimand; absent: all.
    pub estimand: Option<Text>,
    /// Factors and the values for which it is demanded; those that are not named take any value.
    pub condition: Vec<(Text, Text)>,
    /// Which fits its measures are of.
    pub among: Among,
    /// A formula of performance measures that must be true.
    pub that: Text,
}

/// Reads a scenario file with `name=value` settings from the command line. All problems are reported in one go.
///
/// A setting gives a parameter (or `study.seed`, `study.replicates`, or a key by its path) its value; a `[[vary]]` of it
/// is then left out, with a warning.
#[must_use]
pub fn load(path: &Path, settings: &[(String, String)]) -> Loaded {
    load_with(&Disk, path, &path.display().to_string(), settings, analyze::catalogue())
}

/// Reads a scenario from a text, as [`load`] does from a file. `name` stands for the file in messages. Such a
/// scenario can extend no file.
#[must_use]
pub fn load_text(name: &str, text: &str, settings: &[(String, String)]) -> Loaded {
    load_with(&OneText(text.as_bytes()), Path::new(""), name, settings, analyze::catalogue())
}

/// Reads a scenario from the files that it was read from before, settings included, as [`Sources`] has them.
#[must_use]
pub fn load_recorded(files: &[(String, String)]) -> Loaded {
    let (settings, files): (Vec<_>, Vec<_>) = files.iter().cloned().partition(|(name, _)| name == SETTING);
    let settings: Vec<(String, String)> = settings
        .iter()
        .filter_map(|(_, text)| text.split_once('='))
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect();
    let shown = files.first().map_or("scenario.toml", |(name, _)| name.as_str());
    load_with(&reading::Recorded::new(&files), Path::new(shown), shown, &settings, analyze::catalogue())
}

/// What a setting from the command line is called among the files of a scenario.
const SETTING: &str = "--set";

fn load_with(
    reader: &dyn Reader,
    path: &Path,
    shown: &str,
    settings: &[(String, String)],
    catalogue: &'static [Entry],
) -> Loaded {
    let mut sources = Sources::default();
    let mut problems = Diagnostics::new();
    let root = overlay::read(reader, path, shown, &mut sources, &mut problems);
    let mut settings = Settings::read(settings, &mut sources, &mut problems);
    let lowered = root.map(|root| {
        let declared: Vec<_> = declared::declared(&root).into_iter().chain(settings.of_parameters()).collect();
        let tables = declared::tables(&root);
        (lower::lower(&root, &mut settings, catalogue, &sources, &mut problems), declared, tables)
    });
    let draft = lowered.map(|(lowered, declared, declared_tables)| Scenario {
        declared,
        declared_tables,
        study: lowered.study,
        precision: lowered.precision,
        parameters: lowered.parameters,
        truth: lowered.truth,
        survey: lowered.survey,
        estimands: lowered.estimands,
        methods: lowered.methods.into(),
        vary: lowered.vary,
        grid: lowered.grid,
        expect: lowered.expect,
        release: lowered.release,
        tables: lowered.tables,
        priors: lowered.priors,
        sources: sources.clone(),
        hash: hash(&sources),
        variants: lowered.variants,
        persons: lowered.persons,
        without_tables: lowered.without_tables,
        scaled: None,
    });
    if let Some(draft) = draft.as_ref().filter(|_| has_unknown_keys_only(&problems)) {
        check_meaning_too(draft, &mut problems);
    }
    let scenario = draft.filter(|_| !problems.has_errors());
    Loaded { scenario, problems, sources }
}

/// Whether unknown keys are all that is wrong, so that the meaning of the rest can be checked.
fn has_unknown_keys_only(problems: &Diagnostics) -> bool {
    let mut errors = problems.list().iter().filter(|p| p.severity == Severity::Error).peekable();
    errors.peek().is_some() && errors.all(|p| p.code == "S0101")
}

/// Adds what is wrong with the meaning, so that all problems come in one go. Left out is what an unknown key may have
/// brought about: problems under the same table header, and parameters that are not read.
fn check_meaning_too(draft: &Scenario, problems: &mut Diagnostics) {
    let mut found = Diagnostics::new();
    let _ = draft.check_all(&mut found);
    let header = |span: &Span| {
        let text = draft.sources.files.get(span.file).map_or("", |(_, text)| text);
        (span.file, header_before(text, span.bytes.start))
    };
    let suspect: Vec<_> = problems.list().iter().filter_map(|p| p.span.as_ref()).map(header).collect();
    for problem in found.list().iter().filter(|p| p.code != "S0701") {
        if problem.span.as_ref().is_none_or(|span| !suspect.contains(&header(span))) {
            problems.repeat(problem);
        }
    }
}

/// Where the last line that begins with a bracket begins, at or before a byte of a text.
fn header_before(text: &str, byte: usize) -> usize {
    let mut begin = 0;
    let mut header = 0;
    for line in text.split_inclusive('\n') {
        if begin > byte {
            break;
        }
        if line.starts_with('[') {
            header = begin;
        }
        begin += line.len();
    }
    header
}

/// SHA-256 over the length and bytes of each text, settings included, in the order of `sources`. Names of files do
/// not count: a scenario that is moved stays the same.
fn hash(sources: &Sources) -> String {
    let mut hasher = Sha256::new();
    for (_, text) in &sources.files {
        hasher.update((text.len() as u64).to_le_bytes());
        hasher.update(text.as_bytes());
    }
    hasher.finalize().iter().fold(String::new(), |mut hex, byte| {
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}

impl Scenario {
    /// Name and text, in one form, of each estimand.
    pub fn declared_estimands(&self) -> Vec<(String, String)> {
        let name = |table: &Options| table.text("name", &mut Diagnostics::new()).unwrap_or_default().text;
        self.estimands.iter().map(|table| (name(table), declared::text(table))).collect()
    }
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
