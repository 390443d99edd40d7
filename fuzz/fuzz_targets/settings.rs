//! Any `--set name=value` on a sound scenario: a value or a problem, never a panic.
#![no_main]

use eclosion::scenario;
use libfuzzer_sys::fuzz_target;

const SCENARIO: &str = include_str!("../../scenarios/panel_with_dropout.toml");

fuzz_target!(|text: &str| {
    let settings: Vec<(String, String)> =
        text.lines().filter_map(|l| l.split_once('=')).map(|(name, value)| (name.into(), value.into())).collect();
    let loaded = scenario::load_text("panel_with_dropout.toml", SCENARIO, &settings);
    assert!(loaded.scenario.is_some() || loaded.problems.has_errors(), "refused without a reason");
});
