//! Decisions by table and by row against the whole comparison of 64 bits; shapes of many levels as Markov processes.

use super::{Layout, Occasion, Rule, RuleScratch, Segment, Shape};
use crate::diagnostic::{Diagnostics, Text};
use crate::formula::{Bounds, Input, Kind, Program, Reference, Resolved, Scope, Unresolved, Wanted, compile};
use crate::rules::GroupRows;
use crate::streams::{Purpose, Space, Streams};
use proptest::prelude::*;

/// `x`, `y`, ... are the slots 0, 1, ...; nothing is known of their values.
struct Letters;

impl Scope for Letters {
    fn resolve(&self, reference: &Reference<'_>) -> Result<Resolved, Unresolved> {
        let slot = ["x", "y", "z"].iter().position(|name| *name == reference.name).expect("one of the three");
        let bounds = Bounds::ANY;
        Ok(Resolved::Slot { slot: slot as u32, kind: Kind::Number, bounds })
    }

    fn accessors(&self) -> &'static [&'static str] {
        &[]
    }
}

fn program(text: &str) -> Program {
    let mut problems = Diagnostics::new();
    let text = Text { text: text.to_owned(), ..Text::default() };
    compile(&text, &Wanted::Number, &Letters, &mut problems).unwrap_or_else(|| panic!("{:?}", problems.list()))
}

fn streams() -> Streams {
    Streams::new(20101, Space::Study)
}

const PURPOSE: Purpose = Purpose::named("state.x");

fn layout(size: usize) -> Layout {
    Layout::new(&[GroupRows { size, stratum: 7 }], 3..4)
}

fn occasion<'a>(streams: &'a Streams, layout: &'a Layout, skip: Option<&'a [u8]>) -> Occasion<'a> {
    let segments = layout.segments();
    Occasion { streams, number: 4, drawn_on: 4, segments, people: None, batch_rows: layout.rows(), epoch: 1, skip }
}

/// All 64 bits of the draw of a person of a segment.
fn whole_draw(segment: &Segment, index: u32) -> u64 {
    let lane = segment.lane(PURPOSE, 4);
    let mut upper = [0];
    streams().fill_chance(&lane, index, &mut upper);
    u64::from(upper[0]) << 48 | streams().chance_rest(&lane, index)
}

/// Outcomes of a rule over the persons of a layout, by table (`x` in few values) and by row, which must agree.
fn outcomes(rule: &Rule, values: &[f64], codes: &[u8], layout: &Layout) -> Vec<u8> {
    let streams = streams();
    let numbers: Vec<f64> = codes.iter().map(|c| values[usize::from(*c)]).collect();
    let decided = |input: Input<'_>| {
        let mut out = vec![9; codes.len()];
        let inputs = vec![input; rule.slots().len()];
        rule.decide(&inputs, &occasion(&streams, layout, None), &mut RuleScratch::default(), &mut out).unwrap();
        out
    };
    let by_table = decided(Input::Coded(codes, values));
    assert_eq!(by_table, decided(Input::Number(&numbers)));
    assert_eq!(picked(rule, values, codes, layout), by_table);
    by_table
}

/// The same for the persons from the last to the first, three apart at first, picked one by one.
fn picked(rule: &Rule, values: &[f64], codes: &[u8], layout: &Layout) -> Vec<u8> {
    let (streams, everybody) = (streams(), layout.people());
    let order: Vec<usize> = (0..3).flat_map(|k| (k..codes.len()).step_by(3)).rev().collect();
    let people: Vec<_> = order.iter().map(|row| everybody[*row]).collect();
    let picked: Vec<u8> = order.iter().map(|row| codes[*row]).collect();
    let occasion = Occasion { people: Some(&people), segments: &[], ..occasion(&streams, layout, None) };
    let inputs = vec![Input::Coded(&picked, values); rule.slots().len()];
    let (mut found, mut out) = (vec![9; codes.len()], vec![9; codes.len()]);
    rule.decide(&inputs, &occasion, &mut RuleScratch::default(), &mut found).unwrap();
    order.iter().zip(found).for_each(|(row, outcome)| out[*row] = outcome);
    out
}

