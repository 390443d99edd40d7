//! Mechanisms that work on an answer which is about to be given, each against a closed form.

use crate::common::*;

const YEARS: &str = "time = { step = '1 year', waves = { every = '1 year', count = 4 } }\n";
const MANY: &str = "[[group]]\nname = 'all'\nsize = 5000\n";

fn yes(seen: &Seen, item: &str, wave: usize) -> Vec<bool> {
    seen.answers(item, wave).iter().map(|v| *v == 1.0).collect()
}

fn steps(list: &[&str]) -> String {
    list.iter().map(|step| format!("[[survey.answer]]\n{step}\n")).collect()
}

/// Exponential memory: 0.175 a month leaves 35 % after 6 months, 0.286 a month 18 %.
#[test]
fn forgetting_is_exponential_in_the_time_since_the_event() {
    let text = format!(
        "time = {{ step = '1 month', waves = {{ every = '1 month', count = 7 }} }}\n{MANY}\
         [attributes]\npoor = 'bernoulli(p = 0.5)'\n[state.x]\nstarts = 0.8\non = {{ rate = 0 }}\n\
         [state.y]\nstarts = 0.5\non = {{ rate = 0 }}\n\
         [survey.items]\nx = {{ specificity = 0.9 }}\ny = {{}}\n{}",
        steps(&["kind = 'forgetting'\nitems = ['x']\nrate = '12 * if(poor == 1, 0.286, 0.175)'"])
    );
    let seen = seen(&text, 10);
    let (truth, poor) = (seen.truth("x", 1), seen.truth("poor", 1));
    for wave in 1..=7 {
        let told = yes(&seen, "x", wave);
        let months = wave as f64 - 1.0;
        for (is_poor, rate) in [(0.0, 0.175), (1.0, 0.286)] {
            let of = share(seen.rows(), |i| truth[i] == 1.0 && poor[i] == is_poor, |i| told[i]);
            assert_share(of, libm::exp(-rate * months));
        }
        // A yes that was never true is no memory.
        assert_share(share(seen.rows(), |i| truth[i] == 0.0, |i| told[i]), 0.1);
        assert_eq!(seen.answers("y", wave), seen.truth("y", wave));
    }
    let after_half_a_year = |is_poor: f64| {
        let told = yes(&seen, "x", 7);
        share(seen.rows(), |i| truth[i] == 1.0 && poor[i] == is_poor, |i| told[i]).0
    };
    assert!((after_half_a_year(0.0) - 0.35).abs() < 0.015 && (after_half_a_year(1.0) - 0.18).abs() < 0.015);
}

/// Without `items`, and with onsets at different times; a new onset begins a new memory.
#[test]
fn forgetting_begins_anew_with_each_onset() {
    let text = format!(
        "{YEARS}{MANY}[state.x]\nstarts = 0.5\non = {{ probability = 0.5, per = '1 year' }}\n\
         off = {{ probability = 0.4, per = '1 year' }}\n{}",
        steps(&["kind = 'forgetting'\nrate = 0.7"])
    );
    let seen = seen(&text, 10);
    let truth: Vec<Vec<f64>> = (1..=4).map(|w| seen.truth("x", w)).collect();
    let told = yes(&seen, "x", 4);
    let pattern = |i: usize| [truth[0][i], truth[1][i], truth[2][i], truth[3][i]];
    for (of, years) in
        [([0.0, 0.0, 0.0, 1.0], 0.0), ([0.0, 0.0, 1.0, 1.0], 1.0), ([1.0, 0.0, 1.0, 1.0], 1.0), ([1.0; 4], 3.0)]
    {
        assert_share(share(seen.rows(), |i| pattern(i) == of, |i| told[i]), libm::exp(-0.7 * years));
    }
}

