//! `[[identity]]`: numbers that follow from others, and cells that print them.

use super::table::unit_of;
use super::{Identity, Published, ask, check};
use crate::diagnostic::{Diagnostics, Span, Text, near_miss};
use crate::formula::{self, Kind, Reference, Resolved, Scope, Unresolved, Wanted};
use crate::numeric::rounding::{MOST_DECIMALS, Rounding};
use crate::options::Options;

/// Most names that a wrong one is compared with.
const COMPARED: usize = 500;

/// Reads and checks the identities (S0909, S0910, and S02xx for their formulas).
pub(super) fn identities(root: &Options, published: &mut Published, problems: &mut Diagnostics) {
    for table in ask::tables(root, "identity", problems) {
        if let Some(identity) = one(table, published, problems) {
            published.identities.push(identity);
        }
    }
}

fn one(table: &Options, published: &Published, problems: &mut Diagnostics) -> Option<Identity> {
    let id = ask::name(table, problems);
    ask::must_be_there(table, "value", problems);
    let value = ask::number(table, "value", problems);
    let unit = table.text("unit", problems);
    ask::must_be_there(table, "unit", problems);
    let unit = unit.and_then(|name| unit_of(&name, problems));
    ask::must_be_there(table, "formula", problems);
    let text = table.formula("formula", problems);
    let names = match table.get("cells") {
        Some(_) => table.texts("cells", problems).unwrap_or_default(),
        None => Vec::new(),
    };
    let about = ask::words(table, "about", problems);
    table.finish(problems);
    let (id, value, unit, text) = (id?, value?, unit?, text?);
    if published.identities.iter().any(|identity| identity.id == id.text) {
        ask::twice(&id, "identities", problems);
        return None;
    }
    if published.incomplete {
        return None;
    }
    let cells = known_cells(&names, published, problems);
    let decimals = check::digits(&value.text).min(MOST_DECIMALS);
    let (number, rounding) = (value.text.parse().ok()?, Rounding { decimals, ..Rounding::default() });
    if !check::in_range(number, unit, &value.span, problems) {
        return None;
    }
    let exact = reckon(&text, published, problems)?;
    let identity = Identity { id: id.text, value: number, unit, formula: text.text, exact, rounding, cells, about };
    holds(&identity, &value.span, published, problems);
    Some(identity)
}

/// The positions of cells (S0901).
pub(super) fn known_cells(names: &[Text], published: &Published, problems: &mut Diagnostics) -> Vec<usize> {
    let mut found = Vec::with_capacity(names.len());
    for name in names {
        match published.by_id.get(&name.text) {
            Some(position) => found.push(*position),
            None if published.incomplete => {}
            None => {
                let problem = problems.error("S0901", &name.span, format!("there is no cell `{}`", name.text));
                problem.help(match near(&name.text, published) {
                    Some(near) => format!("did you mean `{near}`?"),
                    None => "a cell is named `TABLE.ROW.COLUMN`, or `TABLE.ROW` in a table without columns".to_owned(),
                });
            }
        }
    }
    found
}

/// The nearest id among the cells of the table that a name begins with, or the nearest group.
fn near<'a>(name: &str, published: &'a Published) -> Option<&'a str> {
    let table = published
        .tables
        .iter()
        .position(|table| name.strip_prefix(table.id.as_str()).is_some_and(|rest| rest.starts_with('.')));
    let cells = published.cells.iter().filter(|cell| table.is_none_or(|table| cell.table == table));
    let groups = published.groups.iter().map(|group| group.id.as_str());
    near_miss(name, cells.map(|cell| cell.id.as_str()).take(COMPARED).chain(groups.take(COMPARED)))
}

/// The value of a formula over cells and groups.
fn reckon(text: &Text, published: &Published, problems: &mut Diagnostics) -> Option<f64> {
    let numbers = Numbers { published, value: &|cell| published.cells[cell].value, is_printed: true };
    let program = formula::compile(text, &Wanted::Number, &numbers, problems)?;
    let exact = program.constant().filter(|value| value.is_finite());
    if exact.is_none() {
        problems
            .error("S0910", &text.span, "this formula has no value")
            .help("does it divide by a 0, or take the logarithm of one?");
    }
    exact
}

/// What names mean in the formula of an identity: cells, sizes of groups, and `total(TABLE.COLUMN)`.
struct Numbers<'a> {
    published: &'a Published,
    /// The number in a cell.
    value: &'a dyn Fn(usize) -> Option<f64>,
    /// Whether these are the printed numbers; otherwise the sizes of groups are those in the cells that print them.
    is_printed: bool,
}

