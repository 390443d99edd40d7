//! Products of batches made by hand: what later mechanisms of the survey will deliver.

use super::*;
use crate::release::{Format, Stamp};
use crate::streams::{Space, Streams};
use crate::tables::audit::{Circumstances, MechanismCount, Reason, TrueComments};
use crate::tables::observed::{AnswerColumn, CodedComments, CommentSchema, ObservedVariable, VisitColumns};
use crate::tables::truth::TrueVariable;
use crate::tables::{Audit, Coding, Column as TrueColumn, ObservedBatch, Truth};
use std::fs;
use std::sync::Arc;

/// Four persons, two waves, one yes/no item; five records: in wave 2 person 1 has a record of its own (row 4), and the
/// record of person 3 has nobody in any wave.
fn truth() -> Truth {
    let yes_no = Arc::new(Coding::yes_no());
    let coded = |codes: [u8; 4]| TrueColumn::Coded { codes: codes.to_vec(), coding: yes_no.clone() };
    let well = TrueVariable {
        name: "well".to_owned(),
        coding: Some(yes_no.clone()),
        changes: true,
        low: 0.0,
        high: 1.0,
        latent: false,
    };
    Truth {
        schema: Arc::new(TruthSchema {
            groups: vec!["all".to_owned()],
            variables: vec![well],
            persons: 4,
            moments: vec![0, 1],
            step_years: 1.0,
            waves: vec![0, 1],
            ..TruthSchema::default()
        }),
        replicates: 0..1,
        group: vec![0; 4],
        site: Vec::new(),
        site_effects: Vec::new(),
        columns: vec![vec![coded([1, 0, 1, 0]), coded([1, 1, 1, 0])]],
        since: Vec::new(),
        weights: None,
    }
}

fn batch() -> ObservedBatch {
    let item = ObservedVariable { name: "well".to_owned(), coding: Some(Arc::new(Coding::yes_no().with_missing())) };
    let named = |names: [&str; 2]| names.map(str::to_owned).to_vec();
    let schema = ObservedSchema {
        groups: vec!["all".to_owned()],
        items: vec![item],
        wave_years: vec![0.0, 1.0],
        records: 4,
        comments: Some(CommentSchema {
            themes: named(["work", "family"]),
            relations: named(["mother", "friend"]),
            coders: named(["first", "second"]),
        }),
        interviewers: 3,
        code_elements: vec![("month".to_owned(), 12), ("letter".to_owned(), 26)],
        ..ObservedSchema::default()
    };
    // Row 0: person 0; row 1: person 1 in wave 1 only; row 2: person 2, who misses wave 2; row 3: nobody; row 4: person 1
    // in wave 2.
    let attended = vec![vec![true, true, true, false, false], vec![true, false, false, false, true]];
    let answers = vec![vec![AnswerColumn::Coded(vec![1, 0, 2, 2, 2]), AnswerColumn::Coded(vec![0, 2, 2, 2, 1])]];
    let visit = |wave: usize, took_place: &[bool], codes: Vec<u8>, years: f64| VisitColumns {
        wave,
        number: 0,
        took_place: took_place.to_vec(),
        years: vec![years; 5],
        answers: vec![AnswerColumn::Coded(codes)],
        interviewer: vec![0, 1, 2, 0, 1],
        others_present: vec![0, 1, 0, 1, 0],
        ..VisitColumns::default()
    };
    ObservedBatch {
        schema: Arc::new(schema),
        replicates: 0..1,
        group: vec![0; 5],
        visits: vec![
            visit(0, &attended[0], vec![1, 0, 2, 2, 2], 0.25),
            visit(1, &attended[1], vec![0, 2, 2, 2, 1], 1.5),
        ],
        attended,
        answers,
        starts: vec![0, 5],
        comments: CodedComments {
            row: vec![0, 0, 2],
            wave: vec![0, 0, 0],
            visit: vec![0, 0, 0],
            number: vec![0, 1, 0],
            coder: vec![0, 1, 1],
            theme: vec![1, 0, 0],
            valence: vec![1, 255, 0],
            direction: vec![255, 1, 0],
            relation: vec![0, 255, 1],
        },
        elements: vec![
            vec![vec![3, 7, 11, 0, 0], vec![3, 0, 0, 0, 7]],
            vec![vec![25, 0, u16::MAX, 0, 0], vec![24, 0, 0, 0, 0]],
        ],
        ..ObservedBatch::default()
    }
}

