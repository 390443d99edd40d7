use super::*;
use crate::analyze::gather::gather;
use crate::analyze::step::Rest;
use crate::analyze::tests::{loader::with_items, stream as own, target};
use crate::tables::{ObservedBatch, Quantity};

/// Hands on the first record, then the first two, and so on, and gives the sum of the answers.
#[derive(Debug)]
struct Growing;

struct GrowingStep(ObservedBatch);

impl Step for Growing {
    fn bind(&self, schema: &ObservedSchema, _: f64) -> Result<Bound, CannotAnswer> {
        let batch = ObservedBatch { schema: Arc::new(schema.clone()), ..ObservedBatch::default() };
        Ok(Bound { step: Box::new(GrowingStep(batch)), schema: schema.clone() })
    }
}

impl RunStep for GrowingStep {
    fn run(&mut self, observed: &Observed<'_>, stream: &mut Own, rest: &mut Rest<'_>) -> Result<Answer, FitFailure> {
        let mut sum: Option<Answer> = None;
        for n in 1..=observed.records() {
            gather(&mut self.0, observed, &(0..n).collect::<Vec<_>>());
            let answer = rest(&self.0.replicate(0), stream)?;
            match &mut sum {
                None => sum = Some(answer),
                Some(sum) => sum.estimates[0].estimate += answer.estimates[0].estimate,
            }
        }
        Ok(sum.unwrap_or_default())
    }
}

/// Gives every record a weight.
#[derive(Debug)]
struct Weighing;

impl Step for Weighing {
    fn bind(&self, schema: &ObservedSchema, _: f64) -> Result<Bound, CannotAnswer> {
        let Bound { step, schema } = Growing.bind(schema, 0.95)?;
        Ok(Bound { step, schema: ObservedSchema { weighted: true, ..schema } })
    }
}

/// A method that counts records; it answers nothing but a report.
#[derive(Debug)]
struct Records;

impl Method for Records {
    fn bind(&self, _: &Target, _: &ObservedSchema) -> Result<Box<dyn Fit>, CannotAnswer> {
        Err(CannotAnswer { why: "it reports".to_owned() })
    }

    fn report(&self, observed: &Observed<'_>, _: f64, _: &mut Own) -> Result<Findings, NoReport> {
        let mut findings = Findings::default();
        findings.estimate("records", Estimate { estimate: observed.records() as f64, ..Estimate::default() });
        findings.values.set("records", observed.records());
        Ok(findings)
    }
}

#[test]
fn a_step_pools_what_the_rest_answers() {
    let batch = with_items(&[("y", vec![vec![1.0, 0.0, 1.0, 1.0]])]);
    let pipeline = Pipeline::new(vec![("growing", Box::new(Growing))], Some(Arc::new(Records)));
    let findings = pipeline.report(&batch.replicate(0), 0.95, &mut own()).unwrap();
    // 1 + 2 + 3 + 4 records.
    assert_eq!(findings.estimates[0].estimate.estimate, 10.0);
    assert_eq!(findings.values.get("runs"), Some(&Finding::Whole(4)));
    // What the method said of one of several data sets is not what it says of the whole.
    assert_eq!(findings.values.get("method"), None);
}

#[test]
fn two_steps_run_one_inside_the_other() {
    let batch = with_items(&[("y", vec![vec![1.0, 0.0, 1.0]])]);
    let steps: Vec<(&'static str, Box<dyn Step>)> = vec![("one", Box::new(Growing)), ("two", Box::new(Growing))];
    let pipeline = Pipeline::new(steps, Some(Arc::new(Records)));
    let findings = pipeline.report(&batch.replicate(0), 0.95, &mut own()).unwrap();
    // 1, 1 + 2, 1 + 2 + 3.
    assert_eq!(findings.estimates[0].estimate.estimate, 10.0);
    let mut target = target("y", Quantity::Finding { name: "records".to_owned() });
    let method: Arc<dyn Method> = Arc::new(pipeline);
    let mut fit = bind(&method, &target, batch.replicate(0).schema()).unwrap();
    assert_eq!(fit.fit(&batch.replicate(0), &mut own()).unwrap().estimate, 10.0);
    target.quantity = Quantity::Finding { name: "persons".to_owned() };
    let mut fit = bind(&method, &target, batch.replicate(0).schema()).unwrap();
    let failure = fit.fit(&batch.replicate(0), &mut own()).unwrap_err();
    assert_eq!(failure.detail, "the method reports no `persons`; it reports records");
}

#[test]
fn a_method_that_takes_no_weights_refuses_them() {
    let batch = with_items(&[("y", vec![vec![1.0, 0.0]])]);
    let pipeline = Pipeline::new(vec![("weighing", Box::new(Weighing))], Some(Arc::new(Records)));
    let refused = pipeline.report(&batch.replicate(0), 0.95, &mut own()).unwrap_err();
    let NoReport::CannotAnswer(refused) = refused else { panic!("{refused:?}") };
    assert!(refused.why.contains("takes no weights"), "{}", refused.why);
}
