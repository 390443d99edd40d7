//! `[[expect]]`: what a scenario demands of its own result.

use crate::diagnostic::{Diagnostics, near_miss};
use crate::evaluate;
use crate::formula::{Bounds, Kind, Program, Reference, Resolved, Scope, Unresolved, Wanted, compile};
use crate::report::{number, with_error};
use crate::scenario::Expect;
use crate::tables::{ConditionResult, Measured, StudyResult, TruthSource};
use std::collections::BTreeMap;

/// A demand, checked.
#[derive(Debug)]
pub struct Expectation<'a> {
    expect: &'a Expect,
    program: Program,
}

/// What became of a demand for one method, estimand and condition.
#[derive(Clone, Debug, PartialEq)]
pub struct Verdict {
    /// Number of the condition, from 0; absent where nothing in the study matches the demand (R0041).
    pub condition: Option<u32>,
    /// Which method, estimand and condition, in words.
    pub place: String,
    /// The demand as written.
    pub that: String,
    /// Whether it holds. What is undefined does not hold.
    pub holds: bool,
    /// The measures that it reads, with their Monte Carlo errors, and how far off they are.
    pub found: String,
}

/// Names that are no measures.
const OTHERS: [&str; 3] = ["true_value", "true_value_mcse", "confidence"];

/// Slot `2 k` is measure `k` of the catalogue, slot `2 k + 1` its Monte Carlo standard error; then come [`OTHERS`].
struct Measures;

fn slot_name(slot: u32) -> (Option<&'static str>, bool) {
    let entry = evaluate::catalogue().get(slot as usize / 2).map(|e| e.name);
    (entry, slot % 2 == 1)
}

impl Scope for Measures {
    fn resolve(&self, reference: &Reference<'_>) -> Result<Resolved, Unresolved> {
        let catalogue = evaluate::catalogue();
        let stem = reference.name.strip_suffix("_mcse").unwrap_or(reference.name);
        let of_measure = catalogue.iter().position(|entry| entry.name == stem);
        let of_others = OTHERS.iter().position(|name| *name == reference.name).map(|p| 2 * catalogue.len() + p);
        let is_mcse = usize::from(reference.name.ends_with("_mcse"));
        match of_measure.map(|k| 2 * k + is_mcse).or(of_others) {
            Some(slot) => Ok(Resolved::Slot { slot: slot as u32, kind: Kind::Number, bounds: Bounds::ANY }),
            None => {
                let names = || catalogue.iter().map(|e| e.name).chain(OTHERS);
                let help = match near_miss(reference.name.trim_end_matches("_mcse"), names()) {
                    Some(near) => format!("did you mean `{near}`?"),
                    None => format!("known here, each also with `_mcse`: {}", names().collect::<Vec<_>>().join(", ")),
                };
                let message = format!("`{}` is no performance measure", reference.name);
                Err(Unresolved { code: "R0042", message, help: Some(help) })
            }
        }
    }

    fn accessors(&self) -> &[&'static str] {
        &[]
    }
}

/// Checks the formulas of demands. All problems are reported.
pub fn expectations<'a>(expect: &'a [Expect], problems: &mut Diagnostics) -> Vec<Expectation<'a>> {
    let compiled = expect.iter().filter_map(|expect| {
        let program = compile(&expect.that, &Wanted::Boolean, &Measures, problems)?;
        Some(Expectation { expect, program })
    });
    compiled.collect()
}

