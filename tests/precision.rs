//! `[precision]` of a scenario, and what stopping by a rule does to the results that it stops at.

use eclosion::scenario::load_text;
use eclosion::study::{Cell, Memory, RunOptions, Study, Watch, extend_until, until};
use eclosion::tables::Among;
use std::path::Path;
use std::process::{Command, Output};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

/// Twenty persons answer once; a share of 0.3 says yes. So the estimate is a binomial share: its bias is 0, and the coverage
/// of its interval is a sum over 21 cases.
const SHARE: &str = r#"
scenario = 1

[study]
title = "A share among twenty"
aims = "Its performance is known exactly."
seed = 1
replicates = 10

[time]
step = "1 year"
waves = { count = 1 }

[[group]]
name = "all"
size = 20

[state.well]
starts = 0.3
each_step = 0.3
per = "1 year"

[survey.items]
well = {}

[[estimand]]
name = "share"
quantity = "prevalence"
of = "well"
wave = 1

[[method]]
method = "complete_case"
interval = "wilson"
"#;

const N: u32 = 20;
const P: f64 = 0.3;

/// Coverage of Wilson's interval (1927), over all outcomes.
fn exact_coverage() -> f64 {
    let (n, z) = (f64::from(N), 1.959_963_984_540_054_f64);
    let mut chance = libm::pow(0.7, 20.0);
    let mut coverage = 0.0;
    for x in 0..=N {
        let share = f64::from(x) / n;
        let middle = (share + z * z / (2.0 * n)) / (1.0 + z * z / n);
        let half = z / (1.0 + z * z / n) * (share * (1.0 - share) / n + z * z / (4.0 * n * n)).sqrt();
        if (middle - P).abs() <= half {
            coverage += chance;
        }
        chance *= f64::from(N - x) / f64::from(x + 1) * P / (1.0 - P);
    }
    coverage
}

/// Value and Monte Carlo standard error of a measure.
type Measure = (f64, f64);

/// What a study said at its end.
#[derive(Clone, Copy)]
struct End {
    replicates: f64,
    coverage: Measure,
    bias: Measure,
}

fn end(study: &Study<'_>, cells: &[Cell], memory: &Memory, most: u64) -> End {
    let (mut fits, replicates) = study.fits(0, most, memory).expect("in memory");
    let measures = fits.performance(&cells[0].prepared.targets).expect("in memory");
    let of = |name: &str| {
        let row = measures.iter().find(|r| r.measure == name && r.among == Among::Own).expect("it is there");
        (row.measured.value.expect("defined"), row.measured.mcse.expect("defined"))
    };
    End { replicates: replicates as f64, coverage: of("coverage"), bias: of("bias") }
}

/// Many studies, each stopped by the rule and, with the same seed, at a fixed number of replicates.
fn studies(demand: &str, fixed: u64, seeds: std::ops::Range<u64>) -> Vec<(End, End)> {
    let scenario = load_text("share.toml", SHARE, &[]).scenario.expect("it is a scenario");
    let mut problems = eclosion::diagnostic::Diagnostics::new();
    let conditions = scenario.check_all(&mut problems).expect("it can run");
    let cells: Arc<[Cell]> = conditions.into_iter().map(|(c, p)| Cell::new(c, p, false)).collect();
    let text = eclosion::diagnostic::Text { text: demand.to_owned(), ..Default::default() };
    let until = until(&text, &mut problems).expect("it is a demand");
    let stop = AtomicBool::new(false);
    let watch = Watch { stop: &stop, progress: &|_| {} };
    let one = |seed| {
        let memory = Memory::default();
        let options = RunOptions { seed, replicates: fixed, threads: 1 };
        let mut study = Study::begin(&scenario, &cells, &options, &watch).expect("it begins");
        let ended = extend_until(&mut study, &until, 1_000_000, &memory, &watch, &mut |_| {}).expect("it runs");
        assert!(ended.conditions[0].precise);
        let by_rule = end(&study, &cells, &memory, ended.conditions[0].replicates);
        study.extend(&[fixed], &memory, &watch).expect("it runs");
        (by_rule, end(&study, &cells, &memory, fixed))
    };
    seeds.map(one).collect()
}