fn audit() -> Audit {
    let reason = |reason: Reason| reason as u8;
    let cells = vec![vec![
        vec![0, 0, reason(Reason::ItemNonResponse), reason(Reason::Refused)],
        vec![reason(Reason::Recanted), 0, reason(Reason::Dropout), reason(Reason::Refused)],
    ]];
    let none = u32::MAX;
    Audit {
        cells,
        mechanisms: vec![MechanismCount { name: "dropout".to_owned(), wave: 2, at_risk: 4, happened: 1 }],
        circumstances: vec![Circumstances {
            wave: 0,
            number: 0,
            mood: vec![0.5, f64::NAN, -0.25, f64::NAN],
            trust: Vec::new(),
        }],
        comments: TrueComments {
            row: vec![2],
            wave: vec![0],
            visit: vec![0],
            number: vec![0],
            theme: vec![2],
            valence: vec![0],
            direction: vec![255],
            relation: vec![255],
        },
        links: vec![vec![0, 1, 2, none, none], vec![0, none, none, none, 1]],
        ..Audit::default()
    }
}

fn written(declaration: &Declaration, with_truth: bool) -> tempfile::TempDir {
    let (batch, audit, truth) = (batch(), audit(), truth());
    let folder = tempfile::tempdir().unwrap();
    let stamp = Stamp { scenario_hash: "abc".to_owned(), seed: 7, version: "0.1.0".to_owned() };
    let mut out = Folder::open(folder.path(), Format::Csv, false, stamp.clone()).unwrap();
    let setup = Setup { declaration, truth: &truth.schema, schema: &batch.schema, several: false, with_truth };
    let mut product = Product::open(&mut out, &setup).unwrap();
    let streams = Streams::new(7, Space::Study);
    let codes = [50, 40, 30, 20, 10];
    let delivery =
        Delivery { batch: &batch, audit: &audit, truth: &truth, codes: &codes, first_person: 0, streams: &streams };
    product.add(&mut out, &delivery).unwrap();
    let about = About {
        title: "By hand",
        aims: "None.",
        stamp: &stamp,
        replicates: 1,
        persons: 4,
        scaled: false,
        factors: &[],
        sources: vec![("study.toml", "x = 1\n")],
        assumed: Vec::new(),
        with_truth,
        dirty: None,
    };
    product.close(&mut out, &about).unwrap();
    out.commit_without_codebook().unwrap();
    folder
}

fn csv_only(missing_reasons: bool) -> Declaration {
    Declaration { formats: vec![Format::Csv], missing_reasons, ..Declaration::default() }
}

#[test]
fn records_that_are_not_persons() {
    let folder = written(&csv_only(true), true);
    let read = |name: &str| fs::read_to_string(folder.path().join(name)).unwrap();
    // By code: rows 4, 2, 1, 0; row 3 was never interviewed.
    let (a, c, d, e) = ("S-00000000000A", "S-00000000000Y", "S-000000000018", "S-00000000001J");
    assert_eq!(read("data/persons.csv"), format!("record,group\n{a},all\n{c},all\n{d},all\n{e},all\n"));
    assert_eq!(
        read("data/answers.csv"),
        format!(
            "record,wave,years,attended,well,well_missing\n\
             {a},1,0,0,,unlinked\n{a},2,1,1,1,\n\
             {c},1,0,1,,refused\n{c},2,1,0,,lost\n\
             {d},1,0,1,0,\n{d},2,1,0,,unlinked\n\
             {e},1,0,1,1,\n{e},2,1,1,0,\n"
        )
    );
    assert_eq!(
        read("data/wide.csv"),
        format!(
            "record,group,well_w1,well_w1_missing,well_w2,well_w2_missing\n\
             {a},all,,unlinked,1,\n{c},all,,refused,,lost\n{d},all,0,,,unlinked\n{e},all,1,,0,\n"
        )
    );
    assert_eq!(
        read("truth/key.csv"),
        format!("replicate,record,wave,person\n0,{a},2,2\n0,{c},1,3\n0,{d},1,2\n0,{e},1,1\n0,{e},2,1\n")
    );
    // What the persons said, under whatever record; the one who refused is in no table of `data/`.
    assert_eq!(
        read("truth/audit.csv"),
        "replicate,person,wave,item,true,reported,reason\n\
         0,3,1,well,1,,item_non_response\n0,4,1,well,0,,refused\n\
         0,1,2,well,1,0,recanted\n0,3,2,well,1,,dropout\n0,4,2,well,0,,refused\n"
    );
}

