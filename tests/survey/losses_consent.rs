//! Consent and assent by age, and what is erased when they are withdrawn.

use crate::common::*;
use eclosion::tables::Reason;

const YEARS: &str = "time = { step = '1 year', waves = { every = '1 year', count = 5 }VISITS }\n";

/// Groups of one age each at the start, named after it.
fn text(ages: &[u32], visits: &str, losses: &[&str]) -> String {
    let groups: String = ages
        .iter()
        .map(|age| format!("[[group]]\nname = 'age {age}'\nsize = 4000\nstart = {{ age = {age} }}\n"))
        .collect();
    let tables: String = losses.iter().map(|loss| format!("[[survey.loss]]\n{loss}\n")).collect();
    let score = "[attributes]\nscore = 'normal(mean = 0, sd = 1)'\n[state.x]\nstarts = 0.5\n";
    format!("{}{groups}{score}{tables}", YEARS.replace("VISITS", visits))
}

const CONSENT: &str = "kind = 'consent'\nadult = 0.05\nminor = 0.2\nmajority = 0.4\ndata = 'keep'";

/// Of age at 18: those of 16 are minors at wave 2 and adults, asked anew, at wave 3; those of 17 come of age at wave 2;
/// those of 18 have consented as adults at wave 1; those of 10 are minors all along.
#[test]
fn who_is_asked_what_by_hand() {
    let ages = [16, 17, 18, 10];
    let seen = seen(&text(&ages, "", &[CONSENT]), 1);
    let (a, m, c) = (0.95, 0.8, 0.6);
    let want: [[f64; 5]; 4] = [
        [1.0, m, m * c, m * c * a, m * c * a * a],
        [1.0, c, c * a, c * a * a, c * a * a * a],
        [1.0, a, a * a, a * a * a, a * a * a * a],
        [1.0, m, m * m, m * m * m, m * m * m * m],
    ];
    for (group, want) in want.into_iter().enumerate() {
        let theirs = |i: usize| usize::from(seen.observed.group[i]) == group;
        for (wave, want) in want.into_iter().enumerate() {
            assert_share(share(seen.rows(), theirs, |i| seen.attended(wave + 1)[i]), want);
        }
    }
    for i in 0..seen.rows() {
        for wave in 1..=5 {
            let withdrawn = seen.reasons("x", wave)[i] == Reason::Withdrawn as u8;
            assert_eq!(withdrawn, !seen.attended(wave)[i]);
            assert_eq!(seen.answers("x", wave)[i].is_nan(), withdrawn, "what was recorded before is kept");
        }
    }
}

/// Transitions counted exactly, by probabilities of 0 and 1.
#[test]
fn transitions_are_counted_apart() {
    let only = |adult: u8, minor: u8, majority: u8| {
        let loss = format!("kind = 'consent'\nadult = {adult}\nminor = {minor}\nmajority = {majority}\ndata = 'keep'");
        seen(&text(&[16, 20, 12], "", &[&loss]), 1)
    };
    let names = ["consent of adults", "consent of minors", "consent of those who come of age"];
    let counts = |seen: &Seen| [2, 3, 4, 5].map(|wave| names.map(|name| seen.done(name, wave)));
    let n = 4000;
    assert_eq!(
        counts(&only(0, 0, 0)),
        [
            [(n, 0), (2 * n, 0), (0, 0)],
            [(n, 0), (n, 0), (n, 0)],
            [(2 * n, 0), (n, 0), (0, 0)],
            [(2 * n, 0), (n, 0), (0, 0)]
        ]
    );
    assert_eq!(
        counts(&only(0, 0, 1)),
        [[(n, 0), (2 * n, 0), (0, 0)], [(n, 0), (n, 0), (n, n)], [(n, 0), (n, 0), (0, 0)], [(n, 0), (n, 0), (0, 0)]]
    );
    assert_eq!(counts(&only(1, 0, 0))[0], [(n, n), (2 * n, 0), (0, 0)]);
    assert_eq!(counts(&only(0, 1, 0))[0], [(n, 0), (2 * n, 2 * n), (0, 0)]);
    assert!(names.iter().all(|name| only(1, 1, 1).done(name, 1) == (0, 0)), "nobody is asked again at the beginning");
}

