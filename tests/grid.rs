//! Grids from outside: which conditions a file makes, what a condition is, and what must not matter to it.

use eclosion::diagnostic::Diagnostics;
use eclosion::scenario::{Scenario, load_text};
use eclosion::study::{Cell, RunOptions, Watch, run};
use eclosion::tables::{EstimateRow, StudyResult};
use proptest::prelude::*;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

const BASE: &str = r#"scenario = 1
[study]
title = "t"
aims = "a"
seed = 5
replicates = 6
[parameters]
lost = { value = 0.1, about = "lost", source = "assumed" }
[time]
step = "1 month"
waves = { every = "1 year", count = 3 }
[[group]]
name = "v. 1"
size = 30
[[group]]
name = "second"
size = 10
[attributes]
x = "normal(mean = 0, sd = 1)"
[state.y]
starts = "if(x > 0, 0.6, 0.3)"
[survey.items]
y = { sensitivity = 0.9, specificity = 0.95 }
x = {}
[[survey.loss]]
kind = "dropout"
probability = "lost"
[[estimand]]
name = "share"
quantity = "prevalence"
of = "y"
wave = 3
[[method]]
name = "plain"
method = "available_case"
"#;

const GAPS: &str = "[[survey.loss]]\nkind = \"intermittent\"\nprobability = 0.2\n";

fn set(text: &str, settings: &[(&str, &str)]) -> (Option<Scenario>, Vec<String>) {
    let settings: Vec<(String, String)> = settings.iter().map(|(n, v)| ((*n).to_owned(), (*v).to_owned())).collect();
    let loaded = load_text("study.toml", text, &settings);
    let mut problems = loaded.problems;
    if let Some(scenario) = &loaded.scenario {
        scenario.check_all(&mut problems);
    }
    let line = |at: Option<&eclosion::diagnostic::Span>| {
        let at = at.expect("a grid's problems have a place");
        let (_, text) = &loaded.sources.files[at.file];
        eclosion::diagnostic::position(text, at.bytes.start).0
    };
    let own = BASE.lines().count();
    let listed = problems.list().iter().map(|p| {
        let at = line(p.span.as_ref()) as i64 - if p.span.as_ref().unwrap().file == 0 { own as i64 } else { 0 };
        format!("{} {at} {} [{}]", p.code, p.message, p.help.as_deref().unwrap_or(""))
    });
    let listed = listed.collect();
    (loaded.scenario, listed)
}

fn problems(more: &str) -> Vec<String> {
    set(&format!("{BASE}{more}"), &[]).1
}

fn sound(text: &str) -> Scenario {
    let (scenario, problems) = set(text, &[]);
    assert_eq!(problems, Vec::<String>::new());
    scenario.expect("there is no problem")
}

/// The values of the factors, condition by condition.
fn cells(more: &str) -> Vec<String> {
    cells_of(&sound(&format!("{BASE}{more}")))
}

fn cells_of(scenario: &Scenario) -> Vec<String> {
    let conditions = scenario.conditions(&mut Diagnostics::new());
    assert!(conditions.iter().enumerate().all(|(i, c)| c.number as usize == i));
    let values = |f: &Vec<(String, String)>| f.iter().map(|(_, v)| v.as_str()).collect::<Vec<_>>().join(" ");
    conditions.iter().map(|c| values(&c.factors)).collect()
}

fn results(text: &str, settings: &[(&str, &str)]) -> StudyResult {
    let (scenario, _) = set(text, settings);
    let scenario = scenario.expect("there is no error");
    let ready = scenario.check_all(&mut Diagnostics::new()).expect("there is no error");
    let cells: Arc<[Cell]> = ready
        .into_iter()
        .map(|(c, prepared)| Cell { number: c.number, factors: c.factors, prepared, independent: false })
        .collect();
    let options = RunOptions { seed: scenario.study.seed, replicates: scenario.study.replicates, threads: 1 };
    let watch = Watch { stop: &AtomicBool::new(false), progress: &|_| {} };
    run(&scenario, &cells, &options, &watch).expect("it runs").0
}

/// The rows of a method under a condition, without its position among the methods.
fn rows(result: &StudyResult, condition: u32, method: &str) -> Vec<EstimateRow> {
    let position = result.methods.iter().position(|m| m == method).expect("the method is there") as u32;
    let own = result.estimates.iter().filter(|row| row.condition == condition && row.method == position);
    own.cloned().map(|row| EstimateRow { condition: 0, method: 0, ..row }).collect()
}

