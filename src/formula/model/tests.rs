//! Reading models, and the names of their columns. The expected names are those that R 4.2.2 prints.

use super::*;

fn terms(text: &str) -> Vec<String> {
    let (model, problems) = parse_model(text);
    assert_eq!(problems, [], "{text}");
    let intercept = (!model.intercept).then(|| "0".to_owned());
    intercept.into_iter().chain(model.terms.iter().map(ModelTerm::text)).collect()
}

#[test]
fn terms_are_those_of_r() {
    // attr(terms(~ ...), "term.labels") in R 4.2.2.
    let cases: [(&str, &[&str]); 28] = [
        ("1", &[]),
        ("1 + age + factor( wave ) + age :factor(g)+age", &["age", "factor(wave)", "age:factor(g)"]),
        ("y ~ a*b", &["a", "b", "a:b"]),
        ("~ a*b*c", &["a", "b", "c", "a:b", "a:c", "b:c", "a:b:c"]),
        ("a:b + c", &["c", "a:b"]),
        ("b + a + a:b", &["b", "a", "b:a"]),
        ("(a + b)^2", &["a", "b", "a:b"]),
        ("(a + b + c)^2 - a:c", &["a", "b", "c", "a:b", "b:c"]),
        ("(a + b + c)**3", &["a", "b", "c", "a:b", "a:c", "b:c", "a:b:c"]),
        ("(a + b):c", &["a:c", "b:c"]),
        ("(a + b)*c", &["a", "b", "c", "a:c", "b:c"]),
        ("a/b", &["a", "a:b"]),
        ("(a + b)/c", &["a", "b", "a:b:c"]),
        ("a/(b + c)", &["a", "a:b", "a:c"]),
        ("a*b - a", &["b", "a:b"]),
        ("a - a", &[]),
        ("a - 1", &["0", "a"]),
        ("a + 0", &["0", "a"]),
        ("-1 + a", &["0", "a"]),
        ("0 + a + 1", &["a"]),
        ("a - 0", &["a"]),
        ("a - (b - 1)", &["a"]),
        ("a - (b + 1)", &["0", "a"]),
        ("a:a + a*a", &["a"]),
        ("I( x^2 ) + I(a*b -1/c)", &["I(x^2)", "I(a * b - 1/c)"]),
        ("log(x)+sqrt( lag(x) )", &["log(x)", "sqrt(lag(x))"]),
        ("ns(age,3) + bs(age,df=4) + poly(log(age),2)", &["ns(age, 3)", "bs(age, df = 4)", "poly(log(age), 2)"]),
        ("C(g,sum):x + factor(g,ref='b')", &["factor(g, ref = \"b\")", "C(g, sum):x"]),
    ];
    for (text, want) in cases {
        assert_eq!(terms(text), want, "{text}");
    }
}

#[test]
fn places_outcome_offsets_and_random_terms() {
    let text = "well ~ age + factor( wave ) + offset(log(days)) + (1 | id) + (0 + wave | site)";
    let (model, problems) = parse_model(text);
    assert_eq!(problems, []);
    assert_eq!(model.response.map(|r| (r.name, r.range)), Some(("well".to_owned(), 0..4)));
    let places: Vec<&str> = model.terms.iter().flat_map(|t| &t.factors).map(|f| &text[f.range.clone()]).collect();
    assert_eq!(places, ["age", "factor( wave )"]);
    assert_eq!(model.offsets.len(), 1);
    assert!((model.offsets[0].value(&|_| libm::exp(2.0)) - 2.0).abs() < 1e-15);
    let random: Vec<(bool, usize, &str, &str)> =
        (model.random.iter()).map(|r| (r.intercept, r.terms.len(), r.group.name.as_str(), r.text.as_str())).collect();
    assert_eq!(random, [(true, 0, "id", "1 | id"), (false, 1, "site", "0 + wave | site")]);
    assert!(model.intercept, "the intercept of a random term is its own");
    let problem = parse_model(text).0.beyond_terms().expect("a random term");
    assert_eq!(
        (problem.message.as_str(), &text[problem.range]),
        ("`(1 | id)` is a random term, which is not possible here", "(1 | id)")
    );
    assert_eq!(parse_model("a + offset(x)").0.beyond_terms().map(|p| p.range), Some(11..12));
    assert_eq!(parse_model("a").0.beyond_terms(), None);
}

