//! Record linkage: which records of two files belong to the same person, from fields that both have.
//!
//! A record is a position in its file; a pair is a position in the first file and one in the second. Candidate pairs come
//! from [`blocking`]; [`compare`] says at which level the fields of a pair agree; [`exact`], [`deterministic`] and
//! [`fellegi_sunter`] decide which pairs are links; [`assignment`] leaves each record one partner; [`join`] makes one
//! record of linked ones; [`quality`] counts right and wrong links where it is known who is who.

pub mod assignment;
pub mod blocking;
pub mod compare;
pub mod deterministic;
pub mod exact;
pub mod fellegi_sunter;
pub mod join;
pub mod normalise;
pub mod quality;
pub mod strings;

/// Position of a record in the first file and of one in the second.
pub type Pair = (usize, usize);
