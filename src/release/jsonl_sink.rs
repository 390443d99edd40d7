//! JSON Lines: an object per row, keys in the order of the columns, `null` where there is no value.

use super::csv_sink::shortest;
use super::field::{Cells, Field, FieldKind};
use super::record_code::record_bytes;
use super::table::misfit;
use std::io::{self, Write};

/// Bytes that are gathered before they are written.
const BUFFER: usize = 1 << 16;

pub(super) struct JsonlSink<W: Write> {
    out: W,
    /// What stands before each cell: a brace or comma, the name and a colon.
    before: Vec<String>,
    /// Names of levels as they are written, per column.
    levels: Vec<Vec<String>>,
    buffer: String,
}

impl<W: Write> JsonlSink<W> {
    pub(super) fn new(out: W, fields: &[Field]) -> Self {
        let before =
            |(i, field): (usize, &Field)| format!("{}{}:", if i == 0 { '{' } else { ',' }, quoted(&field.name));
        let levels = |field: &Field| match &field.kind {
            FieldKind::YesNo => vec!["0".to_owned(), "1".to_owned()],
            _ => field.levels().iter().map(|level| quoted(level)).collect(),
        };
        Self {
            out,
            before: fields.iter().enumerate().map(before).collect(),
            levels: fields.iter().map(levels).collect(),
            buffer: String::with_capacity(2 * BUFFER),
        }
    }

    pub(super) fn write(&mut self, fields: &[Field], columns: &[Cells<'_>], rows: usize) -> io::Result<()> {
        for row in 0..rows {
            let parts = fields.iter().zip(columns).zip(&self.before).zip(&self.levels);
            for (((field, cells), before), levels) in parts {
                self.buffer.push_str(before);
                cell(&mut self.buffer, field, cells, levels, row)?;
            }
            self.buffer.push_str("}\n");
            if self.buffer.len() > BUFFER {
                self.out.write_all(self.buffer.as_bytes())?;
                self.buffer.clear();
            }
        }
        Ok(())
    }

    pub(super) fn finish(mut self) -> io::Result<W> {
        self.out.write_all(self.buffer.as_bytes())?;
        self.out.flush()?;
        Ok(self.out)
    }
}

fn cell(to: &mut String, field: &Field, cells: &Cells<'_>, levels: &[String], row: usize) -> io::Result<()> {
    use std::fmt::Write as _;
    const NONE: &str = "null";
    match (&field.kind, cells) {
        (FieldKind::Integer, Cells::Integers(values)) => {
            let _ = write!(to, "{}", values[row]);
        }
        (FieldKind::Number, Cells::Numbers(values)) => number(to, values[row]),
        (FieldKind::Text | FieldKind::Record, Cells::Texts(texts)) if texts[row].is_empty() => to.push_str(NONE),
        (FieldKind::Text | FieldKind::Record, Cells::Texts(texts)) => to.push_str(&quoted(&texts[row])),
        (FieldKind::Record, Cells::Records(codes)) if codes[row] == u64::MAX => to.push_str(NONE),
        (FieldKind::Record, Cells::Records(codes)) => {
            to.push('"');
            to.extend(record_bytes(codes[row]).map(char::from));
            to.push('"');
        }
        (FieldKind::YesNo | FieldKind::Level(_), Cells::Codes(_) | Cells::LongCodes(_)) => {
            to.push_str(cells.code(row).and_then(|code| levels.get(code)).map_or(NONE, String::as_str));
        }
        _ => return Err(misfit(field)),
    }
    Ok(())
}

/// JSON has no infinity; a number beyond all that a double holds is one that readers take for it.
fn number(to: &mut String, value: f64) {
    if value.is_nan() {
        to.push_str("null");
    } else if value.is_infinite() {
        to.push_str(if value > 0.0 { "1e999" } else { "-1e999" });
    } else {
        shortest(value, to);
    }
}

/// A text as JSON.
pub(super) fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}
