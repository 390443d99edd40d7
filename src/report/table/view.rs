//! Which rows and columns are shown, and in which order: checked before the study runs.

use super::names::{Names, Readable, Reading};
use crate::diagnostic::{Diagnostics, Span, Text};
use crate::formula::{Kind, Program, Reference, Resolved, Scope, Slots, Wanted, compile};
use crate::tables::Among;

/// What is asked of the table, each part as written.
#[derive(Clone, Debug, Default)]
pub struct Asked {
    /// Keys of the order, with commas between them; a minus in front turns one round.
    pub sort: Option<Text>,
    /// A formula that is true for the rows that are kept.
    pub keep: Option<Text>,
    /// What each group of rows has in common.
    pub group_by: Option<Text>,
    /// Columns, with commas between them.
    pub measures: Option<Text>,
    /// Which fits the rows are of.
    pub among: Vec<Among>,
}

/// What is asked of the table, checked.
#[derive(Debug)]
pub struct View {
    pub(super) names: Names,
    pub(super) readings: Vec<Reading>,
    pub(super) keys: Vec<Key>,
    pub(super) keep: Option<Program>,
    pub(super) group_by: Option<Reading>,
    pub(super) measures: Option<Vec<&'static str>>,
    pub(super) among: Vec<Among>,
}

/// One key of the order.
#[derive(Debug)]
pub(super) struct Key {
    pub(super) descending: bool,
    pub(super) by: By,
}

/// What rows are ordered by.
#[derive(Debug)]
pub(super) enum By {
    Reading(Reading),
    Formula(Program),
}

/// Checks what is asked: names that are not known are errors (R0049), and so is what no formula can be (S02xx).
pub fn view(asked: &Asked, names: Names, problems: &mut Diagnostics) -> Option<View> {
    let scope = Readable { names: &names, slots: Slots::default() };
    let before = problems.list().len();
    let keep = asked.keep.as_ref().and_then(|text| compile(text, &Wanted::Boolean, &scope, problems));
    let keys = asked.sort.iter().flat_map(parts).filter_map(|part| key(&part, &scope, problems)).collect();
    let group_by = asked.group_by.as_ref().and_then(|text| group(text, &names, problems));
    let measures =
        asked.measures.as_ref().map(|text| parts(text).iter().filter_map(|m| measure(m, &names, problems)).collect());
    let sound = problems.list().len() == before || !problems.has_errors();
    let readings = scope.slots.into_meanings();
    sound.then_some(View { names, readings, keys, keep, group_by, measures, among: asked.among.clone() })
}

impl View {
    /// Whether nothing is asked, so that the usual report will do.
    #[must_use]
    pub fn is_usual(&self) -> bool {
        self.keys.is_empty()
            && self.keep.is_none()
            && self.group_by.is_none()
            && self.measures.is_none()
            && self.among.is_empty()
    }
}

/// The parts between commas that stand in no bracket and in no quotation marks.
fn parts(text: &Text) -> Vec<Text> {
    let (mut depth, mut quote, mut start) = (0_i32, None, 0);
    let mut found = Vec::new();
    for (at, c) in text.text.char_indices() {
        match (quote, c) {
            (Some(q), _) if c == q => quote = None,
            (Some(_), _) => {}
            (None, '\'' | '"') => quote = Some(c),
            (None, '(') => depth += 1,
            (None, ')') => depth -= 1,
            (None, ',') if depth <= 0 => {
                found.push(part(text, start, at));
                start = at + 1;
            }
            _ => {}
        }
    }
    found.push(part(text, start, text.text.len()));
    found
}

fn part(text: &Text, start: usize, end: usize) -> Text {
    let whole = &text.text[start..end];
    let lead = whole.len() - whole.trim_start().len();
    let trimmed = whole.trim();
    let start = start + lead;
    Text { text: trimmed.to_owned(), span: text.span.within(&(start..start + trimmed.len())) }
}

/// A key: a name, or a formula that gives a number. A minus in front turns the order round.
fn key(written: &Text, scope: &Readable<'_>, problems: &mut Diagnostics) -> Option<Key> {
    let descending = written.text.starts_with('-');
    let text = if descending { part(written, 1, written.text.len()) } else { written.clone() };
    let name = Reference { accessor: None, name: &text.text, arguments: &[] };
    // Names of estimands, methods and levels are ordered as the scenario has them, which no formula can say.
    let by = match scope.resolve(&name) {
        Ok(Resolved::Slot { slot, kind: Kind::Level(_) | Kind::Boolean, .. }) => {
            scope.slots.meaning(slot).map(By::Reading)
        }
        _ => compile(&text, &Wanted::Number, scope, problems).map(By::Formula),
    };
    Some(Key { descending, by: by? })
}

fn group(text: &Text, names: &Names, problems: &mut Diagnostics) -> Option<Reading> {
    let name = text.text.trim();
    let found = names.reading(name).filter(|reading| {
        matches!(reading, Reading::Condition | Reading::Estimand | Reading::Method | Reading::Factor(_))
    });
    if found.is_none() {
        unknown(
            &text.span,
            format!("rows cannot be grouped by `{name}`"),
            Names::offer(name, &names.of_rows()),
            problems,
        );
    }
    found
}

fn measure(text: &Text, names: &Names, problems: &mut Diagnostics) -> Option<&'static str> {
    let found = names.measure(&text.text);
    if found.is_none() {
        let known: Vec<String> = names.measures.iter().map(|m| (*m).to_owned()).collect();
        let help = Names::offer(&text.text, &known);
        unknown(&text.span, format!("no measure is called `{}`", text.text), help, problems);
    }
    found
}

fn unknown(span: &Span, message: String, help: String, problems: &mut Diagnostics) {
    problems.error("R0049", span, message).help(help);
}
