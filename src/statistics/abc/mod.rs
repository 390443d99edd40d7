//! Fitting a simulator without a likelihood: sequential approximate Bayesian computation on plain numbers.
//!
//! Nothing here simulates, waits or has threads. The caller draws parameters where it is told to, simulates, and hands
//! back summaries; all that is kept between two calls is in values that can be written down and read again.
//!
//! Every parameter is a number `z` whose prior is a standard normal, independent of the others; [`Law`] maps it to the
//! parameter itself. The space has no edges, so no proposal is ever outside the prior, and a posterior is read against
//! a prior whose standard deviation is 1.
//!
//! The order of a fit:
//!
//! 1. *Pilot.* [`draw_prior`] many times, simulate, [`Projection::fit`]: several hundred summaries become one number per
//!    parameter, the expected parameter given the summaries. [`Projection::outside_pilot`] says which observed figures no
//!    draw of the prior reached. Project the pilot's own draws and the observed figures with [`Projection::project`];
//!    [`Projection::distance`] is the distance between two projected points.
//! 2. *Generations.* [`Generation::first`] keeps the nearest of the pilot. Then, while [`Limits::next`] says
//!    [`Next::Generation`]: [`Moves::begin`] fills the places of particles beyond the tolerance with copies of those
//!    within it, and sweep after sweep every particle is to move: [`Moves::propose`] for each place, a pure function of its
//!    own random numbers; the caller simulates; [`Moves::sweep`] accepts or not. [`Limits::then`] says whether another
//!    sweep follows, or the generation is whole ([`Moves::generation`]), or why the fit stops and the last whole generation
//!    stands.
//! 3. *Adjustment.* [`Posterior::adjusted`] corrects the particles for the distance that is left;
//!    [`Posterior::unadjusted`] leaves them as they are.
//! 4. *What the data said.* [`learned`] and [`directions`].
//! 5. *Does the fitter recover what is known?* [`Uniformity`] of ranks from [`rank`], by simulation-based calibration.
//!
//! Sources are named where they are used; Sisson, Fan and Beaumont 2018, Handbook of Approximate Bayesian Computation
//! (doi:10.1201/9781315117195) holds them all together.

mod adjust;
mod calibration;
mod failure;
mod gram;
mod learned;
mod moves;
mod population;
pub mod prior;
mod projection;
mod ridge;
mod stop;
mod weights;

#[cfg(test)]
mod tests;

pub use adjust::{Adjustment, Posterior};
pub use calibration::{Shape, Uniformity, rank};
pub use failure::AbcFailure;
pub use learned::{Direction, Learned, Partner, Verdict, directions, learned};
pub use moves::{Moves, first_scale};
pub use population::{Generation, Particle, draw_prior};
pub use prior::Law;
pub use projection::{Projected, Projection, Summaries, Transform};
pub use stop::{Limits, Next, Progress, Stop, Then};
pub use weights::{effective_size, systematic, weighted_quantile};
