//! The DDI document against the order of elements that its schema demands.

use super::super::product::About;
use super::super::{Field, FieldKind, Stamp};
use super::*;
use crate::release::product::Values;
use crate::tables::observed::{Asked, ObservedVariable};

/// For each element its children in the order of the schema (`?` once at most, `*` any number, `+` at least once) and its
/// attributes. As in the schema of DDI-Codebook 2.5, cut down to the elements that are written here; `ID` can stand
/// everywhere. `|` parts children of which either may come.
const MODEL: [(&str, &str, &str); 43] = [
    ("codeBook", "docDscr* stdyDscr+ fileDscr* dataDscr* otherMat*", "xmlns version xml:lang"),
    ("docDscr", "citation? guide? docStatus? docSrc* controlledVocabUsed* notes*", ""),
    ("citation", "titlStmt rspStmt? prodStmt? distStmt? serStmt* verStmt* biblCit* holdings* notes*", ""),
    ("titlStmt", "titl subTitl* altTitl* parTitl* IDNo*", ""),
    ("titl", "", ""),
    ("IDNo", "", "agency level"),
    ("prodStmt", "producer* copyright? prodDate* prodPlac* software* fundAg* grantNo*", ""),
    ("software", "", "date version"),
    ("notes", "", "type subject level resp"),
    ("stdyDscr", "citation+ studyAuthorization* stdyInfo* studyDevelopment* method* dataAccs* othrStdyMat* notes*", ""),
    ("stdyInfo", "studyBudget* subject* abstract* sumDscr* qualityStatement? notes* exPostEvaluation*", ""),
    ("abstract", "", "date contentType"),
    (
        "sumDscr",
        "timePrd* collDate* nation* geogCover* geogUnit* geoBndBox? boundPoly? anlyUnit* universe* dataKind*",
        "",
    ),
    ("anlyUnit", "", "unit"),
    ("universe", "", "level clusion"),
    ("dataKind", "", "type"),
    ("method", "dataColl* notes* anlyInfo? stdyClas? dataProcessing* codingInstructions*", ""),
    (
        "dataColl",
        "timeMeth* dataCollector* collectorTraining* frequenc* sampProc* sampleFrame* targetSampleSize* deviat* \
         collMode* resInstru* instrumentDevelopment? sources? collSitu* actMin* ConOps* weight* cleanOps*",
        "",
    ),
    ("timeMeth", "", "method"),
    ("collMode", "", ""),
    ("fileDscr", "fileTxt* locMap? notes*", "URI sdatrefs methrefs pubrefs access"),
    (
        "fileTxt",
        "fileName? fileCitation? fileCont? fileStrc? dimensns? fileType? format? filePlac? dataChck* ProcStat? \
         dataMsng? software* verStmt?",
        "",
    ),
    ("fileName", "", ""),
    ("fileCont", "", ""),
    ("dimensns", "caseQnty* varQnty* logRecL* recPrCas* recNumTot*", ""),
    ("caseQnty", "", ""),
    ("varQnty", "", ""),
    ("fileType", "", "charset"),
    ("dataDscr", "varGrp* nCubeGrp* var* nCube* notes*", ""),
    (
        "var",
        "location* labl* imputation? security? embargo? respUnit? anlysUnit? qstn* valrng* invalrng* undocCod* universe* \
         TotlResp? sumStat* txt* stdCatgry* catgryGrp* catgry* codInstr* verStmt* concept* derivation? varFormat? geoMap* \
         catLevel* notes*",
        "name files intrvl measUnit",
    ),
    ("labl", "", "level vendor country"),
    ("valrng", "item|range+ key? notes*", ""),
    ("invalrng", "item|range+ key? notes*", ""),
    ("item", "", "UNITS=INT|REAL VALUE"),
    ("range", "", "UNITS=INT|REAL min minExclusive max maxExclusive"),
    ("key", "", ""),
    ("sumStat", "", "wgtd type=mean|medn|mode|vald|invd|min|max|stdev|other"),
    ("txt", "", "level"),
    ("catgry", "catValu? labl* txt* catStat* mrow?", "missing=Y|N missType country"),
    ("catValu", "", ""),
    ("catStat", "", "type=freq|percent|crosstab|other"),
    ("varFormat", "", "type=character|numeric formatname schema category"),
    ("otherMat", "", ""),
];

/// An element: its name, its attributes, and its children.
struct Element {
    name: String,
    attributes: Vec<(String, String)>,
    children: Vec<Element>,
}

