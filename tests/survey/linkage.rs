//! Linkage by numbers: every trouble against its closed form, and truth, audit and links against the observed data.

use crate::common::*;
use eclosion::analyze;
use eclosion::tables::observed::AnswerColumn;
use eclosion::tables::{Audit, Column};
use proptest::prelude::*;

/// Persons with a number `y` that changes from wave to wave, all interviewed at every wave, joined as `linkage` says.
fn panel(persons: usize, waves: usize, more: &str, linkage: &str) -> String {
    format!(
        "time = {{ step = '1 year', waves = {{ every = '1 year', count = {waves} }} }}\n\
         [[group]]\nname = 'a'\nsize = {persons}\n\
         [attributes]\nborn = 'normal(mean = 0, sd = 1)'\n\
         [state.y]\nstarts = 'normal(mean = 0, sd = 1)'\neach_step = 'normal(mean = 0.8 * lag(y), sd = 0.6)'\nper = '1 year'\n\
         [state.well]\nstarts = 0.5\neach_step = '0.2 + 0.6 * lag(well)'\nper = '1 year'\n{more}\n\
         [survey.linkage]\nkind = 'numbers'\n{linkage}\n"
    )
}

/// At risk and happened, over all waves, of a mechanism.
pub fn tally(audit: &Audit, name: &str) -> (u64, u64) {
    let name = format!("linkage: {name}");
    let rows: Vec<_> = audit.mechanisms.iter().filter(|m| m.name == name).collect();
    assert!(!rows.is_empty(), "{name}");
    rows.iter().fold((0, 0), |(a, b), m| (a + m.at_risk, b + m.happened))
}

#[track_caller]
fn assert_rate((at_risk, happened): (u64, u64), want: f64) {
    assert_share((happened as f64 / at_risk as f64, at_risk as usize), want);
}

/// Records of each replicate.
fn records(seen: &Seen) -> Vec<usize> {
    seen.observed.starts.windows(2).map(|w| w[1] - w[0]).collect()
}

/// Truth, audit and links are the observed data; and the links say what links can say.
pub fn check(seen: &Seen, copies: bool) {
    let (observed, links) = (&seen.observed, &seen.audit.links);
    let persons = seen.truth.group.len();
    assert_eq!(links.len(), seen.waves());
    assert_eq!(observed.starts.len() as u64, seen.truth.replicates.end - seen.truth.replicates.start + 1);
    assert_eq!((observed.starts[0], *observed.starts.last().unwrap()), (0, seen.rows()));
    for record in 0..seen.rows() {
        let replicate = observed.starts.partition_point(|s| *s <= record) - 1;
        let behind: Vec<usize> =
            links.iter().map(|w| w[record]).filter(|p| *p != u32::MAX).map(|p| p as usize).collect();
        assert!(!behind.is_empty() && behind.iter().all(|p| seen.truth.rows(replicate).contains(p)));
        assert_eq!(observed.group[record], seen.truth.group[behind[0]]);
        for (column, known) in observed.baseline.iter().zip(&observed.schema.baseline) {
            let truth = seen.truth.at(seen.truth.schema.variable(&known.name).unwrap(), 0);
            assert_eq!(values(column, known.coding.as_deref())[record], truth.value(behind[0]));
        }
    }
    for (wave, links) in links.iter().enumerate() {
        assert_eq!(links.len(), seen.rows());
        let mut times = vec![0; persons];
        for (record, person) in links.iter().enumerate() {
            assert_eq!(observed.attended[wave][record], *person != u32::MAX);
            if *person != u32::MAX {
                times[*person as usize] += 1;
            }
        }
        for (k, item) in observed.schema.items.iter().enumerate() {
            let told = values(&observed.answers[k][wave], item.coding.as_deref());
            let v = seen.truth.schema.variable(&item.name).unwrap();
            let truth = seen.truth.at(v, seen.truth.schema.waves[wave]);
            let reasons = &seen.audit.cells[k][wave];
            assert_eq!(reasons.len(), persons);
            for (person, reason) in reasons.iter().enumerate() {
                assert_eq!(times[person] > 0, *reason == 0, "these studies lose whole waves only");
                assert!(times[person] <= 1 || copies);
            }
            for (record, person) in links.iter().enumerate() {
                match *person {
                    u32::MAX => assert!(told[record].is_nan()),
                    person => assert_eq!(told[record], truth.value(person as usize)),
                }
            }
        }
    }
}

