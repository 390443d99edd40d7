//! The example studies in `scenarios/`: listed, sourced, sound.

use eclosion::diagnostic::Diagnostics;
use eclosion::scenario;
use eclosion::study::{Cell, RunOptions, Watch, printed, run};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios")
}

/// Names and texts of all example studies, in order.
fn studies() -> Vec<(String, String)> {
    let list = |folder: PathBuf| fs::read_dir(folder).unwrap().map(|e| e.unwrap().path());
    let mut paths: Vec<PathBuf> = list(folder()).chain(list(folder().join("presets"))).collect();
    paths.retain(|p| p.extension().is_some_and(|e| e == "toml"));
    paths.sort();
    let name = |p: &Path| p.strip_prefix(folder()).unwrap().to_str().unwrap().replace('\\', "/");
    paths.iter().map(|p| (name(p), fs::read_to_string(p).unwrap())).collect()
}

/// How often `word` stands in `text` as a word of its own.
fn uses(text: &str, word: &str) -> usize {
    text.split(|c: char| !c.is_alphanumeric() && c != '_').filter(|w| *w == word).count()
}

#[test]
fn the_list_names_every_study() {
    let list = fs::read_to_string(folder().join("README.md")).unwrap();
    for (name, _) in studies() {
        assert!(list.contains(&format!("| `{name}` |")), "scenarios/README.md does not list {name}");
    }
    let listed = list.lines().filter(|l| l.starts_with("| `")).count();
    assert_eq!(listed, studies().len(), "scenarios/README.md lists a study that is not there");
}

#[test]
fn every_parameter_says_what_it_is_and_where_it_comes_from() {
    for (name, text) in studies() {
        assert!(text.starts_with("# "), "{name} begins with a comment that says what it is about");
        let table: toml::Table = text.parse().unwrap();
        // Comments are left out, or a parameter that only a comment names would count as used.
        let code: String = text.lines().map(|l| l.split('#').next().unwrap_or("")).collect::<Vec<_>>().join("\n");
        for (parameter, entry) in table["parameters"].as_table().unwrap() {
            for key in ["about", "source"] {
                let words = entry.get(key).and_then(toml::Value::as_str).unwrap_or("");
                assert!(words.len() >= 7, "{name}: {parameter} has no {key}");
            }
            assert!(uses(&code, parameter) >= 2, "{name}: {parameter} is not used");
        }
        for expect in table.get("expect").and_then(toml::Value::as_array).unwrap_or(&Vec::new()) {
            for (key, list, names) in
                [("estimand", "estimand", &["name"][..]), ("method", "method", &["name", "method"][..])]
            {
                let Some(wanted) = expect.get(key) else { continue };
                let known = table[list].as_array().unwrap();
                let found = known.iter().any(|k| names.iter().any(|n| k.get(*n) == Some(wanted)));
                assert!(found, "{name}: an [[expect]] names the {key} {wanted}, which is not there");
            }
        }
    }
}

/// The cohort of 128, a fifth of them male, with the mean ages of table 1 of the study's working paper: of Female SP and SP/RC
/// together (32 at 14.3, 34 at 17.0), Female RC, Male SP/RC. The mean is that of a truncated normal law.
#[test]
fn the_butterfly_cohort_has_the_published_sizes_and_ages() {
    let text = fs::read_to_string(folder().join("butterfly.toml")).unwrap();
    let table: toml::Table = text.parse().unwrap();
    let both = (32.0 * 14.3 + 34.0 * 17.0) / 66.0;
    let published =
        [("Females in shelters", 72, both), ("Females in the community", 30, 24.6), ("Males in shelters", 26, 12.9)];
    let groups = table["group"].as_array().unwrap();
    assert_eq!(groups.len(), published.len());
    for (group, (name, size, mean)) in groups.iter().zip(published) {
        assert_eq!(group["name"].as_str(), Some(name));
        assert_eq!(group["size"].as_integer(), Some(size));
        let law = group["start"]["age"].as_str().unwrap();
        let argument = |key: &str| -> f64 {
            let after = law.split(&format!("{key} = ")).nth(1).unwrap();
            after.split([',', ')']).next().unwrap().trim().parse().unwrap()
        };
        let (centre, sd) = (argument("mean"), argument("sd"));
        let (a, b) = ((argument("low") - centre) / sd, (argument("high") - centre) / sd);
        let density = |x: f64| libm::exp(-x * x / 2.0) / libm::sqrt(2.0 * std::f64::consts::PI);
        let below = |x: f64| 0.5 * libm::erfc(-x / std::f64::consts::SQRT_2);
        let got = centre + sd * (density(a) - density(b)) / (below(b) - below(a));
        assert!((got - mean).abs() < 0.01, "{name}: mean age {got}, published {mean}");
    }
}