fn truths(result: &StudyResult) -> Vec<u64> {
    result.conditions.iter().flat_map(|c| c.true_values.iter().map(|t| t.true_value.to_bits())).collect()
}

const THREE: &str = "[[vary]]
key = 'group.v. 1.size'
values = [20, 30]
[[vary]]
key = 'survey.loss.dropout'
name = 'drop'
values = [true, false]
[[vary]]
parameter = 'lost'
values = [0.1, 0.3]
";

#[test]
fn crossed_the_last_one_fastest() {
    let all = ["20 true 0.1", "20 true 0.3", "20 false 0.1", "20 false 0.3"];
    let more = ["30 true 0.1", "30 true 0.3", "30 false 0.1", "30 false 0.3"];
    assert_eq!(cells(THREE), [all, more].concat());
}

#[test]
fn a_half_of_them() {
    let more = format!("{THREE}[grid]\ndesign = 'fraction'\nfraction = 2\n");
    assert_eq!(cells(&more), ["20 true 0.1", "20 false 0.3", "30 true 0.3", "30 false 0.1"]);
}

#[test]
fn one_at_a_time_begins_with_the_file() {
    let more = format!("{THREE}[[vary]]\nkey = 'group.size'\nvalues = [8, 40]\n[grid]\ndesign = 'one_at_a_time'\n");
    let found = cells(&more);
    assert_eq!(found, ["30 true 0.1 40", "20 true 0.1 30", "30 false 0.1 40", "30 true 0.3 40", "30 true 0.1 8"]);
}

#[test]
fn listed_cells_and_the_file_for_the_rest() {
    let more = "[grid]
design = 'listed'
cells = [{ lost = 0.3, 'group.v. 1.size' = 20 }, {}, { 'survey.loss.1' = false }]
";
    assert_eq!(cells(more), ["0.3 20 true", "0.1 30 true", "0.1 30 false"]);
}

#[test]
fn factors_that_go_along_count_as_one() {
    let more = "[[vary]]
key = 'survey.items.y.specificity'
zip = 'n'
values = [0.9, 0.8, '1 - lost']
[[vary]]
parameter = 'lost'
values = [0, 0.5]
[[vary]]
key = 'group.size'
name = 'n'
values = [4, 40, 400]
";
    let found = cells(more);
    assert_eq!(found, ["0.9 0 4", "0.8 0 40", "1 - lost 0 400", "0.9 0.5 4", "0.8 0.5 40", "1 - lost 0.5 400"]);
}

#[test]
fn skipped_cells_by_path_by_name_and_by_switch() {
    let more = format!("{THREE}[grid]\nskip = \"(group.v. 1.size == 20 and drop) or (not drop and lost > 0.1)\"\n");
    let scenario = sound(&format!("{BASE}{more}"));
    assert_eq!(cells_of(&scenario), ["20 false 0.1", "30 true 0.1", "30 true 0.3", "30 false 0.1"]);
    assert_eq!(scenario.grid.skipped, 4);
    assert!(!scenario.grid.independent);
    assert!(sound(&format!("{BASE}[grid]\nindependent = true\n")).grid.independent);
}

#[test]
fn mistakes_each_at_its_line() {
    let more = "[[vary]]
key = 'group.secnod.size'
values = [1]
[[vary]]
key = 'survey.loss.dropout'
values = [0.5]
[[vary]]
key = 'survey.items.y.sensitivity'
values = [0.5, true]
[[vary]]
key = 'parameters.lost'
values = [1]
[[vary]]
key = 'group.second.name'
values = ['b']
[[vary]]
key = 'group.size'
values = [1.5]
[[vary]]
method = 'plane'
option = 'interval'
values = ['wald']
[[vary]]
values = [1]
";
    let expected = [
        "S0103 23 [[vary]] needs a key `parameter` [add `parameter = ...`]",
        "S0717 20 there is no method `plane` in this scenario [did you mean `plain`?]",
        "S0711 2 `group` has no key `secnod.size` [did you mean `second`?]",
        "S0713 6 `survey.loss.dropout` cannot be 0.5 [it names a table: `true` keeps it, `false` leaves it out]",
        "S0713 9 `survey.items.y.sensitivity` cannot be true [the file has a number or a text there: write one of these]",
        "S0712 11 `parameters` cannot be varied by its key [write `parameter = \"NAME\"` in place of `key`]",
        "S0712 14 `group.second.name` cannot be varied [a name says what a table is called, and the other tables know it by that]",
        "S0109 18 `group.size` cannot be 1.5 [a whole number from 1 to 1000000000]",
    ];
    assert_eq!(problems(more), expected);
}

