//! Tests of imputation against reference cases and by properties.

mod chained;
mod draws;
mod longrun;
mod models;
mod pooling;
mod reference;
mod speed;
