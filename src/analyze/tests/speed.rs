//! How long fits take; printed, not judged. Run with optimisation:
//! `cargo test --release --lib analyze::tests::speed -- --ignored --nocapture`.

use super::study::{REPLICATES, WAVES, study};
use super::{catalogue, coefficient, comparing, options, stream, target};
use crate::diagnostic::Diagnostics;
use crate::tables::{Quantity, Target};

#[test]
#[ignore = "prints times; run by hand with optimisation"]
fn nanoseconds_per_fit() {
    let batch = study((0.04, 0.06));
    let last = WAVES - 1;
    let share = target("earning", Quantity::Prevalence { wave: last });
    let mut effect = coefficient("earning", "arm + age", "arm", true);
    let mut by_height = coefficient("earning", "arm + height", "arm", true);
    for target in [&mut effect, &mut by_height] {
        if let Quantity::Coefficient { waves, .. } = &mut target.quantity {
            *waves = vec![last];
        }
    }
    let difference = comparing("earning", last, "arm == 1", "arm == 0");
    let ever = target("earning", Quantity::Ever { by: last });
    let restricted = Target { restrict: Some(super::text("age > 15")), ..share.clone() };
    let cases = [
        ("complete_case", Vec::new(), &share),
        ("complete_case", vec![], &restricted),
        ("complete_case", vec![("interval", "clopper_pearson")], &share),
        ("locf", vec![], &share),
        ("ipw", vec![("dropout_model", "well")], &share),
        ("ipw", vec![("dropout_model", "well + earning + age")], &share),
        ("ipw", vec![("dropout_model", "well + earning + age"), ("errors", "estimated_weights")], &share),
        ("ipw", vec![("dropout_model", "well + height")], &share),
        ("difference_in_means", vec![], &difference),
        ("regression", vec![], &difference),
        ("complete_case", vec![], &ever),
        ("complete_case", vec![("interval", "mid_p")], &share),
        ("logistic", vec![], &effect),
        ("logistic", vec![], &by_height),
    ];
    for (method, pairs, target) in cases {
        let entry = catalogue().iter().find(|e| e.name == method).unwrap();
        let declared = (entry.declare)(&options(&pairs), &mut Diagnostics::new()).unwrap();
        let mut fit = declared.bind(target, &batch.schema).unwrap();
        let mut best = f64::INFINITY;
        let mut failed = 0;
        for _ in 0..20 {
            let start = std::time::Instant::now();
            failed = (0..REPLICATES).filter(|r| fit.fit(&batch.replicate(*r), &mut stream()).is_err()).count();
            best = best.min(start.elapsed().as_nanos() as f64 / REPLICATES as f64);
        }
        println!(
            "{best:8.0} ns  {method} {pairs:?} of {}{} ({failed} failed)",
            target.of.text,
            target.restrict.is_some()
        );
    }
}