/// Mean and standard deviation.
fn moments(values: &[f64]) -> (f64, f64) {
    let n = values.len() as f64;
    let mean = values.iter().sum::<f64>() / n;
    (mean, (values.iter().map(|v| (v - mean) * (v - mean)).sum::<f64>() / (n - 1.0)).sqrt())
}

/// How far a measure is from what it estimates, on average, with its error; and how often its interval holds it.
struct Found {
    off: Measure,
    held: f64,
}

fn found(measures: &[Measure], truth: f64) -> Found {
    let (mean, sd) = moments(&measures.iter().map(|m| m.0).collect::<Vec<_>>());
    let held = measures.iter().filter(|(value, mcse)| (value - truth).abs() <= 1.96 * mcse).count();
    Found { off: (mean - truth, sd / (measures.len() as f64).sqrt()), held: held as f64 / measures.len() as f64 }
}

#[test]
fn the_known_coverage() {
    // x = 2, ..., 10 of 20: the outcomes whose Wilson interval holds 0.3. Their sum by another program.
    let exact = exact_coverage();
    assert!((exact - 0.975_217_923_794_540_5).abs() < 1e-12, "{exact}");
}

#[test]
fn stopping_by_the_rule_does_little_to_what_is_measured() {
    let many = 300;
    let studies = studies("mcse(coverage) <= 0.007", 555, 0..many);
    let by_rule: Vec<End> = studies.iter().map(|s| s.0).collect();
    let (mean, sd) = moments(&by_rule.iter().map(|s| s.replicates).collect::<Vec<_>>());
    // With two successes and two failures added 555 replicates give the error that is asked for.
    assert!((500.0..700.0).contains(&mean) && sd > 10.0 && sd < 250.0, "{mean} {sd}");
    let coverage = found(&by_rule.iter().map(|s| s.coverage).collect::<Vec<_>>(), exact_coverage());
    let bias = found(&by_rule.iter().map(|s| s.bias).collect::<Vec<_>>(), 0.0);
    // docs/precision.md: coverage comes out too high by a fifth of the error that was asked for, here 0.0014. Allowed is a
    // quarter, and four errors of this experiment.
    assert!(coverage.off.0.abs() <= 0.25 * 0.007 + 4.0 * coverage.off.1, "{:?}", coverage.off);
    assert!(bias.off.0.abs() <= 4.0 * bias.off.1, "{:?}", bias.off);
    let error = (0.95_f64 * 0.05 / many as f64).sqrt();
    assert!((bias.held - 0.95).abs() <= 4.0 * error, "{}", bias.held);
    // An interval of a share this near to 1 is short by itself, so that is compared with the fixed number: 0.02 less.
    let fixed = found(&studies.iter().map(|s| s.1.coverage).collect::<Vec<_>>(), exact_coverage());
    assert!((coverage.held - fixed.held).abs() <= 0.02 + 4.0 * error * 2.0_f64.sqrt(), "{}", coverage.held);
}

/// The table of docs/precision.md: `cargo test --test precision -- --ignored --nocapture`.
#[test]
#[ignore = "a minute and more: the experiment of docs/precision.md"]
fn what_stopping_by_the_rule_does() {
    for (demand, fixed, many) in [
        ("mcse(coverage) <= 0.007", 555, 4_000),
        ("mcse(coverage) <= 0.004", 1_578, 1_000),
        ("mcse(bias) <= 0.004", 657, 4_000),
        ("mcse(bias) <= 0.1 * abs(bias - 0.05)", 420, 1_000),
    ] {
        let studies = studies(demand, fixed, 0..many);
        println!("{demand}, {many} studies, seeds 0 to {}", many - 1);
        for (way, ends) in [
            ("by the rule", studies.iter().map(|s| s.0).collect::<Vec<End>>()),
            ("fixed", studies.iter().map(|s| s.1).collect::<Vec<End>>()),
        ] {
            let mut all: Vec<f64> = ends.iter().map(|s| s.replicates).collect();
            all.sort_by(f64::total_cmp);
            let (mean, sd) = moments(&all);
            println!("  {way}: replicates {mean:.1}, sd {sd:.1}, {} to {}", all[0], all[all.len() - 1]);
            for (name, measures, truth) in [
                ("coverage", ends.iter().map(|s| s.coverage).collect::<Vec<_>>(), exact_coverage()),
                ("bias", ends.iter().map(|s| s.bias).collect::<Vec<_>>(), 0.0),
            ] {
                let Found { off, held } = found(&measures, truth);
                let error = (held * (1.0 - held) / many as f64).sqrt();
                println!("    {name}: off by {:.6} ({:.6}), interval holds {held:.4} ({error:.4})", off.0, off.1);
            }
        }
    }
}

