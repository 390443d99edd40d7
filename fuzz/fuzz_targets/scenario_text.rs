//! Any text as a scenario: problems are reported, never a panic; and a scenario without problems can be prepared or says
//! why not.
#![no_main]

use eclosion::diagnostic::Diagnostics;
use eclosion::scenario;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let loaded = scenario::load_text("fuzz.toml", text, &[]);
    let Some(scenario) = loaded.scenario else {
        assert!(loaded.problems.has_errors(), "refused without a reason");
        return;
    };
    let mut problems = Diagnostics::default();
    for condition in scenario.conditions(&mut problems).iter().take(2) {
        if scenario.prepare(condition, &mut problems).is_none() {
            assert!(problems.has_errors(), "refused without a reason");
        }
    }
});
