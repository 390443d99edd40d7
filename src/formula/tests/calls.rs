use super::*;

#[test]
fn arguments_keep_their_places() {
    let mut problems = Diagnostics::new();
    let call = parse_call(&text("normal(mean = 0.2*max(1, 2), sd = 1)"), &mut problems).expect("a call");
    assert!(problems.list().is_empty());
    assert_eq!((call.name.text.as_str(), call.name.span.bytes), ("normal", 100..106));
    let (name, value) = &call.arguments[0];
    assert_eq!((name.text.as_str(), name.span.bytes.clone()), ("mean", 107..111));
    assert_eq!((value.text.as_str(), value.span.bytes.clone()), ("0.2*max(1, 2)", 114..127));
    assert_eq!(call.arguments[1].1.text, "1");
}

#[test]
fn numbers_and_quoted_names_can_name_arguments() {
    let mut problems = Diagnostics::new();
    let call = parse_call(&text("empirical(1 = 0.2, -2.5 = 0.3, 'a b' = rest)"), &mut problems).expect("a call");
    let names: Vec<_> = call.arguments.iter().map(|(name, _)| name.text.as_str()).collect();
    assert_eq!(names, ["1", "-2.5", "a b"]);
    assert_eq!(call.arguments[2].0.span.bytes, 132..135);
    assert_eq!(parse_call(&text("f()"), &mut problems).map(|c| c.arguments.len()), Some(0));
}

#[test]
fn what_is_no_call() {
    let calls = |formula: &str| looks_like_call(&text(formula));
    assert!(calls("normal(mean = 0, sd = 1)"));
    assert!(calls("exp((1 + 2) * 3)"));
    for not in ["1", "exp(1) + 1", "exp(1) + exp(2)", "(exp(1))", "exp(1", "x", "", "''"] {
        assert!(!calls(not), "{not}");
    }
    let refused = |formula: &str| {
        let mut problems = Diagnostics::new();
        assert!(parse_call(&text(formula), &mut problems).is_none());
        problems.list().iter().map(|d| (d.code, d.span.clone().expect("a place").bytes)).collect::<Vec<_>>()
    };
    assert_eq!(refused("normal(0, sd = 1)"), [("S0210", 107..108)]);
    assert_eq!(refused("normal(0, 1 + 2)"), [("S0210", 107..108), ("S0210", 110..115)]);
    assert_eq!(refused("normal(mean = , sd = 1)"), [("S0201", 107..113)]);
    assert_eq!(refused("normal(mean = 1,)"), [("S0201", 116..117)]);
    assert_eq!(refused("normal(mean = (1)"), [("S0201", 106..107)]);
    assert_eq!(refused("1 + 2"), [("S0201", 100..105)]);
}
