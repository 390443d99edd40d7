use super::*;
use crate::statistics::tests::{Case, columns, numbers};
use proptest::prelude::*;
use serde_json::Value;

fn flat(lists: &Value) -> Vec<f64> {
    lists.as_array().expect("a list of lists").iter().flat_map(numbers).collect()
}

fn patterns_of(case: &Case) -> (Patterns, Vec<u64>) {
    let data = columns(case.json["data"].as_str().expect("a file"));
    let levels: Vec<usize> = numbers(case.setting("levels")).iter().map(|l| *l as usize).collect();
    let fields: Vec<&Vec<f64>> =
        case.setting("fields").as_array().expect("a list").iter().map(|f| &data[f.as_str().expect("a name")]).collect();
    let counts = &data[case.setting("count").as_str().expect("a name")];
    let mut patterns = Patterns::new(&levels);
    for (row, count) in counts.iter().enumerate() {
        let level = |f: &&Vec<f64>| if f[row].is_nan() { MISSING } else { f[row] as u8 };
        patterns.push(&fields.iter().map(level).collect::<Vec<_>>(), *count).expect("a pattern");
    }
    let truth = &data[case.setting("truth").as_str().expect("a name")];
    (patterns, truth.iter().map(|t| *t as u64).collect())
}

fn start_of(case: &Case) -> Parameters {
    let start = case.setting("start");
    Parameters { m: flat(&start["m"]), u: flat(&start["u"]), p: start["p"].as_f64().expect("a number") }
}

fn check_parameters(case: &Case, under: &[&str], patterns: &Patterns, got: &Parameters) {
    let path = |rest: &[&str]| -> Vec<String> { under.iter().chain(rest).map(|s| (*s).to_owned()).collect() };
    let check = |rest: &[&str], value: f64| {
        let path = path(rest);
        case.check(&path.iter().map(String::as_str).collect::<Vec<_>>(), Some(value));
    };
    for field in 0..patterns.fields() {
        for (level, at) in patterns.field(field).enumerate() {
            check(&["m", &field.to_string(), &level.to_string()], got.m[at]);
            check(&["u", &field.to_string(), &level.to_string()], got.u[at]);
        }
    }
    check(&["p"], got.p);
}

fn reference(name: &str) {
    let case = Case::read(name);
    let (patterns, truth) = patterns_of(&case);
    let mut em = Em::default();
    let (step, _) = em.step(&patterns, &start_of(&case)).expect("a step");
    check_parameters(&case, &["after_one_em_step"], &patterns, &step);
    let fit = em.fit(&patterns, &start_of(&case), &Limits::default()).expect("a fit");
    assert_eq!(fit.status, Status::Converged);
    check_parameters(&case, &[], &patterns, &fit.parameters);
    case.check(&["loglik"], Some(fit.loglik));

    let decisions = Decisions::new(&patterns, &fit.parameters);
    let limits = numbers(case.setting("thresholds_log2"));
    let thresholds = Thresholds { lower: limits[0], upper: limits[1] };
    for (k, (weight, posterior)) in decisions.weights.iter().zip(&decisions.posteriors).enumerate() {
        case.check(&["weight_log2", &k.to_string()], *weight);
        case.check(&["posterior", &k.to_string()], *posterior);
        assert_eq!(case.expected(&["class", &k.to_string()]), thresholds.class(*weight).name(), "pattern {k}");
    }
    let quality = decisions.quality(&patterns, &truth, thresholds.upper);
    case.check(&["links"], Some(quality.links() as f64));
    case.check(&["true_positive"], Some(quality.true_positive as f64));
    case.check(&["false_positive"], Some(quality.false_positive as f64));
    case.check(&["false_negative"], Some(quality.false_negative as f64));
    case.check(&["precision"], quality.precision());
    case.check(&["recall"], quality.recall());
    case.check(&["f1"], quality.f1());
    case.check(&["expected_false_link_rate"], decisions.expected_false_link_rate(&patterns, thresholds.upper));

    // Without being told where to start it gets to the same place.
    let best = best_fit(&mut em, &patterns, &Limits::default()).expect("a fit");
    check_parameters(&case, &[], &patterns, &best.fit.parameters);
}

