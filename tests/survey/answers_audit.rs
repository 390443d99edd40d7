//! The audit of mechanisms of answers: each cell that differs from the truth has the reason of the mechanism that made
//! it so, counts agree with cells, and draws go by address.

use crate::common::*;
use eclosion::observe;
use eclosion::simulate;
use eclosion::streams::{Space, Streams};
use eclosion::tables::Reason;
use proptest::prelude::*;

const STEPS: &str = "time = { step = '1 year', waves = { every = '1 year', count = 1 } }\n";
const PEOPLE: &str = "[[group]]\nname = 'all'\nsize = 2000\n[attributes]\nscore = 'normal(mean = 50, sd = 10)'\n\
                      [state.x]\nstarts = 0.5\non = { rate = 0.3 }\noff = { rate = 0.4 }\n\
                      [state.place]\nlevels = ['u', 'v', 'w']\nstarts = 'categorical(u = 0.3, v = 0.3, w = 0.4)'\n";

/// Each mechanism alone: its reason, and no other, in as many cells as it made false.
#[test]
fn a_lone_mechanism_is_to_blame() {
    let single = "time = { step = '1 year', waves = { every = '1 year', count = 3 } }\n";
    let several =
        "time = { step = '1 month', waves = { every = '1 year', count = 3 }, visits = 'constant(value = 2)' }\n";
    for (time, step, item, reason) in [
        (single, "kind = 'forgetting'\nrate = 0.5", "x", Reason::Forgotten),
        (single, "kind = 'telescoping'\nprobability = 0.5", "x", Reason::Telescoped),
        (single, "kind = 'nondisclosure'\nprobability = 0.5", "x", Reason::Undisclosed),
        (single, "kind = 'trauma'\nwho = 'score > 50'\nprobability = 0.5", "x", Reason::Undisclosed),
        (single, "kind = 'acquiescence'\nprobability = 0.5", "x", Reason::Acquiescent),
        (single, "kind = 'acquiescence'\nto = 'v'\nprobability = 0.5", "place", Reason::Acquiescent),
        (single, "kind = 'second_guessing'\nitems = ['place']\nprobability = 0.5", "place", Reason::SecondGuessed),
        (single, "kind = 'recanting'\nprobability = 0.5", "x", Reason::Recanted),
        (single, "kind = 'conditioning'\nprobability = 0.5", "x", Reason::Conditioned),
        (single, "kind = 'heaping'\nto = 10\nprobability = 0.5", "score", Reason::Rounded),
        (several, "kind = 'seam'\nitems = ['x']\nprobability = 0.5", "x", Reason::Repeated),
    ] {
        let seen = seen(&format!("{time}{PEOPLE}[[survey.answer]]\n{step}\n"), 1);
        let mut blamed = 0;
        for wave in 1..=3 {
            let (told, truth, reasons) = (seen.answers(item, wave), seen.truth(item, wave), seen.reasons(item, wave));
            for i in 0..seen.rows() {
                let want = if told[i] == truth[i] { Reason::AsTrue } else { reason };
                assert_eq!(Reason::of_code(reasons[i]), Some(want), "{step}");
            }
            let cells = reasons.iter().filter(|r| **r == reason as u8).count() as u64;
            blamed += cells;
            let kind = step.split('\'').nth(1).unwrap();
            let name = format!("{kind} of {item}");
            let of_wave = |m: &&eclosion::tables::audit::MechanismCount| m.name == name && usize::from(m.wave) == wave;
            let count = seen.audit.mechanisms.iter().find(of_wave).unwrap();
            assert!(count.happened <= count.at_risk);
            // What is repeated may be true; all else that happened shows.
            assert!(if kind == "seam" { cells <= count.happened } else { cells == count.happened }, "{step}");
        }
        assert!(blamed > 100, "{step}: {blamed}");
        for other in ["x", "place", "score"].into_iter().filter(|other| *other != item) {
            assert!((1..=3).all(|wave| seen.reasons(other, wave).iter().all(|r| *r == 0)), "{step}: {other}");
        }
    }
}

/// The last mechanism that changed an answer is to blame; whoever makes it true again lifts the blame.
#[test]
fn the_last_to_change_an_answer_is_to_blame() {
    let text =
        "[[group]]\nname = 'all'\nsize = 500\n[state.x]\nstarts = 1\n[survey.items]\nx = { sensitivity = 0.5 }\n";
    let agree = "[[survey.answer]]\nkind = 'acquiescence'\nprobability = 1\n";
    let keep = "[[survey.answer]]\nkind = 'nondisclosure'\nprobability = 1\n";
    for (steps, want) in [
        (agree.to_owned(), vec![Reason::AsTrue]),
        (keep.to_owned(), vec![Reason::Misclassified, Reason::Undisclosed]),
        (format!("{agree}{keep}"), vec![Reason::Undisclosed]),
        (format!("{keep}{agree}"), vec![Reason::AsTrue]),
    ] {
        let seen = seen(&format!("{text}{steps}"), 1);
        let mut found: Vec<u8> = seen.reasons("x", 1).to_vec();
        found.sort_unstable();
        found.dedup();
        assert_eq!(found, want.iter().map(|r| *r as u8).collect::<Vec<_>>(), "{steps}");
    }
}

