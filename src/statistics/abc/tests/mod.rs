//! Tests of the likelihood-free fitter: by hand, against closed forms, by a second computation.

mod adjusting;
mod by_hand;
mod draws;
mod limits;
mod moving;
mod projecting;
mod ranks;
mod refusals;
mod toys;
