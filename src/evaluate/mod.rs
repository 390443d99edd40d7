//! Performance measures, each with its Monte Carlo standard error.
