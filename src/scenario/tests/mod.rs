//! Tests of the whole way from text to declarations. Helpers are here.

mod any_text;
mod conditions;
mod declarations;
mod overlays;
mod pairs;
mod problems;
mod shown;
mod template;

use super::reading::Reader;
use super::{Loaded, load_with};
use crate::analyze::{CannotAnswer, Entry, Fit, Method};
use crate::diagnostic::{Diagnostics, Sources, page, position};
use crate::options::Options;
use crate::streams::Own;
use crate::tables::{Estimate, FitFailure, Observed, ObservedSchema, Target};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// A scenario without a mistake that uses nearly all of the language.
const WHOLE: &str = include_str!("whole.toml");

/// The least that a scenario needs.
const LEAST: &str = r#"scenario = 1
[study]
title = "t"
aims = "a"
seed = 1
replicates = 10
[[group]]
name = "all"
size = 10
"#;

/// Stand-in for a method: it can answer targets whose name does not begin with `hard`.
#[derive(Debug)]
struct StandIn;

impl Method for StandIn {
    fn bind(&self, target: &Target, _: &ObservedSchema) -> Result<Box<dyn Fit>, CannotAnswer> {
        if target.name.starts_with("hard") {
            return Err(CannotAnswer { why: "it is too hard".to_owned() });
        }
        Ok(Box::new(StandIn))
    }
}

impl Fit for StandIn {
    fn fit(&mut self, _: &Observed<'_>, _: &mut Own) -> Result<Estimate, FitFailure> {
        unreachable!("nothing is fitted here")
    }
}

fn declare(options: &Options, problems: &mut Diagnostics) -> Option<Box<dyn Method>> {
    let _ = options.formula("dropout_model", problems);
    let _ = options.choice("interval", &["wilson", "wald"], problems);
    Some(Box::new(StandIn))
}

/// Stand-ins for the catalogue of methods.
static CATALOGUE: [Entry; 4] = [
    Entry { name: "available_case", summary: "", page: "", declare },
    Entry { name: "complete_case", summary: "", page: "", declare },
    Entry { name: "difference_in_means", summary: "", page: "", declare },
    Entry { name: "ipw", summary: "", page: "", declare },
];

/// Files in memory.
struct Files(BTreeMap<PathBuf, Vec<u8>>);

impl Reader for Files {
    fn read(&self, path: &Path) -> Result<Vec<u8>, String> {
        self.0.get(path).cloned().ok_or_else(|| "no such file".to_owned())
    }

    fn identity(&self, path: &Path) -> PathBuf {
        path.to_path_buf()
    }
}

/// Loads the first of some files.
fn load_files(files: &[(&str, &[u8])], settings: &[(&str, &str)]) -> Loaded {
    let map = files.iter().map(|(name, bytes)| (PathBuf::from(name), bytes.to_vec())).collect();
    let settings: Vec<(String, String)> = settings.iter().map(|(n, v)| ((*n).to_owned(), (*v).to_owned())).collect();
    let first = files[0].0;
    load_with(&Files(map), Path::new(first), first, &settings, &CATALOGUE)
}

fn load_one(text: &str) -> Loaded {
    load_files(&[("study.toml", text.as_bytes())], &[])
}

/// Each problem as `code line:column message [help]`, in the order of the files; files after the first are named.
fn listed(problems: &Diagnostics, sources: &Sources) -> Vec<String> {
    let mut list: Vec<_> = problems.list().iter().collect();
    list.sort_by_key(|d| d.span.as_ref().map(|s| (s.file, s.bytes.start)));
    list.into_iter()
        .map(|d| {
            assert!(page(d.code).is_some() || d.code.starts_with("S06"), "{} has no page", d.code);
            let place = d.span.as_ref().map_or("-".to_owned(), |span| {
                let (name, text) = &sources.files[span.file];
                let (line, column) = position(text, span.bytes.start);
                if span.file == 0 { format!("{line}:{column}") } else { format!("{name}:{line}:{column}") }
            });
            format!("{} {place} {} [{}]", d.code, d.message, d.help.as_deref().unwrap_or(""))
        })
        .collect()
}

fn problems_of(text: &str) -> Vec<String> {
    let loaded = load_one(text);
    listed(&loaded.problems, &loaded.sources)
}

/// The problems of [`LEAST`] with more text after it; its own lines are 1 to 9.
fn problems_with(more: &str) -> Vec<String> {
    problems_of(&format!("{LEAST}{more}"))
}