#[test]
fn the_reference_case_of_two_levels() {
    reference("fellegi_sunter_binary");
}

#[test]
fn the_reference_case_of_several_levels() {
    reference("fellegi_sunter_levels");
}

fn small(rows: &[([u8; 2], f64)]) -> Patterns {
    let mut patterns = Patterns::new(&[2, 2]);
    for (levels, count) in rows {
        patterns.push(levels, *count).expect("a pattern");
    }
    patterns
}

fn halves() -> Parameters {
    Parameters { m: vec![0.2, 0.8, 0.2, 0.8], u: vec![0.8, 0.2, 0.8, 0.2], p: 0.5 }
}

#[test]
fn one_step_by_hand() {
    // Both agree: 0.64 of matches, 0.04 of others, so 16/17 of these 17 pairs; both disagree: 1/17 of 17 pairs. The third
    // has one field: 0.2 against 0.8, 1/5 of 5 pairs. Matches: 16 + 1 + 1 = 18 of 39.
    let patterns = small(&[([1, 1], 17.0), ([0, 0], 17.0), ([0, MISSING], 5.0)]);
    let (next, loglik) = Em::default().step(&patterns, &halves()).expect("a step");
    assert!((next.p - 18.0 / 39.0).abs() < 1e-15);
    // First field: 16 of 18 matches agree, 1 of 21 others. Second: 16 of 17, 1 of 17.
    for (got, want) in next.m.iter().zip([2.0 / 18.0, 16.0 / 18.0, 1.0 / 17.0, 16.0 / 17.0]) {
        assert!((got - want).abs() < 1e-15, "{got} {want}");
    }
    for (got, want) in next.u.iter().zip([20.0 / 21.0, 1.0 / 21.0, 16.0 / 17.0, 1.0 / 17.0]) {
        assert!((got - want).abs() < 1e-15, "{got} {want}");
    }
    // Each of the first two patterns has 0.34, the third 0.5.
    let want = 34.0 * libm::log(0.34) + 5.0 * libm::log(0.5);
    assert!((loglik - want).abs() < 1e-12);
}

#[test]
fn weights_may_be_infinite_or_not_defined() {
    let patterns = small(&[([1, 0], 1.0), ([0, 1], 1.0), ([1, 1], 1.0), ([MISSING, MISSING], 1.0)]);
    let parameters = Parameters { m: vec![0.0, 1.0, 0.5, 0.5], u: vec![1.0, 0.0, 1.0, 0.0], p: 0.5 };
    let decisions = Decisions::new(&patterns, &parameters);
    assert_eq!(decisions.weights, [Some(f64::INFINITY), None, Some(f64::INFINITY), Some(0.0)]);
    assert_eq!(decisions.posteriors, [Some(1.0), None, Some(1.0), Some(0.5)]);
    let never = Decisions::new(&patterns, &Parameters { m: vec![1.0, 0.0, 0.5, 0.5], u: vec![0.5; 4], p: 0.5 });
    assert_eq!(never.weights[0], Some(f64::NEG_INFINITY));
    assert_eq!(never.posteriors[0], Some(0.0));
    let thresholds = Thresholds { lower: 0.0, upper: 5.0 };
    assert_eq!(thresholds.class(Some(f64::INFINITY)), Class::Link);
    assert_eq!(thresholds.class(Some(f64::NEG_INFINITY)), Class::Nonlink);
    assert_eq!(thresholds.class(None), Class::Review);
    assert_eq!(Thresholds { lower: 5.0, upper: 5.0 }.class(Some(5.0)), Class::Link);
    // Nobody is a match, but the fields say surely: not defined.
    assert_eq!(Decisions::new(&patterns, &Parameters { p: 0.0, ..parameters }).posteriors[0], None);
}

