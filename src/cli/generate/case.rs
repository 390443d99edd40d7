//! One case in a folder of its own.

use crate::release::dirty::Preset;
use crate::release::{Declaration, Folder, Format, Product, Stamp};
use crate::small::{Dirt, Ready, SmallStudy, Trouble};
use crate::tables::RunProblem;
use std::path::Path;

/// What names of folders of cases begin with.
pub(super) const FOLDER: &str = "case_";

/// What can be said of a case that was written.
pub(super) struct Case {
    pub(super) number: u64,
    pub(super) study: SmallStudy,
    /// Rows of `answers` before errors of data entry.
    pub(super) rows: usize,
    /// Share of missing answers in them; none where there are no answers to be had.
    pub(super) missing: Option<f64>,
    /// Errors of data entry in `answers`.
    pub(super) errors: usize,
}

/// `case_00017`.
pub(super) fn folder_name(number: u64) -> String {
    format!("{FOLDER}{number:05}")
}

/// Writes `scenario.toml`, `data/` and `truth/` of a case into its folder.
pub(super) fn write(out: &Path, seed: u64, number: u64, formats: &[Format]) -> Result<Case, Trouble> {
    let study = SmallStudy::of_case(seed, number);
    let head = format!("# Case {number} of `eclosion generate --seed {seed}`.\n");
    let text = format!("{head}{}", study.to_toml(&format!("Case {number}")));
    let ready = Ready::of_text(&text)?;
    let part = ready.part()?;
    let codes = ready.codes(&part);
    let (clean, _) = ready.answers(&part, Dirt::Clean);
    let (_, errors) = ready.answers(&part, study.dirt);

    let declaration = Declaration {
        formats: formats.to_vec(),
        dirty: study.dirt.preset().and_then(Preset::named),
        ..ready.scenario.release.clone()
    };
    let stamp = Stamp {
        scenario_hash: ready.scenario.hash.clone(),
        seed: study.seed,
        version: env!("CARGO_PKG_VERSION").to_owned(),
    };
    // Whether something is in the way was asked of the folder above.
    let format = formats.first().copied().unwrap_or(Format::Csv);
    let mut folder = Folder::open(&out.join(folder_name(number)), format, true, stamp)?;
    folder.leave_to_system();
    let mut product = Product::open(&mut folder, &ready.setup(&declaration))?;
    product.add(&mut folder, &ready.delivery(&part, &codes))?;
    product.close_tables(&mut folder)?;
    folder.text("scenario.toml", &text)?;
    if let Some(file) = folder.leftover(&["data", "truth"]) {
        let message = format!("`{}` is of an earlier run, and this one does not replace it", file.display());
        return Err(RunProblem { code: "R0020", message: format!("{message}: remove it first"), span: None }.into());
    }
    folder.commit_without_codebook()?;
    Ok(Case { number, study, rows: clean.rows(), missing: clean.missing_share(), errors })
}
