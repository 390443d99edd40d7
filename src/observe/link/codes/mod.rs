//! Self-generated codes: at every interview a person makes a code of answers that nobody else is likely to give all alike
//! (first letter of the mother's name, day of birth, ...), and the team joins interviews whose codes agree.
//!
//! Errors cluster in people: with one error rate e for everybody the share of codes of k elements that are alike on
//! two occasions is (1-e)^(2k), and where that share is as in real studies, the share with at most one differing
//! element would be greater than what is seen. So `error` may be a law, drawn once per person.

mod agreement;
mod element;

use super::{Interviews, Linkage, Mechanism, Rate, Records, Within};
use crate::diagnostic::{Diagnostics, Span, Text};
use crate::distribution;
use crate::formula::{OnlyParameters, Wanted, compile};
use crate::observe::scope::SurveyScope;
use crate::options::{OptionValue, Options};
use crate::rules::GroupRows;
use crate::streams::Purpose;
use agreement::{Code, Codes};
use element::Element;
use std::ops::Range;
use std::sync::Arc;

pub(super) const SUMMARY: &str = "persons make a code at every interview, and the team joins what agrees";

const RATE: Purpose = Purpose::named("linkage.error");
/// Most elements of a code.
const MOST_ELEMENTS: usize = 32;
/// Longest code: so many values, so that a code and a group or site fit a key.
const MOST_VALUES: f64 = 1e28;
/// Most choices of the elements that may differ.
const MOST_CHOICES: f64 = 1000.0;
/// Shares of persons whose true code somebody else has: with more than the first the codes are worthless, with more
/// than the second they need care.
const SHARED: (f64, f64) = (0.5, 0.05);

#[derive(Debug)]
struct SelfMade {
    elements: Vec<Element>,
    error: Rate,
    /// Elements that may differ.
    allow: usize,
    within: Within,
}

pub(super) fn declare(
    options: &Options,
    groups: &[GroupRows],
    scope: &SurveyScope<'_>,
    problems: &mut Diagnostics,
) -> Option<Arc<dyn Linkage>> {
    let only = OnlyParameters(scope.parameters);
    let elements = elements(options, &only, problems);
    let error = error(options, scope, problems);
    let allow = match options.formula("allow", problems) {
        Some(text) => elements.as_ref().and_then(|e| allow(&text, e.len(), &only, problems)),
        None => Some(0),
    };
    let within = Within::declare(options, scope, problems);
    let (elements, within) = (elements?, within?);
    let persons = match within {
        Within::All => scope.truth.persons as f64,
        Within::Group => groups.iter().map(|g| g.size).max().unwrap_or(0) as f64,
        Within::Site => scope.truth.persons as f64 / scope.truth.sites.len().max(1) as f64,
    };
    let span = options.get("elements").map_or(&options.span, OptionValue::span);
    check_length(&elements, within, persons, span, problems);
    Some(Arc::new(SelfMade { elements, error: error?, allow: allow?, within }))
}

fn elements(options: &Options, only: &OnlyParameters<'_>, problems: &mut Diagnostics) -> Option<Vec<Element>> {
    let Some(value) = options.get("elements") else {
        options.missing("elements", problems);
        return None;
    };
    let list = options.list("elements", problems)?;
    if list.is_empty() || list.len() > MOST_ELEMENTS {
        problems
            .error("S0438", value.span(), format!("a code of {} elements", list.len()))
            .help(format!("from 1 to {MOST_ELEMENTS} elements, such as `{{ name = \"day of birth\", values = 31 }}`"));
        return None;
    }
    let mut elements: Vec<Element> = Vec::new();
    for item in list {
        let OptionValue::Table(table) = item else {
            let what = format!("an element must be a table, and is {}", item.kind());
            problems.error("S0102", item.span(), what).help("write `{ name = \"day of birth\", values = 31 }`");
            continue;
        };
        let Some(element) = Element::declare(table, only, problems) else { continue };
        if element.name.trim().is_empty() {
            problems.error("S0438", &table.span, "an element has an empty name").help("give it a name");
        } else if elements.iter().any(|e| e.name == element.name) {
            let what = format!("two elements are called `{}`", element.name);
            problems.error("S0438", &table.span, what).help("give each a name of its own");
        }
        elements.push(element);
    }
    let values: f64 = elements.iter().map(|e| f64::from(e.values)).product();
    if values > MOST_VALUES {
        problems
            .error("S0438", value.span(), format!("a code of these elements has {values:.0e} values"))
            .help(format!("at most {MOST_VALUES:.0e} can be told apart: leave elements out"));
    }
    (elements.len() == list.len()).then_some(elements)
}