#[test]
fn what_is_over_is_told_as_present() {
    let text = format!(
        "{YEARS}{MANY}[state.x]\nstarts = 0.5\noff = {{ probability = 0.5, per = '1 year' }}\n{}",
        steps(&["kind = 'telescoping'\nprobability = 'exp(-0.5 * since(x))'"])
    );
    let seen = seen(&text, 10);
    let (start, truth) = (seen.truth("x", 1), seen.truth("x", 4));
    let told = yes(&seen, "x", 4);
    assert_share(share(seen.rows(), |i| start[i] == 0.0, |i| told[i]), 0.0);
    assert_share(share(seen.rows(), |i| truth[i] == 1.0, |i| told[i]), 1.0);
    // What has never been is not told, whatever the probability.
    let always = crate::common::seen(&text.replace("'exp(-0.5 * since(x))'", "0.5"), 2);
    let never = always.truth("x", 1).iter().map(|v| *v == 0.0).collect::<Vec<_>>();
    let told_always = yes(&always, "x", 4);
    assert!((0..always.rows()).all(|i| !never[i] || !told_always[i]));
    // The onset is the start, three years ago.
    assert_share(share(seen.rows(), |i| start[i] == 1.0 && truth[i] == 0.0, |i| told[i]), libm::exp(-1.5));
}

/// Steps in a row are the product of their matrices, row = before, column = after.
#[test]
fn steps_in_a_row_are_a_product_of_matrices() {
    let matrix = [[0.9, 0.08, 0.02], [0.1, 0.7, 0.2], [0.0, 0.25, 0.75]];
    let text = format!(
        "{YEARS}{MANY}[state.place]\nlevels = ['home', 'street', 'shelter']\n\
         starts = 'categorical(home = 0.4, street = 0.3, shelter = 0.3)'\n\
         [survey.items]\nplace = {{ matrix = {matrix:?} }}\n{}",
        steps(&[
            "kind = 'second_guessing'\nprobability = 0.3",
            "kind = 'acquiescence'\nto = 'shelter'\nprobability = 0.2",
            "kind = 'second_guessing'\nprobability = 0.1"
        ])
    );
    let guess = |p: f64| [[1.0 - p, p / 2.0, p / 2.0], [p / 2.0, 1.0 - p, p / 2.0], [p / 2.0, p / 2.0, 1.0 - p]];
    let agree = [[0.8, 0.0, 0.2], [0.0, 0.8, 0.2], [0.0, 0.0, 1.0]];
    let product = [guess(0.3), agree, guess(0.1)].into_iter().fold(matrix, |a, b| {
        let mut c = [[0.0; 3]; 3];
        for (i, row) in c.iter_mut().enumerate() {
            for (j, cell) in row.iter_mut().enumerate() {
                *cell = (0..3).map(|k| a[i][k] * b[k][j]).sum();
            }
        }
        c
    });
    let seen = seen(&text, 20);
    let truth = seen.truth("place", 1);
    for wave in [1, 3] {
        let told = seen.answers("place", wave);
        for (level, row) in product.iter().enumerate() {
            for (reported, p) in row.iter().enumerate() {
                assert_share(share(seen.rows(), |i| truth[i] == level as f64, |i| told[i] == reported as f64), *p);
            }
        }
    }
}

/// The order of the file is the order of the work.
#[test]
fn the_order_of_steps_matters() {
    let keep = "kind = 'nondisclosure'\nprobability = 0.3";
    let agree = "kind = 'acquiescence'\nprobability = 0.2";
    let told = |list: &[&str], of: f64| {
        let text = format!(
            "{YEARS}{MANY}[state.x]\nstarts = 0.5\n[survey.items]\nx = {{ sensitivity = 0.9, specificity = 0.95 }}\n{}",
            steps(list)
        );
        let seen = seen(&text, 10);
        let (truth, told) = (seen.truth("x", 1), yes(&seen, "x", 2));
        share(seen.rows(), |i| truth[i] == of, |i| told[i])
    };
    // 0.9 * 0.7 = 0.63, and 0.63 + 0.37 * 0.2; the other way round 0.9 + 0.1 * 0.2 = 0.92, and 0.92 * 0.7.
    assert_share(told(&[keep, agree], 1.0), 0.704);
    assert_share(told(&[agree, keep], 1.0), 0.644);
    assert_share(told(&[keep, agree], 0.0), 0.24);
    assert_share(told(&[agree, keep], 0.0), 0.24);
}