#[test]
fn mistakes_of_designs() {
    let lost = "[[vary]]\nparameter = 'lost'\nvalues = [0, 0.1, 0.2]\n";
    let n = "[[vary]]\nkey = 'group.size'\nname = 'n'\nvalues = [50, 60]\n";
    let of = |more: &str| problems(&format!("{lost}{n}{more}"));
    let first = |found: Vec<String>| found.into_iter().map(|p| p.split(" [").next().unwrap_or("").to_owned());
    let short = |more: &str| first(of(more)).collect::<Vec<_>>();
    assert_eq!(short("zip = 'lost'\n"), ["S0714 8 `n` has 2 values, and `lost` has 3"]);
    assert_eq!(of("zip = 'lots'\n"), ["S0714 8 no factor is called `lots` [did you mean `lost`?]"]);
    assert_eq!(short("zip = 'n'\n"), ["S0714 8 `n` goes along with itself"]);
    assert_eq!(
        short("[grid]\ndesign = 'fraction'\nfraction = 2\n"),
        ["S0715 2 `lost` has 3 values, which 2 does not divide"]
    );
    assert_eq!(short("[grid]\nskip = 'm > 1'\n"), ["S0202 9 no factor is called `m`"]);
    assert_eq!(short("[grid]\nskip = 'n > 1'\n"), ["S0716 9 every cell is skipped, and no condition remains"]);
    assert_eq!(short("[grid]\nskip = 'n < 1'\n"), ["S0716 9 no cell is skipped"]);
    assert_eq!(
        short("[grid]\ndesign = 'listed'\ncells = [{ lots = 1 }]\n"),
        [
            "S0715 2 `lost` is varied, and the design lists its cells",
            "S0715 5 `group.size` is varied, and the design lists its cells",
            "S0702 10 there is no parameter `lots`",
        ]
    );
    assert_eq!(short("[grid]\ncells = [{}]\n"), ["S0120 9 `cells` is for lists of cells"]);
    let twice = of("[[vary]]\nkey = 'group.size'\nvalues = [1]\n");
    assert_eq!(twice, ["S0707 9 `n` is varied by two [[vary]] tables [write all its values in one of them]"]);
    let circle = "[[vary]]\nparameter = 'lost'\nzip = 'n'\nvalues = [0, 1]\n[[vary]]\nkey = 'group.size'\nname = 'n'\n\
                  zip = 'lost'\nvalues = [50, 60]\n";
    assert_eq!(first(problems(circle)).collect::<Vec<_>>(), ["S0714 3 `lost` goes along with itself, in a circle"]);
}

#[test]
fn a_mistake_of_a_variant_says_where_it_is() {
    let more = "[[vary]]\nkey = 'group.second.size'\nvalues = [10, 'ten', 'ten + lost']\n";
    let found = problems(more);
    assert_eq!(
        found[0],
        "S0202 3 no parameter is called `ten`, and nothing else can be read here (where group.second.size = ten) []"
    );
    let found = problems("[[vary]]\nkey = 'time.waves.every'\nvalues = ['1 year', '1 fortnight']\n");
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(
        found[0].starts_with("S0108 3 ") && found[0].contains("(where time.waves.every = 1 fortnight)"),
        "{found:?}"
    );
    let found = problems("[[vary]]\nkey = 'group.size'\nvalues = [40, 1]\n");
    assert!(found[0].starts_with("S0718 3 1 persons are too few"), "{found:?}");
}

/// A product that is too large is counted and not made; what remains of a large one after skipping may run.
#[test]
fn counting_before_making() {
    let list = |n: usize| (0..n).map(|i| format!("{}", i as f64 / 1e6)).collect::<Vec<_>>().join(", ");
    let huge: String = (0..4)
        .map(|i| {
            format!(
                "[[vary]]\nkey = 'survey.items.y.s{}'\nname = 'f{i}'\nvalues = [{}]\n",
                if i % 2 == 0 { "ensitivity" } else { "pecificity" },
                list(2000)
            )
        })
        .take(2)
        .collect();
    let found = problems(&format!("{huge}[[vary]]\nparameter = 'lost'\nvalues = [{}]\n", list(2000)));
    assert!(found[0].starts_with("S0704 10 the [[vary]] tables make 8000000000 conditions"), "{found:?}");
    let kept = format!("{BASE}{huge}[grid]\nskip = 'f0 + f1 > 0'\n");
    assert_eq!(cells_of(&sound(&kept)).len(), 1);
}

