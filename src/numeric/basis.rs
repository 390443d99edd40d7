//! Splines and orthogonal polynomials of a number, whose columns depend on the values seen.
//!
//! Sources: de Boor 1978, A Practical Guide to Splines, chapters IX and X (B-splines); Hastie 1992 in Statistical
//! Models in S, section 7.4.2 (the natural spline as the B-splines that obey the end conditions); Forsythe 1957
//! (doi:10.1137/0105007; orthogonal polynomials by three-term recurrence). The columns are those of R's `ns`, `bs` and
//! `poly`, with their signs.

use super::quantile::type_7;

/// Highest order (degree + 1) of B-splines.
const HIGHEST_ORDER: usize = 8;

/// A basis fitted to values. Buffers are kept between fits.
#[derive(Clone, Debug, Default)]
pub struct Basis {
    kind: Fitted,
    /// Knots of splines, the ends repeated; ascending.
    knots: Vec<f64>,
    /// Natural splines: two Householder vectors over the B-splines but the first, one after the other.
    mirrors: Vec<f64>,
    /// Polynomials: the shifts of the recurrence, and the squared norms of all polynomials from the constant on.
    shifts: Vec<f64>,
    squares: Vec<f64>,
    /// Sorted values, then polynomials at them.
    buffer: Vec<f64>,
    before: Vec<f64>,
    now: Vec<f64>,
}

/// What has been fitted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Fitted {
    #[default]
    Nothing,
    Natural,
    BSpline {
        order: usize,
    },
    Polynomial,
}

impl Basis {
    /// Natural cubic splines with `columns` columns and no constant: knots inside at quantiles (type 7), end knots at
    /// the least and the largest value, linear beyond. `false`, and no basis, where the values are not finite, or so few
    /// that a knot inside falls on an end.
    pub fn natural(&mut self, values: &[f64], columns: usize) -> bool {
        self.kind = Fitted::Nothing;
        if columns == 0 || !self.place_knots(values, columns - 1, 4) {
            return false;
        }
        self.kind = Fitted::Natural;
        self.mirror();
        true
    }

    /// B-splines of a degree (1 to 7) with `columns` columns, at least `degree`: all but the first of the splines with
    /// `columns - degree` knots inside. `false` as for natural splines.
    pub fn b_splines(&mut self, values: &[f64], columns: usize, degree: usize) -> bool {
        self.kind = Fitted::Nothing;
        let order = degree + 1;
        if degree == 0 || order > HIGHEST_ORDER || columns < degree {
            return false;
        }
        let placed = self.place_knots(values, columns - degree, order);
        if placed {
            self.kind = Fitted::BSpline { order };
        }
        placed
    }

    /// Polynomials of degree 1 to `columns`, orthonormal over the values and orthogonal to the constant, with positive
    /// leading coefficients. `false` where there are not more different values than columns, or one is not finite.
    pub fn polynomials(&mut self, values: &[f64], columns: usize) -> bool {
        self.kind = Fitted::Nothing;
        if columns == 0 || !self.sort(values) {
            return false;
        }
        let different = 1 + self.buffer.windows(2).filter(|w| w[0] != w[1]).count();
        if different <= columns {
            return false;
        }
        self.before.clear();
        self.before.resize(values.len(), 0.0);
        self.now.clear();
        self.now.resize(values.len(), 1.0);
        self.shifts.clear();
        self.squares.clear();
        self.squares.push(values.len() as f64);
        let mut ratio = 0.0;
        for k in 0..columns {
            let square = self.squares.get(k).copied().unwrap_or(f64::NAN);
            let moment: f64 = values.iter().zip(&self.now).map(|(x, p)| x * p * p).sum();
            let shift = moment / square;
            for ((x, before), now) in values.iter().zip(&mut self.before).zip(&mut self.now) {
                let next = (x - shift) * *now - ratio * *before;
                *before = std::mem::replace(now, next);
            }
            let next: f64 = self.now.iter().map(|p| p * p).sum();
            ratio = next / square;
            self.shifts.push(shift);
            self.squares.push(next);
        }
        let sound = self.squares.iter().all(|s| s.is_finite() && *s > 0.0);
        if sound {
            self.kind = Fitted::Polynomial;
        }
        sound
    }

    /// The value of a column (from 0) at `x`; NaN without a basis or outside the values it was fitted to, where it is a
    /// spline.
    #[must_use]
    pub fn value(&self, x: f64, column: usize) -> f64 {
        match self.kind {
            Fitted::Nothing => f64::NAN,
            Fitted::Natural => self.natural_value(x, column),
            Fitted::BSpline { order } => {
                let Some((first, splines)) = self.splines(x, order, 0) else { return f64::NAN };
                within(first, &splines, order, column + 1)
            }
            Fitted::Polynomial => self.polynomial_value(x, column),
        }
    }

    /// Sorts the values; `false` if there are none or one is not finite.
    fn sort(&mut self, values: &[f64]) -> bool {
        self.buffer.clear();
        self.buffer.extend_from_slice(values);
        self.buffer.sort_unstable_by(f64::total_cmp);
        !values.is_empty() && values.iter().all(|v| v.is_finite())
    }

    fn place_knots(&mut self, values: &[f64], inside: usize, order: usize) -> bool {
        if !self.sort(values) {
            return false;
        }
        let (low, high) = (type_7(&self.buffer, 0.0), type_7(&self.buffer, 1.0));
        self.knots.clear();
        self.knots.resize(order, low);
        for k in 1..=inside {
            self.knots.push(type_7(&self.buffer, k as f64 / (inside as f64 + 1.0)));
        }
        self.knots.resize(self.knots.len() + order, high);
        let inner = self.knots.get(order..order + inside).unwrap_or(&[]);
        low < high && inner.iter().all(|k| *k > low && *k < high)
    }

