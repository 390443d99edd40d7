#![doc = include_str!("pages/panel_descriptives.md")]

use super::column::Column;
use super::warning::share_at_edge;
use super::{CannotAnswer, Entry, Fit, Method, NoReport};
use crate::diagnostic::Diagnostics;
use crate::options::Options;
use crate::statistics::panel::{
    CountSummary, GapRule, Grid, ItemSummary, Pattern, Presence, Together, by_changes, consecutive, sequences,
};
use crate::streams::Own;
use crate::tables::{Estimate, FailureKind, Finding, Findings, FitFailure, Observed, ObservedSchema, Record, Target};

/// The line of the catalogue.
pub(super) const ENTRY: Entry = Entry {
    name: "panel_descriptives",
    summary: "what a panel holds: presence, patterns, yeses by wave, person and year, items together, counts",
    page: include_str!("pages/panel_descriptives.md"),
    declare,
};

#[derive(Debug)]
struct Descriptives {
    items: Vec<String>,
    count: Option<String>,
    responded: Option<String>,
}

fn declare(options: &Options, problems: &mut Diagnostics) -> Option<Box<dyn Method>> {
    let items = options.texts("items", problems);
    let count = options.text("count", problems);
    let responded = options.text("responded", problems);
    if options.get("items").is_none() {
        options.missing("items", problems);
    }
    options.finish(problems);
    let items = items?.into_iter().map(|t| t.text).collect();
    Some(Box::new(Descriptives { items, count: count.map(|t| t.text), responded: responded.map(|t| t.text) }))
}

impl Method for Descriptives {
    fn bind(&self, _: &Target, _: &ObservedSchema) -> Result<Box<dyn Fit>, CannotAnswer> {
        Err(super::reports_only("panel_descriptives"))
    }

