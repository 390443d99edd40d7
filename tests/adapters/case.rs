//! A reference case as it stands on disk.

use serde_json::Value;
use std::path::PathBuf;

/// A reference case.
pub struct Case {
    json: Value,
    folder: PathBuf,
}

/// The folder of the cases.
fn folder() -> PathBuf {
    let own = || PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/reference");
    std::env::var_os("ECLOSION_REFERENCE_DIR").map_or_else(own, PathBuf::from)
}

/// All cases of the folder, by name.
pub fn cases() -> Vec<Case> {
    let folder = folder();
    let entries = std::fs::read_dir(&folder).unwrap_or_else(|e| panic!("cannot read `{}`: {e}", folder.display()));
    let mut paths: Vec<PathBuf> = entries.filter_map(|e| e.ok().map(|e| e.path())).collect();
    paths.retain(|path| path.extension().is_some_and(|e| e == "json"));
    paths.sort();
    let read = |path: &PathBuf| {
        let text = std::fs::read_to_string(path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
        let json = serde_json::from_str(&text).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
        Case { json, folder: folder.clone() }
    };
    paths.iter().map(read).collect()
}

#[allow(dead_code, reason = "each family of adapters uses some of it")]
impl Case {
    /// A case from its text.
    pub fn of(text: &str) -> Self {
        Self { json: serde_json::from_str(text).expect("it is JSON"), folder: folder() }
    }

    /// `case`.
    pub fn name(&self) -> &str {
        self.json["case"].as_str().unwrap_or("?")
    }

    /// `method`.
    pub fn method(&self) -> &str {
        self.json["method"].as_str().unwrap_or("?")
    }

    /// `settings.KEY`; null where it is not there.
    pub fn setting(&self, key: &str) -> &Value {
        &self.json["settings"][key]
    }

    /// All settings.
    pub fn settings(&self) -> &Value {
        &self.json["settings"]
    }

    /// `settings.KEY` as text.
    pub fn text(&self, key: &str) -> Result<&str, String> {
        self.setting(key).as_str().ok_or_else(|| format!("settings.{key} is no text"))
    }

    /// `settings.KEY` as a list of texts; empty where it is not there.
    pub fn texts(&self, key: &str) -> Vec<&str> {
        self.setting(key).as_array().map(|l| l.iter().filter_map(Value::as_str).collect()).unwrap_or_default()
    }

    /// `settings.conf_level`, or 0.95.
    pub fn confidence(&self) -> f64 {
        self.setting("conf_level").as_f64().unwrap_or(0.95)
    }

    /// `expected`.
    pub fn expected(&self) -> &Value {
        &self.json["expected"]
    }

    /// `tolerance`.
    pub fn tolerance(&self) -> &Value {
        &self.json["tolerance"]
    }

    /// The whole file.
    pub fn json(&self) -> &Value {
        &self.json
    }

    /// The data file, if there is one.
    pub fn data(&self) -> Vec<PathBuf> {
        self.json["data"].as_str().map(|name| self.file(name)).into_iter().collect()
    }

    /// A file of the folder.
    pub fn file(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    /// Names of the columns of the data file.
    pub fn columns(&self) -> Vec<String> {
        let Some(path) = self.data().pop() else { return Vec::new() };
        let text = std::fs::read_to_string(path).unwrap_or_default();
        let header = text.lines().next().unwrap_or("").trim_start_matches('\u{feff}').to_owned();
        header.split(',').map(|name| name.trim().trim_matches('"').to_owned()).collect()
    }
}
