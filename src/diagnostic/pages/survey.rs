//! Pages of the numbers S04xx.

use super::Page;

/// In the order of their numbers.
pub(super) const PAGES: &[Page] = &[];
