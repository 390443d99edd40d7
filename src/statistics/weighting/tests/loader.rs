//! The panels of the reference cases, and rows of predictors from their settings.

use super::*;
use crate::statistics::tests::{Case, columns};
use std::collections::BTreeMap;

/// A panel: each column wave after wave, persons in the order of the file.
pub(super) struct Panel {
    pub(super) persons: usize,
    pub(super) waves: usize,
    pub(super) columns: BTreeMap<String, Vec<f64>>,
    pub(super) histories: Histories,
}

impl Panel {
    pub(super) fn read(case: &Case) -> Self {
        let file = columns(case.json["data"].as_str().unwrap());
        let of = |key: &str, otherwise: &str| file[case.setting(key).as_str().unwrap_or(otherwise)].clone();
        let (ids, wave) = (of("id", "id"), of("wave", "wave"));
        let mut persons: Vec<f64> = Vec::new();
        ids.iter().for_each(|id| {
            if !persons.contains(id) {
                persons.push(*id);
            }
        });
        let waves = wave.iter().copied().fold(0.0, f64::max) as usize;
        let place = |row: usize| {
            (wave[row] as usize - 1) * persons.len() + persons.iter().position(|p| *p == ids[row]).unwrap()
        };
        let mut columns = BTreeMap::new();
        for (name, values) in &file {
            let mut flat = vec![f64::NAN; waves * persons.len()];
            values.iter().enumerate().for_each(|(row, v)| flat[place(row)] = *v);
            columns.insert(name.clone(), flat);
        }
        let responded: Vec<u8> = columns[case.setting("responded").as_str().unwrap_or("responded")]
            .iter()
            .map(|r| u8::from(*r == 1.0))
            .collect();
        let mut histories = Histories::default();
        histories.follow(&responded, persons.len(), waves);
        Self { persons: persons.len(), waves, columns, histories }
    }

    /// A column; `lag_` before its name takes the wave before.
    fn column(&self, name: &str) -> Vec<f64> {
        match name.strip_prefix("lag_") {
            Some(plain) => {
                let values = &self.columns[plain];
                let before = values[..values.len() - self.persons].iter();
                vec![f64::NAN; self.persons].iter().chain(before).copied().collect()
            }
            None => self.columns[name].clone(),
        }
    }

    /// Rows (intercept first) of the waves from `first` on, and their width.
    pub(super) fn rows(&self, terms: &[String], first: usize) -> (Vec<f64>, usize) {
        let start = first * self.persons;
        let expand = |name: &str| -> Vec<Vec<f64>> {
            let Some(plain) = name.strip_prefix("factor(").and_then(|n| n.strip_suffix(')')) else {
                return vec![self.column(name)[start..].to_vec()];
            };
            let values = self.column(plain)[start..].to_vec();
            let mut levels: Vec<f64> = values.iter().copied().filter(|v| !v.is_nan()).collect();
            levels.sort_by(f64::total_cmp);
            levels.dedup();
            let indicator = |level: &f64| values.iter().map(|v| f64::from(u8::from(v == level))).collect();
            levels.iter().skip(1).map(indicator).collect()
        };
        let length = (self.waves - first) * self.persons;
        let mut columns = vec![vec![1.0; length]];
        for term in terms.iter().filter(|t| *t != "1") {
            let mut product = vec![vec![1.0; length]];
            for part in term.split(':') {
                let new = expand(part);
                let times = |a: &Vec<f64>, b: &Vec<f64>| a.iter().zip(b).map(|(x, y)| x * y).collect::<Vec<f64>>();
                product = new.iter().flat_map(|n| product.iter().map(|p| times(p, n)).collect::<Vec<_>>()).collect();
            }
            columns.append(&mut product);
        }
        let rows = (0..length).flat_map(|k| columns.iter().map(move |c| c[k])).collect();
        (rows, columns.len())
    }
}

/// The words of a setting that lists predictors.
pub(super) fn terms(case: &Case, key: &str) -> Vec<String> {
    case.setting(key).as_array().unwrap().iter().map(|v| v.as_str().unwrap().to_owned()).collect()
}
