//! A pilot's numbers against closed forms, within 4 of the Monte Carlo standard errors that it states itself.

use super::*;
use crate::scenario::load_text;
use crate::tables::Measured;
use crate::tables::description::{AgreementRow, ItemRow};

const HEAD: &str = "scenario = 1\nstudy = { title = 't', aims = 'a', seed = 7, replicates = 10 }\n";

fn prepared(text: &str) -> Prepared {
    let loaded = load_text("study.toml", &format!("{HEAD}{text}"), &[]);
    let mut problems = loaded.problems;
    let all = loaded.scenario.and_then(|s| s.check_all(&mut problems));
    all.unwrap_or_else(|| panic!("{:?}", problems.list())).remove(0).1
}

fn described(text: &str) -> Description {
    pilot(&prepared(text), 7).expect("it runs").expect("it is small").description
}

#[track_caller]
fn near(got: Measured, want: f64) {
    let (value, mcse) = (got.value.expect("a value"), got.mcse.expect("an error"));
    assert!(mcse > 0.0 && mcse < 0.05, "{mcse}");
    assert!((value - want).abs() <= 4.0 * mcse, "{value} ({mcse}) and not {want}");
}

fn agreement(item: &ItemRow) -> &AgreementRow {
    item.agreement.as_ref().expect("answers are compared")
}

fn fixed(p: f64, se: f64, sp: f64, waves: usize) -> String {
    format!(
        "time = {{ step = '1 year', waves = {{ every = '1 year', count = {waves} }} }}\n\
         group = [{{ name = 'all', size = 200 }}]\n[state.x]\nstarts = {p}\n\
         [survey.items]\nx = {{ sensitivity = {se}, specificity = {sp} }}\n"
    )
}

/// A fixed attribute reported at two waves: kappa = J^2 p (1 - p) / (q (1 - q)), and so on.
#[test]
fn a_fixed_attribute_at_two_waves() {
    for (p, se, sp) in [(0.1, 0.5, 1.0), (0.2, 0.8, 0.95), (0.3, 0.9, 0.9), (0.5, 0.9, 0.9)] {
        let found = described(&fixed(p, se, sp, 2));
        assert_eq!(found.replicates, 100);
        let (q, j): (f64, f64) = (se * p + (1.0 - sp) * (1.0 - p), se + sp - 1.0);
        let both = se * se * p + (1.0 - sp) * (1.0 - sp) * (1.0 - p);
        let item = &found.items[0];
        near(item.levels[0].reported[0], q);
        near(item.levels[0].reported[1], q);
        near(item.levels[0].truth[1], p);
        let a = agreement(item);
        assert_eq!(a.twice.value, Some(200.0));
        near(a.kappa, j * j * p * (1.0 - p) / (q * (1.0 - q)));
        assert_eq!(a.kappa, a.kappa_by_wave[1]);
        assert_eq!(a.kappa_by_wave[0].value, None);
        near(a.recanted.expect("of a pilot"), 1.0 - both / q);
        assert_eq!(a.recanted, a.yes_then_no, "the truth never changes");
        near(a.no_then_yes.expect("yes/no"), (q - both) / (1.0 - q));
        near(a.late_disclosure.expect("of a pilot"), p * se * (1.0 - se) / (1.0 - q));
        near(a.changed, 2.0 * (q - both));
        assert_eq!(a.contradicted, Some(a.changed));
    }
}

/// Any inconsistency over 2, 3, 4 and 6 waves with p = 0.2, Se = 0.8, Sp = 0.95.
#[test]
fn contradictions_over_more_waves() {
    for (waves, want) in [(2, 0.14), (3, 0.21), (4, 0.26615), (6, 0.35951)] {
        let found = described(&fixed(0.2, 0.8, 0.95, waves));
        near(agreement(&found.items[0]).contradicted.expect("of a pilot"), want);
    }
}

