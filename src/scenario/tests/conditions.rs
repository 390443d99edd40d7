//! The factor grid, settings, expectations, the hash.

use super::*;
use crate::scenario::Scenario;

const PARAMETERS: &str = "[parameters]
lost = { value = 0.05, about = '', source = '' }
layer = { value = 'true', levels = ['true', 'recorded'], about = '', source = '' }
";

fn load(more: &str, settings: &[(&str, &str)]) -> Loaded {
    load_files(&[("study.toml", format!("{LEAST}{PARAMETERS}{more}").as_bytes())], settings)
}

fn scenario(more: &str, settings: &[(&str, &str)]) -> Scenario {
    let loaded = load(more, settings);
    assert!(!loaded.problems.has_errors(), "{:?}", listed(&loaded.problems, &loaded.sources));
    loaded.scenario.expect("no errors")
}

fn problems(more: &str, settings: &[(&str, &str)]) -> Vec<String> {
    let loaded = load(more, settings);
    listed(&loaded.problems, &loaded.sources)
}

fn values(scenario: &Scenario) -> Vec<(f64, f64)> {
    let mut problems = Diagnostics::new();
    let conditions = scenario.conditions(&mut problems);
    assert!(problems.list().is_empty());
    conditions.iter().map(|c| (c.parameters.list()[0].value, c.parameters.list()[1].value)).collect()
}

const BOTH: &str = "[[vary]]
parameter = 'lost'
values = [0.0, 0.10, 1e-1]
[[vary]]
parameter = 'layer'
values = ['true', 'recorded']
";

#[test]
fn the_last_table_changes_fastest() {
    let scenario = scenario(BOTH, &[]);
    assert_eq!(values(&scenario), [(0.0, 0.0), (0.0, 1.0), (0.1, 0.0), (0.1, 1.0), (0.1, 0.0), (0.1, 1.0)]);
    let conditions = scenario.conditions(&mut Diagnostics::new());
    assert_eq!(conditions[3].number, 3);
    let factors: Vec<_> = conditions[3].factors.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
    assert_eq!(factors, [("lost", "0.10"), ("layer", "recorded")]);
    let found = load(BOTH, &[]);
    assert_eq!(
        listed(&found.problems, &found.sources),
        ["S0705 15:22 the value 1e-1 stands twice [the same condition is run twice]"]
    );
}

#[test]
fn without_vary_there_is_one_condition() {
    let scenario = scenario("", &[]);
    assert_eq!(values(&scenario), [(0.05, 0.0)]);
    assert!(scenario.conditions(&mut Diagnostics::new())[0].factors.is_empty());
}

#[test]
fn mistakes_in_vary() {
    let more = "[[vary]]
parameter = 'lots'
values = [1]
[[vary]]
parameter = 'lost'
values = []
[[vary]]
parameter = 'layer'
values = ['recoded', 3]
[[vary]]
parameter = 'layer'
values = ['true']
value = 1
";
    assert_eq!(
        problems(more, &[]),
        [
            "S0702 14:14 there is no parameter `lots` [did you mean `lost`?]",
            "S0709 18:10 `values` is empty [write at least one value, or leave out this [[vary]]]",
            "S0703 21:12 `layer` cannot be `recoded` [did you mean `recorded`?]",
            "S0703 21:22 `layer` cannot be `3` [one of: true, recorded]",
            "S0707 23:14 `layer` is varied by two [[vary]] tables [write all its values in one of them]",
            "S0101 25:1 [[vary]] has no key `value` [did you mean `values`?]",
        ]
    );
    assert_eq!(
        problems("[[vary]]\nparameter = 'lost'\nvalues = ['lots']\n", &[]),
        ["S0703 15:12 `lost` cannot be `lots` [a finite number, such as 0.1]"]
    );
}

#[test]
fn too_many_conditions() {
    let mut more = String::from("[parameters.b]\nvalue = 1\nabout = ''\nsource = ''\n");
    for name in ["lost", "b"] {
        let list: Vec<String> = (0..317).map(|i| i.to_string()).collect();
        more.push_str(&format!("[[vary]]\nparameter = '{name}'\nvalues = [{}]\n", list.join(", ")));
    }
    assert_eq!(
        problems(&more, &[]),
        [
            "S0704 21:14 the [[vary]] tables make 100489 conditions [at most 100000: vary fewer parameters, or give fewer values]"
        ]
    );
}

