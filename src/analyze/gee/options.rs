//! What a `[[method]]` table says of a marginal regression.

use crate::analyze::CannotAnswer;
use crate::diagnostic::Diagnostics;
use crate::formula::parse_model;
use crate::options::Options;
use crate::statistics::gee::{Correlation, Covariance, DfRule, Family, Link, Settings};
use crate::statistics::regression;
use crate::tables::ObservedSchema;

/// A marginal regression as declared.
#[derive(Clone, Debug)]
pub(super) struct Gee {
    pub(super) model: Option<String>,
    family: Option<Family>,
    link: Option<Link>,
    correlation: Correlation,
    df_rule: DfRule,
    fall_back: bool,
    pub(super) errors: Covariance,
    /// Whether tests and intervals rest on the t distribution.
    pub(super) t: bool,
    /// Counted from 0, ascending.
    waves: Option<Vec<usize>>,
    pub(super) weights: Option<String>,
    pub(super) cluster: Option<String>,
}

const FAMILIES: [(&str, Family); 3] =
    [("gaussian", Family::Gaussian), ("binomial", Family::Binomial), ("poisson", Family::Poisson)];
const LINKS: [(&str, Link); 5] = [
    ("identity", Link::Identity),
    ("logit", Link::Logit),
    ("probit", Link::Probit),
    ("cloglog", Link::Cloglog),
    ("log", Link::Log),
];
const CORRELATIONS: [(&str, Correlation); 4] = [
    ("independence", Correlation::Independence),
    ("exchangeable", Correlation::Exchangeable),
    ("ar1", Correlation::Ar1),
    ("unstructured", Correlation::Unstructured),
];
const RULES: [(&str, DfRule); 2] = [("n", DfRule::N), ("n_minus_p", DfRule::NMinusP)];
/// Covariances by the words of the option `errors`.
pub(super) const ERRORS: [(&str, Covariance); 6] = [
    ("model", Covariance::Model),
    ("robust", Covariance::Robust),
    ("df_adjusted", Covariance::DfAdjusted),
    ("kauermann_carroll", Covariance::KauermannCarroll),
    ("mancl_derouen", Covariance::ManclDeRouen),
    ("fay_graubard", Covariance::FayGraubard),
];

