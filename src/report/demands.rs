//! What became of demands: for people, as JSON, and as JUnit XML for continuous integration.

use super::json::whole;
use crate::tables::StudyResult;
use serde_json::{Value, json};
use std::fmt::Write;

/// A demand and what became of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Demand {
    /// Which method, estimand and condition, in words.
    pub place: String,
    /// The demand as written.
    pub that: String,
    /// Whether it holds.
    pub holds: bool,
    /// The measures that it reads, with their Monte Carlo errors, and how far off they are.
    pub found: String,
}

/// The demands that do not hold, and how many there are.
#[must_use]
pub fn demands(list: &[Demand]) -> String {
    let mut text = String::from("\n");
    let failed: Vec<&Demand> = list.iter().filter(|v| !v.holds).collect();
    // Writing to a text cannot fail.
    for demand in &failed {
        let _ = writeln!(text, "does not hold: {}\n  {}: {}", demand.that, demand.place, demand.found);
    }
    let _ = match (list.len(), failed.len()) {
        (0, _) => writeln!(text, "the scenario demands nothing: it has no [[expect]]"),
        (n, 0) => writeln!(text, "all {n} demands hold"),
        (n, failed) => writeln!(text, "{failed} of {n} demands do not hold (`eclosion explain R0040`)"),
    };
    text
}

/// The whole result as JSON, with the demands under `demands`.
#[must_use]
pub fn json_with_demands(result: &StudyResult, list: &[Demand]) -> String {
    let mut whole = whole(result);
    let demands = list.iter().map(|d| json!({ "place": d.place, "that": d.that, "holds": d.holds, "found": d.found }));
    whole["demands"] = Value::from(demands.collect::<Vec<Value>>());
    format!("{whole:#}\n")
}

/// The demands as JUnit XML, as GitLab, Jenkins and most others read it: a test case for each.
#[must_use]
pub fn junit(title: &str, list: &[Demand]) -> String {
    let failed = list.iter().filter(|d| !d.holds).count();
    let mut text = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    let (title, tests) = (escaped(title), list.len());
    let _ = writeln!(text, "<testsuites tests=\"{tests}\" failures=\"{failed}\">");
    let _ = writeln!(
        text,
        "  <testsuite name=\"{title}\" tests=\"{tests}\" failures=\"{failed}\" errors=\"0\" skipped=\"0\">"
    );
    for demand in list {
        let (place, that) = (escaped(&demand.place), escaped(&demand.that));
        let case = format!("    <testcase classname=\"{place}\" name=\"{that}\"");
        let found = escaped(&demand.found);
        let _ = match demand.holds {
            true => writeln!(text, "{case}>\n      <system-out>{found}</system-out>\n    </testcase>"),
            false => writeln!(
                text,
                "{case}>\n      <failure message=\"{found}\">{place}: {that}: {found}</failure>\n    </testcase>"
            ),
        };
    }
    text.push_str("  </testsuite>\n</testsuites>\n");
    text
}

/// A text in XML. Characters that XML does not have are left out as U+FFFD.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\n' => out.push_str("&#10;"),
            '\t' => out.push_str("&#9;"),
            c if c < ' ' || c == '\u{fffe}' || c == '\u{ffff}' => out.push('\u{fffd}'),
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_by_hand() {
        let demand = |that: &str, holds| Demand {
            place: "ipw for \"share\"".to_owned(),
            that: that.to_owned(),
            holds,
            found: "bias 0.03 (0.002), 15.0 MCSE from 0".to_owned(),
        };
        let text = junit("A & B", &[demand("abs(bias) < 0.1", true), demand("abs(bias)\u{1} <= 3 * bias_mcse", false)]);
        let wanted = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
            <testsuites tests=\"2\" failures=\"1\">\n  \
              <testsuite name=\"A &amp; B\" tests=\"2\" failures=\"1\" errors=\"0\" skipped=\"0\">\n    \
                <testcase classname=\"ipw for &quot;share&quot;\" name=\"abs(bias) &lt; 0.1\">\n      \
                  <system-out>bias 0.03 (0.002), 15.0 MCSE from 0</system-out>\n    \
                </testcase>\n    \
                <testcase classname=\"ipw for &quot;share&quot;\" name=\"abs(bias)\u{fffd} &lt;= 3 * bias_mcse\">\n      \
                  <failure message=\"bias 0.03 (0.002), 15.0 MCSE from 0\">ipw for &quot;share&quot;: abs(bias)\u{fffd} \
                  &lt;= 3 * bias_mcse: bias 0.03 (0.002), 15.0 MCSE from 0</failure>\n    \
                </testcase>\n  \
              </testsuite>\n\
            </testsuites>\n";
        assert_eq!(text, wanted);
    }
}
