//! Persons who come back: a returner process, and tracing.

use crate::common::*;
use eclosion::tables::Reason;

/// Persons with ten yearly waves.
const TEN: &str = "time = { step = '1 year', waves = { every = '1 year', count = 10 } }\n\
                   group = [{ name = 'all', size = 8000 }]\nstate.x.starts = 0.5\n";

fn lost(losses: &[&str]) -> Seen {
    let tables: String = losses.iter().map(|loss| format!("[[survey.loss]]\n{loss}\n")).collect();
    seen(&format!("{TEN}{tables}"), 2)
}

/// The share of a chain of two states that is in the second one after so many steps from the first.
fn share_away(goes: f64, returns: f64, steps: usize) -> f64 {
    goes / (goes + returns) * (1.0 - libm::pow(1.0 - goes - returns, steps as f64))
}

#[track_caller]
fn assert_chain(seen: &Seen, goes: f64, returns: f64) {
    for wave in 1..=10 {
        let attended = seen.attended(wave);
        assert_share(share(seen.rows(), |_| true, |i| !attended[i]), share_away(goes, returns, wave - 1));
    }
    // From one wave to the next, whatever went before.
    let (older, before, now) = (seen.attended(5), seen.attended(6), seen.attended(7));
    for history in [true, false] {
        assert_share(share(seen.rows(), |i| before[i] && older[i] == history, |i| !now[i]), goes);
        assert_share(share(seen.rows(), |i| !before[i] && older[i] == history, |i| now[i]), returns);
    }
}

#[test]
fn returners_are_a_chain_with_geometric_gaps() {
    let seen = lost(&["kind = 'intermittent'\nprobability = 0.2\nreturns = 0.4"]);
    assert_chain(&seen, 0.2, 0.4);
    // The share away is nearly p / (p + r) in the end.
    assert!((share_away(0.2, 0.4, 9) - 1.0 / 3.0).abs() < 2e-4);
    // Gaps that begin at wave 4: of 1, 2 and 3 waves.
    let begins = |i: usize| seen.attended(3)[i] && !seen.attended(4)[i];
    for (waves, want) in [(1, 0.4), (2, 0.6 * 0.4), (3, 0.6 * 0.6 * 0.4)] {
        let ends = |i: usize| (4..4 + waves).all(|w| !seen.attended(w)[i]) && seen.attended(4 + waves)[i];
        assert_share(share(seen.rows(), begins, ends), want);
    }
    for wave in 2..=10 {
        let (before, now) = (seen.attended(wave - 1), seen.attended(wave));
        let count = |of: &dyn Fn(usize) -> bool| (0..seen.rows()).filter(|i| of(*i)).count() as u64;
        let at_home = (count(&|i| before[i]), count(&|i| before[i] && !now[i]));
        let away = (count(&|i| !before[i]), count(&|i| !before[i] && now[i]));
        assert_eq!(seen.done("intermittent", wave), at_home);
        assert_eq!(seen.done("intermittent, return", wave), away);
    }
}

#[test]
fn returners_by_rate_from_a_wave_on() {
    let seen = lost(&["kind = 'intermittent'\nrate = 0.3\nreturns = 0.5\nfrom_wave = 4"]);
    assert!((1..4).all(|wave| seen.attended(wave).iter().all(|a| *a)));
    let goes = -libm::expm1(-0.3);
    for wave in 4..=10 {
        let want = share_away(goes, 0.5, wave - 3);
        assert_share(share(seen.rows(), |_| true, |i| !seen.attended(wave)[i]), want);
    }
}

/// A chain that forgets is the process without memory, though its draws are others.
#[test]
fn returns_as_likely_as_staying_are_no_memory() {
    let seen = lost(&["kind = 'intermittent'\nprobability = 0.3\nreturns = 0.7"]);
    let (second, third) = (seen.attended(2), seen.attended(3));
    assert_share(share(seen.rows(), |i| !second[i], |i| !third[i]), 0.3);
    assert_share(share(seen.rows(), |i| second[i], |i| !third[i]), 0.3);
}