#[test]
fn thresholds_keep_the_expected_rate() {
    let case = Case::read("fellegi_sunter_binary");
    let (patterns, _) = patterns_of(&case);
    let best = best_fit(&mut Em::default(), &patterns, &Limits::default()).expect("a fit");
    let decisions = Decisions::new(&patterns, &best.fit.parameters);
    let rate = |w: f64| decisions.expected_false_link_rate(&patterns, w).expect("defined");
    let at = decisions.threshold_for(&patterns, 0.02).expect("there is one");
    assert!(rate(at) <= 0.02);
    let below = decisions.weights.iter().flatten().copied().filter(|w| *w < at).fold(f64::NEG_INFINITY, f64::max);
    assert!(rate(below) > 0.02);
    assert_eq!(decisions.threshold_for(&patterns, -1.0), None);
    assert_eq!(decisions.expected_false_link_rate(&patterns, 1e9), None);
}

#[test]
fn reasons_instead_of_numbers() {
    let mut em = Em::default();
    let limits = Limits::default();
    let fit = |em: &mut Em, patterns: &Patterns, start: &Parameters| em.fit(patterns, start, &limits).map(|f| f.status);
    assert_eq!(fit(&mut em, &small(&[]), &halves()), Err(Failure::NoPairs));
    assert_eq!(fit(&mut em, &small(&[([1, 1], 0.0)]), &halves()), Err(Failure::NoPairs));
    let ok = small(&[([1, 1], 3.0), ([0, 0], 9.0), ([1, 0], 1.0)]);
    for p in [f64::NAN, -0.1, 1.1] {
        assert_eq!(fit(&mut em, &ok, &Parameters { p, ..halves() }), Err(Failure::Start));
    }
    assert_eq!(fit(&mut em, &ok, &Parameters { m: vec![0.5; 3], ..halves() }), Err(Failure::Start));
    assert_eq!(fit(&mut em, &ok, &Parameters { p: 0.0, ..halves() }), Err(Failure::OneClass));
    let impossible = Parameters { m: vec![0.0, 1.0, 0.0, 1.0], u: vec![1.0, 0.0, 1.0, 0.0], p: 0.5 };
    assert_eq!(fit(&mut em, &ok, &impossible), Err(Failure::ImpossiblePattern(2)));
    let short = Limits { steps: 2, ..limits };
    let early = em.fit(&ok, &halves(), &short).expect("the last parameters");
    assert_eq!((early.status, early.steps), (Status::MaxIterations, 2));
    assert_eq!(best_fit(&mut em, &small(&[]), &limits), Err(Failure::NoPairs));
}

#[test]
fn patterns_that_are_none() {
    let mut patterns = Patterns::new(&[2, 3]);
    assert_eq!(patterns.push(&[1], 1.0), Err(PatternProblem::Fields));
    assert_eq!(patterns.push(&[1, 3], 1.0), Err(PatternProblem::Level(1)));
    assert_eq!(patterns.push(&[1, 2], -1.0), Err(PatternProblem::Count));
    assert_eq!(patterns.push(&[1, 2], f64::NAN), Err(PatternProblem::Count));
    assert!(patterns.is_empty());
    assert_eq!(patterns.push(&[MISSING, 2], 1.0), Ok(()));
    patterns.clear();
    assert_eq!((patterns.len(), patterns.fields(), patterns.all_levels(), patterns.field(9)), (0, 2, 5, 0..0));
}

#[test]
fn zero_cells_are_legal() {
    // All pairs that agree on the first field agree on the second: m of disagreement goes to 0, and weights are infinite.
    let patterns = small(&[([1, 1], 50.0), ([0, 0], 900.0)]);
    let start = Parameters { m: vec![0.0, 1.0, 0.0, 1.0], u: vec![1.0, 0.0, 1.0, 0.0], p: 0.1 };
    let fit = Em::default().fit(&patterns, &start, &Limits::default()).expect("a fit");
    assert_eq!(fit.parameters.m, [0.0, 1.0, 0.0, 1.0]);
    assert!((fit.parameters.p - 50.0 / 950.0).abs() < 1e-15);
    let decisions = Decisions::new(&patterns, &fit.parameters);
    assert_eq!(decisions.weights, [Some(f64::INFINITY), Some(f64::NEG_INFINITY)]);
    assert_eq!(decisions.expected_false_link_rate(&patterns, 3.0), Some(0.0));
}

