//! `extends`: one file laid over another.

use super::reading::{self, Reader};
use super::tree;
use crate::diagnostic::{Diagnostics, Sources, Text};
use crate::options::{OptionValue, Options};
use std::path::{Path, PathBuf};

/// Most files in a chain of `extends`.
const MOST_FILES: usize = 8;

/// Reads a file and all that it extends. Nothing if any of them cannot be understood.
pub(super) fn read(
    reader: &dyn Reader,
    path: &Path,
    shown: &str,
    sources: &mut Sources,
    problems: &mut Diagnostics,
) -> Option<Options> {
    let mut layers: Vec<Options> = Vec::new();
    let mut chain: Vec<PathBuf> = Vec::new();
    let mut next = Some((path.to_path_buf(), shown.to_owned(), None::<Text>));
    while let Some((path, shown, named)) = next {
        let blame = named.as_ref().map(|name| &name.span);
        let identity = reader.identity(&path);
        if let Some(span) = blame {
            if chain.contains(&identity) {
                problems
                    .error("S0115", span, format!("`extends` goes in a circle: `{shown}` is already part of it"))
                    .help("a file cannot be laid over itself");
                return None;
            }
            if chain.len() >= MOST_FILES {
                problems
                    .error("S0116", span, format!("more than {MOST_FILES} files extend one another"))
                    .help("lay fewer files over one another");
                return None;
            }
        }
        chain.push(identity);
        let file = reading::read(reader, &path, &shown, blame, sources, problems)?;
        let text = sources.files[file].1.clone();
        let layer = tree::parse(&text, file, problems)?;
        next = match layer.get("extends") {
            None => None,
            Some(_) => {
                let name = layer.text("extends", problems)?;
                let path = path.parent().unwrap_or(Path::new("")).join(&name.text);
                let shown = path.display().to_string();
                Some((path, shown, Some(name)))
            }
        };
        layers.push(layer);
    }
    let mut whole = layers.pop()?;
    while let Some(over) = layers.pop() {
        whole = merge(whole, over);
    }
    Some(whole)
}

/// `over` laid over `base`: tables key by key, lists of named tables by name, everything else replaced.
pub(super) fn merge(base: Options, over: Options) -> Options {
    let mut entries = base.entries;
    for upper in over.entries {
        let Some(position) = entries.iter().position(|lower| lower.key.text == upper.key.text) else {
            entries.push(upper);
            continue;
        };
        let mut lower = entries.remove(position);
        lower.key = upper.key;
        lower.value = merge_values(lower.value, upper.value);
        entries.insert(position, lower);
    }
    Options::new(over.title, over.span, entries)
}

fn merge_values(base: OptionValue, over: OptionValue) -> OptionValue {
    match (base, over) {
        (OptionValue::Table(base), OptionValue::Table(over)) => OptionValue::Table(merge(base, over)),
        (OptionValue::List(base, _), OptionValue::List(over, span)) if all_named(&base) && all_named(&over) => {
            OptionValue::List(merge_lists(base, over), span)
        }
        (_, over) => over,
    }
}

fn merge_lists(base: Vec<OptionValue>, over: Vec<OptionValue>) -> Vec<OptionValue> {
    let mut list = base;
    // Entries are matched with the base's only, so that a name that stands twice in one file is still found.
    let known = list.len();
    for upper in over {
        let name = name_of(&upper).map(str::to_owned);
        let same = list[..known].iter().position(|lower| name_of(lower) == name.as_deref());
        match same {
            Some(position) => {
                let lower = list.remove(position);
                list.insert(position, merge_values(lower, upper));
            }
            None => list.push(upper),
        }
    }
    list
}

fn all_named(list: &[OptionValue]) -> bool {
    !list.is_empty() && list.iter().all(|item| name_of(item).is_some())
}

fn name_of(item: &OptionValue) -> Option<&str> {
    let OptionValue::Table(table) = item else { return None };
    table.entries.iter().find(|e| e.key.text == "name").and_then(|e| match &e.value {
        OptionValue::Text(text) => Some(text.text.as_str()),
        _ => None,
    })
}
