//! The policy that `init` writes when none is given, and what the gates ask of one.

use serde::Deserialize;

use super::keys::PublicKey;

/// A policy to begin with: the airtime that residents complain about least, and a cap. The province edits it and pushes it.
pub const FIRST: &str = include_str!("policy/first.yaml");

/// The keys that live in browsers, as the policy lists them; none of a policy that cannot be read.
pub fn browser_keys(policy: &str) -> Vec<PublicKey> {
    #[derive(Deserialize)]
    struct Policy {
        #[serde(default)]
        browser_keys: Vec<PublicKey>,
    }
    serde_yaml::from_str::<Policy>(policy).map(|p| p.browser_keys).unwrap_or_default()
}
