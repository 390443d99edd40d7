//! Tables written, read back and compared; and what happens when they cannot be written.

use super::*;
use crate::tables::observed::{AnswerColumn, ObservedVariable};
use crate::tables::truth::TrueVariable;
use crate::tables::{
    Among, Coding, Column, ConditionResult, ContrastRow, Estimate, EstimateRow, FailureKind, FitFailure, Measured,
    ObservedBatch, ObservedSchema, PerformanceRow, Spent, StatusCount, StudyResult, TrueValueRow, Truth, TruthSchema,
    TruthSource, WarningKind, audit::AuditCount,
};
use std::fs;
use std::io::{self, Write};
use std::sync::Arc;

fn stamp() -> Stamp {
    Stamp { scenario_hash: "abc".to_owned(), seed: 7, version: "0.1.0".to_owned() }
}

fn example() -> StudyResult {
    let row = |replicate, method, result| EstimateRow {
        replicate,
        condition: 0,
        estimand: 0,
        method,
        true_value: 0.25,
        result,
        links: None,
    };
    let warning = Some(WarningKind::ExtremeWeight);
    let good = Estimate { estimate: 0.1 + 0.2, model_se: Some(0.05), df: None, interval: Some((0.2, 0.4)), warning };
    let bad = FitFailure::new(FailureKind::TooFew, "=2 records");
    let condition = |number, lost: &str, layer: &str| ConditionResult {
        number,
        factors: vec![("lost".to_owned(), lost.to_owned()), ("layer".to_owned(), layer.to_owned())],
        replicates: 2,
        persons: 30,
        true_values: vec![TrueValueRow { source: TruthSource::Exact, true_value: 0.25, mcse: 0.0 }],
        mechanisms: Vec::new(),
        audit: vec![AuditCount { item: "well".to_owned(), wave: 1, cells: reasons(&[50, 10]) }],
    };
    let measured = |value, mcse| Measured { value, mcse };
    let performance = |condition, measure, measured| PerformanceRow {
        condition,
        estimand: 0,
        method: 1,
        measure,
        among: if measure == "bias" { Among::Own } else { Among::Worst },
        replicates: 2,
        measured,
    };
    let contrast = |against_condition, against_method, measure, measured, pairs| ContrastRow {
        condition: 1,
        estimand: 0,
        method: 1,
        against_condition,
        against_method,
        measure,
        pairs,
        measured,
    };
    let status = |method, (failure, warning), count, share, example: &str| StatusCount {
        condition: 0,
        estimand: 0,
        method,
        failure,
        warning,
        count,
        share,
        example: example.to_owned(),
    };
    StudyResult {
        replicates_asked: 2,
        estimands: vec!["well, wave 1".to_owned()],
        nulls: vec![Some(-1.0)],
        methods: vec!["=complete".to_owned(), "weighted".to_owned()],
        conditions: vec![condition(0, "0.05", "true"), condition(1, "5e-2", "recorded")],
        estimates: vec![row(0, 0, Ok(good)), row(0, 1, Err(bad)), row(1, 0, Ok(Estimate::default()))],
        performance: vec![
            performance(0, "bias", measured(Some(0.01), Some(0.002))),
            performance(1, "coverage", measured(None, None)),
        ],
        contrasts: vec![
            contrast(0, 1, "bias", measured(Some(-0.5), Some(0.1)), 2),
            contrast(1, 0, "rejection", measured(None, None), 0),
        ],
        statuses: vec![
            status(0, (None, None), 1, measured(Some(0.5), Some(0.25)), ""),
            status(0, (None, warning), 1, measured(Some(0.5), Some(0.25)), "a weight is extreme"),
            status(1, (Some(FailureKind::TooFew), None), 1, measured(Some(0.5), Some(0.25)), "=2 records"),
        ],
        ..StudyResult::default()
    }
}

fn write_example(path: &std::path::Path, format: Format) {
    let mut folder = Folder::open(path, format, false, stamp()).unwrap();
    write_study(&mut folder, &example(), &|sink| sink(&example().estimates)).unwrap();
    let texts = [("base.toml", "x = 1\n"), ("other.toml", "y = 2\n"), ("--set", "lost=0.1")];
    write_provenance(&mut folder, &stamp(), (2, 2), &Spent::default(), texts.into_iter()).unwrap();
    folder.commit().unwrap();
}

