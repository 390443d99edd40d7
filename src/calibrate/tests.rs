//! Fits of small scenarios.
