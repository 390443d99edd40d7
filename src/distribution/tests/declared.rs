use super::*;

fn blamed(written: &str) -> Vec<(&'static str, String)> {
    let mut problems = Diagnostics::new();
    let levels: Arc<[String]> = ["low", "middle", "high"].map(str::to_owned).into();
    let levels = written.starts_with("categorical").then_some(&levels);
    assert!(declare(&text(written), levels, &Toy, &mut problems).is_none(), "{written}");
    let place = |d: &crate::diagnostic::Diagnostic| {
        let bytes = d.span.clone().expect("a place").bytes;
        written[bytes.start - 100..bytes.end - 100].to_owned()
    };
    problems.list().iter().map(|d| (d.code, place(d))).collect()
}

#[test]
fn what_is_a_law() {
    for law in ["normal(mean = 0, sd = 1)", "normal(0, 1)", "norml(mean = 0)", "nromal(0, 1)", "frechet(a = 1)"] {
        assert!(is_law(&text(law)), "{law}");
    }
    for law in LAWS {
        assert!(is_law(&text(law)), "{law}");
    }
    assert!(is_law(&text("multivariate_normal(mean_x = 1)")));
    for not in [
        "0.5",
        "x",
        "exp(x)",
        "if(x > 0, 1, 2)",
        "recorded(x, wave = 1)",
        "lag(x)",
        "1 + normal(mean = 1)",
        "min(x, 2)",
    ] {
        assert!(!is_law(&text(not)), "{not}");
    }
}

#[test]
fn problems_are_blamed_where_they_are() {
    let one = |written: &str, code: &'static str, place: &str| {
        assert_eq!(blamed(written), [(code, place.to_owned())], "{written}");
    };
    one("norml(mean = 0, sd = 1)", "S0215", "norml");
    one("multivariate_normal(mean_x = 0)", "S0215", "multivariate_normal");
    one("normal(mean = 0)", "S0216", "normal");
    one("normal(mean = 0, ds = 1, sd = 1)", "S0216", "ds");
    one("normal(mean = 0, sd = 1, sd = 2)", "S0216", "sd");
    one("normal(0, sd = 1)", "S0210", "0");
    one("normal(mean = 0, sd = -1)", "S0205", "-1");
    one("normal(mean = y, sd = 1)", "S0202", "y");
    one("normal(mean = 0, sd = x)", "S0205", "x");
    one("gamma(shape = 0, scale = 1)", "S0213", "0");
    one("bernoulli(p = 1.5)", "S0204", "1.5");
    one("uniform(low = 3, high = 1)", "S0218", "1");
    one("truncated_normal(mean = 0, sd = 1, low = 2, high = 2)", "S0218", "2");
    one("binomial(n = 2.5, p = 0.5)", "S0218", "2.5");
    one("poisson(mean = 1e10)", "S0218", "1e10");
    one("categorical(low = 0.5, middle = 0.4)", "S0211", "categorical");
    one("categorical(low = 0.5, middle = 0.4, high = 0.2)", "S0211", "categorical");
    one("categorical(low = rest, middle = rest)", "S0211", "rest");
    one("categorical(lwo = 0.5, high = rest)", "S0208", "lwo");
    one("categorical(low = 0.5, low = 0.5)", "S0216", "low");
    one("categorical()", "S0216", "categorical");
    one("empirical(a = 1)", "S0216", "a");
    one("empirical(1 = 1, 1.0 = 2)", "S0216", "1.0");
    one("empirical(1 = 0)", "S0218", "0");
    one("piecewise_exponential(rate1 = 1, rate2 = 2)", "S0216", "piecewise_exponential");
    one("piecewise_exponential(rate1 = 1, until1 = 2, rate2 = 1, until2 = 1)", "S0218", "1");
    one("piecewise_exponential(rate1 = 1, until1 = big, rate2 = 1)", "S0218", "big");
    one("piecewise_exponential(rat1 = 1)", "S0216", "rat1");
    assert_eq!(blamed("normal(mean = y, sd = -1)").len(), 2);
}

#[test]
fn help_tells_the_names_of_the_arguments() {
    let mut problems = Diagnostics::new();
    declare(&text("truncated_normal(17, 2)"), None, &Toy, &mut problems);
    let usage = "write `truncated_normal(mean = ..., sd = ..., low = ..., high = ...)`";
    assert_eq!(problems.list()[0].help.as_deref(), Some(usage));
    assert_eq!(problems.list().len(), 2);
}

