//! Runs every reference case of a folder through the path that `eclosion analyze` takes, and compares key by key.
//!
//! The folder is `tests/reference`, or the one that `ECLOSION_REFERENCE_DIR` names: anybody's cases of the same form.
//! It prints a line for each value that disagrees and a closing count. `tests/reference/README.md` is the form.

#[path = "adapters/mod.rs"]
mod adapters;

use adapters::case::{Case, cases};
use adapters::compare::disagreements;
use adapters::{ADAPTERS, LATER};

#[test]
fn every_case_agrees() {
    let (mut covered, mut failed, mut values, mut later) = (0, 0, 0, Vec::new());
    let cases = cases();
    assert!(!cases.is_empty(), "there is no case");
    for case in &cases {
        let Some(adapter) = ADAPTERS.iter().flat_map(|list| list.iter()).find(|a| a.method == case.method()) else {
            later.push(case);
            continue;
        };
        covered += 1;
        let problems = match (adapter.run)(case) {
            Ok(found) => {
                let (compared, problems) = match adapter.judge {
                    Some(judge) => judge(case, &found),
                    None => disagreements(case, &found),
                };
                values += compared;
                problems
            }
            Err(why) => vec![format!("{}: {why}", case.name())],
        };
        failed += usize::from(!problems.is_empty());
        problems.iter().for_each(|line| println!("DISAGREES {line}"));
    }
    let unknown: Vec<&str> = later.iter().map(|c| c.method()).filter(|m| !LATER.contains(m)).collect();
    println!(
        "{} cases: {} agree, {failed} disagree, {} not yet covered; {values} values compared",
        cases.len(),
        covered - failed,
        later.len()
    );
    later.iter().for_each(|case| println!("not yet covered: {} ({})", case.name(), case.method()));
    assert!(unknown.is_empty(), "no adapter for {unknown:?}");
    assert_eq!(failed, 0, "{failed} cases disagree");
}

/// The comparison itself: a value that is off, missing or undefined where it should not be is found.
#[test]
fn a_wrong_value_is_found() {
    let case = Case::of(
        r#"{ "case": "made_up", "method": "none", "settings": {},
             "expected": { "n": 3, "list": [1.0, null, "Infinity"], "deep": { "loose": 2.0, "word": "yes" } },
             "tolerance": { "default": { "abs": 1e-9, "rel": 0 }, "loose": { "abs": 0.1, "rel": 0 } } }"#,
    );
    let agree = |text: &str| disagreements(&case, &serde_json::from_str(text).unwrap()).1;
    let none: [String; 0] = [];
    assert_eq!(agree(r#"{"n":3,"list":[1.0,null,"Infinity"],"deep":{"loose":2.05,"word":"yes"},"more":1}"#), none);
    for wrong in [
        r#"{"n":4,"list":[1.0,null,"Infinity"],"deep":{"loose":2.0,"word":"yes"}}"#,
        r#"{"n":3,"list":[1.00000001,null,"Infinity"],"deep":{"loose":2.0,"word":"yes"}}"#,
        r#"{"n":3,"list":[1.0,0.0,"Infinity"],"deep":{"loose":2.0,"word":"yes"}}"#,
        r#"{"n":3,"list":[1.0,null,1e9],"deep":{"loose":2.0,"word":"yes"}}"#,
        r#"{"n":3,"list":[1.0,null],"deep":{"loose":2.0,"word":"yes"}}"#,
        r#"{"n":3,"list":[1.0,null,"Infinity"],"deep":{"loose":2.2,"word":"yes"}}"#,
        r#"{"n":3,"list":[1.0,null,"Infinity"],"deep":{"loose":2.0,"word":"no"}}"#,
        r#"{"n":3,"list":[1.0,null,"Infinity"],"deep":{"loose":2.0}}"#,
    ] {
        assert_eq!(agree(wrong).len(), 1, "{wrong}");
    }
}
