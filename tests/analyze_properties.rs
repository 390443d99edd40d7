//! What must not matter to an analysis of somebody's own table, and what must follow it: through a plan and a CSV file, as
//! `eclosion analyze --json` does.

use eclosion::diagnostic::{Diagnostics, render};
use eclosion::scenario::load_plan_text;
use eclosion::{intake, report, study};
use proptest::prelude::*;
use serde_json::Value;
use std::fmt::Write;

const WAVES: usize = 3;

/// A person: arm, age, the answers by wave (well, again, score), and the house that persons share.
#[derive(Clone, Debug)]
struct Person {
    arm: bool,
    age: u8,
    house: u8,
    answers: Vec<Option<(bool, bool, f64)>>,
}

/// A row of the file.
#[derive(Clone, Debug)]
struct Row {
    person: usize,
    wave: usize,
    arm: u8,
    age: u8,
    house: u8,
    weight: f64,
    well: u8,
    again: u8,
    score: f64,
}

fn person() -> impl Strategy<Value = Person> {
    let answer = (any::<bool>(), 0_u8..4, -3.0..3.0_f64);
    let answers = proptest::collection::vec(proptest::option::weighted(0.85, answer), WAVES);
    // The score follows the arm, the age and, loosely, what was said at the first wave; `again` mostly agrees.
    (any::<bool>(), 13_u8..20, 0_u8..6, -1.0..1.0_f64, answers).prop_map(|(arm, age, house, level, answers)| {
        let told = |(well, other, noise): (bool, u8, f64)| {
            let score = 10.0 + level + noise + 0.5 * f64::from(u8::from(arm)) + 0.1 * f64::from(age);
            (well, well ^ (other == 0), score)
        };
        Person { arm, age, house, answers: answers.into_iter().map(|a| a.map(told)).collect() }
    })
}

/// Persons enough that few fits fail; where one fails it must fail in both of two tables.
fn persons() -> impl Strategy<Value = Vec<Person>> {
    proptest::collection::vec(person(), 24..36)
}

fn rows(persons: &[Person]) -> Vec<Row> {
    let of = |(number, person): (usize, &Person)| {
        let told = person.answers.iter().enumerate().filter_map(|(wave, answer)| answer.map(|a| (wave, a)));
        let row = |(wave, (well, again, score)): (usize, (bool, bool, f64))| Row {
            person: number + 1,
            wave: wave + 1,
            arm: u8::from(person.arm),
            age: person.age,
            house: person.house,
            weight: 1.0,
            well: u8::from(well),
            again: u8::from(again),
            score,
        };
        told.map(row).collect::<Vec<_>>()
    };
    persons.iter().enumerate().flat_map(of).collect()
}

const DATA: &str = r#"
[analysis]
seed = 20101
[data]
id = "person"
wave = "wave"
baseline = ["arm", "age", "house"]
"#;

/// Runs a plan, `DATA` before it unless it begins with a table of its own, on rows.
fn analyze(head: &str, plan: &str, rows: &[Row], weighted: bool) -> Value {
    let mut csv = "person,wave,arm,age,house,well,again,score".to_owned();
    csv += if weighted { ",weight\n" } else { "\n" };
    for Row { person, wave, arm, age, house, weight, well, again, score } in rows {
        let _ = write!(csv, "{person},{wave},{arm},{age},{house},{well},{again},{score}");
        csv += &if weighted { format!(",{weight}\n") } else { "\n".to_owned() };
    }
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("panel.csv");
    std::fs::write(&path, csv).expect("it can be written");
    let loaded = load_plan_text("plan.toml", &format!("{head}{plan}"));
    let refused = |problems: &Diagnostics| render(problems, &loaded.sources, false);
    let plan = loaded.plan.as_ref().unwrap_or_else(|| panic!("{}", refused(&loaded.problems)));
    let read = intake::read(&[path], &plan.data).unwrap_or_else(|p| panic!("{}: {}", p.code, p.message));
    let mut problems = Diagnostics::new();
    let analysis = study::analyze(plan, &read, &mut problems).unwrap_or_else(|| panic!("{}", refused(&problems)));
    report::analysis_json(&analysis)
}

fn number(value: &Value) -> f64 {
    match value.as_str() {
        Some("Infinity") => f64::INFINITY,
        Some("-Infinity") => f64::NEG_INFINITY,
        _ => value.as_f64().unwrap_or(f64::NAN),
    }
}