#[test]
fn a_field_that_is_always_missing_says_nothing() {
    let case = Case::read("fellegi_sunter_levels");
    let (patterns, _) = patterns_of(&case);
    let mut wider = Patterns::new(&[3, 2, 3, 2]);
    for (k, count) in patterns.counts().iter().enumerate() {
        let mut levels = vec![MISSING; 4];
        for (field, at) in patterns.compared(k) {
            levels[field] = (at - patterns.field(field).start) as u8;
        }
        wider.push(&levels, *count).expect("a pattern");
    }
    let mut em = Em::default();
    let narrow = best_fit(&mut em, &patterns, &Limits::default()).expect("a fit").fit;
    let wide = best_fit(&mut em, &wider, &Limits::default()).expect("a fit").fit;
    assert_eq!(narrow.loglik.to_bits(), wide.loglik.to_bits());
    assert_eq!(narrow.parameters.m, wide.parameters.m[..8]);
    assert!(wide.parameters.m[8..].iter().all(|m| m.is_nan()));
    assert_eq!(Decisions::new(&patterns, &narrow.parameters), Decisions::new(&wider, &wide.parameters));
}

#[test]
fn classes_that_changed_places_are_named_again() {
    let case = Case::read("fellegi_sunter_binary");
    let (patterns, _) = patterns_of(&case);
    let start = start_of(&case);
    let mut em = Em::default();
    let turned = em.fit(&patterns, &start.turned(), &Limits::default()).expect("a fit");
    let straight = em.fit(&patterns, &start, &Limits::default()).expect("a fit");
    assert!((turned.parameters.p + straight.parameters.p - 1.0).abs() < 1e-9);
    assert!((turned.loglik - straight.loglik).abs() < 1e-6);
    let best = best_fit(&mut em, &patterns, &Limits::default()).expect("a fit");
    assert!(best.fit.parameters.p < 0.5 && best.maxima >= 1);
}

proptest! {
    #[test]
    fn no_step_goes_down(
        rows in prop::collection::vec((prop::collection::vec(0u8..4, 3), 1u32..200), 1..20),
        p in 0.05f64..0.95,
    ) {
        // Level 3 is missing.
        let mut patterns = Patterns::new(&[3, 3, 3]);
        for (levels, count) in &rows {
            let levels: Vec<u8> = levels.iter().map(|l| if *l == 3 { MISSING } else { *l }).collect();
            prop_assert!(patterns.push(&levels, f64::from(*count)).is_ok());
        }
        let third = [0.1, 0.3, 0.6];
        let other = [0.5, 0.3, 0.2];
        let mut now = Parameters { m: third.repeat(3), u: other.repeat(3), p };
        let mut em = Em::default();
        let mut last = f64::NEG_INFINITY;
        for _ in 0..30 {
            let Ok((next, loglik)) = em.step(&patterns, &now) else { break };
            prop_assert!(loglik >= last - 1e-9 * loglik.abs().max(1.0), "{last} {loglik}");
            last = loglik;
            now = next;
            for field in 0..3 {
                let total: f64 = now.m[patterns.field(field)].iter().sum();
                prop_assert!(total.is_nan() || (total - 1.0).abs() < 1e-12);
            }
        }
    }

    #[test]
    fn the_order_of_patterns_does_not_matter(rows in prop::collection::vec((prop::collection::vec(0u8..2, 2), 1u32..50), 2..10)) {
        let of = |rows: &[(Vec<u8>, u32)]| {
            let mut patterns = Patterns::new(&[2, 2]);
            for (levels, count) in rows {
                patterns.push(levels, f64::from(*count)).expect("a pattern");
            }
            Em::default().step(&patterns, &halves()).map(|(next, loglik)| (next.p, loglik))
        };
        let turned: Vec<_> = rows.iter().rev().cloned().collect();
        match (of(&rows), of(&turned)) {
            (Ok((p, l)), Ok((q, k))) => prop_assert!((p - q).abs() < 1e-12 && (l - k).abs() < 1e-9 * l.abs()),
            (a, b) => prop_assert_eq!(a.is_err(), b.is_err()),
        }
    }
}
