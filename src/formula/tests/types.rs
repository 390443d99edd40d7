use super::*;

fn one(formula: &str, wanted: &Wanted) -> (&'static str, String, String, Option<String>) {
    let (_, problems) = compiled(formula, wanted);
    assert_eq!(problems.len(), 1, "{formula}: {problems:?}");
    let place = blamed(formula, wanted).remove(0);
    (place.0, place.1, problems[0].message.clone(), problems[0].help.clone())
}

#[test]
fn names_of_levels_are_compared() {
    let is = good("setting == 'community'", &Wanted::Boolean);
    assert_eq!(is.evaluate_one(&[1.0]), 1.0);
    assert_eq!(is.evaluate_one(&[0.0]), 0.0);
    assert_eq!(good("'community' != setting", &Wanted::Boolean).evaluate_one(&[1.0]), 0.0);
    assert_eq!(good("setting == \"shelter\"", &Wanted::Boolean).evaluate_one(&[0.0]), 1.0);
    assert_eq!(value("layer == 'recorded'"), 1.0);
    assert_eq!(value("0.3 * (layer == 'true')"), 0.0);
    let chosen = good("setting == if(age > 15, 'community', 'shelter')", &Wanted::Boolean);
    assert_eq!(chosen.evaluate_one(&[16.0, 1.0]), 1.0);
}

#[test]
fn a_level_can_be_wanted() {
    let levels = names(&["shelter", "community"]);
    let wanted = Wanted::Level(levels.clone());
    assert_eq!(good("community", &wanted).constant(), Some(1.0));
    assert_eq!(good(" 'shelter' ", &wanted).constant(), Some(0.0));
    assert_eq!(good("setting", &wanted).levels(), Some(&levels));
    assert_eq!(good("if(age > 15, 'community', setting)", &wanted).evaluate_one(&[14.0, 0.0]), 0.0);
    assert_eq!(blamed("'comunity'", &wanted), [("S0208", "'comunity'".to_owned())]);
    assert_eq!(blamed("1 + 1", &wanted), [("S0203", "1 + 1".to_owned())]);
    assert_eq!(blamed("layer", &wanted), [("S0203", "layer".to_owned())]);
}

#[test]
fn wrong_types() {
    let known = [
        ("setting + 1", "setting"),
        ("setting", "setting"),
        ("exp(setting)", "setting"),
        ("setting > 1", "setting"),
        ("setting < setting", "setting < setting"),
        ("setting == layer", "setting == layer"),
        ("well == 'yes'", "'yes'"),
        ("age == 'old'", "'old'"),
        ("'community'", "'community'"),
        ("'a' == 'a'", "'a'"),
        ("if(age, 1, 2)", "age"),
        ("age and well", "age"),
        ("not age", "age"),
        ("if(well, setting, 1)", "if(well, setting, 1)"),
    ];
    for (formula, place) in known {
        let found = blamed(formula, &Wanted::Number);
        assert_eq!(found.first(), Some(&("S0203", place.to_owned())), "{formula}");
    }
    assert_eq!(blamed("age", &Wanted::Boolean), [("S0203", "age".to_owned())]);
    // A parameter that is 0 or 1 can switch.
    assert_eq!(good("if(one, 3, 4)", &Wanted::Number).constant(), Some(3.0));
    assert_eq!(good("zero", &Wanted::Boolean).constant(), Some(0.0));
}

