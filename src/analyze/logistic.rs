#![doc = include_str!("pages/logistic.md")]

use super::critical::Critical;
use super::design::{Design, Waves};
use super::failure;
use super::filter::Filter;
use super::glm::GeneralisedLinear;
use super::model_rows::AskedModel;
use super::outcome::YesNo;
use super::simple::check_waves;
use super::{CannotAnswer, Entry, Fit, Method, NoReport};
use crate::numeric::LogisticProblem;
use crate::statistics::regression::{Family, Link};
use crate::streams::Own;
use crate::tables::{
    Estimate, FailureKind, Findings, FitFailure, Observed, ObservedSchema, Quantity, Target, WarningKind,
};

/// The line of the catalogue.
pub(super) const ENTRY: Entry = Entry {
    name: "logistic",
    summary: "logistic regression by maximum likelihood on the records that answered at the wave",
    page: include_str!("pages/logistic.md"),
    declare: |options, problems| {
        let asked = AskedModel::declare(options, problems).with_clusters(options, problems);
        options.finish(problems);
        Some(Box::new(Logistic { plain: asked.is_plain(), general: GeneralisedLinear::logistic(asked) }))
    },
};

#[derive(Debug)]
struct Logistic {
    /// One wave, no clusters: records can be counted by cell.
    plain: bool,
    general: GeneralisedLinear,
}

impl Method for Logistic {
    fn bind(&self, target: &Target, schema: &ObservedSchema) -> Result<Box<dyn Fit>, CannotAnswer> {
        check_waves(target, schema)?;
        let Quantity::Coefficient { waves, model, term, family: Family::Binomial, link: Link::Logit } =
            &target.quantity
        else {
            return Err(CannotAnswer { why: "it answers coefficients of logistic regressions only".to_owned() });
        };
        let wave = match waves[..] {
            [wave] if self.plain && !schema.weighted => wave,
            _ => return self.general.bind(target, schema),
        };
        let design = Design::new(&model.text, schema, Waves::One(wave))?;
        design.answers(&target.of.text)?;
        let column = design.column(term)?;
        Ok(Box::new(LogisticFit {
            outcome: YesNo::of(target, schema)?,
            wave,
            column,
            restrict: target.restrict.as_ref().map(|text| Filter::new(text, target, schema, wave)).transpose()?,
            critical: Critical::new(target.level_of_confidence),
            problem: LogisticProblem::default(),
            work: Work { covariance: vec![0.0; design.width()], ..Work::default() },
            design,
        }))
    }

    fn report(&self, observed: &Observed<'_>, confidence: f64, stream: &mut Own) -> Result<Findings, NoReport> {
        self.general.report(observed, confidence, stream)
    }

    fn takes_weights(&self) -> bool {
        true
    }
}

struct LogisticFit {
    outcome: YesNo,
    wave: usize,
    design: Design,
    column: usize,
    restrict: Option<Filter>,
    critical: Critical,
    problem: LogisticProblem,
    work: Work,
}

#[derive(Default)]
struct Work {
    present: Vec<u8>,
    cells: Vec<u16>,
    tally: Vec<u64>,
    rows: Vec<f64>,
    covariance: Vec<f64>,
}

impl Fit for LogisticFit {
    fn fit(&mut self, observed: &Observed<'_>, _stream: &mut Own) -> Result<Estimate, FitFailure> {
        self.collect(observed)?;
        let (n, width) = (self.work.present.iter().map(|p| usize::from(*p)).sum::<usize>(), self.design.width());
        if n == 0 {
            return Err(failure::no_rows(self.wave));
        }
        if n < width {
            return Err(FitFailure::new(FailureKind::TooFew, format!("{n} records for {width} coefficients")));
        }
        let problem = &mut self.problem;
        problem
            .fit()
            .map_err(|f| failure::logistic(f, "logistic regression", &self.design.names, problem.patterns()))?;
        problem.covariance_column(self.column, &mut self.work.covariance);
        let estimate = problem.coefficients()[self.column];
        let se = libm::sqrt(self.work.covariance[self.column]);
        if !(estimate.is_finite() && se.is_finite()) {
            return Err(FitFailure::new(FailureKind::NotFinite, crate::analyze::failure::not_finite(estimate, se)));
        }
        let half = self.critical.z * se;
        let interval = Some((estimate - half, estimate + half));
        let warning = WarningKind::FittedAtEdge.when(self.problem.is_at_edge());
        Ok(Estimate { estimate, model_se: Some(se), interval, warning, ..Estimate::default() })
    }
}

impl LogisticFit {
    /// Puts the rows that count into the problem; `present` says which records they are.
    fn collect(&mut self, observed: &Observed<'_>) -> Result<(), FitFailure> {
        let work = &mut self.work;
        match &mut self.restrict {
            Some(filter) => filter.apply(observed, self.wave, &mut work.present),
            None => {
                work.present.clear();
                work.present.resize(observed.records(), 1);
            }
        }
        let codes = self.outcome.codes(observed, self.wave);
        work.present.iter_mut().zip(codes).for_each(|(p, c)| *p &= self.outcome.is_answer(*c));
        self.design.require(observed, self.wave, 0, &mut work.present);
        self.design.prepare(observed, &[self.wave], &work.present)?;
        self.problem.clear(self.design.width());
        match &self.design.cells {
            Some(cells) => {
                work.cells.clear();
                work.cells.resize(observed.records(), 0);
                self.design.cell_numbers(cells, observed, self.wave, 0, &mut work.cells);
                work.tally.clear();
                work.tally.resize(cells.count, 0);
                for ((cell, present), code) in work.cells.iter().zip(&work.present).zip(codes) {
                    add_to(&mut work.tally, *cell, *present, self.outcome.is_yes(*code));
                }
                push_cells(&mut self.problem, &work.tally, &cells.rows, self.design.width());
            }
            None => {
                self.design.rows(observed, self.wave, 0, &mut work.rows);
                let rows = work.rows.chunks_exact(self.design.width());
                for ((row, present), code) in rows.zip(&work.present).zip(codes) {
                    if *present == 1 {
                        self.problem.push(row, f64::from(self.outcome.is_yes(*code)), 1.0);
                    }
                }
            }
        }
        Ok(())
    }
}

/// Adds a record to the tally of its cell: how many in the lower half, how many yes in the upper.
pub(super) fn add_to(tally: &mut [u64], cell: u16, present: u8, yes: u8) {
    if let Some(count) = tally.get_mut(usize::from(cell)) {
        *count += u64::from(present) | u64::from(present & yes) << 32;
    }
}

/// Puts the cells that hold a record into a problem.
pub(super) fn push_cells(problem: &mut LogisticProblem, tally: &[u64], rows: &[f64], width: usize) {
    for (count, row) in tally.iter().zip(rows.chunks_exact(width)) {
        if *count != 0 {
            problem.push(row, (count >> 32) as f64, (count & 0xFFFF_FFFF) as f64);
        }
    }
}
