//! When questions are asked and of whom: no answer, a structural value and a reported value stay three things.

use crate::common::*;
use eclosion::tables::Reason;
use eclosion::tables::observed::Asked;

fn years(visits: &str) -> String {
    format!("time = {{ step = '1 month', waves = {{ every = '1 year', count = 4 }}{visits} }}\n")
}

const TRUTH: &str = "[[group]]\nname = 'a'\nsize = 1500\n[[group]]\nname = 'b'\nsize = 500\n\
                     [attributes]\nchildren = 'binomial(n = 3, p = 0.3)'\nscore = 'normal(mean = 5, sd = 1)'\n\
                     [state.works]\nstarts = 0.6\non = { rate = 0.4 }\noff = { rate = 0.3 }\n\
                     [state.place]\nlevels = ['home', 'street']\nstarts = 'categorical(home = 0.7, street = 0.3)'\n\
                     moves = [{ from = 'home', to = 'street', rate = 0.2 }, { from = 'street', to = 'home', rate = 0.5 }]\n";

const LOSSES: &str = "[[survey.loss]]\nkind = 'intermittent'\nprobability = 0.1\n\
                      [[survey.loss]]\nkind = 'dropout'\nprobability = 0.1\n";

fn reason(seen: &Seen, item: &str, wave: usize, row: usize) -> Reason {
    Reason::of_code(seen.reasons(item, wave)[row]).unwrap()
}

fn filled(seen: &Seen, item: &str, wave: usize, row: usize) -> bool {
    seen.observed.is_filled_in(seen.observed.schema.item(item).unwrap(), wave - 1, row)
}

/// Truth and audit together are the observed data; counts agree with cells.
fn check(seen: &Seen) {
    for (k, item) in seen.observed.schema.items.iter().enumerate() {
        for wave in 1..=seen.waves() {
            let (told, truth) = (seen.answers(&item.name, wave), seen.truth(&item.name, wave));
            for i in 0..seen.rows() {
                let filled = filled(seen, &item.name, wave, i);
                match reason(seen, &item.name, wave, i) {
                    Reason::AsTrue => assert_eq!(told[i], truth[i]),
                    Reason::NotAsked => assert!(filled || told[i].is_nan()),
                    reason if reason.of_missing().is_some() => assert!(told[i].is_nan() && !filled),
                    _ => assert!(told[i] != truth[i] && !told[i].is_nan() && !filled),
                }
                assert!(!filled || (seen.attended(wave)[i] && !told[i].is_nan()));
            }
            let counts = seen.audit.counts.iter().find(|c| c.item == item.name && usize::from(c.wave) == wave).unwrap();
            for (reason, count) in Reason::ALL.into_iter().zip(counts.cells) {
                let cells = seen.audit.cells[k][wave - 1].iter().filter(|c| **c == reason as u8).count();
                assert_eq!(count, cells as u64);
            }
        }
    }
}

/// A change of instrument: at the waves at which an item is not asked every cell says so, whoever is there.
#[test]
fn an_instrument_that_changes() {
    let items = "[survey.items]\nworks = { to_wave = 2, sensitivity = 0.8 }\n\
                 place = { from_wave = 2, to_wave = '1 + 2' }\nscore = { from_wave = 4, error = 'normal(mean = 0, sd = 1)' }\n";
    for visits in ["", ", visits = 'poisson(mean = 2)'"] {
        let seen = seen(&format!("{}{TRUTH}{items}{LOSSES}", years(visits)), 2);
        check(&seen);
        for (item, first, last) in [("works", 1, 2), ("place", 2, 3), ("score", 4, 4)] {
            for wave in 1..=4 {
                let not_asked = seen.reasons(item, wave).iter().filter(|c| **c == Reason::NotAsked as u8).count();
                let there = (first..=last).contains(&wave);
                assert_eq!(not_asked, if there { 0 } else { seen.rows() }, "{item} at wave {wave}");
                assert!(there || seen.answers(item, wave).iter().all(|v| v.is_nan()));
            }
        }
        for visit in &seen.observed.visits {
            let works = values(&visit.answers[0], seen.observed.schema.items[0].coding.as_deref());
            assert!(visit.wave < 2 || works.iter().all(|v| v.is_nan()));
        }
        let asked = |at: [bool; 4]| Asked { at: at.to_vec(), ..Asked::default() };
        assert_eq!(
            seen.observed.schema.asked,
            [asked([true, true, false, false]), asked([false, true, true, false]), asked([false, false, false, true])]
        );
        assert!(seen.observed.filled_in.is_empty());
    }
    let plain = seen(&format!("{}{TRUTH}[survey.items]\nworks = {{}}\n", years("")), 1);
    assert!(plain.observed.schema.asked.is_empty() && plain.observed.filled_in.is_empty());
}