#[test]
fn what_cannot_be_read_is_named_at_its_place() {
    let cases: [(&str, &str, Range<usize>); 40] = [
        ("a + ", "a term is missing in `a + `", 4..4),
        ("", "a term is missing in ``", 0..0),
        ("a: + b", "a term is missing in `a: + b`", 3..3),
        ("y ~", "a term is missing in `y ~`", 3..3),
        ("y ~ a ~ b", "`~` cannot stand here", 6..7),
        ("log(y) ~ a", "the outcome must be a name", 0..6),
        ("é + factor(a", "`(a` has no closing `)`", 11..13),
        ("(a + b", "`(a + b` has no closing `)`", 0..6),
        ("a + b)", "this bracket closes none", 5..6),
        ("a b", "`b` cannot stand here", 2..3),
        ("abs(a)", "`abs(...)` is not known in a model", 0..3),
        ("factor()", "the name of a variable is missing here", 7..8),
        ("factor(a + b)", "`+` cannot stand here", 9..10),
        ("factor(a, levels = 3)", "`factor` takes a variable and `ref`", 10..16),
        ("factor(a, ref 3)", "`=` is missing here", 14..15),
        ("C(a, deviance)", "this is not a contrast", 5..13),
        ("b^2", "`b^2` in a model is not a power of the number", 0..3),
        ("(a + b)^0.5", "a power must be a whole number from 1 to 64", 8..11),
        ("(a + b)^x", "a power must be a whole number from 1 to 64", 8..9),
        ("2x", "`2x` is neither a number nor a name", 0..2),
        ("2 * x", "`2` is not a term", 0..1),
        ("1:x", "an intercept can only be added", 0..1),
        ("x * offset(z)", "an offset can only be added", 4..13),
        ("x - offset(z)", "an offset cannot be taken away", 4..13),
        ("x:(1 | id)", "a random term can only be added", 2..10),
        ("x - (1 | id)", "a random term cannot be taken away", 4..12),
        ("(1 || id)", "`||` is not known here", 4..5),
        ("(1 | id/site)", "the groups of a random term are one name", 7..8),
        ("(1 | 2)", "a random term needs the name of what makes its groups", 5..6),
        ("(0 | id)", "this random term has no coefficient", 0..8),
        ("a | id", "`|` cannot stand here", 2..3),
        (".", "`.` for all variables is not possible", 0..1),
        ("a + 'b'", "a text is not a term", 4..7),
        ("a + 'b", "this quotation mark is never closed", 4..6),
        ("a & b", "`&` has no meaning in a model", 2..3),
        ("I(2)", "this reads no variable", 0..4),
        ("log(a", "`(a` has no closing `)`", 3..5),
        ("ns(a)", "`ns` needs its number of columns", 0..5),
        ("bs(a, 2)", "B-splines of degree 3 have at least 3 columns", 0..8),
        ("ns(a, 0)", "a whole number from 1 to 20 should stand here", 6..7),
    ];
    for (text, message, range) in cases {
        let (_, problems) = parse_model(text);
        let found: Vec<(&str, Range<usize>)> = problems.iter().map(|p| (p.message.as_str(), p.range.clone())).collect();
        assert_eq!(found, [(message, range)], "{text}");
        assert!(problems.iter().all(|p| !p.help.is_empty()), "{text}");
    }
}

#[test]
fn every_problem_is_found_and_the_rest_is_read() {
    let (model, problems) = parse_model("2x + a");
    assert_eq!((model.terms.len(), problems.len()), (0, 1), "what is no token ends the reading");
    let (model, problems) = parse_model("b^2 + a + (c + f(d, e) + g) + log()");
    assert_eq!(model.terms.iter().map(ModelTerm::text).collect::<Vec<_>>(), ["a", "c", "g"]);
    assert_eq!(problems.iter().map(|p| p.range.clone()).collect::<Vec<_>>(), [0..3, 15..16, 34..35]);
}