/// The word of a value.
pub(super) fn word<T: PartialEq, const N: usize>(words: &[(&'static str, T); N], value: &T) -> &'static str {
    words.iter().find(|(_, known)| known == value).map_or("", |(word, _)| word)
}

/// The word of a working correlation.
pub(super) fn correlation_word(correlation: Correlation) -> &'static str {
    word(&CORRELATIONS, &correlation)
}

/// One of the words of a key.
fn one_of<T: Copy, const N: usize>(
    options: &Options,
    key: &str,
    words: &[(&'static str, T); N],
    problems: &mut Diagnostics,
) -> Option<T> {
    let names: Vec<&str> = words.iter().map(|(name, _)| *name).collect();
    options.choice(key, &names, problems).and_then(|k| words.get(k)).map(|(_, value)| *value)
}

/// Reads the options.
pub(super) fn declare(options: &Options, problems: &mut Diagnostics) -> Option<Gee> {
    let model = options.text("model", problems);
    if let Some(text) = &model {
        for problem in parse_model(&text.text).1 {
            problems
                .error("S0605", &text.span.within(&problem.range), problem.message)
                .help(format!("{}; such as `well ~ group + factor(wave)`", problem.help));
        }
    }
    let family = one_of(options, "family", &FAMILIES, problems);
    let link = one_of(options, "link", &LINKS, problems);
    if let (Some(family), Some(link), Some(value)) = (family, link, options.get("link"))
        && !family.allows(link)
    {
        let message = format!("`link` cannot be `{}` with this `family`", word(&LINKS, &link));
        problems.error("S0120", value.span(), message).help("gaussian and poisson take `identity` and `log`");
    }
    let correlation = one_of(options, "correlation", &CORRELATIONS, problems);
    let df_rule = one_of(options, "df_rule", &RULES, problems);
    let fall_back = one_of(options, "fall_back", &[("none", false), ("exchangeable", true)], problems);
    let errors = one_of(options, "errors", &ERRORS, problems);
    let t = one_of(options, "test", &[("z", false), ("t", true)], problems);
    let waves = waves(options, problems);
    let weights = options.text("weights", problems);
    let cluster = options.text("cluster", problems);
    options.finish(problems);
    Some(Gee {
        model: model.map(|text| text.text),
        family,
        link,
        correlation: correlation.unwrap_or(Correlation::Exchangeable),
        df_rule: df_rule.unwrap_or_default(),
        fall_back: fall_back.unwrap_or(false),
        errors: errors.unwrap_or(Covariance::Robust),
        t: t.unwrap_or(false),
        waves,
        weights: weights.map(|text| text.text),
        cluster: cluster.map(|text| text.text),
    })
}

/// Numbers of waves, from 1.
fn waves(options: &Options, problems: &mut Diagnostics) -> Option<Vec<usize>> {
    let mut waves = Vec::new();
    for text in options.texts("waves", problems)? {
        match text.text.parse::<usize>() {
            Ok(wave) if wave > 0 => waves.push(wave - 1),
            _ => {
                problems
                    .error("S0109", &text.span, format!("`waves` holds `{}`, which is no number of a wave", text.text))
                    .help("waves are counted from 1: `waves = [1, 2, 3]`");
            }
        }
    }
    waves.sort_unstable();
    waves.dedup();
    (!waves.is_empty()).then_some(waves)
}

impl Gee {
    /// The settings of the fit, for an outcome that is of `usual` family if the options name none.
    pub(super) fn settings(&self, usual: Family) -> Result<Settings, CannotAnswer> {
        let family = self.family.unwrap_or(usual);
        let link = self.link.unwrap_or(match family {
            Family::Gaussian => Link::Identity,
            Family::Binomial => Link::Logit,
            Family::Poisson => Link::Log,
        });
        if !family.allows(link) {
            let (family, link) = (word(&FAMILIES, &family), word(&LINKS, &link));
            return Err(CannotAnswer { why: format!("the link `{link}` is not for the family `{family}`") });
        }
        Ok(Settings { family, link, correlation: self.correlation, df_rule: self.df_rule, fall_back: self.fall_back })
    }

    /// The settings of the fit of an estimand's regression, from which the options may not differ.
    pub(super) fn settings_of(
        &self,
        family: regression::Family,
        link: regression::Link,
    ) -> Result<Settings, CannotAnswer> {
        let family = match family {
            regression::Family::Gaussian => Family::Gaussian,
            regression::Family::Binomial => Family::Binomial,
            regression::Family::Poisson => Family::Poisson,
        };
        let link = match link {
            regression::Link::Identity => Link::Identity,
            regression::Link::Logit => Link::Logit,
            regression::Link::Probit => Link::Probit,
            regression::Link::Cloglog => Link::Cloglog,
            regression::Link::Log => Link::Log,
        };
        if self.family.is_some_and(|f| f != family) || self.link.is_some_and(|l| l != link) {
            let (family, link) = (word(&FAMILIES, &family), word(&LINKS, &link));
            let why = format!("the estimand is of another family or link: `{family}`, `{link}`");
            return Err(CannotAnswer { why });
        }
        Ok(Settings { family, link, correlation: self.correlation, df_rule: self.df_rule, fall_back: self.fall_back })
    }

    /// Whether the option `waves` names exactly these waves, or is not there.
    pub(super) fn allows_waves(&self, waves: &[usize]) -> bool {
        self.waves.as_ref().is_none_or(|own| own == waves)
    }

    /// The waves whose answers are used: those of the option, else all.
    pub(super) fn waves(&self, schema: &ObservedSchema) -> Result<Vec<usize>, CannotAnswer> {
        let waves = self.waves.clone().unwrap_or_else(|| (0..schema.waves()).collect());
        match waves.iter().find(|wave| **wave >= schema.waves()) {
            Some(wave) => {
                let why = format!("there is no wave {}; the survey has {}", wave + 1, schema.waves());
                Err(CannotAnswer { why })
            }
            None => Ok(waves),
        }
    }
}
