//! An office at work with the hub: a folder of its own, brought up to date before each verb and handed over after it.
//!
//! `wire` speaks HTTP; `pull` takes what is published (held against what this folder has seen: nothing goes back) and
//! what waits; `push` hands over what was signed here. The hub is not trusted with what is signed: the feed is verified
//! as it is from a stick, contents by their hashes, and people look at what they sign on their own machine.

mod heal;
mod pull;
mod push;
mod wire;

pub use heal::heal;
pub use pull::{Pulled, pull};
pub use push::{Pushed, push};
pub use wire::Hub;
