//! Pages of the numbers R00xx.

use super::Page;

/// In the order of their numbers.
pub(super) const PAGES: &[Page] = &[];
