//! Reports of persons over waves as a grid.

/// Reports of yes or no on one item: persons by waves, a person's waves side by side. A report that was not made is
/// `None`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Grid<'a> {
    waves: usize,
    cells: &'a [Option<bool>],
}

impl<'a> Grid<'a> {
    /// The grid of `cells.len() / waves` persons. `None` where there is no wave or the cells do not fill the grid.
    #[must_use]
    pub fn new(waves: usize, cells: &'a [Option<bool>]) -> Option<Self> {
        (waves > 0 && cells.len().is_multiple_of(waves)).then_some(Self { waves, cells })
    }

    /// Number of scheduled waves.
    #[must_use]
    pub fn waves(&self) -> usize {
        self.waves
    }

    /// Number of persons enrolled.
    #[must_use]
    pub fn persons(&self) -> usize {
        self.cells.len() / self.waves
    }

    /// The reports of each person in turn.
    pub fn rows(&self) -> impl Iterator<Item = &'a [Option<bool>]> + use<'a> {
        self.cells.chunks_exact(self.waves)
    }

    /// All reports, person after person.
    #[must_use]
    pub fn cells(&self) -> &'a [Option<bool>] {
        self.cells
    }
}