fn names(path: &std::path::Path) -> Vec<String> {
    let mut names: Vec<String> =
        fs::read_dir(path).unwrap().map(|e| e.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

#[test]
fn the_tables_of_a_study_as_csv() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("deep/out");
    write_example(&path, Format::Csv);
    let read = |name: &str| fs::read_to_string(path.join(name)).unwrap();
    assert_eq!(
        read("estimates.csv"),
        "replicate,condition,factor_lost,factor_layer,estimand,method,\
         estimate,model_se,df,lower,upper,true_value,null_value,status,warning,detail\n\
         0,1,0.05,true,\"well, wave 1\",'=complete,0.30000000000000004,0.05,,0.2,0.4,0.25,-1,ok,extreme_weight,\n\
         0,1,0.05,true,\"well, wave 1\",weighted,,,,,,0.25,-1,too_few,,'=2 records\n\
         1,1,0.05,true,\"well, wave 1\",'=complete,0,,,,,0.25,-1,ok,,\n"
    );
    assert_eq!(
        read("performance.csv"),
        "condition,factor_lost,factor_layer,estimand,method,measure,among,value,mcse,replicates\n\
         1,0.05,true,\"well, wave 1\",weighted,bias,own,0.01,0.002,2\n\
         2,0.05,recorded,\"well, wave 1\",weighted,coverage,worst,,,2\n"
    );
    assert_eq!(
        read("contrasts.csv"),
        "condition,estimand,method,against_condition,against_method,measure,value,mcse,pairs\n\
         2,\"well, wave 1\",weighted,1,weighted,bias,-0.5,0.1,2\n\
         2,\"well, wave 1\",weighted,2,'=complete,rejection,,,0\n"
    );
    assert_eq!(
        read("failures.csv"),
        "condition,estimand,method,status,warning,code,count,share,mcse,example\n\
         1,\"well, wave 1\",'=complete,ok,,,1,0.5,0.25,\n\
         1,\"well, wave 1\",'=complete,ok,extreme_weight,W0007,1,0.5,0.25,a weight is extreme\n\
         1,\"well, wave 1\",weighted,too_few,,F0002,1,0.5,0.25,'=2 records\n"
    );
    assert_eq!(
        read("conditions.csv"),
        "condition,factor_lost,factor_layer,replicates,persons\n1,0.05,true,2,30\n2,0.05,recorded,2,30\n"
    );
    assert!(
        read("true_values.csv").starts_with("condition,estimand,source,true_value,mcse\n1,\"well, wave 1\",exact,")
    );
    assert!(read("audit_summary.csv").contains("1,well,1,dropout,10\n"));
    assert!(read("codebook.csv").contains("estimates,model_se,number,that of the estimand,0 or more,"));
    assert_eq!(read("scenario.toml") + &read("scenario-2.toml"), "x = 1\ny = 2\n");
    let provenance: serde_json::Value = serde_json::from_str(&read("provenance.json")).unwrap();
    assert_eq!(provenance["seed"], 7);
    assert_eq!(provenance["scenario_files"][1]["read_from"], "other.toml");
    assert_eq!(provenance["settings"], serde_json::json!(["lost=0.1"]));
    // Eleven files, and what is beside each of the seven tables.
    assert_eq!(names(&path).len(), 18);
    assert!(names(&path).contains(&"estimates.csv-metadata.json".to_owned()));
}

/// A truth of two replicates of three persons, two waves, one site.
fn truth() -> Truth {
    let yes_no = Arc::new(Coding::yes_no());
    let mood = Arc::new(Coding::named(&["low".to_owned(), "high".to_owned()]));
    let dose = Arc::new(Coding { values: vec![0.5, 2.0], levels: Vec::new() });
    let variable = |name: &str, coding: Option<&Arc<Coding>>, changes, latent| TrueVariable {
        name: name.to_owned(),
        coding: coding.cloned(),
        changes,
        low: f64::NEG_INFINITY,
        high: f64::INFINITY,
        latent,
    };
    let coded = |codes: [u8; 6], coding: &Arc<Coding>| Column::Coded { codes: codes.to_vec(), coding: coding.clone() };
    Truth {
        schema: Arc::new(TruthSchema {
            groups: vec!["all".to_owned()],
            sites: vec!["north".to_owned()],
            site_effects: Vec::new(),
            variables: vec![
                variable("well", Some(&yes_no), true, false),
                variable("wave", Some(&mood), false, true),
                variable("dose", Some(&dose), false, false),
                variable("score", None, false, false),
            ],
            persons: 3,
            moments: vec![0, 12],
            step_years: 1.0 / 12.0,
            waves: vec![0, 1],
        }),
        replicates: 4..6,
        group: vec![0; 6],
        site: vec![vec![0; 6]],
        site_effects: Vec::new(),
        columns: vec![
            vec![coded([1, 0, 1, 0, 0, 0], &yes_no), coded([0, 0, 1, 1, 1, 1], &yes_no)],
            vec![coded([0, 1, 0, 1, 0, 1], &mood)],
            vec![coded([0, 1, 0, 1, 0, 1], &dose)],
            vec![Column::Number(vec![0.5, 1.5, 2.5, 3.5, 4.5, 5.5])],
        ],
        since: Vec::new(),
        weights: None,
    }
}

#[test]
fn the_truth_as_csv() {
    let folder = tempfile::tempdir().unwrap();
    let mut out = Folder::open(folder.path(), Format::Csv, false, stamp()).unwrap();
    let truth = truth();
    let mut table = TruthTable::create(&mut out, &truth.schema).unwrap();
    table.write_part(&out, &truth, 0).unwrap();
    table.close(&mut out).unwrap();
    out.commit().unwrap();
    let text = fs::read_to_string(folder.path().join("truth.csv")).unwrap();
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(lines.len(), 1 + 2 * 2 * 3);
    assert_eq!(lines[0], "replicate,person,wave,years,group,site,well,wave_true,dose,score");
    assert_eq!(lines[1], "4,1,1,0,all,north,1,low,0.5,0.5");
    assert_eq!(lines[4], "4,1,2,1,all,north,0,low,0.5,0.5");
    assert_eq!(lines[12], "5,3,2,1,all,north,1,high,2,5.5");
}

/// What a survey holds of the first replicate of [`truth`].
fn observed() -> ObservedBatch {
    let yes_no = Arc::new(Coding::yes_no().with_missing());
    let well = ObservedVariable { name: "well".to_owned(), coding: Some(yes_no) };
    let score = ObservedVariable { name: "score".to_owned(), coding: None };
    ObservedBatch {
        schema: Arc::new(ObservedSchema {
            groups: vec!["all".to_owned()],
            sites: Vec::new(),
            baseline: vec![score],
            items: vec![well],
            wave_years: vec![0.0, 1.0],
            records: 3,
            ..ObservedSchema::default()
        }),
        replicates: 4..5,
        group: vec![0; 3],
        site: Vec::new(),
        baseline: vec![AnswerColumn::Number(vec![0.5, 1.5, f64::NAN])],
        attended: vec![vec![true; 3], vec![true, false, true]],
        answers: vec![vec![AnswerColumn::Coded(vec![1, 0, 1]), AnswerColumn::Coded(vec![1, 2, 1])]],
        ..ObservedBatch::default()
    }
}

#[test]
fn what_the_survey_holds_as_csv() {
    let folder = tempfile::tempdir().unwrap();
    let mut out = Folder::open(folder.path(), Format::Csv, false, stamp()).unwrap();
    let (batch, truth) = (observed(), truth());
    let survey = Survey { batch: &batch, codes: &[9, 33, 1], first_person: 0, links: &[] };
    let (mut table, mut key, mut audit) = (Growing::new("observed"), Growing::new("key"), Growing::new("audit"));
    write_observed(&mut out, &mut table, &survey).unwrap();
    write_key(&mut out, &mut key, &survey).unwrap();
    write_audit(&mut out, &mut audit, &survey, &truth, &[vec![vec![0, 0, 0], vec![5, 1, 0]]]).unwrap();
    for table in [table, key, audit] {
        table.close(&mut out).unwrap();
    }
    out.commit().unwrap();
    let read = |name: &str| fs::read_to_string(folder.path().join(name)).unwrap();
    // Sorted by code: persons 3, 1, 2.
    assert_eq!(
        read("observed.csv"),
        "replicate,record,group,wave,years,attended,well,score\n\
         4,S-000000000001,all,1,0,1,1,\n\
         4,S-000000000009,all,1,0,1,1,0.5\n\
         4,S-000000000011,all,1,0,1,0,1.5\n\
         4,S-000000000001,all,2,1,1,1,\n\
         4,S-000000000009,all,2,1,1,1,0.5\n\
         4,S-000000000011,all,2,1,0,,1.5\n"
    );
    assert_eq!(
        read("key.csv"),
        "replicate,record,person\n4,S-000000000001,3\n4,S-000000000009,1\n4,S-000000000011,2\n"
    );
    assert_eq!(
        read("audit.csv"),
        "replicate,person,wave,item,true,reported,reason\n\
         4,1,2,well,0,1,misclassification\n\
         4,2,2,well,0,,dropout\n"
    );
}

#[cfg(feature = "columnar")]
mod columnar {
    use super::*;
    use arrow_array::cast::AsArray;
    use arrow_array::types::{Float64Type, Int8Type, Int64Type};
    use arrow_array::{Array, RecordBatch};
    use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;

    fn read(path: &std::path::Path) -> (RecordBatch, Vec<(String, Option<String>)>, String) {
        let reader = ParquetRecordBatchReaderBuilder::try_new(fs::File::open(path).unwrap()).unwrap();
        let file = reader.metadata().file_metadata().clone();
        let pairs = file.key_value_metadata().unwrap().iter().map(|kv| (kv.key.clone(), kv.value.clone())).collect();
        let batch = reader.build().unwrap().next().unwrap().unwrap();
        (batch, pairs, file.created_by().unwrap().to_owned())
    }

    #[test]
    fn parquet_reads_back_as_it_was() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("out");
        write_example(&path, Format::Parquet);
        let (batch, pairs, created_by) = read(&path.join("estimates.parquet"));
        assert_eq!(batch.num_rows(), 3);
        assert_eq!(batch.column(0).as_primitive::<Int64Type>().values(), &[0, 0, 1]);
        let method = batch.column(5).as_dictionary::<Int8Type>();
        assert_eq!(method.keys().values(), &[0, 1, 0]);
        // No spreadsheet runs a Parquet file: names are left as they are.
        assert_eq!(method.values().as_string::<i32>().value(0), "=complete");
        let estimate = batch.column(6).as_primitive::<Float64Type>();
        assert_eq!(estimate.value(0), 0.1 + 0.2);
        assert!(estimate.is_null(1));
        assert_eq!(batch.schema().field(7).metadata().get("range").map(|t| t.to_string()), Some("0 or more".into()));
        assert!(pairs.contains(&("eclosion.seed".to_owned(), Some("7".to_owned()))));
        assert!(pairs.contains(&("eclosion.note".to_owned(), Some("synthetic: no real person".to_owned()))));
        assert_eq!(created_by, "eclosion 0.1.0");
    }

    #[test]
    fn the_same_tables_are_the_same_bytes() {
        let folder = tempfile::tempdir().unwrap();
        let paths = [folder.path().join("a"), folder.path().join("b")];
        for path in &paths {
            write_example(path, Format::Parquet);
        }
        for name in names(&paths[0]) {
            assert_eq!(fs::read(paths[0].join(&name)).unwrap(), fs::read(paths[1].join(&name)).unwrap(), "{name}");
        }
    }

    #[test]
    fn stretches_make_no_difference_to_what_is_read() {
        let write = |stretch: usize| {
            let fields = vec![Field::new("x", FieldKind::Number, "a number")];
            let mut table = Table::new(Vec::new(), Format::Parquet, fields, &[]).unwrap();
            let values: Vec<f64> = (0..1000).map(f64::from).collect();
            for stretch in values.chunks(stretch) {
                table.write(&[Cells::Numbers(stretch)]).unwrap();
            }
            table.finish().unwrap()
        };
        assert_eq!(write(1000), write(7));
    }
}