/// What is asked at other waves moves no draw of an answer.
#[test]
fn an_instrument_moves_no_answer() {
    let items = |options: &str| {
        format!("{}{TRUTH}[survey.items]\nworks = {{ sensitivity = 0.8, nonresponse = 0.1{options} }}\n", years(""))
    };
    let bits = |list: Vec<f64>| list.into_iter().map(f64::to_bits).collect::<Vec<_>>();
    let (all, some) = (seen(&items(""), 1), seen(&items(", from_wave = 2, asked = \"group == 'b'\""), 1));
    for wave in 2..=4 {
        assert_eq!(
            bits(all.answers("works", wave)[1500..].to_vec()),
            bits(some.answers("works", wave)[1500..].to_vec())
        );
        assert!(some.answers("works", wave)[..1500].iter().all(|v| v.is_nan()));
    }
}

/// Of those who say that they do not work nobody is asked how many children they have: 0 is recorded. It stays apart
/// from a 0 that was told and from no answer, in shares known in advance.
#[test]
fn a_structural_zero_a_zero_and_no_answer() {
    let items = "[survey.items]\nworks = { sensitivity = 0.8, specificity = 0.9, nonresponse = 0.1 }\n\
                 children = { asked = 'not missing(reported(works)) and reported(works)', otherwise = 0, nonresponse = 0.2 }\n\
                 place = { asked = 'works', nonresponse = 0.3 }\n\
                 score = { asked = 'children > 0', otherwise = -1 }\n";
    let text = format!("{}{TRUTH}{items}", years("").replace("count = 4", "count = 1").replace("every", "first"))
        .replace("first = '1 year', ", "");
    let seen = seen(&text, 10);
    check(&seen);
    let n = seen.rows();
    let (works, told) = (seen.answers("works", 1), seen.answers("children", 1));
    let truth = seen.truth("children", 1);
    let structural = |i: usize| filled(&seen, "children", 1, i);
    // P(works = yes is recorded) = 0.9 * (0.6 * 0.8 + 0.4 * 0.1) = 0.468.
    assert_share(share(n, |_| true, structural), 0.532);
    let none = libm::pow(0.7, 3.0);
    assert_share(share(n, |_| true, |i| told[i] == 0.0 && !structural(i)), 0.468 * 0.8 * none);
    assert_share(share(n, |_| true, |i| told[i].is_nan()), 0.468 * 0.2);
    for i in 0..n {
        assert_eq!(structural(i), works[i] != 1.0);
        assert!(!structural(i) || told[i] == 0.0);
        let reason = reason(&seen, "children", 1, i);
        assert_eq!(reason == Reason::NotAsked, structural(i) && truth[i] != 0.0);
        assert_eq!(reason == Reason::ItemNonResponse, told[i].is_nan());
    }
    // Without a value there is no answer, and the audit tells who was not asked from who did not answer.
    let (works, place) = (seen.truth("works", 1), seen.answers("place", 1));
    for i in 0..n {
        let silent = if works[i] == 1.0 { Reason::ItemNonResponse } else { Reason::NotAsked };
        assert_eq!(reason(&seen, "place", 1, i), if place[i].is_nan() { silent } else { Reason::AsTrue });
        assert!(works[i] == 1.0 || place[i].is_nan());
    }
    assert_share(share(n, |i| works[i] == 1.0, |i| place[i].is_nan()), 0.3);
    // A number without codes.
    let (score, true_score) = (seen.answers("score", 1), seen.truth("score", 1));
    assert!((0..n).all(|i| score[i] == if truth[i] > 0.0 { true_score[i] } else { -1.0 }));
    // What the mechanisms count is what the data says.
    let counted = |name: &str| seen.audit.mechanisms.iter().find(|m| m.name == name).unwrap();
    let skip = counted("skip of children");
    assert_eq!(skip.at_risk, n as u64);
    assert_eq!(skip.happened, (0..n).filter(|i| structural(*i)).count() as u64);
    let asked = counted("item_non_response of children");
    assert_eq!(asked.at_risk, n as u64 - skip.happened);
    assert_eq!(asked.happened, told.iter().filter(|v| v.is_nan()).count() as u64);
    let schema = &seen.observed.schema.asked[3];
    assert_eq!((schema.only_if.as_deref(), schema.otherwise), (Some("children > 0"), Some(-1.0)));
}

