//! Factors: `[[vary]]` tables, and what cells name, checked against the parameters and keys of the file.

use super::conditions::value_of;
use super::lower::ask::whole;
use super::lower::vary::{WrittenOf, WrittenVary};
use super::path;
use super::settings::Settings;
use super::{Varied, Vary};
use crate::diagnostic::{Diagnostics, Severity, Span, Text, near_miss};
use crate::formula::{Parameter, Parameters};
use crate::options::{OptionValue, Options};

/// The key that stands for the number of persons of all groups.
pub(super) const PERSONS: &str = "group.size";
/// Most persons of a study, whatever the groups.
const MOST_PERSONS: u64 = 1_000_000_000;

/// What factors can name.
pub(super) struct Known<'a> {
    /// The tables as they are written, before `--set`.
    pub(super) root: &'a Options,
    pub(super) parameters: &'a Parameters,
    pub(super) settings: &'a Settings,
}

/// Factors that have been checked.
#[derive(Default)]
pub(super) struct Checked {
    /// Those that make conditions.
    pub(super) vary: Vec<Vary>,
    /// Those that `--set` fixes, with what it gives them as the file's own value.
    pub(super) fixed: Vec<Vary>,
    /// Whether all of them are sound.
    pub(super) fine: bool,
}

/// Checks the factors against the file.
pub(super) fn check(written: Vec<WrittenVary>, known: &Known<'_>, problems: &mut Diagnostics) -> Checked {
    let mut kept: Vec<Vary> = Vec::with_capacity(written.len());
    let mut fixed: Vec<Vary> = Vec::new();
    let mut fine = true;
    for written in written {
        let Some((factor, sound)) = factor(written, known, problems) else {
            fine = false;
            continue;
        };
        let name = &factor.name;
        if let Some(earlier) = kept.iter().find(|e| e.name.text == name.text || e.of == factor.of) {
            let what = if earlier.name.text == name.text { &name.text } else { &earlier.name.text };
            problems
                .error("S0707", &name.span, format!("`{what}` is varied by two [[vary]] tables"))
                .help("write all its values in one of them");
            fine = false;
        } else if is_set(&factor, known) {
            problems
                .warn("S0708", &name.span, format!("`{}` is not varied, since `--set` gives it one value", name.text))
                .help("this [[vary]] is left out of the run");
            fixed.push(Vary { base: set_value(&factor, known), ..factor });
        } else {
            kept.push(factor);
            fine &= sound;
        }
    }
    fine &= check_zips(&mut kept, &fixed, problems);
    Checked { vary: kept, fixed, fine }
}

/// What `--set` gives a factor.
fn set_value(factor: &Vary, known: &Known<'_>) -> String {
    match &factor.of {
        // A parameter has its value already.
        Varied::Parameter(_) => factor.base.clone(),
        Varied::Persons => known.settings.persons().map_or(String::new(), |text| text.text.clone()),
        Varied::Key(path) => known.settings.key(path).map_or(factor.base.clone(), path::shown),
    }
}

fn is_set(factor: &Vary, known: &Known<'_>) -> bool {
    match &factor.of {
        Varied::Parameter(name) => known.settings.value(name).is_some(),
        Varied::Key(path) => known.settings.fixes(path),
        Varied::Persons => known.settings.persons().is_some(),
    }
}

