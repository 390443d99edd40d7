//! What surrounds an interview: mood, the team and its effects, trust, others who are present.

use crate::common::*;
use std::f64::consts::PI;

const YEARS: &str = "time = { step = '1 year', waves = { every = '1 year', count = 4 } }\n";
const MANY: &str = "[[group]]\nname = 'all'\nsize = 5000\n";
const VISITS: &str =
    "time = { step = '1 month', waves = { every = '1 year', count = 4 }, visits = 'poisson(mean = 1.5)' }\n";

fn yes(seen: &Seen, item: &str, wave: usize) -> Vec<bool> {
    seen.answers(item, wave).iter().map(|v| *v == 1.0).collect()
}

fn expit(x: f64) -> f64 {
    1.0 / (1.0 + libm::exp(-x))
}

/// E[expit(a + m)] and E[expit(a + m)^2] over a normal mood, by the trapezoid rule.
#[test]
fn a_mood_moves_the_items_of_an_interview_together() {
    let (a, sd) = (0.3, 1.2);
    let expected = |power: i32| -> f64 {
        let step = 0.01;
        let density = |z: f64| libm::exp(-0.5 * z * z) / libm::sqrt(2.0 * PI);
        (-800..=800)
            .map(|k| f64::from(k) * step)
            .map(|z| step * density(z) * libm::pow(expit(a + sd * z), f64::from(power)))
            .sum()
    };
    let text = format!(
        "{YEARS}{MANY}[state.x]\nstarts = 1\n[state.y]\nstarts = 1\n[survey]\nmood = 'normal(mean = 0, sd = {sd})'\n\
         [survey.items]\nx = {{ sensitivity = 'expit({a} + mood)' }}\ny = {{ sensitivity = 'expit({a} + mood)' }}\n"
    );
    let seen = seen(&text, 20);
    let (x, y, later) = (yes(&seen, "x", 1), yes(&seen, "y", 1), yes(&seen, "x", 2));
    assert_share(share(seen.rows(), |_| true, |i| x[i]), expected(1));
    assert_share(share(seen.rows(), |_| true, |i| x[i] && y[i]), expected(2));
    assert_share(share(seen.rows(), |_| true, |i| x[i] && later[i]), expected(1) * expected(1));
    let moods = seen.audit.circumstances.iter().find(|c| c.wave == 2).unwrap();
    assert_mean(&moods.mood, 0.0);
    assert!(moods.trust.is_empty());
}

/// The share of the variance of the latent log-odds, or of a number, that lies between interviewers.
#[test]
fn an_icc_is_the_share_of_variance_between_interviewers() {
    let text = format!(
        "{YEARS}[[group]]\nname = 'all'\nsize = 60\n[attributes]\na = 0\nb = 0\n[effects]\n\
         asker = {{ of = 'interviewer', count = 3, icc = 0.17 }}\n\
         tester = {{ of = 'interviewer', count = 3, icc = '1/10', residual_sd = 3 }}\n\
         [survey.items]\na = {{ error = 'constant(value = asker)' }}\nb = {{ error = 'normal(mean = tester, sd = 3)' }}\n"
    );
    let seen = seen(&text, 2000);
    let (a, b) = (seen.answers("a", 1), seen.answers("b", 1));
    let mut squares = Vec::new();
    let mut products = Vec::new();
    for r in 0..2000 {
        let rows = seen.truth.rows(r);
        let mut effects = a[rows.clone()].to_vec();
        effects.sort_by(f64::total_cmp);
        effects.dedup();
        squares.extend(effects.iter().map(|e| e * e));
        // The first two persons of the same interviewer.
        let first = rows.start;
        if let Some(other) = rows.clone().skip(1).find(|i| a[*i] == a[first]) {
            products.push(b[first] * b[other]);
        }
    }
    let v = 0.17 / 0.83 * PI * PI / 3.0;
    assert_mean(&squares, v);
    assert!((v / (v + PI * PI / 3.0) - 0.17).abs() < 1e-12);
    // Covariance of two persons with the same interviewer, out of a variance of 9 + 1.
    assert_mean(&products, 1.0);
    assert_mean(&b.iter().map(|b| b * b / 10.0).collect::<Vec<_>>(), 1.0);
}

#[test]
fn no_variance_between_interviewers() {
    let text = format!(
        "{YEARS}[[group]]\nname = 'all'\nsize = 60\n[attributes]\na = 0\n[effects]\n\
         asker = {{ of = 'interviewer', count = 3, icc = 0 }}\n[survey.items]\na = {{ error = 'constant(value = asker)' }}\n"
    );
    assert!(seen(&text, 2).answers("a", 1).iter().all(|v| *v == 0.0));
}