impl Published {
    /// The value of an identity's formula in another study of this form, such as a simulated one; `value` has the number in
    /// each cell. A group's size is the number in the first cell that prints it. Nothing where a cell that it reads has no
    /// number.
    #[must_use]
    pub fn evaluate(&self, identity: &Identity, value: &dyn Fn(usize) -> Option<f64>) -> Option<f64> {
        let numbers = Numbers { published: self, value, is_printed: false };
        let text = Text { text: identity.formula.clone(), span: Span::default() };
        let program = formula::compile(&text, &Wanted::Number, &numbers, &mut Diagnostics::new())?;
        program.constant().filter(|value| value.is_finite())
    }
}

impl Scope for Numbers<'_> {
    fn resolve(&self, reference: &Reference<'_>) -> Result<Resolved, Unresolved> {
        let name = reference.name;
        let value = match reference.accessor {
            Some(_) => self.total(name, reference.arguments)?,
            None => self.number(name)?,
        };
        Ok(Resolved::Constant { value, kind: Kind::Number })
    }

    fn accessors(&self) -> &'static [&'static str] {
        &["total"]
    }
}

impl Numbers<'_> {
    fn number(&self, name: &str) -> Result<f64, Unresolved> {
        let published = self.published;
        if let Some(position) = published.by_id.get(name) {
            return (self.value)(*position).ok_or_else(|| Unresolved {
                code: "S0910",
                message: format!("`{name}` is NA"),
                help: Some("NA is no 0: leave it out of the formula".to_owned()),
            });
        }
        let found = published.groups.iter().position(|group| group.id == name);
        let printed_in = published.cells.iter().position(|cell| found.is_some() && cell.size_of == found);
        if let Some(cell) = printed_in.filter(|_| !self.is_printed) {
            return (self.value)(cell).ok_or_else(|| unknown(name, None));
        }
        match found.map(|group| &published.groups[group]) {
            Some(group) => group.n.map(|n| n as f64).ok_or_else(|| Unresolved {
                code: "S0910",
                message: format!("the size of the group `{name}` is not known"),
                help: Some(format!("write `n = ...` under the group `{name}`, if it was printed")),
            }),
            None => Err(unknown(name, near(name, published))),
        }
    }

    /// The sum of the numbers of a column, NA left out; of all numbers of a table without columns.
    fn total(&self, name: &str, arguments: &[(String, f64)]) -> Result<f64, Unresolved> {
        if let Some((argument, _)) = arguments.first() {
            let help = Some("write `total(TABLE.COLUMN)`".to_owned());
            return Err(Unresolved { code: "S0910", message: format!("`total` has no `{argument}`"), help });
        }
        for (position, table) in self.published.tables.iter().enumerate() {
            let Some(rest) = name.strip_prefix(table.id.as_str()) else { continue };
            let column = match rest.strip_prefix('.') {
                Some(id) => table.columns.iter().position(|column| column.id == id),
                None => None,
            };
            let whole = rest.is_empty() && table.columns.is_empty();
            if whole || column.is_some() {
                let cells = self.published.cells.iter().enumerate();
                let cells = cells.filter(|(_, cell)| cell.table == position && cell.column == column);
                return Ok(cells.filter_map(|(cell, _)| (self.value)(cell)).sum());
            }
        }
        let columns = self
            .published
            .tables
            .iter()
            .flat_map(|table| table.columns.iter().map(move |column| format!("{}.{}", table.id, column.id)));
        let columns: Vec<String> = columns.take(COMPARED).collect();
        Err(unknown(name, near_miss(name, columns.iter().map(String::as_str))))
    }
}

fn unknown(name: &str, near: Option<&str>) -> Unresolved {
    let help = match near {
        Some(near) => format!("did you mean `{near}`?"),
        None => "names are `TABLE.ROW.COLUMN`, a group, or `total(TABLE.COLUMN)`".to_owned(),
    };
    Unresolved { code: "S0901", message: format!("no number is called `{name}`"), help: Some(help) }
}

/// Compares the value with the formula, and with the cells that print it (S0909).
fn holds(identity: &Identity, span: &Span, published: &Published, problems: &mut Diagnostics) {
    let rounding = identity.rounding;
    let reckoned = rounding.round_in_steps(identity.exact);
    if reckoned.is_none() || reckoned != rounding.in_steps(identity.value) {
        let message = format!("`{}` is {}, and its formula gives {}", identity.id, identity.value, identity.exact);
        problems
            .error("S0909", span, message)
            .help("mend the value or the formula; a value is compared with the digits that it is written with");
    }
    for cell in identity.cells.iter().filter_map(|position| published.cells.get(*position)) {
        let same = match cell.value {
            Some(value) => cell.rounding.round_in_steps(identity.exact) == cell.rounding.in_steps(value),
            None => false,
        };
        if !same {
            let printed = cell.value.map_or("NA".to_owned(), |value| value.to_string());
            problems
                .error(
                    "S0909",
                    span,
                    format!("`{}` is {}, and `{}` prints {printed}", identity.id, identity.exact, cell.id),
                )
                .help("leave out the cell if it means something else, and say so in a `[[difference]]`");
        }
    }
}