/// Two tables of one kind are two mechanisms with draws of their own.
#[test]
fn two_of_a_kind_have_a_name_each() {
    let text = format!(
        "{STEPS}{PEOPLE}[[survey.answer]]\nkind = 'nondisclosure'\nprobability = 0.5\n\
         [[survey.answer]]\nkind = 'nondisclosure'\nprobability = 0.5\n"
    );
    let seen = seen(&text, 5);
    let (truth, told) = (seen.truth("x", 1), seen.answers("x", 1));
    assert_share(share(seen.rows(), |i| truth[i] == 1.0, |i| told[i] == 1.0), 0.25);
    let names: Vec<&str> = seen.audit.mechanisms.iter().map(|m| m.name.as_str()).collect();
    assert_eq!(names, ["nondisclosure of x", "nondisclosure.2 of x"]);
}

/// Everything at once, for one wave or several visits in it.
const ALL: &str = "[effects]\nasker = { of = 'interviewer', icc = 0.17 }\n\
    [survey]\nmood = 'normal(mean = 0, sd = 0.5)'\nothers_present = '0.2 + 0.1*x'\n[survey.team]\ncount = 4\nstays = 0.6\n\
    [survey.trust]\nstart = 'normal(mean = 0, sd = 0.3)'\nper_contact = 0.2\nsame_interviewer = 0.1\n\
    per_missed_wave = 0.3\nfalls = { probability = '0.1 + 0.1*others_present', by = 0.5 }\n\
    [survey.items]\nx = { sensitivity = 'expit(1 + mood + trust)', specificity = 0.95, nonresponse = 0.05, stigma = 1 }\n\
    place = { matrix = [[0.9, 0.1, 0], [0, 1, 0], [0.1, 0.1, 0.8]] }\nscore = { error = 'normal(mean = asker, sd = 1)' }\n\
    [[survey.loss]]\nkind = 'intermittent'\nprobability = '0.3 * expit(0 - trust)'\n\
    [[survey.answer]]\nkind = 'forgetting'\nrate = 0.2\n\
    [[survey.answer]]\nkind = 'telescoping'\nprobability = '0.3*exp(0 - since(x))'\n\
    [[survey.answer]]\nkind = 'trauma'\nwho = 'score < 45'\nprobability = 0.3\nlasting = true\n\
    [[survey.answer]]\nkind = 'nondisclosure'\nprobability = '0.1 + 0.1*stigma*others_present'\n\
    [[survey.answer]]\nkind = 'acquiescence'\nprobability = 0.05\n\
    [[survey.answer]]\nkind = 'second_guessing'\nprobability = 'if(same_interviewer, 0.02, 0.1)'\n\
    [[survey.answer]]\nkind = 'recanting'\nprobability = 0.1\n\
    [[survey.answer]]\nkind = 'late_disclosure'\nprobability = 0.2\n\
    [[survey.answer]]\nkind = 'conditioning'\nprobability = 'min(0.02*contacts, 1)'\n\
    [[survey.answer]]\nkind = 'heaping'\nto = 5\nprobability = 0.3\nlasting = true\n";
const SEAM: &str = "[[survey.answer]]\nkind = 'seam'\nprobability = 0.4\n";

fn everything(size: usize, visits: bool) -> String {
    let people = PEOPLE.replace("size = 2000", &format!("size = {size}"));
    let waves = "waves = { every = '1 year', count = 3 }";
    match visits {
        false => format!("time = {{ step = '1 year', {waves} }}\n{people}{ALL}"),
        true => format!("time = {{ step = '1 month', {waves}, visits = 'poisson(mean = 2)' }}\n{people}{ALL}{SEAM}"),
    }
}

/// All that is observed of some replicates, as words.
fn all_of(seen: &Seen, rows: std::ops::Range<usize>) -> String {
    let bits = |list: Vec<f64>| list.into_iter().map(f64::to_bits).collect::<Vec<_>>();
    let mut all = String::new();
    for wave in 1..=seen.waves() {
        for item in &seen.observed.schema.items {
            let told = bits(seen.answers(&item.name, wave)[rows.clone()].to_vec());
            all += &format!("{told:?}{:?}", &seen.reasons(&item.name, wave)[rows.clone()]);
        }
    }
    for wave in 0..seen.waves() {
        // A part has as many occasions as its persons had; the others are empty.
        for visit in seen.observed.visits.iter().filter(|v| v.wave == wave) {
            let kept = seen.audit.circumstances.iter().find(|c| (c.wave, c.number) == (wave, visit.number)).unwrap();
            for i in rows.clone().filter(|i| visit.took_place[*i]) {
                all += &format!("{} {}", visit.interviewer[i], visit.others_present[i]);
                all += &format!(" {:x} {:x}", kept.mood[i].to_bits(), kept.trust[i].to_bits());
            }
        }
    }
    all
}

