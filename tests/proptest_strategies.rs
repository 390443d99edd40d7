//! The strategies of `eclosion::proptest` as its users have them, how they shrink, and properties of our own on them.
//! `cargo test --features proptest --test proptest_strategies`

#[path = "proptest_strategies/own.rs"]
mod own;
#[path = "proptest_strategies/pipeline.rs"]
mod pipeline;
#[path = "proptest_strategies/shrinking.rs"]
mod shrinking;