#[test]
fn settings_go_before_the_file() {
    let scenario = scenario(
        "",
        &[("lost", " 0.25"), ("layer", "recorded"), ("study.seed", "18446744073709551615"), ("study.replicates", "3")],
    );
    assert_eq!(values(&scenario), [(0.25, 1.0)]);
    assert_eq!((scenario.study.seed, scenario.study.replicates), (u64::MAX, 3));
}

#[test]
fn a_setting_fixes_a_varied_parameter() {
    let scenario = scenario(BOTH, &[("lost", "0.3")]);
    assert_eq!(values(&scenario), [(0.3, 0.0), (0.3, 1.0)]);
    let warning =
        "S0708 14:14 `lost` is not varied, since `--set` gives it one value [this [[vary]] is left out of the run]";
    assert!(problems(BOTH, &[("lost", "0.3")]).contains(&warning.to_owned()));
}

#[test]
fn mistakes_in_settings_point_into_the_setting() {
    let settings = [
        ("lots", "1"),
        ("lost", "nan"),
        ("layer", "recoded"),
        ("study.seed", "x"),
        ("study.title", "x"),
        ("lost", "1"),
        ("", "1"),
        ("a", " "),
    ];
    assert_eq!(
        problems("", &settings),
        [
            "S0702 --set:1:1 there is no parameter `lots` [did you mean `lost`?]",
            "S0703 --set:1:6 `lost` cannot be `nan` [a finite number, such as 0.1]",
            "S0703 --set:1:7 `layer` cannot be `recoded` [did you mean `recorded`?]",
            "S0109 --set:1:12 `seed` cannot be x [a whole number from 0 to 18446744073709551615]",
            "S0702 --set:1:1 there is no parameter `study.title` [these can be set: lost, layer, study.seed, study.replicates]",
            "S0706 --set:1:1 `lost` is set twice [leave out one of the two]",
            "S0706 --set:1:1 a setting needs a name and a value [write `--set name=value`]",
            "S0706 --set:1:1 a setting needs a name and a value [write `--set name=value`]",
        ]
    );
}

#[test]
fn expectations_name_what_is_there() {
    let more = format!(
        "{BOTH}[[estimand]]
name = 'share'
[[method]]
name = 'weighted'
method = 'ipw'
[[expect]]
method = 'wieghted'
estimand = 'shares'
condition = {{ lost = 0.2, layre = 'true', layer = 'x', title = 1 }}
that = 'bias < 1'
[[expect]]
that = 3
"
    );
    let expected = [
        "S0705 15:22 the value 1e-1 stands twice [the same condition is run twice]",
        "S0710 25:11 there is no method `wieghted` in this scenario [did you mean `weighted`?]",
        "S0710 26:13 there is no estimand `shares` in this scenario [did you mean `share`?]",
        "S0710 27:22 `lost` never takes the value 0.2 [its values: 0.0, 0.10, 1e-1]",
        "S0710 27:27 `layre` is not varied [did you mean `layer`?]",
        "S0703 27:52 `layer` cannot be `x` [one of: true, recorded]",
        "S0710 27:56 `title` is not varied [name a parameter that a [[vary]] varies]",
        "S0102 30:8 `that` must be text, and is a number []",
    ];
    assert_eq!(problems(&more, &[]), expected);
    let fine = format!("{BOTH}[[expect]]\ncondition = {{ lost = 0.1 }}\nthat = 'bias < 1'\n");
    let read = scenario(&fine, &[]);
    assert_eq!(read.expect[0].that.text, "bias < 1");
    assert_eq!(read.expect[0].condition[0].1.text, "0.1");
}

#[test]
fn the_hash_is_that_of_the_texts_and_settings() {
    let plain = scenario("", &[]).hash;
    assert_eq!(plain.len(), 64);
    assert_eq!(plain, scenario("", &[]).hash);
    assert_ne!(plain, scenario("# a comment\n", &[]).hash);
    assert_ne!(plain, scenario("", &[("lost", "0.05")]).hash);
    let text = format!("{LEAST}{PARAMETERS}");
    let moved = load_files(&[("elsewhere.toml", text.as_bytes())], &[]);
    assert_eq!(plain, moved.scenario.expect("no errors").hash);
    // The length in 8 bytes, then the text; made with `printf` and `sha256sum`.
    let sources = Sources { files: vec![("a".to_owned(), "abc".into())] };
    assert_eq!(crate::scenario::hash(&sources), KNOWN_HASH);
}

const KNOWN_HASH: &str = "ce91dc5eec0139adf091900d225971d6ad246a845bad791b5693a9d0d55dd391";
