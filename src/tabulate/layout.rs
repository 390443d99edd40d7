//! `[[table]]`: rows, columns, and how each cell is filled.

use super::cell::{CellFill, What};
use super::declaration::Declaration;
use super::define::definitions;
use super::level::Level;
use super::scope::TableScope;
use super::{Cell, Fill, Layout, Line, Plan};
use crate::diagnostic::{Diagnostics, Text, near_miss};
use crate::formula::{OnlyParameters, Parameters, Program, Slots, Wanted, compile};
use crate::options::{OptionValue, Options};
use crate::tables::ObservedSchema;
use std::cell::{Cell as Place, RefCell};
use std::collections::BTreeMap;

/// The only link between comments and persons.
const LINK: &str = "at least one comment";
/// Keys that say what fills a cell, one of which may stand at a column, a row or a table.
const VALUES: [&str; 6] = ["value", "percent", "mean", "min", "max", "total"];
/// Most cells of all tables.
const MOST_CELLS: usize = 100_000;

/// See [`super::plan`].
pub(super) fn plan(
    declaration: &Declaration,
    schema: &ObservedSchema,
    parameters: &Parameters,
    problems: &mut Diagnostics,
) -> Option<Plan> {
    let waves = waves(declaration, schema, problems)?;
    let coder = coder(declaration, schema, problems)?;
    let scope = TableScope {
        parameters,
        schema,
        waves: &waves,
        known: RefCell::default(),
        level: Place::new(Level::Person),
        read: RefCell::default(),
        slots: Slots::default(),
    };
    let (definitions, order) = definitions(declaration, &scope, problems)?;
    let mut writer = Writer { scope: &scope, problems, conditions: Vec::new(), compiled: BTreeMap::new(), fine: true };
    let mut tables: Vec<Layout> = Vec::new();
    let mut cells: Vec<Cell> = Vec::new();
    let mut fills = Vec::new();
    for options in &declaration.tables {
        if let Some(table) = writer.table(options, declaration.of.as_ref(), tables.len()) {
            for (cell, fill) in table.cells {
                if cells.iter().any(|other| other.id == cell.id) {
                    writer.twice(&cell.id, options);
                }
                cells.push(cell);
                fills.push(fill);
            }
            tables.push(table.layout);
        }
        if cells.len() > MOST_CELLS {
            let message = format!("more than {MOST_CELLS} cells");
            writer.problems.error("S1006", &options.span, message).help("leave out rows or columns");
            return None;
        }
    }
    let mut everybody = Vec::new();
    if let Some(of) = &declaration.of {
        writer.condition(of, Level::Person, &mut everybody);
    }
    let Writer { conditions, fine, .. } = writer;
    let counted = everybody.first().copied();
    let meanings = scope.slots.into_meanings();
    fine.then_some(Plan { tables, cells, definitions, order, meanings, fills, conditions, counted, waves, coder })
}

fn waves(declaration: &Declaration, schema: &ObservedSchema, problems: &mut Diagnostics) -> Option<Vec<usize>> {
    let Some(written) = &declaration.waves else { return Some((0..schema.waves()).collect()) };
    let mut waves = Vec::with_capacity(written.len());
    for text in written {
        match text.text.trim().parse::<usize>() {
            Ok(wave) if (1..=schema.waves()).contains(&wave) && waves.last().is_none_or(|last| *last < wave - 1) => {
                waves.push(wave - 1);
            }
            _ => {
                let message = format!("`{}` is no wave that can stand here", text.text);
                let help = format!("numbers of waves, from 1 to {}, in ascending order", schema.waves());
                problems.error("S1001", &text.span, message).help(help);
                return None;
            }
        }
    }
    Some(waves)
}

fn coder(declaration: &Declaration, schema: &ObservedSchema, problems: &mut Diagnostics) -> Option<u8> {
    let Some(name) = &declaration.coder else { return Some(0) };
    let coders = schema.comments.as_ref().map_or(&[][..], |comments| comments.coders.as_slice());
    let found = coders.iter().position(|coder| *coder == name.text);
    if found.is_none() {
        let help = match coders {
            [] => "there are no comments that anybody could code".to_owned(),
            coders => format!("coders: {}", coders.join(", ")),
        };
        problems.error("S1003", &name.span, format!("there is no coder `{}`", name.text)).help(help);
    }
    found.map(|coder| coder as u8)
}