/// The interviewer of the last interview comes again with 0.8 + 0.2 / 4, whenever that was.
#[test]
fn the_same_interviewer_comes_again() {
    let text = format!(
        "{YEARS}{MANY}[attributes]\na = 0\nb = 0\n[effects]\nasker = {{ of = 'interviewer', law = 'normal(mean = 0, sd = 1)' }}\n\
         [survey.team]\ncount = 4\nstays = 0.8\n\
         [survey.items]\na = {{ error = 'constant(value = same_interviewer)' }}\nb = {{ error = 'constant(value = asker)' }}\n\
         [[survey.loss]]\nkind = 'intermittent'\nprobability = 0.3\nfrom_wave = 1\n"
    );
    let seen = seen(&text, 10);
    assert_eq!(seen.observed.schema.interviewers, 4);
    assert_eq!(seen.observed.visits.len(), 4);
    let mut last: Vec<Option<u16>> = vec![None; seen.rows()];
    let mut effect_of = std::collections::BTreeMap::new();
    for (wave, visit) in seen.observed.visits.iter().enumerate() {
        let (same, effect) = (seen.answers("a", wave + 1), seen.answers("b", wave + 1));
        assert_eq!(visit.took_place, seen.attended(wave + 1));
        let here = |i: usize| visit.took_place[i];
        for i in (0..seen.rows()).filter(|i| here(*i)) {
            let who = visit.interviewer[i];
            assert_eq!(same[i], f64::from(last[i] == Some(who)));
            let known = *effect_of.entry((i / 5000, who)).or_insert(effect[i]);
            assert_eq!(known, effect[i], "the effect is the interviewer's");
        }
        for who in 0..4 {
            assert_share(share(seen.rows(), here, |i| visit.interviewer[i] == who), 0.25);
        }
        if wave > 0 {
            assert_share(share(seen.rows(), |i| here(i) && last[i].is_some(), |i| same[i] == 1.0), 0.85);
        }
        for i in (0..seen.rows()).filter(|i| here(*i)) {
            last[i] = Some(visit.interviewer[i]);
        }
    }
    assert_eq!(effect_of.len(), 40);
}

/// Without `stays` by chance; with a formula for those for whom it holds.
#[test]
fn who_stays_may_depend_on_the_person() {
    let people = format!(
        "{YEARS}{MANY}[attributes]\nfar = 'bernoulli(p = 0.5)'\n[survey.items]\nfar = {{}}\n[survey.team]\ncount = 5\n"
    );
    for (stays, near, far) in [("", 0.2, 0.2), ("stays = '1 - far'\n", 1.0, 0.2)] {
        let seen = seen(&format!("{people}{stays}"), 4);
        let is_far = seen.truth("far", 1);
        let (one, two) = (&seen.observed.visits[1].interviewer, &seen.observed.visits[2].interviewer);
        for (of, want) in [(0.0, near), (1.0, far)] {
            assert_share(share(seen.rows(), |i| is_far[i] == of, |i| one[i] == two[i]), want);
        }
    }
}

/// Trust by hand, interview after interview, from who came, who was present and which waves were missed.
#[test]
fn trust_grows_and_falls() {
    let survey = "[attributes]\na = 0\n[survey]\nothers_present = 0.4\n[survey.team]\ncount = 3\nstays = 0.5\n\
                  [survey.trust]\nstart = 'normal(mean = 1, sd = 0.5)'\nper_contact = 0.5\nsame_interviewer = 0.25\n\
                  per_missed_wave = 0.3\nfalls = { probability = 'others_present', by = 0.7 }\n\
                  [survey.items]\na = { error = 'constant(value = trust)' }\n\
                  [[survey.loss]]\nkind = 'intermittent'\nprobability = 0.4\nfrom_wave = 1\n";
    for time in [YEARS, VISITS] {
        let seen = seen(&format!("{time}[[group]]\nname = 'all'\nsize = 500\n{survey}"), 2);
        let mut trust = vec![f64::NAN; seen.rows()];
        let mut last: Vec<Option<u16>> = vec![None; seen.rows()];
        let mut starts = Vec::new();
        for wave in 0..4 {
            for visit in seen.observed.visits.iter().filter(|v| v.wave == wave) {
                let told = values(&visit.answers[0], None);
                let kept =
                    seen.audit.circumstances.iter().find(|c| (c.wave, c.number) == (wave, visit.number)).unwrap();
                assert!(kept.mood.is_empty());
                for i in 0..seen.rows() {
                    if !visit.took_place[i] {
                        assert!(told[i].is_nan() && kept.trust[i].is_nan());
                        continue;
                    }
                    if last[i].is_none() {
                        trust[i] = told[i];
                        starts.push(told[i]);
                    }
                    trust[i] += if last[i] == Some(visit.interviewer[i]) { 0.25 } else { 0.0 };
                    assert!((told[i] - trust[i]).abs() < 1e-9, "{} and not {}", told[i], trust[i]);
                    assert_eq!(told[i], kept.trust[i]);
                    trust[i] += 0.5 - 0.7 * f64::from(visit.others_present[i]);
                    last[i] = Some(visit.interviewer[i]);
                }
            }
            for i in 0..seen.rows() {
                trust[i] -= if last[i].is_some() && !seen.attended(wave + 1)[i] { 0.3 } else { 0.0 };
            }
        }
        assert_mean(&starts, 1.0);
        assert_mean(&starts.iter().map(|s| (s - 1.0) * (s - 1.0)).collect::<Vec<_>>(), 0.25);
    }
}

