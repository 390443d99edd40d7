//! The options of multiple imputation.

use super::{Imputing, Step};
use crate::diagnostic::{Diagnostics, Text};
use crate::options::{OptionValue, Options};
use crate::statistics::imputation::{Augmentation, chained::WhenCollinear};

/// A variable to impute, as declared.
#[derive(Clone, Debug)]
pub(super) struct Wanted {
    pub(super) name: Text,
    pub(super) kind: Option<Word>,
    pub(super) donors: usize,
    /// What is added to its imputations: in each named group, or in all.
    pub(super) delta: Vec<(Option<String>, f64)>,
}

/// A model, as named.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Word {
    Normal,
    Pmm,
    Logistic,
    Multinomial,
    Ordinal,
}

impl Word {
    const WORDS: [&'static str; 5] = ["normal", "pmm", "logistic", "multinomial", "ordinal"];
    const ALL: [Self; 5] = [Self::Normal, Self::Pmm, Self::Logistic, Self::Multinomial, Self::Ordinal];

    pub(super) fn word(self) -> &'static str {
        Self::ALL.iter().position(|w| *w == self).map_or("", |k| Self::WORDS[k])
    }
}

/// Imputations, sweeps and donors at most: far more than any use of them.
const MOST: f64 = 100_000.0;
const DONORS: usize = 5;

pub(super) fn declare(options: &Options, problems: &mut Diagnostics) -> Option<Box<dyn Step>> {
    let before = problems.list().len();
    let m = whole(options, "m", 2.0, problems).unwrap_or(20);
    let sweeps = whole(options, "sweeps", 1.0, problems).unwrap_or(10);
    if options.get("variables").is_none() {
        options.missing("variables", problems);
    }
    if let Some(OptionValue::List(list, span)) = options.get("variables")
        && list.is_empty()
    {
        problems
            .error("S0670", span, "`variables` is empty")
            .help("name the questions whose missing answers are imputed");
    }
    let variables = options.list("variables", problems).map(<[OptionValue]>::to_vec).unwrap_or_default();
    let variables: Vec<Wanted> = variables.iter().filter_map(|value| wanted(value, problems)).collect();
    let names = |key: &str, problems: &mut Diagnostics| {
        options.texts(key, problems).map(|list| list.into_iter().map(|t| t.text).collect::<Vec<_>>())
    };
    let baseline = names("baseline", problems);
    let name = |key: &str, problems: &mut Diagnostics| options.text(key, problems).map(|t| t.text);
    let (interaction, by) = (name("interaction", problems), name("by", problems));
    let waves = options.choice("waves", &["all", "earlier"], problems);
    let one_pass = options.switch("one_pass", problems).unwrap_or(true);
    let augmentation = options.choice("augment", &["on_separation", "always", "never"], problems);
    let collinear = options.choice("collinear", &["fail", "leave_out"], problems);
    options.finish(problems);
    let imputing = Imputing {
        m,
        sweeps,
        variables,
        baseline,
        interaction,
        by,
        later_waves: waves != Some(1),
        one_pass,
        augmentation: match augmentation {
            Some(1) => Augmentation::Always,
            Some(2) => Augmentation::Never,
            _ => Augmentation::OnSeparation,
        },
        when_collinear: if collinear == Some(1) { WhenCollinear::LeaveOut } else { WhenCollinear::Fail },
    };
    (problems.list().len() == before).then(|| Box::new(imputing) as Box<dyn Step>)
}

/// A whole number of at least `least`.
fn whole(options: &Options, key: &str, least: f64, problems: &mut Diagnostics) -> Option<usize> {
    let value = options.get(key)?;
    let found = number(value).filter(|v| v.fract() == 0.0 && (least..=MOST).contains(v));
    if found.is_none() {
        problems
            .error("S0670", value.span(), format!("`{key}` must be a whole number from {least} to {MOST}"))
            .help("`eclosion explain S0670` shows the numbers of an imputation");
    }
    found.map(|v| v as usize)
}

fn number(value: &OptionValue) -> Option<f64> {
    match value {
        OptionValue::Number(text) => text.text.parse::<f64>().ok().filter(|v| v.is_finite()),
        _ => None,
    }
}

/// A name, or a table with the name and what is special about the variable.
fn wanted(value: &OptionValue, problems: &mut Diagnostics) -> Option<Wanted> {
    let table = match value {
        OptionValue::Text(name) => {
            return Some(Wanted { name: name.clone(), kind: None, donors: DONORS, delta: Vec::new() });
        }
        OptionValue::Table(table) => table,
        other => {
            let message = format!("`variables` is a list of names or tables, and this is {}", other.kind());
            problems.error("S0102", other.span(), message);
            return None;
        }
    };
    if table.get("name").is_none() {
        table.missing("name", problems);
    }
    let name = table.text("name", problems);
    let kind = table.choice("kind", &Word::WORDS, problems).map(|k| Word::ALL[k]);
    let donors = whole(table, "donors", 1.0, problems).unwrap_or(DONORS);
    let delta = table.get("delta").map(|value| delta(value, problems)).unwrap_or_default();
    table.finish(problems);
    Some(Wanted { name: name?, kind, donors, delta })
}

/// A number, or a table of numbers by group.
fn delta(value: &OptionValue, problems: &mut Diagnostics) -> Vec<(Option<String>, f64)> {
    let mut read = |group: Option<String>, value: &OptionValue| {
        let found = number(value);
        if found.is_none() {
            problems
                .error("S0670", value.span(), "`delta` must be a number, or a table of numbers by group")
                .help("delta = 0.5, or delta = { women = 0.5, men = 0 }");
        }
        found.map(|v| (group, v))
    };
    match value {
        OptionValue::Table(table) => {
            let each = table.entries.iter().filter_map(|e| read(Some(e.key.text.clone()), &e.value));
            each.collect()
        }
        other => read(None, other).into_iter().collect(),
    }
}