/// Equal but for rounding, which an iterative fit may enlarge. What is undefined is equal to what is undefined.
fn near(a: f64, b: f64) -> bool {
    a == b || (a.is_nan() && b.is_nan()) || (a - b).abs() <= 1e-6 * (1.0 + a.abs().max(b.abs()))
}

/// Keys whose values depend on rounding or on the way to a result, or go by the order of rows.
const BESIDES: [&str; 5] = ["iterations", "last_step", "detail", "warnings", "fitted"];

fn differences(path: &str, a: &Value, b: &Value, list: &mut Vec<String>) {
    match (a, b) {
        (Value::Object(a), Value::Object(b)) if a.len() == b.len() => {
            for (key, value) in a.iter().filter(|(key, _)| !BESIDES.contains(&key.as_str())) {
                differences(&format!("{path}.{key}"), value, b.get(key).unwrap_or(&Value::Null), list);
            }
        }
        (Value::Array(a), Value::Array(b)) if a.len() == b.len() => {
            a.iter().zip(b).enumerate().for_each(|(k, (a, b))| differences(&format!("{path}[{k}]"), a, b, list));
        }
        (Value::Number(_), Value::Number(_)) if near(number(a), number(b)) => {}
        _ if a == b => {}
        _ => list.push(format!("{path}: {a} and {b}")),
    }
}

fn same(a: &Value, b: &Value) {
    let mut list = Vec::new();
    let methods = |v: &Value| v["methods"].as_array().cloned().unwrap_or_default();
    for (a, b) in methods(a).iter().zip(&methods(b)) {
        differences(a["name"].as_str().unwrap_or("?"), a, b, &mut list);
    }
    assert!(list.is_empty(), "{}", list.join("\n"));
}

/// One answer or named estimate.
#[derive(Clone, Debug)]
struct Named {
    name: String,
    estimate: f64,
    se: f64,
    low: f64,
    high: f64,
}

impl Named {
    /// `other` is this one times `factor`, moved by `shift`.
    fn becomes(&self, other: &Self, factor: f64, shift: f64) {
        let move_to = |v: f64| shift + factor * v;
        let (mut low, mut high) = (move_to(self.low), move_to(self.high));
        if factor < 0.0 {
            (low, high) = (high, low);
        }
        let pairs = [
            (move_to(self.estimate), other.estimate),
            (factor.abs() * self.se, other.se),
            (low, other.low),
            (high, other.high),
        ];
        assert!(self.name == other.name && pairs.iter().all(|(a, b)| near(*a, *b)), "{self:?} {other:?} {pairs:?}");
    }

    /// `other` is this one turned over.
    fn turns_over(&self, other: &Self) {
        let pairs = [(self.estimate, other.estimate), (self.low, other.high), (self.high, other.low)];
        assert!(pairs.iter().all(|(a, b)| near(1.0 / a, *b) || near(*a, 1.0 / b)), "{self:?} {other:?}");
    }
}

/// All answers and named estimates of a method by the name that the plan gives it; none where it failed.
fn found(analysis: &Value, method: &str) -> Vec<Named> {
    let methods = analysis["methods"].as_array().expect("a list");
    let of = methods.iter().find(|m| m["name"] == method).unwrap_or_else(|| panic!("there is no `{method}`"));
    let lists = [&of["answers"], &of["estimates"]].map(|list| list.as_array().cloned().unwrap_or_default());
    let named = |e: &Value| Named {
        name: e["name"].as_str().unwrap_or("?").to_owned(),
        estimate: number(&e["estimate"]),
        se: number(&e["model_se"]),
        low: number(&e["interval"][0]),
        high: number(&e["interval"][1]),
    };
    lists.iter().flatten().filter(|e| e["status"] == "ok").map(named).collect()
}

/// The named estimates of both tables side by side; both have the same ones.
fn pairs(a: &Value, b: &Value, method: &str) -> Vec<(Named, Named)> {
    let (a, b) = (found(a, method), found(b, method));
    let names = |list: &[Named]| list.iter().map(|n| n.name.clone()).collect::<Vec<_>>();
    assert_eq!(names(&a), names(&b), "{method}");
    a.into_iter().zip(b).collect()
}

/// As [`pairs`], where a ratio of 0 turns into one that is infinite, which is no estimate.
fn with_ratios(a: &Value, b: &Value, method: &str) -> Vec<(Named, Named)> {
    let (a, b) = (found(a, method), found(b, method));
    let alone = |one: &[Named], other: &[Named]| {
        let missing = one.iter().filter(|n| !other.iter().any(|o| o.name == n.name));
        missing.for_each(|n| assert!(n.estimate == 0.0, "{method}: {n:?}"));
    };
    alone(&a, &b);
    alone(&b, &a);
    let twin = |n: &Named| b.iter().find(|o| o.name == n.name).cloned();
    a.iter().filter_map(|n| Some((n.clone(), twin(n)?))).collect()
}