/// Reads the elements of a document whose texts have no `<` in them; no more of XML than these documents have.
fn parse(text: &str) -> Element {
    let mut stack = vec![Element { name: "document".to_owned(), attributes: Vec::new(), children: Vec::new() }];
    for part in text.split('<').skip(1) {
        let tag = part.split('>').next().expect("a tag ends");
        if tag.starts_with('?') {
            continue;
        }
        if let Some(name) = tag.strip_prefix('/') {
            let element = stack.pop().expect("it was opened");
            assert_eq!(element.name, name);
            stack.last_mut().expect("there is a parent").children.push(element);
            continue;
        }
        let inside = tag.trim_end_matches('/');
        let (name, rest) = inside.split_once(' ').unwrap_or((inside, ""));
        let mut attributes = Vec::new();
        let mut pieces = rest.split('"');
        while let (Some(key), Some(value)) = (pieces.next(), pieces.next()) {
            attributes.push((key.trim().trim_end_matches('=').to_owned(), value.to_owned()));
        }
        let element = Element { name: name.to_owned(), attributes, children: Vec::new() };
        match tag.ends_with('/') {
            true => stack.last_mut().expect("there is a parent").children.push(element),
            false => stack.push(element),
        }
    }
    assert_eq!(stack.len(), 1, "all elements are closed");
    stack.pop().and_then(|mut document| document.children.pop()).expect("a root")
}

/// What is wrong with an element and those below.
fn broken(element: &Element, found: &mut Vec<String>) {
    let Some((_, children, attributes)) = MODEL.iter().find(|(name, ..)| *name == element.name) else {
        found.push(format!("unknown element {}", element.name));
        return;
    };
    let mut rest = element.children.iter().peekable();
    for slot in children.split_whitespace() {
        let names: Vec<&str> = slot.trim_end_matches(['?', '*', '+']).split('|').collect();
        let mut count = 0;
        while rest.next_if(|child| names.contains(&child.name.as_str())).is_some() {
            count += 1;
        }
        let fits = match slot.chars().last() {
            Some('?') => count <= 1,
            Some('*') => true,
            Some('+') => count >= 1,
            _ => count == 1,
        };
        if !fits {
            found.push(format!("{}: {count} of {slot}", element.name));
        }
    }
    if let Some(child) = rest.next() {
        found.push(format!("{}: {} is out of order", element.name, child.name));
    }
    for (key, value) in &element.attributes {
        let known = attributes.split_whitespace().find(|a| a.split('=').next() == Some(key));
        match known.and_then(|known| known.split_once('=')) {
            Some((_, values)) if !values.split('|').any(|v| v == value) => {
                found.push(format!("{}: {key} cannot be {value}", element.name));
            }
            None if known.is_none() && key != "ID" => found.push(format!("{} has no {key}", element.name)),
            _ => {}
        }
    }
    element.children.iter().for_each(|child| broken(child, found));
}

fn entry(field: Field, role: Role, values: &Values) -> Entry {
    let mut column = Column::new(field, role);
    if role == Role::Value {
        column.variable = Some(column.field.name.clone());
    }
    let mut tally = Tally::default();
    tally.add(&column, values);
    Entry { column, tally, by_wave: vec![1, 0] }
}

