//! Description of a panel: who was seen when, what they reported how often, in which order and together with what.
//!
//! Denominators have names: persons enrolled, persons observed at least once, persons observed at every wave.

mod counts;
mod grid;
mod item;
mod presence;
mod sequence;
mod together;

#[cfg(test)]
mod tests;

pub use counts::CountSummary;
pub use grid::Grid;
pub use item::{GapRule, ItemSummary, Transitions, WaveTally, consecutive, longest_run};
pub use presence::Presence;
pub use sequence::{Pattern, by_changes, changes, sequences};
pub use together::Together;
