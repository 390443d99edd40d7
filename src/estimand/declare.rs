//! Reading an `[[estimand]]` table.

mod coefficient;

use super::scope::names;
use crate::diagnostic::{Diagnostics, Severity, Span, Text, near_miss};
use crate::formula::{OnlyParameters, Parameter, Parameters, Wanted, compile};
use crate::options::Options;
use crate::statistics::regression::Family;
use crate::tables::{Constant, Quantity, Target, TargetTruth, TruthSchema};

const QUANTITIES: [&str; 11] = [
    "prevalence",
    "ever",
    "years",
    "mean",
    "difference",
    "transition",
    "cooccurrence",
    "coefficient",
    "risk_ratio",
    "odds_ratio",
    "finding",
];

/// What kind of values a variable has.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Kind<'a> {
    YesNo,
    Levels(&'a [String]),
    Number,
}

/// An `[[estimand]]` table and what is needed to understand it.
struct Reader<'a> {
    options: &'a Options,
    parameters: &'a Parameters,
    truth: &'a TruthSchema,
    problems: &'a mut Diagnostics,
}

/// See [`super::declare`].
pub(super) fn declare(
    options: &Options,
    confidence: f64,
    parameters: &Parameters,
    truth: &TruthSchema,
    problems: &mut Diagnostics,
) -> Option<Target> {
    let errors = count_errors(problems);
    let mut reader = Reader { options, parameters, truth, problems };
    let target = reader.target(confidence);
    (count_errors(problems) == errors).then_some(target).flatten()
}

fn count_errors(problems: &Diagnostics) -> usize {
    problems.list().iter().filter(|p| p.severity == Severity::Error).count()
}

/// The position of the variable that an estimand is about (S0501).
pub(super) fn variable(of: &Text, truth: &TruthSchema, problems: &mut Diagnostics) -> Option<usize> {
    let found = truth.variable(&of.text);
    if found.is_none() {
        let known: Vec<&str> = truth.variables.iter().map(|v| v.name.as_str()).collect();
        let help = match near_miss(&of.text, known.iter().copied()) {
            Some(near) => format!("did you mean `{near}`?"),
            None if names(truth).any(|n| n == of.text) => {
                format!("`{0}` can be asked for in `where` and `compare`: `{0} == '...'`", of.text)
            }
            None => format!("known here: {}", known.join(", ")),
        };
        problems.error("S0501", &of.span, format!("there is no variable `{}`", of.text)).help(help);
    }
    found
}

impl<'a> Reader<'a> {
    fn target(&mut self, confidence: f64) -> Option<Target> {
        let name = self.text("name");
        let quantity = self.choice("quantity", &QUANTITIES);
        let of = self.text("of");
        let truth = self.true_value();
        let null = self.number("null");
        let kind = of.as_ref().and_then(|of| self.kind(of));
        // Without a quantity nobody knows which other keys belong here.
        let word = QUANTITIES[quantity?];
        let restrict = if word == "finding" { None } else { self.options.text("where", self.problems) };
        let quantity = self.quantity(word);
        let level = self.level(word);
        let compare = if matches!(word, "difference" | "risk_ratio" | "odds_ratio") { self.compare() } else { None };
        if let (Some(of), Some(kind)) = (&of, kind) {
            self.check(word, of, kind, level.as_ref(), quantity.as_ref());
        }
        self.options.finish(self.problems);
        let quantity = quantity?;
        let tested = match quantity {
            Quantity::Difference { .. } | Quantity::Coefficient { .. } => Some(0.0),
            Quantity::RiskRatio { .. } | Quantity::OddsRatio { .. } => Some(1.0),
            _ => None,
        };
        Some(Target {
            name: name?.text,
            span: self.options.span.clone(),
            of: of?,
            level: level.filter(|_| matches!(kind, Some(Kind::Levels(_)))).map(|level| level.text),
            quantity,
            restrict,
            compare,
            constants: self.constants(),
            null: null.or(tested),
            truth: truth?,
            level_of_confidence: confidence,
        })
    }