/// Whoever is away when coming of age is asked at the next wave; without `majority` a new adult is an adult; `of_age` is
/// a number of parameters.
#[test]
fn coming_of_age() {
    let away = "kind = 'intermittent'\nprobability = 'if(wave == 3, 1, 0)'";
    let loss = "kind = 'consent'\nadult = 0\nminor = 0\nmajority = 1\ndata = 'keep'";
    let late = seen(&text(&[16], "", &[away, loss]), 1);
    assert_eq!([1, 2, 3, 4, 5].map(|wave| late.attended(wave)[7]), [true, true, false, false, false]);
    assert_eq!(late.done("consent of those who come of age", 4), (4000, 4000));
    let plain = seen(&text(&[16], "", &["kind = 'consent'\nadult = 1\nminor = 0\ndata = 'keep'"]), 1);
    assert_eq!(plain.done("consent of adults", 3), (4000, 4000));
    let parameter = "parameters.majority_at = { value = 15, about = 'a', source = 's' }\n";
    let text = format!("{parameter}{}", text(&[12], "", &[&format!("{loss}\nof_age = 'majority_at + 1'")]));
    assert_eq!(seen(&text, 1).done("consent of those who come of age", 5), (4000, 4000));
}

/// Nothing recorded of those who withdraw is left, and all else is as if they had kept their data.
#[test]
fn what_is_erased() {
    for visits in ["", ", visits = 'constant(value = 2)'"] {
        let missed = "kind = 'intermittent'\nprobability = 0.2";
        let with = |data: &str| seen(&text(&[16, 30], visits, &[missed, &CONSENT.replace("'keep'", data)]), 1);
        let (kept, erased) = (with("'keep'"), with("'erase'"));
        let age_of = |seen: &Seen| {
            let k = seen.observed.schema.baseline("age").unwrap();
            values(&seen.observed.baseline[k], seen.observed.schema.baseline[k].coding.as_deref())
        };
        let (age, score_item) = (age_of(&erased), |s: &Seen, w| s.answers("score", w));
        let mut gone = 0;
        for (i, age) in age.iter().enumerate() {
            let withdraws = kept.reasons("x", 5)[i] == Reason::Withdrawn as u8;
            gone += u64::from(withdraws);
            assert_eq!(age.is_nan(), withdraws);
            for visit in &erased.observed.visits {
                let took_place = visit.took_place[i];
                assert!(!withdraws || (!took_place && visit.years[i].is_nan()));
            }
        }
        assert!(gone > 1000 && gone < kept.rows() as u64);
        for wave in 1..=5 {
            let (told, before) = (erased.answers("x", wave), kept.answers("x", wave));
            let (score, score_before) = (score_item(&erased, wave), score_item(&kept, wave));
            for i in 0..kept.rows() {
                let (old, new) = (kept.reasons("x", wave)[i], erased.reasons("x", wave)[i]);
                if kept.reasons("x", 5)[i] != Reason::Withdrawn as u8 {
                    assert_eq!((old, told[i].to_bits()), (new, before[i].to_bits()));
                    assert_eq!(score[i].to_bits(), score_before[i].to_bits());
                    continue;
                }
                assert!(told[i].is_nan() && score[i].is_nan() && !erased.attended(wave)[i]);
                let want = if kept.attended(wave)[i] { Reason::Erased as u8 } else { old };
                assert_eq!(new, want);
            }
            for count in erased.audit.counts.iter().filter(|c| usize::from(c.wave) == wave) {
                let cells = erased.reasons(&count.item, wave);
                for (reason, n) in Reason::ALL.into_iter().zip(count.cells) {
                    assert_eq!(cells.iter().filter(|c| **c == reason as u8).count() as u64, n);
                }
            }
        }
        for (k, visit) in erased.observed.visits.iter().enumerate() {
            for (column, item) in visit.answers.iter().zip(&erased.observed.schema.items) {
                let told = values(column, item.coding.as_deref());
                assert!((0..told.len()).all(|i| visit.took_place[i] || told[i].is_nan()), "visit {k}");
            }
        }
    }
}
