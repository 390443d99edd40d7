//! `redcap_data_dictionary.csv`: the persons' variables and the answers of a wave, in REDCap's 18 columns.

use super::branching::{Known, translated};
use super::words::exact;
use super::{Codebook, Entry};
use crate::release::field::FieldKind;
use crate::release::product::Role;

/// The columns of a data dictionary, in REDCap's words and order.
pub(super) const HEADER: [&str; 18] = [
    "Variable / Field Name",
    "Form Name",
    "Section Header",
    "Field Type",
    "Field Label",
    "Choices, Calculations, OR Slider Labels",
    "Field Note",
    "Text Validation Type OR Show Slider Number",
    "Text Validation Min",
    "Text Validation Max",
    "Identifier?",
    "Branching Logic (Show field only if...)",
    "Required Field?",
    "Custom Alignment",
    "Question Number (surveys only)",
    "Matrix Group Name",
    "Matrix Ranking?",
    "Field Annotation",
];

/// A field of the dictionary and where it comes from.
struct Line<'a> {
    name: String,
    form: &'static str,
    entry: &'a Entry,
}

pub(super) fn text(codebook: &Codebook<'_>) -> String {
    let lines = lines(codebook);
    let mut writer = csv::Writer::from_writer(Vec::new());
    let known: Vec<Known<'_>> = lines
        .iter()
        .filter_map(|line| {
            let levels = match &line.entry.column.field.kind {
                FieldKind::Level(levels) => levels.as_slice(),
                _ => &[],
            };
            let name = line.entry.column.variable.as_deref()?;
            Some(Known { name, field: &line.name, levels, yes_no: line.entry.column.is_yes_no() })
        })
        .collect();
    let mut rows = vec![HEADER.map(str::to_owned)];
    rows.extend(lines.iter().map(|line| row(line, codebook, &known)));
    for row in rows {
        writer.write_record(&row).expect("a buffer takes all, and rows are as long as the header");
    }
    let bytes = writer.into_inner().expect("a buffer takes all");
    String::from_utf8(bytes).expect("the cells are texts")
}

/// The fields of the forms `persons` and `answers`; the latter has the columns of `answers`, or of `visits` where there
/// is no such table. The reasons of missing answers are no questions.
fn lines<'a>(codebook: &'a Codebook<'_>) -> Vec<Line<'a>> {
    let table = |name: &str| codebook.tables.iter().find(|table| table.name == name);
    let answers = table("answers").or_else(|| table("visits"));
    let forms = [("persons", table("persons")), ("answers", answers)];
    let mut lines: Vec<Line<'a>> = Vec::new();
    for (form, table) in forms {
        for entry in table.into_iter().flat_map(|table| &table.columns) {
            let column = &entry.column;
            let repeated = column.field.name == "replicate" || (form == "answers" && column.role == Role::Record);
            if repeated || column.role == Role::Reason {
                continue;
            }
            let mut name = plain(&column.field.name);
            while lines.iter().any(|line| line.name == name) {
                name.push_str("_2");
            }
            lines.push(Line { name, form, entry });
        }
    }
    // REDCap takes the first field for the identifier.
    lines.sort_by_key(|line| line.entry.column.role != Role::Record);
    lines
}

/// A name as REDCap allows it: small letters, digits and `_`, a letter first.
fn plain(name: &str) -> String {
    let allowed = |c: char| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '_' };
    let text: String = name.chars().map(allowed).collect();
    if text.starts_with(|c: char| c.is_ascii_lowercase()) { text } else { format!("v_{text}") }
}

fn row(line: &Line<'_>, codebook: &Codebook<'_>, known: &[Known<'_>]) -> [String; 18] {
    let column = &line.entry.column;
    let (kind, choices, validation) = match &column.field.kind {
        FieldKind::YesNo => ("yesno", String::new(), ""),
        FieldKind::Level(levels) => {
            let choice = |(l, level): (usize, &String)| format!("{}, {}", l + 1, level.replace('|', "/"));
            ("radio", levels.iter().enumerate().map(choice).collect::<Vec<_>>().join(" | "), "")
        }
        FieldKind::Integer => ("text", String::new(), "integer"),
        FieldKind::Number => ("text", String::new(), "number"),
        _ => ("text", String::new(), ""),
    };
    let asked = line.entry.asked(codebook.schema);
    let formula = asked.as_ref().and_then(|asked| asked.formula);
    let branching = formula.and_then(|formula| translated(formula, known)).unwrap_or_default();
    // What the branching does not say.
    let annotation = match &asked {
        Some(asked) if branching.is_empty() || asked.waves.is_some() || asked.otherwise.is_some() => {
            asked.words(("", ""))
        }
        _ => String::new(),
    };
    let limit = |value: Option<f64>| value.map(exact).unwrap_or_default();
    let mut cells = [const { String::new() }; 18];
    let filled = [
        (0, line.name.clone()),
        (1, line.form.to_owned()),
        (3, kind.to_owned()),
        (4, column.field.label.clone()),
        (5, choices),
        (6, column.field.unit.clone()),
        (7, validation.to_owned()),
        (8, limit(column.low)),
        (9, limit(column.high)),
        (11, branching),
        (17, annotation),
    ];
    for (at, text) in filled {
        cells[at] = text;
    }
    cells
}
