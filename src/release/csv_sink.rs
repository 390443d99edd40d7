//! CSV in the one dialect that Excel, R, Stata, SPSS, pandas and DuckDB read without hints: UTF-8, comma, one line of
//! names, a dot in numbers, quotes only where a cell needs them, an empty cell where there is no value, no dates.
//!
//! Lines end in LF: all of these read it, and in a repository a file stays as it is, while RFC 4180's CRLF leaves a
//! stray CR with whatever cuts lines by itself. There is no byte order mark: R would take it for a part of the first
//! name. Excel then shows names that are not ASCII right only by "From Text/CSV", not on a double click.
//!
//! Numbers are in the shortest form that reads back as the same number. A text that a spreadsheet would run gets an
//! apostrophe before it; see [`harmless`].

use super::field::{Cells, Field, FieldKind};
use super::record_code::record_bytes;
use super::table::misfit;
use std::fmt::Write as _;
use std::io::{self, Write};

pub(super) struct CsvSink<W: Write + Send> {
    writer: csv::Writer<W>,
    /// Names of levels as they are written, per column.
    levels: Vec<Vec<String>>,
}

impl<W: Write + Send> CsvSink<W> {
    pub(super) fn new(out: W, fields: &[Field]) -> io::Result<Self> {
        let mut writer = csv::WriterBuilder::new().buffer_capacity(1 << 16).from_writer(out);
        writer.write_record(fields.iter().map(|f| harmless(&f.name))).map_err(plain)?;
        let levels = fields
            .iter()
            .map(|field| match &field.kind {
                FieldKind::Level(levels) => levels.iter().map(|l| harmless(l)).collect(),
                FieldKind::YesNo => vec!["0".to_owned(), "1".to_owned()],
                _ => Vec::new(),
            })
            .collect();
        Ok(Self { writer, levels })
    }

    pub(super) fn write(&mut self, fields: &[Field], columns: &[Cells<'_>], rows: usize) -> io::Result<()> {
        let mut cell = String::new();
        for row in 0..rows {
            for ((field, cells), levels) in fields.iter().zip(columns).zip(&self.levels) {
                cell.clear();
                match (&field.kind, cells) {
                    (FieldKind::Integer, Cells::Integers(values)) => {
                        let _ = write!(cell, "{}", values[row]);
                    }
                    (FieldKind::Number, Cells::Numbers(values)) => shortest(values[row], &mut cell),
                    (FieldKind::Text | FieldKind::Record, Cells::Texts(texts)) => cell.push_str(&harmless(&texts[row])),
                    (FieldKind::Record, Cells::Records(codes)) => {
                        if codes[row] != u64::MAX {
                            cell.extend(record_bytes(codes[row]).map(char::from));
                        }
                    }
                    (FieldKind::YesNo | FieldKind::Level(_), Cells::Codes(_) | Cells::LongCodes(_)) => {
                        let name = cells.code(row).and_then(|code| levels.get(code));
                        cell.push_str(name.map_or("", String::as_str));
                    }
                    _ => return Err(misfit(field)),
                }
                self.writer.write_field(&cell).map_err(plain)?;
            }
            self.writer.write_record(None::<&[u8]>).map_err(plain)?;
        }
        Ok(())
    }

    pub(super) fn finish(mut self) -> io::Result<W> {
        self.writer.flush()?;
        self.writer.into_inner().map_err(csv::IntoInnerError::into_error)
    }
}

/// The error of the file itself, where there is one behind.
fn plain(error: csv::Error) -> io::Error {
    match error.into_kind() {
        csv::ErrorKind::Io(error) => error,
        other => io::Error::other(format!("{other:?}")),
    }
}

/// Adds the shortest text that reads back as the same number; nothing for NaN.
pub(super) fn shortest(value: f64, text: &mut String) {
    let size = value.abs();
    let _ = if value.is_nan() {
        Ok(())
    } else if value == 0.0 {
        text.push('0');
        Ok(())
    } else if value.is_infinite() || (1e-5..1e16).contains(&size) {
        write!(text, "{value}")
    } else {
        write!(text, "{value:e}")
    };
}

/// The text, with an apostrophe before it where a spreadsheet would take it for a formula: after blanks, control
/// characters and apostrophes it begins with one of `= + - @`, their full-width forms, a tab or an end of line (OWASP,
/// "CSV Injection"), and it is not just a number. Since apostrophes are counted in, two texts never become the same.
pub(super) fn harmless(text: &str) -> String {
    const STARTS: [char; 8] = ['=', '+', '-', '@', '\u{ff1d}', '\u{ff0b}', '\u{ff0d}', '\u{ff20}'];
    let skipped = |c: char| c == '\'' || c.is_whitespace() || c.is_control() || c == '\u{feff}' || c == '\u{200b}';
    let bare = text.trim_start_matches('\'');
    let risky = bare.starts_with(['\t', '\r', '\n']) || text.trim_start_matches(skipped).starts_with(STARTS);
    let number = || text.bytes().all(|b| b.is_ascii_digit() || b"+-.eE".contains(&b)) && text.parse::<f64>().is_ok();
    if risky && !number() { format!("'{text}") } else { text.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_read_back_as_themselves() {
        for value in [0.1, 1.0, -2.5e-7, 1e16, 1.0 / 3.0, f64::MAX, f64::MIN_POSITIVE, 1e-5, 123_456_789.125] {
            let mut text = String::new();
            shortest(value, &mut text);
            assert_eq!(text.parse::<f64>().unwrap(), value, "{text}");
            assert!(text.len() <= 24, "{text}");
        }
        let mut text = String::new();
        shortest(f64::NAN, &mut text);
        assert_eq!(text, "");
        shortest(-0.0, &mut text);
        assert_eq!(text, "0");
    }

    #[test]
    fn formulas_are_made_harmless_and_numbers_left_alone() {
        assert_eq!(harmless("=SUM(A1)"), "'=SUM(A1)");
        assert_eq!(harmless("@cmd"), "'@cmd");
        assert_eq!(harmless("-1 to 0"), "'-1 to 0");
        assert_eq!(harmless("+cmd|' /C calc'!A0"), "'+cmd|' /C calc'!A0");
        assert_eq!(harmless("-12.5"), "-12.5");
        assert_eq!(harmless("well"), "well");
        assert_eq!(harmless("it's"), "it's");
        assert_eq!(harmless("'quoted'"), "'quoted'");
        let risky = ["\t=1", "\r1", "\n1", " =1", "\u{ff1d}1", "\u{ff0b}1", "\u{ff0d}1", "\u{ff20}1", "-inf", "+nan"];
        for text in risky.into_iter().chain(["\u{feff}=1", "-", "\u{0}=1"]) {
            assert_eq!(harmless(text), format!("'{text}"));
        }
        // Texts that are already escaped stay apart from those that will be.
        assert_eq!(harmless("'=1"), "''=1");
        assert_eq!(harmless("''=1"), "'''=1");
    }
}
