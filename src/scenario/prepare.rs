//! From a condition to what runs: each room checks its part under the condition's parameters.

use super::scaled::share;
use super::variants::World;
use super::{Condition, Prepared, PreparedTables, Scenario, Varied};
use crate::diagnostic::{Diagnostic, Diagnostics, Severity, Span};
use crate::options::Options;
use crate::tables::{ObservedSchema, Target, TruthSchema};
use crate::{analyze, estimand, observe, simulate, tabulate};
use std::borrow::Cow;
use std::sync::Arc;

/// After so many problems the remaining conditions are not looked at.
pub(super) const ENOUGH_PROBLEMS: usize = 100;

impl Scenario {
    /// Checks everything that depends on the parameters of a condition.
    pub fn prepare(&self, condition: &Condition, problems: &mut Diagnostics) -> Option<Prepared> {
        let parameters = &condition.parameters;
        let World { survey: seen, estimands, .. } = self.world(condition);
        let persons = self.shared_persons(condition);
        let truth = self.prepare_truth(condition, persons.as_ref(), problems)?;
        let asked = self.targets(estimands, condition, &truth.schema, problems);
        // Before the survey reads any.
        let mut truth_reads: Vec<_> = parameters.read().map(|p| (p.name.text.clone(), p.value.to_bits())).collect();
        truth_reads.extend(self.truth_number(condition).map(|number| ("keys of the truth".to_owned(), number)));
        truth_reads.extend(persons.map(|(persons, _)| ("persons of all groups".to_owned(), persons)));
        let survey = observe::plan(seen, &truth.schema, &truth.groups, parameters, problems);
        let (targets, estimands): (Vec<_>, Vec<_>) = asked?.into_iter().unzip();
        let mut survey = survey?;
        let tables = self.plan_tables(&survey, condition, problems)?;
        if let Some(tables) = &tables {
            survey.print(tables.held(), &tables.reading());
        }
        let pairs = self.pairs(&targets, survey.schema(), problems)?;
        Some(Prepared { truth: truth.plan?, survey, targets, estimands, pairs, truth_reads, tables })
    }

    fn prepare_truth(
        &self,
        condition: &Condition,
        persons: Option<&(u64, Span)>,
        problems: &mut Diagnostics,
    ) -> Option<simulate::Checked> {
        let parameters = &condition.parameters;
        let World { truth: declared, survey: seen, .. } = self.world(condition);
        let mut declared = Cow::Borrowed(declared);
        if let Some((persons, span)) = persons {
            share(&mut declared.to_mut().groups, parameters, *persons)
                .map_err(|why| {
                    let help = "give more persons, or leave the group out";
                    problems.error("S0718", span, why).help(help);
                })
                .ok()?;
        }
        let moments = match observe::needs_every_step(seen) {
            true => simulate::Moments::EveryStep,
            false => simulate::Moments::Waves,
        };
        let states = declared.states.iter().map(|s| s.name.text.as_str());
        let since = observe::since_names(seen, states);
        simulate::plan(&declared, parameters, moments, &since, problems)
    }

    /// The tables; `Some(None)` where none are declared.
    #[expect(clippy::option_option, reason = "nothing: a problem is reported; nothing inside: there are no tables")]
    fn plan_tables(
        &self,
        survey: &observe::Plan,
        condition: &Condition,
        problems: &mut Diagnostics,
    ) -> Option<Option<tabulate::Plan>> {
        match self.tables.is_empty() {
            true => Some(None),
            false => tabulate::plan(&self.tables, survey.schema(), &condition.parameters, problems).map(Some),
        }
    }

