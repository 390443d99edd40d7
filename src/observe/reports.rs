//! What each mechanism reads, and what that makes it for an analyst who knows what is recorded.

use super::link::{FALSE_MATCH, MISSED_MATCH};
use super::missingness::{Known, MechanismReport, classify};
use super::plan::{Answer, Item, Loss, Plan};
use super::scope::{Meaning, SurveyScope};
use crate::distribution::Law;
use crate::rules::Rule;

/// What an analyst knows for certain when a wave is lost, and when an answer of an interview is.
fn known(plan: &Plan) -> (Known, Known) {
    let waves = plan.truth.waves.len();
    let asked = |i: &&Item| i.instrument.is_always(waves);
    let as_true = |i: &&Item| matches!(i.answer, Answer::AsTrue) && i.non_response.is_empty() && i.steps.is_empty();
    let single = plan.visits.is_none();
    let recorded: Vec<usize> =
        plan.items.iter().filter(asked).filter(as_true).filter(|_| single).map(|i| i.variable).collect();
    // A record that holds interviews of several persons does not know what was so of each of them before.
    let linkage = plan.linkage.as_ref();
    let mixed = linkage.is_some_and(|l| l.mixes_persons());
    let no_gaps = !mixed && !linkage.is_some_and(|l| l.leaves_gaps());
    let no_gaps = no_gaps && plan.losses.iter().all(|l| !l.work.leaves_gaps());
    let at_last_wave = if no_gaps { recorded.clone() } else { Vec::new() };
    // Everybody is asked at the first wave, and an attribute stays as it was told there.
    let all_start = !mixed && plan.losses.iter().all(|l| l.work.first_wave() > 0);
    let told = recorded.iter().filter(|v| all_start && !plan.truth.variables[**v].changes);
    let baseline = || plan.baseline.iter().filter(|_| !mixed);
    let of_wave = baseline().chain(told).copied().collect();
    // Whoever leaves one question open has answered those that nobody leaves open.
    let of_item = baseline().chain(&recorded).copied().collect();
    let of_wave = Known { now: of_wave, at_last_wave: at_last_wave.clone() };
    (of_wave, Known { now: of_item, at_last_wave })
}

/// What an analyst knows of those on whom a loss works, out of what is known of those who are present.
fn known_to(loss: &Loss, plan: &Plan, of_wave: &Known) -> Known {
    let somebody_is_away = plan.losses.iter().any(|l| !l.work.is_for_good());
    if loss.work.erases() {
        // It goes by age, and nothing that was recorded of the person is left.
        return Known::default();
    }
    let mut known = of_wave.clone();
    if loss.work.works_on_absent() && somebody_is_away {
        known.at_last_wave.clear();
    }
    known
}

/// What each mechanism reads, in the order in which they are counted.
pub(super) fn reports(plan: &Plan, scope: &SurveyScope<'_>) -> Vec<MechanismReport> {
    let (of_wave, of_item) = known(plan);
    let judge = |name: String, meanings: &[Meaning], known: &Known, loses: bool| {
        let (class, reads) = classify(meanings, scope.truth, &scope.items, known);
        MechanismReport { name, reads, missingness: loses.then_some(class) }
    };
    let slots_of = |rules: &[&Rule], laws: &[&Law]| {
        let mut slots: Vec<u32> = Vec::new();
        for rule in rules {
            let own = rule.slots().iter().enumerate().filter(|(k, _)| Some(*k) != rule.selector());
            slots.extend(own.map(|(_, slot)| *slot));
        }
        slots.extend(laws.iter().flat_map(|l| l.slots().iter().copied()));
        slots
    };
    let meanings_of = |slots: &[u32]| {
        let mut meanings: Vec<Meaning> = Vec::new();
        for meaning in slots.iter().filter_map(|slot| scope.slots.meaning(*slot)) {
            if !meanings.contains(&meaning) {
                meanings.push(meaning);
            }
        }
        meanings
    };
    let report = |name: String, rules: &[&Rule], laws: &[&Law], known: &Known, loses: bool| {
        judge(name, &meanings_of(&slots_of(rules, laws)), known, loses)
    };
    let mut reports: Vec<MechanismReport> = Vec::new();
    for loss in &plan.losses {
        let known = known_to(loss, plan, &of_wave);
        for part in loss.work.parts() {
            let mut meanings = meanings_of(&slots_of(&part.rules, &[]));
            meanings.extend(loss.work.reads());
            reports.push(judge(format!("{}{}", loss.name, part.suffix), &meanings, &known, true));
        }
    }
    for item in &plan.items {
        if let Some(skip) = &item.instrument.skip {
            let name = format!("skip of {}", scope.truth.variables[item.variable].name);
            reports.push(report(name, &[&skip.rule], &[], &of_item, skip.otherwise.is_none()));
        }
    }
    for item in &plan.items {
        let name = &scope.truth.variables[item.variable].name;
        for rule in &item.non_response {
            reports.push(report(format!("item_non_response of {name}"), &[rule], &[], &of_item, true));
        }
        match &item.answer {
            Answer::AsTrue => {}
            Answer::Chance(rule) => {
                reports.push(report(format!("misclassification of {name}"), &[rule], &[], &of_item, false));
            }
            Answer::Error(law, _) => {
                reports.push(report(format!("measurement_error of {name}"), &[], &[law], &of_item, false));
            }
        }
        for step in &item.steps {
            reports.push(report(format!("{} of {name}", step.name), &step.work.rules(), &[], &of_item, false));
        }
    }
    if let Some(linkage) = &plan.linkage {
        for name in [MISSED_MATCH, FALSE_MATCH] {
            reports.push(MechanismReport { name: name.to_owned(), reads: Vec::new(), missingness: None });
        }
        for mechanism in linkage.mechanisms() {
            let name = format!("linkage: {}", mechanism.name);
            reports.push(judge(name, &meanings_of(&mechanism.slots), &of_wave, mechanism.loses));
        }
    }
    for source in plan.comments.iter().flat_map(|comments| &comments.sources) {
        let laws = source.laws().flat_map(|law| law.slots().iter().copied());
        let slots: Vec<u32> = laws.chain(source.programs().flat_map(|p| p.slots().iter().copied())).collect();
        reports.push(judge(format!("comments on {}", source.name), &meanings_of(&slots), &of_item, false));
    }
    for set in &plan.sets {
        reports.push(report(set.mechanism_name(), &[&set.rule], &[], &of_wave, true));
    }
    reports
}
