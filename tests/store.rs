//! A store of results survives whatever ends the program: killed, resumed, extended, shared, damaged.

#![cfg(feature = "columnar")]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::time::Duration;

const SCENARIO: &str = "scenarios/panel_with_dropout.toml";

fn eclosion() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_eclosion"));
    command.current_dir(env!("CARGO_MANIFEST_DIR")).stdin(Stdio::null());
    command
}

fn evaluate(scenario: &str, store: &Path, more: &[&str]) -> Command {
    let mut command = eclosion();
    command.args(["evaluate", scenario, "--json", "--store"]).arg(store).args(more);
    command
}

fn finished(mut command: Command) -> Output {
    let output = command.output().expect("it starts");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    output
}

/// All files of a folder with their bytes, but for the lock, which is always empty.
fn bytes(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut found = BTreeMap::new();
    let mut folders = vec![folder.to_path_buf()];
    while let Some(next) = folders.pop() {
        for entry in std::fs::read_dir(&next).expect("a folder").flatten() {
            if entry.path().is_dir() {
                folders.push(entry.path());
            } else {
                let name = entry.path().strip_prefix(folder).expect("it is below").to_path_buf();
                found.insert(name, std::fs::read(entry.path()).expect("a file"));
            }
        }
    }
    assert!(found.remove(Path::new("lock")).is_some_and(|b| b.is_empty()));
    found
}

fn same(a: &Path, b: &Path) {
    let (a, b) = (bytes(a), bytes(b));
    assert_eq!(a.keys().collect::<Vec<_>>(), b.keys().collect::<Vec<_>>());
    for (name, bytes) in &a {
        assert!(*bytes == b[name], "{}", name.display());
    }
}

fn folder() -> tempfile::TempDir {
    tempfile::tempdir().expect("a folder")
}

#[test]
fn killed_fifty_times_and_resumed_it_holds_the_same_bytes() {
    let folder = folder();
    let arguments = ["--replicates", "1500", "--block", "50", "--resume"];
    let (whole, cut) = (folder.path().join("whole"), folder.path().join("cut"));
    let started = std::time::Instant::now();
    let wanted = finished(evaluate(SCENARIO, &whole, &arguments)).stdout;
    let usual = started.elapsed().as_micros() as u64;
    // Moments from a simple recurrence: they need not be good, only spread over the run.
    let (mut moment, mut kills) = (20_101_u64, 0);
    while kills < 50 {
        moment = moment.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let mut running = evaluate(SCENARIO, &cut, &arguments);
        let mut child = running.stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("it starts");
        std::thread::sleep(Duration::from_micros(usual / 10 + (moment >> 33) % (usual / 2)));
        let ended = child.try_wait().expect("it can be asked").is_some();
        child.kill().expect("it can be killed");
        child.wait().expect("it ends");
        if ended {
            // Done before it could be killed: it begins anew.
            same(&whole, &cut);
            std::fs::remove_dir_all(&cut).expect("it can be removed");
        } else {
            kills += 1;
        }
    }
    let found = finished(evaluate(SCENARIO, &cut, &arguments)).stdout;
    assert!(found == wanted);
    same(&whole, &cut);
}

#[test]
fn results_are_the_same_at_any_number_of_threads_and_any_size_of_blocks() {
    let folder = folder();
    let mut seen: Option<Vec<u8>> = None;
    let in_memory = eclosion().args(["evaluate", SCENARIO, "--json", "--replicates", "300"]).output().unwrap().stdout;
    for (threads, block) in [("1", "7"), ("2", "64"), ("8", "64"), ("2", "1000")] {
        let store = folder.path().join(format!("{threads}-{block}"));
        let out = folder.path().join(format!("out-{threads}-{block}"));
        let mut command = evaluate(SCENARIO, &store, &["--replicates", "300", "--threads", threads, "--block", block]);
        command.args(["--format", "csv", "--out"]).arg(&out);
        assert!(finished(command).stdout == in_memory);
        let estimates = std::fs::read(out.join("estimates.csv")).expect("a table");
        assert!(seen.get_or_insert_with(|| estimates.clone()) == &estimates);
    }
    same(&folder.path().join("2-64"), &folder.path().join("8-64"));
}

/// Numbers of blocks by method sets and replicates.
fn blocks(store: &Path) -> Vec<String> {
    let files = bytes(store).into_keys().filter(|path| path.extension().is_some_and(|e| e == "parquet"));
    files.map(|path| path.strip_prefix("blocks").expect("a block").display().to_string()).collect()
}

