//! What two analyses have in common.

use serde_json::Value;

pub fn number(value: &Value) -> f64 {
    match value.as_str() {
        Some("Infinity") => f64::INFINITY,
        Some("-Infinity") => f64::NEG_INFINITY,
        _ => value.as_f64().unwrap_or(f64::NAN),
    }
}

/// Equal but for rounding, which an iterative fit may enlarge. What is undefined is equal to what is undefined.
pub fn near(a: f64, b: f64) -> bool {
    a == b || (a.is_nan() && b.is_nan()) || (a - b).abs() <= 1e-6 * (1.0 + a.abs().max(b.abs()))
}

/// Keys whose values depend on rounding or on the way to a result, or go by the order of rows.
pub const BESIDES: [&str; 5] = ["iterations", "last_step", "detail", "warnings", "fitted"];

pub fn differences(path: &str, a: &Value, b: &Value, list: &mut Vec<String>) {
    match (a, b) {
        (Value::Object(a), Value::Object(b)) if a.len() == b.len() => {
            for (key, value) in a.iter().filter(|(key, _)| !BESIDES.contains(&key.as_str())) {
                differences(&format!("{path}.{key}"), value, b.get(key).unwrap_or(&Value::Null), list);
            }
        }
        (Value::Array(a), Value::Array(b)) if a.len() == b.len() => {
            a.iter().zip(b).enumerate().for_each(|(k, (a, b))| differences(&format!("{path}[{k}]"), a, b, list));
        }
        (Value::Number(_), Value::Number(_)) if near(number(a), number(b)) => {}
        _ if a == b => {}
        _ => list.push(format!("{path}: {a} and {b}")),
    }
}

pub fn same(a: &Value, b: &Value) {
    let mut list = Vec::new();
    let methods = |v: &Value| v["methods"].as_array().cloned().unwrap_or_default();
    for (a, b) in methods(a).iter().zip(&methods(b)) {
        differences(a["name"].as_str().unwrap_or("?"), a, b, &mut list);
    }
    assert!(list.is_empty(), "{}", list.join("\n"));
}

/// One answer or named estimate.
#[derive(Clone, Debug)]
pub struct Named {
    pub name: String,
    pub estimate: f64,
    pub se: f64,
    pub low: f64,
    pub high: f64,
}

impl Named {
    /// `other` is this one times `factor`, moved by `shift`.
    pub fn becomes(&self, other: &Self, factor: f64, shift: f64) {
        let move_to = |v: f64| shift + factor * v;
        let (mut low, mut high) = (move_to(self.low), move_to(self.high));
        if factor < 0.0 {
            (low, high) = (high, low);
        }
        let pairs = [
            (move_to(self.estimate), other.estimate),
            (factor.abs() * self.se, other.se),
            (low, other.low),
            (high, other.high),
        ];
        assert!(self.name == other.name && pairs.iter().all(|(a, b)| near(*a, *b)), "{self:?} {other:?} {pairs:?}");
    }

    /// `other` is this one turned over.
    pub fn turns_over(&self, other: &Self) {
        let pairs = [(self.estimate, other.estimate), (self.low, other.high), (self.high, other.low)];
        assert!(pairs.iter().all(|(a, b)| near(1.0 / a, *b) || near(*a, 1.0 / b)), "{self:?} {other:?}");
    }
}

/// All answers and named estimates of a method by the name that the plan gives it; none where it failed.
pub fn found(analysis: &Value, method: &str) -> Vec<Named> {
    let methods = analysis["methods"].as_array().expect("a list");
    let of = methods.iter().find(|m| m["name"] == method).unwrap_or_else(|| panic!("there is no `{method}`"));
    let lists = [&of["answers"], &of["estimates"]].map(|list| list.as_array().cloned().unwrap_or_default());
    let named = |e: &Value| Named {
        name: e["name"].as_str().unwrap_or("?").to_owned(),
        estimate: number(&e["estimate"]),
        se: number(&e["model_se"]),
        low: number(&e["interval"][0]),
        high: number(&e["interval"][1]),
    };
    lists.iter().flatten().filter(|e| e["status"] == "ok").map(named).collect()
}

/// The named estimates of both tables side by side; both have the same ones.
pub fn pairs(a: &Value, b: &Value, method: &str) -> Vec<(Named, Named)> {
    let (a, b) = (found(a, method), found(b, method));
    let names = |list: &[Named]| list.iter().map(|n| n.name.clone()).collect::<Vec<_>>();
    assert_eq!(names(&a), names(&b), "{method}");
    a.into_iter().zip(b).collect()
}

/// As [`pairs`], where a ratio of 0 turns into one that is infinite, which is no estimate; a ratio of shares of noes may be so
/// whatever that of yeses is.
pub fn with_ratios(a: &Value, b: &Value, method: &str) -> Vec<(Named, Named)> {
    let (a, b) = (found(a, method), found(b, method));
    let alone = |one: &[Named], other: &[Named]| {
        let missing = one.iter().filter(|n| !other.iter().any(|o| o.name == n.name));
        missing.for_each(|n| assert!(n.estimate == 0.0 || n.name == "risk_ratio", "{method}: {n:?}"));
    };
    alone(&a, &b);
    alone(&b, &a);
    let twin = |n: &Named| b.iter().find(|o| o.name == n.name).cloned();
    a.iter().filter_map(|n| Some((n.clone(), twin(n)?))).collect()
}

/// The values of a method's report.
pub fn found_values<'v>(analysis: &'v Value, method: &str) -> &'v Value {
    let methods = analysis["methods"].as_array().expect("a list");
    &methods.iter().find(|m| m["name"] == method).expect("it is in the plan")["values"]
}