    /// The parameters, for the methods' reading of `where` and `compare`.
    fn constants(&self) -> Vec<Constant> {
        let constant = |p: &Parameter| Constant { name: p.name.text.clone(), value: p.value, levels: p.levels.clone() };
        self.parameters.list().iter().map(constant).collect()
    }

    /// A text that must be there.
    fn text(&mut self, key: &str) -> Option<Text> {
        self.need(key)?;
        self.options.text(key, self.problems)
    }

    /// A model or a term, which must be there; `1` may be written without quotation marks.
    fn model(&mut self, key: &str) -> Option<Text> {
        self.need(key)?;
        self.options.formula(key, self.problems)
    }

    /// One of some words, which must be there.
    fn choice(&mut self, key: &str, words: &[&str]) -> Option<usize> {
        self.need(key)?;
        self.options.choice(key, words, self.problems)
    }

    fn need(&mut self, key: &str) -> Option<()> {
        if self.options.get(key).is_none() {
            self.options.missing(key, self.problems);
            return None;
        }
        Some(())
    }

    /// A number or formula of parameters, finite (S0513).
    fn number(&mut self, key: &str) -> Option<f64> {
        let text = self.options.formula(key, self.problems)?;
        self.number_in(key, &text)
    }

    fn number_in(&mut self, key: &str, text: &Text) -> Option<f64> {
        let value = compile(text, &Wanted::Number, &OnlyParameters(self.parameters), self.problems)?.constant()?;
        if !value.is_finite() {
            self.problems.error("S0513", &text.span, format!("`{key}` must be a finite number, and is {value}"));
            return None;
        }
        Some(value)
    }

    /// A whole number of at least 1 (S0502), with its place.
    fn whole(&mut self, key: &str) -> Option<(usize, Span)> {
        self.need(key)?;
        let text = self.options.formula(key, self.problems)?;
        Some((self.whole_in(key, &text)?, text.span))
    }

    fn whole_in(&mut self, key: &str, text: &Text) -> Option<usize> {
        let value = self.number_in(key, text)?;
        if value < 1.0 || value > f64::from(u32::MAX) || value.fract() != 0.0 {
            self.problems
                .error("S0502", &text.span, format!("`{key}` must be a whole number of at least 1, and is {value}"))
                .help("waves are counted from 1");
            return None;
        }
        Some(value as usize)
    }

    /// A wave of the study (S0503), counted from 0. A study with one wave need not name it.
    fn wave(&mut self, key: &str) -> Option<usize> {
        let waves = self.truth.waves.len();
        if waves == 1 && self.options.get(key).is_none() {
            return Some(0);
        }
        self.need(key)?;
        let text = self.options.formula(key, self.problems)?;
        self.wave_in(key, &text)
    }

    fn wave_in(&mut self, key: &str, text: &Text) -> Option<usize> {
        let waves = self.truth.waves.len();
        let wave = self.whole_in(key, text)?;
        if wave > waves {
            let message = format!("`{key}` is {wave}, and the number of waves is {waves}");
            self.problems.error("S0503", &text.span, message).help(format!("a number from 1 to {waves}"));
            return None;
        }
        Some(wave - 1)
    }

    fn kind(&mut self, of: &Text) -> Option<Kind<'a>> {
        let truth = self.truth;
        let position = variable(of, truth, self.problems)?;
        Some(match truth.variables[position].coding.as_deref() {
            Some(coding) if coding.is_yes_no() => Kind::YesNo,
            Some(coding) if !coding.levels.is_empty() => Kind::Levels(&coding.levels),
            _ => Kind::Number,
        })
    }
}

