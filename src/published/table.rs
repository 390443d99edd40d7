//! `[[table]]`: its rows and columns in the order of print.

use super::cells::{self, Draft};
use super::{Line, Published, Table, Unit, Years, ask, sum, unit, years};
use crate::diagnostic::{Diagnostics, Span, Text, near_miss};
use crate::numeric::rounding::{MOST_DECIMALS, Ties};
use crate::options::Options;

/// A key that may be left out, since another table may have it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Given<T> {
    Absent,
    /// It is there, and its problem has been reported.
    Wrong,
    Is(T),
}

impl<T> Given<T> {
    fn read(options: &Options, key: &str, value: Option<T>) -> Self {
        match value {
            Some(value) => Self::Is(value),
            None if options.get(key).is_some() => Self::Wrong,
            None => Self::Absent,
        }
    }

    /// This one, or the other where this one is left out.
    pub(super) fn or(self, other: Self) -> Self {
        if matches!(self, Self::Absent) { other } else { self }
    }
}

/// What a table, a row or a column says of its cells.
pub(super) struct About<'a> {
    pub(super) options: &'a Options,
    pub(super) unit: Given<&'static Unit>,
    /// `of`: the denominator.
    pub(super) group: Given<usize>,
    pub(super) source: Given<usize>,
    pub(super) years: Given<Years>,
    pub(super) decimals: Given<u32>,
}

impl<'a> About<'a> {
    fn read(options: &'a Options, published: &Published, problems: &mut Diagnostics) -> Self {
        let unit = options.text("unit", problems).and_then(|name| unit_of(&name, problems));
        let group = published.group(options, "of", problems);
        let source = published.source(options, problems);
        let years = options.text("years", problems).and_then(|text| years::read(&text, problems));
        let decimals = ask::whole(options, "decimals", u64::from(MOST_DECIMALS), problems);
        About {
            options,
            unit: Given::read(options, "unit", unit),
            group: Given::read(options, "of", group),
            source: Given::read(options, "source", source),
            years: Given::read(options, "years", years),
            decimals: Given::read(options, "decimals", decimals.and_then(|d| u32::try_from(d).ok())),
        }
    }
}

/// The unit of a name; an unknown one is an error (S0104).
pub(super) fn unit_of(name: &Text, problems: &mut Diagnostics) -> Option<&'static Unit> {
    let found = Unit::of(&name.text);
    if found.is_none() {
        let names: Vec<&str> = unit::UNITS.iter().map(|unit| unit.name).collect();
        let help = match near_miss(&name.text, names.iter().copied()) {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("one of: {}", names.join(", ")),
        };
        problems.error("S0104", &name.span, format!("`unit` cannot be `{}`", name.text)).help(help);
    }
    found
}

/// Whose size the cells of a line print.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum SizeOf {
    /// The group of the row.
    Row,
    /// This group.
    Group(usize),
}

/// A row or a column as it is read.
pub(super) struct Head<'a> {
    pub(super) line: Line,
    pub(super) about: About<'a>,
    pub(super) size_of: Option<SizeOf>,
}

/// Reads all tables.
pub(super) fn tables(root: &Options, published: &mut Published, problems: &mut Diagnostics) {
    let tables = ask::tables(root, "table", problems);
    if ask::is_missing(root, "table") {
        problems
            .error("S0103", &root.span, "the file needs a table of published numbers")
            .help("write `[[table]]` with `id`, `title`, its rows and columns");
    }
    for options in tables {
        table(options, published, problems);
    }
}

