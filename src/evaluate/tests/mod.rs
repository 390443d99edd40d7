mod by_hand;
mod contrasts;
mod monte_carlo;
mod on_disk;
mod reference;
mod robust;
mod table;
mod three_ways;

use super::{Fits, measure_all};
use crate::tables::Measured;

/// The measure called `name`.
fn measured(fits: &Fits<'_>, reference: Option<&Fits<'_>>, name: &str) -> Measured {
    measure_all(fits, reference).into_iter().find(|(n, _)| *n == name).expect("the measure is in the catalogue").1
}