/// What became of each demand, for every method, estimand and condition that it is for.
#[must_use]
pub fn verdicts(expectations: &[Expectation<'_>], result: &StudyResult) -> Vec<Verdict> {
    let mut rows: BTreeMap<(u32, u32, u32), BTreeMap<&str, Measured>> = BTreeMap::new();
    for row in &result.performance {
        rows.entry((row.condition, row.estimand, row.method)).or_default().insert(row.measure, row.measured);
    }
    let mut verdicts = Vec::new();
    for expectation in expectations {
        let before = verdicts.len();
        for ((number, estimand, method), measures) in &rows {
            let condition = result.conditions.iter().find(|c| c.number == *number);
            let Some(condition) = condition else { continue };
            let names = (name(&result.estimands, *estimand), name(&result.methods, *method));
            if expectation.is_for(condition, names.0, names.1) {
                let place = place(condition, names.0, names.1);
                verdicts.push(expectation.verdict(result, condition, *estimand, place, measures));
            }
        }
        if verdicts.len() == before {
            verdicts.push(Verdict {
                condition: None,
                place: "nothing in the study".to_owned(),
                that: expectation.expect.that.text.clone(),
                holds: false,
                found: "no method, estimand and condition match it (R0041)".to_owned(),
            });
        }
    }
    verdicts
}

fn name(names: &[String], position: u32) -> &str {
    names.get(position as usize).map_or("", String::as_str)
}

fn place(condition: &ConditionResult, estimand: &str, method: &str) -> String {
    let factors: Vec<String> = condition.factors.iter().map(|(name, value)| format!("{name} = {value}")).collect();
    let at = if factors.is_empty() { String::new() } else { format!(" at {}", factors.join(", ")) };
    format!("{method} for {estimand}{at}")
}

/// Whether two values are written for the same thing: `0.05` and `5e-2` are.
fn same(a: &str, b: &str) -> bool {
    match (a.trim().parse::<f64>(), b.trim().parse::<f64>()) {
        (Ok(a), Ok(b)) => a == b,
        _ => a.trim() == b.trim(),
    }
}

impl Expectation<'_> {
    fn is_for(&self, condition: &ConditionResult, estimand: &str, method: &str) -> bool {
        let Expect { method: m, estimand: e, condition: wanted, .. } = self.expect;
        m.as_ref().is_none_or(|m| m.text == method)
            && e.as_ref().is_none_or(|e| e.text == estimand)
            && wanted.iter().all(|(name, value)| {
                condition.factors.iter().any(|(factor, v)| *factor == name.text && same(v, &value.text))
            })
    }

    fn verdict(
        &self,
        result: &StudyResult,
        condition: &ConditionResult,
        estimand: u32,
        place: String,
        measures: &BTreeMap<&str, Measured>,
    ) -> Verdict {
        let truth = condition.true_values.get(estimand as usize);
        let measures_end = 2 * evaluate::catalogue().len() as u32;
        let value = |slot: u32| match slot_name(slot) {
            (Some(name), is_mcse) => {
                let measured = measures.get(name).copied().unwrap_or_default();
                (if is_mcse { measured.mcse } else { measured.value }).unwrap_or(f64::NAN)
            }
            (None, _) => match slot.wrapping_sub(measures_end) {
                0 => truth.map_or(f64::NAN, |t| t.true_value),
                // Each estimate is compared with the truth of its own cohort, which has no error.
                1 => truth.map_or(f64::NAN, |t| if t.source == TruthSource::Cohort { 0.0 } else { t.mcse }),
                _ => result.confidence,
            },
        };
        let values: Vec<f64> = self.program.slots().iter().map(|slot| value(*slot)).collect();
        // A comparison with what is undefined must not hold by way of a `not`.
        let defined = values.iter().all(|v| !v.is_nan());
        let holds = defined && self.program.evaluate_one(&values) == 1.0;
        let mut found: Vec<String> = Vec::new();
        for slot in self.program.slots() {
            let Some(measure) = slot_name(*slot).0 else {
                let other = OTHERS.get(slot.wrapping_sub(measures_end) as usize).copied().unwrap_or_default();
                found.push(format!("{other} {}", number(value(*slot))));
                continue;
            };
            let words = in_words(measure, measures.get(measure).copied().unwrap_or_default(), result.confidence);
            if !found.contains(&words) {
                found.push(words);
            }
        }
        let that = self.expect.that.text.clone();
        Verdict { condition: Some(condition.number), place, that, holds, found: found.join("; ") }
    }
}

