//! Tables of estimates from texts.

use super::*;
use crate::tables::{FailureKind, TruthSource, WarningKind};
use std::fs;

fn asked() -> Asked {
    Asked { confidence: 0.95, ..Asked::default() }
}

fn with_truth(true_value: f64) -> Asked {
    Asked { true_value: Some(true_value), ..asked() }
}

fn read_with(text: &str, asked: &Asked) -> Result<Made, RunProblem> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("e.csv");
    fs::write(&path, text).unwrap();
    read_estimates(&[path], asked)
}

fn read(text: &str) -> Made {
    read_with(text, &with_truth(0.5)).unwrap_or_else(|p| panic!("{}: {}", p.code, p.message))
}

/// Fails unless the table is refused with a number and these words.
#[track_caller]
fn refused(text: &str, asked: &Asked, code: &str, words: &[&str]) {
    let problem = read_with(text, asked).map(|made| made.notes).unwrap_err();
    assert_eq!(problem.code, code, "{}", problem.message);
    for word in words {
        assert!(problem.message.contains(word), "`{word}` is not in: {}", problem.message);
    }
}

/// Method and estimate of each row in order.
fn estimates(made: &Made) -> Vec<(&str, Option<f64>)> {
    let rows = made.result.estimates.iter();
    rows.map(|r| (made.result.methods[r.method as usize].as_str(), r.result.as_ref().ok().map(|e| e.estimate)))
        .collect()
}

#[test]
fn common_names_are_known_in_capitals_or_not() {
    for header in
        ["dataset,method,b,se", "REP,Model,Theta,Std.Error", "repno;METHODVAR;est;stderr", "i\tmodel\tpoint\tse"]
    {
        let made = read(&format!("{header}\n1,B,0.4,0.1\n1,A,0.6,0.2\n2,B,0.5,0.1\n").replace(',', delimiter(header)));
        assert_eq!(estimates(&made), [("B", Some(0.4)), ("A", Some(0.6)), ("B", Some(0.5))], "{header}");
        assert_eq!(made.result.estimates[0].true_value, 0.5);
        assert_eq!(made.result.conditions[0].replicates, 2);
    }
}

fn delimiter(header: &str) -> &'static str {
    if header.contains(';') {
        ";"
    } else if header.contains('\t') {
        "\t"
    } else {
        ","
    }
}

#[test]
fn intervals_rest_on_z_or_on_t_where_there_are_degrees_of_freedom() {
    let made = read("rep,method,est,se,df\n1,A,1,0.5,\n2,A,1,0.5,4\n3,A,1,,4\n4,A,1,0.5,inf\n");
    let interval = |k: usize| made.result.estimates[k].result.as_ref().unwrap().interval;
    // 0.5 qnorm(0.975) and 0.5 qt(0.975, 4).
    for (k, reach) in [(0, 0.979_981_992_270_027), (1, 1.388_222_552_598_896_7), (3, 0.979_981_992_270_027)] {
        let (lower, upper) = interval(k).unwrap();
        assert!((1.0 - lower - reach).abs() < 1e-12 && (upper - 1.0 - reach).abs() < 1e-12, "{k}: {lower} {upper}");
    }
    assert_eq!(interval(2), None, "no standard error, no interval");
    let made = read("rep,est,se,conf.low,conf.high\n1,1,0.5,-3,Inf\n2,1,0.5,,\n");
    let interval = |k: usize| made.result.estimates[k].result.as_ref().unwrap().interval;
    assert_eq!((interval(0), interval(1)), (Some((-3.0, f64::INFINITY)), None), "the table's own limits only");
}

