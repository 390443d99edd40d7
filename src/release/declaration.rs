//! `[release]` of a scenario: in which form a data set is handed on.

use super::dirty::{PRESETS, Preset};
use super::table::Format;
use crate::diagnostic::{Diagnostics, Text, near_miss};
use crate::options::{OptionValue, Options};

/// Ways to lay out the answers: a row per record and wave, or a row per record.
pub const SHAPES: [&str; 2] = ["long", "wide"];

/// `[release]`: all of it can be left out.
#[derive(Clone, Debug, PartialEq)]
pub struct Declaration {
    /// `formats`: CSV and Parquet unless given.
    pub formats: Vec<Format>,
    /// `shape` has "long": the table `answers`.
    pub long: bool,
    /// `shape` has "wide": the table `wide`.
    pub wide: bool,
    /// `missing_reasons`: a column beside each item says why an answer is missing.
    pub missing_reasons: bool,
    /// `dirty`: errors that are put into the tables.
    pub dirty: Option<&'static Preset>,
    /// `labels`: a few words for people, by name of the variable.
    pub labels: Vec<(Text, String)>,
    /// `units`, by name of the variable.
    pub units: Vec<(Text, String)>,
}

impl Default for Declaration {
    fn default() -> Self {
        let usual = ["csv", "parquet"];
        Self {
            // Parquet is not in every build.
            formats: usual.into_iter().filter_map(Format::named).collect(),
            long: true,
            wide: true,
            missing_reasons: false,
            dirty: None,
            labels: Vec::new(),
            units: Vec::new(),
        }
    }
}

/// Reads `[release]`. `is_variable` says whether a name is that of an attribute, an assignment or a state. An unknown
/// format, shape or preset is S0104, a list that names nothing or one thing twice S0420, a label or unit of nothing S0421.
pub fn declare(options: &Options, is_variable: impl Fn(&str) -> bool, problems: &mut Diagnostics) -> Declaration {
    let mut declaration = Declaration::default();
    let formats = Format::all();
    let names: Vec<&str> = formats.iter().map(|format| format.name()).collect();
    if let Some(chosen) = choices(options, "formats", &names, problems) {
        declaration.formats = chosen.into_iter().filter_map(|c| formats.get(c).copied()).collect();
    }
    if let Some(chosen) = choices(options, "shape", &SHAPES, problems) {
        declaration.long = chosen.contains(&0);
        declaration.wide = chosen.contains(&1);
    }
    declaration.missing_reasons = options.switch("missing_reasons", problems).unwrap_or(false);
    let presets = PRESETS.map(|preset| preset.name);
    declaration.dirty = options.choice("dirty", &presets, problems).and_then(|p| Preset::named(presets[p]));
    declaration.labels = words(options, "labels", &is_variable, problems);
    declaration.units = words(options, "units", &is_variable, problems);
    options.finish(problems);
    declaration
}

/// Positions of the words that a list names; S0104 for one that is not known.
fn choices(options: &Options, key: &str, words: &[&str], problems: &mut Diagnostics) -> Option<Vec<usize>> {
    let texts = options.texts(key, problems)?;
    let mut chosen = Vec::with_capacity(texts.len());
    for text in &texts {
        match words.iter().position(|word| *word == text.text) {
            Some(word) if chosen.contains(&word) => {
                problems
                    .error("S0420", &text.span, format!("`{key}` names `{}` twice", text.text))
                    .help("leave one of them out");
            }
            Some(word) => chosen.push(word),
            None => {
                let help = match near_miss(&text.text, words.iter().copied()) {
                    Some(near) => format!("did you mean `{near}`?"),
                    None => format!("one of: {}", words.join(", ")),
                };
                problems.error("S0104", &text.span, format!("`{key}` cannot be `{}`", text.text)).help(help);
            }
        }
    }
    match options.get(key) {
        Some(OptionValue::List(items, span)) if items.is_empty() => {
            problems
                .error("S0420", span, format!("`{key}` names nothing"))
                .help(format!("name at least one of: {}, or leave `{key}` out", words.join(", ")));
        }
        _ => {}
    }
    Some(chosen)
}

/// A table of texts by name of a variable.
fn words(
    options: &Options,
    key: &str,
    is_variable: impl Fn(&str) -> bool,
    problems: &mut Diagnostics,
) -> Vec<(Text, String)> {
    let Some(table) = options.table(key, problems) else { return Vec::new() };
    let mut found = Vec::new();
    for entry in &table.entries {
        let Some(text) = table.text(&entry.key.text, problems) else { continue };
        let name = &entry.key;
        if !is_variable(&name.text) {
            problems
                .error("S0421", &name.span, format!("`{key}` names `{}`, which is no variable", name.text))
                .help("only attributes, assignments and states are columns of the data");
        } else if text.text.trim().is_empty() || text.text.chars().any(char::is_control) {
            problems
                .error("S0422", &text.span, format!("the text for `{}` is not one line of words", name.text))
                .help(format!("write it on one line, or leave `{}` out", name.text));
        } else {
            found.push((name.clone(), text.text));
        }
    }
    found
}