/// A draw that lasts: P(yes, yes) is 0.6, and not 0.36; the draws of two items are not the same.
#[test]
fn who_keeps_it_back_does_so_always_where_it_lasts() {
    for (lasting, both, three) in [("true", 0.6, 0.6), ("false", 0.36, 0.216)] {
        let text = format!(
            "{YEARS}{MANY}[state.x]\nstarts = 1\n[state.y]\nstarts = 1\n{}",
            steps(&[&format!("kind = 'nondisclosure'\nprobability = 0.4\nlasting = {lasting}")])
        );
        let seen = seen(&text, 10);
        let all: Vec<Vec<bool>> = (1..=3).map(|wave| yes(&seen, "x", wave)).collect();
        let y = yes(&seen, "y", 1);
        assert_share(share(seen.rows(), |_| true, |i| all[1][i]), 0.6);
        assert_share(share(seen.rows(), |_| true, |i| all[0][i] && all[1][i]), both);
        assert_share(share(seen.rows(), |_| true, |i| all.iter().all(|wave| wave[i])), three);
        assert_share(share(seen.rows(), |_| true, |i| all[0][i] && y[i]), 0.36);
    }
}

/// With a lasting draw, trust that grows opens mouths and shuts none.
#[test]
fn a_lasting_draw_follows_the_probability() {
    let text = format!(
        "{YEARS}{MANY}[state.x]\nstarts = 1\n{}",
        steps(&["kind = 'nondisclosure'\nprobability = '0.8 - 0.2*contacts'\nlasting = true"])
    );
    let seen = seen(&text, 10);
    let all: Vec<Vec<bool>> = (1..=4).map(|wave| yes(&seen, "x", wave)).collect();
    for (wave, told) in all.iter().enumerate() {
        assert_share(share(seen.rows(), |_| true, |i| told[i]), 0.2 + 0.2 * wave as f64);
        assert!(wave == 0 || (0..seen.rows()).all(|i| !all[wave - 1][i] || told[i]));
    }
}

#[test]
fn trauma_lowers_the_sensitivity_of_those_who_have_it() {
    let text = format!(
        "{YEARS}{MANY}[attributes]\nhurt = {{ law = 'bernoulli(p = 0.3)', latent = true }}\n\
         [state.x]\nstarts = 0.5\n[survey.items]\nx = {{ sensitivity = 0.9, specificity = 0.95 }}\n{}",
        steps(&["kind = 'trauma'\nwho = 'hurt == 1'\nprobability = 0.4\nlasting = true"])
    );
    let seen = seen(&text, 20);
    let (truth, hurt) = (seen.truth("x", 1), seen.truth("hurt", 1));
    let (one, two) = (yes(&seen, "x", 1), yes(&seen, "x", 2));
    for (of, is_hurt, want) in [(1.0, 0.0, 0.9), (1.0, 1.0, 0.54), (0.0, 0.0, 0.05), (0.0, 1.0, 0.05)] {
        assert_share(share(seen.rows(), |i| truth[i] == of && hurt[i] == is_hurt, |i| two[i]), want);
    }
    let both = share(seen.rows(), |i| truth[i] == 1.0 && hurt[i] == 1.0, |i| one[i] && two[i]);
    assert_share(both, 0.6 * 0.81);
    let count = seen.audit.mechanisms.iter().find(|m| m.name == "trauma of x" && m.wave == 2).unwrap();
    assert_share((count.happened as f64 / count.at_risk as f64, count.at_risk as usize), 0.4);
}

#[test]
fn an_item_of_more_stigma_is_kept_back_more() {
    let text = format!(
        "{YEARS}{MANY}[parameters]\nshame = {{ value = 2, about = 'a', source = 'assumed' }}\n\
         [state.x]\nstarts = 1\n[state.y]\nstarts = 1\n[state.z]\nstarts = 1\n\
         [survey.items]\nx = {{ stigma = 'shame/2' }}\ny = {{ stigma = 3, sensitivity = '1 - 0.1*stigma' }}\nz = {{ nonresponse = '0.2 + stigma' }}\n{}",
        steps(&["kind = 'nondisclosure'\nprobability = '0.1 + 0.2*stigma'"])
    );
    let seen = seen(&text, 10);
    for (item, want) in [("x", 0.7), ("y", 0.3 * 0.7), ("z", 0.9 * 0.8)] {
        let told = yes(&seen, item, 1);
        assert_share(share(seen.rows(), |_| true, |i| told[i]), want);
    }
}