    /// The values (or a derivative) of the splines of an order that are not 0 at `x`, with the number of the first.
    fn splines(&self, x: f64, order: usize, derivative: usize) -> Option<(usize, [f64; HIGHEST_ORDER])> {
        let count = self.knots.len().checked_sub(order)?;
        let (low, high) = (*self.knots.get(order - 1)?, *self.knots.get(count)?);
        if !(x >= low && x <= high) {
            return None;
        }
        // The interval that holds x; at the upper end the last one that is not empty.
        let after = self.knots.partition_point(|k| *k <= x);
        let interval = match after > count {
            true => self.knots.partition_point(|k| *k < high) - 1,
            false => after - 1,
        };
        let knot = |i: usize| self.knots.get(i).copied().unwrap_or(f64::NAN);
        let mut values = [0.0; HIGHEST_ORDER];
        values[0] = 1.0;
        for degree in 1..order {
            // From degree - 1 to degree; the last `derivative` steps differentiate.
            let differentiates = degree + derivative >= order;
            let lower = values;
            values = [0.0; HIGHEST_ORDER];
            for (k, weight) in lower.iter().enumerate().take(degree) {
                let left = knot(interval + k + 1 - degree);
                let right = knot(interval + k + 1);
                let share = weight / (right - left);
                if differentiates {
                    values[k] -= degree as f64 * share;
                    values[k + 1] += degree as f64 * share;
                } else {
                    values[k] += (right - x) * share;
                    values[k + 1] += (x - left) * share;
                }
            }
        }
        Some((interval + 1 - order, values))
    }

    /// Two reflections that bring the second derivatives at both ends, as functions of the coefficients of the splines,
    /// to the first two coordinates; the natural splines are the others.
    fn mirror(&mut self) {
        let splines = self.knots.len().saturating_sub(5);
        let (low, high) = (self.knots.first().copied(), self.knots.last().copied());
        let mut ends = [vec![0.0; splines], vec![0.0; splines]];
        for (end, x) in ends.iter_mut().zip([low, high]) {
            let Some((first, values)) = x.and_then(|x| self.splines(x, 4, 2)) else { continue };
            for (k, entry) in end.iter_mut().enumerate() {
                *entry = within(first, &values, 4, k + 1);
            }
        }
        self.mirrors.clear();
        let [left, right] = &mut ends;
        let one = mirror_of(left, 0);
        reflect(&one, right);
        self.mirrors.extend_from_slice(&one);
        self.mirrors.extend(mirror_of(right, 1));
    }

    fn natural_value(&self, x: f64, column: usize) -> f64 {
        let Some((first, values)) = self.splines(x, 4, 0) else { return f64::NAN };
        let splines = self.knots.len().saturating_sub(5);
        let spline = |k: usize| within(first, &values, 4, k + 1);
        let (one, two) = self.mirrors.split_at(splines.min(self.mirrors.len()));
        let entry = |mirror: &[f64], k: usize| mirror.get(k).copied().unwrap_or(f64::NAN);
        // Each reflection takes away twice the part along its vector.
        let share = |mirror: &[f64], of: &dyn Fn(usize) -> f64| {
            let along: f64 = (0..splines).map(|k| entry(mirror, k) * of(k)).sum();
            2.0 * along / mirror.iter().map(|v| v * v).sum::<f64>()
        };
        let first_share = share(one, &spline);
        let once = |k: usize| spline(k) - first_share * entry(one, k);
        once(column + 2) - share(two, &once) * entry(two, column + 2)
    }

    fn polynomial_value(&self, x: f64, column: usize) -> f64 {
        let (mut before, mut now, mut ratio) = (0.0, 1.0, 0.0);
        for (shift, squares) in self.shifts.iter().zip(self.squares.windows(2)).take(column + 1) {
            let next = (x - shift) * now - ratio * before;
            before = std::mem::replace(&mut now, next);
            ratio = squares[1] / squares[0];
        }
        self.squares.get(column + 1).map_or(f64::NAN, |square| now / libm::sqrt(*square))
    }
}

/// The value of spline `k` among those of an order that start with `first`; 0 for the others.
fn within(first: usize, values: &[f64; HIGHEST_ORDER], order: usize, k: usize) -> f64 {
    match k.checked_sub(first) {
        Some(place) if place < order => values[place],
        _ => 0.0,
    }
}

/// The vector across whose plane the part of `vector` from `position` on falls onto that coordinate.
fn mirror_of(vector: &[f64], position: usize) -> Vec<f64> {
    let mut mirror = vector.to_vec();
    mirror.iter_mut().take(position).for_each(|v| *v = 0.0);
    let norm = libm::sqrt(mirror.iter().map(|v| v * v).sum());
    if let Some(pivot) = mirror.get_mut(position) {
        *pivot += if *pivot < 0.0 { -norm } else { norm };
    }
    mirror
}

/// Mirrors a vector at the plane across `mirror`.
fn reflect(mirror: &[f64], vector: &mut [f64]) {
    let square: f64 = mirror.iter().map(|v| v * v).sum();
    let along: f64 = mirror.iter().zip(vector.iter()).map(|(a, b)| a * b).sum();
    vector.iter_mut().zip(mirror).for_each(|(v, m)| *v -= 2.0 * along / square * m);
}

#[cfg(test)]
mod tests;
