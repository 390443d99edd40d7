use super::*;
use crate::analyze::pipeline::Pipeline;
use crate::analyze::tests::{ask, loader::with_items, options, stream, target};
use crate::analyze::{Fit, Method, NoReport, Within, steps};
use crate::tables::{Finding, ObservedBatch, Quantity, Target};

/// Reads an item at a wave as it comes.
#[derive(Debug)]
struct Seen(&'static str, usize);

impl Method for Seen {
    fn bind(&self, _: &Target, _: &ObservedSchema) -> Result<Box<dyn Fit>, CannotAnswer> {
        Err(CannotAnswer { why: "it reports".to_owned() })
    }

    fn report(&self, observed: &Observed<'_>, _: f64, _: &mut Own) -> Result<Findings, NoReport> {
        let mut findings = Findings::default();
        findings.values.set("seen", Column::need(self.0, observed.schema())?.read(observed, self.1));
        Ok(findings)
    }
}

fn step(name: &str, pairs: &[(&str, &str)]) -> (&'static str, Box<dyn Step>) {
    let entry = steps().iter().find(|entry| entry.name == name).unwrap();
    let mut problems = Diagnostics::new();
    let step = (entry.declare)(&options(pairs), &mut problems);
    assert!(problems.list().is_empty(), "{:?}", problems.list());
    (entry.name, step.unwrap())
}

const N: f64 = f64::NAN;

/// Four records over three waves: 1 0 0, 0 1 -, - - -, 1 - 0.
fn batch() -> ObservedBatch {
    with_items(&[
        ("y", vec![vec![1.0, 0.0, N, 1.0], vec![0.0, 1.0, N, N], vec![0.0, N, N, 0.0]]),
        ("trust", vec![vec![5.0, 1.0, 1.0, 1.0], vec![1.0, 2.0, 1.0, 1.0], vec![1.0, 1.0, 1.0, 3.0]]),
        ("who", vec![vec![1.0, 1.0, 1.0, 2.0], vec![2.0, 2.0, 1.0, 1.0], vec![1.0, 1.0, 1.0, 2.0]]),
    ])
}

fn seen(name: &str, pairs: &[(&str, &str)], wave: usize) -> Vec<Finding> {
    let pipeline = Pipeline::new(vec![step(name, pairs)], Some(Arc::new(Seen("y", wave))));
    let found = pipeline.report(&batch().replicate(0), 0.95, &mut stream()).unwrap();
    match found.values.get("method") {
        Some(Finding::Record(record)) => match record.get("seen") {
            Some(Finding::List(list)) => list.clone(),
            other => panic!("{other:?}"),
        },
        other => panic!("{other:?}"),
    }
}

fn answers(values: [f64; 4]) -> Vec<Finding> {
    values.map(Finding::from).to_vec()
}

#[test]
fn each_rule_by_hand() {
    let y = ("items", "[y]");
    for wave in 0..3 {
        assert_eq!(seen("reconcile.first", &[y], wave), answers([1.0, 0.0, N, 1.0]));
        assert_eq!(seen("reconcile.last", &[y], wave), answers([0.0, 1.0, N, 0.0]));
        assert_eq!(seen("reconcile.ever", &[y], wave), answers([1.0, 1.0, N, 1.0]));
        assert_eq!(seen("reconcile.always", &[y], wave), answers([0.0, 0.0, N, 0.0]));
        assert_eq!(seen("reconcile.majority", &[y], wave), answers([0.0, N, N, N]));
        assert_eq!(seen("reconcile.trust_weighted", &[y, ("trust", "trust")], wave), answers([1.0, 1.0, N, 0.0]));
        // The last interviewers heard 1 and 0; 1; nothing; 1 and 0.
        let who = [y, ("interviewer", "who")];
        assert_eq!(seen("reconcile.latest_interviewer", &who, wave), answers([N, 1.0, N, N]));
    }
}

#[test]
fn reports_so_far_are_those_up_to_the_wave() {
    let pairs = [("items", "[y]"), ("reports", "so_far")];
    assert_eq!(seen("reconcile.ever", &pairs, 0), answers([1.0, 0.0, N, 1.0]));
    assert_eq!(seen("reconcile.ever", &pairs, 1), answers([1.0, 1.0, N, 1.0]));
    assert_eq!(seen("reconcile.majority", &pairs, 1), answers([N, N, N, 1.0]));
}

#[test]
fn it_says_what_it_overruled() {
    let pipeline = Pipeline::new(vec![step("reconcile.majority", &[("items", "[y]")])], Some(Arc::new(Seen("y", 0))));
    let found = pipeline.report(&batch().replicate(0), 0.95, &mut stream()).unwrap();
    let Some(Finding::Record(own)) = found.values.get("reconcile.majority") else { panic!("{found:?}") };
    let Some(Finding::Record(y)) = own.get("y") else { panic!("{own:?}") };
    // One yes of the first record; both reports of the two that are tied.
    assert_eq!(y.get("overruled"), Some(&Finding::Whole(5)));
    assert_eq!((y.get("n"), y.get("reports")), (Some(&Finding::Whole(1)), Some(&Finding::Whole(7))));
    assert_eq!(y.get("tied_or_undetermined"), Some(&Finding::Whole(2)));
    assert_eq!(found.warnings.len(), 1);
}

#[test]
fn a_method_behind_it_answers_an_estimand() {
    let prevalence = target("y", Quantity::Prevalence { wave: 1 });
    let plain = ask("available_case", &[], &prevalence, &batch()).unwrap().unwrap();
    assert_eq!(plain.estimate, 0.5);
    let entry = crate::analyze::catalogue().iter().find(|e| e.name == "available_case").unwrap();
    let method = (entry.declare)(&options(&[]), &mut Diagnostics::new()).unwrap();
    let pipeline = Pipeline::new(vec![step("reconcile.ever", &[("items", "[y]")])], Some(Arc::from(method)));
    let batch = batch();
    let mut fit = pipeline.bind(&prevalence, &batch.schema).unwrap();
    // All three of those who ever answered.
    assert_eq!(fit.fit(&batch.replicate(0), &mut stream()).unwrap().estimate, 1.0);
    let within = Within::new("nowhere".to_owned(), Box::new(pipeline));
    assert!(within.bind(&prevalence, &batch.schema).is_err());
}

#[test]
fn what_is_not_there_is_refused() {
    let refused = |name: &str, pairs: &[(&str, &str)]| {
        step(name, pairs).1.bind(&batch().schema, 0.95).err().map(|cannot| cannot.why)
    };
    assert!(refused("reconcile.ever", &[("items", "[nothing]")]).unwrap().contains("nothing"));
    assert!(refused("reconcile.latest_interviewer", &[("items", "[y]")]).unwrap().contains("interviewer"));
    assert!(refused("reconcile.trust_weighted", &[("items", "[y]"), ("trust", "hope")]).is_some());
    for (name, pairs) in [
        ("reconcile.ever", vec![]),
        ("reconcile.trust_weighted", vec![("items", "[y]")]),
        ("reconcile.last", vec![("items", "y")]),
    ] {
        let entry = steps().iter().find(|entry| entry.name == name).unwrap();
        let mut problems = Diagnostics::new();
        let _ = (entry.declare)(&options(&pairs), &mut problems);
        assert!(!problems.list().is_empty(), "{name}");
    }
}
