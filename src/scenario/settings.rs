//! `--set name=value`: each setting is a text of its own, so that problems point into it.

use crate::diagnostic::{Diagnostics, Sources, Span, Text, near_miss};

/// What of `[study]` can be set besides parameters.
const OF_THE_STUDY: [&str; 2] = ["study.seed", "study.replicates"];

/// Settings from the command line.
pub(super) struct Settings {
    list: Vec<(Text, Text)>,
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
        Self { list }
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
        for (name, _) in self.list.iter().filter(|(name, _)| !known.contains(&name.text.as_str())) {
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
