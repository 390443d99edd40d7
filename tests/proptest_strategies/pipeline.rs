//! Property tests of somebody's pipeline, as docs/proptest.md has them: a summary, and a function that cleans.

use eclosion::proptest::{dirty_panels, observed_panels, simulated, truths};
use eclosion::small::{Cell, Dirt, Panel, Ready};
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};

/// The pipeline under test: of each question the number of answers and their sum, by wave.
fn summary(panel: &Panel) -> BTreeMap<(String, String), (usize, i64)> {
    let mut found: BTreeMap<(String, String), (usize, i64)> = BTreeMap::new();
    let Some(wave) = panel.column("wave") else { return found };
    for column in panel.items() {
        for row in 0..panel.rows() {
            // Rounded, so that the order of a sum does not matter.
            let value = match &column.cells[row] {
                None => continue,
                Some(Cell::Number(value)) => (*value * 1000.0).round() as i64,
                Some(Cell::Text(text)) => text.len() as i64,
            };
            let entry = found.entry((column.name.clone(), format!("{:?}", wave.number(row)))).or_default();
            *entry = (entry.0 + 1, entry.1 + value);
        }
    }
    found
}

/// A pipeline's first step: one row per record and wave, the first in an order that does not go by rows; yes and no are 0
/// and 1 or nothing.
fn clean(panel: &Panel) -> Panel {
    let mut first: BTreeMap<(String, String), usize> = BTreeMap::new();
    let text = |row: usize| format!("{:?}", panel.row(row).collect::<Vec<_>>());
    for row in 0..panel.rows() {
        let cell = |name: &str| panel.column(name).map_or(String::new(), |column| format!("{:?}", column.cells[row]));
        let kept = first.entry((cell("record"), cell("wave"))).or_insert(row);
        if text(row) < text(*kept) {
            *kept = row;
        }
    }
    let mut rows: Vec<usize> = first.into_values().collect();
    rows.sort_unstable();
    let mut cleaned = panel.select(&rows);
    for column in cleaned.columns.iter_mut().filter(|column| column.name.starts_with("yes_")) {
        for cell in &mut column.cells {
            if !matches!(cell, Some(Cell::Number(value)) if [0.0, 1.0].contains(value)) {
                *cell = None;
            }
        }
    }
    cleaned
}

/// The rows as a set that knows how often each is there.
fn rows(panel: &Panel) -> Vec<String> {
    let mut rows: Vec<String> =
        (0..panel.rows()).map(|row| format!("{:?}", panel.row(row).collect::<Vec<_>>())).collect();
    rows.sort();
    rows
}

fn config() -> ProptestConfig {
    ProptestConfig { cases: 100, failure_persistence: None, ..ProptestConfig::default() }
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn the_order_of_rows_does_not_matter(panel in dirty_panels(), by in any::<u64>()) {
        prop_assert_eq!(summary(&panel), summary(&panel.reordered(by)));
        prop_assert_eq!(rows(&clean(&panel)), rows(&clean(&panel.reordered(by))));
    }

    #[test]
    fn the_names_of_records_do_not_matter(panel in observed_panels(), by in any::<u64>()) {
        let renamed = panel.relabelled(by);
        prop_assert_eq!(summary(&panel), summary(&renamed));
        prop_assert_eq!(clean(&panel).relabelled(by).rows(), clean(&renamed).rows());
        let records = |panel: &Panel| -> BTreeSet<String> {
            let column = panel.column("record").map(|c| c.cells.clone()).unwrap_or_default();
            column.iter().map(|cell| format!("{cell:?}")).collect()
        };
        prop_assert_eq!(records(&panel).len(), records(&renamed).len());
    }

    #[test]
    fn cleaning_twice_is_cleaning_once(panel in dirty_panels()) {
        let once = clean(&panel);
        prop_assert_eq!(&clean(&once), &once);
        let keys: Vec<String> = (0..once.rows())
            .map(|row| format!("{:?}", once.row(row).take(2).collect::<Vec<_>>()))
            .collect();
        prop_assert_eq!(keys.iter().collect::<BTreeSet<_>>().len(), keys.len());
    }

    #[test]
    fn clean_data_stays_as_it_is(panel in observed_panels()) {
        prop_assert_eq!(&clean(&panel), &panel);
    }

    /// Two studies that differ in what nobody is asked give the same table, so that no function of it can tell them apart.
    #[test]
    fn what_nobody_is_asked_is_not_in_the_table(case in simulated()) {
        let seen = |share: &str| {
            let text = format!("{}\n[state.hidden]\nstarts = {share}\n", case.study.to_toml("hidden"));
            let ready = Ready::of_text(&text).map_err(|t| TestCaseError::fail(t.to_string()))?;
            let part = ready.part().map_err(|p| TestCaseError::fail(p.message))?;
            let hidden = part.truth.schema.variable("hidden").map(|v| part.truth.at(v, 0).clone());
            Ok::<_, TestCaseError>((ready.answers(&part, Dirt::Clean).0, hidden))
        };
        let ((nobody, none), (everybody, all)) = (seen("0")?, seen("1")?);
        prop_assert_ne!(none, all);
        prop_assert_eq!(&nobody, &everybody);
        prop_assert_eq!(&nobody, &case.observed);
        prop_assert!(nobody.column("hidden").is_none() && nobody.column("person").is_none());
    }

    #[test]
    fn truths_are_whole(truth in truths()) {
        prop_assert!(truth.rows() > 0);
        prop_assert!(truth.columns.iter().all(|column| column.cells.iter().all(Option::is_some)));
    }
}
