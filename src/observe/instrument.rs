//! The instrument: at which waves a question is asked, and of whom.
//!
//! `from_wave` and `to_wave` are a change of instrument, `asked` is a skip pattern. A question that is not asked has no
//! answer, unless `otherwise` says which value is recorded in its place: a structural value, kept apart from an answer.

use super::loss::chance::number_of_wave;
use super::plan::Item;
use super::scope::SurveyScope;
use crate::diagnostic::{Diagnostics, Text, near_miss};
use crate::formula::{Kind, OnlyParameters, Wanted, compile};
use crate::options::{OptionValue, Options};
use crate::rules::{Rule, Shape};
use crate::streams::Purpose;
use crate::tables::Coding;
use crate::tables::observed::Asked;

/// Waves at which something is asked or said, counted from 0, both ends included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Waves {
    first: usize,
    last: usize,
}

/// When a question is asked, and of whom.
#[derive(Clone, Debug)]
pub(super) struct Instrument {
    waves: Waves,
    /// Who is asked; absent: everybody.
    pub skip: Option<Skip>,
}

/// A skip pattern.
#[derive(Clone, Debug)]
pub(super) struct Skip {
    /// 1 for those who are asked. Its formula is yes or no, so that it does not hang on a draw.
    pub rule: Rule,
    /// What is recorded of the others, if anything.
    pub otherwise: Option<Otherwise>,
    /// Its position in the list of all mechanisms.
    pub mechanism: usize,
}

/// A value that is recorded without asking.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Otherwise {
    pub value: f64,
    /// Its code, where the item has codes.
    pub code: u8,
    place: Text,
}

impl Waves {
    /// All waves of a study.
    pub fn all(scope: &SurveyScope<'_>) -> Self {
        Self { first: 0, last: scope.truth.waves.len().saturating_sub(1) }
    }

    /// `from_wave` and `to_wave`; without them all waves.
    pub fn read(options: &Options, scope: &SurveyScope<'_>, problems: &mut Diagnostics) -> Option<Self> {
        let all = Self::all(scope);
        let first = number_of_wave("from_wave", options, all.first, scope, problems);
        let last = number_of_wave("to_wave", options, all.last, scope, problems);
        let waves = Self { first: first?, last: last? };
        if waves.first > waves.last {
            let (from, to) = (waves.first + 1, waves.last + 1);
            let place = options.get("to_wave").map_or(&options.span, OptionValue::span);
            problems
                .error("S0440", place, format!("no wave is from wave {from} to wave {to}"))
                .help("`to_wave` is the last wave, and cannot come before `from_wave`");
            return None;
        }
        Some(waves)
    }

    /// Whether a wave, counted from 0, is among them.
    pub fn contains(self, wave: usize) -> bool {
        (self.first..=self.last).contains(&wave)
    }
}

impl Instrument {
    /// A question that is asked of everybody at every wave.
    pub fn always(scope: &SurveyScope<'_>) -> Self {
        Self { waves: Waves::all(scope), skip: None }
    }

    /// Whether everybody who is interviewed is asked, at each of so many waves.
    pub fn is_always(&self, waves: usize) -> bool {
        self.skip.is_none() && self.waves.first == 0 && self.waves.last + 1 >= waves
    }

    /// Whether the question is part of the instrument of a wave, counted from 0.
    pub fn covers(&self, wave: usize) -> bool {
        self.waves.contains(wave)
    }

    /// What is recorded of those who are not asked, if anything.
    pub fn otherwise(&self) -> Option<&Otherwise> {
        self.skip.as_ref()?.otherwise.as_ref()
    }
}

