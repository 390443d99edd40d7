//! What is done, in a folder: the pilot and each whole generation as a file of its own, and what they belong to.
//!
//! Files are written under other names and renamed, so a file with its name is whole. Numbers are written with as many
//! digits as tell them apart, so what is read is what was written, bit for bit.

use super::attempt::Attempt;
use crate::statistics::abc::{Generation, Particle};
use crate::tables::RunProblem;
use crate::tables::check::{CheckedFit, CheckedValue};
use serde_json::{Map, Value, json};
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use tempfile::NamedTempFile;

const MANIFEST: &str = "calibration.json";
const PILOT: &str = "pilot.csv";

/// What a fit belongs to: names and texts that must be the same where it goes on.
pub type Key = Vec<(String, String)>;

/// The folder of a fit; without one nothing is kept.
#[derive(Debug, Default)]
pub struct Kept {
    folder: Option<PathBuf>,
}

impl Kept {
    /// Nothing is kept.
    #[must_use]
    pub fn nowhere() -> Self {
        Self::default()
    }

    /// A folder for what is done. With `resume` it goes on where it ended; otherwise it must be empty or not there, unless
    /// `force` is set: what a fit has left in it is then taken away.
    ///
    /// # Errors
    /// R0020: the folder has something in it. R0085: it holds another fit, or none. R0021: it cannot be written to.
    pub fn open(folder: &Path, key: &Key, resume: bool, force: bool) -> Result<Self, RunProblem> {
        let there = fs::read_dir(folder).is_ok_and(|mut entries| entries.next().is_some());
        let manifest = folder.join(MANIFEST);
        let own = Self { folder: Some(folder.to_path_buf()) };
        match (there, resume) {
            (true, true) => {
                own.belongs(&manifest, key)?;
                return Ok(own);
            }
            (true, false) if !force => {
                let message = format!(
                    "the folder `{}` is not empty; --resume goes on with a fit, --force begins anew",
                    folder.display()
                );
                return Err(problem("R0020", message));
            }
            (true, false) => own.clear()?,
            (false, _) => fs::create_dir_all(folder).map_err(|e| cannot_write(folder, &e))?,
        }
        let key: Map<String, Value> = key.iter().map(|(name, text)| (name.clone(), json!(text))).collect();
        own.write(MANIFEST, &format!("{:#}\n", Value::Object(key)))?;
        Ok(own)
    }

    fn belongs(&self, manifest: &Path, key: &Key) -> Result<(), RunProblem> {
        let read = fs::read_to_string(manifest).ok().and_then(|text| serde_json::from_str::<Value>(&text).ok());
        let Some(Value::Object(known)) = read else {
            return Err(problem("R0085", format!("`{}` holds no fit that could go on", manifest.display())));
        };
        let differs = key.iter().find(|(name, text)| known.get(name).and_then(Value::as_str) != Some(text));
        match differs {
            None => Ok(()),
            Some((name, text)) => {
                let was = known.get(name).and_then(Value::as_str).unwrap_or("nothing");
                let message = format!("the fit in `{}` has another {name}: {was}, and now {text}", manifest.display());
                Err(problem("R0085", message))
            }
        }
    }

    /// Takes away the files of an earlier fit.
    fn clear(&self) -> Result<(), RunProblem> {
        let Some(folder) = &self.folder else { return Ok(()) };
        let entries = fs::read_dir(folder).map_err(|e| cannot_write(folder, &e))?;
        for entry in entries.flatten() {
            let name = entry.file_name();
            let is_own = name.to_str().is_some_and(|name| {
                let numbered = name.starts_with("generation_") || name.starts_with("check_");
                name == PILOT || name == MANIFEST || (numbered && name.ends_with(".csv"))
            });
            if is_own {
                fs::remove_file(entry.path()).map_err(|e| cannot_write(&entry.path(), &e))?;
            }
        }
        Ok(())
    }