/// A mechanism of an item's own works on those who are asked only.
#[test]
fn what_is_filled_in_is_not_misclassified() {
    let items = "[survey.items]\nworks = { asked = \"group == 'b'\", otherwise = 'no', sensitivity = 0.5, specificity = 0.5 }\n";
    let seen = seen(&format!("{}{TRUTH}{items}", years("")), 2);
    check(&seen);
    for wave in 1..=4 {
        let own = seen.audit.mechanisms.iter().find(|m| m.name == "misclassification of works" && m.wave == wave);
        let own = own.unwrap();
        assert_eq!(own.at_risk, 2 * 500);
        let wrong = seen.reasons("works", usize::from(wave)).iter().filter(|c| **c == Reason::Misclassified as u8);
        assert_eq!(own.happened, wrong.count() as u64);
    }
}

/// With several interviews in a wave each is told apart, and the last one that recorded anything stands for the wave.
#[test]
fn every_interview_has_its_own_skips() {
    let items = "[survey.items]\nworks = {}\n\
                 place = { asked = 'reported(works)', otherwise = 'street', nonresponse = 0.3 }\n\
                 children = { asked = 'reported(works)' }\n";
    let seen = seen(&format!("{}{TRUTH}{items}{LOSSES}", years(", visits = 'poisson(mean = 2.5)'")), 1);
    check(&seen);
    let mut last: Vec<Vec<Option<(f64, bool)>>> = vec![vec![None; seen.rows()]; 4];
    let mut ever_asked = vec![vec![false; seen.rows()]; 4];
    let (mut mixed, mut refilled) = (0, 0);
    for visit in &seen.observed.visits {
        let column = |k: usize| values(&visit.answers[k], seen.observed.schema.items[k].coding.as_deref());
        let (works, place, children) = (column(0), column(1), column(2));
        for i in (0..seen.rows()).filter(|i| visit.took_place[*i]) {
            let asked = works[i] == 1.0;
            assert_eq!(visit.filled_in[1][i], !asked);
            assert!(asked || place[i] == 1.0);
            assert_eq!(children[i].is_nan(), !asked);
            ever_asked[visit.wave][i] |= asked;
            if !place[i].is_nan() {
                let before = last[visit.wave][i].replace((place[i], !asked));
                mixed += usize::from(before.is_some_and(|(_, filled)| filled && asked));
                refilled += usize::from(before.is_some_and(|(_, filled)| !filled && !asked));
            }
        }
    }
    assert!(mixed > 20 && refilled > 20, "{mixed} {refilled}");
    for wave in 1..=4 {
        let (place, children) = (seen.answers("place", wave), seen.answers("children", wave));
        for i in 0..seen.rows() {
            match last[wave - 1][i] {
                Some((value, was_filled)) => {
                    assert_eq!((place[i], filled(&seen, "place", wave, i)), (value, was_filled));
                }
                None => assert!(place[i].is_nan()),
            }
            if seen.attended(wave)[i] {
                let want = if ever_asked[wave - 1][i] { Reason::AsTrue } else { Reason::NotAsked };
                assert_eq!(reason(&seen, "children", wave, i), want);
                assert_eq!(children[i].is_nan(), want == Reason::NotAsked);
            }
        }
    }
}

