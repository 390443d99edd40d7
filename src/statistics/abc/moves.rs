//! A generation in the making: particles beyond the next tolerance give their places to copies of those within it, and then
//! all of them move.
//!
//! A move is a step of the Metropolis algorithm with data that are simulated: a step from a normal law is proposed, a study
//! is simulated there, and the particle goes where the study is within the tolerance. In the long run particles are draws of
//! the prior among parameters whose studies come so near, and ones that are so already stay so. All weights are equal:
//! nothing thins out, however many parameters there are, while importance weights of normal proposals degenerate from
//! about ten parameters on.
//!
//! Sources: Drovandi and Pettitt 2011 (doi:10.1111/j.1541-0420.2010.01410.x); Del Moral, Doucet and Jasra 2012
//! (doi:10.1007/s11222-011-9271-y); Marjoram, Molitor, Plagnol and Tavaré 2003 (doi:10.1073/pnas.0306899100) for the move;
//! Roberts, Gelman and Gilks 1997 (doi:10.1214/aoap/1034625254) for the first scale of steps; Fearnhead and Taylor 2013
//! (doi:10.1214/13-BA814) for choosing the scale by how far particles came.

use super::failure::AbcFailure;
use super::population::{Generation, Particle, check};
use super::projection::whiten;
use super::weights::{covariance, means, systematic};
use crate::numeric::linear::cholesky;
use crate::statistics::draws::Draws;

/// Half of the places take steps longer than the scale by this factor, the others shorter.
const APART: f64 = 1.25;

/// The scale of steps, in units of the particles' spread, that a first generation is moved with: `2.38 / sqrt(p)`.
#[must_use]
pub fn first_scale(parameters: usize) -> f64 {
    2.38 / libm::sqrt(parameters.max(1) as f64)
}

/// A generation whose particles move.
#[derive(Clone, Debug, PartialEq)]
pub struct Moves {
    number: u32,
    tolerance: f64,
    particles: Vec<Particle>,
    /// Lower Cholesky factor of the covariance of the particles that stayed, row after row.
    factor: Vec<f64>,
    scale: f64,
    sweeps: u32,
    attempts: u64,
    accepted: u64,
    /// Squared lengths of accepted steps, in units of the particles' spread: of short steps, of long ones.
    travelled: [f64; 2],
}

impl Moves {
    /// Particles of `last` within `tolerance` keep their places; the others' go to copies of these, by one comb with
    /// even teeth (one uniform number of `draws`), so that each is copied as often as any other, give or take one. Steps
    /// go by the covariance of the particles that stayed, before they were copied.
    ///
    /// # Errors
    /// No more particles within the tolerance than parameters, or ones that do not spread in all directions.
    pub fn begin(last: &Generation, tolerance: f64, draws: &mut dyn Draws) -> Result<Self, AbcFailure> {
        let p = last.parameters();
        let staying: Vec<&Particle> = last.particles.iter().filter(|at| at.distance <= tolerance).collect();
        if staying.len() <= p || p == 0 {
            let what = "particles within the next tolerance";
            return Err(AbcFailure::TooFew { what, have: staying.len(), need: p + 1 });
        }
        let factor = spread(&staying, p)?;
        let places = last.particles.len();
        let copies = systematic(&vec![1.0; staying.len()], places - staying.len(), draws);
        let mut copies = copies.into_iter().map(|k| staying[k]);
        let filled = last.particles.iter().map(|at| if at.distance <= tolerance { Some(at) } else { copies.next() });
        Ok(Self {
            number: last.number.saturating_add(1),
            tolerance,
            particles: filled.flatten().cloned().collect(),
            factor,
            scale: last.scale,
            sweeps: 0,
            attempts: 0,
            accepted: 0,
            travelled: [0.0; 2],
        })
    }

    /// Where the particle in a place would go. `None` where the prior refuses: the study need not be simulated. Asks for as
    /// many normal numbers as there are parameters and then for one uniform number, so it is known before the study is
    /// made whether the prior lets the step pass, which changes nothing of the law of the moves.
    pub fn propose(&self, place: usize, draws: &mut dyn Draws) -> Option<Vec<f64>> {
        let from = &self.particles.get(place)?.z;
        let (p, scale) = (from.len(), self.scale_at(place));
        let mut z = from.clone();
        for k in 0..p {
            let e = scale * draws.normal();
            (k..p).for_each(|i| z[i] += self.factor[i * p + k] * e);
        }
        let squares = |z: &[f64]| z.iter().map(|v| v * v).sum::<f64>();
        let ratio = libm::exp(0.5 * (squares(from) - squares(&z)));
        (draws.uniform() < ratio).then_some(z)
    }

