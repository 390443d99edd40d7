//! What the steps of linkage do with interviews.
