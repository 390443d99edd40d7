//! What a survey sees of a truth: every problem of its declaration, every mechanism against a closed form, the audit
//! against the truth, and the draws.

#[path = "survey/answers.rs"]
mod answers;
#[path = "survey/audit.rs"]
mod audit;
#[path = "survey/common.rs"]
mod common;
#[path = "survey/draws.rs"]
mod draws;
#[path = "survey/errors.rs"]
mod errors;
#[path = "survey/interviews.rs"]
mod interviews;
#[path = "survey/linkage.rs"]
mod linkage;
#[path = "survey/linkage_codes.rs"]
mod linkage_codes;
#[path = "survey/linkage_errors.rs"]
mod linkage_errors;
#[path = "survey/linkage_release.rs"]
mod linkage_release;
#[path = "survey/losses.rs"]
mod losses;
#[path = "survey/missingness.rs"]
mod missingness;
#[path = "survey/running.rs"]
mod running;
