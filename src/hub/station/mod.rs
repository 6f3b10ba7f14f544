//! What stations ask: a code against the root, a place for their logs, how the feed is. docs/hub-api.md specifies it.
//!
//! `auth` lets in whom the registry in force (`registry`) names, with a `nonce`; `body` reads within bounds. `intake`
//! takes lines: `sort` (pure) tells what of a batch is new, `rows` (pure) what is asked of each line later, `alarm` says
//! what is wrong. `heartbeat` and `silence` keep how each station is, by `state` (pure). `events` tells publications.

pub mod alarm;
pub mod auth;
mod body;
pub mod desk;
pub mod enrol;
mod events;
mod heartbeat;
mod intake;
mod nonce;
pub mod registry;
pub mod rows;
pub mod silence;
mod sort;
pub mod state;

pub use desk::Desk;

use super::{
    routes::{Route, get, post},
    rule::Rule,
};
use crate::link;

/// Its part of the table.
pub fn routes() -> Vec<Route> {
    vec![
        get(link::LOG, Rule::Station, intake::held),
        post(link::LOG, Rule::Station, intake::take),
        post(link::HEARTBEAT, Rule::Station, heartbeat::take),
        get(link::EVENTS, Rule::Station, events::stream),
        post(link::ENROL, Rule::Station, enrol::welcome),
    ]
}
