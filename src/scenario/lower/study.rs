//! `scenario = 1`, `[study]`, `[time]`.

use super::ask;
use crate::diagnostic::{Diagnostics, Text};
use crate::numeric::time;
use crate::options::{OptionValue, Options};
use crate::scenario::Study;
use crate::scenario::settings::Settings;
use crate::simulate::declaration::{Duration, TimeDeclaration};

/// The longest that one fit may take where the scenario does not say: far longer than a sound one takes.
const TIME_LIMIT: std::time::Duration = std::time::Duration::from_secs(600);

/// Checks the version of the language (S0117).
pub(super) fn version(root: &Options, problems: &mut Diagnostics) {
    let help = "this program reads version 1: write `scenario = 1`";
    match root.get("scenario") {
        Some(OptionValue::Number(text)) if text.text == "1" => {}
        Some(other) => {
            problems.error("S0117", other.span(), "a version of the language that is not known here").help(help);
        }
        None => {
            problems.error("S0117", &root.span, "the scenario does not say its version of the language").help(help);
        }
    }
}

/// `[study]`; `study.seed` and `study.replicates` of `--set` go before what is written.
pub(super) fn study(root: &Options, settings: &Settings, problems: &mut Diagnostics) -> Study {
    let mut study = Study {
        title: String::new(),
        aims: String::new(),
        seed: 0,
        replicates: 1,
        confidence: 0.95,
        time_limit: Some(TIME_LIMIT),
    };
    if ask::is_missing(root, "study") {
        problems
            .error("S0103", &root.span, "the scenario needs a table [study]")
            .help("write `[study]` with `title`, `aims`, `seed` and `replicates`");
    }
    let Some(table) = root.table("study", problems) else { return study };
    study.title = ask::text(table, "title", problems).text;
    study.aims = ask::text(table, "aims", problems).text;
    let seed = number(table, "seed", settings, problems);
    study.seed = seed.and_then(|text| ask::whole("seed", &text, 0..=u64::MAX, problems)).unwrap_or(0);
    let replicates = number(table, "replicates", settings, problems);
    study.replicates =
        replicates.and_then(|text| ask::whole("replicates", &text, 1..=1_000_000_000, problems)).unwrap_or(1);
    if let Some(text) = ask::number(table, "confidence", problems) {
        study.confidence = confidence(&text, problems);
    }
    study.time_limit = time_limit(table, problems);
    table.finish(problems);
    study
}

/// The longest that one fit may take (S0108).
fn time_limit(table: &Options, problems: &mut Diagnostics) -> Option<std::time::Duration> {
    let help = "write `time_limit = \"10 minutes\"`, in seconds, minutes or hours, or `\"none\"`";
    let (text, why) = match table.get("time_limit") {
        None => return Some(TIME_LIMIT),
        Some(OptionValue::Text(text)) if text.text.trim() == "none" => return None,
        Some(OptionValue::Text(text)) => match time::parse(&text.text) {
            Ok(limit) if !limit.is_zero() => return Some(limit),
            Ok(_) => (text, "no fit takes no time".to_owned()),
            Err(why) => (text, why),
        },
        Some(OptionValue::Number(text)) => (text, "it has no unit".to_owned()),
        Some(_) => {
            let _ = table.text("time_limit", problems);
            return None;
        }
    };
    let message = format!("`time_limit` cannot be `{}`: {why}", text.text);
    problems.error("S0108", &text.span, message).help(help);
    None
}

fn number(table: &Options, key: &str, settings: &Settings, problems: &mut Diagnostics) -> Option<Text> {
    let written = ask::number(table, key, problems);
    let set = settings.value(&format!("study.{key}"));
    if set.is_none() {
        ask::must_be_there(table, key, problems);
    }
    set.cloned().or(written)
}

pub(in crate::scenario) fn confidence(text: &Text, problems: &mut Diagnostics) -> f64 {
    match text.text.parse::<f64>() {
        Ok(level) if level > 0.0 && level < 1.0 => level,
        _ => {
            problems
                .error("S0109", &text.span, format!("`confidence` cannot be {}", text.text))
                .help("a number between 0 and 1, such as 0.95");
            0.95
        }
    }
}

/// `[time]` and its `visits`.
pub(super) fn time(root: &Options, problems: &mut Diagnostics) -> (Option<TimeDeclaration>, Option<Text>) {
    let Some(table) = root.table("time", problems) else { return (None, None) };
    ask::must_be_there(table, "step", problems);
    ask::must_be_there(table, "waves", problems);
    let step = ask::duration(table, "step", problems);
    let visits = table.formula("visits", problems);
    let mut time = TimeDeclaration { span: table.span.clone(), ..TimeDeclaration::default() };
    if let Some(waves) = table.table("waves", problems) {
        let first = ask::duration(waves, "first", problems);
        let every = ask::duration(waves, "every", problems);
        time.count = ask::formula(waves, "count", problems);
        // A single wave follows no other.
        if ask::is_missing(waves, "every") && time.count.text != "1" {
            waves.missing("every", problems);
        }
        waves.finish(problems);
        if let Some(step) = &step {
            let long_enough = step.years > 0.0;
            if !long_enough {
                problems
                    .error("S0108", &step.text.span, "a step must be longer than nothing")
                    .help("write `step = \"1 month\"`, or leave out [time] for a study without steps");
            } else {
                on_a_step("first", first.as_ref(), 0.0, step, problems);
                on_a_step("every", every.as_ref(), 1.0, step, problems);
            }
        }
        time.first_wave = first.unwrap_or_default();
        time.every = every.unwrap_or_default();
    }
    time.step = step.unwrap_or_default();
    table.finish(problems);
    (Some(time), visits)
}

/// Waves must fall on steps (S0118).
fn on_a_step(key: &str, length: Option<&Duration>, least: f64, step: &Duration, problems: &mut Diagnostics) {
    let Some(length) = length else { return };
    let steps = length.years / step.years;
    if (steps - steps.round()).abs() <= 1e-9 * steps.max(1.0) && steps.round() >= least {
        return;
    }
    let message = format!("`{key} = \"{}\"` is {steps:.3} steps of {}", length.text.text, step.text.text);
    problems
        .error("S0118", &length.text.span, message)
        .help("waves fall on steps: write a whole number of steps (a month is 1/12 year, a week 7/365.25 year)");
}