const ESTIMANDS: &str = r#"
[[estimand]]
name = "share"
quantity = "prevalence"
of = "well"
wave = 3
[[estimand]]
name = "mean"
quantity = "mean"
of = "score"
wave = 3
[[estimand]]
name = "difference"
quantity = "difference"
of = "score"
wave = 2
compare = ["arm == 1", "arm == 0"]
[[estimand]]
name = "slope"
quantity = "coefficient"
of = "score"
wave = 2
model = "arm + age"
term = "age"
family = "linear"
[[estimand]]
name = "log odds"
quantity = "coefficient"
of = "well"
wave = 2
model = "arm + age"
term = "arm"
family = "logistic"
"#;

/// Methods that do not draw.
const METHODS: &str = r#"
[[method]]
method = "available_case"
[[method]]
method = "complete_case"
[[method]]
method = "locf"
[[method]]
method = "difference_in_means"
[[method]]
method = "ipw"
dropout_model = "well"
errors = "estimated_weights"
[[method]]
method = "aipw"
dropout_model = "well"
lags = 1
[[method]]
method = "gcomputation"
lags = 1
[[method]]
method = "regression"
model = "score ~ arm + age + factor(wave)"
cluster = "house"
[[method]]
method = "gee"
model = "score ~ arm + age + factor(wave)"
[[method]]
name = "gee of well"
method = "gee"
model = "well ~ arm + age"
correlation = "ar1"
[[method]]
method = "glm"
model = "well ~ arm + age"
[[method]]
method = "logistic"
model = "well ~ arm + age"
[[method]]
method = "firth"
model = "well ~ arm + age"
[[method]]
method = "mvn_em"
variables = ["score"]
[[method]]
method = "icc"
of = "score"
[[method]]
method = "kappa"
items = ["well", "again"]
wave = 1
[[method]]
method = "krippendorff_alpha"
of = "score"
[[method]]
method = "proportion"
of = "well"
[[method]]
method = "two_proportions"
of = "well"
compare = ["arm == 1", "arm == 0"]
[[method]]
method = "exact_2x2"
of = "well"
compare = ["arm == 1", "arm == 0"]
[[method]]
method = "mcnemar"
of = "well"
[[method]]
method = "bounds"
item = "well"
[[method]]
method = "recanting"
item = "well"
[[method]]
method = "panel_descriptives"
items = ["well", "again"]
[[method]]
method = "simple_missing"
outcome = "score"
binary = "well"
group = "arm"
"#;

/// Methods whose draws go by the order of the file.
const DRAWING: &str = r#"
[[method]]
name = "samples"
steps = ["bootstrap"]
bootstrap = { replicates = 40, statistic = { kind = "mean", var = "score" } }
[[method]]
name = "samples of a fit"
steps = ["bootstrap", "mvn_em"]
estimands = ["mean"]
bootstrap = { replicates = 40, interval = "normal" }
[[method]]
name = "imputed"
steps = ["impute.mice", "available_case"]
estimands = ["share", "mean"]
impute.mice = { variables = ["score", "well"], m = 2, sweeps = 2 }
"#;

fn few(cases: u32) -> ProptestConfig {
    ProptestConfig { cases, failure_persistence: None, ..ProptestConfig::default() }
}