fn table(options: &Options, published: &mut Published, problems: &mut Diagnostics) {
    let id = ask::name(options, problems);
    let about = About::read(options, published, problems);
    let ties = ties(options, problems);
    let mut heads = |key: &str, problems: &mut Diagnostics| -> Vec<Head<'_>> {
        let entries = ask::tables(options, key, problems);
        let mut heads: Vec<Head<'_>> = Vec::with_capacity(entries.len());
        for entry in entries {
            match head(entry, published, problems) {
                Some((id, _)) if heads.iter().any(|other| other.line.id == id.text) => {
                    ask::twice(&id, &format!("{key}s of a table"), problems);
                    published.incomplete = true;
                }
                Some((_, head)) => heads.push(head),
                None => published.incomplete = true,
            }
        }
        heads
    };
    let columns = heads("column", problems);
    let rows = heads("row", problems);
    ask::must_be_there(options, "row", problems);
    let made = Table {
        id: id.as_ref().map(|id| id.text.clone()).unwrap_or_default(),
        number: ask::words(options, "number", problems),
        title: ask::text(options, "title", problems).text,
        columns: columns.iter().map(|column| column.line.clone()).collect(),
        rows: rows.iter().map(|row| row.line.clone()).collect(),
        note: ask::words(options, "note", problems),
    };
    let position = published.tables.len();
    let twice = id.as_ref().filter(|id| published.tables.iter().any(|table| table.id == id.text));
    if let Some(id) = twice {
        ask::twice(id, "tables", problems);
    }
    let usable = id.is_some() && twice.is_none();
    let draft = Draft { position, made: &made, about: &about, ties, columns: &columns, rows: &rows };
    let cells = draft.cells(published, problems);
    let sums = sum::read(options, &made, problems);
    options.finish(problems);
    for row in &rows {
        row.about.options.finish(problems);
    }
    for column in &columns {
        column.about.options.finish(problems);
    }
    if usable {
        cells::keep(cells, published, problems);
        published.tables.push(made);
        sum::check(&sums, position, published, problems);
    } else {
        published.incomplete = true;
    }
}

fn ties(options: &Options, problems: &mut Diagnostics) -> Ties {
    match options.choice("rounding", &["half up", "half even", "cut"], problems) {
        Some(1) => Ties::Even,
        Some(2) => Ties::Cut,
        _ => Ties::Up,
    }
}

fn head<'a>(options: &'a Options, published: &Published, problems: &mut Diagnostics) -> Option<(Text, Head<'a>)> {
    let id = ask::id(options, problems);
    let about = About::read(options, published, problems);
    printed_n(&about, published, problems);
    let size_of = match options.text("size_of", problems) {
        Some(name) if name.text == "row" => Some(SizeOf::Row),
        Some(name) => {
            let groups = published.groups.iter().map(|group| group.id.as_str());
            ask::known(&name, "group", groups, problems).map(SizeOf::Group)
        }
        None => None,
    };
    let line = Line {
        id: id.as_ref().map(|id| id.text.clone()).unwrap_or_default(),
        title: ask::text(options, "title", problems).text,
        heading: ask::words(options, "heading", problems),
        note: ask::words(options, "note", problems),
    };
    match id {
        Some(id) => Some((id, Head { line, about, size_of })),
        None => {
            // Nothing reads its values, and they are no unknown keys.
            for key in ["value", "values", "na"] {
                let _ = options.get(key);
            }
            options.finish(problems);
            None
        }
    }
}

/// `n`: the denominator as printed at this line; it is the size of the group `of` (S0907).
fn printed_n(about: &About<'_>, published: &Published, problems: &mut Diagnostics) {
    let Some(n) = ask::whole(about.options, "n", super::head::MOST_PERSONS, problems) else { return };
    let span = about.options.get("n").map(|value| value.span().clone()).unwrap_or_default();
    match about.group {
        Given::Is(group) => size(n as f64, group, &span, published, problems),
        Given::Wrong => {}
        Given::Absent => ask::must_be_there(about.options, "of", problems),
    }
}

/// Compares a printed number of persons with the size of a group (S0907).
pub(super) fn size(n: f64, group: usize, span: &Span, published: &Published, problems: &mut Diagnostics) {
    let Some(group) = published.groups.get(group) else { return };
    match group.n {
        Some(own) if own as f64 == n => {}
        Some(own) => {
            problems
                .error("S0907", span, format!("the group `{}` has {own} persons, and {n} stand here", group.id))
                .help("one of the two is wrong; a part of a group is a group of its own: declare it as a `[[group]]`");
        }
        None => {
            problems
                .error("S0907", span, format!("the group `{}` has no `n`, and its size stands here", group.id))
                .help(format!("write `n = {n}` under the group"));
        }
    }
}