#[test]
fn methods_may_stand_beside_one_another() {
    let made =
        read("rep,est1,est_MI,SE1,se_MI,lower1,upper1,status,est9\n1,0.4,0.6,0.1,0.2,0,1,ok,3\n2,0.5,,0.1,,0,1,1,3\n");
    assert_eq!(estimates(&made), [("1", Some(0.4)), ("MI", Some(0.6)), ("1", Some(0.5)), ("MI", None)]);
    assert_eq!(made.result.estimates[0].result.as_ref().unwrap().interval, Some((0.0, 1.0)));
    assert!(made.result.estimates[1].result.as_ref().unwrap().interval.is_some(), "made from the standard error");
    assert!(made.notes[0].contains("wide form"), "{:?}", made.notes);
    assert!(made.notes[1].contains("est9"), "what has no standard error is said to be unused: {:?}", made.notes);
    let row_by_row = read("est1,se1,est2,se2\n1,1,2,1\n3,1,4,1\n");
    assert_eq!(row_by_row.result.conditions[0].replicates, 2);
    assert!(row_by_row.notes[0].contains("each row is a data set"));
}

#[test]
fn failed_fits_keep_their_reason() {
    let text = "rep,method,est,se,status,detail\n1,A,1,1,OK,\n2,A,,,not_converged,25 steps\n3,A,2,1,crashed,\n4,A,,,1,\n5,A,Inf,1,TRUE,\n6,A,NA,,,\n";
    let made = read(text);
    let found: Vec<(FailureKind, &str)> = made
        .result
        .estimates
        .iter()
        .filter_map(|r| r.result.as_ref().err().map(|f| (f.kind, f.detail.as_str())))
        .collect();
    assert_eq!(
        found,
        [
            (FailureKind::NotConverged, "25 steps"),
            (FailureKind::Elsewhere, "the status is `crashed`"),
            (FailureKind::Elsewhere, "the table has no estimate"),
            (FailureKind::NotFinite, "the estimate is inf"),
            (FailureKind::Elsewhere, "the table has no estimate"),
        ]
    );
    let counted = |made: &Made| {
        let statuses = crate::evaluate::statuses(&made.result.estimates);
        statuses.iter().filter_map(|s| Some((s.failure?, s.count))).collect::<Vec<_>>()
    };
    let counts = counted(&made);
    assert_eq!(counts, [(FailureKind::NotConverged, 1), (FailureKind::NotFinite, 1), (FailureKind::Elsewhere, 3)]);
    let made = read("rep,est,se\n1,,\n2,,\n");
    assert_eq!(counted(&made), [(FailureKind::Elsewhere, 2)], "all failed is a result, not an error");
}

#[test]
fn warnings_are_read_where_the_table_tells_of_them() {
    let text = "rep,est,se,warning\n1,1,1,\n2,1,1,limit_cut\n3,1,1,fitted rates 0\n4,1,1,FALSE\n5,,,limit_cut\n";
    let made = read(text);
    assert!(made.tells_warnings);
    let found: Vec<_> = made.result.estimates.iter().map(|r| r.result.as_ref().ok().and_then(|e| e.warning)).collect();
    assert_eq!(found, [None, Some(WarningKind::LimitCut), Some(WarningKind::Elsewhere), None, None]);
    assert!(!read("rep,est,se\n1,1,1\n").tells_warnings);
    let wide = read("est1,se1,warning1,est2,se2,warning2\n1,1,0,2,1,1\n");
    assert!(wide.tells_warnings);
    let found: Vec<_> = wide.result.estimates.iter().map(|r| r.result.as_ref().unwrap().warning).collect();
    assert_eq!(found, [None, Some(WarningKind::Elsewhere)]);
}

#[test]
fn kinds_of_failures_are_found_by_their_status() {
    for kind in FailureKind::ALL {
        assert_eq!(FailureKind::of_status(kind.status()), Some(kind));
    }
    assert_eq!(FailureKind::of_status("ok"), None);
}

