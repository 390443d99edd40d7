//! Tables worked by hand.
