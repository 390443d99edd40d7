//! Random numbers as a procedure asks for them.

/// A source of random numbers. A procedure says what it needs and in which order; where they come from (an addressed
/// stream, or a list in a test) is the caller's business.
pub trait Draws {
    /// A number between 0 and 1, neither of them.
    fn uniform(&mut self) -> f64;

    /// A standard normal number.
    fn normal(&mut self) -> f64;

    /// A chi-square number with `df` degrees of freedom (above 0).
    fn chi_square(&mut self, df: f64) -> f64;

    /// A whole number below `n` (at least 1).
    fn below(&mut self, n: usize) -> usize {
        ((self.uniform() * n as f64) as usize).min(n.saturating_sub(1))
    }
}