/// The chance that an element is given wrong: a law drawn once per person, or a formula.
fn error(options: &Options, scope: &SurveyScope<'_>, problems: &mut Diagnostics) -> Option<Rate> {
    let Some(text) = options.formula("error", problems) else {
        if options.get("error").is_none() {
            options.missing("error", problems);
        }
        return None;
    };
    if !distribution::is_law(&text) {
        return scope.before_interview(|| compile(&text, &Wanted::Probability, scope, problems)).map(Rate::Formula);
    }
    let law = scope.before_interview(|| distribution::declare(&text, None, scope, problems))?;
    let bounds = law.bounds();
    if bounds.low < 0.0 || bounds.high > 1.0 {
        let (low, high) = (bounds.low, bounds.high);
        problems
            .error(
                "S0436",
                &text.span,
                format!("an error rate is a probability, and this law goes from {low} to {high}"),
            )
            .help("`beta(a = 0.4, b = 10.6)` stays in [0, 1]");
        return None;
    }
    Some(Rate::Drawn(law))
}

fn allow(text: &Text, elements: usize, only: &OnlyParameters<'_>, problems: &mut Diagnostics) -> Option<usize> {
    let allow = compile(text, &Wanted::Number, only, problems)?.constant()?;
    if allow.fract() != 0.0 || !(0.0..elements as f64).contains(&allow) {
        problems
            .error("S0438", &text.span, format!("{allow} of {elements} elements cannot differ"))
            .help(format!("a whole number from 0 (codes agree exactly) to {}", elements - 1));
        return None;
    }
    let choices = (0..allow as usize).fold(1.0, |ways, k| ways * (elements - k) as f64 / (k + 1) as f64);
    if choices > MOST_CHOICES {
        problems
            .error("S0438", &text.span, format!("there are too many ways to choose {allow} of {elements} elements"))
            .help(format!("at most {MOST_CHOICES}: allow fewer to differ"));
        return None;
    }
    Some(allow as usize)
}

/// Codes that many persons share by chance are an error, and a warning where they are some.
fn check_length(elements: &[Element], within: Within, persons: f64, span: &Span, problems: &mut Diagnostics) {
    let alike: f64 = elements.iter().map(Element::alike).product();
    let shared = 1.0 - libm::pow(1.0 - alike, (persons - 1.0).max(0.0));
    if shared <= SHARED.1 {
        return;
    }
    let pairs = persons * (persons - 1.0) / 2.0 * alike;
    let who = match within {
        Within::All => "",
        Within::Group => " of the largest group",
        Within::Site => " of a site",
    };
    let message = format!(
        "among {persons:.0} persons{who} about {pairs:.1} pairs have the same code, and {:.0} percent share theirs",
        100.0 * shared
    );
    let help = "add elements or values, or keep to records `within` a group or site";
    if shared > SHARED.0 {
        problems.error("S0435", span, message).help(help);
    } else {
        problems.warn("S0435", span, message).help(help);
    }
}

impl Linkage for SelfMade {
    fn once(&self) -> Option<(&Rate, Purpose)> {
        Some((&self.error, RATE))
    }

    fn elements(&self) -> Vec<(String, u16)> {
        self.elements.iter().map(|e| (e.name.clone(), e.values)).collect()
    }

    fn leaves_gaps(&self) -> bool {
        true
    }

    fn mechanisms(&self) -> Vec<Mechanism> {
        vec![Mechanism { name: "wrong element of a code", slots: self.error.slots().to_vec(), loses: true }]
    }

    fn give_codes(&self, interviews: &Interviews<'_>, records: &mut Records) -> Vec<Vec<Vec<u16>>> {
        self.elements.iter().map(|element| element.give(interviews, records)).collect()
    }

    /// At each wave the codes are compared with the last code of every record, whatever its wave: first those that are
    /// alike are joined, then among the rest those with one differing element, and so on to `allow`. Only where code and
    /// record have nobody else to be joined with.
    fn join(&self, interviews: &Interviews<'_>, codes: &[Vec<Vec<u16>>], rows: Range<usize>, records: &mut Records) {
        let keys = Codes::new(self.elements.iter().map(|e| e.values).collect());
        let first = records.begin();
        // The last code of each record of the replicate.
        let mut last: Vec<Code> = Vec::new();
        for (wave, attended) in interviews.attended.iter().enumerate() {
            let present: Vec<usize> = rows.clone().filter(|row| attended[*row]).collect();
            let code = |row: &usize| {
                let digits = codes.iter().map(|element| element[wave][*row]);
                keys.code(self.within.part(interviews, *row), digits)
            };
            let given: Vec<Code> = present.iter().map(code).collect();
            let joined = keys.join(&given, &last, self.allow);
            for ((row, code), record) in present.iter().zip(given).zip(joined) {
                match record {
                    Some(record) => {
                        records.file((first + record) as u32, wave, *row);
                        last[record] = code;
                    }
                    None => {
                        records.open(wave, *row);
                        last.push(code);
                    }
                }
            }
        }
    }
}
