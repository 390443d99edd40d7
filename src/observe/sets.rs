//! Analysis sets: which records an analysis is about, known to the analyst and settled at the end of the survey.

use super::scope::SurveyScope;
use crate::diagnostic::{Diagnostics, near_miss};
use crate::formula::{Wanted, compile};
use crate::options::{OptionValue, Options};
use crate::rules::{Rule, Shape};
use crate::streams::Purpose;
use crate::tables::Coding;
use crate::tables::observed::ObservedVariable;
use std::sync::Arc;

/// An analysis set.
#[derive(Clone, Debug)]
pub(super) struct Set {
    pub name: String,
    /// 1 for those who are in it, among those in the set that it needs.
    pub rule: Rule,
    /// Position of a set before it, outside of which nobody is in this one.
    pub needs: Option<usize>,
    /// Its position in the list of all mechanisms.
    pub mechanism: usize,
}

impl Set {
    /// What the list of mechanisms calls it.
    pub fn mechanism_name(&self) -> String {
        format!("inclusion in {}", self.name)
    }

    /// The column of the observed data that says who is in it.
    pub fn variable(&self) -> ObservedVariable {
        ObservedVariable { name: self.name.clone(), coding: Some(Arc::new(Coding::yes_no().with_missing())) }
    }
}

/// Reads all `[[survey.set]]`.
pub(super) fn declare(tables: &[Options], scope: &SurveyScope<'_>, problems: &mut Diagnostics) -> Vec<Set> {
    let mut sets: Vec<Set> = Vec::new();
    let mut names: Vec<String> = Vec::new();
    for options in tables {
        if options.get("name").is_none() {
            options.missing("name", problems);
        }
        let name = options.text("name", problems).map_or(String::new(), |name| name.text);
        let needs = needs(options, &names, problems);
        let rule = scope.at_end(|| rule(options, &name, scope, problems));
        options.finish(problems);
        names.push(name.clone());
        sets.extend(rule.map(|rule| Set { name, rule, needs, mechanism: 0 }));
    }
    sets
}

/// `needs`: the position of a set that stands before this one.
fn needs(options: &Options, before: &[String], problems: &mut Diagnostics) -> Option<usize> {
    let needed = options.text("needs", problems)?;
    let found = before.iter().position(|name| *name == needed.text);
    if found.is_none() {
        let help = match near_miss(&needed.text, before.iter().map(String::as_str)) {
            Some(near) => format!("did you mean `{near}`?"),
            None => "a set can need one that stands before it in the file".to_owned(),
        };
        problems.error("S0445", &needed.span, format!("no set before this one is called `{}`", needed.text)).help(help);
    }
    found
}

/// The rule of `probability` or `where`, one of which must be there.
fn rule(options: &Options, name: &str, scope: &SurveyScope<'_>, problems: &mut Diagnostics) -> Option<Rule> {
    let (text, wanted) = match (options.get("probability"), options.get("where")) {
        (Some(_), None) => (options.formula("probability", problems)?, Wanted::Probability),
        (None, Some(_)) => (options.formula("where", problems)?, Wanted::Boolean),
        (probability, _) => {
            let place = probability.map_or(&options.span, OptionValue::span);
            problems
                .error("S0446", place, "a set needs either `probability` or `where`, one of them")
                .help("`probability` is drawn once for each person; `where` is true for those who are in the set");
            return None;
        }
    };
    let program = compile(&text, &wanted, scope, problems)?;
    Some(Rule::new(Shape::Yes, vec![program], None, Purpose::named(&format!("set.{name}"))))
}