/// Sensitivity 0.8, a true yes recanted with 0.3, a false no told at last with 0.25. After a yes: yes with 0.8 * 0.7;
/// after a no: yes with 0.8 + 0.2 * 0.25.
#[test]
fn recanting_and_late_disclosure_go_by_the_last_answer() {
    let text = format!(
        "{YEARS}{MANY}[state.x]\nstarts = 0.5\n[survey.items]\nx = {{ sensitivity = 0.8 }}\n{}",
        steps(&["kind = 'recanting'\nprobability = 0.3", "kind = 'late_disclosure'\nprobability = 0.25"])
    );
    let seen = seen(&text, 20);
    let truth = seen.truth("x", 1);
    let told: Vec<Vec<bool>> = (1..=3).map(|wave| yes(&seen, "x", wave)).collect();
    let (after_yes, after_no) = (0.56, 0.85);
    let of = |path: &[bool]| {
        let path = path.to_vec();
        share(seen.rows(), |i| truth[i] == 1.0, |i| path.iter().zip(&told).all(|(want, told)| *want == told[i]))
    };
    assert_share(of(&[true]), 0.8);
    assert_share(of(&[true, true]), 0.8 * after_yes);
    assert_share(of(&[true, false]), 0.8 * (1.0 - after_yes));
    assert_share(of(&[false, true]), 0.2 * after_no);
    assert_share(of(&[true, false, true]), 0.8 * (1.0 - after_yes) * after_no);
    assert_share(of(&[false, true, false]), 0.2 * after_no * (1.0 - after_yes));
    assert_share(of(&[true, true, true]), 0.8 * after_yes * after_yes);
    let second = 0.8 * after_yes + 0.2 * after_no;
    let third = second * after_yes + (1.0 - second) * after_no;
    assert_share(share(seen.rows(), |i| truth[i] == 1.0, |i| told[2][i]), third);
    assert_share(share(seen.rows(), |i| truth[i] == 0.0, |i| told[2][i]), 0.0);
    let rate = |name: &str| {
        let count = seen.audit.mechanisms.iter().find(|m| m.name == name && m.wave == 2).unwrap();
        (count.happened as f64 / count.at_risk as f64, count.at_risk as usize)
    };
    assert_share(rate("recanting of x"), 0.3);
    assert_share(rate("late_disclosure of x"), 0.25);
    // Only those whose answer would be no again are at risk.
    let yeses = truth.iter().filter(|v| **v == 1.0).count();
    assert_share((rate("late_disclosure of x").1 as f64 / yeses as f64, yeses), 0.2 * 0.2);
}

/// A no that was right is no denial: the first answer after the onset is not a late disclosure.
#[test]
fn what_was_not_so_is_not_disclosed_late() {
    let text = format!(
        "{YEARS}{MANY}[state.x]\nstarts = 0\non = {{ probability = 0.5, per = '1 year' }}\n\
         [survey.items]\nx = {{ sensitivity = 0 }}\n{}",
        steps(&["kind = 'late_disclosure'\nprobability = 1"])
    );
    let seen = seen(&text, 2);
    for wave in 2..=3 {
        let (before, now, told) = (seen.truth("x", wave - 1), seen.truth("x", wave), seen.answers("x", wave));
        for i in 0..seen.rows() {
            let want = if before[i] == 1.0 && now[i] == 1.0 { 1.0 } else { 0.0 };
            assert_eq!(told[i], want, "wave {wave}");
        }
    }
}

#[test]
fn nobody_is_conditioned_by_a_first_interview() {
    let text = format!(
        "{YEARS}{MANY}[state.x]\nstarts = 0.5\n[survey.items]\nx = {{ specificity = 0.8 }}\n{}",
        steps(&["kind = 'conditioning'\nprobability = '0.5 - 0.1*contacts'"])
    );
    let seen = seen(&text, 10);
    let truth = seen.truth("x", 1);
    for (wave, kept) in [(1, 1.0), (2, 0.6), (3, 0.7), (4, 0.8)] {
        let told = yes(&seen, "x", wave);
        assert_share(share(seen.rows(), |i| truth[i] == 1.0, |i| told[i]), kept);
        assert_share(share(seen.rows(), |i| truth[i] == 0.0, |i| told[i]), 0.2 * kept);
    }
}