#[test]
fn conditions_come_from_columns() {
    let by = Asked { by: vec!["n".to_owned(), "rho".to_owned()], ..with_truth(0.0) };
    let made = read_with("rep,n,rho,est\n1,50,0.1,1\n1,50,0.10,2\n", &by).unwrap_err();
    assert_eq!(made.code, "R0066", "0.1 and 0.10 are one value");
    let made = read_with("rep,n,rho,est\n1,50,0.1,1\n1,99,0.1,2\n2,50,0.1,3\n", &by).unwrap();
    let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
    assert_eq!(made.result.conditions[1].factors, [pair("n", "99"), pair("rho", "0.1")]);
    assert_eq!(made.result.conditions.iter().map(|c| c.replicates).collect::<Vec<_>>(), [2, 1]);
    let made = read("rep,dgm,est\n1,mcar,1\n1,mar,2\n");
    assert_eq!(made.result.conditions[1].factors, [pair("dgm", "mar")]);
    let made = read("replicate,condition,factor_lost,estimate\n0,1,0.1,1\n0,2,0.2,2\n");
    assert_eq!(made.result.conditions[1].factors, [pair("lost", "0.2")], "a number of the condition is no factor");
}

#[test]
fn the_reference_goes_first_and_takes_its_rows_with_it() {
    let text = "rep,method,est\n1,A,1\n1,B,2\n1,C,3\n1,D,4\n";
    let asked = Asked { reference: Some("C".to_owned()), ..with_truth(0.5) };
    let made = read_with(text, &asked).unwrap();
    assert_eq!(made.result.methods, ["C", "A", "B", "D"]);
    assert_eq!(estimates(&made), [("C", Some(3.0)), ("A", Some(1.0)), ("B", Some(2.0)), ("D", Some(4.0))]);
    let asked = Asked { reference: Some("E".to_owned()), ..with_truth(0.5) };
    refused(text, &asked, "R0069", &["`E`", "A, B, C, D"]);
}

#[test]
fn true_values_may_differ_between_data_sets() {
    let made = read_with("rep,est,true\n1,1,2\n2,1,4\n3,1,\n", &asked()).unwrap();
    let truth = made.result.conditions[0].true_values[0];
    assert_eq!((truth.source, truth.true_value, truth.mcse), (TruthSource::Cohort, 3.0, 1.0));
    assert!(made.notes.iter().any(|note| note.starts_with("rows without a true value: 1;")), "{:?}", made.notes);
    let made = read_with("rep,est,true\n1,1,2\n2,1,2\n", &asked()).unwrap();
    assert_eq!(made.result.conditions[0].true_values[0].source, TruthSource::Constant);
    refused("rep,est\n1,1\n", &asked(), "R0067", &["--true", "--true-column"]);
    refused("rep,est,truth\n1,1,\n", &asked(), "R0067", &[]);
}

#[test]
fn each_estimand_is_tested_against_its_own_null() {
    let made = read("rep,target,est,null\n1,a,1,0\n1,b,1,\n2,a,1,0\n2,b,1,\n");
    assert_eq!(made.targets.iter().map(|t| t.null).collect::<Vec<_>>(), [Some(0.0), None]);
    refused("rep,est,null\n1,1,0\n2,1,1\n", &with_truth(0.5), "R0065", &["row 2", "1 after 0"]);
    let asked = Asked { null: Some(3.0), ..with_truth(0.5) };
    assert_eq!(read_with("rep,est,null\n1,1,0\n2,1,1\n", &asked).unwrap().targets[0].null, Some(3.0));
}

#[test]
fn rows_that_are_not_there_are_told() {
    let made = read("rep,method,est\n1,A,1\n1,B,2\n2,A,1\n");
    let note = made.notes.last().unwrap();
    assert!(note.contains("`B` has 1 rows") && note.contains("2 data sets"), "{note}");
    assert!(made.result.estimates.iter().all(|row| row.result.is_ok()));
}

