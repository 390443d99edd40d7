//! The draws of a survey: the same in any batch, untouched by what else is declared, and shared between conditions.
//! Nothing true gets into the observed data but by the mechanisms.

use crate::common::*;
use eclosion::observe;
use eclosion::simulate;
use eclosion::streams::{Space, Streams};
use eclosion::tables::Reason;

const PEOPLE: &str = "time = { step = '1 month', waves = { every = '1 year', count = 4 }VISITS }\n\
                      group = [{ name = 'one', size = 700 }, { name = 'two', size = 45 }]\n\
                      site = [{ count = 4, effect = 'normal(mean = 0, sd = 1)' }]\n\
                      attributes = { score = 'normal(mean = 0, sd = 1)', hidden = { law = 'normal(mean = 0, sd = 1)', latent = true } }\n\
                      state = { x = { starts = 0.4, on = { rate = 0.5 }, off = { rate = 0.2 } }, y = { starts = 0.5, on = { rate = 1 } } }\n";
const ASKER: &str = "effects = { asker = { of = 'interviewer', count = 4, law = 'normal(mean = 0, sd = 0.5)' } }\n";
const MECHANISMS: &str = "[survey]\nmood = 'normal(mean = 0, sd = 0.5)'\n[survey.items]\n\
                          x = { sensitivity = 'expit(mood + asker + 0.1*contacts)', specificity = 0.9 }\n\
                          y = { sensitivity = 'expit(mood + site_mean(x) + site_effect)', nonresponse = 0.1 }\n\
                          score = { error = 'normal(mean = mood, sd = 1)' }\n\
                          [[survey.loss]]\nkind = 'intermittent'\nprobability = 0.1\n\
                          [[survey.loss]]\nkind = 'dropout'\nrate = '0.2*exp(if(missing(reported(x)), 0, reported(x)))'\n";

fn people(visits: &str) -> String {
    PEOPLE.replace("VISITS", visits)
}

fn bits(list: &[f64]) -> Vec<u64> {
    list.iter().map(|v| v.to_bits()).collect()
}

/// Everything that is observed of some replicates, row by row, as one list.
fn all_of(seen: &Seen, rows: std::ops::Range<usize>) -> Vec<u64> {
    let mut all = Vec::new();
    for wave in 1..=seen.waves() {
        all.extend(seen.attended(wave)[rows.clone()].iter().map(|a| u64::from(*a)));
        for item in &seen.observed.schema.items {
            all.extend(bits(&seen.answers(&item.name, wave)[rows.clone()]));
            all.extend(seen.reasons(&item.name, wave)[rows.clone()].iter().map(|c| u64::from(*c)));
        }
    }
    all
}

#[test]
fn a_batch_is_its_parts() {
    for visits in ["", ", visits = 'poisson(mean = 2)'"] {
        let prepared = study(&format!("{}{ASKER}{MECHANISMS}", people(visits)));
        let whole = see(&prepared, 0..9);
        for (part, at) in [(0..2_u64, 0_usize), (2..3, 2), (3..9, 3)] {
            let part = see(&prepared, part);
            assert_eq!(all_of(&part, 0..part.rows()), all_of(&whole, at * 745..at * 745 + part.rows()));
        }
        assert_ne!(all_of(&whole, 0..745), all_of(&whole, 745..1490), "replicates differ");
    }
}

/// A cohort that is too large to be held at once is the same in parts.
#[test]
fn a_replicate_is_its_parts() {
    let mechanisms = MECHANISMS.replace("site_mean(x)", "0.2");
    let prepared = study(&format!("{}{ASKER}{mechanisms}", people(", visits = 'poisson(mean = 2)'")));
    let whole = see(&prepared, 3..4);
    let streams = Streams::new(20_101, Space::Study);
    for persons in [0..100, 100..710, 710..745] {
        let truth = prepared.truth.simulate_part(&streams, 3, persons.clone(), &mut simulate::Scratch::default());
        let truth = truth.unwrap().unwrap();
        let scratch = &mut observe::Scratch::default();
        let seen = prepared.survey.observe_part(&truth, persons.clone(), &streams, observe::Keep::Cells, scratch);
        let (observed, audit) = seen.unwrap().unwrap();
        let part = Seen { truth, observed, audit };
        assert_eq!(all_of(&part, 0..persons.len()), all_of(&whole, persons));
    }
}

