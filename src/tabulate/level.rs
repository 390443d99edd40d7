//! What is counted.

/// What a definition is of, and what a cell counts. A unit of a level belongs to one unit of each level before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// A person (a record, where records are not persons).
    Person,
    /// A person's year: a wave.
    Year,
    /// An interview that was held.
    Interview,
    /// A comment that the coder marked.
    Comment,
}

impl Level {
    /// All levels, from persons down.
    pub const ALL: [Self; 4] = [Self::Person, Self::Year, Self::Interview, Self::Comment];

    /// Its name: the key of its definitions.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Person => "person",
            Self::Year => "year",
            Self::Interview => "interview",
            Self::Comment => "comment",
        }
    }

    /// Several units: what `count` says.
    #[must_use]
    pub fn plural(self) -> &'static str {
        match self {
            Self::Person => "persons",
            Self::Year => "years",
            Self::Interview => "interviews",
            Self::Comment => "comments",
        }
    }
}