#[test]
fn columns_that_are_not_there_or_twice_are_refused() {
    let truth = with_truth(0.5);
    refused("", &truth, "R0068", &["empty"]);
    refused("rep,est\n", &truth, "R0068", &["no rows"]);
    refused("rep,value,se\n1,1,1\n", &truth, "R0063", &["the estimate", "--estimate", "rep, value, se"]);
    refused("method,est\nA,1\n", &truth, "R0063", &["the data set", "--replicate"]);
    refused("rep,est,lower\n1,1,0\n", &truth, "R0063", &["the upper limit"]);
    refused("rep,est,theta\n1,1,1\n", &truth, "R0064", &["`est` or `theta`", "--estimate est", "--ignore"]);
    refused("rep,est,est\n1,1,1\n", &truth, "R0064", &["the estimate"]);
    let named = |role, name: &str| Asked { columns: BTreeMap::from([(role, name.to_owned())]), ..with_truth(0.5) };
    refused("rep,est\n1,1\n", &named(Role::Estimate, "ets"), "R0063", &["`ets`", "did you mean `est`"]);
    let made = read_with("rep,est,theta\n1,1,7\n", &named(Role::Estimate, "THETA")).unwrap();
    assert_eq!(estimates(&made), [("method", Some(7.0))]);
    let ignore = Asked { ignore: vec!["est".to_owned()], ..with_truth(0.5) };
    assert_eq!(estimates(&read_with("rep,est,theta\n1,1,7\n", &ignore).unwrap()), [("method", Some(7.0))]);
    let twice = Asked { by: vec!["rep".to_owned(), "rep".to_owned()], ..with_truth(0.5) };
    refused("rep,est\n1,1\n", &twice, "R0064", &["--by"]);
}

#[test]
fn cells_that_are_wrong_are_named_with_their_row() {
    let truth = with_truth(0.5);
    for (row, words) in [
        ("1,A,good,1,1,0,2,ok", "`good` is no number in the column `est`"),
        ("1,A,1,-1,1,0,2,ok", "below 0 in the column `se`"),
        ("1,A,1,1,0,0,2,ok", "`df`"),
        ("1,A,1,1,1,2,0,ok", "above the upper one"),
        ("1,A,1,1,1,2,,ok", "beside the lower one in the column `uci`"),
        ("1,A,1,1,1,,2,ok", "beside the upper one in the column `lci`"),
        ("1,A,1,1,1,0,2,", "no status"),
        ("1,,1,1,1,0,2,ok", "nothing in the column `method`"),
        (",A,1,1,1,0,2,ok", "nothing in the column `rep`"),
    ] {
        let text = format!("rep,method,est,se,df,lci,uci,status\n7,A,1,1,1,0,2,ok\n{row}\n");
        refused(&text, &truth, "R0065", &["row 2", words]);
    }
    let text = "rep,method,n,est\n1,A,5,1\n2,A,5,1\n1,A,9,1\n";
    refused(text, &truth, "R0066", &["row 1 and row 3", "`A`", "`1`", "--by", "unused: n"]);
}

#[test]
fn files_follow_one_another() {
    let folder = tempfile::tempdir().unwrap();
    let paths = ["a.csv", "b.csv"].map(|name| folder.path().join(name));
    fs::write(&paths[0], "rep,est\n1,1\n").unwrap();
    fs::write(&paths[1], "dataset,b,true\n2,3,1\n").unwrap();
    let made = read_estimates(&paths, &with_truth(0.5)).unwrap();
    assert_eq!(estimates(&made), [("method", Some(1.0)), ("method", Some(3.0))]);
    let problem = read_estimates(&[&paths[..], &paths[..1]].concat(), &with_truth(0.5)).unwrap_err();
    assert!(problem.code == "R0066" && problem.message.contains("a.csv"), "{}", problem.message);
    fs::write(&paths[1], "dataset,b,dgm\n2,3,1\n").unwrap();
    assert_eq!(read_estimates(&paths, &with_truth(0.5)).unwrap_err().code, "R0063");
}
