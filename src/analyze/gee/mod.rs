#![doc = include_str!("../pages/gee.md")]

mod answer;
mod data;
mod failure;
mod options;
mod report;

#[cfg(test)]
mod tests;

use super::Entry;

/// The line of the catalogue.
pub(super) const ENTRY: Entry = Entry {
    name: "gee",
    summary: "marginal regression over several waves by generalised estimating equations",
    page: include_str!("../pages/gee.md"),
    declare: |options, problems| options::declare(options, problems).map(|declared| Box::new(declared) as Box<_>),
};