/// A stationary chain with p01 = 0.1 and p10 = 0.2, seen as it is: kappa is the lag correlation 0.7, and a change in
/// truth is no recanting.
#[test]
fn a_change_in_truth_is_no_recanting() {
    let text = "time = { step = '1 year', waves = { every = '1 year', count = 2 } }\n\
        group = [{ name = 'all', size = 200 }]\n\
        [state.x]\nstarts = '1/3'\neach_step = 'if(lag(x), 0.8, 0.1)'\nper = '1 year'\n";
    let found = described(text);
    let a = agreement(&found.items[0]);
    near(a.kappa, 0.7);
    near(a.yes_then_no.expect("yes/no"), 0.2);
    near(a.no_then_yes.expect("yes/no"), 0.1);
    for none in [a.recanted, a.late_disclosure, a.contradicted] {
        assert_eq!(none.expect("of a pilot").value, Some(0.0));
    }
    // Seen with error the lag-1 correlation is 0.4167 (J^2 pi (1 - pi) / (q (1 - q)) times 0.7). Recanting: yes and
    // yes in truth and told yes, no: 1/3 * 0.8 * (0.8 * 0.2); no and no: 2/3 * 0.9 * (0.05 * 0.95).
    let seen = described(&format!("{text}[survey.items]\nx = {{ sensitivity = 0.8, specificity = 0.95 }}\n"));
    let a = agreement(&seen.items[0]);
    near(a.kappa, 0.4167);
    near(a.yes_then_no.expect("yes/no"), 0.4083);
    near(a.recanted.expect("of a pilot"), (0.8 / 3.0 * 0.16 + 0.6 * 0.0475) / 0.3);
    near(a.late_disclosure.expect("of a pilot"), 0.8 / 3.0 * 0.16 / 0.7);
}

/// Dropout of 0.1 a wave from the second wave on, item non-response of 0.25: 100 persons, of whom 90 and 81 stay.
#[test]
fn presence_and_losses() {
    let text = "time = { step = '1 year', waves = { every = '1 year', count = 3 } }\n\
        group = [{ name = 'few', size = 4 }, { name = 'many', size = 96 }]\n\
        [state.x]\nstarts = 0.5\n[survey.items]\nx = { nonresponse = '0.25' }\n\
        [[survey.loss]]\nkind = 'dropout'\nprobability = 0.1\n";
    let found = described(text);
    assert_eq!(found.all.present[0].value, Some(100.0));
    for (measured, want) in [(found.all.present[1], 90.0), (found.all.present[2], 81.0)] {
        let share = |v: Option<f64>| v.map(|v| v / 100.0);
        near(Measured { value: share(measured.value), mcse: share(measured.mcse) }, want / 100.0);
    }
    let row = |reason: &str| found.lost.iter().find(|row| row.reason == reason).expect("a reason").share[2];
    near(row("lost by dropout"), 0.19);
    near(row("not given"), 0.81 * 0.25);
    near(found.items[0].answered[2], 0.81 * 0.75);
    assert_eq!(found.small.len(), 1);
    let small = &found.small[0];
    assert_eq!((small.kind, small.name.as_str(), small.wave), ("group", "few", 3));
    assert!((small.present - 3.24).abs() < 0.3, "{}", small.present);
}

#[test]
fn its_size_follows_from_the_study() {
    assert_eq!(pilot_replicates(128, 5, 8), 156);
    assert_eq!(pilot_replicates(10, 5, 8), 500);
    assert_eq!(pilot_replicates(10_000, 5, 8), 20);
    assert_eq!(pilot_replicates(1_000_000, 5, 4), 1);
    assert_eq!(pilot_replicates(10_000_000, 5, 4), 0);
    assert_eq!(pilot_replicates(0, 0, 0), 500);
    assert_eq!(blocks(156).len(), 40);
    assert_eq!(blocks(156).iter().map(|b| b.end - b.start).sum::<u64>(), 156);
    assert_eq!(blocks(1), vec![0..1]);
}

#[test]
fn its_draws_are_not_those_of_the_study_and_always_the_same() {
    let (text, streams) = (fixed(0.5, 0.9, 0.9, 2), Streams::new(7, Space::Study));
    let prepared = prepared(&text);
    let again = || pilot(&prepared, 7).expect("it runs").expect("it is small").description;
    assert_eq!(again(), again());
    let truth = prepared.truth.simulate(&streams, 0..100, &mut simulate::Scratch::default()).expect("it runs");
    let (batch, audit) =
        prepared.survey.observe(&truth, &streams, Keep::Answers, &mut observe::Scratch::default()).expect("it runs");
    let shape = Arc::new(describe::shape(prepared.survey.schema()));
    let study = describe::summary(&[describe::tally_batch(&shape, &batch, &audit, &truth)]);
    assert_ne!(study.items[0].levels[0].truth[0].value, again().items[0].levels[0].truth[0].value);
}
