//! Reference cases, panels worked by hand, and what must hold for any panel.

use super::*;
use crate::statistics::tests::{Case, columns};
use proptest::prelude::*;
use serde_json::Value;
use std::collections::BTreeMap;

/// A panel file: persons by waves for each column, NaN where empty. Every person has a row for every wave.
struct Panel {
    waves: usize,
    columns: BTreeMap<String, Vec<f64>>,
}

impl Panel {
    fn read(file: &str) -> Self {
        let columns = columns(file);
        let waves = columns["wave"].iter().copied().fold(0.0, f64::max) as usize;
        assert!(columns["wave"].iter().enumerate().all(|(row, wave)| *wave == (row % waves + 1) as f64));
        Self { waves, columns }
    }

    fn item(&self, name: &str) -> Vec<Option<bool>> {
        self.columns[name].iter().map(|v| (!v.is_nan()).then_some(*v == 1.0)).collect()
    }
}

fn whole(n: usize) -> Option<f64> {
    Some(n as f64)
}

fn wholes(counts: &[usize]) -> Vec<f64> {
    counts.iter().map(|n| *n as f64).collect()
}

const CASES: [&str; 3] = ["descriptives_panel_15x3", "descriptives_panel_28x5", "descriptives_panel_wave3_lost"];

#[test]
fn presence_in_reference_cases() {
    for name in CASES {
        let case = Case::read(name);
        let panel = Panel::read(case.json["data"].as_str().unwrap());
        let seen: Vec<bool> = panel.columns["responded"].iter().map(|v| *v == 1.0).collect();
        let got = Presence::of(panel.waves, &seen).unwrap();
        case.check(&["persons"], whole(got.persons));
        case.check(&["waves"], whole(got.responses.len()));
        case.check(&["person_years_observed"], whole(got.person_waves()));
        case.check_all(&["responses_per_wave"], &wholes(&got.responses));
        case.check_all(&["retention_from_wave1"], &got.retention().unwrap());
        case.check(&["completers"], whole(got.completers));
        case.check(&["never_observed"], whole(got.never));
        case.check(&["monotone_persons"], whole(got.monotone));
        let patterns: Vec<Value> =
            got.patterns.iter().map(|p| serde_json::json!({"pattern": p.text, "n": p.persons})).collect();
        assert_eq!(case.expected(&["patterns"]), &Value::Array(patterns), "{name}");
    }
}

#[test]
fn items_in_reference_cases() {
    for name in CASES {
        let case = Case::read(name);
        let panel = Panel::read(case.json["data"].as_str().unwrap());
        let level = case.setting("conf_level").as_f64().unwrap();
        for (k, item) in case.setting("items").as_array().unwrap().iter().enumerate() {
            let cells = panel.item(item.as_str().unwrap());
            let grid = Grid::new(panel.waves, &cells).unwrap();
            let got = ItemSummary::of(&grid);
            let k = k.to_string();
            let check = |key: &str, value| case.check(&["items", &k, key], value);
            check("ever", whole(got.ever));
            check("at_least_2", whole(got.at_least(2)));
            check("at_least_3", whole(got.at_least(3)));
            check("consecutive_2", whole(consecutive(&grid, 2, GapRule::Breaks)));
            check("consecutive_2_bridged", whole(consecutive(&grid, 2, GapRule::Bridged)));
            check("denominator_enrolled", whole(got.enrolled));
            check("denominator_any", whole(got.observed));
            check("denominator_complete", whole(got.complete));
            check("ever_complete", whole(got.ever_complete));
            check("ever_prop_any", got.ever_share());
            check("period_rate_per_person_year", got.period_rate());
            for (key, limits) in [("ever_wilson", got.ever_wilson(level)), ("ever_exact", got.ever_exact(level))] {
                case.check(&["items", &k, key, "0"], limits.map(|l| l.0));
                case.check(&["items", &k, key, "1"], limits.map(|l| l.1));
            }
            let per_wave = |of: fn(&WaveTally) -> usize| wholes(&got.per_wave.iter().map(of).collect::<Vec<_>>());
            case.check_all(&["items", &k, "per_wave_yes"], &per_wave(|w| w.yes));
            case.check_all(&["items", &k, "per_wave_n"], &per_wave(|w| w.answered));
            case.check_all(&["items", &k, "distribution_years_reported"], &wholes(&got.years));
            let moves = got.transitions;
            for (key, n) in [("n00", moves.n00), ("n01", moves.n01), ("n10", moves.n10), ("n11", moves.n11)] {
                case.check(&["items", &k, "transitions", key], whole(n));
            }
        }
    }
}