/// A measure, and how far it is from what it should be where that is known.
fn in_words(measure: &str, measured: Measured, confidence: f64) -> String {
    let aim = match measure {
        "bias" | "relative_bias" | "relative_error_model_se" | "non_convergence" => Some((0.0, "0".to_owned())),
        "coverage" | "bias_eliminated_coverage" | "coverage_worst_case" => Some((confidence, number(confidence))),
        _ => None,
    };
    let text = with_error(measured.value, measured.mcse);
    match (aim, measured.value, measured.mcse.filter(|e| *e > 0.0)) {
        (Some((aim, words)), Some(value), Some(mcse)) => {
            format!("{measure} {text}, {:.1} MCSE from {words}", (value - aim).abs() / mcse)
        }
        (_, None, _) => format!("{measure} is undefined"),
        _ => format!("{measure} {text}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::Text;
    use crate::tables::{PerformanceRow, TrueValueRow};

    fn text(text: &str) -> Text {
        Text { text: text.to_owned(), ..Text::default() }
    }

    fn expect(that: &str, method: Option<&str>, condition: &[(&str, &str)]) -> Expect {
        Expect {
            method: method.map(text),
            estimand: None,
            condition: condition.iter().map(|(n, v)| (text(n), text(v))).collect(),
            that: text(that),
        }
    }

    fn result() -> StudyResult {
        let row = |condition, method, measure, value, mcse| PerformanceRow {
            condition,
            estimand: 0,
            method,
            measure,
            replicates: 100,
            measured: Measured { value, mcse },
        };
        let condition = |number, lost: &str| ConditionResult {
            number,
            factors: vec![("lost".to_owned(), lost.to_owned())],
            true_values: vec![TrueValueRow { source: TruthSource::Exact, true_value: 0.5, mcse: 0.0 }],
            ..ConditionResult::default()
        };
        StudyResult {
            confidence: 0.95,
            estimands: vec!["share".to_owned()],
            methods: vec!["plain".to_owned(), "weighted".to_owned()],
            conditions: vec![condition(0, "0"), condition(1, "0.05")],
            performance: vec![
                row(0, 0, "bias", Some(0.001), Some(0.002)),
                row(0, 1, "bias", None, None),
                row(1, 0, "bias", Some(0.03), Some(0.002)),
                row(1, 0, "coverage", Some(0.93), Some(0.01)),
                row(1, 1, "bias", Some(-0.004), Some(0.002)),
            ],
            ..StudyResult::default()
        }
    }

    fn judged(expect: &[Expect]) -> Vec<(String, bool, String)> {
        let mut problems = Diagnostics::new();
        let compiled = expectations(expect, &mut problems);
        assert!(!problems.has_errors(), "{:?}", problems.list());
        verdicts(&compiled, &result()).into_iter().map(|v| (v.place, v.holds, v.found)).collect()
    }

    #[test]
    fn each_match_is_judged_by_itself() {
        let found = judged(&[expect("abs(bias) <= 3 * bias_mcse", None, &[])]);
        let expected = [
            ("plain for share at lost = 0", true, "bias 0.0010 (0.0020), 0.5 MCSE from 0"),
            ("weighted for share at lost = 0", false, "bias is undefined"),
            ("plain for share at lost = 0.05", false, "bias 0.0300 (0.0020), 15.0 MCSE from 0"),
            ("weighted for share at lost = 0.05", true, "bias -0.0040 (0.0020), 2.0 MCSE from 0"),
        ];
        let expected: Vec<_> = expected.iter().map(|(p, h, f)| ((*p).to_owned(), *h, (*f).to_owned())).collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn method_and_condition_choose() {
        let found =
            judged(&[expect("coverage < confidence and true_value == 0.5", Some("plain"), &[("lost", "5e-2")])]);
        assert_eq!(found.len(), 1);
        assert!(found[0].1);
        assert_eq!(found[0].2, "coverage 0.930 (0.010), 2.0 MCSE from 0.95; true_value 0.5; confidence 0.95");
    }

    #[test]
    fn what_is_undefined_does_not_hold_even_when_negated() {
        assert!(!judged(&[expect("not (bias > 1)", Some("weighted"), &[("lost", "0")])])[0].1);
    }

    #[test]
    fn a_demand_that_matches_nothing_does_not_hold() {
        let found = judged(&[expect("bias > 0", Some("plain"), &[("lost", "0.7")])]);
        assert_eq!((found.len(), found[0].1), (1, false));
        assert!(found[0].2.contains("R0041"));
    }

    #[test]
    fn an_unknown_measure_is_an_error_with_the_nearest_name() {
        let mut problems = Diagnostics::new();
        let demand = [expect("coverge_mcse < 1", None, &[])];
        assert!(expectations(&demand, &mut problems).is_empty());
        assert_eq!(problems.list()[0].code, "R0042");
        assert_eq!(problems.list()[0].help.as_deref(), Some("did you mean `coverage`?"));
    }
}
