//! Losses of waves and of answers against closed forms.

use crate::common::*;
use eclosion::tables::Reason;

/// Persons with a yes/no state, waves every half year.
const HALF_YEARS: &str = "time = { step = '6 months', waves = { every = '6 months', count = 5 } }\n\
                          [[group]]\nname = 'all'\nsize = 5000\n[state.x]\nstarts = 0.5\n[state.y]\nstarts = 0.5\n";

fn lost(losses: &[&str]) -> Seen {
    let tables: String = losses.iter().map(|loss| format!("[[survey.loss]]\n{loss}\n")).collect();
    seen(&format!("{HALF_YEARS}{tables}"), 10)
}

#[track_caller]
fn assert_attended(seen: &Seen, want: [f64; 5]) {
    for (wave, want) in want.into_iter().enumerate() {
        let attended = seen.attended(wave + 1);
        assert_share(share(seen.rows(), |_| true, |i| attended[i]), want);
    }
}

#[test]
fn dropout_by_rate_is_exponential_and_for_good() {
    let seen = lost(&["kind = 'dropout'\nrate = 0.4"]);
    assert_attended(&seen, [0.0, 0.5, 1.0, 1.5, 2.0].map(|years: f64| libm::exp(-0.4 * years)));
    for wave in 2..=5 {
        let (before, now) = (seen.attended(wave - 1), seen.attended(wave));
        assert!((0..seen.rows()).all(|i| before[i] || !now[i]), "somebody came back at wave {wave}");
    }
}

#[test]
fn dropout_by_probability_from_a_wave_on() {
    assert_attended(&lost(&["kind = 'dropout'\nprobability = 0.2"]), [1.0, 0.8, 0.64, 0.512, 0.4096]);
    assert_attended(&lost(&["kind = 'dropout'\nprobability = 0.2\nfrom_wave = 4"]), [1.0, 1.0, 1.0, 0.8, 0.64]);
    assert_attended(
        &lost(&["kind = 'dropout'\nprobability = 0.2\nfrom_wave = 1"]),
        [0.8, 0.64, 0.512, 0.4096, 0.32768],
    );
}

/// Two losses of a kind have draws of their own.
#[test]
fn two_dropouts_multiply() {
    let loss = "kind = 'dropout'\nprobability = 0.2";
    assert_attended(&lost(&[loss, loss]), [1.0, 0.64, 0.4096, 0.262144, 0.16777216]);
}

#[test]
fn missed_waves_are_independent_of_each_other_and_persons_return() {
    let seen = lost(&["kind = 'intermittent'\nprobability = 0.3"]);
    assert_attended(&seen, [1.0, 0.7, 0.7, 0.7, 0.7]);
    let (second, third) = (seen.attended(2), seen.attended(3));
    assert_share(share(seen.rows(), |_| true, |i| !second[i] && !third[i]), 0.09);
    assert_share(share(seen.rows(), |i| !second[i], |i| third[i]), 0.7);
    let first = lost(&["kind = 'intermittent'\nprobability = 0.3\nfrom_wave = 1"]);
    assert_attended(&first, [0.7; 5]);
}

/// The order of the file: whoever misses a wave cannot drop out at it.
#[test]
fn losses_work_in_the_order_of_the_file() {
    let (missed, left) = ("kind = 'intermittent'\nprobability = 0.5", "kind = 'dropout'\nprobability = 0.2");
    for (losses, gone) in [([missed, left], 0.1), ([left, missed], 0.2)] {
        let seen = lost(&losses);
        let reasons = seen.reasons("x", 2);
        assert_share(share(seen.rows(), |_| true, |i| reasons[i] == Reason::Dropout as u8), gone);
        assert_share(share(seen.rows(), |_| true, |i| seen.attended(2)[i]), 0.4);
    }
}

#[test]
fn single_answers_are_lost_each_by_its_own_draw() {
    let unanswered = |seen: &Seen, item: &str, wave| seen.answers(item, wave).iter().map(|v| v.is_nan()).collect();
    let check = |seen: &Seen, p: f64, q: f64| {
        let [x, y, later]: [Vec<bool>; 3] = [("x", 1), ("y", 1), ("x", 2)].map(|(item, w)| unanswered(seen, item, w));
        assert_share(share(seen.rows(), |_| true, |i| x[i]), p);
        assert_share(share(seen.rows(), |_| true, |i| y[i]), q);
        assert_share(share(seen.rows(), |_| true, |i| x[i] && y[i]), p * q);
        assert_share(share(seen.rows(), |_| true, |i| x[i] && later[i]), p * p);
        assert!(seen.attended(1).iter().all(|a| *a));
    };
    check(
        &seen(&format!("{HALF_YEARS}[survey.items]\nx = {{ nonresponse = 0.1 }}\ny = {{ nonresponse = 0.3 }}\n"), 10),
        0.1,
        0.3,
    );
    check(&lost(&["kind = 'item_non_response'\nprobability = 0.2"]), 0.2, 0.2);
    check(&lost(&["kind = 'item_non_response'\nitems = ['y']\nprobability = 0.2"]), 0.0, 0.2);
    let both = format!(
        "{HALF_YEARS}[survey.items]\nx = {{ nonresponse = 0.1 }}\ny = {{}}\n\
         [[survey.loss]]\nkind = 'item_non_response'\nprobability = 0.2\n"
    );
    check(&seen(&both, 10), 1.0 - 0.9 * 0.8, 0.2);
}