impl Reader<'_> {
    /// The quantity with its own keys.
    fn quantity(&mut self, word: &str) -> Option<Quantity> {
        Some(match word {
            "prevalence" => Quantity::Prevalence { wave: self.wave("wave")? },
            "mean" => Quantity::Mean { wave: self.wave("wave")? },
            "difference" => Quantity::Difference { wave: self.wave("wave")? },
            "risk_ratio" => Quantity::RiskRatio { wave: self.wave("wave")? },
            "odds_ratio" => Quantity::OddsRatio { wave: self.wave("wave")? },
            "ever" => Quantity::Ever { by: self.wave("by")? },
            "years" => return self.years(),
            "transition" => return self.transition(),
            "cooccurrence" => return self.cooccurrence(),
            "finding" => return self.finding(),
            _ => return self.coefficient(),
        })
    }

    fn years(&mut self) -> Option<Quantity> {
        let by = self.wave("by");
        let at_least = self.whole("at_least");
        let consecutive = self.options.switch("consecutive", self.problems).unwrap_or(false);
        let ((at_least, span), by) = (at_least?, by?);
        if at_least > by + 1 {
            let message = format!("`at_least` is {at_least}, and only {} wave(s) count", by + 1);
            self.problems.error("S0507", &span, message).help("lower `at_least` or raise `by`");
            return None;
        }
        Some(Quantity::Years { at_least, consecutive, by })
    }

    fn transition(&mut self) -> Option<Quantity> {
        let (from, to) = (self.wave("from"), self.wave("to"));
        let direction = self.choice("direction", &["entering", "leaving"]);
        let (from, to, direction) = (from?, to?, direction?);
        if from >= to {
            let span = self.options.get("from").map_or(&self.options.span, |v| v.span());
            let message = format!("a transition goes forward, and this one is from wave {} to {}", from + 1, to + 1);
            self.problems.error("S0506", span, message).help("`from` must be less than `to`");
            return None;
        }
        Some(Quantity::Transition { from, to, entering: direction == 0 })
    }

    /// The other variable of a co-occurrence is a share's too (S0504, S0505).
    fn cooccurrence(&mut self) -> Option<Quantity> {
        let wave = self.wave("wave");
        let with = self.text("with");
        let level = self.options.formula("with_level", self.problems);
        let kind = with.as_ref().and_then(|with| self.kind(with));
        let (with, kind) = (with?, kind?);
        self.check_share(&with, kind, level.as_ref(), ("with_level", "cooccurrence"));
        let with_level = level.filter(|_| matches!(kind, Kind::Levels(_))).map(|level| level.text);
        Some(Quantity::Cooccurrence { wave: wave?, with, with_level })
    }

    /// An estimate in a method's report, whose truth nothing but the file can tell (S0515).
    fn finding(&mut self) -> Option<Quantity> {
        let name = self.text("finding");
        if self.options.get("true_value").is_none() {
            let span = self.options.get("quantity").map_or(&self.options.span, |v| v.span());
            self.problems
                .error("S0515", span, "the true value of a finding cannot be worked out")
                .help("add `true_value = ...`, the value that the method should find");
            return None;
        }
        Some(Quantity::Finding { name: name?.text })
    }

    /// The level that counts as yes, as written. A mean and a finding have none.
    fn level(&mut self, word: &str) -> Option<Text> {
        if matches!(word, "mean" | "finding") { None } else { self.options.formula("level", self.problems) }
    }

    /// The two conditions of a difference (S0510).
    fn compare(&mut self) -> Option<(Text, Text)> {
        self.need("compare")?;
        let texts = self.options.texts("compare", self.problems)?;
        let count = texts.len();
        match <[Text; 2]>::try_from(texts) {
            Ok([one, other]) => Some((one, other)),
            Err(_) => {
                let span = self.options.get("compare").map_or(&self.options.span, |v| v.span());
                self.problems
                    .error("S0510", span, format!("`compare` needs two conditions, and has {count}"))
                    .help("write `compare = [\"arm == 1\", \"arm == 0\"]`: the first minus the second");
                None
            }
        }
    }

    /// Which truth to compare with (S0508).
    fn true_value(&mut self) -> Option<TargetTruth> {
        let target = self.options.choice("target", &["population", "cohort"], self.problems);
        let given = self.options.get("target").is_some();
        if let Some(value) = self.options.get("true_value") {
            if given {
                self.problems
                    .error("S0508", value.span(), "`true_value` and `target` cannot both say what the truth is")
                    .help("leave one of them out");
                return None;
            }
            return self.number("true_value").map(TargetTruth::Constant);
        }
        match target {
            Some(1) => Some(TargetTruth::Cohort),
            None if given => None,
            _ => Some(TargetTruth::Population),
        }
    }

    /// Whether the quantity can be asked of such a variable (S0504, S0505, S0514).
    fn check(&mut self, word: &str, of: &Text, kind: Kind<'_>, level: Option<&Text>, quantity: Option<&Quantity>) {
        let name = &of.text;
        let share = matches!(
            word,
            "prevalence" | "ever" | "years" | "transition" | "cooccurrence" | "risk_ratio" | "odds_ratio"
        );
        match kind {
            _ if share => self.check_share(of, kind, level, ("level", word)),
            Kind::Levels(_) if word == "mean" => {
                let message = format!("`{name}` has named levels, and levels have no mean");
                self.problems.error("S0505", &of.span, message).help("ask for the `prevalence` of a `level`");
            }
            _ => self.check_level(name, kind, level, ("level", word)),
        }
        let binomial = matches!(quantity, Some(Quantity::Coefficient { family: Family::Binomial, .. }));
        if binomial && kind == Kind::Number {
            let message = format!("`{name}` is a number, and a logistic or other binomial regression needs yes and no");
            self.problems
                .error("S0514", &of.span, message)
                .help("write `family = \"linear\"` (`\"gaussian\"`), or `\"poisson\"` for counts");
        }
        let changes = self.truth.variable(name).is_some_and(|v| self.truth.variables[v].changes);
        if word == "transition" && !changes {
            self.problems.error("S0505", &of.span, format!("`{name}` never changes: it has no transitions"));
        }
    }

    /// A share is of a yes/no variable or of a level (S0505). `key` is where the level stands.
    fn check_share(&mut self, of: &Text, kind: Kind<'_>, level: Option<&Text>, (key, word): (&str, &str)) {
        if kind == Kind::Number {
            let message = format!("`{}` is a number, and `{word}` asks for a level", of.text);
            self.problems.error("S0505", &of.span, message).help("ask for its `mean`, or declare a yes/no variable");
            return;
        }
        self.check_level(&of.text, kind, level, (key, word));
    }

    fn check_level(&mut self, name: &str, kind: Kind<'_>, level: Option<&Text>, (key, word): (&str, &str)) {
        match (kind, level) {
            (Kind::Levels(levels), Some(level)) if !levels.contains(&level.text) => {
                let help = match near_miss(&level.text, levels.iter().map(String::as_str)) {
                    Some(near) => format!("did you mean `{near}`?"),
                    None => format!("one of: {}", levels.join(", ")),
                };
                let message = format!("`{name}` has no level `{}`", level.text);
                self.problems.error("S0504", &level.span, message).help(help);
            }
            (Kind::Levels(levels), None) if !matches!(word, "mean" | "finding") => {
                let message = format!("`{name}` has named levels: `{key}` must say which one counts");
                let help = format!("add `{key} = \"...\"`, one of: {}", levels.join(", "));
                self.problems.error("S0504", &self.options.span, message).help(help);
            }
            (Kind::YesNo, Some(level)) if level.text != "yes" && level.text != "1" => {
                let message = format!("`{name}` is a yes/no variable: only `yes` can be its level");
                let help = format!("leave `{key}` out; the share of `no` is one minus that of `yes`");
                self.problems.error("S0504", &level.span, message).help(help);
            }
            (Kind::Number, Some(level)) => {
                let message = format!("`{name}` is a number and has no levels");
                self.problems.error("S0504", &level.span, message).help(format!("leave `{key}` out"));
            }
            _ => {}
        }
    }
}