#[test]
fn without_trouble_records_are_persons() {
    let seen = seen(&panel(50, 3, "", ""), 4);
    check(&seen, false);
    assert_eq!(records(&seen), [50; 4]);
    assert!(seen.audit.links.iter().all(|wave| wave.iter().enumerate().all(|(r, p)| r == *p as usize)));
    assert_eq!(tally(&seen.audit, "missed match"), (50 * 4 * 2, 0));
    assert_eq!(tally(&seen.audit, "false match"), (50 * 4 * 2, 0));
}

#[test]
fn lost_numbers_split_persons() {
    // A person of 4 waves has 1 record and one more for each of 3 boundaries at which the number is lost.
    let seen = seen(&panel(100, 4, "", "lost = 0.1"), 100);
    check(&seen, false);
    let counts: Vec<f64> = records(&seen).into_iter().map(|n| n as f64).collect();
    assert_mean(&counts, 130.0);
    assert_rate(tally(&seen.audit, "lost number"), 0.1);
    assert_eq!(tally(&seen.audit, "missed match"), tally(&seen.audit, "lost number"));
    // Complete from the first wave to the last: 0.9^3.
    let complete = share(seen.rows(), |r| seen.attended(1)[r], |r| (2..=4).all(|w| seen.attended(w)[r]));
    assert_share(complete, 0.729);
    // A record that begins late has what is known from the start.
    let AnswerColumn::Number(born) = &seen.observed.baseline[0] else { panic!() };
    let late = (0..seen.rows()).find(|r| !seen.attended(1)[*r]).unwrap();
    let person = seen.audit.links.iter().find(|w| w[late] != u32::MAX).unwrap()[late] as usize;
    let Column::Number(truth) = seen.truth.at(seen.truth.schema.variable("born").unwrap(), 0) else { panic!() };
    assert_eq!(born[late], truth[person]);
}

#[test]
fn a_lost_number_may_depend_on_the_truth() {
    let seen = seen(&panel(200, 2, "", "lost = 'if(lag(well), 0.05, 0.3)'"), 50);
    let well: Vec<f64> = {
        let v = seen.truth.schema.variable("well").unwrap();
        let column = seen.truth.at(v, seen.truth.schema.waves[0]);
        (0..seen.truth.group.len()).map(|p| column.value(p)).collect()
    };
    for (level, want) in [(1.0, 0.05), (0.0, 0.3)] {
        let of = |r: usize| seen.attended(1)[r] && well[seen.audit.links[0][r] as usize] == level;
        assert_share(share(seen.rows(), of, |r| !seen.attended(2)[r]), want);
    }
    let report = study(&panel(10, 2, "", "lost = 'if(lag(well), 0.05, 0.3)'"));
    let lost = report.survey.mechanisms().iter().find(|m| m.name == "linkage: lost number").unwrap().clone();
    assert_eq!(lost.reads, ["true well at the wave before"]);
}

