//! Consent of adults and assent of minors, asked for at every wave from the second on at which a person is there. A minor
//! who has come of age is asked anew, as an adult.

use super::chance::{needed, optional};
use super::{Declared, Part, WaveLoss};
use crate::diagnostic::{Diagnostics, Text};
use crate::formula::{Kind, OnlyParameters, Wanted, compile};
use crate::observe::run::Presence;
use crate::observe::scope::SurveyScope;
use crate::options::Options;
use crate::rules::{Rule, Shape};
use crate::streams::Purpose;
use crate::tables::{Reason, RunProblem};
use std::sync::Arc;

pub(super) const SUMMARY: &str = "consent of an adult or assent of a minor is withdrawn; probabilities `adult` and `minor` \
                                  per wave, `majority` at the first wave `of_age`; `data` = \"keep\" or \"erase\"";

/// Age at which a minor is of age, unless `of_age` says other.
const OF_AGE: &str = "18";

#[derive(Debug)]
struct Consent {
    of_age: Rule,
    adult: Rule,
    minor: Rule,
    majority: Option<Rule>,
    erases: bool,
}

/// What is remembered of a person: whether it was a minor when last asked.
const MINOR: u8 = 1;
const ADULT: u8 = 2;

pub(super) fn declare(
    options: &Options,
    scope: &SurveyScope<'_>,
    purpose: &str,
    problems: &mut Diagnostics,
) -> Option<Declared> {
    let of_age = of_age(options, scope, purpose, problems);
    let adult = needed("adult", options, scope, &format!("{purpose}.adult"), problems);
    let minor = needed("minor", options, scope, &format!("{purpose}.minor"), problems);
    let majority = optional("majority", options, scope, &format!("{purpose}.majority"), problems);
    if options.get("data").is_none() {
        options.missing("data", problems);
    }
    let erases = options.choice("data", &["keep", "erase"], problems)? == 1;
    let consent = Consent { of_age: of_age?, adult: adult?, minor: minor?, majority: majority?, erases };
    Some(Declared::Waves(Arc::new(consent)))
}

/// Whether a person is of age, as a rule that decides by certainty.
fn of_age(options: &Options, scope: &SurveyScope<'_>, purpose: &str, problems: &mut Diagnostics) -> Option<Rule> {
    let written = options.formula("of_age", problems);
    let span = written.as_ref().map_or_else(|| options.span.clone(), |t| t.span.clone());
    let years = match written {
        Some(text) => compile(&text, &Wanted::Positive, &OnlyParameters(scope.parameters), problems)?.constant()?,
        None if options.get("of_age").is_some() => return None,
        None => OF_AGE.parse().expect("it is a number"),
    };
    if !scope.truth.variable("age").is_some_and(|v| scope.kind(v).0 == Kind::Number) {
        problems
            .error("S0415", &options.span, "consent goes by age, and the truth has no number called `age`")
            .help("add an attribute, such as `age = \"uniform(low = 12, high = 25)\"` in `[attributes]`");
        return None;
    }
    let text = Text { text: format!("age >= {years}"), span };
    let program = scope.before_interview(|| compile(&text, &Wanted::Boolean, scope, problems))?;
    Some(Rule::new(Shape::Yes, vec![program], None, Purpose::named(&format!("{purpose}.of_age"))))
}

impl Consent {
    /// The parts with their rules: adults, minors, those who come of age.
    fn asked(&self) -> Vec<(&'static str, &Rule)> {
        let mut asked = vec![(" of adults", &self.adult), (" of minors", &self.minor)];
        asked.extend(self.majority.as_ref().map(|m| (" of those who come of age", m)));
        asked
    }

    /// The part to which somebody belongs; nobody is asked again at the wave of beginning.
    fn part(&self, before: u8, of_age: bool) -> Option<usize> {
        match (before, of_age) {
            (0, _) => None,
            (MINOR, true) if self.majority.is_some() => Some(2),
            (_, true) => Some(0),
            (_, false) => Some(1),
        }
    }
}

impl WaveLoss for Consent {
    fn parts(&self) -> Vec<Part<'_>> {
        self.asked().into_iter().map(|(suffix, rule)| Part { suffix, rules: vec![rule, &self.of_age] }).collect()
    }

    fn reasons(&self) -> Vec<Reason> {
        if self.erases { vec![Reason::Withdrawn, Reason::Erased] } else { vec![Reason::Withdrawn] }
    }

    fn first_wave(&self) -> usize {
        1
    }

    fn erases(&self) -> bool {
        self.erases
    }

    fn work(&self, persons: &mut Presence<'_, '_>) -> Result<(), RunProblem> {
        let kept: Vec<bool> = persons.status().iter().map(|s| *s != 0).collect();
        let of_age = persons.decide(&self.of_age, 0)?;
        let mut belongs: Vec<Option<usize>> = vec![None; kept.len()];
        for row in (0..kept.len()).filter(|row| !kept[*row]) {
            let before = persons.memory()[row];
            belongs[row] = self.part(before, of_age[row] == 1);
            persons.memory()[row] = if of_age[row] == 1 { ADULT } else { MINOR };
        }
        for (part, (_, rule)) in self.asked().into_iter().enumerate() {
            let skip: Vec<u8> = belongs.iter().map(|b| u8::from(*b != Some(part))).collect();
            let withdraws = persons.decide_for(rule, part + 1, &skip)?;
            let (mut at_risk, mut happened) = (0, 0);
            for row in (0..skip.len()).filter(|row| skip[*row] == 0) {
                at_risk += 1;
                happened += u64::from(withdraws[row]);
                if withdraws[row] == 1 {
                    persons.take_out(row, Reason::Withdrawn, true);
                    if self.erases {
                        persons.erase(row);
                    }
                }
            }
            persons.count(part, at_risk, happened);
        }
        Ok(())
    }
}