#[test]
fn what_is_known_of_a_law() {
    let bounds = |written: &str| {
        let Bounds { low, high } = law(written).bounds();
        (low, high)
    };
    let all = (f64::NEG_INFINITY, f64::INFINITY);
    assert_eq!(bounds("normal(mean = 0, sd = 1)"), all);
    assert_eq!(bounds("normal(mean = x, sd = 0)"), (-2.0, 2.0));
    assert_eq!(bounds("truncated_normal(mean = 17, sd = 2, low = 13, high = 21)"), (13.0, 21.0));
    assert_eq!(bounds("truncated_normal(mean = 17, sd = 2, low = x)"), (-2.0, f64::INFINITY));
    assert_eq!(bounds("uniform(low = x, high = big + 2)"), (-2.0, 52.0));
    assert_eq!(bounds("poisson(mean = 3)"), (0.0, f64::INFINITY));
    assert_eq!(bounds("binomial(n = 5, p = p)"), (0.0, 5.0));
    assert_eq!(bounds("categorical(a = 0.5, b = 0.5)"), (0.0, 1.0));
    assert_eq!(bounds("empirical(3 = 1, -1 = 1)"), (-1.0, 3.0));
    assert_eq!(bounds("constant(value = x)"), (-2.0, 2.0));
    assert_eq!(law("bernoulli(p = p)").kind(), Kind::Boolean);
    assert_eq!(law("normal(mean = x + big, sd = sd)").slots(), [0, 1]);
    assert_eq!(law("normal(mean = x + big, sd = sd)").describe_inputs(), ["x", "big"]);
    let few = |written: &str| law(written).finite_values();
    assert_eq!(few("constant(value = 3)"), Some(vec![3.0]));
    assert_eq!(few("constant(value = x)"), None);
    assert_eq!(few("bernoulli(p = p)"), Some(vec![0.0, 1.0]));
    assert_eq!(few("binomial(n = 2, p = p)"), Some(vec![0.0, 1.0, 2.0]));
    assert_eq!(few("binomial(n = 31, p = p)"), None);
    assert_eq!(few("empirical(3 = 1, -1 = 1)"), Some(vec![-1.0, 3.0]));
    assert_eq!(few("normal(mean = 0, sd = 1)"), None);
}

#[test]
fn levels_are_in_the_order_of_the_declaration() {
    let levels: Arc<[String]> = ["low", "middle", "high"].map(str::to_owned).into();
    let with = |written: &str| {
        let mut problems = Diagnostics::new();
        let law = declare(&text(written), Some(&levels), &Toy, &mut problems);
        assert!(problems.list().is_empty(), "{written}: {problems:?}");
        law.expect("no problems")
    };
    let a = with("categorical(high = 0.3, low = 0.2, middle = 0.5)");
    let b = with("categorical(low = 0.2, middle = rest, high = 0.3)");
    assert_eq!(a.kind(), Kind::Level(levels.clone()));
    assert_eq!(draws(&a, 0, 500), draws(&b, 0, 500));
    let two = with("categorical(high = 0.3, low = rest)");
    assert_eq!(two.finite_values(), Some(vec![0.0, 2.0]));
    assert_eq!(with("constant(value = 'high')").finite_values(), Some(vec![2.0]));
}

#[test]
fn bad_arguments_are_noticed_when_drawing() {
    let at = |written: &str, x: f64, big: f64| {
        let law = law(written);
        let mut xs = vec![0.5; 700];
        let mut bigs = vec![1.0; 700];
        (xs[600], bigs[600]) = (x, big);
        let ps: Vec<f64> = bigs.iter().map(|big| big / 2.0).collect();
        let columns = [Input::Number(&xs[..]), Input::Number(&bigs[..]), Input::Number(&ps[..])];
        let inputs: Vec<Input<'_>> = law.slots().iter().map(|slot| columns[*slot as usize]).collect();
        let mut out = vec![0.0; 700];
        law.draw(&streams(), &lane(), 0, &inputs, &mut out, &mut LawScratch::default())
    };
    let problem = |written: &str, x: f64, big: f64| at(written, x, big).expect_err("a bad argument");
    assert_eq!(at("normal(mean = x, sd = big)", 1.0, 2.0), Ok(()));
    let missing = problem("normal(mean = x, sd = big)", f64::NAN, 1.0);
    assert_eq!((missing.row, missing.argument.text.as_str(), missing.why), (600, "x", "the value is missing"));
    let negative = problem("normal(mean = x, sd = big)", 1.0, -3.0);
    assert_eq!((negative.row, negative.argument.text.as_str(), negative.value), (600, "big", -3.0));
    assert_eq!(negative.argument.span.bytes, 122..125);
    let crossed = problem("uniform(low = x, high = big)", 5.0, 1.0);
    assert_eq!((crossed.row, crossed.argument.text.as_str(), crossed.value), (600, "big", 1.0));
    let sum = problem("categorical(a = p, b = p)", 0.0, 1.5);
    assert_eq!((sum.row, sum.why), (600, "the probabilities must sum to 1"));
    let over = problem("categorical(a = p, b = p, c = rest)", 0.0, 1.5);
    assert_eq!(over.row, 600);
}

#[test]
fn the_catalogue_is_in_order() {
    let mut names: Vec<&str> = catalogue().iter().map(|entry| entry.name).collect();
    for entry in catalogue() {
        assert!(!entry.summary.is_empty() && !entry.reference.is_empty(), "{}", entry.name);
        assert_eq!(entry.arguments.is_empty(), !entry.pattern.is_empty(), "{}", entry.name);
        assert!(LAWS.iter().any(|law| law.starts_with(&format!("{}(", entry.name))), "{} is not tested", entry.name);
        assert!(entry.usage().starts_with(entry.name));
    }
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), catalogue().len());
}