/// A factor, and whether all its values are sound; nothing where what it varies is not there.
fn factor(written: WrittenVary, known: &Known<'_>, problems: &mut Diagnostics) -> Option<(Vary, bool)> {
    let WrittenVary { name, of, values: given, zip } = written;
    let before = problems.list().len();
    let (text, of, base) = match of {
        WrittenOf::Parameter(text) => {
            let parameter = parameter(&text, known.parameters, problems)?;
            let of = Varied::Parameter(text.text.clone());
            (text, of, shown_parameter(parameter))
        }
        WrittenOf::Key(text) => {
            let (of, base) = key(&text, &given, known, problems)?;
            (text, of, base)
        }
        WrittenOf::Option { .. } => return None,
    };
    let values: Vec<Text> = given.iter().map(written_text).collect();
    let numbers = match &of {
        Varied::Parameter(name) => {
            let parameter = known.parameters.list().iter().find(|p| p.name.text == *name)?;
            given.iter().zip(&values).filter_map(|(value, text)| number_of(parameter, value, text, problems)).collect()
        }
        _ => Vec::new(),
    };
    repeated(&values, &numbers, problems);
    let sound = problems.list().iter().skip(before).all(|problem| problem.severity != Severity::Error);
    let name = name.unwrap_or(text);
    Some((Vary { name, values, of, given, numbers, base, zip: zip.map(|name| (name, None)) }, sound))
}

fn written_text(value: &OptionValue) -> Text {
    match value {
        OptionValue::Text(text) | OptionValue::Number(text) => text.clone(),
        other => Text { text: path::shown(other), span: other.span().clone() },
    }
}

fn number_of(parameter: &Parameter, value: &OptionValue, text: &Text, problems: &mut Diagnostics) -> Option<f64> {
    match value {
        OptionValue::Text(_) | OptionValue::Number(_) => value_of(parameter, text, problems),
        _ => {
            let message = format!("`{}` cannot be {}", parameter.name.text, text.text);
            problems.error("S0703", &text.span, message).help("a number, or the name of a level");
            None
        }
    }
}

/// A parameter by name (S0702).
fn parameter<'a>(name: &Text, parameters: &'a Parameters, problems: &mut Diagnostics) -> Option<&'a Parameter> {
    let found = parameters.list().iter().find(|p| p.name.text == name.text);
    if found.is_none() {
        let help = match near_miss(&name.text, parameters.names()) {
            Some(near) => format!("did you mean `{near}`?"),
            None if name.text.contains('.') => format!("for a key of the file write `key = \"{}\"`", name.text),
            None => "only what [parameters] declares can be varied".to_owned(),
        };
        problems.error("S0702", &name.span, format!("there is no parameter `{}`", name.text)).help(help);
    }
    found
}

/// The value of a parameter as one would write it.
pub(super) fn shown_parameter(parameter: &Parameter) -> String {
    let level = parameter.levels.as_ref().and_then(|levels| levels.get(parameter.value as usize));
    level.cloned().unwrap_or_else(|| parameter.value.to_string())
}

/// Where a key is, and what the file says there; its values are checked.
fn key(text: &Text, given: &[OptionValue], known: &Known<'_>, problems: &mut Diagnostics) -> Option<(Varied, String)> {
    if is_persons(&text.text, known.root) {
        for value in given {
            persons(value, problems);
        }
        return Some((Varied::Persons, String::new()));
    }
    let path = path::resolve_varied(known.root, text, problems)?;
    let at = path::value_at(known.root, &path)?;
    for value in given {
        path::check_kind(&text.text, at, value, problems);
    }
    Some((Varied::Key(path), path::shown(at)))
}

/// Whether a path means the persons of all groups: a group that is called `size` is meant by its name.
pub(super) fn is_persons(text: &str, root: &Options) -> bool {
    let whole = Text { text: text.to_owned(), span: Span::default() };
    text == PERSONS && path::resolve(root, &whole, &mut Diagnostics::new()).is_none()
}

/// A number of persons (S0713, S0109).
pub(super) fn persons(value: &OptionValue, problems: &mut Diagnostics) -> Option<u64> {
    match value {
        OptionValue::Number(text) => whole(PERSONS, text, 1..=MOST_PERSONS, problems),
        other => {
            let message = format!("`{PERSONS}` cannot be {}", path::shown(other));
            problems
                .error("S0713", other.span(), message)
                .help("a whole number of persons, which the groups share in proportion to their sizes");
            None
        }
    }
}