#[test]
fn what_is_known_is_not_done_again() {
    let scenario = load_text("share.toml", SHARE, &[]).scenario.expect("it is a scenario");
    let conditions = scenario.check_all(&mut eclosion::diagnostic::Diagnostics::new()).expect("it can run");
    let cells: Arc<[Cell]> = conditions.into_iter().map(|(c, p)| Cell::new(c, p, false)).collect();
    let stop = AtomicBool::new(false);
    let watch = Watch { stop: &stop, progress: &|_| {} };
    let memory = Memory::default();
    let options = RunOptions { seed: 1, replicates: 10, threads: 1 };
    let mut study = Study::begin(&scenario, &cells, &options, &watch).expect("it begins");
    assert_eq!((study.left(&[10], &memory), study.known(&memory)), (Ok(10), Ok(vec![0])));
    study.extend(&[4], &memory, &watch).expect("it runs");
    assert_eq!((study.left(&[10], &memory), study.known(&memory)), (Ok(6), Ok(vec![4])));
    assert_eq!(study.left(&[3], &memory), Ok(0));
}

fn eclosion(folder: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_eclosion"));
    command.args(arguments).current_dir(folder).output().expect("the program starts")
}

/// A folder with the scenario and this `[precision]`.
fn with(precision: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("s.toml"), format!("{SHARE}{precision}")).expect("it can be written");
    folder
}

fn json(output: &Output) -> serde_json::Value {
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).expect("JSON")
}

const ASKED: &str = "\n[precision]\nuntil = \"mcse(coverage) <= 0.012\"\nmax_replicates = 5000\nbudget = \"1 hour\"\n";

#[test]
fn the_scenario_says_how_long_it_runs() {
    let folder = with(ASKED);
    let run = |more: &[&str]| json(&eclosion(folder.path(), &[&["evaluate", "s.toml", "--json"], more].concat()));
    let by_scenario = run(&[]);
    assert_eq!(by_scenario["precision"]["until"], "mcse(coverage) <= 0.012");
    assert_eq!(by_scenario["precision"]["most"], 5000);
    assert_eq!(by_scenario["precision"]["conditions"][0]["precise"], true);
    // The same as on the command line, to the last digit.
    let plain = with("");
    let asked = ["evaluate", "s.toml", "--json", "--until", "mcse(coverage) <= 0.012", "--max-replicates", "5000"];
    let by_command = json(&eclosion(plain.path(), &asked));
    assert_eq!(by_scenario["conditions"], by_command["conditions"]);
    assert_eq!(by_scenario["precision"], by_command["precision"]);
    // The command line goes before it, part by part.
    assert_eq!(run(&["--until", "mcse(bias) <= 0.02"])["precision"]["until"], "mcse(bias) <= 0.02");
    assert_eq!(run(&["--max-replicates", "210"])["conditions"][0]["replicates"], 210);
    assert_eq!(run(&["--budget", "0 s"])["by_budget"], true);
    let fixed = run(&["--replicates", "30"]);
    assert_eq!((fixed["precision"].is_null(), &fixed["conditions"][0]["replicates"]), (true, &30.into()));
    let wrong = eclosion(plain.path(), &["evaluate", "s.toml", "--max-replicates", "5"]);
    assert_eq!(wrong.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&wrong.stderr).contains("goes with --until"));
    let check = eclosion(folder.path(), &["check", "s.toml"]);
    let text = String::from_utf8_lossy(&check.stdout).into_owned();
    assert!(
        text.contains("until mcse(coverage) <= 0.012, at most 5,000") && text.contains("ended after 1 hour"),
        "{text}"
    );
}

