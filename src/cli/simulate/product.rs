//! `eclosion simulate --release`: a data set that a team can put into a repository.

use super::{Arguments, codes_of, stamp};
use crate::cli::interrupt;
use crate::release::dirty::Preset;
use crate::release::{About, Assumed, Declaration, Delivery, Folder, Product, Setup, Stamp, record_codes};
use crate::scenario::{Condition, Prepared, Scenario};
use crate::streams::{Space, Streams};
use crate::study::{PartScratch, each_part};
use crate::tables::RunProblem;
use std::ops::ControlFlow;
use std::path::Path;
use std::sync::atomic::Ordering;

/// Folders of a release in which a file of an earlier run would be taken for one of this run.
const OWN_FOLDERS: [&str; 4] = ["data", "codebook", "syntax", "truth"];

/// Writes the release; returns the number of replicates that were done.
pub(super) fn write(
    arguments: &Arguments,
    scenario: &Scenario,
    condition: &Condition,
    prepared: &Prepared,
) -> Result<u64, RunProblem> {
    let declaration = declaration(arguments, &scenario.release);
    let stamp = stamp(arguments, scenario);
    let format = declaration.formats.first().copied().unwrap_or(crate::release::Format::Csv);
    let mut folder = Folder::open(arguments.destination.folder(), format, arguments.force, stamp.clone())?;
    let setup = Setup {
        declaration: &declaration,
        truth: prepared.truth.schema(),
        schema: prepared.survey.schema(),
        several: arguments.replicates > 1,
        with_truth: arguments.with_truth,
    };
    let mut product = Product::open(&mut folder, &setup)?;
    let done = add_replicates(arguments, prepared, &stamp, &mut folder, &mut product)?;
    if done < arguments.replicates {
        return Ok(done);
    }
    let about = about(arguments, scenario, condition, prepared, &stamp, declaration.dirty);
    product.close(&mut folder, &about)?;
    if let Some(file) = folder.leftover(&OWN_FOLDERS) {
        let message = format!("`{}` is of an earlier run, and this one does not replace it", file.display());
        return Err(RunProblem { code: "R0020", message: format!("{message}: remove it first"), span: None });
    }
    folder.commit_without_codebook()?;
    Ok(done)
}

/// What the scenario declares, with what the command line puts in its place.
fn declaration(arguments: &Arguments, declared: &Declaration) -> Declaration {
    let mut declaration = declared.clone();
    if !arguments.format.is_empty() {
        declaration.formats.clear();
        for format in &arguments.format {
            if !declaration.formats.contains(format) {
                declaration.formats.push(*format);
            }
        }
    }
    if let Some(preset) = &arguments.dirty {
        declaration.dirty = Preset::named(preset);
    }
    declaration
}

fn add_replicates(
    arguments: &Arguments,
    prepared: &Prepared,
    stamp: &Stamp,
    folder: &mut Folder,
    product: &mut Product<'_>,
) -> Result<u64, RunProblem> {
    let streams = Streams::new(stamp.seed, Space::Study);
    let stop = interrupt::stop_flag();
    let mut scratch = PartScratch::default();
    for replicate in 0..arguments.replicates {
        let codes = record_codes(&streams, replicate, prepared.truth.schema().persons);
        let done = each_part(prepared, &streams, replicate, &mut scratch, &mut |part| {
            if stop.load(Ordering::Relaxed) {
                return Ok(ControlFlow::Break(()));
            }
            let codes = codes_of(&part, &codes, &streams);
            let delivery = Delivery {
                batch: &part.observed,
                audit: &part.audit,
                truth: &part.truth,
                codes: &codes,
                first_person: part.persons.start,
                streams: &streams,
            };
            product.add(folder, &delivery)?;
            Ok(ControlFlow::Continue(()))
        })?;
        if !done {
            return Ok(replicate);
        }
    }
    Ok(arguments.replicates)
}

fn about<'a>(
    arguments: &Arguments,
    scenario: &'a Scenario,
    condition: &'a Condition,
    prepared: &Prepared,
    stamp: &'a Stamp,
    dirty: Option<&'static Preset>,
) -> About<'a> {
    // Where a file stood on somebody's disk is nobody's business.
    let name = |name: &'a String| Path::new(name).file_name().and_then(|n| n.to_str()).unwrap_or(name.as_str());
    let assumed = condition.parameters.list().iter().filter(|p| p.source.contains("assumed"));
    let assumed = assumed.map(|p| Assumed {
        name: p.name.text.clone(),
        value: match &p.levels {
            Some(levels) => levels.get(p.value as usize).cloned().unwrap_or_default(),
            None => p.value.to_string(),
        },
        about: p.about.clone(),
        source: p.source.clone(),
    });
    About {
        title: &scenario.study.title,
        aims: &scenario.study.aims,
        stamp,
        replicates: arguments.replicates,
        persons: prepared.truth.schema().persons as u64,
        scaled: arguments.persons.is_some(),
        factors: &condition.factors,
        sources: scenario.sources.files.iter().map(|(n, text)| (name(n), text.as_ref())).collect(),
        assumed: assumed.collect(),
        with_truth: arguments.with_truth,
        dirty,
    }
}
