//! Scenarios without a mistake, those of `eclosion new` among them.

use super::*;
use crate::scenario::{load_text, template, templates};

#[test]
fn the_least_the_whole_and_the_templates_have_no_problem() {
    assert_eq!(problems_of(LEAST), Vec::<String>::new());
    assert_eq!(problems_of(WHOLE), Vec::<String>::new());
    for (name, _, text) in templates() {
        assert_eq!(problems_of(text), Vec::<String>::new(), "{name}");
    }
    assert!(template("panel").is_some_and(|text| text.starts_with("# A cohort")));
    assert_eq!(template("no"), None);
}

/// With the methods that the program really has.
#[test]
fn templates_are_read_with_the_real_catalogue() {
    if crate::analyze::catalogue().is_empty() {
        return;
    }
    for (name, _, text) in templates() {
        let loaded = load_text(name, text, &[]);
        assert_eq!(listed(&loaded.problems, &loaded.sources), Vec::<String>::new(), "{name}");
    }
}

#[test]
fn templates_can_be_prepared() {
    for (name, _, text) in templates() {
        let loaded = load_text(name, text, &[]);
        let mut problems = loaded.problems;
        let prepared = loaded.scenario.expect("no mistake of shape").check_all(&mut problems);
        assert_eq!(listed(&problems, &loaded.sources), Vec::<String>::new(), "{name}");
        assert_eq!(prepared.map(|p| p.len()), Some(3), "{name} has three conditions");
    }
}
