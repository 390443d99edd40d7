//! Small studies by hand, and the cases of a seed.

use eclosion::small::{Cell, Column, Dirt, Item, ItemKind, Linkage, Loss, LossKind, Panel, SmallStudy};
use std::collections::BTreeSet;

#[test]
fn the_simplest_study_by_hand() {
    let simulated = SmallStudy::simplest().simulate().unwrap();
    assert_eq!(simulated.truth.to_csv(), "person,wave,years,group,yes_1\n1,1,0,group 1,0\n");
    let csv = simulated.observed.to_csv();
    let (head, row) = csv.split_once('\n').unwrap();
    assert_eq!(head, "record,wave,years,attended,yes_1");
    assert!(row.starts_with("S-") && row.ends_with(",1,0,1,0\n"), "{row}");
    assert_eq!(simulated.dirty, simulated.observed);
    assert_eq!(simulated.errors, 0);
}

#[test]
fn what_does_not_fit_is_taken_out() {
    let number = ItemKind::Number { mean: 3, sd: 1, rounded: false };
    let study = SmallStudy {
        groups: vec![0, 2, 0],
        waves: 0,
        items: vec![
            Item { kind: number, from_wave: 4, nonresponse: 101, error: 200 },
            Item { kind: ItemKind::Levels { levels: 9, changes: 200 }, from_wave: 0, nonresponse: 0, error: 200 },
        ],
        losses: vec![
            Loss { kind: LossKind::Death, percent: 10 },
            Loss { kind: LossKind::Refusal, percent: 200 },
            Loss { kind: LossKind::Refusal, percent: 20 },
            Loss { kind: LossKind::DelayedEntry, percent: 0 },
        ],
        linkage: Some(Linkage { lost: 10, duplicates: 0 }),
        ..SmallStudy::simplest()
    };
    let fitted = study.fitted();
    assert_eq!((fitted.groups.as_slice(), fitted.waves, fitted.linkage), ([2].as_slice(), 1, None));
    assert_eq!(fitted.losses, [Loss { kind: LossKind::Refusal, percent: 100 }]);
    assert_eq!(fitted.items[0], Item { kind: number, from_wave: 1, nonresponse: 100, error: 200 });
    let levels = ItemKind::Levels { levels: 4, changes: 100 };
    assert_eq!(fitted.items[1], Item { kind: levels, from_wave: 1, nonresponse: 0, error: 100 });
    assert_eq!(fitted.clone().fitted(), fitted);
    fitted.simulate().unwrap();
    let nothing = SmallStudy { groups: Vec::new(), items: Vec::new(), ..SmallStudy::simplest() };
    assert_eq!(nothing.fitted(), SmallStudy::simplest());
}

#[test]
fn what_is_not_fitted_is_refused_with_a_number() {
    let study = SmallStudy { groups: Vec::new(), ..SmallStudy::simplest() };
    let trouble = study.simulate().unwrap_err();
    assert!(trouble.to_string().contains("error[S"), "{trouble}");
}

#[test]
fn the_first_cases_have_everything() {
    for seed in 0..3 {
        let cases: Vec<SmallStudy> = (0..40).map(|case| SmallStudy::of_case(seed, case)).collect();
        assert_eq!(SmallStudy { seed: 0, ..cases[0].clone() }, SmallStudy::simplest());
        let mut seen: BTreeSet<&str> = BTreeSet::new();
        for (case, study) in cases.iter().enumerate() {
            seen.extend(study.mechanisms());
            assert!((1..=40).contains(&study.persons()) && (1..=4).contains(&study.groups.len()));
            assert!((1..=6).contains(&study.waves) && (1..=5).contains(&study.items.len()));
            assert_eq!(study.dirt == Dirt::Clean, case % 2 == 0);
            let simulated = study.simulate().unwrap_or_else(|trouble| panic!("{case}: {trouble}"));
            let missing = simulated.observed.missing_share();
            match case {
                9 | 19 | 29 => assert_eq!(missing, Some(0.0), "{case}"),
                12 | 32 => assert!(missing.is_none_or(|share| share == 1.0), "{case}"),
                _ => {}
            }
        }
        for loss in LossKind::ALL {
            assert!(seen.contains(loss.name()), "seed {seed}: {}", loss.name());
        }
        for name in ["not_asked", "item_non_response", "misclassification", "measurement_error", "heaping", "visits"] {
            assert!(seen.contains(name), "seed {seed}: {name}");
        }
        assert!(seen.contains("linkage"));
        assert!(cases.iter().any(|s| s.persons() > 20) && cases.iter().any(|s| s.waves == 6));
    }
}

