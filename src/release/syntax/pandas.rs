//! A Python module that reads the tables into pandas or polars.

use super::{levels, provenance, reasons, table_name};
use crate::release::field::{Field, FieldKind};
use crate::release::folder::Stamp;
use std::fmt::Write as _;

/// A module with `load_pandas(name)`, `load_polars(name)` and a dictionary `TABLES` of all columns with their labels.
/// pandas gets these as `DataFrame.attrs`; polars has no place for them. `tables` are names of CSV files and their
/// columns.
#[must_use]
pub fn write(tables: &[(String, Vec<Field>)], stamp: &Stamp) -> String {
    let mut to = String::from(
        "\"\"\"synthetic: no real person\n\nload_pandas(name) and load_polars(name) read a table in CSV with its types and levels.\n\"\"\"\n\n",
    );
    for line in provenance(stamp) {
        let ascii: String = line.chars().map(|c| if c.is_ascii() { c } else { '?' }).collect();
        let _ = writeln!(to, "# {ascii}");
    }
    to.push_str("from pathlib import Path\n\nPROVENANCE = {\n");
    for (key, value) in stamp.pairs() {
        let _ = writeln!(to, "    {}: {},", quoted(&key), quoted(&value));
    }
    to.push_str("}\n\nTABLES = {\n");
    for (file, fields) in tables {
        let _ = writeln!(
            to,
            "    {}: {{\n        \"file\": {},\n        \"columns\": [",
            quoted(table_name(file)),
            quoted(file)
        );
        for field in fields {
            column(&mut to, fields, field);
        }
        to.push_str("        ],\n    },\n");
    }
    to.push_str("}\n");
    to.push_str(LOADERS);
    to
}

fn column(to: &mut String, fields: &[Field], field: &Field) {
    let kind = match &field.kind {
        FieldKind::Integer => "integer",
        FieldKind::Number => "number",
        FieldKind::YesNo => "yes_no",
        FieldKind::Level(_) => "level",
        FieldKind::Text | FieldKind::Record => "text",
    };
    let _ = write!(to, "            {{\"name\": {}, \"kind\": \"{kind}\"", quoted(&field.name));
    if matches!(field.kind, FieldKind::Level(_)) {
        let (stand, are): (Vec<String>, Vec<String>) =
            levels(field).map(|(text, level)| (quoted(&text), quoted(level))).unzip();
        let _ = write!(to, ", \"levels\": [{}]", are.join(", "));
        if stand != are {
            let _ = write!(to, ", \"in_file\": [{}]", stand.join(", "));
        }
    }
    let companion = reasons(fields, field).map_or("", |p| &fields[p].name);
    let words = [
        ("label", field.label.as_str()),
        ("unit", &field.unit),
        ("range", &field.range),
        ("description", &field.about),
        ("reasons", companion),
        ("reasons_of", field.reasons_of.as_deref().unwrap_or("")),
    ];
    for (what, text) in words.into_iter().filter(|(_, text)| !text.is_empty()) {
        let _ = write!(to, ", \"{what}\": {}", quoted(text));
    }
    to.push_str("},\n");
}

/// A text of Python, in ASCII.
fn quoted(text: &str) -> String {
    let mut to = String::from("\"");
    for c in text.chars() {
        let _ = match c {
            '"' | '\\' => write!(to, "\\{c}"),
            '\n' => write!(to, "\\n"),
            '\r' => write!(to, "\\r"),
            '\t' => write!(to, "\\t"),
            ' '..='~' => write!(to, "{c}"),
            _ => write!(to, "\\U{:08x}", u32::from(c)),
        };
    }
    to.push('"');
    to
}

const LOADERS: &str = r#"

def _table(name, folder):
    table = TABLES[name]
    folder = Path(__file__).parent if folder is None else Path(folder)
    return folder / table["file"], table["columns"]


def load_pandas(name, folder=None):
    """A DataFrame: levels are categories, an empty cell is NA, labels and provenance are in `attrs`."""
    import pandas as pd

    path, columns = _table(name, folder)
    kinds = {"integer": "int64", "number": "float64", "yes_no": "Int8", "text": "string"}
    dtype = {
        i: pd.CategoricalDtype(c.get("in_file", c["levels"])) if c["kind"] == "level" else kinds[c["kind"]]
        for i, c in enumerate(columns)
    }
    data = pd.read_csv(
        path,
        header=0,
        names=range(len(columns)),
        index_col=False,
        dtype=dtype,
        keep_default_na=False,
        na_values=[""],
        encoding="utf-8",
        float_precision="round_trip",
    )
    for i, c in enumerate(columns):
        if "in_file" in c:
            data[i] = data[i].cat.rename_categories(c["levels"])
    data.columns = [c["name"] for c in columns]
    data.attrs = {"provenance": dict(PROVENANCE), "columns": {c["name"]: dict(c) for c in columns}}
    return data


def load_polars(name, folder=None):
    """A DataFrame: levels are of the type Enum, an empty cell is null."""
    import polars as pl

    path, columns = _table(name, folder)
    kinds = {"integer": pl.Int64, "number": pl.Float64, "yes_no": pl.Int8}
    names = [f"column_{i}" for i in range(len(columns))]
    schema = {n: kinds.get(c["kind"], pl.String) for n, c in zip(names, columns)}
    data = pl.read_csv(path, has_header=False, skip_rows=1, schema=schema, null_values=[""])
    cells = []
    for n, c in zip(names, columns):
        cell = pl.col(n)
        if "in_file" in c:
            cell = cell.replace_strict(dict(zip(c["in_file"], c["levels"])))
        if c["kind"] == "level":
            cell = cell.cast(pl.Enum(c["levels"]))
        cells.append(cell.alias(c["name"]))
    return data.select(cells)
"#;