#[test]
fn more_replicates_methods_and_conditions_do_only_what_is_missing() {
    let folder = folder();
    let text = std::fs::read_to_string(SCENARIO).expect("a scenario");
    let text = text[..text.find("[[expect]]").expect("a demand")].to_owned();
    let file = folder.path().join("study.toml");
    let file = file.to_str().expect("a path");
    let store = folder.path().join("store");
    let step = |text: &str, replicates: &str| {
        std::fs::write(file, text).expect("it can be written");
        let arguments = ["--replicates", replicates, "--block", "40", "--resume"];
        let before = if store.exists() { bytes(&store) } else { BTreeMap::new() };
        let found = finished(evaluate(file, &store, &arguments)).stdout;
        let direct = eclosion().args(["evaluate", file, "--json", "--replicates", replicates]).output().unwrap().stdout;
        assert!(found == direct);
        let after = bytes(&store);
        for (name, bytes) in before.iter().filter(|(name, _)| name.starts_with("blocks")) {
            assert!(after[name] == *bytes, "{}", name.display());
        }
        blocks(&store)
    };
    let one_condition = text.replace("values = [\"true\", \"recorded\"]", "values = [\"recorded\"]");
    let without = one_condition.replace(
        "[[method]]\nmethod = \"logistic\"",
        "[[method]]\nmethod = \"logistic\"\nestimands = [\"slope over groups at wave 5\"]",
    );
    let fewer = {
        let (from, to) = (
            without.find("[[method]]\nmethod = \"ipw\"").unwrap(),
            without.find("[[method]]\nmethod = \"logistic\"").unwrap(),
        );
        format!("{}{}", &without[..from], &without[to..])
    };
    let block =
        |condition: u32, first: u32, end: u32, set: u32| format!("{condition:06}/{first:010}-{end:010}-{set}.parquet");
    let mut wanted = vec![block(1, 0, 40, 0), block(1, 40, 60, 0)];
    assert_eq!(step(&fewer, "60"), wanted);
    // More replicates.
    wanted.push(block(1, 60, 80, 0));
    wanted.push(block(1, 80, 100, 0));
    assert_eq!(step(&fewer, "100"), wanted);
    // Another method.
    wanted.extend([block(1, 0, 40, 1), block(1, 40, 80, 1), block(1, 80, 100, 1)]);
    wanted.sort();
    assert_eq!(step(&without, "100"), wanted);
    // Another condition, which comes first in the scenario.
    let all = one_condition.replace("values = [\"recorded\"]", "values = [\"true\", \"recorded\"]");
    wanted.extend([block(2, 0, 40, 2), block(2, 40, 80, 2), block(2, 80, 100, 2)]);
    assert_eq!(step(&all, "100"), wanted);
    // Nothing.
    assert_eq!(step(&all, "100"), wanted);
}

fn refused(command: &mut Command) -> String {
    let output = command.output().expect("it starts");
    assert_eq!(output.status.code(), Some(1));
    String::from_utf8(output.stderr).expect("text")
}

#[test]
fn a_store_of_another_study_is_refused_with_what_differs() {
    let folder = folder();
    let store = folder.path().join("store");
    finished(evaluate(SCENARIO, &store, &["--replicates", "20"]));
    let before = bytes(&store);
    let again = refused(&mut evaluate(SCENARIO, &store, &["--replicates", "20"]));
    assert!(again.contains("R0070") && again.contains("--resume"), "{again}");
    let seed = refused(&mut evaluate(SCENARIO, &store, &["--resume", "--seed", "7"]));
    assert!(seed.contains("R0071") && seed.contains("seed 20101 there, 7 here"), "{seed}");
    let set = refused(&mut evaluate(SCENARIO, &store, &["--resume", "--set", "pull=2"]));
    assert!(set.contains("[--set pull] is here only"), "{set}");
    let own = refused(&mut evaluate(SCENARIO, &store, &["--resume", "--independent"]));
    assert!(own.contains("conditions share their draws there, have draws of their own here"), "{own}");
    let text = std::fs::read_to_string(SCENARIO).expect("a scenario");
    let file = folder.path().join("study.toml");
    let other = |from: &str, to: &str| {
        assert!(text.contains(from));
        std::fs::write(&file, text.replace(from, to)).expect("it can be written");
        refused(&mut evaluate(file.to_str().expect("a path"), &store, &["--resume"]))
    };
    let method = other("interval = \"wilson\"", "interval = \"wald\"");
    assert!(
        method.contains("[method complete_case] has `interval = \"wilson\"` there, `interval = \"wald\"` here"),
        "{method}"
    );
    let group = other("size = 34\nstart = { g = 1, y = 0.4 }", "size = 35\nstart = { g = 1, y = 0.4 }");
    assert!(group.contains("[group second] has `size = 34` there, `size = 35` here"), "{group}");
    // Comments, spaces, titles, demands, the number of replicates and the time of a fit are no difference.
    std::fs::write(
        &file,
        text.replace("replicates = 2000", "replicates   =  20 # few\ntime_limit = '5 minutes'")
            .replace("wrong   = { value = 0.1,", "wrong   = { value = 1e-1,")
            .replace("title = \"Can", "title = \"How can"),
    )
    .expect("it can be written");
    finished(evaluate(file.to_str().expect("a path"), &store, &["--resume"]));
    assert_eq!(before.len(), bytes(&store).len());
    let other = folder.path().join("other");
    std::fs::create_dir(&other).expect("a folder");
    std::fs::write(other.join("thesis.txt"), "years of work").expect("it can be written");
    let taken = refused(&mut evaluate(SCENARIO, &other, &["--resume", "--replicates", "20"]));
    assert!(taken.contains("R0070") && taken.contains("thesis.txt"), "{taken}");
    assert_eq!(std::fs::read_dir(&other).expect("a folder").count(), 1, "not even a lock is left");
}

