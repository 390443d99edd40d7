//! `README.md` of a product.

use super::missing::MISSING_WORDS;
use crate::release::codebook::{Codebook, markdown_row};
use crate::release::folder::Folder;
use crate::tables::RunProblem;
use std::fmt::Write as _;

/// Adds `README.md`.
pub(super) fn write(folder: &mut Folder, codebook: &Codebook<'_>) -> Result<(), RunProblem> {
    folder.text("README.md", &text(codebook))
}

fn text(codebook: &Codebook<'_>) -> String {
    let about = codebook.about;
    let mut text = format!(
        "# {}\n\n**Synthetic: no real person.** Every record was made by a program from the scenario in `scenario.toml`. No \
         row\nbelongs to anybody, and no code of a record (`S-...`) is used for a real person.\n\n{}\n\n",
        one_line(about.title),
        about.aims.trim()
    );
    files(&mut text, codebook);
    reading(&mut text, codebook);
    assumptions(&mut text, codebook);
    again(&mut text, codebook);
    text
}

fn files(text: &mut String, codebook: &Codebook<'_>) {
    text.push_str("## What is here\n\n");
    markdown_row(text, &["file", "what it is", "rows"]);
    markdown_row(text, &["---", "---", "---"]);
    for table in &codebook.tables {
        let files: Vec<String> = table.files.iter().map(|file| format!("`{file}`")).collect();
        markdown_row(text, &[&files.join(", "), table.about, &table.rows.to_string()]);
    }
    let mut others = vec![
        ("`codebook/`", "each column: label, unit, range, levels, counts; as HTML, Markdown, JSON, DDI and for REDCap"),
        ("`scenario.toml`", "the study as it was declared"),
        ("`provenance.json`", "version of the program, seed, settings"),
    ];
    if has_csv(codebook) {
        others.insert(1, ("`syntax/`", "programs that read the CSV files with their labels: Stata, SPSS, R, Python"));
    }
    if codebook.about.with_truth {
        others.insert(1, ("`truth/`", "what nobody in such a study could know: leave it out of blind exercises"));
    }
    for (file, what) in others {
        markdown_row(text, &[file, what, ""]);
    }
    text.push('\n');
}

fn reading(text: &mut String, codebook: &Codebook<'_>) {
    text.push_str(
        "## How to read it\n\nTables are joined by `record`, and by `wave` where both have it. CSV files are UTF-8 with a \
         line of names; an\nempty cell has no value, 0 is no, 1 is yes. Waves are counted from 1; `years` are years since the \
         start. Records\nthat never began, or whose data was erased, are not in any table.\n\n",
    );
    if has_csv(codebook) {
        text.push_str(
            "With labels, in the folder `syntax`: in Python `from load import load_pandas`, then `load_pandas(\"answers\")`; \
             in R\n`source(\"load.R\")`, then `read_release()`; in Stata and SPSS run `stata.do` or `spss.sps`.\n\n",
        );
    }
    if let Some(preset) = codebook.about.dirty {
        let _ = write!(
            text,
            "**Errors of data entry were put into these tables on purpose**, as a test for whoever cleans them: preset \
             `{}`.\nThe codebook counts what is in the files, errors included.\n\n",
            preset.name
        );
    }
    if codebook.missing_reasons {
        text.push_str("Beside each item a column `..._missing` says why there is no answer:\n\n");
        markdown_row(text, &["word", "meaning"]);
        markdown_row(text, &["---", "---"]);
        for (word, meaning) in MISSING_WORDS {
            markdown_row(text, &[&format!("`{word}`"), meaning]);
        }
        text.push('\n');
    }
}

fn assumptions(text: &mut String, codebook: &Codebook<'_>) {
    let assumed = &codebook.about.assumed;
    if assumed.is_empty() {
        return;
    }
    text.push_str(
        "## What is assumed\n\nThe values of these parameters have no source outside the scenario. What depends on them is \
         no finding.\n\n",
    );
    markdown_row(text, &["parameter", "value", "meaning", "source"]);
    markdown_row(text, &["---", "---", "---", "---"]);
    for parameter in assumed {
        let name = format!("`{}`", parameter.name);
        markdown_row(text, &[&name, &parameter.value, &parameter.about, &parameter.source]);
    }
    text.push('\n');
}

fn again(text: &mut String, codebook: &Codebook<'_>) {
    let about = codebook.about;
    let stamp = about.stamp;
    let _ = write!(
        text,
        "## Where it comes from\n\neclosion {}, seed {}, {} with {} persons each, scenario with SHA-256\n`{}`. The same \
         version, scenario, seed and settings give the same bytes.\n",
        stamp.version,
        stamp.seed,
        if about.replicates == 1 { "one data set".to_owned() } else { format!("{} data sets", about.replicates) },
        about.persons,
        stamp.scenario_hash
    );
    let factors: Vec<String> = about.factors.iter().map(|(name, value)| format!("`{name} = {value}`")).collect();
    if !factors.is_empty() {
        let _ = writeln!(text, "\nThe scenario varies parameters; these data sets have {}.", factors.join(", "));
    }
    if about.scaled {
        text.push_str("\nThe groups have other sizes than in the scenario, in the same proportions.\n");
    }
}

fn has_csv(codebook: &Codebook<'_>) -> bool {
    codebook.tables.iter().flat_map(|table| &table.files).any(|file| file.ends_with(".csv"))
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
