//! Who enters, when, and who leaves for a reason that is no dropout.

use crate::common::*;
use eclosion::tables::Reason;

const YEARS: &str = "time = { step = '1 year', waves = { every = '1 year', count = 5 } }\n";
const PEOPLE: &str = "[[group]]\nname = 'first sample'\nsize = 6000\n[[group]]\nname = 'second sample'\nsize = 3000\n\
                      [attributes]\nfrail = 'bernoulli(p = 0.5)'\n[state.x]\nstarts = 0.5\n";

fn lost(losses: &[&str]) -> Seen {
    let tables: String = losses.iter().map(|loss| format!("[[survey.loss]]\n{loss}\n")).collect();
    seen(&format!("{YEARS}{PEOPLE}{tables}"), 2)
}

fn has(seen: &Seen, wave: usize, reason: Reason) -> impl Fn(usize) -> bool + '_ {
    move |i| seen.reasons("x", wave)[i] == reason as u8
}

const SECOND: &str = "kind = 'refreshment'\ngroup = 'second sample'\nwave = 3";

#[test]
fn a_refreshment_enters_at_its_wave() {
    for sample in [SECOND, "kind = 'refreshment'\nwho = \"group == 'second sample'\"\nwave = 3"] {
        let seen = lost(&[sample, "kind = 'dropout'\nprobability = 0.2"]);
        let second = |i: usize| seen.observed.group[i] == 1;
        for wave in 1..=5_usize {
            for i in 0..seen.rows() {
                assert_eq!(has(&seen, wave, Reason::NotYet)(i), second(i) && wave < 3);
            }
            let stays = |waves: usize| libm::pow(0.8, waves as f64);
            assert_share(share(seen.rows(), |i| !second(i), |i| seen.attended(wave)[i]), stays(wave - 1));
            if wave >= 3 {
                // Dropout begins with the wave of entry for those who are there then, as declared.
                assert_share(share(seen.rows(), second, |i| seen.attended(wave)[i]), stays(wave - 2));
            }
        }
        let enters = [(6000, 0), (6000, 0), (6000, 6000), (0, 0), (0, 0)];
        assert_eq!([1, 2, 3, 4, 5].map(|wave| seen.done("refreshment", wave)), enters);
    }
    let frail = lost(&["kind = 'refreshment'\ngroup = 'second sample'\nwho = 'frail == 1'\nwave = 5"]);
    let waits = |i: usize| frail.observed.group[i] == 1 && frail.truth("frail", 1)[i] == 1.0;
    let waiting: Vec<bool> = (0..100).chain(6000..6100).map(waits).collect();
    assert!(waiting.contains(&true));
    for (i, waits) in (0..100).chain(6000..6100).zip(waiting) {
        assert_eq!([1, 4, 5].map(|wave| frail.attended(wave)[i]), [!waits, !waits, true]);
    }
}

/// Each is asked once, at the first wave at which there is anybody to ask.
#[test]
fn refusal_to_begin() {
    let seen = lost(&[SECOND, "kind = 'refusal'\nprobability = 'if(wave == 1, 0.3, 0.1)'"]);
    for (second, first_wave, p) in [(false, 1, 0.3), (true, 3, 0.1)] {
        let theirs = |i: usize| (seen.observed.group[i] == 1) == second;
        assert_share(share(seen.rows(), theirs, has(&seen, first_wave, Reason::Refused)), p);
        for i in (0..seen.rows()).filter(|i| theirs(*i)) {
            let attended: Vec<bool> = (first_wave..=5).map(|wave| seen.attended(wave)[i]).collect();
            assert!(attended.iter().all(|a| *a == attended[0]), "for good, and only then");
            assert_eq!(has(&seen, 5, Reason::Refused)(i), !attended[0]);
        }
    }
    let at_risk = [1, 2, 3, 4, 5].map(|wave| seen.done("refusal", wave).0);
    assert_eq!(at_risk, [12_000, 0, 6000, 0, 0]);
    // Whoever misses the first wave is asked at the second.
    let missed =
        lost(&["kind = 'intermittent'\nprobability = 0.4\nfrom_wave = 1", "kind = 'refusal'\nprobability = 1"]);
    assert!((1..=5).all(|wave| missed.attended(wave).iter().all(|a| !a)));
    let asked_late = missed.done("refusal", 2).0 as f64 / missed.rows() as f64;
    assert_share((asked_late, missed.rows()), 0.4 * 0.6);
}