/// Two visits in a wave, half a year apart, and a change between them with probability q: within a wave (1 - p) q
/// changes are seen, at the seam (1 - p) q + p 2 q (1 - q).
#[test]
fn changes_show_at_the_seams() {
    let text = format!(
        "time = {{ step = '1 month', waves = {{ every = '1 year', first = '1 year', count = 3 }}, visits = 'constant(value = 2)' }}\n{MANY}\
         [attributes]\nold = 'normal(mean = 0, sd = 1)'\n\
         [state.x]\nstarts = 0.5\non = {{ rate = 0.6 }}\noff = {{ rate = 0.6 }}\n\
         [state.n]\nstarts = 'constant(value = 1)'\neach_step = 'normal(mean = 0, sd = 1)'\nper = '1 month'\n{}",
        steps(&["kind = 'seam'\nprobability = 0.7"])
    );
    let seen = seen(&text, 10);
    let q = 0.5 * (1.0 - libm::exp(-0.6));
    let coding = seen.observed.schema.items[1].coding.clone();
    let x: Vec<Vec<f64>> = seen.observed.visits.iter().map(|v| values(&v.answers[1], coding.as_deref())).collect();
    let n: Vec<Vec<f64>> = seen.observed.visits.iter().map(|v| values(&v.answers[2], None)).collect();
    assert_eq!(seen.observed.schema.items[1].name, "x");
    for (first, within) in [(0, true), (1, false), (2, true), (3, false), (4, true)] {
        let want = if within { 0.3 * q } else { 0.3 * q + 0.7 * 2.0 * q * (1.0 - q) };
        assert_share(share(seen.rows(), |_| true, |i| x[first][i] != x[first + 1][i]), want);
        let repeated = if within { 0.7 } else { 0.0 };
        assert_share(share(seen.rows(), |_| true, |i| n[first][i] == n[first + 1][i]), repeated);
    }
}

#[test]
fn numbers_are_heaped_at_multiples() {
    let study = |step: &str| {
        let text = format!(
            "{YEARS}{MANY}[attributes]\nscore = 'uniform(low = 0, high = 100)'\nwhole = 'binomial(n = 20, p = 0.5)'\nfew = 'binomial(n = 9, p = 0.5)'\n\
             [survey.items]\nscore = {{}}\nwhole = {{ error = 'constant(value = 0.25)' }}\nfew = {{}}\n{}",
            steps(&[step])
        );
        seen(&text, 4)
    };
    let multiple = |v: f64| (v / 5.0).fract() == 0.0;
    for (lasting, both) in [("false", 0.09), ("true", 0.3)] {
        let seen = study(&format!("kind = 'heaping'\nto = 5\nprobability = 0.3\nlasting = {lasting}"));
        let (one, two, truth) = (seen.answers("score", 1), seen.answers("score", 2), seen.truth("score", 1));
        assert_share(share(seen.rows(), |_| true, |i| multiple(one[i])), 0.3);
        assert_share(share(seen.rows(), |_| true, |i| multiple(one[i]) && multiple(two[i])), both);
        for i in 0..seen.rows() {
            assert!(one[i] == truth[i] || (multiple(one[i]) && (one[i] - truth[i]).abs() <= 2.5));
        }
    }
    let all = study("kind = 'heaping'\nto = 2\nitems = ['whole', 'few']");
    for (told, truth) in all.answers("whole", 3).iter().zip(all.truth("whole", 3)) {
        // An odd number plus a quarter is nearer to the next even one.
        assert_eq!(*told, if truth % 2.0 == 0.0 { truth } else { truth + 1.0 });
    }
    for (told, truth) in all.answers("few", 3).iter().zip(all.truth("few", 3)) {
        assert_eq!(*told, if truth % 2.0 == 0.0 { truth } else { truth + 1.0 });
    }
    assert_eq!(all.answers("score", 1), all.truth("score", 1));
}
