#![doc = include_str!("pages/locf.md")]

use super::Entry;
use super::simple::{Handling, Simple};

/// The line of the catalogue.
pub(super) const ENTRY: Entry = Entry {
    name: "locf",
    summary: "share, mean, difference or ratio with each missing answer replaced by the last one before it",
    page: include_str!("pages/locf.md"),
    declare: |options, problems| Simple::declare(Handling::Carried, options, problems),
};
