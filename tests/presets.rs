//! The presets in `scenarios/presets/` reproduce the published figures that their headers name, within 4 Monte Carlo
//! standard errors. These figures, or numbers fitted to them, are their parameters: agreement shows that the mechanisms do
//! with them what they say, and predicts nothing.

use eclosion::observe;
use eclosion::scenario::{self, Prepared};
use eclosion::simulate;
use eclosion::streams::{Space, Streams};
use eclosion::tables::{Audit, ObservedBatch, Truth};
use std::fs;
use std::path::Path;

/// A preset with some of its text replaced, under its first condition.
fn preset(name: &str, replacements: &[(&str, &str)]) -> Prepared {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/presets").join(name);
    let mut text = fs::read_to_string(path).expect("the preset is there");
    for (from, to) in replacements {
        assert!(text.contains(from), "{name} has no `{from}`");
        text = text.replace(from, to);
    }
    let loaded = scenario::load_text(name, &text, &[]);
    let mut problems = loaded.problems;
    let conditions = loaded.scenario.and_then(|scenario| scenario.check_all(&mut problems));
    let conditions = conditions.unwrap_or_else(|| panic!("{:?}", problems.list()));
    conditions.into_iter().next().expect("a condition").1
}

fn see(prepared: &Prepared, replicates: u64) -> (Truth, ObservedBatch, Audit) {
    let streams = Streams::new(77, Space::Study);
    let truth = prepared.truth.simulate(&streams, 0..replicates, &mut simulate::Scratch::default()).expect("it runs");
    let survey = &prepared.survey;
    let (observed, audit) =
        survey.observe(&truth, &streams, observe::Keep::Cells, &mut observe::Scratch::default()).expect("it runs");
    (truth, observed, audit)
}

/// `part` of `whole` independent cases agree with a published share.
fn agrees(what: &str, part: u64, whole: u64, published: f64) {
    let share = part as f64 / whole as f64;
    let error = (published * (1.0 - published) / whole as f64).sqrt();
    assert!((share - published).abs() <= 4.0 * error, "{what}: {share}, published {published} ({error})");
}

/// Persons who are interviewed at a wave (from 0), from the reasons of the first item's cells.
fn present(audit: &Audit, wave: usize) -> Vec<bool> {
    let reason = |code: &u8| eclosion::tables::Reason::of_code(*code).expect("a reason").of_missing();
    audit.cells[0][wave].iter().map(|code| matches!(reason(code), None | Some("refused"))).collect()
}

fn yes(all: &[bool]) -> u64 {
    all.iter().filter(|b| **b).count() as u64
}

#[test]
fn the_national_panel_loses_and_regains_as_published() {
    let (_, _, audit) = see(&preset("hilda_like.toml", &[]), 4);
    let of_first = [86.9, 82.1, 78.6, 78.1, 76.6, 74.0, 72.5, 72.1, 70.8, 69.8, 68.6, 67.4, 66.5, 65.6, 64.6, 63.7];
    let of_last = [86.9, 90.4, 91.6, 94.4, 94.9, 94.7, 95.2, 96.3, 96.4, 96.5, 95.3, 95.5, 96.1, 96.5, 96.7, 96.4];
    for wave in 1..17 {
        let (before, now) = (present(&audit, wave - 1), present(&audit, wave));
        agrees(&format!("of wave 1, wave {}", wave + 1), yes(&now), now.len() as u64, of_first[wave - 1] / 100.0);
        let both: Vec<bool> = before.iter().zip(&now).map(|(a, b)| *a && *b).collect();
        agrees(&format!("wave on wave {}", wave + 1), yes(&both), yes(&before), of_last[wave - 1] / 100.0);
    }
}

#[test]
fn homeless_youth_are_kept_as_published() {
    let (_, _, audit) = see(&preset("homeless_youth.toml", &[]), 100);
    for (wave, published) in [(1, 0.88), (2, 0.86), (3, 0.82)] {
        let now = present(&audit, wave);
        agrees(&format!("wave {}", wave + 1), yes(&now), now.len() as u64, published);
    }
}

