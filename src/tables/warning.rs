//! What an analyst must know of a fit that gave an estimate all the same.

use serde::Serialize;

/// Why an estimate is to be read with care. Each kind has a number that `eclosion explain` knows.
///
/// They are ordered, the gravest first: an estimate that is not of what was asked for stands before one at an edge or
/// without an interval, that before trouble on the way to it, and last what is wrong with an interval only. An estimate
/// keeps the gravest of its warnings ([`Estimate::warned`](super::Estimate::warned)).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub enum WarningKind {
    /// W0001: another model was fitted than the one asked for.
    OtherModel,
    /// W0002: the estimate lies at or beyond the edge of what it can be.
    AtBoundary,
    /// W0003: the interval that was asked for is undefined.
    NoInterval,
    /// W0004: some bootstrap samples gave no estimate and were left out.
    SamplesFailed,
    /// W0005: fitted probabilities are numerically 0 or 1, or fitted rates 0.
    FittedAtEdge,
    /// W0006: an imputation model was separated and was fitted with pseudo-rows.
    PseudoRows,
    /// W0007: a weight is extreme.
    ExtremeWeight,
    /// W0008: the working correlation is one that no two yes/no answers can have.
    ImpossibleCorrelation,
    /// W0009: counts are too small for a normal approximation.
    SmallCounts,
    /// W0010: a limit of the interval was cut at the edge of what can be.
    LimitCut,
    /// W0011: the fit was made by another program, which warned for a reason of its own.
    Elsewhere,
}

impl WarningKind {
    /// All kinds, the gravest first.
    pub const ALL: [Self; 11] = [
        Self::OtherModel,
        Self::AtBoundary,
        Self::NoInterval,
        Self::SamplesFailed,
        Self::FittedAtEdge,
        Self::PseudoRows,
        Self::ExtremeWeight,
        Self::ImpossibleCorrelation,
        Self::SmallCounts,
        Self::LimitCut,
        Self::Elsewhere,
    ];

    /// The kind whose [`WarningKind::name`] this is.
    #[must_use]
    pub fn of_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }

    /// This warning where `holds`, else none.
    #[must_use]
    pub fn when(self, holds: bool) -> Option<Self> {
        holds.then_some(self)
    }

    /// The graver of two, if there is one.
    #[must_use]
    pub fn gravest(first: Option<Self>, second: Option<Self>) -> Option<Self> {
        first.into_iter().chain(second).min()
    }

    /// Number for `eclosion explain`.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::OtherModel => "W0001",
            Self::AtBoundary => "W0002",
            Self::NoInterval => "W0003",
            Self::SamplesFailed => "W0004",
            Self::FittedAtEdge => "W0005",
            Self::PseudoRows => "W0006",
            Self::ExtremeWeight => "W0007",
            Self::ImpossibleCorrelation => "W0008",
            Self::SmallCounts => "W0009",
            Self::LimitCut => "W0010",
            Self::Elsewhere => "W0011",
        }
    }

    /// Name in the `warning` column of the estimates.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::OtherModel => "other_model",
            Self::AtBoundary => "at_boundary",
            Self::NoInterval => "no_interval",
            Self::SamplesFailed => "samples_failed",
            Self::FittedAtEdge => "fitted_at_edge",
            Self::PseudoRows => "pseudo_rows",
            Self::ExtremeWeight => "extreme_weight",
            Self::ImpossibleCorrelation => "impossible_correlation",
            Self::SmallCounts => "small_counts",
            Self::LimitCut => "limit_cut",
            Self::Elsewhere => "elsewhere",
        }
    }

    /// What it says, in a sentence for a reader.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::OtherModel => "another model was fitted than the one asked for",
            Self::AtBoundary => "the estimate lies at or beyond the edge of what it can be",
            Self::NoInterval => "the interval is undefined",
            Self::SamplesFailed => "some bootstrap samples gave no estimate and are left out",
            Self::FittedAtEdge => "fitted probabilities are numerically 0 or 1, or fitted rates 0",
            Self::PseudoRows => "an imputation model was separated and was fitted with pseudo-rows",
            Self::ExtremeWeight => "a weight is extreme",
            Self::ImpossibleCorrelation => "no two yes/no answers can have the working correlation",
            Self::SmallCounts => "counts are too small for the normal approximation",
            Self::LimitCut => "a limit was cut at the edge of what can be",
            Self::Elsewhere => "the program that made the fit warned of it",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::page;
    use crate::tables::Estimate;

    #[test]
    fn names_lead_back_and_every_kind_has_a_page() {
        for kind in WarningKind::ALL {
            assert_eq!(WarningKind::of_name(kind.name()), Some(kind));
            assert!(page(kind.code()).is_some(), "{}", kind.code());
            assert_eq!(kind.when(true), Some(kind));
            assert_eq!(kind.when(false), None);
        }
        assert_eq!(WarningKind::of_name("ok"), None);
        assert!(WarningKind::ALL.is_sorted());
    }

    #[test]
    fn an_estimate_keeps_the_gravest() {
        let (grave, light) = (WarningKind::OtherModel, WarningKind::LimitCut);
        let plain = Estimate { estimate: 0.5, ..Estimate::default() };
        assert_eq!(plain.warned(None), plain);
        let both = |first, second| plain.warned(Some(first)).warned(Some(second)).warned(None).warning;
        assert_eq!((both(grave, light), both(light, grave)), (Some(grave), Some(grave)));
        assert_eq!(plain.warned(Some(light)).estimate, 0.5);
    }
}
