//! The table as comma-separated values for a program: a line for each measure, numbers with all digits.

use super::rows::groups;
use super::view::View;
use crate::report::name;
use crate::tables::{PerformanceRow, StudyResult};

/// A line of names, and a line for each measure of each row that is shown, in its order (RFC 4180). What is undefined is
/// empty. Without a choice of fits all are there: the method's own, common ones and worst case.
#[must_use]
pub fn table_csv(result: &StudyResult, view: &View) -> String {
    let mut lines = csv::WriterBuilder::new().flexible(true).from_writer(Vec::new());
    let factors = view.names.factors.iter().map(|(name, _)| format!("factor_{name}"));
    let mut head = vec!["condition".to_owned()];
    head.extend(factors);
    head.extend(["estimand", "method", "measure", "among", "value", "mcse", "replicates"].map(str::to_owned));
    // Writing to memory cannot fail.
    let _ = lines.write_record(&head);
    let text = |x: Option<f64>| x.map_or(String::new(), |x| x.to_string());
    for row in groups(result, view).iter().flat_map(|group| &group.rows) {
        // Own rows that stand for others stand there once.
        if row.among() != row.among && view.among.first() != Some(&row.among) {
            continue;
        }
        let is_asked = |r: &&&PerformanceRow| {
            let there = view.measures.as_ref().is_none_or(|asked| asked.contains(&r.measure));
            there && (view.among.is_empty() || r.among == row.among())
        };
        for measured in row.measures.iter().filter(is_asked) {
            let mut line = vec![(row.condition.number + 1).to_string()];
            line.extend((0..view.names.factors.len()).map(|k| row.factor(k, &view.names).unwrap_or("").to_owned()));
            line.extend([
                name(&result.estimands, row.estimand).to_owned(),
                name(&result.methods, row.method).to_owned(),
                measured.measure.to_owned(),
                measured.among.name().to_owned(),
                text(measured.measured.value),
                text(measured.measured.mcse),
                measured.replicates.to_string(),
            ]);
            let _ = lines.write_record(&line);
        }
    }
    lines.into_inner().ok().and_then(|bytes| String::from_utf8(bytes).ok()).unwrap_or_default()
}