/// Warns of values that stand twice (S0705); `numbers` are those of a parameter.
fn repeated(values: &[Text], numbers: &[f64], problems: &mut Diagnostics) {
    for (i, text) in values.iter().enumerate() {
        let twice = match numbers.len() == values.len() {
            true => numbers[..i].contains(&numbers[i]),
            false => values[..i].iter().any(|earlier| path::is_same(&earlier.text, &text.text)),
        };
        if twice {
            problems
                .warn("S0705", &text.span, format!("the value {} stands twice", text.text))
                .help("the same condition is run twice");
        }
    }
}

/// Looks up whom factors go along with (S0714). A factor whose fellow `--set` fixes varies by itself.
fn check_zips(factors: &mut [Vary], fixed: &[Vary], problems: &mut Diagnostics) -> bool {
    let names: Vec<(String, usize)> = factors.iter().map(|f| (f.name.text.clone(), f.values.len())).collect();
    let mut fine = true;
    for (i, factor) in factors.iter_mut().enumerate() {
        let Some((zip, target)) = &mut factor.zip else { continue };
        let found = names.iter().position(|(name, _)| *name == zip.text);
        let own = &factor.name.text;
        match found {
            Some(j) if j == i => {
                fine = false;
                problems
                    .error("S0714", &zip.span, format!("`{own}` goes along with itself"))
                    .help("name another factor, or leave out `zip`");
            }
            Some(j) if names[j].1 != factor.values.len() => {
                fine = false;
                let message =
                    format!("`{own}` has {} values, and `{}` has {}", factor.values.len(), zip.text, names[j].1);
                problems
                    .error("S0714", &zip.span, message)
                    .help("factors that go along with one another have as many values");
            }
            Some(j) => *target = Some(j),
            None if fixed.iter().any(|factor| factor.name.text == zip.text) => {
                let message = format!("`{own}` goes along with `{}`, which `--set` fixes", zip.text);
                problems.warn("S0708", &zip.span, message).help("in this run it varies by itself");
            }
            None => {
                fine = false;
                let help = match near_miss(&zip.text, names.iter().map(|(name, _)| name.as_str())) {
                    Some(near) => format!("did you mean `{near}`?"),
                    None => "`zip` names another [[vary]]: by its `name`, else by its parameter or key".to_owned(),
                };
                problems.error("S0714", &zip.span, format!("no factor is called `{}`", zip.text)).help(help);
            }
        }
    }
    for i in 0..factors.len() {
        if fine && head(factors, i).is_none() {
            fine = false;
            let span = factors[i].zip.as_ref().map_or(&factors[i].name.span, |(zip, _)| &zip.span);
            let message = format!("`{}` goes along with itself, in a circle", factors[i].name.text);
            problems.error("S0714", span, message).help("one factor of those that go together has no `zip`");
        }
    }
    fine
}

/// The factor at the end of what one goes along with; nothing in a circle.
pub(super) fn head(factors: &[Vary], factor: usize) -> Option<usize> {
    let mut at = factor;
    for _ in 0..factors.len() {
        match factors[at].zip {
            Some((_, Some(next))) => at = next,
            _ => return Some(at),
        }
    }
    None
}

/// The factors that the cells of a list name, in the order in which they come, each with all its values.
pub(super) fn of_cells(cells: &[Vec<(Text, OptionValue)>], parameters: &Parameters) -> Vec<WrittenVary> {
    let mut found: Vec<(Text, Vec<OptionValue>)> = Vec::new();
    for (name, value) in cells.iter().flatten() {
        let position = found.iter().position(|(known, _)| known.text == name.text).unwrap_or_else(|| {
            found.push((name.clone(), Vec::new()));
            found.len() - 1
        });
        let values = &mut found[position].1;
        if !values.iter().any(|known| path::is_same(&path::shown(known), &path::shown(value))) {
            values.push(value.clone());
        }
    }
    let written = found.into_iter().map(|(name, values)| {
        let is_key = path::is_meant(&name.text) && parameters.names().all(|known| known != name.text);
        let of = if is_key { WrittenOf::Key(name) } else { WrittenOf::Parameter(name) };
        WrittenVary { name: None, of, values, zip: None }
    });
    written.collect()
}
