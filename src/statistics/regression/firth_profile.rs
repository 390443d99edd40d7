//! Limits of the profile of a penalised likelihood.
//!
//! The limit and the best values of the other coefficients there are sought together: each step takes the quadratic
//! approximation at hand, in which the others' best are known, and one Newton step on the signed root of the fall,
//! which is nearly a straight line (after Venzon and Moolgavkar 1988, doi:10.2307/2347496). Where that goes astray the
//! profile itself is searched.

use super::Failure;
use super::basis::dot;
use super::firth::Firth;
use crate::numeric::root::brent;

/// Steps of the joint search.
const STEPS: u32 = 40;
/// Doublings of the distance in the plain search; the profile of a coefficient is left alone far beyond its error.
const DOUBLINGS: u32 = 24;
/// How near a limit must be, relative to values above 1.
const NEAR: f64 = 1e-9;

impl Firth {
    /// The two values of a coefficient at which twice the penalised log-likelihood is `fall` lower than at its top
    /// (3.84 for 95%), the other coefficients at their best.
    ///
    /// # Errors
    /// [`Failure::NoRows`] without a fit, [`Failure::Shape`] without such a column, [`Failure::NoLimit`] where the
    /// profile does not fall that far.
    pub fn profile_limits(&mut self, column: usize, fall: f64) -> Result<(f64, f64), Failure> {
        self.ready(column)?;
        if !(fall > 0.0 && fall.is_finite()) {
            return Err(Failure::Shape);
        }
        Ok((self.limit(column, fall, false)?, self.limit(column, fall, true)?))
    }

    fn limit(&mut self, column: usize, fall: f64, upper: bool) -> Result<f64, Failure> {
        match self.joint_search(column, fall, upper) {
            Some(limit) => Ok(limit),
            None => self.plain_search(column, fall, upper).ok_or(Failure::NoLimit { column, upper }),
        }
    }

    /// The distance at which the quadratic approximation at the top has fallen that far.
    fn first_distance(&mut self, column: usize, fall: f64) -> Option<f64> {
        let p = self.at.p;
        self.point.copy_from_slice(&self.fit.coefficients);
        let ridge = self.ridge(column, true)?;
        let curvature = self.top[column * p + column] - ridge;
        let distance = libm::sqrt(fall / curvature);
        (curvature > 0.0 && distance.is_finite()).then_some(distance)
    }

    /// Puts into `kept` how the others' best change with the coefficient (with the sign reversed); gives what that
    /// takes from its curvature.
    fn ridge(&mut self, column: usize, top: bool) -> Option<f64> {
        let p = self.at.p;
        let matrix = if top { &self.top } else { &self.at.curvature };
        self.solve.clear();
        self.solve.extend_from_slice(matrix);
        let line = &matrix[column * p..(column + 1) * p];
        self.step.copy_from_slice(line);
        self.kept.copy_from_slice(line);
        self.kept[column] = 0.0;
        if !self.solve_others(column) {
            return None;
        }
        let taken = dot(&self.kept, &self.step);
        self.kept.copy_from_slice(&self.step);
        Some(taken)
    }

    fn joint_search(&mut self, column: usize, fall: f64, upper: bool) -> Option<f64> {
        let sign = if upper { 1.0 } else { -1.0 };
        let wanted = libm::sqrt(fall);
        let mut away = sign * self.first_distance(column, fall)?;
        let top = self.fit.coefficients[column];
        self.step.fill(0.0);
        let mut reach = away.abs();
        for _ in 0..STEPS {
            // The others: their own step, and along the ridge.
            let steps = self.step.iter().zip(&self.kept);
            self.point.iter_mut().zip(steps).for_each(|(b, (s, k))| *b += s - k * away);
            self.point[column] += away;
            if !self.at.evaluate(&self.point) {
                return None;
            }
            self.ridge(column, false)?;
            // The factor of the others' matrix is still in `solve`.
            self.step.copy_from_slice(&self.at.score);
            self.step[column] = 0.0;
            crate::numeric::linear::cholesky_solve(&self.solve, self.at.p, &mut self.step);
            let best = self.at.value + 0.5 * dot(&self.step, &self.at.score);
            let slope = self.at.score[column] - dot(&self.kept, &self.at.score);
            let root = libm::sqrt(2.0 * (self.fit.penalised_loglik - best));
            let next = (wanted - root) * root / (-slope);
            if !next.is_finite() || sign * slope >= 0.0 {
                return None;
            }
            let size = self.point[column].abs().max(1.0);
            let others = self.step.iter().zip(&self.point).all(|(s, b)| s.abs() < 1e-7 * b.abs().max(1.0));
            if next.abs() < NEAR * size && others {
                return Some(self.point[column] + next);
            }
            // At most twice as far as before, and always on this side of the top.
            let now = sign * (self.point[column] - top);
            reach = reach.max(now);
            away = sign * (sign * next).min(reach).max(-0.5 * now);
            self.limit_step();
        }
        None
    }

    /// Goes outwards until the profile has fallen far enough, then finds where it did.
    fn plain_search(&mut self, column: usize, fall: f64, upper: bool) -> Option<f64> {
        let top = self.fit.coefficients[column];
        let sign = if upper { 1.0 } else { -1.0 };
        let se = libm::sqrt(self.covariance()[column * self.at.p + column]);
        let (mut inside, mut outside) = (top, top);
        let mut distance = se.max(1e-6);
        let mut found = false;
        for _ in 0..DOUBLINGS {
            outside = top + sign * distance;
            if self.fall_at(column, outside).ok()? > fall {
                found = true;
                break;
            }
            inside = outside;
            distance *= 2.0;
        }
        if !found {
            return None;
        }
        brent(|value| self.fall_at(column, value).map_or(f64::NAN, |f| f - fall), inside, outside)
    }
}
