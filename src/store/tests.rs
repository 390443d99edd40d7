//! Blocks written and read back, and what a store refuses.
#![cfg(feature = "columnar")]

use super::*;
use crate::statistics::linkage::quality::Quality;
use crate::tables::audit::AuditCount;
use crate::tables::{Estimate, EstimateRow, FailureKind, FitFailure, OfReplicates, Reason, WarningKind};

fn identity() -> Identity {
    let named = |names: &[&str]| names.iter().map(|n| ((*n).to_owned(), format!("of = \"{n}\"\n"))).collect();
    Identity {
        version: "1".to_owned(),
        seed: 7,
        declared: vec![("group 1".to_owned(), "name = \"all\"\nsize = 5\n".to_owned())],
        estimands: named(&["share", "mean"]),
        methods: named(&["plain", "weighted"]),
        conditions: vec![Vec::new(), vec![("lost".to_owned(), "0.1".to_owned())]],
        ..Identity::default()
    }
}

fn open(path: &Path, identity: Identity) -> Result<Store, RunProblem> {
    Store::open(path, identity, Opening { resume: true, block: 4 })
}

/// Two replicates, three pairs: numbers that are hard to write as text, a failure, links, infinite limits.
fn block() -> Block {
    let pairs = Pairs::from([(0, 0), (0, 1), (1, 1)]);
    let mut rows = Vec::new();
    for replicate in 3..5 {
        for (k, (estimand, method)) in pairs.iter().copied().enumerate() {
            let estimate = Estimate {
                estimate: 0.1 + 0.2 + replicate as f64 * f64::EPSILON,
                model_se: (k > 0).then_some(f64::MIN_POSITIVE),
                df: (k == 2).then_some(1e300),
                interval: Some((f64::NEG_INFINITY, 0.7)),
                warning: (k == 2).then_some(WarningKind::LimitCut),
            };
            let failed = FitFailure::new(FailureKind::QuasiSeparation, "of `x`, \u{e9}");
            let quality = Quality { true_positive: replicate, false_positive: 0, false_negative: u64::from(u32::MAX) };
            rows.push(EstimateRow {
                replicate,
                condition: 1,
                estimand,
                method,
                true_value: 1.0 / 3.0,
                result: if k == 1 && replicate == 4 { Err(failed) } else { Ok(estimate) },
                links: (k == 0).then(|| Box::new(quality)),
            });
        }
    }
    let audit = AuditCount { item: "y".to_owned(), wave: 1, cells: [9; Reason::ALL.len()] };
    let cohort = vec![vec![1.0 / 3.0, f64::NAN], Vec::new()];
    let of_replicates = OfReplicates { audit: vec![audit], mechanisms: Vec::new(), cohort };
    Block { condition: 1, replicates: 3..5, pairs, rows, of_replicates: Some(of_replicates) }
}

fn kept(store: &Store, condition: usize) -> Vec<Block> {
    let mut blocks = Vec::new();
    store
        .each(condition, &mut |block| {
            blocks.push(block.clone());
            Ok(())
        })
        .unwrap();
    blocks
}

#[test]
fn a_block_comes_back_as_it_went() {
    let folder = tempfile::tempdir().unwrap();
    let block = block();
    let store = open(folder.path(), identity()).unwrap();
    store.announce(&block.pairs).unwrap();
    store.keep(&block).unwrap();
    assert_eq!(store.known(1), [(3..5, block.pairs.clone())]);
    assert!(store.known(0).is_empty() && kept(&store, 0).is_empty());
    store.finish().unwrap();
    // Methods and conditions in another order are found by their names.
    let mut other = identity();
    other.methods.reverse();
    other.conditions.reverse();
    let again = Store::look(folder.path(), other).unwrap();
    let found = kept(&again, 0).remove(0);
    let turned = |row: &EstimateRow| EstimateRow { method: 1 - row.method, condition: 0, ..row.clone() };
    let mut wanted: Vec<EstimateRow> = block.rows.iter().map(turned).collect();
    wanted.sort_by_key(|row| (row.replicate, row.estimand, row.method));
    assert_eq!(found.rows, wanted);
    let (found, wanted) = (found.of_replicates.unwrap(), block.of_replicates.unwrap());
    assert_eq!((found.audit, found.mechanisms), (wanted.audit, wanted.mechanisms));
    let bits = |c: &[Vec<f64>]| c.iter().map(|v| v.iter().map(|x| x.to_bits()).collect::<Vec<_>>()).collect::<Vec<_>>();
    assert_eq!(bits(&found.cohort), bits(&wanted.cohort));
    // One that was opened to be read takes nothing.
    let again = Store::look(folder.path(), identity()).unwrap();
    assert_eq!(again.keep(&self::block()).unwrap_err().code, "R0021");
}

#[test]
fn what_the_log_tells_is_there_without_an_end() {
    let folder = tempfile::tempdir().unwrap();
    let block = block();
    let store = open(folder.path(), identity()).unwrap();
    store.announce(&block.pairs).unwrap();
    store.keep(&block).unwrap();
    // As a kill leaves it, and in the middle of the next line.
    drop(store);
    let log = folder.path().join("log.jsonl");
    let text = std::fs::read_to_string(&log).unwrap();
    std::fs::write(&log, format!("{text}{{\"condition\":1,\"fir")).unwrap();
    let store = open(folder.path(), identity()).unwrap();
    assert_eq!(store.known(1), [(3..5, block.pairs.clone())]);
    store.finish().unwrap();
    assert!(!log.exists());
}

#[test]
fn other_studies_are_refused_in_words() {
    let folder = tempfile::tempdir().unwrap();
    open(folder.path(), identity()).unwrap().finish().unwrap();
    let refused = |change: fn(&mut Identity)| {
        let mut other = identity();
        change(&mut other);
        let problem = open(folder.path(), other).unwrap_err();
        assert_eq!(problem.code, "R0071");
        problem.message
    };
    let size = refused(|i| i.declared[0].1 = "name = \"all\"\nsize = 6\n".to_owned());
    assert!(size.contains("[group 1] has `size = 5` there, `size = 6` here"), "{size}");
    let keys = refused(|i| i.declared[0].1.push_str("start = 1\n"));
    assert!(keys.contains("[group 1] has 2 keys there, 3 here"), "{keys}");
    assert!(refused(|i| i.declared.clear()).contains("[group 1] is there only"));
    assert!(refused(|i| i.version = "2".to_owned()).contains("version 1 of the program there, 2 here"));
    assert!(refused(|i| i.methods[1].1 = "of = \"x\"\n".to_owned()).contains("[method weighted] has"));
    assert!(refused(|i| i.independent = true).contains("share their draws there"));
    // More or fewer of what is asked is no difference.
    let mut more = identity();
    more.methods.push(("third".to_owned(), String::new()));
    more.estimands.remove(0);
    open(folder.path(), more).unwrap().finish().unwrap();
}

#[test]
fn a_store_that_is_open_is_not_opened_again() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path(), identity()).unwrap();
    assert_eq!(open(folder.path(), identity()).unwrap_err().code, "R0072");
    drop(store);
    assert!(open(folder.path(), identity()).is_ok());
    let again = Store::open(folder.path(), identity(), Opening { resume: false, block: 4 });
    assert_eq!(again.unwrap_err().code, "R0070");
}