/// Of those who were seen twice in a row, how many have one record for both.
fn joined(observed: &ObservedBatch, audit: &Audit, from: usize, to: usize) -> (u64, u64) {
    let nobody = u32::MAX;
    let (before, after) = (&audit.links[from], &audit.links[to]);
    let persons = audit.cells[0][from].len();
    let mut record_before = vec![usize::MAX; persons];
    let rows = observed.group.len();
    for row in (0..rows).filter(|row| before[*row] != nobody) {
        record_before[before[row] as usize] = row;
    }
    let mut counts = (0, 0);
    for row in (0..rows).filter(|row| after[*row] != nobody) {
        let record = record_before[after[row] as usize];
        counts.1 += u64::from(record != usize::MAX);
        counts.0 += u64::from(record == row);
    }
    counts
}

#[test]
fn anonymous_codes_match_as_published() {
    // Everybody is there, so that neighbouring waves compare neighbouring codes.
    let everybody = ("stay_06 = { value = 0.80", "stay_06 = { value = 1.0");
    let everybody = [everybody, ("stay_18 = { value = 0.73", "stay_18 = { value = 1.0")];
    for (allow, published) in [("allow = 0", 0.71), ("allow = 1", 0.88)] {
        let [a, b] = everybody;
        let (_, observed, audit) = see(&preset("anonymous_codes.toml", &[a, b, ("allow = 1", allow)]), 8);
        let (same, both) = joined(&observed, &audit, 0, 1);
        agrees(allow, same, both, published);
    }
}

#[test]
fn pupils_are_kept_as_published() {
    let (_, _, audit) = see(&preset("anonymous_codes.toml", &[]), 20);
    for (wave, published) in [(1, 0.80), (3, 0.73)] {
        let now = present(&audit, wave);
        agrees(&format!("wave {}", wave + 1), yes(&now), now.len() as u64, published);
    }
}

#[test]
fn a_trusting_small_cohort_is_kept_and_covered_as_published() {
    let replicates = 200;
    let (_, observed, audit) = see(&preset("trusting_small_cohort.toml", &[]), replicates);
    let persons = audit.cells[0][0].len() as u64;
    let dropped = |wave: usize| audit.cells[0][wave].iter().filter(|c| **c == 1).count() as u64;
    agrees("still in contact after four years", persons - dropped(3), persons, 109.0 / 128.0);
    let covered: u64 = (0..4).map(|wave| yes(&present(&audit, wave))).sum();
    let coverage = covered as f64 / (4 * persons) as f64;
    assert!((0.75..=0.82).contains(&coverage), "coverage of person-years: {coverage}");
    let interviews: u64 = observed.visits.iter().map(|v| yes(&v.took_place)).sum();
    let a_year = interviews as f64 / (4 * persons) as f64;
    assert!((2.0..=3.0).contains(&a_year), "interviews a year: {a_year}");
}

/// With trust alone (no mood, no interviewer) a true yes is told with probability 0.5 at first and 0.8 after 8 contacts.
#[test]
fn trust_makes_answers_truer_by_as_much_as_the_preset_says() {
    let alone = [("expit(logit(told_first) + trust + mood + asker)", "expit(logit(told_first) + trust)")];
    let quiet = [
        ("[effects]\nasker = { of = \"interviewer\", icc = \"icc\" }\n", ""),
        ("[survey]\nmood = \"normal(mean = 0, sd = day)\"\n", ""),
    ];
    let unused = [("day = { value = 0.5, about", "# "), ("icc = { value = 0.03, about", "# ")];
    let all: Vec<(&str, &str)> = alone.into_iter().chain(quiet).chain(unused).collect();
    let (truth, observed, audit) = see(&preset("trusting_small_cohort.toml", &all), 400);
    let hurt = truth.at(truth.schema.variable("hurt").expect("it is there"), 0);
    let mut contacts = vec![0_u32; truth.group.len()];
    let (mut first, mut late) = ((0, 0), (0, 0));
    for visit in &observed.visits {
        for row in (0..observed.group.len()).filter(|row| visit.took_place[*row]) {
            let person = audit.links[visit.wave][row] as usize;
            let told = match &visit.answers[0] {
                eclosion::tables::observed::AnswerColumn::Coded(codes) => codes[row] == 1,
                eclosion::tables::observed::AnswerColumn::Number(_) => unreachable!("a yes/no item"),
            };
            if hurt.value(person) == 1.0 {
                match contacts[person] {
                    0 => first = (first.0 + u64::from(told), first.1 + 1),
                    8 => late = (late.0 + u64::from(told), late.1 + 1),
                    _ => {}
                }
            }
            contacts[person] += 1;
        }
    }
    agrees("at the first contact", first.0, first.1, 0.5);
    agrees("after 8 contacts", late.0, late.1, 0.8);
}