#[test]
fn ties_of_the_upper_bits_are_settled_by_the_lower_ones() {
    let layout = layout(2000);
    let segment = &layout.segments()[0];
    let rule = Rule::new(Shape::Yes, vec![program("x")], None, PURPOSE);
    let mut settled = [0, 0];
    for person in (0..2000).step_by(40) {
        // A probability whose upper 16 bits are those of this person's draw.
        let draw = whole_draw(segment, person);
        for low in [0, 1 << 40, 1 << 47, (1 << 48) - (1 << 12)] {
            let threshold = (draw >> 48 << 48) + low;
            let p = threshold as f64 / 18_446_744_073_709_551_616.0;
            let threshold = (p * 18_446_744_073_709_551_616.0) as u64;
            let found = outcomes(&rule, &[p], &[0; 2000], &layout);
            for (index, outcome) in (0..).zip(&found) {
                assert_eq!(*outcome == 1, whole_draw(segment, index) < threshold, "person {index}, {p}");
            }
            settled[usize::from(found[person as usize])] += 1;
        }
    }
    assert!(settled[0] > 50 && settled[1] > 50, "both happen where the upper bits tie: {settled:?}");
}

#[test]
fn ties_among_several_levels_are_settled_by_the_lower_bits() {
    let layout = layout(600);
    let segment = &layout.segments()[0];
    let rule =
        Rule::new(Shape::Levels { rest: Some(2), levels: 3 }, vec![program("x"), program("x * 0.5")], None, PURPOSE);
    let scale = 18_446_744_073_709_551_616.0;
    for person in 0..600 {
        let draw = whole_draw(segment, person);
        let p = ((draw >> 48 << 48) + (1 << 47)) as f64 / scale;
        if p > 0.66 {
            continue;
        }
        let thresholds = [(p * scale) as u64, ((p + p * 0.5) * scale) as u64];
        for (index, outcome) in (0..).zip(outcomes(&rule, &[p], &[0; 600], &layout)) {
            let draw = whole_draw(segment, index);
            let expected = thresholds.iter().position(|t| draw < *t).unwrap_or(2);
            assert_eq!(usize::from(outcome), expected, "person {index}, {p}");
        }
    }
}

#[test]
fn never_and_always_are_exact() {
    let codes: Vec<u8> = (0..4096).map(|row| (row % 2) as u8).collect();
    let rule = Rule::new(Shape::Yes, vec![program("x")], None, PURPOSE);
    let mut highest = 0;
    for replicate in 0..120 {
        let layout = Layout::new(&[GroupRows { size: 4096, stratum: 7 }], replicate..replicate + 1);
        assert_eq!(outcomes(&rule, &[0.0, 1.0], &codes, &layout), codes);
        highest = (0..2048).map(|i| whole_draw(&layout.segments()[0], 2 * i + 1)).fold(highest, u64::max);
    }
    assert!(highest >= 0xFFFF_0000_0000_0000, "the upper bits tied with those of certainty");
}

#[test]
fn a_level_of_probability_0_never_happens_whatever_the_rounding() {
    let mut chances = Vec::new();
    super::table::push_thresholds(&[0.1, 0.2, 0.7, 0.0], &mut chances);
    let certainty = crate::streams::Chance::new(1.0);
    assert_eq!(chances[2], certainty, "0.1 + 0.2 + 0.7 is below 1 in binary");
    chances.clear();
    super::table::push_thresholds(&[0.0, 1.0, 0.0, 0.0], &mut chances);
    assert_eq!(chances, [crate::streams::Chance::new(0.0), certainty, certainty]);
}

#[test]
fn a_bad_value_counts_only_where_somebody_has_it() {
    let layout = layout(8);
    let streams = streams();
    let rule = Rule::new(Shape::Yes, vec![program("x")], None, PURPOSE);
    let codes = [0, 0, 1, 0, 2, 0, 2, 0];
    let values = [0.5, 1.5, f64::NAN, 7.0];
    let numbers = codes.map(|c| values[usize::from(c)]);
    for input in [Input::Coded(&codes, &values), Input::Number(&numbers)] {
        let decide = |skip: &[u8]| {
            let mut out = [0; 8];
            rule.decide(&[input], &occasion(&streams, &layout, Some(skip)), &mut RuleScratch::default(), &mut out)
        };
        let bad = decide(&[0; 8]).unwrap_err();
        assert_eq!((bad.row, bad.formula, bad.value), (2, 0, 1.5));
        let bad = decide(&[0, 0, 1, 0, 1, 0, 0, 0]).unwrap_err();
        assert_eq!((bad.row, bad.formula), (6, 0));
        assert!(bad.value.is_nan());
        assert_eq!(decide(&[0, 0, 1, 0, 1, 0, 1, 0]), Ok(()));
    }
}