proptest! {
    #![proptest_config(few(16))]

    #[test]
    fn the_order_of_rows_does_not_matter(
        (table, shuffled) in persons().prop_map(|p| rows(&p)).prop_flat_map(|r| (Just(r.clone()), Just(r).prop_shuffle()))
    ) {
        let plan = [ESTIMANDS, METHODS].concat();
        same(&analyze(DATA, &plan, &table, false), &analyze(DATA, &plan, &shuffled, false));
    }

    #[test]
    fn the_names_of_persons_do_not_matter(persons in persons()) {
        let plan = [ESTIMANDS, METHODS, DRAWING].concat();
        let table = rows(&persons);
        let mut renamed = table.clone();
        renamed.iter_mut().for_each(|row| row.person = 7919 - 13 * row.person);
        prop_assert_eq!(analyze(DATA, &plan, &table, false), analyze(DATA, &plan, &renamed, false));
    }

    #[test]
    fn a_score_on_another_scale(persons in persons(), factor in 0.1..20.0_f64, shift in -50.0..50.0_f64) {
        let plan = [ESTIMANDS, METHODS, DRAWING].concat();
        let table = rows(&persons);
        let mut moved = table.clone();
        moved.iter_mut().for_each(|row| row.score = shift + factor * row.score);
        let (a, b) = (analyze(DATA, &plan, &table, false), analyze(DATA, &plan, &moved, false));
        let mut compared = 0;
        for method in ["available_case", "locf", "ipw", "aipw", "gcomputation", "regression", "gee", "difference_in_means",
            "mvn_em", "icc", "samples", "samples of a fit"] {
            for (was, is) in pairs(&a, &b, method) {
                let (factor, shift) = match was.name.as_str() {
                    _ if method == "icc" => (1.0, 0.0),
                    "share" | "log odds" => (1.0, 0.0),
                    "difference" | "slope" | "arm" | "age" => (factor, 0.0),
                    wave if wave.starts_with("factor(wave)") => (factor, 0.0),
                    _ => (factor, shift),
                };
                was.becomes(&is, factor, shift);
                compared += 1;
            }
        }
        prop_assert!(compared > 30, "{}", compared);
        // Draws of coefficients follow a score on another scale; one that is moved has other draws of the same law.
        let mut larger = table.clone();
        larger.iter_mut().for_each(|row| row.score *= factor);
        for (was, is) in pairs(&a, &analyze(DATA, &plan, &larger, false), "imputed") {
            was.becomes(&is, if was.name == "mean" { factor } else { 1.0 }, 0.0);
        }
    }

    #[test]
    fn noes_for_yeses(persons in persons()) {
        let plan = [ESTIMANDS, METHODS].concat();
        let table = rows(&persons);
        let mut turned = table.clone();
        turned.iter_mut().for_each(|row| (row.well, row.again) = (1 - row.well, 1 - row.again));
        let (a, b) = (analyze(DATA, &plan, &table, false), analyze(DATA, &plan, &turned, false));
        let mut compared = 0;
        for method in ["gee of well", "glm", "logistic", "firth", "kappa", "available_case", "ipw", "aipw", "gcomputation",
            "two_proportions", "proportion"] {
            for (was, is) in pairs(&a, &b, method) {
                match (method, was.name.as_str()) {
                    // A ratio of shares of noes is another thing.
                    (_, "risk_ratio" | "mean" | "difference" | "slope") => continue,
                    ("kappa", _) => was.becomes(&is, 1.0, 0.0),
                    (_, "odds_ratio") => was.turns_over(&is),
                    (_, "share") | ("proportion", _) => was.becomes(&is, -1.0, 1.0),
                    _ => was.becomes(&is, -1.0, 0.0),
                }
                compared += 1;
            }
        }
        prop_assert!(compared > 15, "{}", compared);
        // Every kind of limits for a share.
        for kind in ["wald", "wilson", "wilson_cc", "agresti_coull", "clopper_pearson", "jeffreys", "mid_p"] {
            for wave in 0..WAVES {
                let at = |v: &Value, side: &str| number(&found_values(v, "proportion")[kind][side][wave]);
                let (low, high) = (at(&a, "lower"), at(&a, "upper"));
                prop_assert!(low <= high, "{} {} {}", kind, low, high);
                prop_assert!(near(low, 1.0 - at(&b, "upper")) && near(high, 1.0 - at(&b, "lower")), "{}", kind);
            }
        }
    }

    #[test]
    fn two_halves_are_a_whole(persons in persons()) {
        let table = rows(&persons);
        let mut halves = table.clone();
        halves.extend(table.iter().map(|row| Row { person: row.person + 1000, ..row.clone() }));
        halves.iter_mut().for_each(|row| row.weight = 0.5);
        let head = DATA.replace("[data]", "[data]\nweight = \"weight\"");
        let (a, b) = (analyze(&head, WEIGHTED, &table, true), analyze(&head, WEIGHTED, &halves, true));
        let mut compared = 0;
        for method in ["linear", "marginal", "log odds", "counted"] {
            for (was, is) in pairs(&a, &b, method) {
                was.becomes(&is, 1.0, 0.0);
                compared += 1;
            }
        }
        prop_assert!(compared > 3, "{}", compared);
        // A weight is no mere ornament: weights that differ give another answer.
        let mut uneven = table.clone();
        uneven.iter_mut().for_each(|row| row.weight = 1.0 + row.person as f64);
        let other = found(&analyze(&head, WEIGHTED, &uneven, true), "linear");
        prop_assert!(found(&a, "linear").iter().zip(&other).any(|(x, y)| !near(x.estimate, y.estimate)));
    }

    #[test]
    fn groups_exchanged(persons in persons()) {
        let table = rows(&persons);
        let plan = |first: u8| {
            let compare = format!("compare = [\"arm == {first}\", \"arm == {}\"]", 1 - first);
            let methods = ["two_proportions", "exact_2x2"].map(|m| format!("[[method]]\nmethod = \"{m}\"\nof = \"well\"\n{compare}\n"));
            let estimand = |of: &str| format!("[[estimand]]\nname = \"{of}\"\nquantity = \"difference\"\nof = \"{of}\"\nwave = 2\n{compare}\n");
            let ratio = |q: &str| format!("[[estimand]]\nname = \"{q}\"\nquantity = \"{q}\"\nof = \"well\"\nwave = 2\n{compare}\n");
            [methods.concat(), estimand("well"), estimand("score"), ratio("risk_ratio"), ratio("odds_ratio"), DIFFERENCES.to_owned()].concat()
        };
        let (a, b) = (analyze(DATA, &plan(1), &table, false), analyze(DATA, &plan(0), &table, false));
        let mut compared = 0;
        for method in ["available_case", "complete_case", "locf", "difference_in_means", "regression", "gee", "mvn_em", "ipw",
            "two_proportions", "exact_2x2"] {
            for (was, is) in with_ratios(&a, &b, method) {
                if was.name.ends_with("ratio") || was.name == "cond_or" {
                    was.turns_over(&is);
                } else {
                    was.becomes(&is, -1.0, 0.0);
                }
                compared += 1;
            }
        }
        prop_assert!(compared > 12, "{}", compared);
        let first = |v: &Value, method: &str, key: &str| found_values(v, method)["tables"][0][key].clone();
        for key in ["diff_wald", "diff_newcombe", "diff_agresti_caffo", "diff_miettinen_nurminen", "diff_mee"] {
            let (was, is) = (first(&a, "two_proportions", key), first(&b, "two_proportions", key));
            prop_assert!(near(number(&was[0]), -number(&is[1])) && near(number(&was[1]), -number(&is[0])), "{}", key);
        }
        for (method, key, mirrored) in [
            ("two_proportions", "chisq_p", "chisq_p"),
            ("two_proportions", "chisq_yates_p", "chisq_yates_p"),
            ("exact_2x2", "fisher_p", "fisher_p"),
            ("exact_2x2", "fisher_less", "fisher_greater"),
            ("exact_2x2", "fisher_midp_less", "fisher_midp_greater"),
            ("exact_2x2", "barnard_p", "barnard_p"),
            ("exact_2x2", "boschloo_p", "boschloo_p"),
        ] {
            let (was, is) = (number(&first(&a, method, key)), number(&first(&b, method, mirrored)));
            prop_assert!(near(was, is), "{} {}: {} and {}", method, key, was, is);
        }
    }
}

