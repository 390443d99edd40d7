//! Lists in `docs/` are printed from the catalogues of the program. With the environment variable
//! `ECLOSION_WRITE_DOCUMENTS=1` these tests write the files; without it they compare.

use eclosion::tables::Reason;
use eclosion::{analyze, diagnostic, distribution, evaluate, observe};
use std::fmt::Write;
use std::fs;
use std::path::Path;

#[track_caller]
fn is_printed(name: &str, title: &str, about: &str, body: &str) {
    let text = format!(
        "# {title}\n\n{about}\n\n*Printed from the program: `ECLOSION_WRITE_DOCUMENTS=1 cargo test --test documents` \
         writes this file.*\n\n{}\n",
        body.trim_end()
    );
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs").join(name);
    if std::env::var_os("ECLOSION_WRITE_DOCUMENTS").is_some_and(|v| v == "1") {
        fs::write(&path, &text).expect("it can be written");
        return;
    }
    let written = fs::read_to_string(&path).unwrap_or_default().replace("\r\n", "\n");
    for (number, (found, expected)) in written.lines().zip(text.lines()).enumerate() {
        assert_eq!(found, expected, "docs/{name}, line {}: run with ECLOSION_WRITE_DOCUMENTS=1", number + 1);
    }
    assert_eq!(written.lines().count(), text.lines().count(), "docs/{name}: run with ECLOSION_WRITE_DOCUMENTS=1");
}

/// A row of a Markdown table.
fn row(text: &mut String, cells: &[&str]) {
    let cells: Vec<String> = cells.iter().map(|cell| cell.replace('|', "\\|").replace('\n', " ")).collect();
    writeln!(text, "| {} |", cells.join(" | ")).expect("a string takes all");
}

#[test]
fn methods() {
    let mut body = String::new();
    row(&mut body, &["method", "what it does"]);
    row(&mut body, &["---", "---"]);
    for entry in analyze::catalogue() {
        row(&mut body, &[&format!("[`{0}`](#{0})", entry.name), entry.summary]);
    }
    body.push_str("\n`steps = [...]` can name these before a method:\n\n");
    row(&mut body, &["step", "what it does"]);
    row(&mut body, &["---", "---"]);
    for entry in analyze::steps() {
        // A heading's anchor has no dots.
        row(&mut body, &[&format!("[`{}`](#{})", entry.name, entry.name.replace('.', "")), entry.summary]);
    }
    let methods = analyze::catalogue().iter().map(|entry| (entry.name, entry.page));
    for (name, page) in methods.chain(analyze::steps().iter().map(|entry| (entry.name, entry.page))) {
        let page = page.trim().replace("\n## ", "\n### ");
        write!(body, "\n## {name}\n\n{page}\n").expect("a string takes all");
    }
    let about =
        "What `[[method]]` of a scenario or of a plan can name. `eclosion methods NAME` prints one of these pages.";
    is_printed("methods.md", "Methods", about, &body);
}

#[test]
fn mechanisms() {
    let mut body = String::from("## `[[survey.loss]]`\n\n");
    let table = |body: &mut String, first: &str| {
        row(body, &[first, "what it does"]);
        row(body, &["---", "---"]);
    };
    table(&mut body, "`kind`");
    for entry in observe::loss::catalogue() {
        row(&mut body, &[&format!("`{}`", entry.name), entry.summary]);
    }
    body.push_str("\n## `[[survey.answer]]`\n\n");
    table(&mut body, "`kind`");
    for entry in observe::answer::catalogue() {
        row(&mut body, &[&format!("`{}`", entry.name), entry.summary]);
    }
    body.push_str("\n## `[survey.linkage]`\n\n");
    table(&mut body, "`kind`");
    for entry in observe::link::catalogue() {
        row(&mut body, &[&format!("`{}`", entry.name), entry.summary]);
    }
    body.push_str("\n## Reasons of the audit\n\n");
    row(&mut body, &["reason", "what became of the answer", "what a team would note down"]);
    row(&mut body, &["---", "---", "---"]);
    for reason in Reason::ALL {
        let noted = reason.of_missing().map_or(String::new(), |word| format!("`{word}`"));
        row(&mut body, &[&format!("`{}`", reason.name()), reason.words(), &noted]);
    }
    let about = "What can go wrong between the truth and the data. [scenario.md](scenario.md) has the options of each, and \
                 what surrounds\nan interview (mood, team, trust, who is present), the instrument, comments and sets.";
    is_printed("mechanisms.md", "Mechanisms of the survey", about, &body);
}