#[test]
fn what_is_damaged_is_made_again() {
    let folder = folder();
    let store = folder.path().join("store");
    let arguments = ["--replicates", "200", "--block", "50", "--resume"];
    let wanted = finished(evaluate(SCENARIO, &store, &arguments)).stdout;
    let before = bytes(&store);
    let file = |k: usize| store.join("blocks").join(&blocks(&store)[k]);
    let mut torn = std::fs::read(file(0)).expect("a block");
    std::fs::write(file(0), &torn[..torn.len() / 2]).expect("it can be written");
    std::fs::remove_file(file(3)).expect("it can be removed");
    torn = std::fs::read(file(4)).expect("a block");
    let middle = torn.len() / 3;
    torn[middle] ^= 1;
    std::fs::write(file(4), &torn).expect("it can be written");
    std::fs::write(store.join("blocks/000001/left.part"), "half").expect("it can be written");
    assert!(finished(evaluate(SCENARIO, &store, &arguments)).stdout == wanted);
    assert_eq!(bytes(&store), before);
    std::fs::write(store.join("manifest.json"), "{").expect("it can be written");
    let refused = refused(&mut evaluate(SCENARIO, &store, &arguments));
    assert!(refused.contains("R0073") && refused.contains("manifest.json"), "{refused}");
}

#[test]
fn a_store_that_has_more_than_is_asked_for_says_so() {
    let folder = folder();
    let store = folder.path().join("store");
    finished(evaluate(SCENARIO, &store, &["--replicates", "60"]));
    let mut fewer = eclosion();
    fewer.args(["evaluate", SCENARIO, "--replicates", "20", "--resume", "--store"]).arg(&store);
    let text = String::from_utf8(finished(fewer).stdout).expect("UTF-8");
    assert!(text.contains("of up to 60 replicates, which the store has") && text.contains(", 60 replicates"), "{text}");
}

#[test]
fn two_processes_do_not_write_to_one_store() {
    let folder = folder();
    let store = folder.path().join("store");
    let arguments = ["--replicates", "4000", "--block", "50", "--resume"];
    // To a file: a pipe that nobody reads would fill up.
    let told = folder.path().join("told.json");
    let out = std::fs::File::create(&told).expect("a file");
    let mut first = evaluate(SCENARIO, &store, &arguments).stdout(out).spawn().expect("it starts");
    let mut refusals = 0;
    while first.try_wait().expect("it can be asked").is_none() {
        if !store.join("manifest.json").exists() {
            continue;
        }
        let second = evaluate(SCENARIO, &store, &arguments).output().expect("it starts");
        let told = String::from_utf8_lossy(&second.stderr).into_owned();
        match second.status.code() {
            // The first one has ended by now.
            Some(0) => {}
            _ => {
                assert!(told.contains("R0072"), "{told}");
                refusals += 1;
            }
        }
    }
    assert!(first.wait().expect("it ends").success() && refusals > 0, "{refusals}");
    let direct = eclosion().args(["evaluate", SCENARIO, "--json", "--replicates", "4000"]).output().unwrap();
    assert!(direct.stdout == std::fs::read(&told).expect("a file"));
}

#[cfg(unix)]
#[test]
fn a_folder_that_cannot_be_written_is_said_before_the_run() {
    use std::os::unix::fs::PermissionsExt;
    let folder = folder();
    let store = folder.path().join("store");
    finished(evaluate(SCENARIO, &store, &["--replicates", "20"]));
    for path in [store.join("blocks"), store.clone()] {
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o555)).expect("it can be set");
    }
    let before = bytes(&store);
    // A user who may do anything writes all the same.
    if std::fs::write(store.join("probe"), "").is_ok() {
        let _ = std::fs::remove_file(store.join("probe"));
    } else {
        let told = refused(&mut evaluate(SCENARIO, &store, &["--replicates", "40", "--resume"]));
        assert!(told.contains("R0021"), "{told}");
        assert_eq!(bytes(&store), before);
    }
    for path in [store.join("blocks"), store] {
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o755)).expect("it can be set");
    }
}