struct Written {
    layout: Layout,
    cells: Vec<(Cell, CellFill)>,
}

/// A row or a column as written.
struct WrittenLine<'a> {
    line: Line,
    options: &'a Options,
    /// `where`.
    condition: Option<Text>,
    /// `where_comment`.
    of_comments: Option<Text>,
    /// Ids of the lines across from it that are not applicable.
    na: Vec<Text>,
}

struct Writer<'a, 'b> {
    scope: &'a TableScope<'b>,
    problems: &'a mut Diagnostics,
    conditions: Vec<Program>,
    /// Level and text of each condition, with its position, or nothing where it has a problem: each is compiled once.
    compiled: BTreeMap<(Level, String), Option<usize>>,
    fine: bool,
}

impl Writer<'_, '_> {
    fn error(&mut self, code: &'static str, place: &crate::diagnostic::Span, message: String, help: String) {
        self.fine = false;
        self.problems.error(code, place, message).help(help);
    }

    fn twice(&mut self, id: &str, options: &Options) {
        let message = format!("two cells are called `{id}`");
        self.error("S1004", &options.span, message, "give rows, columns or tables other ids".to_owned());
    }

    fn table(&mut self, options: &Options, of: Option<&Text>, number: usize) -> Option<Written> {
        let before = self.problems.list().len();
        let id = self.id(options)?;
        let head = self.line(options, id.clone());
        let of = match options.get("of") {
            Some(_) => options.formula("of", self.problems),
            None => of.cloned(),
        };
        let columns = self.lines(options, "column");
        let rows = self.lines(options, "row");
        let _ = (options.get("count"), options.get("link"), options.get("decimals"));
        for key in VALUES {
            let _ = options.get(key);
        }
        if rows.is_empty() {
            options.missing("row", self.problems);
        }
        let mut cells = Vec::new();
        for (r, row) in rows.iter().enumerate() {
            let across: Vec<Option<(usize, &WrittenLine<'_>)>> = match columns.as_slice() {
                [] => vec![None],
                columns => columns.iter().enumerate().map(Some).collect(),
            };
            for column in across {
                let (position, column) = (column.map(|(c, _)| c), column.map(|(_, column)| column));
                let cell_id = match column {
                    None => format!("{id}.{}", row.line.id),
                    Some(column) => format!("{id}.{}.{}", row.line.id, column.line.id),
                };
                if let Some((fill, decimals, how)) = self.cell(of.as_ref(), &head, row, column) {
                    let cell = Cell { id: cell_id, table: number, row: r, column: position, fill, decimals };
                    cells.push((cell, how));
                }
            }
        }
        self.check_na(&rows, &columns);
        for line in rows.iter().chain(&columns) {
            line.options.finish(self.problems);
        }
        options.finish(self.problems);
        self.fine &= !self.problems.list()[before.min(self.problems.list().len())..]
            .iter()
            .any(|problem| problem.severity == crate::diagnostic::Severity::Error);
        let layout = Layout {
            id,
            title: head.line.title,
            columns: columns.into_iter().map(|column| column.line).collect(),
            rows: rows.into_iter().map(|row| row.line).collect(),
        };
        Some(Written { layout, cells })
    }

    fn id(&mut self, options: &Options) -> Option<String> {
        if options.get("id").is_none() {
            options.missing("id", self.problems);
            self.fine = false;
            return None;
        }
        let id = options.text("id", self.problems)?;
        let good = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '.';
        if id.text.is_empty() || !id.text.chars().all(good) {
            let message = format!("`{}` cannot be an id", id.text);
            self.error("S1006", &id.span, message, "letters, digits, `_` and dots".to_owned());
            return None;
        }
        Some(id.text)
    }

