//! What a user sees when a property does not hold: a case that is small enough to be read.

use eclosion::proptest::{PanelTree, dirty_panels, observed_panels, small_studies};
use eclosion::small::{Cell, Panel, SmallStudy};
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::{RngAlgorithm, RngSeed, TestError, TestRunner};
use std::collections::BTreeSet;
use std::fmt::Debug;

fn runner(seed: u64) -> TestRunner {
    TestRunner::new(ProptestConfig {
        cases: 512,
        failure_persistence: None,
        rng_seed: RngSeed::Fixed(seed),
        rng_algorithm: RngAlgorithm::ChaCha,
        ..ProptestConfig::default()
    })
}

/// The smallest case that is found of a property that does not hold.
fn smallest<S: Strategy>(strategy: &S, seed: u64, holds: impl Fn(&S::Value) -> bool) -> S::Value
where
    S::Value: Debug,
{
    let found = runner(seed).run(strategy, |value| {
        prop_assert!(holds(&value));
        Ok(())
    });
    match found {
        Err(TestError::Fail(_, value)) => value,
        other => panic!("no case fails: {other:?}"),
    }
}

/// A function that cleans and is wrong: it takes a missing answer for a no.
fn filled(panel: &Panel) -> Panel {
    let mut filled = panel.clone();
    let names: Vec<String> = panel.items().iter().map(|column| column.name.clone()).collect();
    for name in names {
        let column = filled.column_mut(&name).expect("it is there");
        column.cells.iter_mut().filter(|cell| cell.is_none()).for_each(|cell| *cell = Some(Cell::Number(0.0)));
    }
    filled
}

#[test]
fn a_wrong_function_is_shown_by_one_row() {
    for seed in 0..5 {
        let panel = smallest(&observed_panels(), seed, |panel| filled(panel).missing_share() == panel.missing_share());
        assert_eq!(panel.rows(), 1, "{panel:?}");
        assert_eq!(panel.items().len(), 1, "{panel:?}");
        assert_eq!(panel.items()[0].cells, [None]);
        // Numbers on the way have become 0.
        assert_eq!(panel.column("attended").and_then(|column| column.number(0)), Some(0.0));
    }
}

/// Rows that are there twice need two rows to be seen.
#[test]
fn a_row_that_is_there_twice_is_shown_by_two() {
    for seed in 0..5 {
        let panel = smallest(&dirty_panels(), seed, |panel| {
            let key = |row: usize| format!("{:?}", panel.row(row).take(2).collect::<Vec<_>>());
            (0..panel.rows()).map(key).collect::<BTreeSet<_>>().len() == panel.rows()
        });
        assert_eq!((panel.rows(), panel.items().len()), (2, 0), "{panel:?}");
        assert!(format!("{panel:?}").lines().count() <= 4, "short: {panel:?}");
    }
}

#[test]
fn studies_shrink_to_few_persons_and_one_wave() {
    for seed in 0..5 {
        // Wrong: that nobody ever leaves a question open.
        let study = smallest(&small_studies(), seed, |study: &SmallStudy| {
            study.simulate().is_ok_and(|data| data.observed.missing_share().unwrap_or(0.0) == 0.0)
        });
        assert!(study.persons() <= 2 && study.waves <= 2, "{study:?}");
        // Draws go by the name of a question, in which its number is: others before it may stay, with nothing in them.
        assert!(study.items.len() <= 3, "{study:?}");
        // Whichever mechanism leaves a cell empty is there, and hardly another.
        assert!((1..=2).contains(&study.mechanisms().len()), "{study:?}");
    }
}

#[test]
fn what_always_fails_shrinks_to_the_simplest() {
    for seed in 0..5 {
        assert_eq!(smallest(&small_studies(), seed, |_| false), SmallStudy::simplest());
        let panel = smallest(&observed_panels(), seed, |_| false);
        assert_eq!((panel.rows(), panel.items().len()), (0, 0));
    }
}

/// A step that is taken back leaves the panel as it was, and the steps come to an end.
#[test]
fn steps_can_be_taken_back() {
    for seed in 0..20 {
        let mut tree: PanelTree = dirty_panels().new_tree(&mut runner(seed)).expect("a panel");
        let whole = tree.current();
        let mut steps = 0;
        while tree.simplify() {
            assert_ne!(tree.current(), whole);
            assert!(tree.complicate(), "a step can be taken back once");
            assert_eq!(tree.current(), whole);
            assert!(!tree.complicate());
            steps += 1;
        }
        assert!(steps >= whole.rows(), "{steps}");
        assert!(steps <= 20 * (whole.rows() + 1) * whole.columns.len(), "{steps}");
    }
}