    /// What [`prepare`](Self::prepare) checks as far as the tables of a study need it, without estimands and methods.
    /// `before` is what was prepared before of the same scenario under other values of some parameters: its tables are
    /// taken where they would be the same.
    pub fn prepare_tables(
        &self,
        condition: &Condition,
        before: Option<&PreparedTables>,
        problems: &mut Diagnostics,
    ) -> Option<PreparedTables> {
        let parameters = &condition.parameters;
        let persons = self.shared_persons(condition);
        let truth = self.prepare_truth(condition, persons.as_ref(), problems)?;
        let seen = self.world(condition).survey;
        let mut survey = observe::plan(seen, &truth.schema, &truth.groups, parameters, problems)?;
        let value = |position: usize| parameters.list().get(position).map(|parameter| parameter.value.to_bits());
        let same = |before: &&PreparedTables| {
            before.survey.schema().says_the_same_as(survey.schema())
                && before.table_reads.iter().all(|(position, bits)| value(*position) == Some(*bits))
        };
        if let Some(PreparedTables { tables, table_reads, .. }) = before.filter(same) {
            let (tables, table_reads) = (tables.clone(), table_reads.clone());
            tables.iter().for_each(|tables| survey.narrow(&tables.reading()));
            return Some(PreparedTables { truth: truth.plan?, survey, tables, table_reads });
        }
        let (tables, read) = parameters.reads_of(|| self.plan_tables(&survey, condition, problems));
        let table_reads = read.into_iter().filter_map(|position| Some((position, value(position)?))).collect();
        let tables = tables?.map(Arc::new);
        tables.iter().for_each(|tables| survey.narrow(&tables.reading()));
        Some(PreparedTables { truth: truth.plan?, survey, tables, table_reads })
    }

    /// How many persons the groups share under a condition, and where that is written, if it is.
    pub(super) fn shared_persons(&self, condition: &Condition) -> Option<(u64, Span)> {
        if let Some(persons) = self.scaled {
            return Some((persons, Span::default()));
        }
        let text = condition.persons.as_ref()?;
        // Checked where it was read: a whole number.
        Some((text.text.trim().parse().ok()?, text.span.clone()))
    }

    /// All target quantities, or none if one of them has a problem.
    fn targets(
        &self,
        estimands: &[Options],
        condition: &Condition,
        truth: &TruthSchema,
        problems: &mut Diagnostics,
    ) -> Option<Vec<(Target, estimand::Plan)>> {
        let mut all = Some(Vec::with_capacity(estimands.len()));
        for options in estimands {
            // The room may call `finish` itself: repetitions are left out.
            let mut own = Diagnostics::new();
            let target = estimand::declare(options, self.study.confidence, &condition.parameters, truth, &mut own);
            if target.is_some() {
                options.finish(&mut own);
            }
            let plan = target.as_ref().and_then(|t| estimand::plan(t, truth, &condition.parameters, &mut own));
            problems.extend(own);
            match (target, plan, &mut all) {
                (Some(target), Some(plan), Some(list)) => list.push((target, plan)),
                _ => all = None,
            }
        }
        all
    }

    /// Which method answers which estimand. A method that cannot answer an estimand it is asked for by name (S0602),
    /// and a method without any (S0603), are errors.
    pub(super) fn pairs(
        &self,
        targets: &[Target],
        schema: &ObservedSchema,
        problems: &mut Diagnostics,
    ) -> Option<Vec<(usize, usize)>> {
        let mut pairs = Vec::new();
        let mut fine = true;
        for (m, method) in self.methods.iter().enumerate() {
            let mut unfit = Diagnostics::new();
            method.method.check(schema, &mut unfit);
            if unfit.has_errors() {
                problems.extend(unfit);
                fine = false;
                continue;
            }
            let mut answered = 0_usize;
            let mut first_reason = None;
            for (e, target) in targets.iter().enumerate() {
                let asked = method.estimands.as_ref().map(|list| list.iter().find(|name| name.text == target.name));
                if asked == Some(None) {
                    continue;
                }
                match (analyze::bind(&method.method, target, schema), asked.flatten()) {
                    (Ok(_), _) => {
                        answered += 1;
                        pairs.push((e, m));
                    }
                    (Err(cannot), Some(name)) => {
                        fine = false;
                        answered += 1;
                        let message =
                            format!("method `{}` cannot answer `{}`: {}", method.name.text, name.text, cannot.why);
                        problems.error("S0602", &name.span, message).help("leave it out of `estimands`");
                    }
                    (Err(cannot), None) => {
                        first_reason.get_or_insert(format!("`{}`: {}", target.name, cannot.why));
                    }
                }
            }
            if answered == 0 && !targets.is_empty() {
                fine = false;
                let message = format!("method `{}` can answer no estimand of this scenario", method.name.text);
                let help = first_reason.unwrap_or("`estimands` names none".to_owned());
                problems.error("S0603", &method.name.span, message).help(help);
            }
        }
        pairs.sort_unstable();
        fine.then_some(pairs)
    }

