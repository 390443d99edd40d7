//! What a demand on Monte Carlo errors takes, and what became of it.

use super::count;
use super::terminal::duration;
use crate::tables::precision::{ConditionPrecision, Precision};
use std::fmt::Write;

/// Most conditions that are told one by one.
const LISTED: usize = 12;

/// The plan, from the first replicates: how many each condition needs, and how long the rest takes in seconds.
#[must_use]
pub fn precision_plan(first: &Precision, left: f64) -> String {
    let mut text = format!("plan, from the first replicates, for {}\n", first.until);
    // Those that need the most come first.
    let mut by_need: Vec<&ConditionPrecision> = first.conditions.iter().collect();
    by_need.sort_by_key(|c| (std::cmp::Reverse(c.needed.unwrap_or(u64::MAX)), c.condition));
    for condition in by_need.iter().take(LISTED) {
        let needed = match condition.needed {
            None if condition.slowest.is_none() => {
                format!("unknown, since {} replicates define no measure of the demand", count(condition.replicates))
            }
            None => format!("more than {}", count(first.most)),
            Some(n) if n <= condition.replicates => format!("the first {} will do", count(condition.replicates)),
            Some(n) => format!("about {}", count(n)),
        };
        let _ = write!(text, "  condition {}: {needed}", condition.condition + 1);
        let _ = match condition.slowest.as_ref().filter(|_| condition.needed.is_none_or(|n| n > condition.replicates)) {
            Some((estimand, method)) => writeln!(text, ", for {method} on {estimand}"),
            None => writeln!(text),
        };
    }
    if by_need.len() > LISTED {
        let _ = writeln!(text, "  and {} conditions that need no more", by_need.len() - LISTED);
    }
    if left >= 0.5 {
        let _ = writeln!(text, "  {} more on this machine, if that holds", duration(left));
    }
    text
}

/// What became of the demand, for the end of a report.
#[must_use]
pub fn precision(found: &Precision, by_budget: bool) -> String {
    let mut text = format!("\nPrecision: {}\n", found.until);
    let reached = found.conditions.iter().filter(|c| c.precise).count();
    let all = found.conditions.len();
    let _ = writeln!(text, "  reached in {reached} of {all} {}", if all == 1 { "condition" } else { "conditions" });
    for condition in found.conditions.iter().filter(|c| !c.precise).take(LISTED) {
        let needs = match (&condition.needed, &condition.slowest) {
            (Some(n), Some((estimand, method))) => format!("about {} are needed for {method} on {estimand}", count(*n)),
            (None, Some((estimand, method))) => {
                format!("more than {} are needed for {method} on {estimand}", count(found.most))
            }
            (_, None) => "no measure of the demand is defined".to_owned(),
        };
        let done = count(condition.replicates);
        let _ = writeln!(text, "  not in condition {}, after {done} replicates: {needs}", condition.condition + 1);
    }
    if by_budget {
        let _ = writeln!(text, "  the budget ended it");
    }
    let mut left_out: Vec<&(String, String)> = found.conditions.iter().flat_map(|c| &c.left_out).collect();
    left_out.sort();
    left_out.dedup();
    for (estimand, method) in left_out.iter().take(LISTED) {
        let _ = writeln!(text, "  {method} on {estimand} was left out: a measure of the demand is undefined for it");
    }
    text
}
