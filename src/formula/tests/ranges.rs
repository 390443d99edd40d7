use super::*;

fn bounds(formula: &str) -> (f64, f64) {
    let Bounds { low, high } = good(formula, &Wanted::Number).bounds();
    (low, high)
}

#[test]
fn intervals() {
    assert_eq!(bounds("age"), (13.0, 21.0));
    assert_eq!(bounds("-age + 1"), (-20.0, -12.0));
    assert_eq!(bounds("x * age"), (-42.0, 42.0));
    assert_eq!(bounds("x^2"), (0.0, 4.0));
    assert_eq!(bounds("x^3"), (-8.0, 8.0));
    assert_eq!(bounds("abs(x)"), (0.0, 2.0));
    assert_eq!(bounds("1 / age"), (1.0 / 21.0, 1.0 / 13.0));
    assert_eq!(bounds("age^-2"), (1.0 / 441.0, 1.0 / 169.0));
    assert_eq!(bounds("expit(frailty)"), (0.0, 1.0));
    assert_eq!(bounds("exp(frailty)"), (0.0, f64::INFINITY));
    assert_eq!(bounds("0 * frailty"), (0.0, 0.0));
    assert_eq!(bounds("min(age, 15)"), (13.0, 15.0));
    assert_eq!(bounds("max(x, 0)"), (0.0, 2.0));
    assert_eq!(bounds("floor(x + 0.5)"), (-2.0, 2.0));
    assert_eq!(bounds("age > 12"), (1.0, 1.0));
    assert_eq!(bounds("age > 15"), (0.0, 1.0));
    assert_eq!(bounds("if(age > 12, 3, 99)"), (3.0, 3.0));
    assert_eq!(bounds("if(well, 3, x)"), (-2.0, 3.0));
    assert_eq!(bounds("not well"), (0.0, 1.0));
    assert_eq!(bounds("sqrt(age - 12)"), (1.0, 3.0));
}

#[test]
fn probabilities() {
    for fine in ["0", "1", "0.1 + 0.9*well", "0.3 + 0.6*well + 0.1*lag(well)", "expit(frailty)", "(age - 13) / 8"] {
        good(fine, &Wanted::Probability);
    }
    // Not proven by intervals, and true.
    for fine in ["well * (1 - well) + 0.5 * (well - lag(well))^2", "if(x > 0, x / 2, 0)"] {
        good(fine, &Wanted::Probability);
    }
    for bad in ["1.2", "-0.1", "0.5 + 0.6*well", "age / 20", "x", "0.5 + 0.5*lag(well) + 0.01*well"] {
        assert_eq!(blamed(bad, &Wanted::Probability), [("S0204", bad.to_owned())], "{bad}");
    }
}

#[test]
fn the_witness_is_told() {
    let message = |formula: &str, wanted: &Wanted| compiled(formula, wanted).1.remove(0).message;
    assert_eq!(
        message("0.1 + if(age >= 17 and age < 17.5, 1.1, 0)", &Wanted::Probability),
        "at age = 17 this is 1.2; a probability must lie between 0 and 1"
    );
    assert_eq!(
        message("0.2 + if(age == 16.2, 1, 0)", &Wanted::Probability),
        "at age = 16.2 this is 1.2; a probability must lie between 0 and 1"
    );
    assert_eq!(
        message("0.3 - 0.5*(setting == 'community') - 0.1*lag(well)", &Wanted::Rate),
        "at lag(well) = true, setting = 'community' this is -0.3; a value of at least 0 is wanted here"
    );
    assert_eq!(message("log(zero)", &Wanted::Number), "this is infinite; a finite number is wanted here");
    assert_eq!(message("1 / x", &Wanted::Number), "at x = 0 this is infinite; a finite number is wanted here");
    assert_eq!(message("x", &Wanted::Positive), "at x = -2 this is -2; a number above 0 is wanted here");
}

#[test]
fn what_is_not_finite() {
    let place = |formula: &str| blamed(formula, &Wanted::Number);
    assert_eq!(place("1 + 2 * log(zero)"), [("S0209", "log(zero)".to_owned())]);
    assert_eq!(place("age + 1 / zero"), [("S0209", "age + 1 / zero".to_owned())]);
    assert_eq!(place("age + 0 / zero"), [("S0209", "0 / zero".to_owned())]);
    assert_eq!(place("age + log(-1)"), [("S0209", "log(-1)".to_owned())]);
    assert_eq!(place("log(x)"), [("S0209", "log(x)".to_owned())]);
    assert_eq!(place("sqrt(x - 3)"), [("S0209", "sqrt(x - 3)".to_owned())]);
    assert_eq!(place("exp(exp(age))"), [("S0209", "exp(exp(age))".to_owned())]);
    good("if(x > 0, log(x), 0)", &Wanted::Number);
    // An infinity in between does no harm.
    assert_eq!(good("expit(logit(one))", &Wanted::Probability).constant(), Some(1.0));
    good("expit(logit(one) + age)", &Wanted::Probability);
}

#[test]
fn slots_without_ends_only_warn() {
    let (program, problems) = compiled("0.3 + frailty", &Wanted::Probability);
    assert!(program.is_some());
    assert_eq!(problems[0].severity, crate::diagnostic::Severity::Warning);
    good("exp(frailty)", &Wanted::Rate);
    good("exp(0.1 * frailty + age)", &Wanted::Positive);
}

#[test]
fn rounding_is_forgiven() {
    // 0.1 three times is more than 0.3.
    assert_eq!(good("0.1 + 0.1 + 0.1 + 0.7", &Wanted::Probability).constant(), Some(1.0));
    assert_eq!(good("0.3 - 0.1 - 0.1 - 0.1", &Wanted::Rate).constant(), Some(0.0));
    assert_eq!(Wanted::Probability.usable(1.0 + 1e-12), Some(1.0));
    assert_eq!(Wanted::Probability.usable(1.001), None);
    assert_eq!(Wanted::Probability.usable(f64::NAN), None);
    assert_eq!(Wanted::Rate.usable(f64::INFINITY), None);
    assert_eq!(Wanted::Positive.usable(0.0), None);
}

#[test]
fn many_slots_are_sampled_the_same_way_each_time() {
    let formula = "0.25 + 0.004*age + 0.05*x + 0.1*well + 0.1*lag(well) + 0.2*(setting == 'shelter') \
                   + 0.2*recorded(well, wave = 1)";
    let first = compiled(formula, &Wanted::Probability).1;
    assert_eq!(first.len(), 1);
    assert_eq!(first, compiled(formula, &Wanted::Probability).1);
}
