//! What interviews share, trust, memory and several visits in a wave, against closed forms.

use crate::common::*;
use eclosion::tables::Reason;

const YEARLY: &str = "time = { step = '1 year', waves = { every = '1 year', count = 4 } }\n";
const MONTHLY: &str = "time = { step = '1 month', waves = { every = '1 year', count = 4 }, visits = 'VISITS' }\n";
const MANY: &str = "[[group]]\nname = 'all'\nsize = 5000\n";

fn expit(x: f64) -> f64 {
    1.0 / (1.0 + libm::exp(-x))
}

fn yes(seen: &Seen, item: &str, wave: usize) -> Vec<bool> {
    seen.answers(item, wave).iter().map(|v| *v == 1.0).collect()
}

/// Sensitivity grows with the interviews so far, not with the waves.
#[test]
fn trust_grows_with_contacts() {
    let item = "[state.x]\nstarts = 0.3\n[survey.items]\nx = { sensitivity = 'expit(logit(0.5) + 0.4*contacts)' }\n";
    let all = seen(&format!("{YEARLY}{MANY}{item}"), 20);
    let told = |contacts: f64| 0.3 * expit(0.4 * contacts);
    for wave in 1..=4 {
        let yes = yes(&all, "x", wave);
        assert_share(share(all.rows(), |_| true, |i| yes[i]), told(wave as f64 - 1.0));
    }
    let loss = "[[survey.loss]]\nkind = 'intermittent'\nprobability = 0.5\nfrom_wave = 1\n";
    let some = seen(&format!("{YEARLY}{MANY}{item}{loss}"), 20);
    let third = yes(&some, "x", 3);
    let want = 0.25 * told(0.0) + 0.5 * told(1.0) + 0.25 * told(2.0);
    assert_share(share(some.rows(), |i| some.attended(3)[i], |i| third[i]), want);
    let before = |i: usize| some.attended(1)[i] && some.attended(2)[i] && some.attended(3)[i];
    assert_share(share(some.rows(), before, |i| third[i]), told(2.0));
}

/// A uniform mood is the probability of yes: P(yes, yes) is 1/3 within an interview, 1/4 between interviews.
#[test]
fn a_mood_is_shared_within_an_interview_only() {
    let items = "[state.x]\nstarts = 1\n[state.y]\nstarts = 1\n[survey]\nmood = 'uniform(low = 0, high = 1)'\n\
                 [survey.items]\nx = { sensitivity = 'min(max(mood, 0), 1)' }\ny = { sensitivity = 'min(max(mood, 0), 1)' }\n";
    let seen = seen(&format!("{YEARLY}{MANY}{items}"), 40);
    let (x, y, later) = (yes(&seen, "x", 1), yes(&seen, "y", 1), yes(&seen, "x", 2));
    assert_share(share(seen.rows(), |_| true, |i| x[i]), 0.5);
    assert_share(share(seen.rows(), |_| true, |i| x[i] && y[i]), 1.0 / 3.0);
    assert_share(share(seen.rows(), |_| true, |i| x[i] && later[i]), 0.25);
    assert_share(share(seen.rows() / 2, |_| true, |i| x[2 * i] && y[2 * i + 1]), 0.25);
    let number = |list: &[bool]| list.iter().map(|v| f64::from(*v)).collect::<Vec<_>>();
    let (x, y) = (number(&x), number(&y));
    assert_mean(&by_replicate(&seen, |rows| correlation(&x[rows.clone()], &y[rows])), 1.0 / 3.0);
}

/// The mood itself, laid open by an error that is nothing else; also at the visits of one wave.
#[test]
fn a_mood_is_drawn_anew_for_each_interview() {
    let items = "[attributes]\na = 5\nb = 7\n[survey]\nmood = 'normal(mean = 0, sd = 2)'\n\
                 [survey.items]\na = { error = 'constant(value = mood)' }\nb = { error = 'constant(value = mood)' }\n";
    let seen = seen(&format!("{}{MANY}{items}", MONTHLY.replace("VISITS", "constant(value = 2)")), 4);
    let moods: Vec<Vec<f64>> = (0..2)
        .flat_map(|wave| (0..2).map(move |number| (wave, number)))
        .map(|(wave, number)| {
            let visit = seen.observed.visits.iter().find(|v| v.wave == wave && v.number == number).unwrap();
            let (a, b) = (values(&visit.answers[0], None), values(&visit.answers[1], None));
            for (a, b) in a.iter().zip(&b) {
                assert!((a - 5.0 - (b - 7.0)).abs() < 1e-12);
            }
            a.iter().map(|a| a - 5.0).collect()
        })
        .collect();
    for (k, mood) in moods.iter().enumerate() {
        assert_mean(mood, 0.0);
        assert_mean(&mood.iter().map(|m| m * m).collect::<Vec<_>>(), 4.0);
        for other in &moods[..k] {
            assert!(correlation(mood, other).abs() < 4.0 / libm::sqrt(mood.len() as f64));
        }
    }
}

