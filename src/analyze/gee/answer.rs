//! A marginal regression bound to a target quantity.

use super::data::{Columns, Data};
use super::options::Gee;
use super::report::report;
use crate::analyze::critical::Critical;
use crate::analyze::design::{Design, Waves};
use crate::analyze::difference::Groups;
use crate::analyze::filter::Filter;
use crate::analyze::long::LongRows;
use crate::analyze::outcome::Number;
use crate::analyze::simple::check_waves;
use crate::analyze::{CannotAnswer, Fit, Method, NoReport};
use crate::statistics::gee::{Covariance, Family, Link, Settings};
use crate::streams::Own;
use crate::tables::{Estimate, Findings, FitFailure, Observed, ObservedSchema, Quantity, Target};

impl Method for Gee {
    fn bind(&self, target: &Target, schema: &ObservedSchema) -> Result<Box<dyn Fit>, CannotAnswer> {
        check_waves(target, schema)?;
        let at = target.quantity.last_wave();
        let (mut data, column) = match &target.quantity {
            Quantity::Coefficient { waves, model, term, family, link } => {
                let settings = self.settings_of(*family, *link)?;
                match waves.len() {
                    1 => self.coefficient(target, schema, settings, (&model.text, term))?,
                    _ => self.pooled(target, schema, settings, (&model.text, term), waves)?,
                }
            }
            Quantity::Difference { wave } => self.difference(target, schema, *wave)?,
            _ => {
                let why = "it answers coefficients and differences only".to_owned();
                return Err(CannotAnswer { why });
            }
        };
        // Over several waves the condition is the rows' own.
        if !matches!(&target.quantity, Quantity::Coefficient { waves, .. } if waves.len() > 1) {
            data.restrict = target.restrict.as_ref().map(|text| Filter::new(text, target, schema, at)).transpose()?;
        }
        data.at = at;
        let critical = Critical::new(target.level_of_confidence);
        Ok(Box::new(GeeFit { data, column, errors: self.errors, t: self.t, critical }))
    }

    fn report(&self, observed: &Observed<'_>, confidence: f64, _stream: &mut Own) -> Result<Findings, NoReport> {
        report(self, observed, confidence)
    }

    fn takes_weights(&self) -> bool {
        true
    }
}

impl Gee {
    /// An estimand of one wave: the rows of the option's model, or of the estimand's with a mean of its own for each wave.
    fn coefficient(
        &self,
        target: &Target,
        schema: &ObservedSchema,
        settings: Settings,
        (model, term): (&str, &str),
    ) -> Result<(Data, usize), CannotAnswer> {
        let waves = self.waves(schema)?;
        let text = match &self.model {
            Some(text) => text.clone(),
            None if waves.len() > 1 => format!("{model} + factor(wave)"),
            None => model.to_owned(),
        };
        let design = design_of(target, &text, schema, &waves)?;
        let column = design.column(term)?;
        if self.model.is_none() && waves.len() > 1 && design.names.get(column).is_some_and(|n| n == "(Intercept)") {
            let why = "the intercept differs from wave to wave; name a `model`".to_owned();
            return Err(CannotAnswer { why });
        }
        let long = LongRows::new(design, Number::of(target, schema)?, &waves);
        Ok((Data::new(self, settings, long, Columns::Model, waves, schema)?, column))
    }

    /// An estimand of several waves: the rows of its own model.
    fn pooled(
        &self,
        target: &Target,
        schema: &ObservedSchema,
        settings: Settings,
        (model, term): (&str, &str),
        waves: &[usize],
    ) -> Result<(Data, usize), CannotAnswer> {
        if self.model.is_some() || !self.allows_waves(waves) {
            let why = "the estimand has a model and `waves` of its own: leave out the method's".to_owned();
            return Err(CannotAnswer { why });
        }
        let design = design_of(target, model, schema, waves)?;
        let column = design.column(term)?;
        let mut long = LongRows::new(design, Number::of(target, schema)?, waves);
        if let Some(text) = &target.restrict {
            let filters = waves.iter().map(|wave| Filter::new(text, target, schema, *wave));
            long = long.restricted(filters.collect::<Result<_, _>>()?);
        }
        Ok((Data::new(self, settings, long, Columns::Model, waves.to_vec(), schema)?, column))
    }

    /// The rows of a mean and a difference at each wave.
    fn difference(&self, target: &Target, schema: &ObservedSchema, wave: usize) -> Result<(Data, usize), CannotAnswer> {
        let waves = self.waves(schema)?;
        let settings = self.settings(Family::Gaussian)?;
        if settings.link != Link::Identity {
            return Err(CannotAnswer { why: "a difference needs the link `identity`".to_owned() });
        }
        if self.model.is_some() {
            let why = "with a `model` it answers coefficients; a difference has its own".to_owned();
            return Err(CannotAnswer { why });
        }
        let Some(place) = waves.iter().position(|w| *w == wave) else {
            return Err(CannotAnswer { why: format!("`waves` leaves out wave {}", wave + 1) });
        };
        let design = Design::new("1", schema, Waves::List(&waves))?;
        let long = LongRows::new(design, Number::of(target, schema)?, &waves);
        let groups = Groups::new(target, schema, wave)?;
        let columns = Columns::Difference(Box::new(groups));
        Ok((Data::new(self, settings, long, columns, waves, schema)?, 2 * place + 1))
    }
}

/// The columns of a model of the target's outcome.
fn design_of(target: &Target, text: &str, schema: &ObservedSchema, waves: &[usize]) -> Result<Design, CannotAnswer> {
    let design = Design::whole(text, schema, Waves::List(waves))?;
    design.answers(&target.of.text)?;
    match design.random.is_empty() {
        true => Ok(design),
        false => Err(CannotAnswer { why: "it takes no random terms".to_owned() }),
    }
}

struct GeeFit {
    data: Data,
    column: usize,
    errors: Covariance,
    t: bool,
    critical: Critical,
}

impl Fit for GeeFit {
    fn fit(&mut self, observed: &Observed<'_>, _stream: &mut Own) -> Result<Estimate, FitFailure> {
        self.data.fit(observed)?;
        self.data.estimate(self.column, self.errors, self.t, &mut self.critical)
    }
}
