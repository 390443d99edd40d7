use super::*;

fn names(list: &[&str]) -> Vec<Text> {
    list.iter().map(|n| Text { text: (*n).to_owned(), span: Span::default() }).collect()
}

fn declared(list: &[&str], written: &str) -> (Option<JointLaw>, Vec<&'static str>) {
    let mut problems = Diagnostics::new();
    let law = declare_joint(&names(list), &text(written), &Toy, &mut problems);
    assert_eq!(law.is_none(), problems.has_errors());
    (law, problems.list().iter().map(|d| d.code).collect())
}

fn drawn(law: &JointLaw, first: u32, n: usize) -> Vec<Vec<f64>> {
    let mut out = vec![vec![0.0; n]; law.names().len()];
    law.draw(&streams(), &lane(), first, &[], &mut out, &mut LawScratch::default()).expect("good arguments");
    out
}

fn moments(x: &[f64], y: &[f64]) -> (f64, f64, f64) {
    let n = x.len() as f64;
    let mean = |v: &[f64]| v.iter().sum::<f64>() / n;
    let (mx, my) = (mean(x), mean(y));
    let sum = |f: &dyn Fn(f64, f64) -> f64| x.iter().zip(y).map(|(x, y)| f(x - mx, y - my)).sum::<f64>();
    let (xx, yy, xy) = (sum(&|x, _| x * x), sum(&|_, y| y * y), sum(&|x, y| x * y));
    (mx, libm::sqrt(xx / n), xy / libm::sqrt(xx * yy))
}

const THREE: &str =
    "multivariate_normal(mean_a = 1, sd_a = 2, sd_b = 0.5, cor_a_b = 0.5, cor_c_a = -0.3, cor_b_c = 0.2)";

#[test]
fn correlations_are_those_asked_for() {
    let n = 20_000;
    let out = drawn(&declared(&["a", "b", "c"], THREE).0.expect("a law"), 0, n);
    let near = |found: f64, wanted: f64, se: f64| assert!((found - wanted).abs() < 4.0 * se, "{found}, not {wanted}");
    let root = libm::sqrt(n as f64);
    for (x, y, mean, sd, correlation) in [(0, 1, 1.0, 2.0, 0.5), (1, 2, 0.0, 0.5, 0.2), (2, 0, 0.0, 1.0, -0.3)] {
        let (m, s, r) = moments(&out[x], &out[y]);
        near(m, mean, sd / root);
        near(s, sd, sd / libm::sqrt(2.0) / root);
        near(r, correlation, (1.0 - correlation * correlation) / root);
    }
}

#[test]
fn a_further_variable_moves_no_other() {
    let two = declared(&["a", "b"], "multivariate_normal(mean_a = 1, sd_a = 2, sd_b = 0.5, cor_b_a = 0.5)").0;
    let two = drawn(&two.expect("a law"), 0, 600);
    let three = drawn(&declared(&["a", "b", "c"], THREE).0.expect("a law"), 0, 600);
    assert_eq!(two, three[..2]);
    // Alone, the first one is the normal law.
    assert_eq!(two[0], draws(&law("normal(mean = 1, sd = 2)"), 0, 600));
}

#[test]
fn a_call_may_be_cut_into_pieces() {
    let law = declared(&["a", "b", "c"], THREE).0.expect("a law");
    let whole = drawn(&law, 5, 1000);
    let (head, tail) = (drawn(&law, 5, 313), drawn(&law, 318, 687));
    for k in 0..3 {
        assert_eq!(whole[k], [head[k].clone(), tail[k].clone()].concat());
    }
}

#[test]
fn what_cannot_be() {
    let codes = |written: &str| declared(&["x1", "y"], written).1;
    assert_eq!(codes("multivariate_normal(cor_x1_y = 1.2)"), ["S0212"]);
    assert_eq!(codes("multivariate_normal(cor_x1_y = big)"), ["S0212"]);
    assert_eq!(codes("multivariate_normal(cor_x1_y = 0.1, cor_y_x1 = 0.1)"), ["S0216"]);
    assert_eq!(codes("multivariate_normal(mean_z = 1)"), ["S0216"]);
    assert_eq!(codes("multivariate_normal(sd_y = -1)"), ["S0205"]);
    assert_eq!(codes("normal(mean = 1, sd = 1)"), ["S0215"]);
    // Two that go with a third cannot go against each other.
    let written = "multivariate_normal(cor_a_b = 0.9, cor_a_c = 0.9, cor_b_c = -0.9)";
    assert_eq!(declared(&["a", "b", "c"], written).1, ["S0212"]);
}

#[test]
fn arguments_may_differ_by_person() {
    let law = declared(&["a", "b"], "multivariate_normal(mean_b = x, sd_b = big, cor_a_b = 0.5)").0.expect("a law");
    assert_eq!(law.slots(), [0, 1]);
    assert_eq!(law.describe_inputs(), ["x", "big"]);
    let (x, big) = (vec![1.5; 700], vec![3.0; 700]);
    let mut out = vec![vec![0.0; 700]; 2];
    let inputs = [Input::Number(&x[..]), Input::Number(&big[..])];
    law.draw(&streams(), &lane(), 0, &inputs, &mut out, &mut LawScratch::default()).expect("good");
    let fixed = declared(&["a", "b"], "multivariate_normal(mean_b = 1.5, sd_b = 3, cor_a_b = 0.5)").0.expect("a law");
    assert_eq!(out, drawn(&fixed, 0, 700));
    assert_eq!(fixed.bounds(0).low, f64::NEG_INFINITY);
}
