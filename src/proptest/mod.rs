//! Strategies of [proptest](https://docs.rs/proptest) for property tests of what reads survey data: small studies, their
//! truths, and the panels that a survey makes of them, clean or dirty. Only with the feature `proptest`.
//!
//! [`small_studies`] shrinks to fewer persons, waves, questions and mechanisms; [`observed_panels`] and [`dirty_panels`]
//! shrink the table itself: fewer rows, fewer columns, then values of 0. `docs/proptest.md` has examples.

mod panels;

pub use panels::{PanelTree, Panels};

use crate::small::{Dirt, Item, ItemKind, Linkage, Loss, LossKind, Panel, Simulated, SmallStudy};
use ::proptest::prelude::*;
use ::proptest::{collection, option};

/// Small studies without errors in their scenario: up to 40 persons in 4 groups, 6 waves, 5 questions.
pub fn small_studies() -> impl Strategy<Value = SmallStudy> {
    let dirt = prop_oneof![Just(Dirt::Clean), Just(Dirt::Light), Just(Dirt::Heavy)];
    // In the order in which they shrink: what takes most out of the table first.
    let parts = (
        collection::vec(1..=10_u16, 1..=4),
        1..=6_u16,
        collection::vec(items(), 1..=5),
        collection::vec(losses(), 0..=3),
        any::<bool>(),
        option::of(linkages()),
        dirt,
        0..1_000_000_u64,
    );
    let study = |(groups, waves, items, losses, visits, linkage, dirt, seed)| {
        SmallStudy { groups, waves, items, losses, visits, linkage, dirt, seed }.fitted()
    };
    parts.prop_map(study)
}

/// Small studies with all that is known of one data set of each: truth, observed panel, dirty panel.
pub fn simulated() -> impl Strategy<Value = Simulated> {
    small_studies().prop_filter_map("the study can be simulated", |study| study.simulate().ok())
}

/// What is true in small studies: a row per person and wave.
pub fn truths() -> impl Strategy<Value = Panel> {
    simulated().prop_map(|simulated| simulated.truth)
}

/// What the surveys of small studies hold: a row per record and wave, sometimes none at all.
#[must_use]
pub fn observed_panels() -> Panels {
    Panels::new(Dirt::Clean)
}

/// The same with many errors of data entry, some of which are in nearly every larger panel: rows that are missing or there
/// twice, waves mixed up, times swapped, cells emptied, impossible numbers, misspelt levels and codes.
#[must_use]
pub fn dirty_panels() -> Panels {
    Panels::new(Dirt::Heavy)
}

fn percent() -> impl Strategy<Value = u8> {
    prop_oneof![Just(0_u8), 0..=100_u8]
}

fn items() -> impl Strategy<Value = Item> {
    let kind = prop_oneof![
        (percent(), percent()).prop_map(|(yes, changes)| ItemKind::YesNo { yes, changes }),
        (2..=4_u8, percent()).prop_map(|(levels, changes)| ItemKind::Levels { levels, changes }),
        (-100..=1000_i16, 0..=20_u8, any::<bool>()).prop_map(|(mean, sd, rounded)| ItemKind::Number {
            mean,
            sd,
            rounded
        }),
    ];
    let from_wave = prop_oneof![5 => Just(1_u16), 1 => 1..=6_u16];
    let parts = (kind, from_wave, percent(), percent());
    parts.prop_map(|(kind, from_wave, nonresponse, error)| Item { kind, from_wave, nonresponse, error })
}

fn losses() -> impl Strategy<Value = Loss> {
    let kind = ::proptest::sample::select(LossKind::ALL.to_vec());
    (kind, 0..=100_u8).prop_map(|(kind, percent)| Loss { kind, percent })
}

fn linkages() -> impl Strategy<Value = Linkage> {
    (0..=100_u8, 0..=100_u8).prop_map(|(lost, duplicates)| Linkage { lost, duplicates })
}