/// The values of a method's report.
fn found_values<'v>(analysis: &'v Value, method: &str) -> &'v Value {
    let methods = analysis["methods"].as_array().expect("a list");
    &methods.iter().find(|m| m["name"] == method).expect("it is in the plan")["values"]
}

/// Errors by clusters, in which the two halves of a person are together.
const WEIGHTED: &str = r#"
[[estimand]]
name = "slope"
quantity = "coefficient"
of = "score"
wave = 2
model = "arm + age"
term = "age"
family = "linear"
[[estimand]]
name = "arm"
quantity = "coefficient"
of = "well"
wave = 2
model = "arm + age"
term = "arm"
family = "logistic"
[[method]]
name = "linear"
method = "regression"
cluster = "house"
errors = "cr1"
[[method]]
name = "marginal"
method = "gee"
model = "score ~ arm + age"
correlation = "independence"
cluster = "house"
[[method]]
name = "log odds"
method = "logistic"
cluster = "house"
[[method]]
name = "counted"
method = "glm"
cluster = "house"
"#;

const DIFFERENCES: &str = r#"
[[method]]
method = "available_case"
[[method]]
method = "complete_case"
[[method]]
method = "locf"
[[method]]
method = "difference_in_means"
[[method]]
method = "regression"
errors = "hc2"
[[method]]
method = "gee"
[[method]]
method = "mvn_em"
[[method]]
method = "ipw"
dropout_model = "score"
"#;