#[test]
fn visits_comments_and_codes_as_given() {
    let folder = written(&csv_only(false), true);
    let read = |name: &str| fs::read_to_string(folder.path().join(name)).unwrap();
    let (a, c, d, e) = ("S-00000000000A", "S-00000000000Y", "S-000000000018", "S-00000000001J");
    assert_eq!(
        read("data/visits.csv"),
        format!(
            "record,wave,visit,years,interviewer,others_present,well\n\
             {a},2,1,1.5,2,0,1\n{c},1,1,0.25,3,0,\n{d},1,1,0.25,2,1,0\n{e},1,1,0.25,1,0,1\n{e},2,1,1.5,1,0,0\n"
        )
    );
    assert_eq!(
        read("data/comments.csv"),
        format!(
            "record,wave,visit,comment,coder,theme,valence,direction,relation\n\
             {c},1,1,1,second,work,negative,away,friend\n\
             {e},1,1,1,first,family,positive,,mother\n\
             {e},1,1,2,second,work,,toward,\n"
        )
    );
    assert_eq!(
        read("data/links.csv"),
        format!("record,wave,month,letter\n{a},2,7,0\n{c},1,11,\n{d},1,7,0\n{e},1,3,25\n{e},2,3,24\n")
    );
    assert_eq!(read("truth/mechanisms.csv"), "mechanism,wave,at_risk,happened,rate\ndropout,2,4,1,0.25\n");
    assert_eq!(
        read("truth/circumstances.csv"),
        "replicate,person,wave,visit,mood,trust\n0,1,1,1,0.5,\n0,3,1,1,-0.25,\n"
    );
    assert_eq!(
        read("truth/comments.csv"),
        "replicate,person,wave,visit,comment,theme,valence,direction,relation\n0,3,1,1,1,(none),negative,,\n"
    );
    assert!(read("README.md").contains("`data/links.csv`"));
}

#[test]
fn an_erased_record_is_in_no_table() {
    let (mut batch, mut audit) = (batch(), audit());
    audit.links.clear();
    batch.attended[0][3] = true;
    for wave in 0..2 {
        audit.cells[0][wave] = vec![0, 0, 0, Reason::Erased as u8, 0];
    }
    let truth = truth();
    let streams = Streams::new(7, Space::Study);
    let codes = [50, 40, 30, 20, 10];
    let delivery =
        Delivery { batch: &batch, audit: &audit, truth: &truth, codes: &codes, first_person: 0, streams: &streams };
    assert_eq!(Records::new(&delivery).order, [4, 2, 1, 0]);
}

#[test]
fn a_name_that_is_taken_gets_another() {
    let batch = batch();
    let truth = truth();
    let mut schema = (*batch.schema).clone();
    schema.items[0].name = "years".to_owned();
    let declaration = csv_only(true);
    let names = Names { declaration: &declaration, schema: &schema, truth: &truth.schema, several: true };
    let columns: Vec<String> = answers::answer_columns(&names).into_iter().map(|c| c.field.name).collect();
    assert_eq!(
        columns,
        ["replicate", "record", "wave", "years", "attended", "years_asked", "years_asked_missing"].map(str::to_owned)
    );
    // Elements of codes are named freely.
    schema.code_elements = vec![("wave".to_owned(), 9), ("letter".to_owned(), 26)];
    let names = Names { declaration: &declaration, schema: &schema, truth: &truth.schema, several: true };
    let columns: Vec<String> = comments::link_columns(&names).into_iter().map(|c| c.field.name).collect();
    assert_eq!(columns, ["replicate", "record", "wave", "wave_given", "letter"].map(str::to_owned));
}