    /// Ends a sweep: what the proposals of all places gave, in their order; `None` where the prior refused. A particle goes
    /// where the distance is at most the tolerance, and stays where it is otherwise.
    ///
    /// # Errors
    /// Not one for each place; a distance that is NaN or below 0; a `z` or projection that is not finite, or of another
    /// length, beside a finite distance.
    pub fn sweep(&mut self, tried: Vec<Option<Particle>>) -> Result<(), AbcFailure> {
        if tried.len() != self.particles.len() {
            return Err(AbcFailure::Shape { what: "moves", have: tried.len(), want: self.particles.len() });
        }
        self.sweeps = self.sweeps.saturating_add(1);
        for (place, particle) in tried.into_iter().enumerate() {
            let Some(particle) = particle else { continue };
            self.attempts += 1;
            check(place, &particle, &self.particles[place])?;
            if particle.distance <= self.tolerance {
                self.travelled[place % 2] += self.squared_step(place, &particle.z);
                self.accepted += 1;
                self.particles[place] = particle;
            }
        }
        Ok(())
    }

    /// The generation as it is. Its scale is that of the half of the places whose particles came farther: the mean squared
    /// length of moves, those not accepted counting 0, is what makes particles independent of where they began. A share
    /// of accepted moves is no aim here: where few studies come near even with the right parameters, short steps
    /// would not raise it.
    #[must_use]
    pub fn generation(self) -> Generation {
        let places = self.particles.len() as f64;
        let [short, long] =
            [self.travelled[0] / libm::ceil(places / 2.0), self.travelled[1] / libm::floor(places / 2.0)];
        let scale = match () {
            () if long > short => self.scale * APART,
            () if short > long => self.scale / APART,
            () => self.scale,
        };
        Generation {
            number: self.number,
            tolerance: self.tolerance,
            particles: self.particles,
            attempts: self.attempts,
            sweeps: self.sweeps,
            accepted: self.accepted,
            scale,
        }
    }

    /// Largest distance allowed.
    #[must_use]
    pub fn tolerance(&self) -> f64 {
        self.tolerance
    }

    /// Sweeps so far.
    #[must_use]
    pub fn sweeps(&self) -> u32 {
        self.sweeps
    }

    /// Studies simulated so far.
    #[must_use]
    pub fn attempts(&self) -> u64 {
        self.attempts
    }

    /// Moves accepted so far.
    #[must_use]
    pub fn accepted(&self) -> u64 {
        self.accepted
    }

    /// Moves proposed so far, those that the prior refused among them.
    #[must_use]
    pub fn proposed(&self) -> u64 {
        u64::from(self.sweeps) * self.particles.len() as u64
    }

    fn scale_at(&self, place: usize) -> f64 {
        if place.is_multiple_of(2) { self.scale / APART } else { self.scale * APART }
    }

    /// Squared length of the way from a place to `z`, in units of the particles' spread.
    fn squared_step(&self, place: usize, z: &[f64]) -> f64 {
        let step: Vec<f64> = z.iter().zip(&self.particles[place].z).map(|(to, from)| to - from).collect();
        whiten(&self.factor, &step).iter().map(|v| v * v).sum()
    }
}

/// The Cholesky factor of the covariance of particles.
fn spread(particles: &[&Particle], p: usize) -> Result<Vec<f64>, AbcFailure> {
    let rows = || particles.iter().map(|particle| particle.z.as_slice());
    let even = vec![1.0 / particles.len() as f64; particles.len()];
    let mut factor = covariance(rows(), &even, &means(rows(), &even, p));
    let least = cholesky(&mut factor, p).map_err(|parameter| AbcFailure::NoSpread { parameter })?;
    // Below this rounding alone makes the spread.
    if least < 1e-13 {
        return Err(AbcFailure::NoSpread { parameter: p - 1 });
    }
    Ok(factor)
}
