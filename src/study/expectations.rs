//! `[[expect]]`: what a scenario demands of its own result.

use crate::diagnostic::{Diagnostics, near_miss};
use crate::evaluate;
use crate::formula::{Bounds, Kind, Program, Reference, Resolved, Scope, Unresolved, Wanted, compile};
use crate::report::{number, with_error};
use crate::scenario::Expect;
use crate::tables::{Among, ConditionResult, Measured, StudyResult, TruthSource};
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

/// Other names of measures: the name in a formula and that of the catalogue.
const ALSO: [(&str, &str); 1] = [("power", "rejection")];

/// Slot `2 k` is measure `k` of the catalogue, slot `2 k + 1` its Monte Carlo standard error; then come [`OTHERS`].
pub(super) struct Measures {
    /// Which fits the measures are of.
    pub(super) among: Among,
}

pub(super) fn slot_name(slot: u32) -> (Option<&'static str>, bool) {
    let entry = evaluate::catalogue().get(slot as usize / 2).map(|e| e.name);
    (entry, slot % 2 == 1)
}

impl Scope for Measures {
    fn resolve(&self, reference: &Reference<'_>) -> Result<Resolved, Unresolved> {
        if let Some((key, _)) = reference.arguments.first() {
            return Err(no_measure(&format!("mcse({}, {key} = ...)", reference.name), reference.name));
        }
        // `mcse(x)` is another way to write `x_mcse`.
        let written = match reference.accessor {
            Some(_) => format!("{}_mcse", reference.name),
            None => reference.name.to_owned(),
        };
        let catalogue = evaluate::catalogue();
        let stem = written.strip_suffix("_mcse").unwrap_or(&written);
        let also = ALSO.iter().find(|(name, _)| *name == stem).map_or(stem, |(_, measure)| measure);
        let of_measure = catalogue.iter().position(|entry| entry.name == also);
        if let (Some(k), Among::Worst) = (of_measure, self.among)
            && catalogue[k].worst.is_none()
        {
            return Err(no_worst_case(stem));
        }
        let of_others = OTHERS.iter().position(|name| *name == written).map(|p| 2 * catalogue.len() + p);
        let is_mcse = usize::from(written.ends_with("_mcse"));
        match of_measure.map(|k| 2 * k + is_mcse).or(of_others) {
            Some(slot) => Ok(Resolved::Slot { slot: slot as u32, kind: Kind::Number, bounds: Bounds::ANY }),
            None => Err(no_measure(reference.name, reference.name)),
        }
    }

    fn accessors(&self) -> &'static [&'static str] {
        &["mcse"]
    }
}

fn no_measure(written: &str, name: &str) -> Unresolved {
    let names = || evaluate::catalogue().iter().map(|e| e.name).chain(ALSO.map(|(name, _)| name)).chain(OTHERS);
    let help = match near_miss(name.trim_end_matches("_mcse"), names()).filter(|near| *near != name) {
        Some(near) => format!("did you mean `{near}`?"),
        None => format!("known here, each also with `_mcse`: {}", names().collect::<Vec<_>>().join(", ")),
    };
    Unresolved { code: "R0042", message: format!("`{written}` is no performance measure"), help: Some(help) }
}

fn no_worst_case(name: &str) -> Unresolved {
    let known = evaluate::catalogue().iter().filter(|entry| entry.worst.is_some()).map(|entry| entry.name);
    let help =
        format!("demand it among \"own\" or \"common\"; with a worst case: {}", known.collect::<Vec<_>>().join(", "));
    let message = format!("`{name}` has no worst case: a failed estimate could have been off by any amount");
    Unresolved { code: "R0044", message, help: Some(help) }
}

/// Checks the formulas of demands. All problems are reported.
pub fn expectations<'a>(expect: &'a [Expect], problems: &mut Diagnostics) -> Vec<Expectation<'a>> {
    let compiled = expect.iter().filter_map(|expect| {
        let program = compile(&expect.that, &Wanted::Boolean, &Measures { among: expect.among }, problems)?;
        Some(Expectation { expect, program })
    });
    compiled.collect()
}

/// The measures of a method, for one estimand under one condition.
type Found<'a> = BTreeMap<(&'a str, Among), Measured>;

/// A measure among the fits that are asked for. Where no fit failed only the own ones have rows, and all are the same.
fn found(measures: &Found<'_>, name: &str, among: Among) -> Measured {
    let asked = measures.get(&(name, among)).or_else(|| measures.get(&(name, Among::Own)));
    asked.copied().unwrap_or_default()
}

