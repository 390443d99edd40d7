//! Truth and audit together are the observed data, in any small study.

use crate::common::*;
use eclosion::tables::Reason;
use proptest::prelude::*;

/// A study by chance: items of all three types, losses of all kinds, with and without several visits.
fn any_study() -> impl Strategy<Value = String> {
    let p = || (0..=10_u32).prop_map(|tenths| f64::from(tenths) / 10.0);
    let visits =
        prop_oneof![Just(""), Just(", visits = 'poisson(mean = 1.5)'"), Just(", visits = 'constant(value = 3)'")];
    let reads = prop_oneof![
        Just("1"),
        Just("x"),
        Just("lag(x)"),
        Just("1/(1 + contacts)"),
        Just("if(missing(reported(x)), 0.5, reported(x))")
    ];
    ((1..40_usize, 1..5_u32, visits, reads), (p(), p(), p(), p()), (p(), p(), p(), p()), 1..=2_u32).prop_map(
        |((size, waves, visits, reads), (se, sp, m, silent), (left, missed, open, sd), from)| {
            let from = from.min(waves);
            // There is no wave before the first.
            let reads = if from == 1 { reads.replace("lag(x)", "wave / 9") } else { reads.to_owned() };
            let some = m / 2.0;
            format!(
                "time = {{ step = '1 month', waves = {{ every = '6 months', count = {waves} }}{visits} }}\n\
                 [[group]]\nname = 'a'\nsize = {size}\n[[group]]\nname = 'b'\nsize = 3\n\
                 [attributes]\nscore = 'normal(mean = 0, sd = 1)'\nchildren = 'binomial(n = 3, p = 0.5)'\n\
                 [state.x]\nstarts = 0.4\non = {{ rate = 2 }}\noff = {{ rate = 2 }}\n\
                 [state.place]\nlevels = ['u', 'v', 'w']\nstarts = 'categorical(u = 0.3, v = 0.3, w = 0.4)'\n\
                 moves = [{{ from = 'u', to = 'v', rate = 3 }}, {{ from = 'v', to = 'w', rate = 3 }}, {{ from = 'w', to = 'u', rate = 3 }}]\n\
                 [survey.items]\nx = {{ sensitivity = {se}, specificity = {sp}, nonresponse = {silent} }}\n\
                 place = {{ matrix = [[1, 0, 0], [{some}, {rest}, {some}], [0, 0.5, 0.5]] }}\n\
                 score = {{ error = 'normal(mean = 0, sd = {sd})' }}\nchildren = {{ nonresponse = {silent} }}\n\
                 [[survey.loss]]\nkind = 'intermittent'\nprobability = {missed}\n\
                 [[survey.loss]]\nkind = 'dropout'\nfrom_wave = {from}\nprobability = '{left} * {reads}'\n\
                 [[survey.loss]]\nkind = 'item_non_response'\nitems = ['place', 'score']\nprobability = {open}\n",
                rest = 1.0 - 2.0 * some,
            )
        },
    )
}

fn check(seen: &Seen) {
    let visited = !seen.observed.visits.is_empty();
    for (k, item) in seen.observed.schema.items.iter().enumerate() {
        let mut gone = vec![false; seen.rows()];
        for wave in 1..=seen.waves() {
            let (told, truth) = (seen.answers(&item.name, wave), seen.truth(&item.name, wave));
            let (reasons, attended) = (seen.reasons(&item.name, wave), seen.attended(wave));
            assert_eq!(reasons.len(), seen.rows());
            for i in 0..seen.rows() {
                let reason = Reason::ALL[usize::from(reasons[i])];
                match reason {
                    Reason::AsTrue => assert_eq!(told[i], truth[i]),
                    _ if reason.of_missing().is_some() => assert!(told[i].is_nan()),
                    _ => assert!(told[i] != truth[i] && !told[i].is_nan()),
                }
                let absent = matches!(reason, Reason::Dropout | Reason::MissedWave | Reason::NoVisit);
                assert_eq!(attended[i], !absent);
                assert!(!gone[i] || reason == Reason::Dropout, "nobody comes back");
                gone[i] = reason == Reason::Dropout;
                assert!(visited || !matches!(reason, Reason::NoVisit | Reason::ChangedSince));
            }
            let counts = seen.audit.counts.iter().find(|c| c.item == item.name && usize::from(c.wave) == wave).unwrap();
            for (reason, count) in Reason::ALL.into_iter().zip(counts.cells) {
                let cells = seen.audit.cells[k][wave - 1].iter().filter(|c| **c == reason as u8).count();
                assert_eq!(count, cells as u64);
            }
        }
    }
    assert_eq!(seen.audit.counts.len(), seen.observed.schema.items.len() * seen.waves());
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 150,
        failure_persistence: None,
        rng_seed: proptest::test_runner::RngSeed::Fixed(20_101),
        ..ProptestConfig::default()
    })]

    #[test]
    fn truth_and_audit_are_the_observed_data(text in any_study(), seed in 0..1000_u64) {
        let prepared = study(&text);
        let seen = try_see(&prepared, seed, 3..6, Keep::Cells).map_err(|p| TestCaseError::fail(p.message))?;
        check(&seen);
        // Without cells there are the same counts and the same data.
        let counted = try_see(&prepared, seed, 3..6, Keep::Answers).map_err(|p| TestCaseError::fail(p.message))?;
        prop_assert_eq!(&counted.audit.counts, &seen.audit.counts);
        prop_assert!(counted.audit.cells.is_empty() && counted.observed.visits.is_empty());
        for item in &seen.observed.schema.items {
            for wave in 1..=seen.waves() {
                let bits = |list: Vec<f64>| list.into_iter().map(f64::to_bits).collect::<Vec<_>>();
                prop_assert_eq!(bits(counted.answers(&item.name, wave)), bits(seen.answers(&item.name, wave)));
            }
        }
        // Counts of batches add up.
        let parts = [3..4, 4..6].map(|part| try_see(&prepared, seed, part, Keep::Answers).map(|seen| seen.audit));
        let mut sum = eclosion::tables::Audit::default();
        for part in parts {
            sum.add_counts(&part.map_err(|p| TestCaseError::fail(p.message))?);
        }
        prop_assert_eq!(sum.counts, counted.audit.counts);
    }
}