/// A disk with room for so many bytes.
struct Full(usize);

impl Write for Full {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if bytes.len() > self.0 {
            return Err(io::Error::from(io::ErrorKind::StorageFull));
        }
        self.0 -= bytes.len();
        Ok(bytes.len())
    }
    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[test]
fn a_full_disk_is_an_error_with_its_own_words_in_every_format() {
    for format in Format::all() {
        let attempt = || -> io::Result<()> {
            let fields = vec![Field::new("x", FieldKind::Number, "a number")];
            let mut table = Table::new(Full(100), format, fields, &[])?;
            let values = vec![0.1; 100_000];
            table.write(&[Cells::Numbers(&values)])?;
            table.finish().map(|_| ())
        };
        let error = attempt().unwrap_err();
        assert!(error.to_string().contains("no storage space"), "{format:?}: {error}");
    }
}

#[test]
fn a_folder_with_something_in_it_is_refused_without_force() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("mine.txt"), "mine").unwrap();
    fs::write(folder.path().join("estimates.csv"), "old").unwrap();
    let problem = Folder::open(folder.path(), Format::Csv, false, stamp()).unwrap_err();
    assert_eq!(problem.code, "R0020");
    let mut out = Folder::open(folder.path(), Format::Csv, true, stamp()).unwrap();
    write_study(&mut out, &example(), &|sink| sink(&example().estimates)).unwrap();
    assert_eq!(fs::read_to_string(folder.path().join("estimates.csv")).unwrap(), "old");
    out.commit().unwrap();
    assert_eq!(fs::read_to_string(folder.path().join("mine.txt")).unwrap(), "mine");
    assert!(fs::read_to_string(folder.path().join("estimates.csv")).unwrap().starts_with("replicate"));
}