    /// Prepares all conditions. Each problem is reported once, with the condition in which it appears if that is not
    /// the first; then every parameter that no condition reads (S0701).
    pub fn check_all(&self, problems: &mut Diagnostics) -> Option<Vec<(Condition, Prepared)>> {
        let mut own = Diagnostics::new();
        let conditions = self.conditions(&mut own);
        let mut seen: Vec<Diagnostic> = Vec::new();
        let mut used = vec![false; self.parameters.list().len()];
        let mut prepared = Vec::with_capacity(conditions.len());
        for condition in conditions {
            let mut found = Diagnostics::new();
            let ready = self.prepare(&condition, &mut found);
            for problem in found.list() {
                if !seen.contains(problem) {
                    seen.push(problem.clone());
                    own.repeat(&in_condition(problem, &condition));
                }
            }
            let unread = condition.parameters.unread();
            for (used, parameter) in used.iter_mut().zip(condition.parameters.list()) {
                *used = *used || !unread.iter().any(|u| u.name == parameter.name);
            }
            prepared.extend(ready.map(|ready| (condition, ready)));
            if seen.len() >= ENOUGH_PROBLEMS {
                break;
            }
        }
        // What no formula reads is known once all formulas have been read; what methods cannot answer changes nothing.
        let errors = own.list().iter().filter(|problem| problem.severity == Severity::Error);
        if errors.clone().all(|problem| problem.code.starts_with("S06")) {
            self.report_unused(&used, &mut own);
        }
        let fine = !own.has_errors();
        problems.extend(own);
        fine.then_some(prepared)
    }

    pub(super) fn report_unused(&self, used: &[bool], problems: &mut Diagnostics) {
        for (parameter, used) in self.parameters.list().iter().zip(used) {
            if *used {
                continue;
            }
            let name = &parameter.name;
            let varied = self.vary.iter().any(|factor| factor.of == Varied::Parameter(name.text.clone()));
            let help = match varied {
                true => "it is varied, but no formula reads it: all its values give the same study",
                false => "remove it, or use it in a formula",
            };
            let message = format!("no formula reads the parameter `{}`", name.text);
            // The formula that reads it may stand in a table that the command line leaves out: no slip of the file.
            match self.without_tables {
                true => problems.warn("S0701", &name.span, message).help("`--set` leaves out tables that may read it"),
                false => problems.error("S0701", &name.span, message).help(help),
            };
        }
    }
}

/// The problem with the condition named, unless it is the first one.
pub(super) fn in_condition(problem: &Diagnostic, condition: &Condition) -> Diagnostic {
    match condition.number {
        0 => problem.clone(),
        _ => in_cell(problem, condition.factors.iter().map(|(name, value)| (name.as_str(), value.as_str()))),
    }
}

/// The problem with some factors and their values named.
pub(super) fn in_cell<'a>(problem: &Diagnostic, cell: impl Iterator<Item = (&'a str, &'a str)>) -> Diagnostic {
    let mut problem = problem.clone();
    let cell: Vec<String> = cell.map(|(name, value)| format!("{name} = {value}")).collect();
    problem.message.push_str(&format!(" (where {})", cell.join(", ")));
    problem
}
