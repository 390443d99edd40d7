//! Misclassification and measurement error against closed forms.

use crate::common::*;

const YEARS: &str = "time = { step = '1 year', waves = { every = '1 year', count = 4 } }\n";
const MANY: &str = "[[group]]\nname = 'all'\nsize = 5000\n";

/// A fixed attribute with prevalence 0.2, sensitivity 0.8 and specificity 0.95: q = 0.2, P(yes, yes) = 0.13,
/// kappa = J^2 p (1 - p) / (q (1 - q)) = 0.5625, and so on.
#[test]
fn a_fixed_attribute_that_is_misreported() {
    let text = format!(
        "{YEARS}{MANY}[state.x]\nstarts = 0.2\n[survey.items]\nx = {{ sensitivity = 0.8, specificity = 0.95 }}\n"
    );
    let seen = seen(&text, 40);
    let n = seen.rows();
    let yes: Vec<Vec<bool>> = (1..=4).map(|w| seen.answers("x", w).iter().map(|v| *v == 1.0).collect()).collect();
    let truth = seen.truth("x", 1);
    assert_share(share(n, |_| true, |i| yes[0][i]), 0.2);
    assert_share(share(n, |i| truth[i] == 1.0, |i| yes[2][i]), 0.8);
    assert_share(share(n, |i| truth[i] == 0.0, |i| yes[3][i]), 0.05);
    assert_share(share(n, |_| true, |i| yes[0][i] && yes[1][i]), 0.13);
    assert_share(share(n, |i| yes[0][i], |i| !yes[1][i]), 0.35);
    assert_share(share(n, |_| true, |i| yes[0][i] != yes[1][i]), 0.14);
    let kappa = by_replicate(&seen, |rows| {
        let m = rows.len() as f64;
        let count = |f: &dyn Fn(usize) -> bool| rows.clone().filter(|i| f(*i)).count() as f64 / m;
        let (a, b) = (count(&|i| yes[0][i]), count(&|i| yes[1][i]));
        let agreed = count(&|i| yes[0][i] == yes[1][i]);
        let by_chance = a * b + (1.0 - a) * (1.0 - b);
        (agreed - by_chance) / (1.0 - by_chance)
    });
    assert_mean(&kappa, 0.5625);
    for (waves, ever, inconsistent) in [(1, 0.2, 0.0), (2, 0.27, 0.14), (3, 0.3125, 0.21), (4, 0.3481, 0.2662)] {
        assert_share(share(n, |_| true, |i| (0..waves).any(|w| yes[w][i])), ever);
        assert_share(share(n, |_| true, |i| (0..waves).any(|w| yes[w][i] != yes[0][i])), inconsistent);
    }
}

/// Only the one that is named differs from 1.
#[test]
fn sensitivity_and_specificity_are_1_where_they_are_not_named() {
    for (options, wrong_yes, wrong_no) in [("sensitivity = 0.5", 0.0, 0.5), ("specificity = 0.7", 0.3, 0.0)] {
        let text = format!("{MANY}[state.x]\nstarts = 0.5\n[survey.items]\nx = {{ {options} }}\n");
        let seen = seen(&text, 4);
        let (truth, told) = (seen.truth("x", 1), seen.answers("x", 1));
        assert_share(share(seen.rows(), |i| truth[i] == 0.0, |i| told[i] == 1.0), wrong_yes);
        assert_share(share(seen.rows(), |i| truth[i] == 1.0, |i| told[i] == 0.0), wrong_no);
    }
}

/// A stationary chain with p01 = 0.1 and p10 = 0.2, seen with sensitivity 0.8 and specificity 0.95: the ratio of the
/// lag correlations stays 0.7, all else does not stay.
#[test]
fn a_chain_of_two_states_seen_with_error() {
    let text = format!(
        "{YEARS}{MANY}[state.x]\nstarts = '1/3'\neach_step = 'if(lag(x), 0.8, 0.1)'\nper = '1 year'\n\
         [survey.items]\nx = {{ sensitivity = 0.8, specificity = 0.95 }}\n"
    );
    let seen = seen(&text, 40);
    let n = seen.rows();
    let x: Vec<Vec<f64>> = (1..=3).map(|w| seen.answers("x", w)).collect();
    assert_share(share(n, |_| true, |i| x[0][i] == 1.0), 0.3);
    assert_share(share(n, |_| true, |i| x[2][i] == 1.0), 0.3);
    assert_share(share(n, |i| x[0][i] == 0.0, |i| x[1][i] == 1.0), 0.1750);
    assert_share(share(n, |i| x[0][i] == 1.0, |i| x[1][i] == 0.0), 0.4083);
    assert_mean(&by_replicate(&seen, |rows| correlation(&x[0][rows.clone()], &x[1][rows])), 0.4167);
    assert_mean(&by_replicate(&seen, |rows| correlation(&x[0][rows.clone()], &x[2][rows])), 0.2917);
}