#[test]
fn a_size_by_key_is_a_size_by_parameter() {
    let by_key = format!("{BASE}[[vary]]\nkey = 'group.v. 1.size'\nvalues = [20, 45]\n");
    let by_parameter = BASE
        .replace("size = 30", "size = \"many\"")
        .replace("[time]", "many = { value = 30, about = \"many\", source = \"assumed\" }\n[time]");
    let by_parameter = format!("{by_parameter}[[vary]]\nparameter = 'many'\nvalues = [20, 45]\n");
    let (a, b) = (results(&by_key, &[]), results(&by_parameter, &[]));
    assert_eq!(a.estimates, b.estimates);
    assert_eq!(truths(&a), truths(&b));
    assert_eq!(a.conditions.iter().map(|c| c.persons).collect::<Vec<_>>(), [30, 55]);
    // And as a setting, and as all persons: 45 of 55 and 10 of 55.
    let set = results(BASE, &[("group.v. 1.size", "45")]);
    let shared = results(
        &format!("{}[[vary]]\nkey = 'group.size'\nvalues = [55]\n", BASE.replace("size = 30", "size = 45")),
        &[],
    );
    assert_eq!(rows(&set, 0, "plain"), rows(&a, 1, "plain"));
    assert_eq!(rows(&shared, 0, "plain"), rows(&a, 1, "plain"));
}

#[test]
fn a_mechanism_that_is_off_is_not_in_the_file() {
    let varied = format!("{BASE}{GAPS}[[vary]]\nkey = 'survey.loss.intermittent'\nvalues = [true, false]\n");
    let all = results(&varied, &[]);
    assert_eq!(rows(&all, 0, "plain"), rows(&results(&format!("{BASE}{GAPS}"), &[]), 0, "plain"));
    assert_eq!(rows(&all, 1, "plain"), rows(&results(BASE, &[]), 0, "plain"));
    assert_ne!(rows(&all, 0, "plain"), rows(&all, 1, "plain"));
    let off = results(&format!("{BASE}{GAPS}"), &[("survey.loss.intermittent", "false")]);
    assert_eq!(off.estimates, results(BASE, &[]).estimates);
    // The last table of a list goes with its list: nothing is lost.
    let none = results(BASE, &[("survey.loss", "false")]);
    let without = BASE.replace("[[survey.loss]]\nkind = \"dropout\"\nprobability = \"lost\"\n", "");
    let without = without.replace("lost = { value = 0.1, about = \"lost\", source = \"assumed\" }\n", "");
    assert_eq!(none.estimates, results(&without, &[]).estimates);
    assert!(set(BASE, &[("survey.loss", "false")]).1[0].starts_with("S0701 "));
}

#[test]
fn keys_of_the_truth_have_true_values_of_their_own() {
    let varied = format!("{BASE}[[vary]]\nkey = 'state.y.starts'\nvalues = [0.25, 0.75]\n");
    let found: Vec<f64> = results(&varied, &[]).conditions.iter().map(|c| c.true_values[0].true_value).collect();
    assert!((found[0] - 0.25).abs() < 0.01 && (found[1] - 0.75).abs() < 0.01, "{found:?}");
}

const DRAWS: &str = "[[method]]
name = 'imputed'
steps = ['impute.mice', 'available_case']
[method.impute.mice]
variables = ['y']
m = 3
";