#[test]
fn what_is_known_of_a_record_depends_on_the_linkage() {
    let class = |linkage: &str, reads: &str| {
        let loss = format!("[[survey.loss]]\nkind = 'dropout'\nprobability = '{reads}'\n");
        let prepared = study(&panel(10, 2, &loss, linkage));
        prepared.survey.mechanisms()[0].missingness.unwrap().name()
    };
    for linkage in ["", "lost = 0.1", "duplicates = 0.1\nall_lost_at = [2]", "typing = 0\nfalse_match = 0"] {
        assert_eq!(class(linkage, "lag(well) / 2"), "MAR", "{linkage}");
    }
    // The answer before may stand elsewhere, or the record be another person's.
    assert_eq!(class("typing = 0.1", "lag(well) / 2"), "MNAR");
    assert_eq!(class("typing = 0.1", "expit(born)"), "MAR");
    assert_eq!(class("false_match = 0.1", "expit(born)"), "MNAR");
    assert_eq!(class("merged = 0.1", "lag(well) / 2"), "MNAR");
    assert_eq!(class("false_match = 0.1", "0.1"), "MCAR");
}

#[test]
fn nobody_is_joined_across_a_lost_numbering() {
    let seen = seen(&panel(40, 4, "", "all_lost_at = [3]"), 5);
    check(&seen, false);
    assert_eq!(records(&seen), [80; 5]);
    for r in 0..seen.rows() {
        let attended: Vec<bool> = (1..=4).map(|w| seen.attended(w)[r]).collect();
        assert!(attended == [true, true, false, false] || attended == [false, false, true, true]);
    }
    assert_eq!(tally(&seen.audit, "all numbers lost"), (40 * 5 * 3, 40 * 5));
    assert_eq!(tally(&seen.audit, "missed match"), (40 * 5 * 3, 40 * 5));
}

#[test]
fn somebody_away_when_the_numbering_is_lost_returns_under_a_new_number() {
    let gap = "[[survey.loss]]\nkind = 'intermittent'\nprobability = 'wave == 2'\n";
    let seen = seen(&panel(30, 3, gap, "all_lost_at = [2]"), 2);
    check(&seen, false);
    assert_eq!(records(&seen), [60; 2]);
}

#[test]
fn mistyped_interviews_stand_alone() {
    let seen = seen(&panel(100, 3, "", "typing = 0.1"), 100);
    check(&seen, false);
    assert_rate(tally(&seen.audit, "mistyped number"), 0.1);
    // A typed interview is a record of its own; the others of a person, if there are any, are one.
    let counts: Vec<f64> = records(&seen).into_iter().map(|n| n as f64).collect();
    assert_mean(&counts, 100.0 * (0.3 + 1.0 - 0.001));
    // The later interviews are joined again: first and last wave together in 0.81 of the persons.
    let both = (0..seen.rows()).filter(|r| seen.attended(1)[*r] && seen.attended(3)[*r]).count();
    assert_share((both as f64 / 10_000.0, 10_000), 0.81);
}

#[test]
fn interviews_entered_twice() {
    let seen = seen(&panel(100, 2, "", "duplicates = 0.05"), 100);
    check(&seen, true);
    assert_rate(tally(&seen.audit, "duplicate"), 0.05);
    let counts: Vec<f64> = records(&seen).into_iter().map(|n| n as f64).collect();
    assert_mean(&counts, 110.0);
    assert_eq!(tally(&seen.audit, "missed match").1, 0);
}

#[test]
fn false_matches_weaken_the_correlation_between_waves() {
    // The lag-1 correlation is 0.8; with a share 0.25 of strangers 0.6, at each boundary, and the slope likewise.
    let seen = seen(&panel(2000, 3, "", "false_match = 0.25"), 10);
    check(&seen, false);
    assert_rate(tally(&seen.audit, "exchanged number"), 0.25);
    assert_eq!(tally(&seen.audit, "false match"), tally(&seen.audit, "exchanged number"));
    assert_eq!(records(&seen), [2000; 10]);
    let lag = |from: usize, to: usize, rows: std::ops::Range<usize>| {
        let (a, b) = (seen.answers("y", from), seen.answers("y", to));
        correlation(&a[rows.clone()], &b[rows])
    };
    for (from, to, want) in [(1, 2, 0.6), (2, 3, 0.6), (1, 3, 0.64 * 0.5625)] {
        let each: Vec<f64> = (0..10).map(|r| lag(from, to, seen.truth.rows(r))).collect();
        let mean = each.iter().sum::<f64>() / 10.0;
        // The standard error of a correlation r of n pairs is (1 - r^2) / sqrt(n).
        let se = (1.0 - want * want) / libm::sqrt(20_000.0);
        assert!((mean - want).abs() < 4.0 * se, "{from} {to}: {mean} and not {want}");
    }
}