#[test]
fn pairs_and_counts_in_reference_cases() {
    for name in CASES {
        let case = Case::read(name);
        let panel = Panel::read(case.json["data"].as_str().unwrap());
        let items: Vec<Vec<Option<bool>>> =
            case.setting("items").as_array().unwrap().iter().map(|i| panel.item(i.as_str().unwrap())).collect();
        for (i, a) in items.iter().enumerate() {
            for (j, b) in items.iter().enumerate() {
                let (a, b) = (Grid::new(panel.waves, a).unwrap(), Grid::new(panel.waves, b).unwrap());
                let (i, j) = (i.to_string(), j.to_string());
                let waves = Together::by_person_wave(&a, &b).unwrap();
                case.check(&["co_occurrence_person_wave", &i, &j], whole(waves.both));
                case.check(&["jaccard_person_wave", &i, &j], waves.jaccard());
                case.check(&["phi_person_wave", &i, &j], waves.phi());
                case.check(&["co_occurrence_ever", &i, &j], whole(Together::by_person(&a, &b).unwrap().both));
            }
        }
        let counts: Vec<Option<u32>> =
            panel.columns["count"].iter().map(|v| (!v.is_nan()).then_some(*v as u32)).collect();
        let got = CountSummary::of(panel.waves, &counts).unwrap();
        let limits = got.rate_limits(case.setting("conf_level").as_f64().unwrap()).unwrap();
        case.check(&["count", "total"], Some(got.total as f64));
        case.check(&["count", "persons_with_any"], whole(got.persons_with_any));
        case.check(&["count", "person_years"], whole(got.person_waves));
        case.check(&["count", "rate"], got.rate());
        case.check(&["count", "rate_exact", "0"], Some(limits.0));
        case.check(&["count", "rate_exact", "1"], Some(limits.1));
        case.check(&["count", "max_per_person"], Some(got.most as f64));
        case.check(&["count", "mean_per_person_any"], got.mean());
        case.check(&["count", "variance_mean_ratio"], got.dispersion());
    }
}

/// Reports written as text.
fn reports(text: &str) -> Vec<Option<bool>> {
    text.chars().filter(|c| !c.is_whitespace()).map(|c| (c != '.').then_some(c == '1')).collect()
}

#[test]
fn a_gap_breaks_a_run_or_is_bridged() {
    for (text, breaks, bridged) in
        [("1.1", 1, 2), ("1.011", 2, 2), ("1.1.1", 1, 3), ("101", 1, 1), ("...", 0, 0), ("11..1", 2, 3), ("", 0, 0)]
    {
        assert_eq!(longest_run(&reports(text), GapRule::Breaks), breaks, "{text}");
        assert_eq!(longest_run(&reports(text), GapRule::Bridged), bridged, "{text}");
    }
}

#[test]
fn four_persons_by_hand() {
    let cells = reports("1.1 011 ... 000");
    let grid = Grid::new(3, &cells).unwrap();
    let got = ItemSummary::of(&grid);
    assert_eq!((got.enrolled, got.observed, got.complete), (4, 3, 2));
    assert_eq!((got.ever, got.ever_complete), (2, 1));
    assert_eq!(got.years, [2, 0, 2, 0]);
    // 1.1 has no adjacent pair; 011 has 0-1 and 1-1; 000 has 0-0 twice.
    assert_eq!(got.transitions, Transitions { n00: 2, n01: 1, n10: 0, n11: 1 });
    assert_eq!((got.transitions.into_yes(), got.transitions.out_of_yes()), (Some(1.0 / 3.0), Some(0.0)));
    // 4 yeses in 2 + 3 + 3 person-waves.
    assert_eq!(got.period_rate(), Some(0.5));
    assert_eq!(got.per_wave[1].prevalence(), Some(0.5));
    let texts: Vec<_> = sequences(&grid).into_iter().map(|p| (p.text, p.persons)).collect();
    assert_eq!(texts, [("...".into(), 1), ("000".into(), 1), ("011".into(), 1), ("1.1".into(), 1)]);
    // 1.1 has no change, 011 has one.
    assert_eq!(by_changes(&grid), [3, 1, 0]);
}

#[test]
fn patterns_are_sorted_by_count_then_text() {
    let seen: Vec<bool> = "OO. O.. OO. O.. ..O ...".chars().filter(|c| *c != ' ').map(|c| c == 'O').collect();
    let got = Presence::of(3, &seen).unwrap();
    let texts: Vec<&str> = got.patterns.iter().map(|p| p.text.as_str()).collect();
    assert_eq!(texts, ["O..", "OO.", "...", "..O"]);
    // All but the one who came at the last wave only.
    assert_eq!((got.monotone, got.never, got.completers), (5, 1, 0));
    assert_eq!(got.retention(), Some(vec![1.0, 0.5, 0.25]));
}

#[test]
fn items_together_by_hand() {
    let (a, b) = (reports("11 0. 01 .."), reports("10 1. .1 11"));
    let (a, b) = (Grid::new(2, &a).unwrap(), Grid::new(2, &b).unwrap());
    // Answered together: 1-1, 1-0, 0-1, 1-1.
    let waves = Together::by_person_wave(&a, &b).unwrap();
    assert_eq!(waves, Together { both: 2, first_only: 1, second_only: 1, neither: 0 });
    assert_eq!(waves.jaccard(), Some(0.5));
    // (2 * 0 - 1 * 1) / sqrt(3 * 1 * 3 * 1).
    assert!((waves.phi().unwrap() + 1.0 / 3.0).abs() < 1e-15);
    // The fourth person never answered the first item.
    let persons = Together::by_person(&a, &b).unwrap();
    assert_eq!(persons, Together { both: 2, first_only: 0, second_only: 1, neither: 0 });
    assert_eq!(persons.phi(), None);
}