#[test]
fn measures() {
    let mut body = String::new();
    row(&mut body, &["measure", "what it says", "unit", "wild estimates", "failures as the worst case"]);
    row(&mut body, &["---"; 5]);
    for entry in evaluate::catalogue() {
        let wild = if entry.robust { "hardly move it" } else { "" };
        let worst = if entry.worst.is_some() { "defined" } else { "no bound" };
        row(&mut body, &[&format!("`{}`", entry.name), entry.summary, entry.unit, wild, worst]);
    }
    for entry in evaluate::catalogue() {
        write!(
            body,
            "\n## {}\n\n- Formula: {}\n- Monte Carlo standard error: {}\n- Source: {}\n",
            entry.name, entry.formula, entry.mcse, entry.reference
        )
        .expect("a string takes all");
    }
    body.push_str(
        "\n# Contrasts\n\nThe measures of the table `contrasts`: that of a method less that of the estimand's first, or of a \
         condition less that of\nthe first. Pairs are the fits of one replicate where both gave what is needed, n of them.\n",
    );
    for entry in evaluate::contrast_catalogue() {
        write!(
            body,
            "\n## Difference in {}\n\n- Formula: {}\n- Monte Carlo standard error: {}\n- Source: {}\n",
            entry.name, entry.formula, entry.mcse, entry.reference
        )
        .expect("a string takes all");
    }
    let about = "The columns of the table `performance`, and the names that `[[expect]]` can read. Each has its Monte \
                 Carlo\nstandard error beside it, under its name with `_mcse`. [evaluate.md](evaluate.md) says which fits \
                 they are of.";
    is_printed("measures.md", "Performance measures", about, &body);
}

#[test]
fn laws() {
    let mut body = String::new();
    for entry in distribution::catalogue() {
        write!(body, "## {}\n\n`{}`: {}.\n\n", entry.name, entry.usage(), entry.summary).expect("a string takes all");
        if !entry.arguments.is_empty() {
            row(&mut body, &["argument", "range", "if left out"]);
            row(&mut body, &["---", "---", "---"]);
        }
        for argument in entry.arguments {
            let default = argument.default.map_or("needed".to_owned(), |value| match value {
                v if v == f64::INFINITY => "no upper end".to_owned(),
                v if v == f64::NEG_INFINITY => "no lower end".to_owned(),
                v => v.to_string(),
            });
            row(&mut body, &[&format!("`{}`", argument.name), argument.need.range(), &default]);
        }
        let gap = if entry.arguments.is_empty() { "" } else { "\n" };
        write!(body, "{gap}Sampler: {}\n\n", entry.reference).expect("a string takes all");
    }
    let about = "What attributes, states, effects, errors and visits can be drawn from. Arguments are always named, \
                 each is a formula.";
    is_printed("laws.md", "Laws", about, &body);
}

#[test]
fn the_language_names_every_law_and_argument() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/scenario.md");
    let text = fs::read_to_string(path).expect("it is there");
    let section = text.split("\n## Laws\n").nth(1).and_then(|rest| rest.split("\n## ").next()).expect("a section Laws");
    for entry in distribution::catalogue() {
        let call = section.split(&format!("`{}(", entry.name)).nth(1);
        let arguments = call.and_then(|rest| rest.split(')').next());
        let arguments = arguments.unwrap_or_else(|| panic!("docs/scenario.md does not name the law {}", entry.name));
        let written: Vec<&str> = arguments.split(", ").map(|a| a.trim_end_matches('?')).collect();
        let known: Vec<&str> = entry.arguments.iter().map(|argument| argument.name).collect();
        assert!(known.is_empty() || written == known, "{}: {written:?} instead of {known:?}", entry.name);
        for argument in entry.arguments {
            let marked = arguments.split(", ").any(|a| a == format!("{}?", argument.name));
            assert_eq!(marked, argument.default.is_some(), "{}: `{}`", entry.name, argument.name);
        }
    }
}

#[test]
fn problems() {
    let chapters = [
        ("S01", "The shape of the file"),
        ("S02", "Formulas and laws"),
        ("S03", "The truth"),
        ("S04", "The survey"),
        ("S05", "Estimands"),
        ("S06", "Methods"),
        ("S07", "Parameters, conditions, demands"),
        ("S08", "Plans of analyses"),
        ("S09", "Published numbers"),
        ("S10", "Tables of a study"),
        ("R", "While a study runs"),
        ("F", "Fits that failed"),
        ("W", "Fits that warn"),
    ];
    let mut body = String::new();
    let mut listed = 0;
    for (chapter, title) in chapters {
        write!(body, "## {title}\n\n").expect("a string takes all");
        row(&mut body, &["number", "problem"]);
        row(&mut body, &["---", "---"]);
        for page in diagnostic::pages().filter(|page| page.code.starts_with(chapter)) {
            listed += 1;
            row(&mut body, &[page.code, page.title]);
        }
        body.push('\n');
    }
    assert_eq!(listed, diagnostic::pages().count(), "every page is in a chapter");
    let about = "`eclosion explain S0101` prints the page of a number: why, how to mend it, an example.";
    is_printed("problems.md", "Numbered problems", about, &body);
}