/// Losses read the trust of before the wave: 0.2, then 0.5 more for each interview.
#[test]
fn whoever_trusts_stays() {
    let text = format!(
        "{YEARS}{MANY}[state.x]\nstarts = 1\n[survey.trust]\nstart = 0.2\nper_contact = 0.5\n\
         [[survey.loss]]\nkind = 'dropout'\nprobability = '0.9 - 0.5*trust'\nfrom_wave = 1\n"
    );
    let seen = seen(&text, 4);
    for (wave, lost) in [(1, 0.8), (2, 0.55), (3, 0.3), (4, 0.05)] {
        let here = |i: usize| wave == 1 || seen.attended(wave - 1)[i];
        assert_share(share(seen.rows(), here, |i| !seen.attended(wave)[i]), lost);
    }
}

/// Disclosure by presence and by setting, with what the analyst sees of it.
#[test]
fn disclosure_depends_on_who_is_present_and_where() {
    let text = format!(
        "{YEARS}{MANY}[state.x]\nstarts = 1\n[state.setting]\nlevels = ['shelter', 'community']\n\
         starts = 'categorical(shelter = 0.5, community = 0.5)'\n\
         [survey]\nothers_present = \"0.1 + 0.5*(setting == 'community')\"\n\
         [survey.items]\nx = {{}}\n[[survey.answer]]\nkind = 'nondisclosure'\n\
         probability = \"0.1 + 0.3*others_present + 0.2*(setting == 'shelter')\"\n"
    );
    let seen = seen(&text, 10);
    let setting = seen.truth("setting", 3);
    let told = yes(&seen, "x", 3);
    let visit = &seen.observed.visits[2];
    assert!(visit.interviewer.is_empty() && seen.observed.schema.interviewers == 0);
    for (of, present, kept) in [(0.0, 0.1, 0.3), (1.0, 0.6, 0.1)] {
        assert_share(share(seen.rows(), |i| setting[i] == of, |i| visit.others_present[i] == 1), present);
        for others in [0, 1] {
            let who = |i: usize| setting[i] == of && visit.others_present[i] == others;
            assert_share(share(seen.rows(), who, |i| !told[i]), kept + 0.3 * f64::from(others));
        }
    }
}

/// Who is present and who comes stands in the table of interviews; trust stands nowhere.
#[test]
fn what_an_analyst_knows_of_an_interview() {
    use eclosion::observe::Missingness::{Mar, Mnar};
    for (reads, class, words) in [
        ("others_present", Mar, "whether others were present"),
        ("same_interviewer", Mar, "whether the interviewer came again"),
        ("trust", Mnar, "trust so far"),
    ] {
        let text = format!(
            "{YEARS}{MANY}[state.x]\nstarts = 1\n[survey]\nothers_present = 0.5\n[survey.team]\ncount = 2\n\
             [survey.trust]\nstart = 'uniform(low = 0, high = 1)'\n[survey.items]\nx = {{ nonresponse = '0.5 * {reads}' }}\n"
        );
        let prepared = study(&text);
        let report = &prepared.survey.mechanisms()[0];
        assert_eq!((report.missingness, report.reads.as_slice()), (Some(class), [words.to_owned()].as_slice()));
    }
}

/// A rate that comes out below 0 stops the study.
#[test]
fn a_rate_of_forgetting_is_not_negative() {
    let text = format!(
        "{YEARS}{MANY}[attributes]\nz = 'normal(mean = 0, sd = 1)'\n[state.x]\nstarts = 1\non = {{ rate = 0 }}\n\
         [[survey.answer]]\nkind = 'forgetting'\nitems = ['x']\nrate = 'z'\n"
    );
    let stopped = try_see(&study(&text), 1, 0..1, Keep::Answers).err().unwrap();
    assert_eq!(stopped.code, "R0002");
    assert!(stopped.message.starts_with("`1 - exp(-(z) * since(x))` is -"), "{}", stopped.message);
}

/// Single interviews are kept only where there is something to keep of them.
#[test]
fn a_plain_survey_keeps_no_interviews() {
    let seen = seen(&format!("{YEARS}[[group]]\nname = 'all'\nsize = 20\n[state.x]\nstarts = 0.5\n"), 1);
    assert!(seen.observed.visits.is_empty() && seen.audit.circumstances.is_empty());
}