/// A skip that goes by answers is MAR, one that goes by the truth is not; one that fills in loses nothing.
#[test]
fn skips_are_mechanisms() {
    let items = "[survey.items]\nworks = { sensitivity = 0.8 }\nplace = { asked = 'reported(works)' }\n\
                 children = { asked = 'works' }\nscore = { asked = 'works', otherwise = 0 }\n";
    let prepared = study(&format!("{}{TRUTH}{items}", years("")));
    let all: Vec<_> = prepared.survey.mechanisms().iter().take(3).collect();
    let class = |k: usize| all[k].missingness.map(|m| m.name());
    assert_eq!(all[0].name, "skip of place");
    assert_eq!(all[0].reads, ["reported works"]);
    assert_eq!((class(0), class(1), class(2)), (Some("MAR"), Some("MNAR"), None));
}

const PEOPLE: &str = "time = { step = '1 month', waves = { every = '1 year', count = 3 } }\n\
                      group = [{ name = 'all', size = 9, start = { n = 'binomial(n = 2, p = 0.5)' } }]\n\
                      state = { well = { starts = 0.5, on = { rate = 1 } }, place = { levels = ['a', 'b'], starts = 'categorical(a = 0.5, b = 0.5)' } }\n\
                      [survey.items]\n";

#[test]
fn problems_of_the_instrument() {
    for (items, want) in [
        (
            "well = { from_wave = 3, to_wave = 2 }",
            "S0440 5:35 no wave is from wave 3 to wave 2 [`to_wave` is the last wave, and cannot come before `from_wave`]",
        ),
        (
            "well = { asked = '1 > 2' }",
            "S0440 5:19 `1 > 2` is never true, so nobody is asked [`asked` is true for those who are asked; leave the item out if nobody is]",
        ),
        ("well = { from_wave = 4 }", "S0407 5:22 `from_wave` cannot be 4 [the number of a wave, from 1 to 3]"),
        ("well = { to_wave = 0 }", "S0407 5:20 `to_wave` cannot be 0 [the number of a wave, from 1 to 3]"),
        (
            "well = { otherwise = 'no' }",
            "S0441 5:23 `otherwise` is for those who are not asked, and everybody is asked [say who is asked with `asked = \"...\"`, or leave out `otherwise`]",
        ),
        ("place = { asked = 'well', otherwise = 'c' }", "S0441 5:40 `c` is no answer to `place` [did you mean `a`?]"),
        ("well = { asked = 'n > 0', otherwise = 'maybe' }", "S0441 5:40 `maybe` is no answer to `well` [yes or no]"),
        ("n = { asked = 'well', otherwise = 5 }", "S0441 5:35 `5` is no answer to `n` [one of: 0, 1, 2]"),
        (
            "n = { asked = 'well', otherwise = [5] }",
            "S0102 5:35 `otherwise` must be a number or a formula, and is a list []",
        ),
        ("well = { asked = true }", "S0102 5:18 `asked` must be a number or a formula, and is true or false []"),
    ] {
        assert_eq!(problems(&format!("{PEOPLE}{items}\n")), [want], "{items}");
    }
    // A gate that was not answered leaves open who is asked.
    let text = format!("{PEOPLE}well = {{ nonresponse = 0.5 }}\nplace = {{ asked = 'reported(well)' }}\n");
    let problem = try_see(&study(&text), 1, 0..9, Keep::Answers).err().unwrap();
    assert!(problem.message.contains("so ask with `missing(...)`"), "{}", problem.message);
    for fine in ["well = { asked = '1 < 2', otherwise = true }", "n = { asked = 'well', otherwise = '1 + 1' }"] {
        assert!(problems(&format!("{PEOPLE}{fine}\n")).is_empty(), "{fine}");
    }
}