#[test]
fn few_persons_with_many_combinations_are_decided_as_by_row() {
    let (layout, streams) = (layout(40), streams());
    let coded: Vec<f64> = (0..15).map(|v| f64::from(v) / 7.0).collect();
    // 3,375 combinations for 40 persons; those of the second rule that sum to more than 1 are met in half of the rounds.
    let two = Rule::new(Shape::Yes, vec![program("if(x > 1, 0.9, x / 2 + y / 8 + z / 9)")], None, PURPOSE);
    let levels = Shape::Levels { rest: Some(1), levels: 3 };
    let three = Rule::new(levels, vec![program("x / 5"), program("(y + z) / 6")], None, PURPOSE);
    let code =
        |i: usize, k: usize, round: usize| ((i * i * k + round * round * (k + 3) + i * round + i / 3) % 15) as u8;
    let codes = |k: usize, round: usize| (0..40).map(move |i| code(i, k, round));
    let mut refused = 0;
    for rule in [two, three] {
        let (mut kept, mut bad) = (RuleScratch::default(), 0);
        for round in 0..30 {
            let columns: Vec<Vec<u8>> = [1, 4, 7].iter().map(|k| codes(*k, round).collect()).collect();
            let numbers: Vec<Vec<f64>> =
                columns.iter().map(|c| c.iter().map(|code| coded[usize::from(*code)]).collect()).collect();
            let (mut by_table, mut by_row) = (vec![9; 40], vec![9; 40]);
            let inputs: Vec<Input<'_>> = columns.iter().map(|c| Input::Coded(c, &coded)).collect();
            let table = rule.decide(&inputs, &occasion(&streams, &layout, None), &mut kept, &mut by_table);
            let inputs: Vec<Input<'_>> = numbers.iter().map(|n| Input::Number(n)).collect();
            let occasion = occasion(&streams, &layout, None);
            let row = rule.decide(&inputs, &occasion, &mut RuleScratch::default(), &mut by_row);
            assert_eq!(table, row, "round {round}");
            bad += usize::from(table.is_err());
            assert!(table.is_err() || by_table == by_row, "round {round}");
        }
        assert!(bad < 30);
        refused += bad;
    }
    assert!(refused > 0);
}

fn row(shape: &Shape, from: usize, rates: &[f64]) -> Vec<f64> {
    let mut out = vec![0.0; shape.levels()];
    shape.probabilities(from, rates, &mut out).expect("rates that can be used");
    out
}

/// Levels and moves among them with their rates, from very slow to very fast.
fn processes() -> impl Strategy<Value = (usize, Vec<(usize, usize)>, Vec<f64>)> {
    (3_usize..9).prop_flat_map(|levels| {
        let one = (0..levels, 1..levels, prop_oneof![Just(0.0), 1e-6..1.0, 1.0..50.0])
            .prop_map(move |(from, by, rate)| ((from, (from + by) % levels), rate));
        prop::collection::vec(one, 1..14).prop_map(move |moves| {
            let (moves, rates) = moves.into_iter().unzip();
            (levels, moves, rates)
        })
    })
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(300) })]

    #[test]
    fn rates_among_many_levels_are_a_markov_process((levels, moves, rates) in processes(), s in 0.001..2.0, t in 0.001..2.0) {
        let shape = |years: f64| Shape::Rates { moves: moves.clone(), levels, years };
        let second: Vec<Vec<f64>> = (0..levels).map(|from| row(&shape(t), from, &rates)).collect();
        for from in 0..levels {
            let first = row(&shape(s), from, &rates);
            prop_assert!(first.iter().all(|p| (0.0..=1.0 + 1e-12).contains(p)), "{first:?}");
            prop_assert!((first.iter().sum::<f64>() - 1.0).abs() < 1e-12, "{first:?}");
            let both = row(&shape(s + t), from, &rates);
            for to in 0..levels {
                let by_way: f64 = (0..levels).map(|k| first[k] * second[k][to]).sum();
                prop_assert!((by_way - both[to]).abs() < 1e-11, "from {from} to {to}: {by_way} {}", both[to]);
            }
        }
    }

    #[test]
    fn two_levels_in_closed_form_are_the_many_level_process(on in 0.0..30.0, off in 0.0..30.0, years in 0.001..3.0) {
        // A third level that nobody enters makes the other way of reckoning necessary.
        let moves = vec![(0, 1), (1, 0)];
        let two = Shape::Rates { moves: moves.clone(), levels: 2, years };
        let three = Shape::Rates { moves, levels: 3, years };
        for from in 0..2 {
            let (closed, summed) = (row(&two, from, &[on, off]), row(&three, from, &[on, off]));
            prop_assert!((closed[1] - summed[1]).abs() < 1e-12 && summed[2] == 0.0, "{closed:?} {summed:?}");
        }
    }
}