    fn write(&self, name: &str, text: &str) -> Result<(), RunProblem> {
        let Some(folder) = &self.folder else { return Ok(()) };
        let path = folder.join(name);
        let written = NamedTempFile::new_in(folder).and_then(|mut file| {
            file.write_all(text.as_bytes())?;
            file.as_file().sync_all()?;
            file.persist(&path).map_err(|e| e.error)
        });
        written.map(|_| ()).map_err(|e| cannot_write(&path, &e))
    }

    fn read(&self, name: &str) -> Result<Option<String>, RunProblem> {
        let Some(folder) = &self.folder else { return Ok(None) };
        let path = folder.join(name);
        match fs::read_to_string(&path) {
            Ok(text) => Ok(Some(text)),
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => Ok(None),
            Err(e) => Err(problem("R0051", format!("cannot read `{}`: {e}", path.display()))),
        }
    }

    /// Keeps the pilot: a line for each draw, `z` before a `|`, then the cells, or `!` and the reason.
    pub(super) fn keep_pilot(&self, pilot: &[Attempt]) -> Result<(), RunProblem> {
        let line = |attempt: &Attempt| match &attempt.cells {
            Ok(cells) => format!("{}|{}\n", numbers(&attempt.z), numbers(cells)),
            Err(why) => format!("{}|!{}\n", numbers(&attempt.z), why.replace('\n', " ")),
        };
        let text: String = pilot.iter().map(line).collect();
        self.write(PILOT, &text)
    }

    /// The pilot, if it is there.
    pub(super) fn pilot(&self) -> Result<Option<Vec<Attempt>>, RunProblem> {
        let Some(text) = self.read(PILOT)? else { return Ok(None) };
        let attempt = |line: &str| {
            let (z, cells) = line.split_once('|')?;
            let cells = match cells.strip_prefix('!') {
                Some(why) => Err(why.to_owned()),
                None => Ok(parsed(cells)?),
            };
            Some(Attempt { z: parsed(z)?, cells })
        };
        text.lines().map(attempt).collect::<Option<Vec<_>>>().map(Some).ok_or_else(|| torn(PILOT))
    }

    /// Keeps a whole generation: a first line with its tolerance, attempts, sweeps, accepted moves and scale, then a line
    /// for each particle.
    pub(super) fn keep_generation(&self, generation: &Generation) -> Result<(), RunProblem> {
        let Generation { tolerance, attempts, sweeps, accepted, scale, .. } = generation;
        let mut text = format!("{tolerance},{attempts},{sweeps},{accepted},{scale}\n");
        for particle in &generation.particles {
            let (z, projected) = (numbers(&particle.z), numbers(&particle.projected));
            text.push_str(&format!("{}|{z}|{projected}\n", particle.distance));
        }
        self.write(&generation_name(generation.number), &text)
    }

    /// The generations that are there without a gap.
    pub(super) fn generations(&self, parameters: usize) -> Result<Vec<Generation>, RunProblem> {
        let mut all = Vec::new();
        while let Some(text) = self.read(&generation_name(all.len() as u32 + 1))? {
            let number = all.len() as u32 + 1;
            let read = generation(number, &text, parameters).ok_or_else(|| torn(&generation_name(number)))?;
            all.push(read);
        }
        Ok(all)
    }
}

impl Kept {
    /// Keeps a fit to known parameters: what it is, then a line for each parameter; or `!` and the reason, then true values.
    pub(super) fn keep_check(&self, fit: &CheckedFit) -> Result<(), RunProblem> {
        let CheckedFit { generation, tolerance, effective, studies, .. } = fit;
        let mut text = match fit.failed.is_empty() {
            true => format!("{generation},{tolerance},{effective},{studies}\n"),
            false => format!("!{}\n", fit.failed.replace('\n', " ")),
        };
        for (j, truth) in fit.truth.iter().enumerate() {
            text.push_str(&truth.to_string());
            if let Some(value) = fit.values.get(j) {
                let CheckedValue { rank, mean, sd, half, most } = value;
                text.push_str(&format!("|{rank}|{}", numbers(&[*mean, *sd, half[0], half[1], most[0], most[1]])));
            }
            text.push('\n');
        }
        self.write(&check_name(fit.number), &text)
    }

