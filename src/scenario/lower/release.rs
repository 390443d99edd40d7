//! `[release]`, whose options the room itself reads.

use super::names::Names;
use crate::diagnostic::Diagnostics;
use crate::options::Options;
use crate::release::declaration::{Declaration, declare};

/// `[release]`; `names` are all that formulas can use.
pub(super) fn release(root: &Options, names: &Names<'_>, problems: &mut Diagnostics) -> Declaration {
    let Some(table) = root.table("release", problems) else { return Declaration::default() };
    let is_variable = |name: &str| matches!(names.kind(name), Some(("an attribute" | "an assignment" | "a state", _)));
    declare(table, is_variable, problems)
}