/// An effect is laid open by an error that is nothing else.
#[test]
fn interviewers_have_an_effect_each() {
    let text = format!(
        "{YEARLY}[[group]]\nname = 'all'\nsize = 300\n[attributes]\na = 0\nb = 0\n\
         [effects]\nasker = {{ of = 'interviewer', count = 3, law = 'normal(mean = 1, sd = 2)' }}\n\
         [survey.items]\na = {{ error = 'constant(value = asker)' }}\nb = {{ error = 'constant(value = asker)' }}\n"
    );
    let seen = seen(&text, 200);
    let (first, second) = (seen.answers("a", 1), seen.answers("a", 2));
    assert_eq!(first, seen.answers("b", 1), "one interviewer asks all questions of an interview");
    let mut effects = Vec::new();
    for replicate in 0..200 {
        let rows = seen.truth.rows(replicate);
        let team = |list: &[f64]| {
            let mut team = list[rows.clone()].to_vec();
            team.sort_by(f64::total_cmp);
            team.dedup();
            team
        };
        assert_eq!(team(&first).len(), 3);
        assert_eq!(team(&first), team(&second), "the team stays");
        effects.extend(team(&first));
    }
    assert_mean(&effects, 1.0);
    assert_mean(&effects.iter().map(|e| (e - 1.0) * (e - 1.0)).collect::<Vec<_>>(), 4.0);
    assert_share(share(seen.rows(), |_| true, |i| first[i] == second[i]), 1.0 / 3.0);
    assert_share(share(seen.rows() / 2, |_| true, |i| first[2 * i] == first[2 * i + 1]), 1.0 / 3.0);
}

/// Sensitivity exp(-t/2), t years after the onset: P(onset at year s) is 0.3 * 0.7^(s - 1).
#[test]
fn memory_fades_with_time_since_the_event() {
    let text = format!(
        "{YEARLY}{MANY}[state.x]\nstarts = 0\non = {{ probability = 0.3, per = '1 year' }}\n\
         [survey.items]\nx = {{ sensitivity = 'exp(-0.5 * since(x))' }}\n"
    );
    let seen = seen(&text, 20);
    for wave in 1..=4_i32 {
        let years = wave - 1;
        let want: f64 =
            (1..=years).map(|s| 0.3 * libm::pow(0.7, f64::from(s - 1)) * libm::exp(-0.5 * f64::from(years - s))).sum();
        let told = yes(&seen, "x", wave as usize);
        assert_share(share(seen.rows(), |_| true, |i| told[i]), want);
    }
}

/// A state that is true from the start on: time since it became true is time since the start.
#[test]
fn time_since_a_true_start_is_time() {
    let text = format!(
        "{YEARLY}{MANY}[state.x]\nstarts = 1\noff = {{ rate = 0 }}\n\
         [survey.items]\nx = {{ sensitivity = 'exp(-0.5 * since(x))' }}\n"
    );
    let seen = seen(&text, 10);
    for wave in 1..=4 {
        let told = yes(&seen, "x", wave);
        assert_share(share(seen.rows(), |_| true, |i| told[i]), libm::exp(-0.5 * (wave as f64 - 1.0)));
    }
}