#[test]
fn a_case_does_not_depend_on_others_and_seeds_differ() {
    let cases = |seed| (1..30).map(|case| SmallStudy::of_case(seed, case)).collect::<Vec<_>>();
    assert_eq!(cases(5), cases(5));
    assert_ne!(cases(5), cases(6));
    assert!(cases(5).windows(2).all(|pair| pair[0] != pair[1]));
}

fn panel(records: &[&str], values: &[f64]) -> Panel {
    let text = |code: &&str| Some(Cell::Text((*code).to_owned()));
    let number = |value: &f64| (!value.is_nan()).then_some(Cell::Number(*value));
    let column = |name: &str, cells| Column { name: name.to_owned(), cells };
    Panel {
        columns: vec![
            column("record", records.iter().map(text).collect()),
            column("attended", values.iter().map(number).collect()),
            column("x", values.iter().map(number).collect()),
        ],
    }
}

#[test]
fn orders_and_labels_by_hand() {
    let table = panel(&["b", "b", "a"], &[1.0, f64::NAN, -0.5]);
    assert_eq!(table.to_csv(), "record,attended,x\nb,1,1\nb,,\na,-0.5,-0.5\n");
    assert_eq!(table.missing_share(), Some(1.0 / 3.0));
    assert_eq!(format!("{table:?}"), "3 rows\nrecord,attended,x\nb,1,1\nb,,\na,-0.5,-0.5\n");
    assert_eq!(table.reordered(0).to_csv(), "record,attended,x\na,-0.5,-0.5\nb,,\nb,1,1\n");
    assert_eq!(table.relabelled(0), panel(&["R2", "R2", "R1"], &[1.0, f64::NAN, -0.5]));
    assert_eq!(table.select(&[2, 7]), panel(&["a"], &[-0.5]));
    let long = panel(&["a", "b", "c", "d", "e", "f"], &[1.0, 2.0, 3.0, 4.0, 5.0, 6.0]);
    let orders: BTreeSet<String> = (0..50).map(|by| long.reordered(by).to_csv()).collect();
    assert!(orders.len() > 40, "{}", orders.len());
    assert!((0..50).all(|by| {
        let mut rows: Vec<Option<f64>> = (0..6).map(|row| long.reordered(by).columns[2].number(row)).collect();
        rows.sort_by(|a, b| a.partial_cmp(b).unwrap());
        rows == [1.0, 2.0, 3.0, 4.0, 5.0, 6.0].map(Some)
    }));
}

#[test]
fn a_scenario_by_hand() {
    let study = SmallStudy {
        groups: vec![2, 1],
        waves: 2,
        items: vec![
            Item { kind: ItemKind::Levels { levels: 2, changes: 20 }, from_wave: 1, nonresponse: 10, error: 10 },
            Item { kind: ItemKind::Number { mean: -3, sd: 1, rounded: true }, from_wave: 2, nonresponse: 0, error: 4 },
        ],
        losses: vec![Loss { kind: LossKind::DropoutByTruth, percent: 40 }],
        visits: true,
        linkage: Some(Linkage { lost: 5, duplicates: 0 }),
        dirt: Dirt::Heavy,
        seed: 7,
    };
    let text = study.to_toml("A \"title\"");
    for part in [
        "title = \"A \\\"title\\\"\"",
        "seed = 7\n",
        "visits = \"poisson(mean = 1.5)\"",
        "name = \"group 2\"\nsize = 1\n",
        "starts = \"categorical('never' = 1/2, 'now and then' = rest)\"",
        "{ from = \"now and then\", to = \"never\", probability = 0.2, per = \"6 months\" },",
        "level_1 = { nonresponse = 0.1, matrix = [[0.9, 0.1], [0.1, 0.9]] }",
        "each_step = \"normal(mean = lag(number_2), sd = 0.5)\"",
        "number_2 = { from_wave = 2, error = \"normal(mean = 0, sd = 4)\" }",
        "kind = \"heaping\"\nitems = [\"number_2\"]\nto = 5\n",
        "kind = \"dropout\"\nprobability = \"0.4 * (level_1 == 'never')\"",
        "kind = \"numbers\"\nlost = 0.05\nduplicates = 0\n",
        "dirty = \"heavy\"",
    ] {
        assert!(text.contains(part), "{part} is not in\n{text}");
    }
    study.simulate().unwrap();
}
