use super::*;
use proptest::prelude::*;

#[test]
fn precedence_is_that_of_r() {
    // Values of R 4.2.2 for the same text (with &, |, ! for the words).
    let known = [
        ("-2^2", -4.0),
        ("2^-1", 0.5),
        ("2^3^2", 512.0),
        ("2^-1*3", 1.5),
        ("-2*3", -6.0),
        ("2*-3", -6.0),
        ("8/4/2", 1.0),
        ("8/4*2", 4.0),
        ("7-2-1", 4.0),
        ("1+2*3", 7.0),
        ("(1+2)*3", 9.0),
        ("--2", 2.0),
        ("+2", 2.0),
        ("1 < 2", 1.0),
        ("1 + 1 == 2", 1.0),
        ("not 1 == 2", 1.0),
        ("not true or true", 1.0),
        ("not (true or true)", 0.0),
        ("true or true and false", 1.0),
        ("(true or true) and false", 0.0),
        ("1 < 2 and 3 >= 3", 1.0),
        ("1 > 2 || 3 != 3", 0.0),
        ("!false & true", 1.0),
        ("true | false && false", 1.0),
        ("1 + (2 > 1)", 2.0),
    ];
    for (formula, result) in known {
        assert_eq!(value(formula), result, "{formula}");
    }
}

#[test]
fn choosing_by_number() {
    for (x, result) in [(1, 10.0), (2, 20.0), (3, 30.0), (7, 30.0), (0, 30.0)] {
        assert_eq!(value(&format!("0*{x} + if({x} == 1, 10, if({x} == 2, 20, 30))")), result);
    }
    let chosen = super::super::parser::parse("choose(k, a + 1, b, c)").unwrap();
    let written = super::super::parser::parse("if(k == 1, a + 1, if(k == 2, b, c))").unwrap();
    assert_eq!(shape(&chosen), shape(&written));
    assert_eq!(shape(&super::super::parser::parse("choose(k, a)").unwrap()), "a");
    for wrong in ["choose()", "choose(k)", "choose(2, 1, 2)", "choose(k + 1, 1, 2)", "choose(k, a = 1, 2)"] {
        assert!(super::super::parser::parse(wrong).is_err(), "{wrong}");
    }
}

/// A tree without the places of its parts.
fn shape(node: &super::super::tree::Node) -> String {
    use super::super::tree::What;
    match &node.what {
        What::Number(n) => n.to_string(),
        What::Name(name) => name.clone(),
        What::Binary(operation, a, b) => format!("({} {} {})", shape(a), operation.symbol(), shape(b)),
        What::Call { name, arguments, .. } => {
            let arguments: Vec<String> = arguments.iter().map(|a| shape(&a.value)).collect();
            format!("{name}({})", arguments.join(", "))
        }
        other => format!("{other:?}"),
    }
}

#[test]
fn functions_and_numbers() {
    let close = |formula: &str, result: f64| {
        assert!((value(formula) - result).abs() <= 1e-15 * result.abs().max(1.0), "{formula}: {}", value(formula));
    };
    close("exp(1)", std::f64::consts::E);
    close("log(2)", std::f64::consts::LN_2);
    close("expit(0)", 0.5);
    close("logit(0.9)", 2.197_224_577_336_219_6);
    close("expit(logit(0.25))", 0.25);
    close("sqrt(2)", std::f64::consts::SQRT_2);
    close("abs(-3)", 3.0);
    close("floor(-1.5)", -2.0);
    close("min(3, 1, 2)", 1.0);
    close("max(3, 1, 2)", 3.0);
    close("if(1 > 2, 10, 20)", 20.0);
    close("1e3 + .5 + 1_000 + 2E-1", 2000.7);
    close("2 ^ 0.5", std::f64::consts::SQRT_2);
    close("lost * 2", 0.1);
}

#[test]
fn breaches_of_the_grammar_are_blamed_where_they_are() {
    let known = [
        ("", ""),
        ("1 +", "+"),
        ("1 + * 2", "*"),
        ("(1 + 2", "("),
        ("1 + 2)", ")"),
        ("exp(1", "("),
        ("exp(1 2)", "2"),
        ("1 2", "2"),
        ("age = 3", "="),
        ("if(age = 3, 1, 2)", "="),
        ("1 < 2 < 3", "<"),
        ("setting == 'community", "'community"),
        ("2x", "2x"),
        ("1.2.3", "1.2.3"),
        ("2 ** 3", "**"),
        ("1 <> 2", "<>"),
        ("3 % 2", "%"),
        ("age ≤ 3", "≤"),
        ("exp(,)", ","),
        ("1e999", "1e999"),
    ];
    for (formula, place) in known {
        assert_eq!(blamed(formula, &Wanted::Number), [("S0201", place.to_owned())], "{formula}");
    }
}

#[test]
fn an_equals_sign_is_explained() {
    let (_, problems) = compiled("age = 3", &Wanted::Boolean);
    assert_eq!(problems[0].help.as_deref(), Some("write `==`"));
    let place = problems[0].span.clone().expect("a place");
    assert_eq!(place.bytes, 104..105);
}

#[test]
fn depth_and_length_have_limits() {
    let deep = |n: usize| format!("{}1{}", "(".repeat(n), ")".repeat(n));
    assert_eq!(value(&deep(64)), 1.0);
    for bad in [
        deep(65),
        deep(4000),
        "-".repeat(9000),
        format!("{}1", "-".repeat(9000)),
        format!("{}true", "not ".repeat(2000)),
        format!("2{}", "^2".repeat(3000)),
        format!("age{}", "+age".repeat(2000)),
        format!("{}1{}", "exp(".repeat(2000), ")".repeat(2000)),
        "1".repeat(10_001),
    ] {
        let (program, problems) = compiled(&bad, &Wanted::Number);
        assert!(program.is_none());
        assert!(problems.iter().all(|d| d.code == "S0214" || d.code == "S0201"), "{problems:?}");
    }
    // A sum of 200 terms is no problem.
    good(&format!("age{}", "+age".repeat(199)), &Wanted::Number);
}

proptest! {
    #[test]
    fn any_text_is_refused_or_read(formula in "\\PC{0,60}") {
        compiled(&formula, &Wanted::Number);
    }

    #[test]
    fn any_tokens_are_refused_or_read(
        parts in proptest::collection::vec(
            proptest::sample::select(vec![
                "age", "well", "lag(well)", "setting", "'community'", "(", ")", ",", "+", "-", "*", "/", "^", "==",
                "=", "<", "and", "or", "not", "if(", "exp(", "log(", "min(", "1", "0.5", "true", "lost", "frailty",
                "recorded(well, wave = 1)", "missing(", "-2", "!=",
            ]),
            0..14,
        ),
    ) {
        let formula = parts.join(" ");
        for wanted in [Wanted::Number, Wanted::Probability, Wanted::Boolean] {
            compiled(&formula, &wanted);
        }
        let mut problems = Diagnostics::new();
        parse_call(&text(&formula), &mut problems);
    }
}

#[test]
fn every_number_has_a_page() {
    for number in 1..=18 {
        let code = format!("S02{number:02}");
        let page = crate::diagnostic::page(&code).expect(&code);
        assert!(page.text.contains("wrong:") && page.text.contains("right:"), "{code}");
    }
}