/// Runs the program with files of at most so many blocks of 512 bytes: writing beyond fails, as on a disk that is full.
#[cfg(unix)]
fn with_little_room(blocks: u32, command: &Command) -> Output {
    let mut limited = Command::new("sh");
    limited.args(["-c", &format!("trap '' XFSZ; ulimit -f {blocks}; exec \"$0\" \"$@\"")]);
    limited.arg(command.get_program()).args(command.get_args());
    limited.current_dir(env!("CARGO_MANIFEST_DIR")).stdin(Stdio::null()).output().expect("a shell")
}

#[cfg(unix)]
#[test]
fn a_disk_that_is_full_loses_nothing_that_was_done() {
    let folder = folder();
    let (whole, cut) = (folder.path().join("whole"), folder.path().join("cut"));
    let arguments = ["--replicates", "900", "--block", "5", "--resume"];
    finished(evaluate(SCENARIO, &whole, &["--replicates", "5", "--block", "5"]));
    let manifest = std::fs::metadata(whole.join("manifest.json")).expect("a manifest").len().div_ceil(512) as u32;
    let wanted = finished(evaluate(SCENARIO, &whole, &arguments)).stdout;
    // Room for the manifest and each of the 360 blocks, but not for the log of them; then not for the manifest either.
    for blocks in [manifest + 4, manifest + 4, manifest - 4] {
        let output = with_little_room(blocks, &evaluate(SCENARIO, &cut, &arguments));
        let told = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(1), "{told}");
        assert!(told.contains("R0021") && told.contains("cannot write"), "{told}");
        assert!(blocks < manifest || std::fs::read_dir(cut.join("blocks")).is_ok_and(|mut b| b.next().is_some()));
    }
    let found = finished(evaluate(SCENARIO, &cut, &arguments)).stdout;
    assert!(found == wanted);
    same(&whole, &cut);
}

#[test]
fn a_replicate_made_again_is_the_one_in_the_store() {
    let folder = folder();
    let (store, out) = (folder.path().join("store"), folder.path().join("out"));
    finished(evaluate(SCENARIO, &store, &["--replicates", "60", "--set", "pull=0.9"]));
    let replay = |more: &[&str]| {
        let mut command = eclosion();
        command.arg("replay").arg(&store).args(more);
        command
    };
    let arguments = ["--replicate", "41", "--condition", "2", "--json", "--format", "csv", "--out"];
    let mut command = replay(&arguments);
    command.arg(&out);
    let fits: serde_json::Value = serde_json::from_slice(&finished(command).stdout).expect("JSON");
    let fits = fits.as_array().expect("a list");
    assert_eq!(fits.len(), 6);
    assert!(fits.iter().all(|fit| fit["as_stored"] == true && fit["replicate"] == 41 && fit["condition"] == 2));
    // The same data set by another way: every person of it is in the simulated cohorts.
    let simulated = folder.path().join("simulated");
    let settings = ["simulate", SCENARIO, "--set", "pull=0.9", "--set", "layer=recorded", "--replicates", "42"];
    let mut command = eclosion();
    command.args(settings).args(["--format", "csv", "--out"]).arg(&simulated);
    finished(command);
    for table in ["observed.csv", "truth.csv"] {
        let lines = |folder: &Path| std::fs::read_to_string(folder.join(table)).expect("a table");
        let (one, all) = (lines(&out), lines(&simulated));
        let of_it: Vec<&str> = all.lines().filter(|line| line.starts_with("41,")).collect();
        assert_eq!(one.lines().skip(1).collect::<Vec<_>>(), of_it, "{table}");
        assert!(of_it.len() > 100);
    }
    let text = String::from_utf8(finished(replay(&["--replicate", "0"])).stdout).expect("text");
    assert!(text.contains("replicate 0, condition 1: layer = true") && text.contains("the same"), "{text}");
    // Beyond what is stored it can be made, and is compared with nothing.
    let text = String::from_utf8(finished(replay(&["--replicate", "60"])).stdout).expect("text");
    assert!(text.contains("not yet") && !text.contains("DIFFERS"), "{text}");
    assert!(refused(&mut replay(&["--replicate", "0", "--condition", "3"])).contains("R0075"));
    assert!(refused(eclosion().args(["replay", "scenarios", "--replicate", "0"])).contains("R0073"));
}