#[test]
fn unknown_names_and_functions() {
    assert_eq!(blamed("agee + 1", &Wanted::Number), [("S0202", "agee".to_owned())]);
    assert_eq!(blamed("lag(agee)", &Wanted::Number), [("S0202", "lag(agee)".to_owned())]);
    let (code, place, _, help) = one("logg(2)", &Wanted::Number);
    assert_eq!((code, place.as_str(), help.as_deref()), ("S0206", "logg", Some("did you mean `log`?")));
    let (code, place, _, help) = one("recrded(well, wave = 1)", &Wanted::Number);
    assert_eq!((code, place.as_str(), help.as_deref()), ("S0206", "recrded", Some("did you mean `recorded`?")));
    let (code, _, _, help) = one("exp + 1", &Wanted::Number);
    assert_eq!((code, help.as_deref()), ("S0202", Some("`exp` is a function: write `exp(...)`")));
    let (_, _, _, help) = one("treu", &Wanted::Boolean);
    assert_eq!(help.as_deref(), Some("did you mean `true`?"));
    assert_eq!(one("TRUE", &Wanted::Boolean).3.as_deref(), Some("did you mean `true`?"));
    let (_, place, _, help) = one("setting == community", &Wanted::Boolean);
    assert_eq!(place, "community");
    assert_eq!(help.as_deref(), Some("names of levels stand in quotation marks: 'community'"));
    let (code, place, _, help) = one("setting == 'comunity'", &Wanted::Boolean);
    assert_eq!((code, place.as_str(), help.as_deref()), ("S0208", "'comunity'", Some("did you mean 'community'?")));
}

/// Ids of published numbers have dots; a name ends before a dot that nothing of a name follows.
#[test]
fn names_have_parts() {
    assert_eq!(blamed("1 + t1.1plus.n_a * 2", &Wanted::Number), [("S0202", "t1.1plus.n_a".to_owned())]);
    assert_eq!(blamed("age.5", &Wanted::Number), [("S0202", "age.5".to_owned())]);
    for (formula, place) in [("age.", "."), ("age..x", "."), ("age. x", "."), ("age.+1", ".")] {
        assert_eq!(blamed(formula, &Wanted::Number), [("S0201", place.to_owned())], "{formula}");
    }
}

#[test]
fn numbers_of_arguments() {
    for (formula, place) in [
        ("exp()", "exp()"),
        ("1 + exp(1, 2)", "exp(1, 2)"),
        ("min(1)", "min(1)"),
        ("if(true, 1)", "if(true, 1)"),
        ("if(true, 1, 2, 3)", "if(true, 1, 2, 3)"),
        ("lag()", "lag()"),
    ] {
        assert_eq!(blamed(formula, &Wanted::Number), [("S0207", place.to_owned())], "{formula}");
    }
    for (formula, place) in [
        ("lag(1 + 1)", "1 + 1"),
        ("lag(lag(well))", "lag(well)"),
        ("recorded(well, 1)", "1"),
        ("recorded(well, wave = age)", "age"),
        ("lag(x = well)", "well"),
    ] {
        assert_eq!(blamed(formula, &Wanted::Number), [("S0217", place.to_owned())], "{formula}");
    }
}

#[test]
fn all_problems_are_reported_in_one_go() {
    let places = blamed("agee + exp() * setting + if(age = 1, 2, 3) + logg(1)", &Wanted::Number);
    let codes: Vec<_> = places.iter().map(|p| p.0).collect();
    assert_eq!(codes, ["S0202", "S0207", "S0203", "S0201", "S0206"]);
}

#[test]
fn folding_drops_what_only_a_dead_branch_reads() {
    let program = good("if(layer == 'true', lag(well), well) + age*zero", &Wanted::Number);
    assert_eq!(program.slots(), [0, 1]);
    assert_eq!(program.describe_inputs(), ["age", "well"]);
    assert!(good("zero > 1 and well", &Wanted::Boolean).slots().is_empty());
    assert!(good("well or one == 1", &Wanted::Boolean).slots().is_empty());
    assert_eq!(good("one == 1 and well", &Wanted::Boolean).slots(), [1]);
    let both = good("recorded(well, wave = 1) + lag(well) + well + well", &Wanted::Number);
    assert_eq!(both.slots(), [1, 2, 6]);
    assert_eq!(both.describe_inputs(), ["well", "lag(well)", "recorded(well, wave = 1)"]);
    // Names in a dead branch must still be right, but its values do not matter.
    assert_eq!(blamed("if(one == 1, 1, agee)", &Wanted::Number).len(), 1);
    assert_eq!(good("if(zero > 0, log(zero), 0)", &Wanted::Number).constant(), Some(0.0));
}
