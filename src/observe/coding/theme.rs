//! `[[survey.comment]]`: what comments are about, how many there are in an interview, and what goes with them.

use super::place;
use crate::diagnostic::Diagnostics;
use crate::distribution::{self, Law};
use crate::formula::{Kind, Program, Wanted, compile};
use crate::observe::instrument::Waves;
use crate::observe::scope::SurveyScope;
use crate::options::Options;
use crate::streams::Purpose;

/// Where comments come from: a theme, or what is said besides.
#[derive(Clone, Debug)]
pub(in crate::observe) struct Source {
    pub name: String,
    /// Whether coders look for it.
    pub is_theme: bool,
    pub waves: Waves,
    /// Law of the number of comments in one interview.
    pub count: Law,
    /// Probability that a comment is positive, if it is either; it may read the relation.
    pub positive: Option<Program>,
    /// Probability that a comment goes toward, if it goes anywhere; likewise.
    pub toward: Option<Program>,
    /// Law of the relation, and the code of each of its levels.
    pub relation: Option<(Law, Vec<u8>)>,
    /// Draws of the number of comments.
    pub counting: Purpose,
    /// Draws of what goes with each comment.
    pub purpose: Purpose,
}

impl Source {
    /// Draws of the relation of the comment with this number.
    pub fn relation_purpose(&self, number: usize) -> Purpose {
        Purpose::named(&format!("comment.{}.relation.{number}", self.name))
    }

    /// The formulas that it reads besides its laws.
    pub fn programs(&self) -> impl Iterator<Item = &Program> {
        self.positive.iter().chain(&self.toward)
    }

    /// The laws that it draws from.
    pub fn laws(&self) -> impl Iterator<Item = &Law> {
        std::iter::once(&self.count).chain(self.relation.iter().map(|(law, _)| law))
    }
}

/// Reads one table; its relations are added to those of the themes before it.
pub(super) fn declare(
    options: &Options,
    name: String,
    relations: &mut Vec<String>,
    scope: &SurveyScope<'_>,
    problems: &mut Diagnostics,
) -> Option<Source> {
    let is_theme = options.switch("theme", problems).unwrap_or(true);
    let waves = Waves::read(options, scope, problems);
    if options.get("count").is_none() {
        options.missing("count", problems);
    }
    let count = options.formula("count", problems).and_then(|text| distribution::declare(&text, None, scope, problems));
    let count = count.and_then(|law| counts(law, options, problems));
    let relation = match options.get("relation") {
        None => None,
        Some(_) => Some(relation(options, relations, scope, problems)?),
    };
    let levels = relation.as_ref().and_then(|(law, _)| match law.kind() {
        Kind::Level(levels) => Some(levels),
        _ => None,
    });
    let mut read = |key: &str| {
        let text = options.formula(key, problems);
        let mut compiled = |text| compile(text, &Wanted::Probability, scope, problems);
        let program = text.as_ref().and_then(|text| scope.of_comment(levels.clone(), || compiled(text)));
        (program.is_some() == options.get(key).is_some()).then_some(program)
    };
    let (positive, toward) = (read("positive"), read("toward"));
    let (counting, purpose) =
        (Purpose::named(&format!("comment.{name}.count")), Purpose::named(&format!("comment.{name}")));
    Some(Source {
        name,
        is_theme,
        waves: waves?,
        count: count?,
        positive: positive?,
        toward: toward?,
        relation,
        counting,
        purpose,
    })
}

/// A law of numbers of comments: of numbers, and of none below 0.
fn counts(law: Law, options: &Options, problems: &mut Diagnostics) -> Option<Law> {
    let numbers = !matches!(law.kind(), Kind::Level(_));
    let whole = law.finite_values().is_none_or(|values| values.iter().all(|v| v.fract() == 0.0 && *v >= 0.0));
    if numbers && whole && law.bounds().low >= 0.0 {
        return Some(law);
    }
    problems
        .error("S0448", place(options, "count"), format!("`{}` gives no numbers of comments", law.text().text))
        .help("a law of whole numbers of at least 0, such as `poisson(mean = 0.3)`");
    None
}

/// The relations of a theme: a `categorical` law, whose levels get codes among all relations.
fn relation(
    options: &Options,
    relations: &mut Vec<String>,
    scope: &SurveyScope<'_>,
    problems: &mut Diagnostics,
) -> Option<(Law, Vec<u8>)> {
    let text = options.formula("relation", problems)?;
    let law = distribution::declare(&text, None, scope, problems)?;
    let Kind::Level(levels) = law.kind() else {
        problems
            .error("S0448", &text.span, format!("`{}` draws no names of relations", text.text))
            .help("write `categorical(mother = 0.5, father = rest)`");
        return None;
    };
    let mut codes = Vec::with_capacity(levels.len());
    for level in levels.iter() {
        let code = relations.iter().position(|known| known == level).unwrap_or_else(|| {
            relations.push(level.clone());
            relations.len() - 1
        });
        codes.push(code as u8);
    }
    Some((law, codes))
}
