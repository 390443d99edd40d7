//! Reference cases, closed forms, properties and hard inputs.

mod reference;
