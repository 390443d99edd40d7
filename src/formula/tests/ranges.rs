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
    assert_eq!(message("log(zero)", &Wanted::Number), "at zero = 0 this is infinite; a finite number is wanted here");
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

/// Formulas over age, well, lag(well), setting and x, without missing values.
const SOUND: [&str; 12] = [
    "expit(-0.5 + 1.5*lag(well) + x - 0.1*age)",
    "0.26 * exp(0.1 * (age - 15)) / (1 + x^2)",
    "if(setting == 'community' and not well, log(age), sqrt(abs(x)))",
    "min(age, 15, x) - max(x, 0) * floor(x)",
    "(x + 3)^1.5 - (age/10)^-3 + x^3 * x",
    "logit(0.1 + 0.8*well) * (x <= 0) + (age >= 17) - (x > 1)",
    "(x - 1) / (age - 12) - x / -age",
    "(age - 12)^x",
    "0.5^(x * age)",
    "abs(x - 1) * (well - lag(well))^2 - (x - 0.5)^4",
    "if(well or x > 1, -age, if(x == 0 or setting != 'shelter', exp(x), 7))",
    "x * (x - 1) * (x + 1)",
];

proptest::proptest! {
    #[test]
    fn values_lie_in_their_bounds(
        age in 13.0..=21.0_f64, well in 0..=1_u8, lag in 0..=1_u8, setting in 0..=1_u8, x in -2.0..=2.0_f64,
    ) {
        let all = [age, f64::from(well), f64::from(lag), f64::from(setting), f64::NAN, x];
        for formula in SOUND {
            let program = good(formula, &Wanted::Number);
            let values: Vec<f64> = program.slots().iter().map(|slot| all[*slot as usize]).collect();
            let value = program.evaluate_one(&values);
            let Bounds { low, high } = program.bounds();
            let slack = 1e-12 * value.abs().max(1.0);
            proptest::prop_assert!(low - slack <= value && value <= high + slack, "{formula}: {value}");
        }
    }
}
