//! Pages of the numbers F00xx.

use super::Page;

/// In the order of their numbers.
pub(super) const PAGES: &[Page] = &[];
