//! The order in which things come.