/// Reads `from_wave`, `to_wave`, `asked` and `otherwise` of an item.
pub(super) fn declare(
    variable: usize,
    options: &Options,
    scope: &SurveyScope<'_>,
    problems: &mut Diagnostics,
) -> Option<Instrument> {
    let waves = Waves::read(options, scope, problems);
    let otherwise = otherwise(variable, options, scope, problems);
    let Some(asked) = options.formula("asked", problems) else {
        if let (None, Some(value)) = (options.get("asked"), options.get("otherwise")) {
            problems
                .error("S0441", value.span(), "`otherwise` is for those who are not asked, and everybody is asked")
                .help("say who is asked with `asked = \"...\"`, or leave out `otherwise`");
            return None;
        }
        return Some(Instrument { waves: waves?, skip: None }).filter(|_| options.get("asked").is_none());
    };
    let program = compile(&asked, &Wanted::Boolean, scope, problems)?;
    if program.constant() == Some(0.0) {
        problems
            .error("S0440", &asked.span, format!("`{}` is never true, so nobody is asked", asked.text))
            .help("`asked` is true for those who are asked; leave the item out if nobody is");
        return None;
    }
    let purpose = Purpose::named(&format!("asked.{}", scope.truth.variables[variable].name));
    let rule = Rule::new(Shape::Yes, vec![program], None, purpose);
    Some(Instrument { waves: waves?, skip: Some(Skip { rule, otherwise: otherwise?, mechanism: 0 }) })
}

/// `otherwise`: `Some(None)` where the item does not name it. Its code is found when the codes are settled.
#[expect(clippy::option_option, reason = "outer: whether it could be read; inner: whether it is there")]
fn otherwise(
    variable: usize,
    options: &Options,
    scope: &SurveyScope<'_>,
    problems: &mut Diagnostics,
) -> Option<Option<Otherwise>> {
    let Some(given) = options.get("otherwise") else { return Some(None) };
    let place = match given {
        OptionValue::Text(text) | OptionValue::Number(text) => text.clone(),
        OptionValue::Switch(on, span) => Text { text: if *on { "yes" } else { "no" }.to_owned(), span: span.clone() },
        _ => options.formula("otherwise", problems)?,
    };
    let name = &scope.truth.variables[variable].name;
    let value = match scope.kind(variable).0 {
        Kind::Level(levels) => match levels.iter().position(|level| *level == place.text) {
            Some(position) => position as f64,
            None => {
                let near = near_miss(&place.text, levels.iter().map(String::as_str));
                let help = near.map_or(format!("one of: {}", levels.join(", ")), |n| format!("did you mean `{n}`?"));
                return refused(&place, name, &help, problems);
            }
        },
        Kind::Boolean => match place.text.as_str() {
            "yes" | "true" | "1" => 1.0,
            "no" | "false" | "0" => 0.0,
            _ => return refused(&place, name, "yes or no", problems),
        },
        Kind::Number => compile(&place, &Wanted::Number, &OnlyParameters(scope.parameters), problems)?.constant()?,
    };
    Some(Some(Otherwise { value, code: 0, place }))
}

#[expect(clippy::option_option, reason = "the result of the function above")]
fn refused(place: &Text, name: &str, help: &str, problems: &mut Diagnostics) -> Option<Option<Otherwise>> {
    problems.error("S0441", &place.span, format!("`{}` is no answer to `{name}`", place.text)).help(help);
    None
}

/// Finds the codes of what is recorded without asking, once it is known which items have codes.
pub(super) fn settle_codes(items: &mut [Item], scope: &SurveyScope<'_>, problems: &mut Diagnostics) {
    for item in items {
        let Some(coding) = item.coding.clone() else { continue };
        let Some(otherwise) = item.instrument.skip.as_mut().and_then(|skip| skip.otherwise.as_mut()) else { continue };
        match coding.values.iter().position(|value| *value == otherwise.value) {
            Some(code) => otherwise.code = code as u8,
            None => {
                let name = &scope.truth.variables[item.variable].name;
                let _ = refused(&otherwise.place, name, &values(&coding), problems);
            }
        }
    }
}

fn values(coding: &Coding) -> String {
    let values: Vec<String> = coding.values.iter().filter(|v| !v.is_nan()).map(f64::to_string).collect();
    format!("one of: {}", values.join(", "))
}

/// What an analyst knows of the instrument; empty where everybody is asked everything at every wave.
pub(super) fn schema(items: &[Item], waves: usize) -> Vec<Asked> {
    if items.iter().all(|item| item.instrument.is_always(waves)) {
        return Vec::new();
    }
    let asked = |item: &Item| Asked {
        at: (0..waves).map(|wave| item.instrument.covers(wave)).collect(),
        only_if: item.instrument.skip.as_ref().map(|skip| skip.rule.programs()[0].text().text.clone()),
        otherwise: item.instrument.otherwise().map(|otherwise| otherwise.value),
    };
    items.iter().map(asked).collect()
}
