//! Plain types for quantities that must not be confused with one another.

/// A length of time in years. One month is 1/12 year, one week 7/365.25 year, one day 1/365.25 year.
#[derive(Clone, Copy, Debug, PartialEq, PartialOrd)]
pub struct Years(pub f64);

/// Number of a scheduled occasion, counted from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct WaveIndex(pub u16);

impl WaveIndex {
    /// Position in a vector of waves, counted from 0.
    #[must_use]
    pub fn position(self) -> usize {
        usize::from(self.0).saturating_sub(1)
    }
}

/// Number of a simulated data set, counted from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ReplicateIndex(pub u64);

/// A person in the truth of one replicate: position in the order group by group, counted from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PersonId(pub u32);

/// A record in what the survey holds. It never equals a [`PersonId`] by design, only by accident.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RecordId(pub u64);
