//! The policy that `init` writes when none is given.

/// A policy to begin with: the airtime that residents complain about least, and a cap. The province edits it and pushes it.
pub const FIRST: &str = include_str!("policy/first.yaml");