fn with_codebook(test: impl FnOnce(&Codebook<'_>)) {
    let stamp = Stamp { scenario_hash: "abc".to_owned(), seed: 7, version: "0.1.0".to_owned() };
    let assumed = crate::release::Assumed {
        name: "lost".to_owned(),
        value: "0.1".to_owned(),
        about: "dropout & <more>".to_owned(),
        source: "assumed".to_owned(),
    };
    let about = About {
        title: "A \"study\"",
        aims: "None.",
        stamp: &stamp,
        replicates: 1,
        persons: 3,
        scaled: false,
        factors: &[],
        sources: Vec::new(),
        assumed: vec![assumed],
        with_truth: false,
        dirty: None,
    };
    let mut dose = entry(
        Field::new("dose", FieldKind::Number, "what was taken").unit("mg"),
        Role::Value,
        &Values::Numbers(vec![1.0, f64::NAN, 3.0]),
    );
    (dose.column.low, dose.column.high) = (Some(0.5), Some(20.0));
    let words = MISSING_WORDS.iter().map(|(word, _)| (*word).to_owned()).collect();
    let reasons = Field::new("dose_missing", FieldKind::Level(words), "why").reasons_of("dose");
    let columns = vec![
        entry(Field::new("record", FieldKind::Record, "code"), Role::Record, &Values::Records(vec![1, 2, 3])),
        entry(Field::new("ill", FieldKind::YesNo, "whether ill"), Role::Value, &Values::Codes(vec![0, 1, 2])),
        dose,
        entry(reasons, Role::Reason, &Values::Codes(vec![255, 1, 255])),
    ];
    let table = TableEntry {
        name: "answers",
        about: "a row per record and wave",
        rows: 3,
        files: vec!["data/answers.csv".to_owned(), "data/answers.parquet".to_owned()],
        columns,
    };
    let tables = vec![table];
    let item = |name: &str| ObservedVariable { name: name.to_owned(), coding: None };
    let everybody = Asked { at: vec![true; 2], only_if: None, otherwise: None };
    let those_ill = Asked { at: vec![true, false], only_if: Some("ill == 1".to_owned()), otherwise: Some(0.0) };
    let schema = ObservedSchema {
        items: vec![item("ill"), item("dose")],
        wave_years: vec![0.0, 1.0],
        asked: vec![everybody, those_ill],
        ..ObservedSchema::default()
    };
    let wave_map = WaveMap::new(&schema, &tables);
    test(&Codebook { about: &about, schema: &schema, tables, wave_map, missing_reasons: true });
}

#[test]
fn ddi_has_its_elements_in_the_order_of_the_schema() {
    with_codebook(|codebook| {
        let text = ddi::text(codebook);
        let mut found = Vec::new();
        let root = parse(&text);
        broken(&root, &mut found);
        assert!(found.is_empty(), "{found:#?}\n{text}");
        assert!(text.contains("<catgry missing=\"Y\">\n        <catValu>not_asked</catValu>"), "{text}");
        assert!(text.contains("<range UNITS=\"REAL\" min=\"0.5\" max=\"20\"/>"), "{text}");
        assert!(
            text.contains("<universe>asked in wave 1, where ill == 1; otherwise 0 is filled in</universe>"),
            "{text}"
        );
        assert!(text.contains("measUnit=\"mg\"") && text.contains("A &quot;study&quot;"), "{text}");
    });
}

#[test]
fn the_check_of_the_order_can_fail() {
    let cases = [
        ("<var name=\"x\"><txt>a</txt><labl>b</labl></var>", "labl is out of order"),
        ("<var name=\"x\"><varFormat/><varFormat/></var>", "2 of varFormat?"),
        ("<var name=\"x\"><range UNITS=\"mg\"/></var>", "UNITS cannot be mg"),
        ("<var size=\"1\"></var>", "has no size"),
        ("<stdyDscr></stdyDscr>", "0 of citation+"),
        ("<nothing></nothing>", "unknown"),
    ];
    for (text, says) in cases {
        let mut found = Vec::new();
        broken(&parse(text), &mut found);
        assert!(found.iter().any(|f| f.contains(says)), "{text}: {found:?}");
    }
}

#[test]
fn the_forms_agree_on_what_is_asked_and_missing() {
    with_codebook(|codebook| {
        let json: serde_json::Value = serde_json::from_str(&json::text(codebook)).unwrap();
        let dose = &json["tables"][0]["columns"][2];
        assert_eq!((&dose["asked"], &dose["otherwise"]), (&"ill == 1".into(), &"0".into()));
        assert_eq!(dose["asked_in_waves"], serde_json::json!([1]));
        assert_eq!(dose["missing_because"][0]["word"], "not_asked");
        assert_eq!(dose["missing_because"][0]["count"], 1);
        assert_eq!((&dose["numbers"]["mean"], &dose["numbers"]["sd"]), (&2.0.into(), &2.0_f64.sqrt().into()));
        assert_eq!(json["waves"]["items"][1]["answers"], serde_json::json!([1, null]));
        for text in [markdown::text(codebook), html::text(codebook)] {
            assert!(
                text.contains("asked in wave 1, where") && text.contains("ill == 1") && text.contains("not asked"),
                "{text}"
            );
            assert!(text.contains("1 (not_asked: 1)"), "{text}");
            assert!(text.contains("mean 2, sd 1.4142, 1 to 3"), "{text}");
        }
        let redcap = redcap::text(codebook);
        assert!(redcap.contains("dose,answers,,text,dose,,mg,number,0.5,20,,[ill] = '1',,,,,,\"asked in wave 1, where ill == 1; otherwise 0 is filled in\""), "{redcap}");
        assert!(redcap.starts_with("Variable / Field Name,Form Name,Section Header,Field Type,Field Label,"));
    });
}
