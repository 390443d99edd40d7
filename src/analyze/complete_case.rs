#![doc = include_str!("pages/complete_case.md")]

use super::Entry;
use super::simple::{Handling, Simple};

/// The line of the catalogue.
pub(super) const ENTRY: Entry = Entry {
    name: "complete_case",
    summary: "share, mean, difference or ratio among the records that answered at every wave needed",
    page: include_str!("pages/complete_case.md"),
    declare: |options, problems| Simple::declare(Handling::Complete, options, problems),
};
