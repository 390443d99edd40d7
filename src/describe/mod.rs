//! A survey in numbers: presence, losses, shares, and how far successive answers of the same record agree. The same
//! counts are made from a batch of a pilot and from tables on disk.

mod batch;
mod folder;
mod links;
mod summary;
mod tally;

pub use batch::{shape, tally_batch};
pub use folder::describe_folder;
pub use summary::{FEW, summary};
pub use tally::{Cell, Held, ItemShape, Record, Shape, Tally};

#[cfg(test)]
mod tests;
