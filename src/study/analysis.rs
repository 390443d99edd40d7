//! A plan on somebody's own data: every method reports what it finds, and answers the estimands of the plan.

use super::fits::caught;
use crate::analyze::{self, CannotAnswer, NoReport};
use crate::diagnostic::Diagnostics;
use crate::intake::Intake;
use crate::scenario::{MethodDeclaration, Plan};
use crate::streams::{Lane, Own, Purpose, Space, Streams};
use crate::tables::{AnalysedMethod, Analysis, FailureKind, FitFailure, Outcome, Target};
use std::panic::{AssertUnwindSafe, catch_unwind};

/// Runs every method of a plan. Problems of the plan that only the data show are added to `problems`; nothing is run
/// then.
pub fn analyze(plan: &Plan, intake: &Intake, problems: &mut Diagnostics) -> Option<Analysis> {
    let schema = &intake.batch.schema;
    let targets = plan.targets(schema, problems)?;
    let mut methods = Vec::with_capacity(plan.methods.len());
    for declared in &plan.methods {
        methods.push(one(plan, declared, &targets, intake, problems));
    }
    (!problems.has_errors()).then(|| Analysis {
        records: schema.records,
        waves: schema.waves(),
        rows: intake.rows,
        confidence: plan.confidence,
        warnings: intake.warnings.clone(),
        methods,
    })
}

fn one(
    plan: &Plan,
    declared: &MethodDeclaration,
    targets: &[Target],
    intake: &Intake,
    problems: &mut Diagnostics,
) -> AnalysedMethod {
    let name = &declared.name.text;
    let mut answers = Vec::new();
    for target in targets {
        let asked = declared.estimands.as_ref().map(|list| list.iter().find(|text| text.text == target.name));
        if asked == Some(None) {
            continue;
        }
        match answer(plan, declared, target, intake) {
            Ok(result) => answers.push((target.name.clone(), result)),
            Err(cannot) => {
                // Asked for by name it must be able to; otherwise it answers what it can.
                if let Some(text) = asked.flatten() {
                    let message = format!("method `{name}` cannot answer `{}`: {}", target.name, cannot.why);
                    problems.error("S0602", &text.span, message).help("leave it out of `estimands`");
                }
            }
        }
    }
    let report = report(plan, declared, intake);
    if let (Outcome::CannotAnswer(why), true) = (&report, answers.is_empty()) {
        let message = format!("method `{name}` can say nothing of these data: {why}");
        problems.error("S0803", &declared.name.span, message);
    }
    AnalysedMethod { name: name.clone(), kind: declared.kind.clone(), answers, report }
}

fn stream(plan: &Plan, name: &str) -> Own {
    let purpose = Purpose::named(&format!("method.{name}"));
    Streams::new(plan.seed, Space::Method).own(&Lane { purpose, occasion: 0, replicate: 0, stratum: 0 }, 0)
}

fn answer(
    plan: &Plan,
    declared: &MethodDeclaration,
    target: &Target,
    intake: &Intake,
) -> Result<Result<crate::tables::Estimate, FitFailure>, CannotAnswer> {
    let mut fit = refuse_weights(declared, intake)
        .and_then(|()| analyze::bind(&declared.method, target, &intake.batch.schema))?;
    let mut stream = stream(plan, &format!("{} / {}", declared.name.text, target.name));
    Ok(caught(fit.as_mut(), &intake.batch, 0, &mut stream))
}

fn report(plan: &Plan, declared: &MethodDeclaration, intake: &Intake) -> Outcome {
    if let Err(cannot) = refuse_weights(declared, intake) {
        return Outcome::CannotAnswer(cannot.why);
    }
    let mut stream = stream(plan, &declared.name.text);
    let observed = intake.batch.replicate(0);
    let result = catch_unwind(AssertUnwindSafe(|| declared.method.report(&observed, plan.confidence, &mut stream)));
    match result {
        Ok(Ok(findings)) => Outcome::Found(findings),
        Ok(Err(NoReport::Failed(failure))) => Outcome::Failed(failure),
        Ok(Err(NoReport::CannotAnswer(cannot))) => Outcome::CannotAnswer(cannot.why),
        Err(_) => Outcome::Failed(FitFailure::new(FailureKind::Panicked, "a defect of the program")),
    }
}

fn refuse_weights(declared: &MethodDeclaration, intake: &Intake) -> Result<(), CannotAnswer> {
    if intake.batch.schema.weighted && !declared.method.takes_weights() {
        return Err(CannotAnswer { why: "it takes no weights, and [data] names a column of weights".to_owned() });
    }
    Ok(())
}