#[test]
fn every_study_is_sound() {
    for (name, _) in studies() {
        let loaded = scenario::load(&folder().join(&name), &[]);
        assert!(!loaded.problems.has_errors(), "{name}: {:?}", loaded.problems.list());
        let scenario = loaded.scenario.expect("a scenario without errors is there");
        let mut problems = Diagnostics::new();
        for condition in scenario.conditions(&mut problems) {
            assert!(scenario.prepare(&condition, &mut problems).is_some(), "{name}: {:?}", problems.list());
        }
        assert!(problems.list().is_empty(), "{name}: {:?}", problems.list());
    }
}

/// Every finding has the study's own method and at least two others, and no method is asked for all that it can answer.
#[test]
fn every_finding_has_the_study_s_own_method_and_two_others() {
    let text = fs::read_to_string(folder().join("butterfly_findings.toml")).unwrap();
    let table: toml::Table = text.parse().unwrap();
    let list = |value: &toml::Value| -> Vec<String> {
        value.as_array().unwrap().iter().map(|v| v.as_str().unwrap().to_owned()).collect()
    };
    let methods: Vec<(bool, Vec<String>)> = table["method"]
        .as_array()
        .unwrap()
        .iter()
        .map(|m| (m.get("method").is_some_and(|m| m.as_str() == Some("printed")), list(&m["estimands"])))
        .collect();
    for estimand in table["estimand"].as_array().unwrap() {
        let name = estimand["name"].as_str().unwrap();
        let asked =
            |own: bool| methods.iter().filter(|(p, names)| *p == own && names.iter().any(|n| n == name)).count();
        assert!(asked(true) >= 1, "{name}: not as the study did it");
        assert!(asked(false) >= 2, "{name}: {} other methods", asked(false));
    }
}

/// What `printed` answers for a replicate is what that study's tables say: the same studies are made and printed here by
/// themselves, in batches of another size.
#[test]
fn the_findings_are_read_from_the_tables_of_the_same_studies() {
    let scenario = scenario::load(&folder().join("butterfly_findings.toml"), &[]).scenario.unwrap();
    let mut problems = Diagnostics::new();
    let condition = scenario.conditions(&mut problems).into_iter().next().unwrap();
    let prepared = scenario.prepare(&condition, &mut problems).unwrap();
    let stop = AtomicBool::new(false);
    let watch = Watch { stop: &stop, progress: &|_| {} };
    let seed = scenario.study.seed;
    let tables = prepared.tables.clone().unwrap();
    let by_themselves: Vec<Vec<f64>> = (1..=3)
        .map(|n| printed(&prepared, seed, n, 1, &watch).unwrap().cells.split_off((n as usize - 1) * tables.cells.len()))
        .collect();
    let cells: Arc<[Cell]> = Arc::from(vec![Cell::new(condition, prepared, false)]);
    let (result, _) = run(&scenario, &cells, &RunOptions { seed, replicates: 3, threads: 2 }, &watch).unwrap();
    let shares: [(&str, &[&str], &str, f64); 4] = [
        ("text, males", &["discrimination.male"], "discrimination.male_sample", 0.0),
        ("text, ever partnered", &["partners.rc_ever"], "assessment.female_rc", 0.0),
        ("text, single", &["partners.single"], "assessment.assessed", 1.0),
        ("text, years as persons, earnings", &["community.wellbeing.earnings"], "community.wellbeing.individuals", 0.0),
    ];
    for (name, counted, of, others) in shares {
        let method = scenario.methods.iter().position(|m| m.name.text == name).unwrap();
        for (replicate, cells) in by_themselves.iter().enumerate() {
            let cell = |id: &str| cells[tables.cell(id).unwrap()];
            let wanted = (counted.iter().map(|id| cell(id)).sum::<f64>() / cell(of) - others).abs();
            let rows = result.estimates.iter();
            let mut of_it = rows.filter(|r| r.method as usize == method && r.replicate == replicate as u64);
            let got = of_it.next().unwrap().result.as_ref().unwrap().estimate;
            assert!((got - wanted).abs() < 1e-12, "{name}, study {replicate}: {got}, its tables {wanted}");
        }
    }
}