#[test]
fn false_matches_stay_within_a_group() {
    let text = panel(300, 2, "", "false_match = 0.5\nwithin = 'group'");
    let text = text.replace("[attributes]", "[[group]]\nname = 'b'\nsize = 300\n[attributes]");
    let seen = seen(&text, 3);
    check(&seen, false);
    let links = &seen.audit.links;
    let moved = (0..seen.rows()).filter(|r| links[0][*r] != links[1][*r]).count();
    assert!(moved > 700, "{moved}");
    for (one, two) in links[0].iter().zip(&links[1]) {
        assert_eq!(seen.truth.group[*one as usize], seen.truth.group[*two as usize]);
    }
}

#[test]
fn numbers_given_twice_merge_persons_who_never_meet() {
    // All numbers are lost at the second wave, and each new one is an old one with probability 0.4.
    let seen = seen(&panel(200, 3, "", "all_lost_at = [2]\nmerged = 0.4"), 25);
    check(&seen, false);
    let (at_risk, happened) = tally(&seen.audit, "number given twice");
    assert_eq!(at_risk, 200 * 25);
    assert_rate((at_risk, happened), 0.4);
    let counts = records(&seen);
    assert_eq!(counts.iter().sum::<usize>() as u64, 2 * 200 * 25 - happened);
    let links = &seen.audit.links;
    for r in (0..seen.rows()).filter(|r| seen.attended(1)[*r] && seen.attended(2)[*r]) {
        assert_ne!(links[0][r], links[1][r], "nobody gets the number just lost");
        assert_eq!(links[1][r], links[2][r], "and the record is theirs from then on");
    }
}

#[test]
fn two_persons_with_one_number_are_told_apart_when_they_meet() {
    // Half miss the second wave; those who come have lost their numbers and take some of theirs; all come again.
    let gap = "[[survey.loss]]\nkind = 'intermittent'\nprobability = 'if(wave == 2, 0.5, 0)'\n";
    let seen = seen(&panel(300, 3, gap, "lost = 'wave == 2'\nmerged = 0.6"), 10);
    check(&seen, false);
    let links = &seen.audit.links;
    let came = |person: u32| links[1].contains(&person);
    let (mut met, mut kept) = (0, 0);
    for ((one, two), three) in links[0].iter().zip(&links[1]).zip(&links[2]) {
        let (one, two, three) = (*one, *two, *three);
        if one != u32::MAX && two != u32::MAX && one != two {
            // The first to have the number keeps it, but for those who have lost it.
            let owner = if came(one) { two } else { one };
            assert_eq!(three, owner);
            met += usize::from(owner == one);
            kept += usize::from(owner == two);
        }
    }
    assert!(met > 200 && kept > 200, "{met} {kept}");
}

