//! `codebook.ddi.xml`: DDI-Codebook 2.5 (DDI Alliance 2012, namespace `ddi:codebook:2_5`).
//!
//! The order of elements is that of the schema: a document that has them in another order does not validate.

use super::words::{escaped, exact};
use super::{Codebook, Entry, TableEntry};
use crate::release::field::FieldKind;
use std::fmt::Write as _;

const NOTE: &str = "synthetic: no real person";

/// The document while it is written: nested elements, each on a line of its own.
#[derive(Default)]
struct Xml {
    text: String,
    open: Vec<&'static str>,
}

impl Xml {
    fn indent(&mut self) {
        self.text.push_str(&"  ".repeat(self.open.len()));
    }

    fn attributes(&mut self, attributes: &[(&str, &str)]) {
        for (name, value) in attributes {
            let _ = write!(self.text, " {name}=\"{}\"", escaped(value));
        }
    }

    fn begin(&mut self, element: &'static str, attributes: &[(&str, &str)]) {
        self.indent();
        let _ = write!(self.text, "<{element}");
        self.attributes(attributes);
        self.text.push_str(">\n");
        self.open.push(element);
    }

    fn end(&mut self) {
        if let Some(element) = self.open.pop() {
            self.indent();
            let _ = writeln!(self.text, "</{element}>");
        }
    }

    fn leaf(&mut self, element: &str, attributes: &[(&str, &str)], text: &str) {
        self.indent();
        let _ = write!(self.text, "<{element}");
        self.attributes(attributes);
        match text.is_empty() {
            true => self.text.push_str("/>\n"),
            false => {
                let _ = writeln!(self.text, ">{}</{element}>", escaped(text));
            }
        }
    }
}

pub(super) fn text(codebook: &Codebook<'_>) -> String {
    let mut xml = Xml { text: "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n".to_owned(), open: Vec::new() };
    let root = [("xmlns", "ddi:codebook:2_5"), ("version", "2.5"), ("xml:lang", "en")];
    xml.begin("codeBook", &root);
    document(&mut xml, codebook);
    study(&mut xml, codebook);
    for (number, table) in codebook.tables.iter().enumerate() {
        file(&mut xml, number, table);
    }
    xml.begin("dataDscr", &[]);
    for (number, table) in codebook.tables.iter().enumerate() {
        for (position, entry) in table.columns.iter().enumerate() {
            variable(&mut xml, codebook, table, (number, position), entry);
        }
    }
    xml.end();
    xml.end();
    xml.text
}

fn file_id(number: usize) -> String {
    format!("F{}", number + 1)
}

fn title_statement(xml: &mut Xml, title: &str, hash: &str) {
    xml.begin("titlStmt", &[]);
    xml.leaf("titl", &[], title);
    xml.leaf("IDNo", &[("agency", "SHA-256 of the scenario")], hash);
    xml.end();
}

fn software(xml: &mut Xml, version: &str) {
    xml.begin("prodStmt", &[]);
    xml.leaf("software", &[("version", version)], "eclosion");
    xml.end();
}

fn document(xml: &mut Xml, codebook: &Codebook<'_>) {
    let about = codebook.about;
    xml.begin("docDscr", &[]);
    xml.begin("citation", &[]);
    title_statement(xml, &format!("Codebook: {}", about.title), &about.stamp.scenario_hash);
    software(xml, &about.stamp.version);
    xml.end();
    xml.leaf("notes", &[], NOTE);
    xml.end();
}

fn study(xml: &mut Xml, codebook: &Codebook<'_>) {
    let about = codebook.about;
    xml.begin("stdyDscr", &[]);
    xml.begin("citation", &[]);
    title_statement(xml, about.title, &about.stamp.scenario_hash);
    software(xml, &about.stamp.version);
    xml.end();
    xml.begin("stdyInfo", &[]);
    xml.leaf("abstract", &[], about.aims.trim());
    xml.begin("sumDscr", &[]);
    xml.leaf("anlyUnit", &[], "synthetic person");
    xml.leaf("universe", &[], "no real person: every record was made by a program");
    xml.leaf("dataKind", &[], "synthetic data from a declared simulation");
    xml.end();
    xml.leaf("notes", &[], NOTE);
    xml.end();
    xml.begin("method", &[]);
    xml.begin("dataColl", &[]);
    xml.leaf("timeMeth", &[], &format!("panel with {} waves", codebook.wave_map.years.len()));
    xml.leaf("collMode", &[], "simulated interviews");
    xml.end();
    for p in &about.assumed {
        let note = format!("assumed: {} = {} ({}; source: {})", p.name, p.value, p.about, p.source);
        xml.leaf("notes", &[("subject", "parameter without a source")], &note);
    }
    xml.end();
    xml.leaf("notes", &[], NOTE);
    xml.end();
}

