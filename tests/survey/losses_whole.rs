//! All losses together, in studies by chance: truth and audit are the observed data, the counts are those of the cells,
//! and a batch is its parts.

use crate::common::*;
use eclosion::tables::Reason;
use proptest::prelude::*;

/// A study with every loss, some of them with a probability of 0 or 1.
fn any_study() -> impl Strategy<Value = String> {
    let p = || prop_oneof![Just(0.0), Just(0.1), Just(0.3), Just(0.6), Just(1.0)];
    let visits = prop_oneof![Just(""), Just(", visits = 'poisson(mean = 1.5)'")];
    let data = prop_oneof![Just("keep"), Just("erase")];
    ((p(), p(), p(), p()), (p(), p(), p(), p()), (p(), p(), p(), p()), (visits, data, 1..=5_usize, 1..=5_usize)).prop_map(
        |((enter, refuse, adult, majority), (miss, back, drop, trace), (later, site, site_back, die), (visits, data, at, last))| {
            format!(
                "time = {{ step = '1 year', waves = {{ every = '1 year', count = 5 }}{visits} }}\n\
                 [[group]]\nname = 'a'\nsize = 30\n[[group]]\nname = 'b'\nsize = 9\n[[site]]\ncount = 3\n\
                 [attributes]\nage = 'uniform(low = 14, high = 22)'\nscore = 'normal(mean = 0, sd = 1)'\n\
                 [state.x]\nstarts = 0.4\non = {{ rate = 1 }}\noff = {{ rate = 1 }}\n\
                 [survey.items]\nx = {{ sensitivity = 0.8, nonresponse = 0.1 }}\nscore = {{}}\n\
                 [[survey.loss]]\nkind = 'refreshment'\ngroup = 'b'\nwave = {at}\n\
                 [[survey.loss]]\nkind = 'delayed_entry'\nprobability = {enter}\n\
                 [[survey.loss]]\nkind = 'refusal'\nprobability = {refuse}\n\
                 [[survey.loss]]\nkind = 'intermittent'\nprobability = {miss}\nreturns = {back}\n\
                 [[survey.loss]]\nkind = 'dropout'\nprobability = '{drop} * x'\n\
                 [[survey.loss]]\nkind = 'tracing'\nprobability = {trace}\nlater = {later}\n\
                 [[survey.loss]]\nkind = 'consent'\nadult = {adult}\nminor = 0.1\nmajority = {majority}\ndata = '{data}'\n\
                 [[survey.loss]]\nkind = 'site_loss'\nprobability = {site}\nreturns = {site_back}\n\
                 [[survey.loss]]\nkind = 'death'\nprobability = '{die} * 0.5'\n\
                 [[survey.loss]]\nkind = 'emigration'\nprobability = 0.05\n\
                 [[survey.loss]]\nkind = 'right_censoring'\nafter_wave = {last}\nwho = 'score > 0'\n\
                 [[survey.loss]]\nkind = 'item_non_response'\nprobability = 0.2\n"
            )
        },
    )
}

/// Whether a reason, once it keeps a person from a wave, keeps it from all later ones.
fn is_for_good(reason: Reason) -> bool {
    matches!(reason, Reason::Refused | Reason::Withdrawn | Reason::Died | Reason::Emigrated | Reason::Censored)
}

fn check(seen: &Seen) {
    for item in &seen.observed.schema.items {
        let mut before = vec![Reason::NotYet; seen.rows()];
        for wave in 1..=seen.waves() {
            let (told, truth) = (seen.answers(&item.name, wave), seen.truth(&item.name, wave));
            let (reasons, attended) = (seen.reasons(&item.name, wave), seen.attended(wave));
            for i in 0..seen.rows() {
                let reason = Reason::ALL[usize::from(reasons[i])];
                match reason {
                    Reason::AsTrue => assert_eq!(told[i], truth[i]),
                    Reason::Misclassified | Reason::ChangedSince => assert!(told[i] != truth[i] && !told[i].is_nan()),
                    _ => assert!(told[i].is_nan() && reason.of_missing().is_some()),
                }
                let there = matches!(
                    reason,
                    Reason::AsTrue | Reason::Misclassified | Reason::ChangedSince | Reason::ItemNonResponse
                );
                assert_eq!(attended[i], there, "{reason:?}");
                assert!(!is_for_good(before[i]) || reason == before[i], "{:?} then {reason:?}", before[i]);
                assert!(reason != Reason::NotYet || before[i] == Reason::NotYet, "entered once");
                before[i] = reason;
            }
            let counts = seen.audit.counts.iter().find(|c| c.item == item.name && usize::from(c.wave) == wave).unwrap();
            for (reason, count) in Reason::ALL.into_iter().zip(counts.cells) {
                assert_eq!(count, reasons.iter().filter(|c| **c == reason as u8).count() as u64);
            }
        }
    }
    assert!(seen.audit.mechanisms.iter().all(|m| m.happened <= m.at_risk));
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 60,
        failure_persistence: None,
        rng_seed: proptest::test_runner::RngSeed::Fixed(20_101),
        ..ProptestConfig::default()
    })]

    #[test]
    fn truth_and_audit_are_the_observed_data_with_all_losses(text in any_study(), seed in 0..1000_u64) {
        let prepared = study(&text);
        let whole = try_see(&prepared, seed, 0..4, Keep::Cells).map_err(|p| TestCaseError::fail(p.message))?;
        check(&whole);
        let counted = try_see(&prepared, seed, 0..4, Keep::Answers).map_err(|p| TestCaseError::fail(p.message))?;
        prop_assert_eq!(&counted.audit.counts, &whole.audit.counts);
        prop_assert_eq!(&counted.audit.mechanisms, &whole.audit.mechanisms);
        let mut sum = eclosion::tables::Audit::default();
        for part in [0..1, 1..4] {
            let first = part.start as usize * 39;
            let part = try_see(&prepared, seed, part, Keep::Cells).map_err(|p| TestCaseError::fail(p.message))?;
            for wave in 1..=5 {
                prop_assert_eq!(part.reasons("x", wave), &whole.reasons("x", wave)[first..first + part.rows()]);
            }
            sum.add_counts(&part.audit);
        }
        prop_assert_eq!(&sum.counts, &whole.audit.counts);
        prop_assert_eq!(&sum.mechanisms, &whole.audit.mechanisms);
    }
}