#[test]
fn what_is_not_committed_leaves_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a/b");
    let mut out = Folder::open(&path, Format::Csv, false, stamp()).unwrap();
    write_study(&mut out, &example(), &|sink| sink(&example().estimates)).unwrap();
    assert!(path.exists());
    drop(out);
    assert!(!folder.path().join("a").exists());
    assert!(folder.path().exists());
}

#[test]
fn a_path_that_cannot_be_a_folder_is_an_error() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("file");
    fs::write(&file, "").unwrap();
    for path in [file.clone(), file.join("below")] {
        let problem = Folder::open(&path, Format::Csv, true, stamp()).unwrap_err();
        assert_eq!(problem.code, "R0021");
        assert!(problem.message.starts_with("cannot write `"), "{}", problem.message);
    }
}

#[cfg(unix)]
#[test]
fn files_may_be_read_by_whoever_the_umask_lets() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("out");
    write_example(&path, Format::Csv);
    fs::write(folder.path().join("plain"), "").unwrap();
    let mode = |path: std::path::PathBuf| fs::metadata(path).unwrap().permissions().mode();
    assert_eq!(mode(path.join("estimates.csv")), mode(folder.path().join("plain")));
}

#[test]
fn stretches_that_do_not_fit_are_an_error() {
    let fields = || vec![Field::new("x", FieldKind::Number, ""), Field::new("y", FieldKind::Integer, "")];
    let mut table = Table::new(Vec::new(), Format::Csv, fields(), &[]).unwrap();
    assert!(table.write(&[Cells::Numbers(&[1.0])]).is_err());
    assert!(table.write(&[Cells::Numbers(&[1.0]), Cells::Integers(&[1, 2])]).is_err());
    assert!(table.write(&[Cells::Numbers(&[1.0]), Cells::Numbers(&[1.0])]).is_err());
}

/// Cells of the first reasons, none of the others.
fn reasons(first: &[u64]) -> [u64; crate::tables::Reason::ALL.len()] {
    let mut cells = [0; crate::tables::Reason::ALL.len()];
    cells[..first.len()].copy_from_slice(first);
    cells
}