#[test]
fn nothing_breaks_the_parser() {
    let deep = "(".repeat(5_000);
    let hard = [
        "(".repeat(500),
        deep,
        "-".repeat(900),
        format!("I({}x)", "-".repeat(900)),
        format!("I({}x{})", "(".repeat(400), ")".repeat(400)),
        (0..300).map(|i| format!("a{i}")).collect::<Vec<_>>().join("*"),
        "x^".repeat(300),
        "~".to_owned(),
        "~~".to_owned(),
        "|".to_owned(),
        "(|)".to_owned(),
        "(a|".to_owned(),
        "factor(".to_owned(),
        "C(factor(".to_owned(),
        "lag(lag(x))".to_owned(),
        "1e999".to_owned(),
        "é(ß)".to_owned(),
        "a −b".to_owned(),
    ];
    for text in &hard[..17] {
        let (_, problems) = parse_model(text);
        assert!(!problems.is_empty(), "{text}");
        for problem in problems {
            assert!(text.get(problem.range.clone()).is_some(), "{text}: {problem:?}");
        }
    }
    assert_eq!(terms(&hard[17]), ["a"]);
}

/// `z` has levels a, b, c, `w` has u and v, `d` the numbers 3, 1, 2; everything else is a number.
fn names(text: &str) -> Vec<String> {
    let (model, problems) = parse_model(text);
    assert_eq!(problems, [], "{text}");
    let columns = model.columns(&mut values).unwrap_or_else(|problems| panic!("{text}: {problems:?}"));
    columns.columns.into_iter().map(|c| c.name).collect()
}

fn values(variable: &ModelVariable) -> Result<ModelValues, (String, String)> {
    let named = |list: &[&str]| Ok(ModelValues::Named(list.iter().map(|s| (*s).to_owned()).collect()));
    match variable.name.as_str() {
        "z" => named(&["a", "b", "c"]),
        "w" => named(&["u", "v"]),
        "d" => Ok(ModelValues::Few(vec![3.0, 1.0, 2.0])),
        "nobody" => Err(("there is no `nobody`".to_owned(), "look again".to_owned())),
        _ => Ok(ModelValues::Number),
    }
}

#[test]
fn columns_are_those_of_r() {
    // colnames(model.matrix(~ ...)) in R 4.2.2, where `d` is a number.
    let cases = [
        ("z:w", "(Intercept) za:wu zb:wu zc:wu za:wv zb:wv zc:wv"),
        ("x + z:w", "(Intercept) x za:wu zb:wu zc:wu za:wv zb:wv zc:wv"),
        ("z + x:z:w", "(Intercept) zb zc za:x:wu zb:x:wu zc:x:wu za:x:wv zb:x:wv zc:x:wv"),
        ("0 + x + z*w", "x za zb zc wv zb:wv zc:wv"),
        ("z/w", "(Intercept) zb zc za:wv zb:wv zc:wv"),
        ("w:x + x:z", "(Intercept) wu:x wv:x x:zb x:zc"),
        ("C(z, sum):w + w", "(Intercept) wv C(z,sum)1:wu C(z,sum)2:wu C(z,sum)1:wv C(z,sum)2:wv"),
        ("C(z, sum):x", "(Intercept) C(z,sum)a:x C(z,sum)b:x C(z,sum)c:x"),
        ("(x + z + w)^2 - x:z", "(Intercept) x zb zc wv x:wv zb:wv zc:wv"),
        ("poly(x, 1) + ns(x, 2)", "(Intercept) poly(x,1) ns(x,2)1 ns(x,2)2"),
        ("C(z, poly) + C(z, helmert)", "(Intercept) C(z,poly).L C(z,poly).Q C(z,helmert)1 C(z,helmert)2"),
        ("factor(d) + d", "(Intercept) factor(d)2 factor(d)3 d"),
        ("factor(d, ref = 2)", "(Intercept) factor(d,ref=2)1 factor(d,ref=2)3"),
        ("factor(z, ref = 'c') - 1", "factor(z,ref=\"c\")a factor(z,ref=\"c\")b factor(z,ref=\"c\")c"),
    ];
    for (text, want) in cases {
        let found: Vec<String> = names(text).into_iter().map(|n| n.replace(' ', "")).collect();
        assert_eq!(found, want.split(' ').collect::<Vec<_>>(), "{text}");
    }
}