#[test]
fn methods_see_records() {
    let estimands = "[[estimand]]\nname = 'share'\nquantity = 'prevalence'\nof = 'well'\nwave = 3\n\
                     [[estimand]]\nname = 'moved'\nquantity = 'transition'\nof = 'well'\nfrom = 1\nto = 3\ndirection = 'entering'\n";
    let methods = "[[method]]\nmethod = 'available_case'\n[[method]]\nmethod = 'complete_case'\n[[method]]\nmethod = 'locf'\n\
                   [[method]]\nmethod = 'ipw'\nestimands = ['share']\ndropout_model = '1'\n";
    let text = format!("{}{estimands}{methods}", panel(120, 3, "", "lost = 0.2\nduplicates = 0.05"));
    let loaded = eclosion::scenario::load_text(
        "study.toml",
        &format!("scenario = 1\nstudy = {{ title = 't', aims = 'a', seed = 1, replicates = 10 }}\n{text}"),
        &[],
    );
    let scenario = loaded.scenario.unwrap();
    let mut problems = loaded.problems;
    let prepared = scenario.check_all(&mut problems).unwrap().remove(0).1;
    let seen = see(&prepared, 0..3);
    assert_ne!(records(&seen)[0], records(&seen)[1]);
    let streams = eclosion::streams::Streams::new(1, eclosion::streams::Space::Method);
    let lane = eclosion::streams::Lane {
        purpose: eclosion::streams::Purpose::named("m"),
        occasion: 0,
        replicate: 0,
        stratum: 0,
    };
    let mut fits: Vec<Vec<Box<dyn analyze::Fit>>> = Vec::new();
    for target in &prepared.targets {
        fits.push(
            scenario
                .methods
                .iter()
                .filter_map(|m| m.method.as_ref().bind(target, prepared.survey.schema()).ok())
                .collect(),
        );
    }
    for r in [0, 1, 2, 0] {
        let rows = seen.observed.starts[r]..seen.observed.starts[r + 1];
        let waves: Vec<Vec<f64>> = (1..=3).map(|w| seen.answers("well", w)[rows.clone()].to_vec()).collect();
        let ratio = |of: &dyn Fn(usize) -> bool, hit: &dyn Fn(usize) -> bool| {
            let of: Vec<usize> = (0..rows.len()).filter(|i| of(*i)).collect();
            of.iter().filter(|i| hit(**i)).count() as f64 / of.len() as f64
        };
        let answered = |w: usize, i: usize| !waves[w][i].is_nan();
        let carried = |i: usize| (0..3).rev().map(|w| waves[w][i]).find(|v| !v.is_nan());
        let all = |i: usize| (0..3).all(|w| answered(w, i));
        let yes = |i: usize| waves[2][i] == 1.0;
        let mut answer = |e: usize, m: usize| {
            fits[e][m].fit(&seen.observed.replicate(r), &mut streams.own(&lane, 0)).unwrap().estimate
        };
        let close = |a: f64, b: f64| assert!((a - b).abs() < 1e-12, "{a} {b}");
        close(answer(0, 0), ratio(&|i| answered(2, i), &yes));
        close(answer(0, 1), ratio(&all, &yes));
        close(answer(0, 2), ratio(&|i| carried(i).is_some(), &|i| carried(i) == Some(1.0)));
        // With an empty model all that still answer weigh the same.
        close(answer(0, 3), ratio(&all, &yes));
        close(answer(1, 0), ratio(&|i| waves[0][i] == 0.0 && answered(2, i), &yes));
        close(answer(1, 1), ratio(&|i| waves[0][i] == 0.0 && all(i), &yes));
    }
}

#[test]
fn a_cohort_in_parts_is_not_joined() {
    let prepared = study(&panel(30, 2, "", "lost = 0.1"));
    let streams = eclosion::streams::Streams::new(1, eclosion::streams::Space::Study);
    let truth = prepared.truth.simulate(&streams, 0..1, &mut eclosion::simulate::Scratch::default()).unwrap();
    let mut scratch = eclosion::observe::Scratch::default();
    assert!(prepared.survey.observe_part(&truth, 0..10, &streams, Keep::Cells, &mut scratch).unwrap().is_none());
}

