//! Formulas applied to many persons at once: a [`Rule`] reads columns, works out probabilities and decides by draw.
//!
//! Rows are persons of a batch of replicates. Where all that a rule reads takes few values, its probabilities become
//! a table of thresholds, made once for the whole batch; otherwise formulas are evaluated over blocks of rows.

mod layout;
mod lookup;
mod rule;
mod shape;
mod table;
#[cfg(test)]
mod tests;

pub use layout::{CHUNK, Chunk, GroupRows, Layout, Segment};
pub use rule::{BadValue, Occasion, Rule, RuleScratch, value_at};
pub use shape::Shape;
