//! Small numerical tools that know nothing of studies.

pub mod sum;