#[test]
fn single_interviews_follow_their_records() {
    let text = panel(60, 2, "", "lost = 0.3\nduplicates = 0.1")
        .replace("count = 2 }", "count = 2 }, visits = 'poisson(mean = 1.5)'");
    let text = text
        .replace("'1 year', waves = { every = '1 year'", "'1 month', waves = { every = '12 months'")
        .replace("per = '1 year'", "per = '1 month'");
    let seen = seen(&text, 2);
    assert!(!seen.observed.visits.is_empty());
    let y = seen.observed.schema.item("y").unwrap();
    for r in 0..seen.rows() {
        for wave in 0..2 {
            let held: Vec<_> = seen.observed.visits.iter().filter(|v| v.wave == wave && v.took_place[r]).collect();
            assert_eq!(!held.is_empty(), seen.observed.attended[wave][r]);
            // The answer that stands for the wave is the last one given in it.
            if let Some(last) = held.last() {
                let (AnswerColumn::Number(a), AnswerColumn::Number(b)) =
                    (&last.answers[y], &seen.observed.answers[y][wave])
                else {
                    panic!()
                };
                assert_eq!(a[r], b[r]);
            }
        }
    }
}

fn any_linkage() -> impl Strategy<Value = String> {
    let p = || (0..=10_u32).prop_map(|tenths| f64::from(tenths) / 10.0);
    let lost_at = prop_oneof![Just("[]"), Just("[2]"), Just("[2, 3]")];
    let numbers = (p(), p(), p(), p(), p(), lost_at).prop_map(|(lost, typing, twice, merged, wrong, at)| {
        format!(
            "kind = 'numbers'\nlost = '{lost} * (1 - 0.5 * well)'\ntyping = {typing}\nduplicates = {twice}\n\
             merged = {merged}\nfalse_match = {wrong}\nall_lost_at = {at}\n"
        )
    });
    let codes = (p(), 0..3_usize).prop_map(|(error, allow)| {
        format!(
            "kind = 'codes'\nelements = [{{ name = 'a', values = 90 }}, {{ name = 'b', values = 90 }}, {{ name = 'c', weights = [3, 1] }}]\n\
             error = 'beta(a = 0.2, b = 0.1 + {error})'\nallow = {allow}\n"
        )
    });
    prop_oneof![numbers, codes]
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 60,
        failure_persistence: None,
        rng_seed: proptest::test_runner::RngSeed::Fixed(20_101),
        ..ProptestConfig::default()
    })]

    #[test]
    fn truth_audit_and_links_are_the_observed_data(linkage in any_linkage(), missed in 0..=10_u32, seed in 0..1000_u64) {
        let away = format!("[[survey.loss]]\nkind = 'intermittent'\nfrom_wave = 1\nprobability = 0.{}\n", missed.min(9));
        let text = panel(40, 3, &away, "").replace("kind = 'numbers'\n", &linkage);
        let prepared = study(&text);
        let all = try_see(&prepared, seed, 3..6, Keep::Cells).map_err(|p| TestCaseError::fail(p.message))?;
        check(&all, linkage.contains("duplicates"));
        // Draws go by address: the second replicate alone is the same, row for row.
        let one = try_see(&prepared, seed, 4..5, Keep::Answers).map_err(|p| TestCaseError::fail(p.message))?;
        let rows = all.observed.starts[1]..all.observed.starts[2];
        prop_assert_eq!(rows.len(), one.rows());
        let bits = |list: &[f64]| list.iter().map(|v| v.to_bits()).collect::<Vec<_>>();
        for wave in 1..=3 {
            prop_assert_eq!(bits(&all.answers("y", wave)[rows.clone()]), bits(&one.answers("y", wave)));
            let behind = all.audit.links[wave - 1][rows.clone()].iter().map(|p| p.checked_sub(40).filter(|_| *p != u32::MAX));
            let there = one.audit.links[wave - 1].iter().map(|p| Some(*p).filter(|_| *p != u32::MAX));
            prop_assert!(behind.eq(there));
        }
        for (element, own) in all.observed.elements.iter().zip(&one.observed.elements) {
            prop_assert_eq!(&element[0][rows.clone()], &own[0][..]);
        }
    }
}
