//! What was found against what is expected.

use super::case::Case;
use serde_json::Value;

/// How many values were compared, and a line for each that disagrees. What was found may hold more than is expected.
pub fn disagreements(case: &Case, found: &Value) -> (usize, Vec<String>) {
    let mut comparison = Comparison { case, compared: 0, lines: Vec::new() };
    comparison.compare(case.expected(), Some(found), &mut Vec::new());
    (comparison.compared, comparison.lines)
}

struct Comparison<'a> {
    case: &'a Case,
    compared: usize,
    lines: Vec<String>,
}

impl Comparison<'_> {
    fn compare(&mut self, want: &Value, got: Option<&Value>, path: &mut Vec<String>) {
        match want {
            Value::Object(wanted) => {
                for (key, want) in wanted {
                    path.push(key.clone());
                    self.compare(want, got.and_then(|got| got.get(key)), path);
                    path.pop();
                }
            }
            Value::Array(wanted) => {
                let length = got.and_then(Value::as_array).map(Vec::len);
                if length.is_some_and(|length| length != wanted.len()) {
                    self.disagree(
                        path,
                        &format!("{} entries", wanted.len()),
                        &format!("{} entries", length.unwrap_or(0)),
                    );
                    return;
                }
                for (position, want) in wanted.iter().enumerate() {
                    path.push(position.to_string());
                    self.compare(want, got.and_then(|got| got.get(position)), path);
                    path.pop();
                }
            }
            _ => {
                self.compared += 1;
                if !self.agrees(want, got, path) {
                    let got = got.map_or("nothing".to_owned(), Value::to_string);
                    self.disagree(path, &want.to_string(), &got);
                }
            }
        }
    }

    fn disagree(&mut self, path: &[String], want: &str, got: &str) {
        self.lines.push(format!("{} {}: want {want}, got {got}", self.case.name(), path.join(".")));
    }

    fn agrees(&self, want: &Value, got: Option<&Value>, path: &[String]) -> bool {
        match (want, got) {
            // Undefined must be said, or not be there; never a number.
            (Value::Null, got) => got.is_none_or(Value::is_null),
            (_, None) => false,
            (Value::Number(want), Some(Value::Number(got))) => match (want.as_i64(), got.as_i64()) {
                (Some(want), Some(got)) => want == got,
                _ => {
                    let (want, got) = (want.as_f64().unwrap_or(f64::NAN), got.as_f64().unwrap_or(f64::NAN));
                    (got - want).abs() <= self.allowed(want, path)
                }
            },
            (want, Some(got)) => want == got,
        }
    }

    /// Limits of the innermost named key.
    fn allowed(&self, want: f64, path: &[String]) -> f64 {
        let limits = self.case.tolerance();
        let limit = path.iter().rev().find_map(|key| limits.get(key)).unwrap_or(&limits["default"]);
        let part = |key: &str| limit[key].as_f64().unwrap_or(0.0);
        part("abs") + part("rel") * want.abs()
    }
}
