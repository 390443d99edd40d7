//! `[precision]`: how long the study runs.

use super::ask;
use crate::diagnostic::Diagnostics;
use crate::numeric::time;
use crate::options::{OptionValue, Options};
use crate::scenario::Precision;

/// `[precision]`; absent: nothing is asked.
pub(super) fn precision(root: &Options, problems: &mut Diagnostics) -> Precision {
    let mut precision = Precision::default();
    let Some(table) = root.table("precision", problems) else { return precision };
    precision.until = table.text("until", problems);
    if let Some(text) = ask::number(table, "max_replicates", problems) {
        precision.max_replicates = ask::whole("max_replicates", &text, 1..=1_000_000_000, problems);
    }
    // A budget can stand alone; a greatest number is that of a demand.
    if ask::is_missing(table, "budget") || table.get("max_replicates").is_some() {
        ask::must_be_there(table, "until", problems);
    }
    precision.budget = match table.get("budget") {
        Some(OptionValue::Text(text) | OptionValue::Number(text)) => match time::parse(&text.text) {
            Ok(budget) => Some(budget),
            Err(why) => {
                problems
                    .error("R0046", &text.span, format!("`budget` cannot be `{}`: {why}", text.text))
                    .help("write a number and a unit: `\"10 minutes\"`");
                None
            }
        },
        Some(_) => {
            let _ = table.text("budget", problems);
            None
        }
        None => None,
    };
    table.finish(problems);
    precision
}
