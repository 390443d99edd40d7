#![doc = include_str!("pages/available_case.md")]

use super::Entry;
use super::simple::{Handling, Simple};

/// The line of the catalogue.
pub(super) const ENTRY: Entry = Entry {
    name: "available_case",
    summary: "share, mean, difference or ratio among the records that answered at the wave itself",
    page: include_str!("pages/available_case.md"),
    declare: |options, problems| Simple::declare(Handling::Available, options, problems),
};
