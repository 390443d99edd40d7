//! What a table in CSV or JSON Lines is, in a file of its own beside it: "CSV on the Web" of the W3C
//! (<https://www.w3.org/TR/tabular-metadata/>), since these formats have no place for labels, units and provenance.

use super::csv_sink::harmless;
use super::field::{Field, FieldKind, companion};
use super::folder::Stamp;
use super::table::Format;
use serde_json::{Map, Value, json};
use std::fmt::Write as _;

/// Levels up to which their names are spelt out as a pattern.
const SPELT_OUT: usize = 200;

/// Name of the file beside the file `path`, where programs that know the standard look for it.
#[must_use]
pub fn file_name(path: &str) -> String {
    format!("{path}-metadata.json")
}

/// The metadata of the table in the file `path`, whose folders do not matter. For JSON Lines the same words describe the members of the objects.
#[must_use]
pub fn write(path: &str, format: Format, fields: &[Field], stamp: &Stamp) -> String {
    let columns: Vec<Value> = fields.iter().map(|field| column(field, fields, format)).collect();
    let url = path.rsplit_once('/').map_or(path, |(_, name)| name);
    let mut provenance = Map::new();
    for (key, value) in stamp.pairs() {
        provenance.insert(key, value.into());
    }
    let of_a_scenario = !stamp.scenario_hash.is_empty();
    let description =
        if of_a_scenario { "synthetic: no real person" } else { "estimates made elsewhere, and their measures" };
    let mut table = json!({
        "@context": ["http://www.w3.org/ns/csvw", {"@language": "en"}],
        "url": percent(url, b"-._~"),
        "dc:description": description,
        "dc:creator": format!("eclosion {}", stamp.version),
        "notes": [provenance],
        "tableSchema": {"columns": columns},
    });
    if format == Format::Csv {
        table["dialect"] = json!({
            "encoding": "utf-8",
            "delimiter": ",",
            "quoteChar": "\"",
            "doubleQuote": true,
            "header": true,
            "headerRowCount": 1,
            "lineTerminators": ["\n"],
            "skipBlankRows": false,
            "trim": false,
        });
    }
    // The alternate form is indented, and a value made here is always printable.
    format!("{table:#}\n")
}

fn column(field: &Field, all: &[Field], format: Format) -> Value {
    let csv = format == Format::Csv;
    let text = |text: &str| if csv { harmless(text) } else { text.to_owned() };
    let mut column = json!({
        "name": percent(&field.name, b""),
        "titles": text(&field.name),
        "datatype": datatype(field, &text),
        "required": field.kind == FieldKind::Integer,
    });
    if csv {
        column["null"] = "".into();
    }
    let words = [
        ("dc:title", field.label.as_str()),
        ("dc:description", &field.about),
        ("schema:unitText", &field.unit),
        ("schema:valueRange", &field.range),
    ];
    for (key, word) in words.into_iter().filter(|(_, word)| !word.is_empty()) {
        column[key] = word.into();
    }
    if let Some(companion) = companion(all, &field.name) {
        column["dc:relation"] = format!("`{}` says why cells have no value", companion.name).into();
    }
    if let Some(name) = &field.reasons_of {
        column["dc:relation"] = format!("says why cells of `{name}` have no value, or are 0 by design").into();
    }
    column
}

fn datatype(field: &Field, text: &dyn Fn(&str) -> String) -> Value {
    match &field.kind {
        FieldKind::Integer => match field.largest {
            Some(largest) => json!({"base": "integer", "minimum": -largest, "maximum": largest}),
            None => json!("integer"),
        },
        FieldKind::Number => json!("double"),
        FieldKind::YesNo => json!({"base": "integer", "minimum": 0, "maximum": 1}),
        FieldKind::Level(levels) if (1..=SPELT_OUT).contains(&levels.len()) => {
            let names: Vec<String> = levels.iter().map(|level| pattern(&text(level))).collect();
            json!({"base": "string", "format": names.join("|")})
        }
        FieldKind::Level(_) | FieldKind::Text => json!("string"),
        FieldKind::Record => json!({"base": "string", "format": "S-[0-9A-HJKMNP-TV-Z]{12}"}),
    }
}

/// A regular expression that only this text matches.
fn pattern(text: &str) -> String {
    let mut to = String::new();
    for c in text.chars() {
        if "\\^$.|?*+()[]{}/-".contains(c) {
            to.push('\\');
        }
        to.push(c);
    }
    to
}

/// The text with everything but letters and digits of ASCII, `_` and `also` as `%` and two digits.
fn percent(text: &str, also: &[u8]) -> String {
    let mut to = String::new();
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || byte == b'_' || also.contains(&byte) {
            to.push(char::from(byte));
        } else {
            let _ = write!(to, "%{byte:02X}");
        }
    }
    to
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everything_that_is_known_of_a_table_is_in_it() {
        let stamp = Stamp { scenario_hash: "abc".to_owned(), seed: 7, version: "0.1.0".to_owned() };
        let levels = |names: &[&str]| FieldKind::Level(names.iter().map(|n| (*n).to_owned()).collect());
        let fields = [
            Field::new("wave", FieldKind::Integer, "number of the wave").largest(5),
            Field::new("=mood (1)", levels(&["=a", "b.c"]), "mood on the day").label("mood"),
            Field::new("hours", FieldKind::Number, "sleep").unit("hours").range("0 to 24"),
            Field::new("hours_missing", levels(&["refused"]), "why").reasons_of("hours"),
            Field::new("record", FieldKind::Record, "code"),
        ];
        let text = write("data/ob served.csv", Format::Csv, &fields, &stamp);
        let table: Value = serde_json::from_str(&text).unwrap();
        assert_eq!(table["@context"][0], "http://www.w3.org/ns/csvw");
        assert_eq!(table["url"], "ob%20served.csv");
        assert_eq!(table["notes"][0]["eclosion.seed"], "7");
        assert_eq!(table["notes"][0]["eclosion.note"], "synthetic: no real person");
        assert_eq!(table["dialect"]["delimiter"], ",");
        let columns = &table["tableSchema"]["columns"];
        assert_eq!(columns[0]["datatype"], json!({"base": "integer", "minimum": -5, "maximum": 5}));
        assert_eq!(columns[0]["required"], true);
        assert_eq!(columns[1]["name"], "%3Dmood%20%281%29");
        // As they stand in the file.
        assert_eq!(columns[1]["titles"], "'=mood (1)");
        assert_eq!(columns[1]["datatype"]["format"], "'=a|b\\.c");
        assert_eq!(columns[1]["dc:title"], "mood");
        assert_eq!(columns[1]["null"], "");
        assert_eq!(columns[2]["schema:unitText"], "hours");
        assert!(columns[2]["dc:relation"].as_str().unwrap().contains("`hours_missing`"));
        assert!(columns[3]["dc:relation"].as_str().unwrap().contains("`hours`"));
        let lines: Value = serde_json::from_str(&write("observed.jsonl", Format::JsonLines, &fields, &stamp)).unwrap();
        assert!(lines.get("dialect").is_none());
        assert_eq!(lines["tableSchema"]["columns"][1]["titles"], "=mood (1)");
        assert_eq!(lines["tableSchema"]["columns"][1]["datatype"]["format"], "=a|b\\.c");
    }
}