#[test]
fn three_levels_by_a_matrix() {
    let matrix = [[0.9, 0.08, 0.02], [0.1, 0.7, 0.2], [0.0, 0.25, 0.75]];
    let text = format!(
        "{YEARS}{MANY}[state.place]\nlevels = ['home', 'street', 'shelter']\n\
         starts = 'categorical(home = 0.5, street = 0.3, shelter = 0.2)'\n\
         [survey.items]\nplace = {{ matrix = {matrix:?} }}\n"
    );
    let seen = seen(&text, 20);
    let truth = seen.truth("place", 1);
    for wave in [1, 4] {
        let told = seen.answers("place", wave);
        for (level, row) in matrix.iter().enumerate() {
            for (reported, p) in row.iter().enumerate() {
                let found = share(seen.rows(), |i| truth[i] == level as f64, |i| told[i] == reported as f64);
                assert_share(found, *p);
            }
        }
    }
}

/// Cells may be formulas, and what they read may differ between persons.
#[test]
fn a_matrix_of_formulas() {
    let text = format!(
        "{MANY}[attributes]\nshy = 'bernoulli(p = 0.5)'\n[state.place]\nlevels = ['home', 'street']\n\
         starts = 'categorical(home = 0.5, street = 0.5)'\n\
         [survey.items]\nplace = {{ matrix = [[1, 0], ['0.2 + 0.4*shy', '0.8 - 0.4*shy']] }}\n"
    );
    let seen = seen(&text, 10);
    let (place, shy, told) = (seen.truth("place", 1), seen.truth("shy", 1), seen.answers("place", 1));
    assert_share(share(seen.rows(), |i| place[i] == 0.0, |i| told[i] == 1.0), 0.0);
    assert_share(share(seen.rows(), |i| place[i] == 1.0 && shy[i] == 0.0, |i| told[i] == 0.0), 0.2);
    assert_share(share(seen.rows(), |i| place[i] == 1.0 && shy[i] == 1.0, |i| told[i] == 0.0), 0.6);
}

/// Variance 100 of the truth and 25 of the error: reliability 0.8, the correlation of two waves; that with the truth is
/// its root.
#[test]
fn error_is_added_to_a_number() {
    let text = format!(
        "{YEARS}{MANY}[attributes]\nscore = 'normal(mean = 50, sd = 10)'\n\
         [survey.items]\nscore = {{ error = 'normal(mean = 2, sd = 5)' }}\n"
    );
    let seen = seen(&text, 40);
    let (truth, first, last) = (seen.truth("score", 1), seen.answers("score", 1), seen.answers("score", 4));
    assert_mean(&first, 52.0);
    let squares = |list: &[f64], mean: f64| list.iter().map(|v| (v - mean) * (v - mean)).collect::<Vec<_>>();
    assert_mean(&squares(&first, 52.0), 125.0);
    let error: Vec<f64> = last.iter().zip(&truth).map(|(y, x)| y - x).collect();
    assert_mean(&error, 2.0);
    assert_mean(&squares(&error, 2.0), 25.0);
    assert_mean(&by_replicate(&seen, |rows| correlation(&first[rows.clone()], &last[rows])), 0.8);
    assert_mean(&by_replicate(&seen, |rows| correlation(&first[rows.clone()], &truth[rows])), libm::sqrt(0.8));
}

/// Each answer is wrong by its own draw, whatever the others are.
#[test]
fn errors_of_items_and_waves_are_independent() {
    let text = format!(
        "{YEARS}{MANY}[state.x]\nstarts = 1\n[state.y]\nstarts = 1\n\
         [survey.items]\nx = {{ sensitivity = 0.6 }}\ny = {{ sensitivity = 0.5 }}\n"
    );
    let seen = seen(&text, 20);
    let (x1, x2, y1) = (seen.answers("x", 1), seen.answers("x", 2), seen.answers("y", 1));
    assert_share(share(seen.rows(), |_| true, |i| x1[i] == 1.0 && x2[i] == 1.0), 0.36);
    assert_share(share(seen.rows(), |_| true, |i| x1[i] == 1.0 && y1[i] == 1.0), 0.3);
    // Neighbours share a block of random words.
    assert_share(share(seen.rows() / 2, |_| true, |i| x1[2 * i] == 1.0 && x1[2 * i + 1] == 1.0), 0.36);
}

/// Without a survey, and for an item without options, the truth is told.
#[test]
fn what_is_not_declared_is_told_as_it_is() {
    let truth = format!(
        "{YEARS}{MANY}[attributes]\nn = 'poisson(mean = 3)'\nsecret = {{ law = 'normal(mean = 0, sd = 1)', latent = true }}\n\
         [state.x]\nstarts = 0.2\non = {{ rate = 0.3 }}\n"
    );
    for survey in ["", "[survey]\n", "[survey.items]\nx = {}\nn = {}\n"] {
        let seen = seen(&format!("{truth}{survey}"), 2);
        assert_eq!(seen.observed.schema.items.len(), 2, "{survey}");
        for wave in 1..=4 {
            assert_eq!(seen.answers("x", wave), seen.truth("x", wave));
            assert_eq!(seen.answers("n", wave), seen.truth("n", wave));
            assert!(seen.attended(wave).iter().all(|a| *a));
        }
        assert!(seen.observed.schema.baseline("secret").is_none());
    }
}
