//! What a survey sees of a truth: every problem of its declaration, every mechanism against a closed form, the audit
//! against the truth, and the draws.

#[path = "survey/answers.rs"]
mod answers;
#[path = "survey/answers_audit.rs"]
mod answers_audit;
#[path = "survey/answers_errors.rs"]
mod answers_errors;
#[path = "survey/answers_meetings.rs"]
mod answers_meetings;
#[path = "survey/answers_published.rs"]
mod answers_published;
#[path = "survey/answers_steps.rs"]
mod answers_steps;
#[path = "survey/audit.rs"]
mod audit;
#[path = "survey/coding.rs"]
mod coding;
#[path = "survey/common.rs"]
mod common;
#[path = "survey/draws.rs"]
mod draws;
#[path = "survey/errors.rs"]
mod errors;
#[path = "survey/instrument.rs"]
mod instrument;
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
#[path = "survey/losses_consent.rs"]
mod losses_consent;
#[path = "survey/losses_entry.rs"]
mod losses_entry;
#[path = "survey/losses_errors.rs"]
mod losses_errors;
#[path = "survey/losses_known.rs"]
mod losses_known;
#[path = "survey/losses_missingness.rs"]
mod losses_missingness;
#[path = "survey/losses_returners.rs"]
mod losses_returners;
#[path = "survey/losses_sites.rs"]
mod losses_sites;
#[path = "survey/losses_whole.rs"]
mod losses_whole;
#[path = "survey/missingness.rs"]
mod missingness;
#[path = "survey/running.rs"]
mod running;
#[path = "survey/sets.rs"]
mod sets;
#[path = "survey/whole.rs"]
mod whole;