fn file(xml: &mut Xml, number: usize, table: &TableEntry) {
    let id = file_id(number);
    let uri = table.files.first().map_or("", String::as_str);
    xml.begin("fileDscr", &[("ID", &id), ("URI", uri)]);
    xml.begin("fileTxt", &[]);
    xml.leaf("fileName", &[], table.name);
    xml.leaf("fileCont", &[], table.about);
    xml.begin("dimensns", &[]);
    xml.leaf("caseQnty", &[], &table.rows.to_string());
    xml.leaf("varQnty", &[], &table.columns.len().to_string());
    xml.end();
    xml.leaf("fileType", &[("charset", "UTF-8")], &table.files.join(", "));
    xml.end();
    xml.leaf("notes", &[], NOTE);
    xml.end();
}

fn variable(xml: &mut Xml, codebook: &Codebook<'_>, table: &TableEntry, at: (usize, usize), entry: &Entry) {
    let column = &entry.column;
    let field = &column.field;
    let numeric = matches!(field.kind, FieldKind::Integer | FieldKind::Number | FieldKind::YesNo);
    let continuous = matches!(field.kind, FieldKind::Number);
    let (file, id) = (file_id(at.0), format!("F{}V{}", at.0 + 1, at.1 + 1));
    let interval = if continuous { "contin" } else { "discrete" };
    let mut attributes =
        vec![("ID", id.as_str()), ("name", &field.name), ("files", file.as_str()), ("intrvl", interval)];
    attributes.extend((!field.unit.is_empty()).then_some(("measUnit", field.unit.as_str())));
    xml.begin("var", &attributes);
    xml.leaf("labl", &[("level", "variable")], &column.field.label);
    let asked = entry.asked(codebook.schema);
    ranges(xml, entry);
    if let Some(asked) = asked {
        xml.leaf("universe", &[], &asked.words(("", "")));
    }
    statistics(xml, entry);
    xml.leaf("txt", &[], &field.about);
    categories(xml, table, entry);
    let format = if numeric { "numeric" } else { "character" };
    xml.leaf("varFormat", &[("type", format)], "");
    if let Some(of) = &column.field.reasons_of {
        xml.leaf("notes", &[("subject", "reasons of missing cells")], of);
    }
    xml.end();
}

fn ranges(xml: &mut Xml, entry: &Entry) {
    let column = &entry.column;
    let low = column.low.map(exact);
    let high = column.high.map(exact);
    if low.is_some() || high.is_some() {
        let mut attributes = vec![("UNITS", "REAL")];
        attributes.extend(low.as_deref().map(|low| ("min", low)));
        attributes.extend(high.as_deref().map(|high| ("max", high)));
        xml.begin("valrng", &[]);
        xml.leaf("range", &attributes, "");
        xml.end();
    }
    if entry.tally.missing > 0 {
        xml.begin("invalrng", &[]);
        xml.leaf("item", &[("VALUE", "")], "");
        xml.leaf("key", &[], "an empty cell has no value");
        xml.end();
    }
}

fn statistics(xml: &mut Xml, entry: &Entry) {
    let tally = &entry.tally;
    let mut put = |kind: &str, text: String| xml.leaf("sumStat", &[("type", kind)], &text);
    put("vald", tally.valid.to_string());
    put("invd", tally.missing.to_string());
    if let (0, Some(numbers)) = (entry.column.levels(), &tally.numbers) {
        put("min", exact(numbers.min));
        put("max", exact(numbers.max));
        put("mean", exact(numbers.mean()));
        if let Some(sd) = numbers.sd() {
            put("stdev", exact(sd));
        }
    }
}

fn categories(xml: &mut Xml, table: &TableEntry, entry: &Entry) {
    for (value, label, count) in entry.levels() {
        category(xml, "N", &value, &label, count);
    }
    for (word, meaning, count) in table.reasons(entry) {
        category(xml, "Y", word, meaning, count);
    }
}

fn category(xml: &mut Xml, missing: &str, value: &str, label: &str, count: u64) {
    xml.begin("catgry", &[("missing", missing)]);
    xml.leaf("catValu", &[], value);
    xml.leaf("labl", &[("level", "category")], label);
    xml.leaf("catStat", &[("type", "freq")], &count.to_string());
    xml.end();
}
