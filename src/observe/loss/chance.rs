//! What the tables of several losses have in common: a chance per wave, and the waves at which it works.

use crate::diagnostic::{Diagnostics, Text};
use crate::formula::{Program, Wanted, compile};
use crate::observe::scope::{Meaning, SurveyScope};
use crate::options::Options;
use crate::rules::{Rule, Shape};
use crate::streams::Purpose;

/// The rule of `rate` or `probability`, one of which must be there.
pub(super) fn rule(
    options: &Options,
    scope: &SurveyScope<'_>,
    purpose: &str,
    problems: &mut Diagnostics,
) -> Option<Rule> {
    let (shape, program) = scope.before_interview(|| chance(options, scope, problems))?;
    Some(Rule::new(shape, vec![program], None, Purpose::named(purpose)))
}

/// The rule of a probability under `key`, which must be there.
pub(super) fn needed(
    key: &str,
    options: &Options,
    scope: &SurveyScope<'_>,
    purpose: &str,
    problems: &mut Diagnostics,
) -> Option<Rule> {
    let rule = optional(key, options, scope, purpose, problems)?;
    if rule.is_none() {
        options.missing(key, problems);
    }
    rule
}

/// The rule of a probability under `key`, per person and wave; `None` inside where the key is absent.
#[expect(clippy::option_option, reason = "outer: whether it could be read; inner: whether it is there")]
pub(super) fn optional(
    key: &str,
    options: &Options,
    scope: &SurveyScope<'_>,
    purpose: &str,
    problems: &mut Diagnostics,
) -> Option<Option<Rule>> {
    if options.get(key).is_none() {
        return Some(None);
    }
    let text = options.formula(key, problems)?;
    let program = scope.before_interview(|| compile(&text, &Wanted::Probability, scope, problems))?;
    Some(Some(Rule::new(Shape::Yes, vec![program], None, Purpose::named(purpose))))
}

/// The chance of a loss: `rate` per person-year, over the time between waves, or `probability` per wave.
pub(super) fn chance(
    options: &Options,
    scope: &SurveyScope<'_>,
    problems: &mut Diagnostics,
) -> Option<(Shape, Program)> {
    let rate = options.formula("rate", problems);
    let probability = options.formula("probability", problems);
    match (rate, probability) {
        (Some(rate), None) => {
            let years = years_between_waves(&rate, scope, problems)?;
            let program = compile(&rate, &Wanted::Rate, scope, problems)?;
            Some((Shape::Event { years }, program))
        }
        (None, Some(probability)) => {
            let program = compile(&probability, &Wanted::Probability, scope, problems)?;
            Some((Shape::Yes, program))
        }
        (Some(_), Some(probability)) => {
            problems.error("S0406", &probability.span, "either `rate` or `probability`, not both");
            None
        }
        (None, None) => {
            if options.get("rate").is_none() && options.get("probability").is_none() {
                options.missing("probability", problems);
            }
            None
        }
    }
}

/// Years between two waves, over which a rate works.
pub(super) fn years_between_waves(rate: &Text, scope: &SurveyScope<'_>, problems: &mut Diagnostics) -> Option<f64> {
    let waves = &scope.truth.waves;
    if let [first, second, ..] = waves.as_slice() {
        return Some(scope.truth.years(*second) - scope.truth.years(*first));
    }
    problems
        .error("S0406", &rate.span, "a rate needs time between waves, and there is one wave only")
        .help("write `probability` instead");
    None
}

/// `probability`, where nothing else will do.
pub(super) fn probability(options: &Options, scope: &SurveyScope<'_>, problems: &mut Diagnostics) -> Option<Program> {
    let probability = options.formula("probability", problems);
    if options.get("probability").is_none() {
        options.missing("probability", problems);
    }
    compile(&probability?, &Wanted::Probability, scope, problems)
}

/// `from_wave`, counted from 0; `default` is counted from 0, too.
pub(super) fn from_wave(
    options: &Options,
    default: usize,
    scope: &SurveyScope<'_>,
    problems: &mut Diagnostics,
) -> Option<usize> {
    number_of_wave("from_wave", options, default, scope, problems)
}

/// The number of a wave under `key`, counted from 0; so is `default`.
pub(in crate::observe) fn number_of_wave(
    key: &str,
    options: &Options,
    default: usize,
    scope: &SurveyScope<'_>,
    problems: &mut Diagnostics,
) -> Option<usize> {
    let Some(text) = options.formula(key, problems) else { return Some(default) };
    let waves = scope.truth.waves.len();
    match compile(&text, &Wanted::Number, scope, problems)?.constant() {
        Some(wave) if wave.fract() == 0.0 && (1.0..=waves as f64).contains(&wave) => Some(wave as usize - 1),
        _ => {
            problems
                .error("S0407", &text.span, format!("`{key}` cannot be {}", text.text))
                .help(format!("the number of a wave, from 1 to {waves}"));
            None
        }
    }
}

/// `who`: a yes/no formula of what does not change, as a rule that decides by certainty; `None` inside where absent.
#[expect(clippy::option_option, reason = "outer: whether it could be read; inner: whether it is there")]
pub(super) fn who(
    options: &Options,
    scope: &SurveyScope<'_>,
    purpose: &str,
    problems: &mut Diagnostics,
) -> Option<Option<Rule>> {
    if options.get("who").is_none() {
        return Some(None);
    }
    let text = options.formula("who", problems)?;
    let program = scope.before_interview(|| compile(&text, &Wanted::Boolean, scope, problems))?;
    let stays = |meaning| match meaning {
        Meaning::Now(v) => !scope.truth.variables[v].changes,
        Meaning::Group => true,
        Meaning::Site | Meaning::SiteEffect(_) => !sites_change(scope),
        _ => false,
    };
    let help = "read attributes, `group` and parameters";
    reads_only(&program, stays, ("`who` must not change from wave to wave", help), scope, problems)?;
    Some(Some(Rule::new(Shape::Yes, vec![program], None, Purpose::named(&format!("{purpose}.who")))))
}

/// Whether persons may move from site to site.
pub(super) fn sites_change(scope: &SurveyScope<'_>) -> bool {
    scope.truth.variable("setting").is_some_and(|v| scope.truth.variables[v].changes)
}

/// Refuses a formula that reads anything but what `may` be read; `why` and what would help.
pub(super) fn reads_only(
    program: &Program,
    may: impl Fn(Meaning) -> bool,
    (why, help): (&str, &str),
    scope: &SurveyScope<'_>,
    problems: &mut Diagnostics,
) -> Option<()> {
    let read = program.slots().iter().zip(program.describe_inputs());
    let bad =
        read.filter(|(slot, _)| !scope.slots.meaning(**slot).is_some_and(&may)).map(|(_, written)| written).next();
    let Some(written) = bad else { return Some(()) };
    let span = &program.text().span;
    problems.error("S0412", span, format!("{why}, and this formula reads `{written}`")).help(help);
    None
}
