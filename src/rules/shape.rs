//! How the values of a rule's formulas become the probabilities of its outcomes.

use crate::formula::Wanted;

/// How the values of a rule's formulas become the probabilities of its outcomes.
///
/// Outcomes are levels `0 .. levels`; for yes/no, 1 is yes. The selector, where a shape has one, is the present level
/// (of the state that moves) or the true level (of the item that is answered).
#[derive(Clone, Debug, PartialEq)]
pub enum Shape {
    /// One formula: the probability of yes.
    Yes,
    /// One formula: a rate per person-year over so many years; the probability that the event happens.
    Event {
        /// Length of the period.
        years: f64,
    },
    /// A formula for each level but `rest`, which gets what is left.
    Levels {
        /// The level that gets what is left, if any.
        rest: Option<usize>,
        /// Number of levels.
        levels: usize,
    },
    /// No formula: every level is as likely as the next.
    Even {
        /// Number of levels.
        levels: usize,
    },
    /// Two formulas, sensitivity and specificity; the selector is the true answer.
    Answer,
    /// `levels * levels` formulas, row = true level (the selector), column = reported level.
    Matrix {
        /// Number of levels.
        levels: usize,
    },
    /// Moves between levels at rates per person-year: a formula for each of `moves` (from, to).
    Rates {
        /// From and to, in the order of the formulas.
        moves: Vec<(usize, usize)>,
        /// Number of levels.
        levels: usize,
        /// Length of the step.
        years: f64,
    },
    /// Moves between levels with a probability per period that is `steps` times as long as the step.
    Chances {
        /// From and to, in the order of the formulas.
        moves: Vec<(usize, usize)>,
        /// Number of levels.
        levels: usize,
        /// Length of the step as a share of the period; 1 where they agree.
        share: f64,
    },
}

/// Slack for sums of probabilities that are 1 but for rounding.
const SLACK: f64 = 1e-9;

impl Shape {
    /// Number of outcomes.
    #[must_use]
    pub fn levels(&self) -> usize {
        match self {
            Self::Yes | Self::Event { .. } | Self::Answer => 2,
            Self::Levels { levels, .. }
            | Self::Matrix { levels }
            | Self::Even { levels }
            | Self::Rates { levels, .. }
            | Self::Chances { levels, .. } => *levels,
        }
    }

    /// Whether the present or true level decides which formulas count.
    #[must_use]
    pub fn has_selector(&self) -> bool {
        matches!(self, Self::Answer | Self::Matrix { .. } | Self::Rates { .. } | Self::Chances { .. })
    }

    /// Writes the probability of each outcome. `values[k]` is the value of formula `k`.
    ///
    /// # Errors
    /// Position of the formula whose value cannot be used.
    pub fn probabilities(&self, selector: usize, values: &[f64], out: &mut [f64]) -> Result<(), usize> {
        match self {
            Self::Yes => yes(probability(values, 0)?, out),
            Self::Event { years } => yes(-libm::expm1(-rate(values, 0)? * years), out),
            Self::Levels { rest, .. } => levels(*rest, values, out)?,
            Self::Even { levels } => out.fill(1.0 / *levels as f64),
            Self::Answer if selector == 1 => yes(probability(values, 0)?, out),
            Self::Answer => yes(1.0 - probability(values, 1)?, out),
            Self::Matrix { levels } => matrix_row(selector * levels, values, out)?,
            Self::Rates { moves, levels: 2, years } => two_levels_by_rate(moves, selector, values, *years, out)?,
            Self::Rates { moves, years, .. } => many_levels_by_rate(moves, selector, values, *years, out)?,
            Self::Chances { moves, levels: 2, share } if *share != 1.0 => {
                two_levels_by_chance(moves, selector, values, *share, out)?;
            }
            Self::Chances { moves, .. } => by_chance(moves, selector, values, out)?,
        }
        Ok(())
    }
}

fn probability(values: &[f64], k: usize) -> Result<f64, usize> {
    Wanted::Probability.usable(values[k]).ok_or(k)
}

fn rate(values: &[f64], k: usize) -> Result<f64, usize> {
    Wanted::Rate.usable(values[k]).ok_or(k)
}

fn yes(p: f64, out: &mut [f64]) {
    out[0] = 1.0 - p;
    out[1] = p;
}

fn levels(rest: Option<usize>, values: &[f64], out: &mut [f64]) -> Result<(), usize> {
    let mut formula = 0;
    let mut sum = 0.0;
    for (level, p) in out.iter_mut().enumerate() {
        if rest == Some(level) {
            continue;
        }
        *p = probability(values, formula)?;
        sum += *p;
        formula += 1;
    }
    match rest {
        Some(level) if sum <= 1.0 + SLACK => out[level] = (1.0 - sum).max(0.0),
        None if (sum - 1.0).abs() <= SLACK => {}
        _ => return Err(formula.saturating_sub(1)),
    }
    Ok(())
}