#[test]
fn a_demand_that_nothing_defines_ends_at_the_first_look() {
    let folder = with("");
    let asked = ["evaluate", "s.toml", "--json", "--until", "mcse(link_recall) <= 0.1", "--max-replicates", "5000"];
    let output = eclosion(folder.path(), &asked);
    let found = json(&output);
    assert_eq!(found["conditions"][0]["replicates"], 200, "{found:#}");
    let condition = &found["precision"]["conditions"][0];
    assert_eq!((&condition["precise"], &condition["needed"]), (&false.into(), &serde_json::Value::Null));
    let plan = String::from_utf8_lossy(&output.stderr);
    assert!(plan.contains("unknown, since 200 replicates define no measure") && !plan.contains("will do"), "{plan}");
}

#[test]
fn what_is_wrong_with_it_is_told_at_its_line() {
    for (precision, says) in [
        ("until = \"mcse(covrage) <= 0.01\"", &["R0042", "s.toml:", "did you mean `coverage`?"][..]),
        ("until = \"bias < 0.1\"", &["R0045"]),
        ("until = \"mcse(bias) <=\"", &["S0201"]),
        ("until = 3", &["S0102"]),
        ("max_replicates = 10", &["S0103", "`until`"]),
        ("budget = \"1 hour\"\nmax_replicates = 10", &["S0103", "`until`"]),
        ("", &["S0103", "`until`"]),
        ("until = \"mcse(bias) <= 1\"\nmax_replicates = 0", &["S0109"]),
        ("until = \"mcse(bias) <= 1\"\nbudget = \"3 fortnights\"", &["R0046", "10 minutes"]),
        ("until = \"mcse(bias) <= 1\"\nbudget = 5", &["R0046"]),
        ("untill = \"mcse(bias) <= 1\"", &["S0101", "did you mean `until`?"]),
    ] {
        let folder = with(&format!("\n[precision]\n{precision}\n"));
        let output = eclosion(folder.path(), &["check", "s.toml"]);
        let err = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(1), "{precision}: {err}");
        for part in says {
            assert!(err.contains(part), "{precision}: {part} is not in {err}");
        }
    }
    // The place is within the formula.
    let folder = with("\n[precision]\nuntil = \"mcse(bias) <= 1 and mcse(covrage) <= 0.01\"\n");
    let err = String::from_utf8_lossy(&eclosion(folder.path(), &["check", "s.toml"]).stderr).into_owned();
    let line = SHARE.lines().count() + 3;
    assert!(err.contains(&format!("s.toml:{line}:30")) || err.contains(&format!("s.toml:{line}:35")), "{err}");
    let budget = with("\n[precision]\nbudget = \"1 hour\"\n");
    assert_eq!(eclosion(budget.path(), &["check", "s.toml"]).status.code(), Some(0));
    let varied =
        with("\n[precision]\nbudget = \"1 hour\"\n[[vary]]\nkey = \"precision.budget\"\nvalues = [\"1 s\", \"2 s\"]\n");
    let err = String::from_utf8_lossy(&eclosion(varied.path(), &["check", "s.toml"]).stderr).into_owned();
    assert!(err.contains("S0712") && err.contains("how long a study runs"), "{err}");
    let sise = with("\n[[vary]]\nkey = \"group.sise\"\nvalues = [10, 20]\n");
    let err = String::from_utf8_lossy(&eclosion(sise.path(), &["check", "s.toml"]).stderr).into_owned();
    assert!(err.contains("S0711") && err.contains("did you mean `group.size`?"), "{err}");
}

#[cfg(feature = "columnar")]
#[test]
fn a_store_goes_on_when_it_changes() {
    let folder = with(ASKED);
    let run = |more: &[&str]| {
        let arguments = ["evaluate", "s.toml", "--json", "--store", "results", "--resume"];
        json(&eclosion(folder.path(), &[&arguments[..], more].concat()))
    };
    let first = run(&[]);
    std::fs::write(folder.path().join("s.toml"), format!("{SHARE}{}", ASKED.replace("0.012", "0.011")))
        .expect("written");
    let second = run(&[]);
    let replicates = |result: &serde_json::Value| result["conditions"][0]["replicates"].as_u64().expect("a number");
    assert!(replicates(&second) > replicates(&first));
    std::fs::write(folder.path().join("s.toml"), SHARE).expect("written");
    assert_eq!(replicates(&run(&[])), replicates(&second), "a store keeps what it has");
}
