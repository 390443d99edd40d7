//! What a list of losses cannot mean: tracing where nothing is traced, a loss twice that happens once, an order in which
//! one undoes the other.

use crate::diagnostic::{Diagnostics, Text};
use crate::options::{OptionValue, Options};

/// They decide who is in the study at all.
const ENTRIES: [&str; 2] = ["refreshment", "delayed_entry"];

/// They happen once to a person, or hold for all.
const ONCE: [&str; 3] = ["delayed_entry", "refusal", "consent"];

/// What tracing can undo.
const TRACED: [&str; 2] = ["dropout", "intermittent"];

/// They keep away those, too, whom tracing finds.
const AFTER_TRACING: [&str; 4] = ["site_loss", "death", "emigration", "right_censoring"];

/// Checks the order of `[[survey.loss]]` tables.
pub(in crate::observe) fn check_order(tables: &[Options], problems: &mut Diagnostics) {
    let kinds: Vec<&Text> = tables
        .iter()
        .filter_map(|options| match options.get("kind") {
            Some(OptionValue::Text(kind)) => Some(kind),
            _ => None,
        })
        .collect();
    for (at, kind) in kinds.iter().enumerate() {
        let name = kind.text.as_str();
        let before = || kinds[..at].iter().map(|k| k.text.as_str());
        if ONCE.contains(&name) && before().any(|k| k == name) {
            problems
                .error("S0414", &kind.span, format!("`{name}` is declared a second time"))
                .help("leave one of them; its formula can differ between persons");
        }
        if name == "tracing" && !before().any(|k| TRACED.contains(&k)) {
            problems
                .error(
                    "S0413",
                    &kind.span,
                    "there is nobody to trace: no `dropout` and no `intermittent` stands before",
                )
                .help("write `tracing` after the losses of which it finds the persons again");
        }
        if ENTRIES.contains(&name)
            && let Some(earlier) = before().find(|k| !ENTRIES.contains(k) && *k != "item_non_response")
        {
            problems
                .error("S0416", &kind.span, format!("`{name}` says who is in the study, and stands after `{earlier}`"))
                .help(format!("write `{name}` before `{earlier}`"));
        }
        if name == "tracing"
            && let Some(earlier) = before().find(|k| AFTER_TRACING.contains(k))
        {
            problems
                .error("S0416", &kind.span, format!("`tracing` would undo `{earlier}`, which stands before it"))
                .help(format!("write `tracing` before `{earlier}`"));
        }
    }
}
