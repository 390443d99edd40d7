//! Reference cases as tests of this room read them.

use serde_json::Value;
use std::path::PathBuf;

/// A reference case: settings, expected values and how close a result must be.
pub(crate) struct Case {
    /// The whole file.
    pub(crate) json: Value,
}

/// The folder of the reference cases.
pub(crate) fn folder() -> PathBuf {
    if let Some(folder) = std::env::var_os("ECLOSION_REFERENCE_DIR") {
        return folder.into();
    }
    let here = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    let found = here.ancestors().map(|a| a.join("tests/reference")).find(|f| f.is_dir());
    found.expect("there is a folder tests/reference")
}

/// The columns of a CSV file of numbers by name, NaN where empty.
pub(crate) fn columns(file: &str) -> std::collections::BTreeMap<String, Vec<f64>> {
    let mut reader = csv::Reader::from_path(folder().join(file)).expect("the file can be read");
    let names: Vec<String> = reader.headers().expect("it has a header").iter().map(str::to_owned).collect();
    let mut columns: std::collections::BTreeMap<_, _> = names.iter().map(|n| (n.clone(), Vec::new())).collect();
    for record in reader.records() {
        for (name, cell) in names.iter().zip(record.expect("a row").iter()) {
            columns.entry(name.clone()).or_insert_with(Vec::new).push(cell.parse().unwrap_or(f64::NAN));
        }
    }
    columns
}

impl Case {
    /// The case of a name.
    pub(crate) fn read(name: &str) -> Self {
        let text = std::fs::read_to_string(folder().join(format!("{name}.json"))).expect("the case is there");
        Self { json: serde_json::from_str(&text).expect("it is JSON") }
    }

    /// A setting.
    pub(crate) fn setting(&self, key: &str) -> &Value {
        &self.json["settings"][key]
    }

    /// The expected value under a path; a number is a position in a list.
    pub(crate) fn expected(&self, path: &[&str]) -> &Value {
        path.iter().fold(&self.json["expected"], |value, key| match key.parse::<usize>() {
            Ok(position) if value.is_array() => &value[position],
            _ => &value[*key],
        })
    }

    /// The value under a path must be `got`, within the limits of the innermost named key; null must meet `None`,
    /// "Infinity" an infinite number.
    pub(crate) fn check(&self, path: &[&str], got: Option<f64>) {
        let want = self.expected(path);
        let name = &self.json["case"];
        match want {
            Value::Null => assert_eq!(got, None, "{name} {path:?}"),
            Value::String(text) if text == "Infinity" => assert_eq!(got, Some(f64::INFINITY), "{name} {path:?}"),
            Value::String(text) if text == "-Infinity" => {
                assert_eq!(got, Some(f64::NEG_INFINITY), "{name} {path:?}");
            }
            _ => {
                let got = got.unwrap_or_else(|| panic!("{name} {path:?} has no value, want {want}"));
                let want = want.as_f64().unwrap_or_else(|| panic!("{name} {path:?} is no number: {want}"));
                let limits = &self.json["tolerance"];
                let limit = path.iter().rev().find_map(|key| limits.get(*key)).unwrap_or(&limits["default"]);
                let limit = |key: &str| limit[key].as_f64().unwrap_or(0.0);
                let allowed = limit("abs") + limit("rel") * want.abs();
                assert!((got - want).abs() <= allowed, "{name} {path:?}: got {got}, want {want}");
            }
        }
    }

    /// Every number of a list under a path.
    pub(crate) fn check_all(&self, path: &[&str], got: &[f64]) {
        let length = self.expected(path).as_array().map(Vec::len);
        assert_eq!(length, Some(got.len()), "{} {path:?}", self.json["case"]);
        for (k, value) in got.iter().enumerate() {
            let k = k.to_string();
            self.check(&path.iter().copied().chain([k.as_str()]).collect::<Vec<_>>(), Some(*value));
        }
    }
}

/// The numbers of a JSON list; "Infinity" is infinite, null is NaN.
pub(crate) fn numbers(value: &Value) -> Vec<f64> {
    let number = |v: &Value| match v {
        Value::String(text) if text == "Infinity" => f64::INFINITY,
        Value::String(text) if text == "-Infinity" => f64::NEG_INFINITY,
        other => other.as_f64().unwrap_or(f64::NAN),
    };
    value.as_array().map(|list| list.iter().map(number).collect()).unwrap_or_default()
}
