//! What a station believes of a feed, and what it refuses.

#[path = "support/repo.rs"]
mod repo;

#[path = "feed/builder.rs"]
mod builder;
