//! What a published number counts, and which numbers that can be.

/// A unit of published numbers.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Unit {
    /// Its name in a file.
    pub name: &'static str,
    /// What it is.
    pub about: &'static str,
    /// Whether only whole numbers are possible.
    pub whole: bool,
    /// Least possible value.
    pub low: f64,
    /// Greatest possible value.
    pub high: f64,
    /// What a group has of it at most.
    pub most: Most,
}

/// The most that a group can have of a unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Most {
    /// Any number.
    Any,
    /// One for each person.
    Persons,
    /// One for each person and year of the period.
    PersonsTimesYears,
}

const fn unit(name: &'static str, about: &'static str, whole: bool, high: f64, most: Most) -> Unit {
    Unit { name, about, whole, low: 0.0, high, most }
}

const ANY: f64 = f64::INFINITY;

/// All units. Comments and instances are no persons: a person can make many, so the size of a group is no bound.
pub const UNITS: [Unit; 14] = [
    unit("individuals", "persons", true, ANY, Most::Persons),
    unit("comments", "coded remarks in interviews; one person can make many", true, ANY, Most::Any),
    unit(
        "instances",
        "times that something is found; the source does not say in how many persons",
        true,
        ANY,
        Most::Any,
    ),
    unit("interviews", "interviews", true, ANY, Most::Any),
    unit("count", "things that are neither persons nor remarks", true, ANY, Most::Any),
    unit("setting_years", "years of a person in a setting", true, ANY, Most::PersonsTimesYears),
    unit("percent", "persons per hundred of the group", false, 100.0, Most::Any),
    unit("ratio", "one number over another", false, ANY, Most::Any),
    unit("years_of_age", "age", false, 130.0, Most::Any),
    Unit { low: 1000.0, ..unit("calendar_year", "a year such as 2014", true, 9999.0, Most::Any) },
    unit("years", "a length of time", false, ANY, Most::Any),
    unit("months", "a length of time", false, ANY, Most::Any),
    unit("usd_per_month", "dollars of the United States, a month", false, ANY, Most::Any),
    unit("millions", "millions of persons", false, ANY, Most::Any),
];

impl Unit {
    /// The unit of this name.
    #[must_use]
    pub fn of(name: &str) -> Option<&'static Unit> {
        UNITS.iter().find(|unit| unit.name == name)
    }

    /// Whether a value is a percentage.
    #[must_use]
    pub fn is_percent(&self) -> bool {
        self.name == "percent"
    }
}