    /// A fit to known parameters, if it is there.
    pub(super) fn check(&self, number: u64, parameters: usize) -> Result<Option<CheckedFit>, RunProblem> {
        let name = check_name(number);
        let Some(text) = self.read(&name)? else { return Ok(None) };
        checked(number, &text, parameters).map(Some).ok_or_else(|| torn(&name))
    }
}

fn check_name(number: u64) -> String {
    format!("check_{number:04}.csv")
}

fn checked(number: u64, text: &str, parameters: usize) -> Option<CheckedFit> {
    let mut lines = text.lines();
    let head = lines.next()?;
    let mut fit = CheckedFit { number, ..CheckedFit::default() };
    if let Some(why) = head.strip_prefix('!') {
        fit.failed = why.to_owned();
        fit.truth = lines.map(|line| line.parse().ok()).collect::<Option<_>>()?;
        return (fit.truth.len() == parameters).then_some(fit);
    }
    let head: Vec<&str> = head.split(',').collect();
    let [generation, tolerance, effective, studies] = head[..] else { return None };
    fit.generation = generation.parse().ok()?;
    (fit.tolerance, fit.effective) = (tolerance.parse().ok()?, effective.parse().ok()?);
    fit.studies = studies.parse().ok()?;
    for line in lines {
        let parts: Vec<&str> = line.split('|').collect();
        let [truth, rank, rest] = parts[..] else { return None };
        let [mean, sd, low, high, lowest, highest] = parsed(rest)?[..] else { return None };
        fit.truth.push(truth.parse().ok()?);
        let (half, most) = ([low, high], [lowest, highest]);
        fit.values.push(CheckedValue { rank: rank.parse().ok()?, mean, sd, half, most });
    }
    (fit.truth.len() == parameters).then_some(fit)
}

fn generation_name(number: u32) -> String {
    format!("generation_{number:03}.csv")
}

fn generation(number: u32, text: &str, parameters: usize) -> Option<Generation> {
    let mut lines = text.lines();
    let head: Vec<&str> = lines.next()?.split(',').collect();
    let [tolerance, attempts, sweeps, accepted, scale] = head[..] else { return None };
    let particle = |line: &str| {
        let mut parts = line.split('|');
        let distance = parts.next()?.parse().ok()?;
        let (z, projected) = (parsed(parts.next()?)?, parsed(parts.next()?)?);
        (z.len() == parameters).then_some(Particle { z, projected, distance })
    };
    let particles: Vec<Particle> = lines.map(particle).collect::<Option<_>>()?;
    let (tolerance, attempts) = (tolerance.parse().ok()?, attempts.parse().ok()?);
    let (sweeps, accepted, scale) = (sweeps.parse().ok()?, accepted.parse().ok()?, scale.parse().ok()?);
    let whole = !particles.is_empty();
    whole.then_some(Generation { number, tolerance, particles, attempts, sweeps, accepted, scale })
}

fn numbers(values: &[f64]) -> String {
    let list: Vec<String> = values.iter().map(f64::to_string).collect();
    list.join(",")
}

fn parsed(text: &str) -> Option<Vec<f64>> {
    text.split(',').map(|number| number.parse().ok()).collect()
}

fn torn(name: &str) -> RunProblem {
    problem("R0085", format!("`{name}` was changed since it was written; --force begins anew"))
}

fn problem(code: &'static str, message: String) -> RunProblem {
    RunProblem { code, message, span: None }
}

fn cannot_write(path: &Path, why: &std::io::Error) -> RunProblem {
    problem("R0021", format!("cannot write `{}`: {why}", path.display()))
}
