//! A release in a folder that goes away with the test, and its tables as text.
#![allow(dead_code)] // Each of the tests that share this uses a part of it.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

pub fn eclosion(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_eclosion"))
        .args(arguments)
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .env_remove("RUST_BACKTRACE")
        .output()
        .expect("the program starts")
}

/// A release in a folder that goes away with the test.
pub struct Release(pub tempfile::TempDir);

impl Release {
    pub fn of(scenario: &str, arguments: &[&str]) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("out");
        let mut all = vec!["simulate", scenario, "--release", path.to_str().expect("UTF-8")];
        all.extend(arguments);
        let output = eclosion(&all);
        assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
        Self(folder)
    }

    pub fn path(&self) -> PathBuf {
        self.0.path().join("out")
    }

    pub fn text(&self, name: &str) -> String {
        fs::read_to_string(self.path().join(name)).unwrap_or_else(|e| panic!("{name}: {e}"))
    }

    pub fn csv(&self, name: &str) -> Csv {
        let mut reader = csv::Reader::from_path(self.path().join(name)).expect("it is there");
        let names = reader.headers().expect("a header").iter().map(str::to_owned).collect();
        let rows = reader.records().map(|row| row.expect("a row").iter().map(str::to_owned).collect()).collect();
        Csv { names, rows }
    }

    pub fn json(&self, name: &str) -> serde_json::Value {
        serde_json::from_str(&self.text(name)).expect("JSON")
    }

    /// All files with their bytes, by name below the folder.
    pub fn files(&self) -> BTreeMap<String, Vec<u8>> {
        fn collect(folder: &Path, below: &str, files: &mut BTreeMap<String, Vec<u8>>) {
            for entry in fs::read_dir(folder).expect("a folder") {
                let path = entry.expect("an entry").path();
                let name = format!("{below}{}", path.file_name().expect("a name").to_str().expect("UTF-8"));
                match path.is_dir() {
                    true => collect(&path, &format!("{name}/"), files),
                    false => drop(files.insert(name, fs::read(&path).expect("bytes"))),
                }
            }
        }
        let mut files = BTreeMap::new();
        collect(&self.path(), "", &mut files);
        files
    }
}

/// A table as text.
pub struct Csv {
    pub names: Vec<String>,
    pub rows: Vec<Vec<String>>,
}

impl Csv {
    pub fn column(&self, name: &str) -> usize {
        self.names.iter().position(|n| n == name).unwrap_or_else(|| panic!("no column {name} in {:?}", self.names))
    }

    pub fn cells(&self, name: &str) -> impl Iterator<Item = &str> {
        let column = self.column(name);
        self.rows.iter().map(move |row| row[column].as_str())
    }
}
