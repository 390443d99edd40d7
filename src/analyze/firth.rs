#![doc = include_str!("pages/firth.md")]

use super::coefficients::{ONE_WAVE, errors, estimates, pairs, warn_of_levels, warn_of_repeats};
use super::critical::Critical;
use super::failure;
use super::model_rows::{AskedModel, ModelRows};
use super::simple::{check_waves, one_wave};
use super::{CannotAnswer, Entry, Fit, Method, NoReport};
use crate::statistics::regression::{Failure, Family, Firth, Link};
use crate::streams::Own;
use crate::tables::{Estimate, FailureKind, Findings, FitFailure, Observed, ObservedSchema, Quantity, Target};

/// The line of the catalogue.
pub(super) const ENTRY: Entry = Entry {
    name: "firth",
    summary: "logistic regression with Firth's penalty, finite under separation, with profile limits",
    page: include_str!("pages/firth.md"),
    declare: |options, problems| {
        let asked = AskedModel::declare(options, problems);
        let wald = options.choice("interval", &["profile", "wald"], problems) == Some(1);
        options.finish(problems);
        Some(Box::new(Penalised { asked, wald }))
    },
};

const WHAT: &str = "penalised logistic regression";

#[derive(Debug)]
struct Penalised {
    asked: AskedModel,
    /// Limits from the standard error in place of the profile.
    wald: bool,
}

impl Method for Penalised {
    fn bind(&self, target: &Target, schema: &ObservedSchema) -> Result<Box<dyn Fit>, CannotAnswer> {
        check_waves(target, schema)?;
        let Quantity::Coefficient { waves, model, term, family: Family::Binomial, link: Link::Logit } =
            &target.quantity
        else {
            return Err(CannotAnswer { why: "it answers coefficients of logistic regressions only".to_owned() });
        };
        let rows = self.asked.for_target(target, &model.text, &[one_wave(waves)?], schema)?;
        Ok(Box::new(PenalisedFit {
            column: rows.column(term)?,
            rows,
            solver: Firth::default(),
            wald: self.wald,
            z: Critical::new(target.level_of_confidence).z,
        }))
    }

    fn report(&self, observed: &Observed<'_>, confidence: f64, _: &mut Own) -> Result<Findings, NoReport> {
        let mut rows = self.asked.for_report(observed.schema())?;
        rows.collect(observed)?;
        let gone = rows.drop_empty_levels();
        let mut solver = Firth::default();
        let failed = |f| failure::regression(f, WHAT, &rows.names, &rows.x);
        let fit = solver.fit(&rows.rows()).map_err(failed)?.clone();
        let width = rows.names.len();
        let z = Critical::new(confidence).z;
        let mut findings = Findings::default();
        warn_of_levels(&mut findings, &gone);
        let se = errors(solver.covariance(), width);
        let (mut limits, mut chi_square, mut p) = (Vec::new(), Vec::new(), Vec::new());
        for column in 0..width {
            match solver.profile_limits(column, z * z) {
                Ok(found) => limits.push(Some(found)),
                Err(failure) => {
                    limits.push(None);
                    findings.warnings.push(format!("{}.", failed(failure).detail));
                }
            }
            let test = solver.likelihood_ratio(column).ok();
            chi_square.push(test.map(|t| t.chi_square));
            p.push(test.map(|t| t.p));
        }
        let wald = fit.coefficients.iter().zip(&se).map(|(b, s)| Some((b - z * s, b + z * s))).collect::<Vec<_>>();
        let values = &mut findings.values;
        values.set("n", rows.outcome().len()).set("terms", rows.names.clone());
        values.set("coef", fit.coefficients.clone()).set("se_inverse_information", se.clone());
        values.set("penalised_loglik", fit.penalised_loglik).set("loglik_unpenalised", fit.loglik);
        values.set("ci_profile", pairs(&limits)).set("ci_wald", pairs(&wald));
        values.set("lr_chisq", chi_square).set("lr_p", p);
        values.set("iterations", fit.iterations as usize).set("last_step", fit.last_step);
        let shown = if self.wald { &wald } else { &limits };
        estimates(&mut findings, &rows.names, &fit.coefficients, &se, &[], shown);
        findings.covariance = Some(solver.covariance().to_vec());
        warn_of_repeats(&mut findings, rows.repeats(), ONE_WAVE);
        Ok(findings)
    }
}

struct PenalisedFit {
    rows: ModelRows,
    column: usize,
    solver: Firth,
    wald: bool,
    z: f64,
}

impl Fit for PenalisedFit {
    fn fit(&mut self, observed: &Observed<'_>, _stream: &mut Own) -> Result<Estimate, FitFailure> {
        self.rows.collect(observed)?;
        let failed = |f: Failure| failure::regression(f, WHAT, &self.rows.names, &self.rows.x);
        let estimate = self.solver.fit(&self.rows.rows()).map_err(failed)?.coefficients[self.column];
        let width = self.rows.names.len();
        let se = libm::sqrt(self.solver.covariance()[self.column * width + self.column]);
        let interval = match self.wald {
            true => (estimate - self.z * se, estimate + self.z * se),
            false => self.solver.profile_limits(self.column, self.z * self.z).map_err(failed)?,
        };
        if !(estimate.is_finite() && se.is_finite() && interval.0.is_finite() && interval.1.is_finite()) {
            return Err(FitFailure::new(FailureKind::NotFinite, crate::analyze::failure::not_finite(estimate, se)));
        }
        Ok(Estimate { estimate, model_se: Some(se), interval: Some(interval), ..Estimate::default() })
    }
}