/// Where persons depend on each other there are no parts.
#[test]
fn what_needs_everybody_has_no_parts() {
    let streams = Streams::new(1, Space::Study);
    let text = format!("{}{ASKER}{MECHANISMS}", people(""));
    let prepared = study(&text);
    let truth = prepared.truth.simulate_part(&streams, 0, 0..10, &mut simulate::Scratch::default()).unwrap().unwrap();
    let scratch = &mut observe::Scratch::default();
    assert!(
        prepared.survey.observe_part(&truth, 0..10, &streams, observe::Keep::Cells, scratch).unwrap().is_none(),
        "site_mean(x)"
    );
    for (from, to) in [
        ("x = { starts = 0.4, on = { rate = 0.5 }", "x = { starts = 0.4, on = { rate = '0.5*site_mean(x)' }"),
        ("\nsite =", "\nassign = { arm = { kind = 'complete' } }\nsite ="),
    ] {
        let prepared = study(&text.replace(from, to));
        let part = prepared.truth.simulate_part(&streams, 0, 0..10, &mut simulate::Scratch::default());
        assert!(part.unwrap().is_none(), "{to}");
    }
}

/// Buffers that are used again keep nothing of the batch before.
#[test]
fn a_scratch_keeps_nothing() {
    for visits in ["", ", visits = 'poisson(mean = 2)'"] {
        let prepared = study(&format!("{}{ASKER}{MECHANISMS}", people(visits)));
        let streams = Streams::new(20_101, Space::Study);
        let mut scratch = observe::Scratch::default();
        for replicates in [0..9, 4..5, 5..12, 0..9] {
            let truth =
                prepared.truth.simulate(&streams, replicates.clone(), &mut simulate::Scratch::default()).unwrap();
            let (observed, audit) =
                prepared.survey.observe(&truth, &streams, observe::Keep::Cells, &mut scratch).unwrap();
            let used = Seen { truth, observed, audit };
            let fresh = see(&prepared, replicates);
            assert_eq!(all_of(&used, 0..used.rows()), all_of(&fresh, 0..fresh.rows()));
        }
    }
}

/// What is asked besides, and what is lost besides, moves no draw of an answer.
#[test]
fn other_items_and_losses_move_nothing() {
    let bare = "[survey.items]\nx = { sensitivity = 0.7, specificity = 0.9 }\n";
    let base = seen(&format!("{}{bare}", people("")), 3);
    let more = [
        "y = { sensitivity = 0.5, nonresponse = 0.2 }\n",
        "score = { error = 'normal(mean = 0, sd = 1)' }\n",
        "[[survey.loss]]\nkind = 'intermittent'\nprobability = 0.3\n",
        "[[survey.loss]]\nkind = 'dropout'\nprobability = 0.3\n",
        "[[survey.loss]]\nkind = 'item_non_response'\nprobability = 0.3\n",
    ];
    let together = more.concat();
    for addition in more.into_iter().chain([together.as_str()]) {
        let seen = seen(&format!("{}{bare}{addition}", people("")), 3);
        let mut lost = 0;
        for wave in 1..=4 {
            for (told, before) in seen.answers("x", wave).into_iter().zip(base.answers("x", wave)) {
                assert!(told.is_nan() || told == before);
                lost += usize::from(told.is_nan());
            }
        }
        assert_eq!(lost > 0, addition.contains("loss"), "{addition}");
    }
    // A loss of another kind leaves who drops out as it was, if it does not come before.
    let dropout = "[[survey.loss]]\nkind = 'dropout'\nprobability = 0.3\n";
    let reasons = |more: &str| {
        let seen = seen(&format!("{}{bare}{dropout}{more}", people("")), 3);
        (1..=4)
            .map(|w| seen.reasons("x", w).iter().map(|c| *c == Reason::Dropout as u8).collect())
            .collect::<Vec<Vec<_>>>()
    };
    assert_eq!(reasons(""), reasons("[[survey.loss]]\nkind = 'intermittent'\nprobability = 0.5\n"));
    assert_eq!(reasons(""), reasons("[[survey.loss]]\nkind = 'item_non_response'\nprobability = 0.5\n"));
}

/// The order of the items is that of the columns and nothing else.
#[test]
fn the_order_of_items_moves_nothing() {
    let (x, y) = ("x = { sensitivity = 0.7 }\n", "y = { sensitivity = 0.6, nonresponse = 0.2 }\n");
    let one = seen(&format!("{}[survey.items]\n{x}{y}", people("")), 2);
    let other = seen(&format!("{}[survey.items]\n{y}{x}", people("")), 2);
    for (item, wave) in [("x", 1), ("y", 1), ("x", 4), ("y", 4)] {
        assert_eq!(bits(&one.answers(item, wave)), bits(&other.answers(item, wave)));
    }
}