/// Visits by a Poisson law: their number, their moments, the wave's answer, and waves without any.
#[test]
fn visits_are_spread_over_the_year_before_a_wave() {
    let text = format!(
        "{}{MANY}[state.x]\nstarts = 0.5\non = {{ rate = 1 }}\noff = {{ rate = 1 }}\n\
         [survey.items]\nx = {{ nonresponse = 0.3 }}\n",
        MONTHLY.replace("VISITS", "poisson(mean = 2.8)")
    );
    let seen = seen(&text, 4);
    let (reasons, last) = (seen.reasons("x", 3), seen.answers("x", 3));
    let now = seen.truth("x", 3);
    let of_wave: Vec<_> = seen.observed.visits.iter().filter(|v| v.wave == 2).collect();
    let told: Vec<Vec<f64>> = of_wave.iter().map(|v| values(&v.answers[0], coding(&seen))).collect();
    let counts: Vec<f64> =
        (0..seen.rows()).map(|i| of_wave.iter().filter(|v| v.took_place[i]).count() as f64).collect();
    assert_mean(&counts, 2.8);
    assert_mean(&counts.iter().map(|n| (n - 2.8) * (n - 2.8)).collect::<Vec<_>>(), 2.8);
    assert_share(share(seen.rows(), |_| true, |i| reasons[i] == Reason::NoVisit as u8), libm::exp(-2.8));
    let mut changed = 0;
    for i in 0..seen.rows() {
        assert_eq!(seen.attended(3)[i], counts[i] > 0.0);
        assert_eq!(counts[i] == 0.0, reasons[i] == Reason::NoVisit as u8);
        let mut answer = (f64::NAN, 0.0);
        for (j, (visit, told)) in of_wave.iter().zip(&told).enumerate().take(counts[i] as usize) {
            let left = counts[i] as u32 - 1 - j as u32;
            let month = 24 - 12 * left / counts[i] as u32;
            assert!((visit.years[i] - f64::from(month) / 12.0).abs() < 1e-12);
            if !told[i].is_nan() {
                let then = &seen.truth.columns[0][month as usize];
                assert_eq!(told[i], then.value(i), "the truth of the visit is told");
                answer = (told[i], visit.years[i]);
            }
        }
        assert!(answer.0.to_bits() == last[i].to_bits(), "the last answer of the wave stands");
        let want = if counts[i] == 0.0 {
            Reason::NoVisit
        } else if answer.0.is_nan() {
            Reason::ItemNonResponse
        } else if answer.0 == now[i] {
            Reason::AsTrue
        } else {
            assert!(answer.1 < 2.0, "at the wave nothing has changed since");
            changed += 1;
            Reason::ChangedSince
        };
        assert_eq!(reasons[i], want as u8);
    }
    assert!(changed > 500, "{changed} answers were overtaken");
    // Each visit asks by a draw of its own.
    let twice = |i: usize| counts[i] >= 2.0;
    assert_share(share(seen.rows(), twice, |i| told[0][i].is_nan() && told[1][i].is_nan()), 0.09);
}

fn coding(seen: &Seen) -> Option<&eclosion::tables::Coding> {
    seen.observed.schema.items[0].coding.as_deref()
}

/// Contacts, time, age and time since an onset are those of the visit, not of the wave.
#[test]
fn formulas_read_the_moment_of_the_visit() {
    let text = format!(
        "{}[[group]]\nname = 'all'\nsize = 50\n[attributes]\nage = 30\na = 0\nb = 0\nc = 0\nd = 0\n\
         [state.x]\nstarts = 1\noff = {{ rate = 0 }}\n[survey.items]\na = {{ error = 'constant(value = time)' }}\n\
         b = {{ error = 'constant(value = age)' }}\nc = {{ error = 'constant(value = since(x))' }}\n\
         d = {{ error = 'constant(value = 100*wave + contacts)' }}\n",
        MONTHLY.replace("VISITS", "constant(value = 3)")
    );
    let seen = seen(&text, 1);
    let moments = [0.0, 0.0, 0.0, 4.0, 8.0, 12.0, 16.0, 20.0, 24.0, 28.0, 32.0, 36.0];
    assert_eq!(seen.observed.visits.len(), moments.len());
    for (k, (visit, months)) in seen.observed.visits.iter().zip(moments).enumerate() {
        assert_eq!((visit.wave, visit.number), (k / 3, k % 3));
        let want = [months / 12.0, 30.0 + months / 12.0, months / 12.0, 100.0 * (visit.wave as f64 + 1.0) + k as f64];
        for (answers, want) in visit.answers.iter().zip(want) {
            assert!(
                values(answers, None).iter().all(|v| (v - want).abs() < 1e-9),
                "{want}: {:?}",
                values(answers, None)[0]
            );
        }
    }
}

