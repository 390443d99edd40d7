//! What a study found, as text for a terminal and as JSON. Pure functions: nothing is printed here.

mod analysis;
mod calibration;
mod check;
mod columns;
mod comparison;
mod comparison_svg;
mod demands;
mod description;
mod differences;
mod json;
mod number;
mod performance;
mod precision;
mod printed;
mod replay;
mod solve;
pub mod table;
mod terminal;
mod ways;

pub use analysis::{analysis, analysis_json};
pub use calibration::{calibrated_scenario, calibration, calibration_json, draws_scenario};
pub use check::{check, check_csv, check_json, check_svg};
pub use comparison::{comparison, comparison_csv, comparison_json};
pub use comparison_svg::comparison_svg;
pub use demands::{Demand, demands, json_with_demands, junit};
pub use description::{Seen, description};
pub use json::json;
pub use number::{count, number, with_error};
pub use performance::{performance, performance_json};
pub use precision::{precision, precision_plan};
pub use printed::{SIMULATED, printed, printed_csv, printed_json};
pub use replay::{Names, differs, replay, replay_json};
pub use solve::{Solved, solved, solved_json};
pub use terminal::{Style, terminal};

use crate::tables::{PerformanceRow, StudyResult};
use std::collections::BTreeMap;

/// Performance rows by (condition, estimand, method), each with its rows in the order of the table.
type ByPair<'a> = BTreeMap<(u32, u32, u32), Vec<&'a PerformanceRow>>;

fn by_pair(result: &StudyResult) -> ByPair<'_> {
    let mut map = ByPair::new();
    for row in &result.performance {
        map.entry((row.condition, row.estimand, row.method)).or_default().push(row);
    }
    map
}

fn name(names: &[String], position: u32) -> &str {
    names.get(position as usize).map_or("?", String::as_str)
}

#[cfg(test)]
mod tests;