/// With a higher probability the same persons leave, and more; a higher rate the same.
#[test]
fn nobody_comes_back_when_dropout_rises() {
    for kind in ["probability", "rate"] {
        let mut before: Option<Vec<Vec<bool>>> = None;
        for tenths in 0..=10 {
            let loss = format!("[[survey.loss]]\nkind = 'dropout'\n{kind} = '{tenths}/10 * (0.5 + 0.5*x)'\n");
            let seen = seen(&format!("{}{loss}", people("")), 3);
            let now: Vec<Vec<bool>> = (1..=4).map(|wave| seen.attended(wave).to_vec()).collect();
            if let Some(before) = before {
                for (before, now) in before.iter().zip(&now) {
                    assert!(before.iter().zip(now).all(|(before, now)| *before || !*now));
                }
                assert!(before[3].iter().filter(|a| **a).count() > now[3].iter().filter(|a| **a).count());
            }
            before = Some(now);
        }
    }
}

/// The truth at the waves is the same with any survey, or without one.
#[test]
fn a_survey_changes_no_truth() {
    let plain = seen(&people(""), 3);
    for visits in ["", ", visits = 'poisson(mean = 2)'"] {
        let seen = seen(&format!("{}{ASKER}{MECHANISMS}", people(visits)), 3);
        for wave in 1..=4 {
            for name in ["x", "y", "score"] {
                assert_eq!(bits(&seen.truth(name, wave)), bits(&plain.truth(name, wave)));
            }
        }
    }
}

/// Where answers do not depend on the truth, no other truth shows in what is observed.
#[test]
fn the_truth_shows_only_where_a_mechanism_reads_it() {
    let survey = "[survey]\nmood = 'normal(mean = 0, sd = 0.5)'\n[survey.items]\n\
                  x = { sensitivity = 0.5, specificity = 0.5, nonresponse = 0.1 }\n\
                  [[survey.loss]]\nkind = 'intermittent'\nprobability = '0.1 + 0.1*wave'\n\
                  [[survey.loss]]\nkind = 'dropout'\nprobability = '0.1 + if(missing(reported(x)), 0, 0.3*reported(x))'\n";
    for visits in ["", ", visits = 'poisson(mean = 2)'"] {
        let with = |start: &str| seen(&format!("{}{survey}", people(visits)).replace("starts = 0.4", start), 2);
        let (few, many) = (with("starts = 0.1"), with("starts = 0.9"));
        assert_ne!(few.truth("x", 1), many.truth("x", 1));
        // In words, since "no answer" is NaN, which equals nothing.
        assert_eq!(format!("{:?}", few.observed.schema), format!("{:?}", many.observed.schema));
        assert_eq!(few.observed.group, many.observed.group);
        assert_eq!(few.observed.site, many.observed.site);
        assert_eq!(few.observed.attended, many.observed.attended);
        assert_eq!(few.observed.baseline, many.observed.baseline);
        assert_eq!(few.observed.answers, many.observed.answers);
        for (one, other) in few.observed.visits.iter().zip(&many.observed.visits) {
            assert_eq!((&one.took_place, &one.answers), (&other.took_place, &other.answers));
        }
    }
}

/// What an analyst holds: groups, sites, attributes that are not latent and not asked about, and the questions.
#[test]
fn nothing_latent_is_observed() {
    let text = format!(
        "{}\
         effects = {{ frailty = {{ of = 'person', law = 'normal(mean = 0, sd = 1)' }}, ward = {{ of = 'site', law = 'normal(mean = 0, sd = 1)' }} }}\n",
        people("")
    );
    let names = |list: &[eclosion::tables::observed::ObservedVariable]| -> Vec<String> {
        list.iter().map(|v| v.name.clone()).collect()
    };
    for (survey, baseline, items) in [
        ("", vec!["score"], vec!["score", "x", "y"]),
        ("[survey.items]\ny = {}\n", vec!["score"], vec!["y"]),
        ("[survey.items]\ny = {}\nscore = { error = 'normal(mean = 0, sd = 1)' }\n", vec![], vec!["y", "score"]),
    ] {
        let seen = seen(&format!("{text}{survey}"), 1);
        assert_eq!(names(&seen.observed.schema.baseline), baseline);
        assert_eq!(names(&seen.observed.schema.items), items);
        assert!(seen.observed.code.is_empty());
        assert_eq!(seen.observed.baseline.len(), baseline.len());
    }
}

/// The same persons whatever the number of the others, in the same group or not.
#[test]
fn persons_do_not_move_each_other() {
    let text = format!("{}{ASKER}{MECHANISMS}", people("")).replace(" + site_mean(x) + site_effect", "");
    let text = text.replace("site = [{ count = 4, effect = 'normal(mean = 0, sd = 1)' }]\n", "");
    let (large, small) = (seen(&text, 1), seen(&text.replace("size = 700", "size = 13"), 1));
    for wave in 1..=4 {
        for item in ["x", "y", "score"] {
            let (large, small) = (bits(&large.answers(item, wave)), bits(&small.answers(item, wave)));
            assert_eq!(large[..13], small[..13]);
            assert_eq!(large[700..], small[13..]);
        }
    }
}