// Without Parquet one format is left out.
#[cfg(feature = "columnar")]
#[test]
fn commands() {
    let mut body = String::new();
    let whole = <eclosion::cli::Cli as clap::CommandFactory>::command();
    for command in whole.get_subcommands() {
        let about = command.get_about().expect("a line about it").to_string();
        write!(body, "## eclosion {}\n\n{about}\n\n", command.get_name()).expect("a string takes all");
        row(&mut body, &["argument", "meaning"]);
        row(&mut body, &["---", "---"]);
        for argument in command.get_arguments() {
            let values: Vec<String> =
                argument.get_value_names().into_iter().flatten().map(|name| name.to_string()).collect();
            let takes = argument.get_action().takes_values();
            let name = match argument.get_long() {
                Some(long) if takes => format!("`--{long} {}`", values.join(" ")),
                Some(long) => format!("`--{long}`"),
                None => format!("`{}`", values.join(" ")),
            };
            let mut meaning = argument.get_help().expect("a line about it").to_string();
            let choices: Vec<String> = argument
                .get_possible_values()
                .iter()
                .filter(|_| takes)
                .map(|value| format!("`{}`", value.get_name()))
                .collect();
            if !choices.is_empty() {
                write!(meaning, ": {}", choices.join(", ")).expect("a string takes all");
            }
            row(&mut body, &[&name, &meaning]);
        }
        body.push('\n');
    }
    let about = "`eclosion --help` and `eclosion COMMAND --help` print the same, and more. Exit codes: 0 all is well, 1 \
                 the scenario, a\ndemand or the run failed, 2 the command line is wrong, 130 interrupted.";
    is_printed("commands.md", "Commands", about, &body);
}

// Without Parquet two formats are left out.
#[cfg(feature = "columnar")]
#[test]
fn release() {
    use eclosion::release::{FORMS, Format, MISSING_WORDS, PROGRAMS, TABLES, declaration, dirty};
    let mut body = String::from(RELEASE_LAYOUT);
    body.push_str("## Tables of `data/`\n\n");
    row(&mut body, &["table", "what a row is", "there if"]);
    row(&mut body, &["---", "---", "---"]);
    for (name, about, when) in TABLES {
        row(&mut body, &[&format!("`{name}`"), about, when]);
    }
    body.push_str(RELEASE_COLUMNS);
    row(&mut body, &["word", "meaning"]);
    row(&mut body, &["---", "---"]);
    for (word, meaning) in MISSING_WORDS {
        row(&mut body, &[&format!("`{word}`"), meaning]);
    }
    body.push_str("\n## Formats\n\n");
    row(&mut body, &["`formats`, `--format`", "what it is", "if left out"]);
    row(&mut body, &["---", "---", "---"]);
    let usual = declaration::Declaration::default().formats;
    for format in Format::all() {
        let written = if usual.contains(&format) { "written" } else { "" };
        row(&mut body, &[&format!("`{}`", format.name()), format.summary(), written]);
    }
    body.push_str("\n## Codebooks\n\n");
    row(&mut body, &["file in `codebook/`", "for"]);
    row(&mut body, &["---", "---"]);
    for (file, reader) in FORMS {
        row(&mut body, &[&format!("`{file}`"), reader]);
    }
    body.push_str("\n## Programs that read the CSV files\n\n");
    row(&mut body, &["file in `syntax/`", "for"]);
    row(&mut body, &["---", "---"]);
    for (file, reader) in PROGRAMS {
        row(&mut body, &[&format!("`{file}`"), reader]);
    }
    body.push_str(RELEASE_DIRTY);
    row(&mut body, &["preset", "what it is like"]);
    row(&mut body, &["---", "---"]);
    for preset in dirty::PRESETS {
        row(&mut body, &[&format!("`{}`", preset.name), preset.summary]);
    }
    body.push('\n');
    let mut head = vec!["kind".to_owned(), "what it does".to_owned(), "per".to_owned()];
    head.extend(dirty::PRESETS.map(|preset| preset.name.to_owned()));
    row(&mut body, &head.iter().map(String::as_str).collect::<Vec<_>>());
    row(&mut body, &vec!["---"; head.len()]);
    for kind in dirty::KINDS {
        let mut cells = vec![format!("`{}`", kind.name), kind.summary.to_owned(), kind.per.to_owned()];
        cells.extend(kind.rates.map(|rate| rate.to_string()));
        row(&mut body, &cells.iter().map(String::as_str).collect::<Vec<_>>());
    }
    let about = "`eclosion simulate SCENARIO --release FOLDER` writes a data set that a team can put into a repository. \
                 Nothing in\nit is a real person's: every file that has a place for it says \"synthetic: no real \
                 person\", and codes of records\nbegin with `S-`.";
    is_printed("release.md", "A data set to hand on", about, &body);
}