/// Constant hazards: at wave k (from 0) (1 - d)^k are alive, of them 1 - (1 - e)^(k + 1) have entered.
#[test]
fn left_truncation_shows_survivors_only() {
    let (enter, die) = (0.3, 0.2);
    let seen = lost(&["kind = 'delayed_entry'\nprobability = 0.3", "kind = 'death'\nprobability = 0.2"]);
    for wave in 1..=5 {
        let k = wave as f64 - 1.0;
        let alive = libm::pow(1.0 - die, k);
        let entered = 1.0 - libm::pow(1.0 - enter, k + 1.0);
        assert_share(share(seen.rows(), |_| true, |i| seen.attended(wave)[i]), alive * entered);
    }
    // Nobody comes back from death, and whoever died before entering was never seen.
    let never = |i: usize| (1..=5).all(|wave| !seen.attended(wave)[i]);
    assert!((0..seen.rows()).any(|i| never(i) && has(&seen, 5, Reason::Died)(i)));
    for i in 0..seen.rows() {
        let seen_at: Vec<bool> = (1..=5).map(|wave| seen.attended(wave)[i]).collect();
        assert!(seen_at.windows(2).filter(|w| w[0] && !w[1]).count() <= 1);
        if has(&seen, 3, Reason::NotYet)(i) {
            assert!(!seen_at[0] && !seen_at[1]);
        }
    }
    assert_eq!(seen.done("delayed_entry", 1).0, seen.rows() as u64);
}

/// Among those who enter at wave k the frail are those who have lived that long: 0.6^k to 0.9^k.
#[test]
fn those_who_enter_late_are_the_stronger_ones() {
    let seen = lost(&[
        "kind = 'delayed_entry'\nprobability = 0.25",
        "kind = 'death'\nprobability = 'if(frail == 1, 0.4, 0.1)'",
    ]);
    let frail = seen.truth("frail", 1);
    for wave in 1..=5_usize {
        let k = wave as f64 - 1.0;
        // Who enters at this wave and then survives it.
        let enters = |i: usize| seen.attended(wave)[i] && (1..wave).all(|earlier| !seen.attended(earlier)[i]);
        let (weak, strong) = (libm::pow(0.6, k), libm::pow(0.9, k));
        assert_share(share(seen.rows(), enters, |i| frail[i] == 1.0), weak / (weak + strong));
    }
}

/// A person may die while away; the missed wave stays one, the next is lost by death.
#[test]
fn death_during_a_gap() {
    let seen = lost(&[
        "kind = 'intermittent'\nprobability = 'if(wave == 2, 1, 0)'",
        "kind = 'death'\nprobability = 'if(wave == 2, 0.4, 0)'",
    ]);
    assert!((0..seen.rows()).all(has(&seen, 2, Reason::MissedWave)));
    for wave in 3..=5 {
        assert_share(share(seen.rows(), |_| true, has(&seen, wave, Reason::Died)), 0.4);
        assert!((0..seen.rows()).all(|i| has(&seen, 3, Reason::Died)(i) != seen.attended(wave)[i]));
    }
    assert_eq!(seen.done("death", 2).0, seen.rows() as u64);
    assert_eq!(seen.done("death", 2).1, seen.done("death", 2).0 - seen.done("death", 3).0);
}