/// What becomes of [`place`] where other fits are asked for than the method's own successes.
fn in_place(among: Among) -> &'static str {
    match among {
        Among::Own => "",
        Among::Common => ", where all methods succeeded",
        Among::Worst => ", failures as the worst case",
    }
}

/// What became of each demand, for every method, estimand and condition that it is for.
#[must_use]
pub fn verdicts(expectations: &[Expectation<'_>], result: &StudyResult) -> Vec<Verdict> {
    let mut rows: BTreeMap<(u32, u32, u32), Found<'_>> = BTreeMap::new();
    for row in &result.performance {
        rows.entry((row.condition, row.estimand, row.method))
            .or_default()
            .insert((row.measure, row.among), row.measured);
    }
    let mut verdicts = Vec::new();
    for expectation in expectations {
        let before = verdicts.len();
        for ((number, estimand, method), measures) in &rows {
            let condition = result.conditions.iter().find(|c| c.number == *number);
            let Some(condition) = condition else { continue };
            let names = (name(&result.estimands, *estimand), name(&result.methods, *method));
            if expectation.is_for(condition, names.0, names.1) {
                let place = place(condition, names.0, names.1) + in_place(expectation.expect.among);
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
        measures: &Found<'_>,
    ) -> Verdict {
        let truth = condition.true_values.get(estimand as usize);
        let measures_end = 2 * evaluate::catalogue().len() as u32;
        let value = |slot: u32| match slot_name(slot) {
            (Some(name), is_mcse) => {
                let measured = found(measures, name, self.expect.among);
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
            let words = in_words(measure, self::found(measures, measure, self.expect.among), result.confidence);
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
            among: Among::Own,
            that: text(that),
        }
    }

    fn result() -> StudyResult {
        let row = |condition, method, measure, value, mcse| PerformanceRow {
            condition,
            estimand: 0,
            method,
            measure,
            among: Among::Own,
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
    fn other_ways_to_write_the_same() {
        let found = judged(&[
            expect("mcse(coverage) == coverage_mcse and coverage_mcse == 0.01", Some("plain"), &[("lost", "5e-2")]),
            expect("mcse(power) < 1 and power == rejection", Some("plain"), &[("lost", "5e-2")]),
            expect("mcse(true_value) == 0 and true_value_mcse == 0", Some("plain"), &[("lost", "5e-2")]),
        ]);
        assert_eq!(found.iter().map(|f| f.1).collect::<Vec<_>>(), [true, false, true], "{found:?}");
        assert!(found[1].2.contains("rejection is undefined"), "the first has no null: {found:?}");
        for wrong in
            ["mcse(confidence) < 1", "mcse(bias_mcse) < 1", "mcse(bias, wave = 1) < 1", "mcse < 1", "mcse() < 1"]
        {
            let mut problems = Diagnostics::new();
            assert!(expectations(&[expect(wrong, None, &[])], &mut problems).is_empty(), "{wrong}");
            assert!(problems.has_errors(), "{wrong}");
        }
    }

    #[test]
    fn a_demand_can_be_of_other_fits() {
        let demand = |among, that: &str| [Expect { among, ..expect(that, Some("plain"), &[]) }];
        let mut study = result();
        let common = Measured { value: Some(0.05), mcse: Some(0.002) };
        let of_bias = study.performance.iter().find(|r| r.condition == 1 && r.method == 0).cloned().expect("there");
        study.performance.push(PerformanceRow { among: Among::Common, measured: common, ..of_bias });
        let judge = |demand: &[Expect]| {
            let compiled = expectations(demand, &mut Diagnostics::new());
            let found = verdicts(&compiled, &study).into_iter();
            found.map(|v| (v.place, v.holds)).collect::<Vec<_>>()
        };
        let first = "plain for share at lost = 0, where all methods succeeded".to_owned();
        let second = "plain for share at lost = 0.05, where all methods succeeded".to_owned();
        // Without failures the rows of the method's own successes stand for all three.
        assert_eq!(judge(&demand(Among::Common, "bias < 0.04")), [(first, true), (second, false)]);
        assert!(judge(&demand(Among::Own, "bias < 0.04")).iter().all(|v| v.1));
        let worst = judge(&demand(Among::Worst, "coverage > 0.9"));
        assert_eq!(worst[1], ("plain for share at lost = 0.05, failures as the worst case".to_owned(), true));
        let mut problems = Diagnostics::new();
        assert!(expectations(&demand(Among::Worst, "coverage > 0.9 and bias_mcse < 1"), &mut problems).is_empty());
        assert_eq!(problems.list()[0].code, "R0044");
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