fn matrix_row(start: usize, values: &[f64], out: &mut [f64]) -> Result<(), usize> {
    let mut sum = 0.0;
    for (level, p) in out.iter_mut().enumerate() {
        *p = probability(values, start + level)?;
        sum += *p;
    }
    if (sum - 1.0).abs() <= SLACK { Ok(()) } else { Err(start) }
}

type Check = fn(&[f64], usize) -> Result<f64, usize>;

/// Sum of the values of the moves from 0 to 1 and from 1 to 0.
fn on_and_off(moves: &[(usize, usize)], values: &[f64], check: Check) -> Result<(f64, f64), usize> {
    let (mut on, mut off) = (0.0, 0.0);
    for (k, (from, _)) in moves.iter().enumerate() {
        *(if *from == 0 { &mut on } else { &mut off }) += check(values, k)?;
    }
    Ok((on, off))
}

/// The outcomes of a two-state process that turns on and off in these proportions and has gone the share `settled` of
/// the way to its long-run distribution.
fn two_levels(selector: usize, on: f64, off: f64, settled: f64, out: &mut [f64]) {
    let total = on + off;
    let changed = if total > 0.0 { settled / total } else { 0.0 };
    yes(if selector == 1 { 1.0 - off * changed } else { on * changed }, out);
}

/// The transition probabilities of a two-state Markov process after `years`, in closed form.
fn two_levels_by_rate(
    moves: &[(usize, usize)],
    selector: usize,
    values: &[f64],
    years: f64,
    out: &mut [f64],
) -> Result<(), usize> {
    let (on, off) = on_and_off(moves, values, rate)?;
    two_levels(selector, on, off, -libm::expm1(-(on + off) * years), out);
    Ok(())
}

/// The same from probabilities per period: the process whose transition probabilities after a period are these.
fn two_levels_by_chance(
    moves: &[(usize, usize)],
    selector: usize,
    values: &[f64],
    share: f64,
    out: &mut [f64],
) -> Result<(), usize> {
    let (on, off) = on_and_off(moves, values, probability)?;
    let total = on + off;
    if total >= 1.0 && !(total == 1.0 && share >= 1.0) {
        // No continuous process has these probabilities, so no other step makes sense of them.
        return Err(0);
    }
    two_levels(selector, on, off, 1.0 - libm::pow(1.0 - total, share), out);
    Ok(())
}

fn by_chance(moves: &[(usize, usize)], selector: usize, values: &[f64], out: &mut [f64]) -> Result<(), usize> {
    out.fill(0.0);
    let mut sum = 0.0;
    for (k, (from, to)) in moves.iter().enumerate() {
        if *from == selector {
            let p = probability(values, k)?;
            out[*to] += p;
            sum += p;
            if sum > 1.0 + SLACK {
                return Err(k);
            }
        }
    }
    out[selector] += (1.0 - sum).max(0.0);
    Ok(())
}

/// Longest expected number of events that one expansion covers.
const EVENTS_AT_ONCE: f64 = 16.0;

/// Levels for which nothing is allocated.
const FEW_LEVELS: usize = 8;

