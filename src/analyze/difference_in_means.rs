#![doc = include_str!("pages/difference_in_means.md")]

use super::Entry;
use super::ratio::RatioKind;
use super::simple::{Handling, Simple};
use super::two_sample::Comparison;
use crate::statistics::share::ShareInterval;

/// The line of the catalogue.
pub(super) const ENTRY: Entry = Entry {
    name: "difference_in_means",
    summary: "two-sample t comparison of the records that answered at the wave",
    page: include_str!("pages/difference_in_means.md"),
    declare: |options, problems| {
        // Welch and pooled only: the two first words.
        let comparison = options.choice("variance", &Comparison::WORDS[..2], problems).map(|k| Comparison::ALL[k]);
        options.finish(problems);
        Some(Box::new(Simple {
            handling: Handling::Available,
            interval: ShareInterval::default(),
            comparison: comparison.unwrap_or_default(),
            ratio: RatioKind::default(),
            differences_only: true,
        }))
    },
};