/// Where the truth knows who is dead, the survey loses exactly those.
#[test]
fn death_by_a_state_of_the_truth() {
    let text = format!(
        "{YEARS}group = [{{ name = 'all', size = 3000 }}]\n[state.x]\nstarts = 0.5\n[state.dead]\nstarts = 0\non = {{ rate = 0.1 }}\n\
         [[survey.loss]]\nkind = 'death'\nprobability = 'dead'\n[[survey.loss]]\nkind = 'dropout'\nrate = 0.1\n"
    );
    let seen = seen(&text, 2);
    let mut dropped = vec![false; seen.rows()];
    for wave in 1..=5 {
        let dead = seen.truth("dead", wave);
        for i in 0..seen.rows() {
            assert_eq!(has(&seen, wave, Reason::Died)(i), dead[i] == 1.0 && !dropped[i]);
            dropped[i] |= has(&seen, wave, Reason::Dropout)(i);
        }
    }
    assert_share(share(seen.rows(), |_| true, |i| seen.attended(5)[i]), libm::exp(-0.8));
}

/// Two competing ends, in the order of the file.
#[test]
fn emigration_is_apart_from_death_and_dropout() {
    let seen = lost(&[
        "kind = 'death'\nrate = 0.1",
        "kind = 'emigration'\nprobability = 0.2\nfrom_wave = 3",
        "kind = 'dropout'\nprobability = 0.5\nfrom_wave = 5",
    ]);
    let alive = |years: f64| libm::exp(-0.1 * years);
    let want = [
        (Reason::Emigrated, 2, 0.0),
        (Reason::Emigrated, 3, alive(2.0) * 0.2),
        (Reason::Emigrated, 4, alive(2.0) * 0.2 + alive(3.0) * 0.8 * 0.2),
        (Reason::Died, 3, 1.0 - alive(2.0)),
        (Reason::Dropout, 5, alive(4.0) * 0.8 * 0.8 * 0.8 * 0.5),
    ];
    for (reason, wave, want) in want {
        assert_share(share(seen.rows(), |_| true, has(&seen, wave, reason)), want);
    }
}

#[test]
fn observation_ends_after_a_wave() {
    let seen = lost(&["kind = 'dropout'\nprobability = 0.1", "kind = 'right_censoring'\nafter_wave = 3"]);
    for wave in 1..=5_usize {
        let dropped = |i: usize| has(&seen, wave.min(3), Reason::Dropout)(i);
        for i in 0..seen.rows() {
            if wave > 3 {
                assert!(!seen.attended(wave)[i]);
                assert!(
                    has(&seen, wave, Reason::Censored)(i)
                        || wave == 4
                        || has(&seen, 4, Reason::Dropout)(i)
                        || dropped(i)
                );
            } else {
                assert!(!has(&seen, wave, Reason::Censored)(i));
            }
        }
    }
    // Those who drop out at wave 4 do so before observation ends, by the order of the file.
    assert_share(share(seen.rows(), |_| true, has(&seen, 5, Reason::Censored)), libm::pow(0.9, 3.0));
    let some = lost(&["kind = 'right_censoring'\nafter_wave = 2\nwho = 'frail == 1'"]);
    let frail = some.truth("frail", 1);
    for wave in 1..=5 {
        assert!((0..some.rows()).all(|i| some.attended(wave)[i] == (wave <= 2 || frail[i] == 0.0)));
    }
}

#[test]
fn observation_ends_by_chance() {
    let seen = lost(&["kind = 'right_censoring'\nrate = 0.3\nwho = 'frail == 1'"]);
    let frail = seen.truth("frail", 1);
    for wave in 1..=5 {
        let censored = has(&seen, wave, Reason::Censored);
        assert_share(share(seen.rows(), |i| frail[i] == 1.0, censored), -libm::expm1(-0.3 * (wave as f64 - 1.0)));
        assert!((0..seen.rows()).all(|i| frail[i] == 1.0 || seen.attended(wave)[i]));
    }
    let weak = frail.iter().filter(|f| **f == 1.0).count() as u64;
    assert_eq!(seen.done("right_censoring", 2).0, weak);
    // It ends for those, too, who miss the wave.
    let away = lost(&[
        "kind = 'intermittent'\nprobability = 'if(wave == 2, 1, 0)'",
        "kind = 'right_censoring'\nprobability = 'if(wave == 2, 0.3, 0)'",
    ]);
    assert!((0..away.rows()).all(has(&away, 2, Reason::MissedWave)));
    assert_share(share(away.rows(), |_| true, has(&away, 3, Reason::Censored)), 0.3);
}