/// Items answered earlier in the same interview are reported already; nothing of later ones is.
#[test]
fn an_answer_of_the_same_interview_is_reported() {
    let text = format!(
        "{YEARLY}{MANY}[state.x]\nstarts = 0.5\n[state.y]\nstarts = 1\n[survey.items]\nx = {{ sensitivity = 0.5 }}\n\
         y = {{ nonresponse = 'if(reported(x), 0.6, 0.1)' }}\n"
    );
    let seen = seen(&text, 10);
    for wave in [1, 4] {
        let (x, y) = (yes(&seen, "x", wave), yes(&seen, "y", wave));
        assert_share(share(seen.rows(), |i| x[i], |i| !y[i]), 0.6);
        assert_share(share(seen.rows(), |i| !x[i], |i| !y[i]), 0.1);
    }
}

/// `recorded` is of waves before now: at its own wave there is no such answer, even for a later question.
#[test]
fn nothing_is_recorded_for_a_wave_that_is_not_over() {
    let text = format!(
        "{YEARLY}{MANY}[state.x]\nstarts = 0.5\n[state.y]\nstarts = 1\n[survey.items]\nx = {{}}\n\
         y = {{ nonresponse = 'if(missing(recorded(x, wave = 2)), 0.7, 0.1)' }}\n"
    );
    let seen = seen(&text, 10);
    for (wave, silent) in [(1, 0.7), (2, 0.7), (3, 0.1), (4, 0.1)] {
        let y = seen.answers("y", wave);
        assert_share(share(seen.rows(), |_| true, |i| y[i].is_nan()), silent);
    }
}

/// The mean over the persons of one's site now, and the site's effect.
#[test]
fn formulas_read_the_site() {
    let text = format!(
        "{YEARLY}[[group]]\nname = 'all'\nsize = 300\n[[site]]\ncount = 5\neffect = 'normal(mean = 0, sd = 1)'\n\
         [attributes]\na = 0\nb = 0\n[state.x]\nstarts = 0.5\non = {{ rate = 0.5 }}\n\
         [survey.items]\na = {{ error = 'constant(value = site_mean(x))' }}\nb = {{ error = 'constant(value = site_effect)' }}\n"
    );
    let seen = seen(&text, 3);
    for wave in 1..=4 {
        let (x, mean, effect) = (seen.truth("x", wave), seen.answers("a", wave), seen.answers("b", wave));
        let site = &seen.truth.site[0];
        for r in 0..3 {
            for s in 0..5_usize {
                let here: Vec<usize> = seen.truth.rows(r).filter(|i| site[*i] as usize % 5 == s).collect();
                let want = here.iter().map(|i| x[*i]).sum::<f64>() / here.len() as f64;
                assert!(here.iter().all(|i| (mean[*i] - want).abs() < 1e-12));
                assert!(here.iter().all(|i| effect[*i] == seen.truth.site_effects[0][r * 5 + s]));
            }
        }
    }
}

/// A person who has moved since an interview of the wave leaves no empty site behind: means are those of the wave.
#[test]
fn means_of_sites_are_those_of_the_wave_at_each_of_its_interviews() {
    let text = "time = { step = '1 month', waves = { every = '1 year', count = 2 }, visits = 'constant(value = 3)' }\n\
                [[group]]\nname = 'all'\nsize = 3\n[[site]]\nsetting = 'in'\nname = 'i'\ncount = 1\n[[site]]\nsetting = 'out'\nname = 'o'\ncount = 1\n\
                [attributes]\na = 0\n\
                [state.setting]\nlevels = ['in', 'out']\nstarts = 'in'\nmoves = [{ from = 'in', to = 'out', rate = 1 }]\n\
                [state.x]\nstarts = 0.5\non = { rate = 1 }\n\
                [survey.items]\na = { error = 'constant(value = site_mean(x))' }\n";
    let seen = seen(text, 50);
    let (moment, told) = (seen.truth.schema.waves[1], seen.answers("a", 2));
    let (site, x) = (seen.truth.site_at(moment).unwrap(), seen.truth("x", 2));
    for visit in seen.observed.visits.iter().filter(|v| v.wave == 1) {
        assert_eq!(values(&visit.answers[0], None), told);
    }
    for row in 0..seen.rows() {
        let here: Vec<usize> = seen.truth.rows(row / 3).filter(|other| site[*other] == site[row]).collect();
        let want = here.iter().map(|i| x[*i]).sum::<f64>() / here.len() as f64;
        assert!((told[row] - want).abs() < 1e-12);
    }
}
