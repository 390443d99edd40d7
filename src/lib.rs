//! Synthetic cohorts whose truth is known, surveys that see them imperfectly, methods, and how far off they are.
//!
//! `ARCHITECTURE.md` draws the rooms and their order.
#![forbid(unsafe_code)]
#![warn(missing_docs)]

pub mod analyze;
pub mod calibrate;
pub mod cli;
pub mod compare;
pub mod describe;
pub mod diagnostic;
pub mod disk;
pub mod distribution;
pub mod estimand;
pub mod evaluate;
pub mod formula;
pub mod intake;
pub mod numeric;
pub mod observe;
pub mod options;
#[cfg(feature = "proptest")]
pub mod proptest;
pub mod published;
pub mod release;
pub mod report;
pub mod rules;
pub mod scenario;
pub mod simulate;
pub mod small;
pub mod statistics;
pub mod store;
pub mod streams;
pub mod study;
pub mod tables;
pub mod tabulate;