#[test]
fn an_option_makes_methods_and_leaves_the_others_alone() {
    let factor = "[[vary]]
method = 'imputed'
option = 'impute.mice.m'
values = [3, 4]
[[vary]]
method = 'imputed'
option = 'impute.mice.sweeps'
values = [2, 5]
[[expect]]
method = 'imputed'
that = 'bias < 1'
[[expect]]
method = 'imputed (m = 4, sweeps = 2)'
that = 'bias < 1'
";
    let other = "[[method]]\nname = 'second'\nsteps = ['impute.mice', 'available_case']\n\
                 [method.impute.mice]\nvariables = ['y']\nm = 2\n";
    let plain = results(&format!("{BASE}{DRAWS}{other}"), &[]);
    let text = format!("{BASE}{DRAWS}{other}{factor}");
    let varied = results(&text, &[]);
    let names = [
        "plain",
        "imputed (m = 3, sweeps = 2)",
        "imputed (m = 3, sweeps = 5)",
        "imputed (m = 4, sweeps = 2)",
        "imputed (m = 4, sweeps = 5)",
        "second",
    ];
    assert_eq!(varied.methods, names);
    assert_eq!(varied.conditions.len(), 1);
    for method in ["plain", "second"] {
        assert_eq!(rows(&varied, 0, method), rows(&plain, 0, method), "{method}");
    }
    assert_eq!(varied.conditions[0].audit, plain.conditions[0].audit);
    let scenario = sound(&text);
    let demanded: Vec<&str> =
        scenario.expect.iter().filter_map(|e| e.method.as_ref()).map(|m| m.text.as_str()).collect();
    assert_eq!(demanded, [names[1], names[2], names[3], names[4], names[3]]);
    assert_eq!(scenario.methods[1].made_of.as_deref(), Some("imputed"));
    assert_eq!(scenario.methods[3].options, [("m".to_owned(), "4".to_owned()), ("sweeps".to_owned(), "2".to_owned())]);
    // The method that is made is the one that would be written: the same name has the same draws.
    let by_hand = format!("{BASE}{}", DRAWS.replace("'imputed'", "'imputed (m = 3)'"));
    let made = format!("{BASE}{DRAWS}[[vary]]\nmethod = 'imputed'\noption = 'impute.mice.m'\nvalues = [3]\n");
    assert_eq!(results(&by_hand, &[]).estimates, results(&made, &[]).estimates);
}

#[test]
fn settings_name_keys() {
    let varied = format!("{BASE}{THREE}[grid]\nskip = 'drop and lost == 0.3'\n");
    let (scenario, found) = set(&varied, &[("survey.loss.dropout", "true")]);
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(found[0].starts_with("S0708 6 `drop` is not varied"), "{found:?}");
    assert_eq!(cells_of(&scenario.unwrap()), ["20 0.1", "30 0.1"]);
    let (scenario, found) = set(BASE, &[("time.waves.count", "4"), ("state.y.starts", "if(x > 1, 0.9, 0.2)")]);
    assert_eq!(found, Vec::<String>::new());
    assert_eq!(scenario.unwrap().truth.time.unwrap().count.text, "4");
    let (_, found) = set(BASE, &[("grop.second.size", "4"), ("survey.items.y.sensitivity", "[1]")]);
    let expected = [
        "S0711 1 the scenario has no key `grop.second.size` [did you mean `group`?]",
        "S0713 1 `survey.items.y.sensitivity` cannot be a list [the file has a number or a text there: write one of these]",
    ];
    assert_eq!(found, expected);
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(20) })]
    #[test]
    fn skip_leaves_out_exactly_the_cells_where_it_holds(
        n in proptest::collection::btree_set(1_u32..60, 1..4),
        lost in proptest::collection::btree_set(0_u32..10, 1..4),
        edge in 0_u32..70,
        at in 0_u32..10,
    ) {
        let sizes: Vec<u32> = n.into_iter().map(|n| n + 10).collect();
        let tenths: Vec<String> = lost.iter().map(|l| format!("0.{l}")).collect();
        let list = sizes.iter().map(u32::to_string).collect::<Vec<_>>().join(", ");
        let more = format!(
            "[[vary]]\nkey = 'group.second.size'\nvalues = [{list}]\n[[vary]]\nparameter = 'lost'\nvalues = [{}]\n\
             [grid]\nskip = 'group.second.size < {edge} or lost == 0.{at}'\n",
            tenths.join(", ")
        );
        let holds = |n: u32, l: u32| n < edge || l == at;
        let pairs = sizes.iter().flat_map(|n| lost.iter().map(move |l| (*n, *l)));
        let expected: Vec<String> = pairs.filter(|(n, l)| !holds(*n, *l)).map(|(n, l)| format!("{n} 0.{l}")).collect();
        let scenario = load_text("study.toml", &format!("{BASE}{more}"), &[]);
        match scenario.scenario {
            Some(scenario) => prop_assert_eq!(cells_of(&scenario), expected),
            None => prop_assert!(expected.is_empty()),
        }
    }
}