    fn line<'o>(&mut self, options: &'o Options, id: String) -> WrittenLine<'o> {
        let text = |key: &str, problems: &mut Diagnostics| {
            options.text(key, problems).map(|text| text.text).unwrap_or_default()
        };
        let line = Line { id, title: text("title", self.problems), heading: text("heading", self.problems) };
        WrittenLine {
            line,
            options,
            condition: options.formula("where", self.problems),
            of_comments: options.formula("where_comment", self.problems),
            na: Vec::new(),
        }
    }

    fn lines<'o>(&mut self, options: &'o Options, key: &str) -> Vec<WrittenLine<'o>> {
        let mut lines = Vec::new();
        for item in options.list(key, self.problems).unwrap_or(&[]) {
            let OptionValue::Table(line) = item else {
                let message = format!("an entry of `{key}` must be a table, and is {}", item.kind());
                self.error("S0102", item.span(), message, format!("write `{key} = [{{ id = \"...\" }}, ...]`"));
                continue;
            };
            let Some(id) = self.id(line) else { continue };
            let mut written = self.line(line, id);
            written.na = line.texts("na", self.problems).unwrap_or_default();
            lines.push(written);
        }
        lines
    }

    /// What `na` names must be there.
    fn check_na(&mut self, rows: &[WrittenLine<'_>], columns: &[WrittenLine<'_>]) {
        for (lines, across) in [(rows, columns), (columns, rows)] {
            let known: Vec<&str> = across.iter().map(|line| line.line.id.as_str()).collect();
            for name in lines.iter().flat_map(|line| &line.na).filter(|name| !known.contains(&name.text.as_str())) {
                let help = match near_miss(&name.text, known.iter().copied()) {
                    Some(near) => format!("did you mean `{near}`?"),
                    None => format!("known: {}", known.join(", ")),
                };
                self.error("S1006", &name.span, format!("no row or column here is called `{}`", name.text), help);
            }
        }
    }

    fn cell(
        &mut self,
        of: Option<&Text>,
        head: &WrittenLine<'_>,
        row: &WrittenLine<'_>,
        column: Option<&WrittenLine<'_>>,
    ) -> Option<(Fill, u32, CellFill)> {
        let column_id = column.map_or("", |column| column.line.id.as_str());
        let not = |line: &WrittenLine<'_>, across: &str| line.na.iter().any(|name| name.text == across);
        if not(row, column_id) || column.is_some_and(|column| not(column, &row.line.id)) {
            return Some((Fill::NotApplicable, 0, CellFill::NotApplicable));
        }
        // What is said nearest to the cell goes first.
        let lines: Vec<&WrittenLine<'_>> = column.into_iter().chain([row, head]).collect();
        let decimals = self.decimals(&lines);
        let value = VALUES.iter().copied().find_map(|key| {
            // One key for the whole cell: the nearest line that has any of them.
            let line = lines.iter().find(|line| VALUES.iter().any(|key| line.options.get(key).is_some()))?;
            line.options.get(key).map(|_| (key, *line))
        });
        if let Some(("value", line)) = value {
            let text = line.options.formula("value", self.problems)?;
            let program = compile(&text, &Wanted::Number, &OnlyParameters(self.scope.parameters), self.problems);
            let Some(value) = program.and_then(|program| program.constant()) else {
                self.fine = false;
                return None;
            };
            return Some((Fill::Fixed, decimals.unwrap_or(0), CellFill::Fixed(value)));
        }
        let linked = self.link(&lines)?;
        let level = match linked {
            true => Level::Comment,
            false => self.level(&lines)?,
        };
        let conditions = self.conditions(of, &lines, level)?;
        let (what, fill) = self.what(value, linked, level)?;
        let least = match fill {
            Fill::Mean(_) => 1,
            _ => 0,
        };
        Some((fill, decimals.unwrap_or(least), CellFill::Found { level, conditions, what }))
    }

    fn decimals(&mut self, lines: &[&WrittenLine<'_>]) -> Option<u32> {
        let line = lines.iter().find(|line| line.options.get("decimals").is_some())?;
        let text = line.options.formula("decimals", self.problems)?;
        let digits = text.text.trim().parse::<u32>().ok().filter(|digits| *digits <= 9);
        if digits.is_none() {
            let message = format!("`decimals` cannot be `{}`", text.text);
            self.error("S1006", &text.span, message, "a whole number from 0 to 9".to_owned());
        }
        digits
    }

    /// Whether persons are counted by their comments.
    fn link(&mut self, lines: &[&WrittenLine<'_>]) -> Option<bool> {
        // A line that says what is counted, or what of it, does not take a link from farther away.
        let says = |line: &&&WrittenLine<'_>| {
            ["link", "count"].iter().chain(&VALUES).any(|key| line.options.get(key).is_some())
        };
        let Some(line) = lines.iter().find(says).filter(|line| line.options.get("link").is_some()) else {
            return Some(false);
        };
        let text = line.options.text("link", self.problems)?;
        if text.text != LINK {
            let message = format!("`{}` is no link between comments and persons", text.text);
            self.error("S1007", &text.span, message, format!("write `link = \"{LINK}\"`"));
            return None;
        }
        match line.options.get("count") {
            None => Some(true),
            Some(_) => match self.level_of(line)? {
                Level::Person => Some(true),
                _ => {
                    let message = "a link makes persons out of comments, and this counts something else".to_owned();
                    self.error("S1007", &text.span, message, "leave out `count`, or `link`".to_owned());
                    None
                }
            },
        }
    }

    fn level(&mut self, lines: &[&WrittenLine<'_>]) -> Option<Level> {
        match lines.iter().find(|line| line.options.get("count").is_some()) {
            None => Some(Level::Person),
            Some(line) => self.level_of(line),
        }
    }

    fn level_of(&mut self, line: &WrittenLine<'_>) -> Option<Level> {
        let words = Level::ALL.map(Level::plural);
        let found = line.options.choice("count", &words, self.problems).map(|k| Level::ALL[k]);
        self.fine &= found.is_some();
        found
    }

    /// Positions of the conditions: whom the table is of, then table, row and column.
    fn conditions(&mut self, of: Option<&Text>, lines: &[&WrittenLine<'_>], level: Level) -> Option<Vec<usize>> {
        let mut conditions = Vec::new();
        let mut fine = true;
        if let Some(text) = of {
            fine &= self.condition(text, level, &mut conditions);
        }
        for line in lines.iter().rev() {
            let comments = line.of_comments.as_ref().filter(|_| level == Level::Comment);
            for text in line.condition.iter().chain(comments) {
                fine &= self.condition(text, level, &mut conditions);
            }
        }
        fine.then_some(conditions)
    }

    fn condition(&mut self, text: &Text, level: Level, conditions: &mut Vec<usize>) -> bool {
        if text.text.trim() == "true" {
            return true;
        }
        let key = (level, text.text.clone());
        let (scope, known) = (self.scope, &mut self.conditions);
        let position = *self.compiled.entry(key).or_insert_with(|| {
            scope.level.set(level);
            let program = compile(text, &Wanted::Boolean, scope, self.problems)?;
            known.push(program);
            Some(known.len() - 1)
        });
        self.fine &= position.is_some();
        conditions.extend(position);
        position.is_some()
    }

    fn what(&mut self, value: Option<(&str, &WrittenLine<'_>)>, linked: bool, level: Level) -> Option<(What, Fill)> {
        if linked {
            return Some((What::Persons, Fill::PersonsWithComment));
        }
        let Some((key, line)) = value else { return Some((What::Count, Fill::Count(level))) };
        let text = line.options.formula(key, self.problems)?;
        let wanted = if key == "percent" { Wanted::Boolean } else { Wanted::Number };
        self.scope.level.set(level);
        let Some(program) = compile(&text, &wanted, self.scope, self.problems) else {
            self.fine = false;
            return None;
        };
        Some(match key {
            "percent" => (What::Percent(program), Fill::Percent(level)),
            "mean" => (What::Mean(program), Fill::Mean(level)),
            "min" => (What::Min(program), Fill::Min(level)),
            "max" => (What::Max(program), Fill::Max(level)),
            _ => (What::Total(program), Fill::Total(level)),
        })
    }
}