#[test]
fn a_batch_is_its_parts_and_a_scratch_keeps_nothing() {
    for visits in [false, true] {
        let prepared = study(&everything(300, visits));
        let whole = see(&prepared, 0..40);
        let streams = Streams::new(20_101, Space::Study);
        let mut scratch = observe::Scratch::default();
        for (part, at) in [(0..1_u64, 0_usize), (1..9, 1), (38..40, 38)] {
            let truth = prepared.truth.simulate(&streams, part, &mut simulate::Scratch::default()).unwrap();
            let (observed, audit) =
                prepared.survey.observe(&truth, &streams, observe::Keep::Cells, &mut scratch).unwrap();
            let part = Seen { truth, observed, audit };
            let rows = part.rows();
            assert!(all_of(&part, 0..rows) == all_of(&whole, at * 300..at * 300 + rows), "{at} {visits}");
        }
        // A cohort in parts.
        let truth = prepared.truth.simulate(&streams, 2..3, &mut simulate::Scratch::default()).unwrap();
        for persons in [0..111, 111..300] {
            let part = truth.part(persons.clone());
            let observed =
                prepared.survey.observe_part(&part, persons.clone(), &streams, observe::Keep::Cells, &mut scratch);
            let (observed, audit) = observed.unwrap().unwrap();
            let part = Seen { truth: part, observed, audit };
            let at = 600 + persons.start..600 + persons.end;
            assert!(all_of(&part, 0..persons.len()) == all_of(&whole, at), "{persons:?} {visits}");
        }
    }
}

/// A further mechanism moves no draw of another.
#[test]
fn other_mechanisms_move_nothing() {
    let keep = "[[survey.answer]]\nkind = 'nondisclosure'\nitems = ['x']\nprobability = 0.4\n";
    let base = seen(&format!("{STEPS}{PEOPLE}{keep}"), 1);
    for more in [
        "[[survey.answer]]\nkind = 'heaping'\nto = 5\n",
        "[[survey.answer]]\nkind = 'second_guessing'\nitems = ['place']\nprobability = 0.3\n",
        "[survey]\nothers_present = 0.5\nmood = 'normal(mean = 0, sd = 1)'\n[survey.team]\ncount = 3\nstays = 0.5\n",
    ] {
        let seen = seen(&format!("{STEPS}{PEOPLE}{more}{keep}"), 1);
        assert_eq!(seen.answers("x", 1), base.answers("x", 1), "{more}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 40,
        failure_persistence: None,
        rng_seed: proptest::test_runner::RngSeed::Fixed(20_101),
        ..ProptestConfig::default()
    })]

    /// Truth and audit are the observed data: what is as in the truth is, and what differs has a reason that can be.
    #[test]
    fn truth_and_audit_are_the_answers(seed in 0..10_000_u64, size in 1..60_usize, visits in prop::bool::ANY) {
        let prepared = study(&everything(size, visits));
        let seen = try_see(&prepared, seed, 0..3, Keep::Cells).map_err(|p| TestCaseError::fail(p.message))?;
        for item in ["x", "place", "score"] {
            for wave in 1..=3 {
                let (told, truth) = (seen.answers(item, wave), seen.truth(item, wave));
                for (i, code) in seen.reasons(item, wave).iter().enumerate() {
                    let reason = Reason::of_code(*code).unwrap();
                    prop_assert_eq!(reason.of_missing().is_some(), told[i].is_nan());
                    prop_assert_eq!(reason == Reason::AsTrue, told[i] == truth[i], "{} {:?}", item, reason);
                    if matches!(reason, Reason::Forgotten | Reason::Undisclosed | Reason::Recanted) && !visits {
                        prop_assert_eq!((told[i], truth[i]), (0.0, 1.0));
                    }
                }
                let count = seen.audit.counts.iter().find(|c| c.item == item && usize::from(c.wave) == wave).unwrap();
                for (reason, count) in Reason::ALL.into_iter().zip(count.cells) {
                    let cells = seen.reasons(item, wave).iter().filter(|c| **c == reason as u8).count();
                    prop_assert_eq!(count, cells as u64);
                }
            }
        }
        let counted = try_see(&prepared, seed, 0..3, Keep::Answers).map_err(|p| TestCaseError::fail(p.message))?;
        prop_assert_eq!(counted.audit.counts, seen.audit.counts);
        prop_assert_eq!(counted.audit.mechanisms, seen.audit.mechanisms);
        prop_assert!(counted.audit.circumstances.is_empty() && counted.observed.visits.is_empty());
    }
}