/// One row of the transition matrix of a Markov process, by uniformisation (Jensen 1953, Skandinavisk
/// Aktuarietidskrift 36:87): all terms are positive, so nothing cancels.
fn many_levels_by_rate(
    moves: &[(usize, usize)],
    selector: usize,
    values: &[f64],
    years: f64,
    out: &mut [f64],
) -> Result<(), usize> {
    let n = out.len();
    // Nearly always few levels; this is worked for every entry of a table.
    let (mut few, mut many) = ([0.0; 3 * FEW_LEVELS], Vec::new());
    let buffers = match few.get_mut(..3 * n) {
        Some(few) => few,
        None => {
            many.resize(3 * n, 0.0);
            &mut many[..]
        }
    };
    let (exit, rest) = buffers.split_at_mut(n);
    let (mut term, mut next) = rest.split_at_mut(n);
    for (k, (from, _)) in moves.iter().enumerate() {
        exit[*from] += rate(values, k)?;
    }
    let fastest = exit.iter().fold(0.0, |a: f64, b| a.max(*b));
    out.fill(0.0);
    out[selector] = 1.0;
    if fastest == 0.0 {
        return Ok(());
    }
    let pieces = (fastest * years / EVENTS_AT_ONCE).ceil().max(1.0);
    if pieces.is_nan() || pieces > 1e6 {
        return Err(0);
    }
    let events = fastest * years / pieces;
    for _ in 0..pieces as u64 {
        term.copy_from_slice(out);
        let mut weight = libm::exp(-events);
        for p in out.iter_mut() {
            *p *= weight;
        }
        let mut k = 0.0;
        while weight > 1e-18 || k < events {
            for (level, p) in next.iter_mut().enumerate() {
                *p = term[level] * (1.0 - exit[level] / fastest);
            }
            for (m, (from, to)) in moves.iter().enumerate() {
                next[*to] += term[*from] * values[m] / fastest;
            }
            std::mem::swap(&mut term, &mut next);
            k += 1.0;
            weight *= events / k;
            for (p, t) in out.iter_mut().zip(term.iter()) {
                *p += weight * t;
            }
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(shape: &Shape, selector: usize, values: &[f64]) -> Vec<f64> {
        let mut out = vec![0.0; shape.levels()];
        shape.probabilities(selector, values, &mut out).unwrap();
        out
    }

    fn close(a: &[f64], b: &[f64]) {
        assert!(a.iter().zip(b).all(|(x, y)| (x - y).abs() < 1e-12), "{a:?} {b:?}");
    }

    #[test]
    fn twelve_months_of_rates_are_one_year() {
        for levels in [2, 3] {
            let moves = if levels == 2 { vec![(0, 1), (1, 0)] } else { vec![(0, 1), (1, 2), (2, 0)] };
            let values = [0.7, 0.4, 0.2];
            let year = Shape::Rates { moves: moves.clone(), levels, years: 1.0 };
            let month = Shape::Rates { moves, levels, years: 1.0 / 12.0 };
            let rows: Vec<_> = (0..levels).map(|from| run(&month, from, &values[..levels])).collect();
            let mut p = vec![0.0; levels];
            p[0] = 1.0;
            for _ in 0..12 {
                let mut next = vec![0.0; levels];
                for (from, row) in rows.iter().enumerate() {
                    for (to, q) in row.iter().enumerate() {
                        next[to] += p[from] * q;
                    }
                }
                p = next;
            }
            close(&p, &run(&year, 0, &values[..levels]));
        }
    }

    #[test]
    fn two_levels_by_uniformisation_and_in_closed_form_agree() {
        let mut out = [0.0; 2];
        many_levels_by_rate(&[(0, 1), (1, 0)], 1, &[40.0, 3.0], 2.0, &mut out).unwrap();
        close(&out, &run(&Shape::Rates { moves: vec![(0, 1), (1, 0)], levels: 2, years: 2.0 }, 1, &[40.0, 3.0]));
    }

    #[test]
    fn a_lone_exit_is_exponential() {
        let shape = Shape::Rates { moves: vec![(0, 1)], levels: 2, years: 0.25 };
        close(&run(&shape, 0, &[0.26]), &[libm::exp(-0.065), 1.0 - libm::exp(-0.065)]);
        close(&run(&shape, 1, &[0.26]), &[0.0, 1.0]);
    }

    #[test]
    fn probabilities_per_month_in_steps_of_half_a_month() {
        let shape = |share| Shape::Chances { moves: vec![(0, 1), (1, 0)], levels: 2, share };
        let half = shape(0.5);
        let p01 = run(&half, 0, &[0.1, 0.05])[1];
        let p11 = run(&half, 1, &[0.1, 0.05])[1];
        close(&[(1.0 - p01) * p01 + p01 * p11], &[0.1]);
        close(&run(&shape(1.0), 0, &[0.1, 0.05]), &[0.9, 0.1]);
        assert!(half.probabilities(0, &[0.7, 0.5], &mut [0.0; 2]).is_err());
    }

    #[test]
    fn what_cannot_be_is_named() {
        let mut out = [0.0; 3];
        assert_eq!(Shape::Yes.probabilities(0, &[1.2], &mut out[..2]), Err(0));
        assert_eq!(Shape::Event { years: 1.0 }.probabilities(0, &[-0.1], &mut out[..2]), Err(0));
        assert_eq!(Shape::Answer.probabilities(0, &[0.5, f64::NAN], &mut out[..2]), Err(1));
        assert_eq!(Shape::Answer.probabilities(1, &[0.5, f64::NAN], &mut out[..2]), Ok(()));
        let shape = Shape::Levels { rest: Some(2), levels: 3 };
        assert_eq!(shape.probabilities(0, &[0.7, 0.4], &mut out), Err(1));
        assert_eq!(run(&shape, 0, &[0.5, 0.25]), [0.5, 0.25, 0.25]);
    }
}