#[test]
fn columns_that_cannot_be() {
    let cases = [
        ("factor(x)", "`factor(x)` needs a variable with few values, and `x` is a number", 0..9),
        ("a + log(z)", "`z` has named levels, which are no numbers", 8..9),
        ("nobody + nobody:x", "there is no `nobody`", 0..6),
        ("factor(z, ref = e)", "`z` has no level `e`", 16..17),
    ];
    for (text, message, range) in cases {
        let problems = parse_model(text).0.columns(&mut values).expect_err(text);
        let found: Vec<(&str, Range<usize>)> = problems.iter().map(|p| (p.message.as_str(), p.range.clone())).collect();
        assert_eq!(found, [(message, range)], "{text}");
    }
}

#[test]
fn a_coefficient_is_found_by_its_name_or_its_term() {
    let columns = parse_model("z*x + ns(x, 2) + w").0.columns(&mut values).expect("columns");
    let found = |wanted: &str| columns.find(wanted).map(|k| columns.columns[k].name.clone());
    assert_eq!(found("1").as_deref(), Some("(Intercept)"));
    assert_eq!(found("x:zb").as_deref(), Some("zb:x"));
    assert_eq!(found("ns(x,2)1").as_deref(), Some("ns(x, 2)1"));
    assert_eq!(found("w").as_deref(), Some("wv"));
    assert_eq!((found("z"), found("ns(x,2)"), found("q")), (None, None, None));
}

/// The values of a contrast, column after column.
fn contrast(text: &str) -> Vec<Vec<f64>> {
    let columns = parse_model(text).0.columns(&mut values).expect("columns");
    let of = |c: &ModelColumn| match &c.parts[..] {
        [ModelPart::Levels { values, .. }] => values.clone(),
        other => panic!("{other:?}"),
    };
    columns.columns.iter().skip(1).map(of).collect()
}

#[test]
fn contrasts_by_hand() {
    assert_eq!(contrast("z"), [[0.0, 1.0, 0.0], [0.0, 0.0, 1.0]]);
    assert_eq!(contrast("factor(z, ref = b)"), [[1.0, 0.0, 0.0], [0.0, 0.0, 1.0]]);
    assert_eq!(contrast("C(z, sum)"), [[1.0, 0.0, -1.0], [0.0, 1.0, -1.0]]);
    assert_eq!(contrast("C(z, contr.helmert)"), [[-1.0, 1.0, 0.0], [-1.0, -1.0, 2.0]]);
    // The caller's order of `d` is 3, 1, 2, that of its levels 1, 2, 3.
    assert_eq!(contrast("factor(d)"), [[0.0, 0.0, 1.0], [1.0, 0.0, 0.0]]);
    assert_eq!(contrast("C(factor(d), sum)"), [[-1.0, 1.0, 0.0], [-1.0, 0.0, 1.0]]);
    let (half, sixth) = (libm::sqrt(0.5), libm::sqrt(1.0 / 6.0));
    for (got, want) in contrast("C(z, poly)").iter().zip([[-half, 0.0, half], [sixth, -2.0 * sixth, sixth]]) {
        assert!(got.iter().zip(want).all(|(g, w)| (g - w).abs() < 1e-15), "{got:?}");
    }
}

#[test]
fn expressions_are_r_s_arithmetic() {
    let value = |text: &str| {
        let (model, problems) = parse_model(text);
        assert_eq!(problems, [], "{text}");
        let Form::Value(of) = &model.terms[0].factors[0].form else { panic!("{text}") };
        of.value(&|v| if v.lagged { 5.0 } else { 3.0 })
    };
    assert_eq!(value("I(x^2)"), 9.0);
    assert_eq!(value("I(-x^2)"), -9.0);
    assert_eq!(value("I(2^x^0 - 1)"), 1.0);
    assert_eq!(value("I(x^-1 * 6)"), 2.0);
    assert_eq!(value("I(1 - x - 1)"), -3.0);
    assert_eq!(value("I(12 / x / 2)"), 2.0);
    assert_eq!(value("I((x - lag(x)) * 2)"), -4.0);
    assert_eq!(value("sqrt(x + 1)"), 2.0);
    assert!(value("log(x - 3)").is_nan() && value("I(1 / (x - 3))").is_nan() && value("sqrt(0 - x)").is_nan());
}