    fn report(&self, observed: &Observed<'_>, confidence: f64, _: &mut Own) -> Result<Findings, NoReport> {
        let mut findings = Findings::default();
        let presence = self.presence(observed)?;
        describe_presence(&presence, &mut findings.values);
        let waves = observed.schema().waves();
        let mut cells = Vec::with_capacity(self.items.len());
        for name in &self.items {
            cells.push((name.as_str(), Column::need(name, observed.schema())?.yes_no_panel(observed)?));
        }
        let grids: Vec<(&str, Grid<'_>)> =
            cells.iter().filter_map(|(name, cells)| Some((*name, Grid::new(waves, cells)?))).collect();
        let mut described = Vec::with_capacity(grids.len());
        for (name, grid) in &grids {
            described.push(Finding::from(describe_item(name, grid, confidence, &mut findings)));
        }
        findings.values.set("items", described);
        pairs(&grids, &mut findings.values);
        if let Some(name) = &self.count {
            let record = counts(name, observed, confidence, &mut findings)?;
            findings.values.set("count", record);
        }
        Ok(findings)
    }
}

impl Descriptives {
    /// Who was seen when: those interviewed, or those with a yes in the item `responded`.
    fn presence(&self, observed: &Observed<'_>) -> Result<Presence, NoReport> {
        let waves = observed.schema().waves();
        let seen: Vec<bool> = match &self.responded {
            Some(name) => {
                let answers = Column::need(name, observed.schema())?.yes_no_panel(observed)?;
                answers.into_iter().map(|answer| answer == Some(true)).collect()
            }
            None => {
                let attended: Vec<&[bool]> = (0..waves).map(|wave| observed.attended(wave)).collect();
                (0..observed.records()).flat_map(|record| attended.iter().map(move |wave| wave[record])).collect()
            }
        };
        let presence = Presence::of(waves, &seen).filter(|presence| presence.persons > 0);
        presence.ok_or_else(|| FitFailure::new(FailureKind::NoData, "there is no record").into())
    }
}

fn patterns(list: &[Pattern], word: &str) -> Vec<Finding> {
    let record = |pattern: &Pattern| {
        let mut record = Record::new();
        record.set(word, pattern.text.as_str()).set("n", pattern.persons);
        Finding::Record(record)
    };
    list.iter().map(record).collect()
}

fn describe_presence(presence: &Presence, values: &mut Record) {
    values.set("persons", presence.persons).set("waves", presence.responses.len());
    values.set("person_years_observed", presence.person_waves());
    values.set("responses_per_wave", presence.responses.as_slice());
    values.set("retention_from_wave1", presence.retention());
    values.set("completers", presence.completers).set("never_observed", presence.never);
    values.set("monotone_persons", presence.monotone).set("patterns", patterns(&presence.patterns, "pattern"));
}

fn describe_item(name: &str, grid: &Grid<'_>, confidence: f64, findings: &mut Findings) -> Record {
    let item = ItemSummary::of(grid);
    let mut record = Record::new();
    record.set("item", name).set("ever", item.ever);
    record.set("at_least_2", item.at_least(2)).set("at_least_3", item.at_least(3));
    record.set("consecutive_2", consecutive(grid, 2, GapRule::Breaks));
    record.set("consecutive_2_bridged", consecutive(grid, 2, GapRule::Bridged));
    record.set("denominator_enrolled", item.enrolled).set("denominator_any", item.observed);
    record.set("denominator_complete", item.complete).set("ever_complete", item.ever_complete);
    record.set("ever_prop_any", item.ever_share());
    record.set("ever_wilson", item.ever_wilson(confidence)).set("ever_exact", item.ever_exact(confidence));
    let waves = &item.per_wave;
    record.set("per_wave_yes", waves.iter().map(|w| w.yes).collect::<Vec<_>>());
    record.set("per_wave_n", waves.iter().map(|w| w.answered).collect::<Vec<_>>());
    record.set("per_wave_prevalence", waves.iter().map(|w| w.prevalence()).collect::<Vec<_>>());
    record.set("period_rate_per_person_year", item.period_rate());
    record.set("distribution_years_reported", item.years.as_slice());
    let moves = item.transitions;
    let mut transitions = Record::new();
    transitions.set("n00", moves.n00).set("n01", moves.n01).set("n10", moves.n10).set("n11", moves.n11);
    transitions.set("into_yes", moves.into_yes()).set("out_of_yes", moves.out_of_yes());
    record.set("transitions", transitions);
    record.set("sequences", patterns(&sequences(grid), "sequence")).set("changes", by_changes(grid));
    match item.ever_share() {
        Some(p) => {
            let model_se = Some(libm::sqrt(p * (1.0 - p) / item.observed as f64));
            let interval = item.ever_wilson(confidence);
            let share = Estimate { estimate: p, model_se, interval, ..Estimate::default() };
            findings.estimate(format!("ever {name}"), share.warned(share_at_edge(p)));
        }
        None => findings.warnings.push(format!("Nobody answered `{name}` at any wave.")),
    }
    record
}

/// A value for each item with each item.
fn crossed<T: Into<Finding>>(
    grids: &[(&str, Grid<'_>)],
    value: impl Fn(&Grid<'_>, &Grid<'_>) -> Option<T>,
) -> Vec<Finding> {
    let row = |a: &Grid<'_>| Finding::from(grids.iter().map(|(_, b)| value(a, b)).collect::<Vec<Option<T>>>());
    grids.iter().map(|(_, a)| row(a)).collect()
}

fn pairs(grids: &[(&str, Grid<'_>)], values: &mut Record) {
    let waves = |a: &Grid<'_>, b: &Grid<'_>| Together::by_person_wave(a, b);
    values.set("co_occurrence_person_wave", crossed(grids, |a, b| waves(a, b).map(|t| t.both)));
    values.set("co_occurrence_ever", crossed(grids, |a, b| Together::by_person(a, b).map(|t| t.both)));
    values.set("jaccard_person_wave", crossed(grids, |a, b| waves(a, b).and_then(|t| t.jaccard())));
    values.set("phi_person_wave", crossed(grids, |a, b| waves(a, b).and_then(|t| t.phi())));
}

fn counts(
    name: &str,
    observed: &Observed<'_>,
    confidence: f64,
    findings: &mut Findings,
) -> Result<Record, CannotAnswer> {
    let whole = |value: f64| match value {
        v if v.is_nan() => Ok(None),
        v if v >= 0.0 && v.fract() == 0.0 && v <= f64::from(u32::MAX) => Ok(Some(v as u32)),
        other => Err(CannotAnswer { why: format!("`{name}` is a count, and has the value {other}") }),
    };
    let column = Column::need(name, observed.schema())?;
    if column.variable.is_named() {
        return Err(CannotAnswer { why: format!("`{name}` has named levels, and is no count") });
    }
    let cells: Vec<Option<u32>> = column.panel(observed).into_iter().map(whole).collect::<Result<_, _>>()?;
    let mut record = Record::new();
    let Some(counts) = CountSummary::of(observed.schema().waves(), &cells) else { return Ok(record) };
    let limits = counts.rate_limits(confidence);
    record.set("total", counts.total as f64).set("persons_with_any", counts.persons_with_any);
    record.set("person_years", counts.person_waves).set("rate", counts.rate()).set("rate_exact", limits);
    record.set("max_per_person", counts.most as f64).set("mean_per_person_any", counts.mean());
    record.set("variance_mean_ratio", counts.dispersion());
    if let Some(estimate) = counts.rate() {
        findings.estimate(format!("rate {name}"), Estimate { estimate, interval: limits, ..Estimate::default() });
    }
    if counts.dispersion().is_some_and(|ratio| ratio > 1.0) {
        findings.warnings.push(format!(
            "`{name}` clusters within persons (variance by mean above 1): the exact limits of its rate are too narrow; \
             resample persons instead."
        ));
    }
    Ok(record)
}