/// Whoever is kept away by an earlier loss neither goes nor comes back.
#[test]
fn an_earlier_loss_stops_the_clock() {
    let seen = lost(&[
        "kind = 'intermittent'\nprobability = 'if(wave == 3, 1, 0)'",
        "kind = 'intermittent'\nprobability = 0.4\nreturns = 1",
    ]);
    for i in 0..seen.rows() {
        assert!(!seen.attended(3)[i]);
        assert!(seen.attended(2)[i] || seen.attended(4)[i], "away at wave 2, so back at wave 4");
    }
    assert_eq!(seen.done("intermittent.2", 3), (0, 0));
    assert_share(share(seen.rows(), |i| seen.attended(2)[i], |i| seen.attended(4)[i]), 0.6);
}

#[test]
fn those_who_are_traced_in_time_are_not_lost() {
    let seen = lost(&["kind = 'dropout'\nprobability = 0.2", "kind = 'tracing'\nprobability = 0.75"]);
    for wave in 1..=10_usize {
        let want = libm::pow(0.95, wave as f64 - 1.0);
        assert_share(share(seen.rows(), |_| true, |i| seen.attended(wave)[i]), want);
        let (at_risk, found) = seen.done("tracing", wave);
        assert_eq!(at_risk, seen.done("dropout", wave).1);
        if wave > 1 {
            assert_share((found as f64 / at_risk as f64, at_risk as usize), 0.75);
            assert!((0..seen.rows()).all(|i| seen.attended(wave - 1)[i] || !seen.attended(wave)[i]));
        }
    }
}

#[test]
fn those_who_dropped_out_are_found_later() {
    let seen = lost(&["kind = 'dropout'\nprobability = 0.25", "kind = 'tracing'\nprobability = 0.2\nlater = 0.3"]);
    assert_chain(&seen, 0.25 * 0.8, 0.3);
    assert_eq!(seen.done("tracing, later", 1), (0, 0));
    assert_eq!(seen.done("tracing, later", 2), (0, 0));
    let out = seen.attended(2).iter().filter(|a| !**a).count() as u64;
    assert_eq!(seen.done("tracing, later", 3).0, out);
}

/// A traced returner does not stay away: going away takes p (1 - t), coming back 1 - (1 - r)(1 - t).
#[test]
fn a_traced_returner_is_at_home() {
    let (p, r, t) = (0.5, 0.1, 0.3);
    let seen =
        lost(&["kind = 'intermittent'\nprobability = 0.5\nreturns = 0.1", "kind = 'tracing'\nprobability = 0.3"]);
    assert_chain(&seen, p * (1.0 - t), 1.0 - (1.0 - r) * (1.0 - t));
}

/// By contacts: whoever has been seen twice is found. Whoever refused is not.
#[test]
fn tracing_reads_contacts_and_finds_nobody_who_refused() {
    let seen = lost(&[
        "kind = 'refusal'\nprobability = 0.3",
        "kind = 'dropout'\nprobability = 0.5",
        "kind = 'tracing'\nprobability = 'if(contacts >= 2, 1, 0)'",
    ]);
    let refused = |i: usize| seen.reasons("x", 1)[i] == Reason::Refused as u8;
    assert_share(share(seen.rows(), |_| true, refused), 0.3);
    for i in 0..seen.rows() {
        let attended: Vec<bool> = (1..=10).map(|wave| seen.attended(wave)[i]).collect();
        assert!(!refused(i) || attended.iter().all(|a| !a));
        // Lost at wave 2, after a single contact, or never.
        assert!(attended[1..].iter().all(|a| *a == attended[1]));
    }
    assert_share(share(seen.rows(), |i| !refused(i), |i| seen.attended(10)[i]), 0.5);
}
