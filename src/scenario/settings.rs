//! `--set name=value`: each setting is a text of its own, so that problems point into it.

use super::path::{self, Path};
use super::{factors, tree};
use crate::diagnostic::{Diagnostics, Sources, Span, Text, near_miss};
use crate::options::{OptionValue, Options};

/// What of `[study]` can be set besides parameters.
const OF_THE_STUDY: [&str; 2] = ["study.seed", "study.replicates"];

/// Settings from the command line.
pub(super) struct Settings {
    list: Vec<(Text, Text)>,
    keys: Vec<(Path, OptionValue)>,
    persons: Option<Text>,
}

impl Settings {
    /// Puts each setting behind the files in `sources`; without a name, or with the same name again, it is an
    /// error (S0706).
    pub(super) fn read(settings: &[(String, String)], sources: &mut Sources, problems: &mut Diagnostics) -> Self {
        let mut list: Vec<(Text, Text)> = Vec::with_capacity(settings.len());
        for (name, value) in settings {
            let file = sources.files.len();
            sources.files.push(("--set".to_owned(), format!("{name}={value}").into()));
            let name = trimmed(name, file, 0);
            let value = trimmed(value, file, settings_value_start(&sources.files[file].1, value));
            if name.text.is_empty() || value.text.is_empty() {
                problems
                    .error("S0706", &Span { file, bytes: 0..usize::MAX }, "a setting needs a name and a value")
                    .help("write `--set name=value`");
            } else if list.iter().any(|(earlier, _)| earlier.text == name.text) {
                problems
                    .error("S0706", &name.span, format!("`{}` is set twice", name.text))
                    .help("leave out one of the two");
            } else {
                list.push((name, value));
            }
        }
        Self { list, keys: Vec::new(), persons: None }
    }

    /// Looks up the settings that name keys of the file: what is not there is an error (S0711), and so is a value of
    /// another kind (S0713). A parameter of the same name goes before a key.
    pub(super) fn find_keys(&mut self, root: &Options, problems: &mut Diagnostics) {
        for (name, value) in self.list.iter().filter(|(name, _)| is_key(&name.text, root)) {
            let value = typed(name, value);
            if factors::is_persons(&name.text, root) {
                if factors::persons(&value, problems).is_some() {
                    self.persons = Some(Text { text: path::shown(&value), span: value.span().clone() });
                }
                continue;
            }
            if name.text.starts_with("parameters.") {
                problems
                    .error("S0712", &name.span, "a parameter is set by its name alone")
                    .help("write `--set NAME=VALUE`, without `parameters.`");
                continue;
            }
            let Some(found) = path::resolve(root, name, problems) else { continue };
            let Some(at) = path::value_at(root, &found) else { continue };
            if path::check_kind(&name.text, at, &value, problems) {
                self.keys.push((found, value));
            }
        }
    }

    /// The keys that are set, and their values.
    pub(super) fn keys(&self) -> impl Iterator<Item = (Path, &OptionValue)> {
        self.keys.iter().map(|(path, value)| (path.clone(), value))
    }

    /// The number of persons of all groups, if it is set.
    pub(super) fn persons(&self) -> Option<&Text> {
        self.persons.as_ref()
    }

    /// The value that a key is set to, if it is.
    pub(super) fn key(&self, path: &[usize]) -> Option<&OptionValue> {
        self.keys.iter().find(|(set, _)| set == path).map(|(_, value)| value)
    }

    /// Whether a table of the file is left out.
    pub(super) fn leaves_out(&self, root: &Options) -> bool {
        let is_off = |(path, value): &(Path, OptionValue)| {
            matches!(value, OptionValue::Switch(false, _)) && path::value_at(root, path).is_some_and(path::is_switched)
        };
        self.keys.iter().any(is_off)
    }

    /// Whether a key, or a table around it, is set.
    pub(super) fn fixes(&self, path: &[usize]) -> bool {
        self.keys.iter().any(|(set, _)| path.starts_with(set))
    }

    /// The value set for a name.
    pub(super) fn value(&self, name: &str) -> Option<&Text> {
        self.list.iter().find(|(known, _)| known.text == name).map(|(_, value)| value)
    }

    /// Settings of parameters, as texts.
    pub(super) fn of_parameters(&self) -> impl Iterator<Item = (String, String)> {
        let parameters = self.list.iter().filter(|(name, _)| !OF_THE_STUDY.contains(&name.text.as_str()));
        parameters.map(|(name, value)| (format!("--set {}", name.text), value.text.clone()))
    }

    /// Reports names that can't be set (S0702).
    pub(super) fn check_names<'a>(&self, parameters: impl Iterator<Item = &'a str>, problems: &mut Diagnostics) {
        let known: Vec<&str> = parameters.chain(OF_THE_STUDY).collect();
        let is_known = |name: &str| known.contains(&name) || path::is_meant(name);
        for (name, _) in self.list.iter().filter(|(name, _)| !is_known(&name.text)) {
            let help = match near_miss(&name.text, known.iter().copied()) {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!("these can be set: {}", known.join(", ")),
            };
            problems.error("S0702", &name.span, format!("there is no parameter `{}`", name.text)).help(help);
        }
    }
}

fn settings_value_start(whole: &str, value: &str) -> usize {
    whole.len() - value.len()
}

fn trimmed(text: &str, file: usize, start: usize) -> Text {
    let lead = text.len() - text.trim_start().len();
    let text = text.trim();
    let start = start + lead;
    Text { text: text.to_owned(), span: Span { file, bytes: start..start + text.len() } }
}

/// Whether a name means a key of the file: it looks like one, and no parameter is called so.
fn is_key(name: &str, root: &Options) -> bool {
    let parameters = root.entries.iter().find(|entry| entry.key.text == "parameters").map(|entry| &entry.value);
    let is_parameter = matches!(parameters, Some(OptionValue::Table(table))
        if table.entries.iter().any(|entry| entry.key.text == name));
    path::is_meant(name) && !is_parameter
}

/// The value of a key: as TOML reads it, else a text.
fn typed(name: &Text, value: &Text) -> OptionValue {
    let file = value.span.file;
    // Padded, so that places in it are those in the setting.
    let text = format!("{:<width$}{}", "v=", value.text, width = value.span.bytes.start.max(2));
    debug_assert!(name.span.bytes.start < value.span.bytes.start);
    let mut problems = Diagnostics::new();
    let read = tree::parse(&text, file, &mut problems).filter(|_| problems.list().is_empty());
    match read.map(|root| root.entries).unwrap_or_default().as_slice() {
        [only] if only.key.text == "v" => only.value.clone(),
        _ => OptionValue::Text(value.clone()),
    }
}