#[test]
fn counts_by_hand() {
    // Totals 3, 0 and 1 of those counted at all; mean 4/3, variance (25/9 + 16/9 + 1/9) / 2 = 7/3.
    let cells = [Some(1), Some(2), Some(0), None, None, None, Some(0), Some(1)];
    let got = CountSummary::of(2, &cells).unwrap();
    assert_eq!((got.total, got.persons, got.persons_with_any, got.person_waves, got.most), (4, 3, 2, 5, 3));
    assert_eq!(got.rate(), Some(0.8));
    assert!((got.dispersion().unwrap() - 1.75).abs() < 1e-15);
}

#[test]
fn nothing_and_no_one() {
    assert_eq!(Grid::new(0, &[]), None);
    assert_eq!(Grid::new(3, &[None, None]), None);
    assert_eq!(Presence::of(2, &[true]), None);
    assert_eq!(CountSummary::of(0, &[]), None);
    let grid = Grid::new(3, &[]).unwrap();
    let empty = ItemSummary::of(&grid);
    assert_eq!((empty.ever_share(), empty.period_rate(), empty.ever_wilson(0.95)), (None, None, None));
    assert_eq!(Presence::of(3, &[]).unwrap().retention(), None);
    let counts = CountSummary::of(2, &[]).unwrap();
    assert_eq!((counts.rate(), counts.mean(), counts.dispersion(), counts.rate_limits(0.95)), (None, None, None, None));
    let cells = reports("... ...");
    let missing = ItemSummary::of(&Grid::new(3, &cells).unwrap());
    assert_eq!((missing.ever_share(), missing.per_wave[0].prevalence()), (None, None));
    let constant = Grid::new(1, &[Some(false), Some(false)]).map(|g| Together::by_person_wave(&g, &g).unwrap());
    assert_eq!(constant.map(|t| (t.jaccard(), t.phi())), Some((None, None)));
    assert_eq!(CountSummary::of(1, &[Some(0), Some(0)]).unwrap().dispersion(), None);
    let other = Grid::new(1, &[None]).unwrap();
    assert_eq!(Together::by_person_wave(&grid, &other), None);
    assert_eq!(Together::by_person(&grid, &other), None);
}

proptest! {
    #[test]
    fn counts_fit_each_other(rows in prop::collection::vec(prop::collection::vec(prop::option::of(any::<bool>()), 4), 0..12)) {
        let cells = rows.concat();
        let grid = Grid::new(4, &cells).unwrap();
        let got = ItemSummary::of(&grid);
        prop_assert_eq!(got.at_least(0), got.enrolled);
        prop_assert_eq!(got.at_least(1), got.ever);
        prop_assert!(got.ever_complete <= got.complete && got.complete <= got.observed && got.observed <= got.enrolled);
        let yes: usize = got.per_wave.iter().map(|w| w.yes).sum();
        prop_assert_eq!(yes, got.years.iter().enumerate().map(|(k, n)| k * n).sum::<usize>());
        for least in 0..5 {
            let breaks = consecutive(&grid, least, GapRule::Breaks);
            let bridged = consecutive(&grid, least, GapRule::Bridged);
            prop_assert!(breaks <= bridged && bridged <= got.at_least(least));
        }
        // Noes for yeses swap the moves.
        let turned: Vec<Option<bool>> = cells.iter().map(|c| c.map(|yes| !yes)).collect();
        let other = ItemSummary::of(&Grid::new(4, &turned).unwrap()).transitions;
        let moves = got.transitions;
        prop_assert_eq!([moves.n00, moves.n01, moves.n10, moves.n11], [other.n11, other.n10, other.n01, other.n00]);
        // The order of persons is nothing.
        let mut back = rows.clone();
        back.reverse();
        let back = back.concat();
        let back = Grid::new(4, &back).unwrap();
        prop_assert_eq!(sequences(&back), sequences(&grid));
        prop_assert_eq!(ItemSummary::of(&back), got);
        let persons: usize = by_changes(&grid).iter().sum();
        prop_assert_eq!(persons, rows.len());
    }

    #[test]
    fn phi_turns_with_an_item(pairs in prop::collection::vec((any::<bool>(), any::<bool>()), 0..20)) {
        let (mut straight, mut turned, mut swapped) = (Together::default(), Together::default(), Together::default());
        for (a, b) in pairs {
            straight.add(a, b);
            turned.add(!a, b);
            swapped.add(b, a);
        }
        prop_assert_eq!(straight.phi().map(|phi| -phi + 0.0), turned.phi().map(|phi| phi + 0.0));
        prop_assert_eq!((straight.phi(), straight.jaccard()), (swapped.phi(), swapped.jaccard()));
        prop_assert!(straight.phi().is_none_or(|phi| phi.abs() <= 1.0 + 1e-12));
    }
}
