//! Pages of the numbers S02xx.

use super::Page;

/// In the order of their numbers.
pub(super) const PAGES: &[Page] = &[];