const RELEASE_LAYOUT: &str = "\
## Layout

    README.md           what it is, how to read it, which parameters have no source
    provenance.json     version, scenario, seed, settings
    scenario.toml       the scenario, and the files that it extends as scenario-2.toml ...
    data/               the tables, each in every format
    codebook/           what describes them
    syntax/             where there are CSV files: programs that read them with their labels
    truth/              only with `--with-truth`: truth, audit, key, mechanisms, circumstances, comments, errors

The same scenario, seed and version of the program give the same bytes. The truth is apart so that a release for a blind
exercise goes without: no table outside `truth/` has a true value or the number of a person in it. A folder that has
something in it is left alone unless `--force` is given, and then too if a file of an earlier run would stay in `data/`,
`codebook/`, `syntax/` or `truth/`.

## The table `[release]`

Everything can be left out; `--format` (several times) and `--dirty` go before it.

```toml
[release]
formats = [\"csv\", \"parquet\"]
shape = [\"long\", \"wide\"]          # long: `answers`; wide: `wide`
missing_reasons = true             # a column beside each item says why there is no answer; without it: false
dirty = \"light\"                    # errors of data entry, for tests of what cleans data; without it: none

[release.labels]                   # a few words for people; without: the name, with spaces for `_`
well = \"satisfied and happy on the whole\"

[release.units]
income = \"USD per month\"
```

`--persons N` gives the groups other sizes in the same proportions, N persons in all: large test data from a small study.

";

const RELEASE_COLUMNS: &str = "
Rows are in the order of the codes of records, which tells nothing of the persons. With `--replicates` above 1 every
table begins with a column `replicate`. Records that were never interviewed, or whose data was erased, are in no table.
Waves and visits are counted from 1, `years` are years since the start. In `wide` an item has a column per wave,
`ITEM_w1`, `ITEM_w2` and so on.

A missing answer, 0 and a question that was not asked stay apart in every format: no value, the value 0, and `not_asked`
beside a cell that is empty or has the value that a skip pattern filled in (`otherwise = 0`: a zero by design). With
`missing_reasons` the words are in `ITEM_missing` (`ITEM_w1_missing`) of `answers` and `wide`; without it a value that was
filled in looks like an answer, as it does in `visits`. Codebooks say in which waves a question is asked and of whom.

Where numbers or codes join interviews into records (`[survey.linkage]`), a row is a record and not a person: one person
can have several, and one record can be of several persons. `truth/key` has the person behind each record and wave,
`truth/audit` counts by persons. Truth, audit and key together give every cell of `answers` and `wide`.
`eclosion describe FOLDER` counts what the tables hold; with errors of data entry in them it may refuse.


";

const RELEASE_DIRTY: &str = "
## Errors of data entry

`dirty` puts errors into the tables of `data/` after the survey, kind after kind in the order below: whole rows first,
single cells after them, in the manner of pseudopeople (Haddock et al. 2024, doi:10.12688/gatesopenres.15418.1). Each
table gets errors of its own. With `--with-truth` every error is in `truth/errors`: kind, table, record, wave, column, the
cell before and after. Columns of yes and no become numbers then, columns of levels become text. The rates are assumed.

";

/// The long example of the language is a scenario: nothing in it is wrong, whichever linkage it has.
#[test]
fn the_example_of_the_language_has_no_problems() {
    let text = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/scenario.md")).expect("it is there");
    let text = text.replace("\r\n", "\n");
    let blocks: Vec<&str> = text.split("```toml\n").skip(1).map(|b| b.split("```").next().unwrap_or("")).collect();
    // One estimand shows the keys of all quantities, and there is no file under this one.
    let shown = ["extends =", "at_least =", "with =", "compare =", "model =", "finding ="];
    let own = blocks[0].lines().filter(|line| !shown.iter().any(|key| line.starts_with(key)));
    let own = own.collect::<Vec<_>>().join("\n");
    let (before, rest) = own.split_once("[survey.linkage]").expect("it has one");
    let after = &rest[rest.find("\n[[").expect("more follows")..];
    let linkage = blocks.iter().find(|b| b.starts_with("[survey.linkage]")).expect("codes are shown");
    let estimands: String = blocks.iter().filter(|b| b.starts_with("[[estimand]]")).copied().collect();
    for text in [format!("{own}\n{estimands}"), format!("{before}{linkage}{after}")] {
        let loaded = eclosion::scenario::load_text("scenario.md", &text, &[]);
        let mut problems = loaded.problems;
        let ready = loaded.scenario.and_then(|scenario| scenario.check_all(&mut problems));
        assert!(!problems.has_errors(), "{:?}", problems.list());
        assert_eq!(ready.map(|all| all.len()), Some(3), "three values of `lost`");
    }
}