/// The next wave is lost by what was recorded, and by what was true.
#[test]
fn losses_read_the_recorded_layer_and_the_true_one() {
    let study = |formula: &str| {
        let text = format!(
            "{HALF_YEARS}[survey.items]\nx = {{ sensitivity = 0.5, specificity = 0.8, nonresponse = 0.2 }}\n\
             [[survey.loss]]\nkind = 'intermittent'\nprobability = \"{formula}\"\n"
        );
        seen(&text, 10)
    };
    let seen = study("if(missing(reported(x)), 0.9, 0.1 + 0.4*reported(x))");
    let (told, truth) = (seen.answers("x", 1), seen.truth("x", 1));
    let away = |wave: usize| move |i: usize, seen: &Seen| !seen.attended(wave)[i];
    for (answer, p) in [(0.0, 0.1), (1.0, 0.5)] {
        assert_share(share(seen.rows(), |i| told[i] == answer, |i| away(2)(i, &seen)), p);
        assert_share(share(seen.rows(), |i| told[i] == answer && truth[i] == 1.0, |i| away(2)(i, &seen)), p);
    }
    assert_share(share(seen.rows(), |i| told[i].is_nan(), |i| away(2)(i, &seen)), 0.9);
    // An answer stays the last one where the next wave has none; the first wave's stays the first wave's.
    let second = seen.answers("x", 2);
    let last = |i: usize| if second[i].is_nan() { told[i] } else { second[i] };
    assert_share(share(seen.rows(), |i| last(i) == 1.0, |i| away(3)(i, &seen)), 0.5);
    assert_share(share(seen.rows(), |i| last(i).is_nan(), |i| away(3)(i, &seen)), 0.9);
    let first = study("if(missing(recorded(x, wave = 1)), 0.9, 0.1 + 0.4*recorded(x, wave = 1))");
    let told = first.answers("x", 1);
    assert_share(share(first.rows(), |i| told[i] == 1.0, |i| away(5)(i, &first)), 0.5);
    assert_share(share(first.rows(), |i| told[i].is_nan(), |i| away(5)(i, &first)), 0.9);
    let by_truth = study("0.1 + 0.4*lag(x)");
    let (told, truth) = (by_truth.answers("x", 1), by_truth.truth("x", 1));
    assert_share(share(by_truth.rows(), |i| truth[i] == 1.0 && told[i] == 0.0, |i| away(2)(i, &by_truth)), 0.5);
    assert_share(share(by_truth.rows(), |i| truth[i] == 0.0 && told[i] == 1.0, |i| away(2)(i, &by_truth)), 0.1);
}

/// The example study of a panel with dropout: weights of those who are still there, over all histories. Known:
/// 0.5949 where dropout looks at the true state, 0.5984 where it looks at the answer.
#[test]
fn complete_cases_of_the_panel_with_dropout() {
    let text = "parameters.layer = { value = 'true', levels = ['true', 'recorded'], about = 'a', source = 's' }\n\
                time = { step = '1 year', waves = { every = '1 year', count = 5 } }\n\
                state.y = { each_step = 'expit(-1 + 2*lag(y) + 0.3*g)', per = '1 year' }\n\
                survey.items.y = { sensitivity = 0.9, specificity = 0.9 }\n\
                vary = [{ parameter = 'layer', values = ['true', 'recorded'] }]\n\
                [[survey.loss]]\nkind = 'dropout'\n\
                probability = \"expit(-2.2 + 0.8 * if(layer == 'recorded', reported(y), lag(y)))\"\n";
    let sizes = [32, 34, 28, 34];
    let groups: String = (0..4)
        .map(|g| {
            format!(
                "[[group]]\nname = 'g{g}'\nsize = {}\nstart = {{ g = {g}, y = {} }}\n",
                sizes[g],
                [0.5, 0.4, 0.3, 0.2][g]
            )
        })
        .collect();
    let ready = conditions(&format!("{text}{groups}"));
    for (k, known) in [0.5949, 0.5984].into_iter().enumerate() {
        let want = complete_case_limit(k == 1, &sizes);
        assert!((want - known).abs() < 5e-5, "{want} and not {known}");
        let seen = see(&ready[k], 0..12_000);
        let (told, attended) = (seen.answers("y", 5), seen.attended(5));
        let ratio = share(seen.rows(), |i| attended[i], |i| told[i] == 1.0);
        assert_share(ratio, want);
        let other = [0.5984, 0.5949][k];
        assert!((ratio.0 - other).abs() > 0.002, "{} is too near to what the other layer gives", ratio.0);
    }
}

fn expit(x: f64) -> f64 {
    1.0 / (1.0 + libm::exp(-x))
}

/// Share of yes among those who are there at wave 5: weights of (true state, answer) forward through the waves.
fn complete_case_limit(by_answer: bool, sizes: &[usize; 4]) -> f64 {
    let told = |y: usize, r: usize| if y == r { 0.9 } else { 0.1 };
    let (mut yes, mut all) = (0.0, 0.0);
    for (g, size) in sizes.iter().enumerate() {
        let start = 0.5 - 0.1 * g as f64;
        let mut weight = [[0.0; 2]; 2];
        for (y, at_start) in [1.0 - start, start].into_iter().enumerate() {
            weight[y] = [at_start * told(y, 0), at_start * told(y, 1)];
        }
        for _ in 1..5 {
            let mut next = [[0.0; 2]; 2];
            for (y, r, y2, r2) in (0..16).map(|k| (k & 1, k >> 1 & 1, k >> 2 & 1, k >> 3)) {
                let stays = 1.0 - expit(-2.2 + 0.8 * (if by_answer { r } else { y }) as f64);
                let p = expit(-1.0 + 2.0 * y as f64 + 0.3 * g as f64);
                let moves = if y2 == 1 { p } else { 1.0 - p };
                next[y2][r2] += weight[y][r] * stays * moves * told(y2, r2);
            }
            weight = next;
        }
        yes += *size as f64 * (weight[0][1] + weight[1][1]);
        all += *size as f64 * weight.iter().flatten().sum::<f64>();
    }
    yes / all
}
